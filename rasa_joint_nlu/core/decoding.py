"""The CRF of a trained network in NumPy: the best tags, and how sure each entity is.

The weights are those of `rasa_joint_nlu.core.training.crf`. Here a state of the chain is a
place of the tag scheme and a label, `(P, K)` for `K` labels, and label 0, `O`, is an entity of
one token: so one recurrence serves them all, without a case of its own for `O`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Mapping, Sequence

import numpy as np

from rasa_joint_nlu.core.batch import reversal
from rasa_joint_nlu.core.data import Array
from rasa_joint_nlu.core.tags import TagScheme

_RESCALED_EVERY = 4
_LEAST_SCORE = -150.0
"""Probabilities are scaled back to 1 every so many steps, and no emission counts as further
below the highest of its token than this: so none of them underflows, whatever the emissions.
"""


class CRFDecoder:
    """Viterbi and forward–backward over the emissions of a batch of messages."""

    def __init__(self, weights: Mapping[str, Array], scheme: TagScheme) -> None:
        """Take the CRF's part of a network's weights; what the scheme forbids becomes -inf."""
        inner = np.where(scheme.continues, weights["crf.inner"].astype(np.float64), -np.inf)
        types, places = inner.shape[:2]
        # shapes: (K, K), (K,), (K,)
        self._crossing = weights["crf.transitions"].astype(np.float64)
        self._start = weights["crf.start"].astype(np.float64)
        self._stop = weights["crf.stop"].astype(np.float64)
        # shape: (P from, P to, K)
        self._inner = np.full((places, places, types + 1), -np.inf)
        self._inner[:, :, 1:] = inner.transpose(1, 2, 0)
        # shape: (P, K)
        self._tags = np.zeros((places, types + 1), np.int64)
        self._tags[:, 1:] = 1 + np.arange(types) * places + np.arange(places)[:, None]
        self._begins, self._ends = np.full((2, *self._tags.shape), -np.inf)
        self._begins[scheme.begins, 1:] = self._ends[scheme.ends, 1:] = 0.0
        single = (scheme.begins & scheme.ends).argmax()
        self._begins[single, 0] = self._ends[single, 0] = 0.0
        # The recurrence of forward-backward, once from the left and once from the right.
        self._leave = np.exp(np.stack([self._ends, self._begins]))[:, None]
        self._enter = np.exp(np.stack([self._begins, self._ends]))[:, None]
        self._stay = np.exp(np.stack([self._inner, self._inner.swapaxes(0, 1)]))[:, None]
        self._cross = np.exp(np.stack([self._crossing, self._crossing.T]))
        self._into = np.ascontiguousarray(self._crossing.T)

    def viterbi(self, emissions: Array, lengths: Array) -> List[List[int]]:
        """The most probable legal tags of each message (Viterbi 1967).

        Args:
            emissions: `(B, T, tags)`.
            lengths: `(B,)`.
        """
        # shape: (T, B, P, K)
        scores = emissions.swapaxes(0, 1)[:, :, self._tags].astype(np.float64)
        steps, batch, _, labels = scores.shape
        ended = np.empty((steps, batch, labels))
        entering = np.broadcast_to(self._start, (batch, labels))
        state = entering[:, None] + self._begins + scores[0]
        states = [state]
        (state + self._ends).max(1, out=ended[0])
        for step in range(1, steps):
            entering = (ended[step - 1][:, :, None] + self._crossing).max(1)
            going_on = (state[:, :, None] + self._inner).max(1)
            state = np.maximum(going_on, entering[:, None] + self._begins) + scores[step]
            states.append(state)
            (state + self._ends).max(1, out=ended[step])
        return [
            self._trace([state[row] for state in states[:length]], ended[:length, row])
            for row, length in enumerate(lengths.tolist())
        ]

    def _trace(self, states: List[Array], ended: Array) -> List[int]:
        """One message's best path, found again from its end.

        A loop over tokens, but with so little to do for each that it beats a batched one, and
        beats keeping the origin of every state at every step.
        """
        tags = [0] * len(states)
        step = len(states) - 1
        label = int((ended[step] + self._stop).argmax())
        while step >= 0:
            if label:
                place = int((states[step][:, label] + self._ends[:, label]).argmax())
                tags[step] = int(self._tags[place, label])
                while self._begins[place, label] < 0:
                    step -= 1
                    place = int((states[step][:, label] + self._inner[:, place, label]).argmax())
                    tags[step] = int(self._tags[place, label])
            step -= 1
            if step >= 0:
                label = int((ended[step] + self._into[label]).argmax())
        return tags

    def posterior(self, emissions: Array, lengths: Array) -> SpanPosterior:
        """Forward–backward over a batch (shapes as for `viterbi`), from both ends at once.

        The two recurrences are one, run over the message and over its reversal.
        """
        scores = (emissions - emissions.max(2, keepdims=True)).astype(np.float64)
        scores = np.maximum(scores, _LEAST_SCORE)
        batch, steps, _ = scores.shape
        rows = np.arange(batch)
        # shape: (T, B)
        forward = np.repeat(np.arange(steps)[:, None], batch, axis=1)
        backward = reversal(lengths, steps).T
        order = np.stack([forward, backward], axis=1)
        # shape: (T, 2, B, P, K)
        potentials = np.exp(scores[rows, order][..., self._tags])
        # What flows into a label from outside of it, and what has been scaled away before.
        flow = np.empty((steps, 2, batch, len(self._start)))
        scales = np.ones((steps, 2, batch, 1, 1))
        total = np.empty(batch)
        flow[0] = np.exp([self._start, self._stop])[:, None]
        state = flow[0][:, :, None] * self._enter * potentials[0]
        for step in range(steps):
            if step:
                flow[step] = (state * self._leave).sum(2) @ self._cross
                going_on = (state[:, :, :, None] * self._stay).sum(2)
                state = (going_on + flow[step][:, :, None] * self._enter) * potentials[step]
            if step % _RESCALED_EVERY == 0:
                scales[step] = state.sum((2, 3), keepdims=True)
                state /= scales[step]
            last = lengths - 1 == step
            if last.any():
                ended = (state[0, last] * self._leave[0]).sum(1)
                total[last] = ended @ np.exp(self._stop)
        logs = np.log(scales[..., 0, 0])
        scaled = np.cumsum(logs, axis=0)
        with np.errstate(divide="ignore"):
            flow = np.log(flow) + (scaled - logs)[..., None]
        total = np.log(total) + scaled[lengths - 1, 0, rows]
        return SpanPosterior(self, scores, flow[:, 0], flow[backward, 1, rows], total)

    def label(self, tag: int) -> int:
        """The label of an entity's tag: its type's number, counted from 1."""
        return 1 + (tag - 1) // len(self._tags)

    def inside(self, scores: Array, tags: Sequence[int]) -> float:
        """The log weight of an entity's own tags; `scores` are `(tokens, tags)`."""
        places, label = (np.array(tags) - 1) % len(self._tags), self.label(tags[0])
        steps: float = self._inner[places[:-1], places[1:], label].sum()
        return steps + float(scores[np.arange(len(tags)), tags].sum())


@dataclass(frozen=True)
class SpanPosterior:
    """Probabilities of whole entities in a batch; all in log space.

    scores `(B, T, tags)`; entering, leaving `(T, B, K)`: the weight of everything before a label
    that begins at a token, and after one that ends there; total `(B,)`: of all paths.
    """

    decoder: CRFDecoder
    scores: Array
    entering: Array
    leaving: Array
    total: Array

    def of(self, row: int, first: int, tags: Sequence[int]) -> float:
        """P(an entity of this type covers exactly these tokens of a message), given its tags."""
        last = first + len(tags) - 1
        label = self.decoder.label(tags[0])
        mass = (
            self.entering[first, row, label]
            + self.decoder.inside(self.scores[row, first : last + 1], tags)
            + self.leaving[last, row, label]
            - self.total[row]
        )
        return float(min(1.0, np.exp(mass)))
