"""The figures of `test`: against the core's, Rasa's and those that were counted by hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Entity, Example, IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.core.metrics import evaluate
from rasa_joint_nlu.tools.scores import asked_of, calibration, fallback, score
from rasa_joint_nlu.tools.test import as_html, readable

INTENTS = st.sampled_from(["a", "b", "out_of_scope"])
LABELS = st.tuples(st.sampled_from(["city", "day"]), st.sampled_from([None, "to", "from"]))


@st.composite
def labelled(draw: st.DrawFn) -> "dict[Tuple[int, int], Tuple[str, Optional[str]]]":
    spans = draw(st.sets(st.sampled_from([(0, 2), (3, 5), (6, 8)])))
    return {span: draw(LABELS) for span in sorted(spans)}


@st.composite
def pairs(draw: st.DrawFn) -> Tuple[Example, Prediction]:
    truth, guess = draw(labelled()), draw(labelled())
    example = Example(
        "ab cd ef",
        (),
        draw(st.none() | INTENTS),
        [Entity(start, end, kind, role) for (start, end), (kind, role) in truth.items()],
    )
    found = [
        PredictedEntity(start, end, kind, role, confidence=draw(st.floats(0, 1)))
        for (start, end), (kind, role) in guess.items()
    ]
    confidence = draw(st.floats(0, 1))
    scores = draw(st.just(()) | INTENTS.map(lambda name: (IntentScore(name, confidence),)))
    return example, Prediction(scores, tuple(found))


# Examples take long to draw where other processes are busy.
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(pairs(), max_size=8))
def test_the_figures_are_those_of_the_core_and_so_of_the_benchmarks(
    tested: List[Tuple[Example, Prediction]],
) -> None:
    examples, predictions = [e for e, _ in tested], [p for _, p in tested]
    scores = score(examples, predictions)
    assert {
        "intent_acc": scores.intent_accuracy,
        "entity_f1": scores.entities.f1,
        "frame_acc": scores.frame_accuracy,
    } == pytest.approx(evaluate(examples, predictions))
    assert sum(of.right for of in scores.types.values()) == scores.entities.right
    assert sum(of.true for of in scores.roles.values()) <= scores.entities.true
    assert scores.spans.right >= scores.entities.right
    assert scores.spans.true == scores.entities.true
    lost = [each.lost for each in scores.fallback.curve]
    assert lost == sorted(lost) and lost[0] == 0


def messages_of(*intents: Tuple[str, str, float]) -> Tuple[List[Example], List[Prediction]]:
    """Messages of `(true intent, predicted intent, confidence)`."""
    return (
        [Example("x", (), true) for true, _, _ in intents],
        [Prediction((IntentScore(name, confidence),)) for _, name, confidence in intents],
    )


def test_the_figures_of_each_intent_are_those_of_rasa() -> None:
    rasa = pytest.importorskip("rasa.model_testing")
    names = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b"), ("c", "a"), ("c", "c"), ("a", "a")]
    scores = score(*messages_of(*[(*pair, 0.5) for pair in names]))
    true, guessed = zip(*names)
    report, _, _, accuracy = rasa.get_evaluation_metrics(true, guessed, output_dict=True)
    assert scores.intent_accuracy == pytest.approx(accuracy)
    for name, of in scores.intents.items():
        ours = {"precision": of.precision, "recall": of.recall, "f1-score": of.f1}
        assert {key: report[name][key] for key in ours} == pytest.approx(ours)
        assert report[name]["support"] == of.true


def test_spans_roles_and_confused_types_are_counted() -> None:
    truth = [Entity(0, 2, "city", "to"), Entity(3, 5, "day")]
    guess = [
        PredictedEntity(0, 2, "city", "from", confidence=0.9),
        PredictedEntity(3, 5, "city", confidence=0.6),
    ]
    scores = score([Example("ab cd", (), "a", truth)], [Prediction((), tuple(guess))])
    assert (scores.entities.right, scores.spans.right) == (0, 2)
    assert set(scores.roles) == {"city/to", "city/from"}
    assert scores.type_confusions == (("day", "city", 1),)
    assert scores.calibration["entities"].error == pytest.approx(0.75)


def test_the_calibration_error_is_the_mean_distance_of_the_bins() -> None:
    of = calibration([(0.95, True), (0.95, False), (0.25, False), (1.0, True)])
    assert [(each.predictions, round(each.right, 2)) for each in of.bins] == [(1, 0), (3, 0.67)]
    # 1 prediction is 0.25 off, and 3 are 0.3 off.
    assert of.error == pytest.approx((0.25 + 3 * (2.9 / 3 - 2 / 3)) / 4)
    assert calibration([]).error == 0


def advised(*intents: Tuple[str, str, float]) -> float:
    return fallback(list(zip(*messages_of(*intents)))).advised


def test_the_advised_threshold_loses_three_percent_at_most() -> None:
    right: Sequence[Tuple[str, str, float]] = [("a", "a", 0.9)] * 97
    assert advised(*right, *[("a", "a", 0.31)] * 3) == 0.9
    assert advised(*right[:96], *[("a", "a", 0.31)] * 4) == 0.3
    # What is understood wrong is no loss.
    assert advised(*right, *[("a", "b", 0.31)] * 50) == 0.9


def test_what_is_out_of_scope_is_caught_by_its_intent_or_by_the_threshold() -> None:
    examples, predictions = messages_of(
        ("out_of_scope", "out_of_scope", 0.9), ("out_of_scope", "a", 0.5), ("a", "a", 0.9)
    )
    curve = {round(each.threshold, 2): each for each in score(examples, predictions).fallback.curve}
    assert curve[0.0].out_of_scope == 0.5 and curve[0.6].out_of_scope == 1
    assert curve[0.6].lost == 0 and curve[1.0].lost == 1
    assert score(*messages_of(("a", "a", 0.9))).fallback.curve[0].out_of_scope is None


def test_what_the_data_cannot_tell_has_no_figure() -> None:
    found = PredictedEntity(0, 2, "city", confidence=0.9)
    of_entities = score(
        [Example("ab", (), None, [Entity(0, 2, "city")])], [Prediction((), (found,))]
    )
    said = readable(of_entities).splitlines()
    assert [line.rsplit(None, 1)[1] for line in said[:8]] == [
        *("1", "–", "100.0%", "100.0%", "–", "–", "10.0%", "–")
    ]
    assert not any("lost" in line for line in said)
    page = as_html(of_entities, Path("model"))
    assert "Intent accuracy" not in page and "What falls back" not in page
    said = readable(score(*messages_of(("a", "a", 0.9)))).splitlines()
    assert [line.rsplit(None, 1)[1] for line in said[:8]] == [
        *("1", "100.0%", "–", "–", "100.0%", "10.0%", "–", "0.90")
    ]


def test_a_model_is_not_asked_for_what_it_is_not_for() -> None:
    example = Example("ab", (), "a", [Entity(0, 2, "city")])
    found = Prediction((), (PredictedEntity(0, 2, "city", confidence=0.9),))
    asked = asked_of(JointConfig(intent_classification=False), [example])
    assert score(asked, [found]).entities.f1 == 1 and score(asked, [found]).intents == {}
    said = Prediction((IntentScore("a", 0.9),))
    asked = asked_of(JointConfig(entity_recognition=False), [example])
    assert score(asked, [said]).frame_accuracy == 1 and score(asked, [said]).types == {}
    assert asked_of(JointConfig(), [example]) == [example]


def test_names_that_look_like_numbers_stay_as_they_are() -> None:
    said = readable(score(*messages_of(("1.10", "007", 0.9), ("007", "1.10", 0.9))))
    assert re.search(r"^1\.10 +007 +1$", said, re.MULTILINE)
    assert re.search(r"^007 +1\.10 +1$", said, re.MULTILINE)


def test_labels_are_text_on_the_page() -> None:
    of = score(*messages_of(("<b>a</b>", "<i>", 0.9), ("a", "a", 0.4)))
    page = as_html(of, Path("<u>model"))
    assert "&lt;b&gt;a&lt;/b&gt;" in page and "&lt;u&gt;model" in page
    assert not re.search("<[biu]>", page) and "<svg" in page
