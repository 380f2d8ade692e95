"""Hashes of many texts at once: what `ngram_hashes` and CRC-32 say of each, in array operations."""

from __future__ import annotations

from typing import List, Sequence, Tuple, Union

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.text.ngrams import LONGEST_WORD, NGRAM_LENGTHS, ngram_hashes

_WORDS_AT_ONCE = 20_000
_ONES = np.uint32(0xFFFFFFFF)
_OF_SHAPE = bytes(48 if 48 <= b < 58 else 97 if chr(b).isalpha() else b for b in range(128))
"""A character of ASCII → the one that stands for it in a shape: a digit is `0`, a letter `a`."""


def _steps() -> Array:
    """`(256,)` what a byte does to CRC-32: ISO 3309, with the polynomial that zlib has."""
    steps = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        steps = np.where(steps & 1, (steps >> 1) ^ np.uint32(0xEDB88320), steps >> 1)
    return steps


_STEPS = _steps()


def hashes_of_words(words: Sequence[str]) -> Tuple[Array, Array]:
    """The n-grams of normalized words.

    Returns:
        `(N,)` what `ngram_hashes` gives for each word, one word after the other, and `(words + 1,)`
        where each begins.
    """
    keys = [_keys(words, first) for first in range(0, len(words), _WORDS_AT_ONCE)]
    every = np.concatenate([np.zeros(0, np.int64), *keys])
    offsets = np.searchsorted(every >> 32, np.arange(len(words) + 1))
    return (every & 0xFFFFFFFF).astype(np.uint32), offsets


def _keys(words: Sequence[str], first: int) -> Array:
    """`(N,)` a word's number above 32 bits and a hash below, each once, from a first word on."""
    plain: List[int] = []
    framed: List[str] = []
    others: List[int] = []
    for number, word in enumerate(words[first : first + _WORDS_AT_ONCE], start=first):
        if word.isascii():
            plain.append(number)
            framed.append(f"<{word[:LONGEST_WORD]}>")
        else:
            others.extend((number << 32) | found for found in ngram_hashes(word))
    letters = np.frombuffer("".join(framed).encode(), np.uint8)
    lengths = np.array(list(map(len, framed)), np.int64)
    numbers = np.array(plain, np.int64)
    found = [
        np.array(others, np.int64),
        *_keys_of_pieces(letters, np.repeat(numbers, lengths)),
        _keys_of_shapes(letters, lengths, numbers),
    ]
    keys: Array = np.unique(np.concatenate(found))
    return keys


def _keys_of_pieces(letters: Array, numbers: Array) -> List[Array]:
    """Of the pieces of each length of words, one after the other; `(letters,)` numbers of words."""
    keys: List[Array] = []
    crc = np.full(len(letters), _ONES)
    for length in range(1, NGRAM_LENGTHS.stop):
        last = letters[length - 1 :]
        crc = _after(crc[: len(last)], last)
        if length in NGRAM_LENGTHS:
            of_word = numbers[: len(last)]
            inside = of_word == numbers[length - 1 :]
            keys.append((of_word[inside] << 32) | (crc[inside] ^ _ONES))
    return keys


def _keys_of_shapes(letters: Array, lengths: Array, numbers: Array) -> Array:
    """Of the whole shapes of the words with digits, which have one."""
    shapes = np.frombuffer(_OF_SHAPE, np.uint8)[letters]
    starts = np.cumsum(lengths) - lengths
    with_digits = np.add.reduceat(shapes == ord("0"), starts) > 0 if len(starts) else lengths > 0
    starts, lengths, numbers = starts[with_digits], lengths[with_digits], numbers[with_digits]
    crc = _after(np.full(len(starts), _ONES), np.full(len(starts), ord("#"), np.uint8))
    for place in range(lengths.max(initial=0)):
        goes_on = np.flatnonzero(lengths > place)
        crc[goes_on] = _after(crc[goes_on], shapes[starts[goes_on] + place])
    return (numbers << 32) | (crc ^ _ONES)


def _after(crc: Array, letters: Union[Array, np.uint32]) -> Array:
    """Checksums after one more letter each."""
    following: Array = _STEPS[(crc ^ letters) & 0xFF] ^ (crc >> 8)
    return following


def hashes_of_both(hashes: Array, following: Array, lengths: Array) -> Array:
    """`(N,)` CRC-32 of two texts, one after the other.

    Args:
        hashes, following: `(N,)` uint32, CRC-32 of the first one and of the second one.
        lengths: `(N,)` how many bytes the second one has.
    """
    # A checksum is linear: of what the first becomes by as many zeros, and of the second one.
    moved = hashes.copy()
    for place in range(lengths.max(initial=0)):
        goes_on = np.flatnonzero(lengths > place)
        moved[goes_on] = _after(moved[goes_on], np.uint32(0))
    both: Array = moved ^ following
    return both


def rows_of_hashes(hashes: Array, offsets: Array, known: Sequence[int]) -> Tuple[Array, Array]:
    """Of words' hashes those that are known, as their places among these, and where words begin."""
    if not len(known):
        return np.zeros(0, np.int64), np.zeros_like(offsets)
    table = np.array(known, np.uint32)
    order = np.argsort(table)
    places = np.minimum(np.searchsorted(table, hashes, sorter=order), len(table) - 1)
    rows = order[places]
    has_row = table[rows] == hashes
    return rows[has_row], np.append(0, np.cumsum(has_row))[offsets]
