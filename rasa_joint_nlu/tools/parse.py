"""The command `parse`: texts → what a model understands of them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Dict, Iterable, List

from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.outputs import tell_notes
from rasa_joint_nlu.tools.wording import harmless


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Show what a model understands of texts: intent, entities, and how sure it is of them. "
        "Messages such as /greet, which Rasa takes for commands, are texts like any other."
    )
    add = parser.add_argument
    add("model", type=Path, metavar="MODEL", help="a folder that 'train' wrote, or Rasa's .tar.gz")
    add("text", nargs="*", metavar="TEXT", help="default: each line of standard input")
    add("--json", action="store_true", help="print JSON, as 'rasa shell nlu' prints it")


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    model = load_model(options.model)
    tell_notes(*model.pipeline.notes)
    if not options.text and sys.stdin.isatty():
        print("Type a message and press Enter; Ctrl+D ends it.", file=sys.stderr)
    for texts in [options.text] if options.text else _lines(sys.stdin):
        for answer in model.parse(texts):
            print(_as_json(answer) if options.json else readable(answer), flush=not options.text)
    return 0


def _lines(lines: Iterable[str]) -> Iterable[List[str]]:
    """Each line by itself: whoever sends one may wait for its answer."""
    for line in lines:
        # A file may begin with a byte order mark.
        yield [line.lstrip("\ufeff")]


def _as_json(answer: Dict[str, Any]) -> str:
    # What another encoding lacks would be escaped as JSON does not know it.
    is_utf = (sys.stdout.encoding or "utf").lower().startswith("utf")
    return json.dumps(answer, ensure_ascii=not is_utf, indent=2)


def readable(answer: Dict[str, Any]) -> str:
    """An answer as people read it.

    >>> greet = {"name": "greet", "confidence": 1.0}
    >>> print(readable({"text": "hi", "intent": greet, "entities": []}))
    hi
      intent  greet  (100%)
    >>> print(readable({"text": "hi", "intent": {"name": None}, "entities": []}))
    hi
    """
    text, intent = answer["text"], answer["intent"]
    lines = [text]
    # A model of entities alone has no ranking.
    if intent["name"] or "intent_ranking" in answer:
        lines.append(f"  intent  {intent['name']}  ({intent['confidence']:.0%})")
    for entity in answer["entities"]:
        labels = [entity["entity"], *(entity.get(key) for key in ("role", "group"))]
        label = " / ".join(filter(None, labels))
        found = text[entity["start"] : entity["end"]]
        value = "" if entity["value"] == found else f" = {entity['value']}"
        lines.append(f"  {label:<24} {found}{value}  ({entity['confidence_entity']:.0%})")
    return "\n".join(map(harmless, lines))
