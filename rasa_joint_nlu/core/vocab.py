"""The tables of the model: known words, known character n-grams, and the labels.

An n-gram is known by its 32-bit hash: exact in practice (fewer than one collision is expected
among 50,000), compact, and unreadable in the saved model. N-grams that training never saw have
no row at all, so an unseen word is the mean of the parts that do mean something (Bojanowski et
al. 2017, "Enriching Word Vectors with Subword Information", without the random buckets).
"""

from __future__ import annotations

import unicodedata
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Dict, Iterable, List, Optional, Sequence, Set, Tuple

import numpy as np

from rasa_joint_nlu.core.batch import TokenTable
from rasa_joint_nlu.core.data import Example, aligned_entities

NGRAM_LENGTHS = range(2, 6)
NGRAM_LIMIT = 30_000
_LONGEST_WORD = 64


def normalize(word: str) -> str:
    """The form under which a word is looked up: compatibility-composed, case folded."""
    return unicodedata.normalize("NFKC", word).casefold()


def ngram_hashes(word: str) -> List[int]:
    """Hashes of the n-grams of a normalized word, and of its shape if it has digits.

    Only the first 64 characters count, so that a pasted blob costs no more than a long word.
    """
    framed = f"<{word[:_LONGEST_WORD]}>"
    text = _utf8(framed)
    # Where each character begins.
    begins: Sequence[int] = range(len(text) + 1)
    if not framed.isascii():
        begins = [0, *accumulate(len(_utf8(character)) for character in framed)]
    hashes = {
        zlib.crc32(text[begins[start] : begins[start + length]])
        for length in NGRAM_LENGTHS
        for start in range(len(framed) - length + 1)
    }
    if any(map(str.isdigit, framed)):
        shape = "".join("0" if c.isdigit() else "a" if c.isalpha() else c for c in framed)
        hashes.add(zlib.crc32(_utf8(f"#{shape}")))
    return sorted(hashes)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Vocabulary:
    """Words and n-grams that have a row in the embeddings. Row 0 stands for unknown words.

    words: normalized, row `i + 1` each; ngrams: hashes, row `i` each.
    """

    words: Tuple[str, ...] = ()
    ngrams: Tuple[int, ...] = ()

    @cached_property
    def _word_rows(self) -> Dict[str, int]:
        return {word: row for row, word in enumerate(self.words, start=1)}

    @cached_property
    def _ngram_rows(self) -> Dict[int, int]:
        return {ngram: row for row, ngram in enumerate(self.ngrams)}

    def word_row(self, word: str) -> int:
        """The row of a normalized word; 0 if it has none."""
        return self._word_rows.get(word, 0)

    def table(self, words: Iterable[str]) -> TokenTable:
        """Look up normalized words and their n-grams."""
        rows = self._ngram_rows
        word_ids: List[int] = []
        ngram_ids: List[int] = []
        offsets = [0]
        for word in words:
            word_ids.append(self.word_row(word))
            ngram_ids.extend(rows[ngram] for ngram in ngram_hashes(word) if ngram in rows)
            offsets.append(len(ngram_ids))
        return TokenTable(
            np.array(word_ids, np.int64), np.array(ngram_ids, np.int64), np.array(offsets, np.int64)
        )

    @cached_property
    def known(self) -> TokenTable:
        """The table of every row of the word embedding; row 0, the unknown word, has no n-grams."""
        known = self.table(self.words)
        return TokenTable(
            np.concatenate([[0], known.word_ids]),
            known.ngram_ids,
            np.concatenate([[0], known.ngram_offsets]),
        )

    def extended(self, words: Iterable[str], others: Iterable[str] = ()) -> Vocabulary:
        """This vocabulary with rows added, at the end, for new words and their n-grams.

        New n-grams found in most words come first, up to a limit of 30,000 in all; `others` are
        words that bring no n-grams.
        """
        known = set(self.words)
        new_words = [word for word in dict.fromkeys(words) if word not in known]
        known.update(new_words)
        other_words = [word for word in dict.fromkeys(others) if word not in known]
        counts = Counter(ngram for word in new_words for ngram in ngram_hashes(word))
        new = sorted(counts.keys() - set(self.ngrams), key=lambda ngram: (-counts[ngram], ngram))
        room = max(0, NGRAM_LIMIT - len(self.ngrams))
        return Vocabulary((*self.words, *new_words, *other_words), (*self.ngrams, *new[:room]))


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
        """The labels of these examples, sorted; after `known` ones, which keep their ids.

        Entities that do not fit the tokens teach nothing, so they bring no labels.
        """
        known = known or cls()
        entities = [entity for example in examples for _, _, entity in aligned_entities(example)]
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
