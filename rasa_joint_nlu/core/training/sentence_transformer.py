"""A folder of a sentence transformer, as others write it → one that `SentenceEncoder` reads.

A BERT's weights (`model.safetensors`) become a graph for ONNX Runtime. Its table of pieces stays
outside of the graph, where it stays in bytes: the runtime would keep all of it in single precision.
What is there as ONNX is taken as it is.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from safetensors.numpy import save_file

from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.sentence_encoder import (
    DESCRIPTION_FILE,
    EMBEDDINGS_FILE,
    GRAPH_FILE,
    INSTALL,
    POOLINGS,
    TOKENIZER_FILE,
)
from rasa_joint_nlu.core.training.bert import KINDS, Bert

WEIGHTS_FILE = "model.safetensors"
ONNX_FILES = ("model.onnx", "onnx/model.onnx")
OURS = (DESCRIPTION_FILE, GRAPH_FILE, EMBEDDINGS_FILE, TOKENIZER_FILE)
"""What a converted folder has."""
_MODULES = {
    "Transformer": "transformer",
    "Pooling": "pooling",
    "Normalize": "normalize",
}


def convert(source: Path, target: Path) -> None:
    """Write what a sentence encoder needs of a folder into another one.

    What `core.training.student` wrote has all of that already, and nothing else.

    Raises:
        DataError: if the folder is missing, or of another kind.
    """
    if not source.is_dir():
        raise DataError(f"There is no folder '{source}'. {KINDS}")
    if not (source / TOKENIZER_FILE).is_file():
        raise DataError(f"'{source}' has no '{TOKENIZER_FILE}'. {KINDS}")
    if (source / DESCRIPTION_FILE).is_file():
        for name in OURS:
            if (source / name).is_file():
                shutil.copyfile(source / name, target / name)
        return
    config = _json(source / "config.json")
    described = _described(source, config)
    shutil.copyfile(source / TOKENIZER_FILE, target / TOKENIZER_FILE)
    if (source / WEIGHTS_FILE).is_file() and config.get("model_type") == "bert":
        bert = Bert(source / WEIGHTS_FILE, config)
        save_file(bert.embeddings(), str(target / EMBEDDINGS_FILE))
        try:
            (target / GRAPH_FILE).write_bytes(bert.graph(bert.highest()))
        except ModuleNotFoundError as error:
            raise DataError(f"To read '{source}' takes the package 'onnx': {INSTALL}.") from error
    else:
        shutil.copyfile(_onnx_of(source, config), target / GRAPH_FILE)
    (target / DESCRIPTION_FILE).write_text(json.dumps(described), encoding="utf-8")


def files_of(source: Path) -> List[Path]:
    """The files of a folder that `convert` reads, as far as they are there."""
    names = [*OURS, "config.json", "modules.json", "sentence_bert_config.json"]
    names += ["config_sentence_transformers.json", WEIGHTS_FILE, *ONNX_FILES]
    found = [source / name for name in names]
    return [path for path in [*found, *sorted(source.glob("*/config.json"))] if path.is_file()]


def _onnx_of(source: Path, config: Mapping[str, Any]) -> Path:
    for name in ONNX_FILES:
        if (source / name).is_file():
            return source / name
    kind = config.get("model_type")
    raise DataError(
        f"'{source}' has a model of the type '{kind}' and no ONNX. {KINDS}"
        if (source / WEIGHTS_FILE).is_file()
        else f"'{source}' has neither '{WEIGHTS_FILE}' nor '{ONNX_FILES[0]}'. {KINDS}"
    )


def _described(source: Path, config: Mapping[str, Any]) -> Dict[str, Any]:
    """What the folder's files say of texts, and of what becomes of the hidden states."""
    pooling, is_normalized = ["mean"], False
    if (source / "modules.json").is_file():
        kinds = {}
        for module in _json(source / "modules.json"):
            name = str(module.get("type", "")).rpartition(".")[2]
            if name not in _MODULES:
                raise DataError(
                    f"'{source / 'modules.json'}' names a module '{name}', which is not read; "
                    f"those that are: {', '.join(_MODULES)}."
                )
            kinds[_MODULES[name]] = source / module.get("path", "")
        if "pooling" in kinds:
            pooling = _poolings(kinds["pooling"] / "config.json")
        is_normalized = "normalize" in kinds
    of_texts = _json(source / "sentence_bert_config.json", {})
    prompts = _json(source / "config_sentence_transformers.json", {})
    places = config.get("max_position_embeddings") or 512
    return {
        "max_length": min(of_texts.get("max_seq_length") or places, places),
        "lowercase": bool(of_texts.get("do_lower_case")),
        "prompt": (prompts.get("prompts") or {}).get(prompts.get("default_prompt_name")) or "",
        "pooling": pooling,
        "normalize": is_normalized,
    }


def _poolings(path: Path) -> List[str]:
    """Which ways of pooling a folder's file asks for; the newest say it by name."""
    config = _json(path)
    named = config.get("pooling_mode")
    asked = [named] if isinstance(named, str) else list(named or ())
    before = "pooling_mode_"
    asked += [
        key[len(before) :] for key, on in config.items() if key.startswith(before) and on is True
    ]
    asked = [name.replace("_tokens", "").replace("_token", "") for name in asked]
    if not asked or not set(asked) <= set(POOLINGS):
        raise DataError(
            f"'{path}' asks for the pooling {', '.join(asked) or 'of nothing'}; "
            f"what can be done: {', '.join(POOLINGS)}."
        )
    # Several are put one after the other, in this order.
    return [name for name in POOLINGS if name in asked]


def _json(path: Path, default: Optional[Any] = None) -> Any:
    if default is not None and not path.is_file():
        return default
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise DataError(f"'{path}' cannot be read: {error.strerror}. {KINDS}") from error
    except ValueError as error:
        raise DataError(f"'{path}' is no JSON ({error}). {KINDS}") from error
