"""Answers to questions that are about no journey, and to talk about the bot."""

from __future__ import annotations

from typing import List

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from .asked import tell_beside, told_beside
from .bookings import Change
from .follow import is_of_journey, take_up
from .journey import journey_of, language_of, shown
from .reply import Reply
from .said import CITIES, WHEN
from .told import told
from .turns import ANSWER, CANCEL, FORM, LISTEN, asked_about, is_sure, text_of
from .which import code_in


class Answer(Reply):
    """Answers what a question is about; what it tells besides is kept: "she is 71, is it less?"."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return ANSWER

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply once, or take up a journey that is told by a message hardly understood."""
        changing = language_of(tracker).bookings.changing
        if code_in(tracker) and changing.search(text_of(tracker)):
            # "Change XK4D7Q to a BahnCard 50, what do I save?"
            return await Change().reply(dispatcher, tracker, domain)
        in_form = tracker.get_slot("requested_slot")
        if not in_form and not is_sure(tracker) and is_of_journey(tracker):
            return [FollowupAction(FORM)]
        language, asked, ticket = language_of(tracker), asked_about(tracker), shown(tracker)
        asks = language.talk.asking.search(text_of(tracker))
        if ticket and not (in_form or asks) and told(tracker, None, {}).values.get("discount_card"):
            # "I forgot: I have a card".
            return [*take_up(tracker, ticket), FollowupAction(FORM)]
        answered = tell_beside(dispatcher, tracker)
        if answered:
            return answered
        if asked[:1] == [CANCEL]:
            dispatcher.utter_message(text=language.say("ask_cancel_again").strip())
            return [FollowupAction(LISTEN)]
        done = [SlotSet("pending", None)] if asked else []
        return done if in_form else [*done, *self._kept(tracker)]

    @staticmethod
    def _kept(tracker: Tracker) -> List[EventType]:
        """Events that keep what is told of a journey besides, or go on with it."""
        values, ends = told_beside(tracker).values, told(tracker, None, {}).values
        route = journey_of(tracker).keys() & {*CITIES}
        if values.keys() & {*CITIES} or (route and values.keys() & {*WHEN}):
            # "Is there a discount? I am a student, and want to go on Friday".
            return [FollowupAction(FORM)]
        fit = {slot: values[slot] for slot in ("among",) if values.get(slot)}
        if ends.keys() >= {"departure", "destination"}:
            # "Is there Wi-Fi between Oslo and Stockholm?"
            fit.update({slot: ends[slot] for slot in (*CITIES, *WHEN) if ends.get(slot)})
        return [SlotSet(slot, value) for slot, value in fit.items()]
