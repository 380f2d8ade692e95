"""From runs to figures: accuracies, their means over runs, and how certain differences are."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any, Dict, List, Sequence

import numpy as np

from rasa_joint_nlu.core.arrays import Array

ACCURACIES = ("intent_acc", "entity_f1", "frame_acc")
COSTS = (
    "train_s",
    "train_mb",
    "parameters",
    "model_mb",
    "load_s",
    "serve_mb",
    "p50_ms",
    "p95_ms",
)
FALLBACK = "fallback"
FALLBACK_INTENT = "nlu_fallback"
"""What Rasa's FallbackClassifier says."""
SAMPLES = 10_000
Row = Dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """How much better than the first pipeline, in percentage points.

    low, high: where 95 % of the differences lie that other test messages would give.
    p: how likely chance alone makes a difference as large as the one seen.
    """

    seen: float
    low: float
    high: float
    p: float

    @property
    def is_certain(self) -> bool:
        """Whether the interval is on one side of zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Summary:
    """What the runs of one pipeline, on one share of the training data, have in common.

    `mean` is of accuracies in %, and of costs; `fallback` in it are the messages in % that fell
    back, which count as not understood. Data without entities have no entity F1. `deviation` is of
    accuracies only, and empty for one run. `differences` from the first pipeline are empty for that
    pipeline itself.
    """

    pipeline: str
    share: float
    train_size: int
    runs: int
    mean: Dict[str, float]
    deviation: Dict[str, float]
    differences: Dict[str, Difference]


def outcomes(messages: Sequence[Sequence[int]]) -> Array:
    """Right intents and frames, and right, found and true entities: five numbers a message.

    Args:
        messages: as `judge` in `measure.py` returns them.
    """
    counts = np.asarray(messages, np.float64).reshape(-1, 4)
    intent, right, found, gold = counts.T
    frame = intent * (right == found) * (right == gold)
    return np.stack([intent, frame, right, found, gold], axis=1)


def accuracies(totals: Array, messages: int) -> Array:
    """Intent accuracy, entity F1 and frame accuracy in %, of sums of `outcomes`."""
    intent, frame, right, found, gold = np.moveaxis(totals, -1, 0)
    # The same sums as a whole: 0 if there are no entities at all.
    f1 = 200 * right / np.maximum(1, found + gold)
    return np.stack([100 * intent / messages, f1, 100 * frame / messages], axis=-1)


def score(messages: Sequence[Sequence[int]]) -> Dict[str, float]:
    """The accuracies of a run, in %; no entity F1 where the truth has no entities."""
    counts = outcomes(messages)
    found = dict(zip(ACCURACIES, accuracies(counts.sum(axis=0), len(messages)).tolist()))
    return {name: found[name] for name in measurable(counts)}


def measurable(counts: Array) -> List[str]:
    """The accuracies that messages can have: of entities only if there are some in the truth.

    Args:
        counts: `outcomes` of the messages.
    """
    return [name for name in ACCURACIES if name != "entity_f1" or counts[:, 4].any()]


def bootstrap(first: Array, second: Array) -> Dict[str, Difference]:
    """The differences between two systems on the same messages, and how certain they are.

    Messages are drawn with replacement, 10,000 times, the same for both (Koehn 2004,
    https://aclanthology.org/W04-3250/). The interval is from the 2.5th to the 97.5th percentile of
    the differences drawn. The two-sided p is how often the difference drawn is as far from the
    difference seen as that is from none. Results repeat: the seed is fixed.

    Args:
        first, second: `outcomes` of the same messages, which may be means over seeds.
    """
    size = len(first)
    both = np.concatenate([first, second], axis=1)
    generator = np.random.default_rng(0)
    seen = _difference(both.sum(axis=0), size)
    block = 500  # to keep memory small
    drawn = np.concatenate(
        [
            _difference(
                generator.multinomial(size, np.full(size, 1 / size), size=block) @ both, size
            )
            for _ in range(SAMPLES // block)
        ]
    )
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    extreme = (np.abs(drawn - seen) >= np.abs(seen) - 1e-9).sum(axis=0)
    p = (extreme + 1) / (SAMPLES + 1)
    figures = zip(ACCURACIES, zip(seen.tolist(), low.tolist(), high.tolist(), p.tolist()))
    found = {name: Difference(*of) for name, of in figures}
    return {name: found[name] for name in measurable(first)}


def _difference(totals: Array, size: int) -> Array:
    return accuracies(totals[..., 5:], size) - accuracies(totals[..., :5], size)


def compare(first: Sequence[Row], second: Sequence[Row]) -> Dict[str, Difference]:
    """`bootstrap` of the runs of two systems, on the folds that both have.

    A message counts with the mean of its outcomes over the seeds, messages of all folds at once.
    """
    ours, theirs = _by_fold(first), _by_fold(second)
    common = [number for number in ours if number in theirs]
    if not common:
        return {}
    return bootstrap(
        np.concatenate([ours[number] for number in common]),
        np.concatenate([theirs[number] for number in common]),
    )


def _by_fold(rows: Sequence[Row]) -> Dict[int, Array]:
    folds: Dict[int, List[Array]] = {}
    for row in rows:
        folds.setdefault(row["fold"], []).append(outcomes(row["messages"]))
    return {number: np.mean(found, axis=0) for number, found in sorted(folds.items())}


def summarise(rows: Sequence[Row]) -> List[Summary]:
    """A summary for each pipeline and share of training data, by pipeline in the order of rows."""
    pipelines = list(dict.fromkeys(row["pipeline"] for row in rows))
    summaries = []
    for pipeline in pipelines:
        for share in sorted({row["share"] for row in rows}):
            base, group = (
                [row for row in rows if (row["pipeline"], row["share"]) == (name, share)]
                for name in (pipelines[0], pipeline)
            )
            if group:
                differences = compare(base, group) if pipeline != pipelines[0] else {}
                summaries.append(_summary(group, differences))
    return summaries


def _summary(rows: Sequence[Row], differences: Dict[str, Difference]) -> Summary:
    scores = [score(row["messages"]) for row in rows]
    names = [name for name in ACCURACIES if all(name in found for found in scores)]
    mean = {name: statistics.mean(found[name] for found in scores) for name in names}
    costs = {name: statistics.mean(row[name] for row in rows) for name in COSTS if name in rows[0]}
    if all("predictions" in row for row in rows):
        costs[FALLBACK] = statistics.mean(_fallback(row["predictions"]) for row in rows)
    deviation = {
        name: statistics.stdev(found[name] for found in scores) for name in names if len(rows) > 1
    }
    return Summary(
        pipeline=rows[0]["pipeline"],
        share=rows[0]["share"],
        train_size=round(statistics.mean(row["train_size"] for row in rows)),
        runs=len(rows),
        mean={**mean, **costs},
        deviation=deviation,
        differences=differences,
    )


def _fallback(predictions: Sequence[Sequence[Any]]) -> float:
    fallen = sum(intent == FALLBACK_INTENT for intent, *_ in predictions)
    return 100.0 * int(fallen) / max(1, len(predictions))
