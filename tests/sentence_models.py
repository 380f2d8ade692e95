"""Tiny sentence transformers, made for a test, in the files that real ones have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Sequence

import numpy as np
from safetensors.numpy import save_file

LAYERS, SIZE, INNER, HEADS, PLACES = 2, 16, 24, 4, 40
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz"]
PIECES += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
PIECES += ["hello", "flight", "to", "rome", "os", "##lo", "?"]


def make_bert(folder: Path, **config: Any) -> Dict[str, Any]:
    """Write the folder of a sentence transformer; its weights by name."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    weights: Dict[str, Any] = {}

    def draw(name: str, *shape: int) -> None:
        weights[name] = rng.normal(0, 0.4, shape).astype(np.float32)

    draw("embeddings.word_embeddings.weight", len(PIECES), SIZE)
    draw("embeddings.position_embeddings.weight", PLACES, SIZE)
    draw("embeddings.token_type_embeddings.weight", 2, SIZE)
    for part in ("weight", "bias"):
        draw(f"embeddings.LayerNorm.{part}", SIZE)
    for layer in (f"encoder.layer.{number}." for number in range(LAYERS)):
        for name, out, size in (
            ("attention.self.query", SIZE, SIZE),
            ("attention.self.key", SIZE, SIZE),
            ("attention.self.value", SIZE, SIZE),
            ("attention.output.dense", SIZE, SIZE),
            ("intermediate.dense", INNER, SIZE),
            ("output.dense", SIZE, INNER),
        ):
            draw(f"{layer}{name}.weight", out, size)
            draw(f"{layer}{name}.bias", out)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            draw(f"{layer}{name}.weight", SIZE)
            draw(f"{layer}{name}.bias", SIZE)
    save_file(weights, str(folder / "model.safetensors"))
    described = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": SIZE,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "max_position_embeddings": PLACES,
        "layer_norm_eps": 1e-6,
        **config,
    }
    (folder / "config.json").write_text(json.dumps(described))
    make_tokenizer(folder)
    describe(folder)
    return weights


def make_tokenizer(folder: Path) -> None:
    """Write the file of a tokenizer, which asks for as much padding as that of a real model."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    vocabulary = {piece: number for number, piece in enumerate(PIECES)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_padding(length=32)
    tokenizer.save(str(folder / "tokenizer.json"))


def describe(folder: Path, normalize: bool = True, **pooling: Any) -> None:
    """Write the files that say what becomes of the hidden states."""
    kinds = ["Transformer", "Pooling", *(["Normalize"] if normalize else [])]
    modules = [
        {
            "idx": number,
            "name": str(number),
            "path": f"{number}_{kind}" if number else "",
            "type": f"sentence_transformers.models.{kind}",
        }
        for number, kind in enumerate(kinds)
    ]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir(exist_ok=True)
    asked = pooling or {"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    content = {"word_embedding_dimension": SIZE, **asked}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(content))


def make_onnx(folder: Path, inputs: Sequence[str] = ("input_ids", "attention_mask")) -> Any:
    """Write a folder with a model in ONNX, whose hidden states are rows of the table returned."""
    from onnx import TensorProto, helper, numpy_helper

    folder.mkdir(parents=True, exist_ok=True)
    table = np.random.default_rng(2).normal(size=(len(PIECES), 8)).astype(np.float32)
    nodes: List[Any] = [helper.make_node("Gather", ["table", inputs[0]], ["last_hidden_state"])]
    graph = helper.make_graph(
        nodes,
        "table",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "t"]) for name in inputs],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["b", "t", 8])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    (folder / "config.json").write_text(json.dumps({"model_type": "mpnet"}))
    make_tokenizer(folder)
    return table
