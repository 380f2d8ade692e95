"""Connections in a timetable whose trains run every day; the connection scan algorithm.

Dibbelt, Pajor, Strasser, Wagner (2013): Intriguingly Simple and Fast Transit Routing.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice
from typing import (
    AbstractSet,
    Any,
    Dict,
    Iterable,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
)

DAY = 24 * 60
DAYS = 3
"""How far a journey may reach."""
CHANGE = 8
"""Minutes to change trains."""


class Leg(NamedTuple):
    """A train from one stop to the next; times in minutes after midnight of the journey's day."""

    train: int
    position: int
    origin: int
    target: int
    departs: int
    arrives: int
    km: int
    day: int = 0
    """How many days after the journey's the train starts."""


class Ride(NamedTuple):
    """A train from the leg `first` to the leg `last`, started `day` days after the journey's."""

    train: int
    first: int
    last: int
    day: int


@dataclass(frozen=True)
class Connection:
    """Trains that take a traveller from one city to another."""

    legs: Tuple[Leg, ...]

    @property
    def departs(self) -> int:
        """Minutes after midnight."""
        return self.legs[0].departs

    @property
    def arrives(self) -> int:
        """Minutes after midnight."""
        return self.legs[-1].arrives

    @property
    def lasts(self) -> int:
        """Minutes on the way."""
        return self.arrives - self.departs

    @property
    def km(self) -> int:
        """How far it is."""
        return sum(leg.km for leg in self.legs)

    @property
    def parts(self) -> List[List[Leg]]:
        """The legs of each train."""
        parts: List[List[Leg]] = []
        for leg in self.legs:
            if parts and (parts[-1][-1].train, parts[-1][-1].day) == (leg.train, leg.day):
                parts[-1].append(leg)
            else:
                parts.append([leg])
        return parts

    @property
    def rides(self) -> List[Ride]:
        """The trains."""
        return [
            Ride(part[0].train, part[0].position, part[-1].position, part[0].day)
            for part in self.parts
        ]

    def as_json(self) -> List[List[int]]:
        """The rides, to be read by `Network.from_json`."""
        return [list(ride) for ride in self.rides]


class Network:
    """All legs of some days."""

    def __init__(self, legs: Iterable[Leg]) -> None:
        every_day = list(legs)
        self._legs = sorted(
            (
                leg._replace(
                    departs=leg.departs + DAY * day, arrives=leg.arrives + DAY * day, day=day
                )
                for day in range(DAYS)
                for leg in every_day
            ),
            key=lambda leg: (leg.departs, leg.arrives),
        )
        self._departures = [leg.departs for leg in self._legs]
        self._by_place = {(leg.train, leg.day, leg.position): leg for leg in self._legs}

    def from_json(self, rides: Sequence[Sequence[int]]) -> Connection:
        """The connection whose `as_json` it is."""
        return Connection(
            tuple(
                self._by_place[ride.train, ride.day, position]
                for ride in (Ride(*ride) for ride in rides)
                for position in range(ride.first, ride.last + 1)
            )
        )

    def run_of(self, train: int) -> Connection:
        """A train's way from its first stop to its last."""
        legs = sorted(leg for leg in self._legs if leg.train == train and leg.day == 0)
        return Connection(tuple(legs))

    def connections(
        self, stops: Sequence[int], earliest: int, avoid: Optional[int] = None
    ) -> Iterator[Connection]:
        """Connections through all stops that depart on the first day, earliest arrival first.

        Of those that arrive together, the one that departs last. None stops at `avoid`.
        """
        waiting: Optional[Connection] = None
        while True:
            found = self._through(stops, earliest, avoid)
            if waiting and (not found or found.arrives != waiting.arrives):
                yield waiting
            if not found or found.departs >= DAY:
                return
            waiting = found
            earliest = found.departs + 1

    def _through(
        self, stops: Sequence[int], earliest: int, avoid: Optional[int]
    ) -> Optional[Connection]:
        legs: List[Leg] = []
        for origin, target in zip(stops, stops[1:]):
            # On the way to a stop, it is not through another one.
            others = {*stops, avoid} - {origin, target}
            part = self._fastest(origin, target, earliest, others)
            if part is None:
                return None
            legs += part
            earliest = part[-1].arrives + CHANGE
        return Connection(tuple(legs))

    def _fastest(
        self, origin: int, target: int, earliest: int, avoid: AbstractSet[Optional[int]]
    ) -> Optional[List[Leg]]:
        reached: Dict[int, int] = {origin: earliest - CHANGE}
        boarded: Dict[Tuple[int, int], int] = {}
        came: Dict[int, Tuple[int, Leg]] = {}
        first = bisect_left(self._departures, earliest)
        for leg in islice(self._legs, first, None):
            if target in reached and leg.departs >= reached[target]:
                break
            train = leg.train, leg.day
            if train not in boarded:
                if leg.departs < reached.get(leg.origin, DAYS * DAY) + CHANGE:
                    continue
                boarded[train] = leg.position
            if leg.target in avoid:
                del boarded[train]
                continue
            if leg.arrives < reached.get(leg.target, DAYS * DAY * 2):
                reached[leg.target] = leg.arrives
                came[leg.target] = boarded[train], leg
        return self._way(origin, target, came) if target in came else None

    def _way(self, origin: int, target: int, came: Dict[int, Any]) -> List[Leg]:
        way: List[Leg] = []
        while target != origin:
            first, leg = came[target]
            way[:0] = [
                self._by_place[leg.train, leg.day, position]
                for position in range(first, leg.position + 1)
            ]
            target = way[0].origin
        return way


def minutes(at: Optional[str]) -> int:
    """Minutes after midnight of "HH:MM"."""
    hour, minute = (at or "00:00").split(":")
    return 60 * int(hour) + int(minute)


def clock(at: int) -> Tuple[str, int]:
    """The time of day, and how many days later, of minutes after midnight."""
    return f"{at // 60 % 24:02d}:{at % 60:02d}", at // DAY
