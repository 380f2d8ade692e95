"""What a message asks, or proposes, that is about no journey of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Dict, List, Optional, Sequence

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from .heard import Update, tells_of_people
from .journey import journey_of, language_of, shown, store, trip_of, write_times
from .language import TRAVELLER, Language
from .parts import clauses_in, sides_of
from .people import ages_in, kind_at
from .told import entities_of, leaves_out, told
from .turns import (
    CANCEL,
    FINISH,
    asked_about,
    continues,
    found_in,
    intent_of,
    is_alone,
    is_sure,
    last_replies,
    tells_names,
    text_of,
)
from .which import code_in

CARD = "discount_card"
"""A slot whose value a message beside a question may take back."""
RESPONSES = {
    "ask_discount": "utter_discount",
    "ask_luggage": "utter_luggage",
    "ask_on_board": "utter_on_board",
    "ask_terms": "utter_terms",
    "ask_help": "utter_help",
    "bot_challenge": "utter_bot",
}
OF_AGES = {"infant": "minors_pay", "child": "minors_pay", "senior": "seniors_pay"}
"""Texts on what is paid at the age of a kind of passengers."""


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
    if name is None and tells_names(tracker):
        name = "names"
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
    ages = {start for start, _, _ in ages_in(text, language_of(tracker))}
    kinds = {e["entity"] for e in found_in(tracker) if e["start"] not in ages}
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
    stated, clauses = "", clauses_in(text, language)
    for start, end in clauses:
        clause = text[start:end]
        about = tells_of_people(clause, language.people) or (
            clauses[1:] and any(start <= number < end for number in numbers)
        )
        is_told = about and not language.talk.asking.search(clause.strip())
        stated += clause if is_told else " " * len(clause)
    return stated


def told_beside(tracker: Tracker) -> Update:
    """What a message tells of the journey beside what it asks: "Second. May I bring skis?"."""
    text, language, journey = text_of(tracker), language_of(tracker), journey_of(tracker)
    slot, counts = tracker.get_slot("requested_slot"), entities_of(tracker, "count")
    stated, asks = sides_of(text, language)
    values = told(tracker, slot, journey, part=stated).values if asks.strip() else {}
    fit = {s: v for s, v in values.items() if s == slot or s not in ("passengers", CARD)}
    part = statements(text, language, [count["start"] for count in counts])
    values = told(tracker, None, journey, part=part).values if part.strip() else {}
    people = values.pop("passengers", None)
    if people and slot and (journey.get("passengers") or counts):
        fit["passengers"] = people
    elif people and "passengers" not in fit:
        # Who is named alone may have company.
        fit["among"] = {kind: count for kind, count in people.items() if kind != TRAVELLER}
    card = values.get(CARD) if slot else None
    if told(tracker, slot, {CARD: card, **journey}).values.get(CARD, CARD) is None:
        # "What does it cost without the card?"
        fit[CARD] = None
    elif card:
        fit[CARD] = card
    return Update({s: v for s, v in fit.items() if v != journey.get(s) and (v or s == CARD)})


def of_offer(tracker: Tracker, asks: str) -> List[Dict[str, str]]:
    """What is said to a question whether the train on offer is direct."""
    language, offer, ticket = language_of(tracker), tracker.get_slot("offer"), shown(tracker)
    if not language.trains.changes.search(asks) or not (offer or ticket):
        return []
    connection = store().network.from_json(offer) if offer else ticket and ticket.connection
    return [{"text": write_times(connection, language)}] if connection else []


def answers_to(tracker: Tracker, telling: bool = False) -> List[Dict[str, str]]:
    """What is said to all that a message asks, and that has always the same answer.

    To a message that is `telling` something, its intent may be a mistake.
    """
    text, language, intent = text_of(tracker), language_of(tracker), intent_of(tracker)
    beside, own = aside(tracker), RESPONSES.get(intent)
    if of_child(tracker) and own:
        own = RESPONSES["ask_discount"]
    _, asks = sides_of(text, language)
    mistaken = not is_sure(tracker) and told(tracker, None, {}, part=asks)
    if telling and (mistaken or not asks.strip()):
        own = None
    if intent == "ask_help" and not is_alone(tracker):
        # "Is there Wi-Fi? I need to work", "Cologne to Bonn. What do you have?"
        own = None
    # "I have a dog, can he come?"
    of_it = language.people.things.search(text) and language.people.third.search(asks)
    heard = text if own or of_it else asks
    clauses = [heard[start:end] for start, end in clauses_in(heard, language)]
    words = language.talk.asides.values()
    named = [
        name
        for clause in clauses
        for name, topic in language.talk.topics.items()
        if topic.search(clause) and not any(word.search(clause) for word in words)
    ]
    several = len([clause for clause in clauses if language.talk.asking.search(clause.strip())]) > 1
    if own and not beside and (is_sure(tracker) or not named):
        if several or own in named:
            named = [own, *named]
        elif not named or details_of(own, heard, language):
            # "Can we take a pushchair on board" is about luggage.
            named = [own]
    texts = ([{"text": beside}] if beside else []) + of_offer(tracker, asks)
    if own == "utter_terms" and texts:
        named = [name for name in named if name != own]
    for response in [*named]:
        # Who asks for Wi-Fi need not hear of toilets.
        about = details_of(response, heard, language)
        texts += about
        named = [name for name in named if not (about and name == response)]
    return [*texts, *({"response": name} for name in dict.fromkeys(named))]


def details_of(response: str, text: str, language: Language) -> List[Dict[str, str]]:
    """What is said of the things that a text names, of all that a response of the domain tells."""
    things = language.talk.details.get(response, {})
    about = [thing for thing, words in things.items() if words.search(text)]
    if response == RESPONSES["ask_discount"]:
        kinds = (kind_at(years) for _, _, years in ages_in(text, language))
        about += [OF_AGES[kind] for kind in kinds if kind in OF_AGES]
    return [{"text": language.say(thing).strip()} for thing in dict.fromkeys(about)]


def cost_of(tracker: Tracker, part: Optional[str] = None) -> Optional[str]:
    """The bot's text that answers what it costs to cancel or change; None where that is not asked.

    It is no order to do so. The question may be in a `part` of the message.
    """
    text, words = part or text_of(tracker), language_of(tracker).bookings
    difference = words.difference.search(text)
    if code_in(tracker) or not (difference or words.fee.search(text)):
        return None
    return "changes" if difference or words.changing.search(text) else "refunds"


def tell_beside(dispatcher: CollectingDispatcher, tracker: Tracker) -> Optional[List[EventType]]:
    """Answer a question that has always the same reply, or what a change costs; or None."""
    priced = None if aside(tracker) else tell_cost(dispatcher, tracker)
    if priced is not None:
        return priced
    answers = answers_to(tracker)
    for answer in answers:
        dispatcher.utter_message(**answer)
    return [] if answers else None


def tell_cost(dispatcher: CollectingDispatcher, tracker: Tracker) -> Optional[List[EventType]]:
    """Answer what it costs to cancel or change, and keep the question that is open; or None."""
    cost = cost_of(tracker)
    if cost is None:
        return None
    if asked_about(tracker)[:1] == [CANCEL]:
        # It answers that, and asks again.
        return [FollowupAction(CANCEL)]
    # "Change it. What do I get back?" may mean the difference.
    names = ("changes", cost) if continues(tracker) and FINISH in last_replies(tracker) else (cost,)
    for name in dict.fromkeys(names):
        dispatcher.utter_message(text=language_of(tracker).say(name))
    return []
