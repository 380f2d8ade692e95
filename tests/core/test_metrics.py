"""Scores of predictions, worked out by hand."""

from __future__ import annotations

from typing import Optional

import pytest
from helpers import annotated

from rasa_joint_nlu.core import Example, IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.core.metrics import evaluate


def guess(marked: str, intent: Optional[str]) -> Prediction:
    return Prediction(
        () if intent is None else (IntentScore(intent, 0.6), IntentScore("other", 0.4)),
        tuple(
            PredictedEntity(e.start, e.end, e.type, e.role, e.group, 0.5)
            for e in annotated(marked).entities
        ),
    )


def test_scores_of_a_mixed_lot() -> None:
    examples = [
        annotated("from [Oslo](city/departure) to [Rome](city/arrival)", "book"),
        annotated("a [tea](drink#1)", "order"),
        annotated("hello", "greet"),
        annotated("in [Rome](city)"),
    ]
    predictions = [
        guess("from [Oslo](city/departure) to [Rome](city/departure)", "book"),  # one role wrong
        guess("a [tea](drink#1)", "order"),  # all right
        guess("[hello](city)", "book"),  # one entity too many, intent wrong
        guess("in [Rome](city)", "greet"),  # intent not known
    ]
    scores = evaluate(examples, predictions)
    assert scores["intent_acc"] == pytest.approx(2 / 3)
    assert scores["entity_f1"] == pytest.approx(2 * 3 / (5 + 4))
    assert scores["frame_acc"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    "marked",
    [
        "in [New](city) York",
        "in [New York](town)",
        "in [New York](city/from)",
        "in [New York](city#1)",
        "in New York",
    ],
)
def test_an_entity_is_right_only_as_a_whole(marked: str) -> None:
    scores = evaluate([annotated("in [New York](city)", "ask")], [guess(marked, "ask")])
    assert scores == {"intent_acc": 1.0, "entity_f1": 0.0, "frame_acc": 0.0}


def test_a_right_frame_needs_the_right_intent() -> None:
    scores = evaluate([annotated("in [Rome](city)", "ask")], [guess("in [Rome](city)", "tell")])
    assert scores == {"intent_acc": 0.0, "entity_f1": 1.0, "frame_acc": 0.0}


def test_an_entity_too_many_spoils_the_frame() -> None:
    truth = annotated("from [Oslo](city) to Rome", "ask")
    scores = evaluate([truth], [guess("from [Oslo](city) to [Rome](city)", "ask")])
    assert scores["frame_acc"] == 0.0 and scores["entity_f1"] == pytest.approx(2 / 3)


def test_a_model_without_intents_gets_none_right() -> None:
    assert evaluate([annotated("hi", "greet")], [guess("hi", None)])["intent_acc"] == 0.0


def test_nothing_to_count_gives_zeros() -> None:
    zeros = {"intent_acc": 0.0, "entity_f1": 0.0, "frame_acc": 0.0}
    assert evaluate([], []) == zeros
    assert evaluate([Example.from_text("hi")], [Prediction()]) == zeros
