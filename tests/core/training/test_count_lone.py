"""Counting messages of a new word or two."""

from __future__ import annotations

from typing import Dict, List, Tuple

import numpy as np
import pytest
from helpers import annotated, encoder_of, quick_model
from scipy import sparse

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.precision import LONE_WORDS
from rasa_joint_nlu.core.training.lone import count_lone_words

OTHERS = [annotated("go to [Rome](city)", "go"), annotated("well hello there", "greet")]


def counted(*examples: Example, vouching: Tuple[str, ...] = ()) -> Dict[Tuple[str, str], int]:
    """The counts that are not 0, by intent and type."""
    every: List[Example] = [*OTHERS, *examples]
    labels = encoder_of(every).labels
    counts = count_lone_words(Packed.of(every), labels, vouching)
    types = ("", *labels.types)
    return {
        (labels.intents[row], types[column]): int(counts[row, column])
        for row, column in np.argwhere(counts).tolist()
    }


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Oslo](city)", {("go", "city"): 1}),
        ("[Oslo](city)!", {("go", "city"): 1}),
        ("Oslo", {("go", ""): 1}),
        ("[Oslo](place)", {("go", "place"): 1}),
        ("[New York](city)", {("go", "city"): 1}),
        ("in [Oslo](city)", {("go", ""): 1}),
        ("to [Oslo](city)", {}),
        ("[New Rome](city)", {}),
        ("[New York City](city)", {}),
        ("[Rome](city)", {}),
        ("[rome](city)", {}),
        ("[42](city)", {}),
        ("there", {}),
    ],
)
def test_a_message_counts_whose_only_words_are_in_no_other(
    marked: str, expected: Dict[Tuple[str, str], int]
) -> None:
    assert counted(annotated(marked, "go")) == expected


def test_each_word_and_each_intent_counts_by_itself() -> None:
    names = [annotated(f"[{name}](name)", "tell") for name in ("Anna", "Boris", "Carla", "Anna")]
    small_talk = [annotated("hey", "greet"), annotated("bye")]
    assert counted(*names, *small_talk) == {("tell", "name"): 2, ("greet", ""): 1}


def test_what_a_pattern_knows_would_not_be_unknown() -> None:
    matched = Example.from_text("Oslo", "go")
    matched.features["table/sequence"] = sparse.csr_matrix([[1.0]])
    assert counted(matched) == {("go", ""): 1}
    assert counted(matched, vouching=("table/sequence",)) == {}


def test_fine_tuning_keeps_what_was_counted_where_it_was_more() -> None:
    before = [*OTHERS, *(annotated(f"[{name}](city)", "go") for name in ("Oslo", "Kiel"))]
    now = [*OTHERS, annotated("[Bern](city)", "go"), annotated("hey", "greet")]
    model = quick_model()
    model.fit(before)
    np.testing.assert_array_equal(model.learnt.weights[LONE_WORDS], [[0, 2], [0, 0]])
    model.finetune(now)
    np.testing.assert_array_equal(model.learnt.weights[LONE_WORDS], [[0, 2], [1, 0]])
