"""Learning what is in scope, without messages that are not: by leaving out.

What training says of its own messages is too good, so each is looked at by those of other folds:
votes are fitted, and words and pairs counted, without it, and without all messages of its template.
Beside them are messages asked for in other words: all words are unknown, but those that tell the
intent. Set against these are messages of intents that were left out as a whole, which resemble what
is asked beside the intents of a model, and messages with most of their words exchanged for words
that nobody knows.

The probabilities that come out of it are then stretched, so that a threshold means the same for
every model: of right answers whose intent is likely enough, scope takes 2 % below the one that is
advised. What it divides of confidence leaves doubt in messages that are in scope, too: above that
threshold, some of it is taken away again, by how often messages left out are right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import AbstractSet, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence, Tuple
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logit, softmax

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import EncodedCorpus
from rasa_joint_nlu.core.hashes import hashes_of_both
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.serving.scope import (
    ADVISED,
    Parts,
    Scope,
    evidence,
    less_doubtful,
    vouched_tokens,
)
from rasa_joint_nlu.core.text.dictionary import Dictionary
from rasa_joint_nlu.core.text.ngrams import utf8
from rasa_joint_nlu.core.text.segment import is_character, normalize
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
_TELLING = 0.25
"""A word tells the intent if it speaks for it by this part of what the most telling one does."""
_FOLDS = 4
_MESSAGES = 2000
_PAIRS_AT_ONCE = 50_000
_LEAST_EXCHANGED = 0.7
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
    assert corpus.intent_ids is not None
    packed = Packed.of(examples)
    hashes, vouching = _Hashes.of(packed, dictionary), _vouching(packed)
    groups = templates(packed.words(), packed.offsets, corpus.intent_ids)
    folds = _Folds.of(groups, corpus.intent_ids, rng)
    is_asked = rng.permutation(len(packed)) < _MESSAGES
    asked = {
        number: _Message.of(packed[number], dictionary, vouching)
        for number in np.flatnonzero(is_asked).tolist()
    }
    left_out = _LeftOut(asked, hashes, corpus, votes, rng)
    for fold in range(_FOLDS):
        left_out.look(folds.messages == fold, folds.intents == fold)
    sharpness, power, highest = _sureness(votes.unlearnt, left_out)
    needed = _needed(highest, 1 / (1 + int(corpus.intent_ids.max(initial=0))))
    weights = left_out.weights(_REWORDED / (_REWORDED + len(np.unique(groups))), needed)
    known = hashes.of_messages(np.ones(len(packed), bool))
    return Scope(known, vouching, weights, sharpness, power, left_out.doubt(weights))


def known_hashes(examples: Packed, dictionary: Dictionary) -> FrozenSet[int]:
    """The hashes of words and pairs of all of these, which have tokens."""
    return _Hashes.of(examples, dictionary).of_messages(np.ones(len(examples), bool))


class _Hashes(NamedTuple):
    """What `Parts` has of many messages, one after the other.

    lengths: `(M,)` tokens of each message. words: `(N,)` the hash of the word that each token is
    part of. pairs: `(N + M,)`, of each message one more than it has tokens.
    """

    lengths: Array
    words: Array
    pairs: Array

    @classmethod
    def of(cls, examples: Packed, dictionary: Dictionary) -> _Hashes:
        """Take messages, each with tokens, apart."""
        pieces = [utf8(normalize(piece)) for piece in examples.pieces]
        # The last number is that of what is before the first token and after the last one.
        hashes = np.array([*map(crc32, pieces), 0], np.uint32)
        pieces = [b" " + piece for piece in [*pieces, b""]]
        on_the_right = np.array(list(map(crc32, pieces)), np.uint32)
        sizes = np.array(list(map(len, pieces)), np.int32)
        right = np.insert(examples.piece_ids, examples.offsets[1:], len(examples.pieces))
        left = np.append(right[-1:], right[:-1])
        pairs = np.empty(len(right), np.uint32)
        for start in range(0, len(right), _PAIRS_AT_ONCE):
            part = slice(start, start + _PAIRS_AT_ONCE)
            of = right[part]
            pairs[part] = hashes_of_both(hashes[left[part]], on_the_right[of], sizes[of])
        words = hashes[examples.piece_ids]
        if dictionary:
            is_alone = np.array(list(map(is_character, examples.pieces)), bool)[examples.piece_ids]
            # What a character is depends on those around it.
            in_context = np.add.reduceat(is_alone, examples.offsets[:-1]) > 0
            for number in np.flatnonzero(in_context).tolist():
                parts = Parts.of(examples[number], dictionary)
                tokens = slice(*examples.offsets[number : number + 2])
                words[tokens] = np.repeat(np.array(parts.words, np.uint32), parts.lengths)
        return cls(np.diff(examples.offsets), words, pairs)

    def of_messages(self, chosen: Array) -> FrozenSet[int]:
        """All that any of the messages has that are chosen, `(M,)` bool."""
        words = np.unique(self.words[np.repeat(chosen, self.lengths)])
        pairs = np.unique(self.pairs[np.repeat(chosen, self.lengths + 1)])
        return frozenset(np.union1d(words, pairs).tolist())


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
        asked: Mapping[int, _Message],
        hashes: _Hashes,
        corpus: EncodedCorpus,
        votes: Votes,
        rng: np.random.Generator,
    ) -> None:
        assert corpus.intent_ids is not None
        self._asked, self._hashes = asked, hashes
        self._corpus, self._votes, self._rng = corpus, votes, rng
        self._answers = corpus.intent_ids
        # Rows of 1 and the numbers of `evidence`: of intents that were known, the same in other
        # words, of intents that were left out as a whole, and with most words exchanged.
        self._inside: List[Tuple[float, ...]] = []
        self._reworded: List[Tuple[float, ...]] = []
        self._outside: List[Tuple[float, ...]] = []
        self._exchanged: List[Tuple[float, ...]] = []
        # What the votes say of those inside, and which of these numbers is to be the highest.
        self._logits: List[Array] = []
        self._wanted: List[int] = []

    def look(self, messages: Array, intents: Array) -> None:
        """Leave out these messages, `(M,)` bool, and all messages of these intents, `(I,)` bool."""
        is_other = (self._answers >= 0) & intents[self._answers]
        is_left_out = messages | is_other
        others = ~is_left_out & (self._answers >= 0)
        (met,) = np.bincount(self._answers[others]).nonzero()
        if not len(met):
            return
        votes = self._votes.without(is_left_out)
        known = self._hashes.of_messages(~is_left_out)
        of_tokens, of_ngrams = (
            _only(met, votes.weight * votes.of_tokens(only_ngrams)) for only_ngrams in (False, True)
        )
        of_texts = votes.weight * votes.of_texts()
        for i in filter(self._asked.__contains__, np.flatnonzero(is_left_out).tolist()):
            message, said = self._asked[i], of_tokens[self._tokens(i)]
            logits = said.sum(0) + of_texts[i]
            if is_other[i]:
                self._outside.append(message.evidence(logits.max(), known))
            elif self._answers[i] in met:
                self._inside.append(message.evidence(logits.max(), known))
                self._logits.append(logits)
                self._wanted.append(self._answers[i])
                telling = said[:, self._answers[i]] - said[:, met].mean(1)
                foreign = self._foreign(of_texts, is_other)
                for rows, exchanged, of_text in (
                    (self._exchanged, self._most_words(message), foreign),
                    (self._reworded, _carriers(message, telling), of_texts[i]),
                ):
                    # Unknown words look like other words, as far as their n-grams go.
                    drawn = of_ngrams[self._rng.choice(self._corpus.token_ids, len(said))]
                    is_new = np.repeat(exchanged, message.lengths)[:, None]
                    highest = (np.where(is_new, drawn, said).sum(0) + of_text).max()
                    rows.append(message.evidence(highest, known, exchanged))

    def _foreign(self, of_texts: Array, is_other: Array) -> Array:
        """`(I,)` what a message of mostly unknown words votes as a whole: as one of no intent."""
        if not self._votes.has_texts or not is_other.any():
            return np.zeros(of_texts.shape[1])
        vote: Array = of_texts[self._rng.choice(np.flatnonzero(is_other))]
        return vote

    def _tokens(self, message: int) -> Array:
        first, last = self._corpus.offsets[message : message + 2]
        tokens: Array = self._corpus.token_ids[self._corpus.rows[first:last]]
        return tokens

    def _most_words(self, message: _Message) -> Array:
        """`(words,)` most of them, or all."""
        words = self._rng.random(len(message.lengths)) < self._rng.uniform(_LEAST_EXCHANGED, 1)
        words |= ~words.any()
        return words

    @property
    def _is_right(self) -> Array:
        """`(inside,)` whether votes find the intent."""
        found = np.array([logits.argmax() for logits in self._logits])
        is_right: Array = found == np.array(self._wanted)
        return is_right

    def weights(self, reworded: float, needed: Array) -> Tuple[float, ...]:
        """The weights of a scope: of a logistic regression, stretched.

        Args:
            reworded: which part of the messages in scope is asked for in other words.
            needed: see `_stretched`.
        """
        if not self._inside:
            return _ALWAYS
        inside, others = np.array(self._inside), np.array(self._reworded)
        middle, spread = inside.mean(0), inside.std(0)
        middle[0], spread[0] = 0, 1
        spread[spread < 1e-6] = 1
        outside = [np.array(rows) for rows in (self._outside, self._exchanged) if rows]
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
        is_right = self._is_right if self._is_right.any() else np.ones(len(inside), bool)
        right = np.concatenate([inside[is_right], others[is_right]])
        counts = np.repeat([1 - reworded, reworded], is_right.sum())
        return tuple(_stretched(weights, right, counts, needed).tolist())

    @property
    def highest(self) -> Array:
        """`(right,)` the probabilities that votes give to the intents that are right."""
        if not self._inside:
            return np.zeros(0)
        highest: Array = self._probabilities.max(1)[self._is_right]
        return highest

    def doubt(self, weights: Tuple[float, ...]) -> float:
        """What to raise doubt to, half of the way to where messages are as often right as is said.

        Of those in scope, as votes see them; no doubt is added.

        Args:
            weights: of a scope.
        """
        if not self._inside:
            return 1.0
        even = 1 / int(np.isfinite(self._logits).sum(1).max())
        in_scope = expit(np.array(self._inside) @ np.array(weights))
        confidences = (even + (self._probabilities.max(1) - even) * in_scope).tolist()
        # Few messages that all are right say little.
        count, said = len(confidences), sum(confidences) / len(confidences)
        rate = (self._is_right.sum() + _BESIDE * said) / (count + _BESIDE)

        def distance(doubt: float) -> float:
            return abs(
                sum(less_doubtful(c, even, doubt) for c in confidences) / count - float(rate)
            )

        return float(min(_DOUBTS.tolist(), key=distance) ** _HALF_WAY)

    @property
    def _probabilities(self) -> Array:
        """`(inside, I)` what the votes say of each intent, made as sure as they are right."""
        logits, wanted = np.array(self._logits), np.array(self._wanted)
        sharpness = _best_sharpness(logits, wanted, _SHARPNESS_OF_VOTES)
        shares: Array = softmax(sharpness * logits, axis=1)
        return shares


def _only(intents: Array, votes: Array) -> Array:
    """`(tokens, I)` votes for these intents; -inf for all others."""
    only = np.full_like(votes, -np.inf)
    only[:, intents] = votes[:, intents]
    return only


def _carriers(message: _Message, telling: Array) -> Array:
    """`(words,)` those that do not tell the intent, but carry what does.

    Args:
        telling: `(tokens,)` how much each votes for the intent, beyond what it does for others.
    """
    of_words = np.add.reduceat(telling, np.cumsum(message.lengths) - message.lengths)
    carriers: Array = of_words < _TELLING * of_words.max()
    return carriers


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
    unlearnt: Optional[Tuple[Array, Array]], left_out: _LeftOut
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
        highest = left_out.highest
    power = _power(highest)
    return sharpness, power, highest**power


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


def _vouching(examples: Packed) -> Tuple[str, ...]:
    """Names of the sparse sequence features that fewer than half of the tokens have.

    What a feature says of nearly every token, it may say of an unknown word, too.
    """
    names = sorted(
        {
            name
            for features in examples.features
            for name, matrix in features.items()
            if sparse.issparse(matrix) and not name.endswith("/sentence")
        }
    )
    tokens = len(examples.piece_ids)
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
