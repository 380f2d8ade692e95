"""Options from `config.yml`: what is accepted, ignored and refused, and how a refusal reads."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any, Dict, List, Type

import pytest
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
from rasa.nlu.classifiers.keyword_intent_classifier import KeywordIntentClassifier
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.classifiers.mitie_intent_classifier import MitieIntentClassifier
from rasa.nlu.classifiers.sklearn_intent_classifier import SklearnIntentClassifier
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor
from rasa.nlu.extractors.mitie_entity_extractor import MitieEntityExtractor
from rasa.shared.exceptions import InvalidConfigException
from rasa_helpers import NAME, WHITESPACE, create, data_of, graph_of, load, yaml_of

from rasa_joint_nlu import options
from rasa_joint_nlu.component import JointNLUClassifier

DIET = DIETClassifier.get_default_config()
REPLACED = [
    DIETClassifier,
    CRFEntityExtractor,
    KeywordIntentClassifier,
    LogisticRegressionClassifier,
    MitieEntityExtractor,
    MitieIntentClassifier,
    SklearnIntentClassifier,
]
LEFT_OVER: List[Dict[str, Any]] = [
    {"features": [["low"], ["low", "digit", "prefix5"], ["low"]]},
    {"max_iterations": 50},
    {"L1_c": 0.1, "L2_c": 0.1},
    {"num_threads": 1},
    {"num_threads": 2, "constrain_similarities": True},
    {"max_iter": 100, "solver": "lbfgs", "tol": 0.0001},
    {"random_state": 42},
    {"C": [1, 2, 5], "gamma": [0.1], "kernels": ["linear"]},
    {"scoring_function": "f1_weighted", "max_cross_validation_folds": 5},
    {"case_sensitive": False},
    {"intent_tokenization_flag": True, "intent_split_symbol": "+"},
    {"embed_dim": 20, "droprate": 0.2, "num_neg": 20},
    {"BILOU_flag": True, "max_iterations": 100, "features": []},
]
"""Parts of the configs of bots: of today's components, and of those of former versions."""

WRONG = [
    ("epochs", 0, "-1", "whole number"),
    ("epochs", "many", "-1", "whole number"),
    ("epochs", 2.5, "-1", "whole number"),
    ("epochs", True, "-1", "whole number"),
    ("drop_rate", 1.5, "0", "0.99"),
    ("drop_rate", "half", "0", "0.99"),
    ("learning_rate", 0, "above 0", "1"),
    ("batch_size", [1, 2, 3], "whole number", "list of two"),
    ("batch_size", [64, "256"], "whole number", "list of two"),
    ("intent_classification", "yes", "true", "false"),
    ("BILOU_flag", 1, "true", "false"),
    ("featurizers", "cvf", "list", "featurizer"),
    ("random_seed", -1, "at least 0", "null"),
    ("device", "tpu", "cpu", "cuda"),
    ("ranking_length", 1.5, "whole number", "0 or -1 = all"),
    ("split_entities_by_comma", {"city": "no"}, "true", "dictionary"),
    ("pretrained_embeddings", 5, "path", "null"),
    ("token_size", 0, "whole number", "from 1 to 1024"),
]


def refusal(way_in: Any, folder: Path, **given: Any) -> str:
    with pytest.raises(InvalidConfigException) as refused:
        way_in(folder, **given)
    return str(refused.value)


@pytest.fixture(params=[create, load], ids=["create", "load"])
def way_in(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.mark.parametrize("replaced", REPLACED, ids=lambda replaced: replaced.__name__)
def test_every_option_of_what_we_replace_is_ours_or_known_to_be_theirs(
    replaced: Type[Any],
) -> None:
    assert not set(replaced.get_default_config()) - set(options.defaults()) - options.IGNORED


def test_no_option_is_both_ours_and_ignored() -> None:
    assert not options.IGNORED.intersection(options.defaults())


@pytest.mark.parametrize("left_over", LEFT_OVER, ids=lambda left_over: ",".join(left_over))
def test_left_over_options_are_accepted_and_listed_in_one_warning(
    way_in: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, left_over: Dict[str, Any]
) -> None:
    component = way_in(tmp_path, **left_over, epochs=1)
    assert isinstance(component, JointNLUClassifier)
    with caplog.at_level(logging.WARNING, "rasa_joint_nlu"):
        component.train(data_of(yaml_of({"a": ["one"], "b": ["two"]})))
    (warning,) = caplog.messages
    listed = re.findall(r"replaces: (.+)\. You can", warning)
    assert listed == [", ".join(sorted(set(left_over) - set(options.defaults())))]


def test_the_defaults_of_a_classifier_and_an_extractor_together_are_accepted(
    tmp_path: Path,
) -> None:
    both = {
        **SklearnIntentClassifier.get_default_config(),
        **LogisticRegressionClassifier.get_default_config(),
        **CRFEntityExtractor.get_default_config(),
    }
    assert isinstance(create(tmp_path, **both), JointNLUClassifier)


def test_a_checkpoint_without_held_out_examples_has_nothing_to_choose_by(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nlu = data_of(yaml_of({"a": ["one", "first"], "b": ["two", "second"]}))
    with caplog.at_level(logging.WARNING, "rasa_joint_nlu"):
        create(tmp_path, checkpoint_model=True, epochs=1).train(nlu)
        (warning,) = caplog.messages
        assert "'checkpoint_model: true'" in warning
        assert "'evaluate_on_number_of_examples'" in warning
        held_out = {"checkpoint_model": True, "evaluate_on_number_of_examples": 1}
        create(tmp_path, **held_out, epochs=1).train(nlu)
    assert len(caplog.messages) == 1


@pytest.mark.parametrize("key", sorted(set(DIET) & set(options.defaults())))
def test_the_default_of_diet_is_accepted_for_a_shared_option(key: str) -> None:
    config, _ = options.read({key: DIET[key]})
    assert getattr(config, key) == DIET[key]


def test_a_whole_block_of_diet_is_accepted_when_only_the_name_changes(
    way_in: Any, tmp_path: Path
) -> None:
    assert isinstance(way_in(tmp_path, **DIET), JointNLUClassifier)


def test_the_defaults_are_accepted_and_mean_themselves() -> None:
    config, share = options.read(JointNLUClassifier.get_default_config())
    assert config.to_dict() == JointNLUClassifier.get_default_config()
    assert share == 1.0


def test_defaults_are_a_new_object_each_time() -> None:
    JointNLUClassifier.get_default_config()["featurizers"].append("changed")
    assert JointNLUClassifier.get_default_config()["featurizers"] == []


@pytest.mark.parametrize(("key", "value", "one", "other"), WRONG)
def test_a_wrong_value_is_refused_with_its_key_value_and_what_is_allowed(
    way_in: Any, tmp_path: Path, key: str, value: Any, one: str, other: str
) -> None:
    text = refusal(way_in, tmp_path, **{key: value})
    assert "JointNLUClassifier" in text
    assert f"'{key}: {value!r}'" in text
    assert one in text and other in text


@pytest.mark.parametrize(
    ("typo", "meant"),
    [("epoch", "epochs"), ("bilou_flag", "BILOU_flag"), ("learning_rat", "learning_rate")],
)
def test_an_unknown_option_is_refused_with_the_nearest_name(
    way_in: Any, tmp_path: Path, typo: str, meant: str
) -> None:
    text = refusal(way_in, tmp_path, **{typo: 5})
    assert f"'{typo}'" in text and f"'{meant}'" in text


def test_an_unknown_option_like_no_other_is_refused_without_a_guess(
    way_in: Any, tmp_path: Path
) -> None:
    text = refusal(way_in, tmp_path, zzzzzzzz=5)
    assert "'zzzzzzzz'" in text and "Did you mean" not in text


def test_all_wrong_values_are_named_at_once(way_in: Any, tmp_path: Path) -> None:
    text = refusal(way_in, tmp_path, epochs=0, drop_rate=2)
    assert "epochs" in text and "drop_rate" in text


def test_switching_both_tasks_off_is_refused(way_in: Any, tmp_path: Path) -> None:
    text = refusal(way_in, tmp_path, intent_classification=False, entity_recognition=False)
    assert "intent_classification" in text and "entity_recognition" in text


def test_reading_does_not_change_what_was_given() -> None:
    given: Dict[str, Any] = {
        "epochs": -1,
        "finetuning_epoch_fraction": 0.5,
        "transformer_size": 256,
        "split_entities_by_comma": {"city": False},
    }
    copy = {**given, "split_entities_by_comma": {"city": False}}
    options.read(given)
    assert given == copy


def test_ignored_options_are_listed_in_one_warning_of_the_training(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    component = create(tmp_path, transformer_size=256, loss_type="cross_entropy", epochs=1)
    with caplog.at_level(logging.WARNING, "rasa_joint_nlu"):
        component.train(data_of(yaml_of({"a": ["one"], "b": ["two"]})))
    assert len(caplog.messages) == 1
    assert "loss_type, transformer_size" in caplog.messages[0]


def test_nothing_is_said_when_no_option_is_ignored(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "rasa_joint_nlu"):
        create(tmp_path, epochs=1).train(data_of(yaml_of({"a": ["one"], "b": ["two"]})))
    assert not caplog.messages


@pytest.mark.parametrize(
    ("given", "fraction", "epochs", "share"),
    [
        ({}, 0.25, -1, 0.25),
        ({"epochs": -1}, 0.25, -1, 0.25),
        ({"epochs": -1}, 1.0, -1, 1.0),
        ({"epochs": 10}, 0.25, 3, 0.25),
        ({"epochs": 10}, 1.0, 10, 1.0),
    ],
)
def test_rasas_epoch_fraction_sets_the_length_of_fine_tuning(
    given: Dict[str, Any], fraction: float, epochs: int, share: float
) -> None:
    graph = graph_of([WHITESPACE, {"name": NAME, **given}], finetuning_epoch_fraction=fraction)
    nodes = graph.train_schema.nodes.values()
    node = next(node for node in nodes if node.uses is JointNLUClassifier)
    assert node.constructor_name == "load"
    config, read_share = options.read({**options.defaults(), **node.config})
    assert (config.epochs, read_share) == (epochs, share)


def test_without_a_fraction_no_epochs_are_still_refused() -> None:
    with pytest.raises(InvalidConfigException, match="epochs: 0"):
        options.read({"epochs": 0})
