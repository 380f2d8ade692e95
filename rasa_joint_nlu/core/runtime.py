"""The trained network in NumPy: EncodedBatch → NetworkOutput, Viterbi, forward–backward.

The same computation as `rasa_joint_nlu.core.training.network` in evaluation mode, without torch:
importing torch would cost a serving process seconds and hundreds of megabytes. A runtime is
never changed after it is built, so any number of threads can share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Mapping, Optional, Tuple

import numpy as np
from scipy import sparse

from rasa_joint_nlu.core.batch import EncodedBatch, NetworkOutput, TokenTable
from rasa_joint_nlu.core.data import Array
from rasa_joint_nlu.core.encoding import Encoder


class Runtime:
    """One trained network, ready to answer."""

    def __init__(self, weights: Mapping[str, Array], encoder: Encoder) -> None:
        """Prepare weights, under the names of the torch network's `state_dict`."""
        self._weights = weights
        self._features = encoder.features
        words = weights["word_embedding"]
        if "pretrained" in weights:
            words = words + weights["pretrained"] @ weights["pretrained_projection"]
        self._unknown_word = words[0]
        self._tokens = words + self._ngram_means(encoder.vocabulary.known)
        # shapes: (D, 4H), (H, 4H), (4H,); the forward direction, then the backward one
        self._lstm = [
            (
                np.ascontiguousarray(weights[f"lstm.weight_ih_l0{direction}"].T),
                np.ascontiguousarray(weights[f"lstm.weight_hh_l0{direction}"].T),
                weights[f"lstm.bias_ih_l0{direction}"] + weights[f"lstm.bias_hh_l0{direction}"],
            )
            for direction in ("", "_reverse")
        ]
        self.crf: Optional[CRFWeights] = None
        if "emission.weight" in weights:
            self.crf = CRFWeights.of(weights, encoder)

    @property
    def type_weights(self) -> Tuple[Optional[Array], Optional[Array]]:
        """`(types, roles + 1)` and `(types, groups + 1)`: what a type says of role and group."""
        return self._weights.get("type_role"), self._weights.get("type_group")

    def run(self, batch: EncodedBatch) -> NetworkOutput:
        """Both heads' logits for a batch."""
        mask = batch.mask[:, :, None]
        tokens = self._embed(batch) * mask
        states = self._encode(tokens, batch.lengths)
        intent_logits = attention = None
        if "intent.weight" in self._weights:
            intent_logits, attention = self._intent(states, tokens, mask, batch)
        slots = self._slots(states, tokens)
        return NetworkOutput(
            intent_logits,
            attention,
            *(
                self._linear(slots, head) if f"{head}.weight" in self._weights else None
                for head in ("emission", "role", "group")
            ),
        )

    def _ngram_means(self, table: TokenTable) -> Array:
        """`(U, D)` mean of each token's n-gram vectors, 0 where it has none."""
        vectors = self._weights["ngram_embedding"]
        counts = np.diff(table.ngram_offsets)
        shares = np.repeat(1 / np.maximum(counts, 1), counts).astype(np.float32)
        bags = sparse.csr_matrix(
            (shares, table.ngram_ids, table.ngram_offsets), (len(table), len(vectors))
        )
        means: Array = bags @ vectors
        return means

    def _embed(self, batch: EncodedBatch) -> Array:
        """`(B, T, D)` token representations; padding is not masked yet."""
        known = len(self._tokens)
        tokens: Array = self._tokens[np.minimum(batch.token_ids, known - 1)]
        if len(batch.unknown):
            new = self._unknown_word + self._ngram_means(batch.unknown)
            is_new = batch.token_ids >= known
            tokens[is_new] = new[batch.token_ids[is_new] - known]
        for projected in self._projected(batch, "sequence"):
            tokens += projected.reshape(tokens.shape)
        return tokens

    def _encode(self, tokens: Array, lengths: Array) -> Array:
        """`(B, T, 2H)` states of the BiLSTM (Hochreiter & Schmidhuber 1997), 0 at padding."""
        order = np.argsort(-lengths, kind="stable")
        steps = tokens.shape[1]
        running = np.searchsorted(-lengths[order], -np.arange(steps), side="left")
        tokens = tokens[order].transpose(1, 0, 2)
        size = self._lstm[0][1].shape[0]
        states = np.zeros((len(lengths), steps, 2 * size), np.float32)
        for direction, (weight_ih, weight_hh, bias) in enumerate(self._lstm):
            # shape: (T, B, 4H)
            entering = tokens @ weight_ih + bias
            hidden = np.zeros((len(lengths), size), np.float32)
            cell = np.zeros((len(lengths), size), np.float32)
            part = slice(direction * size, (direction + 1) * size)
            for step in range(steps)[:: -1 if direction else 1]:
                count = running[step]
                gates = entering[step, :count] + hidden[:count] @ weight_hh
                sigmoids = _sigmoid(gates)
                cell[:count] = sigmoids[:, size : 2 * size] * cell[:count] + sigmoids[
                    :, :size
                ] * np.tanh(gates[:, 2 * size : 3 * size])
                hidden[:count] = sigmoids[:, 3 * size :] * np.tanh(cell[:count])
                states[order[:count], step, part] = hidden[:count]
        return states

    def _intent(
        self, states: Array, tokens: Array, mask: Array, batch: EncodedBatch
    ) -> Tuple[Array, Array]:
        scores = np.where(mask, self._linear(states, "attention"), -np.inf)
        weights = softmax(scores, axis=1)
        pooled = np.concatenate(
            [
                (weights * states).sum(1),
                np.where(mask, states, -np.inf).max(1),
                tokens.sum(1) / batch.lengths[:, None],
                np.where(mask, tokens, -np.inf).max(1),
            ],
            axis=1,
        ).astype(np.float32)
        logits = self._linear(pooled, "intent")
        for projected in self._projected(batch, "sentence"):
            logits = logits + projected
        return logits, weights[:, :, 0]

    def _slots(self, states: Array, tokens: Array) -> Array:
        nothing = np.zeros_like(tokens[:, :1])
        left = np.concatenate([nothing, tokens[:, :-1]], axis=1)
        right = np.concatenate([tokens[:, 1:], nothing], axis=1)
        return np.concatenate([states, tokens, left, right], axis=2)

    def _projected(self, batch: EncodedBatch, level: str) -> Iterator[Array]:
        for index, spec in enumerate(self._features):
            if spec.level == level:
                yield batch.features[spec.name] @ self._weights[f"features.{index}"]

    def _linear(self, values: Array, name: str) -> Array:
        result: Array = values @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result


@dataclass(frozen=True)
class CRFWeights:
    """The CRF of `rasa_joint_nlu.core.training.crf`, for decoding; weights in log space."""

    transitions: Array
    start: Array
    stop: Array
    inner: Array
    begins: Array
    ends: Array

    @classmethod
    def of(cls, weights: Mapping[str, Array], encoder: Encoder) -> CRFWeights:
        """Take the CRF's part of a network's weights; what the scheme forbids becomes -inf."""
        scheme = encoder.scheme
        inner = np.where(scheme.continues, weights["crf.inner"], -np.inf)
        return cls(
            weights["crf.transitions"].astype(np.float64),
            weights["crf.start"].astype(np.float64),
            weights["crf.stop"].astype(np.float64),
            inner.astype(np.float64),
            scheme.begins,
            scheme.ends,
        )

    def viterbi(self, emissions: Array, lengths: Array) -> Array:
        """`(B, T)` the most probable legal tags (Viterbi 1967); 0 at padding.

        The way back is found again along the best path, which is cheaper than to keep the
        origin of every tag at every step.
        """
        batch, steps, num_tags = emissions.shape
        types, positions = self.inner.shape[:2]
        rows = np.arange(batch)
        may_begin = np.where(self.begins, 0.0, -np.inf)
        may_end = np.where(self.ends, 0.0, -np.inf)
        best = np.empty((steps, batch, num_tags))
        # shape: (T, B, labels); the best score of a tag that may end each label
        ended = np.empty((steps, batch, types + 1))
        for step in range(steps):
            if step == 0:
                entering = np.repeat(self.start[None], batch, axis=0)
                typed = entering[:, 1:, None] + may_begin
            else:
                entering = (ended[step - 1, :, :, None] + self.transitions).max(1)
                going_on = (typed[:, :, :, None] + self.inner).max(2)
                typed = np.maximum(going_on, entering[:, 1:, None] + may_begin)
            best[step, :, 0] = entering[:, 0]
            best[step, :, 1:] = typed.reshape(batch, -1)
            best[step] += emissions[:, step]
            typed = best[step, :, 1:].reshape(batch, types, positions)
            ended[step, :, 0] = best[step, :, 0]
            ended[step, :, 1:] = (typed + may_end).max(2)

        def last_tag(step: Array, label: Array) -> Array:
            typed = best[step, rows, 1:].reshape(batch, types, positions)
            place = (typed[rows, label - 1] + may_end).argmax(1)
            return np.where(label > 0, 1 + (label - 1) * positions + place, 0)

        last = lengths - 1
        tag = last_tag(last, (ended[last, rows] + self.stop).argmax(1))
        path = np.zeros((batch, steps), np.int64)
        for step in range(steps - 1, -1, -1):
            running = step < lengths
            path[:, step] = np.where(running, tag, 0)
            if step:
                entity_type, place = (tag - 1) // positions, (tag - 1) % positions
                crossing = ended[step - 1] + self.transitions[:, entity_type + 1].T
                typed = best[step - 1, :, 1:].reshape(batch, types, positions)
                going_on = typed[rows, entity_type] + self.inner[entity_type, :, place]
                may_cross = (tag == 0) | self.begins[place]
                crosses = may_cross & ((tag == 0) | (crossing.max(1) > going_on.max(1)))
                inside = 1 + entity_type * positions + going_on.argmax(1)
                before = last_tag(np.full(batch, step - 1), crossing.argmax(1))
                tag = np.where(running, np.where(crosses, before, inside), tag)
        return path

    def posterior(self, emissions: Array, length: int) -> SpanPosterior:
        """Forward–backward over one message's emissions `(T, tags)`."""
        types, positions = self.inner.shape[:2]
        peak = emissions[:length].max(1, keepdims=True)
        potentials = np.exp(emissions[:length].astype(np.float64) - peak)
        outer, inside = np.exp(self.transitions), np.exp(self.inner)

        def by_label(states: Array, flags: Array) -> Array:
            typed = states[1:].reshape(types, positions) @ flags
            return np.concatenate([states[:1], typed])

        def by_tag(labels: Array, flags: Array, typed: Array) -> Array:
            return np.concatenate([labels[:1], (typed + labels[1:, None] * flags).ravel()])

        # Probability flowing into the label of each token from outside, and out of it.
        entering = np.empty((length, types + 1))
        leaving = np.empty((length, types + 1))
        scale = np.empty(length)
        alpha = np.empty(0)
        for step in range(length):
            if step == 0:
                entering[0] = np.exp(self.start)
                going_on = np.zeros((types, positions))
            else:
                entering[step] = by_label(alpha, self.ends) @ outer
                going_on = (alpha[1:].reshape(types, positions, 1) * inside).sum(1)
            alpha = potentials[step] * by_tag(entering[step], self.begins, going_on)
            scale[step] = alpha.sum()
            alpha /= scale[step]
        total = by_label(alpha, self.ends) @ np.exp(self.stop)
        leaving[-1] = np.exp(self.stop)
        beta = by_tag(leaving[-1], self.ends, np.zeros((types, positions)))
        for step in range(length - 2, -1, -1):
            ahead = potentials[step + 1] * beta / scale[step + 1]
            going_on = (inside * ahead[1:].reshape(types, 1, positions)).sum(2)
            leaving[step] = outer @ by_label(ahead, self.begins)
            beta = by_tag(leaving[step], self.ends, going_on)
        return SpanPosterior(potentials / scale[:, None], entering, leaving / total, inside)


@dataclass(frozen=True)
class SpanPosterior:
    """Probabilities of whole entities of one message, under the CRF.

    potentials `(T, tags)`; entering, leaving `(T, labels)`; inside `(types, P, P)`.
    """

    potentials: Array
    entering: Array
    leaving: Array
    inside: Array

    def of(self, first: int, tags: Array, entity_type: int) -> float:
        """P(an entity of this type covers exactly these tokens), given its tags."""
        places = (tags - 1) % self.inside.shape[1]
        mass = self.entering[first, entity_type + 1]
        mass = mass * np.prod(self.potentials[np.arange(first, first + len(tags)), tags])
        mass = mass * np.prod(self.inside[entity_type, places[:-1], places[1:]])
        return float(min(1.0, mass * self.leaving[first + len(tags) - 1, entity_type + 1]))


def softmax(logits: Array, axis: int = -1) -> Array:
    """Probabilities that sum to 1 along an axis."""
    powers: Array = np.exp(logits - logits.max(axis=axis, keepdims=True))
    shares: Array = powers / powers.sum(axis=axis, keepdims=True)
    return shares


def _sigmoid(values: Array) -> Array:
    result: Array = np.tanh(values * np.float32(0.5)) * np.float32(0.5) + np.float32(0.5)
    return result
