"""How likely it is that a message is about anything the training data is about.

The network divides all of its confidence among the intents it knows, whatever it is asked. What
it was trained on, it is sure of, so its own scores say little about messages unlike any of those.
Other numbers do: what the words vote for the intent that they favour, and how many words, and
pairs of neighbouring tokens, no training message has. A logistic model of them makes a probability
(see `rasa_joint_nlu.core.training.scope`).
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from functools import lru_cache
from typing import FrozenSet, List, NamedTuple, Sequence, Tuple
from zlib import crc32

import numpy as np

from rasa_joint_nlu.core.arrays import Array, FeatureMatrix, is_sparse
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import is_matrix
from rasa_joint_nlu.core.text.dictionary import Dictionary, words_of
from rasa_joint_nlu.core.text.ngrams import text_hash, utf8
from rasa_joint_nlu.core.text.segment import LONGEST_CACHED, normalize

ADVISED = 0.3
"""The threshold that is advised: what is below it falls back."""
_LEAST_LEFT = 1e-7


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
        texts = [token.text for token in example.tokens]
        hashed = [
            _hashed_cached(text) if len(text) <= LONGEST_CACHED else _hashed(text) for text in texts
        ]
        of_tokens = [number for number, _ in hashed]
        # Of "left right": what follows the left token is hashed after it.
        pairs = list(map(crc32, [*(piece for _, piece in hashed), b" "], [0, *of_tokens]))
        if not dictionary:
            return cls(of_tokens, [1] * len(texts), pairs)
        words = words_of(list(map(normalize, texts)), dictionary)
        return cls([text_hash("".join(word)) for word in words], list(map(len, words)), pairs)


@dataclass(frozen=True)
class Scope:
    """What a model has been trained on, and how far its scores are to be believed.

    known: hashes of words and pairs.
    vouching: names of the sparse sequence features that make a word known, such as those of a
        lookup table.
    weights: of 1 and the numbers of `evidence`.
    sharpness: what the intents' logits are multiplied by; less than 1 where they are too sure.
    power: what the likeliest intent's probability is raised to; less than 1 where there are so few
        examples that right answers often have low ones.
    doubt: what the doubt is raised to that is left in a confidence above `ADVISED`; more than 1
        where scope would leave too much of it in messages that are in scope.
    """

    known: FrozenSet[int]
    vouching: Tuple[str, ...]
    weights: Tuple[float, ...]
    sharpness: float = 1.0
    power: float = 1.0
    doubt: float = 1.0

    def after(self, previous: Scope) -> Scope:
        """The scope of a model that was fine-tuned: what it knew stays known.

        Its network has learnt from all examples, so they cannot say how sure it may be.
        """
        return Scope(
            self.known | previous.known,
            self.vouching,
            self.weights,
            previous.sharpness,
            previous.power,
            previous.doubt,
        )

    def probability(
        self, example: Example, dictionary: Dictionary, votes: float, awaited: float = 0.0
    ) -> float:
        """That a message, which has tokens, is in scope; from 0 to 1.

        Args:
            votes: the sum of its words' votes for the intent that they favour.
            awaited: how many of its unknown words are no sign that it is not.
        """
        parts = Parts.of(example, dictionary)
        is_new = [word not in self.known for word in parts.words]
        if True in is_new and self.vouching:
            vouched = vouched_tokens(example, self.vouching)
            end = 0
            for place, length in enumerate(parts.lengths):
                end += length
                is_new[place] = is_new[place] and not all(vouched[end - length : end])
        familiar = sum(map(self.known.__contains__, parts.pairs))
        new = max(0.0, sum(is_new) - awaited)
        numbers = evidence(votes, new, familiar, len(parts.words), len(parts.pairs))
        bias, *weights = self.weights
        score = bias + sum(map(operator.mul, weights, numbers))
        return 1 / (1 + math.exp(-min(max(score, -30.0), 30.0)))

    def confidences(self, probabilities: Array, in_scope: Sequence[float]) -> Array:
        """`(B, I)` how sure to be of each intent, in the same order; a row sums to 1.

        Args:
            probabilities: `(B, I)`, of logits times `sharpness`.
            in_scope: of each message, from `probability`.
        """
        even = 1 / probabilities.shape[1]
        highest = np.maximum.reduce(probabilities, axis=1, keepdims=True)
        # As most batches have one message, Python is quicker than NumPy.
        divided = [
            self._divided(each, even, share)
            for each, share in zip(highest[:, 0].tolist(), in_scope)
        ]
        wanted, factors, shares = np.array(divided, np.float32).T[:, :, None]
        confidences: Array = probabilities * factors + shares
        np.copyto(confidences, wanted, where=probabilities == highest)
        confidences /= np.add.reduce(confidences, axis=1, keepdims=True)
        return confidences

    def _divided(self, highest: float, even: float, in_scope: float) -> Tuple[float, float, float]:
        """What becomes of the highest probability, and what the others are multiplied by and get.

        What is out of scope may be about anything: its part is for all intents alike.

        Args:
            even: what each intent would have.
        """
        raised = highest**self.power
        confidence = even + (raised - even) * in_scope
        surer = less_doubtful(confidence, even, self.doubt)
        left = (1 - surer) / max(1 - confidence, _LEAST_LEFT)
        of_others = (1 - raised) / max(1 - highest, _LEAST_LEFT)
        return surer, in_scope * of_others * left, (1 - in_scope) * even * left


def less_doubtful(confidence: float, even: float, doubt: float) -> float:
    """A confidence with the doubt that is left in it raised to a power, 1 at least.

    What is below the advised threshold, or no surer than any other intent, stays as it is; and so
    does the order.

    Args:
        even: what each intent would have.
    """
    least = max(ADVISED, even)
    if not least < confidence < 1:
        return confidence
    return 1 - (1 - least) * math.pow((1 - confidence) / (1 - least), doubt)


def _hashed(token: str) -> Tuple[int, bytes]:
    """The hash of a normalized token, and what is hashed of it after the token on its left."""
    piece = utf8(normalize(token))
    return crc32(piece), b" " + piece


_hashed_cached = lru_cache(maxsize=20_000)(_hashed)


def evidence(
    votes: float, new: float, familiar: float, words: int, pairs: int
) -> Tuple[float, float, float, float]:
    """The numbers that speak for or against a message.

    Args:
        votes: the sum of its words' votes for the intent that they favour.
        new: how many of its words are unknown.
        familiar: how many of its pairs are known.
    """
    return votes, math.log1p(new), familiar / pairs, math.log(words)


def vouched_tokens(example: Example, features: Sequence[str]) -> List[bool]:
    """Which tokens of a message have any of the sequence features of these names."""
    vouched = np.zeros(len(example.tokens), bool)
    for name in features:
        matrix: FeatureMatrix = example.features.get(name)
        if is_matrix(matrix) and matrix.shape[0] == len(vouched):
            vouched |= (matrix.getnnz(axis=1) > 0) if is_sparse(matrix) else matrix.any(axis=1)
    found: List[bool] = vouched.tolist()
    return found
