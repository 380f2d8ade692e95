"""The CRF of a trained network in NumPy: the best tags, and how sure each entity is.

The weights are those that `rasa_joint_nlu.core.training.crf` learns, states of the chain those of
`rasa_joint_nlu.core.crf`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import List, Mapping, Optional, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import reverse
from rasa_joint_nlu.core.crf import (
    BEGIN,
    BEGUN,
    GOES_ON,
    INSIDE,
    LAST,
    OPEN,
    UNIT,
    Factors,
    Scores,
)
from rasa_joint_nlu.core.serving.products import Blocks, Linear
from rasa_joint_nlu.core.tags import Span, TagScheme

_RESCALED_EVERY = 2
_LEAST_SCORE = -150.0
"""Weights are scaled back to 1 every so many steps, and no emission counts as further below the
highest of its token than this: so none of them underflows, whatever the emissions.
"""
_POWER = 8
"""Of sharpened weights, in a CRF whose own weights are `_MILD`."""
_LEAST_SHARP_SCORE = -25.0
_MILD = 15.0
"""What no sharpened emission is further below the highest than, before it is sharpened, and no
weight of the CRF further from 0: so none of them underflows either.
"""


class CRFDecoder:
    """The best entities of each message of a batch, and how probable any entity is."""

    def __init__(self, weights: Mapping[str, Array], scheme: TagScheme) -> None:
        """Take the CRF's part of a network's weights."""
        names = ("crf.transitions", "crf.start", "crf.stop", "crf.inner")
        learnt = [weights[name].astype(np.float64) for name in names]
        own = Scores.of(scheme, *learnt)
        self._crossing, self._start, self._stop, _ = own
        types, size = len(self._start) - 1, len(scheme.positions)
        self._into = np.ascontiguousarray(self._crossing.T)
        self._most_made_up = float(np.ptp(self._crossing, axis=0).max())
        # shape: (2 from, 2 to, 1, K)
        self._inner = own.inner[:, :, None]
        # shape: (4, K)
        self._tags = np.zeros((4, types + 1), np.int64)
        self._tags[:, 1:] = 1 + np.arange(types) * size + scheme.places[:, None]
        # shape: (I, tags), logarithms, of the tags that begin an entity, and 0 for the others
        self._affinity: Optional[Linear] = None
        if "affinity" in weights:
            of_types = weights["affinity"]
            affinity = np.zeros((len(of_types), 1 + types * size), np.float32)
            affinity[:, self._tags[BEGUN, 1:]] = np.log(of_types)[:, None]
            self._affinity = Linear(affinity)
        # shape: (4, K), logarithms: `O` has the one place of an entity of one token.
        self._forbidden = np.zeros((4, types + 1))
        self._forbidden[:UNIT, 0] = -np.inf
        self.scheme = scheme
        # For forward-backward: from the left and from the right, and both again sharpened.
        self._tags_twice = np.stack([self._tags, self._tags])
        self._power = _POWER if all((abs(scores) < _MILD).all() for scores in own) else 1
        plain, sharp = own.factors(), own.factors(self._power)
        four = Factors(*map(np.concatenate, zip(plain, sharp)))
        # shape: (4, 1, K), (4, K, K), (2 from, 2 to, 4, 1, K)
        self._from_ends, self._cross = four.edges[:, None], Blocks(four.cross)
        self._stay = np.ascontiguousarray(four.stay.transpose(1, 2, 0, 3)[:, :, :, None])

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

    def suiting(self, intents: Optional[Array], emissions: Array) -> Array:
        """`(B, T, tags)` emissions, lower for what does not go with these intents `(B, I)`."""
        if intents is None or self._affinity is None:
            return emissions
        suiting: Array = emissions + self._affinity(intents)[:, None]
        return suiting

    def spans(
        self, emissions: Array, lengths: Array, intents: Optional[Array] = None
    ) -> Tuple[List[List[Span]], SpanPosterior]:
        """The entities on the most probable legal path of each message, and their posterior.

        Args:
            emissions: `(B, T, tags)`.
            lengths: `(B,)`.
            intents: `(B, I)` probabilities; entities that do not go with what is likely of them
                become less likely.
        """
        emissions = self.suiting(intents, emissions)
        posterior = self.posterior(emissions, lengths)
        spans = dict(enumerate(posterior.dominant()))
        unsure = [row for row, found in spans.items() if found is None]
        if unsure:
            paths = self.viterbi(emissions[unsure], lengths[unsure])
            spans.update(zip(unsure, map(self.scheme.spans_of, paths)))
        return [found or [] for found in spans.values()], posterior

    def posterior(self, emissions: Array, lengths: Array) -> SpanPosterior:
        """Forward–backward over a batch (shapes as for `viterbi`), from both ends at once.

        Four recurrences are one: over the message and over its reversal, and over both again
        with sharpened weights.
        """
        highest = np.maximum.reduce(emissions, axis=2)[:, :, None]
        scores = np.subtract(emissions, highest, dtype=np.float64)
        np.maximum(scores, _LEAST_SCORE, out=scores)
        potentials = self._potentials(scores, lengths)
        flow, ended, scales = self._recur(potentials)
        logs = np.log(scales)
        scaled = np.add.accumulate(logs)
        before = scaled - logs
        # shapes: (B, T, 2, K), (B, T, 2), (B, 2)
        begins = reverse(ended[:, 1::2].transpose(2, 0, 1, 3), lengths)
        begins = begins * flow[:, ::2].transpose(2, 0, 1, 3)
        begins_scaled = reverse(scaled[:, 1::2].transpose(2, 0, 1), lengths)
        begins_scaled = begins_scaled + before[:, ::2].transpose(2, 0, 1)
        total = np.log(np.add.reduce(begins[:, 0], axis=2)) + begins_scaled[:, 0]
        begins_scaled -= total[:, None]
        return SpanPosterior(self, scores, lengths, flow, before, begins, begins_scaled, total)

    def _potentials(self, scores: Array, lengths: Array) -> Array:
        """`(T, 6, 4, B, K)` the weights of coming to each place, from outside and from inside."""
        batch, steps, _ = scores.shape
        labels = self._tags.shape[1]
        states = np.empty((steps, 6, 4, batch, labels))
        going_on = states[:, 2:].reshape(steps, 2, 2, 4, batch, labels)
        # As slices, which copy nothing: unit and begin, inside and last; unit and last, inside and
        # begin.
        from_left = slice(UNIT, None, BEGIN - UNIT), GOES_ON
        from_right = slice(UNIT, INSIDE, -1), slice(INSIDE, None, -1)
        weights = scores.take(self._tags_twice, axis=2)
        sharp = weights[:, :, 1]
        np.maximum(sharp, _LEAST_SHARP_SCORE, out=sharp)
        sharp *= self._power
        np.exp(weights, out=weights)
        both = (weights, *from_left), (reverse(weights, lengths), *from_right)
        for direction, (values, begun, goes_on) in enumerate(both):
            sides = slice(direction, None, 2)
            by_place = values.transpose(1, 3, 2, 0, 4)
            states[:, :2, sides] = by_place[:, begun]
            staying = by_place[:, None, goes_on]
            np.multiply(staying, self._stay[:, :, sides], out=going_on[:, :, :, sides])
        states[0, 2:] = 0
        return states

    def _recur(self, states: Array) -> Tuple[Array, Array, Array]:
        """What comes into each label and what ends there, `(T, 4, B, K)`, and scales `(T, 4, B)`.

        Of the six rows of potentials, which it overwrites, the first four become the weights of
        unit, begin, inside and last.
        """
        steps, _, sides, batch, labels = states.shape
        flow, ended = np.empty((2, steps, sides, batch, labels))
        scales = np.empty((steps, sides, batch))
        scales.fill(1)
        flow[0] = self._from_ends
        # The same arrays with one axis for the last three, which is faster.
        flat, flat_flow, flat_ended = (
            values.reshape(*values.shape[:-3], -1) for values in (states, flow, ended)
        )
        begun, is_open = flat[:, :2], flat[:, 1:3, None]
        going_on = flat[:, 2:].reshape(steps, 2, 2, -1)
        for step in range(steps):
            if step:
                self._cross.write(ended[step - 1], flow[step])
                staying = going_on[step]
                np.multiply(is_open[step - 1], staying, out=staying)
                np.add(staying[0], staying[1], out=staying[0])
            np.multiply(begun[step], flat_flow[step], out=begun[step])
            if step % _RESCALED_EVERY == _RESCALED_EVERY - 1:
                state = states[step, :4]
                np.add.reduce(state, axis=(0, 3), out=scales[step])
                state /= scales[step][:, :, None]
            np.add(flat[step, 0], flat[step, 3], out=flat_ended[step])
        return flow, ended, scales

    def weight(self, scores: Array, span: Span) -> float:
        """The log weight of an entity: what its tags score, and its steps from place to place."""
        first, last, entity_type = span
        label, places = 1 + entity_type, _places(1 + last - first)
        tags = [self._tags.item(place, label) for place in places]
        score: float = sum(scores.item(step, tag) for step, tag in enumerate(tags, first))
        steps = zip(places, places[1:])
        inner: float = sum(self._inner.item(a, b - 1, 0, label) for a, b in steps)
        return score + inner


def _places(length: int) -> List[int]:
    """The places of an entity of so many tokens."""
    return [UNIT] if length == 1 else [BEGIN, *[INSIDE] * (length - 2), LAST]


@dataclass(frozen=True)
class SpanPosterior:
    """Probabilities of whole entities in a batch.

    scores `(B, T, tags)`, in log space; lengths `(B,)`.
    flow `(T, 4, B, K)`: for each of the recurrences, the weight of all that comes before a label
    that begins at a token; scaled `(T, 4, B)`: what was scaled away of it, in log space.
    Plain and sharpened: begins `(B, T, 2, K)`: the weight of all paths where a label begins at a
    token; begins_scaled `(B, T, 2)`: what makes it a share of all paths, in log space; total
    `(B, 2)`: the weight of all paths, in log space.
    """

    decoder: CRFDecoder
    scores: Array
    lengths: Array
    flow: Array
    scaled: Array
    begins: Array
    begins_scaled: Array
    total: Array

    def dominant(self) -> List[Optional[List[Span]]]:
        """The entities of each message's best path, or None where it is not clear which that is.

        Let `s(y)` be the score of a path, and `q(y) ∝ exp(p s(y))` its sharpened probability. If
        some `y` has `q(y) > 1/2`, then `q(y) > q(y')`, so `s(y) > s(y')`, for every other path:
        `y` is the best one. It need not be searched for:

        1. A path is given by what happens at each token: a label `k` begins, or none does.
        2. At token `t`, `q` of each is known: `begins` and, for none, 1 minus their sum.
        3. Of any choice of such events, one fails with a probability of at most the sum of
           theirs to fail (the union bound). If that sum, the doubt, is below 1/2, all hold
           together with more than 1/2: so they are a legal path, and by the above the best.

        `_surely` chooses the likelier event at each token and sums up the doubt. Emissions are cut
        off at `_LEAST_SHARP_SCORE`, which makes paths better at most; as long as none of `y`'s own
        is cut off (`_is_near`), no other path was better before either.
        """
        sharp = self.begins[:, :, 1]
        scale = np.exp(self.begins_scaled[:, :, 1])
        found = [
            _surely(*row)
            for row in zip(
                sharp.argmax(axis=2).tolist(),
                (np.maximum.reduce(sharp, axis=2) * scale).tolist(),
                (np.add.reduce(sharp, axis=2) * scale).tolist(),
                self.lengths.tolist(),
            )
        ]
        return [
            spans if spans is not None and self._is_near(row, spans) else None
            for row, spans in enumerate(found)
        ]

    def _is_near(self, row: int, spans: List[Span]) -> bool:
        """Whether no tag of a message with these spans is as far below the highest as counts."""
        tags = self.decoder.scheme.tags_of(spans, self.lengths.item(row))
        return all(
            self.scores.item(row, step, tag) > _LEAST_SHARP_SCORE for step, tag in enumerate(tags)
        )

    def begin_probabilities(self, row: int) -> Array:
        """`(T, K)` P(a label begins at a token) in a message; of `O`, that the token is outside."""
        length = self.lengths.item(row)
        scale = np.exp(self.begins_scaled[row, :length, 0, None])
        probabilities: Array = self.begins[row, :length, 0] * scale
        return probabilities

    def probability(self, row: int, span: Span) -> float:
        """P(this span of a message is an entity of this type)."""
        first, last, entity_type = span
        mass = self.decoder.weight(self.scores[row], span) - self.total.item(row, 0)
        for step, side in ((first, 0), (self.lengths.item(row) - 1 - last, 1)):
            flow = self.flow.item(step, side, row, 1 + entity_type)
            mass += self.scaled.item(step, side, row)
            mass += math.log(flow) if flow else -math.inf
        return math.exp(min(0.0, mass))


def _surely(
    labels: Sequence[int], shares: Sequence[float], total: Sequence[float], length: int
) -> Optional[List[Span]]:
    """The spans of a message, or None if others may be as likely.

    Args:
        labels: the likeliest to begin at each token.
        shares: how likely that is.
        total: how likely it is that any begins there.
    """
    spans: List[Span] = []
    doubt, end = 0.0, length
    for step in reversed(range(length)):
        doubt += min(1 - shares[step], total[step])
        if shares[step] + total[step] >= 1:
            if labels[step]:
                spans.append((step, end - 1, labels[step] - 1))
            end = step
    return spans[::-1] if doubt < 0.5 else None
