"""What was heard in a message, and what it changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Dict, Iterable, List, Mapping, Optional, Pattern, Sequence, Tuple

from .language import Language
from .language.people import People

Passengers = Dict[str, int]
PEOPLE = ("count", "passenger_type")
CLAUSE = re.compile("[,，.。;；:：!！?？]")
"""Between clauses."""
YEAR = re.compile(r",? (?:of )?20\d\d\b")
"""What may stand behind a day."""
STOP = re.compile("[.;!?。；！？]")
"""Between sentences."""


@dataclass(frozen=True)
class Mention:
    """An entity of a message, at `text[start:end]`."""

    kind: str
    value: str
    text: str
    start: int
    end: int
    role: Optional[str] = None
    group: Optional[str] = None
    negated: bool = False
    again: bool = False
    """Whether it is a city that takes its place again."""
    deadline: bool = False
    """Whether it is a time to be there by."""
    bound: bool = False
    """Whether it is a time to leave after."""
    leaving: bool = False
    """Whether it is told to be a time to leave, as "out at [8]" is."""
    rough: bool = False
    """Whether it is a time to leave near to, before it or after."""


def mentions_of(
    text: str, entities: Sequence[Mapping[str, Any]], language: Language
) -> List[Mention]:
    """A message's entities in order, with what stands before them understood."""
    found, days = [], language.days
    for entity in _with_years(text, entities):
        start, end = entity["start"], entity["end"]
        before = text[:start]
        found.append(
            Mention(
                kind=entity["entity"],
                value=str(entity["value"]),
                text=text[start:end],
                start=start,
                end=end,
                role=entity.get("role"),
                group=entity.get("group"),
                negated=_is_rejected(text, entity, language),
                again=bool(language.cities.again.search(before)),
                deadline=_is_between(days.by, days.until, text, start, end),
                bound=_is_between(days.since, days.onwards, text, start, end),
                rough=_is_between(days.around, days.roughly, text, start, end),
                leaving=_is_between(days.starting, days.going, text, start, end),
            )
        )
    refused = {(m.kind, m.value): m.start for m in found if m.negated and m.kind not in PEOPLE}
    # "I have a railcard. No, without the railcard".
    return [
        replace(m, negated=m.negated or m.start < refused.get((m.kind, m.value), 0)) for m in found
    ]


def _with_years(text: str, entities: Sequence[Mapping[str, Any]]) -> List[Mapping[str, Any]]:
    """Entities in order; the year behind a day is part of it, and nothing else: "13 April 2027"."""
    found: List[Mapping[str, Any]] = []
    end = 0
    for entity in sorted(entities, key=lambda entity: int(entity["start"])):
        if entity["start"] < end:
            continue
        year = YEAR.match(text, entity["end"]) if entity["entity"] == "date" else None
        if year:
            end = year.end()
            entity = {**entity, "end": end, "value": text[entity["start"] : end]}
        found.append(entity)
    return found


def _is_rejected(text: str, entity: Mapping[str, Any], language: Language) -> bool:
    """Whether words of a message, whatever they are of, are those that are not meant."""
    kind, before, behind = entity["entity"], text[: entity["start"]], text[entity["end"] :]
    people = language.people
    if kind not in PEOPLE and language.unfit.match(behind):
        return True
    if kind == "discount_card":
        sentence = STOP.split(before)[-1]
        taken_off = people.fewer.search(text, len(before) - len(sentence))
        if (taken_off and taken_off.start() <= len(before)) or people.off.match(behind):
            return True
    owned = kind in (*PEOPLE, "discount_card") and people.none_of.search(before)
    return bool(owned or language.negated.search(before))


def without_questions(text: str, language: Language) -> str:
    """A message in which what asks what a child pays is blank, if it tells more."""
    people, talk, told, start = language.people, language.talk, text, 0
    for end in [*(one.end() for one in CLAUSE.finditer(text)), len(text)]:
        said = text[start:end]
        prices = people.price.search(said) or talk.topics["utter_discount"].search(said)
        if prices and people.little.search(said) and talk.asking.search(said):
            told = told[:start] + " " * (end - start) + told[end:]
        start = end
    return told if re.search(r"\w", told) else text


def tells_of_people(text: str, people: People) -> bool:
    """Whether a part of a message is about who travels, or how old they are."""
    return bool(people.subject.search(text) or people.age.search(text))


def asks_share(text: str, language: Language, counts: bool) -> bool:
    """Whether a message asks what each pays, or a child where it `counts` nobody."""
    people, asks = language.people, language.talk.asking.search(text)
    clauses = [part for part in CLAUSE.split(text) if people.little.search(part)]
    # "I go with my kid, how much is it?"
    told = any(tells_of_people(c, people) and not people.price.search(c) for c in clauses)
    on_child = clauses and people.price.search(text) and not (told or counts)
    return bool(asks and (people.each.search(text) or on_child))


def blank(text: str, spans: Iterable[Tuple[int, int]]) -> str:
    """A message in which some parts of it are blank."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _is_between(
    before: Pattern[str], behind: Pattern[str], text: str, start: int, end: int
) -> bool:
    """Whether one of two patterns is beside, or in, a part of a text."""
    return any(
        before.search(text[:place]) or behind.match(text[place:]) for place in range(start, end + 1)
    )


@dataclass
class Update:
    """What a message changes, and what of it cannot be."""

    values: Dict[str, Any] = field(default_factory=dict)
    """By slot; None where a value was taken back."""
    problems: List[Tuple[str, Dict[str, Any]]] = field(default_factory=list)
    """Name of the bot's text that says what is wrong, and its values."""
    suggested: Optional[Tuple[str, str]] = None
    """A slot and the value that was perhaps meant."""
    back: Optional[Dict[str, Any]] = None
    """By slot, what is said of the way back; None where nothing is."""

    def __bool__(self) -> bool:
        return bool(self.values or self.problems)


@dataclass(frozen=True)
class Situation:
    """What the bot knows while it listens."""

    language: Language
    today: date
    journey: Mapping[str, Any] = field(default_factory=dict)
    asked: Optional[str] = None
    """The slot that it has asked for."""
    last_city: Optional[str] = None
    """The slot of the city that was told last."""
    country: Optional[str] = None
    """The slot of which only the country is known, after a question for the city."""
    travelled: Optional[Mapping[str, Any]] = None
    """The passengers, the class, the discount card and the day of the last booking."""
    among: Mapping[str, int] = field(default_factory=dict)
    """Passengers whose kind was told before all were counted."""
    offered: Optional[str] = None
    """When the train leaves that was offered, or the first of those shown."""
    shown: Sequence[str] = ()
    """When all trains leave that were offered or just shown."""
    week: Optional[date] = None
    """The Monday of the week in which to travel, where the day is still to be told."""
    there: Optional[date] = None
    """The day of the way there, where this is about the way back."""


def open_city(situation: Situation) -> str:
    """The slot that a city without a role is most likely for."""
    slot = situation.country or situation.asked
    return slot if slot in ("departure", "destination", "via") else "destination"


def known_before(slot: str, situation: Situation) -> Any:
    """A slot's value in this journey, or in the last booking."""
    return situation.journey.get(slot) or (situation.travelled or {}).get(slot)
