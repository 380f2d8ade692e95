"""What a message says of who travels: words for people, read into statements.

`passengers.py` applies them to the passengers who are known.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum
from typing import Iterator, List, Optional, Sequence, Tuple

from .dates import read_count, read_number
from .heard import CLAUSE, Mention, Situation
from .language import TRAVELLER, Language
from .language.people import People

MINORS = ("infant", "child")
MOST_PASSENGERS = 9
MONTHS = ("months", "young")
"""Groups of an age that is told in months."""
INFANT, ADULT, SENIOR = 6, 18, 65
"""Years under which a child is an infant and nobody is an adult, and from which one is a senior."""
OLD = re.compile(r"[- ]?(years?|yrs?|months?)[- ]old|周?岁的?")
BETWEEN = " 个個位名的"
"""What may stand between a number and its kind."""


class Says(Enum):
    """What is said of so many people of a kind."""

    COUNTED = "they are so many: '2 adults'"
    NAMED = "they are so many at least: 'my wife'"
    SOME = "they are all whose kind is not known: 'the kids'"
    MORE = "they come along, too: 'my wife is coming too'"
    LEAVE = "they do not come along: 'my wife is ill'"
    AMONG = "so many of those who travel are of the kind: 'one of us is a student'"
    NOT_AMONG = "one of those who travel is not of the kind: 'she is no student'"
    IN_ALL = "so many travel: '4 people'"
    UNREAD = "they are a number that cannot be read: 'umpteen people'"


COUNTING = (Says.COUNTED, Says.NAMED, Says.SOME)


@dataclass(frozen=True)
class Told:
    """A statement; its kind is TRAVELLER where people are told of without one."""

    says: Says
    kind: str = TRAVELLER
    count: int = 1
    """MOST_PASSENGERS where these are as many as there are."""
    said: str = ""
    """The number that cannot be read."""


def kind_at(age: int) -> str:
    """The kind of a passenger of so many years."""
    if age < ADULT:
        return "infant" if age < INFANT else "child"
    return "senior" if age >= SENIOR else "adult"


def ages_in(text: str, language: Language) -> List[Tuple[int, int, int]]:
    """How old passengers are: where each age starts and ends in a message, and the years."""
    found = [
        (one.span(one.lastgroup or 0), "0" if one.lastgroup in MONTHS else one[one.lastgroup or 0])
        for one in language.people.age.finditer(text)
        if one.lastgroup != "under"
    ]
    for row in language.people.ages.finditer(text):
        start = row.start(row.lastgroup or 0)
        for one in re.finditer(r"[^\W_]+", row[row.lastgroup or 0]):
            if one.group() not in ("and", "和", "跟"):
                found.append(((start + one.start(), start + one.end()), one.group()))
    read = ((span, read_number(years)) for span, years in dict(found).items())
    return sorted((start, end, years) for (start, end), years in read if years is not None)


def kin_in(text: str, language: Language) -> List[Tuple[int, int, str]]:
    """Passengers by words that the NLU has not found: where each starts and ends, and its kind."""
    found = language.people.kin.finditer(text)
    return [(*one.span(one.lastgroup or 0), str(one.lastgroup)) for one in found]


def joins(text: str, language: Language) -> bool:
    """Whether a message tells of one more who comes along."""
    people = language.people
    if people.one_more.search(text):
        return True
    asks = language.question.search(text)
    return bool(people.joins.search(text) and people.one_person.search(text) and not asks)


def bare_number(text: str, language: Language) -> Optional[int]:
    """The number that is all of a message, save "people"."""
    found = language.people.number.fullmatch(text.strip(" .!。！").lower())
    return read_number(found.group("number")) if found else None


def _answer(text: str, situation: Situation) -> Optional[int]:
    """How many people a message without passengers tells: "three people", "I said two"."""
    found = situation.language.people.number.fullmatch(text.strip(" .!。！").lower())
    if found and (found["who"] or situation.asked == "passengers"):
        return read_number(found["number"])
    if found or situation.asked != "passengers":
        return None
    words = re.findall(r"\d+|[a-z]+|[二三四五六七八九十两]+", text.lower())
    numbers = [number for number in map(read_number, words) if number and number > 1]
    return numbers[0] if len(numbers) == 1 else None


# Words for people ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Words:
    """Words of a message for people, at `text[start:end]`: a number, a noun, or both."""

    kind: str
    count: Optional[int]
    """None where the number cannot be read."""
    numbered: bool
    named: bool
    several: bool
    """Whether they are more than one, and nothing tells how many."""
    negated: bool
    start: int
    end: int
    around: str
    """They, and what stands in their clause between others and them."""
    behind: str
    """What follows in their clause, before others."""


def _words_in(text: str, mentions: Sequence[Mention], language: Language) -> Iterator[_Words]:
    """The words for people in a message."""
    past, people = 0, language.people
    pairs = list(_paired(_of_people(text, mentions, language), text, people))
    starts = [min(one.start for one in pair if one) for pair in pairs]
    for (number, noun), start, following in zip(pairs, starts, [*starts[1:], len(text)]):
        told = [mention for mention in (number, noun) if mention]
        end = max(one.end for one in told)
        before, behind = CLAUSE.split(text[past:start])[-1], text[end:].lstrip(BETWEEN)
        past, count = end, _count_of(number, noun, text, people)
        plural = people.plural.search(text[start : end + 1])
        counted = text[noun.start :] if noun else behind
        unit = noun is None and people.units.match(behind)
        if not (unit or people.things.match(counted) or people.card.match(counted)):
            yield _Words(
                kind=_kind_of(noun, behind, people),
                count=count,
                numbered=number is not None,
                named=noun is not None,
                several=bool(plural and number is None and count == 1),
                negated=any(mention.negated for mention in told),
                start=start,
                end=end,
                around=before + text[start:end],
                behind=CLAUSE.split(text[end:following])[0],
            )


def _kind_of(noun: Optional[Mention], behind: str, people: People) -> str:
    """The kind that a noun tells, or the one behind a number that the NLU has not found."""
    if noun:
        return kind_named(noun.value, people) or kind_named(noun.text, people) or TRAVELLER
    found = people.nouns.match(behind)
    return str(found.lastgroup) if found else TRAVELLER


def kind_named(noun: str, people: People) -> Optional[str]:
    """The kind that a noun tells, if it tells one."""
    kind, found = people.kinds.get(noun, noun), people.nouns.search(noun)
    if kind in people.kinds.values():
        return kind
    return found.lastgroup if found else None


def _count_of(
    number: Optional[Mention], noun: Optional[Mention], text: str, people: People
) -> Optional[int]:
    """How many people words tell of; None where that cannot be read."""
    if number:
        count = read_count(number.value)
        if count is None and people.alone.search(number.text):
            return 1
        return 2 * count if count and people.twos.match(text[number.end :]) else count
    found = people.counted.search(text[: noun.start]) if noun else None
    pair = noun and people.pair.search(noun.text)
    return (read_number(found["n"]) if found else None) or (2 if pair else 1)


def _of_people(text: str, mentions: Sequence[Mention], language: Language) -> List[Mention]:
    """The mentions of a message that may be of passengers, with a number that is not marked."""
    people, words = language.people, language.bookings
    other, total = language.trains.other.search(text), people.total.search(text)
    # "Can both tickets be changed" counts nobody.
    booked = words.every.search(text) and words.changing.search(text)
    counts = [
        one
        for one in mentions
        if one.kind == "count"
        and not people.owners.fullmatch(one.text)
        and not people.vague.search(text[: one.start])
        and not people.aged.match(text, one.start)
        and not (booked and people.tickets.match(text[one.end :]))
    ]
    nouns = [
        one
        for one in mentions
        if one.kind == "passenger_type" and not people.owners.fullmatch(one.text)
    ]
    # "The [kids]' [granny]" tells of no kids.
    owners = [
        one
        for one, other in zip(nouns, nouns[1:])
        if text[one.end : other.start] in ("", "的", "' ", "'s ")
        and not people.pair.search(text[one.start : other.end])
    ]
    alone = people.alone.search(text)
    if alone and language.question.search(text[: alone.start()]):
        # "Two travellers? It's only me".
        counts = [one for one in counts if not re.match(r"[^.!;,，。]*[?？]", text[one.end :])]
    ages = ages_in(text, language)
    if total and any(start <= total.start(total.lastgroup or 0) < end for start, end, _ in ages):
        # "We are 70 and 72".
        total = None
    if total and people.vague.search(text[: total.start(total.lastgroup or 0)]):
        total = None
    if total and not any(one.start < total.end() and one.end > total.start() for one in counts):
        said, (start, end) = total[total.lastgroup or 0], total.span(total.lastgroup or 0)
        counts.append(Mention("count", said, said, start, end))
    found = [*counts, *(one for one in nouns if one not in owners)]
    # "The other one" is a booking.
    found = [m for m in found if not (other and other.start() <= m.start < other.end())]
    return sorted(found, key=lambda mention: mention.start)


def _paired(
    mentions: Sequence[Mention], text: str, people: People
) -> Iterator[Tuple[Optional[Mention], Optional[Mention]]]:
    """Numbers with the nouns that they count, and those that stand alone."""
    pairs = list(zip(mentions[::2], mentions[1::2]))
    if 0 < len(mentions) == 2 * len(pairs) and all(
        (noun.kind, number.kind) == ("passenger_type", "count")
        and people.then.fullmatch(text[noun.end : number.start])
        and not people.heads.match(text[number.end :])
        for noun, number in pairs
    ):
        # "Adults: 2, kids: 1".
        yield from ((number, noun) for noun, number in pairs)
        return
    number: Optional[Mention] = None
    for mention in mentions:
        if number and (mention.kind == "count" or _are_apart(number, mention, text, people)):
            yield number, None
            number = None
        if mention.kind != "count":
            yield number, mention
        number = mention if mention.kind == "count" else None
    if number:
        yield number, None


def _are_apart(number: Mention, noun: Mention, text: str, people: People) -> bool:
    """Whether a number does not count what a noun names."""
    between = OLD.sub("", people.age.sub("", text[number.end : noun.start])).strip(BETWEEN)
    if between and number.group and noun.group:
        return number.group != noun.group
    return bool(between and people.joined.search(between))


# Statements ---------------------------------------------------------------------------------------


def statements_in(text: str, mentions: Sequence[Mention], situation: Situation) -> List[Told]:
    """What a message says of who travels."""
    return _Reader(text, mentions, situation).read()


class _Reader:
    """Reads a message, in view of the passengers who are known."""

    def __init__(self, text: str, mentions: Sequence[Mention], situation: Situation) -> None:
        self.text = text
        self.language, self.people = situation.language, situation.language.people
        self.known = situation.journey.get("passengers") or {}
        self.alone = sum(self.known.values()) == 1
        self.answers = situation.asked == "passengers" and not self.known
        self.gone = self.people.gone.search(text)
        self.leaving = CLAUSE.split(text[: self.gone.start()])[-1] if self.gone else ""
        self.speaker = None if self.gone else self.people.myself.search(text)
        self.words = list(_words_in(text, mentions, self.language))
        self.years = ages = ages_in(text, self.language)
        self.number = None if mentions or ages else _answer(text, situation)
        child = any(words.kind in MINORS for words in self.words) or self.people.little.search(text)
        # "2 adults and a 4 year old".
        self.aged = [] if child or self.gone else [*self.people.aged.finditer(text)]
        if 0 < len(self.aged) <= sum(self.known.get(kind, 0) for kind in MINORS):
            # "One is 4, one is 9" tells of those who are known.
            self.aged = []
        apart = [*self.aged, *self.people.aged_between.finditer(text)]
        ages = [age for age in ages if not any(a.start() <= age[0] < a.end() for a in apart)]
        self.words = [self._grown(words, ages) for words in self.words]
        if any(words.kind == "adult" and self._is_heir(words) for words in self.words):
            # "My daughter is 30, an adult, no child" tells of one.
            self.words = [
                words
                for words in self.words
                if words.numbered
                or self._is_heir(words)
                or not self.people.bare.search(text[words.start : words.end])
            ]
        self.others = [words for words in self.words if not self._is_speaker(words)]
        self.ages = [kind_at(age) for _, _, age in ages if kind_at(age) != "adult"]
        under = [one["under"] for one in self.people.age.finditer(text) if one["under"]]
        self.under = [kind_at(years - 1) for years in map(read_number, under) if years]

    def read(self) -> List[Told]:
        """What the message says of people, then of their ages, then of how many they are."""
        unread = [words for words in self.others if words.count is None]
        if unread:
            said = self.text[unread[0].start : unread[0].end]
            return [Told(Says.UNREAD, said=said)]
        if self._asks_price():
            return []
        told = [Told(Says.COUNTED, kind_at(read_number(one["age"]) or 0)) for one in self.aged]
        if self.words and self.speaker and not self.alone:
            # The speaker is an adult beside others whose kind is told.
            kinds = {words.kind for words in self.others} - {TRAVELLER}
            told.append(Told(Says.COUNTED, "adult" if kinds else TRAVELLER))
        if not told and joins(self.text, self.language) and all(map(self._describes, self.others)):
            told.append(Told(Says.MORE))
        for words in self.others:
            told = self._with(told, words)
        told = self._aged(told or self._unmarked())
        # "A discount card for one of us" counts nobody.
        told = [one for one in told if (one.says, one.kind) != (Says.AMONG, TRAVELLER)]
        return self._summed(told)

    def _grown(self, words: _Words, ages: Sequence[Tuple[int, int, int]]) -> _Words:
        """Words for a child that is no child any more: "my daughter comes too, she is 34"."""
        own = [kind_at(age) for start, _, age in ages if start >= words.start]
        heir = self._is_heir(words)
        grown = own[:1] and own[0] not in MINORS
        # The daughter of a senior.
        grown = grown or (heir and not own and self.known.get("senior"))
        return replace(words, kind="adult") if words.kind == "child" and heir and grown else words

    def _is_heir(self, words: _Words) -> bool:
        """Whether words are for somebody's child, of whatever age."""
        return bool(self.people.heirs.search(self.text[words.start : words.end]))

    def _asks_price(self) -> bool:
        """Whether a message asks what one pays, or a child, and counts nobody."""
        if not self.language.talk.asking.search(self.text):
            return False
        on_child = self.people.little.search(self.text) and self.people.price.search(self.text)
        counts = any(words.numbered or words.negated for words in self.words)
        return bool(self.people.each.search(self.text) or (on_child and not counts))

    def _is_speaker(self, words: _Words) -> bool:
        """Whether words are the speaker's: "[me] and my wife"."""
        me = None if words.named else self.speaker
        return bool(me and words.start < me.end() and words.end > me.start())

    def _with(self, told: List[Told], words: _Words) -> List[Told]:
        """Statements, and what words say beside them."""
        kind, count = words.kind, words.count or 0
        if self.gone:
            return told + self._leaving(words)
        if self._describes(words):
            return self._described(told, kind, not words.negated)
        if self._are_fewer(words):
            return told + self._left_out(words)
        if words.negated:
            # "The 11th, not 4" is about no passengers.
            meant = words.named or count == self.known.get(kind)
            return told + [Told(Says.COUNTED, kind, 0)] * (kind in self.known and meant)
        if self._are_all(words):
            whole = [Told(Says.IN_ALL, kind, count)] * words.numbered
            return self._all(told + whole, kind, self._in_clause_of(words))
        if self._is_told(words, told):
            return told
        return [*told, Told(self._says(words), kind, count)]

    def _describes(self, words: _Words) -> bool:
        """Whether words say what somebody is like who is told already: "she is a student"."""
        being = self.people.being.search(self.text[: words.start]) and not words.numbered
        return bool(being and not (self._are_all(words) or self._are_among(words)))

    def _described(self, told: List[Told], kind: str, is_so: bool = True) -> List[Told]:
        """Statements; whoever was told last, or somebody, is of a kind, or is not."""
        says = Says.AMONG if is_so else Says.NOT_AMONG
        if not told:
            answers = self.answers and is_so and kind not in MINORS
            too = is_so and self.people.too.search(self.text) and self.known.get(kind, 0)
            return [Told(Says.NAMED if answers else says, kind, 1 + (too or 0))]
        if (
            told[:-1]
            and told[-1].kind == TRAVELLER
            and told[-1].says in (Says.COUNTED, Says.IN_ALL)
        ):
            # "She is 79, so we are two".
            return [*self._described(told[:-1], kind, is_so), told[-1]]
        *others, last = told
        one = is_so and last.count == 1
        if last.says is Says.MORE:
            return [*others, replace(last, kind=kind if one else last.kind)]
        if one and last.says is Says.NAMED and last.kind not in MINORS:
            # "My wife is 70": she may be one of several.
            several = self.known and not self.alone
            return [*others, Told(Says.AMONG if several else Says.NAMED, kind)]
        return [*told, Told(says, kind)]

    def _are_all(self, words: _Words) -> bool:
        """Whether all are of a kind: "we are both retired", "we are both 24, students"."""
        told = self.people.everyone.search(words.around)
        if self.years and not told:
            told = self.people.everyone.search(
                re.split("[.!?。！？]", self.text[: words.start])[-1]
            )
        return bool(told and words.kind != TRAVELLER)

    def _all(self, told: List[Told], kind: str, these: int = 0) -> List[Told]:
        """Statements; these, or all who are told of, or all who travel, are of a kind."""
        many = sum(one.count for one in told if one.says in (*COUNTING, Says.IN_ALL))
        # "My parents and I, they are all over 65".
        many -= bool(self.speaker and self.people.they.search(self.text))
        both = 2 if self.people.both.search(self.text) else 0
        if not (many or self.known):
            return [*told, Told(Says.NAMED, kind, both or 1)]
        if both > sum(self.known.values()) and not told:
            told = [Told(Says.IN_ALL, count=both)]
        many = both or these or (many if many > 1 else MOST_PASSENGERS)
        return [*told, Told(Says.AMONG, kind, many)]

    def _in_clause_of(self, words: _Words) -> int:
        """How many people are told of before words in their clause: "my parents are all ..."."""
        start = words.start - len(CLAUSE.split(self.text[: words.start])[-1])
        before = [one.count or 0 for one in self.others if start <= one.start < words.start]
        speaks = self.speaker and start <= self.speaker.start() < words.start
        return sum(before) + bool(speaks) if before else 0

    def _is_told(self, words: _Words, told: Sequence[Told]) -> bool:
        """Whether people are told of already: "a kid, and the kid is six"."""
        before = [one for one in self.words if one.end <= words.start]
        between = self.text[before[-1].end : words.start] if before else ""
        beside = not between.strip() or self.people.joins.fullmatch(between)
        if before and beside and not (words.named or before[-1].numbered):
            # "爸妈两个人", "朋友也要一张".
            return words.count == before[-1].count
        if words.numbered or not CLAUSE.search(between):
            return False
        nouns = [self.text[one.start : one.end] for one in before]
        counted = any((one.says, one.kind) == (Says.COUNTED, words.kind) for one in told)
        return self.text[words.start : words.end] in nouns or (counted and words.kind in MINORS)

    def _says(self, words: _Words) -> Says:
        """What words say of the people whom they name."""
        if self._are_among(words):
            return Says.AMONG
        if not self.speaker and self._are_more(words):
            return Says.MORE
        if words.numbered and self._are_whole(words):
            return Says.IN_ALL
        if self.speaker and self.alone:
            # The speaker is known already.
            return Says.MORE
        if words.several and words.kind != TRAVELLER:
            return Says.SOME
        if words.numbered or self.speaker:
            return Says.COUNTED
        if words.kind != TRAVELLER:
            return Says.NAMED
        # "Is my boss insured" counts nobody, unless nobody is known.
        counts = any(one.numbered for one in self.others) or self.people.only.search(self.text)
        return Says.AMONG if self.known and not counts else Says.COUNTED

    def _are_among(self, words: _Words) -> bool:
        """Whether these are some of the others: "one of us is a student"."""
        if self.people.part_of.search(words.around):
            return True
        found = self.people.part_of.match(self.text[words.start :])
        # "Two of us" are all, and "two of us are over 65" are not.
        us = found and found.groupdict().get("us") and words.count != 1
        apart = found and CLAUSE.match(self.text[words.start + found.end() :])
        return bool(found and (not us or ((self.ages or self.under) and not apart)))

    def _are_more(self, words: _Words) -> bool:
        """Whether these come along, too."""
        more, behind = self.people.more, self.text[words.end :].lstrip()
        joined = not words.numbered and self.people.joins.search(self.text)
        return bool(joined or more.search(words.around) or (not words.named and more.match(behind)))

    def _are_whole(self, words: _Words) -> bool:
        """Whether others are among these: "5 people, 2 kids", "2 and 3, so 5"."""
        others = [one.count or 0 for one in self.others if one is not words]
        is_sum = words.count == sum(others) + bool(self.speaker) > 1
        if words.named:
            last = words is self.words[-1] and len(others) > 1
            return bool(is_sum and last and self.people.sums.search(self.text))
        if self.people.beside.search(self.text[: words.start]):
            return False
        behind = self.text[words.end :]
        heads = self.people.heads.match(behind)
        rest = behind[heads.end() :] if heads else ""
        clause = CLAUSE.match(rest) and not self.people.joined.match(rest[1:].lstrip())
        totals = self.people.total.finditer(self.text)
        total = any(one.start() <= words.start < one.end() for one in totals)
        return bool(is_sum or total or clause or self.people.tickets.match(behind))

    def _are_only(self) -> bool:
        """Whether "only" is said of the first who are told, in their clause."""
        first = self.words[0] if self.words else None
        before = CLAUSE.split(self.text[: first.start])[-1] if first else self.text
        return bool(self.people.only.search(before + (first.behind if first else "")))

    def _leaving(self, words: _Words) -> List[Told]:
        """Those who do not come along, or the number of those who are left.

        "My friend is ill, we are three": the friend does not come along.
        """
        end = self.gone.start() if self.gone else 0
        if end - len(self.leaving) <= words.start < end or not self.leaving.strip():
            return self._left_out(words)
        # "Cancel one ticket" tells of those who leave.
        left = not (words.named or self._are_fewer(words) or self._are_among(words))
        return [Told(Says.IN_ALL, words.kind, words.count or 0)] if left else []

    def _left_out(self, words: _Words) -> List[Told]:
        """Those whom words name do not come along."""
        kind, count, said = words.kind, words.count or 0, self.text[words.start : words.end]
        if self.people.elder.search(said) and self.known.get("senior", 0) >= count:
            kind = "senior"
        count = MOST_PASSENGERS if words.several and kind in self.known else count
        if (
            (words.several or count > 1)
            and kind == "senior"
            and self.known.keys().isdisjoint((kind, TRAVELLER))
        ):
            # "The grandparents aren't travelling" leaves out nobody who does.
            return []
        # "Two seniors, no adult" leaves both in.
        unknown = self.known.keys().isdisjoint((kind, TRAVELLER))
        if words.negated and unknown and said.rstrip("s") in self.people.kinds:
            return []
        # One child may be grown up.
        strange = kind in MINORS and self.known.keys() <= {"adult", "senior", TRAVELLER}
        strange = strange and (words.several or words.negated)
        return [Told(Says.LEAVE, kind, count)] if self.known and not strange else []

    def _are_fewer(self, words: _Words) -> bool:
        """Whether these are taken away: "remove one kid", "one kid less", "without my wife"."""
        one = words.negated and words.named and not (words.numbered or words.several)
        fewer = self.people.fewer.search(self.text, words.end - len(words.around))
        taken = fewer and fewer.start() < words.end
        return bool(one or taken or self.people.off.match(words.behind))

    def _unmarked(self) -> List[Told]:
        """Who is told of where the NLU has not found anybody."""
        if self.gone:
            if self.ages and self.known.get(self.ages[-1]):
                return [Told(Says.LEAVE, self.ages[-1])]
            child = self.people.little.search(self.leaving)
            if child and not self.known.keys().isdisjoint(MINORS):
                several = self.people.plural.search(self.leaving[child.start() : child.end() + 1])
                return [Told(Says.LEAVE, "child", MOST_PASSENGERS if several else 1)]
            one = self.known and self.people.one_person.search(self.leaving or self.text)
            return [Told(Says.LEAVE)] if one else []
        if self.number:
            return [Told(Says.IN_ALL, count=self.number)]
        alone = self.people.alone.search(self.text) and not self.alone
        return [Told(Says.IN_ALL)] if alone else []

    def _aged(self, told: List[Told]) -> List[Told]:
        """Statements, with those on ages."""
        children = sum(kind in MINORS for kind in self.ages)
        minors = [one for one in told if one.kind in MINORS]
        if children > 1 and not minors and self.people.little.search(self.text):
            told = [*told, Told(Says.COUNTED, "child", children)]
        elif (
            len(minors) == 1
            and children > max(minors[0].count, *(self.known.get(kind, 0) for kind in MINORS))
            and minors[0].kind == "child"
        ):
            # "Our kids are 4 and 9".
            counted = replace(minors[0], says=Says.COUNTED, count=children)
            told = [counted if one is minors[0] else one for one in told]
        if self.gone:
            return told
        if told and self.under:
            return [*told, Told(Says.AMONG, self.under[0], told[-1].count)]
        if len(self.ages) != 1:
            return told + [Told(Says.AMONG, kind, n) for kind, n in Counter(self.ages).items()]
        (kind,) = self.ages
        if self.people.everyone.search(self.text):
            # "The kids are all ten": the grown-ups are not.
            these = sum(self.known.get(one, 0) for one in MINORS) if minors else 0
            return self._all(told, kind, these)
        if told and told[-1].says is Says.AMONG:
            return [*told[:-1], replace(told[-1], kind=kind)]
        return self._described(told, kind)

    def _summed(self, told: List[Told]) -> List[Told]:
        """Statements, of which one tells how many travel in all, if any does."""
        counted = [one for one in told if one.says in COUNTING]
        others = [one for one in counted if one.kind != TRAVELLER]
        wholes = [one.count for one in told if one.says is Says.IN_ALL]
        kinds = {one.kind for one in others}
        only = self._are_only() and kinds - {*MINORS}
        # "1 adult, 1 student" are all there are, and "and 1 student, 1 senior" are others.
        anew = len(kinds) > 1 and kinds - {*MINORS} and {one.says for one in told} == {Says.COUNTED}
        if self.words and self.people.beside.search(self.text[: self.words[0].start]):
            anew = False
        if not (wholes or only or anew or others != counted):
            return told
        total = max(wholes) if wholes else sum(one.count for one in counted)
        kept = [one for one in told if one in others or one.says not in (*COUNTING, Says.IN_ALL)]
        return [*kept, Told(Says.IN_ALL, count=total)]
