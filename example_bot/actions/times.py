"""When to leave and when to be there, as a message tells it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import List, Match, Optional, Sequence, Tuple

from .dates import (
    CLOCK,
    PRICE,
    in_half,
    part_of_day,
    parts_in,
    read_number,
    read_span,
    read_time,
)
from .heard import STOP, Mention, Situation, Update, blank, known_before, mentions_of
from .language import LAST, ROUGHLY, Language
from .parts import clauses_in
from .routes import clock, minutes

NOT_EARLY, NOT_LATE = "09:00", "21:00"
"""When it is not "too early" to leave any more, and not "too late" yet to be there."""
HALF_DAY = 12 * 60
CLOSE = 5
"""Minutes that a train is off the time by which it is called, at most."""


def times_in(text: str, mentions: Sequence[Mention], situation: Situation, update: Update) -> None:
    """Add when to leave, `time`, and when to be there, `latest`."""
    words, journey, values = situation.language.days, situation.journey, update.values
    waits = situation.language.cities.waiting
    clauses = clauses_in(text, situation.language)
    # "I don't want to wait a night in Zurich".
    text = blank(text, (span for span in clauses if waits.search(text[slice(*span)])))
    found = [m for m in mentions if m.kind == "time" and text[m.start : m.end].strip()]
    times = found or _unmarked(text, [], situation.language)[:1]
    # What is not meant tells nothing of what is: "10 in the morning, not 10 at night".
    all_times = [*times, *_unmarked(text, times, situation.language)]
    told = blank(text, ((m.start, m.end) for m in all_times if m.negated))
    meant = _in_a_row(text, [m for m in times if not m.negated], situation.language)
    free = [
        m for m in meant if words.free.search(text[: m.start]) or words.freed.match(text[m.end :])
    ]
    if free and any(m not in free and not m.deadline for m in meant):
        # "I finish at 5, so the train at 6".
        meant = [replace(m, bound=m.bound or not m.rough) for m in meant if m not in free]
    meant = _bounds(text, meant, situation.language) or meant
    if any(m.deadline for m in meant) and words.leaving.search(text):
        update.problems.append(("leave_by", {}))
        return
    leaves, arrives = _apart(text, found, situation.language)
    if leaves and arrives:
        # "Leave after school, but be there before dinner".
        for these in (leaves, arrives):
            said = " ".join(m.text for m in these)
            _set(said, these, situation, update, part_of_day(said))
        if values["latest"] <= values["time"].strip(ROUGHLY):
            values["latest"] = _shifted(values["latest"], HALF_DAY)
    elif meant:
        together, sentence = _in_one_sentence(told, meant)
        part = part_of_day(sentence) or part_of_day(told)
        _set(told, together, situation, update, part)
        ends = [m for m in times if _is_on_clock(m)] or times
        if values.get("time") and len(ends) > 1 and words.between.search(text):
            values["time"] = _middle(values["time"], ends[1], part)
        slots = values.keys() & {"time", "latest"}
        values.update({s: None for s in {"time", "latest"} - slots if slots and journey.get(s)})
    ahead = words.ahead.search(text)
    if ahead and not times and journey.get("latest") not in (None, LAST):
        values["latest"] = _shifted(journey["latest"], -_span(ahead))
    _last_or_first(text, situation, update)
    before = known_before("time", situation)
    if len(free) == len(found) and before and words.same_time.search(text):
        values["time"] = before
    if not (times or values.keys() & {"time", "latest"}):
        if words.not_early.search(text):
            values["time"] = NOT_EARLY
        if words.not_late.search(text):
            values["latest"] = NOT_LATE
    if not meant:
        _take_back(times, mentions, situation, update)


def _unmarked(text: str, marked: Sequence[Mention], language: Language) -> List[Mention]:
    """The parts of the day that a message names beside what is marked, also in words of a day."""
    shifted = language.days.shifted.search(text)
    # "One night earlier" is not at night.
    taken = [*(m.span() for m in [shifted] if m), *((m.start, m.end) for m in marked)]
    return mentions_of(
        text,
        [
            {"entity": "time", "value": part.group(), "start": part.start(), "end": part.end()}
            for part in parts_in(text)
            if all(end <= part.start() or part.end() <= start for start, end in taken)
        ],
        language,
    )


def _bounds(text: str, meant: Sequence[Mention], language: Language) -> List[Mention]:
    """Times to leave after, beside which others only tell why: "in at [noon], nothing before 2"."""
    known = [*meant, *_clocks(text, meant, language)] if meant else []
    bounds = [m for m in known if m.bound and not m.negated and read_time([m.text])]
    others = [m for m in known if m not in bounds]
    apart = all(re.search(r"\w", text[one.end : two.start]) for one, two in zip(known, known[1:]))
    return bounds if others and apart else []


def _clocks(text: str, marked: Sequence[Mention], language: Language) -> List[Mention]:
    """The times of a clock that a message names beside what is marked."""
    clocks = [
        {"entity": "time", "value": one.group(), "start": one.start(), "end": one.end()}
        for one in CLOCK.finditer(text)
        if all(m.end <= one.start() or one.end() <= m.start for m in marked)
    ]
    return mentions_of(text, clocks, language)


def _apart(
    text: str, found: Sequence[Mention], language: Language
) -> Tuple[List[Mention], List[Mention]]:
    """The times to leave and those to be there by, where a message tells both."""
    known = [*found, *_clocks(text, found, language)]
    known = [m for m in (*known, *_unmarked(text, known, language)) if not m.negated]
    arrives = [m for m in known if m.deadline and read_time([m.text])]
    # Beside an arrival, a time to the minute is a departure: "departure 9:10, arrival 11:36".
    exact = re.compile(r"\d:\d\d")
    leaves = [m for m in known if not m.deadline and (m.bound or m.leaving or exact.search(m.text))]
    leaves = [m for m in leaves if read_time([m.text])]
    both = leaves and arrives and not language.days.between.search(text)
    return (leaves, arrives) if both else ([], [])


def _is_on_clock(mention: Mention) -> bool:
    """Whether a time is an hour, and no part of the day alone."""
    said = mention.text.strip()
    return bool(re.search(r"\d|点|\bnoon\b", said)) or read_number(said) is not None


def _in_a_row(text: str, meant: List[Mention], language: Language) -> List[Mention]:
    """Times, of which the first counts where they are two between which to leave: "10 or 11"."""
    # "In the afternoon, 3 to 5": the part of the day is read by itself.
    on_clock = [m for m in meant if _is_on_clock(m)]
    meant = on_clock if len(on_clock) > 1 else meant
    if len(meant) < 2:
        return meant
    if language.days.between.search(text):
        return [replace(meant[0], deadline=False)]
    ends = zip(meant, meant[1:])
    row = all(language.days.to.fullmatch(text[one.end : other.start]) for one, other in ends)
    clocks = all(read_time([m.text]) and _is_on_clock(m) for m in meant)
    return [replace(meant[0], deadline=False)] if row and clocks else meant


def _set(
    text: str,
    meant: Sequence[Mention],
    situation: Situation,
    update: Update,
    part: Optional[str],
) -> None:
    """Set the one slot of which times tell that are meant together, in a `part` of the day."""
    words, by = situation.language.days, any(m.deadline for m in meant)
    if by:
        # "I have to be there before eleven. Is it the one about six?"
        meant = [m for m in meant if m.deadline or parts_in(m.text)]
    at = read_time((m.text for m in meant), end=by and not words.before.search(text))
    if at is None and all(PRICE.fullmatch(m.text) for m in meant):
        return
    if at is None:
        update.problems.append(("unknown_time", {"said": " ".join(m.text for m in meant)}))
        return
    if len(meant) == 1:
        # On another day or way, what was offered or said is no measure.
        anew = {"date", "departure", "destination"} & update.values.keys()
        known = (situation.journey.get("time") or "").strip(ROUGHLY) or situation.offered
        # Who comes back at seven comes in the evening, "the first train after 7" in the morning.
        first = situation.language.trains.wishes["first"].search(text)
        bound = by or (meant[0].bound and not first) or situation.there is not None
        # "After six" is not the train at six that was shown.
        shown = () if anew or meant[0].bound or by else situation.shown
        at = in_half(at, meant[0].text, part, None if anew else known, bound, shown)
        # "The half past nine one" is the one at 9:28.
        near = [one for one in shown if abs(minutes(one) - minutes(at)) < CLOSE]
        at = min(near, default=at) if words.going.match(text[meant[0].end :]) else at
    if at == part and words.not_early.search(text):
        at = max(at, NOT_EARLY)
    if by:
        update.values["latest"] = _ahead_of(at, meant[-1], text, situation.language)
    else:
        rough = any(m.rough for m in meant) and not any(m.bound for m in meant)
        update.values["time"] = ROUGHLY + at if rough else at


def _in_one_sentence(text: str, meant: Sequence[Mention]) -> Tuple[Sequence[Mention], str]:
    """Times, without those of other sentences than the last clock's, and its sentence."""
    clocks = [m for m in meant if _is_on_clock(m)]
    if not clocks:
        return meant, text
    last = clocks[-1]
    start = max((one.end() for one in STOP.finditer(text, 0, last.start)), default=0)
    behind = STOP.search(text, last.end)
    end = behind.start() if behind else len(text)
    return [m for m in meant if start <= m.start < end], text[start:end]


def _middle(start: str, end: Mention, part: Optional[str]) -> str:
    """The time between two, near which to leave; the start of them where they are far apart."""
    at = read_time([end.text])
    until = in_half(at, end.text, part, start, bound=False) if at else start
    span = minutes(until) - minutes(start.strip(ROUGHLY))
    return ROUGHLY + clock(minutes(start) + span // 2)[0] if 0 < span <= HALF_DAY // 2 else start


def _ahead_of(at: str, meant: Mention, text: str, language: Language) -> str:
    """When to be there, some time before a time perhaps: "an hour before my exam at [3]"."""
    ahead = language.days.ahead.search(text)
    if not ahead or (
        meant.start > ahead.end() and re.search(r"[(（,，;.]", text[ahead.end() : meant.start])
    ):
        return at
    return _shifted(at, -_span(ahead))


def _span(ahead: Match[str]) -> int:
    return read_span(ahead["n"], 1 if ahead["minutes"] else 60)


def _shifted(at: str, by: int) -> str:
    """A time some minutes later or earlier on the same day."""
    later = minutes(at) + by
    return clock(later)[0] if 0 <= later < 2 * HALF_DAY else at


def _last_or_first(text: str, situation: Situation, update: Update) -> None:
    """Take the last train of the day, or no more the last one."""
    trains, journey, values = situation.language.trains, situation.journey, update.values
    told = values.get("time") or values.get("latest")
    if trains.last.search(text) and not values.get("latest"):
        values["latest"] = LAST if told else journey.get("latest") or LAST
        if journey.get("time") and not told:
            values["time"] = None
    elif journey.get("latest") == LAST and trains.wishes["first"].search(text):
        values["latest"] = None


def _take_back(
    times: Sequence[Mention], mentions: Sequence[Mention], situation: Situation, update: Update
) -> None:
    """Drop times that are not meant; "not in the morning" is behind it, "not at night" before."""
    journey = situation.journey
    for mention in times:
        start, end = read_time([mention.text]), read_time([mention.text], end=True)
        slots = {slot: (journey.get(slot) or "").strip(ROUGHLY) for slot in ("time", "latest")}
        known = [slot for slot, at in slots.items() if start and at == start]
        of_day = any(m.kind == "date" and m.start <= mention.start < m.end for m in mentions)
        update.values.update(dict.fromkeys(known))
        if start and end and start < end and not (known or of_day):
            update.values.update({"time": end} if end <= "12:00" else {"latest": start})
