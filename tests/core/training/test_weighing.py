"""What is set aside, and what it says words should count."""

from __future__ import annotations

import math
from typing import List

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.core.training.votes import USUAL_WEIGHT
from rasa_joint_nlu.core.training.weighing import ASIDE, MOST_ASIDE, set_aside, weigh


@given(st.lists(st.integers(-1, 4), min_size=1, max_size=200), st.integers(0, 2**32 - 1))
def test_the_same_share_of_each_intent_is_set_aside(ids: List[int], seed: int) -> None:
    intent_ids = np.array(ids)
    aside = set_aside(intent_ids, np.random.default_rng(seed))
    assert aside.shape == intent_ids.shape and aside.dtype == bool
    for intent in range(5):
        of_intent = intent_ids == intent
        assert aside[of_intent].sum() == math.floor(ASIDE * of_intent.sum())
    assert not aside[intent_ids == -1].any()


def test_no_more_is_set_aside_than_is_needed() -> None:
    aside = set_aside(np.arange(100_000) % 7, np.random.default_rng(0))
    assert MOST_ASIDE - 7 <= aside.sum() <= MOST_ASIDE


def test_chance_chooses_what_is_set_aside() -> None:
    ids = np.zeros(40, int)
    one, same, other = (set_aside(ids, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (one == same).all() and (one != other).any()


def logits(right: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
    """Of 3 intents: for the right one where `right`, else for the next one."""
    said = torch.where(right, answers, (answers + 1) % 3)
    return 4.0 * torch.nn.functional.one_hot(said, 3)


@pytest.mark.parametrize(
    ("states_right", "words_right", "low", "high"),
    [(0.95, 0.7, 0.1, 0.6), (0.7, 0.95, 2.0, 5.0), (0.9, 0.9, 0.6, 1.5)],
)
def test_the_more_often_words_are_right_the_more_they_count(
    states_right: float, words_right: float, low: float, high: float
) -> None:
    generator = torch.Generator().manual_seed(0)
    answers = torch.randint(3, (200,), generator=generator)
    of_states, of_words = (
        logits(torch.rand(200, generator=generator) < right, answers)
        for right in (states_right, words_right)
    )
    assert low <= weigh(of_states, of_words, answers) <= high


def test_without_evidence_words_count_as_they_usually_do() -> None:
    nothing = torch.zeros(5, 3)
    found = weigh(nothing, nothing, torch.zeros(5, dtype=torch.long))
    assert found == pytest.approx(USUAL_WEIGHT, rel=0.1)


def test_one_message_says_little() -> None:
    wrong, right = torch.tensor([[4.0, 0.0]]), torch.tensor([[0.0, 4.0]])
    found = weigh(wrong, right, torch.tensor([1]))
    assert USUAL_WEIGHT < found < 3 * USUAL_WEIGHT
