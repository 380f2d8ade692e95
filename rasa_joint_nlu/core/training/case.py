"""How words of entities and of nothing are written: counted, not learnt."""

from __future__ import annotations

from typing import Sequence, Set, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.tags import Labels
from rasa_joint_nlu.core.text.alignment import token_spans
from rasa_joint_nlu.core.text.case import CASES, case_of
from rasa_joint_nlu.core.text.segment import normalize


def count_cases(examples: Sequence[Example], labels: Labels) -> Array:
    """`(2, 1 + types, cases)` how many words are written how, first in a message and later.

    A word counts once for each type, or none, and each way it is written, as unknown words are of
    any kind.

    Args:
        examples: with tokens, to which their entities fit.
    """
    types = {name: number for number, name in enumerate(labels.types, start=1)}
    seen: Set[Tuple[int, int, int, str]] = set()
    for example in examples:
        of_tokens = [0] * len(example.tokens)
        for first, last, entity in token_spans(example):
            of_tokens[first : last + 1] = [types[entity.type]] * (last + 1 - first)
        for place, (token, of) in enumerate(zip(example.tokens, of_tokens)):
            if any(map(str.isalpha, token.text)):
                seen.add((min(place, 1), of, case_of(token.text), normalize(token.text)))
    counts = np.zeros((2, 1 + len(types), CASES), np.float32)
    for *key, _ in seen:
        counts[tuple(key)] += 1
    return counts
