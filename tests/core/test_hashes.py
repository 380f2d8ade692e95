"""The hashes of many texts are those of each."""

from __future__ import annotations

from typing import List, Tuple
from zlib import crc32

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rasa_joint_nlu.core import hashes
from rasa_joint_nlu.core.hashes import hashes_of_both, hashes_of_words, rows_of_hashes
from rasa_joint_nlu.core.text.ngrams import ngram_hashes

WORDS = st.lists(
    st.one_of(st.text("ab01.,/é東\ud800", max_size=8), st.text(max_size=80)), max_size=12
)


@given(WORDS)
@example([])
@example(["", "a" * 70, "1" * 63 + "é1", "1" * 64 + "é", "12.50", "ana", "ana"])
def test_many_words_have_the_hashes_that_each_has_alone(words: List[str]) -> None:
    found, offsets = hashes_of_words(words)
    assert len(offsets) == 1 + len(words)
    for word, first, last in zip(words, offsets, offsets[1:]):
        assert found[first:last].tolist() == ngram_hashes(word)


def test_words_are_taken_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"word{number}" for number in range(50)]
    whole = hashes_of_words(words)
    monkeypatch.setattr(hashes, "_WORDS_AT_ONCE", 7)
    for one, other in zip(whole, hashes_of_words(words)):
        assert one.tolist() == other.tolist()


@given(WORDS, WORDS)
def test_rows_are_those_of_the_hashes_that_are_known(words: List[str], others: List[str]) -> None:
    known = list(dict.fromkeys(found for word in others for found in ngram_hashes(word)))[::2]
    rows, offsets = rows_of_hashes(*hashes_of_words(words), known)
    for word, first, last in zip(words, offsets, offsets[1:]):
        expected = [known.index(found) for found in ngram_hashes(word) if found in known]
        assert rows[first:last].tolist() == expected


@given(st.lists(st.tuples(st.binary(max_size=9), st.binary(max_size=9))))
def test_the_hash_of_two_texts_is_made_of_that_of_each(pairs: List[Tuple[bytes, bytes]]) -> None:
    first, second = (np.array([crc32(pair[i]) for pair in pairs], np.uint32) for i in (0, 1))
    found = hashes_of_both(first, second, np.array([len(b) for _, b in pairs], np.int64))
    assert found.tolist() == [crc32(a + b) for a, b in pairs]
