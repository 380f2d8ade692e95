"""Sentence transformers: their files, their vectors, and those of tokens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
import pytest
import torch
from sentence_models import HEADS, INNER, LAYERS, PIECES, SIZE, describe, make_bert, make_onnx

from rasa_joint_nlu.core import Example, segment
from rasa_joint_nlu.core.errors import DataError, ModelFileError
from rasa_joint_nlu.core.precision import ByteTable
from rasa_joint_nlu.core.sentence_encoder import GRAPH_FILE, SentenceEncoder
from rasa_joint_nlu.core.text.segment import Token
from rasa_joint_nlu.core.training.bert import Bert
from rasa_joint_nlu.core.training.sentence_transformer import convert, files_of


def converted(source: Path, target: Path) -> SentenceEncoder:
    target.mkdir()
    convert(source, target)
    return SentenceEncoder(target)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Tuple[SentenceEncoder, Dict[str, Any]]:
    """An encoder in single precision, and the weights of the model that it was made of."""
    folder = tmp_path_factory.mktemp("bert")
    weights = make_bert(folder / "source")
    converted(folder / "source", folder / "made")
    return precise(folder / "source", folder / "made"), weights


def precise(source: Path, made: Path) -> SentenceEncoder:
    """What was made of a BERT, with a graph in single precision."""
    config = json.loads((source / "config.json").read_text())
    (made / GRAPH_FILE).write_bytes(Bert(source / "model.safetensors", config).graph())
    return SentenceEncoder(made)


def states_by_torch(weights: Dict[str, Any], ids: Sequence[int]) -> Tuple[Any, Any]:
    """`(T, D)` states for texts and for tokens, by torch; the table of pieces is in bytes."""
    table = "embeddings.word_embeddings.weight"
    w = {name: torch.from_numpy(array) for name, array in weights.items()}
    w[table] = torch.from_numpy(ByteTable.of(weights[table]).whole())
    embedded = w["embeddings.word_embeddings.weight"][list(ids)]
    embedded = embedded + w["embeddings.position_embeddings.weight"][: len(ids)]
    embedded = embedded + w["embeddings.token_type_embeddings.weight"][0]
    scale, shift = w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"]
    states = torch.nn.functional.layer_norm(embedded, (SIZE,), scale, shift, 1e-6)[None]
    of_layers = []
    for number in range(LAYERS):
        layer = torch.nn.TransformerEncoderLayer(
            SIZE, HEADS, INNER, 0.0, "gelu", layer_norm_eps=1e-6, batch_first=True
        )
        mine = {n.split(f"layer.{number}.")[1]: a for n, a in w.items() if f"layer.{number}." in n}
        attention = [mine[f"attention.self.{name}.weight"] for name in ("query", "key", "value")]
        biases = [mine[f"attention.self.{name}.bias"] for name in ("query", "key", "value")]
        named = {
            "self_attn.in_proj_weight": torch.cat(attention),
            "self_attn.in_proj_bias": torch.cat(biases),
        }
        for ours, theirs in (
            ("self_attn.out_proj", "attention.output.dense"),
            ("linear1", "intermediate.dense"),
            ("linear2", "output.dense"),
            ("norm1", "attention.output.LayerNorm"),
            ("norm2", "output.LayerNorm"),
        ):
            named[f"{ours}.weight"] = mine[f"{theirs}.weight"]
            named[f"{ours}.bias"] = mine[f"{theirs}.bias"]
        layer.load_state_dict(named)
        states = layer.eval()(states)
        of_layers.append(states[0].detach().numpy())
    middle, last = (a / np.linalg.norm(a, axis=1, keepdims=True) for a in of_layers[-2:])
    return of_layers[-1], middle + last


def ids_of(*pieces: str) -> List[int]:
    return [PIECES.index(piece) for piece in ("[CLS]", *pieces, "[SEP]")]


# Vectors --------------------------------------------------------------------------------------


def test_texts_and_tokens_have_the_vectors_that_torch_computes(
    bert: Tuple[SentenceEncoder, Dict[str, Any]],
) -> None:
    encoder, weights = bert
    states, of_tokens = states_by_torch(weights, ids_of("flight", "to", "os", "##lo", "?"))
    (found,) = encoder.encode(["Flight to Oslo?"], [segment("Flight to Oslo?")])
    mean = states.mean(0)
    np.testing.assert_allclose(found.text[0], mean / np.linalg.norm(mean), atol=2e-5)
    wanted = [*of_tokens[1:3], of_tokens[3:5].mean(0), of_tokens[5]]
    np.testing.assert_allclose(found.tokens, wanted, atol=1e-4)
    assert encoder.size == SIZE


def test_tokens_are_met_by_their_characters_whoever_cut_them(
    bert: Tuple[SentenceEncoder, Dict[str, Any]],
) -> None:
    encoder, weights = bert
    _, states = states_by_torch(weights, ids_of("os", "##lo"))
    letters = [Token(letter, place, place + 1) for place, letter in enumerate("oslo")]
    whole, cut = encoder.encode(["oslo"] * 2, [[Token("oslo", 0, 4)], letters])
    np.testing.assert_allclose(whole.tokens, [states[1:3].mean(0)], atol=1e-4)
    np.testing.assert_allclose(cut.tokens, states[[1, 1, 2, 2]], atol=1e-4)


@pytest.mark.parametrize("activation", ["gelu", "relu"])
def test_computing_in_bytes_changes_directions_little(tmp_path: Path, activation: str) -> None:
    make_bert(tmp_path / "source", hidden_act=activation)
    texts = ["hello", "a flight to rome", "flight to oslo?", "a b c d e f g h i j k l m n o p"]
    tokens = [segment(text) for text in texts]
    in_bytes = converted(tmp_path / "source", tmp_path / "made").encode(texts, tokens)
    exact = precise(tmp_path / "source", tmp_path / "made").encode(texts, tokens)
    for found, wanted in zip(in_bytes, exact):
        for of_bytes, of_floats in zip(found, wanted):
            lengths = np.linalg.norm(of_bytes, axis=1) * np.linalg.norm(of_floats, axis=1)
            assert ((of_bytes * of_floats).sum(axis=1) / lengths).min() > 0.98


def test_what_is_zero_everywhere_stays_so(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    weights = make_bert(tmp_path / "source", hidden_act="relu")
    for name in weights:
        if "intermediate.dense" in name or "value" in name:
            weights[name] = np.full_like(weights[name], -0.0 if "weight" in name else -1.0)
    save_file(weights, str(tmp_path / "source" / "model.safetensors"))
    encoder = converted(tmp_path / "source", tmp_path / "made")
    (found,) = encoder.encode(["hello rome"], [segment("hello rome")])
    assert np.isfinite(found.text).all() and np.isfinite(found.tokens).all()


def test_a_text_has_the_same_vectors_alone_and_beside_others(tmp_path: Path) -> None:
    make_bert(tmp_path / "source")
    encoder = converted(tmp_path / "source", tmp_path / "made")
    texts = ["hello", "a flight to rome", "", "bye", "flight to oslo?", "hello rome"] * 30
    tokens = [segment(text) for text in texts]
    together = encoder.encode(texts, tokens)
    for text, cut, found in zip(texts[:6], tokens, together):
        (alone,) = encoder.encode([text], [cut])
        np.testing.assert_allclose(found.text, alone.text, atol=1e-5)
        np.testing.assert_allclose(found.tokens, alone.tokens, atol=1e-5)
        assert found.tokens.shape == (len(cut), SIZE)


def test_what_is_beyond_the_longest_text_has_zeros(tmp_path: Path) -> None:
    make_bert(tmp_path / "source")
    content = json.dumps({"max_seq_length": 6, "do_lower_case": False})
    (tmp_path / "source" / "sentence_bert_config.json").write_text(content)
    encoder = converted(tmp_path / "source", tmp_path / "made")
    text = "hello to hello to hello to"
    (found,) = encoder.encode([text], [segment(text)])
    assert found.tokens.any(axis=1).tolist() == [True] * 4 + [False] * 2


def test_invisible_and_unknown_tokens_do_no_harm(
    bert: Tuple[SentenceEncoder, Dict[str, Any]],
) -> None:
    encoder, _ = bert
    text = "\u200b 你好 \U0001f600"
    (found,) = encoder.encode([text], [[Token("\u200b", 0, 1), *segment(text)]])
    assert not found.tokens[0].any()
    assert found.tokens[1:].any(axis=1).all() and np.isfinite(found.tokens).all()


def test_examples_get_the_vectors_as_features(
    bert: Tuple[SentenceEncoder, Dict[str, Any]],
) -> None:
    encoder, _ = bert
    (example,) = encoder.featurized([Example.from_text("hello rome", "greet")])
    assert {name: matrix.shape for name, matrix in example.features.items()} == {
        "SentenceEncoder/sequence": (2, SIZE),
        "SentenceEncoder/sentence": (1, SIZE),
    }


def test_it_computes_in_the_callers_thread(bert: Tuple[SentenceEncoder, Dict[str, Any]]) -> None:
    options = bert[0]._session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)


# What the folder's files say ------------------------------------------------------------------

POOLED = {
    "mean": lambda states: states.mean(0),
    "cls": lambda states: states[0],
    "max": lambda states: states.max(0),
    "mean_sqrt_len": lambda states: states.sum(0) / np.sqrt(len(states)),
    "both": lambda states: np.concatenate([states[0], states.mean(0)]),
}


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("mean", {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}),
        ("cls", {"pooling_mode_cls_token": True, "include_prompt": True}),
        ("max", {"pooling_mode_max_tokens": True}),
        ("mean_sqrt_len", {"pooling_mode_mean_sqrt_len_tokens": True}),
        ("both", {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}),
        ("mean", {"pooling_mode": "mean"}),
        ("cls", {"pooling_mode": "cls"}),
    ],
)
def test_pooling_and_normalization_are_those_of_the_files(
    tmp_path: Path, kind: str, asked: Dict[str, Any], normalize: bool
) -> None:
    table = make_onnx(tmp_path / "source")
    describe(tmp_path / "source", normalize, **asked)
    encoder = converted(tmp_path / "source", tmp_path / "made")
    wanted = POOLED[kind](table[ids_of("hello", "rome")])
    wanted = wanted / np.linalg.norm(wanted) if normalize else wanted
    np.testing.assert_allclose(
        encoder.encode(["hello rome"], [[]])[0].text[0], wanted, rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize(
    "inputs", [["input_ids"], ["input_ids", "attention_mask", "token_type_ids"]]
)
def test_a_model_of_any_kind_may_come_as_onnx(tmp_path: Path, inputs: List[str]) -> None:
    table = make_onnx(tmp_path / "source", inputs)
    (tmp_path / "source" / "onnx").mkdir()
    (tmp_path / "source" / "model.onnx").rename(tmp_path / "source" / "onnx" / "model.onnx")
    encoder = converted(tmp_path / "source", tmp_path / "made")
    (found,) = encoder.encode(["hello"], [segment("hello")])
    np.testing.assert_allclose(found.tokens, table[ids_of("hello")][1:2], rtol=1e-6)
    # Without a word about pooling it is the mean, as of the package sentence-transformers.
    np.testing.assert_allclose(found.text[0], table[ids_of("hello")].mean(0), rtol=1e-4)


def test_a_prompt_comes_first_and_moves_no_token(tmp_path: Path) -> None:
    table = make_onnx(tmp_path / "source")
    content = {"prompts": {"query": "to: ", "passage": "a "}, "default_prompt_name": "query"}
    (tmp_path / "source" / "config_sentence_transformers.json").write_text(json.dumps(content))
    encoder = converted(tmp_path / "source", tmp_path / "made")
    (found,) = encoder.encode(["rome"], [segment("rome")])
    states = table[ids_of("to", "[UNK]", "rome")]
    np.testing.assert_allclose(found.tokens, states[3:4], rtol=1e-6)
    np.testing.assert_allclose(found.text[0], states.mean(0), rtol=1e-4)


def test_all_that_matters_of_a_folder_is_named_for_its_hash(tmp_path: Path) -> None:
    make_bert(tmp_path)
    (tmp_path / "README.md").write_text("a card")
    found = {path.relative_to(tmp_path).as_posix() for path in files_of(tmp_path)}
    named = {"config.json", "tokenizer.json", "modules.json", "model.safetensors"}
    assert found == {*named, "1_Pooling/config.json"}


# Of another kind ------------------------------------------------------------------------------


def rewrite(path: Path, **changed: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))


def without_tensor(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    arrays = load_file(str(folder / "model.safetensors"))
    del arrays["encoder.layer.1.output.dense.bias"]
    save_file(arrays, str(folder / "model.safetensors"))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda f: (f / "tokenizer.json").unlink(), "has no 'tokenizer.json'"),
        (lambda f: (f / "config.json").unlink(), "'.*config.json' cannot be read"),
        (lambda f: (f / "config.json").write_text("{"), "is no JSON"),
        (lambda f: (f / "model.safetensors").unlink(), "has neither 'model.safetensors' nor"),
        (lambda f: (f / "model.safetensors").write_bytes(b"x"), "cannot be read"),
        (without_tensor, "has no tensor 'encoder.layer.1.output.dense.bias', so it is no BERT"),
        (lambda f: rewrite(f / "config.json", model_type="t5"), "of the type 't5' and no ONNX"),
        (lambda f: rewrite(f / "config.json", hidden_act="swish"), "of a BERT with swish"),
        (lambda f: describe(f, pooling_mode_lasttoken=True), "asks for the pooling lasttoken"),
        (
            lambda f: (f / "modules.json").write_text('[{"type": "a.Dense", "path": "2_Dense"}]'),
            "names a module 'Dense', which is not read",
        ),
    ],
)
def test_a_folder_of_another_kind_says_what_is_wrong(
    tmp_path: Path, spoil: Any, reason: str
) -> None:
    make_bert(tmp_path / "source")
    spoil(tmp_path / "source")
    (tmp_path / "made").mkdir()
    with pytest.raises(DataError, match=reason):
        convert(tmp_path / "source", tmp_path / "made")


def test_a_missing_folder_says_what_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no folder '.*nothing'. It must be a folder of"):
        convert(tmp_path / "nothing", tmp_path)


@pytest.mark.parametrize(
    "name",
    ["sentence_encoder.json", "sentence_encoder.onnx", "tokenizer.json", "embeddings.safetensors"],
)
def test_what_was_stored_and_is_damaged_says_so(tmp_path: Path, name: str) -> None:
    make_bert(tmp_path / "source")
    converted(tmp_path / "source", tmp_path / "made")
    (tmp_path / "made" / name).write_bytes(b"spoilt")
    with pytest.raises(ModelFileError, match=name):
        SentenceEncoder(tmp_path / "made")


def test_a_model_that_asks_for_something_else_is_refused(tmp_path: Path) -> None:
    make_onnx(tmp_path / "source", ["pixel_values"])
    with pytest.raises(ModelFileError, match="asks for pixel_values: no sentence model"):
        converted(tmp_path / "source", tmp_path / "made")
