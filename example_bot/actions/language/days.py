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
    before: Pattern[str]
    """In a message that wants to be there before a part of the day starts."""
    leaving: Pattern[str]
    """In a message that wants to have left by a time."""
    since: Pattern[str]
    """Ends where a time starts to leave after: "not before [6]"."""
    onwards: Pattern[str]
    """Starts where such a time ends."""
    free: Pattern[str]
    """Ends where a time starts at which one is free to travel: "I finish at [5]"."""
    freed: Pattern[str]
    """Starts where such a time ends."""
    around: Pattern[str]
    """Ends where a time starts near which to leave: "around [5]"."""
    roughly: Pattern[str]
    """Starts where such a time ends, or what makes it rough."""
    starting: Pattern[str]
    """Ends where a time starts at which to leave, beside one to be there by: "leave at [8]"."""
    going: Pattern[str]
    """Starts where such a time ends."""
    ahead: Pattern[str]
    """By how many, `n`, hours or `minutes` to be there before a time."""
    whenever: Pattern[str]
    """In a message to which the time does not matter: "I don't mind when we arrive"."""
    greeting: Pattern[str]
    """Parts of the day that only greet, "good morning", or tell how long: "all night"."""
    opening: Pattern[str]
    """Those that greet where a conversation starts: "morning, ..."."""
    same_day: Pattern[str]
    """In a message that means the day of before: "the same evening"."""
    next_week: Pattern[str]
    """In a message that means a day of the next week."""
    weekend_after: Pattern[str]
    """In a message that means the weekend of the next week."""
    week_after_next: Pattern[str]
    """In a message that means a day of the week behind that."""
    weeks_ahead: Pattern[str]
    """In a message that means a day in so many weeks, `n` or `m`, or in a fortnight."""
    next_day: Pattern[str]
    """The day behind the one that was told."""
    day_before: Pattern[str]
    """The day before it."""
    not_early: Pattern[str]
    """In a message that wants to leave when the morning is not so young any more."""
    not_late: Pattern[str]
    """In a message that wants to be there before night."""
    lasting: Pattern[str]
    """A time that something lasts, behind what `stays` ends with: "for [two nights]"."""
    stays: Pattern[str]
    """Ends where such a time starts."""
    stayed: Pattern[str]
    """How long one stays, `n` days or `weeks`, until the way back."""
    through: Pattern[str]
    """Between the day of the way there and that of the way back: "the 20th to the 27th"."""
    staying: Pattern[str]
    """Ends where the day starts of the way back: "we stay until [Tuesday]"."""
    event: Pattern[str]
    """Ends where the day starts on which something else is: "her birthday is on [the 7th]"."""
    events: Pattern[str]
    """Starts where such a day ends."""
    shifted: Pattern[str]
    """Later or `earlier` than the day that was told, by `n` times a `day` or a `week`."""
    between: Pattern[str]
    """In a message of two times between which to leave."""
    to: Pattern[str]
    """Between two such times: "[10] or [11]"."""
    same_time: Pattern[str]
    """In a message that means the time of before."""
    either: Pattern[str]
    """Between two of which only one can be: "[Friday] or [Saturday]"."""


BUSY = (
    r"(\b(work|works|working|busy|open|lessons?|class|classes|school|shift|lunch|breakfast|dinner|"
    r"meetings?|asleep)|\b(have|has) (?!to )[a-z ]+)"
)
"""What ends at a time until which it lasts: "I work until [7]"."""


ENGLISH = Days(
    by=pattern(
        r"^(?!.*(\bnot|n't|\bnever|\bnothing|\bnone|\bno trains?)( \w+){0,3} (before|until)\b)"
        rf"(?!.*{BUSY} (until|till?) $).*"
        r"\b(before|by|until|till|no later than|(not|nothing|none) later than|latest at|"
        r"(not|nothing|none|never) after)"
        r"( (the|this|next|[a-z]+day|tomorrow))* $|"
        r"\b((be|gets?) (there|in|home)|be (in|at) [a-z-]+|"
        r"arriv(es?|ing|al)( there| (in|at) [a-z-]+)?)"
        r"( (at|around|about|ca|by|for|in|on|the|this|next|early|late|tomorrow|[a-z]+day,?|"
        r"\d{1,2}(st|nd|rd|th)?( of)? [a-z]{3,9}))* $|"
        r"(?<!after )\b(an?|the|my|our|his|her|their) ([a-z]+ )?(interview|appointment|meeting|"
        r"exam|conference|wedding|funeral|concert|match|game|show|flight)\b"
        r"(?!.*\b(ends?|finish\w*|over)\b)[^,.;]* (at|from) $|"
        r"\bit (starts|begins) (at|from) $|\bpicks? \w+ up (at|from) $"
    ),
    until=pattern(r" at the latest| latest"),
    before=pattern(r"\bbefore\b"),
    leaving=pattern(
        r"\b(leav(e|es|ing)|depart(s|ing)?|set off)( [a-z]+)? (before|by|no later than)\b"
    ),
    since=pattern(
        r"\b((?<!not )(?<!nothing )(?<!none )(?<!never )after|from|"
        r"(not|n't|never|nothing|none)( \w+){0,3} before|no earlier than)( the)? $|"
        r"\b(finish|finishes|ends?|over|off|done)( (the )?(work|school|office|shift))? "
        r"(at|by|around) $|"
        rf"{BUSY} (until|till?) $"
    ),
    onwards=pattern(r" (or later|onwards?|at the earliest)\b"),
    free=pattern(
        r"\b(finish|finishes|ends?|over|off|done)( (the )?(work|school|office|shift))? "
        rf"(at|by|around) $|{BUSY} (until|till?) $"
    ),
    freed=pattern(r"(?!)"),
    around=pattern(
        r"\b(around|about|roughly|approximately|near(er|ly)?|close to|ca\.?|more like)( the)? $"
    ),
    roughly=pattern(r"[ -]?ish\b| or so\b| or thereabouts\b| roughly\b"),
    starting=pattern(
        r"\b(leav(e|es|ing)|depart(s|ing)?|start(s|ing)?|set off|out)( [a-z]+)? "
        r"(at|around|about|from|in)( the)? $|\bthe (one|train) (at|around|about) $"
    ),
    going=pattern(r" (train|one|connection|departure)\b"),
    ahead=pattern(
        r"\b(?P<n>half an|an?|one|two|three|\d+) (hours?|(?P<minutes>minutes?))( or so)? "
        r"(before|early|ahead|in advance|beforehand)\b"
    ),
    whenever=pattern(
        r"(n't|\bnot|\bnever|\bdont|\bno) (really )?(mind|care|matter)\b[^.,;!?]*"
        r"\b(when|times?|arriv\w*)\b|\b(times?|arriv\w*|departure)\b[^.,;!?]*"
        r"(n't|\bnot|\bdoesnt) (really )?(matter|important)\b|"
        r"\bany ?time (of (the )?day )?(is|will be|would be|works) ?(fine|ok|okay|good)?\b"
    ),
    greeting=pattern(
        r"good (morning|afternoon|evening|night)|night train|all (morning|afternoon|evening|night)|"
        r"^\W*((hi|hello|hey)\W+)?(morning|afternoon|evening)"
        r"(?=!| (all|everyone|everybody|there|guys|folks)\b)"
    ),
    opening=pattern(
        r"^\W*(morning|afternoon|evening)"
        r"(?=[,.] (?!(but|or|not|around|about|at|before|after|if|preferably|ideally)\b|\d)| *$)"
    ),
    same_day=pattern(r"\b(same|that) (day|morning|afternoon|evening|night)\b"),
    next_week=pattern(r"\b((next|following) week|not this week|(the )?week after)\b(?! next)"),
    weekend_after=pattern(
        r"\bnot this weekend\b|\b(following weekend|weekend after)( this| that)?\b(?! next)"
    ),
    week_after_next=pattern(r"\bweek after next\b"),
    weeks_ahead=pattern(
        r"\bin (?:about )?(?:(?P<n>an?|one|two|three|four|five|six|\d) weeks?|a fortnight)\b|"
        r"\b(?P<m>two|three|four|\d) weeks (?:from (?:now|today)|ahead|away)\b"
    ),
    next_day=pattern(r"\bby (a|one) day\b|\b(next|following) day\b(?! (after|later))"),
    day_before=pattern(r"\bprevious day\b"),
    not_early=pattern(r"(\bnot|n't( be| leave| start| go)?) (too|so|very|that) early\b"),
    not_late=pattern(r"(\bnot|n't( be| arrive| get there)?) (too|so|very|that) late\b"),
    lasting=pattern(
        r"(about |around )?([a-z]+|\d+|a couple of|a few) (nights?|days?|weeks?|hours?)"
    ),
    stays=pattern(r"\b(for|stay|staying|spend|spending)( about| around)? $"),
    stayed=pattern(
        r"\bstay\w*( there)?( for)? (?P<n>an?|one|two|three|four|five|six|\d+) "
        r"(days?|nights?|(?P<weeks>weeks?))\b"
    ),
    through=pattern(r" ?(-|–|to|until|till|through) ?(the )?"),
    staying=pattern(r"\b(stay|stays|staying|remain|remaining)\b.*\b(until|till?|through)( the)? $"),
    event=pattern(
        r"^(?!.*\b(i|we|you|trip|train|journey|departure|travel|ticket|way)\b).*[a-z]{3} "
        r"(is|are|was|starts?|begins?|opens?|ends?|closes?|falls?|takes place|till?|until)"
        r"( (only|already|not|to|just))?( on)?( the)? $|"
        r"\b(was|were|ran|had|[a-z]+ed)\b[^,.;]* in $"
    ),
    events=pattern(r" is (her|his|my|our|their|the) [a-z]+"),
    shifted=pattern(
        r"\b(?P<n>the|an?|one|two|three|four|five|six|\d+) ((?P<day>day|night)|(?P<week>week))s? "
        r"(later|after( that)?|(?P<earlier>earlier|before( that)?|sooner))\b"
        r"(?! (tomorrow|yesterday))|"
        r"\b(bring|move|push|pull|put|shift)\b.*?\b((?P<before>forward|up)|back)\b.*"
        r"\bby (?P<m>an?|one|two|three|four|five|six|\d+) ((?P<days>day)|(?P<weeks>week))s?\b"
    ),
    between=pattern(r"\bbetween\b|\bafter\b.*\b(and|but) before\b"),
    to=pattern(r"\W*(or|to|-|–)?\W*"),
    same_time=pattern(
        r"\b(same|similar|that) ((departure|sort of|kind of) )?(time|hour)( of (the )?day)?\b"
    ),
    either=pattern(r"\W*\b(or|or maybe|or perhaps)( on)?\W*"),
)


CHINESE = Days(
    by=pattern(r"(最晚|最迟|赶在|(别|不|不要|不能)晚于)$"),
    until=pattern(
        r"的?[还要得有个]*(会议|开会|上班|上课|上学|面试|考试|婚礼|飞机(?!落|降|到)|航班(?!落|降|到)|比赛|演出)|的会|开始(?=\W*$)|"
        r"(之前|以前|前)(?!后|.{0,3}(不行|太早|起不来|走不了|不走|不要))|"
        r"(左右|钟)?(必须|可以|可不可以|能不能|要|能|得)+到|"
        r"(左右|钟)?到(?=\W*$|达|那|就|的|得了|可以|行|吗|么|没)"
    ),
    before=pattern(r"前"),
    leaving=pattern(
        r"前(就|都)?(得|要|能|想|可以)?(走|出发|动身|离开|发车)|"
        r"(走|出发|动身).{0,3}(别|不要|不能|不)晚于|晚于.{0,5}(走|出发|动身)"
    ),
    since=pattern(r"最早$"),
    onwards=pattern(
        r"钟?[之以过]?后|钟?才?(下班|放学|下课|散会|结束|忙完)|[之以]?前的?都?.{0,3}(不行|太早|起不来|走不了|不走|不要)"
    ),
    free=pattern(r"(上班|上课|开会|工作|忙)到$"),
    freed=pattern(r"钟?(我|就|才)*(下班|放学|下课|散会|结束|忙完)"),
    around=pattern(r"(大概|大约|差不多)(是|在)?$"),
    roughly=pattern(r"钟?(左右|前后|上下|的样子)"),
    starting=pattern(r"(?!)"),
    going=pattern(r"(钟|多|左右|[之以]?后)*((再|就)?(走|出发|动身|发车|离开)|的?[那这]一?[趟班])"),
    ahead=pattern(
        r"(提前|提早|早)(?P<n>半|[一二两三\d]+)个?半?((小时|钟头)|(?P<minutes>分钟?))"
        r"(?=左右?到|到|抵|赶到|在那|就?\W*$)"
    ),
    whenever=pattern(
        r"(几点|什么时候|时间|早晚)[^，。！？]{0,4}(无所谓|都行|都可以|随便|不要紧|没关系)"
    ),
    greeting=pattern(
        r"(整个?|一整个?)(早上|上午|下午|晚上|晚|夜)|(早上|上午|中午|下午|晚上)好|[早晚]安|^\W*早(?=[啊呀!！])"
    ),
    opening=pattern(r"^\W*早(?=[，,。]|$)"),
    same_day=pattern(r"当天|同一天|那天"),
    next_week=pattern(r"下个?(周|星期|礼拜)(?![一二三四五六日天末])|不是这(周|星期|礼拜)"),
    weekend_after=pattern(r"不是这个?周末"),
    week_after_next=pattern(r"下下个?(周|星期|礼拜)(?![一二三四五六日天末])"),
    weeks_ahead=pattern(r"(?P<n>[一二两三四五六\d])个?(?P<m>)(?:周|星期|礼拜)[之以]?后"),
    next_day=pattern(r"第二天|次日"),
    day_before=pattern(r"前一天"),
    not_early=pattern(r"(别|不要|不想|不能|不用)太早"),
    not_late=pattern(r"(别|不要|不想|不能)(到得)?太晚"),
    lasting=pattern(r"([\d一二三四五六七八九十两]+|几)(天|晚|夜|个?(晚上|星期|小时)|周)"),
    stays=pattern(r"(住|待|呆|玩|停留?|留)(上|个)?$"),
    stayed=pattern(
        r"(住|待|呆|玩|停留?|留)上?(?P<n>[\d一二三四五六七八九十两]+)个?(天|晚|夜|(?P<weeks>周|星期))"
    ),
    through=pattern(r"(到|至|-|—|–)"),
    staying=pattern(r"(住|待|呆|玩|停留|留)(上|个)?到$"),
    event=pattern(
        r"(生日|婚礼|会议?|考试|比赛|展览?|演出|面试|开学|放假|结婚|开会|上班|假期)(是|在|就|要|从|到)*$"
    ),
    events=pattern(
        r"([早晚]上|[上下]午|中午|才|就|要|得|还|有|我|他|她|去|是)*"
        r"(下班|上班|开会|考试|结婚|放假|开学|开始|生日|婚礼|面试|比赛|上课|加班)"
    ),
    shifted=pattern(
        r"(晚|推迟|推后|延后|往后|过|隔)(推|改|延)?(?P<n>[一二两三四五六七\d])((?P<day>天)|(?P<week>周|个?星期))|"
        r"(?P<earlier>早|提前|往前)(推|改)?(?P<m>[一二两三四五六七\d])((?P<days>天)|(?P<weeks>周|个?星期))"
    ),
    between=pattern(r"之间|(以后|之后).*(以前|之前)(?!就?[到抵])"),
    to=pattern(r"\W*(或者?|还是|到|至|-)?\W*"),
    same_time=pattern(
        r"(同样|一样|相同|差不多)的?(时间|时候|钟点)|同一时间|(还是|就)(那个|这个|原来的?)(点|时间|钟点)|时间(不变|一样|照旧)"
    ),
    either=pattern(r"[，, ]*(或者?|还是|要么)[，, ]*"),
)
