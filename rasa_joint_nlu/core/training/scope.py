"""Learning what is in scope, without messages that are not: by leaving out.

What training says of its own messages is too good, so each is looked at by those of other folds:
votes are fitted, and words and pairs counted, without it, and without all messages of its template.
Set against these are messages of intents that were left out as a whole, which resemble what is
asked beside the intents of a model, and messages with most of their words exchanged for words that
nobody knows.

The probabilities that come out of it are then stretched, so that a threshold means the same for
every model: of left-out messages whose intent the votes get right, 3 % have one below 0.45.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import AbstractSet, FrozenSet, Iterable, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logit, softmax

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import EncodedCorpus
from rasa_joint_nlu.core.serving.scope import Parts, Scope, evidence, vouched_tokens
from rasa_joint_nlu.core.text.dictionary import Dictionary
from rasa_joint_nlu.core.text.segment import normalize
from rasa_joint_nlu.core.training.templates import templates
from rasa_joint_nlu.core.training.votes import Votes

OUT_OF_SCOPE, OF_OTHER_INTENTS = 0.35, 0.2
"""Which part of messages is taken to be out of scope: with more, more of them are recognized, but
confidences in others are too low; and which part of these are messages of intents left out.
"""
LOW, LOW_PROBABILITY, USUAL_PROBABILITY = 0.03, 0.45, 0.98
"""The quantile that has the low probability of being in scope; the usual one is that of the median.
"""
LOW_CONFIDENCE = 0.3
"""What a threshold is advised to be: that quantile of right answers is to reach it."""
_FOLDS = 4
_MESSAGES = 2000
_LEAST_EXCHANGED = 0.7
_SIGNS = (0, 1, -1, 1, 0)
"""Of the weights: votes and familiar pairs speak for a message, unknown words against it."""
_RIDGE = 1.0
_LEAST_POWER = 0.5
_FEWEST_ASIDE = 30
_SHARPNESS = np.geomspace(0.3, 1, 25)
_SHARPNESS_OF_VOTES = np.geomspace(0.3, 5, 25)
_ALWAYS = (30.0, 0.0, 0.0, 0.0, 0.0)
"""Weights where there is nothing to learn them from."""


def learn_scope(
    examples: Sequence[Example],
    corpus: EncodedCorpus,
    votes: Votes,
    dictionary: Dictionary,
    rng: np.random.Generator,
) -> Scope:
    """What these messages, each with tokens, are about.

    Args:
        corpus: of the examples; votes: what their words say.
        dictionary: normalized words of scripts without spaces.
    """
    assert corpus.intent_ids is not None
    vouching = _vouching(examples)
    messages = [_Message.of(example, dictionary, vouching) for example in examples]
    tokens = [[normalize(token.text) for token in example.tokens] for example in examples]
    folds = _Folds.of(templates(tokens, corpus.intent_ids), corpus.intent_ids, rng)
    left_out = _LeftOut(messages, corpus, votes, rng)
    for fold in range(_FOLDS):
        left_out.look(folds.messages == fold, folds.intents == fold)
    sharpness, power = 1.0, left_out.power()
    if votes.unlearnt:
        logits, answers = votes.unlearnt
        sharpness = _best_sharpness(list(logits), answers.tolist(), _SHARPNESS)
        if len(answers) >= _FEWEST_ASIDE:
            probabilities = softmax(sharpness * logits, axis=1)
            power = _power(probabilities.max(1)[probabilities.argmax(1) == answers])
    known = _hashes(messages)
    return Scope(known, vouching, left_out.weights(), sharpness, power)


@dataclass(frozen=True)
class _Message:
    """What a training message has.

    lengths: `(words,)` tokens of each; vouched: `(words,)` bool.
    """

    parts: Parts
    lengths: Array
    vouched: Array

    @classmethod
    def of(cls, example: Example, dictionary: Dictionary, vouching: Sequence[str]) -> _Message:
        parts = Parts.of(example, dictionary)
        lengths = np.array(parts.lengths)
        vouched = np.array(vouched_tokens(example, vouching))
        return cls(parts, lengths, np.logical_and.reduceat(vouched, np.cumsum(lengths) - lengths))

    def evidence(
        self, votes: float, known: AbstractSet[int], exchanged: Optional[Array] = None
    ) -> Tuple[float, ...]:
        """1, and the numbers of `evidence`.

        Args:
            known: hashes of words and pairs.
            exchanged: `(words,)` bool, True = there is an unknown word in its place.
        """
        new = np.array([word not in known for word in self.parts.words]) & ~self.vouched
        familiar = np.array([pair in known for pair in self.parts.pairs])
        if exchanged is not None:
            new = new | exchanged
            tokens = np.concatenate([[False], np.repeat(exchanged, self.lengths), [False]])
            familiar = familiar & ~(tokens[:-1] | tokens[1:])
        return (1.0, *evidence(votes, new.sum(), familiar.sum(), len(new), len(familiar)))


def _hashes(messages: Iterable[_Message]) -> FrozenSet[int]:
    """Of all words and pairs of messages."""
    return frozenset().union(*((*m.parts.words, *m.parts.pairs) for m in messages))


class _Folds(NamedTuple):
    """In which fold each message `(M,)` and each intent `(I,)` is left out; -1 = in none."""

    messages: Array
    intents: Array

    @classmethod
    def of(cls, groups: Array, intent_ids: Array, rng: np.random.Generator) -> _Folds:
        """Random folds of nearly the same size; messages of a group are in the same one."""
        sizes = np.bincount(groups)
        order = rng.permutation(len(sizes))
        filled, fold_of_group = np.zeros(_FOLDS, np.int64), np.zeros(len(sizes), np.int64)
        for group in order[np.argsort(-sizes[order], kind="stable")].tolist():
            fold_of_group[group] = filled.argmin()
            filled[fold_of_group[group]] += sizes[group]
        intents = rng.permutation(max(1, int(intent_ids.max(initial=-1)) + 1)) % _FOLDS
        # Without one of two intents, there is nothing left to vote for.
        return cls(
            fold_of_group[groups], intents if len(intents) > 2 else np.full_like(intents, -1)
        )


class _LeftOut:
    """What messages look like to those that know nothing of them."""

    def __init__(
        self,
        messages: Sequence[_Message],
        corpus: EncodedCorpus,
        votes: Votes,
        rng: np.random.Generator,
    ) -> None:
        assert corpus.intent_ids is not None
        self._messages, self._corpus, self._votes, self._rng = messages, corpus, votes, rng
        self._answers = corpus.intent_ids
        self._is_asked = rng.permutation(len(messages)) < _MESSAGES
        # Rows of 1 and the numbers of `evidence`: of intents that were known, of those that were
        # left out as a whole, and with most words exchanged.
        self._inside: List[Tuple[float, ...]] = []
        self._outside: List[Tuple[float, ...]] = []
        self._exchanged: List[Tuple[float, ...]] = []
        # What the votes say of those inside, and which of these numbers is to be the highest.
        self._logits: List[Array] = []
        self._places: List[int] = []

    def look(self, messages: Array, intents: Array) -> None:
        """Leave out these messages, `(M,)` bool, and all messages of these intents, `(I,)` bool."""
        is_other = (self._answers >= 0) & intents[self._answers]
        is_left_out = messages | is_other
        others = ~is_left_out & (self._answers >= 0)
        (met,) = np.bincount(self._answers[others]).nonzero()
        if not len(met):
            return
        votes = self._votes.without(is_left_out)
        known = _hashes(self._messages[i] for i in np.flatnonzero(~is_left_out).tolist())
        of_tokens = votes.weight * votes.of_tokens()[:, met]
        of_ngrams = votes.weight * votes.of_tokens(only_ngrams=True)[:, met]
        places = {intent: place for place, intent in enumerate(met.tolist())}
        for i in np.flatnonzero(is_left_out & self._is_asked).tolist():
            message, tokens = self._messages[i], self._tokens(i)
            logits = of_tokens[tokens].sum(0)
            if is_other[i]:
                self._outside.append(message.evidence(logits.max(), known))
            elif self._answers[i] in places:
                self._inside.append(message.evidence(logits.max(), known))
                self._logits.append(logits)
                self._places.append(places[self._answers[i]])
                exchanged, is_new = self._exchange(message)
                # Unknown words look like other words, as far as their n-grams go.
                drawn = self._rng.choice(self._corpus.token_ids, len(tokens))
                of_each = np.where(is_new[:, None], of_ngrams[drawn], of_tokens[tokens])
                self._exchanged.append(message.evidence(of_each.sum(0).max(), known, exchanged))

    def _tokens(self, message: int) -> Array:
        first, last = self._corpus.offsets[message : message + 2]
        tokens: Array = self._corpus.token_ids[self._corpus.rows[first:last]]
        return tokens

    def _exchange(self, message: _Message) -> Tuple[Array, Array]:
        """Which words, and which tokens, to exchange for unknown ones: most of them."""
        words = self._rng.random(len(message.lengths)) < self._rng.uniform(_LEAST_EXCHANGED, 1)
        words |= ~words.any()
        return words, np.repeat(words, message.lengths)

    @property
    def _is_right(self) -> Array:
        """`(inside,)` whether votes find the intent."""
        found = np.array([logits.argmax() for logits in self._logits])
        is_right: Array = found == np.array(self._places)
        return is_right

    def weights(self) -> Tuple[float, ...]:
        """The weights of a scope: of a logistic regression, stretched."""
        if not self._inside:
            return _ALWAYS
        inside = np.array(self._inside)
        middle, spread = inside.mean(0), inside.std(0)
        middle[0], spread[0] = 0, 1
        spread[spread < 1e-6] = 1
        kinds = [inside, *(np.array(rows) for rows in (self._outside, self._exchanged) if rows)]
        parts = [OF_OTHER_INTENTS, 1 - OF_OTHER_INTENTS] if len(kinds) == 3 else [1.0]
        shares = [1 - OUT_OF_SCOPE, *(OUT_OF_SCOPE * part for part in parts)]
        weights = _logistic_weights(
            np.concatenate([(kind - middle) / spread for kind in kinds]),
            np.repeat([1.0, 0.0], [len(inside), sum(map(len, kinds[1:]))]),
            np.concatenate(
                [np.full(len(k), share * len(inside) / len(k)) for k, share in zip(kinds, shares)]
            ),
        )
        weights = weights / spread
        weights[0] -= middle @ weights
        right = inside[self._is_right] if self._is_right.any() else inside
        return tuple(_stretched(weights, right).tolist())

    def power(self) -> float:
        """What to raise probabilities to, by what votes say of the messages."""
        if not self._is_right.any():
            return 1.0
        sharpness = _best_sharpness(self._logits, self._places, _SHARPNESS_OF_VOTES)
        highest = np.array([softmax(sharpness * logits).max() for logits in self._logits])
        return _power(highest[self._is_right])


def _stretched(weights: Array, right: Array) -> Array:
    """The weights with which right messages get the probabilities that they are to have."""
    low, usual = np.quantile(right @ weights, [LOW, 0.5])
    slope = (logit(USUAL_PROBABILITY) - logit(LOW_PROBABILITY)) / max(1.0, usual - low)
    stretched: Array = slope * weights
    stretched[0] += logit(LOW_PROBABILITY) - slope * low
    return stretched


def _power(highest: Array) -> float:
    """What to raise the probabilities of right answers to, that they reach `LOW_CONFIDENCE`."""
    low = min(float(np.quantile(highest, LOW)), 1 - 1e-6) if len(highest) else LOW_CONFIDENCE
    return float(np.clip(math.log(LOW_CONFIDENCE) / math.log(low), _LEAST_POWER, 1))


def _best_sharpness(logits: Sequence[Array], answers: Sequence[int], candidates: Array) -> float:
    """What to multiply logits by, for the likeliest answers: 1, give or take a factor of e."""

    def cost(sharpness: float) -> float:
        losses = (-log_softmax(sharpness * x)[answer] for x, answer in zip(logits, answers))
        return float(sum(losses)) + math.log(sharpness) ** 2 / 2

    return float(min(candidates.tolist(), key=cost))


def _vouching(examples: Sequence[Example]) -> Tuple[str, ...]:
    """Names of the sparse sequence features that fewer than half of the tokens have.

    What a feature says of nearly every token, it may say of an unknown word, too.
    """
    names = sorted(
        {
            name
            for example in examples
            for name, matrix in example.features.items()
            if sparse.issparse(matrix) and not name.endswith("/sentence")
        }
    )
    tokens = sum(len(example.tokens) for example in examples)
    return tuple(
        name
        for name in names
        if 2 * sum(sum(vouched_tokens(example, [name])) for example in examples) < tokens
    )


def _logistic_weights(rows: Array, labels: Array, shares: Array) -> Array:
    """Weights of logistic regression, with the signs they must have.

    Args:
        rows: `(messages, numbers)`; labels: `(messages,)` 1 or 0; shares: what each counts.
    """

    def cost(weights: Array) -> Tuple[float, Array]:
        scores = rows @ weights
        loss = (shares * (np.logaddexp(0, scores) - labels * scores)).sum()
        slope = rows.T @ (shares * (expit(scores) - labels))
        slope[1:] += _RIDGE * weights[1:]
        return loss + _RIDGE * (weights[1:] @ weights[1:]) / 2, slope

    bounds = [(0 if sign > 0 else None, 0 if sign < 0 else None) for sign in _SIGNS]
    found = minimize(cost, np.zeros(len(_SIGNS)), jac=True, method="L-BFGS-B", bounds=bounds)
    weights: Array = found.x
    return weights
