"""Which of some bookings a message means; [what the NLU found](type role) is marked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Dict, Iterator, List

import pytest
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from test_bot_said import marked

from example_bot.actions import journey
from example_bot.actions.store import Ticket, Trip
from example_bot.actions.told import points_in, told
from example_bot.actions.which import changed, code_in, in_question, meant, part_about, turned_to
from example_bot.seed import seed

FRIDAY = date.today() + timedelta(days=7 + (4 - date.today().weekday()) % 7)
ME = "me"
BOOKED = (
    ("Paris", "Nice", FRIDAY, 8 * 60, {"adult": 2, "child": 1}, False),
    ("Nice", "Paris", FRIDAY + timedelta(days=2), 15 * 60, {"adult": 2, "child": 1}, False),
    ("Lyon", "Milan", FRIDAY + timedelta(days=5), 8 * 60, {"adult": 1}, True),
)


@pytest.fixture(scope="module", autouse=True)
def booked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Three bookings in an office of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('office') / 'tickets.db'}"
    seed(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TICKETS_DB", url)
        journey.store.cache_clear()
        office = journey.store()
        for start, end, day, at, people, first in BOOKED:
            ends = office.city(start) or 0, office.city(end) or 0
            trip = Trip(*ends, day, people, first, earliest=at)
            connection = office.offer(trip)
            assert connection
            office.book(ME, trip, connection, date.today())
        yield
    journey.store.cache_clear()


def tickets() -> List[Ticket]:
    return journey.store().tickets(ME)


def heard(text: str, intent: str, language: str = "en", **slots: Any) -> Tracker:
    plain, entities = marked(text)
    # The way to Milan was booked first, the way back last.
    shown = [SlotSet("shown", tickets()[place].code) for place in (2, 0, 1)]
    message = {"text": plain, "entities": entities, "intent": {"name": intent, "confidence": 1.0}}
    known: Dict[str, Any] = {"language": language, **slots}
    return Tracker(ME, known, message, shown, False, None, {}, "action_listen")


def places(found: Any) -> List[int]:
    codes = [ticket.code for ticket in tickets()]
    return sorted(codes.index(ticket.code) for ticket in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cancel the one to [Milan](city destination)", [2]),
        ("cancel the one from [Paris](city departure)", [0]),
        ("cancel the [Friday](date) one", [0]),
        ("cancel the second ticket", [1]),
        ("cancel the first two", [0, 1]),
        ("cancel the first and the last one", [0, 2]),
        ("cancel the way there", [0]),
        ("cancel the return", [1]),
        ("cancel the afternoon train", [1]),
        ("cancel the first-class one", [2]),
        ("cancel the one with the kid from [Paris](city departure)", [0]),
        ("cancel the cheaper one", [2]),
        ("cancel the latest of them", [2]),
        ("cancel the booking I just made", [1]),
        ("cancel both tickets with the kid", [0, 1]),
        ("cancel them all", [0, 1, 2]),
        ("not the one to [Nice](city destination), cancel the one to [Paris](city)", [1]),
        ("cancel a ticket", []),
        ("cancel the one to [Rome](city destination)", []),
    ],
)  # fmt: skip
def test_a_booking_is_meant_by_what_tells_it_apart(text: str, expected: List[int]) -> None:
    assert places(meant(heard(text, "cancel_booking"), tickets())) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("去[米兰](city destination)的那张退掉", [2]),
        ("第二张退掉", [1]),
        ("前两张都退了", [0, 1]),
        ("返程退掉", [1]),
        ("下午那趟取消", [1]),
        ("[一等座](travel_class)那张取消", [2]),
        ("便宜的那张退掉", [2]),
        ("刚订的那张退掉", [1]),
        ("中间那张退掉", [1]),
        ("我想退票", []),
    ],
)
def test_and_in_chinese(text: str, expected: List[int]) -> None:
    assert places(meant(heard(text, "cancel_booking", "zh"), tickets())) == expected


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ("move the [Nice](city) trip to [Sunday](date)", 0, "Sunday"),
        ("change my [Friday](date) trip to [Sunday](date)", 0, "Sunday"),
        ("the first one to [Sunday](date), the third one to [Monday](date)", 0, "Sunday"),
        ("[first class](travel_class=first) on the way back", 1, "first class"),
    ],
)
def test_what_is_to_be_is_no_clue(text: str, place: int, rest: str) -> None:
    tracker = heard(text, "change_booking")
    assert places(meant(tracker, tickets())) == [place] and not changed(tracker)
    part, _ = part_about(tracker, tickets()[place])
    assert rest in part and "Friday" not in part and "Monday" not in part


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("no, not that one, the one to [Milan](city destination)", 2),
        ("leave [Nice](city) alone, I mean the [Milan](city) one", 2),
        ("no, to [Milan](city destination)", None),
        ("at [9](time)", None),
    ],
)
def test_a_change_turns_to_another_booking(text: str, place: Any) -> None:
    other = turned_to(heard(text, "inform", changing=tickets()[0].code))
    assert (other and places([other])) == (None if place is None else [place])


@pytest.mark.parametrize(
    ("text", "language", "spans"),
    [
        ("the Nice one as well", "en", ["the Nice one"]),
        ("make my Milan ticket second class", "en", ["my Milan ticket"]),
        ("the one to Milan is too early", "en", ["the one to Milan"]),
        ("I missed the 8:00 from Paris", "en", ["the 8:00 from Paris"]),
        ("the Rome one", "en", []),
        ("I want a ticket to Nice", "en", []),
        ("the trip from Paris to Nice", "en", []),
        ("巴黎那张也改", "zh", ["巴黎那张"]),
        ("去尼斯的那张改到周日", "zh", ["尼斯的那张"]),
        ("要一张去尼斯的票", "zh", []),
    ],
)
def test_a_city_may_only_point_at_a_booking(text: str, language: str, spans: List[str]) -> None:
    pointing = heard(text, "inform", language=language)
    assert [text[start:end] for start, end in points_in(pointing, text)] == spans
    assert not spans or "destination" not in told(pointing, None, {}).values


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("how much was the [Milan](city) one?", 2),
        ("when does my train on [Friday](date) leave?", 0),
        ("how much is a ticket to [Milan](city destination)?", None),
        ("how much was the [Rome](city) one?", None),
    ],
)
def test_a_question_may_be_about_a_booking(text: str, place: Any) -> None:
    found = in_question(heard(text, "ask_price"))
    assert (found and places([found])) == (None if place is None else [place])


def test_a_code_is_named_unless_it_is_spared() -> None:
    assert code_in(heard("not AB12CD but EF34GH", "cancel_booking")) == "EF34GH"
    assert code_in(heard("cancel [ab12cd](booking_code)", "cancel_booking")) == "AB12CD"
    assert code_in(heard("cancel it", "cancel_booking")) is None
