"""What models that were trained on the rest say of labels."""

from __future__ import annotations

from pathlib import Path
from typing import List

import numpy as np
import pytest
from checked import nlu

from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.core.data import Entity, Example, IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.tools.check.corpus import Corpus
from rasa_joint_nlu.tools.check.doubts import Judged, confidently_other, doubts, split
from rasa_joint_nlu.tools.check.findings import Finding
from rasa_joint_nlu.tools.nlu_files import AnnotatedEntity, Message, Place, read_nlu

CONFIG = """pipeline:
- name: WhitespaceTokenizer
- name: JointNLUClassifier
  token_size: 16
  encoder_size: 16
  epochs: 40
  learning_rate: 0.02
  random_seed: 1
"""
SMALL = [
    f"{way} {town}"
    for way in ("go to", "a train to", "now to")
    for town in ("Rome", "Oslo", "Bonn")
]


def test_a_label_counts_from_the_mean_of_its_own_examples_on() -> None:
    probabilities = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.55, 0.45], [0.85, 0.15]])
    given = np.array([0, 0, 1, 1, 1])
    # Means: 0.8 of the first label, 0.467 of the second. Only the last is surely of the first.
    assert confidently_other(probabilities, given).tolist() == [-1, -1, -1, -1, 0]


def test_a_label_without_examples_is_never_confident() -> None:
    probabilities = np.array([[0.2, 0.1, 0.7], [0.3, 0.6, 0.1]])
    assert confidently_other(probabilities, np.array([0, 1])).tolist() == [-1, -1]


def test_a_label_that_is_less_likely_than_the_given_one_does_not_count() -> None:
    # 0.02 is above the mean of the second label, 0.01, and the first is below its own.
    probabilities = np.array([[0.9, 0.0], [0.2, 0.02], [0.1, 0.01]])
    assert confidently_other(probabilities, np.array([0, 0, 1])).tolist() == [-1, -1, -1]


def sentences(folder: Path, *lines: str) -> Corpus:
    path = folder / "nlu.yml"
    path.write_text(nlu(*lines), encoding="utf-8")
    return Corpus(read_nlu([path]))


def test_parts_have_each_intent_and_equal_texts_together(tmp_path: Path) -> None:
    lines = [f"{intent}: {intent} {'x' * n}" for intent in "ab" for n in range(1, 7)]
    corpus = sentences(tmp_path, *lines, "a: b x!", "b: same", "a: Same")
    parts = split(corpus.sentences, 3)
    texts = [sentence.message.text for sentence in corpus.sentences]
    by_text = dict(zip(texts, parts))
    assert by_text["same"] == by_text["Same"] and by_text["b x"] == by_text["b x!"]
    for intent in "ab":
        mine = [p for s, p in zip(corpus.sentences, parts) if s.message.intent == intent]
        assert all(mine.count(part) >= 1 for part in range(3))


def judged(kind: str, confidence: float, predicted: str = "city", given: str = "city") -> Judged:
    """`to Rome` with an annotation, and what the models say of it."""
    place = Place("nlu.yml", 3)
    entities = (AnnotatedEntity(3, 7, given),) if given else ()
    found = (PredictedEntity(3, 7, predicted, confidence=confidence),) if predicted else ()
    example = Example.from_text("to Rome", "a", [Entity(e.start, e.end, e.type) for e in entities])
    scores = (IntentScore(kind, 0.9), IntentScore("a" if kind != "a" else "b", 0.1))
    return Judged(Message("to Rome", "a", entities, place), example, Prediction(scores, found))


def codes(found: List[Finding]) -> List[str]:
    return [finding.code for finding in found]


def test_entities_count_that_the_models_are_as_sure_of_as_of_right_ones() -> None:
    right = [judged("a", 0.9), judged("a", 0.8)]
    assert codes(list(doubts([*right, judged("a", 0.84, given="")]))) == []
    (found,) = doubts([*right, judged("a", 0.86, given="")])
    assert found.code == "annotation-doubted"
    assert "'Rome' is city to the models (86%); annotated is nothing" in found.message
    (found,) = doubts([*right, judged("a", 0.86, given="film")])
    assert "annotated is 'Rome' (film)" in found.message


def test_types_that_are_confused_often_are_named() -> None:
    right = [judged("a", 0.8) for _ in range(4)]
    found = list(doubts([*right, *[judged("a", 0.9, given="film") for _ in range(5)]]))
    assert codes(found) == ["annotation-doubted"] * 5 + ["labels-confused"]
    assert "the types 'city' (4) and 'film' (5), 5 times" in found[-1].message


@pytest.fixture
def files(tmp_path: Path) -> List[str]:
    data, config = tmp_path / "nlu.yml", tmp_path / "config.yml"
    travel = [f"travel: {text}" for text in SMALL]
    greet = [
        f"greet: {text}"
        for text in (
            "hello",
            "good day",
            "hello you",
            "good day to you",
            "hello hello",
            "good morning",
            "good day all",
        )
    ]
    data.write_text(nlu(*travel, *greet, "greet: now a train to Rome"), encoding="utf-8")
    config.write_text(CONFIG, encoding="utf-8")
    return ["--nlu", str(data), "--config", str(config)]


def test_a_wrong_label_is_found_by_models_of_the_other_parts(
    files: List[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", *files, "--folds", "3"])
    told = capsys.readouterr()
    assert "'now a train to Rome' is in 'greet'" in told.out
    assert "Training on the other 2 of 3 parts, 3 of 3" in told.err


def test_a_trained_model_can_be_asked(
    files: List[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.yml"
    lines = (
        (tmp_path / "nlu.yml").read_text(encoding="utf-8").replace("- now a train to Rome\n", "")
    )
    good.write_text(lines, encoding="utf-8")
    model = str(tmp_path / "model")
    assert main(["train", "--nlu", str(good), "--config", files[3], "--out", model]) == 0
    main(["check", *files, "--model", model])
    assert "'now a train to Rome' is in 'greet'" in capsys.readouterr().out


def test_what_else_is_found_is_told_when_no_model_can_be_trained(
    files: List[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nlu.yml").write_text(nlu("a: x", "b: y", "regex r: ("), encoding="utf-8")
    Path(files[3]).write_text(CONFIG.replace("- name: J", "- name: RegexFeaturizer\n- name: J"))
    assert main(["check", *files, "--folds", "2"]) == 1
    told = capsys.readouterr().out
    assert "regex-invalid" in told and "No model could be trained" in told
