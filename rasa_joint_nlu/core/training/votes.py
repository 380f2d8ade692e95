"""What the words of a message and their n-grams say of its intent, by themselves.

A logistic regression on what is counted in a message. It has one solution, for which all examples
are asked at once: from few of them it learns more of single words than the network's optimizer can.
It counts beside the network, whose states err elsewhere.

Which of the two errs less depends on the data, and what training examples say of it is of no use
once their intents are learnt. So some are set aside for the first half of the training:

    set_aside ─► fit ─► (the network learns) ─► weigh ─► fit, from all examples
"""

from __future__ import annotations

import copy
import itertools
import math
import re
from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, Optional, Tuple, Union

import numpy as np
import torch
from scipy import sparse
from scipy.special import entr
from torch import Tensor
from torch.nn.functional import cross_entropy, embedding_bag

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import TokenTable, ranges
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import EncodedCorpus, Encoder, row_length
from rasa_joint_nlu.core.precision import MEAN_VOTES
from rasa_joint_nlu.core.serving.bags import bag_means, in_message, weighted_mean
from rasa_joint_nlu.core.training.lbfgs import minimize

VOTES = ("word_votes", "ngram_votes", "words_weight")
"""The names of what is learnt here: `(words, intents)`, `(n-grams, intents)` and `(1,)`."""
USUAL_WEIGHT = 1.5
"""What votes count, where the network's states count 1, as long as nothing else is known."""
ASIDE, MOST_ASIDE = 0.15, 300
"""Which part of each intent's examples is set aside, and how many in all."""
_NGRAM = 0.3
"""How far an n-gram's votes go, where those of a word that is as frequent go 1."""
_WORDS, _TEXT = (2.0, 6.0), (4.0, 8.0)
"""The same, of the votes of each number of a message's vector, if its length is 1: of the mean of
its words' pretrained vectors, and of an upstream featurizer's. The first is usual, the second for
intents that differ more in what is meant than in words, which examples set aside tell."""
_VARIANCE, _PREVIOUS_VARIANCE = 3.0, 0.3
"""Of votes before there is evidence, on average, and of those of the model that is fine-tuned: as
fine-tuning mostly repeats examples, they would become surer each time.
"""
_MOST = 2_000_000
"""So many votes are learnt at most, which takes up to 0.6 GB: what is met least often has none."""
_MOST_LOGITS = 2_500_000
"""Messages are drawn from more that would have more logits than this for all intents."""
_LARGE = 250_000
"""From more logits than this, single precision tells where to go, and tells the last steps apart no
more: these are left out."""
_TOLERANCE, _TOLERANCE_IF_LARGE = 1e-7, 1e-6
_STEPS, _STEPS_LEFT_OUT, _MEMORY = 200, 12, 5
"""How many L-BFGS makes at most, how many for votes that only tell what is usual, and how many of
them it remembers."""
_NAME_WORDS = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])")
_WEIGHTS = np.geomspace(0.1, 5, 25).tolist()
# States and words that are sure of the same things are too sure together. Less sure than they are
# alone, as training makes them, is no reason to sharpen them.
_SHARPNESS = np.geomspace(0.2, 1, 9).tolist()


class Votes:
    """The votes of each word and each n-gram for each intent.

    weight: what their sum counts, where the network's states count 1.
    aside: `(messages,)` True = one that is set aside.
    unlearnt: once they are weighed, the logits `(M, intents)` of states and votes together for the
        messages that were aside, before they were learnt from, and the answers `(M,)`.
    """

    def __init__(
        self,
        corpus: EncodedCorpus,
        encoder: Encoder,
        previous: Mapping[str, Array],
        pretrained: Optional[Array] = None,
    ) -> None:
        """Begin with the votes of a model that is fine-tuned, or else with none.

        Args:
            corpus: with intents.
            previous: the weights of that model, which may have fewer words and n-grams.
            pretrained: `(rows, size)` vectors of words and pieces.
        """
        intents = len(encoder.labels.intents)
        words, ngrams = _sizes_of(encoder)
        self.aside = np.zeros(len(corpus), bool)
        self.unlearnt: Optional[Tuple[Array, Array]] = None
        self._corpus, self._intent_ids, self._words = corpus, corpus.intent_ids, words
        self._trust = np.ones(len(corpus)) if corpus.trust is None else corpus.trust.intents
        self._log_priors = log_priors(corpus.intent_ids, intents)
        # What messages have of tokens, and these of parts, is small, where what one message has of
        # every part would not be.
        # shape: (tokens, words + ngrams), how often one has the other
        self._parts = _parts_of(corpus.table, words, ngrams)
        self._pretrained = pretrained
        found = {}
        if pretrained is not None:
            found[MEAN_VOTES] = _means_of_words(corpus, pretrained)
        found.update(_text_vectors(corpus, encoder))
        # shape: (messages, numbers of all vectors of a text), of a length of 1
        self._texts, self._units = _side_by_side(found, len(corpus))
        size = pretrained.shape[1] if pretrained is not None else 0
        self._sizes = size, self._texts.shape[1] - size
        self._spreads: Tuple[float, ...] = (_WORDS[0], _TEXT[0])
        unit = self._units[0][2] if size else 1.0
        self._names = _Names.of(encoder, pretrained, unit, self._texts.shape[1])
        self._previous = np.zeros((words + ngrams + self._texts.shape[1], intents))
        self._variance, self.weight = _VARIANCE, USUAL_WEIGHT
        if previous:
            self._begin_with(previous)
        self._votes = self._previous

    def _begin_with(self, previous: Mapping[str, Array]) -> None:
        """Take over the votes of a model that is fine-tuned; words and features may have grown."""
        word_votes, ngram_votes, weight = (previous[name] for name in VOTES)
        self._previous[: len(word_votes)] = word_votes
        self._previous[self._words :][: len(ngram_votes)] = ngram_votes
        for name, part, unit in self._units:
            if name in previous:
                of_texts = previous[name] * unit / weight.item()
                self._previous[part][: len(of_texts)] = of_texts
        self._variance, self.weight = _PREVIOUS_VARIANCE, weight.item()

    def set_aside(self, rng: np.random.Generator) -> None:
        """Leave some messages out until it is known what votes count.

        They also say how far the votes of vectors, of words and of texts, may go.
        """
        annotated = np.flatnonzero(self._trust == 1)
        self.aside[annotated] = set_aside(self._intent_ids[annotated], rng)
        choices = zip((_WORDS, _TEXT), self._sizes)
        spreads = [each if is_there else each[:1] for each, is_there in choices]
        if self.has_texts and self.aside.any():
            self._spreads = min(itertools.product(*spreads), key=self._loss_aside)

    def _loss_aside(self, spreads: Tuple[float, ...]) -> float:
        """What is lost on the messages set aside by votes of vectors that may go so far."""
        self._spreads = spreads
        self.fit()
        messages = np.flatnonzero(self.aside)
        logits = torch.from_numpy(self.logits(messages) + self._log_priors)
        loss = _least_loss(logits, torch.from_numpy(self._intent_ids[messages]))
        # A few messages that all are right say nothing.
        usual = (_WORDS[0], _TEXT[0])
        return loss + sum(math.log(s / u) ** 2 * 2 for s, u in zip(spreads, usual))

    def fit(self, steps: int = _STEPS) -> None:
        """Find the most probable votes, by the messages that have an intent and are not set aside.

        They are thought to be what they were, give or take; and less is given to what is
        frequent, as far as it is met with all intents alike. They are told how frequent each intent
        is, and say what goes beyond that (Menon et al. 2021, "Long-Tail Learning via Logit
        Adjustment"): the states know it, and in the sum it is to count once.
        """
        messages = np.flatnonzero(~self.aside & (self._intent_ids >= 0))
        if not len(messages):
            return
        intents = len(self._log_priors)
        if len(messages) * intents > _MOST_LOGITS:
            messages = np.random.default_rng(0).permutation(messages)[: _MOST_LOGITS // intents]
        answers = self._intent_ids[messages]
        # Where an intent has examples, its name is one more.
        is_named = np.isin(self._names.intents, answers)
        names = self._names.intents[is_named]
        tokens = _tokens_of(self._corpus, messages)
        met = np.unique(tokens.indices)
        tokens = sparse.block_diag([tokens[:, met], sparse.eye(len(names))], "csr")
        parts = sparse.vstack([self._parts[met], self._names.parts[is_named]], "csr")
        texts = np.vstack([self._texts[messages], self._names.texts[is_named]])
        answers = np.append(answers, names)
        rows, spread = self._spread(answers, parts.T @ tokens.T)
        before = tokens @ (parts @ self._previous[: parts.shape[1]])
        before += self._log_priors + texts @ self._previous[parts.shape[1] :]
        spread_of_texts = np.sqrt(self._variance) * np.repeat(self._spreads, self._sizes)
        problem = _Problem(
            tokens,
            parts[:, rows] @ sparse.diags(spread),
            spread_of_texts * texts,
            before,
            answers,
            np.append(self._trust[messages], np.ones(len(names))),
        )
        found = problem.solved(steps)
        self._votes = self._previous.copy()
        self._votes[rows] += spread[:, None] * found[: len(rows)]
        self._votes[parts.shape[1] :] += spread_of_texts[:, None] * found[len(rows) :]

    def _spread(self, answers: Array, met: sparse.csr_matrix) -> Tuple[Array, Array]:
        """`(R,)` the words and n-grams that get votes, and `(R,)` how far these may go.

        Args:
            answers: `(M,)` the intents of messages.
            met: `(words + n-grams, M)` how often each has each.
        """
        intents = len(self._log_priors)
        counts = (met @ _counts(answers, np.arange(len(answers) + 1), intents)).tocsr()
        frequency = np.asarray(counts.sum(1))[:, 0]
        rows = np.argsort(-frequency, kind="stable")[: _MOST // intents]
        rows = np.sort(rows[frequency[rows] > 0])
        of_intents = counts[rows].toarray()
        spread = np.sqrt(self._variance) * relative_spread(of_intents, np.bincount(answers))
        spread[rows >= self._words] *= _NGRAM
        return rows, spread

    def weigh(self, of_states: Tensor) -> None:
        """Decide what votes count by the messages set aside, and learn from these, too.

        Args:
            of_states: `(M, intents)` the network's logits of those messages.
        """
        messages = np.flatnonzero(self.aside)
        of_words, answers = self.logits(messages), self._intent_ids[messages]
        self.weight = weigh(
            of_states, torch.from_numpy(of_words).float(), torch.from_numpy(answers)
        )
        self.unlearnt = of_states.numpy() + self.weight * of_words, answers
        self.aside = np.zeros_like(self.aside)
        self.fit()

    def without(self, messages: Array) -> Votes:
        """The votes as they would be, nearly, without these messages, `(messages,)` bool."""
        others = copy.copy(self)
        others.aside, others.unlearnt = messages, None
        others._previous, others._variance = np.zeros_like(self._previous), _VARIANCE
        others._log_priors = log_priors(
            np.where(messages, -1, self._intent_ids), len(self._log_priors)
        )
        others.fit(_STEPS_LEFT_OUT)
        return others

    def of(self, corpus: EncodedCorpus, encoder: Encoder) -> Votes:
        """What these messages alone would say, with the weight and the spreads of these votes."""
        others = Votes(corpus, encoder, {}, self._pretrained)
        others.weight, others.unlearnt = self.weight, self.unlearnt
        others._spreads = self._spreads
        others.fit()
        return others

    def logits(self, messages: Array) -> Array:
        """`(M, intents)` the sum of the votes in each of the messages of these numbers."""
        tokens = _tokens_of(self._corpus, messages)
        logits: Array = tokens @ self.of_tokens() + self._of_texts(self._votes, messages)
        return logits

    @property
    def has_texts(self) -> bool:
        """Whether there are vectors of messages as a whole, of their words or from upstream."""
        return sum(self._sizes) > 0

    def of_texts(self) -> Array:
        """`(messages, intents)` the votes of the vectors of each message as a whole."""
        return self._of_texts(self._votes, slice(None))

    def _of_texts(self, of_parts: Array, messages: Union[Array, slice]) -> Array:
        votes: Array = self._texts[messages] @ of_parts[len(of_parts) - self._texts.shape[1] :]
        return votes

    def of_tokens(self, only_ngrams: bool = False) -> Array:
        """`(tokens, intents)` the votes of each distinct token, or those of its n-grams alone."""
        return self._of_tokens(self._votes, self._words if only_ngrams else 0)

    def _of_tokens(self, of_parts: Array, first: int = 0) -> Array:
        """`(tokens, intents)` sums of votes `(parts, intents)`, not of the first parts."""
        sums: Array = self._parts[:, first:] @ of_parts[first : self._parts.shape[1]]
        return sums

    def weights(self) -> Dict[str, Array]:
        """What is learnt, by name."""
        counted, votes = self._parts.shape[1], self._votes.astype(np.float32)
        words, ngrams, _ = np.split(votes, [self._words, counted])
        weights = dict(zip(VOTES, (words, ngrams, np.array([self.weight], np.float32))))
        # As vectors are not brought to a length of 1 when the model answers, their votes are.
        for name, part, unit in self._units:
            weights[name] = votes[part] * np.float32(self.weight / unit)
        return weights


@dataclass(frozen=True)
class _Names:
    """The names of intents as messages: in a few words they say what an intent is about.

    intents: `(N,)`; parts: `(N, words + ngrams)` how often each has them; texts: `(N, numbers)` the
    means of their words' vectors.
    """

    intents: Array
    parts: sparse.csr_matrix
    texts: Array

    @classmethod
    def of(cls, encoder: Encoder, pretrained: Optional[Array], unit: float, numbers: int) -> _Names:
        """The names that have words; none where vectors from upstream vote, which names lack."""
        names = [Example.from_text(spelt_out(name)) for name in encoder.labels.intents]
        if any(spec.votes for spec in encoder.features):
            names = []
        intents = np.array([i for i, name in enumerate(names) if name.tokens], int)
        corpus = replace(encoder, features=()).encode([names[i] for i in intents.tolist()])
        tokens = _tokens_of(corpus, np.arange(len(corpus)))
        parts = tokens @ _parts_of(corpus.table, *_sizes_of(encoder))
        texts = np.zeros((len(intents), numbers))
        if pretrained is not None and len(intents):
            texts += _means_of_words(corpus, pretrained) / unit
        return cls(intents, parts, texts)


def spelt_out(name: str) -> str:
    """The words of a name: `ask_openingHours` is "ask opening hours"."""
    return " ".join(_NAME_WORDS.findall(name)).lower()


@dataclass
class _Problem:
    """The logistic regression, as what is to be least.

    Words and n-grams are counted twice: in tokens, and these in messages. Where these counts take
    long, half of the precision is enough: then no step is made that gains less than it can tell.

    tokens: `(M, tokens)`; parts: `(tokens, R)`; of_texts: `(M, numbers)`; before: `(M, intents)`
    logits without what is looked for; answers, trust: `(M,)`.
    """

    tokens: sparse.csr_matrix
    parts: sparse.csr_matrix
    of_texts: Array
    before: Array
    answers: Array
    trust: Array

    def __post_init__(self) -> None:
        """Take what it needs in the precision that it needs."""
        is_large = self.before.size > _LARGE
        self._dtype = np.float32 if is_large else np.float64
        self._tolerance = _TOLERANCE_IF_LARGE if is_large else _TOLERANCE
        self._shape = self.parts.shape[1] + self.of_texts.shape[1], self.before.shape[1]
        self._steps = [_Product(each.astype(self._dtype)) for each in (self.parts, self.tokens)]
        self._of_texts, self._before, self._trust = (
            torch.from_numpy(each.astype(self._dtype))
            for each in (self.of_texts, self.before, self.trust)
        )
        self._answers = torch.from_numpy(self.answers)[:, None]

    def solved(self, steps: int) -> Array:
        """`(R + numbers, intents)` where the cost is least, after so many steps at most."""
        start = np.zeros(self._shape[0] * self._shape[1], self._dtype)
        return minimize(self._cost, start, steps, _MEMORY, self._tolerance).reshape(self._shape)

    def _cost(self, flat: Array) -> Tuple[float, Array]:
        moved = torch.from_numpy(flat).view(self._shape)
        parts, tokens = self._steps
        counted = self._shape[0] - self._of_texts.shape[1]
        logits = self._before + tokens @ (parts @ moved[:counted])
        logits += self._of_texts @ moved[counted:]
        logs = torch.log_softmax(logits, 1)
        losses = self._trust * logs.gather(1, self._answers)[:, 0]
        loss = float((moved * moved).sum(dtype=torch.float64)) / 2 - float(
            losses.sum(dtype=torch.float64)
        )
        grad_logits = logs.exp_()
        grad_logits.scatter_add_(1, self._answers, -torch.ones_like(self._before[:, :1]))
        grad_logits *= self._trust[:, None]
        gradient = moved.clone()
        gradient[:counted] += parts.transposed(tokens.transposed(grad_logits))
        gradient[counted:] += self._of_texts.T @ grad_logits
        return loss, gradient.flatten().numpy()


class _Product:
    """A sparse matrix by which dense ones are multiplied, several times as fast as SciPy does."""

    def __init__(self, matrix: sparse.csr_matrix) -> None:
        self._ways = [
            tuple(torch.from_numpy(each) for each in (way.indices, way.indptr, way.data))
            for way in (matrix.tocsr(), matrix.T.tocsr())
        ]

    def __matmul__(self, dense: Tensor) -> Tensor:
        return self._times(0, dense)

    def transposed(self, dense: Tensor) -> Tensor:
        """The product of the transposed matrix."""
        return self._times(1, dense)

    def _times(self, way: int, dense: Tensor) -> Tensor:
        indices, ends, values = self._ways[way]
        return embedding_bag(
            indices, dense, ends, mode="sum", per_sample_weights=values, include_last_offset=True
        )


def _sizes_of(encoder: Encoder) -> Tuple[int, int]:
    """How many words and n-grams have votes; the first word is the unknown one, which has none."""
    return 1 + len(encoder.vocabulary.words), len(encoder.vocabulary.ngrams)


def _parts_of(table: TokenTable, words: int, ngrams: int) -> sparse.csr_matrix:
    """`(tokens, words + ngrams)` how often each distinct token has them."""
    (known,) = table.word_ids.nonzero()
    columns = np.insert(
        words + table.ngrams.ids, table.ngrams.offsets[known], table.word_ids[known]
    )
    ends = table.ngrams.offsets + np.cumsum(np.append(0, table.word_ids > 0))
    return _counts(columns, ends, words + ngrams)


def _tokens_of(corpus: EncodedCorpus, messages: Array) -> sparse.csr_matrix:
    """`(M, tokens)` how often messages of these numbers have each distinct token."""
    counts = corpus.lengths[messages]
    places = ranges(corpus.offsets[messages], counts)
    ends = np.cumsum(np.append(0, counts))
    distinct = len(corpus.word_table) + len(corpus.further)
    return _counts(corpus.token_ids[corpus.rows[places]], ends, distinct)


def _means_of_words(corpus: EncodedCorpus, pretrained: Array) -> Array:
    """`(messages, size)` the mean of the vectors of each message's words."""
    vectors = bag_means(corpus.table.vectors, pretrained.__getitem__, pretrained.shape[1])
    added, weights = in_message(vectors)
    tokens = _tokens_of(corpus, np.arange(len(corpus))).astype(np.float64)
    return weighted_mean(tokens @ added, tokens @ weights)


def _text_vectors(corpus: EncodedCorpus, encoder: Encoder) -> Dict[str, Array]:
    """The vectors `(messages, size)` of messages that vote, by the names of their weights."""
    return {
        f"features.{index}": corpus.sentence_features[spec.name]
        for index, spec in enumerate(encoder.features)
        if spec.votes
    }


def _side_by_side(
    found: Mapping[str, Array], messages: int
) -> Tuple[Array, List[Tuple[str, slice, float]]]:
    """Vectors of messages side by side, `(messages, numbers)`, each kind of a length of 1.

    And of each kind its name, where from the end its numbers are, and its length before.
    """
    units = [row_length(matrix) for matrix in found.values()]
    texts = [matrix.astype(np.float64) / unit for matrix, unit in zip(found.values(), units)]
    ends = np.cumsum([0, *(matrix.shape[1] for matrix in found.values())])
    start = -int(ends[-1])
    parts = [
        slice(start + first, start + last or None)
        for first, last in zip(ends[:-1].tolist(), ends[1:].tolist())
    ]
    return np.hstack([np.zeros((messages, 0)), *texts]), list(zip(found, parts, units))


def log_priors(intent_ids: Array, intents: int) -> Array:
    """`(intents,)` logarithm of each one's part of the examples; one without any counts as one."""
    counts = np.bincount(intent_ids[intent_ids >= 0], minlength=intents).clip(min=1)
    priors: Array = np.log(counts / counts.sum())
    return priors


def relative_spread(counts: Array, examples: Array) -> Array:
    """`(R,)` how far the votes of each word may go; 1 on average.

    As an inverse document frequency (Spärck Jones 1972, "A Statistical Interpretation of Term
    Specificity and its Application in Retrieval"), but what is frequent and tells intents apart may
    go as far as what is rare.

    Args:
        counts: `(R, intents)` how often each word is met in each; examples: `(intents,)`.
    """
    frequency = counts.sum(1)
    all_alike = max(1e-9, entr(examples / examples.sum()).sum())
    evenness = np.minimum(1, entr(counts / frequency[:, None]).sum(1) / all_alike)
    spread: Array = np.log1p(examples.sum() / (1 + frequency * evenness))
    spread /= spread.mean()
    return spread


def set_aside(intent_ids: Array, rng: np.random.Generator) -> Array:
    """`(messages,)` True = one to set aside; none of an intent with few examples."""
    order = rng.permutation(len(intent_ids))
    order = order[np.argsort(intent_ids[order], kind="stable")]
    _, firsts, counts = np.unique(intent_ids[order], return_index=True, return_counts=True)
    ranks = np.arange(len(order)) - np.repeat(firsts, counts)
    part = min(ASIDE, MOST_ASIDE / max(1, len(order)))
    aside = np.zeros(len(order), bool)
    aside[order] = ranks < np.floor(part * np.repeat(counts, counts))
    return aside & (intent_ids >= 0)


def weigh(of_states: Tensor, of_words: Tensor, answers: Tensor) -> float:
    """What words should count, by examples that neither have learnt from.

    The most probable weight, if its logarithm is off the usual one's by 1, give or take.

    Args:
        of_states, of_words: `(M, intents)` logits; answers: `(M,)` the right intents.
    """

    def cost(weight: float) -> float:
        loss = _least_loss(of_states + weight * of_words, answers)
        return loss + math.log(weight / USUAL_WEIGHT) ** 2 / 2

    return float(min(_WEIGHTS, key=cost))


def _least_loss(logits: Tensor, answers: Tensor) -> float:
    """Of logits `(M, intents)`, made as much less sure as is best."""
    losses = [cross_entropy(s * logits, answers, reduction="sum") for s in _SHARPNESS]
    return float(torch.stack(losses).min())


def _counts(columns: Array, offsets: Array, width: int) -> sparse.csr_matrix:
    """`(rows, width)` how often each row, of those from an offset to the next, has a column."""
    shape = len(offsets) - 1, width
    return sparse.csr_matrix((np.ones(len(columns), np.float32), columns, offsets), shape)
