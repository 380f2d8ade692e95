"""A message, what was done before it, and the names of what can be done."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Dict, FrozenSet, List, Optional, Sequence

from rasa_sdk import Tracker

from .journey import language_of, store
from .language import LANGUAGES
from .names import Named, names_in, parts_of, without_names
from .spelling import SHORTEST, near, put_right

FORM, LISTEN, CLARIFY, CANCEL = "ticket_form", "action_listen", "action_clarify", "action_cancel"
FINISH, SHOW, STATUS = "action_finish", "action_show", "action_status"
STOP, ANSWER = "action_stop", "action_answer"
CHANGE, TIMETABLE, PRICE = "action_change", "action_timetable", "action_price"
LISTING = frozenset([SHOW, CHANGE, CANCEL])
"""Actions that list bookings where a message may mean several."""
SURE = 0.6
"""The confidence that a yes must have to book, and a stop to drop it all."""
WHO_TRAVELS = "passengers"
"""The slot whose question names of people answer."""
MESSAGES = 1024
"""So many are kept whose names are known."""
OFFERS = 3
"""How many intents are offered, and how many connections."""


def text_of(tracker: Tracker) -> str:
    """What the user's message says, with the words that matter spelt as they should be.

    Other names stand in place of people's.
    """
    message = tracker.latest_message
    if "said" not in message:
        language, known = language_of(tracker), _names_before(tracker)
        entities = message.get("entities", [])
        text, entities = put_right(message.get("text") or "", entities, language.closed)
        named = _names_in(text, known, asked_for(tracker) == WHO_TRAVELS, language.code)
        masked, entities = without_names(text, entities, named, language.names)
        message.update(text=masked, entities=entities, said=text)
        message["names"] = bool(named) and not known
    return str(message["text"])


@lru_cache(maxsize=MESSAGES)
def _names_in(text: str, known: FrozenSet[str], answers: bool, code: str) -> Sequence[Named]:
    """The names in a message, which every action after it looks for, too."""

    def is_city(word: str) -> bool:
        return store().name(word.strip(",. "), code) is not None

    return names_in(text, known, answers, is_city, LANGUAGES[code].names)


def said_in(tracker: Tracker) -> str:
    """The message with the names that the user told, each letter at its place in `text_of`."""
    text_of(tracker)
    return str(tracker.latest_message["said"])


def tells_names(tracker: Tracker) -> bool:
    """Whether a message tells names of people, the first of the conversation; not if answered."""
    text_of(tracker)
    events = [event["event"] for event in tracker.events if event["event"] in ("bot", "user")]
    return bool(tracker.latest_message["names"]) and events[-1:] != ["bot"]


def _names_before(tracker: Tracker) -> FrozenSet[str]:
    """The names of people that messages before this one told, in lower case."""
    known: FrozenSet[str] = frozenset()
    asked, language = None, language_of(tracker)
    events = [event for event in tracker.events if event["event"] in ("user", "slot")]
    while events and events[-1]["event"] != "user":
        events.pop()
    for event in events[:-1]:
        if event["event"] == "user":
            text = event.get("text") or ""
            named = _names_in(text, known, asked == WHO_TRAVELS, language.code)
            known |= parts_of(text, named, language.names)
        elif event["name"] == "requested_slot":
            asked = event["value"]
    return known


def found_in(tracker: Tracker) -> List[Dict[str, Any]]:
    """What the NLU has found in the message, where `text_of` has it."""
    text_of(tracker)
    found: List[Dict[str, Any]] = tracker.latest_message["entities"]
    return found


def _answer(tracker: Tracker) -> Optional[str]:
    """The intent of a message that is a yes or a no, but one letter off."""
    said = re.sub(r"\W", "", tracker.latest_message.get("text") or "")
    answers = language_of(tracker).answers
    meant = near(said, [*answers]) if 1 < len(said) < SHORTEST else None
    return answers[meant] if meant else None


def intent_of(tracker: Tracker) -> str:
    """The message's intent."""
    return _answer(tracker) or str(tracker.latest_message["intent"]["name"])


def is_sure(tracker: Tracker) -> bool:
    """Whether the intent is sure enough to book by, or to drop it all."""
    sure = tracker.latest_message["intent"]["confidence"] >= SURE
    return bool(sure or _answer(tracker))


def following(tracker: Tracker) -> List[str]:
    """The sentences of the message that follow this one, each a turn of its own (channel.py)."""
    return _around(tracker, "after")


def preceding(tracker: Tracker) -> List[str]:
    """The sentences of the message that precede this one."""
    return _around(tracker, "before")


def _around(tracker: Tracker, where: str) -> List[str]:
    metadata = tracker.latest_message.get("metadata") or {}
    return [*metadata.get(where, ())]


def continues(tracker: Tracker) -> bool:
    """Whether the message has sentences before this one; the bot has asked nothing since."""
    return bool(preceding(tracker))


def is_alone(tracker: Tracker) -> bool:
    """Whether the message is one sentence."""
    return not (following(tracker) or continues(tracker))


def may_pass(tracker: Tracker) -> bool:
    """Whether nothing need be said to a sentence: the bot says something to the message anyway."""
    if following(tracker) or (continues(tracker) and tracker.get_slot("requested_slot")):
        return True
    for event in reversed(tracker.events):
        if event["event"] == "bot":
            return continues(tracker)
        if event["event"] == "user" and not (event.get("metadata") or {}).get("before"):
            break
    return False


def last_replies(tracker: Tracker) -> List[str]:
    """The actions between the user's message and the one before it, the last one first.

    A sentence before this one that was only answered counts as part of it: "Thanks. Cancel it".
    """
    events = list(tracker.events)
    while events and events[-1]["event"] != "user":
        events.pop()
    names: List[str] = []
    before = continues(tracker)
    for event in reversed(events[:-1]):
        if event["event"] == "user":
            if not (before and all(name.startswith("utter_") for name in names)):
                break
            before = bool((event.get("metadata") or {}).get("before"))
        if event["event"] == "action" and event["name"] != LISTEN:
            names.append(str(event["name"]))
    return names


def asked_for(tracker: Tracker) -> Optional[str]:
    """The slot that the form asked for before the message."""
    events = list(tracker.events)
    while events and events[-1]["event"] != "user":
        events.pop()
    slots = (
        e for e in reversed(events) if (e["event"], e.get("name")) == ("slot", "requested_slot")
    )
    return next((event["value"] for event in slots), None)


def answered_by(tracker: Tracker, action: str) -> bool:
    """Whether an action replied before the message, called by Finish perhaps."""
    names = last_replies(tracker)
    return action in names or (FINISH in names and tracker.get_slot("pending") == [action])


def answered(tracker: Tracker) -> List[str]:
    """The actions since the user's message, which the form reads once more after an answer."""
    names: List[str] = []
    for event in reversed(tracker.events):
        if event["event"] == "user":
            break
        if event["event"] == "action":
            names.append(str(event["name"]))
    return names


def last_reply(tracker: Tracker) -> Optional[str]:
    """The action that spoke last before the user's message."""
    names = last_replies(tracker)
    return names[0] if names else None


def asked_which(tracker: Tracker) -> bool:
    """Whether the bot has listed bookings before the message, and asked which one is meant."""
    pending = tracker.get_slot("pending") or []
    # Finish may have asked for an action that it calls.
    return len(pending) == 1 and last_reply(tracker) in (*LISTING, FINISH)


def asked_about(tracker: Tracker) -> List[str]:
    """What the bot asked about before the message: an action, and its booking or intent."""
    pending: List[str] = tracker.get_slot("pending") or []
    # Finish and Stop ask for an action that they call; Answer asks again.
    asked = len(pending) > 1 and last_reply(tracker) in (pending[0], FINISH, STOP, ANSWER)
    return pending if asked else []
