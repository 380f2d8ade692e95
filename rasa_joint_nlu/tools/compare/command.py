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
    check_writable,
    execute,
)
from rasa_joint_nlu.tools.errors import InputError

FINISHED, FAILED, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130


def compare(options: argparse.Namespace) -> int:
    """Do what the command line asks for.

    Returns:
        The exit code: 0; 1 if a pipeline failed; 2 if the input is wrong; 130 after Ctrl-C.
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
    except InputError as error:
        tell(f"error: {error}")
        return WRONG_INPUT
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
            path.write_text(form(report), encoding="utf-8")
