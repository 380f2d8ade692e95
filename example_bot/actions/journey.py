"""The journey that is put together: from messages to slots, to trips of the office, to words."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from .dates import read_number
from .heard import Situation, Update
from .language import LANGUAGES, TRAVELLER, Language
from .routes import Connection
from .said import CITIES, place_in, understand
from .store import Store, Ticket, Trip, clock, minutes

JOURNEY = (
    "departure",
    "destination",
    "via",
    "avoid",
    "date",
    "time",
    "latest",
    "train_number",
    "travel_class",
    "passengers",
    "discount_card",
)
PASSING = (
    "confirmed",
    "remark",
    "last_city",
    "suggested",
    "offer",
    "changing",
    "pending",
    "shown",
    "choices",
    "back",
    "dropped",
)
UNFIT = frozenset(["departure", "destination", "via", "avoid", "time", "latest"])
"""Where these are new, a train that was chosen may fit no longer."""
# What these tell is about it, even where nothing of it was understood.
TELLING = frozenset(["book_ticket", "inform"])
ON_TRAINS = frozenset(["ask_timetable", "ask_price"])
"""What may ask for other trains than the one on offer."""
CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{6}(?![A-Za-z0-9])")
"""A booking code that the NLU may not have found."""
FALLBACK = "nlu_fallback"
LONGEST_NAME = 25
"""Characters of a message that may be nothing but a city's name."""
MUCH_ALIKE = 0.8


def database() -> str:
    """The URL of the ticket office's database: TICKETS_DB, or a file beside the bot."""
    beside = Path(__file__).resolve().parent.parent / "tickets.db"
    return os.environ.get("TICKETS_DB", f"sqlite:///{beside}")


@lru_cache(maxsize=None)
def store() -> Store:
    """The ticket office."""
    return Store(database())


def language_of(tracker: Tracker) -> Language:
    """The language that the bot speaks."""
    return LANGUAGES[tracker.get_slot("language")]


def journey_of(tracker: Tracker) -> Dict[str, Any]:
    """What is known of the journey, by slot."""
    slots = ((slot, tracker.get_slot(slot)) for slot in JOURNEY)
    return {slot: value for slot, value in slots if value is not None}


def forget() -> List[EventType]:
    """Events that start the journey anew."""
    return [SlotSet(slot, None) for slot in (*JOURNEY, *PASSING)]


def classes_in(tracker: Tracker) -> List[str]:
    """The classes that a message names."""
    said = [e for e in tracker.latest_message.get("entities", []) if e["entity"] == "travel_class"]
    names = language_of(tracker).classes.names.items()
    return [name for name, words in names if any(words.search(str(one["value"])) for one in said)]


def code_in(tracker: Tracker) -> Optional[str]:
    """The booking code that a message names."""
    found = [e for e in tracker.latest_message.get("entities", []) if e["entity"] == "booking_code"]
    written = CODE.findall(tracker.latest_message.get("text") or "")
    codes = [str(entity["value"]).upper() for entity in found] or written
    return codes[-1] if codes else None


def told(
    tracker: Tracker,
    asked: Optional[str],
    journey: Mapping[str, Any],
    there: Optional[date] = None,
) -> Update:
    """What a message changes in a journey, with cities that there are.

    Where it is about the way back, `there` is the day of the way there.
    """
    language, office = language_of(tracker), store()
    text = tracker.latest_message.get("text") or ""
    entities = [
        {**entity, "value": office.name(str(entity["value"]), language.code) or entity["value"]}
        if entity["entity"] == "city"
        else entity
        for entity in tracker.latest_message.get("entities", [])
    ]
    situation = Situation(
        language=language,
        today=date.today(),
        journey=journey,
        asked=asked,
        last_city=tracker.get_slot("last_city"),
        travelled=tracker.get_slot("travelled"),
        there=there,
    )
    if tracker.latest_message["intent"]["name"] in (*TELLING, *ON_TRAINS, FALLBACK) or (
        asked in CITIES and language.names_country(text)
    ):
        entities += _unmarked(text, entities, asked, language)
    update = understand(text, entities, situation)
    if update.values.get("avoid") and office.city(update.values["avoid"]) is None:
        del update.values["avoid"]
    _check_cities(update, journey, language)
    if update.values.get("train_number") and not office.train(update.values["train_number"]):
        update.problems.append(("unknown_train", {"said": update.values.pop("train_number")}))
    return update


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
    for match in (*language.cities.loose.finditer(text), *language.cities.starts.finditer(text)):
        start, end = match.span("name")
        if marked.isdisjoint(range(start, end)) and store().nearest(
            match.group("name"), language.code, least=MUCH_ALIKE
        ):
            how = match.groupdict().get("how")
            role = language.cities.prepositions[how] if how else "departure"
            found.append({"start": start, "end": end, "role": role})
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


def _check_cities(update: Update, journey: Mapping[str, Any], language: Language) -> None:
    office = store()
    for slot in CITIES:
        said = update.values.get(slot)
        if said and office.city(said) is None:
            del update.values[slot]
            near = office.nearest(said, language.code)
            if said.casefold() in language.countries:
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


def trip_of(journey: Mapping[str, Any], language: Language) -> Trip:
    """The trip that a journey describes; what is not told yet is one adult in second class."""
    office = store()
    via = journey.get("via")
    return Trip(
        departure=office.city(journey["departure"]) or 0,
        destination=office.city(journey["destination"]) or 0,
        day=date.fromisoformat(journey.get("date") or date.today().isoformat()),
        passengers=journey.get("passengers") or {"adult": 1},
        first=journey.get("travel_class") == language.classes.first,
        via=office.city(via) if via else None,
        earliest=minutes(journey.get("time")),
        latest=minutes(journey["latest"]) if journey.get("latest") else None,
        avoid=office.city(journey["avoid"]) if journey.get("avoid") else None,
        train_number=journey.get("train_number"),
        discount_card=journey.get("discount_card"),
    )


def journey_from(ticket: Ticket, language: Language) -> Dict[str, Any]:
    """The journey of a booking, by slot."""
    names, trip = store().names, ticket.trip
    return {
        "departure": names[trip.departure][language.code],
        "destination": names[trip.destination][language.code],
        "via": names[trip.via][language.code] if trip.via else None,
        "date": trip.day.isoformat(),
        "time": clock(ticket.connection.departs)[0],
        "train_number": None,
        "travel_class": language.classes.first if trip.first else language.classes.second,
        "passengers": dict(trip.passengers),
        "discount_card": trip.discount_card,
    }


def back_from(ticket: Ticket, language: Language) -> Dict[str, Any]:
    """The journey back from where a booking leads, by slot; the day is not known."""
    journey = journey_from(ticket, language)
    departure, destination = journey["destination"], journey["departure"]
    kept = ("travel_class", "passengers", "discount_card")
    ends = {"departure": departure, "destination": destination}
    return {**ends, **{slot: journey[slot] for slot in kept if journey[slot]}}


def wish_in(text: str, language: Language) -> Optional[str]:
    """The other connection that a message wishes for (Language.wishes)."""
    return next(
        (wish for wish, words in language.trains.wishes.items() if words.search(text)), None
    )


def wished(text: str, trip: Trip, known: Connection, language: Language) -> Optional[Connection]:
    """The connection of a trip's day that a message wishes for instead of the one known."""
    whole = replace(trip, earliest=0, latest=None, train_number=None)
    found = list(store().connections(whole, datetime.now()))
    found.sort(key=lambda connection: connection.departs)
    wish, hours = wish_in(text, language), language.trains.hours.search(text)
    off = _hours(hours.group("n")) if hours else 0
    if wish == "later":
        fits = [c for c in found if c.departs >= known.departs + (off or 1)]
    elif wish == "earlier":
        fits = [c for c in reversed(found) if c.departs <= known.departs - (off or 1)]
    elif wish == "fastest":
        fits = sorted((c for c in found if c.lasts < known.lasts), key=lambda c: c.lasts)
    elif wish == "cheapest":
        fits = sorted((c for c in found if c.km < known.km), key=lambda c: c.km)
    elif wish == "direct":
        near = sorted(found, key=lambda c: abs(c.departs - known.departs))
        fits = [c for c in near if len(c.parts) == 1]
    else:
        fits = found[::-1] if wish == "last" else found
    return fits[0] if fits else None


def wish(
    text: str,
    journey: Mapping[str, Any],
    known: Connection,
    language: Language,
    update: Update,
) -> None:
    """Add to an update the connection that a message wishes for instead of the one known."""
    found = wished(text, trip_of({**journey, **update.values}, language), known, language)
    if found is None:
        update.problems.append((f"none_{wish_in(text, language)}", {}))
    else:
        update.values.update(values_of(found))
        if journey.get("latest"):
            update.values["latest"] = None


def _hours(said: str) -> int:
    """So many hours, in minutes."""
    return 30 if said.startswith(("half", "半")) else 60 * (read_number(said) or 1)


def values_of(connection: Connection) -> Dict[str, Any]:
    """The values of slots that only this connection fits."""
    train = store().trains[connection.parts[0][0].train].number
    return {"time": clock(connection.departs)[0], "train_number": train}


def stop_of(text: str, connection: Connection, language: Language) -> Optional[str]:
    """The answer to a question whether a connection stops in a city; None where it is none."""
    office, place = store(), store().find(text)
    if not (language.trains.stops.search(text) and place):
        return None
    city = office.city(text[place[0] : place[1]])
    at = [leg.arrives for leg in connection.legs if leg.target == city]
    at += [leg.departs for leg in connection.legs[:1] if leg.origin == city]
    name = office.names[city][language.code] if city else ""
    if not at:
        return language.say("no_stop", city=name)
    return language.say("stop", city=name, time=clock(at[0])[0])


def write_times(connection: Connection, language: Language) -> str:
    """A connection's trains, and how long it takes."""
    changes = len(connection.parts) - 1
    how = "more" if changes > 1 else "one" if changes else "none"
    return language.say(
        "times",
        rides=write_connection(connection, language),
        hours=connection.lasts // 60,
        minutes=connection.lasts % 60,
        changes=language.words["changes"][how].format(changes),
    )


def write_connection(connection: Connection, language: Language) -> str:
    """A line for each train."""
    office = store()
    written = []
    for part in connection.parts:
        (departs, _), (arrives, days) = clock(part[0].departs), clock(part[-1].arrives)
        written.append(
            language.say(
                "ride",
                train=office.trains[part[0].train].number,
                origin=office.names[part[0].origin][language.code],
                departs=departs,
                target=office.names[part[-1].target][language.code],
                arrives=arrives + (f" (+{days})" if days else ""),
            )
        )
    return "\n".join(written)


def write_trip(trip: Trip, connection: Connection, cents: int, language: Language) -> str:
    """A trip's trains, day, passengers and price."""
    facts: Dict[str, Any] = {
        "date": trip.day.isoformat(),
        "travel_class": language.classes.first if trip.first else language.classes.second,
        "passengers": trip.passengers,
    }
    if trip.discount_card:
        facts["discount_card"] = trip.discount_card
    return language.say(
        "trip",
        rides=write_connection(connection, language),
        facts=language.tell(facts),
        euros=f"{cents / 100:.2f}",
    )


def write_ticket(ticket: Ticket, language: Language) -> str:
    """A booking."""
    trip = write_trip(ticket.trip, ticket.connection, ticket.cents, language)
    seats = "; ".join(
        f"{train}: {', '.join(map(str, numbers))}" for train, numbers in ticket.seats.items()
    )
    return language.say("ticket", code=ticket.code, trip=trip, seats=seats)


def remarks_on(update: Update, language: Language) -> List[str]:
    """What was understood, and what is wrong with it."""
    values = dict(update.values)
    if values.get("avoid") and values.get("via") is None:
        values.pop("via", None)
    if values.get("via") and values.get("avoid", "") is None:
        del values["avoid"]
    noted = [language.say("noted", told=language.tell(values))] if values else []
    return noted + [language.say(name, **about) for name, about in update.problems]


def meant(tracker: Tracker, tickets: Sequence[Ticket]) -> Optional[Ticket]:
    """The one of several bookings that a message means: by place, city, day, time or train."""
    language = language_of(tracker)
    text = tracker.latest_message.get("text") or ""
    place = place_in(text, language)
    if place is not None and place < len(tickets):
        return tickets[place]
    if tickets and language.bookings.just_made.search(text):
        return tickets[-1]
    if language.trains.other.search(text):
        others = [ticket for ticket in tickets if ticket.code != tracker.get_slot("shown")]
        return others[0] if len(others) == 1 else None
    said = told(tracker, None, {}).values
    cities = [
        (entity.get("role"), store().name(str(entity["value"]), language.code))
        for entity in tracker.latest_message.get("entities", [])
        if entity["entity"] == "city"
    ]
    facts = {slot: said[slot] for slot in ("date", "time") if said.get(slot)}
    if not (cities or facts):
        return None
    found = []
    for ticket in tickets:
        journey = journey_from(ticket, language)
        ends = journey["departure"], journey["destination"]
        if all(name == journey[role] if role else name in ends for role, name in cities) and all(
            journey[slot] == value for slot, value in facts.items()
        ):
            found.append(ticket)
    return found[0] if len(found) == 1 else None


def last_ticket(tracker: Tracker) -> Optional[Ticket]:
    """The booking that was spoken of last, or else was made last."""
    return shown(tracker) or next(reversed(store().tickets(tracker.sender_id)), None)


def shown(tracker: Tracker) -> Optional[Ticket]:
    """The booking that was spoken of last, if there is one still."""
    tickets, code = store().tickets(tracker.sender_id), tracker.get_slot("shown")
    return next((ticket for ticket in tickets if ticket.code == code), None)


def follow_up(tracker: Tracker) -> Optional[List[EventType]]:
    """Events that start a journey like the last booking, where a message wants one.

    That is the way back, or the same once more, for others perhaps.
    """
    language, ticket = language_of(tracker), last_ticket(tracker)
    text = tracker.latest_message.get("text") or ""
    if ticket and language.bookings.returning.search(text):
        journey, there = back_from(ticket, language), ticket.trip.day
    elif ticket and language.bookings.alike.search(text):
        journey, there = _once_more(ticket, text, language), None
    else:
        return None
    # Who is named wants the same alone.
    known = {slot: value for slot, value in journey.items() if there or slot != "passengers"}
    update = told(tracker, None, known, there)
    if update.values.keys() >= {"departure", "destination"}:
        return None
    if there is None and UNFIT & update.values.keys():
        del journey["train_number"]
    return begin(Update({**journey, **update.values}, update.problems), language)


def _once_more(ticket: Ticket, text: str, language: Language) -> Dict[str, Any]:
    """The journey of a booking by the same train, by slot; for somebody else, if a message says."""
    journey = {**journey_from(ticket, language), **values_of(ticket.connection)}
    if language.bookings.for_whom.search(text):
        journey["passengers"] = {TRAVELLER: 1}
    return {slot: value for slot, value in journey.items() if value}


def begin(update: Update, language: Language) -> List[EventType]:
    """Events that start the journey that an update tells."""
    slots = {**update.values, "remark": remarks_on(update, language)}
    return [*forget(), *(SlotSet(slot, value) for slot, value in slots.items())]


def take_up(tracker: Tracker, ticket: Ticket) -> List[EventType]:
    """Events that fill the form with a booking, and with what the message changes in it."""
    language = language_of(tracker)
    journey = journey_from(ticket, language)
    known = {slot: value for slot, value in journey.items() if value is not None}
    update = told(tracker, None, known)
    text = tracker.latest_message.get("text") or ""
    if wish_in(text, language) and not update.values.get("time"):
        wish(text, known, ticket.connection, language, update)
    remarks = remarks_on(update, language) or [language.say("taken_up", code=ticket.code)]
    slots = {**journey, **update.values, "changing": ticket.code, "remark": remarks}
    return [*forget(), *(SlotSet(slot, value) for slot, value in slots.items())]
