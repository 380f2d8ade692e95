"""Learning what is in scope, without messages that are not: from counts, and by leaving out.

A training message is looked at as if it were new: a word or a pair is known only if another
message has it, too. So the figures are those of messages to come, which the network's own scores,
learnt from the very same messages, are not. What it is set against are the same messages with
most of their words exchanged for words that nobody knows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

import numpy as np
from scipy import sparse

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.serving.scope import Parts, Scope, evidence, vouched_tokens
from rasa_joint_nlu.core.text.dictionary import Dictionary

OUT_OF_SCOPE = 0.35
"""The share of messages that are taken to be out of scope: with more, more of them are recognized,
but confidences in others are too low.
"""
_EXAMPLES = 2000
_LEAST_EXCHANGED = 0.7
_RIDGE = 1.0
_STEPS = 15


def learn_scope(
    examples: Sequence[Example],
    dictionary: Dictionary,
    previous: Optional[Scope],
    rng: np.random.Generator,
) -> Scope:
    """What these messages, each with tokens, are about.

    Args:
        dictionary: normalized words of scripts without spaces.
        previous: of the model to fine-tune; what it knows stays known.
    """
    counts: Counter[int] = Counter()
    for example in examples:
        parts = Parts.of(example, dictionary)
        counts.update({*parts.words, *parts.pairs})
    vouching = _vouching(examples)
    inside, outside = [], []
    for index in rng.permutation(len(examples))[:_EXAMPLES].tolist():
        parts = Parts.of(examples[index], dictionary)
        left_out = _LeftOut.of(examples[index], parts, counts, vouching)
        exchanged = rng.random(len(left_out.new)) < rng.uniform(_LEAST_EXCHANGED, 1)
        inside.append(left_out.evidence())
        outside.append(left_out.exchanged(exchanged | ~exchanged.any()).evidence())
    known = frozenset(counts) | (previous.known if previous else frozenset())
    return Scope(known, vouching, _logistic_weights(np.array(inside), np.array(outside)))


@dataclass(frozen=True)
class _LeftOut:
    """A training message, as one is seen that was not there.

    new: `(words,)` bool, unknown; familiar: `(pairs,)` bool; lengths: `(words,)` tokens of each.
    """

    new: Array
    familiar: Array
    lengths: Array

    @classmethod
    def of(
        cls, example: Example, parts: Parts, counts: Counter[int], vouching: Sequence[str]
    ) -> _LeftOut:
        """Take what no other message has for unknown."""
        lengths = np.array(parts.lengths)
        vouched = np.array(vouched_tokens(example, vouching))
        alone = np.array([counts[word] == 1 for word in parts.words])
        return cls(
            alone & ~np.logical_and.reduceat(vouched, np.cumsum(lengths) - lengths),
            np.array([counts[pair] > 1 for pair in parts.pairs]),
            lengths,
        )

    def exchanged(self, words: Array) -> _LeftOut:
        """The message with unknown words in place of these: `(words,)` bool."""
        tokens = np.concatenate([[False], np.repeat(words, self.lengths), [False]])
        return _LeftOut(self.new | words, self.familiar & ~(tokens[:-1] | tokens[1:]), self.lengths)

    def evidence(self) -> Tuple[float, ...]:
        """1, and the numbers that `evidence` makes of it."""
        sizes = len(self.new), len(self.familiar)
        return (1.0, *evidence(int(self.new.sum()), int(self.familiar.sum()), *sizes))


def _vouching(examples: Sequence[Example]) -> Tuple[str, ...]:
    """Names of the sparse sequence features that fewer than half of the tokens have.

    What a feature says of nearly every token, it may say of an unknown word, too.
    """
    names = sorted(
        {
            name
            for example in examples
            for name, matrix in example.features.items()
            if sparse.issparse(matrix) and not name.endswith("/sentence")
        }
    )
    tokens = sum(len(example.tokens) for example in examples)
    return tuple(
        name
        for name in names
        if 2 * sum(sum(vouched_tokens(example, [name])) for example in examples) < tokens
    )


def _logistic_weights(inside: Array, outside: Array) -> Tuple[float, ...]:
    """Weights of logistic regression, by Newton's method; rows are `(messages, numbers)`."""
    rows = np.concatenate([inside, outside])
    labels = np.repeat([1.0, 0.0], [len(inside), len(outside)])
    shares = np.where(labels == 1, 1 - OUT_OF_SCOPE, OUT_OF_SCOPE)
    ridge = _RIDGE * np.eye(rows.shape[1])
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-(rows @ weights)))
        slope = rows.T @ (shares * (chances - labels)) + ridge @ weights
        curve = (rows.T * (shares * chances * (1 - chances))) @ rows + ridge
        weights = weights - np.linalg.solve(curve, slope)
    return tuple(weights.tolist())
