"""The command line: `python -m rasa_joint_nlu compare --help`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Callable, List, Optional

SEEDS_HELP = (
    "train once with each (default: 1 2 3). A seed is put into every component of the pipeline "
    "whose options include random_seed or random_state, in place of its own; for a pipeline "
    "without any, one seed is enough"
)


def main(arguments: Optional[List[str]] = None) -> int:
    """Do what the command line asks for, and return the exit code."""
    parser = argparse.ArgumentParser(
        "python -m rasa_joint_nlu", description="Tools beside the Rasa component."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_compare(commands.add_parser("compare", help="compare pipelines on your own data"))
    options = parser.parse_args(arguments)
    # Here, so that --help is quick.
    from rasa_joint_nlu.tools.compare.command import compare

    return compare(options)


def _add_compare(parser: argparse.ArgumentParser) -> None:
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


if __name__ == "__main__":
    sys.exit(main())
