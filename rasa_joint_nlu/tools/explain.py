"""The command `explain`: why a model understands a text as it does."""

from __future__ import annotations

import argparse
import json
import math
import re
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from rich.console import Console
from rich.text import Text

from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.serving.explain import EntityReasons, Explanation
from rasa_joint_nlu.tools.html_files import render
from rasa_joint_nlu.tools.models import NLUModel, load_model
from rasa_joint_nlu.tools.nearest import Neighbour, nearest
from rasa_joint_nlu.tools.nlu_files import read_nlu
from rasa_joint_nlu.tools.outputs import check_writable, tell_notes, write
from rasa_joint_nlu.tools.wording import harmless

NO_WORD = "(no word)"
BAR = 24
"""Characters of the longest bar."""
DECISIVE = 0.01
"""What decides an entity makes it at least so much more probable."""
SHOWN_REASONS, SHOWN_READINGS = 3, 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Show why a model understands a text as it does: what each word adds to the intent against "
        "the next one, which words decide an entity and what else it may be, and what of the text "
        "is new to the model."
    )
    add = parser.add_argument
    add("model", type=Path, metavar="MODEL", help="a folder that 'train' wrote, or Rasa's .tar.gz")
    add("text", metavar="TEXT", help="the message")
    add(
        "--nlu", type=Path, nargs="+", metavar="PATH", help="show the nearest examples of this data"
    )
    add("--json", type=Path, metavar="FILE", help="write all of it as JSON")
    add("--html", type=Path, metavar="FILE", help="write it as a page")


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    check_writable(options.json, options.html)
    model = load_model(options.model)
    tell_notes(*model.pipeline.notes)
    explanation = model.model.explain(model.pipeline.example(options.text.strip()))
    neighbours = near(model, explanation.example, options.nlu) if options.nlu else []
    print_explanation(explanation, neighbours, Console(highlight=False))
    if options.json:
        write(options.json, as_json(explanation, neighbours))
    if options.html:
        write(options.html, as_html(explanation, neighbours))
    return 0


def near(model: NLUModel, example: Example, paths: Sequence[Path]) -> List[Neighbour]:
    """The examples of NLU data that have most in common with one."""
    data = read_nlu(paths)
    tell_notes(*data.notes)
    messages = data.distinct_messages()
    examples = [model.pipeline.example(message.text) for message in messages]
    return nearest(example, examples, messages)


def bars(explanation: Explanation) -> List[Tuple[str, float, float]]:
    """`(token, what it adds to the top intent against the next, that in parts of the most)`."""
    added = explanation.difference(0) if len(explanation.intents) > 1 else ()
    most = max(map(abs, added), default=0.0) or 1.0
    return [(t.text, a, a / most) for t, a in zip(explanation.example.tokens, added)]


def decisive(explanation: Explanation, entity: EntityReasons) -> List[Tuple[str, float]]:
    """The tokens and features that decide an entity, and how probable it is without each."""
    names = [token.text for token in explanation.example.tokens]
    names += map(featurizer_of, entity.features)
    falls = [*entity.tokens, *entity.features.values()]
    sure = confidence(explanation, entity)
    without = [(name, sure * min(1.0, math.exp(-fall))) for name, fall in zip(names, falls)]
    ranked = sorted(without, key=lambda pair: pair[1])[:SHOWN_REASONS]
    return [(name, probability) for name, probability in ranked if sure - probability >= DECISIVE]


def featurizer_of(feature: str) -> str:
    """The name or alias of the featurizer that a feature is of.

    >>> featurizer_of("run_RegexFeaturizer1/sequence"), featurizer_of("regex/sequence")
    ('RegexFeaturizer', 'regex')
    """
    origin = feature.rpartition("/")[0]
    return re.sub(r"^run_(.+?)\d+$", r"\1", origin)


def confidence(explanation: Explanation, entity: EntityReasons) -> float:
    """How probable an entity is; commas may have cut it into several of the prediction."""
    own = (entity.start, entity.end, entity.type)
    return next(r.confidence for r in entity.readings if (r.start, r.end, r.type) == own)


def others(explanation: Explanation, entity: EntityReasons) -> List[str]:
    """What else the place of an entity may be."""
    text, own = explanation.example.text, (entity.start, entity.end, entity.type)
    return [
        f"'{text[r.start : r.end]}' ({r.type}) {r.confidence:.0%}"
        for r in entity.readings
        if (r.start, r.end, r.type) != own
    ][:SHOWN_READINGS]


def print_explanation(
    explanation: Explanation, neighbours: Sequence[Neighbour], console: Console
) -> None:
    """Print it for people."""

    def line(*parts: Tuple[str, str]) -> None:
        shown = [(harmless(text), style) for text, style in parts]
        console.print(Text.assemble(*shown), soft_wrap=True)

    line((explanation.example.text, "bold"))
    if not explanation.example.tokens:
        line(("There is no word in it to understand.", "dim"))
        return
    _print_intents(explanation, line)
    for entity in explanation.entities:
        found = explanation.example.text[entity.start : entity.end]
        sure = confidence(explanation, entity)
        reasons = [f"{name} (without it {p:.0%})" for name, p in decisive(explanation, entity)]
        line((f"'{found}'", "bold"), (f" is {entity.type} ({sure:.0%})", ""))
        line(("  decided by  ", "dim"), (", ".join(reasons) or "no single word", ""))
        if others(explanation, entity):
            line(("  or else     ", "dim"), (", ".join(others(explanation, entity)), ""))
    if explanation.scope:
        scope = explanation.scope
        new = [explanation.example.text[start:end] for start, end in scope.unknown_words]
        line(
            (f"in scope {scope.in_scope:.0%}", "bold"),
            (f"  unknown words: {', '.join(new) or 'none'};", ""),
            (f" {scope.unknown_pairs} of {scope.pairs} pairs of neighbours are new", ""),
        )
    for neighbour in neighbours:
        line(
            (f"{neighbour.likeness:.0%} like  ", "dim"),
            (f"{neighbour.message.text}  ", ""),
            (f"{neighbour.message.intent}  ", "bold"),
            (f"{neighbour.message.place}", "blue"),
        )


def _print_intents(explanation: Explanation, line: Any) -> None:
    if not explanation.intents:
        return
    top = explanation.intents[0]
    line(("intent ", "dim"), (top.name, "bold"), (f" ({top.confidence:.0%})", ""))
    if len(explanation.intents) < 2:
        return
    following = explanation.intents[1]
    line((f"  what speaks for it against {following.name} ({following.confidence:.0%}):", "dim"))
    width = max(len(NO_WORD), *(len(token.text) for token in explanation.example.tokens))
    for token, added, part in bars(explanation):
        bar = "█" * round(abs(part) * BAR)
        line((f"  {token:<{width}} {added:+6.2f} ", ""), (bar, "green" if added > 0 else "red"))
    line((f"  {NO_WORD:<{width}} {top.base - following.base:+6.2f}", "dim"))
    line((f"  {'together':<{width}} {top.logit - following.logit:+6.2f}", "bold"))


def as_json(explanation: Explanation, neighbours: Sequence[Neighbour]) -> str:
    """All of it for machines."""
    content: Dict[str, Any] = explanation.to_dict()
    content["nearest"] = [
        {
            "text": neighbour.message.text,
            "intent": neighbour.message.intent,
            "file": neighbour.message.place.file,
            "line": neighbour.message.place.line,
            "likeness": neighbour.likeness,
        }
        for neighbour in neighbours
    ]
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_html(explanation: Explanation, neighbours: Sequence[Neighbour]) -> str:
    """All of it on one page that needs nothing else."""
    return render(
        "explain.html",
        explanation=explanation,
        bars=bars(explanation),
        confidence=confidence,
        decisive=decisive,
        others=others,
        neighbours=neighbours,
    )
