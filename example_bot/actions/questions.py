"""Answers to questions on trains."""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Dict, List, Mapping, Optional, Tuple

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from .asked import aside, of_child, of_thing, tell_cost
from .bookings import total_of
from .dates import read_span
from .follow import follow_up, take_up, wish_in, wished
from .journey import (
    JOURNEY,
    UNFIT,
    journey_of,
    language_of,
    pair_of,
    shown,
    stop_of,
    stops_of,
    store,
    trip_of,
    values_of,
    write_connection,
    write_ticket,
    write_times,
    write_trip,
)
from .language import LAST, Language
from .parts import sides_of
from .passengers import with_among
from .reply import Reply
from .routes import Connection, clock, minutes
from .said import CITIES, HOURS
from .store import Trip
from .told import classes_in, entities_of, leaves_out, told
from .turns import FORM, OFFERS, PRICE, STATUS, TIMETABLE, answered_by, text_of
from .which import in_question, meant, part_about

EARLIER_MINUTES = 180
"""How much before those shown trains may leave of who asks for earlier ones."""


class Question(Reply, ABC):
    """Answers a question on trains, of what it names and of what is known of the journey."""

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Answer it once."""
        text = aside(tracker)
        if text:
            dispatcher.utter_message(text=text)
            return []
        ticket = in_question(tracker)
        if ticket:
            about = copy(tracker)
            about.slots = {**tracker.slots, "shown": ticket.code}
            dispatcher.utter_message(text=self.answer(about, {}))
            return [SlotSet("shown", ticket.code)]
        journey, language = journey_of(tracker), language_of(tracker)
        asked_for = tracker.get_slot("requested_slot")
        update = told(tracker, asked_for if asked_for == "travel_class" else None, journey)
        counts = entities_of(tracker, "count")
        only_asked = leaves_out(tracker)
        if journey.get("passengers") and not (counts or only_asked):
            # "Are there student tickets" brings no student along.
            update.values.pop("passengers", None)
        problems = [p for p in update.problems if p[0] not in ("one_way", "one_class")]
        if problems:
            name, values = problems[0]
            dispatcher.utter_message(text=language.say(name, **values))
            return [SlotSet("suggested", update.suggested)] if update.suggested else []
        update.values = {**_beyond(tracker), **update.values}
        asked = {**journey, **update.values}
        if "date" in update.values:
            asked["time"] = update.values.get("time")
        if {"date", *UNFIT} & update.values.keys() and "train_number" not in update.values:
            # Chosen for another day, way or time.
            asked.pop("train_number", None)
        if language.bookings.returning.search(text_of(tracker)) and _has_route(journey):
            # "When is the last train back?"
            back = {**asked, "departure": asked["destination"], "destination": asked["departure"]}
            dispatcher.utter_message(text=self.answer(tracker, back))
            return []
        # "I'm a student, how much is it?"
        among = asked.pop("among", tracker.get_slot("among") or {})
        alone = with_among({"adult": 1}, among)
        dispatcher.utter_message(text=self.answer(tracker, {"passengers": alone, **asked}))
        if only_asked:
            # "How much is it without the kids" leaves nobody at home yet.
            update.values.pop("passengers", None)
        kept = self.kept(tracker, asked, update.values)
        return [SlotSet("pending", [self.name()]), *kept]

    def kept(
        self, tracker: Tracker, journey: Mapping[str, Any], new: Mapping[str, Any]
    ) -> List[EventType]:
        """Events that keep what was told; in the form, what is no other way."""
        if tracker.get_slot("requested_slot"):
            return [SlotSet(slot, value) for slot, value in new.items() if slot not in CITIES]
        if not (journey.get("departure") or journey.get("destination")):
            return []
        fit = {**new, **journey}
        return [SlotSet(slot, fit[slot]) for slot in (*JOURNEY, "among") if slot in fit]

    @abstractmethod
    def answer(self, tracker: Tracker, journey: Mapping[str, Any]) -> str:
        """The answer."""


class Timetable(Question):
    """Tells the next connections, or the times of the one that is known."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return TIMETABLE

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Answer it once; who wishes for another train than the one booked changes the booking.

        Who asks for a way back after a booking starts that journey.
        """
        text, language = text_of(tracker), language_of(tracker)
        if not (journey_of(tracker) or in_question(tracker)):
            way_back = language.bookings.returning.search(text) and follow_up(tracker)
            if way_back:
                return [*way_back, FollowupAction(FORM)]
            tickets = store().tickets(tracker.sender_id)
            found = meant(tracker, tickets)
            ticket = found[0] if len(found) == 1 else shown(tracker)
            part = part_about(tracker, ticket)[0] if ticket else None
            if language.bookings.returning.search(text) and pair_of(tickets):
                return [*take_up(tracker, pair_of(tickets)[1]), FollowupAction(FORM)]
            if (
                ticket
                and wish_in(text, language)
                and told(tracker, None, {}, part=part).values.keys() <= HOURS
            ):
                return [*take_up(tracker, ticket), FollowupAction(FORM)]
        return await super().reply(dispatcher, tracker, domain)

    def answer(self, tracker: Tracker, journey: Mapping[str, Any]) -> str:
        """Some connections, or how to ask for them."""
        language = language_of(tracker)
        text = text_of(tracker)
        known = _known(tracker, journey)
        if known:
            stops = stops_of(known, language) if language.trains.stations.search(text) else ""
            return stop_of(text, known, language) or stops + write_times(known, language)
        if not _has_route(journey):
            return language.say("timetable")
        trip, found = _next(journey, text, language)
        route = language.describe(_route(journey, trip))
        if not found:
            none = "none_direct" if wish_in(text, language) == "direct" else "no_trains"
            return language.say(none, journey=route)
        written = [write_times(connection, language) for connection in found]
        return language.say("trains", journey=route, trains=language.words["next"].join(written))

    def kept(
        self, tracker: Tracker, journey: Mapping[str, Any], new: Mapping[str, Any]
    ) -> List[EventType]:
        """Also the connections, of which the next message may take one."""
        if _known(tracker, journey) and tracker.get_slot("requested_slot"):
            # "All night on the train?" is about the one on offer.
            return [SlotSet("choices", None)]
        facts = super().kept(tracker, journey, new)
        if _known(tracker, journey) or not _has_route(journey):
            return [*facts, SlotSet("choices", None)]
        text = text_of(tracker)
        trip, found = _next(journey, text, language_of(tracker))
        if not found:
            # What cannot be is not kept.
            return [SlotSet("choices", None)]
        cities = {slot: journey.get(slot) for slot in CITIES}
        day = trip.day.isoformat()
        choices = [{**cities, "date": day, **values_of(connection)} for connection in found]
        return [*facts, SlotSet("choices", choices)]


def _beyond(tracker: Tracker) -> Dict[str, Any]:
    """From when on a message asks for trains later, or earlier, than those just shown, by slot."""
    text, language, choices = text_of(tracker), language_of(tracker), tracker.get_slot("choices")
    wish = wish_in(text, language)
    if not choices or wish not in ("later", "earlier") or not answered_by(tracker, TIMETABLE):
        return {}
    hours = language.trains.hours.search(text)
    first, last = (minutes(choices[place]["time"]) for place in (0, -1))
    span = read_span(hours.group("n")) if hours else EARLIER_MINUTES
    if wish == "earlier":
        return {"time": clock(max(first - span, 0))[0]}
    return {"time": clock(first + span if hours else last + 1)[0]}


def _has_route(journey: Mapping[str, Any]) -> bool:
    return bool(journey.get("departure") and journey.get("destination"))


def _known(tracker: Tracker, journey: Mapping[str, Any]) -> Optional[Connection]:
    """The connection on offer, or of the booking just shown where there is no journey."""
    offer = tracker.get_slot("offer")
    if language_of(tracker).trains.several.search(text_of(tracker)):
        return None
    if offer and tracker.get_slot("requested_slot") == "confirmed":
        return store().network.from_json(offer)
    ticket = None if _has_route(journey) else shown(tracker)
    return ticket.connection if ticket else None


def _next(
    journey: Mapping[str, Any], text: str, language: Language
) -> Tuple[Trip, List[Connection]]:
    """The trip, and the connections that a question is about; tomorrow's if none is left today."""
    trip, office = trip_of(journey, language), store()
    found = list(office.connections(trip, datetime.now()))
    if not (found or journey.get("date")):
        trip = replace(trip, day=trip.day + timedelta(days=1))
        found = list(office.connections(trip))
    wish = wish_in(text, language)
    if wish == "fastest":
        found.sort(key=lambda connection: connection.lasts)
    elif wish == "cheapest":
        found.sort(key=lambda connection: connection.km)
    elif wish == "direct":
        found = [connection for connection in found if len(connection.parts) == 1]
    elif wish == "first":
        found.sort(key=lambda connection: connection.departs)
    elif journey.get("latest") == LAST:
        found = found[OFFERS - 1 :: -1]
    elif trip.near is not None:
        found = sorted(found[:OFFERS], key=lambda connection: connection.departs)
    return trip, found[:OFFERS]


def _route(journey: Mapping[str, Any], trip: Trip) -> Dict[str, Any]:
    slots = ("departure", "destination", "via", "time", "latest", "train_number")
    route = {slot: journey[slot] for slot in slots if journey.get(slot)}
    return {**route, "date": trip.day.isoformat()}


def _offered(tracker: Tracker, journey: Mapping[str, Any]) -> Optional[Connection]:
    """The first connection of a journey, or the one that the message wishes for instead."""
    text, language = text_of(tracker), language_of(tracker)
    trip, _ = _next(journey, "", language)
    first = store().offer(trip, datetime.now())
    if first is None or not wish_in(text, language):
        return first
    return wished(text, trip, first, language) or first


class Price(Question):
    """Tells a price."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return PRICE

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Answer it once; what a child pays, or what it costs to cancel, is another price."""
        words, text = language_of(tracker).bookings, text_of(tracker)
        every = words.every.search(text) and not journey_of(tracker)
        total = total_of(tracker) if every or words.summed.search(text) else None
        if total:
            dispatcher.utter_message(text=total)
            return []
        priced = tell_cost(dispatcher, tracker)
        if priced is not None:
            return priced
        orders = words.buying.search(text) and wish_in(text, language_of(tracker))
        if orders and not sides_of(text, language_of(tracker))[1].strip():
            # "I take the cheapest".
            return [FollowupAction(FORM)]
        response = "utter_luggage" if of_thing(tracker) else "utter_discount"
        if of_thing(tracker) or of_child(tracker):
            dispatcher.utter_message(response=response)
            return []
        return await super().reply(dispatcher, tracker, domain)

    def answer(self, tracker: Tracker, journey: Mapping[str, Any]) -> str:
        """That of the first connection, or how prices are."""
        language, office, ticket = language_of(tracker), store(), shown(tracker)
        classes, first = classes_in(tracker), language.classes.first
        if _has_route(journey):
            trip, _ = _next(journey, "", language)
            connection = _offered(tracker, journey)
            if connection is None:
                return language.say("no_trains", journey=language.describe(_route(journey, trip)))
        elif ticket and classes:
            trip, connection = ticket.trip, ticket.connection
        else:
            return write_ticket(ticket, language) if ticket else language.say("price")
        trips = [replace(trip, first=name == first) for name in classes] if classes else [trip]
        written = [
            write_trip(one, connection, office.price(one, connection, date.today()), language)
            for one in trips
        ]
        return language.say("prices", trip=language.words["next"].join(written))

    def kept(
        self, tracker: Tracker, journey: Mapping[str, Any], new: Mapping[str, Any]
    ) -> List[EventType]:
        """No class that is not decided on, and where the message only supposes it, nothing else."""
        in_form = tracker.get_slot("requested_slot")
        fit = {**new}
        if in_form or len(classes_in(tracker)) > 1:
            fit.pop("travel_class", None)
        if in_form:
            # "Second class. How much is it?"
            stated, _ = sides_of(text_of(tracker), language_of(tracker))
            fit.update(told(tracker, in_form, journey, part=stated).values)
        found = _offered(tracker, journey) if _has_route(journey) else None
        if found and not in_form and wish_in(text_of(tracker), language_of(tracker)):
            # "What is the cheapest?", then "I take it".
            journey = {**journey, **values_of(found)}
        supposes = language_of(tracker).supposing.search(text_of(tracker))
        return [] if in_form and supposes else super().kept(tracker, journey, fit)


class Status(Question):
    """Tells when a train runs."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return STATUS

    def kept(
        self, tracker: Tracker, journey: Mapping[str, Any], new: Mapping[str, Any]
    ) -> List[EventType]:
        """Nothing: who asks for a train need not want to take it."""
        return []

    def answer(self, tracker: Tracker, journey: Mapping[str, Any]) -> str:
        """The train's way and times, or where to look."""
        language, office = language_of(tracker), store()
        number, known = journey.get("train_number"), _known(tracker, journey)
        train = office.train(number) if number else None
        if train is None and known:
            train = known.rides[0].train
        if train is None:
            return language.say("status")
        way = office.network.run_of(train)
        return language.say("train", ride=write_connection(way, language).strip())
