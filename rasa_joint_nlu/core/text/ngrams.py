"""Token → what it is looked up under: its word, and the hashes of its character n-grams.

A character of a script without spaces, such as Chinese, is a token but hardly a word. Its n-grams
are those of the text around it, and marks of the words that it may be part of.
"""

from __future__ import annotations

import itertools
import zlib
from functools import lru_cache
from typing import AnyStr, Iterable, List, NamedTuple, Sequence, Tuple

from rasa_joint_nlu.core.text.dictionary import NO_WORDS, Dictionary, marks
from rasa_joint_nlu.core.text.segment import LONGEST_CACHED, Token, is_character, normalize

NGRAM_LENGTHS = range(2, 6)
LONGEST_WORD = 64
_CONTEXT_LENGTHS = (2, 3)
"""With 4-grams, Chinese intents gained a point, but entities lost five: values known by heart."""


def ngram_hashes(word: str) -> List[int]:
    """Hashes of the n-grams of a normalized word, and of its whole shape if it has digits.

    Only the first 64 characters count, so that a pasted blob costs no more than a long word.
    """
    framed = f"<{word[:LONGEST_WORD]}>"
    pieces: Iterable[bytes] = (
        _pieces(utf8(framed)) if framed.isascii() else map(utf8, _pieces(framed))
    )
    hashes = set(map(zlib.crc32, pieces))
    hashes.update(shape_hashes(word)[:1])
    return sorted(hashes)


def shape_hashes(word: str) -> List[int]:
    """Hashes of the shapes of a normalized word with digits, of any script: the finest one first.

    Of `12.50` these are `00.00`; `0.0`, without repetition; and that it is a number. A code, such
    as `b12`, has letters, too. Of dates and the like there is no third one: between `1/20` and a
    number is more than their length. A word without digits has none.
    """
    word = word[:LONGEST_WORD]
    if not any(map(str.isdigit, word)):
        return []
    shape = "".join("0" if c.isdigit() else "a" if c.isalpha() else c for c in word)
    shapes = [f"#<{shape}>", "\0=" + "".join(kind for kind, _ in itertools.groupby(shape))]
    if set(shape) <= set("0.,"):
        shapes.append("\0~number")
    elif set(shape) <= set("0a"):
        shapes.append("\0~code")
    return list(map(text_hash, shapes))


def _pieces(text: AnyStr) -> List[AnyStr]:
    return [
        text[start : start + length]
        for length in NGRAM_LENGTHS
        for start in range(len(text) - length + 1)
    ]


def text_hash(text: str) -> int:
    """A hash of 32 bits, the same in every process."""
    return zlib.crc32(utf8(text))


def utf8(text: str) -> bytes:
    """The bytes of a text that are hashed; of any text, with halves of characters, too."""
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


def _alone(token: str) -> Tuple[Form, bool]:
    """The form of a token with nothing around it, and whether it is a character."""
    return Form(normalize(token)), is_character(token)


_alone_cached = lru_cache(maxsize=20_000)(_alone)


def forms(tokens: Sequence[Token], dictionary: Dictionary = NO_WORDS) -> List[Form]:
    """The form of each token of a message.

    Args:
        dictionary: normalized words of scripts without spaces.

    >>> [form.context for form in forms([Token("去", 0, 1), Token("东", 1, 2)])]
    [('E<去', 'B去东', 'M<去东', 'B去东>'), ('E去东', 'B东>', 'E<去东', 'M去东>')]
    """
    alone = [
        (_alone_cached if len(token.text) <= LONGEST_CACHED else _alone)(token.text)
        for token in tokens
    ]
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


def _ngrams(characters: Sequence[str], place: int) -> Tuple[str, ...]:
    return tuple(
        ("B" if first == place else "E" if first + length - 1 == place else "M")
        + "".join(characters[first : first + length])
        for length in _CONTEXT_LENGTHS
        for first in range(place - length + 1, place + 1)
        if first >= 0 and first + length <= len(characters)
    )
