"""How cities are named, and what shows where they belong in a journey."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Mapping, Pattern

from .pattern import pattern


@dataclass(frozen=True)
class Cities:
    """One language's words of it."""

    own: Pattern[str]
    """Ends where a city starts that the traveller is in: "I'm in [Munich]"."""
    waiting: Pattern[str]
    """In a clause of a stop that is too long: "I don't want to wait a night in [Zurich]"."""
    inside: Pattern[str]
    """Ends where a city starts that somebody is in."""
    through: Pattern[str]
    """Ends where a city on the way starts."""
    departing: Pattern[str]
    """In a message that tells where a journey starts."""
    dropped: Pattern[str]
    """Ends where a stop starts that is not made after all, and need not be avoided."""
    nonstop: Pattern[str]
    """In a message that makes no stop after all: "no stop then"."""
    avoided: Pattern[str]
    """Ends where a city starts that the way shall not be through."""
    again: Pattern[str]
    """Ends where a city starts that takes its place again: "back to [Amsterdam]"."""
    place: Pattern[str]
    """A preposition, `how`, and a `name` that can only be a city's."""
    loose: Pattern[str]
    """The same for a `name` that is one only if it is much like a city's."""
    starts: Pattern[str]
    """The same for where a journey starts, `first` in a message or right before another city."""
    homonym: Pattern[str]
    """A word that is a city's name too; what stands before it, in `to`, shows that it is one."""
    no_name: Pattern[str]
    """In a message that is no name of a city."""
    prepositions: Mapping[str, str]
    """The roles that they give."""
    there: Pattern[str]
    """In a message that goes to the city it names, or that was named: "I want to go there"."""
    wanted: Pattern[str]
    """In a message of who wants to go somewhere."""
    from_there: Pattern[str]
    """In a message of a journey that starts where the last one ends."""
    proposed: Pattern[str]
    """All of a message that proposes a city by `name`: "what about [Naples]"."""
    story: Pattern[str]
    """In a clause that tells a story of a city: "I've been to [Milan] last year"."""
    joint: Pattern[str]
    """Between two journeys: ", and then"."""
    pronoun: Pattern[str]
    """What stands for a city, and is none."""


ENGLISH = Cities(
    own=pattern(r"\b(i|we)('m|'re| am| are| live)( now| currently)? (in|near) $"),
    waiting=pattern(r"\b(wait(ing)?|stuck|layover)\b"),
    inside=pattern(r"\b(in|near|outside( of)?) $"),
    through=pattern(r"\b(by way of|via|through|passing) $"),
    departing=pattern(
        r"\b(from|leav\w+|depart\w*|start\w*|begin\w*|out of|(i|we)('m| am|'re| are| live| stay)\b)"
    ),
    dropped=pattern(
        r"\b(forget|skip|drop|scrap|never mind)( about)?"
        r"( the)?( (stop|stopover|detour))?( (in|at|via))? $"
    ),
    nonstop=pattern(
        r"\b(no|skip|without|forget|drop|leave out) (the |that |any )?(stop|stopover|detour)s?\b"
        r"(?! (in|at)\b)"
    ),
    avoided=pattern(r"\b(without|w/o|avoid|avoiding|bypass|steer clear of|(go|going) around) $"),
    again=pattern(r"\b(back to|stick (to|with)|stay with|rather|after all) $"),
    place=re.compile(r"\b(?P<how>from|to|via) (?P<name>[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*)"),
    loose=re.compile(r"\b(?P<how>from|to|via) (?P<name>[a-z]{4,})\b"),
    starts=re.compile(r"(?P<first>^\W*)?\b(?P<name>[A-Za-z]{4,}) ?(to\b|->|→|–|-) ?"),
    homonym=re.compile(
        r"(?P<to>\b(to|from|via|in|through|with|not|or|and) )?\b(nice|bath|split|tours|cork)$"
    ),
    no_name=pattern(
        r"\b(i|me|my|we|us|you|it|the|one|is|are|what|how|please|ok|yes|no|people|persons?|"
        r"same|time|hour|other|later|earlier|class|tickets?)\b|\d"
    ),
    prepositions={
        "from": "departure",
        "to": "destination",
        "via": "via",
        "through": "via",
        "by way of": "via",
    },
    there=pattern(
        r"\b(go|going|get|getting|travel|travelling|be|head|heading|take (me|us)|trip|train|"
        r"trains|ticket|tickets|visit|meet|join)( (him|her|them|someone))?( (over|down|up))? "
        r"there\b(?! (is|are)\b)|\b(visit|see|join|meet) (him|her|them)\b"
    ),
    wanted=pattern(
        r"\b(want|need|like|love|have|hope|going) to (go|travel|get|come|see|visit|head|be)\b"
    ),
    from_there=pattern(r"\bfrom there\b"),
    proposed=pattern(
        r"\W*((hm+|and|ok|okay|so|then|well|or|oh|but)\W+)*(what|how) about "
        r"((a )?(trip|going|travelling|trains?|tickets?) )?((to|in|from) )?"
        r"(?P<name>[^\W\d][\w' -]+?)( then| instead| maybe)?\W*"
    ),
    story=pattern(
        r"\blast (year|summer|autumn|winter|spring|month|week|time)\b|\byears ago\b|"
        r"\b(i|we|she|he|they)('ve|'s| have| has|)( never| always| once| just|) "
        r"(been|met|lived|grew up|studied|worked|visited|loved|went|flew|used to)\b|"
        r"\b(friends?|wife|husband|boss|mother|father|sister|brother|he|she|they) "
        r"(says?|said|tells?|told|thinks?|reckons?|lives?|works?|studies|moved)\b|"
        r"\bis (so |very |really |such )?(a )?(nice|lovely|beautiful|great|pretty|gorgeous)\b|"
        r"\b(weather|restaurants?|museums?|hotels?) in\b"
    ),
    joint=pattern(r"[,.;]?\W(and|then|plus|also|afterwards|after that)\b|[,.;]"),
    pronoun=pattern(
        r"(over )?(there|here)|(the )?(home|house|town|work|school|office|station|dinner|lunch|"
        r"the|breakfast|bed|trains?|trips?|tickets?|holidays?|night|morning|evening)"
    ),
)


CHINESE = Cities(
    own=pattern(r"我们?(现在|目前|家|人|都)*住?在$"),
    waiting=pattern(r"(?<![一二头])等(?!座)|滞留"),
    inside=pattern(r"(住|在|住在)$"),
    through=pattern(r"(经过?|經過?|路过|途经|绕道?)$"),
    departing=pattern(r"从|出发|起|动身|离开|走|我们?(现在|人|家)?(住|在)"),
    dropped=pattern(r"(取消|去掉|算了)(在|经过)?$"),
    nonstop=pattern(r"不(用|想|要|中途)*停(留)?了|不绕了"),
    avoided=pattern(r"(避开|绕开|绕过)$"),
    again=pattern(r"(还是|还去|还从)$"),
    # Where a name ends is not to be seen in Chinese, save at a message's end.
    place=pattern(
        r"(?P<how>从|從|去|到|经过|經過)(?![这那哪][里边儿裡邊]|旅[游行]|度假|出差|玩)"
        r"(?P<name>[^\W\d_的了过過哪去到看她他我你您吗呢吧么]{2,5})(?=[。！!]?$|[去到])"
    ),
    # A name that is not known is not told from other signs.
    loose=pattern(r"(?!)(?P<how>)(?P<name>)"),
    starts=pattern(r"(?!)(?P<first>)(?P<name>)"),
    homonym=re.compile(r"(?!)(?P<to>)"),
    no_name=pattern(
        r"[我你您他她它的了吗呢吧是还那这订定票要坐班好行可以不没有买走去几多再就都也退改查]|出发"
    ),
    prepositions={
        "从": "departure",
        "從": "departure",
        "去": "destination",
        "到": "destination",
        "经过": "via",
        "經過": "via",
    },
    there=pattern(
        r"(去|到)(那里|那边|那儿|那裡|那邊|他那|她那)|去?(看|找|见|陪)(看|一?下|望)?(他|她)"
    ),
    wanted=pattern(r"(想|要|打算|准备)(去|到)"),
    from_there=pattern(r"从(那里|那边|那儿|那裡|那邊)"),
    proposed=pattern(
        r"\W*(那|要不|或者)?(去)?(?P<name>[^\W\d]{2,8}?)(呢|吧|怎么样|如何|行吗|可以吗|行不行)\W*"
    ),
    story=pattern(
        r"(去|前|上)(年|个月|周|次|回)(?!.*(要|想|订|买))|以前|(去|到|来)过|住过|(听|据)说|认识的|"
        r"(妈|爸|姐|妹|哥|弟|朋友|同事|同学|老板|老婆|老公|[他她])(说|住在|在\w{2,4}(上班|工作|读书|上学))|"
        r"(很|真|特别|挺)(美|漂亮|好玩|好看|热闹)|天气"
    ),
    joint=pattern(r"[，,。；;]|再|然后|接着|之后"),
    pronoun=pattern(r"[那这]([里边儿裡邊])|家里?|公司|学校|车站|单位"),
)
