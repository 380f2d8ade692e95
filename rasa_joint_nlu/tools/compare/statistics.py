"""From runs to figures: accuracies, their means over runs, and whether differences are chance."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Sequence, Tuple

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
SAMPLES = 10_000
Row = Dict[str, Any]


@dataclass(frozen=True)
class Summary:
    """What the runs of one pipeline, on one share of the training data, have in common.

    `mean` is of accuracies in %, and of costs; `deviation` of accuracies only, None for one
    run. `p` holds for each accuracy how likely chance alone makes a difference from the first
    pipeline as large as the one seen; it is empty for the first pipeline itself. `intents`
    and `types` have the F1 in % of each label, and how often it is in the truth of one run.
    """

    pipeline: str
    share: float
    train_size: int
    runs: int
    mean: Dict[str, float]
    deviation: Dict[str, float]
    p: Dict[str, float]
    intents: Dict[str, Tuple[float, float]] = field(default_factory=dict)
    types: Dict[str, Tuple[float, float]] = field(default_factory=dict)
    confused_intents: List[Tuple[str, str, float]] = field(default_factory=list)
    confused_types: List[Tuple[str, str, float]] = field(default_factory=list)


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
    """The three accuracies of a run, in %."""
    found = accuracies(outcomes(messages).sum(axis=0), len(messages))
    return dict(zip(ACCURACIES, found.tolist()))


def bootstrap(first: Array, second: Array) -> Dict[str, float]:
    """Two-sided p values of the differences between two systems on the same messages.

    Messages are drawn with replacement, 10,000 times. p is how often the difference drawn is
    as far from the difference seen as that is from none. Results repeat: the seed is fixed.

    Args:
        first, second: `outcomes` of the same messages, which may be means over seeds.
    """
    size = len(first)
    both = np.concatenate([first, second], axis=1)
    generator = np.random.default_rng(0)
    seen = _difference(both.sum(axis=0), size)
    extreme = np.zeros(len(ACCURACIES))
    block = 500  # to keep memory small
    for _ in range(SAMPLES // block):
        drawn = generator.multinomial(size, np.full(size, 1 / size), size=block)
        gap = np.abs(_difference(drawn @ both, size) - seen)
        extreme += (gap >= np.abs(seen) - 1e-9).sum(axis=0)
    return dict(zip(ACCURACIES, ((extreme + 1) / (SAMPLES + 1)).tolist()))


def _difference(totals: Array, size: int) -> Array:
    return accuracies(totals[..., 5:], size) - accuracies(totals[..., :5], size)


def compare(first: Sequence[Row], second: Sequence[Row]) -> Dict[str, float]:
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
    """A summary for each pipeline and share of training data, in the order of the rows."""
    groups: Dict[Tuple[str, float], List[Row]] = {}
    for row in rows:
        groups.setdefault((row["pipeline"], row["share"]), []).append(row)
    baseline = rows[0]["pipeline"] if rows else ""
    summaries = []
    for (pipeline, share), group in groups.items():
        base = groups.get((baseline, share), [])
        p = compare(base, group) if pipeline != baseline else {}
        summaries.append(_summary(group, p))
    return summaries


def _summary(rows: Sequence[Row], p: Dict[str, float]) -> Summary:
    scores = [score(row["messages"]) for row in rows]
    mean = {name: statistics.mean(found[name] for found in scores) for name in ACCURACIES}
    costs = {name: statistics.mean(row[name] for row in rows) for name in COSTS if name in rows[0]}
    deviation = {
        name: statistics.stdev(found[name] for found in scores)
        for name in ACCURACIES
        if len(rows) > 1
    }
    intents = _pairs(rows, "intents")
    confused = {pair: count for pair, count in intents.items() if pair[0] != pair[1]}
    return Summary(
        pipeline=rows[0]["pipeline"],
        share=rows[0]["share"],
        train_size=round(statistics.mean(row["train_size"] for row in rows)),
        runs=len(rows),
        mean={**mean, **costs},
        deviation=deviation,
        p=p,
        intents=_intent_f1(intents),
        types=_type_f1(rows),
        confused_intents=_most_frequent(confused),
        confused_types=_most_frequent(_pairs(rows, "mistaken")),
    )


def _pairs(rows: Sequence[Row], name: str) -> Dict[Tuple[str, str], float]:
    """How often, in a run, what is true on the left was found as on the right."""
    counts: Dict[Tuple[str, str], float] = {}
    for row in rows:
        for truth, found, count in row.get(name, []):
            counts[truth, found] = counts.get((truth, found), 0) + count / len(rows)
    return counts


def _intent_f1(pairs: Mapping[Tuple[str, str], float]) -> Dict[str, Tuple[float, float]]:
    labels = sorted({truth for truth, _ in pairs})
    figures = {}
    for label in labels:
        true = sum(count for (truth, _), count in pairs.items() if truth == label)
        found = sum(count for (_, guess), count in pairs.items() if guess == label)
        figures[label] = (200 * pairs.get((label, label), 0) / (true + found), true)
    return figures


def _type_f1(rows: Sequence[Row]) -> Dict[str, Tuple[float, float]]:
    totals: Dict[str, Array] = {}
    for row in rows:
        for kind, counts in row.get("types", {}).items():
            totals[kind] = totals.get(kind, np.zeros(3)) + np.asarray(counts) / len(rows)
    return {
        kind: (float(200 * right / (found + true)), float(true))
        for kind, (right, found, true) in sorted(totals.items())
    }


def _most_frequent(
    pairs: Mapping[Tuple[str, str], float], limit: int = 10
) -> List[Tuple[str, str, float]]:
    ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return [(truth, found, count) for (truth, found), count in ranked[:limit]]
