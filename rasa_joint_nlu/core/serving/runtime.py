"""The trained network in NumPy: EncodedBatch → NetworkOutput.

The same computation as `rasa_joint_nlu.core.training.network` in evaluation mode, and the votes
that `rasa_joint_nlu.core.training.votes` learns, without torch: importing torch would cost a
serving process seconds and hundreds of megabytes. A runtime keeps rows of rare words for a while;
but for that it is never changed after it is built, so any number of threads can share it.

Whatever is linear in a token is worked out for the known words when the model is loaded, as one
row of numbers (`_Row`); what remains for a message is the recurrence, and what depends on its
states. Letters are those of `rasa_joint_nlu.core.batch`; `C` chains of `H` numbers have the BiLSTM,
`E` outputs all slot heads together.
"""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import EncodedBatch, NetworkOutput, TokenTable
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.precision import MEAN_VOTES, ByteTable
from rasa_joint_nlu.core.serving.bags import bag_means, bag_sums, in_message, weighted_mean
from rasa_joint_nlu.core.serving.products import FEW, Blocks, Linear, product_with, weighted_sums
from rasa_joint_nlu.core.serving.recent import Recent
from rasa_joint_nlu.core.text.ngrams import Form

_TABLE_BYTES = 16 * 2**20
"""The most that the rows of known words may take; those of later words are made when needed."""
_MOST_OF_EXP = 88.0
"""From about here on, exp is infinite in single precision."""
_MOST_KEPT = 4
_SLOT_HEADS = ("emission", "role", "group")


class _Row(NamedTuple):
    """Where in a token's row, `I + (I + 1 or 0) + C 3H + 3E` numbers, is what.

    votes: for each of the `I` intents.
    shared: what its pretrained vector adds to a message's votes and weighs in their mean, `I + 1`;
        nothing where there are no such vectors.
    gates: what enters the gates of the LSTM, `C 3H`.
    slots: what the token says to the slot heads of itself, of the next and the one before, `3E`.
    """

    votes: slice
    shared: slice
    gates: slice
    slots: slice

    @classmethod
    def of(cls, intents: int, shares: int, gates: int) -> _Row:
        """The parts of a row for so many intents, shared numbers and gates."""
        ends = list(itertools.accumulate((0, intents, shares, gates)))
        votes, shared_votes, entering = map(slice, ends, ends[1:])
        return cls(votes, shared_votes, entering, slice(ends[-1], None))

    @property
    def linear(self) -> slice:
        """What is linear in the token's vector: gates and slots."""
        return slice(self.gates.start, None)


class Runtime:
    """One trained network, ready to answer."""

    def __init__(
        self,
        weights: Mapping[str, Array],
        encoder: Encoder,
        pretrained: Optional[ByteTable] = None,
    ) -> None:
        """Prepare weights, under the names that a training gives them."""
        self._weights = weights
        self._features = {
            spec.name: (spec.level, product_with(weights[f"features.{index}"], spec.sparse))
            for index, spec in enumerate(encoder.features)
        }
        self._voting = [spec.name for spec in encoder.features if spec.votes]
        self._lstm = _StackedLSTM.of(weights)
        self._size = size = len(self._lstm.weight_ih)
        state_size = self._lstm.state_size
        self._words, self._ngrams, *of_vectors = _tables(weights)
        self._pretrained = pretrained
        self._of_vectors = Linear(*of_vectors) if of_vectors else None
        self._mean_votes: Optional[Linear] = None
        if pretrained and MEAN_VOTES in weights:
            self._mean_votes = Linear(weights[MEAN_VOTES])
        self._table_of = encoder.vocabulary.table
        vectors = self.vectors(encoder.vocabulary.word_table)
        self._slots = _SlotHeads.of(weights, state_size, size)
        linear = np.concatenate([self._lstm.weight_ih, self._slots.of_tokens], axis=1)
        self._linear = Linear(linear)
        self._bias = np.concatenate([self._lstm.bias, self._slots.bias])
        intents = self._words.shape[1] - size
        shares = vectors.shape[1] - size - intents
        self._row = _Row.of(intents, shares, len(self._lstm.bias))
        at_once = _TABLE_BYTES // (4 * (intents + shares + len(self._bias)))
        self._rows = self._rows_of(vectors[:at_once])
        self._later_words = vectors[at_once:].copy()
        self._recent = Recent(self._rows[0].nbytes)
        self._intent: Optional[_IntentHead] = None
        if "intent.weight" in weights:
            self._intent = _IntentHead.of(weights)

    def forward(self, batch: EncodedBatch, with_slots: bool = True) -> NetworkOutput:
        """Both heads' logits for a batch, or the intents' only."""
        rows = self._embed(batch)
        padding = None
        if min(batch.lengths.tolist()) < rows.shape[1]:
            padding = ~batch.mask
            rows[padding] = 0
        states = self._lstm.forward(rows[..., self._row.gates], padding)
        intent_logits = attention = highest_votes = None
        if self._intent:
            votes = np.add.reduce(rows[..., self._row.votes], axis=1)
            if self._mean_votes:
                of_words = np.add.reduce(rows[..., self._row.shared], axis=1)
                votes += weighted_mean(of_words[:, :-1], of_words[:, -1:])
            for name in self._voting:
                votes += self._features[name][1](batch.features[name])
            intent_logits, attention = self._intent.forward(states, votes, padding)
            for name, (level, product) in self._features.items():
                if level == "sentence" and name not in self._voting:
                    intent_logits += product(batch.features[name])
            highest_votes = np.maximum.reduce(votes, axis=1)
        logits = self._slots.forward(states, rows[..., self._row.slots]) if with_slots else {}
        emissions, roles, groups = (logits.get(name) for name in _SLOT_HEADS)
        return NetworkOutput(intent_logits, attention, emissions, roles, groups, highest_votes)

    def vectors(self, table: TokenTable) -> Array:
        """`(U, D + I …)` the vector of each token, and after it votes as in a `_Row`."""
        vectors: Array = self._words.take(table.word_ids, axis=0)
        vectors += self._of_ngrams(table)
        of_table = self._pretrained
        if not of_table or not self._of_vectors:
            return vectors
        means = bag_means(table.vectors, of_table.rows, of_table.size)
        of_vectors = self._of_vectors(means)
        vectors[:, : of_vectors.shape[1]] += of_vectors
        if not self._mean_votes:
            return vectors
        added, weights = in_message(means)
        return np.concatenate([vectors, self._mean_votes(added), weights], axis=1)

    def _of_ngrams(self, table: TokenTable) -> Array:
        """`(U, D + I)` mean of each token's n-gram vectors, and sum of their votes."""
        sums = bag_sums(table.ngrams, self._ngrams.__getitem__, self._ngrams.shape[1])
        sums[:, : self._size] /= np.maximum(table.ngrams.counts, 1)[:, None].astype(np.float32)
        return sums

    def _late_rows(self, ids: Array, further: Sequence[Form]) -> Array:
        """`(N, …)` rows of tokens that have none: the later words, then those of a batch."""
        later, numbers = len(self._later_words), ids.tolist()
        keys = {i: i if i < later else further[i - later] for i in sorted(set(numbers))}
        rows = {i: self._recent.get(key) for i, key in keys.items()}
        new = [i for i, row in rows.items() if row is None]
        # So few at once that each is multiplied alone, and does not depend on the others.
        for start in range(0, len(new), FEW):
            chosen = new[start : start + FEW]
            for i, made in zip(chosen, self._rows_of(self._late_vectors(chosen, further))):
                row = rows[i] = made.copy()
                self._recent.keep(keys[i], row)
        found: List[Array] = [rows[i] for i in numbers]  # type: ignore[misc]
        # The checks of np.stack take as long again.
        stacked: Array = np.concatenate(found).reshape(len(found), -1)
        return stacked

    def _late_vectors(self, ids: Sequence[int], further: Sequence[Form]) -> Array:
        """Vectors and votes of tokens by the ids of `_late_rows`, each once and in order."""
        later = len(self._later_words)
        known = self._later_words[[i for i in ids if i < later]]
        unknown = self._table_of(further[i - later] for i in ids if i >= later)
        return np.concatenate([known, self.vectors(unknown)])

    def _rows_of(self, vectors: Array) -> Array:
        """Rows of tokens with these vectors and votes, see `_Row`."""
        entering = self._linear(vectors[:, : self._size]) + self._bias
        return np.concatenate([vectors[:, self._size :], entering], axis=1)

    def _embed(self, batch: EncodedBatch) -> Array:
        """`(B, T, …)` row of each token; padding is not masked yet."""
        ids, early = batch.token_ids, len(self._rows)
        rows: Array = self._rows.take(ids, axis=0, mode="clip")
        is_late = ids >= early
        if is_late.any():
            rows[is_late] = self._late_rows(ids[is_late] - early, batch.further)
        for name, (level, product) in self._features.items():
            if level == "sequence":
                added = product(batch.features[name])
                has_feature = added.any(axis=1)
                linear = rows.reshape(-1, rows.shape[2])[:, self._row.linear]
                linear[has_feature] += self._linear(added[has_feature])
        return rows


def _tables(weights: Mapping[str, Array]) -> List[Array]:
    """The rows of words, of n-grams and of each number of pretrained vectors, if there are any.

    Of each, the vector, and after it the votes by what they count.
    """
    tables = [
        (weights[of_vectors], weights.get(of_votes))
        for of_vectors, of_votes in (
            ("word_embedding", "word_votes"),
            ("ngram_embedding", "ngram_votes"),
            ("pretrained_projection", "vector_votes"),
        )
        if of_vectors in weights
    ]
    return [
        vectors
        if votes is None
        else np.concatenate([vectors, weights["words_weight"] * votes], axis=1)
        for vectors, votes in tables
    ]


@dataclass(frozen=True)
class _StackedLSTM:
    """All `C` chains of a BiLSTM (Hochreiter & Schmidhuber 1997) as one recurrence.

    weight_ih `(D, C 3H)` and bias `(C 3H,)`; weight_hh `(3, C, H, H)`; most_recurrent: the most
    that a state, whose numbers are within 1, can add to a gate by weight_hh. Gates are in the order
    output, input, new; a cell forgets 1 - input. All of them are logistic, 1 / (1 + exp(-x)), as
    NumPy is faster with exp than with tanh; the new is tanh(x) = 2 / (1 + exp(-2 x)) - 1. The
    weights bring the minus, and the 2, with them.
    """

    weight_ih: Array
    weight_hh: Blocks
    bias: Array
    chains: int
    size: int
    most_recurrent: float

    @classmethod
    def of(cls, weights: Mapping[str, Array]) -> _StackedLSTM:
        """Take the LSTM's part of a network's weights."""
        weight_ih, weight_hh = weights["lstm.weight_ih"], weights["lstm.weight_hh"]
        chains, _, size = weight_hh.shape
        factors = np.repeat(np.array([-1, -1, -2], np.float32), size)
        recurrent = (weight_hh * factors[:, None]).reshape(chains, 3, size, size)
        return cls(
            np.ascontiguousarray(np.concatenate(weight_ih * factors[:, None]).T),
            Blocks(recurrent.transpose(1, 0, 3, 2)),
            (weights["lstm.bias"] * factors).ravel(),
            chains,
            size,
            float(np.abs(recurrent).sum(axis=3).max()),
        )

    @property
    def state_size(self) -> int:
        """`C H`, the size of a token's state."""
        return self.chains * self.size

    def forward(self, entering: Array, padding: Optional[Array]) -> Array:
        """`(B, T, C H)` states; at padding they mean nothing.

        Args:
            entering: `(B, T, C 3H)`: the tokens times weight_ih, with the bias.
            padding: `(B, T)` True = no token; None if there is none.
        """
        batch, steps, _ = entering.shape
        chains, size, width = self.chains, self.size, self.weight_hh.width
        # shape: (T, 3, C, B, H), of which units beyond H, if any, are never shown
        allocate = np.empty if width == size else np.zeros
        gates_in = allocate((steps, 3, chains, batch, width), np.float32)
        by_step = entering.reshape(batch, steps, chains, 3, size).transpose(1, 3, 2, 0, 4)
        gates_in[:, :, 0::2, :, :size] = by_step[:, :, 0::2]
        gates_in[:, :, 1::2, :, :size] = by_step[::-1, :, 1::2]
        if padding is not None:
            # The backward chains meet padding first, and leave it as they began: with nothing.
            input_gates = gates_in[:, 1, 1::2].swapaxes(1, 2)
            input_gates[padding.T[::-1]] = np.inf
        states = np.zeros((steps + 1, chains, batch, width), np.float32)
        gates = gates_in[0].copy()
        multiply = self.weight_hh.into(gates)
        to_show, to_take, new = gates
        cell = np.zeros(new.shape, np.float32)
        ones, opened = _ones_and_opened(gates.shape)
        one = ones[0]
        # Where results go is said by place, as NumPy takes as long to read a name as to add.
        add, subtract, times = np.add, np.subtract, np.multiply
        steps_of = zip(states[..., :size], gates_in, states[1:])
        # A gate that is shut for good, 1 / (1 + infinity), is no reason to warn. But as long as
        # there is none, nothing is said of it, as that makes everything slower within.
        highest = np.maximum.reduce(entering, axis=None)
        is_safe = highest + self.most_recurrent < _MOST_OF_EXP
        with contextlib.nullcontext() if is_safe else np.errstate(over="ignore"):
            for step, (before, inputs, after) in enumerate(steps_of):
                # The first state is nothing, and so is its product.
                if step:
                    multiply(before)
                    add(gates, inputs, gates)
                np.exp(gates, gates)
                add(gates, ones, gates)
                np.divide(opened, gates, gates)
                subtract(new, one, new)
                subtract(new, cell, new)
                times(new, to_take, new)
                add(cell, new, cell)
                np.tanh(cell, after)
                times(after, to_show, after)
        by_token = states[1:, :, :, :size].transpose(2, 0, 1, 3)
        result = np.empty(by_token.shape, np.float32)
        result[:, :, 0::2], result[:, :, 1::2] = by_token[:, :, 0::2], by_token[:, ::-1, 1::2]
        return result.reshape(batch, steps, -1)


@dataclass(frozen=True)
class _IntentHead:
    """Attention and maximum over the states through a linear layer, and the votes of the tokens."""

    attention: Linear
    weight: Linear
    bias: Array

    @classmethod
    def of(cls, weights: Mapping[str, Array]) -> _IntentHead:
        """Take the head's part of a network's weights."""
        return cls(
            Linear(weights["attention.weight"].T),
            Linear(weights["intent.weight"].T),
            weights["intent.bias"],
        )

    def forward(self, states: Array, votes: Array, padding: Optional[Array]) -> Tuple[Array, Array]:
        """Logits `(B, I)` and the attention `(B, T)`, of the first of the states' parts.

        Args:
            votes: `(B, I)` their sums.
        """
        states = states[:, :, : self.attention.inputs]
        scores = self.attention(states)[:, :, 0]
        if padding is not None:
            scores[padding] = -np.inf
        attention = softmax(scores)
        pooled = [weighted_sums(attention, states), _highest(states, padding)]
        logits = self.weight(np.concatenate(pooled, axis=1)) + self.bias
        logits += votes
        return logits, attention


@dataclass(frozen=True)
class _SlotHeads:
    """Linear layers on a token's state, the token itself and its neighbours, all in one.

    of_states `(C H, E)`; of_tokens `(D, 3E)` and bias `(3E,)`: what a token says of itself, of the
    one after it, and of the one before it.
    """

    sizes: Mapping[str, int]
    of_states: Linear
    of_tokens: Array
    bias: Array

    @classmethod
    def of(cls, weights: Mapping[str, Array], state_size: int, token_size: int) -> _SlotHeads:
        """Take the heads' part of a network's weights; it may have none of them."""
        sizes = {
            name: len(weights[f"{name}.weight"])
            for name in _SLOT_HEADS
            if f"{name}.weight" in weights
        }
        inputs = state_size + 3 * token_size
        weight = np.concatenate(
            [np.empty((0, inputs), np.float32), *(weights[f"{name}.weight"] for name in sizes)]
        ).T
        bias = np.zeros((3, weight.shape[1]), np.float32)
        bias[0] = [number for name in sizes for number in weights[f"{name}.bias"]]
        of_states, *of_tokens = np.split(weight, state_size + token_size * np.arange(3))
        return cls(
            sizes,
            Linear(of_states),
            np.concatenate(of_tokens, axis=1),
            bias.ravel(),
        )

    def forward(self, states: Array, from_tokens: Array) -> Dict[str, Array]:
        """Logits `(B, T, outputs)` of each head, from what the tokens say `(B, T, 3E)`."""
        logits = self.of_states(states)
        size = logits.shape[2]
        logits += from_tokens[..., :size]
        logits[:, 1:] += from_tokens[:, :-1, size : 2 * size]
        logits[:, :-1] += from_tokens[:, 1:, 2 * size :]
        ends = itertools.accumulate(self.sizes.values())
        return {
            name: logits[..., end - width : end]
            for (name, width), end in zip(self.sizes.items(), ends)
        }


@lru_cache(maxsize=_MOST_KEPT)
def _ones_and_opened(shape: Tuple[int, ...]) -> Tuple[Array, Array]:
    """Of gates of a shape, ones, and what they open to: 1 and, of the new, 2.

    NumPy takes longer over a single number than over an array of it.
    """
    ones = np.ones(shape, np.float32)
    opened = ones.copy()
    opened[2] = 2
    return ones, opened


def _highest(values: Array, padding: Optional[Array]) -> Array:
    if padding is not None:
        values = np.where(padding[:, :, None], -np.inf, values)
    highest: Array = np.maximum.reduce(values, axis=1)
    return highest


def softmax(logits: Array, axis: int = -1) -> Array:
    """Probabilities that sum to 1 along an axis."""
    powers: Array = np.exp(logits - np.maximum.reduce(logits, axis=axis, keepdims=True))
    powers /= np.add.reduce(powers, axis=axis, keepdims=True)
    return powers
