"""Work that is divided among the workers of a Dask cluster, as `workers` divides it here.

Dask's workers run what its scheduler sends them: whoever reaches the scheduler can run anything
there. Encrypt and authenticate its connections (TLS), or keep it in a network of its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import sys
import threading
import time
import warnings
from concurrent.futures import CancelledError
from functools import lru_cache
from itertools import islice
from typing import Any, Callable, Iterable, Iterator

from rasa_joint_nlu import __version__
from rasa_joint_nlu.source import source_hash
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.workers import Function

_SECONDS = 10
"""To find a scheduler; and how often it is asked how many workers it has."""
_WATCHED_EVERY = 0.5
"""Seconds."""
_AHEAD = 2
"""Tasks for each worker that are sent: it need not wait for its next one."""
_TRIM, _TRIM_OF_DASK = "MALLOC_TRIM_THRESHOLD_", "65536"
"""What the nanny of a worker sets, and to what, distributed 2022.10.2 to 2026.8.0
(`distributed.yaml`)."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Of glibc's `malloc.h`."""
_MEGABYTE = 1 << 20


class Cluster:
    """A Dask cluster that is there, by the address of its scheduler."""

    def __init__(self, address: str) -> None:
        """Connect to it.

        Raises:
            InputError: if `distributed` is not installed, there is no scheduler, or no worker.
        """
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise InputError(
                "--scheduler takes the package 'distributed': pip install 'rasa-joint-nlu[scale]'."
            ) from error
        self._address = address
        # Whatever goes wrong ends in a sentence of ours, and not in Dask's tracebacks before it.
        self._disabled = logging.root.manager.disable
        logging.disable(logging.CRITICAL)
        self._client = Client.__new__(Client)
        try:
            self._client.__init__(address, timeout=_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            # One that has not begun would wait for its end, and complain.
            self._client.status = "closed"
            logging.disable(self._disabled)
            raise InputError(
                f"There is no scheduler at '{address}' ({error or type(error).__name__}); start "
                f"one with 'dask scheduler', and name the address that it tells, as "
                f"tcp://127.0.0.1:8786."
            ) from error
        if not self.slots:
            self.stop()
            raise InputError(
                f"The scheduler at '{address}' has no worker; start some with 'dask worker "
                f"{address} --nthreads 1'."
            )

    @property
    def slots(self) -> int:
        """How many tasks are done at a time."""
        return sum(self._client.nthreads().values())

    def do(self, function: Function, common: Any, task: Any) -> Any:
        """The result of one task; any number of threads may wait for one each.

        Raises:
            InputError: if the cluster is gone, or of another version.
        """
        with self._in_words():
            return self._submit(function, common, task).result()

    def each(self, function: Function, common: Any, tasks: Iterable[Any]) -> Iterator[Any]:
        """The results of tasks, as they are ready.

        Args:
            common: what is the same for all tasks; sent once to each worker.

        Raises:
            InputError: as `do`.
        """
        from distributed import as_completed

        left = iter(tasks)
        # As the result of a task, it is made again if all workers that have it are gone.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "(Large object|Sending large graph)")
            shared = self._client.submit(_same, common, pure=False)
        ahead, asked = _AHEAD * self.slots, time.monotonic()
        first = [self._submit(function, shared, task) for task in islice(left, ahead)]
        pending = as_completed(first, loop=self._client.loop)
        del first
        for future in pending:
            with self._in_words():
                result = future.result()
            if time.monotonic() - asked > _SECONDS:
                ahead, asked = _AHEAD * self.slots, time.monotonic()
            for task in islice(left, max(0, ahead - pending.count())):
                pending.add(self._submit(function, shared, task))
            yield result

    def _submit(self, function: Function, common: Any, task: Any) -> Any:
        of = version_of_code()
        return self._client.submit(_call, of, function, common, task, pure=False)

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        from distributed import KilledWorker

        goes_on = "The same command goes on."
        try:
            yield
        except ModuleNotFoundError as error:
            raise InputError(
                f"A worker at '{self._address}' has no '{error.name}'; install rasa-joint-nlu "
                f"there as it is here. {goes_on}"
            ) from error
        except RuntimeError as error:
            # Newer schedulers look into what they give out.
            if "deserialization of the task graph" not in str(error):
                raise
            raise InputError(
                f"The scheduler at '{self._address}' does not know what it is to give out; install "
                f"rasa-joint-nlu there as it is here. {goes_on}"
            ) from error
        except KilledWorker as error:
            raise InputError(
                f"Workers at '{self._address}' were killed again and again at the same task, for "
                f"want of memory say. {goes_on}"
            ) from error
        except (CancelledError, OSError) as error:
            raise InputError(f"The scheduler at '{self._address}' is gone. {goes_on}") from error

    def stop(self) -> None:
        """Let the cluster forget what it was to do, and leave it."""
        with contextlib.suppress(OSError, CancelledError):
            self._client.close()
        logging.disable(self._disabled)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()


@lru_cache(maxsize=None)
def version_of_code() -> str:
    """What is to be the same here and at the workers."""
    return f"{__version__} ({source_hash()[:12]})"


def _same(common: Any) -> Any:
    return common


def _call(version: str, function: Function, common: Any, task: Any) -> Any:
    """Do a task at a worker, if that has the same code."""
    if version != version_of_code():
        raise InputError(
            f"A worker has rasa-joint-nlu {version_of_code()}, and here is {version}; install the "
            f"same everywhere."
        )
    _keep_freed_memory()
    return function(common, task)


@lru_cache(maxsize=None)
def _keep_freed_memory() -> None:
    """Let a worker use the memory of arrays again that it has freed, as any process does.

    A threshold that is set makes glibc take each large array from the system anew, and a message
    then takes 1.45 times as long. These are what its thresholds grow to where none is set.
    """
    if sys.platform == "linux" and os.environ.get(_TRIM) == _TRIM_OF_DASK:
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt:
            mallopt(_M_MMAP_THRESHOLD, 32 * _MEGABYTE)
            mallopt(_M_TRIM_THRESHOLD, 64 * _MEGABYTE)


@contextlib.contextmanager
def while_wanted(stop: Callable[[], None]) -> Iterator[None]:
    """In a task of a worker, `stop` is called if nobody wants its result any more.

    That is so after a Ctrl-C, or the end of the process that asked for it.
    """
    from distributed import get_worker

    worker = get_worker()
    key, done = worker.get_current_task(), threading.Event()

    def watch() -> None:
        while not done.wait(_WATCHED_EVERY):
            task = worker.state.tasks.get(key)
            if task is None or task.state not in ("executing", "long-running"):
                stop()
                return

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        done.set()
