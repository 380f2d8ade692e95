"""What Rasa takes for granted about a component, and breaks on or caches wrongly otherwise."""

from __future__ import annotations

import copy
import inspect
import json
import random
import shutil
import tarfile
import threading
import typing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, Iterator, List

import numpy as np
import pytest
import rasa.nlu.test
import torch
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa_helpers import (
    BOT,
    FAST,
    answer,
    bot,
    context,
    create,
    data_of,
    load,
    tokenized,
    yaml_of,
)

from rasa_joint_nlu import source
from rasa_joint_nlu.component import JointNLUClassifier
from rasa_joint_nlu.core.description import MODEL_FILE, WEIGHTS_FILE

ROLES = "fly from Oslo to New York"
TEXTS = ["hello", ROLES, "pour me some tea", "", "bye bye"]
TWO = {"a": ["one", "one more"], "b": ["two", "two more"]}


# Signatures -----------------------------------------------------------------------------------


def test_train_and_process_have_no_parameter_that_rasa_would_take_for_an_input() -> None:
    def parameters(method: Any) -> List[str]:
        return list(inspect.signature(method).parameters)

    assert parameters(JointNLUClassifier.train) == ["self", "training_data"]
    assert parameters(JointNLUClassifier.process) == ["self", "messages"]


@pytest.mark.parametrize("name", ["create", "load", "train", "process", "fingerprint_addon"])
def test_type_hints_can_be_read_at_runtime(name: str) -> None:
    hints = typing.get_type_hints(getattr(JointNLUClassifier, name))
    assert "return" in hints
    # The plain `dict` is refused by Rasa, and `dict[str, Any]` by Python 3.8.
    assert hints.get("config", Dict[str, Any]) == Dict[str, Any]


# Archives -------------------------------------------------------------------------------------


def test_archives_name_the_class_by_the_module_path_that_must_not_change() -> None:
    with tarfile.open(bot()) as archive:
        metadata = json.load(archive.extractfile("metadata.json"))  # type: ignore[arg-type]
    for schema in ("train_schema", "predict_schema"):
        uses = {node["uses"] for node in metadata[schema]["nodes"].values()}
        assert "rasa_joint_nlu.component.JointNLUClassifier" in uses


def test_nothing_stored_depends_on_the_name_of_the_node(own_copy: Path) -> None:
    name = "train_rasa_joint_nlu.JointNLUClassifier7"
    (own_copy / "joint").rename(own_copy / name)
    config = {**JointNLUClassifier.get_default_config(), **FAST}
    loaded = JointNLUClassifier.load(config, LocalModelStorage(own_copy), Resource(name), context())
    assert answer(loaded, "hello")["intent"]["name"] == "greet"


def test_a_loaded_component_does_without_the_folder_it_came_from(own_copy: Path) -> None:
    component = load(own_copy)
    before = answer(component, ROLES)
    shutil.rmtree(own_copy)
    assert answer(component, ROLES) == before


def test_fine_tuning_leaves_no_file_of_the_former_model(own_copy: Path) -> None:
    files = {path.name: path.read_bytes() for path in (own_copy / "joint").iterdir()}
    load(own_copy, {"is_finetuning": True}, epochs=1).train(data_of(yaml_of(BOT)))
    after = {path.name: path.read_bytes() for path in (own_copy / "joint").iterdir()}
    assert set(after) == {MODEL_FILE, WEIGHTS_FILE}
    assert after[WEIGHTS_FILE] != files[WEIGHTS_FILE]


# Cache keys -----------------------------------------------------------------------------------


@pytest.mark.parametrize("changed", ["__init__.py", "core/tags.py", "core/training/loop.py"])
def test_a_change_in_any_module_changes_the_cache_key(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rasa itself looks at the source of the component's class only.
    package = Path(source.__file__).parent
    edited = Path(shutil.copytree(package, tmp_path / "rasa_joint_nlu"))
    monkeypatch.setattr(source, "__file__", str(edited / "source.py"))
    source_hash = source.source_hash.__wrapped__
    before = source_hash()
    assert source_hash() == before
    with (edited / changed).open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    assert source_hash() != before


def test_training_data_is_the_same_after_a_training(tmp_path: Path) -> None:
    # Rasa computes cache keys from the messages, which all components share.
    data = data_of(yaml_of(BOT))
    data.training_examples[-1].set("entities", [{"entity": "x", "value": "no offsets"}])
    content = [copy.deepcopy(message.data) for message in data.training_examples]
    cached, fingerprint = data.nlu_examples, data.fingerprint()
    prints = [message.fingerprint() for message in data.training_examples]
    order = [message.get("text") for message in cached]
    create(tmp_path, epochs=1).train(data)
    assert [message.fingerprint() for message in data.training_examples] == prints
    assert [message.data for message in data.training_examples] == content
    assert TrainingData(data.training_examples).fingerprint() == fingerprint
    assert data.nlu_examples is cached
    assert [message.get("text") for message in cached] == order


def test_options_are_the_same_after_creating_training_and_loading(tmp_path: Path) -> None:
    # Rasa shares nested objects of the options between the nodes of a graph.
    config = {
        **JointNLUClassifier.get_default_config(),
        **FAST,
        "epochs": 1,
        "featurizers": [],
        "split_entities_by_comma": {"city": False},
    }
    before = copy.deepcopy(config)
    rest = (LocalModelStorage(tmp_path), Resource("joint"), context())
    JointNLUClassifier.create(config, *rest).train(data_of(yaml_of(TWO)))
    JointNLUClassifier.load(config, *rest).process([tokenized("one")])
    assert config == before


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_examples_does_not_decide_the_order_of_labels(
    seed: int, tmp_path: Path
) -> None:
    data = data_of(yaml_of(BOT))
    examples = list(data.training_examples)
    random.Random(seed).shuffle(examples)
    create(tmp_path, epochs=1).train(TrainingData(examples))
    labels = load(tmp_path)._model.learnt.encoder.labels
    assert list(labels.intents) == sorted(BOT)
    assert list(labels.types) == ["city", "drink"]


# Answers --------------------------------------------------------------------------------------


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def test_answers_have_only_pythons_own_types(trained: Path) -> None:
    component = load(trained, {"should_add_diagnostic_data": True})
    (message,) = component.process([tokenized(ROLES)])
    output = {**message.as_dict(only_output_properties=True), **message.get("diagnostic_data")}
    kinds = {type(leaf) for leaf in leaves(output)}
    assert {str, float, int} <= kinds  # a NumPy number is an instance of `float`, but not JSON
    assert kinds <= {str, float, int, type(None)}


def test_editing_an_answer_changes_no_other_answer(trained: Path) -> None:
    component = load(trained, {"should_add_diagnostic_data": True})
    first, second = component.process([tokenized(ROLES), tokenized(ROLES)])
    expected = json.dumps(second.as_dict(only_output_properties=True))
    first.get("intent")["name"] = "nlu_fallback"
    first.get("intent_ranking").insert(0, {"name": "nlu_fallback", "confidence": 0.9})
    first.get("intent_ranking")[1]["confidence"] = 0.0
    first.get("entities")[0]["value"] = "edited"
    first.get("entities").pop()
    first.get("diagnostic_data")["run_joint"]["attention_weights"].clear()
    for message in (second, *component.process([tokenized(ROLES), tokenized(ROLES)])):
        assert json.dumps(message.as_dict(only_output_properties=True)) == expected
        assert len(message.get("diagnostic_data")["run_joint"]["attention_weights"]) == 6


def test_editing_the_answers_of_an_untrained_component_changes_no_other(tmp_path: Path) -> None:
    component = create(tmp_path)
    first, second = component.process([tokenized("hello"), tokenized("hello")])
    first.get("intent")["name"] = "edited"
    first.get("intent_ranking").append("edited")
    first.get("entities").append("edited")
    for message in (second, *component.process([tokenized("hello")])):
        assert message.get("intent") == {"name": None, "confidence": 0.0}
        assert message.get("intent_ranking") == message.get("entities") == []


def test_no_confidence_of_an_entity_is_0_which_the_evaluation_reads_as_1(trained: Path) -> None:
    for entity in answer(load(trained), ROLES)["entities"]:
        assert 0 < entity["confidence_entity"] <= 1
        assert entity["extractor"] in rasa.nlu.test.EXTRACTORS_WITH_CONFIDENCES


# Other threads, and what all share ------------------------------------------------------------


def test_messages_can_be_processed_in_several_threads_at_once(trained: Path) -> None:
    component = load(trained)
    texts = TEXTS * 20
    expected = [answer(component, text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: answer(component, text), texts)) == expected


def test_a_training_in_another_thread_changes_no_answers(trained: Path, tmp_path: Path) -> None:
    component = load(trained)
    expected = [answer(component, text) for text in TEXTS]
    data = data_of(yaml_of(TWO))
    training = threading.Thread(target=create(tmp_path, epochs=20).train, args=(data,))
    training.start()
    rounds = [[answer(component, text) for text in TEXTS]]
    while training.is_alive():
        rounds.append([answer(component, text) for text in TEXTS])
    training.join()
    assert (tmp_path / "joint" / MODEL_FILE).exists()
    assert all(found == expected for found in rounds)


def global_state() -> Dict[str, Any]:
    kind, keys, *position = np.random.get_state()
    return {
        "random": random.getstate(),
        "numpy": (kind, keys.tolist(), position),
        "torch": torch.get_rng_state().tolist(),
        "threads": (torch.get_num_threads(), torch.get_num_interop_threads()),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "gradients": torch.is_grad_enabled(),
        "precision": torch.get_default_dtype(),
        "errors": np.geterr(),
    }


@pytest.fixture
def unusual_state() -> Iterator[None]:
    """A state that no earlier training can have left behind."""
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    for draw in (random.seed, np.random.seed, torch.manual_seed):
        draw(9876)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("seed", [42, None])
def test_random_states_and_threads_are_left_as_they_were(
    seed: Any, tmp_path: Path, unusual_state: None
) -> None:
    data = data_of(yaml_of(BOT))
    before = global_state()
    component = create(tmp_path, epochs=2, random_seed=seed, evaluate_on_number_of_examples=4)
    component.train(data)
    load(tmp_path, {"is_finetuning": True}, epochs=1, random_seed=seed).train(data)
    load(tmp_path).process([tokenized(text) for text in TEXTS])
    assert global_state() == before


def test_training_does_not_depend_on_the_random_states_of_others(tmp_path: Path) -> None:
    weights = []
    for seed in (1, 2):
        random.seed(seed)
        np.random.seed(seed)
        torch.manual_seed(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        create(folder, epochs=3).train(data_of(yaml_of(BOT)))
        weights.append((folder / "joint" / WEIGHTS_FILE).read_bytes())
    assert weights[0] == weights[1]


def test_a_seed_of_null_gives_a_different_model_each_time(tmp_path: Path) -> None:
    weights = []
    for name in "ab":
        folder = tmp_path / name
        folder.mkdir()
        create(folder, epochs=1, random_seed=None).train(data_of(yaml_of(TWO)))
        weights.append((folder / "joint" / WEIGHTS_FILE).read_bytes())
    assert weights[0] != weights[1]
