"""Messages without labels: how many are taken, and what is guessed of them."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import quick_model, small_model, toy_examples

from rasa_joint_nlu.core import Example, JointConfig
from rasa_joint_nlu.core.training.guesses import (
    NO_GUESSES,
    as_often_as_met,
    drawn,
    guessed,
)


@pytest.mark.parametrize(
    ("messages", "examples", "expected"), [(10, 16, 10), (20_000, 16, 2234), (20_000, 8000, 16_000)]
)
def test_no_more_are_taken_than_there_is_time_for(
    messages: int, examples: int, expected: int
) -> None:
    texts = [f"text {i}" for i in range(messages)]
    found = drawn(texts, (toy_examples() * 500)[:examples], JointConfig())
    assert len(set(found)) == len(found) == expected
    assert found[0] == texts[0] and found[-1] == texts[-1]


def test_guesses_are_the_answers_of_the_model_and_never_certain() -> None:
    model = small_model()
    model.fit(toy_examples())
    messages = [Example.from_text(text) for text in ("a ticket to Rome", "hello", "zzz qqq")]
    found = guessed(model.learnt, toy_examples(), messages)
    for message, guess, answer in zip(messages, found.examples, model.predict(messages)):
        assert guess.text == message.text and guess.intent == answer.intent
        assert [(e.start, e.end, e.type, e.role) for e in guess.entities] == [
            (e.start, e.end, e.type, e.role) for e in answer.entities
        ]
    for trust in found.trust:
        assert ((trust >= 0) & (trust < 1)).all()
    # What nobody could know is hardly trusted.
    assert found.trust.intents[2] < found.trust.intents[0]


@pytest.mark.parametrize("task", ["intent_classification", "entity_recognition"])
def test_one_task_alone_guesses_what_it_learns(task: str) -> None:
    model = quick_model(**{task: False})
    model.fit(toy_examples(), unlabelled=["a ticket to Rome", "hello friend"])
    found = guessed(model.learnt, toy_examples(), [Example.from_text("a ticket to Rome")])
    assert np.isfinite(found.trust).all()
    assert (found.examples[0].intent is None) == (task == "intent_classification")
    assert not (found.examples[0].entities and task == "entity_recognition")


def test_intents_are_as_likely_as_users_ask_for_them() -> None:
    rng = np.random.default_rng(0)
    right = (rng.random(4000) < 0.1).astype(int)
    # Two normal distributions, of which the model has seen as many examples each.
    seen = rng.normal(np.where(right, 1.0, -1.0), 1.0)
    odds = np.exp(2 * seen)
    probabilities = np.stack([1 / (1 + odds), odds / (1 + odds)], axis=1)
    adjusted = as_often_as_met(probabilities, np.array([50, 50]))
    np.testing.assert_allclose(adjusted.sum(axis=1), 1)
    assert abs(adjusted[:, 1].mean() - 0.1) < 0.05 < abs(probabilities[:, 1].mean() - 0.1)
    assert (adjusted.argmax(1) == right).mean() > (probabilities.argmax(1) == right).mean() + 0.03
    # What is asked for as often as there are examples stays as it is.
    even = as_often_as_met(np.array([[0.9, 0.1], [0.1, 0.9]]), np.array([7, 7]))
    np.testing.assert_allclose(even, [[0.9, 0.1], [0.1, 0.9]])


def test_annotated_examples_come_first_and_are_certain() -> None:
    model = quick_model()
    model.fit(toy_examples())
    found = guessed(model.learnt, toy_examples(), [Example.from_text("a ticket to Rome")])
    corpus = found.at_end_of([*toy_examples(), *found.examples], model.learnt.encoder)
    assert corpus.trust and len(corpus) == len(toy_examples()) + 1
    for trust in corpus.trust:
        assert (trust[:-1] == 1).all() and trust[-1] < 1
    assert NO_GUESSES.at_end_of(toy_examples(), model.learnt.encoder).trust is None
