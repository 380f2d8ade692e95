"""The sentence encoder as a featurizer of Rasa, through Rasa's own code."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Dict

import numpy as np
import pytest
from rasa.core.agent import Agent
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa_helpers import (
    BOT,
    classifier_in,
    context,
    graph_of,
    ours,
    parse,
    tokenized,
    train,
    yaml_of,
)
from sentence_models import SIZE, make_bert, make_onnx

import rasa_joint_nlu
from rasa_joint_nlu.featurizer import SentenceEncoderFeaturizer

NAME = "rasa_joint_nlu.SentenceEncoderFeaturizer"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sentence transformer."""
    folder = tmp_path_factory.mktemp("encoder") / "model"
    make_bert(folder)
    return folder


def options(model: Any, **others: Any) -> Dict[str, Any]:
    return {**SentenceEncoderFeaturizer.get_default_config(), "model": str(model), **others}


def trained(folder: Path, model: Path, **others: Any) -> SentenceEncoderFeaturizer:
    """A featurizer as it is after a training, and a load."""
    place = (LocalModelStorage(folder), Resource("encoder"), context())
    SentenceEncoderFeaturizer.create(options(model, **others), *place).train(TrainingData())
    return SentenceEncoderFeaturizer.load(options(model, **others), *place)


def test_both_names_are_the_class_whose_path_a_model_stores(model: Path) -> None:
    for name in (NAME, "rasa_joint_nlu.featurizer.SentenceEncoderFeaturizer"):
        pipeline = ["WhitespaceTokenizer", {"name": name, "model": str(model)}, ours()]
        nodes = graph_of(pipeline).predict_schema.nodes.values()
        assert any(node.uses is SentenceEncoderFeaturizer for node in nodes)
    assert rasa_joint_nlu.SentenceEncoderFeaturizer is SentenceEncoderFeaturizer
    assert issubclass(SentenceEncoderFeaturizer, DenseFeaturizer)


def test_a_bot_is_trained_with_it_and_answers_without_the_folder(
    tmp_path: Path, model: Path
) -> None:
    moved = tmp_path / "transformer"
    shutil.copytree(model, moved)
    featurizer = {"name": NAME, "model": str(moved)}
    pipeline = ["WhitespaceTokenizer", featurizer, ours(), "LogisticRegressionClassifier"]
    bot = train(tmp_path, pipeline, yaml_of(BOT))
    shutil.rmtree(moved)
    found = parse(bot, "a flight from Rome to Oslo")
    assert found["intent"]["name"] == "fly"
    assert [(e["value"], e["role"]) for e in found["entities"]] == [
        ("Rome", "from"),
        ("Oslo", "to"),
    ]


def test_ours_gets_its_features_from_training_on(tmp_path: Path, model: Path) -> None:
    bot = train(
        tmp_path,
        [
            "WhitespaceTokenizer",
            {"name": NAME, "model": str(model), "alias": "meaning"},
            ours(epochs=2),
        ],
        yaml_of(BOT),
    )
    component = classifier_in(Agent.load(str(bot)))
    specs = component._model.learnt.encoder.features
    assert [(spec.name, spec.size) for spec in specs] == [
        ("meaning/sentence", SIZE),
        ("meaning/sequence", SIZE),
    ]


def test_every_attribute_with_tokens_gets_vectors_in_one_call(tmp_path: Path, model: Path) -> None:
    featurizer = trained(tmp_path, model)
    data = TrainingData(
        [tokenized("hello rome"), tokenized("to oslo"), Message({TEXT: "no tokens"})]
    )
    answer = Message({"response": "hello to rome", "intent_response_key": "faq/ask"})
    WhitespaceTokenizer(WhitespaceTokenizer.get_default_config()).process_training_data(
        TrainingData([answer])
    )
    data.training_examples.append(answer)
    featurizer.process_training_data(data)
    shapes = [
        {(f.attribute, f.type): f.features.shape for f in message.features}
        for message in data.training_examples
    ]
    assert shapes == [
        {(TEXT, "sequence"): (2, SIZE), (TEXT, "sentence"): (1, SIZE)},
        {(TEXT, "sequence"): (2, SIZE), (TEXT, "sentence"): (1, SIZE)},
        {},
        {("response", "sequence"): (3, SIZE), ("response", "sentence"): (1, SIZE)},
    ]
    (alone,) = featurizer.process([tokenized("hello rome")])
    for before, after in zip(data.training_examples[0].features, alone.features):
        np.testing.assert_allclose(before.features, after.features, atol=1e-5)
        assert before.features.dtype == np.float32 and before.origin == "run_joint"


def test_a_model_in_onnx_is_taken_as_it_is(tmp_path: Path) -> None:
    table = make_onnx(tmp_path / "source")
    featurizer = trained(tmp_path, tmp_path / "source")
    (message,) = featurizer.process([tokenized("hello")])
    np.testing.assert_allclose(message.features[0].features[0], table[-7], rtol=1e-6)


def test_its_cache_key_changes_with_the_model_and_not_with_its_place(
    tmp_path: Path, model: Path
) -> None:
    def key(folder: Path) -> str:
        config = options("same")
        addon = SentenceEncoderFeaturizer.fingerprint_addon(options(folder))
        assert addon
        return addon + calculate_fingerprint_key(WhitespaceTokenizer, config, {})

    shutil.copytree(model, tmp_path / "copy")
    assert key(tmp_path / "copy") == key(model)
    weights = tmp_path / "copy" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\1")
    changed = key(tmp_path / "copy")
    assert changed != key(model)
    (tmp_path / "copy" / "1_Pooling" / "config.json").write_text("{}")
    assert key(tmp_path / "copy") not in (changed, key(model))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"model": None}, "'model: None' must be the path of a folder"),
        ({"model": 3}, "'model: 3' must be the path of a folder"),
        ({"model": "x", "modell": "y"}, "has no option 'modell'. Did you mean 'model'?"),
    ],
)
def test_wrong_options_are_refused(given: Dict[str, Any], reason: str) -> None:
    config = {**SentenceEncoderFeaturizer.get_default_config(), **given}
    with pytest.raises(InvalidConfigException, match=reason.replace("?", r"\?")):
        SentenceEncoderFeaturizer.validate_config(config)
    SentenceEncoderFeaturizer.fingerprint_addon(config)


def test_a_missing_folder_stops_the_training_with_its_name(tmp_path: Path) -> None:
    place = (LocalModelStorage(tmp_path), Resource("encoder"), context())
    featurizer = SentenceEncoderFeaturizer.create(options(tmp_path / "none"), *place)
    with pytest.raises(InvalidConfigException, match=r"There is no folder '.*none'"):
        featurizer.train(TrainingData())


def test_a_damaged_model_does_not_load(tmp_path: Path, model: Path) -> None:
    trained(tmp_path, model)
    (tmp_path / "encoder" / "tokenizer.json").write_text("{}")
    place = (LocalModelStorage(tmp_path), Resource("encoder"), context())
    with pytest.raises(InvalidConfigException, match="is no tokenizer"):
        SentenceEncoderFeaturizer.load(options(model), *place)
