"""The journey that is put together: from slots to trips of the office, and to words."""

from __future__ import annotations

import os
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from .language import LANGUAGES, LAST, ROUGHLY, Language
from .routes import DAY, DAYS, Connection, clock, minutes
from .store import Store, Ticket, Trip

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
    "there",
    "week",
    "before",
    "wanted",
)
UNFIT = frozenset(["departure", "destination", "via", "avoid", "time", "latest"])
"""Where these are new, a train that was chosen may fit no longer."""
NEAR_MINUTES = 30
"""How far a train is off a time that is said roughly, if that is meant."""
# What these tell is about it, even where nothing of it was understood.
TELLING = frozenset(["book_ticket", "inform"])
ON_TRAINS = frozenset(["ask_timetable", "ask_price"])
"""What may ask for other trains than the one on offer."""


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


def trip_of(journey: Mapping[str, Any], language: Language) -> Trip:
    """The trip that a journey describes; what is not told yet is one adult in second class."""
    office = store()
    via, time = journey.get("via"), journey.get("time") or ""
    roughly = time.startswith(ROUGHLY)
    return Trip(
        departure=office.city(journey["departure"]) or 0,
        destination=office.city(journey["destination"]) or 0,
        day=date.fromisoformat(journey.get("date") or date.today().isoformat()),
        passengers=journey.get("passengers") or {"adult": 1},
        first=journey.get("travel_class") == language.classes.first,
        via=office.city(via) if via else None,
        earliest=0 if roughly or journey.get("latest") == LAST else minutes(time),
        near=minutes(time.strip(ROUGHLY)) if roughly else None,
        latest=_latest(journey.get("latest")),
        avoid=office.city(journey["avoid"]) if journey.get("avoid") else None,
        train_number=journey.get("train_number"),
        discount_card=journey.get("discount_card"),
    )


def is_at(said: Optional[str], value: str) -> bool:
    """Whether a day, or a time, is the one that is said, or near the one that is said roughly."""
    if said and said.startswith(ROUGHLY):
        return abs(minutes(said.strip(ROUGHLY)) - minutes(value)) <= NEAR_MINUTES
    return said == value


def _latest(said: Optional[str]) -> Optional[int]:
    """When to be there, in minutes after midnight."""
    if said == LAST:
        return DAYS * DAY
    return minutes(said) if said else None


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


def stops_of(connection: Connection, language: Language) -> str:
    """Where the trains of a connection stop on the way."""
    names = store().names
    stops = [
        f"{names[leg.target][language.code]} {clock(leg.arrives)[0]}"
        for leg in connection.legs[:-1]
    ]
    what = "all_stops" if stops else "no_stops"
    return language.say(what, stops=language.words["comma"].join(stops)) + "\n"


def write_times(connection: Connection, language: Language) -> str:
    """A connection's trains, and how long it takes."""
    changes, words, names = len(connection.parts) - 1, language.words, store().names
    code = language.code
    how = "more" if changes > 1 else "one" if changes else "none"
    waits = [
        words["wait"].format(after[0].departs - before[-1].arrives, names[after[0].origin][code])
        for before, after in zip(connection.parts, connection.parts[1:])
    ]
    told = [changes, words["comma"].join(waits)]
    return language.say(
        "times",
        rides=write_connection(connection, language),
        hours=connection.lasts // 60,
        minutes=connection.lasts % 60,
        changes=words["changes"][how].format(*told[how == "one" :]),
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
        # It is for one passenger.
        several = sum(trip.passengers.values()) > 1
        facts["one_card" if several else "discount_card"] = trip.discount_card
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


def pairs_of(tickets: Sequence[Ticket]) -> List[Sequence[Ticket]]:
    """The ways there, each with a way back, among some bookings."""
    return [
        (one, other)
        for one in tickets
        for other in tickets
        if (one.trip.departure, one.trip.destination)
        == (other.trip.destination, other.trip.departure)
        and (one.trip.day, one.connection.departs) < (other.trip.day, other.connection.departs)
    ]


def pair_of(tickets: Sequence[Ticket]) -> Sequence[Ticket]:
    """The only way there and way back among some bookings, if there are such."""
    found = pairs_of(tickets)
    return found[0] if len(found) == 1 else ()


def last_ticket(tracker: Tracker) -> Optional[Ticket]:
    """The booking that was spoken of last, or else was made last."""
    tickets, changing = store().tickets(tracker.sender_id), tracker.get_slot("changing")
    changed = next((ticket for ticket in tickets if ticket.code == changing), None)
    return changed or shown(tracker) or next(reversed(tickets), None)


def shown(tracker: Tracker) -> Optional[Ticket]:
    """The booking that was spoken of last, if there is one still."""
    tickets, code = store().tickets(tracker.sender_id), tracker.get_slot("shown")
    return next((ticket for ticket in tickets if ticket.code == code), None)
