"""Annotated entities → entities that begin and end with a token: the one place that decides."""

from __future__ import annotations

import dataclasses
import itertools
import operator
from collections import Counter
from dataclasses import dataclass
from typing import Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

from rasa_joint_nlu.core.config import DROP, ERROR, EXPAND
from rasa_joint_nlu.core.data import Entity, Example
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.text.segment import is_all_visible, visible

SHOWN = 10
"""How many misaligned entities a message to the user names."""


@dataclass(frozen=True)
class Misaligned:
    """An annotated entity that does not begin and end with a token, or overlaps another.

    `example` and `entity` are as annotated; `learnt` is what is learnt instead, None if nothing.
    """

    example: Example
    entity: Entity
    learnt: Optional[Entity]

    def __str__(self) -> str:
        text, entity = self.example.text, self.entity
        tokens = [token.text for token in self.example.tokens]
        outcome = (
            f"learnt as '{text[self.learnt.start : self.learnt.end]}'"
            if self.learnt
            else f"not learnt, the tokens are {tokens}"
        )
        return f"'{text[entity.start : entity.end]}' ({entity.type}) in '{text}': {outcome}"


def count_by_type(misaligned: Sequence[Misaligned]) -> str:
    """How many there are, in all and of each type: `3 (city: 2, time: 1)`."""
    counts = Counter(found.entity.type for found in misaligned)
    return f"{len(misaligned)} ({', '.join(f'{t}: {n}' for t, n in counts.most_common())})"


def listing(misaligned: Sequence[Misaligned]) -> str:
    """The first ten, each on a line of its own, and how many more there are."""
    lines = [f"- {found}" for found in misaligned[:SHOWN]]
    if len(misaligned) > SHOWN:
        lines.append(f"- and {len(misaligned) - SHOWN} more")
    return "\n".join(lines)


def align(examples: Iterable[Example], policy: str) -> Tuple[Packed, List[Misaligned]]:
    """The examples with entities that fit their tokens, and every entity that did not.

    Raises:
        DataError: if the policy is `error` and there is one.
    """
    misaligned: List[Misaligned] = []

    def fitting() -> Iterator[Example]:
        for example in examples:
            aligned, found = align_entities(example, policy != DROP)
            misaligned.extend(found)
            yield aligned

    packed = Packed.of(fitting())
    if misaligned and policy == ERROR:
        raise DataError(
            f"Misaligned entity annotations: {count_by_type(misaligned)}. They do not begin and "
            f"end with a token, or overlap another. Correct them, use a tokenizer that cuts where "
            f"they begin and end, or set 'misaligned_entities' to '{DROP}', to learn nothing from "
            f"them, or to '{EXPAND}', which gives:\n{listing(misaligned)}"
        )
    return packed, misaligned


def align_entities(example: Example, expand: bool) -> Tuple[Example, List[Misaligned]]:
    """The example with entities that fit its tokens, in order and disjoint; and the misaligned.

    An entity that begins and ends with a token is kept; of such that overlap, the one that begins
    first counts, of those the longest. With `expand`, each other entity then becomes the first
    unbroken run of the tokens it touches that no entity has taken yet, in the same order. What
    gets no token is left out. An entity that is annotated twice counts once, and what shows nothing
    at its ends, such as a mark of direction, does not count.
    """
    if not example.entities or _fit(example):
        return example, []
    tokens, entities = example.tokens, _as_seen(example)
    touched = [_touched(example, entity) for entity in entities]
    exact = [
        bool(indices)
        and tokens[indices[0]].start == entity.start
        and tokens[indices[-1]].end == entity.end
        for indices, entity in zip(touched, entities)
    ]
    taken = [False] * len(tokens)
    learnt: Dict[int, Entity] = {}
    for number in sorted(
        range(len(entities)),
        key=lambda n: (not exact[n], entities[n].start, -entities[n].end),
    ):
        run = _first_free_run(touched[number], taken)
        if run and (run == touched[number] if exact[number] else expand):
            for index in run:
                taken[index] = True
            learnt[number] = (
                entities[number]
                if exact[number]
                else dataclasses.replace(
                    entities[number], start=tokens[run[0]].start, end=tokens[run[-1]].end
                )
            )
    aligned = tuple(sorted(learnt.values(), key=lambda entity: entity.start))
    if aligned == tuple(example.entities):
        return example, []
    return dataclasses.replace(example, entities=aligned), [
        Misaligned(example, entity, learnt.get(number))
        for number, entity in enumerate(entities)
        if learnt.get(number) != entity
    ]


def _fit(example: Example) -> bool:
    """Whether it is plain that there is nothing to do, as it nearly always is."""
    if not example.tokens or not is_all_visible(example.text):
        return False
    _, starts, ends = zip(*example.tokens)
    reached = 0
    for entity in example.entities:
        begins_and_ends = entity.start in starts and entity.end in ends
        if not (reached <= entity.start < entity.end and begins_and_ends):
            return False
        reached = entity.end
    return all(map(operator.le, ends, starts[1:]))


def _as_seen(example: Example) -> Tuple[Entity, ...]:
    """The entities, each once, without what shows nothing at their ends."""
    entities: Iterable[Entity] = example.entities
    if not is_all_visible(example.text):
        places = [visible(example.text, entity.start, entity.end) for entity in entities]
        entities = [
            dataclasses.replace(entity, start=start, end=end)
            for entity, (start, end) in zip(entities, places)
        ]
    return tuple(dict.fromkeys(entities))


def _touched(example: Example, entity: Entity) -> List[int]:
    """The tokens that share a character with an entity."""
    return [
        index
        for index, token in enumerate(example.tokens)
        if max(token.start, entity.start) < min(token.end, entity.end)
    ]


def _first_free_run(indices: Sequence[int], taken: Sequence[bool]) -> List[int]:
    free = itertools.dropwhile(lambda index: taken[index], indices)
    return list(itertools.takewhile(lambda index: not taken[index], free))


def token_spans(example: Example) -> List[Tuple[int, int, Entity]]:
    """`(first token, last token, entity)` of an example's entities, which must fit its tokens."""
    if not example.entities:
        return []
    starts = {token.start: index for index, token in enumerate(example.tokens)}
    ends = {token.end: index for index, token in enumerate(example.tokens)}
    return [(starts[entity.start], ends[entity.end], entity) for entity in example.entities]
