"""The command `test`: a model and NLU files → how good the model is on them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Dict

from tabulate import tabulate

from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.html_files import render
from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.nlu_files import read_nlu
from rasa_joint_nlu.tools.outputs import check_writable, tell_notes, write
from rasa_joint_nlu.tools.scores import (
    THRESHOLDS,
    Counts,
    Fallback,
    Scores,
    asked_of,
    errors,
    score,
)
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
    add("--html", type=Path, metavar="FILE", help="write the figures as a page")
    add("--errors", type=Path, metavar="FILE", help="write the misunderstood messages as JSON")


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    check_writable(options.json, options.html, options.errors)
    model = load_model(options.model)
    data = read_nlu(options.nlu)
    tell_notes(*model.pipeline.notes, *data.notes)
    examples = to_examples(data.distinct_messages(), model.pipeline)
    if not examples:
        raise InputError("There are no messages in the data to test on.")
    settings = model.pipeline.settings
    for task, is_done in (
        ("classifies no intents", settings.intent_classification),
        ("extracts no entities", settings.entity_recognition),
    ):
        if not is_done:
            tell_notes(f"the model {task}, and is not asked for any.")
    examples = asked_of(settings, examples)
    predictions = model.model.predict(examples)
    scores = score(examples, predictions)
    print(readable(scores))
    if options.json:
        write(options.json, _as_json(scores.to_dict()))
    if options.html:
        write(options.html, as_html(scores, options.model))
    if options.errors:
        write(options.errors, _as_json(errors(examples, predictions)))
    return 0


def _as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_html(scores: Scores, model: Path) -> str:
    """All figures on one page that needs nothing else."""
    curves = {
        name: [
            (each.threshold, getattr(each, name))
            for each in scores.fallback.curve
            if getattr(each, name) is not None
        ]
        for name in ("lost", "caught", "out_of_scope")
    }
    return render("test.html", scores=scores, model=str(model), curves=curves)


def readable(scores: Scores) -> str:
    """All figures as tables, in %."""
    has_intents = bool(scores.intents)
    has_entities = bool(scores.entities.true or scores.entities.predicted)
    calibration = scores.calibration
    figures = (
        ("intent accuracy", has_intents, f"{scores.intent_accuracy:.1%}"),
        ("entity F1", has_entities, f"{scores.entities.f1:.1%}"),
        ("span F1, whatever the label", has_entities, f"{scores.spans.f1:.1%}"),
        ("frame accuracy", has_intents, f"{scores.frame_accuracy:.1%}"),
        ("calibration error of intents", has_intents, f"{calibration['intents'].error:.1%}"),
        ("calibration error of entities", has_entities, f"{calibration['entities'].error:.1%}"),
        ("threshold that loses 3% at most", has_intents, f"{scores.fallback.advised:.2f}"),
    )
    summary = [("messages", f"{scores.messages}")]
    summary += [(name, figure if is_known else "–") for name, is_known, figure in figures]
    parts = [tabulate(summary, tablefmt="plain", disable_numparse=True, colalign=("left", "right"))]
    parts += [
        _table(title, labels)
        for title, labels in (
            ("intent", scores.intents),
            ("entity", scores.types),
            ("role", scores.roles),
        )
        if labels
    ]
    for title, confusions in (("intent", scores.confusions), ("entity", scores.type_confusions)):
        if confusions:
            shown = confusions[:SHOWN_CONFUSIONS]
            table = tabulate(
                [(*names, str(times)) for *names, times in shown],
                headers=(title, "taken for", "times"),
                tablefmt="simple",
                # A name may look like a number.
                disable_numparse=True,
                colalign=("left", "left", "right"),
            )
            parts.append(table)
            if len(shown) < len(confusions):
                parts.append(f"and {len(confusions) - len(shown)} confusions more")
    if has_intents:
        parts.append(_fallback(scores.fallback))
    return "\n\n".join(parts)


def _fallback(fallback: Fallback) -> str:
    """What falls back, at every tenth threshold and at the one advised."""
    shown = [
        each
        for number, each in enumerate(fallback.curve)
        if number % (THRESHOLDS // 10) == 0 or each.threshold == fallback.advised
    ]
    rows = [
        (
            f"{each.threshold:.2f}",
            f"{each.lost:.1%}",
            f"{each.caught:.1%}",
            "" if each.out_of_scope is None else f"{each.out_of_scope:.1%}",
        )
        for each in shown
    ]
    table: str = tabulate(
        rows,
        headers=("below", "right, lost", "wrong, caught", "out of scope, caught"),
        tablefmt="simple",
        disable_numparse=True,
        colalign=("right",) * 4,
    )
    return table


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
