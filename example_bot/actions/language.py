"""The languages of the bot: words that show how something was meant, and how values are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Callable, Dict, FrozenSet, Mapping, Optional, Pattern

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
    same_class: Pattern[str]
    """In a message that means the class of before."""
    same_day: Pattern[str]
    """In a message that means the day of before: "the same evening"."""
    ordinal: Pattern[str]
    """One of several that were shown, by its `place`: "the second one"."""
    places: Mapping[str, int]
    """What the places are called, from 0; -1 is the last."""
    next_day: Pattern[str]
    """The day behind the one that was told."""
    day_before: Pattern[str]
    """The day before it."""
    several: Pattern[str]
    """In a question for more connections than the one on offer."""
    through: Pattern[str]
    """Ends where a city on the way starts."""
    departing: Pattern[str]
    """In a message that tells where a journey starts."""
    either: Pattern[str]
    """Between two of which only one can be: "[Friday] or [Saturday]"."""
    single: Pattern[str]
    """In a message that wants no way back."""
    alike: Pattern[str]
    """In a message that wants the journey of the last booking once more."""
    for_whom: Pattern[str]
    """In a message that tells whom a ticket is for."""
    again: Pattern[str]
    """Ends where a city starts that takes its place again: "back to [Amsterdam]"."""
    just_made: Pattern[str]
    """The booking that was made last."""
    that_one: Pattern[str]
    """The first of several that were shown: "great, that one"."""
    last_word: Pattern[str]
    """A message that ends with the `place` of one of several: "I take the second"."""
    other: Pattern[str]
    """The other one of two that were shown."""
    wishes: Mapping[str, Pattern[str]]
    """Other connections than the one that is known: "later", "earlier", "cheapest",
    "fastest", "direct", "last", "first"; the first pattern that a message has counts."""
    hours: Pattern[str]
    """By how many, `n`, a connection shall be later or earlier."""
    cancelling: Pattern[str]
    """In a message that takes back a booking, if there is one."""
    question: Pattern[str]
    """In a message that asks."""
    stops: Pattern[str]
    """A question whether a train stops in a city."""
    spare: Pattern[str]
    """In a message that does not want the booking cancelled after all: "wait, don't cancel it"."""
    keep: Pattern[str]
    """In a no that leaves all as it is: "no, leave it as it was"."""
    both: Pattern[str]
    only: Pattern[str]
    more: Pattern[str]
    joins: Pattern[str]
    """In a message of somebody who comes along, too."""
    plural: Pattern[str]
    """A kind of passenger that is more than one."""
    one_person: Pattern[str]
    """In a message of one person without a name: "he is ill"."""
    conditional: Pattern[str]
    """In a question that asks what would be."""
    everyone: Pattern[str]
    myself: Pattern[str]
    """Where the speaker comes along, too: "me and [my wife]"."""
    beside: Pattern[str]
    """Ends where a number starts that leaves the speaker out: "me and [three] friends"."""
    counted: Pattern[str]
    """Ends with how many, `n`, of a kind there are, where the kind starts."""
    gone: Pattern[str]
    """In a message of somebody who does not come along."""
    age: Pattern[str]
    """How old a passenger is: the group that is found."""
    alone: Pattern[str]
    """In a message of one traveller: "only me"."""
    part_of: Pattern[str]
    """Before passengers who are some of those told of: "one of us is a [student]"."""
    tickets: Pattern[str]
    """Starts behind a number of tickets."""
    joined: Pattern[str]
    """Between a number and a kind of passenger that is another: "[me] and my [wife]"."""
    place: Pattern[str]
    """A preposition, `how`, and a `name` that can only be a city's."""
    loose: Pattern[str]
    """The same for a `name` that is one only if it is much like a city's."""
    starts: Pattern[str]
    """The same for where a journey starts: "[Berlim] to Rome"."""
    homonym: Pattern[str]
    """A word that is a city's name too; what stands before it, in `to`, shows that it is one."""
    no_name: Pattern[str]
    """In a message that is no name of a city."""
    prepositions: Mapping[str, str]
    """The roles that they give."""
    classes: Mapping[str, Pattern[str]]
    """In what is said of a class, by the NLU's value."""
    sorts: Mapping[str, Pattern[str]]
    """In a message that answers which class, without its name."""
    passengers: Mapping[str, str]
    """Kinds of passengers, as the NLU's values, to the store's."""
    seat: Pattern[str]
    """In a message on the class, whatever was asked for."""
    first_class: str
    second_class: str
    """The NLU's values."""
    write_date: Callable[[date], str]
    write_passengers: Callable[[Mapping[str, int]], str]
    words: Mapping[str, Any]
    """What the bot says (words/*.yml): `says`, `offers` by intent, and by slot, in the order of
    telling, `facts` and `dropped`."""

    @property
    def countries(self) -> FrozenSet[str]:
        """Names that are no city's, in lower case."""
        return frozenset(name.casefold() for name in self.words["countries"])

    def names_country(self, text: str) -> bool:
        """Whether a message names a country."""
        names = "|".join(map(re.escape, self.countries))
        return bool(re.search(rf"(?<![a-z])({names})(?![a-z])", text.casefold()))

    def say(self, what: str, **values: Any) -> str:
        """One of the bot's texts."""
        text: str = self.words["says"][what]
        return text.format(**values)

    def tell(self, journey: Mapping[str, Any], comma: Optional[str] = None) -> str:
        """Values of slots in one phrase; a slot without a value is told to be dropped."""
        told = [
            self.words["dropped"][slot]
            if journey[slot] is None
            else fact.format(self._write(slot, journey[slot]))
            for slot, fact in self.words["facts"].items()
            if slot in journey
        ]
        return str(self.words["comma"] if comma is None else comma).join(told)

    def describe(self, journey: Mapping[str, Any]) -> str:
        """Values of slots as a part of a sentence."""
        return self.tell(journey, self.words["space"])

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
        r"do not want|don't need|forget|without|avoid|avoiding|skip|skipping|"
        r"no (stop|stopover|change))"
        r"( (to|from|via|at|on|in|for|the|a|an|going|go|through|over|leaving|starting|of|with|any|"
        r"stop|stopping|stopover|change|changing|detour|passing))* $"
    ),
    none_of=_pattern(r"\b(no|without|without the|without my|minus the) $"),
    correcting=_pattern(
        r"^\W*(no|nope|nah|sorry|oops|wait|hang on|actually|rather|i mean|i meant|make (it|that)|"
        r"change|that's wrong|not)\b"
    ),
    by=_pattern(r"\b(before|by|until|till|no later than|not later than|latest at)( the)? $"),
    until=_pattern(r" at the latest| latest"),
    returning=_pattern(
        r"\b(round trip|return (ticket|trip|journey|train)|(come|coming|get|getting|go|going|be|"
        r"travel|travelling|head|heading|way|ticket|tickets|trip|train|and|now|us|me) back(?! to)|"
        r"(go|goes|going|come|comes|travel|way) (back )?home|"
        r"(the|my|our|a) return|(return|returning|back) (again )?(on|at|in the|the (same|next)))\b"
    ),
    greeting=_pattern(r"good (morning|afternoon|evening|night)|morning all|night train"),
    people=_pattern(
        r"(?P<number>[\w-]+(?: hundred)?)"
        r"(?P<who> (?:persons?|people|of us|passengers?|travell?ers?))?(?: please)?"
    ),
    booking=_pattern(r"\b(booking|booked|ticket|tickets|reservation|rebook)\b"),
    same_class=_pattern(r"\bsame (travel )?class\b|\bclass (as|like) (before|last time)\b"),
    same_day=_pattern(r"\b(same|that) (day|morning|afternoon|evening|night)\b"),
    same=_pattern(
        r"\bsame (\w+ )?(people|persons|passengers?|travell?ers?|group|party|number|family|"
        r"as (before|last time))\b|\b(as many|the same) (\w+ )?as (before|last time)\b"
    ),
    ordinal=_pattern(
        r"\b(?P<place>first|second|third|last|1st|2nd|3rd)"
        r" (one|connection|option|booking|ticket|trip|train)\b"
    ),
    places={"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1},
    next_day=_pattern(
        r"\b(the|a|one) (next |following )?day (after(?! tomorrow)|later)\b|\bby (a|one) day\b|"
        r"\b(next|following) day\b"
    ),
    day_before=_pattern(
        r"\b(the|a|one) day (before(?! yesterday)|earlier|sooner)\b|\bprevious day\b"
    ),
    several=_pattern(
        r"\b(which|what) (trains|connections|options)\b|\balternatives?\b|\bwhat else\b|"
        r"\b(other|more|all) (trains|connections|options|ones|times)\b"
    ),
    through=_pattern(r"\b(by way of|via|through|passing) $"),
    departing=_pattern(
        r"\b(from|leav\w+|depart\w*|start\w*|begin\w*|out of|(i|we)('m| am|'re| are| live| stay)\b)"
    ),
    either=_pattern(r"\W*\b(or|or maybe|or perhaps)( on)?\W*"),
    single=_pattern(r"\b(one[- ]way|single|no return)\b"),
    alike=_pattern(
        r"\bthe same( \w+)? (again|for)\b|\bsame (trip|journey|ticket|train|connection|thing)\b|"
        r"\b(ticket|one|booking) (just )?like (that|this|mine|it|the last)\b"
    ),
    for_whom=_pattern(r"\bfor (?!the same|that|this|first|second)[a-z]|\b(book|put|get) me\b"),
    again=_pattern(r"\b(back to|stick (to|with)|stay with|rather|after all) $"),
    just_made=_pattern(
        r"\b(just|a (minute|moment) ago) ?(made|booked)?\b|\b(last|latest|newest) booking\b"
    ),
    that_one=_pattern(r"\b(this|that) (one|train)\b|\btake it\b"),
    last_word=_pattern(r"\b(the|number) (?P<place>first|second|third|last|1st|2nd|3rd)\W*$"),
    other=_pattern(r"\bthe other( one| booking| ticket| trip)?\b"),
    wishes={
        "last": _pattern(
            r"\blast (train|one|connection|departure|possible)\b|\blast of the (day|evening)\b|"
            r"\blatest (train|one|connection|possible)\b"
        ),
        "first": _pattern(
            r"\bfirst (train|connection|departure|possible)\b|\bearliest\b|"
            r"\bfirst of the (day|morning)\b"
        ),
        "later": _pattern(
            r"(?<!no )(?<!not )(?<!see you )\blater\b(?! than)|(?<!not )\btoo early\b"
        ),
        "earlier": _pattern(
            r"(?<!no )(?<!not )\b(earlier|sooner)\b(?! than)|(?<!not )\btoo late\b"
        ),
        "cheapest": _pattern(r"\b(cheaper|cheapest|less expensive)\b|\btoo (expensive|dear)\b"),
        "fastest": _pattern(r"\b(faster|fastest|quicker|quickest|shortest)\b"),
        "direct": _pattern(
            r"^(?!.*\b(is|are) (it|that|this|they)\b).*\b(direct|non-?stop)\b|"
            r"\bwithout (a |any |having to )?(chang(e|es|ing)|transfers?)\b|"
            r"\b(don't|do not|doesn't) (want|like) to change( trains)?$"
        ),
    },
    hours=_pattern(r"\b(?P<n>half an|an?|one|two|three|four|\d+) hours? (later|earlier)\b"),
    cancelling=_pattern(r"\b(cancel|refund)\b"),
    question=_pattern(r"\?|^\W*(can|could|may|is|are|do|does|how|what|when|where|will|would)\b"),
    stops=_pattern(
        r"\b(does|do|will|is|it|train|that)\b.*\b(stops?|calls?|halts?|go through|pass)\b"
    ),
    spare=_pattern(r"\b(don't|do not|dont|not|wait|hold on|no)\b"),
    keep=_pattern(
        r"\b(leave|keep) (it|that|everything) (as|like) (it (was|is)|this|that)\b|\bas it was\b"
    ),
    both=_pattern(r"\bboth\b"),
    only=_pattern(r"\b(only|just|alone)\b"),
    more=_pattern(r"\b(add|more|another|extra|additional)\b"),
    joins=_pattern(
        r"\b(come|comes|coming|go|goes|going|join|joins|joining)\b.*\b(too|as well|along)\b"
    ),
    plural=_pattern(r"\w\ws$"),
    one_person=_pattern(r"\b(he|she|my (?!\w+ and)\w+)\b"),
    conditional=_pattern(r"\b(if|in case|when)\b"),
    everyone=_pattern(r"\b(all|both|everyone|everybody)\b"),
    myself=_pattern(
        r"\b(me|myself|i) (and|with|plus)\b|\b(me|i), (my|our|and)\b|\b(and|plus) (me|myself|i)\b|"
        r"\bi('m| am)? (travel|travelling|traveling|going|come|coming) with\b"
    ),
    beside=_pattern(r"\b(me|myself|i) (and|with|plus|&|\+) ((my|our|these) )?$"),
    counted=_pattern(r"\b(?P<n>[a-z]+|\d+) $"),
    gone=_pattern(
        r"\b(is|are|got|fell) (sick|ill)\b|\b(dropped|drops|dropping|is|are) out\b|"
        r"\b(can ?not|(can|won|isn|aren|doesn|don)'?t|is not|are not|not|no longer) (be )?"
        r"(want to )?(come|coming|travel|travelling|make it|join|joining)\b|"
        r"\b(stays?|staying) (at )?home\b"
    ),
    age=_pattern(
        r"\b(?P<age>\d{1,2}|[a-z]+)(?=[- ](?:years?|yrs?)[- ]old\b)|"
        r"\b(?:(?<=is )|(?<=am )|(?<=are )|(?<=aged )|(?<='s )|(?<='m )|(?<=over ))"
        r"(?P<years>\d{2})(?=\W*$)|"
        r"(?:(?<=child of )|(?<=kid of )|(?<=son of )|(?<=baby of )|(?<=girl of )|(?<=boy of )|"
        r"(?<=daughter of )|(?<=\bhe's )|(?<=\bhe is )|(?<=\bthey're ))(?P<only>\d{1,2})(?=\W*$|,)"
    ),
    alone=_pattern(
        r"\b(only|just) (for )?(me|myself)\b|\b(only|just) one(?= person| of us|,|\W*$)|"
        r"\bby myself\b|\bon my own\b|\balone\b|\bsolo\b|^\W*me\W*$|"
        r"\b(only|just) (for )?(her|him)\b"
    ),
    part_of=_pattern(r"\b(one|two|three|some) of (us|them|those|the|whom)\b"),
    tickets=_pattern(r" ([\w-]+ ){0,3}?(tickets?|seats?|places)\b"),
    joined=_pattern(r"\b(and|with|plus|my)\b|[,;+&]"),
    place=re.compile(r"\b(?P<how>from|to|via) (?P<name>[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*)"),
    loose=re.compile(r"\b(?P<how>from|to|via) (?P<name>[a-z]{4,})\b"),
    starts=re.compile(r"^\W*(?P<name>[A-Za-z]{4,}) to\b"),
    homonym=re.compile(
        r"(?P<to>\b(to|from|via|in|through|not|or|and) )?\b(nice|bath|split|tours|cork)$"
    ),
    no_name=_pattern(
        r"\b(i|me|my|we|us|you|it|the|one|is|are|what|how|please|ok|yes|no|people|persons?)\b|\d"
    ),
    prepositions={
        "from": "departure",
        "to": "destination",
        "via": "via",
        "through": "via",
        "by way of": "via",
    },
    passengers={kind: kind for kind in ("adult", "child", "student", "senior", "infant")},
    classes={
        "first": _pattern(r"\b(f\w*r\w*st|1st|1|business|premium)\b|^one$"),
        "second": _pattern(r"\b(se\w*nd|2nd|2|standard|economy|cheap|cheaper|cheapest)\b|^two$"),
    },
    sorts={
        "first": _pattern(
            r"\b(business|premium|posh)\b|^\W*(the |ok,? |then )?first\b(?! one)|"
            r"[.,;!] *first\W*$"
        ),
        "second": _pattern(
            r"\b(economy|standard|cheap|cheaper|cheapest)\b|"
            r"^\W*(the |ok,? |then )?second\b(?! one)|[.,;!] *second\W*$"
        ),
    },
    seat=_pattern(r"\b(class|seats?)\b|[.,;!] *(second|first)\W*$"),
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
        r"不用|不必|无需|不選|不选|不要去|不是去|不是到|不是从|不是在|不是從|不从|不從|不經過?|不搭)"
        r"(去|到|从|從|在|坐|经过?|經過?|走|于)?$"
    ),
    none_of=_pattern(r"(没有?|沒有?|不带|不帶|没带|没|不算)$"),
    correcting=_pattern(
        r"^\W*(不，|不,|不对|不對|不是|错了|錯了|说错|刚说错|刚才说错|等等|等一下|还是|還是|改成|改为|"
        r"改到|换成|應該|应该是|抱歉|不好意思|哦不|啊不)"
    ),
    by=_pattern(r"(最晚|最迟|赶在|不晚于)$"),
    until=_pattern(r"(之前|以前|前)"),
    returning=_pattern(r"往返|来回|返程|回程|返回|回来|回去|來回|回來|(?<!折)返的"),
    greeting=_pattern(r"(早上|上午|中午|下午|晚上)好"),
    people=_pattern(
        r"(?P<number>[零一二三四五六七八九十百两俩仨\d]+)(?:(?P<who>个人|個人|位乘客|位|人)|个|名)?吧?"
    ),
    booking=_pattern(r"订单|訂單|车票|票|预订|预定|改签|改簽"),
    same=_pattern(
        r"(同样|一样|相同)的?(人|乘客|人数)|(人数?|乘客)(不变|一样|相同|照旧)|(上次|刚才|之前|原来)(那些|那几个|的那?几?个?)(人|乘客)|"
        r"还是(我们|这些人|那些人|这几|那几)"
    ),
    ordinal=_pattern(r"(?P<place>第[一二三123]|最后)[一]?(个|趟|班|条|张|次)"),
    places={"第一": 0, "第1": 0, "第二": 1, "第2": 1, "第三": 2, "第3": 2, "最后": -1},
    same_class=_pattern(r"(一样|同样|相同|刚才)的?(座|席|舱|等级)|还是(一样|原来)的?(座|席)"),
    same_day=_pattern(r"当天|同一天|那天"),
    next_day=_pattern(r"第二天|次日|(往后|推迟|推后|晚|延后)(改|推|延)?(个)?一天"),
    day_before=_pattern(r"前一天|(往前|提前|早)(改|推)?一天"),
    several=_pattern(
        r"哪些(车|班次|选择)|什么(车|车次)|(别|其他|另外)的?(车|班)|还有(车|别的|其他)"
    ),
    through=_pattern(r"(经过?|經過?|路过|途经|绕道?)$"),
    departing=_pattern(r"从|出发|起|动身|离开|走|我们?(现在|人|家)?(住|在)"),
    either=_pattern(r"[，, ]*(或者?|还是|要么)[，, ]*"),
    single=_pattern(r"单程|單程|不用回程"),
    alike=_pattern(
        r"(一样|同样|相同)的?(车?票|车次?|行程)|[张份个趟]一?模?(一样|同样|相同)的|同一(趟|班)车"
    ),
    for_whom=_pattern(
        r"[帮給给替为](我的?|我们)?(他|她|弟|哥|姐|妹|爸|妈|朋友|同[学事]|孩子|[儿女]|奶奶|爷爷|家人|老[公婆师])"
    ),
    again=_pattern(r"(还是|还去|还从)$"),
    just_made=_pattern(r"(刚刚?|刚才|最近|最后)(我)?(订|买|下)"),
    that_one=_pattern(r"(这|那|就)(一)?(趟|班|个)"),
    last_word=_pattern(r"(?P<place>第[一二三123]|最后)\W*$"),
    other=_pattern(r"另(外)?(一|那)(张|个|趟|次)"),
    wishes={
        "last": _pattern(r"最晚|最迟|末班|最后一(班|趟)"),
        "first": _pattern(r"最早|头班|首班|第一(班|趟)"),
        "later": _pattern(
            r"(?<!别)(?<!不要)太早|(晚|迟)(一?点儿?|一?些|一?会|[半一二两三\d]个?(小时|钟头))(?!前)|下一(班|趟)|推迟"
        ),
        "earlier": _pattern(
            r"(?<!别)(?<!不要)太晚|早(一?点儿?|一?些|一?会|[半一二两三\d]个?(小时|钟头))|更早|提前"
        ),
        "cheapest": _pattern(r"便宜(一?点儿?|一?些|的)|更便宜|最便宜|太贵|有点贵"),
        "fastest": _pattern(r"更快|快(一?点儿?|一?些)|最快"),
        "direct": _pattern(r"(?<!是)直达|不(想|用|要|愿意)?(中途)?(换|转)(车|乘)"),
    },
    hours=_pattern(r"(早|晚|推迟|提前)(?P<n>[半一二两三四\d])个?半?(小时|钟头)"),
    cancelling=_pattern(r"取消|退"),
    question=_pattern(r"[?？]|[吗呢么]$|能不能|可不可以|怎么|多少|多久|几[点天个]"),
    stops=_pattern(r"停|(经过|路过|途经).*[吗么?？]|经不经过"),
    spare=_pattern(r"别|不要|不退|不取消|等等|等一下|先不"),
    keep=_pattern(r"(还是|就|照|按)(那)?(原来|原样|之前)"),
    both=_pattern(r"两个都|两人都|俩都|兩個都"),
    only=_pattern(r"只有?|就(我|有)|仅|僅|单独|只要"),
    more=_pattern(r"再|多一|多两|另外|还有|還有|外加"),
    joins=_pattern(r"也(来|去|要去|想去|一起|坐)|一起(来|去|走)|加上|带上"),
    plural=_pattern(r"们$"),
    one_person=_pattern(r"[他她](?!们)|爸爸|妈妈|父亲|母亲|[爷奶]|[儿女]|朋友|同[事学]|老[公婆]"),
    conditional=_pattern(r"如果|要是|万一|的话"),
    everyone=_pattern(r"都|全"),
    myself=_pattern(r"我(和|跟|带|帶|与|與|加)|(和|跟|还有|還有)我(?!的|们|們|一样|同)"),
    beside=_pattern(r"我(和|跟|带|帶|与|與|加|还有|還有)(我的?|其他)?$"),
    counted=_pattern(r"(?P<n>[二三四五六七八九十两兩\d]+)[个個位名]?$"),
    gone=_pattern(r"病了|(来|去|走)不(了|成)|不(来|去|走)了|退出"),
    age=_pattern(r"(?P<age>[\d一二三四五六七八九十]{1,3})(?=周?岁)"),
    alone=_pattern(r"[就只]有?[我他她](?!们)|我自己|我一个人?|一个人|独自"),
    part_of=_pattern(r"其中|(里面?|中)有|有[一两]个是"),
    tickets=_pattern(r"[张張]"),
    joined=_pattern(r"[和跟与與带帶加，,、；;+]"),
    # Where a name ends is not to be seen in Chinese, save at a message's end.
    place=_pattern(
        r"(?P<how>从|從|去|到|经过|經過)(?P<name>[^\W\d_的了过過哪去到]{2,5})(?=[。！!]?$|[去到])"
    ),
    # A name that is not known is not told from other signs.
    loose=_pattern(r"(?!)(?P<how>)(?P<name>)"),
    starts=_pattern(r"(?!)(?P<name>)"),
    homonym=re.compile(r"(?!)(?P<to>)"),
    no_name=_pattern(
        r"[我你您他她它的了吗呢吧是还那这订定票要坐班好行可以不没有买走去几多再就都也退改查]"
    ),
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
    classes={
        "一等座": _pattern(r"一|头|頭|商务|1|first"),
        "二等座": _pattern(r"二|2|普通|经济|便宜|second"),
    },
    sorts={"一等座": _pattern(r"商务|头等|好一?点的"), "二等座": _pattern(r"普通|经济|便宜")},
    seat=_pattern(r"座|席|舱"),
    first_class="一等座",
    second_class="二等座",
    write_date=_chinese_date,
    write_passengers=_chinese_passengers,
    words=_words("zh"),
)

LANGUAGES: Dict[str, Language] = {"en": ENGLISH, "zh": CHINESE}
