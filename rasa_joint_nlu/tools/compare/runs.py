"""Running the trainings of a comparison, each in fresh processes, and keeping their results."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from rasa_joint_nlu.source import source_hash
from rasa_joint_nlu.tools.compare.data import Split, short_hash
from rasa_joint_nlu.tools.compare.statistics import ACCURACIES, Row, score
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.outputs import check_writable

MEASURE = "rasa_joint_nlu.tools.compare.measure"


@dataclass(frozen=True)
class Pipeline:
    """A config and the name it has in the results."""

    name: str
    config: Dict[str, Any]


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
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                self._rows[self._key(row)] = row
            except (ValueError, KeyError, TypeError):
                raise InputError(
                    f"'{path}', line {number}: this is no result of an earlier run; remove the "
                    f"line, or name another file."
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


RUN_IDENTITY = ("code", "config", "data", "seed")


def execute(
    jobs: Sequence[Job], results: Results, tell: Callable[[str], None]
) -> Tuple[List[Row], Dict[str, str]]:
    """Do the jobs that are not done yet.

    A pipeline that fails is not tried again with other seeds or data; the others go on.

    Args:
        tell: takes a line about each run as it ends.

    Returns:
        The rows of the finished runs, and by pipeline the error of those that failed.
    """
    rows: List[Row] = []
    failures: Dict[str, str] = {}
    for number, job in enumerate(jobs, start=1):
        if job.pipeline.name in failures:
            continue
        row, origin = results.find(job.identity()), " (kept from before)"
        try:
            if row is None:
                row, origin = {**job.identity(), **job.describe(), **_measure(job)}, ""
                results.add(row)
            rows.append({**row, **job.describe()})
            outcome = _outcome(row) + origin
        except RunFailedError as error:
            failures[job.pipeline.name] = str(error)
            outcome = f"failed: {error}"
        tell(f"[{number}/{len(jobs)}] {_title(job)}: {outcome}")
    return rows, failures


def _title(job: Job) -> str:
    parts = [job.pipeline.name, f"seed {job.seed}", f"{job.split.train_size} messages"]
    return ", ".join([*parts, f"fold {job.split.fold}"] if job.split.fold else parts)


def _outcome(row: Row) -> str:
    found = score(row["messages"])
    figures = " / ".join(f"{found[name]:.1f}" for name in ACCURACIES)
    return f"intent / entity / frame {figures} %, trained in {row['train_s']:.1f} s"


def _measure(job: Job) -> Row:
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
        return {**_step("train", folder, job.seed), **_step("score", folder, job.seed)}


def _step(step: str, folder: Path, seed: int) -> Row:
    """Do a step in a process of its own: nothing warm, and a peak memory of its own.

    Raises:
        RunFailedError: if it did not come to its end.
    """
    command = [sys.executable, "-W", "ignore", "-m", MEASURE, step, str(folder), str(seed)]
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "ERROR", "TF_CPP_MIN_LOG_LEVEL": "3"}
    log = folder / f"{step}.log"
    with log.open("w", encoding="utf-8") as file:
        ended = subprocess.run(
            command, stdout=file, stderr=file, env={**os.environ, **quiet}, check=False
        )
    path = folder / f"{step}-result.json"
    if not path.exists():
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = said[-1].strip() if said else "it said nothing"
        raise RunFailedError(f"exit code {ended.returncode}: {last}")
    result: Row = json.loads(path.read_text(encoding="utf-8"))
    if "error" in result:
        raise RunFailedError(result["error"])
    return result
