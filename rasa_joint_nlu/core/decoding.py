"""The CRF of a trained network in NumPy: the best tags, and how sure each entity is.

The weights are those of `rasa_joint_nlu.core.training.crf`. Here a state of the chain is a
place in an entity and a label, `(4, K)` for `K` labels. The places are begin, inside, last and
unit, whatever the tag scheme: in one without last and unit, these have the tags and weights of
inside and begin. Label 0, `O`, is an entity of one token: so one recurrence serves them all,
without a case of its own for `O`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import List, Mapping, Sequence

import numpy as np

from rasa_joint_nlu.core.batch import reverse
from rasa_joint_nlu.core.data import Array
from rasa_joint_nlu.core.tags import (
    BEGIN,
    BEGUN,
    GOES_ON,
    INSIDE,
    LAST,
    OPEN,
    REVERSED,
    UNIT,
    TagScheme,
)

_RESCALED_EVERY = 4
_LEAST_SCORE = -150.0
"""Probabilities are scaled back to 1 every so many steps, and no emission counts as further
below the highest of its token than this: so none of them underflows, whatever the emissions.
"""


class CRFDecoder:
    """Viterbi and forward–backward over the emissions of a batch of messages."""

    def __init__(self, weights: Mapping[str, Array], scheme: TagScheme) -> None:
        """Take the CRF's part of a network's weights."""
        places = scheme.places
        inner = weights["crf.inner"][:, places][:, :, places].astype(np.float64)
        types, size = len(inner), len(scheme.positions)
        # shapes: (K, K), (K,), (K,)
        self._crossing = weights["crf.transitions"].astype(np.float64)
        self._start = weights["crf.start"].astype(np.float64)
        self._stop = weights["crf.stop"].astype(np.float64)
        self._into = np.ascontiguousarray(self._crossing.T)
        self._most_made_up = float(np.ptp(self._crossing, axis=0).max())
        # shape: (2 from, 2 to, 1, K); `O` never goes on.
        self._inner = np.zeros((2, 2, 1, types + 1))
        self._inner[:, :, 0, 1:] = inner[:, OPEN, GOES_ON].transpose(1, 2, 0)
        # shape: (4, K)
        self._tags = np.zeros((4, types + 1), np.int64)
        self._tags[:, 1:] = 1 + np.arange(types) * size + places[:, None]
        self._legal = np.ones((4, types + 1))
        self._legal[:UNIT, 0] = 0
        with np.errstate(divide="ignore"):
            self._forbidden = np.log(self._legal)
        self._size = size
        # For forward-backward: once from the left and once from the right.
        self._both_tags = np.stack([self._tags, self._tags[REVERSED]])
        stay = np.stack([self._inner, self._inner[::-1, ::-1].swapaxes(0, 1)], axis=2)
        self._stay = np.exp(stay)
        self._cross = np.exp(np.stack([self._crossing, self._crossing.T]))

    def viterbi(self, emissions: Array, lengths: Array) -> List[List[int]]:
        """The most probable legal tags of each message (Viterbi 1967).

        Args:
            emissions: `(B, T, tags)`.
            lengths: `(B,)`.
        """
        batch, steps, _ = emissions.shape
        places, labels = self._tags.shape
        # shape: (T, 4, B, K)
        scores = np.empty((steps, places, batch, labels))
        of_states = emissions.take(self._tags, axis=2).transpose(1, 2, 0, 3)
        np.add(of_states, self._forbidden[:, None], out=scores)
        states, ended = np.empty_like(scores), np.empty((steps, batch, labels))
        staying = np.empty((2, 2, batch, labels))
        is_open, goes_on = states[:, OPEN, None], states[:, GOES_ON]
        goes_on[0] = -np.inf
        entering = self._start
        for step, (state, score) in enumerate(zip(states, scores)):
            if step:
                entering = self._entering(ended[step - 1])
                np.add(is_open[step - 1], self._inner, out=staying)
                np.maximum(staying[0], staying[1], out=goes_on[step])
            state[BEGUN] = entering
            np.add(state, score, out=state)
            np.maximum(state[LAST], state[UNIT], out=ended[step])
        return [
            self._trace(states[:length, :, row], ended[:length, row])
            for row, length in enumerate(lengths.tolist())
        ]

    def _entering(self, ended: Array) -> Array:
        """`(B, K)` the best score of coming into a label, from scores `(B, K)` of labels that end.

        A label whose score is so far below the best one that no difference between transitions
        makes up for it is not where the best path comes from: in trained models, most are.
        """
        least = ended.max(axis=1, keepdims=True) - self._most_made_up
        is_origin = ~(ended < least)
        rows, origins = is_origin.nonzero()
        best: Array = ended[is_origin][:, None] + self._crossing.take(origins, axis=0)
        if len(origins) > len(ended):
            best = np.maximum.reduceat(best, rows.searchsorted(np.arange(len(ended))))
        return best

    def _trace(self, states: Array, ended: Array) -> List[int]:
        """One message's best path, found again from its end.

        A loop over tokens, but with so little to do for each that it beats a batched one, and
        beats keeping the origin of every state at every step.
        """
        tags = [0] * len(states)
        step = len(states) - 1
        label = int((ended[step] + self._stop).argmax())
        while True:
            place = LAST if states[step, LAST, label] > states[step, UNIT, label] else UNIT
            tags[step] = int(self._tags[place, label])
            while place in (INSIDE, LAST) and step:
                origins = states[step - 1, OPEN, label] + self._inner[:, place - 1, 0, label]
                step, place = step - 1, int(origins.argmax())
                tags[step] = int(self._tags[place, label])
            if not step:
                return tags
            step -= 1
            label = int((ended[step] + self._into[label]).argmax())

    def posterior(self, emissions: Array, lengths: Array) -> SpanPosterior:
        """Forward–backward over a batch (shapes as for `viterbi`), from both ends at once.

        The two recurrences are one, run over the message and over its reversal.
        """
        scores = emissions.astype(np.float64)
        scores -= scores.max(axis=2, keepdims=True)
        np.maximum(scores, _LEAST_SCORE, out=scores)
        batch, steps, _ = scores.shape
        weights = np.exp(scores)
        # shape: (T, 4, 2, B, K)
        potentials = np.empty((steps, 4, 2, batch, self._tags.shape[1]))
        for side, values in enumerate((weights, reverse(weights, lengths))):
            of_states = values.take(self._both_tags[side], axis=2).transpose(1, 2, 0, 3)
            np.multiply(of_states, self._legal[:, None], out=potentials[:, :, side])
        # What flows into a label from outside of it, and out of it at its end; what has been
        # scaled away.
        flow, ended = np.empty((2, steps, 2, batch, self._tags.shape[1]))
        scales = np.ones((steps, 2, batch))
        flow[0] = np.exp([self._start, self._stop])[:, None]
        state = np.zeros(potentials.shape[1:])
        staying = np.empty((2, 2, *state.shape[1:]))
        begun, goes_on, is_open = state[BEGUN], state[GOES_ON], state[OPEN, None]
        last, unit = state[LAST], state[UNIT]
        for step, potential in enumerate(potentials):
            if step:
                np.matmul(ended[step - 1], self._cross, out=flow[step])
                np.multiply(is_open, self._stay, out=staying)
                np.add(staying[0], staying[1], out=goes_on)
            begun[:] = flow[step]
            np.multiply(state, potential, out=state)
            if step % _RESCALED_EVERY == 0:
                np.add.reduce(state, axis=(0, 3), out=scales[step])
                state /= scales[step][:, :, None]
            np.add(last, unit, out=ended[step])
        logs = np.log(scales)
        scaled = np.cumsum(logs, axis=0)
        at_end = lengths - 1, 0, np.arange(batch)
        total = np.log(ended[at_end] @ np.exp(self._stop)) + scaled[at_end]
        return SpanPosterior(self, scores, lengths, flow, scaled - logs, total)

    def label(self, tag: int) -> int:
        """The label of an entity's tag: its type's number, counted from 1."""
        return 1 + (tag - 1) // self._size

    def going_on(self, label: int, length: int) -> float:
        """The log weight of the steps from place to place of an entity of so many tokens."""
        places = [BEGIN, *[INSIDE] * (length - 2), LAST][:length]
        steps = zip(places, places[1:])
        return sum(float(self._inner[before, after - 1, 0, label]) for before, after in steps)


@dataclass(frozen=True)
class SpanPosterior:
    """Probabilities of whole entities in a batch.

    scores `(B, T, tags)`, in log space; lengths `(B,)`; flow `(T, 2, B, K)`: the weight of all
    that comes before a label that begins at a token, and, in the order of the reversed message,
    of all that comes after one that ends there, without what was scaled away, `(T, 2, B)` in log
    space; total `(B,)`: of all paths, in log space.
    """

    decoder: CRFDecoder
    scores: Array
    lengths: Array
    flow: Array
    scaled: Array
    total: Array

    def of(self, row: int, first: int, tags: Sequence[int]) -> float:
        """P(an entity of this type covers exactly these tokens of a message), given its tags."""
        end, label = first + len(tags), self.decoder.label(tags[0])
        left, right = (first, 0, row), (int(self.lengths[row]) - end, 1, row)
        mass = self.decoder.going_on(label, len(tags)) - float(self.total[row])
        for step, tag in enumerate(tags, first):
            mass += float(self.scores[row, step, tag])
        for side in (left, right):
            flow = float(self.flow[side][label])
            mass += float(self.scaled[side]) + (math.log(flow) if flow else -math.inf)
        return math.exp(min(0.0, mass))
