"""What training messages look like to others that know nothing of them.

What training says of its own messages is too good, so each is looked at by those of other folds:
votes are fitted, and words and pairs counted, without it, and without all messages of its template.
Beside them are messages asked for in other words: all words are unknown, but those that tell the
intent. Set against these are messages of intents that were left out as a whole, which resemble what
is asked beside the intents of a model, and messages with most of their words exchanged for words
that nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import AbstractSet, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence, Tuple
from zlib import crc32

import numpy as np
from scipy import sparse

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import EncodedCorpus
from rasa_joint_nlu.core.hashes import hashes_of_both
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.serving.scope import Parts, evidence, vouched_tokens
from rasa_joint_nlu.core.text.dictionary import Dictionary
from rasa_joint_nlu.core.text.ngrams import utf8
from rasa_joint_nlu.core.text.segment import is_character, normalize
from rasa_joint_nlu.core.training.votes import Votes

_TELLING = 0.25
"""A word tells the intent if it speaks for it by this part of what the most telling one does."""
_LEAST_EXCHANGED = 0.7
_FOLDS = 4
_PAIRS_AT_ONCE = 50_000


class LeftOut:
    """Messages as they were seen when they were left out.

    inside, reworded, outside, exchanged: rows of 1 and the numbers of `evidence`: of messages whose
    intents were known, of the same in other words, of those of intents that were left out as a
    whole, and of those with most words exchanged.
    logits, wanted: what the votes say of those inside, `(I,)` each, and which of these numbers is
    to be the highest.
    """

    def __init__(
        self,
        asked: Mapping[int, Message],
        hashes: Hashes,
        corpus: EncodedCorpus,
        votes: Votes,
        rng: np.random.Generator,
    ) -> None:
        """Nothing is seen yet.

        Args:
            asked: messages to look at, by their number; the others only tell what is known.
            hashes, corpus, votes: of all messages.
        """
        self._asked, self._hashes = asked, hashes
        self._corpus, self._votes, self._rng = corpus, votes, rng
        self._answers = corpus.intent_ids
        self.inside: List[Tuple[float, ...]] = []
        self.reworded: List[Tuple[float, ...]] = []
        self.outside: List[Tuple[float, ...]] = []
        self.exchanged: List[Tuple[float, ...]] = []
        self.logits: List[Array] = []
        self.wanted: List[int] = []

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
                self.outside.append(message.evidence(logits.max(), known))
            elif self._answers[i] in met:
                self.inside.append(message.evidence(logits.max(), known))
                self.logits.append(logits)
                self.wanted.append(self._answers[i])
                telling = said[:, self._answers[i]] - said[:, met].mean(1)
                foreign = self._foreign(of_texts, is_other)
                for rows, exchanged, of_text in (
                    (self.exchanged, self._most_words(message), foreign),
                    (self.reworded, _carriers(message, telling), of_texts[i]),
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

    def _most_words(self, message: Message) -> Array:
        """`(words,)` most of them, or all."""
        words = self._rng.random(len(message.lengths)) < self._rng.uniform(_LEAST_EXCHANGED, 1)
        words |= ~words.any()
        return words

    @property
    def is_right(self) -> Array:
        """`(inside,)` whether votes find the intent."""
        found = np.array([logits.argmax() for logits in self.logits])
        is_right: Array = found == np.array(self.wanted)
        return is_right


def folds(groups: Array, intent_ids: Array, rng: np.random.Generator) -> List[Tuple[Array, Array]]:
    """Messages `(M,)` bool and intents `(I,)` bool to leave out together, each once.

    Messages are in random folds of nearly the same size; those of a group are in the same one.
    """
    sizes = np.bincount(groups)
    order = rng.permutation(len(sizes))
    filled, fold_of_group = np.zeros(_FOLDS, np.int64), np.zeros(len(sizes), np.int64)
    for group in order[np.argsort(-sizes[order], kind="stable")].tolist():
        fold_of_group[group] = filled.argmin()
        filled[fold_of_group[group]] += sizes[group]
    fold_of_intent = rng.permutation(max(1, int(intent_ids.max(initial=-1)) + 1)) % _FOLDS
    if len(fold_of_intent) < 3:
        # Without one of two intents, there is nothing left to vote for.
        fold_of_intent[:] = -1
    return [(fold_of_group[groups] == fold, fold_of_intent == fold) for fold in range(_FOLDS)]


@dataclass(frozen=True)
class Message:
    """What a training message has.

    lengths: `(words,)` tokens of each; vouched: `(words,)` bool.
    """

    parts: Parts
    lengths: Array
    vouched: Array

    @classmethod
    def of(cls, example: Example, dictionary: Dictionary, vouching: Sequence[str]) -> Message:
        """Take a message with tokens apart.

        Args:
            dictionary: normalized words of scripts without spaces.
            vouching: features that vouch for the tokens that have them.
        """
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


class Hashes(NamedTuple):
    """What `Parts` has of many messages, one after the other.

    lengths: `(M,)` tokens of each message. words: `(N,)` the hash of the word that each token is
    part of. pairs: `(N + M,)`, of each message one more than it has tokens.
    """

    lengths: Array
    words: Array
    pairs: Array

    @classmethod
    def of(cls, examples: Packed, dictionary: Dictionary) -> Hashes:
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


def known_hashes(examples: Packed, dictionary: Dictionary) -> FrozenSet[int]:
    """The hashes of words and pairs of all of these, which have tokens."""
    return Hashes.of(examples, dictionary).of_messages(np.ones(len(examples), bool))


def vouching_features(examples: Packed) -> Tuple[str, ...]:
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


def _only(intents: Array, votes: Array) -> Array:
    """`(tokens, I)` votes for these intents; -inf for all others."""
    only = np.full_like(votes, -np.inf)
    only[:, intents] = votes[:, intents]
    return only


def _carriers(message: Message, telling: Array) -> Array:
    """`(words,)` those that do not tell the intent, but carry what does.

    Args:
        telling: `(tokens,)` how much each votes for the intent, beyond what it does for others.
    """
    of_words = np.add.reduceat(telling, np.cumsum(message.lengths) - message.lengths)
    carriers: Array = of_words < _TELLING * of_words.max()
    return carriers
