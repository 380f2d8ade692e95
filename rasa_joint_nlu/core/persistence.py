"""A folder on disk ↔ a model: JSON for what it knows, safetensors for what it weighs."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import textwrap
import zlib
from pathlib import Path
from typing import Any, Dict

import numpy as np
from safetensors import SafetensorError  # type: ignore[attr-defined]
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as dump_tensors

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.description import MODEL_FILE, WEIGHTS_FILE, content_of, description
from rasa_joint_nlu.core.errors import ConfigError, ModelFileError
from rasa_joint_nlu.core.files import write_whole
from rasa_joint_nlu.core.integrity import DamageError, learnt_of
from rasa_joint_nlu.core.learnt import Learnt
from rasa_joint_nlu.core.precision import PRETRAINED, UNITS, stored
from rasa_joint_nlu.core.serving.scope import Scope

_NEW_WEIGHTS_FILE = WEIGHTS_FILE + ".new"
_LONGEST_REASON = 300
HASHES = ("ngrams", "in_scope", "vector_words")
"""What of the weights' file are hashes of text, not weights."""

# Paths and habits of the machine that trained say nothing about the model.
_NOT_SAVED = (
    "pretrained_embeddings",
    "unlabelled_texts",
    "dictionary",
    "tensorboard_log_directory",
    "device",
)


def save(folder: Path, learnt: Learnt) -> None:
    """Write a model into a folder, over one that may be there; weights as `stored` has them.

    Whatever happens on the way, the folder has either the old model or the new one, whole; and
    who reads it meanwhile reads one of them. The new description replaces the old one in one step.
    The weights lie beside the old ones until then, and take their place afterwards.

    Raises:
        ModelFileError: if it cannot be written.
    """
    encoder, scope = learnt.encoder, learnt.scope
    arrays = {name: np.ascontiguousarray(array) for name, array in stored(learnt.weights).items()}
    arrays["ngrams"] = np.array(encoder.vocabulary.ngrams, np.uint32)
    if scope:
        arrays["in_scope"] = np.array(sorted(scope.known), np.uint32)
    if learnt.pretrained:
        pretrained = learnt.pretrained.in_bytes()
        arrays[PRETRAINED], arrays[PRETRAINED + UNITS] = pretrained.counts, pretrained.units
        arrays["vector_words"] = np.array(encoder.vocabulary.vectors.keys, np.uint64)
    tensors = dump_tensors(arrays)
    model = {
        "config": {k: v for k, v in learnt.config.to_dict().items() if k not in _NOT_SAVED},
        "words": encoder.vocabulary.words,
        "dictionary": sorted(encoder.vocabulary.dictionary),
        "vector_pieces": encoder.vocabulary.vectors.has_pieces,
        "labels": dataclasses.asdict(encoder.labels),
        "features": [dataclasses.asdict(spec) for spec in encoder.features],
        "scope": _without_known(scope) if scope else None,
        "about": dataclasses.asdict(learnt.about) if learnt.about else None,
        "weights_checksum": zlib.crc32(tensors),
    }
    weights, new_weights = folder / WEIGHTS_FILE, folder / _NEW_WEIGHTS_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _finish_save(folder)
        write_whole(new_weights, tensors)
        write_whole(folder / MODEL_FILE, content_of(model))
        os.replace(new_weights, weights)
    except OSError as error:
        raise ModelFileError(
            f"The model cannot be written into '{folder}' ({error.strerror}). It has what was "
            f"there before, or this one, whole. Make room, or name a folder that can be written."
        ) from error


def _finish_save(folder: Path) -> None:
    """Put weights into their place that a save left beside it after the new description."""
    new_weights = folder / _NEW_WEIGHTS_FILE
    if not new_weights.exists():
        return
    try:
        path = folder / MODEL_FILE
        checksum = description(path, _read(path))["weights_checksum"]
    except ModelFileError:
        return
    if zlib.crc32(new_weights.read_bytes()) == checksum:
        os.replace(new_weights, folder / WEIGHTS_FILE)


def load(folder: Path) -> Learnt:
    """Read what `save` wrote; nothing keeps the files open afterwards.

    Raises:
        ModelFileError: if a file is missing, damaged or of another format version.
    """
    path = folder / MODEL_FILE
    content = _read(path)
    while True:
        try:
            return _learnt(folder, description(path, content))
        except ModelFileError:
            # If the model was saved anew meanwhile, its weights are no longer those of before.
            before, content = content, _read(path)
            if content == before:
                raise


def _learnt(folder: Path, model: Dict[str, Any]) -> Learnt:
    arrays = _read_tensors(folder, model["weights_checksum"])
    try:
        return learnt_of(model, arrays)
    except ConfigError as error:
        reason = textwrap.shorten(str(error), _LONGEST_REASON, placeholder=" …")
        raise ModelFileError(
            f"'{folder / MODEL_FILE}' was written by another version: {reason} Retrain the model."
        ) from None
    except DamageError as damage:
        raise ModelFileError(
            f"The model in '{folder}' is damaged ({damage}). Train the model again."
        ) from None


def _without_known(scope: Scope) -> Dict[str, Any]:
    """What of a scope is no hash."""
    fields = ("vouching", "weights", "sharpness", "power", "doubt")
    return {name: getattr(scope, name) for name in fields}


def _read_tensors(folder: Path, checksum: int) -> Dict[str, Array]:
    """The weights of this checksum, in their place or, during a save, on their way to it."""
    path = folder / WEIGHTS_FILE
    for place in (path, folder / _NEW_WEIGHTS_FILE, path):
        if place == path or place.exists():
            with contextlib.suppress(ModelFileError):
                tensors = _read(place)
                if zlib.crc32(tensors) == checksum:
                    break
    else:
        _read(path)
        raise ModelFileError(
            f"'{path}' is damaged, or not of the same model as '{MODEL_FILE}' beside it. "
            f"Train the model again."
        )
    try:
        arrays: Dict[str, Array] = load_tensors(tensors)
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFileError(f"'{path}' is damaged. Train the model again.") from error
    return arrays


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelFileError(
            f"'{path}' cannot be read ({error.strerror}). The model is incomplete; train it again."
        ) from error
