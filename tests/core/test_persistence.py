"""A model on disk: nothing lost, nothing leaked, and damage noticed."""

from __future__ import annotations

import dataclasses
import io
import json
import pickletools
import shutil
import zlib
from pathlib import Path
from typing import Any, Callable, Dict

import numpy as np
import pytest
from helpers import annotated, flat, quick_model, small_model, toy_examples, with_features
from safetensors.numpy import load_file

from rasa_joint_nlu.core import Example, JointModel, ModelFileError, Token, TrainingError
from rasa_joint_nlu.core.description import FORMAT_VERSION, MODEL_FILE, WEIGHTS_FILE
from rasa_joint_nlu.core.persistence import HASHES
from rasa_joint_nlu.core.precision import TABLES
from rasa_joint_nlu.core.text.pieces import word_key

QUESTIONS = [
    *toy_examples(),
    Example.from_text("from Zürich to New Rome 24"),
    Example.from_text(""),
    Example.from_text("ЖЖЖ"),
]


@pytest.fixture
def folder(toy_model: JointModel, tmp_path: Path) -> Path:
    """A folder with a saved model."""
    toy_model.save(tmp_path / "model")
    return tmp_path / "model"


def test_a_loaded_model_gives_identical_answers(toy_model: JointModel, folder: Path) -> None:
    assert JointModel.load(folder).predict(QUESTIONS) == toy_model.predict(QUESTIONS)


def test_a_loaded_model_is_equal_in_all_it_knows(toy_model: JointModel, folder: Path) -> None:
    loaded = JointModel.load(folder)
    assert loaded.learnt.encoder.vocabulary == toy_model.learnt.encoder.vocabulary
    assert loaded.learnt.encoder.labels == toy_model.learnt.encoder.labels
    assert loaded.learnt.encoder.features == toy_model.learnt.encoder.features
    assert loaded.config == toy_model.config
    assert list(loaded.learnt.weights) and set(loaded.learnt.weights) == set(
        toy_model.learnt.weights
    )
    for name, weight in toy_model.learnt.weights.items():
        assert loaded.learnt.weights[name].tobytes() == weight.tobytes()


def test_tables_are_kept_in_bytes_and_other_weights_in_half_precision(
    toy_model: JointModel, folder: Path
) -> None:
    tensors = load_file(folder / WEIGHTS_FILE)
    of_text = {name for name, t in tensors.items() if t.dtype == np.uint32}
    assert of_text == set(HASHES) - {"vector_words"}  # it has no vectors
    kept = {name: tensor.dtype for name, tensor in tensors.items() if name not in HASHES}
    assert {name for name, dtype in kept.items() if dtype == np.int8} == set(TABLES)
    units = {f"{name}.units" for name in TABLES}
    assert set(kept) == {*toy_model.learnt.weights, *units}
    assert {kept[name] for name in kept if name not in TABLES} == {np.dtype(np.float16)}
    assert all(
        weight.dtype == np.float32 for weight in JointModel.load(folder).learnt.weights.values()
    )


def test_pretrained_vectors_are_kept_in_bytes_and_words_as_checksums(tmp_path: Path) -> None:
    vectors = tmp_path / "vectors.vec"
    vectors.write_text("rome 1 2\nunmet 3 4\n")
    model = quick_model(pretrained_embeddings=str(vectors))
    model.fit(toy_examples())
    model.save(tmp_path / "model")
    tensors = load_file(tmp_path / "model" / WEIGHTS_FILE)
    assert tensors["pretrained"].dtype == np.int8 and tensors["pretrained"].shape == (2, 2)
    assert tensors["vector_words"].tolist() == [word_key("rome"), word_key("unmet")]
    assert "unmet" not in (tmp_path / "model" / MODEL_FILE).read_text()


@pytest.mark.parametrize(
    "settings",
    [
        {"BILOU_flag": False},
        {"entity_recognition": False},
        {"intent_classification": False},
        {"split_entities_by_comma": {"city": False}, "batch_size": [4, 8], "random_seed": None},
    ],
)
def test_every_kind_of_model_survives(settings: Dict[str, Any], tmp_path: Path) -> None:
    model = quick_model(**settings)
    model.fit(with_features(toy_examples()))
    model.save(tmp_path)
    loaded = JointModel.load(str(tmp_path))
    assert loaded.config == model.config
    questions = with_features(QUESTIONS, seed=9)
    assert loaded.predict(questions) == model.predict(questions)


def test_a_model_is_two_files_written_over_older_ones(
    toy_model: JointModel, tmp_path: Path
) -> None:
    other = quick_model()
    other.fit(toy_examples())
    other.save(tmp_path)
    toy_model.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [MODEL_FILE, WEIGHTS_FILE]
    assert JointModel.load(tmp_path).predict(QUESTIONS) == toy_model.predict(QUESTIONS)


def test_missing_parent_folders_are_made(toy_model: JointModel, tmp_path: Path) -> None:
    toy_model.save(tmp_path / "a" / "b")
    assert JointModel.load(tmp_path / "a" / "b").learnt.encoder.labels.intents


def test_the_folder_can_go_once_the_model_is_loaded(folder: Path) -> None:
    loaded = JointModel.load(folder)
    before = loaded.predict(QUESTIONS)
    shutil.rmtree(folder)
    assert loaded.predict(QUESTIONS) == before


def test_a_loaded_model_can_be_saved_again_unchanged(folder: Path, tmp_path: Path) -> None:
    JointModel.load(folder).save(tmp_path / "again")
    for name in (MODEL_FILE, WEIGHTS_FILE):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_an_untrained_model_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="not trained"):
        quick_model().save(tmp_path)
    assert list(tmp_path.iterdir()) == []


# Settings at loading.


def test_settings_can_be_given_to_load(folder: Path) -> None:
    loaded = JointModel.load(folder, ranking_length=3, split_entities_by_comma=False)
    assert loaded.config.ranking_length == 3 and not loaded.config.split_entities_by_comma


def test_settings_that_decide_the_network_stay(toy_model: JointModel, folder: Path) -> None:
    loaded = JointModel.load(folder, BILOU_flag=False, token_size=3, entity_recognition=False)
    assert loaded.config == toy_model.config
    assert loaded.predict(QUESTIONS) == toy_model.predict(QUESTIONS)


def test_paths_and_the_device_of_the_training_are_not_saved(tmp_path: Path) -> None:
    vectors = tmp_path / "distinctive-name.vec"
    vectors.write_text("rome 1 2\n")
    logs = tmp_path / "distinctive-logs"
    model = quick_model(pretrained_embeddings=str(vectors), device="cpu")
    model.fit(toy_examples())
    model.config = dataclasses.replace(model.config, tensorboard_log_directory=str(logs))
    model.save(tmp_path / "model")
    assert "distinctive" not in (tmp_path / "model" / MODEL_FILE).read_text()
    config = JointModel.load(tmp_path / "model").config
    assert config.pretrained_embeddings is None and config.tensorboard_log_directory is None
    assert config.device == "auto"


# What is in the files.


def test_no_training_sentence_is_in_the_files(tmp_path: Path) -> None:
    sentence = "my purple hovercraft is full of lively eels"
    model = quick_model()
    model.fit([*toy_examples(), annotated(sentence.replace("eels", "[eels](drink)"), "order")])
    model.save(tmp_path)
    words = sentence.split()
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert sentence.encode() not in content
        for first, second in zip(words, words[1:]):
            assert f"{first} {second}".encode() not in content
    # an unknown name stays unreadable: n-grams are kept as hashes
    assert b"hove" not in (tmp_path / WEIGHTS_FILE).read_bytes()


def test_the_files_are_json_and_safetensors_without_pickle(folder: Path) -> None:
    assert json.loads((folder / MODEL_FILE).read_text("utf-8"))["format_version"] == FORMAT_VERSION
    assert "ngrams" in load_file(folder / WEIGHTS_FILE)
    for path in folder.iterdir():
        content = path.read_bytes()
        assert not content.startswith((b"\x80", b"PK"))  # a pickle, a zip of torch.save
        with pytest.raises(ValueError):  # noqa: PT011 - whatever stops the disassembly
            pickletools.dis(content, out=io.StringIO())


# Damage.


@pytest.mark.parametrize("name", [MODEL_FILE, WEIGHTS_FILE])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(
        ModelFileError, match=r"cannot be read .*incomplete; train it again"
    ) as caught:
        JointModel.load(folder)
    assert f"'{folder / name}'" in str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="absent"):
        JointModel.load(tmp_path / "absent")


@pytest.mark.parametrize("name", [MODEL_FILE, WEIGHTS_FILE])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_truncated_file_is_damaged(folder: Path, name: str, share: float) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: int(share * len(content))])
    with pytest.raises(ModelFileError, match=r"is damaged.*Train the model again") as caught:
        JointModel.load(folder)
    assert f"'{folder / name}'" in str(caught.value)


@pytest.mark.parametrize("name", [MODEL_FILE, WEIGHTS_FILE])
def test_a_file_of_something_else_is_damaged(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\xff\xfe\x00not what it should be" * 20)
    with pytest.raises(ModelFileError, match="is damaged"):
        JointModel.load(folder)


@pytest.mark.parametrize("content", ["[]", "3", "null", '"text"', "{}", '{"config": {}}'])
def test_json_without_a_format_version_is_damaged(folder: Path, content: str) -> None:
    (folder / MODEL_FILE).write_text(content)
    with pytest.raises(ModelFileError, match="is damaged"):
        JointModel.load(folder)


def test_a_model_of_the_format_before_is_read_and_its_scope_knows_nothing_of_votes(
    folder: Path,
) -> None:
    content = json.loads((folder / MODEL_FILE).read_text("utf-8"))
    scope = content["model"]["scope"]
    bias, _, *others = scope["weights"]
    content["model"]["scope"] = {"vouching": scope["vouching"], "weights": [bias, *others]}
    content["format_version"] = FORMAT_VERSION - 1
    content["checksum"] = zlib.crc32(json.dumps(content["model"], ensure_ascii=False).encode())
    (folder / MODEL_FILE).write_text(json.dumps(content), "utf-8")
    read = JointModel.load(folder).learnt.scope
    assert read is not None
    assert read.weights == (bias, 0.0, *others)
    assert (read.sharpness, read.power, read.doubt) == (1.0, 1.0, 1.0)


def test_before_format_11_scope_left_all_of_its_doubt(folder: Path) -> None:
    content = json.loads((folder / MODEL_FILE).read_text("utf-8"))
    doubt = content["model"]["scope"].pop("doubt")
    kept = JointModel.load(folder).learnt.scope
    content["format_version"] = 10
    content["checksum"] = zlib.crc32(json.dumps(content["model"], ensure_ascii=False).encode())
    (folder / MODEL_FILE).write_text(json.dumps(content), "utf-8")
    read = JointModel.load(folder).learnt.scope
    assert kept is not None and kept.doubt == doubt >= 1
    assert read == dataclasses.replace(kept, doubt=1.0)


def test_before_format_9_vectors_of_texts_had_no_votes(tmp_path: Path) -> None:
    examples = with_features(toy_examples())
    model = small_model(epochs=3)
    model.fit(examples)
    model.save(tmp_path)
    content = json.loads((tmp_path / MODEL_FILE).read_text("utf-8"))
    voting = [spec["name"] for spec in content["model"]["features"] if spec.pop("votes")]
    assert voting == ["d/sentence"]
    content["format_version"] = 8
    content["checksum"] = zlib.crc32(json.dumps(content["model"], ensure_ascii=False).encode())
    (tmp_path / MODEL_FILE).write_text(json.dumps(content), "utf-8")
    before = JointModel.load(tmp_path)
    assert not any(spec.votes for spec in before.learnt.encoder.features)
    # They were added to the intents as they are now; only the scope did not hear of them.
    for old, new in zip(before.predict(examples), model.predict(examples)):
        assert [each.name for each in old.intents] == [each.name for each in new.intents]
    before.finetune(examples)
    assert not any(spec.votes for spec in before.learnt.encoder.features)


@pytest.mark.parametrize("version", [FORMAT_VERSION + 1, 0, None])
def test_another_format_version_is_named(folder: Path, version: Any) -> None:
    content = json.loads((folder / MODEL_FILE).read_text("utf-8"))
    content["format_version"] = version
    (folder / MODEL_FILE).write_text(json.dumps(content))
    with pytest.raises(ModelFileError, match=f"has format version {version}.*Retrain the model"):
        JointModel.load(folder)


def as_if_saved(folder: Path, change: Callable[[Dict[str, Any]], Any]) -> None:
    """Change the model's description, and its checksum with it."""
    content = json.loads((folder / MODEL_FILE).read_text("utf-8"))
    change(content["model"])
    content["checksum"] = zlib.crc32(json.dumps(content["model"], ensure_ascii=False).encode())
    (folder / MODEL_FILE).write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize("part", ["words", "labels", "features", "config", "weights_checksum"])
def test_a_changed_description_is_damaged(folder: Path, part: str) -> None:
    content = json.loads((folder / MODEL_FILE).read_text("utf-8"))
    content["model"].pop(part)
    (folder / MODEL_FILE).write_text(json.dumps(content), "utf-8")
    with pytest.raises(ModelFileError, match="is damaged"):
        JointModel.load(folder)


@pytest.mark.parametrize("settings", [{"colour": "red"}, {"token_size": 0}])
def test_settings_of_another_version_ask_for_a_training(
    folder: Path, settings: Dict[str, Any]
) -> None:
    as_if_saved(folder, lambda model: model["config"].update(settings))
    with pytest.raises(ModelFileError, match=f"another version: '{next(iter(settings))}.*Retrain"):
        JointModel.load(folder)


def test_a_setting_that_an_earlier_version_did_not_have_is_its_default(folder: Path) -> None:
    as_if_saved(folder, lambda model: model["config"].pop("misaligned_entities"))
    assert JointModel.load(folder).config.misaligned_entities == "expand"


def test_one_changed_bit_of_the_weights_is_damage(folder: Path) -> None:
    content = bytearray((folder / WEIGHTS_FILE).read_bytes())
    content[-1] ^= 1
    (folder / WEIGHTS_FILE).write_bytes(content)
    with pytest.raises(ModelFileError, match=f"{WEIGHTS_FILE}' is damaged"):
        JointModel.load(folder)


def test_files_of_two_trainings_are_told_apart(folder: Path, tmp_path: Path) -> None:
    other = quick_model(random_seed=7)
    other.fit(toy_examples())
    other.save(tmp_path / "other")
    shutil.copy(tmp_path / "other" / WEIGHTS_FILE, folder / WEIGHTS_FILE)
    with pytest.raises(ModelFileError, match="not of the same model"):
        JointModel.load(folder)


def test_a_model_with_a_lone_surrogate_can_be_saved(tmp_path: Path) -> None:
    half = Example("hello \ud83d", (Token("hello", 0, 5), Token("\ud83d", 6, 7)), "greet")
    model = quick_model()
    model.fit([*toy_examples(), half])
    model.save(tmp_path)
    assert JointModel.load(tmp_path).predict([half]) == model.predict([half])


def test_answers_hold_numbers_to_compare(toy_model: JointModel) -> None:
    """The comparisons above compare something: answers with intents, entities and attention."""
    predictions = toy_model.predict(QUESTIONS)
    assert sum(len(prediction.entities) for prediction in predictions) > 10
    assert sum(flat(prediction).size for prediction in predictions) > 100
