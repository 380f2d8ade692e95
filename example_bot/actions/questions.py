"""Answers to questions on trains."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, datetime
from typing import Any, Dict, List, Mapping

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from .journey import (
    journey_of,
    language_of,
    store,
    told,
    trip_of,
    write_connection,
    write_ticket,
    write_trip,
)
from .routes import Connection
from .said import CITIES
from .store import Trip, clock
from .turns import OFFERS, STATUS, TIMETABLE


class Question(Action, ABC):
    """Answers a question on trains, of what it names and of what is known of the journey."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Answer it once."""
        journey = journey_of(tracker)
        update = told(tracker, None, journey)
        language = language_of(tracker)
        if update.problems:
            name, values = update.problems[0]
            dispatcher.utter_message(text=language.say(name, **values))
            return []
        asked = {**journey, **update.values}
        if "date" in update.values:
            asked["time"] = update.values.get("time")
        dispatcher.utter_message(text=self.answer(tracker, asked))
        return [SlotSet("pending", [self.name()]), *self.kept(tracker, asked)]

    def kept(self, tracker: Tracker, journey: Mapping[str, Any]) -> List[EventType]:
        """Events that keep what was answered."""
        return []

    @abstractmethod
    def answer(self, tracker: Tracker, journey: Mapping[str, Any]) -> str:
        """The answer."""


class Timetable(Question):
    """Tells the next connections."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return TIMETABLE

    def answer(self, tracker: Tracker, journey: Mapping[str, Any]) -> str:
        """Some connections, or how to ask for them."""
        language = language_of(tracker)
        if not (journey.get("departure") and journey.get("destination")):
            booked = [
                t for t in store().tickets(tracker.sender_id) if t.code == tracker.get_slot("shown")
            ]
            return write_ticket(booked[0], language) if booked else language.say("timetable")
        trip = trip_of(journey, language)
        written = [write_connection(connection, language) for connection in _next(trip)]
        if not written:
            return language.say("no_trains", journey=language.tell(_route(journey, trip)))
        return language.say(
            "trains",
            journey=language.tell(_route(journey, trip)),
            trains=language.words["next"].join(written),
        )

    def kept(self, tracker: Tracker, journey: Mapping[str, Any]) -> List[EventType]:
        """The connections, of which the next message may take one."""
        if not (journey.get("departure") and journey.get("destination")):
            return [SlotSet("choices", None)]
        trip, office = trip_of(journey, language_of(tracker)), store()
        choices = [
            {
                **{slot: journey.get(slot) for slot in CITIES},
                "date": trip.day.isoformat(),
                "time": clock(connection.departs)[0],
                "train_number": office.trains[connection.parts[0][0].train].number,
            }
            for connection in _next(trip)
        ]
        return [SlotSet("choices", choices)]


def _next(trip: Trip) -> List[Connection]:
    found = store().connections(trip, datetime.now())
    return [connection for connection, _ in zip(found, range(OFFERS))]


def _route(journey: Mapping[str, Any], trip: Trip) -> Dict[str, Any]:
    slots = ("departure", "destination", "via", "time", "train_number")
    route = {slot: journey[slot] for slot in slots if journey.get(slot)}
    return {**route, "date": trip.day.isoformat()}


class Price(Question):
    """Tells a price."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return "action_price"

    def answer(self, tracker: Tracker, journey: Mapping[str, Any]) -> str:
        """That of the first connection, or how prices are."""
        language, office = language_of(tracker), store()
        if not (journey.get("departure") and journey.get("destination")):
            return language.say("price")
        trip = trip_of(journey, language)
        connection = office.offer(trip, datetime.now())
        if connection is None:
            return language.say("no_trains", journey=language.tell(_route(journey, trip)))
        cents = office.price(trip, connection, date.today())
        return language.say("prices", trip=write_trip(trip, connection, cents, language))


class Status(Question):
    """Tells when a train runs."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return STATUS

    def answer(self, tracker: Tracker, journey: Mapping[str, Any]) -> str:
        """The train's way and times, or where to look."""
        language, office = language_of(tracker), store()
        number = journey.get("train_number")
        train = office.train(number) if number else None
        if train is None:
            return language.say("status")
        way = office.network.run_of(train)
        return language.say("train", ride=write_connection(way, language).strip())
