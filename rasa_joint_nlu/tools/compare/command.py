"""The command `compare`: from options to a report."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Callable, List, Sequence

from rasa_joint_nlu.tools.compare.data import Split, make_splits, read_config, read_messages
from rasa_joint_nlu.tools.compare.report import Report, as_json, as_markdown, table
from rasa_joint_nlu.tools.compare.runs import (
    RUN_IDENTITY,
    Job,
    Pipeline,
    Results,
    execute,
)
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.outputs import check_writable, write

FINISHED, FAILED, INTERRUPTED = 0, 1, 130
SEEDS_HELP = (
    "train once with each (default: 1 2 3). A seed is put into every component of the pipeline "
    "whose options include random_seed or random_state, in place of its own; for a pipeline "
    "without any, one seed is enough"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Train Rasa pipelines on your data, each run in a fresh process, score them end to end "
        "and print one table. Data is Rasa NLU files or folders, or a folder with seq.in, seq.out "
        "and label."
    )
    add = parser.add_argument
    add("--nlu", type=Path, required=True, help="data to train on")
    add("--config", type=Path, required=True, nargs="+", help="configs; the first is the baseline")
    tested = parser.add_mutually_exclusive_group()
    tested.add_argument("--test", type=Path, help="data to test on")
    tested.add_argument(
        "--test-share",
        type=_number(float, 0, 1),
        default=0.2,
        metavar="SHARE",
        help="without --test: how much of --nlu to hold out, stratified by intent (default: 0.2)",
    )
    tested.add_argument(
        "--folds",
        type=_number(int, 1, 1000),
        default=0,
        metavar="K",
        help="stratified cross-validation with K parts of --nlu",
    )
    add("--seeds", type=_number(int, -1, 2**32), nargs="+", default=[1, 2, 3], help=SEEDS_HELP)
    add(
        "--learning-curve",
        type=_number(float, 0, 1.000001),
        nargs="+",
        default=[1.0],
        metavar="SHARE",
        help="train on these shares of the training data, each inside of the next, e.g. 0.25 0.5 1",
    )
    add("--out", type=Path, help="keep every run in this file, and do not repeat those in it")
    add("--json", type=Path, help="write the results as JSON")
    add("--markdown", type=Path, help="write the table as Markdown")
    add("--html", type=Path, help="write a page with charts, F1 of every label and confusions")


def _number(kind: Callable[[str], float], low: float, high: float) -> Callable[[str], float]:
    """A number between two bounds, which are themselves not allowed."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = low
        if not low < value < high:
            what = "whole number" if kind is int else "number"
            raise argparse.ArgumentTypeError(
                f"'{text}' is not allowed; it must be a {what} above {low:g} and below {high:g}"
            )
        return value

    return read


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for.

    Returns:
        The exit code: 0; 1 if a pipeline failed; 130 after Ctrl-C.

    Raises:
        InputError: if the input is wrong.
    """
    try:
        for path in (options.json, options.markdown, options.html):
            if path:
                check_writable(path)
        results = Results(options.out, RUN_IDENTITY)
        pipelines = read_pipelines(options.config)
        splits = _splits(options)
        jobs = plan(pipelines, options.seeds, splits)
        rows, failures = execute(jobs, results, tell)
        report = Report(f"Comparison on {options.nlu.name}", rows, failures)
        print(table(report))
        _write(report, options)
        return FAILED if failures else FINISHED
    except KeyboardInterrupt:
        kept = f"are in {options.out}; the same command goes on" if options.out else "are lost"
        tell(f"Stopped. Finished runs {kept}.")
        return INTERRUPTED


def tell(line: str) -> None:
    """Say how things are going, apart from the results."""
    print(line, file=sys.stderr, flush=True)


def read_pipelines(paths: Sequence[Path]) -> List[Pipeline]:
    """Read config files; a pipeline is called as its file or, where names repeat, its path.

    Raises:
        InputError: if a file is not a config, or named twice.
    """
    repeated = [path for number, path in enumerate(paths) if path in paths[:number]]
    if repeated:
        raise InputError(f"--config names '{repeated[0]}' twice; name each config once.")
    stems = [path.stem for path in paths]
    return [
        Pipeline(path.stem if stems.count(path.stem) == 1 else str(path), read_config(path))
        for path in paths
    ]


def plan(pipelines: Sequence[Pipeline], seeds: Sequence[int], splits: Sequence[Split]) -> List[Job]:
    """Every pipeline on every split with every seed; the first pipeline first."""
    unique = list(dict.fromkeys(seeds))
    return [Job(pipe, seed, split) for pipe in pipelines for split in splits for seed in unique]


def _splits(options: argparse.Namespace) -> List[Split]:
    nlu = read_messages(options.nlu)
    test = read_messages(options.test) if options.test else None
    shares = sorted(set(options.learning_curve))
    return make_splits(nlu, test, options.test_share, options.folds, shares)


def _write(report: Report, options: argparse.Namespace) -> None:
    def page(report: Report) -> str:
        # Here, as matplotlib takes a while to import.
        from rasa_joint_nlu.tools.compare.page import as_html

        return as_html(report)

    formats: List[Callable[[Report], str]] = [as_json, as_markdown, page]
    for path, form in zip((options.json, options.markdown, options.html), formats):
        if path:
            write(path, form(report))
