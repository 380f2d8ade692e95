"""The form: what a message tells goes into the journey, and comes out as one reply."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, datetime
from typing import Any, Dict, List, Optional, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from .journey import (
    JOURNEY,
    PASSING,
    TELLING,
    code_in,
    forget,
    journey_of,
    language_of,
    meant,
    remarks_on,
    store,
    take_up,
    told,
    trip_of,
    write_ticket,
    write_trip,
)
from .replies import TASKS
from .said import CITIES, Update, bare_number, place_in
from .store import SoldOutError, Ticket, UnknownBookingError
from .turns import (
    CANCEL,
    CLARIFY,
    FINISH,
    FORM,
    LISTING,
    SHOW,
    STATUS,
    SURE,
    TIMETABLE,
    last_replies,
    last_reply,
)

# What these ask for is not about the journey that is being put together.
QUESTIONS = frozenset(
    {
        "ask_price",
        "ask_timetable",
        "ask_discount",
        "ask_luggage",
        "ask_on_board",
        "ask_help",
        "train_status",
        "show_booking",
        "change_booking",
        "cancel_booking",
        "bot_challenge",
        "out_of_scope",
        "stop",
    }
)
# What the way back may be taken for.
MISTAKEN = frozenset(["cancel_booking", "change_booking", "stop"])


class ValidateTicketForm(Action):
    """Puts what a message says of the journey into the slots; leaves other messages to the rules.

    It fills the slots itself, whichever the form has asked for: what is said is never lost.
    """

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Events that set slots, or none where the message is about something else."""
        intent = tracker.latest_message["intent"]["name"]
        asked = tracker.get_slot("requested_slot")
        start = asked is None
        events: List[EventType] = []
        if start and intent == "book_ticket":
            events = forget()
            tracker.slots.update(dict.fromkeys((*JOURNEY, *PASSING)))
        update = Update()
        if intent not in QUESTIONS or self._answers_anyway(tracker, asked, intent):
            update = told(tracker, asked, journey_of(tracker))
        suggested = tracker.get_slot("suggested") if last_reply(tracker) == FORM else None
        chosen = self._chosen(tracker) if intent not in QUESTIONS else {}
        if chosen:
            update = Update(chosen)
        if intent == "affirm" and not update and suggested:
            slot, name = suggested
            update.values[slot] = name
        if not update and self._answers(tracker, asked, intent):
            return [*events, SlotSet("confirmed", intent == "affirm")]
        if start and intent == "inform" and self._is_about_shown(tracker, update):
            return take_up(tracker, store().ticket(tracker.sender_id, tracker.get_slot("shown")))
        code = code_in(tracker)
        named = update.values.keys() == {"train_number"} and tracker.get_slot("pending") == [STATUS]
        picked = not code and not chosen and self._picks(tracker)
        if start and intent == "inform" and (named or picked or (code and not update)):
            # Finish looks it up.
            return [*events, SlotSet("requested_slot", None)]
        remarks = list(tracker.get_slot("remark") or []) if start else []
        if not (update or start):
            unsure = intent == "affirm" and asked == "confirmed" and last_reply(tracker) == FORM
            if intent not in TELLING and not unsure:
                return events
            remarks.append(self._of_booking(tracker, code))
        return [*events, *self._set(tracker, update, remarks)]

    @staticmethod
    def _picks(tracker: Tracker) -> bool:
        """Whether a message means one of the bookings that were just listed."""
        listed = len(tracker.get_slot("pending") or []) == 1 and last_reply(tracker) in LISTING
        return listed and meant(tracker, store().tickets(tracker.sender_id)) is not None

    @staticmethod
    def _chosen(tracker: Tracker) -> Dict[str, Any]:
        """The connection that a message takes of those just shown, as values of slots."""
        choices = tracker.get_slot("choices")
        if not choices or TIMETABLE not in last_replies(tracker):
            return {}
        text = tracker.latest_message.get("text") or ""
        place = place_in(text, language_of(tracker))
        if place is None:
            said = told(tracker, None, {}).values
            found = [
                number
                for number, choice in enumerate(choices)
                if said.get("time") == choice["time"]
                or said.get("train_number") == choice["train_number"]
            ]
            place = found[0] if len(found) == 1 else None
        if place is None or place >= len(choices):
            return {}
        return {slot: value for slot, value in choices[place].items() if value}

    @staticmethod
    def _of_booking(tracker: Tracker, code: Optional[str]) -> str:
        """The booking whose code is all that a message says, if it says so much."""
        language = language_of(tracker)
        if not code:
            return language.say("not_understood")
        try:
            return write_ticket(store().ticket(tracker.sender_id, code), language) + "\n"
        except UnknownBookingError:
            return language.say("unknown_booking", code=code) + " "

    @staticmethod
    def _answers_anyway(tracker: Tracker, asked: Optional[str], intent: str) -> bool:
        """Whether a message is about the journey, though its intent is another."""
        text, language = tracker.latest_message.get("text") or "", language_of(tracker)
        if asked == "passengers" and bare_number(text, language) is not None:
            return True
        if asked and intent in MISTAKEN and language.returning.search(text):
            return True
        of_booking = code_in(tracker) or language.booking.search(text)
        return intent == "change_booking" and asked is not None and not of_booking

    @staticmethod
    def _is_about_shown(tracker: Tracker, update: Update) -> bool:
        """Whether a message changes the booking just shown: "to Monday, please"."""
        shown = tracker.get_slot("shown")
        if not (shown and update.values) or last_reply(tracker) not in (FINISH, SHOW):
            return False
        route = {"departure", "destination"} <= update.values.keys()
        mine = [ticket.code for ticket in store().tickets(tracker.sender_id)]
        return shown in mine and not journey_of(tracker) and not route

    @staticmethod
    def _answers(tracker: Tracker, asked: Optional[str], intent: str) -> bool:
        """Whether a message answers the question whether to book."""
        if asked != "confirmed" or last_reply(tracker) in (CLARIFY, CANCEL):
            return False
        sure = tracker.latest_message["intent"]["confidence"] >= SURE
        return intent == "deny" or (intent == "affirm" and sure and bool(tracker.get_slot("offer")))

    @staticmethod
    def _set(tracker: Tracker, update: Update, remarks: List[str]) -> List[EventType]:
        language = language_of(tracker)
        remarks += remarks_on(update, language)
        events = [SlotSet(slot, value) for slot, value in update.values.items()]
        events += [SlotSet("last_city", slot) for slot in CITIES if update.values.get(slot)][-1:]
        return [*events, SlotSet("suggested", update.suggested), SlotSet("remark", remarks)]


class Ask(Action, ABC):
    """Asks for a slot of the form, after a word on what the message has told."""

    @property
    @abstractmethod
    def slot(self) -> str:
        """The slot that it asks for."""

    def name(self) -> str:
        """The name that the form looks for."""
        return f"action_ask_{self.slot}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Say it in one reply."""
        remarks = tracker.get_slot("remark") or []
        question, events = self.question(tracker)
        dispatcher.utter_message(text="".join([*remarks, question]))
        return [*events, SlotSet("remark", None)]

    def question(self, tracker: Tracker) -> Tuple[str, List[EventType]]:
        """The question, and what to keep of it."""
        return language_of(tracker).say(f"ask_{self.slot}"), []


class AskDeparture(Ask):
    """Asks where the journey starts."""

    slot = "departure"


class AskDestination(Ask):
    """Asks where it ends."""

    slot = "destination"


class AskDate(Ask):
    """Asks for the day."""

    slot = "date"


class AskTravelClass(Ask):
    """Asks for first or second class."""

    slot = "travel_class"


class AskPassengers(Ask):
    """Asks who travels."""

    slot = "passengers"


class AskConfirmed(Ask):
    """Offers a connection with seats and asks whether to book it."""

    slot = "confirmed"

    def question(self, tracker: Tracker) -> Tuple[str, List[EventType]]:
        """The offer, which the booking is then made of."""
        language, office, journey = language_of(tracker), store(), journey_of(tracker)
        trip, code = trip_of(journey, language), tracker.get_slot("changing")
        connection = office.offer(trip, datetime.now(), besides=code)
        if connection is None:
            return (
                language.say("no_offer", journey=language.tell(journey)),
                [SlotSet("offer", None)],
            )
        if tracker.get_slot("offer") == connection.as_json() and not tracker.get_slot("remark"):
            return language.say("ask_again"), []
        cents = office.price(trip, connection, date.today())
        written = write_trip(trip, connection, cents, language)
        question = "ask_changed" if code else "ask_confirmed"
        events = [SlotSet("offer", connection.as_json())]
        return language.say(question, trip=written, code=code), events


class Finish(Action):
    """Books or changes the journey, or does not, as the traveller has decided."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return FINISH

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply once; a journey that is not booked stays known, to be changed."""
        language, code = language_of(tracker), tracker.get_slot("changing")
        confirmed = tracker.get_slot("confirmed")
        if confirmed is None:
            # The message is the code of a booking, that another may have asked for.
            (task, *_) = tracker.get_slot("pending") or [SHOW]
            return await TASKS.get(task, TASKS[SHOW]).run(dispatcher, tracker, domain)
        if not confirmed:
            kept = language.say("not_changed", code=code) if code else language.say("not_booked")
            dispatcher.utter_message(text=kept)
            return (
                forget() if code else [SlotSet(s, None) for s in ("confirmed", "remark", "pending")]
            )
        try:
            ticket = self._booked(tracker, code)
        except SoldOutError:
            remark = [language.say("sold_out")]
            return [SlotSet("confirmed", None), SlotSet("remark", remark), FollowupAction(FORM)]
        except UnknownBookingError:
            dispatcher.utter_message(text=language.say("unknown_booking", code=code))
            return forget()
        written = write_ticket(ticket, language)
        dispatcher.utter_message(text=language.say("changed" if code else "booked", ticket=written))
        travelled = SlotSet("travelled", dict(ticket.trip.passengers))
        return [*forget(), SlotSet("shown", ticket.code), travelled]

    @staticmethod
    def _booked(tracker: Tracker, code: Optional[str]) -> Ticket:
        office, today = store(), date.today()
        trip = trip_of(journey_of(tracker), language_of(tracker))
        connection = office.network.from_json(tracker.get_slot("offer"))
        if code:
            return office.change(tracker.sender_id, code, trip, connection, today)
        return office.book(tracker.sender_id, trip, connection, today)
