"""Every setting's check, and what the config works out from the settings."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from rasa_joint_nlu.core import ConfigError, JointConfig, JointModel
from rasa_joint_nlu.core.config import suggestion

FLAGS = [
    "BILOU_flag",
    "freeze_pretrained_embeddings",
    "checkpoint_model",
    "renormalize_confidences",
]
RATES = ["drop_rate", "word_drop_rate", "ngram_drop_rate", "value_swap_rate", "label_smoothing"]
SIZES = ["token_size", "encoder_size"]
WEIGHTS = ["intent_loss_weight", "entity_loss_weight"]

GOOD = [
    *((name, value) for name in FLAGS for value in (True, False)),
    *((name, value) for name in RATES for value in (0, 0.5, 0.99)),
    *((name, value) for name in SIZES for value in (1, 300)),
    *((name, value) for name in WEIGHTS for value in (0, 0.5, 1000)),
    ("intent_classification", False),
    ("entity_recognition", False),
    ("featurizers", []),
    ("featurizers", ["regex", "spacy"]),
    ("featurizers", None),
    ("pretrained_embeddings", None),
    ("pretrained_embeddings", "vectors.vec"),
    ("pretrained_embeddings_limit", 0),
    ("unlabelled_texts", None),
    ("unlabelled_texts", "logs.txt"),
    ("unlabelled_texts", ["logs.txt", "nlu.yml"]),
    ("dictionary", None),
    ("dictionary", "jieba"),
    ("dictionary", "words.txt"),
    *(("misaligned_entities", value) for value in ("expand", "drop", "error")),
    ("epochs", -1),
    ("epochs", 1),
    ("batch_size", 1),
    ("batch_size", [64, 256]),
    ("batch_size", (64, 16)),
    ("learning_rate", -1),
    ("learning_rate", 1),
    ("learning_rate", 1e-9),
    ("random_seed", None),
    ("random_seed", 0),
    *(("device", value) for value in ("auto", "cpu", "cuda", "cuda:1", "mps")),
    ("evaluate_every_number_of_epochs", -1),
    ("evaluate_every_number_of_epochs", 1),
    ("evaluate_on_number_of_examples", 0),
    ("evaluate_on_number_of_examples", 10),
    ("tensorboard_log_directory", None),
    ("tensorboard_log_directory", "logs"),
    ("tensorboard_log_level", "epoch"),
    ("tensorboard_log_level", "batch"),
    ("max_tokens", 1),
    ("ranking_length", 0),
    ("ranking_length", 5),
    ("split_entities_by_comma", False),
    ("split_entities_by_comma", {"city": False}),
    ("split_entities_by_comma", {}),
]

BAD = [
    *((name, value) for name in FLAGS for value in (1, "true", None)),
    *((name, value) for name in RATES for value in (-0.1, 1.0, True, "0.5", float("nan"), None)),
    *((name, value) for name in SIZES for value in (0, 1.5, True, "64", None)),
    *((name, value) for name in WEIGHTS for value in (-1, 1001, False, None)),
    ("intent_classification", "yes"),
    ("entity_recognition", 1),
    ("featurizers", "regex"),
    ("featurizers", [1]),
    ("pretrained_embeddings", 7),
    ("pretrained_embeddings_limit", -1),
    ("pretrained_embeddings_limit", 1.0),
    ("unlabelled_texts", ""),
    ("unlabelled_texts", [""]),
    ("unlabelled_texts", ["logs.txt", 3]),
    ("unlabelled_texts", True),
    ("dictionary", ""),
    ("dictionary", True),
    *(("misaligned_entities", value) for value in ("Expand", "keep", True, None, ["drop"])),
    ("epochs", 0),
    ("epochs", -2),
    ("epochs", True),
    ("epochs", 1.5),
    ("batch_size", 0),
    ("batch_size", [64]),
    ("batch_size", [64, 0]),
    ("batch_size", [64, 128, 256]),
    ("batch_size", "32"),
    ("learning_rate", 0),
    ("learning_rate", -0.5),
    ("learning_rate", 1.1),
    ("learning_rate", float("nan")),
    ("random_seed", -1),
    ("random_seed", 1.5),
    *(("device", value) for value in ("gpu", "cuda:", "cuda:x", "cpu ", None, 0)),
    ("evaluate_every_number_of_epochs", 0),
    ("evaluate_every_number_of_epochs", "5"),
    ("evaluate_on_number_of_examples", -2),
    ("evaluate_on_number_of_examples", 0.5),
    ("tensorboard_log_directory", 1),
    ("tensorboard_log_level", "minibatch"),
    ("tensorboard_log_level", None),
    ("max_tokens", 0),
    ("ranking_length", 2.5),
    ("split_entities_by_comma", "false"),
    ("split_entities_by_comma", {"city": "no"}),
    ("split_entities_by_comma", {1: True}),
    ("split_entities_by_comma", {"city": None}),
]


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_an_allowed_value_is_kept(name: str, value: Any) -> None:
    assert getattr(JointConfig.from_dict({name: value}), name) == value


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_value_that_is_not_allowed_is_refused_by_name_value_and_rule(
    name: str, value: Any
) -> None:
    with pytest.raises(ConfigError) as caught:
        JointConfig.from_dict({name: value})
    rule = {field.name: field for field in dataclasses.fields(JointConfig)}[name]
    assert f"'{name}: {value!r}' is not allowed" in str(caught.value)
    assert rule.metadata["allowed"] in str(caught.value)


def test_every_setting_is_tested_with_good_and_bad_values() -> None:
    names = {field.name for field in dataclasses.fields(JointConfig)}
    assert names == {name for name, _ in GOOD} == {name for name, _ in BAD}


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ConfigError, match=r"'epochs: 0'.*'drop_rate: 2'"):
        JointConfig(epochs=0, drop_rate=2)


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(ConfigError, match=r"'epoch' is not a setting\. Did you mean 'epochs'\?"):
        JointConfig.from_dict({"epoch": 3})


def test_names_are_compared_without_case_to_suggest_one() -> None:
    with pytest.raises(ConfigError, match=r"Did you mean 'BILOU_flag'\?"):
        JointConfig.from_dict({"bilou_flag": True})


def test_nothing_is_suggested_for_a_name_like_no_other() -> None:
    assert suggestion("qqqqqqq", ["epochs"]) == ""
    with pytest.raises(ConfigError) as caught:
        JointConfig.from_dict({"qqqqqqq": 1})
    assert "Did you mean" not in str(caught.value)


def test_a_model_refuses_settings_as_the_config_does() -> None:
    with pytest.raises(ConfigError, match="epochs"):
        JointModel(epochs=0)
    with pytest.raises(ConfigError, match="not a setting"):
        JointModel(colour="red")


def test_one_task_must_be_on() -> None:
    with pytest.raises(ConfigError, match="set at least one of them to true"):
        JointConfig(intent_classification=False, entity_recognition=False)


@pytest.mark.parametrize(
    "settings", [{}, {"batch_size": [8, 16], "split_entities_by_comma": {"city": False}}]
)
def test_a_config_survives_json(settings: Any) -> None:
    config = JointConfig.from_dict(settings)
    assert JointConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_configs_do_not_share_their_lists() -> None:
    JointConfig().featurizers.append("regex")
    assert JointConfig().featurizers == []


def test_the_batch_size_grows_evenly() -> None:
    config = JointConfig(batch_size=[64, 256])
    assert [config.batch_size_at(progress) for progress in (0, 0.5, 1)] == [64, 160, 256]


def test_the_batch_size_may_shrink() -> None:
    assert JointConfig(batch_size=[32, 16]).batch_size_at(0.75) == 20


def test_a_single_batch_size_stays() -> None:
    assert [JointConfig(batch_size=8).batch_size_at(progress) for progress in (0, 1)] == [8, 8]


@pytest.mark.parametrize(
    ("choice", "city", "day"),
    [
        (True, True, True),
        (False, False, False),
        (None, "as annotated", "as annotated"),
        ({}, "as annotated", "as annotated"),
        ({"city": False}, False, "as annotated"),
        ({"city": True}, True, "as annotated"),
        ({"split_entities_by_comma": False, "city": True}, True, False),
        ({"split_entities_by_comma": True, "city": False}, False, True),
    ],
)
def test_settings_decide_about_commas_before_annotations_do(
    choice: Any, city: Any, day: Any
) -> None:
    config = JointConfig(split_entities_by_comma=choice)
    for annotated in (True, False):
        decided = [config.splits_by_comma(name, annotated) for name in ("city", "day")]
        assert decided == [annotated if x == "as annotated" else x for x in (city, day)]
