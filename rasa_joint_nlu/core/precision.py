"""Weights ↔ what is stored of them: bytes for the tables, half precision for the others.

The tables of words and n-grams are most of a model. A byte for each of their numbers is enough,
as long as each row has a unit of its own: a token is the sum of many rows, whose errors even out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array

TABLES = ("word_embedding", "ngram_embedding", "word_votes", "ngram_votes")
"""The weights that have a row for each word, or each n-gram."""
PRETRAINED, MEAN_VOTES, VECTOR_VOTES = "pretrained", "mean_votes", "vector_votes"
"""The table of the pretrained vectors, and the votes of each number of their mean in a message, by
what they count; before format 11, of each number of their sum."""
LONE_WORDS = "lone_words"
"""How many messages of a word or two that no other has are of an intent and type; counted."""
CASE_COUNTS = "case_counts"
"""How many words of each type, and of none, are written with which capitals; counted."""
UNITS = ".units"
"""What is added to the name of a table for the units of its rows."""
_MOST = 127
_ROWS_AT_ONCE = 10_000


def stored(weights: Mapping[str, Array]) -> Dict[str, Array]:
    """What to store of a network's weights: at most half of their bytes.

    A table becomes bytes under its name, and the units of its rows, `(rows, 1)`, beside it. Values
    too large for half precision stay as they are.
    """
    arrays = {}
    for name, weight in weights.items():
        if name in TABLES:
            arrays[name], arrays[name + UNITS] = _in_bytes(weight)
        else:
            arrays[name] = _half(weight)
    return arrays


def restored(arrays: Mapping[str, Array]) -> Dict[str, Array]:
    """The weights, in single precision, of what `stored` made of them."""
    weights = {}
    for name, array in arrays.items():
        if name.endswith(UNITS):
            continue
        weights[name] = array.astype(np.float32)
        if name in TABLES:
            weights[name] *= arrays[name + UNITS].astype(np.float32)
    return weights


@dataclass(frozen=True)
class ByteTable:
    """A table that stays as it is stored: a byte for each number, and a unit for each row.

    counts: `(rows, size)` int8; units: `(rows, 1)`.
    """

    counts: Array
    units: Array

    @classmethod
    def of(cls, table: Array) -> ByteTable:
        """Store a table `(rows, size)`."""
        return cls(*_in_bytes(table))

    def in_bytes(self) -> ByteTable:
        """The table, of bytes if it is one of before, which had half precision."""
        return self if self.counts.dtype == np.int8 else self.of(self.whole())

    @property
    def size(self) -> int:
        """How many numbers a row has."""
        return int(self.counts.shape[1])

    def __len__(self) -> int:
        return len(self.counts)

    def rows(self, ids: Array) -> Array:
        """`(N, size)` the rows of these numbers, in single precision."""
        rows: Array = self.counts[ids].astype(np.float32)
        rows *= self.units[ids].astype(np.float32)
        return rows

    def whole(self) -> Array:
        """`(rows, size)` all of it, in single precision."""
        return self.rows(np.arange(len(self)))


def _in_bytes(table: Array) -> Tuple[Array, Array]:
    parts = [slice(i, i + _ROWS_AT_ONCE) for i in range(0, max(1, len(table)), _ROWS_AT_ONCE)]
    largest = [np.abs(table[part]).max(axis=1, initial=0, keepdims=True) for part in parts]
    units = _half(np.concatenate(largest) / _MOST)
    steps, counts = units.astype(np.float32), np.empty(table.shape, np.int8)
    for part in parts:
        rows, step = table[part], steps[part]
        wanted = np.divide(rows, step, out=np.zeros_like(rows), where=step > 0)
        counts[part] = np.rint(wanted).clip(-_MOST, _MOST)
    return counts, units


def _half(weight: Array) -> Array:
    """A weight in half precision, unless it has values that do not fit in."""
    with np.errstate(over="ignore"):
        half = weight.astype(np.float16)
    return half if np.isfinite(half).all() else weight
