"""What a message tells that left no trace: neither what the bot knows nor what it says has it.

Knows nothing of Rasa. It follows none of the rules that change a journey: it compares what a
message names with what came of it in the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Dict, FrozenSet, List, Mapping, Match, Optional, Sequence, Set, Tuple, Union

from .dates import (
    ENDS,
    MONTHS,
    PARTS,
    WEEKDAYS,
    is_day_of_month,
    is_weekday,
    near_day,
    of_month,
    read_count,
    read_date,
    read_number,
    read_time,
)
from .days import DAYS_AHEAD, is_of_event, shift_in
from .heard import PEOPLE, Mention, Situation
from .language import TRAVELLER, Language
from .parts import clauses_in, sides_of
from .people import MOST_PASSENGERS, kind_named
from .said import heard_in, is_word

HALF_DAY = 12
TOPIC, SHIFT = "topic", "shift"
"""Kinds of facts: what one of the bot's fixed answers tells of; and "the next day"."""
DAYLIKE = re.compile(
    rf"\d|[一二三四五六七八九十]月|[号日周星]|\b(?:{'|'.join((*MONTHS, *WEEKDAYS))})", re.IGNORECASE
)
"""In what can only be a day, though it may be misspelt."""
SETTLED = (
    "not_understood",
    "rephrase",
    "clarify",
    "stopped",
    "not_booked",
    "not_changed",
    "take_time",
    "which_booking",
    "one_booking",
)
"""Texts after which nothing of a message is dropped silently."""
REFUSALS = frozenset(["utter_out_of_scope", "utter_default"])
"""Responses of the same kind."""
EXPLAINED = {
    "one_class": ("travel_class", *PEOPLE),
    "one_journey": ("count",),
    "leave_by": ("time",),
    "no_passengers": PEOPLE,
    "many_passengers": PEOPLE,
    "infants": PEOPLE,
}
"""Texts that tell why facts of some kinds are not used."""
ONE = ("time", "travel_class")
"""Of two of such a kind one may tell why: "the opera is at 8, so we have to be there by 6"."""
ALIKE = {"adult": {"adult", TRAVELLER, "senior", "student"}, "child": {"child", "infant"}}
"""What passengers of a kind may be told to be."""


@dataclass(frozen=True)
class Told:
    """All that the bot says in its turn, and what it knows then."""

    text: str
    answers: FrozenSet[str] = frozenset()
    """The names of the fixed answers among it."""


def unused(
    text: str,
    entities: Sequence[Mapping[str, Any]],
    situation: Situation,
    told: Told,
    said: Optional[str] = None,
) -> List[str]:
    """The parts of a message that left no trace; what it asks is not looked at.

    They are quoted as the user has `said` them, where the text has other names for people.
    """
    language = situation.language
    if told.answers & REFUSALS or any(_says(told, name, language) for name in SETTLED):
        return []
    stated, _ = sides_of(text, language)
    facts = facts_in(text, entities, situation)
    traces = _Traces(text, facts, situation, told)
    why = language.talk.reasons.search(text)
    lost = [
        fact
        for fact in facts
        if stated[fact.start : fact.end].strip()
        and not (why and why.start() <= fact.start < why.end())
        and not traces.has(fact)
    ]
    return _quotes(text, said or text, facts, lost, language)


def _says(told: Told, name: str, language: Language) -> bool:
    """Whether one of the bot's texts is told, whatever is filled into it."""
    fixed = re.split(r"{\w+}", language.words["says"][name])
    return max(fixed, key=len).strip() in told.text


def facts_in(
    text: str, entities: Sequence[Mapping[str, Any]], situation: Situation
) -> List[Mention]:
    """What a message names, whether the NLU has found it or not."""
    language = situation.language
    people, days = language.people, language.days
    spans = (words.finditer(text) for words in (days.shifted, days.weeks_ahead))
    shifts = [one.span() for found in spans for one in found]
    # "[Two days](date) earlier" and "on a Monday [in two weeks](date)" name no day.
    found = [e for e in entities if not any(s <= e["start"] and e["end"] <= t for s, t in shifts)]
    marked = {place for e in found for place in range(e["start"], e["end"])}
    patterns = [
        ("discount_card", people.card),
        ("travel_class", language.classes.named),
        *((SHIFT, words) for words in (days.shifted, days.next_day, days.day_before)),
        *((TOPIC, words) for words in language.talk.topics.values()),
        *((TOPIC, words) for words in language.talk.asides.values()),
    ]
    for kind, words in patterns:
        for one in words.finditer(text):
            if marked.isdisjoint(range(*one.span())):
                marked.update(range(*one.span()))
                found.append(_entity(kind, one))
    for noun in people.nouns.finditer(text):
        number = people.counted.search(text[: noun.start()])
        if number and number.start("n") not in marked and read_number(number["n"]):
            found.append(_entity("count", number, "n"))
        beside = number or people.listed.search(text[: noun.start()])
        if beside and marked.isdisjoint(range(*noun.span())):
            found.append(_entity("passenger_type", noun))
    heard = [
        one
        for one in heard_in(text, found, situation)
        if one.kind != "city" or not is_word(one, text, language)
    ]
    return sorted(heard, key=lambda fact: fact.start)


def _entity(kind: str, found: Match[str], group: Union[int, str] = 0) -> Dict[str, Any]:
    start, end = found.span(group)
    return {"entity": kind, "value": found[group], "start": start, "end": end}


class _Traces:
    """What the bot says and knows, to look for facts of a message."""

    def __init__(
        self, text: str, facts: Sequence[Mention], situation: Situation, told: Told
    ) -> None:
        self.text, self.facts, self.told = text, facts, told
        self.language, self.today = situation.language, situation.today
        self.asked = situation.asked
        days = (self.today + timedelta(days=n) for n in range(-7, DAYS_AHEAD))
        self.days = {day for day in days if self.language.write_date(day) in told.text}
        self.times = re.findall(r"\b\d\d:\d\d\b", told.text)
        self.people = self._people()
        self.numbers = self._numbers()
        self.worths = [(fact, self._worth(fact)) for fact in self.facts_of("count")]
        self.explained = {
            kind
            for name, kinds in EXPLAINED.items()
            if _says(told, name, self.language)
            for kind in kinds
        }

    def _people(self) -> Set[Tuple[str, int]]:
        kinds = (*self.language.people.kinds.values(), TRAVELLER)
        counts = range(1, MOST_PASSENGERS + 1)
        return {
            (kind, count)
            for kind in kinds
            for count in counts
            if self.language.write_passengers({kind: count}) in self.told.text
        }

    def _numbers(self) -> Set[int]:
        """How many travel, of a kind or together, and how many more or fewer than before."""
        sums = _sums([count for _, count in self.people])
        return {abs(one - other) for one in sums for other in sums} - {0}

    def has(self, fact: Mention) -> bool:
        """Whether a fact left a trace, or need not."""
        if fact.negated or fact.kind in self.explained or self._is_answered(fact):
            return True
        if self._is_taken_back(fact):
            return True
        if fact.kind in ("time", "count") and self.language.days.between.search(self.text):
            # Of "between nine and 12" the middle is told.
            return bool(self.times)
        if fact.kind == "discount_card" and "utter_discount" in self.told.answers:
            return True
        if fact.kind != "count" and fact.text.casefold() in self.told.text.casefold():
            return True
        by_kind = {
            "date": self._has_date,
            "time": self._has_time,
            "count": self._has_count,
            SHIFT: self._has_shift,
            "passenger_type": self._has_passenger,
            "travel_class": self._has_class,
            TOPIC: self._has_topic,
        }
        look = by_kind.get(fact.kind)
        if look is None:
            return fact.value.casefold() in self.told.text.casefold()
        return any(map(look, self.facts_of(fact.kind) if fact.kind in ONE else [fact]))

    def facts_of(self, kind: str) -> List[Mention]:
        """The facts of a kind."""
        return [fact for fact in self.facts if fact.kind == kind]

    def _is_answered(self, fact: Mention) -> bool:
        """Whether one of the fixed answers is about the clause of a fact."""
        clause = _clause_of(fact, self.text, self.language)
        return any(self._has_topic(one) for one in self.facts_of(TOPIC) if one.start in clause)

    def _is_taken_back(self, fact: Mention) -> bool:
        """Whether a clause behind a fact corrects it: "from Paris, no, from Nice"."""
        later = [self.text[s:e] for s, e in clauses_in(self.text, self.language) if s > fact.start]
        return any(map(self.language.correcting.search, later))

    def _has_date(self, fact: Mention) -> bool:
        if shift_in(fact.text, self.language) is not None:
            return self._has_shift(fact)
        longer = filter(None, (near_day(self.text), of_month(self.text)))
        if any(one.start() <= fact.start < one.end() for one in longer):
            return True
        if is_of_event(fact, self.facts_of("date"), self.text, self.language.days):
            return True
        day, weeks = read_date(fact.text, self.today), self.language.days.next_week
        if day is None:
            # A week is told by a day of it.
            return not DAYLIKE.search(fact.text) or bool(weeks.search(fact.text) and self.days)
        if is_day_of_month(fact.text) and any(known.day == day.day for known in self.days):
            return True
        if is_weekday(fact.text):
            return any(known.weekday() == day.weekday() for known in self.days)
        clause = _clause_of(fact, self.text, self.language)
        shift = shift_in(self.text[fact.end :], self.language) or 0
        # "The day after [tomorrow]".
        whole = read_date(self.text[clause.start : fact.end], self.today)
        return not self.days.isdisjoint({day, day + timedelta(days=shift), whole})

    def _has_shift(self, fact: Mention) -> bool:
        said = [one.text for one in self.facts_of("date") if not is_weekday(one.text)]
        days = [read_date(one, self.today) for one in said if shift_in(one, self.language) is None]
        shift = timedelta(days=shift_in(fact.text, self.language) or 0)
        told = [day + shift for day in days if day]
        return not told or not self.days.isdisjoint(told)

    def _has_time(self, fact: Mention) -> bool:
        said = next((p for p in sorted(PARTS, key=len, reverse=True) if p in fact.text.lower()), "")
        start = read_time([fact.text])
        if start is None:
            return False
        if said and start == PARTS[said]:
            end = max(ENDS.get(said, start), start)
            return any(start <= at <= end for at in self.times)
        words = re.findall(r"\w+", fact.text)
        if self.asked == "passengers" and not self.numbers.isdisjoint(map(read_number, words)):
            return True
        hour, minute = int(start[:2]) % HALF_DAY, start[3:]
        ahead = self.language.days.ahead.search(self.text)
        return bool(ahead) or any(
            int(at[:2]) % HALF_DAY == hour and at[3:] == minute for at in self.times
        )

    def _has_count(self, fact: Mention) -> bool:
        count, people = read_count(fact.value), self.language.people
        if not count or people.alone.search(fact.text) or self._is_about_others(fact):
            return True
        if count > MOST_PASSENGERS:
            return bool(re.search(rf"(?<![\d:.]){count}(?![\d:.])", self.told.text))
        clause = _clause_of(fact, self.text, self.language)
        cards = [card for card in self.facts_of("discount_card") if card.start in clause]
        # A card is for one of several, and "a ticket for two adults" counts no passenger.
        if count == 1 and (cards or people.tickets.match(self.text[fact.end :])):
            return True
        others = [worth for one, worth in self.worths if one is not fact]
        # Who is named without a number may be one more.
        named = len(self.facts_of("passenger_type")) + bool(people.myself.search(self.text))
        these = dict(self.worths)[fact]
        return any(
            these + rest <= known <= these + rest + named
            for known in self.numbers
            for rest in _sums(others, known)
        )

    def _worth(self, fact: Mention) -> int:
        """How many people a number counts: of couples, twice as many."""
        count = read_count(fact.value) or 0
        pairs = self.language.people.twos.match(self.text[fact.end :])
        return 2 * count if pairs else count

    def _is_about_others(self, fact: Mention) -> bool:
        """Whether a fact is of somebody who leaves, or comes along, too."""
        people, another = self.language.people, self.language.bookings.another
        clause = _clause_of(fact, self.text, self.language)
        said = self.text[clause.start : clause.stop]
        more = another.search(self.text)
        return bool(
            any(words.search(said) for words in (people.gone, people.fewer, people.one_more))
            or (more and more.start() <= fact.start < more.end())
        )

    def _has_passenger(self, fact: Mention) -> bool:
        people = self.language.people
        if people.things.match(fact.text):
            return False
        kind, known = kind_named(fact.value, people), {one for one, _ in self.people}
        return (
            kind is None
            or self._is_about_others(fact)
            or not ALIKE.get(kind, {kind}).isdisjoint(known)
        )

    def _has_class(self, fact: Mention) -> bool:
        names = self.language.classes.names.items()
        named = [name for name, words in names if words.search(fact.value)]
        return any(self.language.tell({"travel_class": name}) in self.told.text for name in named)

    def _has_topic(self, fact: Mention) -> bool:
        talk = self.language.talk
        things = {name: words for one in talk.details.values() for name, words in one.items()}
        texts = {**things, **talk.asides}
        about = {
            name for name, words in {**talk.topics, **texts}.items() if words.search(fact.text)
        }
        said = {name for name in texts if _says(self.told, name, self.language)}
        return not about.isdisjoint(self.told.answers | said)


def _sums(counts: Sequence[int], most: Optional[int] = None) -> Set[int]:
    """What some, or none, of several numbers make together, if that is no more than a number."""
    sums = {0}
    for count in counts:
        sums |= {count + one for one in sums if most is None or count + one <= most}
    return sums


def _clause_of(fact: Mention, text: str, language: Language) -> range:
    """The places of a message that are in the clause of a fact."""
    clauses = (range(*span) for span in clauses_in(text, language))
    return next(clause for clause in clauses if fact.start in clause)


def _quotes(
    text: str, said: str, facts: Sequence[Mention], lost: Sequence[Mention], language: Language
) -> List[str]:
    """The words around facts, as they were said, up to others and to where their clause ends."""
    beside = [pair for pair in zip(facts, facts[1:]) if pair[0].kind == "count"]
    # What is counted, and by what, is quoted together.
    parts = [*lost, *(one for pair in beside if {*pair} & {*lost} for one in pair)]
    others = [(one.start, one.end) for one in facts if one not in parts]
    joints = [joint.span() for joint in language.talk.joints.finditer(text)]
    quotes = []
    for fact in lost:
        clause = _clause_of(fact, text, language)
        ends = [end for _, end in (*others, *joints) if clause.start <= end <= fact.start]
        starts = [start for start, _ in (*others, *joints) if fact.end <= start < clause.stop]
        words = said[max(ends, default=clause.start) : min(starts, default=clause.stop)]
        quotes.append(language.talk.edges.sub("", words))
    return [*dict.fromkeys(quotes)]
