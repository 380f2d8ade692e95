"""What lies behind the figures: labels, sentences, and what is taken for what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from rasa_joint_nlu.core.data import Example, IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.core.metrics import keys_of
from rasa_joint_nlu.tools.compare.statistics import FALLBACK_INTENT, Row
from rasa_joint_nlu.tools.scores import Confusion, Counts, Scores, score

MOST_NAMES = 15
"""Labels that a matrix of confusions shows, the most confused ones."""

Tests = Mapping[int, Sequence[Example]]
Piece = Tuple[str, str]
"""An entity as people read it: its label, `type/role/group`, and its text."""


@dataclass(frozen=True)
class Reading:
    """How a message is understood: the intent, None if it fell back, and the entities."""

    intent: Optional[str]
    entities: Tuple[Piece, ...]


@dataclass(frozen=True)
class Understood:
    """What a pipeline makes of a message.

    reading: the right one if most runs have it, else the most frequent wrong one.
    right, runs: in how many of its runs all was right.
    """

    reading: Reading
    right: int
    runs: int

    @property
    def is_right(self) -> bool:
        """Whether most runs understand all of it."""
        return 2 * self.right > self.runs


@dataclass(frozen=True)
class Sentence:
    """A test message that not every pipeline understands; `by` has what each makes of it."""

    text: str
    truth: Reading
    by: Dict[str, Understood]

    @property
    def right(self) -> Tuple[str, ...]:
        """The pipelines that understand it."""
        return tuple(name for name, found in self.by.items() if found.is_right)


@dataclass(frozen=True)
class Matrix:
    """How often in a run what is true, a row, was found to be what a column says."""

    rows: List[str]
    columns: List[str]
    cells: List[List[float]]


def to_prediction(kept: Sequence[Any]) -> Prediction:
    """What `judge` kept of an answer; one that fell back has no intent.

    Extractors that give no confidence are sure of what they say.
    """
    intent, confidence, entities = kept
    known = intent is not None and intent != FALLBACK_INTENT
    return Prediction(
        (IntentScore(intent, confidence or 0.0),) if known else (),
        tuple(
            PredictedEntity(start, end, kind, role, group, 1.0 if sure is None else sure)
            for start, end, kind, role, group, sure in entities
        ),
    )


def pooled(rows: Sequence[Row], tests: Tests) -> Scores:
    """The scores of all runs of a pipeline together: of each message, one for each run."""
    return score(
        [example for row in rows for example in tests[row["fold"]]],
        [to_prediction(kept) for row in rows for kept in row["predictions"]],
    )


def sentences(runs: Mapping[str, Sequence[Row]], tests: Tests) -> List[Sentence]:
    """The messages that not every pipeline understands.

    First those that one pipeline alone understands, by pipeline; then those that some do, and
    those that none does.

    Args:
        runs: the runs of each pipeline; a fold that one of them lacks is left out.
    """
    found = []
    for fold, examples in sorted(tests.items()):
        answers = {
            name: [row["predictions"] for row in rows if row["fold"] == fold]
            for name, rows in runs.items()
        }
        if not all(answers.values()):
            continue
        for place, example in enumerate(examples):
            by = {
                name: _understood(example, [of_run[place] for of_run in of_runs])
                for name, of_runs in answers.items()
            }
            sentence = Sentence(example.text, _reading(example.text, example), by)
            if len(sentence.right) < len(by):
                found.append(sentence)
    names = list(runs)

    def order(sentence: Sentence) -> Tuple[int, int]:
        right = sentence.right
        return (len(right) != 1) + (not right), names.index(right[0]) if len(right) == 1 else 0

    return sorted(found, key=order)


def _understood(example: Example, kept: Sequence[Sequence[Any]]) -> Understood:
    wrong: Counter[Reading] = Counter()
    for prediction in map(to_prediction, kept):
        if _places(prediction) != _places(example):
            wrong[_reading(example.text, prediction)] += 1
    right = len(kept) - sum(wrong.values())
    if 2 * right > len(kept):
        return Understood(_reading(example.text, example), right, len(kept))
    return Understood(wrong.most_common(1)[0][0], right, len(kept))


def _places(of: Any) -> Tuple[Any, Any]:
    """What a message and its prediction have in common if all of it is right."""
    return of.intent, keys_of(of.entities)


def _reading(text: str, of: Any) -> Reading:
    entities = sorted(of.entities, key=lambda entity: (entity.start, entity.end))
    return Reading(
        of.intent,
        tuple(
            ("/".join(filter(None, (e.type, e.role, e.group))), text[e.start : e.end])
            for e in entities
        ),
    )


def matrix(confusions: Sequence[Confusion], counts: Mapping[str, Counts], runs: float) -> Matrix:
    """The labels that are confused most, and how often each is found as which.

    Args:
        confusions, counts: as in `Scores`, of all runs together.
        runs: how many runs these are.
    """
    confused: Counter[str] = Counter()
    for true, found, times in confusions:
        confused[true] += times
        confused[found] += times
    nothing = confused.pop("", 0)
    names = sorted(name for name, _ in confused.most_common(MOST_NAMES))
    columns = [*names, ""] if nothing else names
    times_of = {(true, found): times for true, found, times in confusions}
    times_of.update({(name, name): counts[name].right for name in names if name in counts})
    return Matrix(
        names, columns, [[times_of.get((row, of), 0) / runs for of in columns] for row in names]
    )
