"""The journey that is put together: from messages to slots, to trips of the office, to words."""

from __future__ import annotations

import os
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from .language import LANGUAGES, Language
from .routes import Connection
from .said import CITIES, Situation, Update, place_in, understand
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
PASSING = ("confirmed", "remark", "last_city", "suggested", "offer", "changing", "pending", "shown")
# What these tell is about it, even where nothing of it was understood.
TELLING = frozenset(["book_ticket", "inform"])
FALLBACK = "nlu_fallback"
LONGEST_NAME = 25
"""Characters of a message that may be nothing but a city's name."""


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


def code_in(tracker: Tracker) -> Optional[str]:
    """The booking code that a message names."""
    found = [e for e in tracker.latest_message.get("entities", []) if e["entity"] == "booking_code"]
    return str(found[-1]["value"]).upper() if found else None


def told(tracker: Tracker, asked: Optional[str], journey: Mapping[str, Any]) -> Update:
    """What a message changes in a journey, with cities that there are."""
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
    )
    if tracker.latest_message["intent"]["name"] in (*TELLING, FALLBACK):
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
    for match in language.place.finditer(text):
        start, end = match.span("name")
        if marked.isdisjoint(range(start, end)):
            role = language.prepositions[match.group("how")]
            found.append({"start": start, "end": end, "role": role})
    if asked in CITIES and not entities and not found:
        known = store().find(text)
        whole = len(text.split()) <= 2 and len(text) <= LONGEST_NAME
        if known or whole:
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
            if near:
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
        first=journey.get("travel_class") == language.first_class,
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
        "travel_class": language.first_class if trip.first else language.second_class,
        "passengers": dict(trip.passengers),
        "discount_card": trip.discount_card,
    }


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
        "travel_class": language.first_class if trip.first else language.second_class,
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
    noted = [language.say("noted", told=language.tell(values))] if values else []
    return noted + [language.say(name, **about) for name, about in update.problems]


def meant(tracker: Tracker, tickets: Sequence[Ticket]) -> Optional[Ticket]:
    """The one of several bookings that a message means: by place, city, day, time or train."""
    language = language_of(tracker)
    place = place_in(tracker.latest_message.get("text") or "", language)
    if place is not None and place < len(tickets):
        return tickets[place]
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


def take_up(tracker: Tracker, ticket: Ticket) -> List[EventType]:
    """Events that fill the form with a booking, and with what the message changes in it."""
    language = language_of(tracker)
    journey = journey_from(ticket, language)
    update = told(tracker, None, {k: v for k, v in journey.items() if v is not None})
    remarks = remarks_on(update, language) or [language.say("taken_up", code=ticket.code)]
    slots = {**journey, **update.values, "changing": ticket.code, "remark": remarks}
    return [*forget(), *(SlotSet(slot, value) for slot, value in slots.items())]
