"""How long a training is planned to be, and at which rates."""

from __future__ import annotations

import pytest
from helpers import annotated
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import Example, JointConfig
from rasa_joint_nlu.core.training.plan import (
    planned_drop_rate,
    planned_epochs,
    planned_learning_rate,
    planned_ngram_drop_rate,
    planned_updates,
)


def test_more_examples_need_no_fewer_updates() -> None:
    sizes = [50, 700, 1_300, 2_500, 5_000, 10_000, 100_000]
    updates = [planned_updates(size, labels=10) for size in sizes]
    assert updates[:6] == pytest.approx([300, 304.5, 826.5, 1000, 2000, 4000])
    assert updates[6] > updates[5]
    epochs = [planned_epochs(JointConfig(), *each) for each in zip(sizes, updates)]
    assert epochs == [144, 11, 16, 10, 10, 10, 2]


@settings(max_examples=40, deadline=None)
@given(examples=st.integers(1, 50_000), labels=st.integers(0, 1000))
def test_more_labels_need_no_fewer_updates(examples: int, labels: int) -> None:
    assert 300 <= planned_updates(examples, labels) <= planned_updates(examples, labels + 1)
    assert planned_updates(100, 200) == 2450


@settings(max_examples=40, deadline=None)
@given(examples=st.integers(1, 50_000), updates=st.floats(1, 10_000))
def test_the_epochs_of_so_many_updates_have_so_many(examples: int, updates: float) -> None:
    epochs = planned_epochs(JointConfig(), examples, updates)
    per_epoch = max(1.0, examples / 24)
    assert (epochs - 1) * per_epoch < updates <= epochs * per_epoch * (1 + 1e-9)


def test_larger_batches_need_more_epochs() -> None:
    epochs = [
        planned_epochs(JointConfig(batch_size=size), 1000, 800) for size in (24, 64, [32, 96])
    ]
    assert epochs[0] < epochs[1] == epochs[2]


def test_given_epochs_are_an_upper_bound() -> None:
    adapted = planned_epochs(JointConfig(), 500, 600)
    assert planned_epochs(JointConfig(epochs=adapted + 1), 500, 600) == adapted
    assert planned_epochs(JointConfig(epochs=adapted - 1), 500, 600) == adapted - 1


@settings(max_examples=40, deadline=None)
@given(examples=st.integers(1, 50_000), share=st.floats(0.001, 1))
def test_a_share_of_a_training_is_that_share_of_its_epochs(examples: int, share: float) -> None:
    updates = planned_updates(examples, 10)
    full = planned_epochs(JointConfig(), examples, updates)
    part = planned_epochs(JointConfig(), examples, share * updates)
    assert 1 <= part <= full
    assert share * (full - 1) <= part <= share * full + 1


def test_the_more_updates_there_are_the_shorter_are_the_longest_steps() -> None:
    rates = [planned_learning_rate(JointConfig(), updates) for updates in (300, 2000, 4000, 8000)]
    assert rates == pytest.approx([0.0095, 0.0095, 0.00475, 0.002375])
    assert planned_learning_rate(JointConfig(learning_rate=0.02), 4000) == 0.02


@pytest.mark.parametrize(
    ("count", "rate"), [(1, 0.5), (500, 0.5), (1270, 0.396), (4190, 0.294), (10**6, 0.25)]
)
def test_the_drop_rate_adapts_to_the_amount_of_data(count: int, rate: float) -> None:
    examples = [Example.from_text("hello", "greet")] * count
    assert planned_drop_rate(JointConfig(), examples) == pytest.approx(rate, abs=1e-3)
    assert planned_drop_rate(JointConfig(drop_rate=0.1), examples) == 0.1


@pytest.mark.parametrize(("once", "rate"), [(0, 0.25), (40, 0.25), (160, 0.288), (500, 0.45)])
def test_more_is_dropped_where_many_values_occur_only_once(once: int, rate: float) -> None:
    examples = [annotated("to [Rome](city)")] * (1000 - once)
    examples += [annotated(f"to [Town {number}](city)") for number in range(once)]
    examples += [Example.from_text("hello", "greet")] * 9000
    assert planned_drop_rate(JointConfig(), examples) == pytest.approx(rate, abs=1e-3)


@pytest.mark.parametrize(
    ("examples", "rate"), [(1, 0.0), (500, 0.0), (1000, 0.1), (4000, 0.3), (10**6, 0.3)]
)
def test_more_ngrams_are_left_out_of_more_data(examples: int, rate: float) -> None:
    assert planned_ngram_drop_rate(JointConfig(), examples) == pytest.approx(rate)
    assert planned_ngram_drop_rate(JointConfig(ngram_drop_rate=0.5), examples) == 0.5
