"""Which of a traveller's bookings a message means, and what of the message is about which.

A message tells bookings apart by clues: a code, a place in the list, a city, a day, who travels.
Each is compared with every booking. What fits none of those that the surer clues leave is about
no booking: it is what is to be changed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import FrozenSet, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from rasa_sdk import Tracker

from .dates import is_day_of_month, is_weekday, parts_in, read_count, read_date, read_time
from .heard import Mention, Situation, blank
from .journey import NEAR_MINUTES, journey_of, language_of, pairs_of, store
from .language import Language
from .people import kin_in, kind_named
from .routes import DAY, minutes
from .said import heard_in
from .store import Ticket
from .told import cities_of, named_in, points_in
from .turns import CHANGE, asked_about, asked_which, intent_of, text_of
from .unused import ALIKE

CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{6}(?![A-Za-z0-9])")
"""A booking code that the NLU may not have found."""
DESCRIBING = frozenset(["cancel_booking", "show_booking", "ask_price", "train_status"])
"""Intents of messages that change no booking: what they name tells which is meant."""
APART = re.compile(r"[,;.，、；。]|\band\b|[和跟]")
"""Between bookings of which a message names one after the other."""
PEOPLE = ("passenger_type", "count")
LOOSE = ("time", "train_number", "travel_class", *PEOPLE)
"""Kinds of clues that may tell what is to be, unless they stand with a booking."""
TURNING = ("code", "other", "way", "made", "city", "date")
"""Kinds of clues that turn from the booking that is being changed to another."""
POINTING = frozenset(["inform", "book_ticket", "affirm", "change_booking"])
"""Intents of messages that may turn to a booking by its city: "make the Zurich one cheaper"."""
SURE = ("code", "place", "made")
"""Kinds of clues that turn from a journey that is put together to a booking."""
EXTREMES = ("earliest", "latest", "cheapest", "dearest")
KINDS = ("place", *TURNING, *LOOSE, *EXTREMES)
"""All kinds, the surest first."""


class Clue(NamedTuple):
    """Words of a message, and the codes of the bookings that they fit.

    They are `definite` where they stand with a booking, "the [Friday] one", `spared` where these
    are not meant, and a `target` where they tell what is to be, "to [Friday]".
    """

    kind: str
    start: int
    end: int
    codes: FrozenSet[str]
    definite: bool
    spared: bool
    target: bool


Share = Tuple[Sequence[Ticket], str, Sequence[Clue]]
"""Bookings, the text about them, where what tells which is blank, and its other clues."""


def code_in(tracker: Tracker) -> Optional[str]:
    """The booking code that a message names, or the first of several that are meant."""
    codes = sorted(clue for clue in _clues(tracker, ()) if clue.kind == "code" and not clue.spared)
    return text_of(tracker)[codes[0].start : codes[0].end].upper() if codes else None


def meant(tracker: Tracker, tickets: Sequence[Ticket]) -> Sequence[Ticket]:
    """The bookings that a message means, one by its clues or several; none where that is open."""
    shares = _shares(tracker, tickets)
    # Of what is told apart, the first comes first: "the first to Monday, the second to Friday".
    found = [ticket for some, text, _ in shares if text == shares[0][1] for ticket in some]
    every = language_of(tracker).bookings.every.search(text_of(tracker))
    return tickets if every and not (found or code_in(tracker)) else found


def changed(tracker: Tracker) -> Sequence[Ticket]:
    """The bookings, where a message means several to be changed."""
    changing = language_of(tracker).bookings.changing.search(text_of(tracker))
    asked = tracker.get_slot("pending") == [CHANGE] and asked_which(tracker)
    changes = asked or changing or intent_of(tracker) == "change_booking"
    found = meant(tracker, store().tickets(tracker.sender_id)) if changes else ()
    return found if len(found) > 1 else ()


def part_about(tracker: Tracker, ticket: Ticket) -> Tuple[str, bool]:
    """What of a message is about a booking, and whether it tells something else of another one."""
    tickets = store().tickets(tracker.sender_id)
    shares = _shares(tracker, tickets) if len(tickets) > 1 else []
    about = next((text for some, text, _ in shares if ticket in some), text_of(tracker))
    return about, any(some and text != about for some, text, _ in shares)


def turned_to(tracker: Tracker) -> Optional[Ticket]:
    """The booking that a message turns to from the one that is being changed: "no, the other".

    From a journey that is put together it turns by fewer kinds of clues: "and change XK4D7Q".
    """
    tickets, code = store().tickets(tracker.sender_id), tracker.get_slot("changing")
    text, intent = text_of(tracker), intent_of(tracker)
    words = language_of(tracker).bookings
    points = points_in(tracker, text)
    if points and (intent not in POINTING or words.sparing.search(text)):
        return None
    changing = words.changing.search(text)
    kinds = TURNING if code or points else SURE if changing else None
    shares = _shares(tracker, tickets, kinds) if kinds and tickets else []
    found = [ticket for some, _, _ in shares for ticket in some if ticket.code != code]
    return found[0] if len(found) == 1 else None


def described(tracker: Tracker, tickets: Sequence[Ticket]) -> bool:
    """Whether words that stand with a booking tell which, and all who are named are in them."""
    shares = _shares(tracker, tickets, KINDS)
    return all(some and not {c.kind for c in rest} & {*PEOPLE} for some, _, rest in shares)


def in_question(tracker: Tracker) -> Optional[Ticket]:
    """The booking that a question is about, of which it names nothing that is not so."""
    text, language = text_of(tracker), language_of(tracker)
    other = [language.trains.several, *map(language.trains.wishes.get, ("later", "earlier"))]
    elsewhere = journey_of(tracker) and not points_in(tracker, text)
    if elsewhere or any(words and words.search(text) for words in other):
        return None
    ((found, _, rest), *more) = _shares(tracker, store().tickets(tracker.sender_id))
    mine = language.bookings.mine.search(text) and not (rest or more)
    return found[0] if mine and len(found) == 1 else None


def _shares(
    tracker: Tracker, tickets: Sequence[Ticket], definite: Sequence[str] = ()
) -> List[Share]:
    """A message's parts on one booking each, or on several; by clues of `definite` kinds only."""
    text, words = text_of(tracker), language_of(tracker).bookings
    clues = sorted(_clues(tracker, tickets), key=lambda clue: clue.start)
    starts, before, end, shares = [0], frozenset(), 0, []
    for clue in clues:
        if clue.definite and clue.codes and not (clue.spared or clue.target):
            apart = APART.search(text[end : clue.start]) and before and not clue.codes & before
            starts += [clue.start] if apart else []
            before, end = clue.codes, clue.end
    for start, end in reversed([*zip(starts, [*starts[1:], len(text)])]):
        inside = [clue for clue in clues if start <= clue.start < end]
        able = [c for c in inside if not definite or (c.definite and c.kind in definite)]
        left, used = _narrowed(able, tickets)
        others = [(0, start), (end, len(text))]
        part = blank(text, [*others, *((clue.start, clue.end) for clue in used)])
        rest = [clue for clue in inside if clue not in used]
        several = words.every.search(text) or any(
            c.kind == "place" and len(c.codes) > 1 for c in used
        )
        found = left if used and (len(left) == 1 or several) else []
        # "The first and the last one, to Monday".
        shares.insert(0, (found, shares[0][1] if shares and not rest else part, rest))
    return shares


def _narrowed(clues: Sequence[Clue], tickets: Sequence[Ticket]) -> Tuple[List[Ticket], List[Clue]]:
    """The bookings that clues leave, and the clues that fit them."""
    left, used = [*tickets], []
    for clue in sorted(clues, key=lambda one: (KINDS.index(one.kind), not one.definite, one.start)):
        fit = [ticket for ticket in left if (ticket.code in clue.codes) != clue.spared]
        if clue.kind in EXTREMES:
            # "The earlier one": of those that are left.
            by_time, pick = clue.kind in EXTREMES[:2], (min, max)[EXTREMES.index(clue.kind) % 2]
            keys = [(t.trip.day, t.connection.departs) if by_time else t.cents for t in left]
            fit = [ticket for ticket, key in zip(left, keys) if key == pick(keys)]
        if fit and clue.codes and not clue.target:
            left, used = fit, [*used, clue]
    return left, used


def _clues(tracker: Tracker, tickets: Sequence[Ticket]) -> Iterator[Clue]:
    """All that a message names of bookings, or may name."""
    text, words, intent = text_of(tracker), language_of(tracker).bookings, intent_of(tracker)
    describes = intent in DESCRIBING
    for kind, span, fits in _facts(tracker, tickets):
        before, behind = text[: span[0]], text[span[1] :]
        stands = words.one.match(behind) or words.holder.search(before)
        definite = bool(stands) or kind not in (*LOOSE, "date", "city")
        turns = None if describes else words.becomes.search(before)
        # "To Nice" is a place, too.
        turns = turns and not (kind in ("city", "way", "place") and turns.groupdict().get("to"))
        tells = (describes or asked_which(tracker)) and kind not in PEOPLE
        loose = kind in LOOSE and not (definite or tells)
        spared = words.spared.search(before) or words.stays.match(behind)
        spared = bool(spared and (definite or kind == "city"))
        codes = frozenset(ticket.code for ticket in fits)
        yield Clue(kind, *span, codes, definite or spared, spared, bool(loose or turns))


def _facts(
    tracker: Tracker, tickets: Sequence[Ticket]
) -> Iterator[Tuple[str, Tuple[int, int], Sequence[Ticket]]]:
    """What a message names: its kind, where it is, and the bookings that it fits."""
    text, language = text_of(tracker), language_of(tracker)
    words, trains, pairs = language.bookings, language.trains, pairs_of(tickets)
    current = asked_about(tracker)[1:] or [
        tracker.get_slot("changing") or tracker.get_slot("shown")
    ]
    slots = [e["value"] for e in tracker.events if (e["event"], e.get("name")) == ("slot", "shown")]
    # Each booking is first shown when it is made.
    made = sorted(tickets, key=lambda t: slots.index(t.code) if t.code in slots else -1)[-1:]
    for kind, pattern, fits in (
        ("other", trains.other, [ticket for ticket in tickets if ticket.code not in current]),
        ("made", words.just_made, made),
        ("way", words.outward, [pair[0] for pair in pairs]),
        ("way", words.returning, [pair[1] for pair in pairs]),
    ):
        yield from ((kind, found.span(), fits) for found in pattern.finditer(text))
    for found in words.place.finditer(text):
        word, many = (found["place"] or "").lower(), read_count(found["many"] or "") or 1
        middle, nth = len(tickets) // 2, read_count(found["nth"] or "") or 1
        place = trains.places.get(word, middle) if word else nth - 1
        yield "place", found.span(), tickets[-many:] if place < 0 else tickets[place:][:many]
    for found in words.extremes.finditer(text):
        yield str(found.lastgroup), found.span(), tickets
    entities = [*named_in(tracker, text)]
    names = "|".join(map(re.escape, cities_of(tickets, language)))
    # "The ticket with the kid", "the afternoon train".
    for start, end, kind in kin_in(text, language):
        fits = [t for t in tickets if t.trip.passengers.keys() & ALIKE.get(kind, {kind})]
        yield "passenger_type", (start, end), fits
    spans = [("time", *part.span(), part.group()) for part in parts_in(text)]
    named = re.finditer(rf"(?<![A-Za-z])(?:{names or '(?!)'})(?![a-z])", text)
    spans += [("city", *one.span(), one.group()) for one in named]
    weeks = language.days.next_week.finditer(text)
    spans += [("date", *one.span(), one.group()) for one in weeks]
    spans += [("code", *one.span(), one.group()) for one in CODE.finditer(text)]
    for kind, start, end, value in spans:
        if all(end <= one["start"] or one["end"] <= start for one in entities):
            entities.append({"entity": kind, "start": start, "end": end, "value": value})
    for one in heard_in(text, entities, Situation(language, date.today())):
        kind = one.kind.replace("booking_", "")
        if kind in KINDS:
            yield kind, (one.start, one.end), _fitting(one, tickets, language)


def _fitting(one: Mention, tickets: Sequence[Ticket], language: Language) -> Sequence[Ticket]:
    """The bookings that something fits which a message names."""
    if one.kind == "city":
        city = store().city(one.value)
        there = [ticket for ticket in tickets if ticket.trip.destination == city]
        start = [ticket for ticket in tickets if ticket.trip.departure == city]
        return (start or there) if one.role == "departure" else (there or start)
    return [ticket for ticket in tickets if _fits(one, ticket, language)]


def _fits(one: Mention, ticket: Ticket, language: Language) -> bool:
    """Whether a booking has what a message names."""
    trip, classes, people = ticket.trip, language.classes, ticket.trip.passengers
    if one.kind == "date":
        return _is_on(one.text, trip.day)
    if one.kind == "time":
        return _is_at(one.text, ticket.connection.departs % DAY)
    if one.kind == "train_number":
        return store().train(one.value) in [ride.train for ride in ticket.connection.rides]
    if one.kind == "travel_class":
        return trip.first == bool(classes.names[classes.first].search(one.value))
    if one.kind == "count":
        return read_count(one.text) in (sum(people.values()), *people.values())
    kind = kind_named(one.value, language.people) or ""
    return one.text.upper() == ticket.code or bool(people.keys() & ALIKE.get(kind, {kind}))


def _is_on(said: str, day: date) -> bool:
    """Whether a day is what words name, in whichever week or month it is where they do not say."""
    named, more = read_date(said, date.today()), 1 if re.search("weekend|末", said) else 0
    if named is None:
        monday = date.today() + timedelta(days=7 - date.today().weekday())
        return bool(re.search("week|下", said)) and 0 <= (day - monday).days < 7
    if is_weekday(said):
        return named.weekday() == day.weekday()
    if is_day_of_month(said):
        return named.day == day.day
    return named <= day <= named + timedelta(days=more)


def _is_at(said: str, departs: int) -> bool:
    """Whether a train leaves in a part of the day, or at an hour of a clock, or near to it."""
    at, end = (read_time([said], end) for end in (False, True))
    if at is None or at != end:
        return at is not None and minutes(at) <= departs < minutes(end)
    near = 0 if ":" in said else NEAR_MINUTES
    return any(abs(minutes(at) + half - departs) <= near for half in (0, DAY // 2))
