"""The languages of the bot: words that show how something was meant, and how values are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Pattern

from ruamel.yaml import YAML

TRAVELLER = "traveller"
"""A passenger of whom only the number is known."""


@dataclass(frozen=True)
class Language:
    """One language's words. Patterns that end in `$` look at what stands before an entity."""

    code: str
    negated: Pattern[str]
    """Ends where an entity starts that is not meant: "not to [Geneva]"."""
    none_of: Pattern[str]
    """Ends where passengers start that do not come along: "no [kids]"."""
    correcting: Pattern[str]
    """Starts a message that takes something back: "no, [Nice]"."""
    by: Pattern[str]
    """Ends where a time starts to be there by: "before [3 pm]"."""
    until: Pattern[str]
    """Starts where such a time ends."""
    returning: Pattern[str]
    """In a message that tells of the way back."""
    greeting: Pattern[str]
    """Parts of the day that only greet: "good morning"."""
    people: Pattern[str]
    """A message that is a `number` of people."""
    booking: Pattern[str]
    """In a message that names a booking."""
    same: Pattern[str]
    """In a message that means the passengers of before: "same people"."""
    ordinal: Pattern[str]
    """One of several that were shown, by its `place`: "the second one"."""
    places: Mapping[str, int]
    """What the places are called, from 0; -1 is the last."""
    both: Pattern[str]
    only: Pattern[str]
    more: Pattern[str]
    everyone: Pattern[str]
    myself: Pattern[str]
    """Where the speaker comes along, too: "me and [my wife]"."""
    joined: Pattern[str]
    """Between a number and a kind of passenger that is another: "[me] and my [wife]"."""
    place: Pattern[str]
    """A preposition, `how`, and a `name` that can only be a city's."""
    prepositions: Mapping[str, str]
    """The roles that they give."""
    passengers: Mapping[str, str]
    """Kinds of passengers, as the NLU's values, to the store's."""
    first_class: str
    second_class: str
    """The NLU's values."""
    write_date: Callable[[date], str]
    write_passengers: Callable[[Mapping[str, int]], str]
    words: Mapping[str, Any]
    """What the bot says (words/*.yml): `says`, `offers` by intent, and by slot, in the order of
    telling, `facts` and `dropped`."""

    def say(self, what: str, **values: Any) -> str:
        """One of the bot's texts."""
        text: str = self.words["says"][what]
        return text.format(**values)

    def tell(self, journey: Mapping[str, Any]) -> str:
        """Values of slots in one phrase; a slot without a value is told to be dropped."""
        told = [
            self.words["dropped"][slot]
            if journey[slot] is None
            else fact.format(self._write(slot, journey[slot]))
            for slot, fact in self.words["facts"].items()
            if slot in journey
        ]
        return str(self.words["comma"]).join(told)

    def _write(self, slot: str, value: Any) -> str:
        if slot == "date":
            return self.write_date(date.fromisoformat(value))
        return self.write_passengers(value) if slot == "passengers" else str(value)


def _words(code: str) -> Dict[str, Any]:
    path = Path(__file__).parent / "words" / f"{code}.yml"
    words: Dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return words


def _english_passengers(passengers: Mapping[str, int]) -> str:
    plurals = {"child": "children"}
    return ", ".join(
        f"{count} {kind if count == 1 else plurals.get(kind, kind + 's')}"
        for kind, count in passengers.items()
    )


def _chinese_passengers(passengers: Mapping[str, int]) -> str:
    names = {kind: name for name, kind in CHINESE.passengers.items()}
    return "、".join(f"{count} 位{names.get(kind, '乘客')}" for kind, count in passengers.items())


def _english_date(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _chinese_date(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日（周{'一二三四五六日'[day.weekday()]}）"


def _pattern(text: str) -> Pattern[str]:
    return re.compile(text, re.IGNORECASE)


ENGLISH = Language(
    code="en",
    negated=_pattern(
        r"\b(not|isn't|isnt|wasn't|aren't|never|instead of|rather than|no longer|don't want|"
        r"do not want|forget)"
        r"( (to|from|via|at|on|in|for|the|a|going|go|through|over|leaving|starting|of|with|any))* $"
    ),
    none_of=_pattern(r"\b(no|without|without the|without my|minus the) $"),
    correcting=_pattern(
        r"^\W*(no|nope|nah|sorry|oops|wait|hang on|actually|rather|i mean|i meant|make (it|that)|"
        r"change|that's wrong|not)\b"
    ),
    by=_pattern(r"\b(before|by|until|till|no later than|not later than|latest at) $"),
    until=_pattern(r" at the latest| latest"),
    returning=_pattern(
        r"\b(round trip|return (ticket|trip|journey)|come back|coming back|way back|and back)\b"
    ),
    greeting=_pattern(r"good (morning|afternoon|evening|night)|morning all|night train"),
    people=_pattern(
        r"(?P<number>[\w-]+(?: hundred)?)(?: (?:persons?|people|of us|passengers?|travell?ers?))?"
        r"(?: please)?"
    ),
    booking=_pattern(r"\b(booking|booked|ticket|tickets|reservation|rebook)\b"),
    same=_pattern(
        r"\bsame (\w+ )?(people|persons|passengers?|travell?ers?|group|party|number|family|"
        r"as (before|last time))\b|\b(as many|the same) (\w+ )?as (before|last time)\b"
    ),
    ordinal=_pattern(
        r"\b(?P<place>first|second|third|last|1st|2nd|3rd)"
        r" (one|connection|option|booking|ticket|trip|train)\b"
    ),
    places={"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1},
    both=_pattern(r"\bboth\b"),
    only=_pattern(r"\b(only|just|alone)\b"),
    more=_pattern(r"\b(more|another|extra|additional)\b"),
    everyone=_pattern(r"\b(all|both|everyone|everybody)\b"),
    myself=_pattern(
        r"\b(me|myself|i) (and|with|plus)\b|\b(me|i), (my|our|and)\b|\b(and|plus) (me|myself|i)\b|"
        r"\bi('m| am)? (travel|travelling|traveling|going|come|coming) with\b"
    ),
    joined=_pattern(r"\b(and|with|plus|my)\b|[,;+&]"),
    place=re.compile(r"\b(?P<how>from|to|via) (?P<name>[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*)"),
    prepositions={"from": "departure", "to": "destination", "via": "via"},
    passengers={kind: kind for kind in ("adult", "child", "student", "senior", "infant")},
    first_class="first",
    second_class="second",
    write_date=_english_date,
    write_passengers=_english_passengers,
    words=_words("en"),
)

CHINESE = Language(
    code="zh",
    negated=_pattern(
        r"(不是|并非|不去|不到|不从|不在|不经过?|不走|不坐|不要|别去|别经过?|别坐|不想去|不想要|而不是|"
        r"不用|不選|不选|不要去|不是去|不是到|不是从|不是在|不是從|不从|不從|不經過?|不搭)"
        r"(去|到|从|從|在|坐|经过?|經過?|走|于)?$"
    ),
    none_of=_pattern(r"(没有?|沒有?|不带|不帶|没带|没|不算)$"),
    correcting=_pattern(
        r"^\W*(不，|不,|不对|不對|不是|错了|錯了|说错|刚说错|刚才说错|等等|等一下|还是|還是|改成|改为|"
        r"改到|换成|應該|应该是|抱歉|不好意思|哦不|啊不)"
    ),
    by=_pattern(r"(最晚|最迟|赶在|不晚于)$"),
    until=_pattern(r"(之前|以前|前)"),
    returning=_pattern(r"往返|来回|返程|回程|再回来|然后回来|來回|回來"),
    greeting=_pattern(r"(早上|上午|中午|下午|晚上)好"),
    people=_pattern(
        r"(?P<number>[零一二三四五六七八九十百两俩仨\d]+)(?:个人|個人|位乘客|位|人|个|名)?吧?"
    ),
    booking=_pattern(r"订单|訂單|车票|票|预订|预定|改签|改簽"),
    same=_pattern(
        r"(同样|一样|相同)的?(人|乘客|人数)|(人数?|乘客)(不变|一样|相同|照旧)|(上次|刚才|之前|原来)(那些|那几个|的那?几?个?)(人|乘客)|"
        r"还是(我们|这些人|那些人|这几|那几)"
    ),
    ordinal=_pattern(r"(?P<place>第[一二三123]|最后)[一]?(个|趟|班|条|张|次)"),
    places={"第一": 0, "第1": 0, "第二": 1, "第2": 1, "第三": 2, "第3": 2, "最后": -1},
    both=_pattern(r"两个都|两人都|俩都|兩個都"),
    only=_pattern(r"只有?|就(我|有)|仅|僅|单独|只要"),
    more=_pattern(r"再|多一|多两|另外|还有|還有|外加"),
    everyone=_pattern(r"都|全"),
    myself=_pattern(r"我(和|跟|带|帶|与|與|加)|(和|跟|还有|還有)我(?!的|们|們)"),
    joined=_pattern(r"[和跟与與带帶加，,、；;+]"),
    # Where a name ends is not to be seen in Chinese, save at a message's end.
    place=_pattern(r"(?P<how>从|從|去|到|经过|經過)(?P<name>[^\W\d_的了过過哪]{2,5})[。！!]?$"),
    prepositions={
        "从": "departure",
        "從": "departure",
        "去": "destination",
        "到": "destination",
        "经过": "via",
        "經過": "via",
    },
    passengers={
        "成人": "adult",
        "儿童": "child",
        "学生": "student",
        "老人": "senior",
        "婴儿": "infant",
    },
    first_class="一等座",
    second_class="二等座",
    write_date=_chinese_date,
    write_passengers=_chinese_passengers,
    words=_words("zh"),
)

LANGUAGES: Dict[str, Language] = {"en": ENGLISH, "zh": CHINESE}
