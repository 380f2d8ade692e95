"""Which rows of a table of vectors stand for a word."""

from __future__ import annotations

import re
from typing import Dict

from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.core.text.pieces import (
    INNER,
    NO_VECTORS,
    VectorRows,
    pieces,
    without_accents,
    word_key,
)


def rows_of(*words: str, has_pieces: bool = True) -> VectorRows:
    return VectorRows(tuple(map(word_key, words)), has_pieces)


def test_a_word_with_a_row_of_its_own_is_not_cut() -> None:
    assert rows_of("play", "##list", "playlist").of_word("playlist") == (2,)


def test_a_word_is_cut_into_the_longest_pieces_from_left_to_right() -> None:
    rows = rows_of("p", "play", "##list", "##li", "##sts", "##s")
    assert rows.of_word("playlists") == (1, 2, 5)


def test_what_no_piece_covers_is_left_out() -> None:
    rows = rows_of("play", "##s")
    assert rows.of_word("playxxs") == (0, 1)
    assert rows.of_word("xx") == ()


def test_signs_part_words() -> None:
    rows = rows_of("don", "'", "t", "##t")
    assert rows.of_word("don't") == (0, 1, 2)


def test_a_word_with_accents_may_be_known_without() -> None:
    rows = rows_of("cafe", "##s")
    assert rows.of_word("café") == (0,) and rows.of_word("cafés") == (0, 1)
    assert without_accents("naïve Zoë") == "naive Zoe"


def test_a_table_without_pieces_cuts_nothing() -> None:
    rows = rows_of("play", "s", has_pieces=False)
    assert rows.of_word("plays") == () and rows.of_word("play") == (0,)


def test_without_vectors_no_word_has_any() -> None:
    assert NO_VECTORS.of_word("play") == () and len(NO_VECTORS) == 0


@given(st.text("ab_- é1", max_size=80))
def test_pieces_cover_what_they_can_in_its_order(word: str) -> None:
    known: Dict[str, int] = {"a": 0, INNER + "a": 1, "ab": 2, INNER + "b": 3}
    names = {row: name.replace(INNER, "") for name, row in known.items()}
    cut = "".join(names[row] for row in pieces(word, known.get))
    # Only a "b" that begins a word has no piece.
    assert cut == re.sub(r"[^ab]", "", re.sub(r"\bb", "", word))
