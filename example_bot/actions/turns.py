"""A message, what was done before it, and the names of what can be done."""

from __future__ import annotations

from typing import List, Optional

from rasa_sdk import Tracker

FORM, LISTEN, CLARIFY, CANCEL = "ticket_form", "action_listen", "action_clarify", "action_cancel"
FINISH, SHOW, STATUS = "action_finish", "action_show", "action_status"
STOP, ANSWER = "action_stop", "action_answer"
CHANGE, TIMETABLE, PRICE = "action_change", "action_timetable", "action_price"
LISTING = frozenset([SHOW, CHANGE, CANCEL])
"""Actions that list bookings where a message may mean several."""
SURE = 0.6
"""The confidence that a yes must have to book, and a stop to drop it all."""
OFFERS = 3
"""How many intents are offered, and how many connections."""


def text_of(tracker: Tracker) -> str:
    """What the user's message says."""
    return tracker.latest_message.get("text") or ""


def intent_of(tracker: Tracker) -> str:
    """The message's intent."""
    return str(tracker.latest_message["intent"]["name"])


def is_sure(tracker: Tracker) -> bool:
    """Whether the intent is sure enough to book by, or to drop it all."""
    return bool(tracker.latest_message["intent"]["confidence"] >= SURE)


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
