"""What a model tells of its training."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from rasa_joint_nlu.core import Entity, Example, JointModel
from rasa_joint_nlu.core.about import SHOWN, About, counted, hint, summary
from rasa_joint_nlu.core.description import MODEL_FILE

EXAMPLES = [
    Example.from_text("to Rome", "go", [Entity(3, 7, "city", "to")]),
    Example.from_text("to Oslo", "go", [Entity(3, 6, "city", "to", "1")]),
    Example.from_text("hello", "greet"),
    Example.from_text("Hello", "go"),
    Example.from_text("good day", "greet"),
]


@pytest.fixture(scope="module")
def model() -> JointModel:
    model = JointModel(
        token_size=16, encoder_size=16, epochs=2, evaluate_on_number_of_examples=1, random_seed=1
    )
    report = model.fit(EXAMPLES)
    assert report.about == model.learnt.about
    return model


def test_a_model_tells_what_it_was_trained_on_and_with(model: JointModel) -> None:
    about = model.learnt.about
    assert about is not None
    assert (about.examples, about.epochs, about.held_out) == (5, 2, 1)
    assert about.intents == {"go": 3, "greet": 2} and about.types == {"city": 2}
    assert about.roles == {"city/to": 2} and about.groups == {"city/1": 1}
    assert about.misaligned == {"city": 1} and about.contradictions == 1
    assert set(about.scores) == {"intent_acc", "entity_f1", "frame_acc"}
    assert {"python", "torch", "numpy"} <= set(about.versions) and about.seconds > 0


def test_it_is_saved_and_loaded_and_a_model_without_it_loads(
    model: JointModel, tmp_path: Path
) -> None:
    model.save(tmp_path)
    assert JointModel.load(tmp_path).learnt.about == model.learnt.about
    older = dataclasses.replace(model.learnt, about=None)
    from rasa_joint_nlu.core import persistence

    persistence.save(tmp_path / "older", older)
    assert JointModel.load(tmp_path / "older").learnt.about is None
    assert "hello" not in json.loads((tmp_path / MODEL_FILE).read_text("utf-8"))["model"]["about"]


@pytest.mark.parametrize(
    "change", [{"seconds": "1"}, {"intents": {"a": "x"}}, {"scores": []}, {"new": 1}]
)
def test_what_another_version_would_say_is_left_alone(
    model: JointModel, change: "dict[str, object]"
) -> None:
    said = dataclasses.asdict(model.learnt.about)  # type: ignore[arg-type]
    assert About.of_json(said) == model.learnt.about
    assert About.of_json({**said, **change}) is None
    assert About.of_json(None) is None


def test_a_text_in_two_intents_counts_once_whatever_its_case() -> None:
    texts = [("hi", "a"), ("Hi", "b"), ("HI", "c"), ("hi you", "a"), ("bye", "a"), ("bye", "a")]
    examples = [Example.from_text(text, intent) for text, intent in texts]
    assert counted(examples, ())["contradictions"] == 1
    examples = [Example.from_text("hi"), Example.from_text("hi", "a")]
    assert counted(examples, ())["contradictions"] == 0


def test_the_hint_is_given_only_where_texts_contradict(model: JointModel) -> None:
    about = model.learnt.about
    assert about and "1 text is in two intents" in hint(about) and "check" in hint(about)
    assert hint(dataclasses.replace(about, contradictions=0)) == ""


def test_a_summary_lists_the_most_frequent_labels(model: JointModel) -> None:
    about = model.learnt.about
    assert about is not None
    many = dataclasses.replace(about, intents={f"i{n}": 1 for n in range(SHOWN + 5)})
    lines = summary(many).splitlines()
    assert lines[:2] == ["intent  examples", "i0             1"]
    assert "and 5 with fewer" in lines and "city            2           1" in lines
