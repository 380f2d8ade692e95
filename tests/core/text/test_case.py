"""How words are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.core.text.case import CAPITAL, CAPITALS, CASES, MIXED, SMALL, case_of


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("rome", SMALL),
        ("Rome", CAPITAL),
        ("ROME", CAPITALS),
        ("iPhone", MIXED),
        ("McDonald", MIXED),
        ("I", CAPITAL),
        ("Łódź", CAPITAL),
        ("Анна", CAPITAL),
        ("ΑΘΗΝΑ", CAPITALS),
        ("Ελένη", CAPITAL),
        ("b12", SMALL),
        ("B12", CAPITAL),
        ("AB12", CAPITALS),
        ("12b", SMALL),
        ("42", SMALL),
        ("¡Rome", CAPITAL),
        ("東京", SMALL),
        ("हिन्दी", SMALL),
        ("שלום", SMALL),
        ("👍", SMALL),
        ("Ⓐ", SMALL),
        ("İzmir", CAPITAL),
        ("ß", SMALL),
        ("", SMALL),
    ],
)
def test_a_word_is_small_or_has_capitals_somewhere(word: str, case: int) -> None:
    assert case_of(word) == case


@given(st.text(max_size=8))
def test_every_text_has_a_case(text: str) -> None:
    assert 0 <= case_of(text) < CASES
