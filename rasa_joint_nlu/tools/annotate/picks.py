"""Annotated messages as NLU YAML: those to be corrected first, and those that are sure."""

from __future__ import annotations

import heapq
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Iterable, Iterator, List, NamedTuple, Optional, Sequence

from rasa_joint_nlu.core.data import PredictedEntity, Prediction
from rasa_joint_nlu.tools.wording import counted

_PLAIN = re.compile(r"[^:()\[\]{}\"\\]+")
"""A type that can stand in parentheses."""
_BREAKS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""What YAML does not take, or takes for the end of a line."""


class Pick(NamedTuple):
    """A message of an intent as a line of NLU YAML, and how sure its annotation is."""

    certainty: float
    intent: str
    line: str
    remark: str


def certainty(prediction: Prediction) -> float:
    """How sure the model is of all that it says of a message: as sure as of the least sure part.

    >>> from rasa_joint_nlu.core.data import IntentScore
    >>> sure = PredictedEntity(0, 4, "city", confidence=0.6)
    >>> certainty(Prediction((IntentScore("greet", 0.9),), (sure,)))
    0.6
    """
    parts = [intent.confidence for intent in prediction.intents[:1]]
    for entity in prediction.entities:
        parts += [entity.confidence, entity.role_confidence or 1, entity.group_confidence or 1]
    return min(parts, default=0.0)


def pick(text: str, prediction: Prediction) -> Optional[Pick]:
    """A message for NLU YAML; None if that cannot hold it, or it has no intent."""
    line = annotated(text, prediction.entities)
    if line is None or prediction.intent is None:
        return None
    remarks = [", ".join(f"{of.name} {of.confidence:.2f}" for of in prediction.intents[:3])]
    if prediction.entities:
        remarks.append(", ".join(f"{of.type} {of.confidence:.2f}" for of in prediction.entities))
    if prediction.out_of_scope is not None:
        remarks.append(f"out of scope {prediction.out_of_scope:.2f}")
    return Pick(certainty(prediction), prediction.intent, line, "; ".join(remarks))


def annotated(text: str, entities: Sequence[PredictedEntity]) -> Optional[str]:
    """A text with its entities in brackets, or None if it cannot be written so.

    >>> annotated("to Rome", [PredictedEntity(3, 7, "city", role="to")])
    'to [Rome]{"entity": "city", "role": "to"}'
    """
    if "[" in text or "]" in text or text != text.strip():
        return None
    parts, end = [], 0
    for entity in sorted(entities, key=lambda each: each.start):
        of = {"entity": entity.type, "role": entity.role, "group": entity.group}
        named = {name: value for name, value in of.items() if value is not None}
        written = f"({entity.type})"
        if len(named) > 1 or not _PLAIN.fullmatch(entity.type):
            written = json.dumps(named, ensure_ascii=False)
        if entity.start < end or "}" in written[:-1]:
            return None
        parts += [text[end : entity.start], f"[{text[entity.start : entity.end]}]{written}"]
        end = entity.end
    line = "".join([*parts, text[end:]])
    return None if _BREAKS.search(line) else line


def most_uncertain(picks: Iterable[Pick], number: int) -> List[Pick]:
    """The least certain ones, the least of all first; of those with one text, the first."""
    best: List[Pick] = []
    for some in _batches(picks, 10 * number):
        distinct = {each.line: each for each in reversed([*best, *some])}
        best = heapq.nsmallest(number, reversed(list(distinct.values())), key=lambda p: p.certainty)
    return best


def _batches(picks: Iterable[Pick], size: int) -> Iterator[List[Pick]]:
    batch: List[Pick] = []
    for each in picks:
        batch.append(each)
        if len(batch) == size:
            yield batch
            batch = []
    yield batch


def write_uncertain(picks: Sequence[Pick], path: Path) -> None:
    """Write messages to be corrected, each with what the model thinks of it."""
    with path.open("w", encoding="utf-8") as file:
        # A file of ASCII characters alone would be read with escapes.
        file.write(
            f"# {counted(len(picks), 'message')} of which the model is the least sure – correct "
            f"intents and entities, then train with them.\n"
        )
        file.write('version: "3.1"\nnlu:\n' if picks else 'version: "3.1"\nnlu: []\n')
        for each in picks:
            remark = _BREAKS.sub(" ", each.remark)
            file.write(f"# {remark}\n- intent: {_quoted(each.intent)}\n  examples: |\n")
            file.write(f"    - {each.line}\n")


def write_sure(picks: Iterable[Pick], path: Path, folder: Path) -> int:
    """Write messages by intent, each once.

    Args:
        folder: where a database may be while they are sorted.

    Returns:
        How many there are.
    """
    database = folder / "sure.db"
    database.unlink(missing_ok=True)
    with closing(sqlite3.connect(str(database))) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE picks (line TEXT PRIMARY KEY, intent TEXT)")
        rows = ((each.line, each.intent) for each in picks)
        connection.executemany("INSERT OR IGNORE INTO picks VALUES (?, ?)", rows)
        connection.commit()
        with path.open("w", encoding="utf-8") as file:
            file.write("# Annotated by a model that was sure – look at them before you train.\n")
            file.write('version: "3.1"\n')
            intent, number = None, 0
            for line, of in connection.execute("SELECT line, intent FROM picks ORDER BY 2, rowid"):
                if of != intent:
                    file.write("nlu:\n" if intent is None else "")
                    file.write(f"- intent: {_quoted(of)}\n  examples: |\n")
                    intent = of
                file.write(f"    - {line}\n")
                number += 1
            file.write("" if number else "nlu: []\n")
    return number


def _quoted(name: str) -> str:
    """A name as YAML takes it."""
    if re.fullmatch(r"(?!(?i:null|true|false)$)[A-Za-z_][\w/+-]*", name):
        return name
    return json.dumps(name, ensure_ascii=False)
