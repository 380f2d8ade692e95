"""The command `compare`: from options to a report."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Dict, List, Sequence

from rasa_joint_nlu import __version__
from rasa_joint_nlu.tools.cluster import Cluster
from rasa_joint_nlu.tools.compare.data import (
    Split,
    make_splits,
    read_config,
    read_messages,
    to_examples,
)
from rasa_joint_nlu.tools.compare.page import as_html
from rasa_joint_nlu.tools.compare.report import Report, as_json, as_markdown, table
from rasa_joint_nlu.tools.compare.runs import (
    RUN_IDENTITY,
    Job,
    OnCluster,
    OnThisMachine,
    Pipeline,
    Results,
    Runner,
    execute,
)
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.numbers import number, whole
from rasa_joint_nlu.tools.outputs import check_writable, write
from rasa_joint_nlu.tools.wording import counted
from rasa_joint_nlu.tools.workers import cores

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
        type=number(0.001, 0.999),
        default=0.2,
        metavar="SHARE",
        help="without --test: how much of --nlu to hold out, stratified by intent (default: 0.2)",
    )
    tested.add_argument(
        "--folds",
        type=whole(2, 1000),
        default=0,
        metavar="K",
        help="stratified cross-validation with K parts of --nlu",
    )
    add("--seeds", type=whole(0, 2**32 - 1), nargs="+", default=[1, 2, 3], help=SEEDS_HELP)
    add(
        "--learning-curve",
        type=number(0.001, 1),
        nargs="+",
        default=[1.0],
        metavar="SHARE",
        help="train on these shares of the training data, each inside of the next, e.g. 0.25 0.5 1",
    )
    workers = parser.add_mutually_exclusive_group()
    workers.add_argument(
        "--jobs",
        type=whole(1),
        default=len(cores()),
        metavar="N",
        help="how many runs go on at a time, each on its share of the cores (default: as many as "
        "there are cores); 1: one after the other, with all cores",
    )
    workers.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="let the workers of a Dask cluster do the runs, as tcp://host:8786",
    )
    _add_outputs(parser)


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--out", type=Path, help="keep every run in this file, and do not repeat those in it")
    add("--json", type=Path, help="write the results as JSON")
    add("--markdown", type=Path, help="write the tables as Markdown")
    add(
        "--html",
        type=Path,
        help="write a page with all of it: charts, sentences, labels, confusions, configs",
    )


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for.

    Returns:
        The exit code: 0; 1 if a pipeline failed; 130 after Ctrl-C.

    Raises:
        InputError: if the input is wrong, or Rasa 3.6 is not installed.
    """
    try:
        version("rasa")
    except PackageNotFoundError as error:
        raise InputError(
            "compare trains with Rasa 3.6, which is not installed: on Python 3.8 to 3.10, "
            "pip install 'rasa>=3.6.21,<3.7'."
        ) from error
    try:
        check_writable(options.json, options.markdown, options.html)
        results = Results(options.out, RUN_IDENTITY)
        pipelines = read_pipelines(options.config)
        splits = _splits(options)
        jobs = plan(pipelines, options.seeds, splits)
        with contextlib.ExitStack() as stack:
            runner: Runner = OnThisMachine(min(options.jobs, len(jobs)))
            if options.scheduler:
                runner = OnCluster(stack.enter_context(Cluster(options.scheduler)))
            rows, failures = execute(jobs, results, tell, runner)
        report = Report(
            f"Comparison on {options.nlu.name}",
            rows,
            failures,
            {split.fold: to_examples(split.test) for split in splits},
            {pipeline.name: pipeline.text for pipeline in pipelines},
            about(options, runner.number),
        )
        print(table(report))
        _write(report, options)
        return FAILED if failures else FINISHED
    except KeyboardInterrupt:
        kept = f"are in {options.out}; the same command goes on" if options.out else "are lost"
        tell(f"Stopped. Finished runs {kept}.")
        return INTERRUPTED


def tell(line: str) -> None:
    """Say how things are going, apart from the results."""
    # At once, as several runs may tell at the same time.
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def about(options: argparse.Namespace, at_a_time: int) -> Dict[str, str]:
    """What was compared with what, and when: what a reader of the results has to know."""
    where = "workers of a cluster" if options.scheduler else counted(len(cores()), "core")
    tested = f"{options.test}" if options.test else f"{options.test_share:.0%} of it, held out"
    return {
        "date": datetime.date.today().isoformat(),
        "data": f"{options.nlu}",
        "tested on": f"{options.folds} folds" if options.folds else tested,
        "seeds": " ".join(map(str, options.seeds)),
        "versions": f"rasa-joint-nlu {__version__}, Rasa {version('rasa')}, "
        f"Python {platform.python_version()}",
        "runs at a time": f"{at_a_time}, on {where}",
    }


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
        Pipeline(
            path.stem if stems.count(path.stem) == 1 else str(path),
            read_config(path),
            path.read_text(encoding="utf-8", errors="replace"),
        )
        for path in paths
    ]


def plan(pipelines: Sequence[Pipeline], seeds: Sequence[int], splits: Sequence[Split]) -> List[Job]:
    """Every pipeline on every split with every seed.

    All pipelines come early, so that one that fails is seen early, and it is known early how long
    all will take.
    """
    unique = list(dict.fromkeys(seeds))
    return [Job(pipe, seed, split) for seed in unique for split in splits for pipe in pipelines]


def _splits(options: argparse.Namespace) -> List[Split]:
    nlu = read_messages(options.nlu)
    test = read_messages(options.test) if options.test else None
    shares = sorted(set(options.learning_curve))
    return make_splits(nlu, test, options.test_share, options.folds, shares)


def _write(report: Report, options: argparse.Namespace) -> None:
    for path, form in (
        (options.json, as_json),
        (options.markdown, as_markdown),
        (options.html, as_html),
    ):
        if path:
            write(path, form(report))
