"""First and second class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Pattern

from .pattern import pattern


@dataclass(frozen=True)
class Classes:
    """One language's words of it."""

    same: Pattern[str]
    """In a message that means the class of before."""
    names: Mapping[str, Pattern[str]]
    """In what is said of a class, by the NLU's value."""
    sorts: Mapping[str, Pattern[str]]
    """In a message that answers which class, without its name."""
    instead: Pattern[str]
    """Between two classes of which the last is meant, or either."""
    named: Pattern[str]
    """A class that can be nothing else, where the NLU has not found it."""
    compared: Pattern[str]
    """In a message that asks what one class costs beside the other."""
    either: Pattern[str]
    """In an answer that leaves the class open: "doesn't matter"."""
    order: Pattern[str]
    """A class's name that may only say what comes first."""
    ordinal: Pattern[str]
    """Starts behind such a name that does: "[first] thing in the morning"."""
    seat: Pattern[str]
    """In a message on the class, whatever was asked for."""
    first: str
    second: str
    """The NLU's values."""


ENGLISH = Classes(
    same=pattern(
        r"\bsame as (before|last time|the (first|last) (one|trip))\b|\b(everything|all) the same\b|"
        r"\bsame (travel )?class\b|\bclass (as|like) (before|last time)\b"
    ),
    names={
        "first": pattern(r"\b(f\w*r\w*st|1st|1|business|premium)\b|^one$"),
        "second": pattern(r"\b(se\w*nd|2nd|2|standard|econ\w*|cheap|cheaper|cheapest)\b|^two$"),
    },
    sorts={
        "first": pattern(
            r"\b(business|premium|posh)\b|^\W*(the |ok,? |then )?first\b(?! one)|"
            r"[.,;!] *first\W*$"
        ),
        "second": pattern(
            r"\b(economy|standard|cheap|cheaper|cheapest)\b|"
            r"^\W*(the |ok,? |then )?second\b(?! one)|[.,;!] *second\W*$"
        ),
    },
    instead=pattern(
        r"\b(no|nope|not|sorry|actually|rather|wait|mean|meant|instead|or|make|then|than|but)\b"
    ),
    named=pattern(
        r"(?<=\bin )(first|second)(?=\W*$)|(?<=\bnot )(first|second)(?=\W*$|[,.;!])|"
        r"(?<=\ball )(first|second)\b|"
        r"\b(first|second)(?=[ -]class\b| (be|costs?)\b| for (all|both|everyone|everybody|us|me|"
        r"him|her|them|my|our|the (rest|others|kids|children))\b)"
    ),
    compared=pattern(
        r"\b(what|how much) (do|would|could|can) (i|we|you) save\b|"
        r"\bhow much (more|extra|dearer|cheaper|less)\b|\b(difference|upgrade|surcharge)\b"
    ),
    either=pattern(
        r"\b(doesn't|does not|don't|do not) (really )?(matter|mind|care)\W*"
        r"($|which|about the class)|"
        r"\b(any|either|whichever|whatever) (class|one)\b|"
        r"(^\W*|, )(any|either|whichever|whatever)\W*$|"
        r"\bno preference\b"
    ),
    order=pattern(r"first|second"),
    ordinal=pattern(
        r" (thing|of all|time|train|day|trip|leg|part)\b|"
        r"[,;.] (and )?(then\b|(i|we)('ll|'d| will| would| can| do)\b)"
    ),
    seat=pattern(r"\b(class|seats?)\b|[.,;!] *(second|first)\W*$"),
    first="first",
    second="second",
)


CHINESE = Classes(
    same=pattern(
        r"(一样|同样|相同|刚才)的?(座|席|舱|等级)|还是(一样|原来)的?(座|席)|"
        r"(跟|和|与)(之前|刚才|上次|去程)(都)?一样|都一样"
    ),
    names={
        "一等座": pattern(r"一|头|頭|商务|1|first"),
        "二等座": pattern(r"二|2|普通|经济|便宜|second"),
    },
    sorts={"一等座": pattern(r"商务|头等|好一?点的"), "二等座": pattern(r"普通|经济|便宜")},
    instead=pattern(r"不|错|还是|或|改|换|要么|算了|贵"),
    named=pattern(r"[一二]等座?"),
    compared=pattern(r"贵多少|便宜多少|差多少|省多少|差价|差别|相差"),
    either=pattern(
        r"随便(什么|哪个|哪种)?[座席舱]|(什么|哪个|哪种)[座席舱]位?都(行|可以|好)|"
        r"^\W*(我|座位|席别|哪个|哪种)?(都|也)?(随便|行|可以|无所谓)(吧|的|了)?\W*$"
    ),
    order=pattern(r"(?!)"),
    ordinal=pattern(r"(?!)"),
    seat=pattern(r"座|席|舱"),
    first="一等座",
    second="二等座",
)
