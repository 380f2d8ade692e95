"""More examples from the same annotations: values swapped for others, or hidden."""

from __future__ import annotations

import dataclasses

import numpy as np

from rasa_joint_nlu.core.arrays import Array, FeatureMatrix, is_sparse
from rasa_joint_nlu.core.batch import Bags, EncodedBatch, TokenTable, ranges
from rasa_joint_nlu.core.encoding import EncodedCorpus

WHOLE_MESSAGE = 0.5
"""How often a value that is all of its message is hidden, if its first word is met once; 1 / n as
often, if it is met n times.
"""
WITH_PATTERNS, BESIDE_PATTERNS = 0.3, 0.3
"""How often a value that patterns match is hidden with them, and how often only its words are."""


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


class ValueHiding:
    """Draws batches in which some annotated values are words that nobody knows.

    A value that is all of its message teaches otherwise only itself, as there is nothing around it
    by which others could be told. And where a lookup table has all values of training, patterns
    would be all that is learnt: so these are hidden, too, that the text around is; and at times
    only the words are, that one is found of which nothing but the table knows.

    What takes the place of a hidden token is an unknown word with n-grams that mean nothing: those
    of a random word, or as many of random words.

    table: the corpus's tokens, and after them the unknown ones.
    """

    def __init__(self, corpus: EncodedCorpus, rng: np.random.Generator) -> None:
        """Look for what may be hidden; where there is nothing, no number is drawn."""
        assert corpus.spans is not None
        spans, self.table = corpus.spans, corpus.table
        size = len(self.table)
        self._rates = WHOLE_MESSAGE / np.bincount(corpus.token_ids, minlength=size).clip(min=1)
        self._patterns = [
            name
            for name, matrix in corpus.sequence_features.items()
            if is_sparse(matrix) and 2 * np.count_nonzero(matrix.getnnz(1)) < matrix.shape[0]
        ]
        is_whole = spans.last - spans.first + 1 == corpus.lengths[spans.example]
        self._hides = bool(is_whole.any() or (self._patterns and len(is_whole)))
        if self._hides:
            ngrams, words = self.table.ngrams, np.zeros(2 * size, np.int64)
            mixed = Bags(rng.permutation(ngrams.ids), ngrams.offsets)
            none = Bags(words[:0], np.zeros(2 * size + 1, np.int64))
            self.table = self.table.followed_by(TokenTable(words, mixed.followed_by(ngrams), none))

    def draw(self, batch: EncodedBatch, rng: np.random.Generator) -> EncodedBatch:
        """The batch with some of its values hidden."""
        assert batch.targets is not None
        spans, tokens = batch.targets.spans, batch.token_ids.ravel()
        if not self._hides or not len(spans.first):
            return batch
        lengths = spans.last - spans.first + 1
        starts = spans.example * batch.token_ids.shape[1] + spans.first
        is_whole = lengths == batch.lengths[spans.example]
        has_patterns = self._have_patterns(batch, starts, lengths)
        drawn = rng.random(len(starts))
        hidden = is_whole & (drawn < self._rates[tokens[starts]])
        hidden |= has_patterns & (drawn < WITH_PATTERNS + BESIDE_PATTERNS)
        places = ranges(starts[hidden], lengths[hidden])
        known = len(self._rates)
        tokens = tokens.copy()
        tokens[places] = rng.integers(known, len(self.table), size=len(places))
        bare = has_patterns & (drawn < WITH_PATTERNS)
        features = dict(batch.features)
        for name in self._patterns if bare.any() else ():
            features[name] = _without(features[name], ranges(starts[bare], lengths[bare]))
            of_message = name.rpartition("/")[0] + "/sentence"
            if is_sparse(features.get(of_message)):
                features[of_message] = _without(features[of_message], spans.example[bare])
        return dataclasses.replace(
            batch, token_ids=tokens.reshape(batch.token_ids.shape), features=features
        )

    def _have_patterns(self, batch: EncodedBatch, starts: Array, lengths: Array) -> Array:
        """`(S,)` whether patterns match a token of each value."""
        found = np.zeros(len(starts), bool)
        owners, places = np.repeat(np.arange(len(starts)), lengths), ranges(starts, lengths)
        for name in self._patterns:
            found[owners[batch.features[name].getnnz(1)[places] > 0]] = True
        return found


def _without(matrix: FeatureMatrix, rows: Array) -> FeatureMatrix:
    """A sparse matrix with zeros in some of its rows."""
    kept = np.ones(matrix.shape[0], matrix.dtype)
    kept[rows] = 0
    result = matrix.tocsr(copy=True)
    result.data *= np.repeat(kept, np.diff(result.indptr))
    return result
