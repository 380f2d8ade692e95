"""Tasks over processes: each once, whatever becomes of the processes."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Iterator, List, Tuple

import pytest

from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.workers import Processes


def double(common: int, task: int) -> int:
    return common * task


def whose(_: None, task: int) -> Tuple[int, int]:
    return task, os.getpid()


def killed_once(folder: str, task: int) -> int:
    mark = Path(folder, str(task))
    if task % 3 == 0 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def killed(_: None, task: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return task


def refusing(_: None, task: int) -> int:
    raise InputError(f"no {task}")


def test_every_task_is_done_once() -> None:
    with Processes(2) as processes:
        assert sorted(processes.each(double, 2, range(50))) == list(range(0, 100, 2))


def test_there_are_no_more_processes_than_tasks_or_than_are_wanted() -> None:
    with Processes(3) as processes:
        assert len({pid for _, pid in processes.each(whose, None, range(1))}) == 1
    with Processes(2) as processes:
        assert len({pid for _, pid in processes.each(whose, None, range(20))}) <= 2
        assert list(processes.each(whose, None, [])) == []


def test_no_more_tasks_are_taken_than_there_are_workers_for() -> None:
    taken: List[int] = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with Processes(2) as processes:
        for seen, _ in enumerate(processes.each(double, 1, tasks()), start=1):
            assert len(taken) <= seen + 3
    assert len(taken) == 100


def test_what_a_killed_process_was_at_is_done_again(tmp_path: Path) -> None:
    with Processes(2) as processes:
        assert sorted(processes.each(killed_once, str(tmp_path), range(7))) == list(range(7))
    assert len(list(tmp_path.iterdir())) == 3


def test_processes_that_are_killed_whatever_they_do_are_given_up() -> None:
    with Processes(1) as processes, pytest.raises(InputError) as raised:
        list(processes.each(killed, None, range(3)))
    assert "was killed 3 times" in str(raised.value) and "--jobs" in str(raised.value)


def test_an_error_of_a_task_is_one_here() -> None:
    with Processes(1) as processes, pytest.raises(InputError, match="no 4"):
        list(processes.each(refusing, None, [4]))
