"""What the words of a message and their n-grams say of its intent, by themselves.

A logistic regression on what is counted in a message. It has one solution, for which all examples
are asked at once, and from few of them more is learnt so than by a network's optimizer. Beside the
network, whose states err elsewhere, it is of use as long as words alone say much.
"""

from __future__ import annotations

from typing import Dict, Mapping, Tuple

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import entr, log_softmax

from rasa_joint_nlu.core.batch import TokenTable
from rasa_joint_nlu.core.data import Array
from rasa_joint_nlu.core.encoding import EncodedCorpus

VOTES = ("word_votes", "ngram_votes", "words_weight")
"""The names of what is learnt here: `(words, intents)`, `(n-grams, intents)` and `(1,)`."""
USUAL_WEIGHT = 1.5
"""What votes count, where the network's states count 1, as long as nothing else is known."""
_NGRAM = 0.3
"""How far an n-gram's votes go, where those of a word that is as frequent go 1."""
_VARIANCE = 3.0
"""Of the votes of a word of middling frequency, as long as nothing else is known."""
_STEPS = 60


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
        log_shares: Array,
        known: Mapping[str, Array],
    ) -> None:
        """Begin with known votes, or else with none.

        Args:
            corpus: with intents; table: its tokens.
            words: how many there are, with the unknown one, which has no vote; and how many ngrams.
            log_shares: `(intents,)`. Votes are told how frequent each intent is, and say what goes
                beyond that (Menon et al. 2021, "Long-Tail Learning via Logit Adjustment"): the
                states know it, and in the sum it is to count once.
            known: weights of a model, which may have fewer words and n-grams.
        """
        assert corpus.intent_ids is not None
        self._intent_ids, self._log_shares, self._words = corpus.intent_ids, log_shares, words
        tokens = corpus.token_ids[corpus.rows]
        known_words = table.word_ids[table.word_ids > 0]
        # Both of these are small, where what one message has of every part would not be.
        # shape: (messages, tokens) and (tokens, words + ngrams), how often one has the other
        self._tokens = _counts(tokens, corpus.offsets, len(table))
        self._parts = sparse.hstack(
            [
                _counts(known_words, np.cumsum(np.append(0, table.word_ids > 0)), words),
                _counts(table.ngram_ids, table.ngram_offsets, ngrams),
            ],
            "csr",
        )
        self._known = np.zeros((words + ngrams, len(log_shares)))
        self.weight = USUAL_WEIGHT
        if known:
            of_words, of_ngrams, weight = (known[name] for name in VOTES)
            self._known[: len(of_words)] = of_words
            self._known[words:][: len(of_ngrams)] = of_ngrams
            self.weight = weight.item()
        self._votes = self._known

    def fit(self, chosen: Array) -> None:
        """Find the most probable votes, by the chosen messages whose intent is known.

        They are thought to be what is known of them, give or take; and less is given to what is
        frequent, as far as it is met with all intents alike.

        Args:
            chosen: `(messages,)` bool.
        """
        chosen = chosen & (self._intent_ids >= 0)
        tokens, answers = self._tokens[chosen], self._intent_ids[chosen]
        intents = len(self._log_shares)
        if not len(answers):
            return
        right = np.eye(intents)[answers]
        spread = _spread(self._parts.T @ (tokens.T @ right), right.sum(0))
        spread[self._words :] *= _NGRAM
        parts = self._parts @ sparse.diags(spread)
        before = tokens @ (self._parts @ self._known) + self._log_shares

        def cost(flat: Array) -> Tuple[float, Array]:
            moved = flat.reshape(-1, intents)
            logs = log_softmax(before + tokens @ (parts @ moved), axis=1)
            gradient = parts.T @ (tokens.T @ (np.exp(logs) - right)) + moved
            return (moved**2).sum() / 2 - (right * logs).sum(), gradient.ravel()

        found = minimize(
            cost,
            np.zeros(self._known.size),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": _STEPS},
        )
        self._votes = self._known + spread[:, None] * found.x.reshape(-1, intents)

    def of(self, chosen: Array) -> Array:
        """`(M, intents)` the sum of the votes in each of the chosen messages."""
        logits: Array = self._tokens[chosen] @ (self._parts @ self._votes)
        return logits

    def weights(self) -> Dict[str, Array]:
        """What is learnt, by name."""
        words, ngrams = np.split(self._votes.astype(np.float32), [self._words])
        return dict(zip(VOTES, (words, ngrams, np.array([self.weight], np.float32))))


def _spread(met: Array, examples: Array) -> Array:
    """`(rows,)` the standard deviations of the votes of words, before there is any evidence.

    An inverse document frequency (Spärck Jones 1972, "A Statistical Interpretation of Term
    Specificity and its Application in Retrieval") of which what tells intents apart is spared.

    Args:
        met: `(rows, intents)` how often each word is met in each; examples: `(intents,)`.
    """
    times = met.sum(1)
    shares = met / times[:, None].clip(min=1)
    evenness = entr(shares).sum(1) / max(1e-9, entr(examples / examples.sum()).sum())
    spread: Array = np.log1p(examples.sum() / (1 + times * evenness))
    spread *= np.sqrt(_VARIANCE) / spread[times > 0].mean()
    return spread


def _counts(columns: Array, offsets: Array, width: int) -> sparse.csr_matrix:
    """`(rows, width)` how often each row, of those from an offset to the next, has a column."""
    return sparse.csr_matrix((np.ones(len(columns)), columns, offsets), (len(offsets) - 1, width))
