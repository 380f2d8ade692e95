"""On which day to travel, as a message tells it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, List, Mapping, Optional, Sequence

from .dates import (
    MONTH,
    PRICE,
    bare_months,
    is_day_of_month,
    is_weekday,
    near_day,
    of_month,
    read_date,
    read_number,
)
from .heard import Mention, Situation, Update
from .language import Language
from .language.days import Days

YEAR = re.compile(r"\d{4}")
"""What names no day by itself: 2019."""
DAYS_AHEAD = 365
SHORT_WORDS, SHORT_SIGNS = 5, 25
"""A message of so many can be nothing but the day that was asked for."""


def days_in(text: str, mentions: Sequence[Mention], situation: Situation, update: Update) -> None:
    """Add the day, or why it cannot be."""
    days, today = [m for m in mentions if m.kind == "date"], situation.today
    meant = _meant(text, mentions, situation)
    if _is_month(text, meant, situation):
        said = text[min(m.start for m in meant) : max(m.end for m in meant)]
        update.problems.append(("which_date", {"said": said}))
        return
    for one, other in zip(meant[-2:-1], meant[-1:]):
        said = text[one.start : other.end]
        if situation.language.days.either.fullmatch(text[one.end : other.start]):
            update.problems.append(("which_date", {"said": said}))
            return
    # "It ran out in October".
    months = bare_months(text)
    meant = [m for m in meant if all(m.end <= start or end <= m.start for start, end, _ in months)]
    event = situation.language.days.event
    # "给他过生日" names no day.
    said = [m.text for m in meant if read_date(m.text, today) or not event.search(m.text)]
    # "Tuesday, as early as humanly possible" is a day.
    known = [w for w in said if read_date(w, today) or re.search(r"\d", w) or near_day(w)]
    tells_more = situation.asked != "date" and len(mentions) > len(days)
    week = None if known or near_day(text) else _week_in(text, situation)
    if week and not day_of(situation.journey):
        update.values["week"] = week.isoformat()
    elif known or (said and not tells_more):
        _set((known or said)[-1], text, situation, update)
    for mention in [] if meant else days:
        day = read_date(mention.text, today)
        if day and day.isoformat() == situation.journey.get("date"):
            update.values["date"] = None


def _is_month(text: str, meant: Sequence[Mention], situation: Situation) -> bool:
    """Whether a day is told but by its month, and its day of the week: "a Friday in March"."""
    months, known = bare_months(text), day_of(situation.journey)
    others = [
        m
        for m in meant
        if not is_weekday(m.text)
        and not any(m.start < end and start < m.end for start, end, _ in months)
    ]
    past = any(situation.language.days.event.search(text[:start]) for start, _, _ in months)
    told = meant and months and not (others or past or of_month(text))
    return bool(told and not (known and known.month in {month for _, _, month in months}))


def _meant(text: str, mentions: Sequence[Mention], situation: Situation) -> List[Mention]:
    """The words that name the day which is meant, or several."""
    days = [m for m in mentions if m.kind == "date"]
    meant = [m for m in days if not m.negated]
    words, whole = situation.language.days, Mention("date", text, text, 0, len(text))
    short = len(text.split()) <= SHORT_WORDS and len(text) <= SHORT_SIGNS
    tells = situation.asked == "date" or situation.language.correcting.search(text)
    if tells and not mentions and short and read_date(text, situation.today):
        return [replace(whole, text=text.strip(" .!?。！？"))]
    if not meant and words.weekend_after.search(text):
        return [replace(whole, text="next weekend")]
    before = situation.there or day_of(situation.journey) or day_of(situation.travelled or {})
    named = any(read_date(m.text, situation.today) for m in days)
    near = None if named else shift_in(text, situation.language)
    if before and near is not None:
        return [replace(whole, text=(before + timedelta(days=near)).isoformat())]
    if not meant:
        return []
    end, found, month = max(m.end for m in days), near_day(text), of_month(text)
    if found:
        # "The week before Christmas, say Monday".
        return [replace(whole, text=text[found.start() : max(found.end("unit"), end)])]
    shift = shift_in(text[end:], situation.language) or 0
    anchor = read_date(meant[-1].text, situation.today)
    if anchor and (shift < 0 or words.shifted.search(text, end)):
        # "Her birthday is on the 12th, so I want to arrive the day before".
        return [replace(whole, text=(anchor + timedelta(days=shift)).isoformat())]
    # "We go on the 9th, her birthday is the 10th": what else is on a day tells of no journey.
    meant = [
        m
        for m in meant
        if not (
            (words.staying.search(text[: m.start]) and not situation.there)
            or is_of_event(m, meant, text, words)
        )
    ]
    if month and any(month.start() <= m.start <= month.end() for m in days):
        # "一月第一个[周日]".
        return [replace(whole, text=text[month.start() : end])]
    return meant


def is_of_event(day: Mention, meant: Sequence[Mention], text: str, words: Days) -> bool:
    """Whether one of several days is that of something else than the journey."""
    clause = re.split("[,，.;；!?。！？]|\\b(?:and|but|so|as|because)\\b", text[: day.start])[-1]
    of_event = words.event.search(clause) or words.events.match(text[day.end :])
    return len({m.text for m in meant}) > 1 and bool(of_event)


def _set(said: str, text: str, situation: Situation, update: Update) -> None:
    """Set the day that words name, or tell why it cannot be."""
    day = _day_said(said, text, situation)
    problem = None
    if day is None and (PRICE.fullmatch(said) or YEAR.fullmatch(said)):
        return
    if day is None:
        problem = "which_date" if near_day(said) else "unknown_date"
    elif situation.there and day < situation.there:
        problem = "before_there"
    elif day < situation.today:
        problem = "past_date"
    elif day > situation.today + timedelta(days=DAYS_AHEAD):
        problem = "far_date"
    else:
        update.values["date"] = day.isoformat()
    update.problems += [(problem, {"said": said})] if problem else []


def _day_said(said: str, text: str, situation: Situation) -> Optional[date]:
    """The day that words of a message name, in the week that it means, or meant before."""
    today, words = situation.today, situation.language.days
    ahead = words.weeks_ahead.search(text)
    month = _month_in_mind(text, situation) if is_day_of_month(said) else None
    if month:
        day, known = read_date(said, month), day_of(situation.journey)
        before = read_date(said, max(today, (month - timedelta(days=1)).replace(day=1)))
        if day and before and known and not bare_months(text):
            # Of New Year, "on the 30th" is in December.
            return min(day, before, key=lambda one: abs((one - known).days))
        return day
    if not is_weekday(said):
        return _ahead(said, situation)
    if ahead:
        # The nearest to so many weeks from today: "a Saturday in two weeks".
        weeks = read_number(ahead["n"] or ahead["m"] or "") or 2
        return read_date(said, today + timedelta(days=7 * weeks - 4))
    monday = _week_in(text, situation) or (None if day_of(situation.journey) else situation.week)
    return read_date(said, monday - timedelta(days=1)) if monday else _ahead(said, situation)


def _month_in_mind(text: str, situation: Situation) -> Optional[date]:
    """The first of the month that a message means, or meant before, if it is still to come."""
    today, months = situation.today, bare_months(text)
    if months:
        month = months[-1][2]
        first = date(today.year + (month < today.month), month, 1)
        return first if first > today else None
    known = day_of(situation.journey) or day_of(situation.travelled or {})
    first = known.replace(day=1) if known and not situation.there else today
    return first if first > today else None


def _week_in(text: str, situation: Situation) -> Optional[date]:
    """The Monday of the week ahead that a message means."""
    words, this = situation.language.days, situation.today.weekday()
    weeks = 2 if words.week_after_next.search(text) else 1 if words.next_week.search(text) else 0
    return situation.today + timedelta(days=7 * weeks - this) if weeks else None


def day_of(journey: Mapping[str, Any]) -> Optional[date]:
    """The day of a journey, by its slots."""
    return date.fromisoformat(journey["date"]) if journey.get("date") else None


def shift_in(text: str, language: Language) -> Optional[int]:
    """How many days behind the one of before a message means."""
    shifted = language.days.shifted.search(text)
    if shifted and not language.negated.search(text[: shifted.start()]):
        said = {name: part for name, part in shifted.groupdict().items() if part}
        count = read_number(said.get("n") or said.get("m") or "") or 1
        days = count * (7 if "week" in said or "weeks" in said else 1)
        return -days if {"earlier", "before"} & said.keys() else days
    shifts = {0: language.days.same_day, 1: language.days.next_day, -1: language.days.day_before}
    found = ((days, words.search(text)) for days, words in shifts.items())
    return next((d for d, m in found if m and not language.negated.search(text[: m.start()])), None)


def _ahead(said: str, situation: Situation) -> Optional[date]:
    """The day that words name; on the way back, one behind the way there."""
    day, there = read_date(said, situation.today), situation.there
    known = day_of(situation.journey)
    if day and known and not there and is_weekday(said):
        # Who has a later day in mind means the one nearest to it.
        return day + timedelta(days=7 * max(0, round((known - day).days / 7)))
    later = read_date(said, there) if day and there and day < there else None
    return later if later and there and later <= there + MONTH else day
