"""Counting how words of entities and of nothing are written."""

from __future__ import annotations

from typing import Dict, Tuple

import numpy as np
from helpers import annotated, encoder_of, quick_model

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.precision import CASE_COUNTS
from rasa_joint_nlu.core.text.case import CAPITAL, CAPITALS, SMALL
from rasa_joint_nlu.core.training.case import count_cases

FIRST, LATER = 0, 1


def counted(*examples: Example) -> Dict[Tuple[int, str, int], int]:
    """The counts that are not 0, by place, type and case."""
    labels = encoder_of(list(examples)).labels
    counts = count_cases(Packed.of(examples), labels)
    types = ("", *labels.types)
    return {
        (place, types[kind], case): int(counts[place, kind, case])
        for place, kind, case in np.argwhere(counts).tolist()
    }


def test_words_count_by_place_type_and_case() -> None:
    found = counted(
        annotated("go to [New York](city)", "go"),
        annotated("[Oslo](city) please", "go"),
        annotated("fly [IBM](company) to [Rome](city)", "go"),
    )
    assert found == {
        (FIRST, "", SMALL): 2,
        (LATER, "", SMALL): 2,
        (FIRST, "city", CAPITAL): 1,
        (LATER, "city", CAPITAL): 3,
        (LATER, "company", CAPITALS): 1,
    }


def test_a_word_counts_once_for_each_way_it_is_used() -> None:
    found = counted(
        annotated("to [Rome](city) to [Rome](city)", "go"),
        annotated("to [rome](city)", "go"),
        annotated("Rome to Rome", "go"),
        annotated("42 ! to", "go"),
    )
    assert found == {
        (FIRST, "", SMALL): 1,
        (FIRST, "", CAPITAL): 1,
        (LATER, "", SMALL): 1,
        (LATER, "", CAPITAL): 1,
        (LATER, "city", SMALL): 1,
        (LATER, "city", CAPITAL): 1,
    }


def test_fine_tuning_keeps_what_was_counted_where_it_was_more() -> None:
    before = [annotated(f"go to [{name}](city)", "go") for name in ("Oslo", "Kiel")]
    now = [annotated("go to [BERN](city)", "go"), annotated("hey there", "greet")]
    model = quick_model()
    model.fit([*before, annotated("hello", "greet")])
    model.finetune(now)
    counts = model.learnt.weights[CASE_COUNTS]
    assert counts[LATER, 1].tolist() == [0, 2, 1, 0]
    assert counts[FIRST, 0].tolist() == [2, 0, 0, 0]
