"""`inspect`: what a model is, from its files alone."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict

import pytest
from rich.console import Console

from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.core import Entity, Example, JointModel
from rasa_joint_nlu.core.description import MODEL_FILE, WEIGHTS_FILE, content_of
from rasa_joint_nlu.tools.inspect import describe, differences, print_description

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "model.tar.gz"
"""A model of `rasa train`."""
OF_BEFORE = GOLDEN.parent / "core" / "numpy1"
"""Of before models told how they were trained."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("inspected") / "model"
    model = JointModel(token_size=16, encoder_size=16, epochs=2, random_seed=1)
    model.fit(
        [
            Example.from_text("to Rome", "go", [Entity(3, 7, "city", "to", "1")]),
            Example.from_text("hello", "greet"),
            Example.from_text("to Oslo", "go", [Entity(3, 7, "city")]),
        ]
    )
    model.save(path)
    return path


def test_a_folder_is_described(folder: Path) -> None:
    said = describe(folder)
    assert said["options"]["changed"] == {
        "token_size": 16,
        "encoder_size": 16,
        "epochs": 2,
        "random_seed": 1,
    }
    assert said["labels"] == {
        "intents": {"go": 2, "greet": 1},
        "types": {"city": 2},
        "roles": {"city/to": 1},
        "groups": {"city/1": 1},
    }
    assert said["training"]["examples"] == 3 and said["training"]["epochs"] == 2
    assert {"torch", "numpy", "python"} <= set(said["versions"])
    sizes = {file.name: file.stat().st_size for file in folder.iterdir()}
    assert said["bytes"] == {"all": sum(sizes.values()), "files": sizes}
    weights = said["bytes of weights"]
    assert 0 < sizes[WEIGHTS_FILE] - sum(weights.values()) < 5000, "but for the header"


def test_a_model_of_before_is_described() -> None:
    said = describe(OF_BEFORE)
    assert said["versions"] == {} and said["training"] == {}
    assert set(said["labels"]["intents"].values()) == {None}


def test_an_archive_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    said = describe(GOLDEN)
    assert said["versions"]["rasa"] == "3.6.21" and said["training"]["examples"] == 11
    assert said["pipeline"] == ["WhitespaceTokenizer", "RegexFeaturizer", "JointNLUClassifier"]
    assert set(said["labels"]["roles"]) == {"city/from", "city/to"}
    assert main(["inspect", str(GOLDEN)]) == 0
    told = capsys.readouterr().out
    assert "rasa 3.6.21" in told and "RegexFeaturizer" in told and "word_embedding" in told


def test_two_models_are_compared(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "found.json"
    assert main(["inspect", str(folder), str(GOLDEN), "--json", str(out)]) == 0
    found = {each["what"]: each for each in json.loads(out.read_text(encoding="utf-8"))}
    assert found["options: epochs"] == {"what": "options: epochs", "first": 2, "second": -1}
    assert found["labels: intents: greet"]["second"] == 3
    assert "second" not in found["labels: intents: go"]
    assert "options: epochs" in capsys.readouterr().out
    assert main(["inspect", str(folder), str(folder)]) == 0
    assert "do not differ" in capsys.readouterr().out


def test_an_option_that_is_changed_in_one_is_one_difference() -> None:
    first: Dict[str, Any] = {"options": {"changed": {"epochs": 3}, "default": {}}}
    second: Dict[str, Any] = {"options": {"changed": {}, "default": {"epochs": -1}}}
    assert list(differences(first, second)) == [
        {"what": "options: epochs", "first": 3, "second": -1}
    ]


def test_weights_are_not_loaded_nor_what_would_load_them(folder: Path) -> None:
    code = (
        "import sys; from rasa_joint_nlu.__main__ import main; main(['inspect', sys.argv[1]]);"
        "heavy = {'torch', 'rasa', 'tensorflow', 'scipy', 'numpy', 'safetensors'};"
        "print(sorted(heavy & set(sys.modules)), len(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
    )
    loaded, _, number = done.stdout.splitlines()[-1].rpartition(" ")
    # NumPy alone would bring some 90 more.
    assert loaded == "[]" and int(number) < 270


@pytest.mark.parametrize("name", [MODEL_FILE, WEIGHTS_FILE])
def test_a_damaged_model_is_named(
    folder: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    (copy / name).write_bytes(b"{" * 20)
    assert main(["inspect", str(copy)]) == 2
    assert "damaged" in capsys.readouterr().err
    (copy / name).unlink()
    assert main(["inspect", str(copy)]) == 2
    assert name in capsys.readouterr().err


@pytest.mark.parametrize("part", ["config", "words", "dictionary", "labels", "features"])
@pytest.mark.parametrize("content", [None, 5, [[]], {"a": 1}])
def test_a_model_that_says_what_none_says_is_named(
    folder: Path, tmp_path: Path, part: str, content: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    model = json.loads((copy / MODEL_FILE).read_bytes())["model"]
    (copy / MODEL_FILE).write_bytes(content_of({**model, part: content}))
    if main(["inspect", str(copy)]) != 0:
        assert "Train the model again" in capsys.readouterr().err


def test_an_archive_that_tells_no_time_as_text_is_shown(tmp_path: Path) -> None:
    console = Console(file=io.StringIO())
    print_description({**describe(GOLDEN), "trained_at": 5}, console)
    assert "trained at    5" in console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("content", [b"", b"no archive"], ids=["empty", "other"])
def test_what_is_no_model_is_named(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.tar.gz"
    assert main(["inspect", str(path)]) == 2
    path.write_bytes(content)
    assert main(["inspect", str(path)]) == 2
    assert capsys.readouterr().err.count("error: ") == 2
