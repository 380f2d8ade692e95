"""Learning what is in scope, without messages that are not: by leaving out some that are.

How messages look that were left out (see `rasa_joint_nlu.core.training.left_out`) tells how much to
make of votes, unknown words and familiar pairs.

The probabilities that come out of it are then stretched, so that a threshold means the same for
every model: of right answers whose intent is likely enough, scope takes 2 % below the one that is
advised. What it divides of confidence leaves doubt in messages that are in scope, too: above that
threshold, some of it is taken away again, by how often messages left out are right.
"""

from __future__ import annotations

import math
from typing import Optional, Sequence, Tuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logit, softmax

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import EncodedCorpus
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.serving.scope import ADVISED, Scope, less_doubtful
from rasa_joint_nlu.core.text.dictionary import Dictionary
from rasa_joint_nlu.core.training.left_out import (
    Hashes,
    LeftOut,
    Message,
    folds,
    vouching_features,
)
from rasa_joint_nlu.core.training.templates import templates
from rasa_joint_nlu.core.training.votes import Votes

OUT_OF_SCOPE, OF_OTHER_INTENTS = 0.35, 0.05
"""Which part of messages is taken to be out of scope: with more, more of them are recognized, but
confidences in others are too low; and which part of these are messages of intents left out.
"""
LOW = 0.02
"""Which part of right answers scope takes below `ADVISED`."""
_LOW_PROBABILITY, _USUAL_PROBABILITY = 0.35, 0.995
"""Of being in scope: how far apart the quantile `LOW` of right messages and their median are."""
_LEAST_NEEDED, _MOST_NEEDED = 0.15, 0.995
"""Of the probabilities that take an answer below `ADVISED`: with few intents, evenly divided ones
are near it or above."""
_LOW_WITHOUT_SCOPE = 0.015
"""Which part of right answers may be below `ADVISED` by the probability of their intent alone."""
_REWORDED = 3
"""Messages in other words count as so many templates: the fewer the data have, the less these tell
of how else one may ask."""
_MESSAGES = 2000
_SIGNS = (0, 1, -1, 1, 0)
"""Of the weights: votes and familiar pairs speak for a message, unknown words against it."""
_RIDGE = 1.0
_LEAST_POWER = 0.5
_FEWEST_ASIDE = 30
_STEPS = (np.arange(50) + 0.5) / 50
_SHARPNESS = np.geomspace(0.3, 1, 25)
_SHARPNESS_OF_VOTES = np.geomspace(0.3, 5, 25)
_DOUBTS = np.geomspace(1, 4, 41)
_BESIDE = 10
"""So many messages count beside those left out that are right as often as is said."""
_HALF_WAY = 0.5
"""How far, in logarithms, doubt is taken away that messages left out do not justify."""
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
    packed = Packed.of(examples)
    hashes, vouching = Hashes.of(packed, dictionary), vouching_features(packed)
    groups = templates(packed.words(), packed.offsets, corpus.intent_ids)
    parts = folds(groups, corpus.intent_ids, rng)
    is_asked = rng.permutation(len(packed)) < _MESSAGES
    asked = {
        number: Message.of(packed[number], dictionary, vouching)
        for number in np.flatnonzero(is_asked).tolist()
    }
    left_out = LeftOut(asked, hashes, corpus, votes, rng)
    for messages, intents in parts:
        left_out.look(messages, intents)
    sharpness, power, highest = _sureness(votes.unlearnt, left_out)
    needed = _needed(highest, 1 / (1 + int(corpus.intent_ids.max(initial=0))))
    weights = _weights(left_out, _REWORDED / (_REWORDED + len(np.unique(groups))), needed)
    known = hashes.of_messages(np.ones(len(packed), bool))
    return Scope(known, vouching, weights, sharpness, power, _doubt(left_out, weights))


def _weights(left_out: LeftOut, reworded: float, needed: Array) -> Tuple[float, ...]:
    """The weights of a scope: of a logistic regression, stretched.

    Args:
        reworded: which part of the messages in scope is asked for in other words.
        needed: see `_stretched`.
    """
    if not left_out.inside:
        return _ALWAYS
    inside, others = np.array(left_out.inside), np.array(left_out.reworded)
    middle, spread = inside.mean(0), inside.std(0)
    middle[0], spread[0] = 0, 1
    spread[spread < 1e-6] = 1
    outside = [np.array(rows) for rows in (left_out.outside, left_out.exchanged) if rows]
    parts = [OF_OTHER_INTENTS, 1 - OF_OTHER_INTENTS] if len(outside) == 2 else [1.0]
    kinds = [inside, others, *outside]
    shares = [(1 - OUT_OF_SCOPE) * part for part in (1 - reworded, reworded)]
    shares += [OUT_OF_SCOPE * part for part in parts]
    weights = _logistic_weights(
        np.concatenate([(kind - middle) / spread for kind in kinds]),
        np.repeat([1.0, 0.0], [2 * len(inside), sum(map(len, outside))]),
        np.concatenate(
            [np.full(len(k), share * len(inside) / len(k)) for k, share in zip(kinds, shares)]
        ),
    )
    weights = weights / spread
    weights[0] -= middle @ weights
    is_right = left_out.is_right if left_out.is_right.any() else np.ones(len(inside), bool)
    right = np.concatenate([inside[is_right], others[is_right]])
    counts = np.repeat([1 - reworded, reworded], is_right.sum())
    return tuple(_stretched(weights, right, counts, needed).tolist())


def _stretched(weights: Array, right: Array, counts: Array, needed: Array) -> Array:
    """The weights with which right messages get the probabilities that they are to have.

    Args:
        right: `(M, numbers)`; counts: `(M,)` how much each of them counts.
        needed: `(P,)` with which probability of being in scope an answer stays above `ADVISED`;
            each of these for as many messages.
    """
    scores = right @ weights
    low, usual = _quantiles(scores, counts, [LOW, 0.5])
    slope = (logit(_USUAL_PROBABILITY) - logit(_LOW_PROBABILITY)) / max(1.0, usual - low)
    missing = np.subtract.outer(logit(needed), slope * scores)
    stretched: Array = slope * weights
    stretched[0] += _quantiles(missing.ravel(), np.tile(counts, len(needed)), 1 - LOW)
    return stretched


def _quantiles(values: Array, counts: Array, shares: ArrayLike) -> Array:
    """The values below which these shares of all are.

    Args:
        counts: how much each value counts.
    """
    order = np.argsort(values)
    places = np.cumsum(counts[order]) - counts[order] / 2
    quantiles: Array = np.interp(counts.sum() * np.asarray(shares), places, values[order])
    return quantiles


def _needed(highest: Array, even: float) -> Array:
    """`(P,)` which probabilities of being in scope keep right answers above `ADVISED`.

    Args:
        highest: `(right,)` the probabilities of their intents; even: what each intent would have.
    """
    is_likely = highest >= ADVISED
    likely = np.quantile(highest[is_likely], _STEPS) if is_likely.any() else np.ones(1)
    least: Array = (ADVISED - even) / np.maximum(likely - even, 1e-6)
    return least.clip(_LEAST_NEEDED, _MOST_NEEDED)


def _sureness(
    unlearnt: Optional[Tuple[Array, Array]], left_out: LeftOut
) -> Tuple[float, float, Array]:
    """How far logits are to be believed, and what to raise probabilities to.

    And what the probabilities of right answers then are, `(right,)`.

    Args:
        unlearnt: logits `(M, intents)` of messages that were set aside, and answers `(M,)`.
    """
    sharpness, highest = 1.0, None
    if unlearnt:
        logits, answers = unlearnt
        sharpness = _best_sharpness(logits, answers, _SHARPNESS)
        if len(answers) >= _FEWEST_ASIDE:
            probabilities = softmax(sharpness * logits, axis=1)
            highest = probabilities.max(1)[probabilities.argmax(1) == answers]
    if highest is None:
        highest = np.zeros(0)
        if left_out.inside:
            highest = _probabilities(left_out).max(1)[left_out.is_right]
    power = _power(highest)
    return sharpness, power, highest**power


def _doubt(left_out: LeftOut, weights: Tuple[float, ...]) -> float:
    """What to raise doubt to, half of the way to where messages are as often right as is said.

    Of those in scope, as votes see them; no doubt is added.

    Args:
        weights: of a scope.
    """
    if not left_out.inside:
        return 1.0
    even = 1 / int(np.isfinite(left_out.logits).sum(1).max())
    in_scope = expit(np.array(left_out.inside) @ np.array(weights))
    confidences = (even + (_probabilities(left_out).max(1) - even) * in_scope).tolist()
    # Few messages that all are right say little.
    count, said = len(confidences), sum(confidences) / len(confidences)
    rate = (left_out.is_right.sum() + _BESIDE * said) / (count + _BESIDE)

    def distance(doubt: float) -> float:
        return abs(sum(less_doubtful(c, even, doubt) for c in confidences) / count - float(rate))

    return float(min(_DOUBTS.tolist(), key=distance) ** _HALF_WAY)


def _probabilities(left_out: LeftOut) -> Array:
    """`(inside, I)` what the votes say of each intent, made as sure as they are right."""
    logits, wanted = np.array(left_out.logits), np.array(left_out.wanted)
    sharpness = _best_sharpness(logits, wanted, _SHARPNESS_OF_VOTES)
    shares: Array = softmax(sharpness * logits, axis=1)
    return shares


def _power(highest: Array) -> float:
    """What to raise the probabilities of right answers to, that they reach `ADVISED`."""
    if not len(highest):
        return 1.0
    low = min(float(np.quantile(highest, _LOW_WITHOUT_SCOPE)), 1 - 1e-6)
    return float(np.clip(math.log(ADVISED) / math.log(low), _LEAST_POWER, 1))


def _best_sharpness(logits: Array, answers: Array, candidates: Array) -> float:
    """What to multiply logits by, for the likeliest answers: 1, give or take a factor of e.

    Args:
        logits: `(M, intents)`, -inf where an intent cannot be; answers: `(M,)`.
    """

    def cost(sharpness: float) -> float:
        logs = log_softmax(sharpness * logits, axis=1)[np.arange(len(answers)), answers]
        return float(-logs.sum()) + math.log(sharpness) ** 2 / 2

    return float(min(candidates.tolist(), key=cost))


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
