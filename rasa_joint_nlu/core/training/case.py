"""How words of entities and of nothing are written: counted, not learnt."""

from __future__ import annotations

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import ranges
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.tags import Labels
from rasa_joint_nlu.core.text.case import CASES, case_of
from rasa_joint_nlu.core.text.segment import normalize


def count_cases(examples: Packed, labels: Labels) -> Array:
    """`(2, 1 + types, cases)` how many words are written how, first in a message and later.

    A word counts once for each type, or none, and each way it is written, as unknown words are of
    any kind.

    Args:
        examples: with tokens, to which their entities fit.
    """
    offsets, pieces, entities = examples.offsets, examples.pieces, examples.entities
    width = 1 + len(labels.types)
    # shape: (N,), of each token its type, or 0, and whether it is not the first of a message
    types, later = np.zeros_like(examples.piece_ids, np.int64), np.ones_like(examples.piece_ids)
    of_kinds = np.array([1 + labels.types.index(kind[0]) for kind in examples.kinds], np.int64)
    lengths = entities[:, 3] - entities[:, 2] + 1
    inside = ranges(offsets[examples.owners] + entities[:, 2], lengths)
    types[inside] = np.repeat(of_kinds[entities[:, 4]], lengths)
    later[offsets[:-1]] = 0
    met = np.unique((examples.piece_ids.astype(np.int64) * width + types) * 2 + later)
    of_words, places = np.divmod(met, 2)
    numbers, of_words = np.divmod(of_words, width)
    words = map(pieces.__getitem__, numbers.tolist())
    seen = {
        (place, of, case_of(word), normalize(word))
        for place, of, word in zip(places.tolist(), of_words.tolist(), words)
        if any(map(str.isalpha, word))
    }
    counts = np.zeros((2, width, CASES), np.float32)
    for *key, _ in seen:
        counts[tuple(key)] += 1
    return counts
