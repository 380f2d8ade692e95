"""Work that is divided: one function, called on many tasks in several processes.

The tasks are taken one by one as there are workers for them, so that there may be any number, and
results come as they are ready, in any order. A task whose process is killed is done again.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Callable, Iterable, Iterator, List

from threadpoolctl import threadpool_limits

from rasa_joint_nlu.tools.errors import InputError

Function = Callable[[Any, Any], Any]
"""Takes what is the same for all tasks, and a task."""

MOST_KILLS = 2
"""How often processes may be killed before any other task is done."""


def cores() -> List[int]:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


@dataclass
class _Worker:
    """A process, the way to it, and what it is at work on."""

    process: BaseProcess
    connection: Connection
    task: Any = None

    def give(self, task: Any) -> None:
        """Send it a task. If it is killed meanwhile, that shows when its result is read."""
        self.task = task
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(task)


class Processes:
    """So many processes on this machine, with one thread each for products of matrices."""

    def __init__(self, number: int) -> None:
        """Say how many; they begin with their first tasks."""
        self._number = number
        self._running: List[_Worker] = []

    def each(self, function: Function, common: Any, tasks: Iterable[Any]) -> Iterator[Any]:
        """The results of tasks, as they are ready.

        Args:
            common: what is the same for all tasks; sent once to each process.
            tasks: none of them is None.

        Raises:
            InputError: if processes are killed again and again.
        """
        left = iter(tasks)
        start = partial(self._start, function, common)
        kills = 0
        upcoming = next(left, None)
        while upcoming is not None and len(self._running) < self._number:
            start(upcoming)
            upcoming = next(left, None)
        while self._running:
            ready = wait([worker.connection for worker in self._running])
            for worker in [each for each in self._running if each.connection in ready]:
                try:
                    is_result, result = worker.connection.recv()
                except (EOFError, ConnectionResetError):
                    kills += 1
                    self._end(worker)
                    if kills > MOST_KILLS:
                        raise InputError(_KILLED.format(kills)) from None
                    start(worker.task)
                    continue
                if not is_result:
                    raise result
                kills = 0
                # First, so that it need not wait for whoever takes the result.
                if upcoming is None:
                    self._end(worker)
                else:
                    worker.give(upcoming)
                yield result
                upcoming = next(left, None) if upcoming is not None else None

    def _start(self, function: Function, common: Any, task: Any) -> None:
        # A fresh interpreter: what runs beside this in threads is not copied in the middle.
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_work, args=(there, function), daemon=True)
        with _deaf():
            process.start()
        # Only it has this end now, so that its end is noticed.
        there.close()
        worker = _Worker(process, here)
        self._running.append(worker)
        worker.give(common)
        worker.give(task)

    def _end(self, worker: _Worker) -> None:
        self._running.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.connection.close()

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: Any) -> None:
        for worker in list(self._running):
            self._end(worker)


_KILLED = (
    "A process was killed {} times before anything was done, for want of memory say; ask for fewer "
    "at a time with --jobs. The same command goes on."
)


def _work(connection: Connection, function: Function) -> None:
    """Do what the other end of a connection sends, until there is none."""
    threadpool_limits(1)
    with contextlib.suppress(EOFError, ConnectionError):
        common = connection.recv()
        while True:
            task = connection.recv()
            try:
                result = True, function(common, task)
            except Exception as error:
                result = False, error
            connection.send(result)


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Processes that are started in here do not hear of Ctrl-C, which this one decides about."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
