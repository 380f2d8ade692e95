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

INFANTS = frozenset(["infant"])
MINORS = INFANTS | {"child"}
MOST_PASSENGERS = 9
INFANT, ADULT, SENIOR = 6, 18, 65
"""Years under which a child is an infant and nobody is an adult, and from which one is a senior."""
TAKEN_FOR: Mapping[str, Tuple[str, ...]] = {
    "infant": ("child", TRAVELLER),
    "child": (TRAVELLER, "adult"),
    "student": (TRAVELLER, "adult", "child"),
    "adult": (),
    "senior": (TRAVELLER, "adult"),
}
"""What passengers of a kind were told to be, before their kind was."""
CLAUSE = re.compile(r"[,，.。;；]")
OLD = re.compile(r"[- ]?(years?|yrs?)[- ]old|周?岁的?")


def ages_in(text: str, language: Language) -> List[Tuple[int, int, int]]:
    """How old passengers are: where each age starts and ends in a message, and the years."""
    found = [
        (one.span(one.lastgroup or 0), one[one.lastgroup or 0])
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


def limit_in(text: str, language: Language) -> Optional[int]:
    """The years that passengers are younger than: "under 6"."""
    found = [one for one in language.people.age.finditer(text) if one.lastgroup == "under"]
    return read_number(found[0]["under"]) if found else None


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
    if known.keys() == {TRAVELLER}:
        # So many tickets, for the same people as before.
        known = (situation.travelled or {}).get("passengers") or known
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
    numbered: bool
    """Whether a number says how many they are."""
    tickets: bool
    """Whether so many tickets were asked for, whoever they are for."""
    said: str
    whole: bool = False
    """Whether this is how many travel in all, of whom others are some: "we are four"."""
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
    other, words = language.trains.other.search(text), language.bookings
    # "Can both tickets be changed" counts nobody.
    booked = words.every.search(text) and words.changing.search(text)
    relevant = [
        mention
        for mention in mentions
        if mention.kind in ("count", "passenger_type")
        and not (mention.kind == "count" and language.people.owners.fullmatch(mention.text))
        and not _owns(mention, mentions, text)
        and not (booked and language.people.tickets.match(text[mention.end :]))
        # "The other one" is a booking, and no traveller.
        and not (other and other.start() <= mention.start < other.end())
    ]
    groups: List[_Group] = []
    past = 0
    for number, kind in _paired(relevant, text, language):
        told = [mention for mention in (number, kind) if mention]
        end = max(mention.end for mention in told)
        group = _group(number, kind, text[past:end], text, language)
        # "A kid, and the kid is six": that is one kid; and a dog is nobody.
        if language.people.things.match(text[told[0].start if kind else end :].lstrip()) or (
            kind and language.people.things.fullmatch(kind.text)
        ):
            past = end
            continue
        if number or not (CLAUSE.search(text[past : told[0].start]) and _is_told(group, groups)):
            groups.append(group)
        past = end
    groups = _with_speaker(groups, relevant, text, language)
    # "One of us is a baby, so three adults and a baby": that is one baby.
    again = {group.kind for group in groups if not group.part}
    return [group for group in groups if not (group.part and group.kind in again)]


def _owns(mention: Mention, mentions: Sequence[Mention], text: str) -> bool:
    """Whether somebody is only named for another: "the [kids]' [granny]"."""
    return any(
        other.kind == mention.kind == "passenger_type"
        and text[mention.end : other.start] in ("", "的", "' ", "'s ")
        and other.start >= mention.end
        for other in mentions
    )


def _is_told(group: _Group, groups: Sequence[_Group]) -> bool:
    """Whether children are counted by others of their kind."""
    minor = group.kind in MINORS
    return minor and any(one.kind == group.kind and one.numbered for one in groups)


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
    if _is_listed(mentions, text, language):
        yield from zip(mentions[1::2], mentions[::2])
        return
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


def _is_listed(mentions: Sequence[Mention], text: str, language: Language) -> bool:
    """Whether the numbers stand behind their kinds: "adults: 2, kids: 1"."""
    pairs = list(zip(mentions[::2], mentions[1::2]))
    return 0 < len(mentions) == 2 * len(pairs) and all(
        (kind.kind, number.kind) == ("passenger_type", "count")
        and language.people.then.fullmatch(text[kind.end : number.start])
        and not language.people.heads.match(text[number.end :])
        for kind, number in pairs
    )


def _group(
    number: Optional[Mention], kind: Optional[Mention], around: str, text: str, language: Language
) -> _Group:
    """Passengers, by the words `around` that end with them."""
    told = [mention for mention in (number, kind) if mention]
    name = language.people.kinds.get(kind.value, kind.value) if kind else TRAVELLER
    if kind and name not in language.people.kinds.values():
        name = "child" if language.people.little.search(kind.text) else TRAVELLER
    count = read_count(number.value) if number else _before(kind, text, language)
    if count is None and number and language.people.alone.search(number.text):
        count = 1
    if count and number and language.people.twos.match(text[number.end :]):
        count *= 2
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
            or (number and language.people.of_them.match(text[number.start :]))
        ),
        several=kind is not None
        and number is None
        and bool(language.people.plural.search(kind.text)),
        named=kind is not None,
        numbered=number is not None,
        tickets=kind is None and bool(language.people.tickets.match(text[told[-1].end :])),
        said=text[told[0].start : told[-1].end],
        apart=bool(language.people.beside.search(text[: told[0].start])),
    )


def _before(kind: Optional[Mention], text: str, language: Language) -> int:
    """How many of a kind there are by the word before it, which the NLU has not found."""
    found = language.people.counted.search(text[: kind.start]) if kind else None
    alone = 2 if kind and language.people.pair.search(kind.text) else 1
    return (read_number(found.group("n")) if found else None) or alone


def _one(kind: str, said: str, count: int = 1) -> _Group:
    return _Group(
        kind,
        count,
        added=False,
        everyone=False,
        part=False,
        several=False,
        named=False,
        numbered=False,
        tickets=False,
        said=said,
    )


def passengers_in(text: str, mentions: List[Mention], situation: Situation, update: Update) -> None:
    """Add who travels, or who is among them, or why that cannot be."""
    language, among = situation.language, situation.among
    if language.people.each.search(text) and language.talk.asking.search(text):
        return
    before: Passengers = dict(situation.journey.get("passengers") or {})
    if not before and joins(text, language):
        # Who joins is not alone.
        before = dict(among) or {TRAVELLER: 1}
    groups = _of_others(_told(text, mentions, situation, before))
    if language.people.gone.search(text):
        leaving, groups = _leaving(groups, before, text, language)
        if leaving and before and not groups:
            _set(_without(leaving, before, language), before, update)
            return
    if _names_some(groups, before, text, language) or _asks_price(groups, text, language):
        groups = []
    described = _described(groups, before, text, situation)
    # "A discount card for one of us" does not count them anew.
    groups = [group for group in groups if not (group.part and group.kind == TRAVELLER)]
    unread = [group.said for group in groups if group.count is None]
    if described is not None:
        _tell_kind(*described, before, situation, update)
    elif unread:
        update.problems.append(("unknown_count", {"said": unread[0]}))
    elif groups:
        counted = _counted(_by_their_age(groups, text, language), before, text, language)
        told = sum(group.count or 0 for group in groups)
        counted = _aged(text, counted, language, told) or counted
        _set(counted if before else with_among(counted, among), before, update)
    else:
        aged = _aged(text, before, language)
        if aged and not before and situation.asked != "passengers":
            update.values["among"] = {**among, **aged}
        elif aged:
            _set(aged, before, update)


def _leaving(
    groups: List[_Group], before: Passengers, text: str, language: Language
) -> Tuple[List[_Group], List[_Group]]:
    """Who does not come along, and those who are told to be left.

    "My friend is ill, we are three": the friend does not come along.
    """
    gone = language.people.gone.search(text)
    clause = re.split(r"[,，.。;；]", text[: gone.start() if gone else None])[-1]
    leaving = [group for group in groups if group.said in clause]
    left = [
        group
        for group in groups
        if group.kind == TRAVELLER
        # "Cancel one ticket" tells of those who leave.
        and not (group.part or group in leaving or language.bookings.cancelling.search(text))
        and (group.numbered or not group.named)
    ]
    if not leaving and language.people.one_person.search(clause or text):
        is_child = language.people.minor.search(clause) and "child" in before
        leaving = [_one("child" if is_child else TRAVELLER, text)]
    return leaving or groups, left


def _asks_price(groups: Sequence[_Group], text: str, language: Language) -> bool:
    """Whether a message asks what a child pays, and counts nobody."""
    people = language.people
    return bool(
        people.little.search(text)
        and people.price.search(text)
        and language.talk.asking.search(text)
        and not any(group.numbered or group.count == 0 for group in groups)
    )


def _described(
    groups: Sequence[_Group], before: Passengers, text: str, situation: Situation
) -> Optional[Tuple[str, int]]:
    """The kind that a message says some are of whom it does not count, and how many they are.

    "Two of us are over 65", "she is a student"; none of these where it says that she is not.
    """
    language = situation.language
    if len(groups) != 1:
        return None
    (group,) = groups
    ages, limit = ages_in(text, language), limit_in(text, language)
    kind = kind_at(limit - 1) if limit else kind_at(ages[0][2]) if len(ages) == 1 else group.kind
    if kind == TRAVELLER or not (group.count or _is_of_known(group, text, language)):
        return None
    some = language.people.part_of.match(text[text.find(group.said) :]) and ages
    one = not (group.numbered or group.added or group.several)
    known = {group.kind, TRAVELLER} & before.keys() and sum(before.values()) > 1
    is_told = one and (_is_of_known(group, text, language) or (known and group.count == 1 and ages))
    answers = not before and situation.asked == "passengers"
    described = group.part or ((some or is_told) and not answers)
    return (kind, group.count or 0) if described else None


def _tell_kind(
    kind: str, count: int, before: Passengers, situation: Situation, update: Update
) -> None:
    """Add that so many of the passengers are of a kind; or where it is none, one of them is not."""
    if not before:
        update.values.update({"among": {**situation.among, kind: count}} if count else {})
    elif count:
        _set(_moved(before, kind, count - before.get(kind, 0)), before, update)
    elif before.keys() - MINORS == {kind}:
        _set({**before, kind: before[kind] - 1, "adult": 1}, before, update)
    else:
        update.values["passengers"] = before


def _by_their_age(groups: Sequence[_Group], text: str, language: Language) -> List[_Group]:
    """Passengers, of whom one is of a kind by age: "my sister comes along, she is 68"."""
    ages = ages_in(text, language)
    if len(groups) != 1 or len(ages) != 1 or groups[0].count != 1:
        return [*groups]
    (group,), kind = groups, kind_at(ages[0][2])
    return [replace(group, kind=kind) if group.kind in TAKEN_FOR[kind] else group]


def with_among(passengers: Passengers, among: Mapping[str, int]) -> Passengers:
    """The passengers who were counted, with those among them whose kind was told before."""
    for kind, count in among.items():
        moved = _moved(passengers, kind, count - passengers.get(kind, 0))
        if moved.keys() <= INFANTS:
            moved = passengers
        passengers = {**moved, kind: max(count, moved.get(kind, 0))}
    return passengers


def _told(
    text: str, mentions: List[Mention], situation: Situation, before: Passengers
) -> List[_Group]:
    """The passengers of a message, or the number that is all it says of them."""
    language = situation.language
    groups = _groups(text, mentions, language)
    ages = [age for _, _, age in ages_in(text, language) if age < ADULT]
    # "Our kids are 4 and 9": that is two.
    groups = [
        replace(group, count=max(group.count or 0, len(ages)))
        if group.kind in MINORS and not group.numbered
        else group
        for group in groups
    ]
    if len(ages) > 1 and language.people.little.search(text):
        # "My sister and her two boys, 4 and 10".
        found = any(group.kind in MINORS for group in groups)
        groups += [] if found else [_one("child", text, len(ages))]
    groups = _without_descriptions(groups, text, language)
    first, *rest = groups or [None]
    kinds = {group.kind for group in groups}
    if first and first.kind == TRAVELLER and rest and _is_whole(first, text, language):
        groups = [replace(first, whole=True), *rest]
    if first and len(rest) > 1 and kinds == {TRAVELLER}:
        # "Four of us, two men and two women".
        groups = [first] if first.count == sum(one.count or 0 for one in rest) else groups
    *parts, last = [group.count or 0 for group in groups] or [0]
    if len(parts) > 1 and sum(parts) == last and language.people.sums.search(text):
        # "6 players and 2 coaches, so 8 adults".
        groups = groups[-1:] if len({group.kind for group in groups}) == 1 else groups[:-1]
    number = None if mentions or ages_in(text, language) else _answer(text, situation)
    groups += _by_age_alone(text, groups, language)
    total = language.people.total.search(text)
    if total and not any(
        mention.kind == "count" and mention.start < total.end() and mention.end > total.start()
        for mention in mentions
    ):
        number = read_number(total[total.lastgroup or 0])
    else:
        total = None
    if number is not None and (not groups or total):
        more = bool(total and language.people.more.search(text[: total.end()]))
        said = total.group() if total else text
        groups = [*groups, replace(_one(TRAVELLER, said, number), whole=bool(total), added=more)]
    # "She is no student" says of nobody that they stay at home.
    known = {*before, *(group.kind for group in groups if group.count)}
    groups = [
        one
        for one in groups
        if one.count != 0
        or one.kind in known
        or one.numbered
        or (len(groups) == 1 and _is_of_known(one, text, language))
    ]
    if joins(text, language):
        # "A friend joins me, she is no student."
        groups = [group for group in groups if group.count != 0]
    if not groups and joins(text, language):
        groups = [replace(_one(TRAVELLER, text), added=True)]
    if not groups and before and language.people.one_more.search(text):
        groups = [replace(_one(TRAVELLER, text), added=True)]
    if not groups and language.people.alone.search(text) and sum(before.values()) != 1:
        groups = [_one(TRAVELLER, text)]
    return groups


def _without_descriptions(groups: Sequence[_Group], text: str, language: Language) -> List[_Group]:
    """Passengers, of whom none is told again by kind: "my wife comes too, she is a student"."""
    found: List[_Group] = []
    for group in groups:
        one = found[-1] if found and group.count and not group.numbered else None
        if one and one.count == 1 and not one.numbered and _is_of_known(group, text, language):
            found[-1] = replace(one, kind=group.kind)
        else:
            found.append(group)
    return found


def _is_whole(group: _Group, text: str, language: Language) -> bool:
    """Whether a number of people has those behind it among them: "5 people, 2 kids"."""
    behind = text[text.find(group.said) + len(group.said) :]
    heads = language.people.heads.match(behind)
    behind = behind[heads.end() :] if heads else ""
    return bool(CLAUSE.match(behind)) and not language.people.joined.match(behind[1:].lstrip())


def _by_age_alone(text: str, groups: Sequence[_Group], language: Language) -> List[_Group]:
    """Passengers of whom but the age is told: "2 adults and a 4 year old"."""
    if language.people.little.search(text) or any(group.kind in MINORS for group in groups):
        return []
    ages = [read_number(found.group("age")) for found in language.people.aged.finditer(text)]
    return [_one(kind_at(age), text) for age in ages if age is not None]


def kind_at(age: int) -> str:
    """The kind of a passenger of so many years."""
    if age < ADULT:
        return "infant" if age < INFANT else "child"
    return "senior" if age >= SENIOR else "adult"


def _of_others(groups: Sequence[_Group]) -> List[_Group]:
    """Passengers, without those who are told again: "6 adults, 2 of them seniors"."""
    told: List[_Group] = []
    for group in groups:
        of = next((one for one in reversed(told) if one.numbered and not one.part), None)
        count, whole = group.count or 0, (of.count or 0) if of else 0
        if group.part and of and of.kind not in (TRAVELLER, group.kind) and count <= whole:
            told[told.index(of)] = replace(of, count=whole - count)
        told.append(group)
    return told


def _is_of_known(group: _Group, text: str, language: Language) -> bool:
    """Whether a kind is what somebody is who is told already."""
    return bool(language.people.being.search(text[: text.find(group.said)]))


def _moved(before: Passengers, kind: str, count: int) -> Passengers:
    """The passengers, of whom some are of another kind than was thought."""
    passengers = dict(before)
    for was in TAKEN_FOR[kind]:
        moved = min(count, passengers.get(was, 0))
        if moved > 0:
            passengers[was] -= moved
            passengers[kind] = passengers.get(kind, 0) + moved
            count -= moved
    return {one: number for one, number in passengers.items() if number}


def _set(passengers: Passengers, before: Passengers, update: Update) -> None:
    """Set who travels, or tell why they cannot."""
    passengers = {kind: count for kind, count in passengers.items() if count}
    total = sum(passengers.values())
    if total < 1:
        update.problems.append(("no_passengers", {}))
    elif total > MOST_PASSENGERS:
        update.problems.append(("many_passengers", {"total": total, "most": MOST_PASSENGERS}))
    elif passengers.keys() == INFANTS:
        update.problems.append(("infants", {}))
        if not before:
            update.values["among"] = passengers
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
    same = [group for group in every if group.everyone and not group.numbered]
    if len(same) == 1 and len(groups) > 1:
        # "My wife and I, both pensioners": they are the ones told before.
        passengers = {same[0].kind: sum(g.count or 0 for g in groups if g not in same)}
    if before and len(groups) == 1 and groups[0].everyone:
        both = 2 if language.people.both.search(text) else sum(before.values())
        told = groups[0].count or 0
        passengers = {groups[0].kind: told if told > 1 else both}
    total = whole[0].count or 0 if len(groups) == len(whole) == 1 and whole[0].numbered else 0
    rest = total - sum(before.values())
    if rest > 0 and TRAVELLER not in before and language.people.together.search(text):
        # "Three of us altogether", where two are told by kind.
        passengers = {**before, TRAVELLER: rest}
    more = {group.kind: group.count or 0 for group in others}
    if (
        whole
        and not whole[0].added
        and before
        and sum(before.values()) + sum(more.values()) == whole[0].count
    ):
        # "Make it five, grandma comes along, too": the others are those of before.
        passengers = {**before, **{kind: before.get(kind, 0) + n for kind, n in more.items()}}
    known = passengers.keys() == {TRAVELLER} and sum(passengers.values()) == sum(before.values())
    # Who they are is known already.
    return before if known else passengers


def _names_some(
    groups: Sequence[_Group], before: Passengers, text: str, language: Language
) -> bool:
    """Whether a message names some of those who travel, and counts nobody: "is grandma insured"."""
    people = language.people
    return (
        bool(groups)
        and all(
            (
                group.kind == TRAVELLER
                or group.kind in before
                or (group.kind in MINORS and MINORS & before.keys())
            )
            and group.named
            and group.count
            and not (group.numbered or group.added or group.everyone or group.several)
            for group in groups
        )
        and sum(group.count or 0 for group in groups) < sum(before.values())
        and not any(of.search(text) for of in (people.alone, people.only, people.myself))
    )


def _without(groups: Sequence[_Group], before: Passengers, language: Language) -> Passengers:
    """The passengers without those who do not come along."""
    left = dict(before)
    for group in groups:
        kind = group.kind if group.kind in left else max(left, key=lambda kind: left[kind])
        if language.people.elder.search(group.said) and left.get("senior", 0) >= (group.count or 0):
            kind = "senior"
        left[kind] -= min(group.count or 0, left[kind])
    return {kind: count for kind, count in left.items() if count}


def _aged(
    text: str, known: Passengers, language: Language, told: int = MOST_PASSENGERS
) -> Passengers:
    """The passengers, of whom children and adults are infants and seniors at ages that are told.

    "They are both 70" is said of as many as it has `told`. Nobody, where no age says more.
    """
    passengers, people = dict(known) or {TRAVELLER: 1}, language.people
    ages = ages_in(text, language)
    if not people.little.search(text):
        # "A 4 year old" is one more.
        spans = [found.span() for found in people.aged.finditer(text)]
        ages = [age for age in ages if not any(s <= age[0] < e for s, e in spans)]
    everyone = len(ages) == 1 and people.everyone.search(text)
    for _, _, age in ages:
        now = kind_at(age)
        kinds = TAKEN_FOR[now] if known or now == "senior" else ()
        told_again = sum(kind_at(other) == now for _, _, other in ages) <= known.get(now, 0)
        if told_again or (now == "child" and passengers.get(now)):
            kinds = ()
        for was in [kind for kind in kinds if passengers.get(kind)][: None if everyone else 1]:
            count = min(passengers[was], told) if everyone else 1
            passengers[was] -= count
            passengers[now] = passengers.get(now, 0) + count
    is_told = (known and ages) or passengers != (known or {TRAVELLER: 1})
    return {kind: n for kind, n in passengers.items() if n} if is_told else {}


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
        several = [group.kind for group in groups if group.several and group.count == 1]
        kind = several[0] if len(several) == 1 else TRAVELLER
        passengers[TRAVELLER] = 0
        # "My parents and the kids", of six: that is four kids.
        passengers[kind] = passengers.get(kind, 0) + max(rest, 0)
    infants = before.get("infant", 0) if "child" in said and not (alone or bare) else 0
    if infants and "infant" not in said and sum(said.values()) == sum(before.values()):
        # They are counted anew, and the baby is one of the kids.
        passengers["child"] = max(passengers["child"] - infants, 0)
    return {kind: count for kind, count in passengers.items() if count}


def _told_again(groups: Sequence[_Group], said: Mapping[str, int], lonely: bool) -> int:
    """How many of a mere number are told by kind, too: "4 of us, 2 adults and 2 kids"."""
    whole = said[TRAVELLER]
    kinds = sum(count for kind, count in said.items() if kind != TRAVELLER)
    parts = sum(group.count or 0 for group in groups if group.part)
    several = sum(group.kind == TRAVELLER and not group.named for group in groups) > 1
    several = several or any(group.whole for group in groups)
    if several or lonely or any(group.tickets for group in groups) or (kinds == whole > 1):
        parts = kinds
    return min(parts, whole)
