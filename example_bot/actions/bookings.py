"""What is done with bookings there are: they are shown, changed, cancelled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from typing import Any, Dict, List, Optional, Sequence

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from .asked import aside, cost_of
from .follow import another, follow_up, is_stranded, message_of, restored, take_up
from .journey import (
    forget,
    journey_from,
    journey_of,
    language_of,
    pair_of,
    store,
    trip_of,
    write_ticket,
)
from .language import Language
from .parts import sides_of
from .reply import Reply
from .store import Ticket, UnknownBookingError
from .told import likewise_to, somebody_leaves
from .turns import CANCEL, CHANGE, FORM, LISTEN, SHOW, asked_about, asked_which, preceding, text_of
from .which import changed, code_in, described, meant


def ask_about(
    dispatcher: CollectingDispatcher,
    language: Language,
    question: str,
    tickets: Sequence[Ticket],
    pending: List[str],
) -> List[EventType]:
    """Tell bookings and what they cost together, and ask; the answer is for what is pending."""
    written = "\n".join(write_ticket(ticket, language) for ticket in tickets)
    euros = f"{sum(ticket.cents for ticket in tickets) / 100:.2f}"
    dispatcher.utter_message(text=language.say(question, tickets=written, euros=euros))
    return [SlotSet("pending", pending), FollowupAction(LISTEN)]


def total_of(tracker: Tracker) -> Optional[str]:
    """All bookings of the conversation and their sum, also with the offer; None without any."""
    language, office = language_of(tracker), store()
    tickets = office.tickets(tracker.sender_id)
    if not tickets:
        return None
    written = "\n".join(write_ticket(ticket, language) for ticket in tickets)
    euros = f"{sum(ticket.cents for ticket in tickets) / 100:.2f}"
    text = language.say("all_bookings", tickets=written, euros=euros)
    offer, code = tracker.get_slot("offer"), tracker.get_slot("changing")
    if offer and tracker.get_slot("requested_slot") == "confirmed":
        trip, connection = trip_of(journey_of(tracker), language), office.network.from_json(offer)
        cents = office.price(trip, connection, date.today())
        cents += sum(ticket.cents for ticket in tickets if ticket.code != code)
        text += "\n" + language.say("with_offer", euros=f"{cents / 100:.2f}")
    return text


class OnBooking(Reply, ABC):
    """Does something with a booking: the one that the message names or means, or the only one."""

    which = "which_booking"
    """The text where there are several."""

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Find the booking; where that is not clear, say what there is and remember the task."""
        language, office, code = language_of(tracker), store(), code_in(tracker)
        if code:
            try:
                return self.do(dispatcher, tracker, office.ticket(tracker.sender_id, code))
            except UnknownBookingError:
                dispatcher.utter_message(text=language.say("unknown_booking", code=code))
                return [SlotSet("pending", [self.name()])]
        tickets = office.tickets(tracker.sender_id)
        found = tickets if len(tickets) == 1 else meant(tracker, tickets)
        if len(found) == 1:
            return self.do(dispatcher, tracker, found[0])
        if not tickets:
            return self.none(dispatcher, tracker)
        return ask_about(dispatcher, language, self.which, tickets, [self.name()])

    def none(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> List[EventType]:
        """Say that there is no booking."""
        dispatcher.utter_message(text=language_of(tracker).say("no_bookings"))
        return []

    @abstractmethod
    def do(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, ticket: Ticket
    ) -> List[EventType]:
        """What to do with the booking."""


class Show(OnBooking):
    """Shows a booking, or all."""

    which = "all_bookings"

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return SHOW

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Show what is known of the journey instead, where that is meant."""
        language, journey = language_of(tracker), journey_of(tracker)
        text, beside = text_of(tracker), None if code_in(tracker) else aside(tracker)
        if beside:
            # "Is that with a seat reservation?"
            dispatcher.utter_message(text=beside)
            return []
        of_booking = code_in(tracker) or language.bookings.booking.search(text)
        of_booking = of_booking or tracker.get_slot("changing")
        every = language.bookings.every.search(text) or language.bookings.summed.search(text)
        total = total_of(tracker) if every and not code_in(tracker) else None
        if total:
            dispatcher.utter_message(text=total)
            return [SlotSet("pending", [SHOW])]
        if of_booking or not (journey and tracker.get_slot("requested_slot")):
            return await super().reply(dispatcher, tracker, domain)
        dispatcher.utter_message(text=language.say("so_far", told=language.tell(journey)))
        return []

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

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Cancel it where this answers the question: "yes, cancel it"."""
        dropped = restored(tracker)
        if dropped or is_stranded(tracker):
            return [*(dropped or []), FollowupAction(FORM)]
        text, language = text_of(tracker), language_of(tracker)
        asked, tickets = asked_about(tracker), store().tickets(tracker.sender_id)
        pending = tracker.get_slot("pending") or []
        if pending[:1] == [CANCEL] and pending[1:] and language.bookings.agreed.search(text):
            # "Yes, cancel it", after something else.
            asked = pending
        if language.bookings.spare.search(text):
            return spare(dispatcher, tracker)
        order = language.bookings.cancelling.search(text)
        if_so = language.question.search(text) and language.conditional.search(text)
        cost = cost_of(tracker)
        if if_so or cost:
            again = language.say("ask_cancel_again") if asked[:1] == [CANCEL] else ""
            dispatcher.utter_message(text=language.say(cost or "refunds") + again)
            return [FollowupAction(LISTEN)] if again else []
        # "Cancel Ann's, she is ill" may be about the booking for one.
        alone = any(sum(t.trip.passengers.values()) == 1 for t in tickets)
        leaves = somebody_leaves(tracker) and not (order and described(tracker, tickets))
        if leaves and not (asked or alone):
            # "My friend is not coming, so cancel a ticket": the others go.
            return await Change().reply(dispatcher, tracker, domain)
        one_way = language.bookings.single.search(text) and not tracker.get_slot("changing")
        found = meant(tracker, tickets)
        if one_way and tracker.get_slot("requested_slot") and not found:
            # The way back, which is being put together.
            return drop(dispatcher, tracker)
        if len(found) > 1:
            pending = [CANCEL, *(ticket.code for ticket in found)]
            return ask_about(dispatcher, language, "ask_cancel_all", found, pending)
        others = [ticket for ticket in tickets if ticket.code not in asked]
        if asked[:1] != [CANCEL] or code_in(tracker) or meant(tracker, others):
            return await super().reply(dispatcher, tracker, domain)
        words, (stated, _) = language.bookings, sides_of(text, language)
        if words.cancelling.search(stated) or words.agreed.search(stated):
            return cancel(dispatcher, tracker, asked[1:])
        dispatcher.utter_message(text=language.say("ask_cancel_again").strip())
        return [FollowupAction(LISTEN)]

    def none(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> List[EventType]:
        """Without a booking, it is the journey that is dropped, or a question is answered."""
        language = language_of(tracker)
        if language.question.search(text_of(tracker)):
            dispatcher.utter_message(text=language.say("refunds"))
            return []
        if not tracker.get_slot("requested_slot"):
            return super().none(dispatcher, tracker)
        return drop(dispatcher, tracker)

    def do(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, ticket: Ticket
    ) -> List[EventType]:
        """Ask; Affirmed cancels."""
        language = language_of(tracker)
        written, euros = write_ticket(ticket, language), f"{ticket.cents / 100:.2f}"
        dispatcher.utter_message(text=language.say("ask_cancel", ticket=written, euros=euros))
        asked = [SlotSet("pending", [CANCEL, ticket.code]), SlotSet("shown", ticket.code)]
        return [*asked, FollowupAction(LISTEN)]


def cancel(
    dispatcher: CollectingDispatcher, tracker: Tracker, codes: Sequence[str]
) -> List[EventType]:
    """Cancel bookings; a change of one that is under way ends."""
    language, done = language_of(tracker), [SlotSet("pending", None)]
    told = []
    for code in reversed(codes):
        try:
            ticket = store().cancel(tracker.sender_id, code)
            # "Then on Sunday instead" is about this journey.
            journey = {**journey_from(ticket, language), "time": None}
            done.append(SlotSet("dropped", {s: v for s, v in journey.items() if v is not None}))
            euros = f"{ticket.cents / 100:.2f}"
            told.append(language.say("cancelled", code=code, euros=euros))
        except UnknownBookingError:
            told.append(language.say("unknown_booking", code=code))
    dispatcher.utter_message(text="\n".join(reversed(told)))
    if tracker.get_slot("changing") not in codes:
        return done
    return [*forget(), *done, SlotSet("requested_slot", None), ActiveLoop(None)]


def spare(dispatcher: CollectingDispatcher, tracker: Tracker) -> List[EventType]:
    """Leave the bookings as they are that the bot has asked whether to cancel, or the only one."""
    codes, language = asked_about(tracker)[1:], language_of(tracker)
    tickets = store().tickets(tracker.sender_id)
    codes = codes or [ticket.code for ticket in tickets if len(tickets) == 1]
    kept = [language.say("not_changed", code=code) for code in codes]
    dispatcher.utter_message(text="\n".join(kept) or language.say("nothing_to_stop"))
    return [SlotSet("pending", None)]


def drop(dispatcher: CollectingDispatcher, tracker: Tracker) -> List[EventType]:
    """End the form; the journey is not known any more, but may be taken up again."""
    language, code = language_of(tracker), tracker.get_slot("changing")
    ended = [*forget(), SlotSet("requested_slot", None), ActiveLoop(None)]
    if code:
        dispatcher.utter_message(text=language.say("not_changed", code=code))
        return [*ended, SlotSet("shown", code)]
    dispatcher.utter_message(text=language.say("stopped"))
    text, words = text_of(tracker), language.bookings
    afresh = words.afresh.search(text) or words.unwanted.search(text)
    dropped = SlotSet("dropped", None if afresh else journey_of(tracker) or None)
    return [*ended, dropped]


class Change(OnBooking):
    """Takes a booking up again, to be changed as a journey is."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return CHANGE

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Change one, or tell what may be changed where that is asked."""
        text, language = text_of(tracker), language_of(tracker)
        beside = None if code_in(tracker) else aside(tracker)
        if beside:
            # "Can I change the name on the ticket?"
            dispatcher.utter_message(text=beside)
            return []
        none = not store().tickets(tracker.sender_id)
        asks = language.question.search(text) and (none or language.conditional.search(text))
        if not code_in(tracker) and (asks or cost_of(tracker)):
            dispatcher.utter_message(text=language.say("changes"))
            return []
        every = changed(tracker)
        if every:
            return [*take_up(tracker, *every, said=self._said(tracker)), FollowupAction(FORM)]
        begun = None if code_in(tracker) else another(tracker)
        if begun:
            # "My booking stays as it is, then a new ticket to Bonn".
            return [*begun, FollowupAction(FORM)]
        events = await super().reply(dispatcher, tracker, domain)
        if SlotSet("pending", [CHANGE]) in events:
            # What is to be changed is told already, if not in which booking.
            wanted = {"said": self._said(tracker) or message_of(tracker), "codes": []}
            events.insert(0, SlotSet("wanted", wanted))
        return events

    @staticmethod
    def _said(tracker: Tracker) -> Optional[Dict[str, Any]]:
        """What told the change: before the bot asked which booking, or a sentence before this."""
        asked = tracker.get_slot("pending") == [CHANGE] and asked_which(tracker)
        asked = asked or likewise_to(tracker)
        said: Optional[Dict[str, Any]] = (tracker.get_slot("wanted") or {}).get("said")
        return said if said and (asked or said["text"] in preceding(tracker)) else None

    def do(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, ticket: Ticket
    ) -> List[EventType]:
        """Fill the form with it, and with what the message changes."""
        language = language_of(tracker)
        if language.bookings.sparing.search(text_of(tracker)):
            # "Keep my ticket to Rome".
            dispatcher.utter_message(text=language.say("not_changed", code=ticket.code))
            return []
        # With a way back there is, "change the way back" asks for no other.
        begun = (
            None if ticket in pair_of(store().tickets(tracker.sender_id)) else follow_up(tracker)
        )
        taken_up = begun or take_up(tracker, ticket, said=self._said(tracker))
        return [*taken_up, FollowupAction(FORM)]
