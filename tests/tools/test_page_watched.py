"""A model whose file changes while it is used."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from page_helpers import GOLDEN

from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.model_files import PIPELINE_FILE
from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.page.watched import WatchedModel


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copy(GOLDEN, tmp_path / "model.tar.gz"))


def test_it_is_loaded_once_as_long_as_its_file_stays(model: Path) -> None:
    watched = WatchedModel(model)
    first, stamp = watched.current(), watched.stamp
    assert watched.current() is first and watched.stamp == stamp


def test_a_model_that_is_trained_anew_is_loaded_anew(model: Path) -> None:
    watched = WatchedModel(model)
    first, stamp = watched.current(), watched.stamp
    shutil.copy(GOLDEN, model.with_suffix(".new"))
    os.replace(model.with_suffix(".new"), model)
    assert watched.current() is not first and watched.stamp != stamp


def test_a_folder_that_is_read_while_it_is_written_is_read_again(tmp_path: Path) -> None:
    load_model(GOLDEN).save(tmp_path / "model")
    around = (tmp_path / "model" / PIPELINE_FILE).rename(tmp_path / "around.json")
    watched = WatchedModel(tmp_path / "model")
    assert watched.current().pipeline.tokenizer.kind == "UnicodeTokenizer"
    around.rename(tmp_path / "model" / PIPELINE_FILE)
    assert watched.current().pipeline.tokenizer.kind == "WhitespaceTokenizer"


def test_a_folder_is_watched(tmp_path: Path) -> None:
    load_model(GOLDEN).save(tmp_path / "model")
    watched = WatchedModel(tmp_path / "model")
    first = watched.current()
    assert watched.current() is first
    load_model(GOLDEN).save(tmp_path / "model")
    assert watched.current() is not first


def test_a_model_that_is_away_or_damaged_is_a_problem_until_it_is_back(model: Path) -> None:
    watched = WatchedModel(model)
    watched.current()
    content = model.read_bytes()
    model.unlink()
    with pytest.raises(InputError, match="There is no"):
        watched.current()
    model.write_bytes(content[:1000])
    for _ in range(2):
        with pytest.raises(InputError, match="no archive that can be read"):
            watched.current()
    model.write_bytes(content)
    assert watched.current().parse(["hello"])[0]["intent"]["name"] == "greet"
