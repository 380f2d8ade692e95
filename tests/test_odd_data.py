"""Odd training data: each kind is one error that names the example, or it trains and answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np
import pytest
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa_helpers import answer, create, tokenized_data
from scipy import sparse

from rasa_joint_nlu.core import DataError, Example, JointModel
from rasa_joint_nlu.core.text.segment import Token as CoreToken

ODD = "fly to Lima"
NAN, INFINITE = float("nan"), float("inf")


def message(text: Any = ODD, intent: Any = "fly", **content: Any) -> Message:
    return Message({TEXT: text, "intent": intent, **content})


def city(start: Any = 7, end: Any = 11, entity: Any = "city", **more: Any) -> Dict[str, Any]:
    return {"start": start, "end": end, "entity": entity, "value": "Lima", **more}


def plain() -> List[Message]:
    return [
        message("fly to Rome", entities=[city()]),
        message("fly to Oslo", entities=[city()]),
        *(message(text, "greet") for text in ("hello", "hi there", "good day")),
    ]


def trained(
    folder: Path,
    messages: Sequence[Message],
    change: Callable[[List[Message]], None] = lambda _: None,
) -> Any:
    """The component after a training; it answers."""
    data = tokenized_data(TrainingData([*messages]))
    change(data.training_examples)
    component = create(folder, epochs=2, token_size=8, encoder_size=8)
    component.train(data)
    assert answer(component, "fly to Rome")["text"] == "fly to Rome"
    return component


def refused(folder: Path, message: Message, change: Callable[[List[Message]], None]) -> str:
    """What is said of a training that is refused; it names the example."""
    with pytest.raises(InvalidConfigException) as error:
        trained(folder, [*plain(), message], change)
    said = str(error.value)
    assert f"'{ODD}'" in said and len(said) < 600
    return said


NO_ANNOTATIONS: Dict[str, Tuple[Any, str]] = {
    "a text": ("city", "must be a dictionary"),
    "texts": (["city"], "must be a dictionary"),
    "None in a list": ([None], "must be a dictionary"),
    "a list": ([[7, 11, "city"]], "must be a dictionary"),
    "a type of a number": ([city(entity=5)], "'entity: 5'"),
    "a type of a list": ([city(entity=["a"])], r"'entity: ['a']'"),
    "a role of a number": ([city(role=5)], "'role: 5'"),
    "a group of a number": ([city(group=1)], "'group: 1'"),
    "an extractor of a list": ([city(extractor=["a"])], "'extractor: ['a']'"),
    "a start of a text": ([city("7")], "'start: '7''"),
    "a start of nan": ([city(NAN)], "'start: nan'"),
    "an end of infinity": ([city(end=INFINITE)], "'end: inf'"),
}


@pytest.mark.parametrize("name", NO_ANNOTATIONS)
def test_what_is_no_annotation_is_named_with_its_example(name: str, tmp_path: Path) -> None:
    entities, named = NO_ANNOTATIONS[name]
    assert named in refused(tmp_path, message(entities=entities), lambda _: None)


TRAINS: Dict[str, List[Message]] = {
    "entities of None": [message(entities=None)],
    "entities of an empty dictionary": [message(entities={})],
    "an entity whose start is None": [message(entities=[city(None)])],
    "an entity whose end is None": [message(entities=[city(end=None)])],
    "an entity without a place": [message(entities=[{"entity": "city"}])],
    "an entity without a type": [message(entities=[{"start": 7, "end": 11}])],
    "an entity of a type of None": [message(entities=[city(entity=None)])],
    "an entity of an empty type": [message(entities=[city(entity="")])],
    "an entity of a type of blanks": [message(entities=[city(entity="  ")])],
    "an entity of an empty role": [message(entities=[city(role="")])],
    "an entity that begins before the text": [message(entities=[city(-4)])],
    "an entity that ends before it begins": [message(entities=[city(11, 7)])],
    "an entity of no length": [message(entities=[city(7, 7)])],
    "an entity that ends after the text": [message(entities=[city(7, 500)])],
    "an entity that is after the text": [message(entities=[city(700, 710)])],
    "an entity of a huge place": [message(entities=[city(7, 10**30)])],
    "an entity of NumPy's numbers": [message(entities=[city(np.int64(7), np.int64(11))])],
    "an entity that is the whole text": [message(entities=[city(0, 11)])],
    "entities that overlap": [message(entities=[city(0, 6), city(4, 11)])],
    "an entity in another": [message(entities=[city(0, 11, "all"), city()])],
    "two types of the same place": [message(entities=[city(), city(entity="town")])],
    "an entity a thousand times": [message(entities=[city()] * 1000)],
    "no intent": [message(intent=None)],
    "an empty intent": [message(intent="")],
    "an intent of blanks": [message(intent="   ")],
    "an intent of 10,000 letters": [message(intent="x" * 10_000)],
    "an intent of an emoji": [message(intent="😀\u200d")],
    "an empty text": [message("")],
    "a text of None": [message(None)],
    "a text of blanks": [message(" \t\u3000\n ")],
    "a text of what shows nothing": [message("\u200b\u200d\u200b")],
    "a text with a null character": [message("fly \0 to")],
    "a word of 200,000 letters": [message("x" * 200_000)],
    "a text of 400 tokens": [message("to " * 400)],
    "the same example 200 times": [message() for _ in range(200)],
    "a text with two intents": [message("hello")],
}


@pytest.mark.parametrize("name", TRAINS)
@pytest.mark.filterwarnings("ignore")
def test_odd_annotations_texts_and_intents_train(name: str, tmp_path: Path) -> None:
    component = trained(tmp_path, [*plain(), *TRAINS[name]])
    assert {"fly", "greet"} <= set(component._model.learnt.encoder.labels.intents)


NOTHING: Dict[str, List[Message]] = {
    "no examples": [],
    "one example": [message()],
    "one intent": [message(), message("fly to Rome")],
    "empty texts": [message("", "a"), message("", "b")],
    "texts of blanks": [message(" ", "a"), message("\t", "b")],
    "entities without intents": [message(intent=None, entities=[city()])] * 2,
}


@pytest.mark.parametrize("name", NOTHING)
def test_with_nothing_to_learn_it_stays_untrained_and_says_so(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert trained(tmp_path, NOTHING[name])._model is None
    assert [r for r in caplog.records if "stays untrained" in r.message]


def test_one_intent_with_entities_trains(tmp_path: Path) -> None:
    component = trained(tmp_path, plain()[:2])
    assert component._model.learnt.encoder.labels.types == ("city",)


def test_a_hundred_intents_of_one_example_train(tmp_path: Path) -> None:
    component = trained(tmp_path, [message(f"word{i}", f"i{i}") for i in range(100)])
    assert len(component._model.learnt.encoder.labels.intents) == 100


# Tokens and features, as a component of somebody else may make them.


def with_tokens(tokens: Any) -> Callable[[List[Message]], None]:
    return lambda messages: messages[-1].set(TOKENS_NAMES[TEXT], tokens)


@pytest.mark.parametrize("tokens", ["fly", ["fly", "to"], [None], [Token(None, 0, 3)]])
def test_what_is_no_token_is_named_with_its_example(tokens: Any, tmp_path: Path) -> None:
    assert "tokens of the example" in refused(tmp_path, message(), with_tokens(tokens))


@pytest.mark.parametrize(
    "tokens",
    [
        None,
        [],
        [Token("fly", 0), Token("Lima", 70)],
        [Token("Lima", 7), Token("fly", 0)],
        [Token("fly to", 0), Token("to Lima", 4)],
    ],
    ids=["None", "none", "beyond the text", "in the wrong order", "overlapping"],
)
@pytest.mark.filterwarnings("ignore")
def test_odd_tokens_train(tokens: Optional[List[Token]], tmp_path: Path) -> None:
    assert trained(tmp_path, [*plain(), message(entities=[city()])], with_tokens(tokens))._model


def with_feature(feature: Any, level: str = FEATURE_TYPE_SEQUENCE) -> Callable[..., None]:
    """Ones for all messages, but for the last one a feature of its own."""

    def change(messages: List[Message]) -> None:
        for each in messages:
            rows = len(each.get(TOKENS_NAMES[TEXT])) if level == FEATURE_TYPE_SEQUENCE else 1
            each.add_features(Features(np.ones((rows, 4), np.float32), level, TEXT, "theirs"))
        messages[-1].features[-1].features = feature

    return change


@pytest.mark.parametrize(
    "shape", [(), (3,), (3, 4, 1), (3, 0), (0, 4), (2, 4), (3, 5), (3000, 4)], ids=str
)
def test_features_of_another_shape_are_named_with_their_example(
    shape: Tuple[int, ...], tmp_path: Path
) -> None:
    assert "'theirs/sequence'" in refused(tmp_path, message(), with_feature(np.ones(shape)))


@pytest.mark.parametrize("shape", [(4,), (1, 4, 1), (2, 4), (1, 0), (0, 0)], ids=str)
def test_sentence_features_of_another_shape_are_named_with_their_example(
    shape: Tuple[int, ...], tmp_path: Path
) -> None:
    change = with_feature(np.ones(shape), FEATURE_TYPE_SENTENCE)
    assert "'theirs/sentence'" in refused(tmp_path, message(), change)


@pytest.mark.parametrize("value", [NAN, INFINITE, 1e300])
@pytest.mark.parametrize("kind", [np.array, sparse.csr_matrix])
def test_features_that_are_no_finite_numbers_are_named_with_their_example(
    value: float, kind: Callable[[Any], Any], tmp_path: Path
) -> None:
    feature = kind(np.full((3, 4), value))
    assert "only finite numbers" in refused(tmp_path, message(), with_feature(feature))


NO_MATRIX = {
    "nothing": None,
    "a list": [[1.0] * 4] * 3,
    "texts": np.array([["a"] * 4] * 3),
    "objects": np.array([[None] * 4] * 3),
    "complex numbers": np.ones((3, 4), complex),
}


@pytest.mark.parametrize("name", NO_MATRIX)
def test_features_that_are_no_matrix_of_numbers_are_named_and_are_no_crash_in_an_answer(
    name: str, tmp_path: Path
) -> None:
    said = refused(tmp_path, message(), with_feature(NO_MATRIX[name]))
    assert "'theirs/sequence'" in said and "matrix of numbers" in said
    component = trained(tmp_path, plain(), with_feature(np.ones((2, 4))))
    (asked,) = tokenized_data(TrainingData([message()])).training_examples
    with_feature(NO_MATRIX[name])([asked])
    assert component.process([asked])[0].get("intent")["name"]


@pytest.mark.parametrize("dtype", [bool, np.int8, np.float16, np.float64])
def test_features_of_other_numbers_train(dtype: Any, tmp_path: Path) -> None:
    assert trained(tmp_path, [*plain(), message()], with_feature(np.ones((3, 4), dtype)))._model


# The core's own examples.


@pytest.mark.parametrize("part", ["tokens", "entities", "features"])
def test_an_example_of_the_core_without_one_of_its_parts_is_named(part: str) -> None:
    parts: Dict[str, Any] = {"tokens": (CoreToken("hi", 0, 2),), "entities": (), "features": {}}
    with pytest.raises(DataError, match=f"'hi'.*{part}"):
        Example("hi", **{**parts, part: None})


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\0", "\ud83d", "x" * 10_000])
def test_any_text_is_an_example_of_the_core(text: str) -> None:
    examples = [Example.from_text(*pair) for pair in (("hello", "a"), ("bye", "b"), (text, "a"))]
    model = JointModel(epochs=1, token_size=8, encoder_size=8)
    model.fit(examples)
    assert model.predict([text])[0].intents or not examples[-1].tokens
