"""Who travels: the passengers of a message. Kinds are set one by one.

After "2 adults and a kid", "3 kids" leaves the adults in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Iterator, List, Mapping, Optional, Sequence, Tuple

from .dates import read_count, read_number
from .heard import Mention, Passengers, Situation, Update, known_before
from .language import TRAVELLER, Language

MINORS = frozenset(["child", "infant"])
MOST_PASSENGERS = 9
INFANT, SENIOR = 6, 65
"""Years under which a child is an infant, and from which an adult is a senior."""
OLD = re.compile(r"[- ]?(years?|yrs?)[- ]old|周?岁的?")


def bare_number(text: str, language: Language) -> Optional[int]:
    """The number that is all of a message, save "people"."""
    found = language.people.number.fullmatch(text.strip(" .!。！").lower())
    return read_number(found.group("number")) if found else None


def _answer(text: str, situation: Situation) -> Optional[int]:
    """How many people a message without passengers tells: "three people", "I said two"."""
    found = situation.language.people.number.fullmatch(text.strip(" .!。！").lower())
    if situation.asked != "passengers":
        return read_number(found.group("number")) if found and found.group("who") else None
    if found:
        return read_number(found.group("number"))
    words = re.findall(r"\d+|[a-z]+|[二三四五六七八九十两]+", text.lower())
    numbers = [number for number in map(read_number, words) if number and number > 1]
    return numbers[0] if len(numbers) == 1 else None


def same_passengers(situation: Situation, update: Update) -> None:
    """The passengers of this journey or the last booking, unless the message counts others."""
    known: Passengers = known_before("passengers", situation) or {}
    told: Passengers = update.values.get("passengers") or {}
    if not told or sum(told.values()) == sum(known.values()):
        if known:
            update.values["passengers"] = dict(known)
        else:
            update.problems.append(("same_as_whom", {}))


@dataclass(frozen=True)
class _Group:
    kind: str
    count: Optional[int]
    """None where the number cannot be read."""
    added: bool
    everyone: bool
    part: bool
    """Whether these are some of the others."""
    several: bool
    """Whether these are more than one, and it is not told how many."""
    named: bool
    """Whether a word says who they are, if none that has a price of its own."""
    tickets: bool
    """Whether so many tickets were asked for, whoever they are for."""
    said: str
    apart: bool = False
    """Whether these are the speaker, or are told beside the speaker: "[me] and [three] friends"."""


def _apart(number: Mention, kind: Mention, text: str, language: Language) -> bool:
    """Whether a number does not say how many of a kind there are."""
    between = OLD.sub("", language.people.age.sub("", text[number.end : kind.start]))
    if not between.strip(" 个個位名"):
        return False
    if number.group and kind.group:
        return number.group != kind.group
    return bool(language.people.joined.search(between))


def _groups(text: str, mentions: List[Mention], language: Language) -> List[_Group]:
    """The passengers of a message: each kind with the number that stands before it."""
    other, ages = language.trains.other.search(text), list(language.people.age.finditer(text))
    relevant = [
        mention
        for mention in mentions
        if mention.kind in ("count", "passenger_type")
        # "The other one" is a booking, and no traveller.
        and not (other and other.start() <= mention.start < other.end())
        and not any(age.start() <= mention.start < age.end() for age in ages)
    ]
    groups: List[_Group] = []
    past = 0
    for number, kind in _paired(relevant, text, language):
        told = [mention for mention in (number, kind) if mention]
        groups.append(_group(number, kind, text[past : told[-1].end], text, language))
        past = told[-1].end
    groups = _with_speaker(groups, relevant, text, language)
    # "One of us is a baby, so three adults and a baby": that is one baby.
    again = {group.kind for group in groups if not group.part}
    return [group for group in groups if not (group.part and group.kind in again)]


def _with_speaker(
    groups: List[_Group], relevant: List[Mention], text: str, language: Language
) -> List[_Group]:
    """Passengers with the speaker, who is an adult beside others whose kind is told."""
    speaks = language.people.myself.search(text)
    if not (groups and speaks):
        return groups
    marked = [m.text for m in relevant if m.start < speaks.end() and m.end > speaks.start()]
    others = [group for group in groups if group.said not in marked]
    kind = "adult" if any(group.kind != TRAVELLER for group in others) else TRAVELLER
    return [*others, replace(_one(kind, speaks.group()), apart=True)]


def _paired(
    mentions: List[Mention], text: str, language: Language
) -> Iterator[Tuple[Optional[Mention], Optional[Mention]]]:
    """Each kind with its number, where there is one, and numbers that have no kind."""
    number: Optional[Mention] = None
    for mention in mentions:
        if mention.kind == "count":
            if number:
                yield number, None
            number = mention
            continue
        if number and _apart(number, mention, text, language):
            yield number, None
            number = None
        yield number, mention
        number = None
    if number:
        yield number, None


def _group(
    number: Optional[Mention], kind: Optional[Mention], around: str, text: str, language: Language
) -> _Group:
    """Passengers, by the words `around` that end with them."""
    told = [mention for mention in (number, kind) if mention]
    name = language.people.kinds.get(kind.value, kind.value) if kind else TRAVELLER
    if kind and name not in language.people.kinds.values():
        name = TRAVELLER
    count = read_count(number.value) if number else _before(kind, text, language)
    if count is None and number and language.people.alone.search(number.text):
        count = 1
    return _Group(
        kind=name,
        count=0 if any(mention.negated for mention in told) else count,
        added=bool(
            language.people.more.search(around)
            or (number is None and language.people.joins.search(text))
        ),
        everyone=bool(language.people.everyone.search(around)),
        part=bool(
            language.people.part_of.search(around)
            or (count == 1 and language.people.part_of.match(text[told[0].start :]))
        ),
        several=kind is not None
        and number is None
        and bool(language.people.plural.search(kind.text)),
        named=kind is not None,
        tickets=kind is None and bool(language.people.tickets.match(text[told[-1].end :])),
        said=text[told[0].start : told[-1].end],
        apart=bool(language.people.beside.search(text[: told[0].start])),
    )


def _before(kind: Optional[Mention], text: str, language: Language) -> int:
    """How many of a kind there are by the word before it, which the NLU has not found."""
    found = language.people.counted.search(text[: kind.start]) if kind else None
    return (read_number(found.group("n")) if found else None) or 1


def _one(kind: str, said: str, count: int = 1) -> _Group:
    return _Group(
        kind,
        count,
        added=False,
        everyone=False,
        part=False,
        several=False,
        named=False,
        tickets=False,
        said=said,
    )


def passengers_in(text: str, mentions: List[Mention], situation: Situation, update: Update) -> None:
    """Add who travels, or why that cannot be."""
    language = situation.language
    before: Passengers = dict(situation.journey.get("passengers") or {})
    groups = _told(text, mentions, situation, before)
    gone = language.people.gone.search(text)
    if gone:
        # "My friend is ill, we are three": the friend does not come along.
        clause = re.split(r"[,，.。;；]", text[: gone.start()])[-1]
        left = [g for g in groups if g.kind == TRAVELLER and not (g.part or g.said in clause)]
        if not groups and language.people.one_person.search(text):
            groups = [_one(TRAVELLER, text)]
        if groups and before and not left:
            _set(_without(groups, before), update)
            return
        groups = left
    # "A discount card for one of us" does not count them anew.
    groups = [group for group in groups if not (group.part and group.kind == TRAVELLER)]
    unread = [group.said for group in groups if group.count is None]
    if unread:
        update.problems.append(("unknown_count", {"said": unread[0]}))
    elif groups:
        _set(_counted(groups, before, text, language), update)
        if "passengers" in update.values:
            _by_age(text, update.values["passengers"], situation, update)
    else:
        _by_age(text, before, situation, update)


def _told(
    text: str, mentions: List[Mention], situation: Situation, before: Passengers
) -> List[_Group]:
    """The passengers of a message, or the number that is all it says of them."""
    language = situation.language
    groups = _groups(text, mentions, language)
    number = None if mentions else _answer(text, situation)
    if not groups and number is not None:
        groups = [_one(TRAVELLER, text, number)]
    if not groups and language.people.alone.search(text) and sum(before.values()) != 1:
        groups = [_one(TRAVELLER, text)]
    return [] if all(group.part for group in groups) and not before else groups


def _set(passengers: Passengers, update: Update) -> None:
    """Set who travels, or tell why so many cannot."""
    total = sum(passengers.values())
    if total < 1:
        update.problems.append(("no_passengers", {}))
    elif total > MOST_PASSENGERS:
        update.problems.append(("many_passengers", {"total": total, "most": MOST_PASSENGERS}))
    else:
        update.values["passengers"] = passengers


def _counted(
    groups: Sequence[_Group], before: Passengers, text: str, language: Language
) -> Passengers:
    """The passengers after a message that tells some."""
    lonely = bool(language.people.alone.search(text) and not language.people.myself.search(text))
    passengers = _merged(before, groups, bool(language.people.only.search(text)), lonely)
    whole = [group for group in groups if group.kind == TRAVELLER]
    others = [group for group in groups if group.kind != TRAVELLER]
    every = [group for group in others if group.everyone or group.several]
    if len(whole) == len(every) == 1 and len(groups) == 2:
        passengers = {every[0].kind: whole[0].count or 0}
    if before and len(groups) == 1 and groups[0].everyone:
        both = 2 if language.people.both.search(text) else sum(before.values())
        told = groups[0].count or 0
        passengers = {groups[0].kind: told if told > 1 else both}
    more = {group.kind: group.count or 0 for group in others}
    if whole and before and sum(before.values()) + sum(more.values()) == whole[0].count:
        # "Make it five, grandma comes along, too": the others are those of before.
        passengers = {**before, **{kind: before.get(kind, 0) + n for kind, n in more.items()}}
    known = passengers.keys() == {TRAVELLER} and sum(passengers.values()) == sum(before.values())
    # Who they are is known already.
    return before if known else passengers


def _without(groups: Sequence[_Group], before: Passengers) -> Passengers:
    """The passengers without those who do not come along."""
    left = dict(before)
    for group in groups:
        kind = group.kind if group.kind in left else max(left, key=lambda kind: left[kind])
        left[kind] -= min(group.count or 0, left[kind])
    return {kind: count for kind, count in left.items() if count}


def _by_age(text: str, known: Passengers, situation: Situation, update: Update) -> None:
    """Children and adults are infants and seniors at the ages that a message tells."""
    passengers = dict(known) or {TRAVELLER: 1}
    for found in situation.language.people.age.finditer(text):
        age = read_number(found[found.lastgroup or 0])
        now, kinds = (
            ("infant", ("child",))
            if age is not None and age < INFANT
            else ("senior", (TRAVELLER, "adult"))
            if age is not None and age >= SENIOR
            else ("", ())
        )
        everyone = situation.language.people.everyone.search(text)
        for was in [kind for kind in kinds if passengers.get(kind)][: None if everyone else 1]:
            count = passengers[was] if everyone else 1
            passengers[was] -= count
            passengers[now] = passengers.get(now, 0) + count
    told = known and situation.language.people.age.search(text)
    if told or passengers != (known or {TRAVELLER: 1}):
        update.values["passengers"] = {kind: n for kind, n in passengers.items() if n}


def _merged(
    before: Passengers, groups: Sequence[_Group], alone: bool, lonely: bool = False
) -> Passengers:
    """The passengers after a message: all anew where it names a mere number, else kind by kind."""
    # Children do not travel alone: "just one kid" is said of the kids.
    alone = alone and not (before.keys() - MINORS and {g.kind for g in groups} <= MINORS)
    bare = any(group.kind == TRAVELLER and not group.added for group in groups)
    passengers = {} if alone or bare else dict(before)
    said: Passengers = {}
    for group in groups:
        count = group.count or 0
        # "My wife and me, two of us": a mere number may be the sum of others.
        mere = group.kind == TRAVELLER and not (group.named or group.apart)
        several = max if mere else int.__add__
        said[group.kind] = several(said.get(group.kind, 0), count)
    if bare:
        said[TRAVELLER] -= _told_again(groups, said, lonely)
    added = {group.kind for group in groups if group.added}
    for kind, count in said.items():
        passengers[kind] = count + (before.get(kind, 0) if kind in added else 0)
    if not bare and TRAVELLER in before and not added and not alone:
        # "4 people", then "2 adults": the others are still to be told.
        rest = before[TRAVELLER] - sum(said.values())
        passengers[TRAVELLER] = max(rest, 0)
    return {kind: count for kind, count in passengers.items() if count}


def _told_again(groups: Sequence[_Group], said: Mapping[str, int], lonely: bool) -> int:
    """How many of a mere number are told by kind, too: "4 of us, 2 adults and 2 kids"."""
    whole = said[TRAVELLER]
    kinds = sum(count for kind, count in said.items() if kind != TRAVELLER)
    parts = sum(group.count or 0 for group in groups if group.part)
    several = sum(group.kind == TRAVELLER and not group.named for group in groups) > 1
    if several or lonely or any(group.tickets for group in groups) or (kinds == whole > 1):
        parts = kinds
    return min(parts, whole)
