"""A folder on disk ↔ a model: JSON for what it knows, safetensors for what it weighs."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, Dict, Mapping, Tuple

import numpy as np
from safetensors import SafetensorError  # type: ignore[attr-defined]
from safetensors.numpy import load, save_file

from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Array
from rasa_joint_nlu.core.encoding import Encoder, FeatureSpec
from rasa_joint_nlu.core.errors import ModelFileError
from rasa_joint_nlu.core.tags import TagScheme
from rasa_joint_nlu.core.vocab import Labels, Vocabulary

FORMAT_VERSION = 1
MODEL_FILE = "joint_nlu.json"
WEIGHTS_FILE = "joint_nlu.safetensors"

# Paths and habits of the machine that trained say nothing about the model.
_NOT_SAVED = ("pretrained_embeddings", "tensorboard_log_directory", "device")


def save(folder: Path, config: JointConfig, encoder: Encoder, weights: Mapping[str, Array]) -> None:
    """Write a model into a folder, over one that may be there."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "format_version": FORMAT_VERSION,
        "config": {k: v for k, v in config.to_dict().items() if k not in _NOT_SAVED},
        "words": encoder.vocabulary.words,
        "labels": dataclasses.asdict(encoder.labels),
        "features": [dataclasses.asdict(spec) for spec in encoder.features],
    }
    (folder / MODEL_FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    tensors = {name: np.ascontiguousarray(weight) for name, weight in weights.items()}
    tensors["ngrams"] = np.array(encoder.vocabulary.ngrams, np.uint32)
    save_file(tensors, str(folder / WEIGHTS_FILE))


def load_model(folder: Path) -> Tuple[JointConfig, Encoder, Dict[str, Array]]:
    """Read what `save` wrote; nothing keeps the files open afterwards.

    Raises:
        ModelFileError: if a file is missing, damaged or of another format version.
    """
    content = _read_json(folder / MODEL_FILE)
    tensors = _read_tensors(folder / WEIGHTS_FILE)
    try:
        config = JointConfig.from_dict(content["config"])
        vocabulary = Vocabulary(tuple(content["words"]), tuple(tensors.pop("ngrams").tolist()))
        labels = Labels(**{name: _tuples(value) for name, value in content["labels"].items()})
        features = tuple(FeatureSpec(**spec) for spec in content["features"])
        rows = len(vocabulary.words) + 1, len(vocabulary.ngrams)
        if rows != (len(tensors["word_embedding"]), len(tensors["ngram_embedding"])):
            raise ValueError("it does not fit the weights")
    except Exception as error:
        raise ModelFileError(
            f"'{folder / MODEL_FILE}' is damaged ({error!r}). Train the model again."
        ) from error
    return (
        config,
        Encoder(vocabulary, labels, TagScheme.named(config.BILOU_flag), features),
        tensors,
    )


def _read_json(path: Path) -> Dict[str, Any]:
    try:
        content: Dict[str, Any] = json.loads(_read(path))
        version = content["format_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"'{path}' is damaged ({error!r}). Train the model again.") from error
    if version != FORMAT_VERSION:
        raise ModelFileError(
            f"'{path}' has format version {version}; this version of rasa_joint_nlu reads "
            f"version {FORMAT_VERSION}. Retrain the model, or install the version that wrote it."
        )
    return content


def _read_tensors(path: Path) -> Dict[str, Array]:
    try:
        tensors: Dict[str, Array] = load(_read(path))
    except SafetensorError as error:
        raise ModelFileError(f"'{path}' is damaged ({error}). Train the model again.") from error
    return tensors


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelFileError(
            f"'{path}' cannot be read ({error.strerror}). The model is incomplete; train it again."
        ) from error


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
