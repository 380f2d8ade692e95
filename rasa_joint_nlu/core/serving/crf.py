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
_HALF = math.log(0.5)


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
        # To look up one number, lists are faster than arrays.
        self._inner_of = own.inner.transpose(2, 0, 1).tolist()
        # shape: (4, K)
        self._tags = np.zeros((4, types + 1), np.int64)
        self._tags[:, 1:] = 1 + np.arange(types) * size + scheme.places[:, None]
        self._tags_of = self._tags.T.tolist()
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
        self._plain = _Recurrence(own, self._tags, 1, _LEAST_SCORE)
        self._sharp: Optional[_Recurrence] = None
        if all((abs(scores) < _MILD).all() for scores in own):
            self._sharp = _Recurrence(own, self._tags, _POWER, _LEAST_SHARP_SCORE)

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
        found = posterior.dominant()
        for search in (self._dominant_if_sharp, self._searched):
            unsure = [row for row, spans in enumerate(found) if spans is None]
            if unsure:
                for row, spans in zip(unsure, search(emissions[unsure], lengths[unsure])):
                    found[row] = spans
        return [spans or [] for spans in found], posterior

    def posterior(self, emissions: Array, lengths: Array) -> SpanPosterior:
        """Forward–backward over a batch, shapes as for `viterbi`."""
        return self._posterior(emissions, lengths, self._plain)

    def _dominant_if_sharp(self, emissions: Array, lengths: Array) -> List[Optional[List[Span]]]:
        """Best paths that have more than half of all sharpened weight, or None."""
        if not self._sharp:
            return [None] * len(emissions)
        return self._posterior(emissions, lengths, self._sharp).dominant()

    def _searched(self, emissions: Array, lengths: Array) -> List[List[Span]]:
        return list(map(self.scheme.spans_of, self.viterbi(emissions, lengths)))

    def _posterior(
        self, emissions: Array, lengths: Array, recurrence: _Recurrence
    ) -> SpanPosterior:
        highest = np.maximum.reduce(emissions, axis=2, keepdims=True)
        scores = np.subtract(emissions, highest, dtype=np.float64)
        np.maximum(scores, recurrence.least_score, out=scores)
        flow, ended, scaled = recurrence.run(scores, lengths)
        # shapes: (B, T, K), (B,)
        begins = reverse(ended[:, 1].swapaxes(0, 1), lengths) * flow[:, 0].swapaxes(0, 1)
        total = np.log(np.add.reduce(begins[:, 0], axis=1))
        share = -total[:, None]
        if scaled is not None:
            before, after = scaled[:-1], scaled[1:]
            of_right = reverse(after[:, 1].T, lengths)
            share = share + of_right + before[:, 0].T - of_right[:, :1]
            total += of_right[:, 0]
        # What overflows is padding, which nobody asks for.
        is_safe = scaled is None and min(lengths.tolist()) == emissions.shape[1]
        with contextlib.nullcontext() if is_safe else np.errstate(over="ignore"):
            begins *= np.exp(share)[..., None]
        return SpanPosterior(self, recurrence, scores, lengths, flow, scaled, begins, total)

    def weight(self, scores: Array, span: Span) -> float:
        """The log weight of an entity: what its tags score, and its steps from place to place."""
        first, last, entity_type = span
        tags = self.tags_of(1 + entity_type, 1 + last - first)
        inner = self._inner_weight(1 + entity_type, len(tags))
        weight: float = sum(map(scores.item, range(first, last + 1), tags)) + inner
        return weight

    def path_weight(self, path: Sequence[Tuple[int, int]]) -> float:
        """What the steps of a path weigh, in log space.

        Args:
            path: the labels in their order, and how many tokens each has.
        """
        labels = [label for label, _ in path]
        steps = sum(map(self._crossing.item, labels, labels[1:]))
        inner = sum(self._inner_weight(label, count) for label, count in path if count > 1)
        weight: float = self._start.item(labels[0]) + steps + inner + self._stop.item(labels[-1])
        return weight

    def tags_of(self, label: int, count: int) -> List[int]:
        """The tags of an entity of so many tokens, or of the label `O`."""
        begin, inside, last, unit = self._tags_of[label]
        return [unit] if count == 1 else [begin, *[inside] * (count - 2), last]

    def _inner_weight(self, label: int, count: int) -> float:
        """What the steps inside an entity of so many tokens weigh."""
        if count == 1:
            return 0.0
        (to_inside, to_last), (on, to_end) = self._inner_of[label]
        weight: float = to_last if count == 2 else to_inside + (count - 3) * on + to_end
        return weight


class _Recurrence:
    """Forward–backward, from both ends at once, of a CRF with all of its weights to some power.

    least_score: the least that an emission counts, before it is raised to the power.
    """

    def __init__(self, own: Scores, tags: Array, power: int, least_score: float) -> None:
        self.power, self.least_score = power, least_score
        # shape: (4, K)
        self._tags = tags
        factors = own.factors(power)
        # shape: (2, 1, K), (2, K, K)
        self._from_ends, self._cross = factors.edges[:, None], Blocks(factors.cross)
        # What a step does: an entity begins (to go on, or to end at once), or goes on from begin,
        # or from inside (again, to go on, or to end).
        from_left = [[BEGIN, UNIT], [INSIDE, LAST], [INSIDE, LAST]]
        from_right = [[LAST, UNIT], [INSIDE, BEGIN], [INSIDE, BEGIN]]
        # shape: (2 sides, 3 from, 2 to)
        self._places = np.array([from_left, from_right])
        # shape: (3 from, 2 to, 2 sides, 1, K)
        self._factors = np.ones((3, 2, 2, 1, tags.shape[1]))
        self._factors[1:, :, :, 0] = factors.stay.transpose(1, 2, 0, 3)
        # `O` does not go on, so what begins it to go on would lead nowhere.
        self._factors[0, 0, ..., 0] = 0
        # What a weight grows by in a step at most: an emission is 1 at most.
        most = factors.edges.max() + factors.cross.sum(axis=2).max() + factors.stay.max()
        growth = math.log(2 * most)
        self._rescaled_every = max(_RESCALED_OFTEN, min(_RESCALED_EVERY, int(_LARGEST / growth)))

    def run(self, scores: Array, lengths: Array) -> Tuple[Array, Array, Optional[Array]]:
        """What comes into each label and what ends there, `(T, 2, B, K)`, and what was scaled away.

        That is `(T + 1, 2, B)`, in log space, of what comes into a step and what comes out of the
        last; None if nothing was.
        """
        flow, ended, scaled = self._run(scores, lengths, self._rescaled_every)
        # Of what comes in, the label `O` has enough to tell.
        if np.minimum.reduce(flow[..., 0], axis=None) < _LEAST:
            return self._run(scores, lengths, _RESCALED_OFTEN)
        return flow, ended, scaled

    def _run(
        self, scores: Array, lengths: Array, rescaled_every: int
    ) -> Tuple[Array, Array, Optional[Array]]:
        states = self._potentials(scores, lengths)
        steps, _, _, sides, batch, _ = states[1:].shape
        flow, ended = states[:, 0, 0], states[1:, 0, 1]
        scaled = np.zeros((steps + 1, sides, batch))
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
                scale = np.add.reduce(state, axis=(0, 1, 4), initial=_TINY)
                state /= scale[:, :, None]
                scaled[step] = np.log(scale)
            np.add(unit, last, ends)
            if step < steps:
                self._cross.write(ending, entering)
        if steps < rescaled_every:
            return flow[:-1], ended, None
        return flow[:-1], ended, np.add.accumulate(scaled)

    def _potentials(self, scores: Array, lengths: Array) -> Array:
        """`(T + 1, 4, 2, 2, B, K)` room for the states before and after each step of `run`.

        States after a step: what comes into each label, and what ends there; what begins, and what
        goes on, and each may go on or end; two more rows for what goes on. The last three have
        the weight of doing so at that step, which what comes from before is to be multiplied with.
        """
        batch, steps, _ = scores.shape
        states = np.empty((steps + 1, 4, 2, 2, batch, self._tags.shape[1]))
        states[0, 0, 0] = self._from_ends
        states[0, 1:3, 0] = 0
        weights = np.exp(scores if self.power == 1 else self.power * scores)
        # shape: (B, T, 4, K)
        weights = weights.take(self._tags, axis=2)
        for side, of_side in enumerate((weights, reverse(weights, lengths))):
            by_step = of_side.transpose(1, 2, 0, 3).take(self._places[side], axis=1)
            np.multiply(by_step, self._factors[:, :, side], states[1:, 1:, :, side])
        return states


@dataclass(frozen=True)
class SpanPosterior:
    """Probabilities of whole entities in a batch.

    scores `(B, T, tags)`, in log space; lengths `(B,)`.
    flow `(T, 2, B, K)`: from the left and from the right, the weight of all that comes before a
    label that begins at a token; scaled `(T + 1, 2, B)`: what was scaled away of it, in log space,
    if anything was.
    begins `(B, T, K)`: the share of all paths where a label begins at a token; total `(B,)`: the
    weight of all paths, in log space.
    """

    decoder: CRFDecoder
    recurrence: _Recurrence
    scores: Array
    lengths: Array
    flow: Array
    scaled: Optional[Array]
    begins: Array
    total: Array

    def dominant(self) -> List[Optional[List[Span]]]:
        """The entities of each message's best path, or None where it is not clear which that is.

        A path that has more than half of the weight of all is the best one, and no other has to be
        looked at. At each token, the likelier of what can happen there (a label begins, or none
        does) makes up a path; its weight is worked out. Weights to a power have the same order, and
        the best of them more of the whole.

        Emissions are cut off at the `least_score` of the recurrence, which makes paths better at
        most; as long as none of this path is cut off, no other one was better before either.
        """
        shares = self.begins
        rows = zip(
            self.scores,
            self.total.tolist(),
            shares.argmax(axis=2).tolist(),
            np.maximum.reduce(shares, axis=2).tolist(),
            np.add.reduce(shares, axis=2).tolist(),
            self.lengths.tolist(),
        )
        return [
            self._if_dominant(scores, total, _likeliest(*of_tokens))
            for scores, total, *of_tokens in rows
        ]

    def _if_dominant(
        self, scores: Array, total: float, path: Sequence[Tuple[int, int]]
    ) -> Optional[List[Span]]:
        """The entities of a path through a message, if it has more than half of the weight.

        Args:
            path: the labels in their order, and how many tokens each has.
        """
        spans: List[Span] = []
        tags: List[int] = []
        for label, count in path:
            if label:
                spans.append((len(tags), len(tags) + count - 1, label - 1))
                tags += self.decoder.tags_of(label, count)
            elif count == 1:
                tags.append(0)
            else:
                return None
        emissions = list(map(scores.item, range(len(tags)), tags))
        if min(emissions) <= self.recurrence.least_score:
            return None
        weight = sum(emissions) + self.decoder.path_weight(path)
        return spans if self.recurrence.power * weight - total > _HALF else None

    def begin_probabilities(self, row: int) -> Array:
        """`(T, K)` P(a label begins at a token) in a message; of `O`, that the token is outside."""
        probabilities: Array = self.begins[row, : self.lengths.item(row)]
        return probabilities

    def probability(self, row: int, span: Span) -> float:
        """P(this span of a message is an entity of this type)."""
        first, last, entity_type = span
        mass = self.decoder.weight(self.scores[row], span) - self.total.item(row)
        for step, side in ((first, 0), (self.lengths.item(row) - 1 - last, 1)):
            flow = self.flow.item(step, side, row, 1 + entity_type)
            mass += math.log(flow) if flow else -math.inf
            if self.scaled is not None:
                mass += self.scaled.item(step, side, row)
        return math.exp(min(0.0, mass))


def _likeliest(
    labels: Sequence[int], shares: Sequence[float], any_share: Sequence[float], length: int
) -> List[Tuple[int, int]]:
    """What is the likeliest to begin at each token, where that is likelier than nothing.

    Args:
        labels: the likeliest to begin at each token.
        shares: how likely that is.
        any_share: how likely it is that any begins there; for certain at the first.

    Returns:
        The labels in their order, and how many tokens each has.
    """
    path: List[Tuple[int, int]] = []
    end = length
    for step in range(length - 1, 0, -1):
        if shares[step] + any_share[step] >= 1:
            path.append((labels[step], end - step))
            end = step
    return [(labels[0], end), *path[::-1]]
