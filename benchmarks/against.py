"""Today's checkout beside another commit's: `python -m benchmarks.against COMMIT --data DATA`.

Each side is a process of its own, with the package of its checkout and a model that it trains
itself. They work in turn, round after round, so that both meet each hour of the machine: first
trainings, then the same messages one by one, of each the least of all rounds. Times are of the
processor, ratios the medians of rounds. Pin the command to one
core: `OMP_NUM_THREADS=1 taskset -c 1 python -m benchmarks.against …`; without `OMP_NUM_THREADS`
BLAS is as it is for who sets nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence

import numpy as np
from tabulate import tabulate

ROOT = Path(__file__).parent.parent
TRAIN = "snips/train-100-per-intent.yml"
HEADER = ["of the processor", "then", "now", "ratio"]


class Side(NamedTuple):
    """A process that works with the package of one checkout."""

    process: "subprocess.Popen[str]"

    def ask(self, *question: Any) -> Any:
        """Have it do something, and wait for what comes of it."""
        assert self.process.stdin and self.process.stdout
        print(json.dumps(question), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"A side ended with code {self.process.wait()}; see above.")
        return json.loads(answer)


@contextlib.contextmanager
def running(checkout: Path) -> Iterator[Side]:
    """A side, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(Path(__file__).resolve()), "--side"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(checkout)},
    )
    with process:
        side = Side(process)
        used = Path(side.ask("where"))
        if checkout.resolve() not in used.resolve().parents:
            raise RuntimeError(f"{used} is not of {checkout}.")
        yield side
        assert process.stdin
        process.stdin.close()


@contextlib.contextmanager
def checkout_of(commit: str) -> Iterator[Path]:
    """A commit's files, in a folder for the time of the block."""
    git = ["git", "-C", str(ROOT), "worktree"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "then")
        subprocess.run([*git, "add", "--quiet", "--detach", str(path), commit], check=True)
        try:
            yield path
        finally:
            subprocess.run([*git, "remove", "--force", str(path)], check=True)


def answer_questions() -> None:
    """What a side does; of the package it uses only what all versions have."""
    sys.path[:] = [path for path in sys.path if Path(path or ".").resolve() != ROOT / "benchmarks"]
    from rasa_joint_nlu import core
    from rasa_joint_nlu.core import Entity, Example, JointModel

    # What anything prints is no answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    model: Any = None
    examples: List[Any] = []
    for line in sys.stdin:
        question, *arguments = json.loads(line)
        start = time.process_time()
        found: Any = None
        if question == "where":
            found = core.__file__
        elif question == "train":
            (messages,) = arguments
            labelled = [
                Example.from_text(text, intent, [Entity(*entity) for entity in entities])
                for text, intent, entities in messages
            ]
            model = JointModel()
            model.fit(labelled)
            found = time.process_time() - start
        elif question == "messages":
            (texts,) = arguments
            examples = [Example.from_text(text) for text in texts]
        else:
            found = _times_of(model, examples)
        print(json.dumps(found), file=answers, flush=True)


def _times_of(model: Any, examples: Sequence[Any]) -> List[float]:
    times = []
    for example in examples:
        start = time.thread_time()
        model.predict([example])
        times.append(time.thread_time() - start)
    return times


def compare(sides: Dict[str, Side], train: Path, trainings: int, rounds: int) -> str:
    """A table of both sides and their ratios; messages are those of `valid.yml` beside `train`."""
    from rasa_joint_nlu.tools.nlu_files import read_nlu

    labelled = [
        (m.text, m.intent, [(e.start, e.end, e.type, e.role, e.group) for e in m.entities])
        for m in read_nlu([train]).messages
    ]
    texts = list(dict.fromkeys(m.text for m in read_nlu([train.with_name("valid.yml")]).messages))

    def in_turn(count: int, *question: Any) -> Dict[str, List[Any]]:
        found: Dict[str, List[Any]] = {name: [] for name in sides}
        for _ in range(count):
            for name, side in sides.items():
                found[name].append(side.ask(*question))
        return found

    trained = in_turn(trainings, "train", labelled)
    in_turn(1, "messages", texts)
    first = in_turn(1, "predict")
    again = in_turn(rounds, "predict")
    rows = [_row("a training, s", trained)]
    for label, times in (("for the first time", first), ("again, least of rounds", again)):
        p50 = {name: [1e3 * np.median(np.min(of, axis=0))] for name, of in times.items()}
        rows.append(_row(f"one of {len(texts)} messages, {label}, p50 ms", p50))
    return tabulate(rows, HEADER, "github", floatfmt=".3f")


def _row(label: str, numbers: Dict[str, List[float]]) -> List[Any]:
    then, now = numbers["then"], numbers["now"]
    return [label, np.median(then), np.median(now), np.median(np.divide(now, then))]


def main(arguments: Optional[List[str]] = None) -> int:
    """Print the table that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("commit", help="what to compare with")
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--train", default=TRAIN, help=f"a file of that folder, or {TRAIN}")
    parser.add_argument("--trainings", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args(arguments)
    with checkout_of(options.commit) as then, contextlib.ExitStack() as stack:
        checkouts = {"then": then, "now": ROOT}
        sides = {name: stack.enter_context(running(path)) for name, path in checkouts.items()}
        print(compare(sides, options.data / options.train, options.trainings, options.rounds))
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--side"]:
        answer_questions()
    else:
        sys.exit(main())
