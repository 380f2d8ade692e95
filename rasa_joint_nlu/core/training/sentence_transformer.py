"""A folder of a sentence transformer, as others write it → one that `SentenceEncoder` reads.

A BERT's weights (`model.safetensors`) become a graph for ONNX Runtime, a byte for each weight
of a layer. Its table of pieces stays outside of the graph, where it stays in bytes: the
runtime would keep all of it in single precision. What is there as ONNX is taken as it is.

The graph is that of Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers for
Language Understanding", without padding, as messages of different lengths are never put together.
"""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
from safetensors import SafetensorError  # type: ignore[attr-defined]
from safetensors.numpy import load_file, save_file

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.precision import UNITS, ByteTable
from rasa_joint_nlu.core.sentence_encoder import (
    DESCRIPTION_FILE,
    EMBEDDINGS_FILE,
    GRAPH_FILE,
    HIDDEN,
    INSTALL,
    OF_LAYERS,
    PIECES,
    PLACES,
    POOLINGS,
    TOKENIZER_FILE,
)

WEIGHTS_FILE = "model.safetensors"
ONNX_FILES = ("model.onnx", "onnx/model.onnx")
KINDS = (
    "It must be a folder of a sentence transformer: tokenizer.json, config.json, and either the "
    "model.safetensors of a BERT or a model.onnx."
)
_OPSET, _IR = 17, 8
"""Versions of ONNX that every ONNX Runtime since 1.12 reads."""
_FLOAT = 1
"""ONNX's number for single precision."""
_ACTIVATIONS = ("gelu", "relu")
_MODULES = {
    "Transformer": "transformer",
    "Pooling": "pooling",
    "Normalize": "normalize",
}


def convert(source: Path, target: Path) -> None:
    """Write what a sentence encoder needs of a folder into another one.

    Raises:
        DataError: if the folder is missing, or of another kind.
    """
    if not source.is_dir():
        raise DataError(f"There is no folder '{source}'. {KINDS}")
    if not (source / TOKENIZER_FILE).is_file():
        raise DataError(f"'{source}' has no '{TOKENIZER_FILE}'. {KINDS}")
    config = _json(source / "config.json")
    described = _described(source, config)
    shutil.copyfile(source / TOKENIZER_FILE, target / TOKENIZER_FILE)
    if (source / WEIGHTS_FILE).is_file() and config.get("model_type") == "bert":
        bert = _Bert(source / WEIGHTS_FILE, config)
        save_file(bert.embeddings(), str(target / EMBEDDINGS_FILE))
        try:
            (target / GRAPH_FILE).write_bytes(bert.graph())
        except ModuleNotFoundError as error:
            raise DataError(f"To read '{source}' takes the package 'onnx': {INSTALL}.") from error
    else:
        shutil.copyfile(_onnx_of(source, config), target / GRAPH_FILE)
    (target / DESCRIPTION_FILE).write_text(json.dumps(described), encoding="utf-8")


def files_of(source: Path) -> List[Path]:
    """The files of a folder that `convert` reads, as far as they are there."""
    names = [TOKENIZER_FILE, "config.json", "modules.json", "sentence_bert_config.json"]
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


class _Bert:
    """A BERT's weights, and the graph that they make."""

    def __init__(self, path: Path, config: Mapping[str, Any]) -> None:
        self._path, self._config = path, config
        try:
            arrays = load_file(str(path))
        except (SafetensorError, ValueError, KeyError, TypeError, OSError) as error:
            raise DataError(f"'{path}' cannot be read ({error}). {KINDS}") from error
        self._arrays = {name[name.startswith("bert.") and 5 :]: a for name, a in arrays.items()}
        wanted = config.get("hidden_act", "gelu"), config.get("position_embedding_type")
        if wanted[0] not in _ACTIVATIONS or wanted[1] not in (None, "absolute"):
            raise DataError(
                f"'{path}' is of a BERT with {wanted[0]} and {wanted[1]} positions, which is not "
                f"read. A model.onnx beside it would be, without this file."
            )
        self._nodes: List[Any] = []
        self._constants: List[Any] = []

    def _weight(self, name: str) -> Array:
        """A weight in single precision."""
        if name not in self._arrays:
            raise DataError(f"'{self._path}' has no tensor '{name}', so it is no BERT. {KINDS}")
        return self._arrays[name].astype(np.float32)

    def embeddings(self) -> Dict[str, Array]:
        """The table of pieces in bytes, and of places, with what is added to all, in halves."""
        table = ByteTable.of(self._weight("embeddings.word_embeddings.weight"))
        places = self._weight("embeddings.position_embeddings.weight")
        places = places + self._weight("embeddings.token_type_embeddings.weight")[0]
        return {PIECES: table.counts, PIECES + UNITS: table.units, PLACES: places}

    def graph(self) -> bytes:
        """The graph from the sum of a message's embeddings to its hidden states, `(B, T, D)`.

        The last layer of a sentence transformer is made for the mean of a text. Of words, those in
        the middle know more (Liu et al. 2019, "Linguistic Knowledge and Transferability of
        Contextual Representations"), so for tokens the directions of both are added.
        """
        from onnx import TensorProto, helper

        size = len(self._weight("embeddings.LayerNorm.weight"))
        states = [self._normalized("embedded", "embeddings.LayerNorm")]
        for number in range(self._config["num_hidden_layers"]):
            states.append(self._layer(states[-1], f"encoder.layer.{number}."))
        self._add("Identity", [states[-1]], HIDDEN)
        middle, last = (
            self._add("LpNormalization", [chosen], axis=-1, p=2)
            for chosen in (states[len(states) // 2], states[-1])
        )
        self._add("Add", [middle, last], OF_LAYERS)
        shape = ["B", "T", size]
        model = helper.make_model(
            helper.make_graph(
                self._nodes,
                "bert",
                [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, shape)],
                [
                    helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                    for name in (HIDDEN, OF_LAYERS)
                ],
                self._constants,
            ),
            opset_imports=[helper.make_opsetid("", _OPSET)],
            ir_version=_IR,
        )
        content: bytes = model.SerializeToString()
        return content

    def _layer(self, states: str, layer: str) -> str:
        attended = self._attended(states, layer + "attention.self.")
        mixed = self._linear(attended, [layer + "attention.output.dense"])
        states = self._normalized(
            self._add("Add", [mixed, states]), layer + "attention.output.LayerNorm"
        )
        inner = self._activated(self._linear(states, [layer + "intermediate.dense"]))
        outer = self._linear(inner, [layer + "output.dense"])
        return self._normalized(self._add("Add", [outer, states]), layer + "output.LayerNorm")

    def _attended(self, states: str, prefix: str) -> str:
        heads = self._config["num_attention_heads"]
        size = len(self._weight(prefix + "query.bias"))
        factors = (1 / math.sqrt(size // heads), 1.0, 1.0)
        names = [prefix + name for name in ("query", "key", "value")]
        together = self._linear(states, names, factors)
        split = [f"{prefix}{name}.part" for name in "qkv"]
        self._nodes.append(_node("Split", [together], split, axis=2))
        shape = self._constant(np.array([0, 0, heads, size // heads], np.int64))
        query, key, value = (
            self._add("Transpose", [self._add("Reshape", [part, shape])], perm=perm)
            for part, perm in zip(split, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]))
        )
        weights = self._add("Softmax", [self._add("MatMul", [query, key])], axis=-1)
        attended = self._add("MatMul", [weights, value])
        by_token = self._add("Transpose", [attended], perm=[0, 2, 1, 3])
        return self._add("Reshape", [by_token, self._constant(np.array([0, 0, size], np.int64))])

    def _activated(self, values: str) -> str:
        if self._config.get("hidden_act", "gelu") == "relu":
            return self._add("Relu", [values])
        # Hendrycks & Gimpel 2016, "Gaussian Error Linear Units".
        one, half, root = (self._number(number) for number in (1.0, 0.5, math.sqrt(2)))
        error = self._add("Erf", [self._add("Div", [values, root])])
        return self._add("Mul", [self._add("Mul", [values, self._add("Add", [error, one])]), half])

    def _linear(self, values: str, names: Sequence[str], factors: Sequence[float] = (1.0,)) -> str:
        """Linear layers side by side, each times a factor."""
        weight = np.concatenate(
            [self._weight(f"{name}.weight") * factor for name, factor in zip(names, factors)]
        )
        bias = np.concatenate(
            [self._weight(f"{name}.bias") * factor for name, factor in zip(names, factors)]
        )
        table = ByteTable.of(weight)
        # The runtime does this when it loads. DequantizeLinear it would do for each message anew.
        counts = self._constant(np.ascontiguousarray(table.counts.T))
        units = self._constant(table.units[:, 0].astype(np.float32))
        whole = self._add("Mul", [self._add("Cast", [counts], to=_FLOAT), units])
        return self._add("Add", [self._add("MatMul", [values, whole]), self._constant(bias)])

    def _normalized(self, values: str, name: str) -> str:
        inputs = [
            values,
            *(self._constant(self._weight(f"{name}.{n}")) for n in ("weight", "bias")),
        ]
        epsilon = self._config.get("layer_norm_eps", 1e-12)
        return self._add("LayerNormalization", inputs, axis=-1, epsilon=epsilon)

    def _number(self, value: float) -> str:
        return self._constant(np.array(value, np.float32))

    def _constant(self, array: Array) -> str:
        from onnx import numpy_helper

        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def _add(self, kind: str, inputs: Sequence[str], output: str = "", **options: Any) -> str:
        output = output or f"node_{len(self._nodes)}"
        self._nodes.append(_node(kind, inputs, [output], **options))
        return output


def _node(kind: str, inputs: Sequence[str], outputs: Sequence[str], **options: Any) -> Any:
    from onnx import helper

    return helper.make_node(kind, list(inputs), list(outputs), **options)
