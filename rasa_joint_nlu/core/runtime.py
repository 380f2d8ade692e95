"""The trained network in NumPy: EncodedBatch → NetworkOutput.

The same computation as `rasa_joint_nlu.core.training.network` in evaluation mode, without torch:
importing torch would cost a serving process seconds and hundreds of megabytes. A runtime is
never changed after it is built, so any number of threads can share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Mapping, Optional, Tuple

import numpy as np

from rasa_joint_nlu.core.batch import EncodedBatch, NetworkOutput, TokenTable, reversal
from rasa_joint_nlu.core.data import Array
from rasa_joint_nlu.core.decoding import CRFDecoder
from rasa_joint_nlu.core.encoding import Encoder

_HALF = np.float32(0.5)
_TOKENS_AT_ONCE = 1024


class Runtime:
    """One trained network, ready to answer."""

    def __init__(self, weights: Mapping[str, Array], encoder: Encoder) -> None:
        """Prepare weights, under the names of the torch network's `state_dict`."""
        self._weights = weights
        self._features = encoder.features
        words = weights["word_embedding"]
        if "pretrained" in weights:
            words = words + weights["pretrained"] @ weights["pretrained_projection"]
        self._words = words
        self._tokens = words + self._ngram_means(encoder.vocabulary.known)
        self._lstm = _StackedLSTM.of(weights)
        self.crf: Optional[CRFDecoder] = None
        if "emission.weight" in weights:
            self.crf = CRFDecoder(weights, encoder.scheme)

    @property
    def type_weights(self) -> Tuple[Optional[Array], Optional[Array]]:
        """`(types, roles + 1)` and `(types, groups + 1)`: what a type says of role and group."""
        return self._weights.get("type_role"), self._weights.get("type_group")

    def run(self, batch: EncodedBatch) -> NetworkOutput:
        """Both heads' logits for a batch."""
        mask = batch.mask[:, :, None]
        tokens = self._embed(batch) * mask
        states = self._lstm.run(tokens, batch.lengths)
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
        means = np.zeros((len(table), vectors.shape[1]), np.float32)
        known = np.flatnonzero(counts)
        for start in range(0, len(known), _TOKENS_AT_ONCE):
            tokens = known[start : start + _TOKENS_AT_ONCE]
            begins = table.ngram_offsets[tokens]
            bags = vectors[table.ngram_ids[begins[0] : begins[-1] + counts[tokens[-1]]]]
            sums = np.add.reduceat(bags, begins - begins[0])
            means[tokens] = sums / counts[tokens, None].astype(np.float32)
        return means

    def _embed(self, batch: EncodedBatch) -> Array:
        """`(B, T, D)` token representations; padding is not masked yet."""
        known = len(self._tokens)
        tokens: Array = self._tokens[np.minimum(batch.token_ids, known - 1)]
        if len(batch.further):
            new = self._words[batch.further.word_ids] + self._ngram_means(batch.further)
            is_new = batch.token_ids >= known
            tokens[is_new] = new[batch.token_ids[is_new] - known]
        for projected in self._projected(batch, "sequence"):
            tokens += projected.reshape(tokens.shape)
        return tokens

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
class _StackedLSTM:
    """Both directions of a BiLSTM (Hochreiter & Schmidhuber 1997) as one recurrence.

    weight_ih `(2, D, 4H)`, weight_hh `(2, H, 4H)`, bias `(2, 1, 1, 4H)`; gates are in the order
    input, forget, output, cell, and the first three are halved: sigmoid(x) = (1 + tanh(x / 2)) / 2,
    so that one tanh serves all four.
    """

    weight_ih: Array
    weight_hh: Array
    bias: Array

    @classmethod
    def of(cls, weights: Mapping[str, Array]) -> _StackedLSTM:
        """Take the LSTM's part of a torch network's weights, gates i, f, g, o."""

        def stacked(name: str) -> Array:
            directions = [weights[f"lstm.{name}_l0{suffix}"] for suffix in ("", "_reverse")]
            i, f, g, o = np.split(np.stack(directions), 4, axis=1)
            return np.concatenate([i / 2, f / 2, o / 2, g], axis=1)

        return cls(
            np.ascontiguousarray(stacked("weight_ih").swapaxes(1, 2)),
            np.ascontiguousarray(stacked("weight_hh").swapaxes(1, 2)),
            (stacked("bias_ih") + stacked("bias_hh"))[:, None, None],
        )

    def run(self, tokens: Array, lengths: Array) -> Array:
        """`(B, T, 2H)` states for `(B, T, D)` tokens, 0 at padding."""
        batch, steps, _ = tokens.shape
        size = self.weight_hh.shape[1]
        by_length = np.argsort(-lengths, kind="stable")
        lengths = lengths[by_length]
        rows, backward = by_length[:, None], reversal(lengths, steps)
        # shape: (T, 2, B, 4H)
        entering = np.stack([tokens[by_length], tokens[rows, backward]])
        entering = (entering @ self.weight_ih[:, None] + self.bias).transpose(2, 0, 1, 3)
        running = np.searchsorted(-lengths, -np.arange(steps), side="left").tolist()
        hidden = np.zeros((2, batch, size), np.float32)
        cell = np.zeros((2, batch, size), np.float32)
        states = np.zeros((2, batch, steps, size), np.float32)
        for step, count in enumerate(running):
            if count < hidden.shape[1]:
                hidden, cell = hidden[:, :count], cell[:, :count]
            gates = np.tanh(entering[step, :, :count] + hidden @ self.weight_hh)
            opened = gates[..., : 3 * size] * _HALF + _HALF
            cell = opened[..., size : 2 * size] * cell + opened[..., :size] * gates[..., 3 * size :]
            hidden = opened[..., 2 * size :] * np.tanh(cell)
            states[:, :count, step] = hidden
        result = np.empty((batch, steps, 2 * size), np.float32)
        result[by_length, :, :size] = states[0]
        result[rows, backward, size:] = states[1]
        return result


def softmax(logits: Array, axis: int = -1) -> Array:
    """Probabilities that sum to 1 along an axis."""
    powers: Array = np.exp(logits - logits.max(axis=axis, keepdims=True))
    shares: Array = powers / powers.sum(axis=axis, keepdims=True)
    return shares
