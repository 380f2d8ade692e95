"""What a message asks, or proposes, that is about no journey of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import List, Optional, Sequence

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from .journey import journey_of, language_of, shown, store, trip_of
from .language import Language
from .told import code_in, leaves_out
from .turns import CANCEL, asked_about, text_of


def proposed(tracker: Tracker) -> Optional[str]:
    """The city, or country, that is all a message proposes: "what about Naples?"."""
    text, language = text_of(tracker), language_of(tracker)
    found = language.cities.proposed.fullmatch(text)
    name = found.group("name") if found else ""
    return name if name.casefold() in language.countries else store().name(name, language.code)


def aside(tracker: Tracker) -> Optional[str]:
    """The reply to a question that has always the same one, such as how the bot is."""
    text, language = text_of(tracker), language_of(tracker)
    found = (name for name, words in language.talk.asides.items() if words.search(text))
    name = next(found, None)
    if language.people.each.search(text) and language.talk.asking.search(text):
        return language.say("each", shares=shares_of(tracker)).strip()
    if name is None:
        return None
    going_on = name == "well" and not tracker.get_slot("requested_slot")
    return (language.say(name) + (language.say("where_to") if going_on else "")).strip()


def shares_of(tracker: Tracker) -> str:
    """What one passenger of each kind pays for the train on offer, or for that of the booking."""
    language, offer, ticket = language_of(tracker), tracker.get_slot("offer"), shown(tracker)
    journey, office = journey_of(tracker), store()
    if offer and journey.keys() >= {"departure", "destination"}:
        trip, connection = trip_of(journey, language), office.network.from_json(offer)
    elif ticket:
        trip, connection = ticket.trip, ticket.connection
    else:
        return ""
    told = []
    for kind in trip.passengers:
        one = replace(trip, passengers={kind: 1}, discount_card=None)
        euros = f"{office.price(one, connection, date.today()) / 100:.2f}"
        told.append(language.say("share", who=language.write_passengers({kind: 1}), euros=euros))
    return language.words["colon"] + language.words["comma"].join(told)


def of_child(tracker: Tracker) -> bool:
    """Whether a message asks what a child pays, and names no journey and no number."""
    text, people = text_of(tracker), language_of(tracker).people
    kinds = {entity["entity"] for entity in tracker.latest_message.get("entities", [])}
    asks = people.little.search(text) and people.price.search(text) and not leaves_out(tracker)
    return bool(asks) and not kinds & {"city", "count", "date"}


def of_thing(tracker: Tracker) -> bool:
    """Whether a message asks what a dog or a bicycle costs."""
    text, people = text_of(tracker), language_of(tracker).people
    return bool(people.things.search(text) and people.price.search(text))


def statements(text: str, language: Language, numbers: Sequence[int] = ()) -> str:
    """A message whose parts that ask are blank, as are those that are about nobody.

    Where there are `numbers` of people, by their place, a part is about somebody.
    """
    told, past = "", 0
    ends = [found.start() for found in language.talk.clauses.finditer(text)]
    for end in (*ends, len(text)):
        clause = text[past:end]
        about = language.people.subject.search(clause) or (
            ends and any(past <= number < end for number in numbers)
        )
        is_told = about and not language.talk.asking.search(clause.strip())
        told += clause if is_told else " " * len(clause)
        past = end
    return told


def cost_of(tracker: Tracker) -> Optional[str]:
    """The bot's text that answers what it costs to cancel or change; None where that is not asked.

    It is no order to do so.
    """
    text, words = text_of(tracker), language_of(tracker).bookings
    difference = words.difference.search(text)
    if code_in(tracker) or not (difference or words.fee.search(text)):
        return None
    return "changes" if difference or words.changing.search(text) else "refunds"


def tell_beside(dispatcher: CollectingDispatcher, tracker: Tracker) -> Optional[List[EventType]]:
    """Answer a question that has always the same reply, or what a change costs; or None."""
    text = aside(tracker)
    if text is None:
        return tell_cost(dispatcher, tracker)
    dispatcher.utter_message(text=text)
    return []


def tell_cost(dispatcher: CollectingDispatcher, tracker: Tracker) -> Optional[List[EventType]]:
    """Answer what it costs to cancel or change, and keep the question that is open; or None."""
    cost = cost_of(tracker)
    if cost is None:
        return None
    if asked_about(tracker)[:1] == [CANCEL]:
        # It answers that, and asks again.
        return [FollowupAction(CANCEL)]
    dispatcher.utter_message(text=language_of(tracker).say(cost))
    return []
