"""Who travels: kinds of passengers, and how they are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Pattern

from .pattern import pattern


@dataclass(frozen=True)
class People:
    """One language's words of it."""

    none_of: Pattern[str]
    """Ends where passengers start that do not come along: "no [kids]"."""
    number: Pattern[str]
    """A message that is a `number` of people."""
    same: Pattern[str]
    """In a message that means the passengers of before: "same people"."""
    both: Pattern[str]
    only: Pattern[str]
    more: Pattern[str]
    joins: Pattern[str]
    """In a message of somebody who comes along, too."""
    plural: Pattern[str]
    """A kind of passenger that is more than one."""
    one_person: Pattern[str]
    """In a message of one person without a name: "he is ill"."""
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
    kinds: Mapping[str, str]
    """Kinds of passengers, as the NLU's values, to the store's."""


ENGLISH = People(
    none_of=pattern(r"\b(no|without|without the|without my|minus the) $"),
    number=pattern(
        r"(?P<number>[\w-]+(?: hundred)?)"
        r"(?P<who> (?:persons?|people|of us|passengers?|travell?ers?))?(?: please)?"
    ),
    same=pattern(
        r"\bsame (\w+ )?(people|persons|passengers?|travell?ers?|group|party|number|family|"
        r"as (before|last time))\b|\b(as many|the same) (\w+ )?as (before|last time)\b"
    ),
    both=pattern(r"\bboth\b"),
    only=pattern(r"\b(only|just|alone)\b"),
    more=pattern(r"\b(add|more|another|extra|additional)\b"),
    joins=pattern(
        r"\b(come|comes|coming|go|goes|going|join|joins|joining)\b.*\b(too|as well|along)\b"
    ),
    plural=pattern(r"\w\ws$"),
    one_person=pattern(r"\b(he|she|my (?!\w+ and)\w+)\b"),
    everyone=pattern(r"\b(all|both|everyone|everybody)\b"),
    myself=pattern(
        r"\b(me|myself|i) (and|with|plus)\b|\b(me|i), (my|our|and)\b|\b(and|plus) (me|myself|i)\b|"
        r"\bi('m| am)? (travel|travelling|traveling|going|come|coming) with\b"
    ),
    beside=pattern(r"\b(me|myself|i) (and|with|plus|&|\+) ((my|our|these) )?$"),
    counted=pattern(r"\b(?P<n>[a-z]+|\d+) $"),
    gone=pattern(
        r"\b(is|are|got|fell) (sick|ill)\b|\b(dropped|drops|dropping|is|are) out\b|"
        r"\b(can ?not|(can|won|isn|aren|doesn|don)'?t|is not|are not|not|no longer) (be )?"
        r"(want to )?(come|coming|travel|travelling|make it|join|joining)\b|"
        r"\b(stays?|staying) (at )?home\b"
    ),
    age=pattern(
        r"\b(?P<age>\d{1,2}|[a-z]+)(?=[- ](?:years?|yrs?)[- ]old\b)|"
        r"\b(?:(?<=is )|(?<=am )|(?<=are )|(?<=aged )|(?<='s )|(?<='m )|(?<=over ))"
        r"(?P<years>\d{2})(?=\W*$)|"
        r"(?:(?<=child of )|(?<=kid of )|(?<=son of )|(?<=baby of )|(?<=girl of )|(?<=boy of )|"
        r"(?<=daughter of )|(?<=\bhe's )|(?<=\bhe is )|(?<=\bthey're ))(?P<only>\d{1,2})(?=\W*$|,)"
    ),
    alone=pattern(
        r"\b(only|just) (for )?(me|myself)\b|\b(only|just) one(?= person| of us|,|\W*$)|"
        r"\bby myself\b|\bon my own\b|\balone\b|\bsolo\b|^\W*me\W*$|"
        r"\b(only|just) (for )?(her|him)\b"
    ),
    part_of=pattern(r"\b(one|two|three|some) of (us|them|those|the|whom)\b"),
    tickets=pattern(r" ([\w-]+ ){0,3}?(tickets?|seats?|places)\b"),
    joined=pattern(r"\b(and|with|plus|my)\b|[,;+&]"),
    kinds={kind: kind for kind in ("adult", "child", "student", "senior", "infant")},
)


CHINESE = People(
    none_of=pattern(r"(没有?|沒有?|不带|不帶|没带|没|不算)$"),
    number=pattern(
        r"(?P<number>[零一二三四五六七八九十百两俩仨\d]+)(?:(?P<who>个人|個人|位乘客|位|人)|个|名)?吧?"
    ),
    same=pattern(
        r"(同样|一样|相同)的?(人|乘客|人数)|(人数?|乘客)(不变|一样|相同|照旧)|(上次|刚才|之前|原来)(那些|那几个|的那?几?个?)(人|乘客)|"
        r"还是(我们|这些人|那些人|这几|那几)"
    ),
    both=pattern(r"两个都|两人都|俩都|兩個都"),
    only=pattern(r"只有?|就(我|有)|仅|僅|单独|只要"),
    more=pattern(r"再|多一|多两|另外|还有|還有|外加"),
    joins=pattern(r"也(来|去|要去|想去|一起|坐)|一起(来|去|走)|加上|带上"),
    plural=pattern(r"们$"),
    one_person=pattern(r"[他她](?!们)|爸爸|妈妈|父亲|母亲|[爷奶]|[儿女]|朋友|同[事学]|老[公婆]"),
    everyone=pattern(r"都|全"),
    myself=pattern(r"我(和|跟|带|帶|与|與|加)|(和|跟|还有|還有)我(?!的|们|們|一样|同)"),
    beside=pattern(r"我(和|跟|带|帶|与|與|加|还有|還有)(我的?|其他)?$"),
    counted=pattern(r"(?P<n>[二三四五六七八九十两兩\d]+)[个個位名]?$"),
    gone=pattern(r"病了|(来|去|走)不(了|成)|不(来|去|走)了|退出"),
    age=pattern(r"(?P<age>[\d一二三四五六七八九十]{1,3})(?=周?岁)"),
    alone=pattern(r"[就只]有?[我他她](?!们)|我自己|我一个人?|一个人|独自"),
    part_of=pattern(r"其中|(里面?|中)有|有[一两]个是"),
    tickets=pattern(r"[张張]"),
    joined=pattern(r"[和跟与與带帶加，,、；;+]"),
    kinds={
        "成人": "adult",
        "儿童": "child",
        "学生": "student",
        "老人": "senior",
        "婴儿": "infant",
    },
)
