"""Word → the rows of a table of vectors that stand for it: its own, or those of its pieces.

A table may have pieces of words beside whole ones, as the tokenizers of transformers do. Then no
word is unknown: it is cut into the longest pieces that there are, from left to right (Wu et al.
2016, "Google's Neural Machine Translation System").
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Callable, Dict, List, Optional, Tuple

from rasa_joint_nlu.core.text.ngrams import utf8

INNER = "##"
"""What stands before a piece that does not begin a word."""
_LONGEST_WORD = 64
_CACHED = 20_000
_PARTS = re.compile(r"\w+|[^\w\s]")
"""Signs are words of their own."""


@dataclass(frozen=True)
class VectorRows:
    """Which rows of a table of vectors stand for a word.

    keys: of normalized words, and of pieces, from `word_key`; row `i` each.
    has_pieces: whether a word without a row of its own is cut into pieces.
    """

    keys: Tuple[int, ...] = ()
    has_pieces: bool = False

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def _rows(self) -> Dict[int, int]:
        return {key: row for row, key in enumerate(self.keys)}

    @cached_property
    def of_word(self) -> Callable[[str], Tuple[int, ...]]:
        """A function from a normalized word to its rows, of which the mean stands for it."""
        if not self.keys:
            return lambda word: ()
        return lru_cache(maxsize=_CACHED)(self._of_word)

    def _of_word(self, word: str) -> Tuple[int, ...]:
        row = self._row(word)
        if row is not None:
            return (row,)
        return tuple(pieces(word[:_LONGEST_WORD], self._row)) if self.has_pieces else ()

    def _row(self, spelling: str) -> Optional[int]:
        row = self._rows.get(word_key(spelling))
        if row is None and not spelling.isascii():
            row = self._rows.get(word_key(without_accents(spelling)))
        return row


NO_VECTORS = VectorRows()


def word_key(word: str) -> int:
    """Two checksums of a word in 64 bits: of two words in a table, one of 32 may well be the same.

    >>> hex(word_key("music"))
    '0x6880222cd52224a'
    """
    content = utf8(word)
    return zlib.adler32(content) << 32 | zlib.crc32(content)


def pieces(word: str, row_of: Callable[[str], Optional[int]]) -> List[int]:
    """The rows of the longest pieces of a word, from left to right; what has none is left out."""
    found = []
    for part in _PARTS.findall(word):
        start = 0
        while start < len(part):
            for end in range(len(part), start, -1):
                row = row_of((INNER if start else "") + part[start:end])
                if row is not None:
                    found.append(row)
                    start = end
                    break
            else:
                start += 1
    return found


def without_accents(word: str) -> str:
    """A word without accents, as tokenizers of transformers often know it."""
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
