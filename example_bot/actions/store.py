"""The ticket office: timetable, seats and bookings in a database (SQLAlchemy).

A seat is taken leg by leg: a row of `Seat` for each leg of a train's run, with the run, the leg
and the number as its key. So the database itself keeps two bookings from sharing a seat, however
many servers write to it.
"""

from __future__ import annotations

import re
import secrets
import string
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from itertools import takewhile
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    create_engine,
    event,
    inspect,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, declarative_base, sessionmaker

from .routes import Connection, Leg, Network

CODE_SIGNS = "".join(sorted(set(string.ascii_uppercase + string.digits) - set("0O1I")))
CODE_LENGTH = 6
ATTEMPTS = 20
"""How often seats are chosen anew where another booking was faster."""
BUSY_SECONDS = 60
READS = "reads"
"""The option of an engine's connections that only read."""
# Shares of the adult's fare; whoever is not named pays all of it.
SHARES = {"child": 0.5, "student": 0.8, "senior": 0.8, "infant": 0.0}
WITHOUT_SEAT = "infant"
CENTS_PER_KM, LEAST_CENTS, FIRST_CLASS = 14, 1900, 1.6
EARLY_DAYS, EARLY_SHARE = 14, 0.8
Base: Any = declarative_base()


class City(Base):
    """A city with a station."""

    __tablename__ = "city"
    id = Column(Integer, primary_key=True)
    en = Column(String(60), unique=True, nullable=False)
    zh = Column(String(60), unique=True, nullable=False)


class Alias(Base):
    """Another name of a city."""

    __tablename__ = "alias"
    name = Column(String(60), primary_key=True)
    city_id = Column(ForeignKey("city.id"), nullable=False)


class Train(Base):
    """A train that runs every day."""

    __tablename__ = "train"
    id = Column(Integer, primary_key=True)
    number = Column(String(30), unique=True, nullable=False)
    first_seats = Column(Integer, nullable=False)
    second_seats = Column(Integer, nullable=False)


class Stage(Base):
    """A train's way from one stop to the next; times in minutes after midnight of its first day."""

    __tablename__ = "stage"
    train_id = Column(ForeignKey("train.id"), primary_key=True)
    position = Column(Integer, primary_key=True)
    origin_id = Column(ForeignKey("city.id"), nullable=False)
    target_id = Column(ForeignKey("city.id"), nullable=False)
    departs = Column(Integer, nullable=False)
    arrives = Column(Integer, nullable=False)
    km = Column(Integer, nullable=False)


class Booking(Base):
    """What a traveller has booked."""

    __tablename__ = "booking"
    code = Column(String(CODE_LENGTH), primary_key=True)
    owner = Column(String(255), nullable=False, index=True)
    departure_id = Column(ForeignKey("city.id"), nullable=False)
    destination_id = Column(ForeignKey("city.id"), nullable=False)
    via_id = Column(ForeignKey("city.id"))
    day = Column(Date, nullable=False)
    rides = Column(JSON, nullable=False)
    first = Column(Boolean, nullable=False)
    passengers = Column(JSON, nullable=False)
    discount_card = Column(String(60))
    cents = Column(Integer, nullable=False)


class Seat(Base):
    """A seat that is taken on one leg of a train's run."""

    __tablename__ = "seat"
    train_id = Column(ForeignKey("train.id"), primary_key=True)
    day = Column(Date, primary_key=True)
    position = Column(Integer, primary_key=True)
    number = Column(Integer, primary_key=True)
    code = Column(ForeignKey("booking.code"), nullable=False, index=True)


class UnknownBookingError(LookupError):
    """The traveller has no booking of that code."""


class SoldOutError(LookupError):
    """There are no seats, or no train."""


@dataclass(frozen=True)
class Trip:
    """What a traveller wants; cities by id."""

    departure: int
    destination: int
    day: date
    passengers: Mapping[str, int]
    first: bool = False
    via: Optional[int] = None
    earliest: int = 0
    """Minutes after midnight."""
    near: Optional[int] = None
    """When to leave, before or after, in minutes after midnight."""
    latest: Optional[int] = None
    """When to be there, in minutes after midnight."""
    avoid: Optional[int] = None
    train_number: Optional[str] = None
    discount_card: Optional[str] = None

    @property
    def seats(self) -> int:
        """How many seats the passengers take."""
        return sum(n for kind, n in self.passengers.items() if kind != WITHOUT_SEAT)


@dataclass(frozen=True)
class Ticket:
    """A booking as it is told."""

    code: str
    trip: Trip
    connection: Connection
    cents: int
    seats: Mapping[str, Sequence[int]]
    """Numbers of seats by train."""


@dataclass(frozen=True)
class _Order:
    owner: str
    trip: Trip
    connection: Connection
    today: date
    code: Optional[str] = None
    """The booking to be changed."""


def code_is_fit(code: str) -> bool:
    """Whether it has a letter and a digit, as the NLU's regex wants."""
    return not (code.isalpha() or code.isdecimal())


def new_code() -> str:
    """A booking code that nobody can guess."""
    while True:
        code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
        if code_is_fit(code):
            return code


def discount_of(card: Optional[str]) -> float:
    """The share of the fare that a card takes off."""
    if not card:
        return 0.0
    percents = "".join(sign for sign in card if sign.isdecimal())
    if percents:
        return min(int(percents), 100) / 100
    half = any(word in card.lower() for word in ("half", "halbtax", "半价", "半價"))
    return 0.5 if half else 0.25


def price(trip: Trip, km: int, today: date) -> int:
    """The fare of all passengers in cents; a card counts for the one who pays most."""
    fare = max(LEAST_CENTS, CENTS_PER_KM * km) * (FIRST_CLASS if trip.first else 1)
    if (trip.day - today).days >= EARLY_DAYS:
        fare = max(LEAST_CENTS, fare * EARLY_SHARE)
    shares = [
        SHARES.get(kind, 1.0) for kind, count in trip.passengers.items() for _ in range(count)
    ]
    return round(fare * (sum(shares) - max(shares) * discount_of(trip.discount_card)))


def connect(url: str) -> Engine:
    """An engine; in SQLite readers wait for nobody, and who writes takes the lock at once."""
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        # SQLAlchemy shall begin transactions, not the driver.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        reads = connection.get_execution_options().get(READS, False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


class Store:
    """The ticket office. Every change is one transaction; what fails writes nothing."""

    def __init__(self, url: str) -> None:
        self.engine = connect(url)
        if not inspect(self.engine).has_table(City.__tablename__):
            raise RuntimeError(f"{self.engine.url!r} has no timetable: run `python seed.py` first.")
        reader = self.engine.execution_options(**{READS: True})
        self._reads = sessionmaker(reader, expire_on_commit=False)
        self._writes = sessionmaker(self.engine, expire_on_commit=False)
        with self._reads.begin() as session:
            cities = session.query(City).order_by(City.en).all()
            aliases = session.query(Alias).all()
            trains = session.query(Train).all()
            columns = Stage.__table__.columns
            stages = session.query(*columns).all()
        self.names = {city.id: {"en": city.en, "zh": city.zh} for city in cities}
        self._ids = {
            **{alias.name.casefold(): alias.city_id for alias in aliases},
            **{name.casefold(): city.id for city in cities for name in (city.zh, city.en)},
        }
        self.trains = {train.id: train for train in trains}
        self.network = Network(Leg(*stage) for stage in stages)

    def city(self, name: str) -> Optional[int]:
        """The city of a name in either language."""
        return self._ids.get(" ".join(name.casefold().split()))

    def name(self, name: str, language: str) -> Optional[str]:
        """A city's name in a language, by any of its names."""
        city = self.city(name)
        return self.names[city][language] if city else None

    def find(self, text: str) -> Optional[Tuple[int, int]]:
        """Where in a text the longest name of a city stands."""
        folded = text.casefold()
        names = sorted(self._ids, key=len, reverse=True)
        for name in names if len(folded) == len(text) else []:
            found = re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", folded)
            if found:
                return found.span()
        return None

    def nearest(
        self, name: str, language: str, most: int = 2, least: Optional[float] = None
    ) -> List[str]:
        """The cities whose names are most like one that is unknown, `least` of 1 alike."""
        known = list(self._ids)
        cutoff = least or (0.6 if name.isascii() else 0.5)
        close = get_close_matches(name.casefold(), known, n=5 * most, cutoff=cutoff)
        if not name.isascii():
            # One sign of two says little, unless it stands where it belongs.
            close = [match for match in close if any(map(str.__eq__, match, name))]
        found = dict.fromkeys(self.names[self._ids[match]][language] for match in close)
        return list(found)[:most]

    def train(self, number: str) -> Optional[int]:
        """The train of a number, however it is spaced."""
        plain = "".join(number.casefold().split())
        return next(
            (
                train.id
                for train in self.trains.values()
                if "".join(train.number.casefold().split()) == plain
            ),
            None,
        )

    def connections(self, trip: Trip, now: Optional[datetime] = None) -> Iterator[Connection]:
        """The ways to make a trip on its day, today only those that are ahead.

        The earliest first, or where there is but a time to be there by, the last first, or those
        first that leave nearest to a time.
        """
        earliest = trip.earliest
        if now and trip.day == now.date():
            earliest = max(earliest, 60 * now.hour + now.minute + 1)
        stops = [trip.departure, *([trip.via] if trip.via else []), trip.destination]
        wanted = self.train(trip.train_number) if trip.train_number else None
        found: Iterator[Connection] = (
            connection
            for connection in self.network.connections(stops, earliest, trip.avoid)
            if not trip.train_number or any(ride.train == wanted for ride in connection.rides)
        )
        latest, near = trip.latest, trip.near
        if latest is not None:
            in_time = list(takewhile(lambda connection: connection.arrives <= latest, found))
            found = iter(in_time) if trip.earliest else reversed(in_time)
        if near is not None:
            found = iter(sorted(found, key=lambda connection: abs(connection.departs - near)))
        return found

    def offer(
        self, trip: Trip, now: Optional[datetime] = None, besides: Optional[str] = None
    ) -> Optional[Connection]:
        """The first connection that has seats, those of the booking `besides` counted as free."""
        with self._reads.begin() as session:
            for connection in self.connections(trip, now):
                if self._free(session, trip, connection, besides):
                    return connection
        return None

    @staticmethod
    def price(trip: Trip, connection: Connection, today: date) -> int:
        """What a trip costs, in cents."""
        return price(trip, connection.km, today)

    def book(self, owner: str, trip: Trip, connection: Connection, today: date) -> Ticket:
        """Book seats; raises SoldOutError where others have taken them."""
        return self._retried(_Order(owner, trip, connection, today))

    def change(
        self, owner: str, code: str, trip: Trip, connection: Connection, today: date
    ) -> Ticket:
        """Move a booking; where there are no seats it stays as it was: SoldOutError."""
        return self._retried(_Order(owner, trip, connection, today, code))

    def _retried(self, order: _Order) -> Ticket:
        for _ in range(ATTEMPTS):
            try:
                with self._writes.begin() as session:
                    return self._write(session, order)
            except IntegrityError:
                continue
        raise SoldOutError

    def _write(self, session: Session, order: _Order) -> Ticket:
        trip, connection = order.trip, order.connection
        if order.code:
            booking = self._owned(session, order.owner, order.code)
            self._release(session, booking)
        else:
            booking = Booking(code=new_code(), owner=order.owner)
        seats = self._free(session, trip, connection, None)
        if not seats:
            raise SoldOutError
        booking.departure_id, booking.destination_id = trip.departure, trip.destination
        booking.via_id, booking.day, booking.first = trip.via, trip.day, trip.first
        booking.passengers = dict(trip.passengers)
        booking.discount_card = trip.discount_card
        booking.rides = connection.as_json()
        booking.cents = self.price(trip, connection, order.today)
        session.add(booking)
        session.flush()
        session.add_all(
            Seat(
                train_id=ride.train,
                day=trip.day + timedelta(days=ride.day),
                position=position,
                number=number,
                code=booking.code,
            )
            for ride, numbers in zip(connection.rides, seats)
            for position in range(ride.first, ride.last + 1)
            for number in numbers
        )
        session.flush()
        return self._ticket(session, booking)

    def _free(
        self, session: Session, trip: Trip, connection: Connection, besides: Optional[str]
    ) -> Optional[List[List[int]]]:
        """For each ride, free seats for all passengers; None where there are too few."""
        chosen = []
        for ride in connection.rides:
            train = self.trains[ride.train]
            all_ = range(1, train.first_seats + train.second_seats + 1)
            seats = all_[: train.first_seats] if trip.first else all_[train.first_seats :]
            taken = {
                number
                for number, code in session.query(Seat.number, Seat.code).filter(
                    Seat.train_id == ride.train,
                    Seat.day == trip.day + timedelta(days=ride.day),
                    Seat.position.between(ride.first, ride.last),
                )
                if code != besides
            }
            free = [number for number in seats if number not in taken][: trip.seats]
            if len(free) < trip.seats:
                return None
            chosen.append(free)
        return chosen

    @staticmethod
    def _owned(session: Session, owner: str, code: str) -> Any:
        booking = session.get(Booking, code.upper())
        if booking is None or booking.owner != owner:
            raise UnknownBookingError(code)
        return booking

    @staticmethod
    def _release(session: Session, booking: Any) -> None:
        session.query(Seat).filter(Seat.code == booking.code).delete()

    def _ticket(self, session: Session, booking: Any) -> Ticket:
        seats: Dict[str, List[int]] = {}
        rows = session.query(Seat.train_id, Seat.number).filter(Seat.code == booking.code)
        for train, number in sorted(set(rows)):
            seats.setdefault(self.trains[train].number, []).append(number)
        trip = Trip(
            departure=booking.departure_id,
            destination=booking.destination_id,
            day=booking.day,
            passengers=booking.passengers,
            first=booking.first,
            via=booking.via_id,
            discount_card=booking.discount_card,
        )
        connection = self.network.from_json(booking.rides)
        return Ticket(booking.code, trip, connection, booking.cents, seats)

    def ticket(self, owner: str, code: str) -> Ticket:
        """A booking; raises UnknownBookingError where the traveller has none of that code."""
        with self._reads.begin() as session:
            return self._ticket(session, self._owned(session, owner, code))

    def tickets(self, owner: str) -> List[Ticket]:
        """All bookings of a traveller, by day."""
        with self._reads.begin() as session:
            found = session.query(Booking).filter(Booking.owner == owner).order_by(Booking.day)
            return [self._ticket(session, booking) for booking in found]

    def cancel(self, owner: str, code: str) -> Ticket:
        """Give a booking's seats back; raises UnknownBookingError."""
        with self._writes.begin() as session:
            booking = self._owned(session, owner, code)
            ticket = self._ticket(session, booking)
            self._release(session, booking)
            session.delete(booking)
            return ticket
