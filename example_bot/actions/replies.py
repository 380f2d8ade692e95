"""Replies to a yes, to a stop, and to what was not understood."""

from __future__ import annotations

from typing import List

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from .asked import RESPONSES, answers_to, aside, proposed, tell_beside
from .bookings import Cancel, Change, Show, cancel, drop, spare
from .follow import is_of_journey, message_of, restored, wish_in
from .journey import journey_of, language_of, pair_of, shown, store, write_ticket, write_times
from .parts import beside_yes
from .questions import Price, Status, Timetable
from .reply import Reply
from .said import CITIES
from .told import entities_of, told
from .turns import (
    ANSWER,
    CANCEL,
    CHANGE,
    CLARIFY,
    FORM,
    LISTEN,
    OFFERS,
    PRICE,
    SHOW,
    STATUS,
    STOP,
    TIMETABLE,
    asked_about,
    following,
    intent_of,
    is_sure,
    last_reply,
    may_pass,
    said_in,
    text_of,
)
from .which import code_in, meant

# What answers an intent that the bot was not sure of.
ANSWERS = {
    "book_ticket": FORM,
    "show_booking": SHOW,
    "change_booking": CHANGE,
    "cancel_booking": CANCEL,
    "ask_price": PRICE,
    "ask_timetable": TIMETABLE,
    "train_status": STATUS,
    **{intent: text for intent, text in RESPONSES.items() if intent != "bot_challenge"},
}


class Stop(Reply):
    """Drops the journey."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return STOP

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Forget all, where that is surely meant."""
        language = language_of(tracker)
        words, text = language.bookings, text_of(tracker)
        tickets = store().tickets(tracker.sender_id)
        # "Cancel the one to Hamburg", of no such journey, and "cancel Ann's".
        ends = {str(one["value"]) for one in entities_of(tracker, "city")}
        elsewhere = ends and ends.isdisjoint(map(str, journey_of(tracker).values()))
        points = (elsewhere and meant(tracker, tickets)) or said_in(tracker) != text
        if code_in(tracker) or (points and tickets and words.cancelling.search(text)):
            return [FollowupAction(CANCEL)]
        dropped = restored(tracker)
        if dropped:
            return [*dropped, FollowupAction(FORM)]
        beside = None if tracker.get_slot("requested_slot") else aside(tracker)
        if beside:
            dispatcher.utter_message(text=beside)
            return []
        ordered = beside_yes(text, language) is not None
        if ordered and journey_of(tracker) and not tracker.get_slot("requested_slot"):
            # "You have not booked it. Book it".
            return [FollowupAction(FORM)]
        if intent_of(tracker) == "deny" and asked_about(tracker)[:1] == [CANCEL]:
            return spare(dispatcher, tracker)
        if intent_of(tracker) == "deny":
            # No question asked for that.
            if not may_pass(tracker):
                dispatcher.utter_message(text=language.say("nothing_to_stop"))
            return []
        if not tracker.get_slot("requested_slot"):
            of_pair = words.single.search(text) and pair_of(tickets)
            if of_pair or (words.cancelling.search(text) and tickets):
                return await TASKS[CANCEL].reply(dispatcher, tracker, domain)
            dispatcher.utter_message(text=language.say("nothing_to_stop"))
            return []
        if words.keep.search(text) or words.agreeing.fullmatch(text):
            dispatcher.utter_message(text=language.say("go_on"))
            return []
        tells = told(tracker, None, journey_of(tracker)).values
        tells = tells or wish_in(text, language)
        if not is_sure(tracker) or words.partly.search(text) or tells:
            # "Forget the card, just one adult" drops no journey.
            if not may_pass(tracker):
                dispatcher.utter_message(text=language.say("not_understood").strip())
            return []
        return drop(dispatcher, tracker)


class Greet(Reply):
    """Greets back, or takes up the journey that is told with the greeting."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return "action_greet"

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply once."""
        update, language = told(tracker, None, {}), language_of(tracker)
        tells = {*CITIES} & update.values.keys() or update.suggested
        if tells and not tracker.get_slot("requested_slot"):
            return [FollowupAction(FORM)]
        well = aside(tracker)
        if following(tracker) and not well:
            return []
        if well:
            dispatcher.utter_message(text=well)
        elif language.talk.working.search(text_of(tracker)):
            dispatcher.utter_message(response="utter_help")
        else:
            dispatcher.utter_message(response="utter_greet")
        return []


class Clarify(Reply):
    """Offers what a message may have meant; where that was of no help, asks for other words."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return CLARIFY

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Ask, and listen."""
        language = language_of(tracker)
        if code_in(tracker):
            (task, *_) = tracker.get_slot("pending") or [SHOW]
            return await TASKS.get(task, TASKS[SHOW]).reply(dispatcher, tracker, domain)
        beside = tell_beside(dispatcher, tracker)
        if beside is not None:
            return beside
        country = told(tracker, None, {}).suggested == ("destination", "")
        if not tracker.get_slot("requested_slot") and (country or is_of_journey(tracker)):
            return [FollowupAction(FORM)]
        if may_pass(tracker):
            return tell_of_unread(dispatcher, tracker)
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


def tell_of_unread(dispatcher: CollectingDispatcher, tracker: Tracker) -> List[EventType]:
    """Name a sentence beside others that was not understood, if it asks or wants something."""
    text, language = text_of(tracker), language_of(tracker)
    if following(tracker) and told(tracker, None, {}).values:
        # "She wants us to stay until Monday. Can you change it?"
        return [SlotSet("wanted", {"said": message_of(tracker), "codes": []})]
    if asked_about(tracker) and not following(tracker):
        # "Cancel it. I fly instead".
        return [FollowupAction(LISTEN)]
    asks, wishes = language.talk.asking.search(text), language.talk.wishing.search(text)
    if asks or wishes:
        name = "unanswered" if asks else "unused"
        quoted = language.talk.edges.sub("", said_in(tracker))
        dispatcher.utter_message(text=language.say(name, said=quoted).strip())
    return []


class OutOfScope(Reply):
    """Declines what has nothing to do with trains."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return "action_out_of_scope"

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply once, or take up the journey that is told."""
        sure = is_sure(tracker)
        is_told = proposed(tracker) or (not sure and is_of_journey(tracker))
        if is_told and not tracker.get_slot("requested_slot"):
            return [FollowupAction(FORM)]
        text, price = text_of(tracker), language_of(tracker).people.price
        if price.search(text) and tracker.latest_message.get("entities"):
            return await Price().reply(dispatcher, tracker, domain)
        beside = tell_beside(dispatcher, tracker)
        if beside is None and not may_pass(tracker):
            dispatcher.utter_message(response="utter_out_of_scope")
        elif beside is None:
            return tell_of_unread(dispatcher, tracker)
        return beside or []


class Reassure(Reply):
    """Answers a doubt by what there is: the journey as it is known, the booking as it is kept."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return "action_reassure"

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply once."""
        beside = tell_beside(dispatcher, tracker)
        if beside is not None:
            return beside
        language, journey, ticket = language_of(tracker), journey_of(tracker), shown(tracker)
        offer = tracker.get_slot("offer")
        about = last_reply(tracker) or ""
        if about.startswith("utter_") or about == ANSWER or not (journey or ticket):
            text = language.say("sure")
        elif journey:
            text = language.say("sure_journey", told=language.tell(journey))
            if offer and tracker.get_slot("requested_slot") == "confirmed":
                text += "\n" + write_times(store().network.from_json(offer), language)
        else:
            text = language.say("sure_booked", ticket=write_ticket(ticket, language))
        dispatcher.utter_message(text=text)
        return []


class Affirmed(Reply):
    """Does what the bot has asked about, where a yes answers that."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return "action_affirmed"

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply once."""
        language, asked = language_of(tracker), asked_about(tracker)
        answers = answers_to(tracker)
        for answer in answers:
            # "How's it going" is no yes.
            dispatcher.utter_message(**answer)
        if answers:
            return []
        done = [SlotSet("pending", None)]
        pending = tracker.get_slot("pending") or []
        buys = tracker.get_slot("requested_slot") and language.bookings.buying.search(
            text_of(tracker)
        )
        if buys and pending[:1] in ([], [CLARIFY]):
            # "Never mind, book it" is a yes to the train on offer, which the form reads.
            return done
        if asked:
            if asked[0] == CANCEL:
                return cancel(dispatcher, tracker, asked[1:])
            answer = ANSWERS[asked[1]]
            if answer in TASKS:
                return [*done, *await TASKS[answer].reply(dispatcher, tracker, domain)]
            if answer != FORM:
                dispatcher.utter_message(response=answer)
                return done
            return done if tracker.get_slot("requested_slot") else [*done, FollowupAction(FORM)]
        if pending in ([CHANGE], [CANCEL]) and last_reply(tracker) == pending[0]:
            # Which one is still to be told.
            return [FollowupAction(pending[0])]
        journey = journey_of(tracker)
        if not tracker.get_slot("requested_slot") and journey.keys() & {"departure", "destination"}:
            # It was not booked, or only asked about.
            return [*done, FollowupAction(FORM)]
        if not tracker.get_slot("requested_slot") and told(tracker, None, {}).values:
            # "All right, Seville then": who agrees says where to.
            return [*done, FollowupAction(FORM)]
        if following(tracker):
            return []
        done = "all_done" if shown(tracker) else "what_next"
        going_on = "go_on" if tracker.get_slot("requested_slot") else done
        dispatcher.utter_message(text=language.say(going_on))
        return []


TASKS = {task.name(): task for task in (Show(), Change(), Cancel(), Timetable(), Price(), Status())}
