"""Running the trainings of a comparison, each in fresh processes, and keeping their results."""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from queue import Queue
from typing import Any, Callable, Dict, List, Optional, Protocol, Sequence, Set, Tuple

from rasa_joint_nlu.source import source_hash
from rasa_joint_nlu.tools.cluster import Cluster, while_wanted
from rasa_joint_nlu.tools.compare.data import Split, short_hash
from rasa_joint_nlu.tools.compare.statistics import ACCURACIES, Row, score
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.outputs import check_writable
from rasa_joint_nlu.tools.workers import cores
from rasa_joint_nlu.tools.yaml_files import read_text

MEASURE = "rasa_joint_nlu.tools.compare.measure"
MOST_KILLS = 2
"""How often a run is done again whose process was killed."""


@dataclass(frozen=True)
class Pipeline:
    """A config, the name it has in the results, and the text of its file."""

    name: str
    config: Dict[str, Any]
    text: str = ""


@dataclass(frozen=True)
class Job:
    """One training and scoring: of a pipeline, with a seed, on a training and a test set."""

    pipeline: Pipeline
    seed: int
    split: Split

    def identity(self) -> Row:
        """What decides the result; a finished run with the same identity is not repeated."""
        config = short_hash(json.dumps(self.pipeline.config, sort_keys=True))
        return {"code": code_hash(), "config": config, "data": self.split.hash, "seed": self.seed}

    def describe(self) -> Row:
        """What the run is called, whoever measured it first."""
        return {
            "pipeline": self.pipeline.name,
            "share": self.split.share,
            "fold": self.split.fold,
            "train_size": self.split.train_size,
            "test_size": self.split.test_size,
        }


class RunFailedError(Exception):
    """A training or scoring stopped; the message is the last line of what it said."""


class RunKilledError(RunFailedError):
    """A process was killed from outside: for want of memory, say."""


def code_hash() -> str:
    """Which code is at work: this package's models and measurements, and Rasa's version."""
    measure = Path(__file__).with_name("measure.py").read_bytes()
    return short_hash(source_hash(), hashlib.sha256(measure).hexdigest(), version("rasa"))


class Results:
    """Finished runs, in a file of JSON lines or, without one, nowhere."""

    def __init__(self, path: Optional[Path], identity: Sequence[str]) -> None:
        """Read the file, if it is there, and make sure that it can be written to.

        Args:
            identity: the names of what tells runs apart.

        Raises:
            InputError: if it cannot be read or written, or holds something else.
        """
        self._path, self._names = path, tuple(identity)
        self._rows: Dict[Tuple[Any, ...], Row] = {}
        if path is None:
            return
        check_writable(path)
        *lines, last = read_text(path).split("\n") if path.exists() else [""]
        for number, line in enumerate(lines, start=1):
            self._take(line, f"'{path}', line {number}")
        if last and not _is_json(last) and (lines or last.startswith('{"')):
            # What a process left that was killed as it wrote: its run is done again.
            os.truncate(path, path.stat().st_size - len(last.encode()))
        elif last:
            self._take(last, f"'{path}', line {len(lines) + 1}")
            with path.open("a", encoding="utf-8") as file:
                file.write("\n")

    def _take(self, line: str, where: str) -> None:
        try:
            row = json.loads(line)
            self._rows[self._key(row)] = row
        except (ValueError, KeyError, TypeError):
            raise InputError(
                f"{where}: this is no result of an earlier run; remove the line, or name another "
                f"file."
            ) from None

    def find(self, identity: Row) -> Optional[Row]:
        """The finished run with an identity, or None."""
        return self._rows.get(self._key(identity))

    def add(self, row: Row) -> None:
        """Keep a finished run."""
        self._rows[self._key(row)] = row
        if self._path:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")

    def _key(self, row: Row) -> Tuple[Any, ...]:
        return tuple(row[name] for name in self._names)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


RUN_IDENTITY = ("code", "config", "data", "seed")


class Runner(Protocol):
    """Where runs are done.

    number: how many at a time.
    are_stopped: whether no new one may begin.
    """

    number: int
    are_stopped: bool

    def measure(self, job: Job) -> Row:
        """Train and score; any number of threads may wait for one each.

        Raises:
            RunFailedError: if it did not come to its end.
            KeyboardInterrupt: if all have been stopped.
        """

    def stop(self) -> None:
        """End those that run, and let no new one begin."""

    def begin_thread(self) -> None:
        """Prepare a thread that will wait for runs."""


def execute(
    jobs: Sequence[Job], results: Results, tell: Callable[[str], None], runner: Runner
) -> Tuple[List[Row], Dict[str, str]]:
    """Do the jobs that are not done yet.

    A pipeline that fails is not tried again with other seeds or data; the others go on.

    Args:
        tell: takes a line as a run begins and as it ends.

    Returns:
        The rows of the finished runs, in the order of the jobs, and by pipeline the error of those
        that failed.
    """
    return _Execution(jobs, results, tell, runner).finish()


class _Execution:
    """Jobs on their way."""

    def __init__(
        self, jobs: Sequence[Job], results: Results, tell: Callable[[str], None], runner: Runner
    ) -> None:
        self._jobs, self._results, self._tell, self._runner = jobs, results, tell, runner
        self._clock = Clock(jobs, runner.number)
        self._failures: Dict[str, str] = {}
        self._lock = threading.Lock()

    def finish(self) -> Tuple[List[Row], Dict[str, str]]:
        """Do all jobs; whatever stops this, Ctrl-C included, stops them."""
        kept = [self._kept(number, job) for number, job in enumerate(self._jobs, start=1)]
        futures: List[Future[Optional[Row]]] = []
        with ThreadPoolExecutor(self._runner.number, initializer=self._runner.begin_thread) as pool:
            try:
                futures = [
                    pool.submit(self._do, number, job)
                    for number, (job, row) in enumerate(zip(self._jobs, kept), start=1)
                    if row is None
                ]
                for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                    future.result()
            except BaseException:
                self._runner.stop()
                for future in futures:
                    future.cancel()
                raise
        done = iter(futures)
        rows = [next(done).result() if row is None else row for row in kept]
        return [row for row in rows if row is not None], self._failures

    def _kept(self, number: int, job: Job) -> Optional[Row]:
        row = self._results.find(job.identity())
        if row is None:
            return None
        self._clock.finished(job, row.get("run_s"))
        self._say(number, job, f": {_outcome(row)} (kept from before)")
        return {**row, **job.describe()}

    def _do(self, number: int, job: Job) -> Optional[Row]:
        name = job.pipeline.name
        if name in self._failures or self._runner.are_stopped:
            return None
        with self._lock:
            left = self._clock.left()
        self._say(number, job, f" … {left}")
        try:
            start = time.perf_counter()
            measured = self._measure(number, job)
            seconds = time.perf_counter() - start
            row = {**job.identity(), **job.describe(), "run_s": seconds, **measured}
        except RunFailedError as error:
            with self._lock:
                first_failure = name not in self._failures
                self._failures.setdefault(name, str(error))
                self._clock.given_up(name)
            if first_failure:
                self._say(number, job, f": failed: {error}")
            return None
        except BaseException:
            # Before another thread begins something.
            self._runner.stop()
            raise
        with self._lock:
            self._results.add(row)
            self._clock.finished(job, seconds)
        self._say(number, job, f": {_outcome(row)}")
        return row

    def _measure(self, number: int, job: Job) -> Row:
        for _ in range(MOST_KILLS):
            try:
                return self._runner.measure(job)
            except RunKilledError as error:
                self._say(number, job, f": {error}; it is done again")
        return self._runner.measure(job)

    def _say(self, number: int, job: Job, text: str) -> None:
        self._tell(f"[{number}/{len(self._jobs)}] {_title(job)}{text}")


class Clock:
    """How long what is left will take, by what runs of the same pipeline took."""

    def __init__(self, jobs: Sequence[Job], workers: int = 1) -> None:
        """Start with all jobs to do."""
        self._left, self._workers = list(jobs), workers
        self._took: List[Tuple[Job, float]] = []

    def finished(self, job: Job, seconds: Optional[float]) -> None:
        """Take a job as done; None: how long it took is not known."""
        self._left = [each for each in self._left if each is not job]
        if seconds is not None:
            self._took.append((job, seconds))

    def given_up(self, pipeline: str) -> None:
        """Take all jobs of a pipeline as done."""
        self._left = [job for job in self._left if job.pipeline.name != pipeline]

    def left(self) -> str:
        """About how long it will take until all is done."""
        if not self._took:
            return "the time left is known after the first run"
        seconds = sum(map(self._guess, self._left)) / self._workers
        return f"about {duration(seconds)} left"

    def _guess(self, job: Job) -> float:
        """Seconds of a job, as of the runs that are most like it."""

        def likeness(other: Job) -> Tuple[bool, bool]:
            return other.pipeline == job.pipeline, other.split.train_size == job.split.train_size

        best = max(likeness(other) for other, _ in self._took)
        return statistics.mean(
            seconds * job.split.train_size / max(1, other.split.train_size)
            for other, seconds in self._took
            if likeness(other) == best
        )


def duration(seconds: float) -> str:
    """A length of time as people say it.

    >>> duration(8), duration(150), duration(7500)
    ('10 s', '2 min', '2 h 5 min')
    """
    if seconds < 90:
        return f"{max(10, round(seconds, -1)):.0f} s"
    minutes = int(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


class OnThisMachine:
    """Runs in processes of this machine that are under way, all of which can be stopped."""

    def __init__(self, number: int = 1) -> None:
        """Start with none.

        Args:
            number: how many runs go on at a time, each on its share of the cores.
        """
        self.number, self.are_stopped = number, False
        self._running: Set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._shares: Queue[List[int]] = Queue()
        mine = cores()
        for start in range(number):
            self._shares.put(mine[start::number] or mine)

    def begin_thread(self) -> None:
        """Give this thread, and the processes that it starts, cores of their own."""
        if self.number > 1 and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, self._shares.get())

    def measure(self, job: Job) -> Row:
        """Train and score in fresh processes."""
        return _measure(job, self)

    def run(self, command: Sequence[str], log: Path) -> int:
        """Run a command to its end, and return its exit code.

        Its standard input is open as long as this process is there. What Ctrl-C means to it is
        decided here, so it does not hear of that itself.

        Raises:
            KeyboardInterrupt: if all have been stopped.
        """
        quiet = {
            "RASA_TELEMETRY_ENABLED": "false",
            "LOG_LEVEL": "ERROR",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        with log.open("w", encoding="utf-8") as file:
            with self._lock:
                if self.are_stopped:
                    raise KeyboardInterrupt
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=file,
                    stderr=file,
                    env={**os.environ, **quiet},
                    start_new_session=True,
                )
                self._running.add(process)
            with process:
                process.wait()
        with self._lock:
            self._running.discard(process)
            if self.are_stopped:
                raise KeyboardInterrupt
        return process.returncode

    def stop(self) -> None:
        """End those that run, and let no new one begin."""
        with self._lock:
            self.are_stopped = True
            for process in self._running:
                process.kill()


class OnCluster:
    """Runs at the workers of a Dask cluster."""

    def __init__(self, cluster: Cluster) -> None:
        """Take as many runs at a time as it has workers for."""
        self.number, self.are_stopped = cluster.slots, False
        self._cluster = cluster

    def begin_thread(self) -> None:
        """Nothing: the work is done elsewhere."""

    def measure(self, job: Job) -> Row:
        """Train and score at a worker; what a killed one was at, Dask gives to another."""
        try:
            row: Row = self._cluster.do(_measure_at_worker, None, job)
        except InputError:
            if self.are_stopped:
                raise KeyboardInterrupt from None
            raise
        return row

    def stop(self) -> None:
        """Leave the cluster, whose workers then end what they are at."""
        self.are_stopped = True
        self._cluster.stop()


def _measure_at_worker(_: None, job: Job) -> Row:
    processes = OnThisMachine()
    with while_wanted(processes.stop):
        try:
            return _measure(job, processes)
        except KeyboardInterrupt:
            # This would end the worker.
            raise RunFailedError("it was stopped") from None


def _title(job: Job) -> str:
    parts = [job.pipeline.name, f"seed {job.seed}", f"{job.split.train_size} messages"]
    return ", ".join([*parts, f"fold {job.split.fold}"] if job.split.fold else parts)


def _outcome(row: Row) -> str:
    found = score(row["messages"])
    figures = " / ".join(f"{found[name]:.1f}" if name in found else "–" for name in ACCURACIES)
    return f"intent / entity / frame {figures} %, trained in {row['train_s']:.1f} s"


def _measure(job: Job, processes: OnThisMachine) -> Row:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        training = folder / "train"
        training.mkdir()
        (training / "nlu.json").write_text(job.split.train, encoding="utf-8")
        if job.split.responses:
            (training / "responses.yml").write_text(job.split.responses, encoding="utf-8")
        (folder / "test.json").write_text(job.split.test, encoding="utf-8")
        # Rasa reads YAML, which JSON is a part of.
        (folder / "config.yml").write_text(json.dumps(job.pipeline.config), encoding="utf-8")
        steps = [_step(step, folder, job.seed, processes) for step in ("train", "score")]
        return {**steps[0], **steps[1]}


def _step(step: str, folder: Path, seed: int, processes: OnThisMachine) -> Row:
    """Do a step in a process of its own: nothing warm, and a peak memory of its own.

    Raises:
        RunFailedError: if it did not come to its end.
    """
    log = folder / f"{step}.log"
    command = [sys.executable, "-W", "ignore", "-m", MEASURE, step, str(folder), str(seed)]
    code = processes.run(command, log)
    path = folder / f"{step}-result.json"
    if code < 0:
        raise RunKilledError(f"its process was killed (signal {-code})")
    if not path.exists():
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = said[-1].strip() if said else "it said nothing"
        raise RunFailedError(f"exit code {code}: {last}")
    result: Row = json.loads(path.read_text(encoding="utf-8"))
    if "error" in result:
        raise RunFailedError(result["error"])
    return result
