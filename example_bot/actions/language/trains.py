"""Which of several connections is wanted, and what is asked about trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Pattern

from .pattern import pattern


@dataclass(frozen=True)
class Trains:
    """One language's words of it."""

    ordinal: Pattern[str]
    """One of several that were shown, by its `place`: "the second one"."""
    places: Mapping[str, int]
    """What the places are called, from 0; -1 is the last."""
    several: Pattern[str]
    """In a question for more connections than the one on offer."""
    that_one: Pattern[str]
    """The first of several that were shown: "great, that one"."""
    last_word: Pattern[str]
    """A message that ends with the `place` of one of several: "I take the second"."""
    other: Pattern[str]
    """The other one of two that were shown."""
    wishes: Mapping[str, Pattern[str]]
    """Other connections than the one that is known: "later", "earlier", "cheapest",
    "fastest", "direct", "first"; the first pattern that a message has counts."""
    last: Pattern[str]
    """In a message that wants the last train of the day."""
    arrival: Pattern[str]
    """In a question when the train on offer is there."""
    compared: Pattern[str]
    """In a question that compares another city with the one that is known."""
    hours: Pattern[str]
    """By how many, `n`, a connection shall be later or earlier."""
    changes: Pattern[str]
    """In a question whether the train on offer is direct, or how long there is to change."""
    stations: Pattern[str]
    """A question where a train stops."""
    stops: Pattern[str]
    """A question whether a train stops in a city."""


ENGLISH = Trains(
    ordinal=pattern(
        r"\b(?P<place>first|second|third|last|1st|2nd|3rd)"
        r" (one|connection|option|booking|ticket|trip|train)\b"
    ),
    places=dict(
        zip(
            ["first", "1st", "former", "second", "2nd", "third", "3rd", "fourth", "last", "latter"],
            (0, 0, 0, 1, 1, 2, 2, 3, -1, -1),
        )
    ),
    several=pattern(
        r"\b(which|what) (trains|connections|options)\b|\balternatives?\b|\bwhat else\b|"
        r"\b(other|more|all|earlier|later) (trains|connections|options|ones|times)\b"
    ),
    that_one=pattern(r"\b(this|that) (one|train)\b|\b(take|have|want) (it|that|this)\b"),
    last_word=pattern(r"\b(the|number) (?P<place>first|second|third|last|1st|2nd|3rd)\W*$"),
    other=pattern(
        r"\bthe other( one| booking| ticket| trip)?\b(?! \w+ one)|\bnot (that|this) one\b|"
        r"\bwrong (one|booking|ticket|trip)\b"
    ),
    wishes={
        "first": pattern(
            r"\bfirst (train|connection|departure|possible|one(?! (you|i|we)\b))\b|\bearliest\b|"
            r"^\W*and (the )?first\W*$|"
            r"\bfirst of the (day|morning)\b"
        ),
        "later": pattern(
            r"\bnext (one|train|connection)\b|\b(one|train|hours?) after (that|this|it)\b|"
            # "I may cancel it later" is about no train.
            r"^(?!.*\b(cancel|refund|pay|decide|tell|ask|check|call|might)\b"
            r"[^.;!?]*(?<!a )(?<!the )\blater(?=\W*$|[,.;!?])).*"
            r"(?<!no )(?<!not )(?<!see you )(?<!day )(?<!days )(?<!week )(?<!weeks )"
            r"\blater\b(?! than)|(?<!not )\btoo early\b"
        ),
        "earlier": pattern(
            r"(?<!no )(?<!not )\b(earlier|sooner)\b(?! than)|(?<!not )\btoo late\b|"
            r"\b(one|train|hours?) before( (that|this|it)\b|\W*$)"
        ),
        "cheapest": pattern(
            r"\b(cheaper|cheapest|less expensive)\b|\btoo (expensive|dear)\b|\btoo much\b(?! \w)|"
            r"\b(under|below|less than|at most|no more than|up to|within|max(imum)?( of)?) "
            r"(€ ?\d+|\d+ ?(€|euros?\b|eur\b|bucks\b))"
        ),
        "fastest": pattern(r"\b(faster|fastest|quicker|quickest|shortest)\b"),
        "direct": pattern(
            r"^(?!.*\b(is|are) (it|that|this|they)\b).*\b(direct|non-?stop)\b|"
            r"\bwithout (a |any |having to )?(chang(e|es|ing)|transfers?)\b|"
            r"(n't|\bnot|\bhate|\brather not) ((want|like|love) )?(to )?chang(e|ing)( trains)?\W*$"
        ),
    },
    last=pattern(
        r"\blast (train|one|connection|departure|possible)\b|\blast of the (day|evening)\b|"
        r"\blatest (train|one|connection|possible)\b|\bas late as (possible|i can|we can)\b|"
        r"^\W*(and )?(the )?last\W*$"
    ),
    arrival=pattern(
        r"\b(when|what time|how (late|early))\b.*\b(arriv\w*|(get|be) (there|in|to))\b|"
        r"\barriv\w* (when|(at )?what time)\b|\b(make it|be there) (in|on) time\b"
    ),
    compared=pattern(r"\b(cheaper|dearer|faster|quicker|less expensive|closer|nearer)\b"),
    hours=pattern(
        r"\b(?P<n>half an|an?|one|two|three|four|\d+) hours? "
        r"(later|earlier|(after|before) (that|this|it))\b"
    ),
    changes=pattern(
        r"\b(is|are) (it|that|this|they|the train)\b.*\b(direct|non-?stop|with(out)? a change)\b|"
        r"\b(do|must|will|would|have) (i|we|to)\b( have to| need to)? change\b|"
        r"\b(time|minutes|long)\b.*\b(to (change|transfer)|change trains|the (change|transfer))\b"
    ),
    stations=pattern(r"\b(which|what|where|how many)\b.*\b(stops?|stations?|calls?)\b"),
    stops=pattern(
        r"\b(does|do|will|is|it|train|that)\b.*\b(stops?|calls?|halts?|go through|pass)\b|"
        r"\b(does|do|will|is) (it|this|that|they|the (train|\w+ one)) (go|run)(ing)? via\b"
    ),
)


CHINESE = Trains(
    ordinal=pattern(r"(?P<place>第[一二三123]|最后)[一]?(个|趟|班|条|张|次)"),
    places=dict(
        zip(
            ["第一", "第1", "前", "前面", "第二", "第2", "第三", "第3", "最后", "后", "后面"],
            (0, 0, 0, 0, 1, 1, 2, 2, -1, -1, -1),
        )
    ),
    several=pattern(
        r"哪些(车|班次|选择)|什么(车|车次)|(别|其他|另外)的?(车|班)|还有(车|别的|其他)"
    ),
    that_one=pattern(r"(这|那|就)(一)?(趟|班|个)"),
    last_word=pattern(r"(?P<place>第[一二三123]|最后)\W*$"),
    other=pattern(
        r"另(外)?(一|那)(张|个|趟|次)|(不是|不要|别[退改动])这一?(张|个|趟)|[说弄搞选]错了"
    ),
    wishes={
        "first": pattern(r"最早|头班|首班|第一(班|趟)"),
        "later": pattern(
            r"(?<!别)(?<!不要)太早|(晚|迟)(一?点儿?|一?些|一?会|[半一二两三\d]个?(小时|钟头))(?!前|.{0,5}(退|取消|决定|再说))|(下|晚|(?<!最)后)一(班|趟)|推迟|"
            r"[半一二两三四\d]个?半?(小时|钟头)[之以]?后"
        ),
        "earlier": pattern(
            r"(?<!别)(?<!不要)太晚|早(一?点儿?|一?些|一?会|[半一二两三\d]个?(小时|钟头))|(上|早|前)一(班|趟)|更早|提前"
        ),
        "cheapest": pattern(
            r"便宜(一?点儿?|一?些|的)|更便宜|最便宜|太贵|有点贵|[欧元块钱€]以[下内]|不(超过|到|高于)[\d一二三四五六七八九十百]+(欧|元|块|€)"
        ),
        "fastest": pattern(r"更快|快(一?点儿?|一?些)|最快"),
        "direct": pattern(r"(?<!是)直达|不(想|用|要|愿意)?(中途)?(换|转)(车|乘)"),
    },
    last=pattern(
        r"(最晚|最迟|最后)(的|那)?一?(班|趟|个)|末班|越晚越好|尽量晚|(最晚|最迟)(的|几点|什么时候)"
    ),
    arrival=pattern(r"(几点|什么时候).{0,4}到|到.{0,5}(几点|什么时候)|来得及|赶得[上及]"),
    compared=pattern(r"便宜|更?贵|更?快|更?近"),
    hours=pattern(r"(?P<n>[半一二两三四\d])个?半?(小时|钟头)"),
    changes=pattern(
        r"(这|那|是).{0,6}直达|要(换|转)(车|乘)|(换|转)(车|乘).{0,12}(来得及|够|时间|多久)|(换|转)几(次|趟)"
    ),
    stations=pattern(r"(哪些|哪几|什么|几个|多少)个?(站|地方)|停(哪|几)|哪儿?里?停"),
    stops=pattern(r"停(?!一下|一停|留|一站|靠一下)|(经过|路过|途经).*[吗么?？]|经不经过"),
)
