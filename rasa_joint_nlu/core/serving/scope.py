"""How likely it is that a message is about anything the training data is about.

The network divides all of its confidence among the intents it knows, whatever it is asked. What
it was trained on, it is sure of, so its own scores say little about messages unlike any of those.
Counts do: of words, and of pairs of neighbouring tokens, that no training message has. A logistic
model of three numbers makes a probability of them (see `rasa_joint_nlu.core.training.scope`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import FrozenSet, List, NamedTuple, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import FeatureMatrix, is_sparse
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.text.dictionary import Dictionary, words_of
from rasa_joint_nlu.core.text.ngrams import text_hash
from rasa_joint_nlu.core.text.segment import normalize


class Parts(NamedTuple):
    """What of a message training may have seen, as hashes.

    words: tokens, or words of the dictionary; lengths: how many tokens each of them has;
    pairs: of neighbouring tokens, the begin and the end of the message among them.
    """

    words: List[int]
    lengths: List[int]
    pairs: List[int]

    @classmethod
    def of(cls, example: Example, dictionary: Dictionary) -> Parts:
        """Take a message apart.

        Args:
            dictionary: normalized words of scripts without spaces.
        """
        tokens = [normalize(token.text) for token in example.tokens]
        words = words_of(tokens, dictionary)
        of_tokens = [text_hash(token) for token in tokens]
        is_of_tokens = len(words) == len(tokens)
        return cls(
            of_tokens if is_of_tokens else [text_hash("".join(word)) for word in words],
            [len(word) for word in words],
            # Of "left right": what follows the left token is hashed after it.
            [
                text_hash(f" {right}", after=left)
                for left, right in zip([text_hash(""), *of_tokens], [*tokens, ""])
            ],
        )


@dataclass(frozen=True)
class Scope:
    """What a model has been trained on.

    known: hashes of words and pairs; vouching: names of the sparse sequence features that make a
    word known, such as those of a lookup table; weights: of 1 and the numbers of `evidence`.
    """

    known: FrozenSet[int]
    vouching: Tuple[str, ...]
    weights: Tuple[float, ...]

    def probability(self, example: Example, dictionary: Dictionary) -> float:
        """That a message, which has tokens, is in scope; from 0 to 1."""
        parts = Parts.of(example, dictionary)
        is_new = [word not in self.known for word in parts.words]
        if True in is_new and self.vouching:
            vouched = vouched_tokens(example, self.vouching)
            end = 0
            for place, length in enumerate(parts.lengths):
                end += length
                is_new[place] = is_new[place] and not all(vouched[end - length : end])
        familiar = sum(pair in self.known for pair in parts.pairs)
        numbers = evidence(sum(is_new), familiar, len(parts.words), len(parts.pairs))
        bias, *weights = self.weights
        score = bias + sum(weight * number for weight, number in zip(weights, numbers))
        return 1 / (1 + math.exp(-min(max(score, -30.0), 30.0)))


def evidence(new: float, familiar: float, words: int, pairs: int) -> Tuple[float, float, float]:
    """The numbers that speak for or against a message.

    Args:
        new: how many of its words are unknown.
        familiar: how many of its pairs are known.
    """
    return math.log1p(new), familiar / pairs, math.log(words)


def vouched_tokens(example: Example, features: Sequence[str]) -> List[bool]:
    """Which tokens of a message have any of the sparse sequence features of these names."""
    vouched = np.zeros(len(example.tokens), bool)
    for name in features:
        matrix: FeatureMatrix = example.features.get(name)
        if is_sparse(matrix) and matrix.shape[0] == len(vouched):
            vouched |= matrix.getnnz(axis=1) > 0
    found: List[bool] = vouched.tolist()
    return found
