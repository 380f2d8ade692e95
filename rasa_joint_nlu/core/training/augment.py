"""More examples from the same annotations: an entity's value swapped for another of its type."""

from __future__ import annotations

import dataclasses

import numpy as np

from rasa_joint_nlu.core.batch import ranges
from rasa_joint_nlu.core.encoding import EncodedCorpus


class ValueSwap:
    """Draws corpora in which entity values of one type have changed places.

    In half of the messages, each entity is replaced with probability `rate` by a random one of
    its type, tags and features of its tokens included; its role and group stay. Tokens move by
    indexing alone, so a corpus of any size costs a few array operations.
    """

    def __init__(self, corpus: EncodedCorpus, rate: float) -> None:
        assert corpus.spans is not None
        self._corpus, self._rate = corpus, rate
        spans = corpus.spans
        self._message = spans.example
        self._starts = corpus.offsets[self._message] + spans.first
        self._lengths = spans.last - spans.first + 1
        self._by_type = np.argsort(spans.type, kind="stable")
        sizes = np.bincount(spans.type) if len(spans.type) else np.zeros(0, np.int64)
        self._group_size = sizes[spans.type]
        self._group_start = (np.cumsum(sizes) - sizes)[spans.type]
        # Pieces: every span, and every token outside of spans, in order.
        inner = np.zeros(len(corpus.token_ids) + 1, np.int64)
        np.add.at(inner, self._starts, 1)
        np.add.at(inner, self._starts + self._lengths, -1)
        outside = np.flatnonzero(np.cumsum(inner[:-1]) == 0)
        starts = np.concatenate([self._starts, outside])
        self._order = np.argsort(starts)
        self._piece_starts = starts
        self._piece_lengths = np.concatenate([self._lengths, np.ones(len(outside), np.int64)])
        owners = np.repeat(np.arange(len(corpus)), corpus.lengths)
        self._piece_message = owners[starts]

    def draw(self, rng: np.random.Generator) -> EncodedCorpus:
        """A new corpus; messages keep their numbers."""
        corpus = self._corpus
        assert corpus.spans is not None
        spans = len(self._starts)
        swapped = (rng.random(len(corpus)) < 0.5)[self._message] & (rng.random(spans) < self._rate)
        drawn = self._by_type[
            self._group_start + (rng.random(spans) * self._group_size).astype(np.int64)
        ]
        source = np.where(swapped, drawn, np.arange(spans))
        starts, lengths = self._piece_starts.copy(), self._piece_lengths.copy()
        starts[:spans], lengths[:spans] = self._starts[source], self._lengths[source]
        ends = np.cumsum(lengths[self._order])
        placed = np.empty_like(starts)
        placed[self._order] = ends - lengths[self._order]
        totals = np.bincount(self._piece_message, lengths, len(corpus)).astype(np.int64)
        offsets = np.concatenate([[0], np.cumsum(totals)])
        first = placed[:spans] - offsets[self._message]
        return dataclasses.replace(
            corpus,
            rows=corpus.rows[ranges(starts[self._order], lengths[self._order])],
            offsets=offsets,
            spans=dataclasses.replace(
                corpus.spans, first=first, last=first + self._lengths[source] - 1
            ),
        )
