"""The command `test`: a model and NLU files → how good the model is on them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Dict

from tabulate import tabulate

from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.nlu_files import read_nlu
from rasa_joint_nlu.tools.scores import Counts, Scores, score
from rasa_joint_nlu.tools.train import to_examples

SHOWN_CONFUSIONS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Score a model on Rasa NLU data: intents, entities (right only if span, type, role and "
        "group all are), and whole messages. A FallbackClassifier counts for nothing here."
    )
    add = parser.add_argument
    add("model", type=Path, metavar="MODEL", help="a folder that 'train' wrote, or Rasa's .tar.gz")
    add("nlu", type=Path, nargs="+", metavar="NLU", help="NLU files or folders")
    add("--json", type=Path, metavar="FILE", help="write the figures as JSON")


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    if options.json and not options.json.resolve().parent.is_dir():
        raise InputError(f"'{options.json}' cannot be written: there is no such folder.")
    model = load_model(options.model)
    data = read_nlu(options.nlu)
    for note in (*model.pipeline.notes, *data.notes):
        print(f"note: {note}", file=sys.stderr)
    examples = to_examples(data.distinct_messages(), model.pipeline)
    if not examples:
        raise InputError("There are no messages in the data to test on.")
    scores = score(examples, model.model.predict(examples))
    print(readable(scores))
    if options.json:
        text = json.dumps(scores.to_dict(), ensure_ascii=False, indent=2)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


def readable(scores: Scores) -> str:
    """All figures as tables, in %."""
    summary = [
        ("messages", f"{scores.messages}"),
        ("intent accuracy", f"{scores.intent_accuracy:.1%}"),
        ("entity F1", f"{scores.entities.f1:.1%}"),
        ("frame accuracy", f"{scores.frame_accuracy:.1%}"),
    ]
    parts = [tabulate(summary, tablefmt="plain", disable_numparse=True, colalign=("left", "right"))]
    parts += [
        _table(title, labels)
        for title, labels in (("intent", scores.intents), ("entity", scores.types))
        if labels
    ]
    if scores.confusions:
        shown = scores.confusions[:SHOWN_CONFUSIONS]
        parts.append(tabulate(shown, headers=("intent", "taken for", "times"), tablefmt="simple"))
        if len(shown) < len(scores.confusions):
            parts.append(f"and {len(scores.confusions) - len(shown)} confusions more")
    return "\n\n".join(parts)


def _table(title: str, labels: Dict[str, Counts]) -> str:
    rows = [
        (name, *(f"{figure:.1%}" for figure in (of.precision, of.recall, of.f1)), str(of.true))
        for name, of in labels.items()
    ]
    table: str = tabulate(
        rows,
        headers=(title, "precision", "recall", "F1", "examples"),
        tablefmt="simple",
        disable_numparse=True,
        colalign=("left", *["right"] * 4),
    )
    return table
