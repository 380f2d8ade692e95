"""What all actions that reply have in common: nothing that a message tells is dropped silently."""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy
from datetime import date
from typing import Any, Iterator, List, Mapping, Tuple, Union

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from .heard import Situation
from .journey import JOURNEY, language_of, store, write_ticket
from .language import Language
from .told import named_in, telling
from .turns import LISTEN, asked_for, following, said_in, text_of
from .unused import Told, unused

KNOWN = (*JOURNEY, "among", "week")
"""The slots of what is known of a journey."""
Remark = Union[str, List[str]]
"""What is to be said of a message: a text, or the slots that it has set."""


def written_remarks(tracker: Tracker) -> List[str]:
    """What is to be said of the sentences since the bot spoke, with all that is noted in one."""
    language, back = language_of(tracker), tracker.get_slot("back")
    remarks: List[Remark] = tracker.get_slot("remark") or []
    slots = {slot for one in remarks if isinstance(one, list) for slot in one} - {"back"}
    noted = language.tell(telling({s: tracker.get_slot(s) for s in KNOWN if s in slots}))
    said = []
    for one in remarks:
        if isinstance(one, str):
            said.append(one)
        elif "back" not in one:
            said.append(language.say("noted", told=noted))
        elif back is not None:
            said.append(_next(back, language))
    return [*dict.fromkeys(said)]


def _next(journey: Mapping[str, Any], language: Language) -> str:
    """What is said of the journey that comes next, if only of its day: the way back."""
    told, then = language.describe(journey), journey.get("then")
    while then:
        told += language.words["comma"] + language.describe(then)
        then = then.get("then")
    if journey.get("destination"):
        return language.say("one_journey", next=told)
    return language.say("one_way", back=told and language.words["space"] + told)


class Reply(Action, ABC):
    """Replies to a message; where the bot's turn ends, it names what of the message is not used."""

    asks = False
    """Whether the form has it ask, and listens then."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply, and begin the last message of the turn with what left no trace."""
        events = await self.reply(dispatcher, tracker, domain)
        kept = tracker.get_slot("remark") or []
        for event in events:
            if kept and event["event"] == "slot" and event["name"] == "remark" and event["value"]:
                # What a sentence before this one has left to say.
                event["value"] = [*kept, *event["value"]]
        if not self._is_last(tracker, events):
            return events
        after, language = _after(tracker, events), language_of(tracker)
        lost = self._unused(dispatcher, tracker, after)
        quoted = language.words["quotes"].join(lost)
        remarks = [language.say("unused", said=quoted)] if lost else []
        if following(tracker):
            # The bot has one question, after the last sentence.
            kept = after.get_slot("remark") or []
            return [*events, SlotSet("remark", [*kept, *remarks])] if remarks else events
        if not self.asks:
            remarks = [*written_remarks(after), *remarks]
            events.append(SlotSet("remark", None))
        if remarks:
            last = dispatcher.messages[-1] if dispatcher.messages else {}
            if last.get("text"):
                last["text"] = "".join([*remarks, last["text"]])
            else:
                dispatcher.utter_message(text="".join(remarks).strip())
        return events

    @abstractmethod
    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply, without a word on what is not used."""

    def _is_last(self, tracker: Tracker, events: List[EventType]) -> bool:
        """Whether the bot listens next."""
        following = [event["name"] for event in events if event["event"] == "followup"]
        if following:
            return bool(following[-1] == LISTEN)
        ended = any(event["event"] == "active_loop" for event in events)
        return self.asks or ended or not (tracker.active_loop or {}).get("name")

    def _unused(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, after: Tracker
    ) -> List[str]:
        """The parts of the message of which neither a reply of the turn nor a slot tells."""
        text = text_of(tracker)
        turn, before = _said(tracker)
        said = [*turn, *((str(one["response"]), one["text"] or "") for one in dispatcher.messages)]
        said += [("", remark) for remark in written_remarks(after)]
        known = [words for state in (tracker, after) for words in _known(state)]
        if not self.asks:
            # "Yes, cancel the one on Friday", of a booking that was just shown.
            known += [words for _, words in before]
        told = Told(
            "\n".join([*(words for _, words in said), *known]), frozenset(name for name, _ in said)
        )
        situation = Situation(language_of(tracker), date.today(), asked=asked_for(tracker))
        return unused(text, named_in(tracker, text), situation, told, said_in(tracker))


def _after(tracker: Tracker, events: List[EventType]) -> Tracker:
    """The tracker with the slots that events set."""
    after = copy(tracker)
    changed = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    after.slots = {**tracker.slots, **changed}
    return after


def _said(tracker: Tracker) -> Tuple[List[Tuple[str, str]], List[Tuple[str, str]]]:
    """What was said since the message, and in the turn before: responses' names, and texts."""
    turns: List[List[Tuple[str, str]]] = [[]]
    for event in reversed(tracker.events):
        if event["event"] == "user":
            turns.append([])
        elif event["event"] == "bot":
            name, text = event["metadata"].get("utter_action"), event["text"]
            turns[-1].append((str(name), text or ""))
    return turns[0], turns[1] if turns[1:] else []


def _known(tracker: Tracker) -> Iterator[str]:
    """What is known of the journey, of the way back and of the booking, in words."""
    language, back = language_of(tracker), tracker.get_slot("back") or {}
    journey = {slot: tracker.get_slot(slot) for slot in KNOWN}
    for one in (journey, tracker.get_slot("before"), back, back.get("then")):
        yield language.tell({slot: value for slot, value in (one or {}).items() if value})
    codes = [tracker.get_slot("changing"), *(tracker.get_slot("wanted") or {}).get("codes", ())]
    for ticket in store().tickets(tracker.sender_id) if any(codes) else ():
        if ticket.code in codes:
            yield write_ticket(ticket, language)
