"""The command `vectors`: what it makes of files and of a transformer, and what it says of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import List, Tuple

import numpy as np
import pytest

from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.core.vectors import WordVectors, read_folder, read_vectors
from rasa_joint_nlu.tools.vectors import reduced, weighted

NLU = """\
version: "3.1"
nlu:
- intent: go
  examples: |
    - to Rome
    - to Oslo
    - xyzzy
"""


def made(capsys: pytest.CaptureFixture[str], *arguments: str) -> Tuple[int, str, str]:
    code = main(["vectors", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def text_file(folder: Path, words: List[str], size: int = 6) -> Path:
    rows = np.random.default_rng(0).normal(size=(len(words), size))
    lines = [f"{word} {' '.join(f'{x:.4f}' for x in row)}" for word, row in zip(words, rows)]
    path = folder / "large.vec"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_a_file_is_made_smaller_and_what_it_covers_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = text_file(tmp_path, ["the", "of", "a", "b", "c", "to", "rome", "oslo"])
    nlu, out = tmp_path / "nlu.yml", tmp_path / "out"
    nlu.write_text(NLU)
    arguments = [str(source), "--out", str(out), "--nlu", str(nlu), "--size", "3", "--limit", "2"]
    code, said, _ = made(capsys, *arguments)
    assert code == 0
    words, table, has_pieces = read_vectors(out, [], 99)
    # Those of the data, and the first two others.
    assert set(words) == {"to", "rome", "oslo", "the", "of"} and not has_pieces
    assert table.shape == (5, 3)
    assert "5 words and 0 pieces, 3 numbers each" in said
    assert "80.0% of the words of the NLU files have a vector; not xyzzy." in said
    assert f"'pretrained_embeddings: {out}'" in said


def test_words_of_a_list_are_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = text_file(tmp_path, ["a", "b", "Rome", "oslo"]), tmp_path / "out"
    listed = tmp_path / "words.txt"
    listed.write_text("ROME 17\n\nlima\n")
    made(capsys, str(source), "--out", str(out), "--words", str(listed), "--limit", "0")
    assert read_vectors(out, [], 99).words == ["rome"]


def test_reduced_vectors_are_the_principal_components() -> None:
    rng = np.random.default_rng(0)
    table = (rng.normal(size=(50, 2)) @ rng.normal(size=(2, 8)) + 5).astype(np.float32)
    found = reduced(WordVectors(["w"] * 50, table), 2).table
    centred = table - table.mean(axis=0)
    np.testing.assert_allclose(found @ found.T, centred @ centred.T, atol=1e-3)
    assert found[:, 0].var() >= found[:, 1].var()


def test_frequent_words_have_shorter_vectors() -> None:
    vectors = weighted(WordVectors([f"w{i}" for i in range(1000)], np.ones((1000, 1), np.float32)))
    weights = vectors.table[:, 0]
    assert (np.diff(weights) > 0).all() and weights[0] < 0.02 and 0.8 < weights[-1] < 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["large.vec", "--out", "large.vec"], "is no folder"),
        (["large.vec", "--out", "out", "--words", "absent.txt"], "There is no 'absent.txt'."),
        (["large.vec", "--out", "out", "--words", "old.txt"], "'old.txt' is no UTF-8 text"),
        (["large.vec", "--out", "out", "--nlu", "absent.yml"], "absent.yml"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: List[str],
    message: str,
) -> None:
    monkeypatch.chdir(text_file(tmp_path, ["a"]).parent)
    Path("old.txt").write_bytes(b"caf\xe9")
    code, _, error = made(capsys, *arguments)
    assert code == 2 and message in error and error.count("\n") == 1


def test_a_transformer_takes_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    code, _, error = made(capsys, "no/such-model", "--out", str(tmp_path / "out"))
    assert code == 2 and "pip install 'rasa-joint-nlu[vectors]'" in error


def transformer(folder: Path) -> Path:
    """A tiny encoder with random weights, and a card that says its licence."""
    transformers = pytest.importorskip("transformers")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "to", "rome", "os", "##lo", "the"]
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n")
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    transformers.BertModel(config).save_pretrained(folder)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    return folder


def test_a_transformer_is_asked_for_words_and_pieces(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch = pytest.importorskip("torch")
    source = tmp_path / "encoder"
    source.mkdir()
    transformer(source)
    nlu, out = tmp_path / "nlu.yml", tmp_path / "out"
    nlu.write_text(NLU)
    code, said, error = made(
        capsys, str(source), "--out", str(out), "--nlu", str(nlu), "--size", "8"
    )
    assert code == 0, error
    vectors = read_vectors(out, [], 99)
    assert vectors.has_pieces and set(vectors.words) >= {"to", "rome", "oslo", "##lo", "the", "os"}
    assert "apache-2.0" in said
    from transformers import AutoModel, AutoTokenizer

    from rasa_joint_nlu.core.training.distil import distil

    found = dict(zip(*distil(str(source), ["oslo"])[:2]))
    model, tokenizer = (
        AutoModel.from_pretrained(source).eval(),
        AutoTokenizer.from_pretrained(source),
    )
    with torch.no_grad():
        for word, ids in {"oslo": [2, 7, 8, 3], "rome": [2, 6, 3], "##lo": [2, 8, 3]}.items():
            states = model(torch.tensor([ids])).last_hidden_state[0]
            np.testing.assert_allclose(found[word], states.mean(0).numpy(), atol=1e-5)
    assert tokenizer("oslo")["input_ids"] == [2, 7, 8, 3]
    # Some encoders say with their first token what they say of a text.
    (source / "1_Pooling").mkdir()
    (source / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    found = dict(zip(*distil(str(source), ["oslo"])[:2]))
    with torch.no_grad():
        states = model(torch.tensor([[2, 7, 8, 3]])).last_hidden_state[0]
    np.testing.assert_allclose(found["oslo"], states[0].numpy(), atol=1e-5)
    assert read_folder(out).has_pieces
