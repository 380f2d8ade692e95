"""Work on a Dask cluster of this machine, some of whose processes are killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Dict, Iterator, List, Optional, Tuple

import pytest
from dask_cluster import DaskCluster, dask_cluster

from rasa_joint_nlu.tools import cluster as of_tools
from rasa_joint_nlu.tools.cluster import Cluster
from rasa_joint_nlu.tools.errors import InputError

pytest.importorskip("distributed")

PRELOAD = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"


def double(common: int, task: int) -> int:
    return common * task


def slow(_: None, task: int) -> int:
    time.sleep(0.02)
    return task


def whose(_: None, task: int) -> Tuple[int, int]:
    return task, os.getpid()


def refusing(_: None, task: int) -> int:
    raise InputError(f"no {task}")


def killed(_: None, task: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return task


@contextlib.contextmanager
def two_workers(folder: Path) -> Iterator[DaskCluster]:
    preload = folder / "preload.py"
    preload.write_text(PRELOAD, encoding="utf-8")
    with dask_cluster(folder, 2, preload) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A cluster whose processes are left alone."""
    with two_workers(tmp_path_factory.mktemp("lasting")) as cluster:
        yield cluster


@pytest.fixture
def started(tmp_path: Path) -> Iterator[DaskCluster]:
    """A cluster whose processes may be killed."""
    with two_workers(tmp_path) as cluster:
        yield cluster


def test_every_task_is_done_once(lasting: DaskCluster) -> None:
    with Cluster(lasting.address) as cluster:
        assert cluster.slots == 2
        assert sorted(cluster.each(double, 2, range(50))) == list(range(0, 100, 2))
        assert cluster.do(double, 3, 4) == 12
        with pytest.raises(InputError, match="no 7"):
            list(cluster.each(refusing, None, [7]))
        assert len({pid for _, pid in cluster.each(whose, None, range(30))}) == 2


def test_no_task_is_lost_or_done_twice_if_a_worker_is_killed(started: DaskCluster) -> None:
    with Cluster(started.address) as cluster:
        found: List[int] = []
        for number in cluster.each(slow, None, range(100)):
            found.append(number)
            if len(found) == 20:
                started.workers[0].kill()
        assert sorted(found) == list(range(100))
        assert len({pid for _, pid in cluster.each(whose, None, range(10))}) == 1


def test_no_more_tasks_are_taken_than_there_are_workers_for(lasting: DaskCluster) -> None:
    taken: List[int] = []

    def tasks() -> Iterator[int]:
        for number in range(60):
            taken.append(number)
            yield number

    with Cluster(lasting.address) as cluster:
        for seen, _ in enumerate(cluster.each(slow, None, tasks()), start=1):
            assert len(taken) <= seen + 4
    assert len(taken) == 60


def test_a_task_that_kills_its_workers_is_given_up(started: DaskCluster) -> None:
    for _ in range(2):
        started.add_worker(Path(started._folder, "preload.py"))
    started.wait_for_workers()
    with Cluster(started.address) as cluster, pytest.raises(InputError, match="killed again"):
        list(cluster.each(killed, None, [1]))


def test_a_scheduler_that_ends_is_told_of(started: DaskCluster) -> None:
    import dask

    def numbers(cluster: Cluster) -> None:
        for number in cluster.each(slow, None, range(1000)):
            if number == 5:
                started.scheduler.kill()

    quickly = dask.config.set({"distributed.comm.timeouts.connect": "1s"})
    with quickly, Cluster(started.address) as cluster, pytest.raises(InputError) as raised:
        numbers(cluster)
    assert "is gone" in str(raised.value) and "The same command goes on." in str(raised.value)


def test_workers_with_other_code_are_refused(
    lasting: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_tools, "version_of_code", lambda: "0.0 (other)")
    with Cluster(lasting.address) as cluster, pytest.raises(InputError) as raised:
        cluster.do(double, 1, 1)
    assert "and here is 0.0 (other); install the same everywhere" in str(raised.value)


# Wrong addresses ------------------------------------------------------------------------------


def test_a_scheduler_without_workers_is_refused(tmp_path: Path) -> None:
    with dask_cluster(tmp_path, 0) as cluster, pytest.raises(InputError, match="has no worker"):
        Cluster(cluster.address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "odd://x", "nowhere", ""])
def test_an_address_without_a_scheduler_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_tools, "_SECONDS", 1)
    with pytest.raises(InputError, match="There is no scheduler at"):
        Cluster(address)


@pytest.mark.parametrize("address", ["nowhere", "tls://127.0.0.1:1", "tcp://127.0.0.1:port"])
def test_no_address_is_said_in_one_line_and_at_once(address: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    model = Path(__file__).parents[1] / "golden" / "model.tar.gz"
    command = ["annotate", model, tmp_path / "a.txt", "--out", tmp_path / "a.jsonl"]
    words = [sys.executable, "-m", "rasa_joint_nlu", *command, "--scheduler", address]
    start = time.monotonic()
    done = subprocess.run(words, stderr=subprocess.PIPE, text=True, check=False)
    assert time.monotonic() - start < 15
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"error: There is no scheduler at '{address}' (")


def test_without_distributed_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'rasa-joint-nlu\[scale\]'"):
        Cluster("tcp://127.0.0.1:1")


def test_what_nobody_wants_any_more_is_stopped(lasting: DaskCluster, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with Cluster(lasting.address) as cluster:
        future = cluster._submit(waiting, str(notes), 1)
        deadline = time.monotonic() + 30
        while not notes.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        del future
    while notes.read_text(encoding="utf-8") != "stopped":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def waiting(notes: str, _: int) -> None:
    ended: Dict[str, Any] = {}
    Path(notes).write_text("begun", encoding="utf-8")
    with of_tools.while_wanted(lambda: ended.update(yes=True)):
        while not ended:
            time.sleep(0.01)
    Path(notes).write_text("stopped", encoding="utf-8")


@pytest.mark.parametrize(
    ("threshold", "is_asked"), [("65536", True), ("1000000", False), (None, False)]
)
def test_memory_is_kept_where_the_nanny_has_it_given_back(
    monkeypatch: pytest.MonkeyPatch, threshold: Optional[str], is_asked: bool
) -> None:
    asked: List[Tuple[int, int]] = []
    library = SimpleNamespace(mallopt=lambda *option: asked.append(option))
    monkeypatch.setattr(of_tools.ctypes, "CDLL", lambda name: library)
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)
    if threshold:
        monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", threshold)
    of_tools._keep_freed_memory.__wrapped__()
    # Taking from the system what is as large as a batch's arrays would undo it.
    assert asked == ([(-3, 32 << 20), (-1, 64 << 20)] if is_asked else [])


def test_a_library_without_thresholds_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_tools.ctypes, "CDLL", lambda name: SimpleNamespace())
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "65536")
    of_tools._keep_freed_memory.__wrapped__()
