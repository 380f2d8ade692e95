"""What a message changes in the journey that is being put together. Knows nothing of Rasa.

Of two values for one thing the last counts, and what stands behind a "not" is not meant: "not to
Geneva, to Milan". A value takes the place of the one it corrects, so that "not Geneva but Milan"
needs no role. Kinds of passengers are set one by one: after "2 adults and a kid", "3 kids" leaves
the adults in.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .dates import part_of_day, read_date, read_number, read_time
from .language import TRAVELLER, Language

CITIES = ("departure", "destination", "via")
MINORS = frozenset(["child", "infant"])
MOST_PASSENGERS = 9
DAYS_AHEAD = 365
SHORT_WORDS, SHORT_SIGNS = 4, 25
"""A message of so many can be nothing but the day that was asked for."""
Passengers = Dict[str, int]


@dataclass(frozen=True)
class Mention:
    """An entity of a message, at `text[start:end]`."""

    kind: str
    value: str
    text: str
    start: int
    end: int
    role: Optional[str]
    group: Optional[str]
    negated: bool
    deadline: bool
    """Whether it is a time to be there by."""


@dataclass
class Update:
    """What a message changes, and what of it cannot be."""

    values: Dict[str, Any] = field(default_factory=dict)
    """By slot; None where a value was taken back."""
    problems: List[Tuple[str, Dict[str, Any]]] = field(default_factory=list)
    """Name of the bot's text that says what is wrong, and its values."""
    suggested: Optional[Tuple[str, str]] = None
    """A slot and the value that was perhaps meant."""

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
    travelled: Optional[Passengers] = None
    """The passengers of the last booking."""


def mentions_of(
    text: str, entities: Sequence[Mapping[str, Any]], language: Language
) -> List[Mention]:
    """A message's entities in order, with what stands before them understood."""
    found = []
    for entity in sorted(entities, key=lambda entity: int(entity["start"])):
        before, after = text[: entity["start"]], text[entity["end"] :]
        negated = bool(language.negated.search(before)) or (
            entity["entity"] in ("count", "passenger_type")
            and bool(language.none_of.search(before))
        )
        found.append(
            Mention(
                kind=entity["entity"],
                value=str(entity["value"]),
                text=text[entity["start"] : entity["end"]],
                start=entity["start"],
                end=entity["end"],
                role=entity.get("role"),
                group=entity.get("group"),
                negated=negated,
                deadline=bool(language.by.search(before) or language.until.match(after)),
            )
        )
    return found


def understand(text: str, entities: Sequence[Mapping[str, Any]], situation: Situation) -> Update:
    """What a message changes in the journey."""
    language = situation.language
    mentions = [
        _resorted(mention, situation.today) for mention in mentions_of(text, entities, language)
    ]
    update = Update()
    if language.returning.search(text):
        update.problems.append(("one_way", {}))
        if situation.asked:
            return update
    _cities(text, mentions, situation, update)
    _days(text, mentions, situation, update)
    _times(text, mentions, situation, update)
    for kind in ("travel_class", "train_number", "discount_card"):
        _last(kind, mentions, situation, update)
    classes = {1: language.first_class, 2: language.second_class}
    number = read_number(text.strip(" .!。！"))
    if situation.asked == "travel_class" and number in classes:
        update.values["travel_class"] = classes[number]
    else:
        _passengers(text, mentions, situation, update)
    if language.same.search(text):
        _same_passengers(situation, update)
    return update


def _same_passengers(situation: Situation, update: Update) -> None:
    """The passengers of this journey or the last booking, unless the message counts others."""
    known: Passengers = situation.journey.get("passengers") or situation.travelled or {}
    told: Passengers = update.values.get("passengers") or {}
    if not told or sum(told.values()) == sum(known.values()):
        if known:
            update.values["passengers"] = dict(known)
        else:
            update.problems.append(("same_as_whom", {}))


def place_in(text: str, language: Language) -> Optional[int]:
    """Which of several a message means by its place, from 0; -1 for the last."""
    found = language.ordinal.search(text)
    return language.places[found.group("place").lower()] if found else None


def bare_number(text: str, language: Language) -> Optional[int]:
    """The number that is all of a message, save "people"."""
    found = language.people.fullmatch(text.strip(" .!。！").lower())
    return read_number(found.group("number")) if found else None


def _resorted(mention: Mention, today: date) -> Mention:
    """A day that was taken for a time, and a time that was taken for a day, put right."""
    day, at = read_date(mention.text, today), read_time([mention.text])
    if mention.kind == "time" and at is None and day:
        return replace(mention, kind="date")
    return replace(mention, kind="time") if mention.kind == "date" and at and not day else mention


def _last(kind: str, mentions: List[Mention], situation: Situation, update: Update) -> None:
    """Set a slot to the last value that is meant, or take back the one that is not."""
    meant = [m.value for m in mentions if m.kind == kind and not m.negated]
    if meant:
        update.values[kind] = meant[-1]
    elif any(m.value == situation.journey.get(kind) for m in mentions if m.kind == kind):
        update.values[kind] = None


def _cities(text: str, mentions: List[Mention], situation: Situation, update: Update) -> None:
    cities = [m for m in mentions if m.kind == "city"]
    journey = situation.journey
    replaced: List[str] = []
    for mention in cities:
        if mention.negated:
            if mention.role and journey.get(mention.role) == mention.value:
                replaced.append(mention.role)
                continue
            holding = [slot for slot in CITIES if journey.get(slot) == mention.value]
            replaced += holding or ([mention.role] if mention.role else [])
    open_slots = _slots_for_bare_cities(text, situation, replaced, cities)
    for mention in cities:
        if not mention.negated:
            slot = mention.role or (open_slots.pop(0) if open_slots else None)
            if slot:
                update.values[slot] = mention.value
    for slot in replaced:
        if slot not in update.values and journey.get(slot):
            update.values[slot] = None
    avoided = [m.value for m in cities if m.negated and m.role == "via"]
    if avoided:
        update.values["avoid"] = avoided[-1]
    elif journey.get("avoid") and journey["avoid"] == update.values.get("via"):
        update.values["avoid"] = None


def _slots_for_bare_cities(
    text: str, situation: Situation, replaced: Sequence[str], cities: Sequence[Mention]
) -> List[str]:
    """The slots that cities without a role fill, first to last."""
    journey, asked = situation.journey, situation.asked
    missing = [slot for slot in ("departure", "destination") if not journey.get(slot)]
    taken = {m.role for m in cities if not m.negated}
    order = [*replaced]
    corrects = bool(situation.language.correcting.search(text))
    if corrects and situation.last_city and not replaced:
        order.append(situation.last_city)
    if asked in CITIES:
        order.append(str(asked))
    order += missing
    if not missing:
        order += [situation.last_city or "destination"]
    return [slot for slot in dict.fromkeys(order) if slot not in taken]


def _days(text: str, mentions: List[Mention], situation: Situation, update: Update) -> None:
    days = [m for m in mentions if m.kind == "date"]
    meant = [m.text for m in days if not m.negated]
    today = situation.today
    short = len(text.split()) <= SHORT_WORDS and len(text) <= SHORT_SIGNS
    if situation.asked == "date" and not mentions and short and read_date(text, today):
        meant = [text.strip(" .!?。！？")]
    for said in meant[-1:]:
        day = read_date(said, today)
        if day is None:
            update.problems.append(("unknown_date", {"said": said}))
        elif day < today:
            update.problems.append(("past_date", {"said": said}))
        elif day > today + timedelta(days=DAYS_AHEAD):
            update.problems.append(("far_date", {"said": said}))
        else:
            update.values["date"] = day.isoformat()
    for mention in [] if meant else days:
        day = read_date(mention.text, today)
        if day and day.isoformat() == situation.journey.get("date"):
            update.values["date"] = None


def _times(text: str, mentions: List[Mention], situation: Situation, update: Update) -> None:
    """When to leave, `time`, and when to be there, `latest`."""
    times = [m for m in mentions if m.kind == "time"]
    meant = [m for m in times if not m.negated]
    at = read_time(m.text for m in meant)
    if meant and at is None:
        said = " ".join(m.text for m in meant)
        update.problems.append(("unknown_time", {"said": said}))
    elif at and any(m.deadline for m in meant):
        update.values["latest"] = at
        if situation.journey.get("time"):
            update.values["time"] = None
    elif at or (not times and part_of_day(situation.language.greeting.sub("", text))):
        update.values["time"] = at or part_of_day(situation.language.greeting.sub("", text))
        if situation.journey.get("latest"):
            update.values["latest"] = None
    for mention in [] if meant else times:
        for slot in ("time", "latest"):
            if read_time([mention.text]) == situation.journey.get(slot) is not None:
                update.values[slot] = None


@dataclass(frozen=True)
class _Group:
    kind: str
    count: Optional[int]
    """None where the number cannot be read."""
    added: bool
    everyone: bool
    said: str


def _apart(number: Mention, kind: Mention, text: str, language: Language) -> bool:
    """Whether a number does not say how many of a kind there are."""
    between = text[number.end : kind.start]
    if number.group and kind.group:
        return number.group != kind.group
    return bool(language.joined.search(between))


def _groups(text: str, mentions: List[Mention], language: Language) -> List[_Group]:
    """The passengers of a message: each kind with the number that stands before it."""
    relevant = [m for m in mentions if m.kind in ("count", "passenger_type")]
    groups: List[_Group] = []
    pending: Optional[Mention] = None
    past = 0

    def close(kind: Optional[Mention], number: Optional[Mention]) -> None:
        nonlocal past
        first, last = number or kind, kind or number
        assert first is not None and last is not None
        around = text[past : last.end]
        past = last.end
        name = language.passengers.get(kind.value, kind.value) if kind else TRAVELLER
        if kind and name not in language.passengers.values():
            name = TRAVELLER
        negated = first.negated or last.negated
        count = read_number(number.value) if number else 1
        groups.append(
            _Group(
                kind=name,
                count=0 if negated else count,
                added=bool(language.more.search(around)),
                everyone=number is None and bool(language.everyone.search(around)),
                said=text[first.start : last.end],
            )
        )

    for mention in relevant:
        if mention.kind == "count":
            if pending:
                close(None, pending)
            pending = mention
            continue
        if pending and _apart(pending, mention, text, language):
            close(None, pending)
            pending = None
        close(mention, pending)
        pending = None
    if pending:
        close(None, pending)
    speaks = language.myself.search(text)
    if (
        groups
        and speaks
        and not any(m.start < speaks.end() and m.end > speaks.start() for m in relevant)
    ):
        groups.append(_Group("adult", 1, added=False, everyone=False, said=speaks.group()))
    return groups


def _passengers(text: str, mentions: List[Mention], situation: Situation, update: Update) -> None:
    language = situation.language
    groups = _groups(text, mentions, language)
    number = bare_number(text, language)
    if not groups and situation.asked == "passengers" and number is not None:
        groups = [_Group(TRAVELLER, number, added=False, everyone=False, said=text)]
    if not groups:
        return
    unread = [group.said for group in groups if group.count is None]
    if unread:
        update.problems.append(("unknown_count", {"said": unread[0]}))
        return
    before: Passengers = dict(situation.journey.get("passengers") or {})
    passengers = _merged(before, groups, bool(language.only.search(text)))
    if before and len(groups) == 1 and groups[0].everyone:
        both = language.both.search(text)
        passengers = {groups[0].kind: 2 if both else sum(before.values())}
    total = sum(passengers.values())
    if total < 1:
        update.problems.append(("no_passengers", {}))
    elif total > MOST_PASSENGERS:
        update.problems.append(("many_passengers", {"total": total, "most": MOST_PASSENGERS}))
    else:
        update.values["passengers"] = passengers


def _merged(before: Passengers, groups: Sequence[_Group], alone: bool) -> Passengers:
    """The passengers after a message: all anew where it names a mere number, else kind by kind."""
    # Children do not travel alone: "just one kid" is said of the kids.
    alone = alone and not (before.keys() - MINORS and {g.kind for g in groups} <= MINORS)
    bare = any(group.kind == TRAVELLER and not group.added for group in groups)
    passengers = {} if alone or bare else dict(before)
    said: Passengers = {}
    for group in groups:
        said[group.kind] = said.get(group.kind, 0) + (group.count or 0)
    added = {group.kind for group in groups if group.added}
    for kind, count in said.items():
        passengers[kind] = count + (before.get(kind, 0) if kind in added else 0)
    if not bare and TRAVELLER in before and not added and not alone:
        # "4 people", then "2 adults": the others are still to be told.
        rest = before[TRAVELLER] - sum(said.values())
        passengers[TRAVELLER] = max(rest, 0)
    return {kind: count for kind, count in passengers.items() if count}
