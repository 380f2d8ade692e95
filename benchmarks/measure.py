"""Compare joint, pair and separate pipelines on SNIPS, ATIS and CAIS, end to end through Rasa.

    python -m benchmarks.measure --data DATA [--tasks snips-20 ...] [--pipelines joint pair ...]
                                 [--seeds 1 2 3] [--part test|valid] [--out RESULTS.jsonl]

`DATA` has the folders `snips`, `atis` and `cais` with Rasa NLU files. Every run is a pair of fresh
processes; with `--out`, finished runs are kept in a file and not repeated with the same code,
config, data and seed. Choose settings on `--part valid`. To compare times, pin the whole command:
`taskset -c 0 python -m …`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import List, Optional

from rasa_joint_nlu.tools.compare.command import read_pipelines, tell
from rasa_joint_nlu.tools.compare.data import make_splits, read_messages
from rasa_joint_nlu.tools.compare.report import Report, table
from rasa_joint_nlu.tools.compare.runs import RUN_IDENTITY, Job, OnThisMachine, Results, execute
from rasa_joint_nlu.tools.errors import InputError

CONFIGS = Path(__file__).parent / "configs"
PIPELINES = ("joint", "pair", "separate", "diet", "unicode")
OF_RASA = ("separate", "diet")
"""Baselines that are measured with the first seed only."""
TASKS = {
    "snips-20": "snips/train-20-per-intent.yml",
    "snips-100": "snips/train-100-per-intent.yml",
    "atis-30": "atis/train-30-per-intent.yml",
    "cais-60": "cais/train-60-per-intent.yml",
    "snips": "snips/train.yml",
    "atis": "atis/train.yml",
    "cais": "cais/train.yml",
}
FEW_SHOT = ["snips-20", "snips-100", "atis-30"]


def parse(arguments: Optional[List[str]]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=FEW_SHOT)
    parser.add_argument("--pipelines", nargs="+", choices=PIPELINES, default=list(PIPELINES[:3]))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--part", choices=["test", "valid"], default="test")
    parser.add_argument("--out", type=Path, help="keep runs here, and do not repeat those in it")
    return parser.parse_args(arguments)


def plan(task: str, options: argparse.Namespace) -> List[Job]:
    """The runs of a task, in the order of the pipelines.

    Raises:
        InputError: if its data cannot be read.
    """
    train = options.data / TASKS[task]
    test = train.with_name(f"{options.part}.yml")
    (split,) = make_splits(read_messages(train), read_messages(test))
    return [
        Job(pipeline, seed, split)
        for pipeline in read_pipelines([CONFIGS / f"{name}.yml" for name in options.pipelines])
        for seed in (options.seeds[:1] if pipeline.name in OF_RASA else options.seeds)
    ]


def main(arguments: Optional[List[str]] = None) -> int:
    """Run what the command line asks for, and return the exit code as `compare` does."""
    options = parse(arguments)
    failed = False
    try:
        results = Results(options.out, RUN_IDENTITY)
        plans = {task: plan(task, options) for task in options.tasks}
        for task, jobs in plans.items():
            tell(f"{task}, {options.part}")
            report = Report(
                f"{task}, {options.part}", *execute(jobs, results, tell, OnThisMachine())
            )
            print(f"## {report.title}\n\n{table(report)}\n", flush=True)
            failed = failed or bool(report.failures)
    except InputError as error:
        tell(f"error: {error}")
        return 2
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
