"""What capitals add to the answer to an unknown word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List

import numpy as np
import pytest
from helpers import annotated, quick_model, toy_examples

from rasa_joint_nlu.core import Example, JointModel
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.precision import CASE_COUNTS
from rasa_joint_nlu.core.serving.case import OF_LETTERS, Cases, _log_likelihoods
from rasa_joint_nlu.core.serving.explain import explain
from rasa_joint_nlu.core.serving.predictor import Predictor
from rasa_joint_nlu.core.text.case import CAPITAL, CAPITALS, MIXED, SMALL, case_of

FRAMES = ("i like {}", "have you heard of {}", "tell me about {}")
COMPANIES = ("IBM", "SAP", "BMW", "KLM", "NTT", "HSBC", "VW")
PEOPLE = ("Anna", "Mark", "Paula", "Denis", "Clara", "Oskar", "Ivan")
THINGS = ("music", "tennis", "coffee", "winter", "chess", "cooking", "rain")


def trained(**settings: Any) -> JointModel:
    model = quick_model(**settings)
    words = [f"[{name}](company)" for name in COMPANIES] + [f"[{name}](person)" for name in PEOPLE]
    talk = [
        annotated(FRAMES[number % 3].format(word), "talk")
        for number, word in enumerate([*words, *THINGS])
    ]
    model.fit([*toy_examples(), *talk])
    return model


@pytest.fixture(scope="module")
def model() -> JointModel:
    return trained()


def without(model: JointModel) -> Predictor:
    """The same model, as if nothing had been counted."""
    counts = np.zeros_like(model.learnt.weights[CASE_COUNTS])
    return Predictor(replace(model.learnt, weights={**model.learnt.weights, CASE_COUNTS: counts}))


def emissions(predictor: Predictor, texts: List[str]) -> Array:
    examples = [Example.from_text(text) for text in texts]
    batch = predictor.learnt.encoder.batch(examples)
    found = predictor.output(examples, batch).emissions
    assert found is not None
    return found


def added(model: JointModel, *texts: str) -> Array:
    """What capitals add to the emissions of texts in one batch."""
    return emissions(Predictor(model.learnt), list(texts)) - emissions(without(model), list(texts))


@pytest.mark.parametrize(
    ("word", "favoured", "other"),
    [
        ("QXZ", "company", "person"),
        ("ZQJ", "company", "person"),
        ("Qxzira", "person", "company"),
        ("Žquira", "person", "company"),
        ("Йцукен", "person", "company"),
    ],
)
def test_an_unknown_word_is_rather_of_a_type_that_is_written_so(
    model: JointModel, word: str, favoured: str, other: str
) -> None:
    encoder = model.learnt.encoder
    size = len(encoder.scheme.positions)
    of_word = added(model, f"i like {word}")[0, 2]
    at = {name: 1 + encoder.labels.types.index(name) * size for name in (favoured, other)}
    assert of_word[at[favoured]] > max(0, of_word[at[other]])
    assert of_word[0] < 0


def test_letters_of_a_word_whose_capitals_tell_its_type_count_less(model: JointModel) -> None:
    predictor, cases = Predictor(model.learnt), Cases.of(model.learnt)
    assert cases is not None
    example = Example.from_text("i like UBS")
    batch = predictor.learnt.encoder.batch([example])
    hidden = replace(batch, token_ids=np.where([[False, False, True]], 0, batch.token_ids))
    read, unread = (predictor.runtime.forward(each, True).emissions for each in (batch, hidden))
    assert read is not None and unread is not None
    found = emissions(predictor, ["i like UBS"])[0]
    expected = unread[0, 2] + OF_LETTERS * (read[0, 2] - unread[0, 2]) + cases.tags[1, CAPITALS]
    np.testing.assert_allclose(found[2], expected, atol=1e-5)
    np.testing.assert_allclose(found[:2], read[0, :2], atol=1e-5)


@pytest.mark.parametrize("word", ["Wanda", "QXZ9", "ubs"])
def test_letters_of_other_words_count_as_ever(model: JointModel, word: str) -> None:
    predictor, cases = Predictor(model.learnt), Cases.of(model.learnt)
    assert cases is not None
    example = Example.from_text(f"i like {word}")
    batch = predictor.learnt.encoder.batch([example])
    read = predictor.runtime.forward(batch, True).emissions
    assert read is not None
    expected = read[0, 2] + cases.tags[1, case_of(word)]
    np.testing.assert_allclose(emissions(predictor, [example.text])[0, 2], expected, atol=1e-5)


@pytest.mark.parametrize(
    "text",
    ["i like qxz", "i like IBM", "i LIKE anna", "i like TENIS", "i like Ana", "i like 42"],
)
def test_known_small_and_misspelt_words_stay_as_they_are(model: JointModel, text: str) -> None:
    assert not added(model, text).any()


@pytest.mark.parametrize("word", ["QXZ", "ZQJ!", "QXZ and 42"])
@pytest.mark.parametrize("frame", ["i like {}", "tell me about {}", "have you heard of {}"])
def test_where_all_words_are_in_capitals_they_tell_nothing(
    model: JointModel, frame: str, word: str
) -> None:
    assert added(model, frame.format(word)).any()
    assert not added(model, frame.format(word).upper()).any()


def test_each_message_of_a_batch_has_its_own(model: JointModel) -> None:
    texts = ["i like QXZ", "hello", "tell me about Qxzira", "Qxzira"]
    together = added(model, *texts)
    for row, text in enumerate(texts):
        alone = added(model, text)[0]
        np.testing.assert_allclose(together[row, : len(alone)], alone, atol=1e-5)
        assert not together[row, len(alone) :].any()


def test_capitals_of_a_first_word_say_less(model: JointModel) -> None:
    first, later = added(model, "Qxzira like music")[0, 0], added(model, "i like Qxzira")[0, 2]
    assert abs(first).max() < abs(later).max()


def test_where_nothing_has_capitals_nothing_is_added() -> None:
    model = quick_model()
    model.fit([annotated("go to [rome](city)", "go"), annotated("hello there", "greet")])
    assert Cases.of(model.learnt) is None
    assert Cases.of(without(model).learnt) is None


def test_counts_become_how_likely_a_word_is_written_so() -> None:
    counts = np.zeros((2, 3, 4))
    counts[1, 0, SMALL], counts[1, 1, CAPITAL], counts[1, 2, CAPITALS] = 50, 20, 20
    logs = _log_likelihoods(counts)
    assert not logs[:, :, SMALL].any() and np.isfinite(logs).all()
    assert logs[1, :, CAPITAL].argmax() == 1 and logs[1, :, CAPITALS].argmax() == 2
    # What no word is, and where none is met, all are alike.
    np.testing.assert_allclose(logs[0], 0, atol=1e-9)
    assert np.ptp(logs[1, 1:, MIXED]) < 0.1


def test_why_says_what_is_answered(model: JointModel) -> None:
    example = Example.from_text("have you heard of QXZ and Qxzira")
    (prediction,) = model.predict([example])
    assert explain(Predictor(model.learnt), example).prediction == prediction


def test_a_saved_model_answers_as_before(model: JointModel, tmp_path: Any) -> None:
    model.save(tmp_path)
    texts = ["i like QXZ", "tell me about Qxzira"]
    assert JointModel.load(tmp_path).predict(texts) == model.predict(texts)
