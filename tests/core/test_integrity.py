"""A model that loads, answers: whatever is forged, with right checksums, is an error of ours."""

from __future__ import annotations

import copy
import json
import zlib
from pathlib import Path
from typing import Any, Callable, Dict, Tuple

import numpy as np
import pytest
from helpers import quick_model, toy_examples, with_features
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as dump_tensors

from rasa_joint_nlu.core import Example, JointModel, ModelFileError
from rasa_joint_nlu.core.description import MODEL_FILE, WEIGHTS_FILE

QUESTIONS = with_features(toy_examples()[:3], seed=9)

Forge = Callable[[Dict[str, Any], Dict[str, Any]], Any]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Tuple[Path, Dict[str, Any], bytes]:
    """A folder, and what a model with features is stored as."""
    folder = tmp_path_factory.mktemp("stored")
    model = quick_model()
    model.fit(with_features(toy_examples()))
    model.save(folder)
    return (
        folder,
        json.loads((folder / MODEL_FILE).read_text("utf-8")),
        (folder / WEIGHTS_FILE).read_bytes(),
    )


def load_forged(files: Any, forge: Forge) -> JointModel:
    """Load what is forged, under checksums that are right."""
    folder, content, tensors = copy.deepcopy(files)
    arrays = load_tensors(tensors)
    forge(content["model"], arrays)
    tensors = dump_tensors({name: np.ascontiguousarray(a) for name, a in arrays.items()})
    content["model"]["weights_checksum"] = zlib.crc32(tensors)
    model = json.dumps(content["model"], ensure_ascii=False).encode("utf-8", "surrogatepass")
    content["checksum"] = zlib.crc32(model)
    (folder / MODEL_FILE).write_text(json.dumps(content), "utf-8")
    (folder / WEIGHTS_FILE).write_bytes(tensors)
    return JointModel.load(folder)


def test_what_is_not_changed_loads_and_answers(files: Any) -> None:
    assert all(p.intents for p in load_forged(files, lambda *_: None).predict(QUESTIONS))


def setting(path: str, value: Any) -> Forge:
    def forge(model: Dict[str, Any], _: Any) -> None:
        *parents, name = path.split(".")
        for parent in parents:
            model = model[int(parent) if isinstance(model, list) else parent]
        model[int(name) if isinstance(model, list) else name] = value

    return forge


DESCRIPTIONS = [
    ("words", None),
    ("words", ["a", "a"]),
    ("words", [1]),
    ("dictionary", [["x"]]),
    ("labels", []),
    ("labels.intents", ["only one"]),
    ("labels.types", ["city"]),
    ("labels.type_roles", [[9]] * 4),
    ("labels.type_roles.0", [-1]),
    ("labels.type_groups.0", []),
    ("labels.colours", []),
    ("features.0.level", "paragraph"),
    ("features.0.size", -1),
    ("features.0.size", 10**12),
    ("features.0.name", None),
    ("features", [{}]),
    ("scope.weights", [0.0, 1.0]),
    ("scope.weights.0", 1e300),
    ("scope.weights.0", None),
    ("scope.doubt", 0.5),
    ("scope.doubt", "1"),
    ("scope", {"vouching": []}),
    ("config.token_size", 9),
    ("config.entity_recognition", False),
    ("config.BILOU_flag", False),
    ("config", 3),
]


@pytest.mark.parametrize(("path", "value"), DESCRIPTIONS)
def test_a_forged_description_is_refused_at_load(files: Any, path: str, value: Any) -> None:
    with pytest.raises(ModelFileError, match=r"Train the model again|Retrain the model"):
        load_forged(files, setting(path, value))


NAMES = [
    "word_embedding",
    "word_embedding.units",
    "lstm.weight_hh",
    "crf.start",
    "crf.inner",
    "emission.weight",
    "intent.bias",
    "affinity",
    "ngrams",
    "in_scope",
    "features.0",
    "role.weight",
    "type_role",
    "words_weight",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("change", ["gone", "longer", "flat", "type", "number"])
def test_a_forged_weight_is_refused_at_load(files: Any, name: str, change: str) -> None:
    def forge(_: Any, arrays: Dict[str, Any]) -> None:
        array = arrays.pop(name)
        if change == "longer":
            arrays[name] = np.concatenate([array, array])
        elif change == "flat":
            arrays[name] = array.reshape(1, 1, -1)
        elif change == "type":
            arrays[name] = array.astype(np.float64)
        elif change == "number":
            is_float = array.dtype.kind == "f"
            arrays[name] = array * np.nan if is_float else array[:-1].astype(np.int64)

    with pytest.raises(ModelFileError, match="Train the model again"):
        load_forged(files, forge)


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_model_that_loads_answers(files: Any, data: st.DataObject) -> None:
    """Numbers anywhere in the weights, however odd: an error of ours, or answers in order."""

    def forge(_: Any, arrays: Dict[str, Any]) -> None:
        array = arrays[data.draw(st.sampled_from(sorted(arrays)))]
        raw = array.view(np.uint8).reshape(-1)
        for _ in range(data.draw(st.integers(1, 20))):
            raw[data.draw(st.integers(0, raw.size - 1))] = data.draw(st.integers(0, 255))

    try:
        model = load_forged(files, forge)
    except ModelFileError:
        return
    for prediction in model.predict(QUESTIONS):
        shares = [score.confidence for score in prediction.intents]
        assert shares == sorted(shares, reverse=True) and 0 <= sum(shares) <= 1 + 1e-5
        assert all(0 <= entity.confidence <= 1 for entity in prediction.entities)


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"format_version": 6, "model": ' + "[" * 900 + "]" * 900 + ', "checksum": 0}',
        '{"format_version": "distinctive"}',
        '{"format_version": 6, "model": {"words": ["distinctive"]}, "checksum": 1}',
        '{"format_version": 6, "distinctive": ',
        '{"format_version": 6, "model": "distinctive", "checksum": 2}',
    ],
)
def test_a_description_of_anything_is_damaged_and_is_not_told(files: Any, content: str) -> None:
    folder, _, tensors = files
    (folder / WEIGHTS_FILE).write_bytes(tensors)
    (folder / MODEL_FILE).write_text(content, "utf-8")
    with pytest.raises(ModelFileError, match=r"is damaged.*Train the model again") as caught:
        JointModel.load(folder)
    assert "distinctive" not in str(caught.value) and len(str(caught.value)) < 400


@pytest.fixture(scope="module")
def files_with_vectors(tmp_path_factory: pytest.TempPathFactory) -> Tuple[Path, Any, bytes]:
    folder = tmp_path_factory.mktemp("vectors")
    (folder / "vectors.vec").write_text("rome 1 2\noslo 3 4\nunmet 0 1\n")
    model = quick_model(pretrained_embeddings=str(folder / "vectors.vec"))
    model.fit(toy_examples())
    model.save(folder)
    content = json.loads((folder / MODEL_FILE).read_text("utf-8"))
    return folder, content, (folder / WEIGHTS_FILE).read_bytes()


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("pretrained", np.zeros((3, 3), np.int8)),
        ("pretrained", np.zeros((2, 2), np.int8)),
        ("pretrained", np.zeros((3, 2), np.float32)),
        ("pretrained", np.zeros(3, np.int8)),
        ("pretrained.units", np.full((3, 1), np.nan, np.float16)),
        ("pretrained.units", np.ones((3, 2), np.float16)),
        ("vector_words", np.array([1, 1, 2], np.uint64)),
        ("vector_words", np.array([1, 2, 3], np.uint32)),
        ("mean_votes", np.zeros((3, 4), np.float16)),
        ("pretrained_projection", np.zeros((2, 3), np.float16)),
    ],
)
def test_forged_vectors_are_refused_at_load(files_with_vectors: Any, name: str, array: Any) -> None:
    load_forged(files_with_vectors, lambda *_: None)
    with pytest.raises(ModelFileError, match="Train the model again"):
        load_forged(files_with_vectors, lambda _, arrays: arrays.update({name: array}))


def test_before_format_11_vectors_voted_in_a_sum(files_with_vectors: Any) -> None:
    def most_votes(text: str, each: float) -> float:
        def of_before(_: Any, arrays: Any) -> None:
            arrays["vector_votes"] = np.full_like(arrays.pop("mean_votes"), each)

        predictor = load_forged(files_with_vectors, of_before)._trained_predictor()
        batch = predictor.learnt.encoder.batch([Example.from_text(text)])
        votes = predictor.runtime.forward(batch).votes
        assert votes is not None
        return float(votes[0])

    added = [most_votes(text, 1) - most_votes(text, 0) for text in ("rome", "rome rome")]
    assert added[0] > 0.1 and added[1] == pytest.approx(2 * added[0])


@pytest.mark.parametrize("name", ["pretrained.units", "vector_words", "mean_votes", "pretrained"])
def test_missing_parts_of_vectors_are_refused_at_load(files_with_vectors: Any, name: str) -> None:
    with pytest.raises(ModelFileError, match="Train the model again"):
        load_forged(files_with_vectors, lambda _, arrays: arrays.pop(name))
