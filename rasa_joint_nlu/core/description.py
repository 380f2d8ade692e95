"""A model's JSON file: what it says of the model, without NumPy and without its weights."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any, Dict, Mapping

from rasa_joint_nlu.core.errors import ModelFileError

FORMAT_VERSION = 11
_READ = (6, 7, 8, 9, 10, FORMAT_VERSION)
"""Before 7, a scope knew nothing of votes; before 8, only known words had vectors; before 9, an
upstream featurizer's vectors of texts had no votes; before 10, lone words were not counted; before
11, vectors of words voted in a sum, scope left all of its doubt in confidences, and capitals were
not counted."""
MODEL_FILE = "joint_nlu.json"
WEIGHTS_FILE = "joint_nlu.safetensors"


def content_of(model: Mapping[str, Any]) -> bytes:
    """The content of the file that says this of a model."""
    checksum = zlib.crc32(_json(model))
    return _json({"format_version": FORMAT_VERSION, "checksum": checksum, "model": model})


def description(path: Path, content: bytes) -> Dict[str, Any]:
    """What the content of the file says of a model.

    Args:
        path: of the file, for errors.

    Raises:
        ModelFileError: if it is not as it was written, or of another format version.
    """
    damaged = f"'{path}' is damaged ({{}}). Train the model again."
    try:
        written = json.loads(content)
        version, model = written["format_version"], written.get("model", {})
        checksum = zlib.crc32(_json(model))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # What it says is nobody's business but the model's: vocabulary is what people wrote.
        raise ModelFileError(damaged.format("it is not what was written")) from None
    if version not in _READ and (version is None or isinstance(version, int)):
        raise ModelFileError(
            f"'{path}' has format version {version}; this version of rasa_joint_nlu reads "
            f"version {FORMAT_VERSION}. Retrain the model, or install the version that wrote it."
        )
    if version not in _READ or written.get("checksum") != checksum:
        raise ModelFileError(damaged.format("its checksum"))
    if not isinstance(model, dict) or not isinstance(model.get("weights_checksum"), int):
        raise ModelFileError(damaged.format("its parts"))
    return model


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
