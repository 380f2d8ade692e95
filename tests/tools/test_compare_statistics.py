"""Figures from runs, held against the reference's own way of counting."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.tools.compare.measure import entity_key, judge
from rasa_joint_nlu.tools.compare.statistics import (
    ACCURACIES,
    Difference,
    bootstrap,
    compare,
    outcomes,
    score,
    summarise,
)

ENTITIES = st.lists(
    st.fixed_dictionaries(
        {"start": st.integers(0, 2), "end": st.integers(3, 4), "entity": st.sampled_from("xy")},
        optional={"role": st.sampled_from(["to", None]), "group": st.just("1")},
    ),
    max_size=3,
)
MESSAGES = st.lists(
    st.tuples(st.sampled_from("ab"), ENTITIES, st.sampled_from(["a", "b", None]), ENTITIES),
    min_size=1,
    max_size=8,
)


def reference(truths: List[Dict[str, Any]], results: List[Dict[str, Any]]) -> Dict[str, float]:
    """Intent accuracy, entity F1 and frame accuracy, written down once more."""
    intents = frames = tp = fp = fn = 0
    for truth, result in zip(truths, results):
        names = ("start", "end", "entity", "role", "group")
        gold = {tuple(e.get(name) for name in names) for e in truth["entities"]}
        found = {tuple(e.get(name) for name in names) for e in result["entities"]}
        intent = result["intent"]["name"] == truth["intent"]
        intents += intent
        frames += intent and gold == found
        tp, fp, fn = tp + len(gold & found), fp + len(found - gold), fn + len(gold - found)
    return {
        "intent_acc": 100 * intents / len(truths),
        "entity_f1": 200 * tp / max(1, 2 * tp + fp + fn),
        "frame_acc": 100 * frames / len(truths),
    }


@given(MESSAGES)
def test_scores_are_those_of_the_reference(messages: List[Any]) -> None:
    truths = [{"text": "", "intent": m[0], "entities": m[1]} for m in messages]
    results = [{"intent": {"name": m[2]}, "entities": m[3]} for m in messages]
    expected = reference(truths, results)
    if not any(truth["entities"] for truth in truths):
        del expected["entity_f1"]
    assert score(judge(truths, results)["messages"]) == pytest.approx(expected)


def test_an_entity_is_right_only_with_its_place_type_role_and_group() -> None:
    entity = {"start": 0, "end": 4, "entity": "city", "role": "to", "value": "Rome"}
    expected = entity_key(entity)
    assert entity_key({**entity, "value": "NYC", "extractor": "any"}) == expected
    for key, value in (("start", 1), ("end", 3), ("entity", "x"), ("role", None), ("group", "1")):
        assert entity_key({**entity, key: value}) != expected


def test_what_is_taken_for_something_else_is_counted() -> None:
    city = {"start": 0, "end": 4, "entity": "city"}
    truths = [{"intent": "fly", "entities": [city]}, {"intent": "fly", "entities": [city]}]
    results = [
        {"intent": {"name": "walk"}, "entities": [{**city, "entity": "dish"}]},
        {"intent": None, "entities": [{**city, "role": "to"}, {**city, "start": 1}]},
    ]
    found = judge(truths, results)
    assert found["messages"] == [[0, 0, 1, 1], [0, 0, 2, 1]]
    assert found["intents"] == [["fly", "None", 1], ["fly", "walk", 1]]
    assert found["predictions"] == [
        ["walk", None, [[0, 4, "dish", None, None, None]]],
        [None, None, [[0, 4, "city", "to", None, None], [1, 4, "city", None, None, None]]],
    ]


# The bootstrap --------------------------------------------------------------------------------

COUNTS = st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(1, 3), st.integers(1, 3))


@given(st.lists(COUNTS, min_size=1, max_size=30))
def test_identical_systems_do_not_differ(messages: List[Any]) -> None:
    same = outcomes(messages)
    assert bootstrap(same, same) == dict.fromkeys(ACCURACIES, Difference(0, 0, 0, 1))


def made(generator: np.random.Generator, size: int, right: float) -> List[List[int]]:
    """Messages of one entity each, intent and entity right with a probability."""
    drawn = generator.random((size, 2)) < right
    return [[int(intent), int(entity), 1, 1] for intent, entity in drawn]


def test_a_clearly_better_system_is_told_from_chance() -> None:
    generator = np.random.default_rng(1)
    good, bad = (outcomes(made(generator, 300, right)) for right in (0.9, 0.7))
    found = bootstrap(good, bad)
    assert all(of.p < 0.01 and of.is_certain for of in found.values())
    assert all(of.low < of.seen < of.high < 0 for of in found.values())
    for name, of in bootstrap(bad, good).items():
        assert (of.p, of.seen) == pytest.approx((found[name].p, -found[name].seen), abs=1e-9)
        assert (of.low, of.high) == pytest.approx((-found[name].high, -found[name].low), abs=1e-9)
    assert bootstrap(good, bad) == found


def test_the_interval_is_that_of_the_difference_of_two_shares() -> None:
    generator = np.random.default_rng(3)
    first, second = (outcomes(made(generator, 2000, right)) for right in (0.8, 0.85))
    found = bootstrap(first, second)["intent_acc"]
    gaps = 100 * (second[:, 0] - first[:, 0])
    error = 1.96 * gaps.std() / len(gaps) ** 0.5
    assert found.seen == pytest.approx(gaps.mean())
    assert (found.low, found.high) == pytest.approx(
        (gaps.mean() - error, gaps.mean() + error), abs=0.15
    )


def test_chance_is_seldom_taken_for_a_difference() -> None:
    generator = np.random.default_rng(2)
    found = [
        bootstrap(*(outcomes(made(generator, 100, 0.8)) for _ in range(2)))["intent_acc"].p
        for _ in range(30)
    ]
    assert sum(value < 0.05 for value in found) <= 5
    assert 0.3 < np.mean(found) < 0.7


# Summaries ------------------------------------------------------------------------------------


def row(pipeline: str, messages: List[List[int]], **more: Any) -> Dict[str, Any]:
    base = {"pipeline": pipeline, "share": 1.0, "fold": 0, "train_size": 10, "train_s": 1.0}
    return {**base, "messages": messages, **more}


RIGHT, WRONG = [1, 1, 1, 1], [0, 0, 1, 1]


def test_runs_of_a_pipeline_are_put_together() -> None:
    first, second = summarise(
        [
            row("a", [RIGHT, RIGHT], train_s=1.0),
            row("a", [RIGHT, WRONG], train_s=3.0),
            row("b", [WRONG, WRONG]),
        ]
    )
    assert (first.pipeline, first.runs, first.differences) == ("a", 2, {})
    assert first.mean["intent_acc"] == 75 and first.mean["train_s"] == 2
    assert first.deviation["intent_acc"] == pytest.approx(35.36, abs=0.01)
    assert second.runs == 1 and second.deviation == {}
    assert set(second.differences) == set(ACCURACIES)
    assert second.differences["intent_acc"].seen == -75


def test_data_without_entities_have_no_entity_f1() -> None:
    bare = [[1, 0, 0, 0], [0, 0, 1, 0]]
    first, second = summarise([row("a", bare), row("b", bare)])
    assert list(first.mean) == ["intent_acc", "frame_acc", "train_s"]
    assert list(second.differences) == ["intent_acc", "frame_acc"]


def test_what_fell_back_is_counted_apart() -> None:
    answers = [["nlu_fallback", 0.3, []], ["x", 0.9, []]]
    (found,) = summarise([row("a", [WRONG, RIGHT], predictions=answers)])
    assert found.mean["intent_acc"] == 50 and found.mean["fallback"] == 50


def test_summaries_are_by_pipeline_whatever_the_order_of_the_runs() -> None:
    rows = [row(name, [RIGHT], share=share) for share in (1.0, 0.5) for name in "ab"]
    found = [(summary.pipeline, summary.share) for summary in summarise(rows)]
    assert found == [("a", 0.5), ("a", 1.0), ("b", 0.5), ("b", 1.0)]


def test_folds_are_pooled_and_only_common_ones_compared() -> None:
    ours = [row("a", [RIGHT] * 50, fold=1), row("a", [RIGHT] * 50, fold=2)]
    theirs = [row("b", [WRONG] * 50, fold=1)]
    assert compare(ours, theirs)["intent_acc"].p < 0.001
    assert compare(ours, [row("b", [WRONG], fold=3)]) == {}
