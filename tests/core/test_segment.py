"""Cutting a text into tokens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import Entity, Example, Prediction, Token, segment
from rasa_joint_nlu.core.data import IntentScore


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \t\n", []),
        ("To Rome, please!", ["To", "Rome", ",", "please", "!"]),
        ("it's 10:30", ["it", "'", "s", "10", ":", "30"]),
        ("Zürich，東京", ["Zürich", "，", "東京"]),
        ("...", [".", ".", "."]),
    ],
)
def test_words_and_marks_are_tokens(text: str, tokens: list) -> None:
    assert [token.text for token in segment(text)] == tokens


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=40))
def test_tokens_are_pieces_of_the_text_and_miss_only_spaces(text: str) -> None:
    tokens = segment(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    ends = [0, *(token.end for token in tokens)]
    starts = [*(token.start for token in tokens), len(text)]
    assert all(text[end:start].strip() == "" and end <= start for end, start in zip(ends, starts))


def test_an_example_of_a_text_has_its_tokens() -> None:
    example = Example.from_text("to Rome", "book", [Entity(3, 7, "city")])
    assert example.tokens == (Token("to", 0, 2), Token("Rome", 3, 7))
    assert example.intent == "book" and example.entities == (Entity(3, 7, "city"),)


def test_the_intent_of_a_prediction_is_its_first_or_none() -> None:
    assert Prediction((IntentScore("a", 0.7), IntentScore("b", 0.3))).intent == "a"
    assert Prediction().intent is None
