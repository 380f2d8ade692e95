"""How a word is written: small, with a capital at its beginning, in capitals, or mixed."""

from __future__ import annotations

from typing import Iterable

SMALL, CAPITAL, CAPITALS, MIXED = range(4)
CASES = 4


def case_of(word: str) -> int:
    """Which of these a word is; what has no letters that can be capitals is small.

    >>> [case_of(word) for word in ("rome", "Rome", "NATO", "iPhone", "I", "42", "東京")]
    [0, 1, 2, 3, 1, 0, 0]
    """
    letters = [letter for letter in word if letter.isalpha()]
    if word == word.lower() or not letters:
        return SMALL
    others = "".join(letters[1:])
    if others == others.lower():
        return CAPITAL if letters[0] != letters[0].lower() else MIXED
    return CAPITALS if word == word.upper() else MIXED


def is_shouted(words: Iterable[str]) -> bool:
    """Whether all words of a message, several, are in capitals: then those mean nothing.

    >>> [is_shouted(text.split()) for text in ("TO ROME !", "to ROME", "ROME", "I AM 9", "東京 へ")]
    [True, False, False, True, False]
    """
    written = [word for word in words if word.lower() != word.upper()]
    return len(written) > 1 and all(word == word.upper() for word in written)
