"""What the words of a message and their n-grams say of its intent, by themselves.

A logistic regression on what is counted in a message. It has one solution, for which all examples
are asked at once: from few of them it learns more of single words than the network's optimizer can.
It counts beside the network, whose states err elsewhere.
"""

from __future__ import annotations

from typing import Dict, Mapping, Tuple

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import entr, log_softmax

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import TokenTable
from rasa_joint_nlu.core.encoding import EncodedCorpus
from rasa_joint_nlu.core.training.affinity import log_shares

VOTES = ("word_votes", "ngram_votes", "words_weight")
"""The names of what is learnt here: `(words, intents)`, `(n-grams, intents)` and `(1,)`."""
USUAL_WEIGHT = 1.5
"""What votes count, where the network's states count 1, as long as nothing else is known."""
_NGRAM = 0.3
"""How far an n-gram's votes go, where those of a word that is as frequent go 1."""
_VARIANCE, _KNOWN_VARIANCE = 3.0, 0.3
"""Of votes before there is evidence, on average, and of those that are known from a model: as
fine-tuning mostly repeats examples, they would become surer each time.
"""
_MOST = 2_000_000
"""So many votes are learnt at most, which takes up to 0.6 GB: what is met least often has none."""
_MOST_LOGITS = 5_000_000
"""Messages are drawn from more that would have more logits than this for all intents."""
_STEPS, _MEMORY = 200, 5
"""How many L-BFGS makes at most, and how many of them it remembers."""


class Votes:
    """The votes of each word and each n-gram for each intent.

    weight: what their sum counts, where the network's states count 1.
    """

    def __init__(
        self,
        corpus: EncodedCorpus,
        table: TokenTable,
        words: int,
        ngrams: int,
        intents: int,
        known: Mapping[str, Array],
    ) -> None:
        """Begin with known votes, or else with none.

        Args:
            corpus: with intents; table: its tokens.
            words, ngrams, intents: how many there are; the first word is the unknown one, which has
                no vote.
            known: weights of a model, which may have fewer words and n-grams.
        """
        assert corpus.intent_ids is not None
        self._intent_ids, self._words = corpus.intent_ids, words
        self._log_shares = log_shares(corpus.intent_ids, intents)
        # Both of these are small, where what one message has of every part would not be.
        # shape: (messages, tokens) and (tokens, words + ngrams), how often one has the other
        self._tokens = _counts(corpus.token_ids[corpus.rows], corpus.offsets, len(table))
        is_known = table.word_ids > 0
        of_words = _counts(table.word_ids[is_known], np.cumsum(np.append(0, is_known)), words)
        of_ngrams = _counts(table.ngram_ids, table.ngram_offsets, ngrams)
        self._parts = sparse.hstack([of_words, of_ngrams], "csr")
        self._known = np.zeros((words + ngrams, intents))
        self._variance, self.weight = _VARIANCE, USUAL_WEIGHT
        if known:
            word_votes, ngram_votes, weight = (known[name] for name in VOTES)
            self._known[: len(word_votes)] = word_votes
            self._known[words:][: len(ngram_votes)] = ngram_votes
            self._variance, self.weight = _KNOWN_VARIANCE, weight.item()
        self._votes = self._known

    def fit(self, chosen: Array) -> None:
        """Find the most probable votes, by the chosen messages whose intent is known.

        They are thought to be what is known of them, give or take; and less is given to what is
        frequent, as far as it is met with all intents alike. They are told how frequent each intent
        is, and say what goes beyond that (Menon et al. 2021, "Long-Tail Learning via Logit
        Adjustment"): the states know it, and in the sum it is to count once.

        Args:
            chosen: `(messages,)` bool.
        """
        intents = len(self._log_shares)
        messages = np.flatnonzero(chosen & (self._intent_ids >= 0))
        if not len(messages):
            return
        if len(messages) * intents > _MOST_LOGITS:
            messages = np.random.default_rng(0).permutation(messages)[: _MOST_LOGITS // intents]
        tokens, answers = self._tokens[messages], self._intent_ids[messages]
        every = np.arange(len(answers))
        right = _counts(answers, np.arange(len(answers) + 1), intents)
        met = (self._parts.T @ (tokens.T @ right)).toarray()
        times = met.sum(1)
        rows = np.argsort(-times, kind="stable")[: _MOST // intents]
        rows = np.sort(rows[times[rows] > 0])
        spread = np.sqrt(self._variance) * _spread(met[rows], np.bincount(answers))
        spread[rows >= self._words] *= _NGRAM
        parts = self._parts[:, rows] @ sparse.diags(spread)
        before = tokens @ (self._parts @ self._known) + self._log_shares

        def cost(flat: Array) -> Tuple[float, Array]:
            moved = flat.reshape(-1, intents)
            logs = log_softmax(before + tokens @ (parts @ moved), axis=1)
            loss = (flat @ flat) / 2 - logs[every, answers].sum()
            said = np.exp(logs, out=logs)
            said[every, answers] -= 1
            return loss, (parts.T @ (tokens.T @ said) + moved).ravel()

        found = minimize(
            cost,
            np.zeros(len(rows) * intents),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": _STEPS, "maxcor": _MEMORY},
        )
        self._votes = self._known.copy()
        self._votes[rows] += spread[:, None] * found.x.reshape(-1, intents)

    def of(self, messages: Array) -> Array:
        """`(M, intents)` the sum of the votes in each of the messages of these numbers."""
        logits: Array = self._tokens[messages] @ (self._parts @ self._votes)
        return logits

    def weights(self) -> Dict[str, Array]:
        """What is learnt, by name."""
        words, ngrams = np.split(self._votes.astype(np.float32), [self._words])
        return dict(zip(VOTES, (words, ngrams, np.array([self.weight], np.float32))))


def _spread(met: Array, examples: Array) -> Array:
    """`(rows,)` how far the votes of each word may go; 1 on average.

    As an inverse document frequency (Spärck Jones 1972, "A Statistical Interpretation of Term
    Specificity and its Application in Retrieval"), but what is frequent and tells intents apart may
    go as far as what is rare.

    Args:
        met: `(rows, intents)` how often each word is met in each; examples: `(intents,)`.
    """
    times = met.sum(1)
    all_alike = max(1e-9, entr(examples / examples.sum()).sum())
    evenness = np.minimum(1, entr(met / times[:, None]).sum(1) / all_alike)
    spread: Array = np.log1p(examples.sum() / (1 + times * evenness))
    spread /= spread.mean()
    return spread


def _counts(columns: Array, offsets: Array, width: int) -> sparse.csr_matrix:
    """`(rows, width)` how often each row, of those from an offset to the next, has a column."""
    return sparse.csr_matrix((np.ones(len(columns)), columns, offsets), (len(offsets) - 1, width))
