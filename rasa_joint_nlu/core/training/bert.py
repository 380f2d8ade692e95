"""A BERT's weights → a graph for ONNX Runtime that computes in bytes.

The graph is that of Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers for
Language Understanding", without padding, as messages of different lengths are never put together.
Its linear layers multiply bytes by bytes, which takes a third of the time that floats take:

- What comes of a layer normalization is of fixed units, and its numbers are first brought nearer to
  each other, as a few are much larger than others (Xiao et al. 2023, "SmoothQuant: Accurate and
  Efficient Post-Training Quantization for Large Language Models").
- What comes of an attention or an activation is brought to a highest of 1, piece by piece.

So a text's vectors do not depend on those beside it. Letters: `B`, `T`, `D` as in
`core.sentence_encoder`; `I` and `O` are the numbers that come into a linear layer, and out of it.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
from safetensors import SafetensorError  # type: ignore[attr-defined]
from safetensors.numpy import load_file

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.precision import UNITS, ByteTable
from rasa_joint_nlu.core.sentence_encoder import HIDDEN, OF_LAYERS, PIECES, PLACES, session_of

KINDS = (
    "It must be a folder of a sentence transformer: tokenizer.json, config.json, and either the "
    "model.safetensors of a BERT or a model.onnx."
)
ACTIVATIONS = ("gelu", "relu")
_OPSET, _IR = 17, 8
"""Versions of ONNX that every ONNX Runtime since 1.12 reads."""
_FLOAT = 1
"""ONNX's number for single precision."""
_NORMALIZED = ("attention.self.query", "intermediate.dense")
"""What reads the states of a layer normalization."""
_TEXTS, _LONGEST = 60, 16
"""So many texts of random pieces tell how large numbers become, of up to so many pieces."""
_SPARE = 1.2
"""How much larger than there they may be."""
_SHARE = 0.7
"""How much of the difference between numbers the weights take over, as a power."""
_LOWEST = 0.25
"""How far below zero an activation may be, where its highest is 1: GELU is never below -0.17."""
_LEAST = 1e-4
_ZERO, _BYTES = 128, 255


class Bert:
    """The weights of a BERT."""

    def __init__(self, path: Path, config: Mapping[str, Any]) -> None:
        """Read a `model.safetensors`.

        Raises:
            DataError: if it cannot be read, or is of another kind.
        """
        self.path, self.config = path, config
        try:
            arrays = load_file(str(path))
        except (SafetensorError, ValueError, KeyError, TypeError, OSError) as error:
            raise DataError(f"'{path}' cannot be read ({error}). {KINDS}") from error
        self._arrays = {name[name.startswith("bert.") and 5 :]: a for name, a in arrays.items()}
        wanted = config.get("hidden_act", "gelu"), config.get("position_embedding_type")
        if wanted[0] not in ACTIVATIONS or wanted[1] not in (None, "absolute"):
            raise DataError(
                f"'{path}' is of a BERT with {wanted[0]} and {wanted[1]} positions, which is not "
                f"read. A model.onnx beside it would be, without this file."
            )

    def weight(self, name: str) -> Array:
        """A weight in single precision."""
        if name not in self._arrays:
            raise DataError(f"'{self.path}' has no tensor '{name}', so it is no BERT. {KINDS}")
        return self._arrays[name].astype(np.float32)

    def weights(self) -> Dict[str, Array]:
        """All weights of the embeddings and of as many layers as the config names."""
        layers = [f"encoder.layer.{n}." for n in range(self.config["num_hidden_layers"])]
        names = [n for n in self._arrays if n.startswith(("embeddings.", *layers))]
        return {name: self.weight(name) for name in names}

    def embeddings(self) -> Dict[str, Array]:
        """The table of pieces in bytes, and of places, with what is added to all, in halves."""
        table = ByteTable.of(self.weight("embeddings.word_embeddings.weight"))
        return {PIECES: table.counts, PIECES + UNITS: table.units, PLACES: self._places()}

    def graph(self, highest: Optional[Mapping[str, Array]] = None) -> bytes:
        """The graph from the sums of messages' embeddings to their hidden states, `(B, T, D)`.

        Args:
            highest: what `highest` found; None = compute in single precision, and give what comes
                into each linear layer as well.
        """
        return _Graph(self, highest).content()

    def highest(self) -> Dict[str, Array]:
        """`(I,)` the highest absolute of each number that comes into each linear layer.

        Found with texts of random pieces. Their numbers are as large as those of real ones.
        """
        graph = _Graph(self, None)
        session = session_of(graph.content())
        values = list(dict.fromkeys(graph.inputs.values()))
        rng = np.random.default_rng(0)
        table, places = self.weight("embeddings.word_embeddings.weight"), self._places()
        found = {value: np.zeros(1, np.float32) for value in values}
        for length in rng.integers(3, min(_LONGEST, len(places)), _TEXTS):
            ids = rng.integers(0, len(table), length)
            given = {"embedded": (table[ids] + places[:length])[None]}
            for value, array in zip(values, session.run(values, given)):
                found[value] = np.maximum(found[value], np.abs(array[0]).max(axis=0))
        return {name: found[value] for name, value in graph.inputs.items()}

    def _places(self) -> Array:
        places = self.weight("embeddings.position_embeddings.weight")
        summed: Array = places + self.weight("embeddings.token_type_embeddings.weight")[0]
        return summed


class _Graph:
    """A graph in the making.

    inputs: what comes into each linear layer, by the layer's name.
    """

    def __init__(self, bert: Bert, highest: Optional[Mapping[str, Array]]) -> None:
        self._bert, self._config, self._highest = bert, bert.config, highest
        self._nodes: List[Any] = []
        self._constants: List[Any] = []
        self.inputs: Dict[str, str] = {}

    def content(self) -> bytes:
        """The file's content.

        The last layer of a sentence transformer is made for the mean of a text. Of words, those in
        the middle know more (Liu et al. 2019, "Linguistic Knowledge and Transferability of
        Contextual Representations"), so for tokens the directions of both are added.
        """
        from onnx import TensorProto, helper

        size = len(self._bert.weight("embeddings.LayerNorm.weight"))
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
        outputs: Dict[str, Optional[List[Any]]] = {HIDDEN: shape, OF_LAYERS: shape}
        if self._highest is None:
            outputs.update(dict.fromkeys(self.inputs.values()))
        model = helper.make_model(
            helper.make_graph(
                self._nodes,
                "bert",
                [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, shape)],
                [
                    helper.make_tensor_value_info(name, TensorProto.FLOAT, its_shape)
                    for name, its_shape in outputs.items()
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
        size = len(self._bert.weight(prefix + "query.bias"))
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
        # shape: (O, I)
        weight = np.concatenate(
            [self._bert.weight(f"{name}.weight") * factor for name, factor in zip(names, factors)]
        )
        bias = np.concatenate(
            [self._bert.weight(f"{name}.bias") * factor for name, factor in zip(names, factors)]
        )
        self.inputs[names[0]] = values
        if self._highest is None:
            product = self._add("MatMul", [values, self._constant(np.ascontiguousarray(weight.T))])
        elif names[0].endswith(_NORMALIZED):
            product = self._smoothed_product(values, weight, self._highest[names[0]])
        else:
            # Of these, a piece has numbers that are large together, or small.
            lowest = 1.0 if "attention" in names[0] else _LOWEST
            product = self._product_by_piece(values, weight, lowest)
        return self._add("Add", [product, self._constant(bias)])

    def _smoothed_product(self, values: str, weight: Array, highest: Array) -> str:
        """Of values in fixed units, the largest of which the weights have made smaller."""
        highest = np.maximum(highest, _LEAST)
        of_weights = np.maximum(np.abs(weight).max(axis=0), _LEAST)
        factors = highest**_SHARE / of_weights ** (1 - _SHARE)
        values = self._add("Mul", [values, self._constant((1 / factors).astype(np.float32))])
        most = _SPARE * float((highest / factors).max())
        return self._product(values, weight * factors, -most, most)

    def _product_by_piece(self, values: str, weight: Array, lowest: float) -> str:
        """Of values that are brought to a highest of 1, and a lowest of at least `-lowest`."""
        high = self._add("ReduceMax", [values], axes=[2], keepdims=1)
        low = self._add("ReduceMin", [values], axes=[2], keepdims=1)
        below = self._add("Mul", [low, self._number(-1 / lowest)])
        # What is zero everywhere stays so.
        units = self._add("Max", [high, below, self._number(_LEAST)])
        product = self._product(self._add("Div", [values, units]), weight, -lowest, 1.0)
        return self._add("Mul", [product, units])

    def _product(self, values: str, weight: Array, low: float, high: float) -> str:
        """Bytes by bytes, of values between two numbers.

        None of them has a sign: processors without an instruction for it (VNNI) would cut off what
        becomes of bytes that have one.
        """
        unit = (high - low) / _BYTES
        zero = self._constant(np.array(round(-low / unit), np.uint8))
        table = ByteTable.of(weight)
        counts = (table.counts.T.astype(np.int16) + _ZERO).astype(np.uint8)
        counted = self._add("QuantizeLinear", [values, self._number(unit), zero])
        zero_of_weights = self._constant(np.array(_ZERO, np.uint8))
        inputs = [counted, self._constant(np.ascontiguousarray(counts)), zero, zero_of_weights]
        whole = self._add("Cast", [self._add("MatMulInteger", inputs)], to=_FLOAT)
        units = self._constant(table.units[:, 0].astype(np.float32) * np.float32(unit))
        return self._add("Mul", [whole, units])

    def _normalized(self, values: str, name: str) -> str:
        inputs = [
            values,
            *(self._constant(self._bert.weight(f"{name}.{n}")) for n in ("weight", "bias")),
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
