"""The CRF of a trained network in NumPy: the best tags, and how sure each entity is.

The weights are those that `rasa_joint_nlu.core.training.crf` learns, states of the chain those of
`rasa_joint_nlu.core.crf`.
"""

from __future__ import annotations

import contextlib
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

_RESCALED_EVERY, _RESCALED_OFTEN = 16, 2
"""Weights are scaled back to 1 every so many steps, or more often where they could overflow. That
costs as much as a step does. Where they come near to an underflow, all is done again, and often.
"""
_LARGEST, _LEAST = 500.0, 1e-100
"""What is far from an overflow, in log space, and from an underflow."""
_TINY = 1e-300
"""What is added to a scale, so that it is not 0 where all has come to an underflow."""
_LEAST_SCORE = -150.0
"""No emission counts as further below the highest of its token than this: so weights that are
scaled often do not underflow, whatever the emissions.
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
        self._power = _POWER if all((abs(scores) < _MILD).all() for scores in own) else 1
        plain, sharp = own.factors(), own.factors(self._power)
        four = Factors(*map(np.concatenate, zip(plain, sharp)))
        # shape: (4, 1, K), (4, K, K)
        self._from_ends, self._cross = four.edges[:, None], Blocks(four.cross)
        # What a step does: an entity begins (to go on, or to end at once), or goes on from begin,
        # or from inside (again, to go on, or to end).
        from_left = [[BEGIN, UNIT], [INSIDE, LAST], [INSIDE, LAST]]
        from_right = [[LAST, UNIT], [INSIDE, BEGIN], [INSIDE, BEGIN]]
        # shape: (2 sides, 3 from, 2 to)
        self._places = np.array([from_left, from_right])
        # shape: (3 from, 2 to, 2 sides, 1, K)
        self._factors = np.ones((3, 2, 2, 1, types + 1))
        self._factors[1:, :, :, 0] = plain.stay.transpose(1, 2, 0, 3)
        # `O` does not go on, so what begins it to go on would lead nowhere.
        self._factors[0, 0, ..., 0] = 0
        self._least_sharp = math.exp(_LEAST_SHARP_SCORE) * self._factors
        # What a weight grows by in a step at most: an emission is 1 at most.
        growth = math.log(2 * (four.edges.max() + four.cross.sum(axis=2).max() + four.stay.max()))
        self._rescaled_every = max(_RESCALED_OFTEN, min(_RESCALED_EVERY, int(_LARGEST / growth)))

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
        highest = np.maximum.reduce(emissions, axis=2, keepdims=True)
        scores = np.subtract(emissions, highest, dtype=np.float64)
        np.maximum(scores, _LEAST_SCORE, out=scores)
        flow, ended, scaled = self._recur(scores, lengths, self._rescaled_every)
        # Of what comes in, the label `O` has enough to tell.
        if flow[..., 0].min() < _LEAST:
            flow, ended, scaled = self._recur(scores, lengths, _RESCALED_OFTEN)
        # shapes: (B, T, 2, K), (B, 2)
        begins = reverse(ended[:, 1::2].transpose(2, 0, 1, 3), lengths)
        begins = begins * flow[:, ::2].transpose(2, 0, 1, 3)
        total = np.log(np.add.reduce(begins[:, 0], axis=2))
        share = -total[:, None]
        if scaled is not None:
            before, after = scaled[:-1], scaled[1:]
            of_right = reverse(after[:, 1::2].transpose(2, 0, 1), lengths)
            share = share + of_right + before[:, ::2].transpose(2, 0, 1) - of_right[:, :1]
            total += of_right[:, 0]
        # What overflows is padding, which nobody asks for.
        is_safe = scaled is None and min(lengths.tolist()) == emissions.shape[1]
        with contextlib.nullcontext() if is_safe else np.errstate(over="ignore"):
            begins *= np.exp(share)[..., None]
        return SpanPosterior(self, scores, lengths, flow, scaled, begins, total)

    def _recur(
        self, scores: Array, lengths: Array, rescaled_every: int
    ) -> Tuple[Array, Array, Optional[Array]]:
        """What comes into each label and what ends there, `(T, 4, B, K)`, and what was scaled away.

        That is `(T + 1, 4, B)`, in log space, of what comes into a step and what comes out of the
        last; None if nothing was.
        """
        states = self._potentials(scores, lengths)
        steps, _, _, sides, batch, _ = states[1:].shape
        flow, ended = states[:, 0, 0], states[1:, 0, 1]
        scales = np.ones((steps + 1, sides, batch))
        # With one axis for the last three, which is faster.
        flat = states.reshape(*states.shape[:3], -1)
        after = flat[1:]
        # What each step reads and writes, as NumPy is faster in going through an array than in
        # indexing it.
        rows = zip(
            flat[:, :3, :1], after[:, 1:], after[:, 2], after[:, 3],
            after[:, 1, 1], after[:, 2, 1], after[:, 0, 1], ended, flow[1:],
        )  # fmt: skip
        for step, row in enumerate(rows, start=1):
            coming, here, going_on, from_inside, unit, last, ends, ending, entering = row
            np.multiply(coming, here, here)
            np.add(going_on, from_inside, going_on)
            if step % rescaled_every == 0:
                state = states[step, 1:3]
                np.add.reduce(state, axis=(0, 1, 4), out=scales[step], initial=_TINY)
                state /= scales[step][:, :, None]
            np.add(unit, last, ends)
            if step < steps:
                self._cross.write(ending, entering)
        if steps < rescaled_every:
            return flow[:-1], ended, None
        return flow[:-1], ended, np.add.accumulate(np.log(scales))

    def _potentials(self, scores: Array, lengths: Array) -> Array:
        """`(T + 1, 4, 2, 4, B, K)` room for the states before and after each step of `_recur`.

        States after a step: what comes into each label, and what ends there; what begins, and what
        goes on, and each may go on or end; two more rows for what goes on. The last three have
        the weight of doing so at that step, which what comes from before is to be multiplied with.
        """
        batch, steps, _ = scores.shape
        states = np.empty((steps + 1, 4, 2, 4, batch, self._tags.shape[1]))
        states[0, 0, 0] = self._from_ends
        states[0, 1:3, 0] = 0
        # shape: (B, T, 4, K)
        weights = np.exp(scores).take(self._tags, axis=2)
        plain = states[1:, 1:, :, :2]
        for side, of_side in enumerate((weights, reverse(weights, lengths))):
            by_step = of_side.transpose(1, 2, 0, 3).take(self._places[side], axis=1)
            np.multiply(by_step, self._factors[:, :, side], plain[:, :, :, side])
        sharp = np.maximum(plain, self._least_sharp)
        # As many squares as make the power, which is faster than powers of any kind.
        for _ in range(self._power.bit_length() - 1):
            np.multiply(sharp, sharp, out=sharp)
        states[1:, 1:, :, 2:] = sharp
        return states

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
    that begins at a token; scaled `(T + 1, 4, B)`: what was scaled away of it, in log space, if
    anything was.
    begins `(B, T, 2, K)`: the share of all paths where a label begins at a token, plain and
    sharpened; total `(B, 2)`: the weight of all paths, in log space.
    """

    decoder: CRFDecoder
    scores: Array
    lengths: Array
    flow: Array
    scaled: Optional[Array]
    begins: Array
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
        found = [
            _surely(*row)
            for row in zip(
                sharp.argmax(axis=2).tolist(),
                np.maximum.reduce(sharp, axis=2).tolist(),
                np.add.reduce(sharp, axis=2).tolist(),
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
        score_at = self.scores[row].item
        lowest: float = min(map(score_at, range(len(tags)), tags))
        return lowest > _LEAST_SHARP_SCORE

    def begin_probabilities(self, row: int) -> Array:
        """`(T, K)` P(a label begins at a token) in a message; of `O`, that the token is outside."""
        probabilities: Array = self.begins[row, : self.lengths.item(row), 0]
        return probabilities

    def probability(self, row: int, span: Span) -> float:
        """P(this span of a message is an entity of this type)."""
        first, last, entity_type = span
        mass = self.decoder.weight(self.scores[row], span) - self.total.item(row, 0)
        for step, side in ((first, 0), (self.lengths.item(row) - 1 - last, 1)):
            flow = self.flow.item(step, side, row, 1 + entity_type)
            mass += math.log(flow) if flow else -math.inf
            if self.scaled is not None:
                mass += self.scaled.item(step, side, row)
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
