"""The command `annotate`: from options to files."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence, Set, Union

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from rasa_joint_nlu import __version__
from rasa_joint_nlu.tools.annotate.annotator import (
    JSON_LINES,
    PACKED,
    PARQUET,
    Part,
    Recipe,
    Task,
    annotate,
    packed,
)
from rasa_joint_nlu.tools.annotate.inputs import RECORDS, Source, parquet, sources_of
from rasa_joint_nlu.tools.annotate.parts import Parts
from rasa_joint_nlu.tools.annotate.records import Piece, Rejected, Rows
from rasa_joint_nlu.tools.cluster import Cluster
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.numbers import number, whole
from rasa_joint_nlu.tools.outputs import check_writable, tell_notes
from rasa_joint_nlu.tools.wording import counted
from rasa_joint_nlu.tools.workers import Processes, cores

FINISHED, REJECTED, INTERRUPTED = 0, 1, 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Write what a model understands of each of many messages, in their order. What is stopped "
        "or killed goes on with the same command."
    )
    add = parser.add_argument
    add("model", type=Path, metavar="MODEL", help="a folder that 'train' wrote, or Rasa's .tar.gz")
    add(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="texts, one a line (.txt, .log); JSON lines, CSV, Parquet; NLU data; trackers, as "
        "JSON or as a SQL database (.db or a URL); each also with .gz; files or folders",
    )
    add(
        "--out",
        type=Path,
        required=True,
        metavar="OUT",
        help="the file to write: .jsonl, .jsonl.gz or .parquet",
    )
    add(
        "--column",
        default="text",
        metavar="NAME",
        help="where the text stands in a table, or in an object of JSON (default: text)",
    )
    workers = parser.add_mutually_exclusive_group()
    workers.add_argument(
        "--jobs",
        type=whole(1),
        default=len(cores()),
        metavar="N",
        help="how many processes annotate (default: as many as there are cores)",
    )
    workers.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="annotate on the workers of a Dask cluster, as tcp://host:8786",
    )
    _add_outputs(parser)


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--top", type=whole(1), default=3, metavar="N", help="intents to name (default: 3)")
    add(
        "--uncertain",
        type=whole(1),
        default=0,
        metavar="N",
        help="write the N messages of which the model is the least sure into OUT.uncertain.yml, as "
        "NLU data to be corrected",
    )
    add(
        "--as-nlu",
        type=number(0, 1),
        metavar="BOUND",
        help="write all messages of which the model is at least so sure (0 to 1) into "
        "OUT.sure.yml, as NLU data",
    )


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for.

    Returns:
        The exit code: 0; 1 if something was rejected; 130 after Ctrl-C.

    Raises:
        InputError: if something given is wrong.
    """
    recipe = _recipe(options)
    parts = Parts(options.out, recipe)
    sources = _sources(options, parts)
    try:
        done = parts.begin(_about(recipe, sources))
        return _run(options, recipe, parts, sources, done)
    except KeyboardInterrupt:
        print("Stopped. The same command goes on.", file=sys.stderr)
        return INTERRUPTED
    finally:
        parts.leave()


def _recipe(options: argparse.Namespace) -> Recipe:
    forms = [form for form in (PACKED, JSON_LINES, PARQUET) if options.out.name.endswith(form)]
    if not forms:
        raise InputError(f"'{options.out}' must end in {JSON_LINES}, {PACKED} or {PARQUET}.")
    if forms[0] == PARQUET:
        parquet()
    check_writable(options.out)
    model = load_model(options.model)
    tell_notes(*model.pipeline.notes)
    wants_nlu = options.uncertain or options.as_nlu is not None
    if wants_nlu and not model.pipeline.settings.intent_classification:
        raise InputError("The model classifies no intents, without which there is no NLU data.")
    return Recipe(
        str(options.model),
        packed(options.model),
        forms[0],
        options.top,
        options.uncertain,
        options.as_nlu,
    )


def _sources(options: argparse.Namespace, parts: Parts) -> List[Source]:
    """The inputs; of databases, as much as there was when the run began."""
    before = parts.before() or {}
    last = {name: number for name, *_, number in before.get("inputs", [])}
    return [
        dataclasses.replace(source, last=last.get(source.name, source.last))
        for source in sources_of(options.inputs, options.column, parts.has)
    ]


def _about(recipe: Recipe, sources: Sequence[Source]) -> Dict[str, Any]:
    """What decides the output: who goes on with a run must agree on it."""
    return {
        "version": __version__,
        "model": recipe.digest,
        "inputs": [[s.name, s.kind, s.column, s.size, s.changed, s.last] for s in sources],
        "options": [recipe.form, recipe.top, recipe.uncertain, recipe.sure],
        "messages a part": RECORDS,
    }


def _run(
    options: argparse.Namespace,
    recipe: Recipe,
    parts: Parts,
    sources: Sequence[Source],
    done: Set[int],
) -> int:
    if done:
        print(
            f"Going on: {counted(len(done), 'part')} of '{parts.out}' are there.", file=sys.stderr
        )
    start = time.perf_counter()
    messages = count = 0

    def left() -> Iterator[Task]:
        nonlocal count
        for task in _tasks(sources):
            count += 1
            if task.number not in done:
                yield task

    workers: Union[Processes, Cluster] = Processes(options.jobs)
    if options.scheduler:
        workers = Cluster(options.scheduler)
    with workers, _Progress(sources) as progress:
        for part in workers.each(annotate, recipe, left()):
            parts.keep(part)
            messages += part.messages
            progress.show(part)
    parts.finish(count)
    seconds = time.perf_counter() - start
    print(
        f"{counted(messages, 'message')} in {seconds:.1f} s, {messages / seconds:,.0f} a second: "
        f"'{parts.out}'.",
        file=sys.stderr,
    )
    if not parts.rejected.exists():
        return FINISHED
    print(f"What could not be read, and why: '{parts.rejected}'.", file=sys.stderr)
    return REJECTED


def _tasks(sources: Sequence[Source]) -> Iterator[Task]:
    """The parts to be made, always the same of the same sources."""
    pieces: List[Piece] = []
    number = records = read = 0
    for source in sources:
        for piece in _readable(source, is_first=not (number or pieces)):
            pieces.append(piece)
            records += piece.size
            if records >= RECORDS:
                yield Task(number, tuple(pieces), read + piece.position)
                pieces, records, number = [], 0, number + 1
        read += source.size
    if pieces:
        yield Task(number, tuple(pieces), read)


def _readable(source: Source, is_first: bool) -> Iterator[Piece]:
    """The pieces of a source; of one that cannot be read, why not, as others may be."""
    try:
        for piece in source.pieces():
            is_first = False
            yield piece
    except InputError as error:
        if is_first:
            raise
        yield Rows(source.name, (Rejected(0, str(error)),))


class _Progress:
    """How much was read, if that is known, and how much is done, where there is a terminal."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._messages = 0
        self._bar = Progress(
            BarColumn(),
            TextColumn("{task.percentage:.0f} %"),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=max(1, sum(source.size for source in sources)))
        self._position = 0

    def show(self, part: Part) -> None:
        """Say that a part is done."""
        self._messages += part.messages
        self._position = max(self._position, part.position)
        described = counted(self._messages, "message")
        self._bar.update(self._task, completed=self._position, description=described)

    def __enter__(self) -> _Progress:
        if self._bar.console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, *_: Any) -> None:
        if self._bar.console.is_terminal:
            self._bar.stop()
