"""The ticket office of the example bot: connections, seats, bookings, and many at once."""

from __future__ import annotations

import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from example_bot.actions.routes import CHANGE, Connection, Leg, Network, clock
from example_bot.actions.store import (
    SoldOutError,
    Store,
    Trip,
    UnknownBookingError,
    code_is_fit,
    discount_of,
    new_code,
    price,
)
from example_bot.seed import FIRST_SEATS, seed

TODAY = date(2026, 11, 28)
DAY = TODAY + timedelta(days=3)
CLIENTS, BOOKINGS, SERVERS = 20, 200, 3


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("office") / "seeded.db"
    seed(f"sqlite:///{path}")
    return path


@pytest.fixture
def url(seeded: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(seeded, tmp_path / 'tickets.db')}"


@pytest.fixture
def office(url: str) -> Store:
    return Store(url)


def trip(office: Store, origin: str = "Lyon", target: str = "Geneva", **more: object) -> Trip:
    departure, destination = office.city(origin), office.city(target)
    assert departure and destination
    made = Trip(departure, destination, DAY, passengers={"adult": 1})
    return replace(made, **more)  # type: ignore[arg-type]


def book(office: Store, wanted: Trip, owner: str = "me") -> str:
    connection = office.offer(wanted)
    assert connection is not None
    return office.book(owner, wanted, connection, TODAY).code


def rows(office: Store, table: str) -> int:
    with office.engine.begin() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar())


# Timetable -------------------------------------------------------------------------------------


def test_a_database_without_a_timetable_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"run `python seed\.py` first"):
        Store(f"sqlite:///{tmp_path / 'empty.db'}")


def test_seeding_again_keeps_what_is_there(url: str, office: Store) -> None:
    code = book(office, trip(office))
    trains = len(office.trains)
    seed(url)
    again = Store(url)
    assert len(again.trains) == trains
    assert again.ticket("me", code).code == code


def test_cities_are_known_by_all_their_names(office: Store) -> None:
    assert office.city("Geneva") == office.city("genf") == office.city("日内瓦")
    assert office.name("Wien", "zh") == "维也纳"
    assert office.find("er, Saint-Malo I think") == (4, 14)
    assert office.find("a nicer place") is None


def test_the_nearest_by_name_is_offered_for_what_is_unknown(office: Store) -> None:
    assert office.nearest("Berlim", "en")[0] == "Berlin"
    assert office.nearest("Genevva", "zh")[0] == "日内瓦"
    assert office.nearest("Xyzzyqq", "en") == []
    assert office.nearest("巴梨", "zh")[0] == "巴黎"
    assert office.nearest("上海", "zh") == []


def test_a_train_is_the_nearest_to_a_rough_time_or_the_likeliest_between_two(office: Store) -> None:
    def leaves(**wanted: int) -> str:
        return clock(next(office.connections(trip(office, **wanted))).departs)[0]

    assert leaves(near=11 * 60) == leaves(near=12 * 60 + 30) == "11:50"
    assert leaves(latest=19 * 60) == "17:50"
    assert leaves(earliest=14 * 60, latest=19 * 60) == "14:50"


def test_a_connection_hangs_together(office: Store) -> None:
    wanted = trip(office, "Lisbon", "Vienna")
    connection = next(office.connections(wanted))
    assert connection.legs[0].origin == wanted.departure
    assert connection.legs[-1].target == wanted.destination
    for before, after in zip(connection.legs, connection.legs[1:]):
        same = (before.train, before.day) == (after.train, after.day)
        assert after.origin == before.target
        assert after.departs >= before.arrives + (0 if same else CHANGE)


def test_a_connection_goes_via_the_city_that_is_wished(office: Store) -> None:
    via = office.city("Milan")
    connection = next(office.connections(trip(office, via=via)))
    assert via in [leg.target for leg in connection.legs]


def test_a_connection_via_a_city_does_not_pass_where_it_ends(office: Store) -> None:
    via, end = office.city("Bratislava"), office.city("Budapest")
    wanted = trip(office, "Vienna", "Budapest", via=via)
    stops = [leg.target for leg in next(office.connections(wanted)).legs]
    assert stops.index(via) < stops.index(end) and stops.count(end) == 1


def test_connections_come_in_order_and_none_is_beaten(office: Store) -> None:
    found = list(office.connections(trip(office, "Berlin", "Munich")))
    assert len(found) > 5
    assert all(a.departs < b.departs and a.arrives < b.arrives for a, b in zip(found, found[1:]))


def test_trains_that_have_left_today_are_not_offered(office: Store) -> None:
    noon = datetime.combine(DAY, datetime.min.time()).replace(hour=12)
    assert next(office.connections(trip(office), noon)).departs > 12 * 60


def test_a_change_takes_its_time() -> None:
    first = Leg(1, 0, 1, 2, 60, 100, 50)
    hasty, easy = Leg(2, 0, 2, 3, 104, 150, 50), Leg(3, 0, 2, 3, 130, 180, 50)
    (connection,) = Network([first, hasty, easy]).connections([1, 3], 0)
    assert [ride.train for ride in connection.rides] == [1, 3]


def test_a_wished_train_is_part_of_the_connection(office: Store) -> None:
    last = list(office.connections(trip(office)))[-1]
    number = office.trains[last.rides[0].train].number
    wanted = trip(office, train_number=number.lower().replace(" ", ""))
    assert list(office.connections(wanted)) == [last]


# Bookings --------------------------------------------------------------------------------------


def test_a_booking_is_there_after_a_restart(url: str, office: Store) -> None:
    wanted = trip(office, passengers={"adult": 2, "child": 1, "infant": 1}, first=True)
    code = book(office, wanted)
    ticket = Store(url).ticket("me", code)
    assert ticket.trip == wanted
    assert [len(numbers) for numbers in ticket.seats.values()] == [3]


def test_nobody_sees_or_touches_the_booking_of_somebody_else(office: Store) -> None:
    wanted = trip(office)
    code = book(office, wanted)
    connection = office.offer(wanted)
    assert connection
    for attempt in (
        lambda: office.ticket("you", code),
        lambda: office.cancel("you", code),
        lambda: office.change("you", code, wanted, connection, TODAY),
        lambda: office.ticket("me", "ZZ99ZZ"),
    ):
        with pytest.raises(UnknownBookingError):
            attempt()
    assert office.tickets("you") == []
    assert office.ticket("me", code).trip == wanted


def test_a_cancelled_booking_gives_its_seats_back(office: Store) -> None:
    code = book(office, trip(office))
    office.cancel("me", code)
    assert rows(office, "seat") == rows(office, "booking") == 0


def test_a_changed_booking_keeps_its_code_and_frees_its_old_seats(office: Store) -> None:
    code = book(office, trip(office))
    later = trip(office, day=DAY + timedelta(days=1), passengers={"adult": 2})
    connection = office.offer(later, besides=code)
    assert connection
    ticket = office.change("me", code, later, connection, TODAY)
    assert ticket.code == code and ticket.trip == later
    assert rows(office, "booking") == 1
    assert rows(office, "seat") == 2 * len(connection.legs)


def test_a_change_to_a_full_train_leaves_the_booking_as_it_was(office: Store) -> None:
    code = book(office, trip(office))
    before = office.ticket("me", code)
    full = trip(office, day=DAY + timedelta(days=1), passengers={"adult": 9}, first=True)
    connection = next(office.connections(full))
    for _ in range(FIRST_SEATS // 9):
        office.book("others", full, connection, TODAY)
    with pytest.raises(SoldOutError):
        office.change("me", code, full, connection, TODAY)
    assert office.ticket("me", code) == before


def test_a_full_train_is_not_offered_but_the_next_is(office: Store) -> None:
    wanted = trip(office, passengers={"adult": 9}, first=True)
    first, second = list(office.connections(wanted))[:2]
    for _ in range(FIRST_SEATS // 9):
        office.book("others", wanted, first, TODAY)
    assert office.offer(wanted) == second
    with pytest.raises(SoldOutError):
        office.book("me", wanted, first, TODAY)


def test_a_seat_is_free_again_behind_the_stop_where_its_passenger_gets_off(office: Store) -> None:
    family = trip(office, "Paris", "Marseille", first=True, passengers={"adult": 9})
    legs = next(one for one in office.connections(family) if len(one.rides) == 1).legs
    before, behind = Connection(legs[:1]), Connection(legs[1:])
    for part in (before, behind):
        ticket = office.book("me", family, part, TODAY)
        assert list(ticket.seats.values()) == [list(range(1, 10))]


def test_many_bookings_at_once_share_no_seat_and_lose_none(url: str) -> None:
    """Each server has its own connections to the database."""
    offices = [Store(url) for _ in range(SERVERS)]
    wanted = trip(offices[0])

    def one(number: int) -> str:
        office = offices[number % SERVERS]
        for _ in range(BOOKINGS):
            connection = office.offer(wanted)
            assert connection is not None
            try:
                return office.book(f"client {number}", wanted, connection, TODAY).code
            except SoldOutError:
                continue
        raise AssertionError("no seat")

    with ThreadPoolExecutor(CLIENTS) as clients:
        codes = list(clients.map(one, range(BOOKINGS)))
    assert len(set(codes)) == BOOKINGS == rows(offices[0], "booking")
    tickets = [offices[0].ticket(f"client {n}", code) for n, code in enumerate(codes)]
    seats = Counter(
        (ride, number)
        for ticket in tickets
        for ride, numbers in zip(ticket.connection.rides, ticket.seats.values())
        for number in numbers
    )
    assert max(seats.values()) == 1
    assert sum(seats.values()) == BOOKINGS


# Prices and codes ------------------------------------------------------------------------------


def test_prices_follow_the_passengers_the_class_and_the_card(office: Store) -> None:
    adult = trip(office, "Paris", "Marseille")

    def of(**more: object) -> int:
        return price(replace(adult, **more), 700, TODAY)  # type: ignore[arg-type]

    assert of(passengers={"child": 1}) == of() // 2
    assert of(passengers={"adult": 1, "infant": 2}) == of()
    assert of(passengers={"student": 1}) == round(0.8 * of())
    assert of(first=True) > of()
    assert of(discount_card="BahnCard 50") == of() // 2
    assert of(passengers={"adult": 2}, discount_card="BahnCard 50") == 3 * of() // 2
    assert of(day=TODAY + timedelta(days=20)) < of()


@pytest.mark.parametrize(
    ("card", "share"),
    [
        (None, 0),
        ("BahnCard 25", 0.25),
        ("bahncard 100", 1),
        ("半价卡", 0.5),
        ("Halbtax", 0.5),
        ("Interrail pass", 0.25),
    ],
)
def test_what_a_card_takes_off(card: str, share: float) -> None:
    assert discount_of(card) == share


def test_codes_are_such_as_the_bot_recognises() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 6 and code_is_fit(code) for code in codes)
