"""What of a message the bot names: what left no trace; [what the NLU found](type) is marked."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, Dict, List

import pytest
from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from test_bot_said import marked

from example_bot.actions.heard import Situation
from example_bot.actions.language import LANGUAGES
from example_bot.actions.reply import Reply
from example_bot.actions.unused import Told, unused

TODAY = date(2026, 11, 28)
FRIDAY = "Noted: from Lyon, to Geneva, on Friday 4 December 2026, 2 adults. First or second class?"
ZHOUWU = "记下了：从里昂出发，到日内瓦，2026 年 12 月 4 日（周五），2 位成人。一等座还是二等座？"


def lost_in(text: str, told: str, language: str = "en", *answers: str) -> List[str]:
    situation = Situation(language=LANGUAGES[language], today=TODAY)
    return unused(*marked(text), situation, Told(told, frozenset(answers)))


@pytest.mark.parametrize(
    ("text", "told", "lost"),
    [
        ("[8](count) [children](passenger_type=child) with the last teacher",
         "Noted: 8 children.", ["with the last teacher"]),
        ("on [friday](date), skis for all", FRIDAY, ["skis for all"]),
        ("[2](count) [adults](passenger_type=adult) and a dog", FRIDAY, ["a dog"]),
        ("[2](count) [adults](passenger_type=adult), [3](count) [bikes](passenger_type)", FRIDAY,
         ["3 bikes"]),
        ("[friday](date), but only under [20](count) euros", FRIDAY, ["only under 20 euros"]),
        ("on [5 december](date), or the [4th](date) if that is full", FRIDAY, ["on 5 december"]),
        ("[first of December](date) or so", "On which day?", ["first of December"]),
        ("[Lyon](city) to [Geneva](city) on [sunday](date)", FRIDAY, ["on sunday"]),
        ("via [Turin](city)", FRIDAY, ["via Turin"]),
        ("at [9 am](time)", FRIDAY, ["at 9 am"]),
        ("in [first class](travel_class=first)", FRIDAY, ["in first class"]),
        ("a [railcard](discount_card), please", FRIDAY, ["a railcard"]),
        ("[one](count) gets off earlier", "2 adults", ["one gets off earlier"]),
        ("my meeting ends on the [4th](date), I leave the next day", FRIDAY,
         ["I leave the next day"]),
    ],
)  # fmt: skip
def test_what_left_no_trace_is_named(text: str, told: str, lost: List[str]) -> None:
    assert lost_in(text, told) == lost


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[Lyon](city) to [Geneva](city) on [friday](date)", FRIDAY),
        ("hello there, how are you", "Hello!"),
        ("not on [sunday](date)", FRIDAY),
        ("[between 9](time) and [12](count), please", "around 10:30"),
        ("from [Paris](city), no, from [Lyon](city)", FRIDAY),
        ("what is it in [first class](travel_class=first)?", FRIDAY),
        ("[six](count) players and [two](count) coaches, so [8](count)", "8 adults"),
        ("[me](count) and [three](count) friends", "4 adults"),
        ("[two](count) couples", "4 travellers"),
        ("remove [one](count) [student](passenger_type)", "2 adults"),
        ("my [daughter](passenger_type=child) can't come", "2 adults"),
        ("to visit my [daughter](passenger_type=child)", "2 adults"),
        ("at [8](time), so be there by [6](time)", "arriving by 18:00"),
        ("in the [afternoon](time)", "arriving by 15:00"),
        ("an hour before my exam at [3](time)", "arriving by 14:00"),
        ("the [5th](date) is her birthday, I want to be there the day before", FRIDAY),
        ("we go on the [4th](date), her birthday is on the [5th](date)", FRIDAY),
        ("the day after [tomorrow](date)", "on Monday 30 November 2026"),
        ("[two days](date) earlier", FRIDAY),
        ("[next week](date)", "in the week of Monday 30 November 2026"),
        ("because the ferry leaves at [4](time)", FRIDAY),
        ("that would be [nice](city=Nice)", FRIDAY),
        ("the [railcard](discount_card) has expired", FRIDAY),
        ("[2](count) adults, [one](count) has a [BahnCard](discount_card)", "2 adults, BahnCard"),
        ("[a](count) ticket for [2](count) [adults](passenger_type=adult)", "2 adults"),
    ],
)  # fmt: skip
def test_what_is_used_or_explained_is_not_named(text: str, told: str) -> None:
    assert lost_in(text, told) == []


@pytest.mark.parametrize(
    ("text", "explanation"),
    [
        ("[2](count) in [first](travel_class), [2](count) in [second](travel_class)", "one_class"),
        ("[12](count) [adults](passenger_type=adult)", "many_passengers"),
        ("drop [Rome](city)", "stopped"),
        ("grmbl on [sunday](date)", "not_understood"),
        ("the [first](count) to [sunday](date), the second to [monday](date)", "one_booking"),
        ("[one](count) of us is in a wheelchair", "access"),
    ],
)
def test_nor_is_what_the_reply_explains(text: str, explanation: str) -> None:
    filled = {"total": 12, "most": 9}
    assert lost_in(text, "") != []
    assert lost_in(text, LANGUAGES["en"].say(explanation, **filled)) == []


def test_what_a_fixed_answer_is_about_is_not_named() -> None:
    assert lost_in("we take the dog along", "Pets travel for nothing.", "en", "utter_luggage") == []
    assert lost_in("pizza on [sunday](date)", "Beyond me.", "en", "utter_out_of_scope") == []


@pytest.mark.parametrize(
    ("text", "told", "lost"),
    [
        ("[4号](date)开完会，第二天走", ZHOUWU, ["第二天走"]),
        ("[周五](date)，带滑雪板", ZHOUWU, ["带滑雪板"]),
        ("还带一条狗", ZHOUWU, ["还带一条狗"]),
        ("八个孩子和一个老师", "记下了：8 位儿童。", ["一个老师"]),
        ("[12月5号](date)，没票的话[4号](date)也行", ZHOUWU, ["12月5号"]),
        ("我和[三](count)个朋友", "记下了：4 位成人。", []),
        ("[我](count)们去度[蜜月](date)！", ZHOUWU, []),
        ("有[一](count)个人来不了了", ZHOUWU, []),
        ("订[一](count)张票，[两](count)个[大人](passenger_type=成人)", ZHOUWU, []),
    ],
)
def test_in_chinese_too(text: str, told: str, lost: List[str]) -> None:
    assert lost_in(text, told, "zh") == lost


class Said(Reply):
    """Says that a train leaves on Friday; the rest is up to the test."""

    def __init__(self, events: List[EventType]) -> None:
        self.events = events

    def name(self) -> str:
        return "said"

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[EventType]:
        dispatcher.utter_message(text="On Friday 4 December 2026?")
        return self.events


@pytest.mark.parametrize(
    ("events", "loop", "names"),
    [
        ([], None, True),
        ([], "ticket_form", False),
        ([ActiveLoop(None)], "ticket_form", True),
        ([FollowupAction("ticket_form")], None, False),
        ([FollowupAction("action_listen")], "ticket_form", True),
    ],
)
def test_it_is_named_once_where_the_turn_ends(
    events: List[EventType], loop: str, names: bool
) -> None:
    message = {"text": "with a dog", "intent": {"name": "inform"}, "entities": []}
    state = {"sender_id": "one", "latest_message": message, "active_loop": {"name": loop}}
    dispatcher = CollectingDispatcher()
    tracker = Tracker.from_dict({**state, "slots": {"language": "en"}, "events": []})
    asyncio.run(Said(events).run(dispatcher, tracker, {}))
    (said,) = [one["text"] for one in dispatcher.messages]
    remark = "I have not used “with a dog”: say it another way if it matters. "
    assert said == (remark if names else "") + "On Friday 4 December 2026?"
