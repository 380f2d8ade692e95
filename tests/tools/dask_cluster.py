"""A scheduler and workers of Dask on this machine, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator, List, Optional

import pytest


class DaskCluster:
    """Its address, and the processes of its workers, which tests may kill."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._file = folder, folder / "scheduler.json"
        self.workers: List["subprocess.Popen[bytes]"] = []
        where = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self.scheduler = self._start("dask_scheduler", *where)
        self.address: str = json.loads(self._read_file())["address"]

    def _start(self, command: str, *options: str) -> "subprocess.Popen[bytes]":
        run = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.{command}"]
        places = [os.environ.get("PYTHONPATH", ""), *sys.path]
        with (self._folder / f"{command}.log").open("ab") as log:
            return subprocess.Popen(
                [*run, "--scheduler-file", str(self._file), *options],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
            )

    def _read_file(self) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError):
                content = self._file.read_text(encoding="utf-8")
                if content.endswith("}"):
                    return content
            assert self.scheduler.poll() is None, "the scheduler has ended"
            time.sleep(0.05)
        raise AssertionError("there is no scheduler")

    def add_worker(self, preload: Optional[Path] = None) -> None:
        """Start one that has one thread, and that nobody starts again."""
        options = ["--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]
        options += ["--local-directory", str(self._folder)]
        if preload:
            options += ["--preload", str(preload)]
        self.workers.append(self._start("dask_worker", *options))

    def wait_for_workers(self) -> None:
        """Return when all that live are there."""
        from distributed import Client

        living = sum(worker.poll() is None for worker in self.workers)
        if living:
            with Client(self.address, set_as_default=False) as client:
                client.wait_for_workers(living, timeout=60)

    def stop(self) -> None:
        """End all of it."""
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


@contextlib.contextmanager
def dask_cluster(
    folder: Path, workers: int, preload: Optional[Path] = None
) -> Iterator[DaskCluster]:
    """A cluster with so many workers."""
    pytest.importorskip("distributed")
    cluster = DaskCluster(folder)
    try:
        for _ in range(workers):
            cluster.add_worker(preload)
        cluster.wait_for_workers()
        yield cluster
    finally:
        cluster.stop()
