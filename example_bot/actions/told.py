"""What a message tells of a journey: from the tracker to values of slots, with cities there are."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from rasa_sdk import Tracker

from .heard import Situation, Update, blank, mentions_of
from .journey import ON_TRAINS, TELLING, back_from, language_of, last_ticket, pair_of, store
from .language import Language
from .people import kin_in
from .routes import clock
from .said import CITIES, ENDS, understand, unfound_classes
from .store import Ticket
from .turns import found_in, intent_of, is_alone, text_of

FALLBACK = "nlu_fallback"
LONGEST_NAME = 25
"""Characters of a message that may be nothing but a city's name."""
MUCH_ALIKE = 0.8


def entities_of(tracker: Tracker, kind: str) -> List[Dict[str, Any]]:
    """What the NLU has found of a kind in a message."""
    return [e for e in found_in(tracker) if e["entity"] == kind]


def classes_in(tracker: Tracker) -> List[str]:
    """The classes that a message names; both, where it names one beside the other."""
    text, language = text_of(tracker), language_of(tracker)
    said, classes = entities_of(tracker, "travel_class"), language.classes
    said += unfound_classes(text, said, language)
    names = classes.names.items()
    if said and classes.compared.search(text):
        return [*classes.names]
    return [name for name, words in names if any(words.search(str(one["value"])) for one in said)]


def leaves_out(tracker: Tracker) -> bool:
    """Whether a message leaves some passengers out: "how much without the kids"."""
    entities = entities_of(tracker, "passenger_type")
    return any(m.negated for m in mentions_of(text_of(tracker), entities, language_of(tracker)))


def somebody_leaves(tracker: Tracker) -> bool:
    """Whether a message tells of somebody who does not come along: "he is ill", "one kid less"."""
    text, language = text_of(tracker), language_of(tracker)
    people = language.people
    named = kin_in(text, language) or people.total.search(text)
    named = named or entities_of(tracker, "passenger_type") or entities_of(tracker, "count")
    return bool(people.gone.search(text) or (named and people.fewer.search(text)))


def _day_there(tracker: Tracker, journey: Mapping[str, Any]) -> Optional[date]:
    """The day of the last booking, where this journey is the way back from it."""
    ticket, language = last_ticket(tracker), language_of(tracker)
    pair, changed = pair_of(store().tickets(tracker.sender_id)), tracker.get_slot("changing")
    if changed:
        return pair[0].trip.day if pair and pair[1].code == changed else None
    if not ticket:
        return None
    back = back_from(ticket, language)
    return ticket.trip.day if all(journey.get(end) == back[end] for end in ENDS) else None


def _shown(tracker: Tracker) -> List[str]:
    """When the train on offer leaves, and those just shown."""
    offer, choices = tracker.get_slot("offer"), tracker.get_slot("choices") or []
    offered = [clock(store().network.from_json(offer).departs)[0]] if offer else []
    return offered + [str(one["time"]) for one in choices]


def told(
    tracker: Tracker,
    asked: Optional[str],
    journey: Mapping[str, Any],
    there: Optional[date] = None,
    part: Optional[str] = None,
) -> Update:
    """What a message changes in a journey, with cities that there are.

    Where it is about the way back, `there` is the day of the way there. Of a `part`, the rest of
    the message is blank.
    """
    language, office = language_of(tracker), store()
    text = text_of(tracker) if part is None else part
    text = blank(text, points_in(tracker, text))
    entities = _without_countries(named_in(tracker, text), language)
    slot, name = tracker.get_slot("suggested") or (None, None)
    week = tracker.get_slot("week")
    if there is None and (tracker.get_slot("there") or language.bookings.returning.search(text)):
        there = _day_there(tracker, journey)
    situation = Situation(
        language=language,
        today=date.today(),
        journey=journey,
        asked=asked,
        last_city=tracker.get_slot("last_city"),
        travelled=tracker.get_slot("travelled"),
        there=there,
        offered=next(iter(_shown(tracker)), None),
        shown=_shown(tracker),
        country=None if name else slot,
        among=tracker.get_slot("among") or {},
        week=date.fromisoformat(week) if week else None,
    )
    short = asked in CITIES or len(text) <= LONGEST_NAME
    if intent_of(tracker) in (*TELLING, *ON_TRAINS, FALLBACK) or (
        short and language.names_country(text)
    ):
        # One of several sentences need be no answer: "Ugh. Milan to Zurich".
        entities += _unmarked(text, entities, asked if is_alone(tracker) else None, language)
    update = understand(text, entities, situation)
    if update.values.get("avoid") and office.city(update.values["avoid"]) is None:
        del update.values["avoid"]
    if update.back:
        fit = update.back.items()
        update.back = {s: v for s, v in fit if s not in CITIES or office.city(v) is not None}
    _check_cities(update, text, journey, language)
    if update.values.get("train_number") and not office.train(update.values["train_number"]):
        update.problems.append(("unknown_train", {"said": update.values.pop("train_number")}))
    return update


def points_in(tracker: Tracker, text: str) -> List[Tuple[int, int]]:
    """Where a message only points at a booking by its city: "the Zurich one"."""
    language, office = language_of(tracker), store()
    if "@" not in text and not any(name[language.code] in text for name in office.names.values()):
        # So most messages need not look for bookings.
        return []
    for name in cities_of(office.tickets(tracker.sender_id), language):
        text = re.sub(re.escape(name), "@" * len(name), text)
    return [found.span() for found in language.bookings.pointing.finditer(text)]


def likewise_to(tracker: Tracker) -> bool:
    """Whether what is changed in one booking is to be changed in another, too."""
    text, words = text_of(tracker), language_of(tracker).bookings
    return bool(words.likewise.search(text) and points_in(tracker, text))


def cities_of(tickets: Sequence[Ticket], language: Language) -> Set[str]:
    """The names of the cities where bookings start and end."""
    cities = {city for t in tickets for city in (t.trip.departure, t.trip.destination)}
    return {store().names[city][language.code] for city in cities}


def named_in(tracker: Tracker, text: str) -> List[Mapping[str, Any]]:
    """What the NLU has found in the part of a message that is not blank, and may be meant."""
    language, found = language_of(tracker), []
    for entity in found_in(tracker):
        kind, said = entity["entity"], text[entity["start"] : entity["end"]]
        person = kind == "city" and entity["value"] in language.people.kinds
        # "We'[re 2] couples" names no train.
        word = kind == "train_number" and text[: entity["start"]][-1:] in ("'", "’")
        word = word or (kind == "city" and language.cities.pronoun.fullmatch(said) is not None)
        # "Book us London-Paris" has no card.
        word = word or (kind == "discount_card" and _is_route(said, language))
        if said.strip() and not (person or word):
            name = store().name(str(entity["value"]), language.code) if kind == "city" else None
            found.append({**entity, "value": name or entity["value"]})
    return found


def _is_route(said: str, language: Language) -> bool:
    """Whether words are two cities: "London-Paris"."""
    names = [name.strip() for name in re.split("[-–—]", said)]
    return len(names) > 1 and all(store().name(name, language.code) for name in names)


def _without_countries(
    entities: Sequence[Mapping[str, Any]], language: Language
) -> List[Mapping[str, Any]]:
    """Entities without the country of a city that is told, too: "Italy, Florence maybe"."""
    cities = [entity for entity in entities if entity["entity"] == "city"]
    names = [c for c in cities if str(c["value"]).casefold() in language.countries]
    if len(names) != 1:
        return [*entities]
    (country,) = names
    role = country.get("role")
    fitting = [c for c in cities if c is not country and c.get("role") in (None, role)]
    if not fitting:
        return [*entities]
    city = min(fitting, key=lambda one: abs(int(one["start"]) - int(country["start"])))
    return [
        {**entity, "role": role or city.get("role")} if entity is city else entity
        for entity in entities
        if entity is not country
    ]


def _unmarked(
    text: str, entities: Sequence[Mapping[str, Any]], asked: Optional[str], language: Language
) -> List[Dict[str, Any]]:
    """Cities that the NLU has not found: behind a preposition, or as the answer to a question.

    There may be no such city; then it is better to say so than to say nothing.
    """
    marked = {place for e in entities for place in range(e["start"], e["end"])}
    found: List[Dict[str, Any]] = []
    for match in language.cities.place.finditer(text):
        start, end = match.span("name")
        if marked.isdisjoint(range(start, end)):
            role = language.cities.prepositions[match.group("how")]
            found.append({"start": start, "end": end, "role": role})
    next_to = {entity["start"] for entity in entities if entity.get("role") == "destination"}
    starts = language.cities.starts.finditer(text)
    begins = [one for one in starts if one["first"] is not None or one.end() in next_to]
    for match in (*language.cities.loose.finditer(text), *begins):
        start, end = match.span("name")
        if marked.isdisjoint(range(start, end)) and store().nearest(
            match.group("name"), language.code, least=MUCH_ALIKE
        ):
            how = match.groupdict().get("how")
            role = language.cities.prepositions[how] if how else "departure"
            found.append({"start": start, "end": end, "role": role})
    country = language.names_country(text)
    if country and not (entities or found) and len(text) <= LONGEST_NAME:
        found.append({"start": country[0], "end": country[1]})
    place = store().find(text)
    if place and not found and marked.isdisjoint(range(*place)):
        before = [
            how for how in language.cities.prepositions if text[: place[0]].rstrip().endswith(how)
        ]
        roles = [{"role": language.cities.prepositions[how]} for how in before]
        found += [{"start": place[0], "end": place[1], **role} for role in roles[:1]]
    if asked in CITIES and not entities and not found:
        known = store().find(text)
        whole = len(text.split()) <= 2 and len(text) <= LONGEST_NAME
        if known or (whole and not language.cities.no_name.search(text)):
            start, end = known or (0, len(text.rstrip(" .!?。！？")))
            found.append({"start": start, "end": end})
    names = ((city, text[city["start"] : city["end"]]) for city in found)
    return [
        {"entity": "city", "value": store().name(name, language.code) or name, **city}
        for city, name in names
    ]


def _is_name(said: str, text: str, language: Language) -> bool:
    """Whether words that are no city's may be meant for one: the whole message, or "to Foo"."""
    words = text.casefold().split()
    if language.cities.no_name.search(said) or language.cities.pronoun.fullmatch(said):
        return False
    before = text.casefold().partition(said.casefold())[0].rstrip()
    capital = said[:1] != said[:1].lower()
    behind = any(re.search(rf"(?<![a-z]){how}$", before) for how in language.cities.prepositions)
    return capital or behind or len(words) <= 1 + len(said.split())


def _check_cities(
    update: Update, text: str, journey: Mapping[str, Any], language: Language
) -> None:
    office = store()
    for slot in CITIES:
        said = update.values.get(slot)
        if said and office.city(said) is None:
            del update.values[slot]
            if slot == "departure" and update.values.get("destination") == journey.get(slot):
                update.values[slot] = None
            near = office.nearest(said, language.code)
            if said.casefold() not in language.countries and not _is_name(said, text, language):
                continue
            if said.casefold() in language.countries:
                update.suggested = (slot, "")
                update.problems.append(("country", {"said": said}))
            elif near:
                update.suggested = (slot, near[0])
                names = language.words["or"].join(near)
                update.problems.append(("like_city", {"said": said, "near": names}))
            else:
                update.problems.append(("unknown_city", {"said": said}))
    after = {**journey, **update.values}
    if after.get("via") and after["via"] in (after.get("departure"), after.get("destination")):
        update.values["via"] = None
    if after.get("departure") and after.get("departure") == after.get("destination"):
        for slot in ("destination", "departure"):
            if slot in update.values:
                update.problems.append(("same_city", {"said": update.values.pop(slot)}))
                break


def telling(values: Mapping[str, Any]) -> Dict[str, Any]:
    """Values without a stop that is dropped, or allowed, where another one tells that."""
    without = {"via"} if values.get("avoid") or values.get("destination") else set()
    without |= {"avoid"} if values.get("via") else set()
    return {slot: v for slot, v in values.items() if v is not None or slot not in without}


def remarks_on(update: Update, language: Language) -> List[str]:
    """What was understood, and what is wrong with it."""
    values = telling(update.values)
    noted = [language.say("noted", told=language.tell(values))] if values else []
    return noted + [language.say(name, **about) for name, about in update.problems]
