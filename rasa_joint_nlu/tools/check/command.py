"""The command `check`: NLU data → what is wrong with it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Sequence, Tuple

from rich.console import Console

from rasa_joint_nlu.core.errors import JointNLUError
from rasa_joint_nlu.tools.check.checks import check, in_order
from rasa_joint_nlu.tools.check.corpus import Corpus
from rasa_joint_nlu.tools.check.doubts import LIKELY, doubts, of_folds, of_model
from rasa_joint_nlu.tools.check.findings import LEVELS, Finding
from rasa_joint_nlu.tools.check.inputs import read_domain, read_setup
from rasa_joint_nlu.tools.check.report import Report, as_html, as_json, print_report
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.nlu_files import NluData, read_nlu
from rasa_joint_nlu.tools.numbers import whole
from rasa_joint_nlu.tools.outputs import check_writable, write
from rasa_joint_nlu.tools.train import read_pipeline

FOUND = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Look at NLU data before it is trained on, and say what is wrong: where, what it does to "
        "the model, and what to do. The exit code is 1 if there is an error; see --fail-on."
    )
    add = parser.add_argument
    add("--nlu", type=Path, nargs="+", required=True, metavar="PATH", help="NLU files or folders")
    add(
        "--config",
        type=Path,
        help="a config.yml of Rasa's, for its tokenizer and language (default: UnicodeTokenizer)",
    )
    add("--domain", type=Path, help="a domain file or folder, whose labels must be those in use")
    add("--test", type=Path, nargs="+", metavar="PATH", help="NLU data that the model is tested on")
    judges = parser.add_mutually_exclusive_group()
    judges.add_argument(
        "--folds",
        type=whole(2, 100),
        metavar="K",
        help="train on all but one of K parts, in turn, and say which labels of that part the "
        "model doubts",
    )
    judges.add_argument("--model", type=Path, help="a trained model, to say which labels it doubts")
    add("--json", type=Path, metavar="FILE", help="write all findings as JSON")
    add("--html", type=Path, metavar="FILE", help="write all findings as a page")
    add(
        "--fail-on",
        choices=LEVELS[:2],
        default=LEVELS[0],
        help="the level from which on the exit code is 1 (default: error)",
    )


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    check_writable(options.json, options.html)
    setup = read_setup(options.config)
    corpus = Corpus(
        read_nlu(options.nlu),
        read_nlu(options.test) if options.test else NluData(),
        setup,
        read_domain(options.domain) if options.domain else None,
    )
    doubted, remarks = _doubted(corpus, options)
    report = report_of(corpus, doubted, remarks)
    print_report(report, Console(highlight=False, emoji=False, markup=False))
    for path, form in ((options.json, as_json), (options.html, as_html)):
        if path:
            write(path, form(report))
    failing = LEVELS[: LEVELS.index(options.fail_on) + 1]
    return FOUND if any(report.counts[level] for level in failing) else 0


def _doubted(
    corpus: Corpus, options: argparse.Namespace
) -> Tuple[Sequence[Finding], Sequence[str]]:
    """What models doubt, if they are asked; or why they say nothing."""
    if options.model:
        return list(doubts(of_model(corpus, load_model(options.model)), LIKELY)), ()
    if not options.folds:
        return (), ()
    pipeline = read_pipeline(options.config)
    try:
        judged = of_folds(corpus, pipeline, options.folds, _tell)
    except (InputError, JointNLUError) as error:
        # What else was found may be why.
        return (), (f"No model could be trained, so none judges the labels: {error}",)
    return list(doubts(judged)), ()


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


def report_of(
    corpus: Corpus, doubted: Sequence[Finding] = (), remarks: Sequence[str] = ()
) -> Report:
    """Check data, and count what was checked."""
    remarks = list(remarks)
    if corpus.setup.tokenizer is None:
        remarks.append(
            f"{corpus.setup.tokenizer_name} runs in Rasa only: whether annotations fit its tokens "
            f"is not checked."
        )
    return Report(
        in_order([*check(corpus), *doubted]),
        len(corpus.sentences),
        len(corpus.by_intent),
        len({mention.entity.type for mention in corpus.mentions}),
        corpus.setup.tokenizer_name,
        tuple(remarks),
    )
