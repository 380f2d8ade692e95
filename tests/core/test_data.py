"""What cannot be a message or an annotation is refused, in one sentence that says why."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
import pytest
from helpers import toy_examples

from rasa_joint_nlu.core import DataError, Entity, Example, JointModel, Token

TOKENS = (Token("to", 0, 2), Token("Rome", 3, 7))

WRONG = {
    **{
        f"an entity from {start} to {end}": (
            lambda start=start, end=end: Example.from_text(
                "to Rome", "go", [Entity(start, end, "city")]
            ),
            "outside of the text",
        )
        for start, end in ((5, 3), (3, 3), (-1, 3), (3, 8), (8, 9))
    },
    "offsets that are no whole numbers": (lambda: Entity(0, 2.5, "city"), "whole numbers"),  # type: ignore[arg-type]
    "offsets that are texts": (lambda: Entity("0", "2", "city"), "whole numbers"),  # type: ignore[arg-type]
    "a type that is none": (lambda: Entity(0, 2, None), "type must be a text"),  # type: ignore[arg-type]
    "a role that is a number": (lambda: Entity(0, 2, "city", 1), "role must be a text"),  # type: ignore[arg-type]
    "tokens that are texts": (lambda: Example("to Rome", ["to", "Rome"]), "'Rome' is no Token"),  # type: ignore[list-item]
    "entities that are dictionaries": (
        lambda: Example("to Rome", TOKENS, "go", [{"start": 3}]),  # type: ignore[list-item]
        "is no Entity",
    ),
    "offsets that are true": (lambda: Entity(False, True, "city"), "whole numbers"),
    "no tokens": (lambda: Example("to Rome", None), "the tokens must be a list of Tokens"),  # type: ignore[arg-type]
    "one entity alone": (
        lambda: Example("to Rome", TOKENS, "go", Entity(3, 7, "city")),  # type: ignore[arg-type]
        "the entities must be a list of Entities",
    ),
    "one entity alone of a text": (
        lambda: Example.from_text("to Rome", "go", Entity(3, 7, "city")),  # type: ignore[arg-type]
        "the entities must be a list of Entities",
    ),
    "features without names": (
        lambda: Example("to Rome", TOKENS, features=[1]),  # type: ignore[arg-type]
        "the features must be a mapping",
    ),
    "a text that is none": (lambda: Example.from_text(None), "must be a text, not None"),  # type: ignore[arg-type]
    "bytes": (lambda: Example(b"to", ()), "must be a text, not b'to'"),  # type: ignore[arg-type]
    "an intent that is a number": (lambda: Example.from_text("to Rome", 3), "intent must be"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_annotation_or_message_is_refused(name: str) -> None:
    make, reason = WRONG[name]
    with pytest.raises(DataError, match=reason):
        make()


CALLS = {
    "one text alone": (lambda model: model.predict("hello"), "not one alone: 'hello'"),
    "one example alone": (lambda model: model.predict(Example.from_text("hello")), "not one alone"),
    "a number": (lambda model: model.predict(["hello", 3]), "Item 1 must be a text or an Example"),
    "texts to learn from": (
        lambda model: model.fit(["hello"]),
        r"Item 0 must be an Example, not 'hello'; make one with Example.from_text",
    ),
    "pairs to fine-tune with": (
        lambda model: model.finetune([*toy_examples(), ("hello", "greet")]),
        "Item 16 must be an Example",
    ),
    "nothing": (
        lambda model: model.predict(None),
        "list of texts or Examples is needed, not None",
    ),
    "nothing to learn from": (
        lambda model: model.fit(None),
        "list of Examples is needed, not None",
    ),
    "one example to learn from": (
        lambda model: model.fit(Example.from_text("hello", "greet")),
        "not one alone",
    ),
    "texts to be tested on": (
        lambda model: model.evaluate(["hello"]),
        "Item 0 must be an Example, not 'hello'",
    ),
    "no message to explain": (lambda model: model.explain(7), "must be a text or an Example"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_model_says_what_it_wants(toy_model: JointModel, name: str) -> None:
    call: Callable[[Any], Any]
    call, reason = CALLS[name]
    with pytest.raises(DataError, match=reason):
        call(toy_model)


def test_offsets_may_be_numpys_whole_numbers() -> None:
    entity = Entity(np.int64(3), np.int32(7), "city")  # type: ignore[arg-type]
    assert entity == Entity(3, 7, "city") and type(entity.start) is type(entity.end) is int


def test_examples_may_come_one_by_one(toy_model: JointModel) -> None:
    model = JointModel(epochs=1, token_size=8, encoder_size=8)
    report = model.fit(example for example in toy_examples())
    assert report.examples == len(toy_examples())
    found = toy_model.evaluate(example for example in toy_examples())
    assert found == toy_model.evaluate(toy_examples())


def test_texts_are_understood_as_examples_of_them_are(toy_model: JointModel) -> None:
    texts = ["a ticket to Rome", "", "hello there"]
    assert toy_model.predict(texts) == toy_model.predict([Example.from_text(t) for t in texts])


def test_a_model_says_what_it_is(toy_model: JointModel) -> None:
    assert repr(JointModel()) == "JointModel(not trained)"
    shown = repr(toy_model)
    labels = toy_model.learnt.encoder.labels
    assert shown.startswith(f"JointModel({len(labels.intents)} intents, {len(labels.types)} entity")
    assert shown.endswith("parameters)")


def test_a_model_is_evaluated_on_what_it_has_learnt(toy_model: JointModel) -> None:
    figures = toy_model.evaluate(toy_examples())
    assert set(figures) == {"intent_acc", "entity_f1", "frame_acc"}
    assert all(0.8 < figure <= 1 for figure in figures.values())
