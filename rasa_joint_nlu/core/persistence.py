"""A folder on disk ↔ a model: JSON for what it knows, safetensors for what it weighs."""

from __future__ import annotations

import dataclasses
import json
import zlib
from pathlib import Path
from typing import Any, Dict, Mapping

import numpy as np
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as dump_tensors

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.encoding import Encoder, FeatureSpec
from rasa_joint_nlu.core.errors import ConfigError, ModelFileError
from rasa_joint_nlu.core.learnt import Learnt
from rasa_joint_nlu.core.precision import restored, stored
from rasa_joint_nlu.core.serving.scope import Scope
from rasa_joint_nlu.core.tags import Labels, TagScheme
from rasa_joint_nlu.core.vocab import Vocabulary

FORMAT_VERSION = 6
MODEL_FILE = "joint_nlu.json"
WEIGHTS_FILE = "joint_nlu.safetensors"
HASHES = ("ngrams", "in_scope")
"""What of the weights' file are hashes of text, not weights."""

# Paths and habits of the machine that trained say nothing about the model.
_NOT_SAVED = ("pretrained_embeddings", "dictionary", "tensorboard_log_directory", "device")


def save(folder: Path, learnt: Learnt) -> None:
    """Write a model into a folder, over one that may be there; weights as `stored` has them."""
    encoder, scope = learnt.encoder, learnt.scope
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: np.ascontiguousarray(array) for name, array in stored(learnt.weights).items()}
    arrays["ngrams"] = np.array(encoder.vocabulary.ngrams, np.uint32)
    if scope:
        arrays["in_scope"] = np.array(sorted(scope.known), np.uint32)
    tensors = dump_tensors(arrays)
    model = {
        "config": {k: v for k, v in learnt.config.to_dict().items() if k not in _NOT_SAVED},
        "words": encoder.vocabulary.words,
        "dictionary": sorted(encoder.vocabulary.dictionary),
        "labels": dataclasses.asdict(encoder.labels),
        "features": [dataclasses.asdict(spec) for spec in encoder.features],
        "scope": {"vouching": scope.vouching, "weights": scope.weights} if scope else None,
        "weights_checksum": zlib.crc32(tensors),
    }
    content = {"format_version": FORMAT_VERSION, "checksum": _checksum(model), "model": model}
    (folder / MODEL_FILE).write_bytes(_json(content))
    (folder / WEIGHTS_FILE).write_bytes(tensors)


def load(folder: Path) -> Learnt:
    """Read what `save` wrote; nothing keeps the files open afterwards.

    Raises:
        ModelFileError: if a file is missing, damaged or of another format version.
    """
    model = _read_json(folder / MODEL_FILE)
    arrays = _read_tensors(folder / WEIGHTS_FILE, model["weights_checksum"])
    try:
        config = JointConfig.from_dict(model["config"])
    except ConfigError as error:
        raise ModelFileError(
            f"'{folder / MODEL_FILE}' was written by another version: {error} Retrain the model."
        ) from error
    vocabulary = Vocabulary(
        tuple(model["words"]),
        tuple(arrays.pop("ngrams").tolist()),
        frozenset(model["dictionary"]),
    )
    labels = Labels(**{name: _tuples(value) for name, value in model["labels"].items()})
    features = tuple(FeatureSpec(**spec) for spec in model["features"])
    encoder = Encoder(vocabulary, labels, TagScheme.named(config.BILOU_flag), features)
    scope = None
    if model["scope"]:
        known = frozenset(arrays.pop("in_scope").tolist())
        scope = Scope(known, **{name: tuple(value) for name, value in model["scope"].items()})
    return Learnt(config, encoder, restored(arrays), scope)


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _checksum(model: Mapping[str, Any]) -> int:
    return zlib.crc32(_json(model))


def _read_json(path: Path) -> Dict[str, Any]:
    """The model's part of the file, if it is as it was written."""
    try:
        content = json.loads(_read(path))
        version = content["format_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"'{path}' is damaged ({error!r}). Train the model again.") from error
    if version != FORMAT_VERSION:
        raise ModelFileError(
            f"'{path}' has format version {version}; this version of rasa_joint_nlu reads "
            f"version {FORMAT_VERSION}. Retrain the model, or install the version that wrote it."
        )
    model: Dict[str, Any] = content.get("model", {})
    if content.get("checksum") != _checksum(model):
        raise ModelFileError(f"'{path}' is damaged (its checksum). Train the model again.")
    return model


def _read_tensors(path: Path, checksum: int) -> Dict[str, Array]:
    tensors = _read(path)
    if zlib.crc32(tensors) != checksum:
        raise ModelFileError(
            f"'{path}' is damaged, or not of the same model as '{MODEL_FILE}' beside it. "
            f"Train the model again."
        )
    arrays: Dict[str, Array] = load_tensors(tensors)
    return arrays


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelFileError(
            f"'{path}' cannot be read ({error.strerror}). The model is incomplete; train it again."
        ) from error


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
