"""The tables of the model: known words, known character n-grams, and the labels.

An n-gram is known by its 32-bit hash: exact in practice (fewer than one collision is expected
among 50,000), compact, and unreadable in the saved model. N-grams that training never saw have
no row at all, so an unseen word is the mean of the parts that do mean something (Bojanowski et
al. 2017, "Enriching Word Vectors with Subword Information", without the random buckets).

A character of a script without spaces, such as Chinese, is a token but hardly a word. Its n-grams
are those of the text around it, and marks of the words that it may be part of.
"""

from __future__ import annotations

import dataclasses
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import (
    AbstractSet,
    AnyStr,
    Dict,
    FrozenSet,
    Iterable,
    List,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
)

import numpy as np

from rasa_joint_nlu.core.batch import TokenTable
from rasa_joint_nlu.core.data import Example, Token
from rasa_joint_nlu.core.dictionary import marks
from rasa_joint_nlu.core.segment import is_character, normalize

NGRAM_LENGTHS = range(2, 6)
NGRAM_LIMIT = 15_000
_LONGEST_WORD = 64
_CONTEXT_LENGTHS = (2, 3)
"""With 4-grams, Chinese intents gained a point, but entities lost five: values known by heart."""


def ngram_hashes(word: str) -> List[int]:
    """Hashes of the n-grams of a normalized word, and of its shape if it has digits.

    Only the first 64 characters count, so that a pasted blob costs no more than a long word.
    """
    framed = f"<{word[:_LONGEST_WORD]}>"
    pieces: Iterable[bytes] = (
        _pieces(_utf8(framed)) if framed.isascii() else map(_utf8, _pieces(framed))
    )
    hashes = set(map(zlib.crc32, pieces))
    if any(map(str.isdigit, framed)):
        shape = "".join("0" if c.isdigit() else "a" if c.isalpha() else c for c in framed)
        hashes.add(text_hash(f"#{shape}"))
    return sorted(hashes)


def _pieces(text: AnyStr) -> List[AnyStr]:
    return [
        text[start : start + length]
        for length in NGRAM_LENGTHS
        for start in range(len(text) - length + 1)
    ]


def text_hash(text: str, after: int = 0) -> int:
    """A hash of 32 bits, the same in every process.

    Args:
        after: the hash of what stands before the text, if it is to be the hash of both.
    """
    return zlib.crc32(_utf8(text), after)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


class Form(NamedTuple):
    """What a token is looked up under: its normalized word, and what is around a character.

    context: bigrams and trigrams with the character in them, each after a letter that says
    whether it is their `B`eginning, `M`iddle or `E`nd, and marks of `dictionary`; empty for a word.
    """

    word: str
    context: Tuple[str, ...] = ()

    def ngram_hashes(self) -> List[int]:
        """Hashes of the n-grams of the word, or of those around the character."""
        if not self.context:
            return ngram_hashes(self.word)
        return sorted(map(text_hash, self.context))


@lru_cache(maxsize=20_000)
def _alone(token: str) -> Tuple[Form, bool]:
    """The form of a token with nothing around it, and whether it is a character."""
    return Form(normalize(token)), is_character(token)


def forms(tokens: Sequence[Token], dictionary: AbstractSet[str] = frozenset()) -> List[Form]:
    """The form of each token of a message.

    Args:
        dictionary: normalized words of scripts without spaces.

    >>> [form.context for form in forms([Token("去", 0, 1), Token("东", 1, 2)])]
    [('E<去', 'B去东', 'M<去东', 'B去东>'), ('E去东', 'B东>', 'E<去东', 'M去东>')]
    """
    alone = [_alone(token.text) for token in tokens]
    result = [form for form, _ in alone]
    start = 0
    for end, (_, character) in enumerate(alone, start=1):
        if not character:
            start = end
            continue
        if end < len(tokens) and alone[end][1] and tokens[end].start == tokens[end - 1].end:
            continue
        characters = [form.word for form in result[start:end]]
        framed = ["<", *characters, ">"]
        result[start:end] = [
            Form(character, _ngrams(framed, place) + found)
            for place, (character, found) in enumerate(
                zip(characters, marks(characters, dictionary)), start=1
            )
        ]
        start = end
    return result


def _ngrams(run: Sequence[str], place: int) -> Tuple[str, ...]:
    return tuple(
        ("B" if first == place else "E" if first + length - 1 == place else "M")
        + "".join(run[first : first + length])
        for length in _CONTEXT_LENGTHS
        for first in range(place - length + 1, place + 1)
        if first >= 0 and first + length <= len(run)
    )


@dataclass(frozen=True)
class Vocabulary:
    """Words and n-grams that have a row in the embeddings. Row 0 stands for unknown words.

    words: normalized, row `i + 1` each; ngrams: hashes, row `i` each; dictionary: normalized words
    of scripts without spaces, which have no rows.
    """

    words: Tuple[str, ...] = ()
    ngrams: Tuple[int, ...] = ()
    dictionary: FrozenSet[str] = frozenset()

    @cached_property
    def _word_rows(self) -> Dict[str, int]:
        return {word: row for row, word in enumerate(self.words, start=1)}

    @cached_property
    def _ngram_rows(self) -> Dict[int, int]:
        return {ngram: row for row, ngram in enumerate(self.ngrams)}

    def word_row(self, word: str) -> int:
        """The row of a normalized word; 0 if it has none."""
        return self._word_rows.get(word, 0)

    def forms(self, tokens: Sequence[Token]) -> List[Form]:
        """The form of each token of a message, under this vocabulary's dictionary."""
        return forms(tokens, self.dictionary)

    def row(self, form: Form) -> int:
        """The row of a known word in the table `known`; 0 if the form is not in it."""
        return 0 if form.context else self.word_row(form.word)

    def table(self, forms: Iterable[Form]) -> TokenTable:
        """Look up words and their n-grams."""
        rows = self._ngram_rows
        word_ids: List[int] = []
        ngram_ids: List[int] = []
        offsets = [0]
        for form in forms:
            word_ids.append(self.word_row(form.word))
            ngram_ids.extend(rows[ngram] for ngram in form.ngram_hashes() if ngram in rows)
            offsets.append(len(ngram_ids))
        return TokenTable(
            np.array(word_ids, np.int64), np.array(ngram_ids, np.int64), np.array(offsets, np.int64)
        )

    @cached_property
    def known(self) -> TokenTable:
        """The table of every row of the word embedding; row 0, the unknown word, has no n-grams."""
        known = self.table(map(Form, self.words))
        return TokenTable(
            np.concatenate([[0], known.word_ids]),
            known.ngram_ids,
            np.concatenate([[0], known.ngram_offsets]),
        )

    def extended(self, forms: Iterable[Form], others: Iterable[str] = ()) -> Vocabulary:
        """This vocabulary with rows added, at the end, for new words and n-grams.

        An n-gram of a single word says nothing that the word does not, and one met around a single
        character little, so they get no row. New ones found most often come first, up to a limit
        of 15,000 in all; `others` are words that bring no n-grams.

        Args:
            forms: of every token, in order.
        """
        counts: Counter[int] = Counter()
        words: Dict[str, None] = {}
        for form in forms:
            words[form.word] = None
            if form.context:
                counts.update(form.ngram_hashes())
        known = set(self.words)
        new_words = [word for word in words if word not in known]
        known.update(new_words)
        other_words = [word for word in dict.fromkeys(others) if word not in known]
        for word in (*self.words, *new_words):
            counts.update(ngram_hashes(word))
        shared = {ngram for ngram, count in counts.items() if count > 1} - set(self.ngrams)
        new = sorted(shared, key=lambda ngram: (-counts[ngram], ngram))
        room = max(0, NGRAM_LIMIT - len(self.ngrams))
        return dataclasses.replace(
            self,
            words=(*self.words, *new_words, *other_words),
            ngrams=(*self.ngrams, *new[:room]),
        )


@dataclass(frozen=True)
class Labels:
    """Names of everything the model can answer, each list in the order of its ids.

    type_roles, type_groups: per entity type, the roles and the groups seen with it, ids as in
    `Spans` (0 = none); only these are ever predicted for it, in any combination of the two.
    """

    intents: Tuple[str, ...] = ()
    types: Tuple[str, ...] = ()
    roles: Tuple[str, ...] = ()
    groups: Tuple[str, ...] = ()
    type_roles: Tuple[Tuple[int, ...], ...] = ()
    type_groups: Tuple[Tuple[int, ...], ...] = ()

    @classmethod
    def of(cls, examples: Sequence[Example], known: Optional[Labels] = None) -> Labels:
        """The labels of these examples, sorted; after `known` ones, which keep their ids."""
        known = known or cls()
        entities = [entity for example in examples for entity in example.entities]
        types = _extended(known.types, (entity.type for entity in entities))
        roles = _extended(known.roles, (entity.role for entity in entities))
        groups = _extended(known.groups, (entity.group for entity in entities))
        return cls(
            _extended(known.intents, (example.intent for example in examples)),
            types,
            roles,
            groups,
            _combinations(types, roles, known.type_roles, ((e.type, e.role) for e in entities)),
            _combinations(types, groups, known.type_groups, ((e.type, e.group) for e in entities)),
        )


def _extended(known: Tuple[str, ...], names: Iterable[Optional[str]]) -> Tuple[str, ...]:
    return (*known, *sorted({name for name in names if name is not None} - set(known)))


def _combinations(
    types: Tuple[str, ...],
    names: Tuple[str, ...],
    known: Tuple[Tuple[int, ...], ...],
    pairs: Iterable[Tuple[str, Optional[str]]],
) -> Tuple[Tuple[int, ...], ...]:
    ids = {name: index for index, name in enumerate(names, start=1)}
    seen: Dict[str, Set[int]] = {name: set(row) for name, row in zip(types, known)}
    for entity_type, name in pairs:
        seen.setdefault(entity_type, set()).add(0 if name is None else ids[name])
    return tuple(tuple(sorted(seen[entity_type])) for entity_type in types)
