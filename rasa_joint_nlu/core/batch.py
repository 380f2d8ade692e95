"""The page where every shape is written.

Batch first everywhere; `B` messages, `T` tokens in the longest of them, `S` entity spans,
`U` rows of a token table. Tag 0 is `O`; label 0 is `O`, label `1 + i` is entity type `i`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array, FeatureMatrix
from rasa_joint_nlu.core.text.ngrams import Form


def inside(lengths: Array, steps: int) -> Array:
    """`(B, T)` True = a token, of messages of `(B,)` lengths, padded to so many steps."""
    mask: Array = np.arange(steps) < lengths[:, None]
    return mask


def inside_and_reversal(lengths: Array, steps: int) -> Tuple[Array, Array]:
    """`inside`, and `(B, T)` positions from the last token to the first, padding in place.

    The reversal of the reversal is the message again.
    """
    positions, mask = np.arange(steps), inside(lengths, steps)
    return mask, np.where(mask, lengths[:, None] - 1 - positions, positions)


def reverse(values: Array, lengths: Array) -> Array:
    """`(B, T, …)` values of each message from its last token to its first, padding in place."""
    if min(lengths.tolist()) == values.shape[1]:
        return values[:, ::-1]
    _, positions = inside_and_reversal(lengths, values.shape[1])
    reversed_values: Array = values[np.arange(len(values))[:, None], positions]
    return reversed_values


def ranges(starts: Array, counts: Array) -> Array:
    """`concatenate([arange(s, s + c) for s, c in zip(starts, counts)])`, without the loop.

    They have the type of the starts, for there may be millions.
    """
    offsets = (starts - np.cumsum(counts) + counts).astype(starts.dtype)
    indices: Array = np.repeat(offsets, counts)
    indices += np.arange(len(indices), dtype=indices.dtype)
    return indices


@dataclass(frozen=True)
class Bags:
    """For each token, the rows of a table that it is made of.

    ids: `(N,)` rows, the tokens' bags one after the other.
    offsets: `(U + 1,)` where each token's bag begins in `ids`; its last is `N`.
    """

    ids: Array
    offsets: Array

    @classmethod
    def of(cls, bags: Iterable[Iterable[int]]) -> Bags:
        """Put bags one after the other."""
        ids: List[int] = []
        offsets = [0]
        for bag in bags:
            ids.extend(bag)
            offsets.append(len(ids))
        return cls(np.array(ids, np.int64), np.array(offsets, np.int64))

    @property
    def counts(self) -> Array:
        """`(U,)` how many rows each token has."""
        counts: Array = self.offsets[1:] - self.offsets[:-1]
        return counts

    def of_tokens(self, tokens: Array) -> Bags:
        """The bags of these tokens, in their order."""
        starts = self.offsets[tokens]
        counts = self.offsets[tokens + 1] - starts
        offsets = np.concatenate([[0], np.cumsum(counts)])
        return Bags(self.ids[ranges(starts, counts)], offsets)

    def followed_by(self, other: Bags) -> Bags:
        """The bags of both."""
        return Bags(
            np.concatenate([self.ids, other.ids]),
            np.concatenate([self.offsets, self.offsets[-1] + other.offsets[1:]]),
        )


@dataclass(frozen=True)
class TokenTable:
    """Distinct tokens, each once.

    word_ids: `(U,)` row of each token in the word embedding, 0 = unknown word.
    ngrams: bags of rows of the n-gram embedding.
    vectors: bags of rows of the pretrained vectors: of the word, or of its pieces.
    """

    word_ids: Array
    ngrams: Bags
    vectors: Bags

    def __len__(self) -> int:
        return len(self.word_ids)

    def followed_by(self, other: TokenTable) -> TokenTable:
        """The tokens of both tables."""
        if not len(other):
            return self
        return TokenTable(
            np.concatenate([self.word_ids, other.word_ids]),
            self.ngrams.followed_by(other.ngrams),
            self.vectors.followed_by(other.vectors),
        )


@dataclass(frozen=True)
class Spans:
    """Entities as positions in a batch.

    example: `(S,)` row in the batch; first, last: `(S,)` token positions, both inclusive;
    type: `(S,)`; role, group: `(S,)`, 0 = none.
    """

    example: Array
    first: Array
    last: Array
    type: Array
    role: Array
    group: Array


class Trust(NamedTuple):
    """How likely labels are right, of intents `(B,)` and of entities `(B,)`; 1 = annotated."""

    intents: Array
    entities: Array


@dataclass(frozen=True)
class Targets:
    """The right answers: intent_ids `(B,)`, -1 = not known; tag_ids `(B, T)`; spans.

    trust: None = all are annotated.
    """

    intent_ids: Array
    tag_ids: Array
    spans: Spans
    trust: Optional[Trust] = None


@dataclass(frozen=True)
class EncodedBatch:
    """Messages as arrays.

    token_ids: `(B, T)` row in the model's token table, or, from its length on, place in `further`;
    lengths: `(B,)` tokens of each message, at least 1;
    features: sequence features `(B * T, size)`, row `b * T + t`; sentence features `(B, size)`;
    further: of messages to understand, the unknown words, and the characters in their context.
    """

    token_ids: Array
    lengths: Array
    features: Dict[str, FeatureMatrix]
    further: Sequence[Form] = ()
    targets: Optional[Targets] = None

    @property
    def mask(self) -> Array:
        """`(B, T)` bool, True = a real token."""
        return inside(self.lengths, self.token_ids.shape[1])

    def of_messages(self, rows: Array) -> EncodedBatch:
        """These messages alone, with as much padding, without targets."""
        steps = self.token_ids.shape[1]
        tokens = (rows[:, None] * steps + np.arange(steps)).ravel()
        features = {
            name: matrix[rows if matrix.shape[0] == len(self.lengths) else tokens]
            for name, matrix in self.features.items()
        }
        return EncodedBatch(self.token_ids[rows], self.lengths[rows], features, self.further)


@dataclass(frozen=True)
class NetworkOutput:
    """What the network says, before decoding; None for a head it does not have.

    intent_logits: `(B, intents)`; attention: `(B, T)`, rows sum to 1;
    emissions: `(B, T, tags)`; role_logits `(B, T, roles + 1)`, group_logits `(B, T, groups + 1)`:
    per token; a span's logits are those of its first plus those of its last token;
    votes: `(B,)` the sum of the words' votes for the intent that they favour;
    awaited: `(B,)` how many unknown words are what is asked for, and no sign that a message is out
    of scope; None = none in any.
    """

    intent_logits: Optional[Array]
    attention: Optional[Array]
    emissions: Optional[Array]
    role_logits: Optional[Array]
    group_logits: Optional[Array]
    votes: Optional[Array] = None
    awaited: Optional[Array] = None
