"""Scalars for TensorBoard: written where asked for, and missed only once where it is missing."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Dict, List, Tuple

import pytest
from helpers import quick_model, toy_examples

from rasa_joint_nlu.core import JointConfig, TrainingError
from rasa_joint_nlu.core.training.scalars import ScalarWriter

Written = Dict[str, List[Tuple[float, int]]]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    """What is written, by name, as `(value, step)`; the real writer would import TensorFlow."""
    scalars: Written = {}

    class SummaryWriter:
        def __init__(self, folder: str) -> None:
            scalars[f"opened {folder}"] = []

        def add_scalar(self, name: str, value: float, step: int) -> None:
            assert "closed" not in scalars
            scalars.setdefault(name, []).append((value, step))

        def close(self) -> None:
            scalars["closed"] = []

    module = ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = SummaryWriter  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    return scalars


def trained(**settings: Any) -> None:
    quick_model(epochs=4, tensorboard_log_directory="logs", **settings).fit(toy_examples())


def test_metrics_are_written_for_each_epoch(written: Written) -> None:
    trained()
    assert set(written) == {
        "opened logs",
        "epoch/loss",
        "epoch/intent_acc",
        "epoch/entity_f1",
        "closed",
    }
    for name in ("epoch/loss", "epoch/intent_acc", "epoch/entity_f1"):
        assert [step for _, step in written[name]] == [1, 2, 3, 4]
    assert all(value > 0 for value, _ in written["epoch/loss"])
    assert all(0 <= value <= 1 for value, _ in written["epoch/intent_acc"])


def test_losses_are_written_for_each_batch_if_asked_for(written: Written) -> None:
    trained(tensorboard_log_level="batch", batch_size=8)
    assert [step for _, step in written["batch/loss"]] == list(range(1, 9))
    first, second = (value for value, _ in written["batch/loss"][:2])
    assert written["epoch/loss"][0][0] == pytest.approx((first + second) / 2)


def test_metrics_on_held_out_examples_are_written_when_evaluated(written: Written) -> None:
    trained(evaluate_on_number_of_examples=4, evaluate_every_number_of_epochs=3)
    for name in ("intent_acc", "entity_f1", "frame_acc"):
        assert [step for _, step in written[f"epoch/val_{name}"]] == [3, 4]


def test_metrics_of_a_task_that_is_off_are_not_written(written: Written) -> None:
    trained(entity_recognition=False)
    assert "epoch/entity_f1" not in written and "epoch/intent_acc" in written


def test_the_writer_is_closed_when_training_fails(written: Written) -> None:
    config = JointConfig(tensorboard_log_directory="logs")
    with pytest.raises(RuntimeError, match="stop"), ScalarWriter(config):
        raise RuntimeError("stop")
    assert "closed" in written


def test_nothing_is_written_unless_asked_for(written: Written) -> None:
    quick_model().fit(toy_examples())
    assert written == {}


def test_without_tensorboard_there_is_one_warning_and_a_model(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    model = quick_model(
        tensorboard_log_directory=str(tmp_path / "logs"), tensorboard_log_level="batch"
    )
    with caplog.at_level(logging.WARNING, logger="rasa_joint_nlu"):
        model.fit(toy_examples())
    assert len(caplog.records) == 1
    assert "pip install tensorboard" in caplog.text
    assert model.predict(toy_examples())[0].intents
    assert not (tmp_path / "logs").exists()


def test_real_event_files_are_written(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    config = JointConfig(tensorboard_log_directory=str(tmp_path / "logs"))
    with ScalarWriter(config) as writer:
        writer.add({"loss": 0.5}, 1)
    (events,) = (tmp_path / "logs").iterdir()
    assert b"epoch/loss" in events.read_bytes()


def test_a_folder_that_cannot_be_made_is_named(written: Written, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "folder"
    writer = ScalarWriter(JointConfig(tensorboard_log_directory=str(folder)))
    with pytest.raises(TrainingError, match=f"'tensorboard_log_directory: {folder}' cannot"):
        writer.__enter__()
    assert not written
