"""How days and times of the day are meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Pattern

from .pattern import pattern


@dataclass(frozen=True)
class Days:
    """One language's words of it."""

    by: Pattern[str]
    """Ends where a time starts to be there by: "before [3 pm]"."""
    until: Pattern[str]
    """Starts where such a time ends."""
    greeting: Pattern[str]
    """Parts of the day that only greet: "good morning"."""
    same_day: Pattern[str]
    """In a message that means the day of before: "the same evening"."""
    next_day: Pattern[str]
    """The day behind the one that was told."""
    day_before: Pattern[str]
    """The day before it."""
    not_early: Pattern[str]
    """In a message that wants to leave when the morning is not so young any more."""
    not_late: Pattern[str]
    """In a message that wants to be there before night."""
    either: Pattern[str]
    """Between two of which only one can be: "[Friday] or [Saturday]"."""


ENGLISH = Days(
    by=pattern(
        r"^(?!.*(\bnot|n't|\bnever)( \w+)? (before|until)\b).*"
        r"\b(before|by|until|till|no later than|not later than|latest at)( the)? $|"
        r"\b(arrive|arrives|arriving|(be|get) (there|in|home))( there)?( at| around| about| ca)* $"
    ),
    until=pattern(r" at the latest| latest"),
    greeting=pattern(r"good (morning|afternoon|evening|night)|morning all|night train"),
    same_day=pattern(r"\b(same|that) (day|morning|afternoon|evening|night)\b"),
    next_day=pattern(
        r"\b(the|a|one) (next |following )?day (after(?! tomorrow)|later)\b|\bby (a|one) day\b|"
        r"\b(next|following) day\b"
    ),
    day_before=pattern(
        r"\b(the|a|one) day (before(?! yesterday)|earlier|sooner)\b|\bprevious day\b"
    ),
    not_early=pattern(r"(\bnot|n't( be| leave| start| go)?) (too|so|very|that) early\b"),
    not_late=pattern(r"(\bnot|n't( be| arrive| get there)?) (too|so|very|that) late\b"),
    either=pattern(r"\W*\b(or|or maybe|or perhaps)( on)?\W*"),
)


CHINESE = Days(
    by=pattern(r"(最晚|最迟|赶在|不晚于)$"),
    until=pattern(
        r"(之前|以前|前)(?!.{0,3}(不行|太早|起不来|走不了|不走|不要))|"
        r"(左右|钟)?(要|能|得)?到(?=\W*$|达|那|就|的)"
    ),
    greeting=pattern(r"(早上|上午|中午|下午|晚上)好"),
    same_day=pattern(r"当天|同一天|那天"),
    next_day=pattern(r"第二天|次日|(往后|推迟|推后|晚|延后)(改|推|延)?(个)?一天"),
    day_before=pattern(r"前一天|(往前|提前|早)(改|推)?一天"),
    not_early=pattern(r"(别|不要|不想|不能|不用)太早"),
    not_late=pattern(r"(别|不要|不想|不能)(到得)?太晚"),
    either=pattern(r"[，, ]*(或者?|还是|要么)[，, ]*"),
)
