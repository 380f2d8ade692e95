"""More examples from the same annotations: values swapped for others of their type, or hidden."""

from __future__ import annotations

import dataclasses

import numpy as np

from rasa_joint_nlu.core.arrays import Array, FeatureMatrix, is_sparse
from rasa_joint_nlu.core.batch import Bags, EncodedBatch, TokenTable, ranges
from rasa_joint_nlu.core.encoding import EncodedCorpus

HIDDEN = 0.3
"""How often a value is hidden that patterns match, where a word beside it tells its type."""
TELLING = 0.75
"""In which part of the places where it stands a word stands beside a type, if it tells it."""


class ValueSwap:
    """Draws corpora in which entity values of one type have changed places.

    In half of the messages, each entity is replaced with probability `rate` by a random one of
    its type, tags and features of its tokens included; its role and group stay. Tokens move by
    indexing alone, so a corpus of any size costs a few array operations.
    """

    def __init__(self, corpus: EncodedCorpus, rate: float) -> None:
        self._corpus, self._rate = corpus, rate
        spans = corpus.spans
        self._message = spans.example
        self._starts = (corpus.offsets[self._message] + spans.first).astype(np.int32)
        self._lengths = spans.last - spans.first + 1
        self._by_type = np.argsort(spans.type, kind="stable").astype(np.int32)
        sizes = np.bincount(spans.type).astype(np.int32)
        self._group_size = sizes[spans.type]
        self._group_start = (np.cumsum(sizes) - sizes).astype(np.int32)[spans.type]
        # Pieces are, in turn, what is before a span and the span, and what is after the last one.
        self._order = np.argsort(self._starts, kind="stable").astype(np.int32)
        ends = (self._starts + self._lengths)[self._order]
        starts = np.append(self._starts[self._order], np.int32(len(corpus.rows)))
        self._gap_starts = np.append(np.int32(0), ends)
        self._gap_lengths = starts - self._gap_starts

    def draw(self, rng: np.random.Generator) -> EncodedCorpus:
        """A new corpus; messages keep their numbers."""
        corpus = self._corpus
        spans = len(self._starts)
        swapped = (rng.random(len(corpus)) < 0.5)[self._message] & (rng.random(spans) < self._rate)
        drawn = self._by_type[
            self._group_start + (rng.random(spans) * self._group_size).astype(np.int32)
        ]
        source = np.where(swapped, drawn, np.arange(spans))
        lengths = self._lengths[source]
        piece_starts = self._gap_starts.repeat(2)[:-1]
        piece_lengths = self._gap_lengths.repeat(2)[:-1]
        piece_starts[1::2] = self._starts[source[self._order]]
        piece_lengths[1::2] = lengths[self._order]
        placed = np.empty_like(self._starts)
        placed[self._order] = np.cumsum(piece_lengths)[1::2] - piece_lengths[1::2]
        longer = np.bincount(self._message, lengths - self._lengths, len(corpus))
        totals = corpus.lengths + longer.astype(np.int64)
        offsets = np.append(0, np.cumsum(totals))
        first = placed - offsets[self._message]
        return dataclasses.replace(
            corpus,
            rows=corpus.rows[ranges(piece_starts, piece_lengths)],
            offsets=offsets,
            spans=dataclasses.replace(corpus.spans, first=first, last=first + lengths - 1),
        )


class ValueHiding:
    """Draws batches in which some of the values that patterns match are hidden.

    Where a lookup table has all values of training, its feature would be all that is learnt of
    them, and what it does not have would not be found. So the feature is hidden at times, and the
    words with it: but only where a word beside the value tells its type, or else whatever stands in
    its place would be one. Characters of scripts without spaces are no words, and stay.

    What takes the place of a hidden token is an unknown word with n-grams that mean nothing: as
    many as another token has, of random ones.

    table: the corpus's tokens, and after them the unknown ones.
    """

    def __init__(self, corpus: EncodedCorpus, rng: np.random.Generator) -> None:
        """Look for patterns, and for values beside a word that tells; without, nothing is drawn."""
        self._corpus, self.table, self._known = corpus, corpus.table, len(corpus.table)
        self._patterns = [
            name
            for name, matrix in corpus.sequence_features.items()
            if is_sparse(matrix) and 2 * np.count_nonzero(matrix.getnnz(1)) < matrix.shape[0]
        ]
        self._told = _told(corpus) if self._patterns else np.zeros(0, bool)
        if self._told.any():
            ngrams, words = self.table.ngrams, np.zeros(self._known, np.int64)
            unknown = TokenTable(
                words,
                Bags(rng.permutation(ngrams.ids), ngrams.offsets),
                Bags(words[:0], np.zeros(self._known + 1, np.int64)),
            )
            self.table = self.table.followed_by(unknown)

    def draw(self, batch: EncodedBatch, messages: Array, rng: np.random.Generator) -> EncodedBatch:
        """The batch of these messages with some of its values hidden."""
        if not self._patterns:
            return batch
        assert batch.targets is not None
        spans, told = batch.targets.spans, self._told[self._corpus.spans_of(messages)]
        if not told.any():
            return batch
        lengths = spans.last - spans.first + 1
        starts = spans.example * batch.token_ids.shape[1] + spans.first
        hidden = told & (rng.random(len(starts)) < HIDDEN)
        hidden &= self._are_matched(batch, starts, lengths)
        places = ranges(starts[hidden], lengths[hidden])
        tokens = batch.token_ids.copy()
        tokens.ravel()[places] = rng.integers(self._known, len(self.table), size=len(places))
        features = dict(batch.features)
        for name in self._patterns if len(places) else ():
            features[name] = _without(features[name], places)
            of_message = name.rpartition("/")[0] + "/sentence"
            if is_sparse(features.get(of_message)):
                features[of_message] = _without(features[of_message], spans.example[hidden])
        return dataclasses.replace(batch, token_ids=tokens, features=features)

    def _are_matched(self, batch: EncodedBatch, starts: Array, lengths: Array) -> Array:
        """`(S,)` whether patterns match a token of each value."""
        found = np.zeros(len(starts), bool)
        owners, places = np.repeat(np.arange(len(starts)), lengths), ranges(starts, lengths)
        for name in self._patterns:
            found[owners[batch.features[name].getnnz(1)[places] > 0]] = True
        return found


def _told(corpus: EncodedCorpus) -> Array:
    """`(S,)` whether a value is of words, and the one before or after mostly beside its type."""
    spans, offsets = corpus.spans, corpus.offsets
    tokens, starts = corpus.token_ids[corpus.rows], offsets[spans.example]
    words = corpus.table.word_ids[tokens]
    told = np.zeros(len(starts), bool)
    for places, inside, edges in (
        (starts + spans.first - 1, spans.first > 0, offsets[1:] - 1),
        (starts + spans.last + 1, spans.last + 1 < corpus.lengths[spans.example], offsets[:-1]),
    ):
        # How often a word has something on that side, and how often a value of a type.
        every = np.bincount(words) - np.bincount(words[edges], minlength=words.max() + 1)
        beside = words[places[inside]]
        pairs = beside * (spans.type.max(initial=0) + 1) + spans.type[inside]
        _, which, counts = np.unique(pairs, return_inverse=True, return_counts=True)
        told[inside] |= counts[which] >= TELLING * every[beside]
    told &= tokens[starts + spans.first] < len(corpus.word_table)
    return told


def _without(matrix: FeatureMatrix, rows: Array) -> FeatureMatrix:
    """A sparse matrix with zeros in some of its rows."""
    kept = np.ones(matrix.shape[0], matrix.dtype)
    kept[rows] = 0
    result = matrix.tocsr(copy=True)
    result.data *= np.repeat(kept, np.diff(result.indptr))
    return result
