"""The command `distil`: what it makes of a transformer and texts, and what it says of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import List, Tuple

import pytest
from sentence_models import SIZE, make_bert

from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.core.sentence_encoder import SentenceEncoder
from rasa_joint_nlu.core.training import student

NLU = """\
version: "3.1"
nlu:
- intent: go
  examples: |
    - a flight to [rome](city)
    - to oslo
"""


def made(capsys: pytest.CaptureFixture[str], *arguments: str) -> Tuple[int, str, str]:
    code = main(["distil", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with a transformer, texts and NLU data."""
    make_bert(tmp_path / "bert")
    (tmp_path / "bert" / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    lines = [f"flight to rome {number:o}" for number in range(120)]
    (tmp_path / "texts.txt").write_text("\n".join([*lines, "", *lines]) + "\n")
    (tmp_path / "nlu.yml").write_text(NLU)
    (tmp_path / "old.txt").write_bytes(b"caf\xe9")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(student, "UPDATES", 10)
    return tmp_path


def test_a_small_encoder_is_written_and_described(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said, _ = made(
        capsys, "bert", "--texts", "texts.txt", "nlu.yml", "--out", "small", "--layers", "1"
    )
    assert code == 0
    assert SentenceEncoder(folder / "small").size == SIZE
    # Of 122 different ones, 12 say how near it comes.
    assert said.startswith("110 texts taught it, in ")
    assert "the cosine of its vectors and the transformer's is 0." in said
    assert " MB: 'small'." in said and "apache-2.0" in said and "'model: small'" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bert", "--texts", "texts.txt", "--out", "nlu.yml"], "'nlu.yml' is no folder"),
        (["bert", "--texts", "texts.txt", "--out", "bert"], "is the transformer itself"),
        (["bert", "--texts", "nlu.yml", "--out", "out"], "2 different texts are too few"),
        (["bert", "--texts", "nothing", "--out", "out"], "There is no 'nothing'."),
        (["bert", "--texts", "old.txt", "--out", "out"], "'old.txt' is no UTF-8 text"),
        (
            ["bert", "--texts", "texts.txt", "--out", "out", "--layers", "2"],
            "has 2 layers; 2 are not",
        ),
        (["absent", "--texts", "texts.txt", "--out", "out"], "There is no folder 'absent'"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: List[str], message: str
) -> None:
    code, _, error = made(capsys, *arguments)
    assert code == 2 and message in error and error.count("\n") == 1
    assert not (folder / "out").exists()


def test_a_missing_package_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    code, _, error = made(capsys, "bert", "--texts", "texts.txt", "--out", "out")
    assert code == 2 and "pip install 'rasa-joint-nlu[encoder]'" in error
