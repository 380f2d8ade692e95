"""What a message says of who travels: words for people, read into statements.

`passengers.py` applies them to the passengers who are known.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations, product
from typing import Iterator, List, Match, Optional, Sequence, Tuple

from .dates import read_count, read_number
from .heard import CLAUSE, STOP, Mention, Situation, asks_share
from .language import TRAVELLER, Language
from .language.people import People

MINORS = ("infant", "child")
MOST_PASSENGERS = 9
INFANT, ADULT, OVERGROWN, SENIOR = 6, 18, 26, 65
"""Years under which one is an infant, a child, perhaps taken for a child, and no senior."""
AGAIN = re.compile(r"[- ]?(years?|yrs?)[- ]old|周?岁的")
"""Starts behind an age that may have been told before."""
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
    under = {"infant": INFANT, "child": ADULT, "adult": SENIOR}
    return next((kind for kind, years in under.items() if age < years), "senior")


def ages_in(text: str, language: Language) -> List[Tuple[int, int, int]]:
    """How old passengers are: where each age starts and ends in a message, and the years."""
    found = {
        one.span(one.lastgroup or 0): "0" if one.lastgroup == "months" else one[one.lastgroup or 0]
        for one in language.people.age.finditer(text)
        if one.lastgroup != "under"
    }
    for row in language.people.ages.finditer(text):
        words = re.compile(r"\d+|[^\W\d_和跟]+").finditer(text, *row.span(row.lastgroup or 0))
        found.update({one.span(): one.group() for one in words})
    read = sorted((span, read_number(years)) for span, years in found.items())
    ages: List[Tuple[int, int, int]] = []
    for (start, end), years in read:
        # "One is 5, one is 11, and the 5-year-old sits on my lap".
        again = AGAIN.match(text, end) and years in (one for _, _, one in ages)
        if years is not None and not again:
            ages.append((start, end, years))
    return ages


def kin_in(text: str, language: Language) -> List[Tuple[int, int, str]]:
    """Passengers by words that the NLU has not found: where each starts and ends, and its kind."""
    found, end = [], -2
    for one in language.people.kin.finditer(text):
        start = one.start(one.lastgroup or 0)
        # "My friend Anna and I" are two.
        if not (start == end + 1 and text[start].isupper()):
            found.append((*one.span(one.lastgroup or 0), str(one.lastgroup)))
        end = one.end(one.lastgroup or 0)
    return found


def joins(text: str, language: Language) -> bool:
    """Whether a message tells of one more who comes along."""
    people = language.people
    one = people.one_person.search(text) and not language.question.search(text)
    comes = people.joins.search(text) and (one or kin_in(text, language))
    return bool(people.one_more.search(text) or comes)


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
    said: str
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
                said=text[start:end],
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
    found = people.counted.search(text[: noun.start]) if noun and not number else None
    end = number.end if number else found.end("n") if found else 0
    count = read_count(number.value) if number else read_number(found["n"]) if found else None
    if count and people.twos.match(text[end:]):
        return 2 * count
    if number or not noun:
        return 1 if number and count is None and people.alone.search(number.text) else count
    pair = people.pair.search(text[: noun.end]) and (count or 1) == 1
    return 2 if pair else count or read_number(noun.text[-1]) or 1


def _of_people(text: str, mentions: Sequence[Mention], language: Language) -> List[Mention]:
    """The mentions of a message that may be of passengers, with a number that is not marked."""
    people, words = language.people, language.bookings
    other, total = language.trains.other.search(text), people.total.search(text)
    # "Can both tickets be changed" counts nobody.
    booked = words.every.search(text) and words.changing.search(text)
    mentions = [one for one in mentions if not people.owners.fullmatch(one.value)]
    counts = [
        one
        for one in mentions
        if one.kind == "count"
        and not people.vague.search(text[: one.start])
        and not people.aged.match(text, one.start)
        and not (booked and people.tickets.match(text[one.end :]))
    ]
    nouns = [one for one in mentions if one.kind == "passenger_type"]
    # "The [kids]' [granny]" tells of no kids, and "老婆孩子" of both.
    owners = [
        one
        for one, other in zip(nouns, nouns[1:])
        if text[one.end : other.start]
        in ("的", "他", "' ", "'s ", *[""] * (_kind_of(other, "", people) not in MINORS))
        and not people.pair.search(text[one.start : other.end])
    ]
    alone = people.alone.search(text)
    if alone and language.question.search(text[: alone.start()]):
        # "Two travellers? It's only me".
        counts = [one for one in counts if not re.match(r"[^.!;,，。]*[?？]", text[one.end :])]
    if total:
        said, (start, end) = total[total.lastgroup or 0], total.span(total.lastgroup or 0)
        # "We are 70 and 72", "a day or two".
        aged = any(s <= start < e for s, e, _ in ages_in(text, language))
        marked = any(one.start < total.end() and one.end > total.start() for one in counts)
        if not (aged or marked or people.vague.search(text[:start])):
            counts.append(Mention("count", said, said, start, end))
    found = [*counts, *(one for one in nouns if one not in owners)]
    # "The other one" is a booking.
    found = [m for m in found if not (other and other.start() <= m.start < other.end())]
    return sorted(found, key=lambda mention: mention.start)


def _paired(
    mentions: Sequence[Mention], text: str, people: People
) -> Iterator[Tuple[Optional[Mention], Optional[Mention]]]:
    """Numbers with the nouns that they count, and those that stand alone."""
    behind = {
        noun: number
        for noun, number in zip(mentions, mentions[1:])
        if (noun.kind, number.kind) == ("passenger_type", "count")
        and people.then.fullmatch(text[noun.end : number.start])
        and not people.heads.match(text[number.end :])
    }
    if 2 * len(behind) != len(mentions):
        # "Four in all, the kids are two"; but "adults: 2, kids: 1".
        behind = {one: n for one, n in behind.items() if text[one.end : n.start].strip()}
    number: Optional[Mention] = None
    for mention in (one for one in mentions if one not in behind.values()):
        if number and (mention.kind == "count" or _are_apart(number, mention, text, people)):
            yield number, None
            number = None
        if mention.kind != "count":
            yield number or behind.get(mention), mention
        number = mention if mention.kind == "count" else None
    if number:
        yield number, None


def _are_apart(number: Mention, noun: Mention, text: str, people: People) -> bool:
    """Whether a number does not count what a noun names."""
    between = OLD.sub("", people.age.sub("", text[number.end : noun.start])).strip(BETWEEN)
    between = people.vague.sub("", between + " ").strip()
    return bool(between and people.joined.search(between))


class Reader:
    """Reads what a message says of who travels, in view of the passengers who are known."""

    def __init__(self, text: str, mentions: Sequence[Mention], situation: Situation) -> None:
        self.text = text
        self.language, self.people = situation.language, situation.language.people
        self.known = situation.journey.get("passengers") or {}
        self.alone = sum(self.known.values()) == 1
        self.answers = situation.asked == "passengers" and not self.known
        # Where those are named who leave: from the start of a clause to the verb.
        self.gone = [
            range(one.start() - len(CLAUSE.split(text[: one.start()])[-1]), one.start())
            for one in self.people.gone.finditer(text)
        ]
        self.words = list(_words_in(text, mentions, self.language))
        self.speaker = self._speaker()
        self.years = ages = ages_in(text, self.language)
        self.number = None if mentions or ages else _answer(text, situation)
        bare, heirs, little = self.people.bare, self.people.heirs, self.people.little
        child = any(words.kind in MINORS for words in self.words) or little.search(text)
        # "2 adults and a 4 year old"; "one is 4, one is 9" tells of those who are known.
        self.aged = [] if self.gone else [*self.people.aged.finditer(text)]
        if child:
            # "One baby and a 4 year old"; but "the boy, a 4 year old".
            numbered = all(words.numbered for words in self.words if words.kind in MINORS)
            beside = self.people.beside
            self.aged = [a for a in self.aged if numbered and beside.search(text[: a.start()])]
        minors = sum(self.known.get(kind, 0) for kind in MINORS)
        self.aged *= len(self.aged) > minors
        apart = [*self.aged, *self.people.aged_between.finditer(text)]
        ages = [age for age in ages if not any(a.start() <= age[0] < a.end() for a in apart)]
        self.words = [self._grown(words, ages) for words in self.words]
        heir = any(one.kind == "adult" and heirs.search(one.said) for one in self.words)
        if heir or len(ages) > 1 < len(self.words):
            # "My daughter is 30, an adult, no child", "he is 66, she is 68, both seniors".
            self.words = [one for one in self.words if one.numbered or not bare.search(one.said)]
        me = {*range(*self.speaker.span())} if self.speaker else set()
        # "[Me] and my wife".
        self.others = [w for w in self.words if w.named or me.isdisjoint(range(w.start, w.end))]
        self._count_once()
        alike = self.known and not self.words and self.people.everyone.search(text)
        self.ages = [k for k in (kind_at(age) for _, _, age in ages) if alike or k != "adult"]
        # Who was told to be a child is grown up.
        young = all(bare.search(w.said) or little.search(w.said) for w in self.words)
        grown = young and any(ADULT <= age < OVERGROWN for _, _, age in ages)
        self.grown = bool(grown and minors and not self.ages)
        under = [one["under"] for one in self.people.age.finditer(text) if one["under"]]
        # "If it's under 80, book it" is a price.
        young_ages = [years for years in map(read_number, under) if years and years <= OVERGROWN]
        self.under = [kind_at(years - 1) for years in young_ages]

    def read(self) -> List[Told]:
        """What the message says of people, then of their ages, then of how many they are."""
        unread = [words for words in self.others if words.count is None]
        if unread:
            return [Told(Says.UNREAD, said=unread[0].said)]
        counts = any(words.numbered or words.negated for words in self.words)
        if asks_share(self.text, self.language, counts):
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

    def _speaker(self) -> Optional[Match[str]]:
        """Where the speaker is named who travels: "me and my wife", "with my wife"."""
        named = self.people.myself.finditer(self.text)
        me = [one for one in named if all(one.end() <= gone.start for gone in self.gone)]
        first = self.words[0] if self.words and not self.gone else None
        if me or first is None or sum(self.known.values()) > 1 or self._are_fewer(first):
            return me[0] if me else None
        return self.people.company.search(self.text[: first.start])

    def _count_once(self) -> None:
        """Leave out whom the words behind them count: "my [parents], [two seniors]"."""
        words, me = self.others, self.speaker[0] if self.speaker else ""
        for mine, (first, at, last) in product([me, ""], combinations(range(len(words) + 1), 3)):
            before, these = words[first:at], words[at:last]
            counts = [sum(w.count or 0 for w in some) for some in (before, these)]
            young = {w.kind in MINORS for w in before} | {False for _ in mine[:1]}
            between = self.text[before[-1].end : these[0].start].replace(mine, "")
            listed = mine and between[:1] in ",，:：" and not any(one.numbered for one in these)
            whole = len(before) == 1 and before[0].numbered and before[0].named
            if listed and whole and counts[0] == counts[1] + 1:
                # "Two adults, me and my sister".
                self.words = self.others = words[:at] + words[last:]
                self.speaker = None
                return self._count_once()
            beside = not (between.strip(" ,，:：(（") or any(one.numbered for one in before))
            bare = all(one.numbered and self.people.bare.search(one.said) for one in these)
            alike = counts[0] + bool(mine) == counts[1] and young == {
                w.kind in MINORS for w in these
            }
            if beside and bare and alike:
                self.words = self.others = words[:first] + words[at:]
                self.speaker = None if mine else self.speaker
                return self._count_once()

    def _grown(self, words: _Words, ages: Sequence[Tuple[int, int, int]]) -> _Words:
        """Words for a child that is no child any more, "she is 34", or for a senior."""
        elders = bool(self.people.elder.search(words.said)) * self.known.get("senior", 0)
        if words.kind not in MINORS and elders >= (words.count or 1):
            # "My dad" is one of the seniors.
            return replace(words, kind="senior")
        own = [kind_at(age) for start, _, age in ages if start >= words.start]
        # So may be the daughter of a senior.
        grown = own[0] not in MINORS if own else self.known.get("senior")
        heir = words.kind == "child" and self.people.heirs.search(words.said)
        return replace(words, kind="adult") if heir and grown else words

    def _with(self, told: List[Told], words: _Words) -> List[Told]:
        """Statements, and what words say beside them."""
        kind, count = words.kind, words.count or 0
        leaving = self._leaving(words)
        if leaving is not None:
            return told + leaving
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
        says = self._says(words)
        after = told and told[-1].says is Says.MORE and self._in_clause_of(words)
        # "One more adult and one child".
        says = Says.MORE if says is Says.COUNTED and after else says
        again = (says, count) in [(one.says, one.count) for one in told[-1:]]
        if says is Says.MORE and again and not words.named:
            # "My mum comes, too, so one more person".
            return told
        return [*told, Told(says, kind, count)]

    def _describes(self, words: _Words) -> bool:
        """Whether words say what somebody is like who is told already: "she is a student"."""
        being = self.people.being.search(self.text[: words.start]) and words.count == 1
        others = words.numbered or self._are_all(words) or self._are_among(words)
        return bool(being and not others)

    def _described(self, told: List[Told], kind: str, is_so: bool = True) -> List[Told]:
        """Statements; whoever was told last, or somebody, is of a kind, or is not."""
        says = Says.AMONG if is_so else Says.NOT_AMONG
        if not told:
            answers = self.answers and is_so and kind not in MINORS
            too = is_so and self.people.too.search(self.text) and self.known.get(kind, 0)
            return [Told(Says.NAMED if answers else says, kind, 1 + (too or 0))]
        *others, last = told
        if others and last.kind == TRAVELLER and last.says in (Says.COUNTED, Says.IN_ALL):
            # "She is 79, so we are two".
            return [*self._described(others, kind, is_so), last]
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
        before = STOP.split(self.text[: words.start])[-1] if self.years else ""
        told = self.people.everyone.search(before + words.around)
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
        minors = {*MINORS} & {one.kind for one in told if one.says is Says.COUNTED}
        return words.kind in minors or words.said in (one.said for one in before)

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
        one = words.named and words.numbered and words.count == 1 < self.known.get(words.kind, 0)
        # "One kid is 3".
        aged = one and self.people.age.search(words.said + words.behind)
        if aged or self.people.part_of.search(words.around):
            return True
        found = self.people.part_of.match(self.text[words.start :])
        # "Two of us" are all, and "two of us are over 65" are not.
        us = found and found.groupdict().get("us") and words.count != 1
        rest = CLAUSE.split(self.text[words.start + found.end() :])[0] if found else ""
        return bool(found and (not us or self.people.age.search(rest)))

    def _are_more(self, words: _Words) -> bool:
        """Whether these come along, too."""
        more, behind = self.people.more, self.text[words.end :].lstrip()
        said = words.behind * words.named if words.numbered else self.text
        joined = self.people.joins.search(said)
        return bool(joined or more.search(words.around) or (not words.named and more.match(behind)))

    def _are_whole(self, words: _Words) -> bool:
        """Whether others are among these: "5 people, 2 kids", "2 and 3, so 5"."""
        others = [one.count or 0 for one in self.others if one is not words]
        is_sum = words.count == sum(others) + bool(self.speaker) > 1
        if words.named:
            last = words is self.words[-1] and len(others) > 1
            return bool(is_sum and last and self.people.sums.search(self.text))
        behind = self.text[words.end :]
        heads = self.people.heads.match(behind)
        if self.people.beside.search(self.text[: words.start]):
            return bool(is_sum and heads and self.speaker)
        rest = behind[heads.end() :] if heads else ""
        clause = CLAUSE.match(rest) and not self.people.joined.match(rest[1:].lstrip())
        totals = self.people.total.finditer(self.text)
        total = any(one.start() <= words.start < one.end() for one in totals)
        return bool(is_sum or total or clause or self.people.tickets.match(behind))

    def _leaving(self, words: _Words) -> Optional[List[Told]]:
        """Those who do not come along, or how many are left; None where words tell of neither."""
        for gone in self.gone:
            said = self.text[gone.start : gone.stop]
            bare = self.people.third.search(said) or not said.strip(" 就也都")
            before = 1 + len(CLAUSE.split(self.text[: gone.start - 1])[-1]) if bare else 0
            if gone.start - before <= words.start < gone.stop:
                return self._left_out(words)
            if words.start >= gone.stop and not CLAUSE.search(self.text[gone.stop : words.start]):
                left = not (words.named or self._are_fewer(words) or self._are_among(words))
                return [Told(Says.IN_ALL, words.kind, words.count or 0)] * left
        # "Cancel one ticket, my wife is ill" tells of those who leave.
        return [] if self.gone and not words.named and self._are_fewer(words) else None

    def _left_out(self, words: _Words) -> List[Told]:
        """Those whom words name do not come along."""
        kind, count, said = words.kind, words.count or 0, words.said
        several = words.several or self.people.everyone.match(words.behind)
        count = MOST_PASSENGERS if several and kind in self.known else count
        # "The grandparents aren't travelling" leaves out nobody who does, nor does "no adult".
        strange = (words.several or count > 1) and kind == "senior"
        strange = strange or (words.negated and said.rstrip("s") in self.people.kinds)
        if strange and self.known.keys().isdisjoint((kind, TRAVELLER)):
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
            leaving = self.text[self.gone[0].start : self.gone[0].stop] or self.text
            one = self.known and self.people.one_person.search(leaving)
            return [Told(Says.LEAVE, count=1 + (" and " in one.group()))] if one else []
        if self.number:
            return [Told(Says.IN_ALL, count=self.number)]
        return [Told(Says.IN_ALL)] * bool(self.people.alone.search(self.text) and not self.alone)

    def _aged(self, told: List[Told]) -> List[Told]:
        """Statements, with those on ages."""
        children = sum(kind in MINORS for kind in self.ages)
        minors = [one for one in told if one.kind in MINORS]
        known = sum(self.known.get(kind, 0) for kind in MINORS)
        most = max([1, known, *(m.count for m in minors)])
        if children > most and [one.kind for one in minors] in ([], ["child"]):
            # "Our kids are 4 and 9".
            told = [*(m for m in told if m not in minors), Told(Says.COUNTED, "child", children)]
        if self.gone:
            return told
        if self.grown and {one.says for one in told} <= {Says.NAMED, Says.AMONG, Says.NOT_AMONG}:
            return [Told(Says.AMONG, "adult", 1 + self.known.get("adult", 0))]
        if self.under and (told or not self.language.talk.asking.search(self.text)):
            return [*told, Told(Says.AMONG, self.under[0], told[-1].count if told else 1)]
        if len(self.ages) != 1:
            named = [one for one in told if one.says is Says.NAMED and one.kind not in MINORS]
            own = 0 < sum(one.count for one in named) <= len(self.ages) - children
            # "My dad is 68, my mum is 66" names nobody else.
            told = [one for one in told if not (own and one in named)]
            says = Says.NAMED if own and (self.alone or not self.known) else Says.AMONG
            return told + [Told(says, kind, n) for kind, n in Counter(self.ages).items()]
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
        first = self.words[0] if self.words else None
        before = self.text[: first.start] if first else self.text
        only = self.people.only.search(CLAUSE.split(before)[-1] + (first.behind if first else ""))
        # "Only two seniors", of four, leaves the others in.
        less = len(kinds) == 1 and sum(o.count for o in others) < self.known.get(*kinds, 0)
        # "1 adult, 1 student" are all there are, and "and 1 student, 1 senior" are others.
        anew = len(kinds) > 1 and {one.says for one in told} == {Says.COUNTED}
        anew = bool(only and not less) or (anew and not self.people.beside.search(before))
        if 0 < max(wholes, default=0) <= sum(one.count for one in told if one.says is Says.MORE):
            # "One ticket more, my friend comes, too".
            wholes = []
        if not (wholes or (anew and kinds - {*MINORS}) or others != counted):
            return [one for one in told if one.says is not Says.IN_ALL]
        total = max(wholes) if wholes else sum(one.count for one in counted)
        kept = [one for one in told if one in others or one.says not in (*COUNTING, Says.IN_ALL)]
        return [*kept, Told(Says.IN_ALL, count=total)]
