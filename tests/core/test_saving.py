"""Nothing is lost while a model is saved: after anything, the old or the new one loads, whole."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Iterator, Tuple

import pytest
from helpers import quick_model, toy_examples

from rasa_joint_nlu.core import JointModel, ModelFileError
from rasa_joint_nlu.core.description import MODEL_FILE, WEIGHTS_FILE

Two = Tuple[JointModel, JointModel]


@pytest.fixture(scope="module")
def two() -> Two:
    """Two models that differ."""
    models = quick_model(random_seed=1), quick_model(random_seed=2)
    for model in models:
        model.fit(toy_examples())
    return models


def answers(model: JointModel) -> Any:
    return model.predict(toy_examples())


class KilledError(BaseException):
    """Stands for the end of the process: nothing cleans up after it."""


@contextlib.contextmanager
def failing_at(number: int, error: BaseException) -> Iterator[None]:
    """Fail at this step of writing: a file is whole, is named, and the next one."""
    steps = 0
    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "replace"):
            function = getattr(os, name)

            def step(*arguments: Any, function: Any = function) -> Any:
                nonlocal steps
                steps += 1
                if steps == number:
                    raise error
                return function(*arguments)

            patch.setattr(f"rasa_joint_nlu.core.persistence.os.{name}", step)
        yield


@pytest.mark.parametrize("number", range(1, 7))
@pytest.mark.parametrize("error", [KilledError(), OSError(28, "No space left on device")])
def test_a_save_that_fails_anywhere_leaves_the_old_or_the_new_model(
    two: Two, number: int, error: BaseException, tmp_path: Path
) -> None:
    old, new = two
    old.save(tmp_path)
    expected = ModelFileError if isinstance(error, OSError) else KilledError
    with failing_at(number, error):
        if number < 6:
            with pytest.raises(expected) as caught:
                new.save(tmp_path)
            if expected is ModelFileError:
                assert f"'{tmp_path}' (No space left on device)" in str(caught.value)
        else:
            new.save(tmp_path)
    left = answers(JointModel.load(tmp_path))
    assert left == answers(new if number >= 5 else old)
    # What was left lying about hinders nobody, and is gone after the next save.
    old.save(tmp_path)
    assert answers(JointModel.load(tmp_path)) == answers(old)
    names = [path.name for path in tmp_path.iterdir()]
    assert sorted(names) == [MODEL_FILE, WEIGHTS_FILE]


@pytest.mark.parametrize("number", range(1, 6))
def test_a_save_after_one_that_was_killed_may_be_killed_as_well(
    two: Two, number: int, tmp_path: Path
) -> None:
    old, new = two
    old.save(tmp_path)
    with failing_at(5, KilledError()), pytest.raises(KilledError):
        new.save(tmp_path)
    with failing_at(number, KilledError()), pytest.raises(KilledError):
        old.save(tmp_path)
    assert answers(JointModel.load(tmp_path)) in (answers(old), answers(new))


def test_a_target_that_is_no_folder_is_named(two: Two, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelFileError, match=r"cannot be written into .*file' .*whole"):
        two[0].save(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "in the way"


SAVING = """
import sys, resource
from rasa_joint_nlu.core import JointModel
from rasa_joint_nlu.core.errors import ModelFileError
models = [JointModel.load(path) for path in sys.argv[2:4]]
print("ready", flush=True)
if len(sys.argv) > 4:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
while True:
    for model in models:
        try:
            model.save(sys.argv[1])
        except ModelFileError as error:
            sys.exit(f"refused: {error}")
"""


def saving(tmp_path: Path, two: Two, *limit: str) -> "subprocess.Popen[str]":
    """A process that saves two models over each other for ever."""
    for name, model in zip("ab", two):
        model.save(tmp_path / name)
    two[0].save(tmp_path / "saved")
    folders = [str(tmp_path / name) for name in ("saved", "a", "b")]
    process = subprocess.Popen(
        [sys.executable, "-c", SAVING, *folders, *limit],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def test_a_killed_process_and_readers_beside_it_lose_nothing(two: Two, tmp_path: Path) -> None:
    """A real process; `make soak` kills a hundred."""
    possible = [answers(model) for model in two]
    for kill in range(int(os.environ.get("SOAK_KILLS", "2"))):
        process = saving(tmp_path, two)
        try:
            end = time.monotonic() + 0.3 + 0.037 * (kill % 20)
            while time.monotonic() < end:
                assert answers(JointModel.load(tmp_path / "saved")) in possible
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        assert answers(JointModel.load(tmp_path / "saved")) in possible


def test_a_limit_of_the_size_of_files_loses_nothing(two: Two, tmp_path: Path) -> None:
    process = saving(tmp_path, two, "3000")
    _, errors = process.communicate(timeout=60)
    assert "refused: The model cannot be written into" in errors and "File too large" in errors
    assert answers(JointModel.load(tmp_path / "saved")) == answers(two[0])


def test_threads_that_read_see_whole_models_only(two: Two, tmp_path: Path) -> None:
    two[0].save(tmp_path)
    possible = [answers(model) for model in two]
    stop, seen = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            seen.append(answers(JointModel.load(tmp_path)) in possible)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(40):
        for model in two:
            model.save(tmp_path)
    stop.set()
    reader.join()
    assert seen and all(seen)
