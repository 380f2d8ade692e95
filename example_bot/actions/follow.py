"""Journeys that follow from others: another connection, another booking, the way back."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Dict, List, Mapping, Optional

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from .asked import cost_of
from .dates import read_span
from .heard import Update, blank
from .journey import (
    UNFIT,
    back_from,
    forget,
    journey_from,
    journey_of,
    language_of,
    last_ticket,
    pair_of,
    shown,
    store,
    trip_of,
    values_of,
)
from .language import LAST, TRAVELLER, Language
from .passengers import with_among
from .people import joins, kin_in
from .routes import Connection
from .said import CITIES, ENDS
from .store import Ticket, Trip
from .told import remarks_on, somebody_leaves, told
from .turns import CANCEL, STOP, asked_about, last_reply, text_of
from .which import part_about


def is_of_journey(tracker: Tracker) -> bool:
    """Whether a message tells of a journey, though it was not understood what it wants."""
    values = told(tracker, None, {}).values
    text, language = text_of(tracker), language_of(tracker)
    other = somebody_leaves(tracker) or joins(text, language)
    of_booking = follow_up(tracker) or (other and shown(tracker))
    wanted = len(values) > 1 or language.cities.wanted.search(text)
    return bool(of_booking or ({*CITIES} & values.keys() and wanted))


def is_stranded(tracker: Tracker) -> bool:
    """Whether a message tells of a journey because something else was cancelled."""
    elsewhere = language_of(tracker).bookings.elsewhere.search(text_of(tracker))
    return bool(elsewhere and {*CITIES} & told(tracker, None, {}).values.keys())


def wish_in(text: str, language: Language) -> Optional[str]:
    """The other connection that a message wishes for (Language.wishes)."""
    return next(
        (wish for wish, words in language.trains.wishes.items() if words.search(text)), None
    )


def wished(text: str, trip: Trip, known: Connection, language: Language) -> Optional[Connection]:
    """The connection of a trip's day that a message wishes for instead of the one known."""
    whole = replace(trip, earliest=0, train_number=None)
    found = list(store().connections(whole, datetime.now()))
    found.sort(key=lambda connection: connection.departs)
    wish, hours = wish_in(text, language), language.trains.hours.search(text)
    off = read_span(hours.group("n")) if hours else 0
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
        fits = found
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
        latest = {**journey, **update.values}.get("latest")
        in_time = latest not in (None, LAST)
        when = language.describe({"latest": latest}) if in_time else language.words["that_day"]
        update.problems.append((f"none_{wish_in(text, language)}", {"when": when}))
    else:
        update.values.update(values_of(found))


def follow_up(tracker: Tracker) -> Optional[List[EventType]]:
    """Events that start a journey like the last booking, where a message wants one.

    That is the way back, or the same once more, for others perhaps.
    """
    language, ticket = language_of(tracker), last_ticket(tracker)
    text = text_of(tracker)
    words = language.bookings
    if cost_of(tracker) or words.unwanted.search(text):
        return None
    alike, returns = words.alike.search(text), words.returning.search(text)
    ends = _ends_in(told(tracker, None, {}, part=text).values)
    turned = returns or words.reverse.search(text)
    home = _ends_in(back_from(ticket, language)) if ticket else {}
    turned = turned or ("destination" in ends and ends.items() <= home.items())
    alike = alike or (not ends and words.another.search(text) and words.for_whom.search(text))
    if ticket and alike and words.for_whom.search(text):
        journey, there = _once_more(ticket, text, language), None
    elif ticket and ticket in pair_of(store().tickets(tracker.sender_id)) and returns:
        # The way back is booked.
        return None
    elif ticket and turned:
        journey, there = back_from(ticket, language), ticket.trip.day
    elif ticket and language.cities.from_there.search(text):
        journey, there = _onwards(ticket, language), ticket.trip.day
    elif ticket and alike:
        journey, there = _once_more(ticket, text, language), None
    else:
        return None
    # Who is named wants the same alone.
    known = {slot: value for slot, value in journey.items() if there or slot != "passengers"}
    comes = alike and not there and joins(text, language)
    if comes:
        # Who comes along on the same train has a ticket, and a class, of their own.
        del known["travel_class"]
    # "One more for my son" counts no other one.
    text = blank(text, (found.span() for found in words.another.finditer(text)))
    update = told(tracker, None, known, there, text)
    if comes:
        kinds = Counter(kind for *_, kind in kin_in(text, language))
        update.values["passengers"] = dict(kinds) or {TRAVELLER: 1}
    if len(ends) == len(ENDS) and ends != _ends_in(journey):
        return None
    if there is None and UNFIT & update.values.keys():
        del journey["train_number"]
    return begin(Update({**journey, **update.values}, update.problems), language, there)


def another(tracker: Tracker) -> Optional[List[EventType]]:
    """Events that begin a journey of its own, where that is meant, and no change of a booking."""
    text, language = text_of(tracker), language_of(tracker)
    own = told(tracker, None, {})
    named = tracker.get_slot("changing") or _ends_in(own.values)
    words = language.bookings
    if not (named and words.another.search(text)) or words.unwanted.search(text):
        return None
    return follow_up(tracker) or begin(own, language)


def _ends_in(values: Mapping[str, Any]) -> Dict[str, Any]:
    return {end: values[end] for end in ENDS if values.get(end)}


def _once_more(ticket: Ticket, text: str, language: Language) -> Dict[str, Any]:
    """The journey of a booking by the same train, by slot; for somebody else, if a message says."""
    journey = {**journey_from(ticket, language), **values_of(ticket.connection)}
    if language.bookings.for_whom.search(text):
        journey["passengers"] = {TRAVELLER: 1}
    return {slot: value for slot, value in journey.items() if value}


def _onwards(ticket: Ticket, language: Language) -> Dict[str, Any]:
    """The journey on from where a booking leads, by slot; whereto and when are not known."""
    journey = back_from(ticket, language)
    return {slot: value for slot, value in journey.items() if slot != "destination"}


def begin(update: Update, language: Language, there: Optional[date] = None) -> List[EventType]:
    """Events that start the journey that an update tells; on the way back, from a day `there`."""
    day = there.isoformat() if there else None
    slots = {**update.values, "there": day, "remark": remarks_on(update, language)}
    return [*forget(), *(SlotSet(slot, value) for slot, value in slots.items())]


def restored(tracker: Tracker) -> Optional[List[EventType]]:
    """Events that take up the journey again that was just dropped, where a message wants that."""
    dropped, language = tracker.get_slot("dropped"), language_of(tracker)
    wants = language.bookings.restoring.search(text_of(tracker)) and not asked_about(tracker)
    if not (dropped and wants and last_reply(tracker) in (STOP, CANCEL)):
        return None
    return begin(Update(dropped), language)


def message_of(tracker: Tracker) -> Dict[str, Any]:
    """What is to be known of a message that is read again when another booking is taken up."""
    return {key: tracker.latest_message.get(key) for key in ("text", "intent", "entities")}


def take_up(
    tracker: Tracker, ticket: Ticket, *others: Ticket, said: Optional[Dict[str, Any]] = None
) -> List[EventType]:
    """Events that fill the form with a booking, and with what messages change in it.

    These are the one that asked for it, `said`, and the last one. The `others` are next.
    """
    language = language_of(tracker)
    journey = journey_from(ticket, language)
    known = {slot: value for slot, value in journey.items() if value is not None}
    tickets = store().tickets(tracker.sender_id)
    pair = pair_of(tickets)
    there = pair[0].trip.day if pair and pair[1].code == ticket.code else None
    last, update = message_of(tracker), Update()
    for message in (said, last) if said and said != last else (last,):
        heard = copy(tracker)
        heard.latest_message = message
        text, others_told = part_about(heard, ticket)
        # "A day later" than it is, whenever the way there is.
        since = None if language.days.shifted.search(text) else there
        changes = told(heard, None, {**known, **update.values}, since, text)
        update = Update({**update.values, **changes.values}, changes.problems)
        if others_told:
            update.problems.append(("one_booking", {}))
        if wish_in(text, language) and not update.values.get("time"):
            wish(text, known, ticket.connection, language, update)
    among = tracker.get_slot("among")
    if among and "passengers" not in update.values:
        # "She is 66", then "change it".
        update.values["passengers"] = with_among(known["passengers"], among)
    # "Change the first one" wishes for no other train.
    own = {**values_of(ticket.connection), **known}
    update.values = {s: value for s, value in update.values.items() if value != own.get(s)}
    if others:
        update.problems.append(("one_by_one", {}))
    remarks = remarks_on(update, language) or [language.say("taken_up", code=ticket.code)]
    wanted = {"said": said or last, "codes": [other.code for other in others]}
    slots = {**journey, **update.values, "changing": ticket.code, "remark": remarks}
    left = journey_of(tracker) if tracker.get_slot("requested_slot") else {}
    if tracker.get_slot("changing"):
        slots["back"] = tracker.get_slot("back")
    elif "destination" in left:
        # It goes on after the change.
        slots["back"] = {**left, "then": tracker.get_slot("back")}
        remarks.append(["back"])
    return [*forget(), *(SlotSet(slot, v) for slot, v in {**slots, "wanted": wanted}.items())]
