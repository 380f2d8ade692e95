"""What types of entities keep away from: intents that avoid them, and others of their like."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Tuple

import numpy as np
import pytest
from helpers import annotated, encoder_of, quick_model, toy_examples
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.batch import Trust
from rasa_joint_nlu.core.training.affinity import adjoining, affinity
from rasa_joint_nlu.core.training.loop import APART


def affinity_of(examples: List[Example]) -> np.ndarray:
    encoder = encoder_of(examples)
    labels = encoder.labels
    corpus = encoder.encode(examples)
    return affinity(corpus, len(labels.intents), len(labels.types))


MESSAGES = st.lists(
    st.tuples(st.sampled_from("abc"), st.text("xyz", min_size=1, max_size=3)),
    min_size=1,
    max_size=20,
)


@given(MESSAGES)
def test_affinity_is_what_was_seen_beside_what_was_expected(
    messages: List[Tuple[str, str]],
) -> None:
    examples = [
        annotated(" or ".join(f"[it]({kind})" for kind in kinds), intent)
        for intent, kinds in messages
    ]
    pairs = [(intent, kind) for intent, kinds in messages for kind in kinds]
    labels = encoder_of(examples).labels
    found = affinity_of(examples)
    for row, intent in enumerate(labels.intents):
        for column, kind in enumerate(labels.types):
            of_intent = sum(pair[0] == intent for pair in pairs)
            of_type = sum(pair[1] == kind for pair in pairs)
            expected = of_intent * of_type / len(pairs)
            seen = pairs.count((intent, kind))
            assert found[row, column] == pytest.approx(min(1, (seen + 1) / (expected + 1)))


def test_an_intent_without_entities_and_an_example_without_an_intent_tell_nothing() -> None:
    examples = [annotated("hello", "greet"), annotated("to [it](x)"), annotated("the [it](y)", "a")]
    np.testing.assert_allclose(affinity_of(examples), 1)
    np.testing.assert_allclose(
        affinity_of([annotated("hello", "greet"), annotated("bye", "bye")]), 1
    )


def test_a_trained_model_knows_which_types_go_with_its_intents() -> None:
    examples = toy_examples()
    model = quick_model()
    model.fit(examples)
    np.testing.assert_allclose(model.learnt.weights["affinity"], affinity_of(examples), rtol=1e-3)
    assert (
        model.learnt.weights["affinity"].min() < 0.5 < model.learnt.weights["affinity"].max() == 1
    )


def test_fine_tuning_avoids_what_examples_before_and_now_avoid() -> None:
    apart = [annotated("the [x](thing)", "buy")] * 9 + [annotated("at [y](time)", "meet")] * 9
    mixed = [*apart, *[annotated("the [x](thing)", "meet")] * 9]
    expected = np.maximum(affinity_of(apart), affinity_of(mixed))
    assert (expected > affinity_of(apart)).sum() == 2 and (expected < 1).sum() == 2
    for before, now in ((apart, mixed), (mixed, apart)):
        model = quick_model()
        model.fit(before)
        model.finetune(now)
        np.testing.assert_allclose(model.learnt.weights["affinity"], expected, rtol=1e-3)
    model.finetune([replace(example, intent=None) for example in apart])
    np.testing.assert_allclose(model.learnt.weights["affinity"], 1)


@pytest.mark.parametrize("task", ["intent_classification", "entity_recognition"])
def test_a_model_of_one_task_has_nothing_to_compare(task: str) -> None:
    model = quick_model(**{task: False})
    model.fit(toy_examples())
    assert "affinity" not in model.learnt.weights


def adjoining_of(*marked: str) -> Dict[str, bool]:
    """By type, whether an entity of it follows another one in these examples."""
    examples = [annotated(text, "a") for text in marked]
    encoder = encoder_of(examples)
    types = encoder.labels.types
    found = adjoining(encoder.encode(examples), len(types))
    return dict(zip(types, found.tolist()))


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[it](x) [it](x)", True),
        ("a [it](x) [the one](x) b", True),
        ("[the one](x) [it](x) [it](x)", True),
        ("[Oslo](x/from) [Rome](x/to)", True),
        ("[large](x#1) [small](x#2)", True),
        ("[it](x) [it](y) [it](x)", False),
        ("[it](x) or [it](x)", False),
        ("[it](x), [it](x)", False),
        ("[it](x)", False),
        ("[the one](x) is it", False),
    ],
)
def test_a_type_adjoins_itself_where_nothing_is_between_two_of_it(
    marked: str, expected: bool
) -> None:
    others = "what [it](x)", "[it](x) [it](z)", "[it](z) [it](z) now", "so"
    assert adjoining_of(marked, *others)["x"] is expected
    assert adjoining_of(*others, marked)["x"] is expected
    assert adjoining_of(*others, marked)["z"] is True


def test_what_is_guessed_adjoins_nothing() -> None:
    examples = [annotated("[it](x)"), annotated("[it](x) [it](x)")]
    encoder = encoder_of(examples)
    corpus = encoder.encode(examples)
    for sure, expected in ((1.0, True), (0.9, False)):
        trust = np.array([1.0, sure])
        found = adjoining(replace(corpus, trust=Trust(trust, trust)), 1)
        assert found.tolist() == [expected]


def test_what_never_adjoins_is_kept_apart_once() -> None:
    apart = [annotated("the [one](x) or [two](x)", "buy"), annotated("[a](y) [b](y)", "buy")]
    model = quick_model()
    model.fit([*apart, annotated("hello", "greet")])

    def to_itself() -> np.ndarray:
        weights: np.ndarray = model.learnt.weights["crf.transitions"].diagonal()
        return weights[1:]

    x, y = to_itself()
    assert x == pytest.approx(-APART, abs=1) and y == pytest.approx(0, abs=1)
    model.finetune([*apart, annotated("[one](x) [two](x)", "buy")])
    np.testing.assert_allclose(to_itself(), [x, y], atol=1)
