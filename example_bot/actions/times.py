"""When to leave and when to be there, as a message tells it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import List, Match, Sequence, Tuple

from .dates import CLOCK, in_half, part_of_day, parts_in, read_span, read_time
from .heard import Mention, Situation, Update, known_before, mentions_of
from .language import LAST, ROUGHLY, Language
from .routes import clock, minutes

NOT_EARLY, NOT_LATE = "09:00", "21:00"
"""When it is not "too early" to leave any more, and not "too late" yet to be there."""
HALF_DAY = 12 * 60


def times_in(text: str, mentions: Sequence[Mention], situation: Situation, update: Update) -> None:
    """Add when to leave, `time`, and when to be there, `latest`."""
    words, journey, values = situation.language.days, situation.journey, update.values
    found = [m for m in mentions if m.kind == "time"]
    times = found or _unmarked(text, [], situation.language)[:1]
    meant = _in_a_row(text, [m for m in times if not m.negated], situation.language)
    meant = _bounds(text, meant, situation.language) or meant
    if any(m.deadline for m in meant) and words.leaving.search(text):
        update.problems.append(("leave_by", {}))
        return
    leaves, arrives = _apart(text, found, situation.language)
    if leaves and arrives:
        # "Leave after school, but be there before dinner".
        _set(" ".join(m.text for m in leaves), leaves, situation, update)
        _set(" ".join(m.text for m in arrives), arrives, situation, update)
        if values["latest"] <= values["time"].strip(ROUGHLY):
            values["latest"] = _shifted(values["latest"], HALF_DAY)
    elif meant:
        _set(text, meant, situation, update)
        slots = values.keys() & {"time", "latest"}
        values.update({s: None for s in {"time", "latest"} - slots if slots and journey.get(s)})
    ahead = words.ahead.search(text)
    if ahead and not times and journey.get("latest") not in (None, LAST):
        values["latest"] = _shifted(journey["latest"], -_span(ahead))
    _last_or_first(text, situation, update)
    before = known_before("time", situation)
    if not found and before and words.same_time.search(text):
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
    leaves = [m for m in known if not m.deadline and (m.bound or m.leaving)]
    leaves = [m for m in leaves if read_time([m.text])]
    both = leaves and arrives and not language.days.between.search(text)
    return (leaves, arrives) if both else ([], [])


def _in_a_row(text: str, meant: List[Mention], language: Language) -> List[Mention]:
    """Times, of which the first counts where they are two between which to leave: "10 or 11"."""
    if len(meant) < 2:
        return meant
    if language.days.between.search(text):
        return [replace(meant[0], deadline=False)]
    ends = zip(meant, meant[1:])
    row = all(language.days.to.fullmatch(text[one.end : other.start]) for one, other in ends)
    clocks = all(read_time([m.text]) and not parts_in(m.text) for m in meant)
    return [replace(meant[0], deadline=False)] if row and clocks else meant


def _set(text: str, meant: Sequence[Mention], situation: Situation, update: Update) -> None:
    """Set the one slot of which times tell that are meant together."""
    words, by = situation.language.days, any(m.deadline for m in meant)
    if by:
        # "I have to be there before eleven. Is it the one about six?"
        meant = [m for m in meant if m.deadline or parts_in(m.text)]
    at = read_time((m.text for m in meant), end=by and not words.before.search(text))
    part = part_of_day(text)
    if at is None:
        update.problems.append(("unknown_time", {"said": " ".join(m.text for m in meant)}))
        return
    if len(meant) == 1:
        # On another day, the train on offer is no measure.
        offered = None if "date" in update.values else situation.offered
        known = (situation.journey.get("time") or "").strip(ROUGHLY) or offered
        # Who comes back at seven comes in the evening, "the first train after 7" in the morning.
        first = situation.language.trains.wishes["first"].search(text)
        bound = by or (meant[0].bound and not first) or situation.there is not None
        at = in_half(at, meant[0].text, part, known, bound)
    if at == part and words.not_early.search(text):
        at = max(at, NOT_EARLY)
    if by:
        update.values["latest"] = _ahead_of(at, meant[-1], text, situation.language)
    else:
        rough = any(m.rough for m in meant) and not any(m.bound for m in meant)
        update.values["time"] = ROUGHLY + at if rough else at


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
