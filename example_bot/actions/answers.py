"""Answers to questions that are about no journey, and to talk about the bot."""

from __future__ import annotations

from typing import List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from .asked import aside, of_child, statements, tell_cost
from .follow import is_of_journey, take_up
from .heard import Update
from .journey import journey_of, language_of, shown
from .language import TRAVELLER
from .said import CITIES, WHEN
from .told import entities_of, remarks_on, told
from .turns import ANSWER, CANCEL, FORM, LISTEN, asked_about, intent_of, is_sure, text_of

RESPONSES = {
    "ask_discount": "utter_discount",
    "ask_luggage": "utter_luggage",
    "ask_on_board": "utter_on_board",
    "ask_terms": "utter_terms",
    "ask_help": "utter_help",
    "bot_challenge": "utter_bot",
}


class Answer(Action):
    """Answers what a question is about; what it tells besides is kept: "she is 71, is it less?"."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return ANSWER

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply once, or take up a journey that is told by a message hardly understood."""
        in_form = tracker.get_slot("requested_slot")
        if not in_form and not is_sure(tracker) and is_of_journey(tracker):
            return [FollowupAction(FORM)]
        language, asked, ticket = language_of(tracker), asked_about(tracker), shown(tracker)
        asks = language.talk.asking.search(text_of(tracker))
        if ticket and not (in_form or asks) and told(tracker, None, {}).values.get("discount_card"):
            # "I forgot: I have a card".
            return [*take_up(tracker, ticket), FollowupAction(FORM)]
        text = aside(tracker)
        priced = None if text else tell_cost(dispatcher, tracker)
        if priced is not None:
            return priced
        if text is not None:
            dispatcher.utter_message(text=text)
        else:
            name = "ask_discount" if of_child(tracker) else intent_of(tracker)
            dispatcher.utter_message(response=RESPONSES[name])
        if asked[:1] == [CANCEL]:
            dispatcher.utter_message(text=language.say("ask_cancel_again").strip())
            return [FollowupAction(LISTEN)]
        done = [SlotSet("pending", None)] if asked else []
        return [*done, *self._kept(tracker)]

    @staticmethod
    def _kept(tracker: Tracker) -> List[EventType]:
        """Events that keep what is told of the journey besides."""
        language, journey = language_of(tracker), journey_of(tracker)
        counts = entities_of(tracker, "count")
        text = text_of(tracker)
        part = statements(text, language, [count["start"] for count in counts])
        values = told(tracker, None, journey, part=part).values if part.strip() else {}
        in_form = tracker.get_slot("requested_slot")
        if "passengers" in values and not (in_form and (journey.get("passengers") or counts)):
            # Who is named alone may have company.
            people = values.pop("passengers").items()
            values["among"] = {kind: count for kind, count in people if kind != TRAVELLER}
        kept = ("passengers", "among", "discount_card") if in_form else ("among",)
        ends = told(tracker, None, {}).values if not in_form else {}
        if ends.keys() >= {"departure", "destination"}:
            # "Is there Wi-Fi between Oslo and Stockholm?"
            values, kept = {**ends, **values}, ("among", *CITIES, *WHEN)
        fit = {slot: values[slot] for slot in kept if values.get(slot)}
        new = {slot: value for slot, value in fit.items() if value != journey.get(slot)}
        if not new:
            return []
        remark = remarks_on(Update(new), language) if in_form else None
        return [*(SlotSet(slot, value) for slot, value in new.items()), SlotSet("remark", remark)]
