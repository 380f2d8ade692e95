"""The languages of the bot: words that show how something was meant, and how values are written.

Each topic's words are in a module of its own, for all languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Callable, Dict, FrozenSet, Mapping, Optional, Pattern, Sequence, Tuple

from ruamel.yaml import YAML

from . import bookings, cities, classes, days, people, talk, trains
from .bookings import Bookings
from .cities import Cities
from .classes import Classes
from .days import Days
from .names import CHINESE_NAMES, ENGLISH_NAMES, Names
from .pattern import OPENING, pattern
from .people import People
from .talk import Talk
from .trains import Trains

TRAVELLER = "traveller"
"""A passenger of whom only the number is known."""
LAST = "last"
"""The deadline of who takes the last train of the day."""
ROUGHLY = "~"
"""Starts a time near which to leave, before it or after."""


@dataclass(frozen=True)
class Language:
    """One language's words. Patterns that end in `$` look at what stands before an entity."""

    code: str
    cities: Cities
    days: Days
    people: People
    names: Names
    classes: Classes
    trains: Trains
    bookings: Bookings
    talk: Talk
    negated: Pattern[str]
    """Ends where an entity starts that is not meant: "not to [Geneva]"."""
    unfit: Pattern[str]
    """Starts where it ends: "[18:20] is too early", "[Friday] doesn't suit"."""
    closed: Sequence[str]
    """Words that matter, which may be one letter off."""
    answers: Mapping[str, str]
    """Intents of a yes and a no, which may be one letter off."""
    correcting: Pattern[str]
    """Starts a message that takes something back: "no, [Nice]"."""
    question: Pattern[str]
    """In a message that asks."""
    conditional: Pattern[str]
    """In a question that asks what would be, or is later."""
    supposing: Pattern[str]
    """In a message that only supposes what it tells: "if we went on Tuesday"."""
    write_date: Callable[[date], str]
    write_passengers: Callable[[Mapping[str, int]], str]
    words: Mapping[str, Any]
    """What the bot says (words/*.yml): `says`, `offers` by intent, and by slot, in the order of
    telling, `facts` and `dropped`."""

    @property
    def countries(self) -> FrozenSet[str]:
        """Names that are no city's, in lower case."""
        return frozenset(name.casefold() for name in self.words["countries"])

    def names_country(self, text: str) -> Optional[Tuple[int, int]]:
        """Where a message names a country."""
        names = "|".join(map(re.escape, self.countries))
        found = re.search(rf"(?<![a-z])({names})(?![a-z])", text.casefold())
        return found.span() if found else None

    def say(self, what: str, **values: Any) -> str:
        """One of the bot's texts."""
        text: str = self.words["says"][what]
        return text.format(**values)

    def tell(self, journey: Mapping[str, Any], comma: Optional[str] = None) -> str:
        """Values of slots in one phrase; a slot without a value is told to be dropped."""
        told = [
            self.words["dropped"][slot]
            if journey[slot] is None
            else self.words["last"]
            if journey[slot] == LAST
            else self.words["around"].format(journey[slot].strip(ROUGHLY))
            if str(journey[slot]).startswith(ROUGHLY)
            else fact.format(self._write(slot, journey[slot]))
            for slot, fact in self.words["facts"].items()
            if slot in journey
        ]
        return str(self.words["comma"] if comma is None else comma).join(told)

    def describe(self, journey: Mapping[str, Any]) -> str:
        """Values of slots as a part of a sentence."""
        return self.tell(journey, self.words["space"])

    def _write(self, slot: str, value: Any) -> str:
        if slot in ("date", "week"):
            return self.write_date(date.fromisoformat(value))
        return self.write_passengers(value) if slot in ("passengers", "among") else str(value)


def _words(code: str) -> Dict[str, Any]:
    path = Path(__file__).parent.parent / "words" / f"{code}.yml"
    words: Dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return words


def _english_passengers(passengers: Mapping[str, int]) -> str:
    plurals = {"child": "children"}
    return ", ".join(
        f"{count} {kind if count == 1 else plurals.get(kind, kind + 's')}"
        for kind, count in passengers.items()
    )


def _chinese_passengers(passengers: Mapping[str, int]) -> str:
    names = {kind: name for name, kind in CHINESE.people.kinds.items()}
    return "、".join(f"{count} 位{names.get(kind, '乘客')}" for kind, count in passengers.items())


def _english_date(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _chinese_date(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日（周{'一二三四五六日'[day.weekday()]}）"


CLOSED = (
    "adult adults child children student students senior seniors infant infants people first "
    "second cheaper cheapest earlier earliest direct return morning afternoon evening today "
    "tomorrow weekend monday tuesday wednesday thursday friday saturday sunday "
    "train trains ticket tickets"
)
ENGLISH = Language(
    code="en",
    cities=cities.ENGLISH,
    days=days.ENGLISH,
    people=people.ENGLISH,
    names=ENGLISH_NAMES,
    classes=classes.ENGLISH,
    trains=trains.ENGLISH,
    bookings=bookings.ENGLISH,
    talk=talk.ENGLISH,
    negated=pattern(
        r"\b(not|isn't|isnt|wasn't|aren't|never|instead of|rather than|no longer|don't want|"
        r"changed my mind about|do not want|don't like|do not like|hate|don't need|forget|"
        r"without|w/o|avoid|avoiding|bypass|skip|skipping|scrap|no (stop|stopover|change)|"
        r"anything but|other than|except( for)?|apart from|can't|cannot|lost|"
        r"(didn't|did not|never) (say|said|mean|meant|want|wanted|(ask|asked) for|book|booked)|"
        r"(doesn't|does not|don't|do not|won't) (pay|allow|cover|reimburse|have|take|use))"
        r"( (to|from|via|at|on|in|for|the|a|an|going|go|through|over|leaving|starting|of|with|any|"
        r"early|late|stop|stopping|stopover|change|changing|detour|passing|leave|start|travel|be|"
        r"by|arriving|have|take|get|book|my|our|that|this|\d{1,2}(:\d\d)?( ?[ap]m| o'clock)?))* $"
    ),
    unfit=pattern(
        r"\W*((train|one|connection|departure|class|card) )?((that|which|it) )?"
        r"((is|was|are|would be|will be|'s) )?"
        r"((already|a bit|a little|way|much|far|just|really|simply) )?"
        r"(too (early|late|expensive|dear)|expired|invalid|no (good|use|option)|"
        r"not (possible|good|an option|suitable|right|valid)|"
        r"impossible|wrong|a mistake|out of the question)\b|"
        r"( class| train| one)? (does not|doesn't|won't|will not|can't|cannot|didn't) "
        r"(suit|work|fit|do\b)|( class| train| one)? doesn't(?=\W*$|[,.;!])|"
        r"( class| train| card)? (is|was) out\b|"
        r"( (has|have))?( already| just)? (expired|no longer|been lost)\b"
    ),
    closed=CLOSED.split(" "),
    answers={"yes": "affirm", "yeah": "affirm", "yep": "affirm", "nope": "deny"},
    correcting=pattern(
        r"^\W*(no|nope|nah|sorry|oops|wait|hang on|actually|rather|i mean|i meant|make (it|that)|"
        r"change|that's wrong|not)\b"
    ),
    question=pattern(
        rf"\?|{OPENING}(can|could|may|is|are|do|does|how|what|when|where|will|would)\b"
    ),
    conditional=pattern(r"\b(if|in case|when|later|afterwards|after (i|we) book(ed)?|still)\b"),
    supposing=pattern(r"\b(if|in case|suppose|supposing)\b"),
    write_date=_english_date,
    write_passengers=_english_passengers,
    words=_words("en"),
)


CHINESE = Language(
    code="zh",
    cities=cities.CHINESE,
    days=days.CHINESE,
    people=people.CHINESE,
    names=CHINESE_NAMES,
    classes=classes.CHINESE,
    trains=trains.CHINESE,
    bookings=bookings.CHINESE,
    talk=talk.CHINESE,
    negated=pattern(
        r"(?<!要)(不是|并非|不去|不到|不从|不在|不经过?|不走|不坐|不要|没说|没要|没订|不给?报销?|别去|别经过?|别坐|不想要?|不愿意?|而不是|避开|绕开|绕过|"
        r"不用|不必|无需|不選|不选|不要去|不是去|不是到|不是从|不是在|不是從|不从|不從|不經過?|不搭)"
        r"(再|中途|要|想|买|用|我的|那个|这个)*(去|到|从|從|在|坐|经过?|經過?|走|于|停)*$"
    ),
    unfit=pattern(
        r"(的|那趟|那班|走|出发|到|就|对我|也|我们?|可能|实在)*((太|有点)(早|晚)|[早晚]了|"
        r"(不行|不合适|不方便|[去走来]不了|没空|没时间|来不及|赶不上|不要了|算了)(?![吗么])|太贵|"
        r"(已经|早就|都)?(过期|作废|失效|丢|不算|不能用))"
    ),
    closed=(),
    answers={},
    correcting=pattern(
        r"^\W*(不，|不,|不对|不對|不是|错了|錯了|说错|刚说错|刚才说错|等等|等一下|还是|還是|改成|改为|"
        r"改到|换成|應該|应该是|抱歉|不好意思|哦不|啊不)"
    ),
    question=pattern(r"[?？]|[吗呢么]$|能不能|可不可以|怎么|多少|多久|几[点天个]"),
    conditional=pattern(r"如果|要是|万一|的话|以后还|之后还|还能|还可以"),
    supposing=pattern(r"如果|要是|万一|假如|的话"),
    write_date=_chinese_date,
    write_passengers=_chinese_passengers,
    words=_words("zh"),
)

LANGUAGES: Dict[str, Language] = {"en": ENGLISH, "zh": CHINESE}
