"""The labels of a model, and spans ↔ tags: pure functions of small integers.

A tag set over `n` entity types has the tag `O` (0) and, for type `i` and position `p` of the
scheme, the tag `1 + i * P + p`. Positions are `B I L U` (begin, inside, last, unit) or `B I`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterable, List, Optional, Sequence, Set, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import ranges
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.text.commas import COMMAS, keeping_commas

Span = Tuple[int, int, int]
"""`(first, last, type)`: positions of tokens, both inclusive."""


@dataclass(frozen=True)
class TagScheme:
    """How an entity is written as tags.

    positions: one letter for each position, in tag order;
    begins: `(P,)` True where an entity may begin; ends: `(P,)` True where it may end;
    continues: `(P, P)` True where the second position may follow the first inside one entity.
    """

    positions: str
    begins: Array
    ends: Array
    continues: Array

    @classmethod
    def named(cls, bilou: bool) -> TagScheme:
        """The BILOU scheme, or plain BIO."""
        positions = "BILU" if bilou else "BI"
        begin, end, inner = (
            ("BU", "LU", ("BI", "BL", "II", "IL")) if bilou else ("B", "BI", ("BI", "II"))
        )
        return cls(
            positions,
            np.array([p in begin for p in positions]),
            np.array([p in end for p in positions]),
            np.array([[p + q in inner for q in positions] for p in positions]),
        )

    @property
    def places(self) -> Array:
        """`(4,)` positions of begin, inside, last and unit.

        In a scheme without last and unit, these are written as inside and begin are.
        """
        pairs = ("B", "B"), ("I", "I"), ("L", "I"), ("U", "B")
        find = self.positions.find
        return np.array([max(find(letter), find(other)) for letter, other in pairs])

    def num_tags(self, num_types: int) -> int:
        """How many tags there are for so many entity types."""
        return 1 + num_types * len(self.positions)

    def of_types(self, values: Array) -> Array:
        """`(…, tags)` of `(…, 1 + types)`, what is said of none and of each type, for every tag."""
        of_none, of_types = values[..., :1], values[..., 1:]
        return np.concatenate([of_none, of_types.repeat(len(self.positions), axis=-1)], axis=-1)

    def write(self, tags: Array, firsts: Array, lasts: Array, types: Array) -> None:
        """Put the tags of spans that do not overlap, `(S,)` each, in their places of `(N,)`."""
        begin, inner, end, unit = 1 + types * len(self.positions) + self.places[:, None]
        between = np.maximum(lasts - firsts - 1, 0)
        tags[ranges(firsts + 1, between)] = np.repeat(inner, between)
        tags[lasts] = end
        tags[firsts] = np.where(firsts == lasts, unit, begin)

    def spans_of(self, tags: Sequence[int]) -> List[Span]:
        """The spans of a legal tag sequence, in order."""
        spans: List[Span] = []
        size = len(self.positions)
        for position, tag in enumerate(tags):
            if tag == 0:
                continue
            entity_type, place = divmod(tag - 1, size)
            if self.begins[place]:
                spans.append((position, position, entity_type))
            else:
                first, _, _ = spans[-1]
                spans[-1] = (first, position, entity_type)
        return spans


@dataclass(frozen=True)
class Labels:
    """Names of everything the model can answer, each list in the order of its ids.

    type_roles, type_groups: per entity type, the roles and the groups seen with it, ids as in
    `Spans` (0 = none); only these are ever predicted for it, in any combination of the two.
    comma_types: the entity types that are annotated with commas inside.
    """

    intents: Tuple[str, ...] = ()
    types: Tuple[str, ...] = ()
    roles: Tuple[str, ...] = ()
    groups: Tuple[str, ...] = ()
    type_roles: Tuple[Tuple[int, ...], ...] = ()
    type_groups: Tuple[Tuple[int, ...], ...] = ()
    comma_types: Tuple[str, ...] = ()

    @classmethod
    def of(cls, examples: Sequence[Example], previous: Optional[Labels] = None) -> Labels:
        """The labels of these examples, sorted, after a previous model's, which keep their ids."""
        previous, packed = previous or cls(), Packed.of(examples)
        with_commas = [
            packed[number]
            for number, text in enumerate(packed.texts)
            if any(comma in text for comma in COMMAS)
        ]
        keeping = {**dict.fromkeys(previous.comma_types, True), **keeping_commas(with_commas)}
        types, roles, groups = (
            _extended(before, (kind[place] for kind in packed.kinds))
            for place, before in enumerate((previous.types, previous.roles, previous.groups))
        )
        return cls(
            _extended(previous.intents, packed.intents),
            types,
            roles,
            groups,
            _combinations(previous.type_roles, types, roles, ((t, r) for t, r, _ in packed.kinds)),
            _combinations(
                previous.type_groups, types, groups, ((t, g) for t, _, g in packed.kinds)
            ),
            tuple(name for name in types if keeping.get(name)),
        )


def _extended(previous: Tuple[str, ...], names: Iterable[Optional[str]]) -> Tuple[str, ...]:
    return (*previous, *sorted({name for name in names if name is not None} - set(previous)))


def _combinations(
    previous: Tuple[Tuple[int, ...], ...],
    types: Tuple[str, ...],
    names: Tuple[str, ...],
    pairs: Iterable[Tuple[str, Optional[str]]],
) -> Tuple[Tuple[int, ...], ...]:
    ids = {name: index for index, name in enumerate(names, start=1)}
    seen: Dict[str, Set[int]] = {name: set(row) for name, row in zip(types, previous)}
    for entity_type, name in pairs:
        seen.setdefault(entity_type, set()).add(0 if name is None else ids[name])
    return tuple(tuple(sorted(seen[entity_type])) for entity_type in types)
