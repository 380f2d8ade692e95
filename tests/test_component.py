"""The component: its place in Rasa's graph, training, answers, storage and odd data."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import logging
import re
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any, Dict, Iterator, List

import numpy as np
import pytest
import rasa.engine.validation
from rasa.engine.exceptions import GraphSchemaValidationException
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa_helpers import (
    BOT,
    FAST,
    WHITESPACE,
    answer,
    context,
    create,
    data_of,
    graph_of,
    load,
    ours,
    tokenized,
    tokenized_data,
    yaml_of,
)

import rasa_joint_nlu
from rasa_joint_nlu import component as component_module
from rasa_joint_nlu.component import JointNLUClassifier
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.description import MODEL_FILE, WEIGHTS_FILE
from rasa_joint_nlu.core.model import JointModel

TEXTS = ["hello", "fly from Oslo to New York", "pour me some tea", "unknown"]
NOTHING = {"name": None, "confidence": 0.0}
TWO = {"a": ["one", "one more"], "b": ["two", "two more"]}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> List[Example]:
    """The examples that trainings from scratch are given."""
    examples: List[Example] = []
    fit = JointModel.fit

    def spy(self: JointModel, given: List[Example], *args: Any, **kwargs: Any) -> Any:
        examples.extend(given)
        return fit(self, given, *args, **kwargs)

    monkeypatch.setattr(JointModel, "fit", spy)
    return examples


@contextlib.contextmanager
def user_warnings() -> Iterator[List[str]]:
    """Collect the texts of the warnings that Rasa's users see."""
    texts: List[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield texts
    texts.extend(str(w.message) for w in caught if w.category is UserWarning)


def own_messages(caplog: pytest.LogCaptureFixture, level: int) -> List[str]:
    return [r.getMessage() for r in caplog.records if r.levelno == level and "joint" in r.name]


# In the graph ---------------------------------------------------------------------------------


def test_the_component_is_importable_from_the_package() -> None:
    assert rasa_joint_nlu.JointNLUClassifier is JointNLUClassifier


def test_an_unknown_name_in_the_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Classifierr"):
        _ = rasa_joint_nlu.JointNLUClassifierr


def test_it_is_an_intent_classifier_and_an_entity_extractor() -> None:
    assert issubclass(JointNLUClassifier, (IntentClassifier,))
    assert issubclass(JointNLUClassifier, (EntityExtractorMixin,))


@pytest.mark.parametrize("name", ["rasa_joint_nlu.JointNLUClassifier", "JointNLUClassifier"])
def test_a_graph_has_one_node_that_trains_it_and_one_that_runs_it(name: str) -> None:
    graph = graph_of([WHITESPACE, {"name": name}])
    training = [n for n, s in graph.train_schema.nodes.items() if s.uses is JointNLUClassifier]
    running = [n for n, s in graph.predict_schema.nodes.items() if s.uses is JointNLUClassifier]
    assert training == [f"train_{name}1"]
    assert running == [f"run_{name}1"]


def test_a_tokenizer_is_all_it_needs() -> None:
    assert JointNLUClassifier.required_components() == [Tokenizer]
    rasa.engine.validation.validate(graph_of([WHITESPACE, ours()]))


@pytest.mark.parametrize("pipeline", [[ours()], [ours(), WHITESPACE]], ids=["none", "after us"])
def test_a_pipeline_without_a_tokenizer_before_it_is_refused_by_name(pipeline: List[Any]) -> None:
    with pytest.raises(
        GraphSchemaValidationException, match=r"a Tokenizer: train_.*JointNLUClassifier0"
    ):
        rasa.engine.validation.validate(graph_of(pipeline))


def test_any_language_is_fine() -> None:
    assert JointNLUClassifier.supported_languages() is None
    assert JointNLUClassifier.not_supported_languages() is None


def test_without_torch_the_refusal_of_a_training_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(GraphSchemaValidationException, match=r"'JointNLUClassifier'.*torch"):
        rasa.engine.validation.validate(graph_of([WHITESPACE, ours()]))


def test_the_addon_to_the_cache_key_is_stable_and_has_the_hash_of_the_source() -> None:
    addon = JointNLUClassifier.fingerprint_addon({})
    assert addon == JointNLUClassifier.fingerprint_addon({})
    assert addon and component_module.source_hash() in addon


@pytest.mark.parametrize("option", ["pretrained_embeddings", "dictionary", "unlabelled_texts"])
def test_the_addon_changes_with_the_content_of_a_file(option: str, tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    config = {option: str(path)}
    addons = [JointNLUClassifier.fingerprint_addon(config)]
    for content in ("a 1 2\n", "a 1 3\n"):
        path.write_text(content)
        addons.append(JointNLUClassifier.fingerprint_addon(config))
    assert len(set(addons)) == 3
    path.write_text("a 1 2\n")
    assert JointNLUClassifier.fingerprint_addon(config) == addons[1]


@pytest.mark.parametrize("option", ["pretrained_embeddings", "dictionary", "unlabelled_texts"])
@pytest.mark.parametrize("wrong", [5, [["vectors.txt"]], True])
def test_a_wrong_path_is_left_for_the_check_of_options(option: str, wrong: Any) -> None:
    # Rasa computes cache keys before it makes the component, whose error is the readable one.
    config = {option: wrong}
    assert calculate_fingerprint_key(JointNLUClassifier, config, {})


def test_the_addon_changes_with_jiebas_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    without = JointNLUClassifier.fingerprint_addon({"dictionary": "jieba"})
    monkeypatch.undo()
    assert importlib.util.find_spec("jieba")
    assert JointNLUClassifier.fingerprint_addon({"dictionary": "jieba"}) != without


# Training and answers -------------------------------------------------------------------------


def test_it_learns_intents_entities_and_roles(trained: Path) -> None:
    found = answer(load(trained), "fly from Oslo to New York")
    assert found["intent"]["name"] == "fly"
    assert [(e["value"], e["role"]) for e in found["entities"]] == [
        ("Oslo", "from"),
        ("New York", "to"),
    ]
    (drink,) = answer(load(trained), "bring me some coffee")["entities"]
    assert drink["entity"] == "drink"
    assert not {"role", "confidence_role", "group", "confidence_group"} & set(drink)


def test_it_learns_from_texts_and_from_nlu_files_of_which_only_texts_count(
    tmp_path: Path,
) -> None:
    texts, nlu = tmp_path / "logs.txt", tmp_path / "more.yml"
    texts.write_text("please fly to Lima\nsome juice please\n")
    nlu.write_text(yaml_of({"other": ["a [lemonade](unknown) for us"]}))
    component = create(tmp_path, unlabelled_texts=[str(texts), str(nlu)])
    component.train(data_of(yaml_of(BOT)))
    assert component._model
    encoder = component._model.learnt.encoder
    assert {"lima", "juice", "lemonade"} <= set(encoder.vocabulary.words)
    assert set(encoder.labels.intents) == set(BOT) and "unknown" not in encoder.labels.types


def test_the_trained_and_the_loaded_component_answer_the_same(tmp_path: Path) -> None:
    component = create(tmp_path)
    resource = component.train(data_of(yaml_of(BOT)))
    assert resource.name == "joint"
    loaded = load(tmp_path)
    assert [answer(component, text) for text in TEXTS] == [answer(loaded, text) for text in TEXTS]


def test_messages_together_and_one_by_one_get_the_same_answers(trained: Path) -> None:
    component = load(trained)
    together = component.process([tokenized(text) for text in TEXTS])
    for text, message in zip(TEXTS, together):
        alone, batched = answer(component, text), message.as_dict(only_output_properties=True)
        assert batched["intent"]["name"] == alone["intent"]["name"]
        assert batched["intent"]["confidence"] == pytest.approx(alone["intent"]["confidence"])
        keys = ("entity", "role", "start", "end")
        assert [[e.get(k) for k in keys] for e in batched["entities"]] == [
            [e.get(k) for k in keys] for e in alone["entities"]
        ]


def test_processing_gives_back_the_same_messages(trained: Path) -> None:
    given = [tokenized(text) for text in TEXTS]
    assert all(a is b for a, b in zip(load(trained).process(given), given))


def test_processing_no_messages_gives_none(trained: Path) -> None:
    assert load(trained).process([]) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\t\n ",
        "🙂",
        "👩‍👩‍👧 🏳️‍🌈",
        "\u200b",
        "a" * 5000,
        "日本語",
        "\ud800",
        "%",
        "[x](y)",
        "0",
    ],
)
def test_any_text_gets_an_answer(trained: Path, text: str) -> None:
    found = answer(load(trained), text)
    assert isinstance(found["intent"]["confidence"], float)
    assert isinstance(found["entities"], list)
    json.dumps(found)


@pytest.mark.parametrize("message", [Message({}), Message({"text": "hello"}), tokenized("  ")])
def test_a_message_without_words_gets_no_intent_and_keeps_its_entities(
    trained: Path, message: Message
) -> None:
    earlier = {"entity": "x", "start": 0, "end": 1, "value": "h", "extractor": "Other"}
    message.set("entities", [earlier])
    (found,) = load(trained).process([message])
    assert found.get("intent") == NOTHING
    assert found.get("intent_ranking") == []
    assert found.get("entities") == [earlier]


def test_the_ranking_has_every_intent_once_and_falls(trained: Path) -> None:
    found = answer(load(trained), "hello")
    confidences = [item["confidence"] for item in found["intent_ranking"]]
    assert {item["name"] for item in found["intent_ranking"]} == set(BOT)
    assert confidences == sorted(confidences, reverse=True)
    assert found["intent"] == found["intent_ranking"][0]


def test_confidences_sum_to_one_and_are_nearly_even_out_of_scope(trained: Path) -> None:
    def confidences(text: str) -> List[float]:
        ranking = answer(load(trained), text)["intent_ranking"]
        return [item["confidence"] for item in ranking]

    known, unknown = confidences("hello"), confidences("qwe rtz uio plm")
    assert sum(known) == pytest.approx(1) and sum(unknown) == pytest.approx(1)
    assert unknown[0] - unknown[-1] < known[0] - known[-1]


def test_options_of_the_output_count_when_a_model_is_loaded(trained: Path) -> None:
    found = answer(load(trained, ranking_length=2, renormalize_confidences=True), "hello")
    assert len(found["intent_ranking"]) == 2
    assert sum(item["confidence"] for item in found["intent_ranking"]) == pytest.approx(1)


def test_training_twice_gives_the_same_answers(trained: Path, tmp_path: Path) -> None:
    create(tmp_path).train(data_of(yaml_of(BOT)))
    assert answer(load(tmp_path), TEXTS[1]) == answer(load(trained), TEXTS[1])


def test_training_says_in_one_line_what_was_learnt(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "rasa_joint_nlu"):
        create(tmp_path, epochs=1).train(data_of(yaml_of(BOT)))
    (line,) = own_messages(caplog, logging.INFO)
    assert "4 intents" in line and "2 entity types" in line and "26 examples" in line


@pytest.mark.parametrize(("level", "shown"), [("INFO", True), ("ERROR", False)])
def test_the_progress_bar_is_silent_when_logging_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    level: str,
    shown: bool,
) -> None:
    monkeypatch.setenv("LOG_LEVEL", level)
    create(tmp_path, epochs=2).train(data_of(yaml_of(TWO)))
    assert ("Epochs" in capsys.readouterr().err) == shown


def test_with_entities_only_the_intent_of_an_earlier_component_stays(tmp_path: Path) -> None:
    component = create(tmp_path, intent_classification=False)
    component.train(data_of(yaml_of(BOT)))
    for ready in (component, load(tmp_path, intent_classification=False)):
        earlier = {"name": "theirs", "confidence": 0.4}
        message = tokenized("pour me some tea", intent=earlier, intent_ranking=[earlier])
        (found,) = ready.process([message])
        assert found.get("intent") is earlier
        assert found.get("intent_ranking") == [earlier]
        assert [entity["value"] for entity in found.get("entities")] == ["tea"]
    told = load(tmp_path, {"should_add_diagnostic_data": True}, intent_classification=False)
    (found,) = told.process([tokenized("pour me some tea")])
    (reasons,) = found.get("diagnostic_data")["run_joint"]["explanation"]["entities"]
    assert (reasons["start"], reasons["end"]) == (13, 16)


def test_with_intents_only_the_entities_of_earlier_components_stay(tmp_path: Path) -> None:
    component = create(tmp_path, entity_recognition=False)
    component.train(data_of(yaml_of(BOT)))
    for ready in (component, load(tmp_path, entity_recognition=False)):
        earlier = {"entity": "x", "start": 13, "end": 16, "value": "tea", "extractor": "Other"}
        (found,) = ready.process([tokenized("pour me some tea", entities=[earlier])])
        assert found.get("entities") == [earlier]
        assert found.get("intent")["name"] == "order"


def test_featurizers_of_null_are_all_that_there_are(tmp_path: Path) -> None:
    create(tmp_path, featurizers=None).train(data_of(yaml_of(TWO)))
    (found,) = load(tmp_path, featurizers=None).process([tokenized("one more")])
    assert found.get("intent")["name"] == "a"


# Diagnostic data ------------------------------------------------------------------------------


def test_there_is_no_diagnostic_data_unless_asked_for(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(JointModel, "explain", None)  # nothing is explained, at no cost
    (message,) = load(trained).process([tokenized("hello")])
    assert message.get("diagnostic_data") is None


def test_diagnostic_data_is_plain_and_under_the_name_of_the_node(trained: Path) -> None:
    component = load(trained, {"should_add_diagnostic_data": True})
    words, empty = component.process([tokenized("hello my friend"), tokenized("")])
    weights = words.get("diagnostic_data")["run_joint"]["attention_weights"]
    assert len(weights) == 3
    assert sum(weights) == pytest.approx(1, abs=1e-5)
    reasons = words.get("diagnostic_data")["run_joint"]["explanation"]["intents"][0]
    assert reasons["name"] == words.get("intent")["name"] and len(reasons["tokens"]) == 3
    json.dumps(words.get("diagnostic_data"))
    assert empty.get("diagnostic_data") is None


# Storage --------------------------------------------------------------------------------------


def test_what_was_never_stored_is_an_untrained_component_and_one_log_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        component = load(tmp_path)
    assert len(own_messages(caplog, logging.INFO)) == 1
    assert "'joint'" in caplog.text
    found = answer(component, "hello")
    assert (found["intent"], found["intent_ranking"], found["entities"]) == (NOTHING, [], [])


def test_a_new_component_answers_nothing_and_keeps_entities(tmp_path: Path) -> None:
    earlier = {"entity": "x", "start": 0, "end": 5, "value": "hello", "extractor": "Other"}
    (found,) = create(tmp_path).process([tokenized("hello", entities=[earlier])])
    assert found.get("intent") == NOTHING
    assert found.get("entities") == [earlier]


def test_a_model_is_two_files_without_pickles_or_sentences(trained: Path) -> None:
    files = sorted((trained / "joint").iterdir())
    assert [path.name for path in files] == sorted([MODEL_FILE, WEIGHTS_FILE])
    for path in files:
        assert b"hello my friend" not in path.read_bytes()
        assert not path.read_bytes().startswith((b"\x80", b"PK"))


@pytest.mark.parametrize("name", [MODEL_FILE, WEIGHTS_FILE])
@pytest.mark.parametrize("damage", ["missing", "empty", "half", "other"])
def test_a_damaged_model_is_refused_with_the_name_of_the_file(
    own_copy: Path, name: str, damage: str
) -> None:
    path = own_copy / "joint" / name
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(
            {"empty": b"", "half": content[: len(content) // 2], "other": b"[1]"}[damage]
        )
    with pytest.raises(InvalidConfigException, match=name) as refused:
        load(own_copy)
    assert "JointNLUClassifier" in str(refused.value)
    assert "rain" in str(refused.value)


def test_files_of_two_models_together_are_refused(own_copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    create(other, epochs=1).train(data_of(yaml_of(TWO)))
    shutil.copy(other / "joint" / WEIGHTS_FILE, own_copy / "joint" / WEIGHTS_FILE)
    with pytest.raises(InvalidConfigException, match=MODEL_FILE):
        load(own_copy)


def test_a_model_of_a_later_format_is_refused_with_both_versions(own_copy: Path) -> None:
    path = own_copy / "joint" / MODEL_FILE
    content = json.loads(path.read_text(encoding="utf-8"))
    known = content["format_version"]
    path.write_text(json.dumps({**content, "format_version": 999}), encoding="utf-8")
    with pytest.raises(InvalidConfigException, match=rf"999.*{known}"):
        load(own_copy)


def test_options_that_shape_the_network_stay_as_trained(trained: Path) -> None:
    component = load(trained, token_size=64, encoder_size=64, BILOU_flag=False)
    assert answer(component, TEXTS[1]) == answer(load(trained), TEXTS[1])


# Odd data -------------------------------------------------------------------------------------


def test_misaligned_annotations_are_one_warning_with_counts_and_an_example(tmp_path: Path) -> None:
    odd = {"fly": ["fly to [Ro](city)me now", "go to [Par](city)is", "by [bo](vehicle)at"]}
    with user_warnings() as texts:
        create(tmp_path, epochs=1).train(data_of(yaml_of({**BOT, **odd})))
    (text,) = texts
    assert "Misaligned entity annotations: 3 (city: 2, vehicle: 1)." in text
    assert "'misaligned_entities: expand'" in text
    assert "Learnt as the whole tokens that they touch: 3 (city: 2, vehicle: 1)." in text
    assert "Not learnt" not in text
    assert "\n- 'Ro' (city) in 'fly to Rome now': learnt as 'Rome'\n" in text
    assert "\n- 'bo' (vehicle) in 'by boat': learnt as 'boat'\n" in text


def test_a_training_ends_with_counts_and_a_hint_where_texts_contradict(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    create(tmp_path, epochs=1).train(data_of(yaml_of(BOT)))
    assert "examples" in caplog.text and "misaligned" in caplog.text
    assert "in two intents" not in caplog.text
    create(tmp_path, epochs=1).train(data_of(yaml_of({**BOT, "odd": next(iter(BOT.values()))[:1]})))
    assert "1 text is in two intents" in caplog.text


def test_overlapping_annotations_are_counted_as_not_learnt(tmp_path: Path) -> None:
    whole = {"entity": "city", "start": 3, "end": 11, "value": "New York"}
    part = {"entity": "city", "start": 7, "end": 11, "value": "York"}
    data = TrainingData(
        [
            Message({"text": "to New York", "intent": "go", "entities": [whole, part]}),
            Message({"text": "stay", "intent": "stay"}),
        ]
    )
    with user_warnings() as texts:
        create(tmp_path, epochs=1).train(tokenized_data(data))
    (text,) = texts
    assert "Not learnt: 1 (city: 1)." in text and "Learnt as" not in text
    assert "\n- 'York' (city) in 'to New York': not learnt, the tokens are ['to'" in text


def test_of_many_misaligned_annotations_the_rest_is_in_the_debug_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    many = {"fly": [f"fly to [Rome](city)-{number}" for number in range(13)]}
    with user_warnings() as texts, caplog.at_level(logging.DEBUG):
        create(tmp_path, epochs=1).train(data_of(yaml_of({**BOT, **many})))
    (text,) = texts
    listed = re.findall(r"^- 'Rome' \(city\) in '(.+)': learnt", text, re.MULTILINE)
    assert listed == [f"fly to Rome-{number}" for number in range(10)]
    assert "\n- and 3 more (`rasa train --force --debug` lists them)\n" in text
    messages = own_messages(caplog, logging.DEBUG)
    assert [re.findall(r"in '(.+)': learnt", message) for message in messages] == [
        [f"fly to Rome-{number}"] for number in range(10, 13)
    ]


def test_misaligned_annotations_can_stop_the_training(tmp_path: Path) -> None:
    odd = {"fly": ["fly to [Ro](city)me now"]}
    component = create(tmp_path, misaligned_entities="error")
    with pytest.raises(InvalidConfigException, match=r"JointNLUClassifier: .* 1 \(city: 1\)"):
        component.train(data_of(yaml_of({**BOT, **odd})))
    assert not (tmp_path / "joint").exists()


def test_misaligned_annotations_for_another_extractor_are_not_ours(tmp_path: Path) -> None:
    entity = {"entity": "city", "start": 3, "end": 5, "value": "Ro", "extractor": "Other"}
    data = TrainingData(
        [
            Message({"text": "to Rome", "intent": "go", "entities": [entity]}),
            Message({"text": "stay", "intent": "stay"}),
        ]
    )
    with user_warnings() as texts:
        create(tmp_path, epochs=1, misaligned_entities="error").train(tokenized_data(data))
    assert texts == []


def test_aligned_annotations_are_no_warning(tmp_path: Path) -> None:
    with user_warnings() as texts:
        create(tmp_path, epochs=1).train(data_of(yaml_of(BOT)))
    assert texts == []


def test_texts_without_an_intent_are_one_info_line_and_not_learnt(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, seen: List[Example]
) -> None:
    data = data_of(yaml_of(TWO))
    stories = [tokenized("only a story"), tokenized("says this")]
    with caplog.at_level(logging.INFO, "rasa_joint_nlu"):
        create(tmp_path, epochs=1).train(TrainingData([*data.training_examples, *stories]))
    about = [line for line in own_messages(caplog, logging.INFO) if "without an intent" in line]
    assert len(about) == 1 and about[0].startswith("2 texts")
    assert {example.text for example in seen} == {"one", "one more", "two", "two more"}


@pytest.mark.parametrize(
    "data",
    [
        TrainingData(),
        TrainingData([Message({"action_text": "Hello!"}), Message({"intent": "a"})]),
        TrainingData([tokenized("no intent here")]),
        TrainingData([Message({"text": "no tokens", "intent": "a"})]),
        TrainingData([tokenized("one intent", intent="a"), tokenized("only", intent="a")]),
    ],
    ids=["empty", "stories", "no intent", "no tokens", "one intent"],
)
def test_data_with_nothing_to_learn_leaves_it_untrained_with_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, data: TrainingData
) -> None:
    component = create(tmp_path)
    with caplog.at_level(logging.INFO, "rasa_joint_nlu"):
        assert component.train(data).name == "joint"
    (line,) = own_messages(caplog, logging.WARNING)
    assert "untrained" in line
    for untrained in (component, load(tmp_path)):
        assert answer(untrained, "one intent")["intent"] == NOTHING


def test_with_one_intent_entities_are_learnt_and_the_intent_stays_unknown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "rasa_joint_nlu"):
        create(tmp_path).train(data_of(yaml_of({"order": BOT["order"]})))
    assert len(own_messages(caplog, logging.WARNING)) == 1
    found = answer(load(tmp_path), "bring me some coffee")
    assert (found["intent"], found["intent_ranking"]) == (NOTHING, [])
    assert [entity["value"] for entity in found["entities"]] == ["coffee"]


def test_one_intent_is_no_warning_when_intents_are_switched_off(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    component = create(tmp_path, epochs=1, intent_classification=False)
    with caplog.at_level(logging.WARNING, "rasa_joint_nlu"):
        component.train(data_of(yaml_of({"order": BOT["order"]})))
    assert own_messages(caplog, logging.WARNING) == []


def test_without_entities_in_the_data_intents_are_learnt_and_entities_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    create(tmp_path).train(data_of(yaml_of(TWO)))
    with caplog.at_level(logging.INFO):
        component = load(tmp_path)
    assert own_messages(caplog, logging.INFO) == []
    earlier = {"entity": "x", "start": 0, "end": 3, "value": "two", "extractor": "Other"}
    (found,) = component.process([tokenized("two more", entities=[earlier])])
    assert found.get("entities") == [earlier]
    assert found.get("intent")["name"] == "b"
    assert answer(component, "one")["entities"] == []


def test_entities_of_other_extractors_are_not_learnt(tmp_path: Path) -> None:
    theirs = {
        "go": ['go to [Rome]{"entity": "city", "extractor": "Other"} now'],
        "stay": ["stay here", "do not move"],
    }
    data = data_of(yaml_of(theirs))
    data.training_examples[0].get("entities")[0]["extractor"] = "SpacyEntityExtractor"
    create(tmp_path).train(data)
    assert answer(load(tmp_path), "go to Rome now")["entities"] == []


# Features -------------------------------------------------------------------------------------


def with_features(message: Message, rows: int, width: int = 2, origin: str = "dense") -> Message:
    for kind, height in (("sequence", rows), ("sentence", 1)):
        matrix = np.ones((height, width), np.float32)
        message.add_features(Features(matrix, kind, "text", origin))
    return message


def featurized_data(rows: Dict[str, int]) -> TrainingData:
    data = data_of(yaml_of(TWO))
    for message in data.training_examples:
        text = message.get("text")
        with_features(message, rows.get(text, len(text.split())))
    return data


def test_features_that_do_not_fit_are_refused_in_training_with_text_and_name(
    tmp_path: Path,
) -> None:
    with pytest.raises(InvalidConfigException, match=r"'dense/sequence'.*'two more'"):
        create(tmp_path).train(featurized_data({"two more": 1}))
    assert not (tmp_path / "joint").exists()


@pytest.mark.parametrize(("rows", "width"), [(1, 2), (5, 2), (2, 1), (2, 7), (0, 2)])
def test_features_that_do_not_fit_are_no_crash_in_an_answer(
    tmp_path: Path, rows: int, width: int
) -> None:
    create(tmp_path, epochs=2).train(featurized_data({}))
    (found,) = load(tmp_path).process([with_features(tokenized("two more"), rows, width)])
    assert found.get("intent")["name"] in TWO


def test_features_that_are_missing_are_no_crash_in_an_answer(tmp_path: Path) -> None:
    create(tmp_path, epochs=2).train(featurized_data({}))
    assert answer(load(tmp_path), "two more")["intent"]["name"] in TWO


def test_features_that_training_did_not_have_are_ignored(trained: Path) -> None:
    component = load(trained)
    (found,) = component.process([with_features(tokenized("hello"), 1)])
    assert found.get("intent") == answer(component, "hello")["intent"]


# Fine-tuning ----------------------------------------------------------------------------------


def test_fine_tuning_an_untrained_component_trains_it(tmp_path: Path) -> None:
    component = load(tmp_path, {"is_finetuning": True})
    component.train(data_of(yaml_of(TWO)))
    assert answer(load(tmp_path), "two more")["intent"]["name"] == "b"


def test_fine_tuning_starts_from_what_was_learnt(own_copy: Path) -> None:
    component = load(own_copy, {"is_finetuning": True}, epochs=1)
    before = answer(component, TEXTS[1])
    component.train(data_of(yaml_of(BOT)))
    after = answer(load(own_copy), TEXTS[1])
    assert after["intent"]["confidence"] == pytest.approx(before["intent"]["confidence"], abs=0.1)
    assert [e["value"] for e in after["entities"]] == ["Oslo", "New York"]


def test_without_the_fine_tuning_flag_a_loaded_component_trains_from_scratch(
    own_copy: Path,
) -> None:
    component = load(own_copy)
    component.train(data_of(yaml_of(TWO)))
    ranking = answer(load(own_copy), "two")["intent_ranking"]
    assert {item["name"] for item in ranking} == set(TWO)


@pytest.mark.parametrize(
    "extra",
    [{"new_intent": ["what", "why"]}, {"order": ["a piece of [cake](food)"]}],
    ids=["intent", "entity"],
)
def test_fine_tuning_with_a_new_label_is_refused_by_name(
    own_copy: Path, extra: Dict[str, List[str]]
) -> None:
    component = load(own_copy, {"is_finetuning": True})
    with pytest.raises(InvalidConfigException, match=r"new_intent|food"):
        component.train(data_of(yaml_of({**BOT, **extra})))


def test_the_share_of_a_fine_tuning_reaches_the_training(
    own_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: List[float] = []
    finetune = JointModel.finetune

    def spy(self: JointModel, examples: Any, progress: bool, share: float) -> Any:
        shares.append(share)
        return finetune(self, examples, progress, 0.01)

    monkeypatch.setattr(JointModel, "finetune", spy)
    given = {"epochs": 0, "finetuning_epoch_fraction": 0.25}
    load(own_copy, {"is_finetuning": True}, **given).train(data_of(yaml_of(BOT)))
    assert shares == [0.25]


# Mistakes of users ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"device": "cuda:77"}, "cuda:77"),
        ({"pretrained_embeddings": "/no/such/file.vec"}, "/no/such/file.vec"),
        ({"unlabelled_texts": "/no/such/logs.txt"}, "/no/such/logs.txt"),
        ({"unlabelled_texts": ["/no/such/nlu.yml"]}, "/no/such/nlu.yml"),
        ({"evaluate_on_number_of_examples": 1000}, "evaluate_on_number_of_examples: 1000"),
    ],
)
def test_what_training_cannot_do_is_an_error_that_rasa_shows_as_it_is(
    tmp_path: Path, given: Dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidConfigException, match=words) as refused:
        create(tmp_path, **given).train(data_of(yaml_of(TWO)))
    assert str(refused.value).startswith("JointNLUClassifier: ")


def test_a_failed_training_stores_nothing(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfigException):
        create(tmp_path, device="cuda:77").train(data_of(yaml_of(TWO)))
    assert list(tmp_path.iterdir()) == []


def test_the_fast_options_of_these_tests_are_options() -> None:
    assert set(FAST) <= set(JointNLUClassifier.get_default_config())
    assert context(is_finetuning=True).is_finetuning


def test_fine_tuning_on_nothing_keeps_what_the_model_knew(
    own_copy: Path, caplog: pytest.LogCaptureFixture
) -> None:
    component = load(own_copy, {"is_finetuning": True})
    before = answer(load(own_copy), "fly from Oslo to New York")
    with caplog.at_level("WARNING"):
        component.train(TrainingData([]))
    assert "keeps what it knew" in caplog.text
    assert answer(load(own_copy), "fly from Oslo to New York") == before
