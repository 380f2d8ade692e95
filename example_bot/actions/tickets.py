"""The bot's actions: what it understood goes into the journey, and comes out as one reply."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, datetime
from typing import Any, Dict, List, Mapping, Optional, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
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
    write_connection,
    write_ticket,
    write_trip,
)
from .routes import Connection
from .said import CITIES, Update, bare_number, place_in
from .store import SoldOutError, Ticket, Trip, UnknownBookingError, clock

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
FORM, LISTEN, CLARIFY, CANCEL = "ticket_form", "action_listen", "action_clarify", "action_cancel"
FINISH, SHOW, STATUS = "action_finish", "action_show", "action_status"
CHANGE, TIMETABLE = "action_change", "action_timetable"
LISTING = frozenset([SHOW, CHANGE, CANCEL])
"""Actions that list bookings where a message may mean several."""
# What answers an intent that the bot was not sure of.
ANSWERS = {
    "book_ticket": FORM,
    "show_booking": SHOW,
    "change_booking": CHANGE,
    "cancel_booking": CANCEL,
    "ask_price": "action_price",
    "ask_timetable": TIMETABLE,
    "train_status": STATUS,
    "ask_discount": "utter_discount",
    "ask_luggage": "utter_luggage",
    "ask_on_board": "utter_on_board",
    "ask_help": "utter_help",
}
SURE = 0.6
"""The confidence that a yes must have to book, and a stop to drop it all."""
OFFERS = 3
"""How many intents are offered, and how many connections."""


def last_replies(tracker: Tracker) -> List[str]:
    """The actions between the user's message and the one before it, the last one first."""
    events = list(tracker.events)
    while events and events[-1]["event"] != "user":
        events.pop()
    names: List[str] = []
    for event in reversed(events[:-1]):
        if event["event"] == "user":
            break
        if event["event"] == "action" and event["name"] != LISTEN:
            names.append(str(event["name"]))
    return names


def last_reply(tracker: Tracker) -> Optional[str]:
    """The action that spoke last before the user's message."""
    names = last_replies(tracker)
    return names[0] if names else None


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


class OnBooking(Action, ABC):
    """Does something with a booking: the one that the message names or means, or the only one."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Find the booking; where that is not clear, say what there is and remember the task."""
        language, office, code = language_of(tracker), store(), code_in(tracker)
        if code:
            try:
                return self.do(dispatcher, tracker, office.ticket(tracker.sender_id, code))
            except UnknownBookingError:
                dispatcher.utter_message(text=language.say("unknown_booking", code=code))
                return []
        tickets = office.tickets(tracker.sender_id)
        one = tickets[0] if len(tickets) == 1 else meant(tracker, tickets)
        if one:
            return self.do(dispatcher, tracker, one)
        if not tickets:
            dispatcher.utter_message(text=language.say("no_bookings"))
            return []
        written = "\n".join(write_ticket(ticket, language) for ticket in tickets)
        dispatcher.utter_message(text=language.say("which_booking", tickets=written))
        return [SlotSet("pending", [self.name()]), FollowupAction(LISTEN)]

    @abstractmethod
    def do(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, ticket: Ticket
    ) -> List[EventType]:
        """What to do with the booking."""


class Show(OnBooking):
    """Shows a booking."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return SHOW

    def do(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, ticket: Ticket
    ) -> List[EventType]:
        """Show it."""
        dispatcher.utter_message(text=write_ticket(ticket, language_of(tracker)))
        return [SlotSet("pending", None), SlotSet("shown", ticket.code)]


class Cancel(OnBooking):
    """Cancels a booking, after a question."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return CANCEL

    def do(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, ticket: Ticket
    ) -> List[EventType]:
        """Ask; Affirmed cancels."""
        language = language_of(tracker)
        written = write_ticket(ticket, language)
        dispatcher.utter_message(text=language.say("ask_cancel", ticket=written))
        return [SlotSet("pending", [CANCEL, ticket.code]), FollowupAction(LISTEN)]


class Change(OnBooking):
    """Takes a booking up again, to be changed as a journey is."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return CHANGE

    def do(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, ticket: Ticket
    ) -> List[EventType]:
        """Fill the form with it, and with what the message changes."""
        return [*take_up(tracker, ticket), FollowupAction(FORM)]


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


class Stop(Action):
    """Drops the journey."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return "action_stop"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Forget all, where that is surely meant."""
        language = language_of(tracker)
        if not tracker.get_slot("requested_slot"):
            dispatcher.utter_message(text=language.say("nothing_to_stop"))
            return []
        if tracker.latest_message["intent"]["confidence"] < SURE:
            dispatcher.utter_message(text=language.say("not_understood").strip())
            return []
        dispatcher.utter_message(text=language.say("stopped"))
        return [*forget(), SlotSet("requested_slot", None), ActiveLoop(None)]


class Clarify(Action):
    """Offers what a message may have meant; where that was of no help, asks for other words."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return CLARIFY

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Ask, and listen."""
        language = language_of(tracker)
        ranking = tracker.latest_message.get("intent_ranking", [])
        likely = [one["name"] for one in ranking if one["name"] in ANSWERS][:OFFERS]
        if last_reply(tracker) == CLARIFY or not likely:
            dispatcher.utter_message(text=language.say("rephrase"))
            return [SlotSet("pending", None), FollowupAction(LISTEN)]
        titles = [language.words["offers"][intent] for intent in likely]
        buttons = [
            {"title": title, "payload": f"/{intent}"} for title, intent in zip(titles, likely)
        ]
        offers = language.words["or"].join(titles)
        dispatcher.utter_message(text=language.say("clarify", offers=offers), buttons=buttons)
        return [SlotSet("pending", [CLARIFY, likely[0]]), FollowupAction(LISTEN)]


class Affirmed(Action):
    """Does what the bot has asked about, where a yes answers that."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return "action_affirmed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply once."""
        language, pending = language_of(tracker), tracker.get_slot("pending")
        done = [SlotSet("pending", None)]
        # Finish asks for an action whose booking was told later.
        if pending and len(pending) > 1 and last_reply(tracker) in (pending[0], FINISH):
            if pending[0] == CANCEL:
                return [*self._cancel(dispatcher, tracker, pending[1]), *done]
            answer = ANSWERS[pending[1]]
            if answer in TASKS:
                return [*done, *await TASKS[answer].run(dispatcher, tracker, domain)]
            if answer != FORM:
                dispatcher.utter_message(response=answer)
                return done
            return done if tracker.get_slot("requested_slot") else [*done, FollowupAction(FORM)]
        going_on = "go_on" if tracker.get_slot("requested_slot") else "what_next"
        dispatcher.utter_message(text=language.say(going_on))
        return []

    @staticmethod
    def _cancel(dispatcher: CollectingDispatcher, tracker: Tracker, code: str) -> List[EventType]:
        language = language_of(tracker)
        try:
            ticket = store().cancel(tracker.sender_id, code)
        except UnknownBookingError:
            dispatcher.utter_message(text=language.say("unknown_booking", code=code))
            return []
        euros = f"{ticket.cents / 100:.2f}"
        dispatcher.utter_message(text=language.say("cancelled", code=code, euros=euros))
        if tracker.get_slot("changing") != code:
            return []
        return [*forget(), SlotSet("requested_slot", None), ActiveLoop(None)]


TASKS = {task.name(): task for task in (Show(), Change(), Cancel(), Timetable(), Price(), Status())}
