"""Fill the ticket office's database: cities, trains and their times, from the tables in timetable/.

python seed.py [URL OF THE DATABASE]

Lines are written by hand; cities on no line get a regional train to the nearest city that is on
one. Trains take their time by the distance, run in both directions every day, and have seats.
"""

from __future__ import annotations

import csv
import sys
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple

from sqlalchemy.orm import Session

if __package__:
    from .actions.journey import database
    from .actions.routes import minutes
    from .actions.store import Alias, Base, City, Stage, Train, connect
else:
    from actions.journey import database
    from actions.routes import minutes
    from actions.store import Alias, Base, City, Stage, Train, connect

TABLES = Path(__file__).resolve().parent / "timetable"
LAST_DEPARTURE = minutes("21:30")
EARTH_KM = 6371
DETOUR = 1.2
"""Rails to the straight line."""
STOP_MINUTES = 3
KM_PER_HOUR = {"RE": 90, "IC": 130, "EC": 130, "RJ": 150, "RJX": 160}
FAST = 190
FIRST_SEATS, SECOND_SEATS = 20, 80
REGIONAL = ("RE", "06:00", 60)


class Line(NamedTuple):
    """Trains that stop in the same cities."""

    kind: str
    first: int
    every: int
    stops: List[str]


class Place(NamedTuple):
    """Where a city is, in degrees."""

    latitude: float
    longitude: float


def table(name: str) -> Iterator[Dict[str, str]]:
    """The rows of a table."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def kilometres(one: Place, other: Place) -> float:
    """How far it is by rail."""
    latitudes = radians(one.latitude), radians(other.latitude)
    across = sin((latitudes[1] - latitudes[0]) / 2) ** 2
    along = sin(radians(other.longitude - one.longitude) / 2) ** 2
    arc = across + cos(latitudes[0]) * cos(latitudes[1]) * along
    return 2 * EARTH_KM * asin(sqrt(arc)) * DETOUR


def lines(places: Dict[str, Place]) -> List[Line]:
    """The lines of the table, and a regional one for every city that is on none of them."""
    found = [
        Line(row["kind"], minutes(row["first"]), int(row["every"]), row["stops"].split(" - "))
        for row in table("lines")
    ]
    served = {stop for line in found for stop in line.stops}
    kind, first, every = REGIONAL
    for city in places.keys() - served:
        nearest = min(served, key=lambda other: kilometres(places[city], places[other]))
        found.append(Line(kind, minutes(first), every, [city, nearest]))
    return found


def add_trains(
    session: Session, line: Line, places: Dict[str, Place], numbers: Iterator[int]
) -> None:
    """All trains of a day on a line, there and back."""
    ids = {city.en: city.id for city in session.query(City)}
    for stops in (line.stops, line.stops[::-1]):
        for start in range(line.first, LAST_DEPARTURE, line.every):
            train = Train(
                number=f"{line.kind} {next(numbers)}",
                first_seats=FIRST_SEATS,
                second_seats=SECOND_SEATS,
            )
            session.add(train)
            session.flush()
            at = start
            for position, (origin, target) in enumerate(zip(stops, stops[1:])):
                km = kilometres(places[origin], places[target])
                arrives = at + max(5, round(60 * km / KM_PER_HOUR.get(line.kind, FAST)))
                session.add(
                    Stage(
                        train_id=train.id,
                        position=position,
                        origin_id=ids[origin],
                        target_id=ids[target],
                        departs=at,
                        arrives=arrives,
                        km=round(km),
                    )
                )
                at = arrives + STOP_MINUTES


def seed(url: str) -> None:
    """Make the tables and fill them, unless they are filled; bookings stay."""
    engine = connect(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        if session.query(City).first():
            return
        places = {}
        for row in table("cities"):
            session.add(City(en=row["en"], zh=row["zh"]))
            places[row["en"]] = Place(float(row["latitude"]), float(row["longitude"]))
        session.flush()
        ids = {city.en: city.id for city in session.query(City)}
        for row in table("aliases"):
            session.add(Alias(name=row["alias"], city_id=ids[row["en"]]))
        numbers: Dict[str, Iterator[int]] = {}
        for line in sorted(lines(places)):
            counter = numbers.setdefault(line.kind, iter(range(11, 9999)))
            add_trains(session, line, places, counter)
    engine.dispose()


if __name__ == "__main__":
    seed(sys.argv[1] if len(sys.argv) > 1 else database())
