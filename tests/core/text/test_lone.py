"""Messages of a word or two, and known words that are misspelt."""

from __future__ import annotations

from typing import Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.text.lone import is_misspelt, lone_words

KNOWN = {"thanks", "cancel", "hi", "спасибо"}
LETTERS = sorted({letter for word in KNOWN for letter in word})


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Oslo", (0,)),
        ("oslo!", (0,)),
        ("¡Oslo!", (1,)),
        ("...Oslo", (3,)),
        ("Łódź", (0,)),
        ("Анна", (0,)),
        ("हिन्दी", (0,)),
        ("O'Brien", (0, 2)),
        ("to Oslo", (0, 1)),
        ("New York!", (0, 1)),
        ("New – York", (0, 2)),
        ("to New York", ()),
        ("Oslo b12", ()),
        ("Oslo 京", ()),
        ("42", ()),
        ("b12", ()),
        ("?!", ()),
        ("好", ()),
        ("北京", ()),
        ("👍", ()),
        ("Oslo 5", ()),
        ("", ()),
    ],
)
def test_lone_words_are_all_there_are_beside_signs(text: str, places: Tuple[int, ...]) -> None:
    assert lone_words(Example.from_text(text).tokens) == places


@pytest.mark.parametrize(
    "word", ["thanks", "thnks", "thanls", "tthanks", "thansk", "hi", "hii", "ih", "спасиб", "h"]
)
def test_one_edit_away_from_a_known_word_is_misspelt(word: str) -> None:
    assert is_misspelt(word, frozenset(KNOWN), [*LETTERS, "l"])


@pytest.mark.parametrize("word", ["", "anna", "tnks", "thanksss", "oslo", "cnacle", "thanks" * 9])
def test_what_is_further_away_is_not(word: str) -> None:
    assert not is_misspelt(word, frozenset(KNOWN), LETTERS)


@given(st.text("abc", min_size=1, max_size=5), st.text("abc", max_size=6))
def test_what_is_misspelt_is_as_far_as_the_distance_says(known: str, word: str) -> None:
    def distance(a: str, b: str) -> int:
        """Optimal string alignment, by its definition."""
        if not a or not b:
            return len(a) + len(b)
        steps = [
            distance(a[1:], b) + 1,
            distance(a, b[1:]) + 1,
            distance(a[1:], b[1:]) + (a[0] != b[0]),
        ]
        if len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1]:
            steps.append(distance(a[2:], b[2:]) + 1)
        return min(steps)

    assert is_misspelt(word, frozenset({known}), "abc") == (distance(known, word) <= 1)
