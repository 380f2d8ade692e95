"""Annotated examples in arrays: a million of them take no object of Python for each token."""

from __future__ import annotations

from array import array
from collections import abc
from dataclasses import dataclass
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from rasa_joint_nlu.core.arrays import Array, FeatureMatrix
from rasa_joint_nlu.core.batch import ranges
from rasa_joint_nlu.core.data import Entity, Example
from rasa_joint_nlu.core.text.dictionary import Dictionary
from rasa_joint_nlu.core.text.ngrams import Form, forms
from rasa_joint_nlu.core.text.segment import Token, is_character, normalize

Kind = Tuple[str, Optional[str], Optional[str]]
"""Type, role and group of an entity."""


_NONE: Mapping[str, FeatureMatrix] = {}


class Numbers(Dict[Any, int]):
    """A number for each key, in the order in which they are asked for."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


def _small(numbers: "array[int]") -> Array:
    """Numbers from 0 on, in as few bytes as the highest takes."""
    values = np.array(numbers, np.int32)
    return values.astype(np.min_scalar_type(values.max(initial=0)))


@dataclass(frozen=True)
class Packed(abc.Sequence):  # type: ignore[type-arg]
    """Examples, of which each is made anew whenever it is asked for.

    texts, intents: `(M,)`; features: `(M,)`, empty if no example has any.
    pieces: the distinct texts of tokens, in order of appearance. The tokens of example `m` are
    `piece_ids[offsets[m]:offsets[m + 1]]`, from `starts` to `ends` in its text.
    kinds: the distinct ones of entities. The entities of example `m` are
    `entities[entity_offsets[m]:entity_offsets[m + 1]]`, of `(E, 5)`: from and to in the text, first
    and last token, -1 where none begins or ends there, and number of the kind.
    """

    texts: Sequence[str]
    intents: Sequence[Optional[str]]
    features: Sequence[Mapping[str, FeatureMatrix]]
    pieces: Tuple[str, ...]
    piece_ids: Array
    starts: Array
    ends: Array
    offsets: Array
    kinds: Tuple[Kind, ...]
    entities: Array
    entity_offsets: Array

    @classmethod
    def of(cls, examples: Iterable[Example]) -> Packed:
        """Pack examples, going through them once."""
        if isinstance(examples, Packed):
            return examples
        names: Dict[Optional[str], Optional[str]] = {}
        texts: List[str] = []
        intents: List[Optional[str]] = []
        features: List[Mapping[str, FeatureMatrix]] = []
        pieces, kinds = Numbers(), Numbers()
        piece_ids, starts, ends, entities = (array("i") for _ in range(4))
        offsets, entity_offsets = array("q", [0]), array("q", [0])
        for example in examples:
            texts.append(example.text)
            # One object for all that are the same.
            intents.append(names.setdefault(example.intent, example.intent))
            features.append(example.features or _NONE)
            tokens, begins, stops = zip(*example.tokens) if example.tokens else ((), (), ())
            piece_ids.extend(map(pieces.__getitem__, tokens))
            starts.extend(begins)
            ends.extend(stops)
            for entity in example.entities:
                first = begins.index(entity.start) if entity.start in begins else -1
                last = stops.index(entity.end) if entity.end in stops else -1
                kind = kinds[entity.type, entity.role, entity.group]
                entities.extend((entity.start, entity.end, first, last, kind))
            offsets.append(len(piece_ids))
            entity_offsets.append(len(entities) // 5)
        return cls(
            texts,
            intents,
            features if any(features) else (),
            tuple(pieces),
            np.array(piece_ids, np.int32),
            _small(starts),
            _small(ends),
            np.array(offsets, np.int64),
            tuple(kinds),
            np.array(entities, np.int32).reshape(-1, 5),
            np.array(entity_offsets, np.int64),
        )

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, number: Union[int, slice]) -> Any:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        number %= len(self)
        tokens = slice(*self.offsets[number : number + 2].tolist())
        ids = self.piece_ids[tokens].tolist()
        places = zip(
            map(self.pieces.__getitem__, ids),
            self.starts[tokens].tolist(),
            self.ends[tokens].tolist(),
        )
        entities = self.entities[slice(*self.entity_offsets[number : number + 2].tolist())]
        return Example(
            self.texts[number],
            tuple(map(Token._make, places)),
            self.intents[number],
            tuple(Entity(s, e, *self.kinds[kind]) for s, e, _, _, kind in entities.tolist()),
            self.features[number] if self.features else {},
        )

    @property
    def owners(self) -> Array:
        """`(E,)` the number of the example that has each entity."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.entity_offsets))

    def values(self) -> Iterator[Tuple[str, str]]:
        """The type and the text of each entity."""
        texts, kinds = self.texts, self.kinds
        for message, (start, end, _, _, kind) in zip(self.owners.tolist(), self.entities.tolist()):
            yield kinds[kind][0], texts[message][start:end]

    def words(self) -> Array:
        """`(N,)` the number of each token's normalized word, in order of appearance."""
        numbers = Numbers()
        of_pieces = [numbers[normalize(piece)] for piece in self.pieces]
        words: Array = np.array(of_pieces, np.int32)[self.piece_ids]
        return words

    def forms(self, dictionary: Dictionary) -> Tuple[List[Form], Array]:
        """The distinct forms of tokens, in order of appearance, and `(N,)` which each token has.

        Args:
            dictionary: normalized words of scripts without spaces.
        """
        numbers = Numbers()
        characters = np.array(list(map(is_character, self.pieces)), bool)
        of_pieces = [
            -1 if is_alone else numbers[Form(normalize(piece))]
            for piece, is_alone in zip(self.pieces, characters.tolist())
        ]
        ids = np.array(of_pieces, np.int32)[self.piece_ids]
        if not characters.any():
            return list(numbers), ids
        # What a character is depends on those around it.
        has_any = np.add.reduceat(np.append(ids < 0, False), self.offsets[:-1]) > 0
        has_any &= np.diff(self.offsets) > 0
        chosen = np.flatnonzero(has_any)
        places = ranges(self.offsets[chosen], np.diff(self.offsets)[chosen])
        in_context = (
            numbers[form]
            for message in chosen.tolist()
            for form in forms(self[message].tokens, dictionary)
        )
        ids[places] = np.fromiter(in_context, np.int32, len(places))
        # Of several values for a place, the last one stays: that of the first appearance.
        first = np.zeros(len(numbers), np.int64)
        first[ids[::-1]] = np.arange(len(ids))[::-1]
        order, distinct = np.argsort(first), list(numbers)
        new_ids = np.argsort(order).astype(np.int32)
        return [distinct[number] for number in order.tolist()], new_ids[ids]
