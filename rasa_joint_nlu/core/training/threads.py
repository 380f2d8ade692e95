"""One thread for torch and BLAS while a model trains; afterwards, as many as before.

The batches are small: more threads gain a tenth at best, as they wait for each other, and lose a
lot on a busy machine. Measured on two cores with another process on one of them, two threads were
three times slower than one.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Iterator, Optional

import torch
from threadpoolctl import threadpool_limits


class _BlasLimit(threading.Thread):
    """Holds BLAS to one thread, from when it is made until it is released.

    How many there are is said for the whole process, and from threadpoolctl 3.8 on it listens only
    to the thread that was first to say so. So one thread says it for all trainings, which begin and
    end in any order, and says no more than that.
    """

    def __init__(self) -> None:
        """Begin to hold."""
        super().__init__(name="one BLAS thread", daemon=True)
        self._holds, self._released = threading.Event(), threading.Event()
        self.start()
        self._holds.wait()

    def run(self) -> None:
        """Hold, wait, let go."""
        try:
            with threadpool_limits(1, "blas"):
                self._holds.set()
                self._released.wait()
        finally:
            self._holds.set()

    def release(self) -> None:
        """Let BLAS have as many threads as before."""
        self._released.set()
        self.join()


class _OneThread:
    """What the trainings that run at the same time share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._trainings = 0
        self._torch_threads = 1
        self._blas: Optional[_BlasLimit] = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Let torch and BLAS use one thread for as long as the context lasts."""
        with self._lock:
            # Asked in each thread, or else torch, once it needs to know in a new thread, sets the
            # number that was last set in any.
            torch_threads = torch.get_num_threads()
            if not self._trainings:
                self._torch_threads = torch_threads
                self._blas = _BlasLimit()
            self._trainings += 1
            before = self._torch_threads
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)
            with self._lock:
                self._trainings -= 1
                if not self._trainings and self._blas:
                    self._blas.release()


one_thread = _OneThread()
