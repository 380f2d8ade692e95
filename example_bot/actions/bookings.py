"""What is done with bookings there are: they are shown, changed, cancelled."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from .journey import code_in, language_of, meant, store, take_up, write_ticket
from .store import Ticket, UnknownBookingError
from .turns import CANCEL, CHANGE, FORM, LISTEN, SHOW


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
