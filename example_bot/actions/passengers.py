"""Who travels: what a message says of it (people.py), applied to the passengers known before.

Kinds are set one by one: after "2 adults and a kid", "3 kids" leaves the adults in.
"""

from __future__ import annotations

from typing import Counter, Mapping, Sequence, Tuple

from .heard import Mention, Passengers, Situation, Update, known_before
from .language import TRAVELLER
from .people import COUNTING, MINORS, MOST_PASSENGERS, Reader, Says, Told, joins

TAKEN_FOR: Mapping[str, Tuple[str, ...]] = {
    "infant": ("child", TRAVELLER),
    "child": (TRAVELLER, "adult"),
    "student": ("adult", TRAVELLER, "child"),
    "adult": (TRAVELLER, "child"),
    "senior": ("adult", TRAVELLER),
}
"""What passengers of a kind were told to be, before their kind was."""


def passengers_in(
    text: str, mentions: Sequence[Mention], situation: Situation, update: Update
) -> None:
    """Add who travels, or who is among them, or why that cannot be."""
    told = Reader(text, mentions, situation).read()
    before: Passengers = dict(situation.journey.get("passengers") or {})
    says = {one.says for one in told}
    if Says.UNREAD in says:
        update.problems.append(("unknown_count", {"said": told[0].said}))
    elif before:
        passengers = applied(told, before)
        counted = {one.kind for one in told if one.says is Says.COUNTED}
        if passengers == before and counted and counted < before.keys():
            # "One student", once more, of a student and a traveller.
            passengers = {kind: n for kind, n in before.items() if kind != TRAVELLER}
        # Who is named may be known.
        if passengers != before or not says <= {Says.NAMED, Says.SOME}:
            _set(passengers, before, update)
    elif says <= {Says.AMONG, Says.NOT_AMONG}:
        among = {one.kind: one.count for one in told if one.says is Says.AMONG}
        update.values.update({"among": {**situation.among, **among}} if among else {})
    else:
        # Who joins is not alone.
        company = dict(situation.among) or {TRAVELLER: 1}
        known = company if joins(text, situation.language) else {}
        passengers = with_among(applied(told, known), situation.among)
        party: Passengers = (situation.travelled or {}).get("passengers") or {}
        us = situation.language.people.subject.search(text)
        if us and passengers == {TRAVELLER: sum(party.values())}:
            # "The two of us", once more.
            passengers = dict(party)
        _set(passengers, before, update)


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


def with_among(passengers: Passengers, among: Mapping[str, int]) -> Passengers:
    """The passengers who were counted, with those among them whose kind was told before."""
    for kind, count in among.items():
        found = Counter(passengers)
        _have(found, kind, count, TAKEN_FOR[kind])
        if (+found).keys() == {"infant"}:
            # Infants do not travel alone.
            found = Counter(passengers)
            _have(found, kind, count)
        passengers = +found
    return dict(passengers)


def applied(told: Sequence[Told], before: Passengers) -> Passengers:
    """The passengers after a message, whose statements count some of them anew, or all."""
    total = next((one.count for one in told if one.says is Says.IN_ALL), None)
    passengers = _counted(told, before)
    if total is not None:
        if sum(passengers.values()) > total:
            passengers = _counted(told, {})
        passengers[TRAVELLER] += max(total - sum(passengers.values()), 0)
    some = {one.kind for one in told if one.says is Says.SOME}
    if len(some) == 1 and (total is not None or not some & before.keys()):
        # "My parents and the kids", of six: that is four kids.
        (kind,) = some
        passengers[kind] += passengers.pop(TRAVELLER, 0)
    for one in told:
        if one.says is Says.AMONG:
            able = sum(passengers[kind] for kind in (one.kind, *TAKEN_FOR[one.kind]))
            _have(passengers, one.kind, min(one.count, able), TAKEN_FOR[one.kind])
        elif one.says is Says.NOT_AMONG and passengers[one.kind]:
            # Of nobody but students, one is none; and "no child, but an adult".
            only = one is not told[-1] or (+passengers).keys() - {*MINORS} == {one.kind}
            passengers.update({one.kind: -only, "adult": +only})
    return dict(+passengers)


def _counted(told: Sequence[Told], before: Passengers) -> Counter[str]:
    """The passengers, of whom some are counted or named, come along, too, or stay behind."""
    passengers, counted = Counter(before), Counter[str]()
    minors = sum(passengers[kind] for kind in MINORS)
    for one in told:
        if one.says is Says.LEAVE and before:
            _leave(passengers, one)
        elif one.says is Says.MORE:
            passengers[one.kind] += one.count
        elif one.says in COUNTING:
            counted[one.kind] += one.count
            exact, so_many = one.says is Says.COUNTED, counted[one.kind]
            others = sum(before.get(kind, 0) for kind in ("senior", "student"))
            if one.says is Says.NAMED and one.kind == "adult" and so_many < others:
                # "My wife", of two seniors.
                continue
            if exact:
                passengers[one.kind] = min(passengers[one.kind], so_many)
            # "The kids" may be the baby.
            if exact or one.kind not in MINORS or so_many > minors:
                _have(passengers, one.kind, so_many, (TRAVELLER,))
    if counted["child"] and not counted["infant"] and sum(counted.values()) == sum(before.values()):
        # All are counted anew, the baby as one of the kids.
        passengers["child"] -= min(passengers["child"], passengers["infant"])
    return passengers


def _leave(passengers: Counter[str], told: Told) -> None:
    """Leave out those who do not come along: of their kind, or of the likeliest one."""
    kinds = (told.kind, *(MINORS if told.kind in MINORS else ()), TRAVELLER)
    most = max(passengers, key=passengers.__getitem__)
    kind = next((one for one in kinds if passengers[one]), most)
    # "My friends can't come": somebody stays who says so.
    alone = (+passengers).keys() <= {kind, *MINORS}
    stay = int(told.count == MOST_PASSENGERS and kind not in MINORS and alone)
    passengers[kind] = max(passengers[kind] - told.count, stay)


def _have(passengers: Counter[str], kind: str, count: int, taken_for: Sequence[str] = ()) -> None:
    """Have so many passengers of a kind at least, who are taken from other kinds, or added."""
    for was in taken_for:
        taken = max(min(count - passengers[kind], passengers[was]), 0)
        passengers.update({was: -taken, kind: taken})
    passengers[kind] = max(passengers[kind], count)


def _set(passengers: Passengers, before: Passengers, update: Update) -> None:
    """Set who travels, or tell why they cannot."""
    total = sum(passengers.values())
    if total < 1:
        update.problems.append(("no_passengers", {}))
    elif total > MOST_PASSENGERS:
        update.problems.append(("many_passengers", {"total": total, "most": MOST_PASSENGERS}))
    elif passengers.keys() == {"infant"}:
        update.problems.append(("infants", {}))
        if not before:
            update.values["among"] = passengers
    else:
        update.values["passengers"] = passengers
