"""Names of people: tickets bear none, so nothing else is to be read into them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import (
    Any,
    Callable,
    Dict,
    FrozenSet,
    Iterator,
    List,
    Mapping,
    Optional,
    Pattern,
    Sequence,
    Tuple,
)

from .heard import blank
from .language.names import Names
from .people import kind_at


@dataclass(frozen=True)
class Named:
    """A name at `text[start:end]`; where its `age` tells of one more passenger, with that."""

    start: int
    end: int
    age: Optional[int] = None
    age_end: int = 0
    """Where what tells the age ends, if that is not to be read any more."""
    whom: str = ""
    """The words before it that tell whose name it is."""


def names_in(
    text: str, known: FrozenSet[str], answers: bool, is_city: Callable[[str], bool], words: Names
) -> List[Named]:
    """The names of people in a message.

    Args:
        known: names, in lower case, that were told before.
        answers: whether the message answers who travels.
    """
    found, end = [], 0
    guessed = [*_aged(words.aged, text, words)]
    if answers:
        guessed += [*_aged(words.row_aged, text, words), *_spans(words.answer, text)]
    guessed = [
        one
        for one in guessed
        if one.whom or not all(map(is_city, text[one.start : one.end].split()))
    ]
    candidates = [*guessed, *_spans(words.told, text), *_known(text, known, words)]
    for one in sorted(candidates, key=lambda one: (one.start, -one.end, -one.age_end)):
        if one.start >= end:
            found.append(one)
            end = max(one.end, one.age_end)
    return found


def parts_of(text: str, named: Sequence[Named], words: Names) -> FrozenSet[str]:
    """Names, and what is one of each, in lower case."""
    rows = [text[one.start : one.end].lower() for one in named]
    names = [name for row in rows for name in words.row.split(row)]
    parts = (part for name in names for part in words.parts.findall(name))
    return frozenset([*names, *parts])


def without_names(
    text: str, entities: Sequence[Mapping[str, Any]], named: Sequence[Named], words: Names
) -> Tuple[str, List[Dict[str, Any]]]:
    """A message with other names in place of these, and what was found in it besides them.

    Who is told of by nothing but name and age is a passenger; where others tell how many there
    are, one of these.
    """
    spans = [(one.start, max(one.end, one.age_end)) for one in named]
    found = [
        dict(entity)
        for entity in entities
        if all(entity["end"] <= start or entity["start"] >= end for start, end in spans)
    ]
    counted = any(entity["entity"] == "count" for entity in found)
    for one, (_, end) in zip(named, spans):
        filler = words.mask[0] + words.mask[1] * (one.end - one.start - 1)
        text = text[: one.start] + filler + text[one.end :]
        text = blank(text, [(one.end, end)])
        kind = "adult" if one.age is None else kind_at(one.age)
        if one.age is not None and not (counted and kind == "adult"):
            place = {"start": one.start, "end": end}
            found.append({"entity": "passenger_type", "value": kind, **place})
    return text, sorted(found, key=lambda entity: int(entity["start"]))


def _aged(pattern: Pattern[str], text: str, words: Names) -> Iterator[Named]:
    """Names with an age; of who speaks, or is told of by a noun, nobody else is told."""
    for one in pattern.finditer(text):
        start, end = one.span("name")
        whom, age = one.groupdict().get("whom") or "", int(one["age"])
        speaks = words.speaker.search(whom)
        if whom and not speaks:
            yield Named(start, end, whom=whom)
        elif speaks and kind_at(age) == "adult":
            yield Named(start, end, None, one.end(), whom)
        else:
            yield Named(start, end, age, one.end(), whom)


def _spans(pattern: Pattern[str], text: str) -> Iterator[Named]:
    """Names by a pattern, each of whose groups is one."""
    for one in pattern.finditer(text):
        yield Named(*one.span(one.lastgroup or 0))


def _known(text: str, known: FrozenSet[str], words: Names) -> Iterator[Named]:
    """Names that were told before, unless they stand where a city does."""
    if known:
        longest_first = sorted(known, key=len, reverse=True)
        pattern = words.known.format("|".join(map(re.escape, longest_first)))
        for one in re.finditer(pattern, text, re.IGNORECASE):
            if not words.beside.search(text[: one.start()]):
                yield Named(*one.span())
