"""Figures from runs, held against the reference's own way of counting."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.tools.compare.measure import entity_keys, judge
from rasa_joint_nlu.tools.compare.statistics import (
    ACCURACIES,
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
    assert score(judge(truths, results)["messages"]) == pytest.approx(reference(truths, results))


def test_an_entity_is_right_only_with_its_place_type_role_and_group() -> None:
    entity = {"start": 0, "end": 4, "entity": "city", "role": "to", "value": "Rome"}
    (expected,) = entity_keys([entity])
    assert entity_keys([{**entity, "value": "NYC", "extractor": "any"}]) == {expected}
    for key, value in (("start", 1), ("end", 3), ("entity", "x"), ("role", None), ("group", "1")):
        assert entity_keys([{**entity, key: value}]) != {expected}


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
    assert found["types"] == {"city": [0, 2, 2], "dish": [0, 1, 0]}
    assert found["mistaken"] == [["city", "dish", 1]]


# The bootstrap --------------------------------------------------------------------------------

COUNTS = st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(1, 3), st.integers(1, 3))


@given(st.lists(COUNTS, min_size=1, max_size=30))
def test_identical_systems_do_not_differ(messages: List[Any]) -> None:
    same = outcomes(messages)
    assert bootstrap(same, same) == dict.fromkeys(ACCURACIES, 1.0)


def made(generator: np.random.Generator, size: int, right: float) -> List[List[int]]:
    """Messages of one entity each, intent and entity right with a probability."""
    drawn = generator.random((size, 2)) < right
    return [[int(intent), int(entity), 1, 1] for intent, entity in drawn]


def test_a_clearly_better_system_is_told_from_chance() -> None:
    generator = np.random.default_rng(1)
    good, bad = (outcomes(made(generator, 300, right)) for right in (0.9, 0.7))
    p = bootstrap(good, bad)
    assert all(value < 0.01 for value in p.values())
    assert bootstrap(bad, good) == pytest.approx(p, abs=1e-9)
    assert bootstrap(good, bad) == p


def test_chance_is_seldom_taken_for_a_difference() -> None:
    generator = np.random.default_rng(2)
    found = [
        bootstrap(*(outcomes(made(generator, 100, 0.8)) for _ in range(2)))["intent_acc"]
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
    assert (first.pipeline, first.runs, first.p) == ("a", 2, {})
    assert first.mean["intent_acc"] == 75 and first.mean["train_s"] == 2
    assert first.deviation["intent_acc"] == pytest.approx(35.36, abs=0.01)
    assert second.runs == 1 and second.deviation == {}
    assert set(second.p) == set(ACCURACIES)


def test_each_label_has_its_f1_and_the_confusions_are_ranked() -> None:
    (found,) = summarise(
        [
            row(
                "a",
                [RIGHT],
                intents=[["x", "x", 3], ["x", "y", 1], ["y", "y", 2], ["z", "y", 2]],
                types={"city": [2, 4, 4], "dish": [0, 1, 0]},
                mistaken=[["city", "dish", 1]],
            )
        ]
    )
    assert found.intents["x"] == (pytest.approx(200 * 3 / 7), 4)
    assert found.intents["y"] == (pytest.approx(200 * 2 / 7), 2)
    assert found.intents["z"] == (0, 2)
    assert found.types == {"city": (50, 4), "dish": (0, 0)}
    assert found.confused_intents == [("z", "y", 2), ("x", "y", 1)]
    assert found.confused_types == [("city", "dish", 1)]


def test_folds_are_pooled_and_only_common_ones_compared() -> None:
    ours = [row("a", [RIGHT] * 50, fold=1), row("a", [RIGHT] * 50, fold=2)]
    theirs = [row("b", [WRONG] * 50, fold=1)]
    assert compare(ours, theirs)["intent_acc"] < 0.001
    assert compare(ours, [row("b", [WRONG], fold=3)]) == {}
