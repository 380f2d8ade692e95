"""What a message changes in the journey that is being put together. Knows nothing of Rasa.

Of two values for one thing the last counts, and what stands behind a "not" is not meant: "not to
Geneva, to Milan". A value takes the place of the one it corrects, so that "not Geneva but Milan"
needs no role. Kinds of passengers are set one by one: after "2 adults and a kid", "3 kids" leaves
the adults in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .dates import (
    CLOCK,
    DATED,
    DAY,
    FEAST,
    HOUR,
    HOURS_BETWEEN,
    ON_DAY,
    PART,
    PAST_HOUR,
    bare_months,
    read_date,
    read_number,
    read_time,
)
from .days import day_of, days_in
from .heard import (
    PEOPLE,
    Mention,
    Situation,
    Update,
    blank,
    known_before,
    mentions_of,
    open_city,
    without_questions,
)
from .language import Language
from .parts import clauses_in, sides_of
from .passengers import passengers_in, same_passengers
from .people import OLD, ages_in, joins, kin_in
from .times import times_in

ENDS = ("departure", "destination")
CITIES = (*ENDS, "via")
HOURS = frozenset(["time", "latest"])
WHEN = ("date", "time", "latest")
AGELESS = frozenset(["date", "time", "count", "train_number"])
"""What an age may be mistaken for."""
WHO = ("passengers", "travel_class", "discount_card")
JOURNEYS = 2
"""A message that tells of more than one journey tells of so many at least."""


def understand(text: str, entities: Sequence[Mapping[str, Any]], situation: Situation) -> Update:
    """What a message changes in the journey, and what it tells of the way back."""
    language = situation.language
    words = language.bookings
    text = _without_greeting(text, situation)
    entities = with_days(text, [_dated(entity, text) for entity in _within(text, entities)])
    if words.returning.search(text):
        # "I leave on the 6th and return on the [10th]".
        entities = [*entities, *unfound(text, entities, twice=True)]
    start = _second_journey(text, entities, language)
    if start:
        # "One from Paris to Brussels, and another one from Brussels to Cologne".
        return _in_turn(text, start, entities, situation)
    days = _range(text, entities, language)
    returns = days or words.returning.search(text)
    if situation.there or words.single.search(text) or not returns:
        return _changes(text, entities, situation)
    there, back = days or _ways(text, entities, situation)
    update = _changes(there, _within(there, entities), situation)
    if back == text:
        update = Update({slot: update.values[slot] for slot in WHO if slot in update.values})
    day = day_of(update.values) or day_of(situation.journey) or situation.today
    later = _changes(back, _within(back, entities), Situation(language, situation.today, there=day))
    update.back = {slot: value for slot, value in later.values.items() if slot in WHEN}
    stay = language.days.stayed.search(text)
    if stay and day_of({**situation.journey, **update.values}) and not update.back.get("date"):
        # "We stay for a week, and then go home".
        span = timedelta(days=(read_number(stay["n"]) or 1) * (7 if stay["weeks"] else 1))
        update.back["date"] = (day + span).isoformat()
    # "Second, and back in the evening": who travels, and how, is the same both ways.
    both = {slot: later.values[slot] for slot in WHO if slot in later.values}
    unknown = {s: v for s, v in both.items() if not situation.journey.get(s)}
    update.values = {**unknown, **update.values}
    if update.values.get("date") and language.days.same_day.search(text):
        update.back.setdefault("date", update.values["date"])
    told = language.words["space"] + language.describe(update.back) if update.back else ""
    update.problems += [*later.problems, ("one_way", {"back": told})]
    return update


def _range(
    text: str, entities: Sequence[Mapping[str, Any]], language: Language
) -> Optional[Tuple[str, str]]:
    """What of a message tells of the way there, and the day of the way back: "20th to 27th"."""
    days = sorted((e["start"], e["end"]) for e in entities if e["entity"] == "date")
    for (_, start), (end, past) in zip(days, days[1:]):
        if language.days.through.fullmatch(text[start:end]):
            return blank(text, [(start, past)]), blank(text, [(0, end), (past, len(text))])
    return None


def _dated(entity: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """An entity; a day, where that was taken for a class: "home on the [2nd](travel_class)"."""
    days = [day.span() for day in ON_DAY.finditer(text)]
    is_day = entity["entity"] == "travel_class" and (entity["start"], entity["end"]) in days
    return {**entity, "entity": "date"} if is_day else entity


def _without_greeting(text: str, situation: Situation) -> str:
    """A message in which a greeting is blank, that may name a part of the day."""
    days = situation.language.days
    for greets in [days.greeting] if situation.asked else [days.greeting, days.opening]:
        text = blank(text, (found.span() for found in greets.finditer(text)))
    return text


def _in_turn(
    text: str, start: int, entities: Sequence[Mapping[str, Any]], situation: Situation
) -> Update:
    """What a message changes whose second journey, and perhaps others, begins at its `start`."""
    first, rest = text[:start] + " " * (len(text) - start), " " * start + text[start:]
    update = understand(first, _within(first, entities), situation)
    day = day_of(update.values) or day_of(situation.journey) or situation.today
    later = Situation(situation.language, situation.today, there=day)
    after = understand(rest, _within(rest, entities), later)
    who = {slot: value for slot, value in after.values.items() if slot in WHO}
    update.values = {**who, **update.values}
    update.back = {slot: v for slot, v in after.values.items() if slot not in WHO}
    if day == situation.today and situation.language.days.same_day.search(rest):
        # Which day that is, is still to be told.
        update.back.pop("date", None)
    told = situation.language.describe(update.back)
    for name, about in after.problems:
        if name == "one_journey":
            told += situation.language.words["comma"] + about["next"]
        else:
            update.problems.append((name, about))
    update.problems.append(("one_journey", {"next": told}))
    if after.back:
        update.back["then"] = after.back
    if sum(update.values.get("passengers", {}).values()) == JOURNEYS:
        # "Two tickets" are one for each journey.
        del update.values["passengers"]
    return update


def _second_journey(text: str, entities: Sequence[Mapping[str, Any]], language: Language) -> int:
    """Where a message starts to tell of a second journey; 0 where it does not."""
    cities = sorted(
        (entity["start"], entity["end"], entity.get("role"))
        for entity in entities
        if entity["entity"] == "city" and entity.get("role") != "via"
    )
    days = [entity["start"] for entity in entities if entity["entity"] == "date"]
    ends = [number for number, (_, _, role) in enumerate(cities) if role == "destination"]
    names = {text[cities[number][0] : cities[number][1]] for number in ends}
    if len(ends) < JOURNEYS or len(names) < JOURNEYS:
        return 0
    second = ends[0] + 1
    past = cities[ends[0]][1]
    if any(language.correcting.search(clause) for clause in re.split("[,，.;]", text[past:])):
        return 0
    onwards = language.cities.from_there.search(text, past, cities[second][0])
    if onwards:
        return onwards.start()
    joints = language.cities.joint.finditer(text, past, cities[second][0])
    starts = [past, *(found.start() for found in joints)]
    # "To Rome on Monday and to Nice on Friday": each has a day of its own.
    apart = [start for start in starts if min(days, default=start) < start <= max(days, default=0)]
    if [role for _, _, role in cities] == ["departure", "destination"] * len(ends):
        return (apart or starts)[-1]
    return apart[-1] if apart else 0


def _ways(
    text: str, entities: Sequence[Mapping[str, Any]], situation: Situation
) -> Tuple[str, str]:
    """What of a message is about the way there and about the way back; the rest is blank."""
    language = situation.language
    mentions = mentions_of(text, entities, language)
    days = [m.start for m in mentions if m.kind == "date" and not m.negated]
    stays = [start for start in days if language.days.staying.search(text[:start])]
    back = language.bookings.returning.search(text)
    when = [(m.start, m.end) for m in mentions if m.kind in WHEN and not m.negated]
    when += [found.span() for found in language.trains.last.finditer(text)]
    starts = _starts(text, back.start(), when) if back else []
    if stays or len(days) > 1:
        # "On Friday, and back on Sunday evening".
        starts = [max(stays or days)]
    for start in starts:
        ends = [end for begin, end in when if begin >= start]
        home = _homes(start, mentions, situation)
        # "On Friday at 8, returning at 6 pm".
        apart = stays or len(ends) < len(when)
        if ends and (apart or (home is not None and not language.bookings.both_ways.search(text))):
            end = max(ends + (home or []))
            rough = language.days.roughly.match(text[end:])
            end += rough.end() if rough else 0
            return text[:start] + " " * (end - start) + text[end:], " " * start + text[start:end]
    known = day_of(situation.journey) or situation.asked != "date"
    whole = {"departure", "destination"} <= {mention.role for mention in mentions}
    return text, text if situation.asked and known and not whole else ""


def _homes(start: int, mentions: Sequence[Mention], situation: Situation) -> Optional[List[int]]:
    """Where the names of the city end that a message from its `start` on goes back to.

    None where it names others, or where it is neither known nor told before where to go.
    """
    cities = [m for m in mentions if m.kind == "city"]
    before, behind = [m for m in cities if m.start < start], [m for m in cities if m.start >= start]
    homes = {situation.journey.get("departure"), *(m.value for m in before)}
    told = situation.journey.get("destination") or any(m.role == "destination" for m in before)
    if not told or {m.value for m in behind} - homes:
        return None
    return [m.end for m in behind]


def _starts(text: str, word: int, when: Sequence[Tuple[int, int]]) -> Sequence[int]:
    """Where what is said of the way back may start: at its `word`, or at the clause of it."""
    clause = 1 + max(text.rfind(sign, 0, word) for sign in ",，;；")
    # "[周一]回", "[周一]再回".
    beside = any(end == word or (end == word - 1 and text[end] != " ") for _, end in when)
    return [clause] if beside else [word, clause]


def _within(text: str, entities: Sequence[Mapping[str, Any]]) -> List[Mapping[str, Any]]:
    """The entities of a part of a message, whose other parts are blank."""
    return [entity for entity in entities if text[entity["start"] : entity["end"]].strip()]


def heard_in(
    text: str, entities: Sequence[Mapping[str, Any]], situation: Situation
) -> List[Mention]:
    """What a message names, with what the NLU has not found, or taken for something else."""
    language = situation.language
    if situation.asked != "passengers":
        # "Around five" counts nobody.
        clocks = [place for found in CLOCK.finditer(text) for place in range(*found.span())]
        entities = [e for e in entities if e["entity"] != "count" or e["start"] not in clocks]
    entities = with_heads(text, entities, language)
    entities = with_cards(text, _with_whole_kin(text, entities, language), language)
    entities, ages = [*entities, *unfound(text, entities)], ages_in(text, language)
    entities += unfound_classes(text, entities, language)
    entities += unfound_people(without_questions(text, language), entities, situation)
    mentions = [
        _resorted(mention, text, situation.today)
        for mention in mentions_of(text, entities, language)
        if not _is_age(mention, ages)
    ]
    mentions = [
        mention
        for mention in mentions
        if not (
            _stays_away(mention, text, language)
            or _is_of_story(mention, text, situation)
            or _is_next(mention, mentions, text, language)
            or _lasts(mention, text, language)
        )
    ]
    place = language.trains.ordinal.search(text)
    if place:
        # "A second ticket" is none in second class.
        mentions = [m for m in mentions if not (place.start() <= m.start < place.end())]
    return mentions


def _changes(text: str, entities: Sequence[Mapping[str, Any]], situation: Situation) -> Update:
    """What a message changes in the journey."""
    language, update = situation.language, Update()
    mentions = heard_in(text, entities, situation)
    _cities(text, mentions, situation, update)
    days_in(text, mentions, situation, update)
    times_in(text, mentions, situation, update)
    for kind in ("travel_class", "train_number", "discount_card"):
        _last(kind, mentions, situation, update)
    _without_card(text, mentions, situation, update)
    _class(text, mentions, situation, update)
    refused = any(m.kind == "travel_class" and m.negated for m in mentions)
    if _of_both_classes(text, mentions, language) or (
        # "My daughter asks for second, first is too dear" is for all.
        not refused and _of_one(text, update, situation)
    ):
        update.values.pop("travel_class", None)
        update.problems.append(("one_class", {}))
    classes = {1: language.classes.first, 2: language.classes.second}
    number = read_number(text.strip(" .!。！"))
    answers = situation.asked == "travel_class" and not language.people.alone.search(text)
    if answers and number in classes:
        update.values["travel_class"] = classes[number]
    else:
        # "The first ticket" counts nobody.
        places = language.trains.ordinal.finditer(text)
        told = blank(without_questions(text, language), (place.span() for place in places))
        people = [m for m in mentions if told[m.start : m.end].strip()]
        passengers_in(told, people, situation, update)
    if language.people.same.search(text):
        same_passengers(situation, update)
    return update


def unfound(
    text: str, entities: Sequence[Mapping[str, Any]], twice: bool = False
) -> List[Dict[str, Any]]:
    """Times of a clock, and days, where the NLU has not found any, as entities.

    Where there are to be two, also those beside others: "on the 6th".
    """
    marked = {place for e in entities for place in range(e["start"], e["end"])}
    kinds = {entity["entity"] for entity in entities}
    patterns = [("date", ON_DAY)] if twice else [("time", CLOCK), ("date", DAY), ("date", ON_DAY)]
    return [
        {"entity": kind, "value": found.group(), "start": found.start(), "end": found.end()}
        for kind, pattern in patterns
        if twice or kind not in kinds
        for found in pattern.finditer(text)
        if marked.isdisjoint(range(*found.span()))
    ]


def with_days(text: str, entities: Sequence[Mapping[str, Any]]) -> List[Mapping[str, Any]]:
    """Entities, in which what can be nothing else is a day, or a time.

    A day by its number, "friday [11](time) december", whatever day of the week is beside it; a
    feast, a month, "in [March](city)", and hours between which to leave.
    """
    between = HOURS_BETWEEN.finditer(text)
    hours = [found.span(name) for found in between for name in found.groupdict() if found[name]]
    hours += [found.span() for found in PAST_HOUR.finditer(text)]
    months = [(start, end) for start, end, _ in bare_months(text)]
    feasts = [found.span() for found in re.finditer(FEAST, text, re.IGNORECASE)]
    days = [found.span() for found in DATED.finditer(text)]
    found = [*entities]
    for kind, spans in (("date", days + feasts + months), ("time", hours)):
        for start, end in spans:
            over = [e for e in found if e["start"] < end and start < e["end"]]
            if (start, end) in feasts and not any(e["entity"] in WHEN for e in over):
                # "Over [new](city) year".
                continue
            if not any(
                e["entity"] == kind and e["start"] <= start <= end <= e["end"] for e in over
            ):
                one = {"entity": kind, "value": text[start:end], "start": start, "end": end}
                found = [*(e for e in found if e not in over), one]
    return found


def _is_age(mention: Mention, ages: Sequence[Tuple[int, int, int]]) -> bool:
    """Whether what looks like a time or a number is how old somebody is: "they are 4 and [9]"."""
    number = mention.kind in AGELESS or read_number(OLD.sub("", mention.text)) is not None
    return any(
        mention.start < end
        and start < mention.end
        and (number or start <= mention.start <= mention.end <= end)
        for start, end, _ in ages
    )


def _stays_away(mention: Mention, text: str, language: Language) -> bool:
    """Whether somebody who is named does not travel: "to visit my son"."""
    return mention.kind == "passenger_type" and bool(
        language.people.visited.search(text[: mention.start])
        or language.people.settled.match(text[mention.end :])
    )


def _is_of_story(mention: Mention, text: str, situation: Situation) -> bool:
    """Whether a city is only told of, and answers no question: "my friend lives in Milan"."""
    if mention.kind != "city" or situation.asked in CITIES:
        return False
    language = situation.language
    clauses = [text[s:e] for s, e in clauses_in(text, language) if s <= mention.start < e]
    # "My sister lives in Geneva, and I want to go there".
    there = language.cities.there.search(text)
    return not there and any(map(language.cities.story.search, clauses))


def _is_next(mention: Mention, mentions: Sequence[Mention], text: str, language: Language) -> bool:
    """Whether a class is but what comes first: "Paris to Lyon first", "first thing"."""
    beside = any(m.kind == "city" and text[m.end : mention.start] == " " for m in mentions)
    return (
        mention.kind == "travel_class"
        and bool(language.classes.order.fullmatch(mention.text))
        and (beside or bool(language.classes.ordinal.match(text[mention.end :])))
    )


def _lasts(mention: Mention, text: str, language: Language) -> bool:
    """Whether a time is how long something lasts: "a stop for two nights"."""
    return (
        mention.kind in WHEN
        and bool(language.days.lasting.fullmatch(mention.text))
        and bool(language.days.stays.search(text[: mention.start]))
    )


def _of_one(text: str, update: Update, situation: Situation) -> bool:
    """Whether but one of several wants another class: "my mum wants first class"."""
    people, known = situation.language.people, situation.journey.get("travel_class")
    kin = len(kin_in(text, situation.language)) or len({*people.third.findall(text.lower())})
    joined = joins(text, situation.language)
    return (
        known is not None
        and update.values.get("travel_class") not in (None, known)
        and (sum((situation.journey.get("passengers") or {}).values()) > 1 or joined)
        and kin == 1
        and not people.myself.search(text)
        and not people.everyone.search(text)
    )


def _of_both_classes(text: str, mentions: Sequence[Mention], language: Language) -> bool:
    """Whether some shall travel in first class, and others in second."""
    told = [m for m in mentions if m.kind == "travel_class" and not m.negated]
    names = [
        {name for name, words in language.classes.names.items() if words.search(m.value)}
        for m in told
    ]
    return any(
        one != other and not language.classes.instead.search(text[m.end : n.start])
        for (m, one), (n, other) in zip(zip(told, names), zip(told[1:], names[1:]))
        if one and other
    )


def with_heads(
    text: str, entities: Sequence[Mapping[str, Any]], language: Language
) -> List[Mapping[str, Any]]:
    """Entities, in which a number of people is nothing else: "[24](date) pupils"."""
    found, nouns = [*entities], language.people.nouns
    for number in re.finditer(rf"\d+(?= ?\w)|\b{HOUR}(?= )", text, re.IGNORECASE):
        start, end = number.span()
        over = [e for e in found if e["entity"] in WHEN and e["start"] < end and start < e["end"]]
        kind = nouns.match(text[end:].lstrip(" 个個位名")) or language.people.heads.match(
            text[end:]
        )
        marked = any(e["start"] < end and start < e["end"] for e in found)
        if kind and (over or not (marked or number.group().isdecimal())):
            one = {"entity": "count", "value": number.group(), "start": start, "end": end}
            found = [*(e for e in found if e not in over), one]
    return found


def with_cards(
    text: str, entities: Sequence[Mapping[str, Any]], language: Language
) -> List[Mapping[str, Any]]:
    """Entities, in which discount cards are nothing else: "2 adults with an [interrail]"."""
    found, asks = [*entities], language.question.search(text)
    for card in language.people.card.finditer(text):
        start, end = card.span("name")
        beside = [e for e in found if e["end"] <= start or end <= e["start"]]
        over = [e for e in found if e not in beside]
        if over or not asks:
            value = over[0]["value"] if over else card["name"]
            one = {"entity": "discount_card", "value": value, "start": start, "end": end}
            found = [*beside, one]
    return found


def unfound_classes(
    text: str, entities: Sequence[Mapping[str, Any]], language: Language
) -> List[Dict[str, Any]]:
    """Classes that the NLU has not found, as entities."""
    marked = {place for e in entities for place in range(e["start"], e["end"])}
    return [
        {"entity": "travel_class", "value": one.group(), "start": one.start(), "end": one.end()}
        for one in language.classes.named.finditer(text)
        if marked.isdisjoint(range(*one.span()))
    ]


def _with_whole_kin(
    text: str, entities: Sequence[Mapping[str, Any]], language: Language
) -> List[Mapping[str, Any]]:
    """Entities, of which words for people are whole ones: "[爸爸](passenger_type)[妈](count)妈"."""
    found, kinds = [*entities], language.people.kinds
    for start, end, kind in kin_in(text, language):
        over = [e for e in found if e["start"] < end and start < e["end"]]
        parts = {e["entity"] for e in over} <= {*PEOPLE} and all(
            start <= e["start"] <= e["end"] <= end and e["end"] - e["start"] < end - start
            for e in over
        )
        if over and parts:
            value = [kind, *(e["value"] for e in over if e["value"] in kinds)][-1]
            one = {"entity": "passenger_type", "value": value, "start": start, "end": end}
            found = [*(e for e in found if e not in over), one]
    return found


def unfound_people(
    text: str, entities: Sequence[Mapping[str, Any]], situation: Situation
) -> List[Dict[str, Any]]:
    """Who travels, where the NLU has found nobody by an answer, or not all, as entities."""
    language = situation.language
    of_people = situation.asked in ("passengers", "travel_class") or any(
        entity["entity"] == "passenger_type" for entity in entities
    )
    people = language.people
    moves = people.gone.search(text) or people.joins.search(text)
    moves = moves or people.fewer.search(text) or people.more.search(text)
    of_people = of_people or moves or people.myself.search(text)
    counts = any(entity["entity"] == "count" for entity in entities)
    if language.question.search(text) and not (counts or moves):
        # "My husband and I want to go to Vienna, how long is that?"
        text, _ = sides_of(text, language)
    marked = {place for e in entities for place in range(e["start"], e["end"])}
    return [
        {"entity": "passenger_type", "value": kind, "start": start, "end": end}
        for start, end, kind in kin_in(text, language)
        if marked.isdisjoint(range(start, end))
        and (
            of_people
            or any(words.search(text[:start]) for words in (people.company, people.none_of))
            # "I am a senior, what trains are there?"
            or (kind != "adult" and people.being.search(text[:start]))
        )
    ]


def _class(text: str, mentions: Sequence[Mention], situation: Situation, update: Update) -> None:
    """Put a class's name right, and see which is meant by the same one, or by not the other."""
    classes, said = situation.language.classes, update.values.get("travel_class")
    refused = [m for m in mentions if m.kind == "travel_class" and m.negated]
    if refused and not said:
        named = classes.names[classes.first].search(refused[-1].value)
        update.values["travel_class"] = classes.second if named else classes.first
        return
    if said and classes.same.search(said):
        said = update.values.pop("travel_class") and None
    if said:
        for name, words in classes.names.items():
            if words.search(said):
                update.values["travel_class"] = name
                return
        return
    asks = situation.language.question.search(text)
    answers = situation.asked == "travel_class" and not asks
    known = known_before("travel_class", situation)
    dear = situation.language.trains.wishes["cheapest"].search(text) and not asks
    if dear and (answers or situation.journey.get("travel_class") == classes.first):
        # Who finds first class too expensive means the other one.
        update.values["travel_class"] = classes.second
    elif (answers or (classes.seat.search(text) and not asks)) and classes.either.search(text):
        update.values["travel_class"] = classes.second
    elif answers or classes.seat.search(text):
        sort = next((name for name, words in classes.sorts.items() if words.search(text)), None)
        update.values.update({"travel_class": sort} if sort else {})
    if "travel_class" not in update.values and known and classes.same.search(text):
        update.values["travel_class"] = known


def place_in(text: str, language: Language) -> Optional[int]:
    """Which of several a message means by its place, from 0; -1 for the last."""
    found = [
        one
        for one in language.trains.ordinal.finditer(text)
        # Not "the first one is too early".
        if not (
            language.unfit.match(text[one.end() :]) or language.negated.search(text[: one.start()])
        )
    ]
    return language.trains.places[found[0]["place"].lower()] if found else None


def _resorted(mention: Mention, text: str, today: date) -> Mention:
    """A day that was taken for a time, and a time that was taken for a day, put right.

    So is a time of which but a part was found, "[3 o](date) clock", or more: "[十点十一]点".
    """
    kinds = {"time": (CLOCK, PART), "date": (CLOCK,)}
    for known in (one for kind in kinds.get(mention.kind, ()) for one in kind.finditer(text)):
        start, end = known.span()
        longer = start <= mention.start < end and end - start > len(mention.text)
        if longer or (start == mention.start and text[mention.end : mention.end + 1] == "点"):
            mention = replace(mention, text=known.group(), start=start, end=end)
            break
    day, at = read_date(mention.text, today), read_time([mention.text])
    if mention.kind == "time" and at is None and day:
        return replace(mention, kind="date")
    return replace(mention, kind="time") if mention.kind == "date" and at and not day else mention


def _last(kind: str, mentions: List[Mention], situation: Situation, update: Update) -> None:
    """Set a slot to the last value that is meant, or take back the one that is not."""
    meant = [m.value for m in mentions if m.kind == kind and not m.negated]
    if meant:
        update.values[kind] = meant[-1]
        if meant[-1].isdecimal() and meant[:-1]:
            # "A railcard, 25 percent".
            update.values[kind] = " ".join(meant[-2:])
    elif any(m.value == situation.journey.get(kind) for m in mentions if m.kind == kind):
        update.values[kind] = None


def _without_card(
    text: str, mentions: Sequence[Mention], situation: Situation, update: Update
) -> None:
    """Drop the discount card that a message takes back, also without its name: "no cards"."""
    cards = [
        {"entity": "discount_card", "value": one["any"], "start": one.start(), "end": one.end()}
        for one in situation.language.people.cards.finditer(text)
    ]
    named = [m for m in mentions if m.kind == "discount_card"]
    refused = [m for m in (*named, *mentions_of(text, cards, situation.language)) if m.negated]
    # "She has no card" leaves the others theirs.
    third = situation.language.people.third
    own = [m for m in refused if not third.search(text[: m.start])]
    if own and situation.journey.get("discount_card"):
        update.values.setdefault("discount_card", None)


def _cities(text: str, mentions: List[Mention], situation: Situation, update: Update) -> None:
    cities = [
        _answering(mention, text, situation)
        for mention in mentions
        if mention.kind == "city" and not is_word(mention, text, situation.language)
    ]
    journey = situation.journey
    cities = _in_a_row(_of_two(cities, text, situation, update), text)
    replaced: List[str] = []
    for mention in cities:
        if mention.negated:
            if mention.role and journey.get(mention.role) == mention.value:
                replaced.append(mention.role)
                continue
            holding = [slot for slot in CITIES if journey.get(slot) == mention.value]
            open_one = mention.role and not journey.get(mention.role)
            replaced += holding or ([mention.role] if open_one else [])
    if situation.asked and not cities and situation.language.bookings.reverse.search(text):
        # "The other way round, please".
        turned = {one: journey.get(other) for one, other in zip(ENDS, reversed(ENDS))}
        update.values.update(turned if all(turned.values()) else {})
    if _comes_from(text, cities, situation):
        update.values["destination"] = journey["departure"]
    cities = _gone_to(text, cities, situation)
    if _goes_there(text, cities, situation):
        update.values.update(departure=None, destination=journey["departure"])
    open_slots = _slots_for_bare_cities(text, situation, replaced, cities)
    for mention in cities:
        if not mention.negated:
            if _is_known(mention, text, situation):
                continue
            again = situation.last_city if mention.again else None
            slot = again or mention.role or (open_slots.pop(0) if open_slots else None)
            if slot:
                update.values[slot] = mention.value
    for slot in replaced:
        if slot not in update.values and journey.get(slot):
            update.values[slot] = None
    _stops(text, cities, situation, update)


def _stops(text: str, cities: Sequence[Mention], situation: Situation, update: Update) -> None:
    """Drop a stop, or avoid one."""
    words, journey = situation.language.cities, situation.journey
    avoided = [
        m.value
        for m in cities
        if m.negated and (m.role == "via" or words.avoided.search(text[: m.start]))
        # "Forget about Lyon" drops a stop that was to be made.
        if not (journey.get("via") == m.value and words.dropped.search(text[: m.start]))
    ]
    if journey.get("via") and words.nonstop.search(text):
        update.values.setdefault("via", None)
    if avoided:
        update.values["avoid"] = avoided[-1]
    elif journey.get("avoid") and journey["avoid"] == update.values.get("via"):
        update.values["avoid"] = None


def _in_a_row(cities: List[Mention], text: str) -> List[Mention]:
    """Cities, of which one between two others is on the way: "Paris - Lyon - Nice"."""
    if len(cities) != 3 or any(city.negated for city in cities):
        return cities
    (one, between, last) = cities
    gaps = text[one.end : between.start], text[between.end : last.start]
    row = all(gap.strip() and not re.search(r"[\w,，、]", gap) for gap in gaps)
    roles = ("departure", "via", "destination")
    return [replace(city, role=role) for city, role in zip(cities, roles)] if row else cities


def _of_two(
    cities: List[Mention], text: str, situation: Situation, update: Update
) -> List[Mention]:
    """Cities without two of which one is still to be chosen: "Lyon or Nice"."""
    for one, other in zip(cities, cities[1:]):
        between = text[one.end : other.start]
        roles = {one.role, other.role}
        either = situation.language.days.either.fullmatch(between)
        if either and (len(roles) == 1 or None in roles):
            said = text[one.start : other.end]
            update.problems.append(("which_city", {"said": said}))
            update.suggested = (other.role or one.role or open_city(situation), "")
            return [city for city in cities if city not in (one, other)]
    return cities


def _is_known(city: Mention, text: str, situation: Situation) -> bool:
    """Whether a city without a role is the other end, told once more: "OK, Florence"."""
    journey, asked = situation.journey, situation.asked
    other = {"departure": "destination", "destination": "departure"}.get(asked or "", "")
    return bool(
        city.role is None
        and not situation.language.correcting.search(text)
        and journey.get(other) == city.value
        and not journey.get(asked or "")
    )


def is_word(city: Mention, text: str, language: Language) -> bool:
    """Whether a city's name is but a word, or part of one: "that would be nice", "new year"."""
    if any(day.start() <= city.start < day.end() for day in re.finditer(FEAST, text.lower())):
        return True
    found = language.cities.homonym.search(text[: city.end])
    return bool(found and not found.group("to") and text.strip() != city.text)


def _answering(city: Mention, text: str, situation: Situation) -> Mention:
    """A city that answers where to, though it looks like the start: "my son is in [Milan]".

    And what is behind "via" is on the way.
    """
    words, before = situation.language.cities, text[: city.start]
    if words.through.search(before):
        return replace(city, role="via")
    clauses = [text[s:e] for s, e in clauses_in(text, situation.language) if s <= city.start < e]
    ends = [situation.journey.get(end) for end in ENDS]
    if all(ends) and city.value not in ends and any(map(words.waiting.search, clauses)):
        # "I don't want to wait a night in Zurich".
        return replace(city, role="via", negated=True)
    if situation.asked == "departure" and situation.journey.get("destination") != city.value:
        # "She lives in [Dijon]".
        return replace(city, role="departure") if words.inside.search(before) else city
    starts = city.role == "departure" and words.departing.search(text)
    journey = situation.journey
    # "Is Genoa cheaper", where all cities are known, is no other start.
    elsewhere = journey.get("destination") and journey.get("departure") not in (None, city.value)
    compares = elsewhere and situation.language.trains.compared.search(text)
    answers = (situation.asked == "destination" or compares) and city.role == "departure"
    return replace(city, role="destination") if answers and not starts else city


def _gone_to(text: str, cities: List[Mention], situation: Situation) -> List[Mention]:
    """Cities, the last of which is "there" where it is not said otherwise."""
    words, open_end = situation.language.cities, not situation.journey.get("destination")
    own = [city for city in cities if words.own.search(text[: city.start])]
    told = [city for city in cities if not city.negated and city not in own]
    if not (words.there.search(text) and told and open_end):
        return cities
    if own:
        # "She lives in Vienna, I'm in Munich, and want to visit her".
        return [*(replace(c, role="departure") for c in own), replace(told[-1], role=ENDS[1])]
    if any(city.role == "destination" for city in told) or (
        len(told) == 1 and words.departing.search(text)
    ):
        return cities
    return [replace(c, role="destination") if c is told[-1] else c for c in cities]


def _goes_there(text: str, cities: Sequence[Mention], situation: Situation) -> bool:
    """Whether "there" is a city that was taken for the start before."""
    journey = situation.journey
    return bool(
        not cities
        and situation.last_city == "departure"
        and journey.get("departure")
        and not journey.get("destination")
        and situation.language.cities.there.search(text)
        and not situation.language.question.search(text)
    )


def _comes_from(text: str, cities: Sequence[Mention], situation: Situation) -> bool:
    """Whether a city that was taken for the start is the end: "Rome", then "from Milan"."""
    told = [mention.value for mention in cities if mention.role == "departure"]
    known = situation.journey.get("departure")
    return (
        situation.asked == "destination"
        and situation.last_city == "departure"
        and len(cities) == len(told) == 1
        and known not in (None, told[0])
        and not cities[0].negated
        and not situation.language.correcting.search(text)
    )


def _slots_for_bare_cities(
    text: str, situation: Situation, replaced: Sequence[str], cities: Sequence[Mention]
) -> List[str]:
    """The slots that cities without a role fill, first to last."""
    journey, asked = situation.journey, situation.asked
    missing = [slot for slot in ENDS if not journey.get(slot)]
    if len(missing) == 2 and len(cities) == 1:
        # Who comes with nothing but a city's name wants to go there.
        missing.reverse()
    taken = {m.role for m in cities if not m.negated}
    order = [*replaced]
    if situation.country in CITIES:
        order.append(str(situation.country))
    corrects = bool(situation.language.correcting.search(text))
    if corrects and situation.last_city and not replaced:
        order.append(situation.last_city)
    if asked in CITIES:
        order.append(str(asked))
    order += missing
    if not missing:
        proposes = situation.language.cities.proposed.search(text)
        order += ["destination" if proposes else situation.last_city or "destination"]
    return [slot for slot in dict.fromkeys(order) if slot not in taken]
