"""What a comparison found, as one HTML page that needs nothing else."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Callable, Dict, Iterable, List, Mapping, NamedTuple, Sequence, Tuple

from rasa_joint_nlu.tools.compare.details import Matrix, Sentence, matrix, sentences
from rasa_joint_nlu.tools.compare.report import (
    HEADS,
    NONE,
    Report,
    accuracy_columns,
    notes,
    shown,
    shown_difference,
)
from rasa_joint_nlu.tools.compare.statistics import ACCURACIES, COSTS, FALLBACK, Summary
from rasa_joint_nlu.tools.html_files import render
from rasa_joint_nlu.tools.scores import Counts, Scores

SHOWN_SENTENCES = 100
"""Of each kind; `--json` has all."""
Point = Tuple[float, float]


class Cell(NamedTuple):
    """A figure as it is shown, and whether it is the best of its kind."""

    text: str
    is_best: bool = False


class Line(NamedTuple):
    """A line of a table: what it is of, and its figures."""

    name: str
    cells: Sequence[Cell]


class Curve(NamedTuple):
    """How an accuracy grows with the training data; points from 0 to 1 on both axes."""

    title: str
    low: float
    high: float
    largest: int
    lines: Dict[str, List[Point]]


def as_html(report: Report) -> str:
    """The report as a page: figures, charts, sentences, labels, confusions, and configs."""
    summaries = report.summaries
    largest = max((summary.share for summary in summaries), default=1.0)
    scores = report.scores
    return render(
        "compare.html",
        report=report,
        notes=notes(report) if report.rows else [],
        tables=_tables(summaries),
        whole=[summary for summary in summaries if summary.share == largest],
        curves=_curves(summaries) if any(s.share != largest for s in summaries) else [],
        groups=_groups(sentences(report.whole, report.tests), len(report.whole)),
        shown_sentences=SHOWN_SENTENCES,
        labels=_labels(scores, _runs(report)),
        matrices=_matrices(scores, _runs(report)),
        scores=scores,
        accuracies={name: HEADS[name] for name in ACCURACIES},
    )


def _runs(report: Report) -> Dict[str, float]:
    """How often each pipeline was asked about a message."""
    return {
        name: len(rows) / len({row["fold"] for row in rows}) for name, rows in report.whole.items()
    }


def _tables(summaries: Sequence[Summary]) -> List[Tuple[str, List[str], List[Line]]]:
    """Title, head and lines of the tables: accuracies, differences, costs."""
    if not summaries:
        return []
    costs = [name for name in COSTS if name in summaries[0].mean]
    tables = []
    for title, names in (("Accuracy", accuracy_columns(summaries)), ("Costs", costs)):
        head = ["trained on", "runs", *(HEADS[name] for name in names)]
        lines = [
            Line(
                summary.pipeline,
                [
                    Cell(f"{summary.train_size:,}"),
                    Cell(str(summary.runs)),
                    *(
                        Cell(shown(name, summary), _best(name, summary, summaries))
                        for name in names
                    ),
                ],
            )
            for summary in summaries
        ]
        tables.append((title, head, lines))
    differing = [summary for summary in summaries if summary.differences]
    if differing:
        head = ["trained on"]
        head += [part for name in ACCURACIES for part in (HEADS[name], "p")]
        lines = [Line(summary.pipeline, _differences(summary)) for summary in differing]
        tables.insert(1, (f"Difference from {summaries[0].pipeline}", head, lines))
    return tables


def _differences(summary: Summary) -> List[Cell]:
    cells = [Cell(f"{summary.train_size:,}")]
    for name in ACCURACIES:
        found = summary.differences.get(name)
        cells.append(Cell(shown_difference(found), found is not None and found.is_certain))
        p = NONE if found is None else "<0.001" if found.p < 0.001 else f"{found.p:.3f}"
        cells.append(Cell(p))
    return cells


def _best(name: str, summary: Summary, summaries: Sequence[Summary]) -> bool:
    """Whether no other pipeline that was trained on as much has a better figure."""
    rivals = [of.mean[name] for of in summaries if of.share == summary.share and name in of.mean]
    if len(rivals) < 2 or name not in summary.mean or name in (FALLBACK, "parameters"):
        return False
    best = max(rivals) if name in ACCURACIES else min(rivals)
    return summary.mean[name] == best and any(value != best for value in rivals)


def _curves(summaries: Sequence[Summary]) -> List[Curve]:
    largest = max(summary.train_size for summary in summaries)
    curves = []
    for name in ACCURACIES:
        found = [summary for summary in summaries if name in summary.mean]
        if not found:
            continue
        low = min(summary.mean[name] for summary in found) // 10 * 10
        high = 100 if low else max(10.0, max(s.mean[name] for s in found) // 10 * 10 + 10)
        lines: Dict[str, List[Point]] = {}
        for of in found:
            point = of.train_size / largest, (of.mean[name] - low) / max(1, high - low)
            lines.setdefault(of.pipeline, []).append(point)
        curves.append(Curve(HEADS[name], low, high, largest, lines))
    return curves


def _groups(found: Iterable[Sentence], pipelines: int) -> List[Tuple[str, List[Sentence]]]:
    """The sentences by which pipelines understand them."""

    def title(sentence: Sentence) -> str:
        right = sentence.right
        if not right:
            return "Understood by none" if pipelines > 1 else "Misunderstood"
        return f"Only {right[0]} gets these right" if len(right) == 1 else "Understood by some"

    return [(name, list(group)) for name, group in groupby(found, key=title)]


def _labels(scores: Mapping[str, Scores], runs: Mapping[str, float]) -> Dict[str, List[Line]]:
    """By kind of label: how often each is in the truth, and its F1 by pipeline."""
    kinds: Dict[str, Callable[[Scores], Mapping[str, Counts]]] = {
        "Intents": lambda of: of.intents,
        "Entity types": lambda of: of.types,
        "Roles": lambda of: of.roles,
    }
    found = {}
    for kind, labels in kinds.items():
        by = {name: labels(of) for name, of in scores.items()}
        times = {
            label: counts.true / runs[name]
            for name, of in by.items()
            for label, counts in of.items()
        }
        names = sorted((label for label in times if times[label]), key=lambda n: (-times[n], n))
        if names:
            found[kind] = [Line(name, _f1(name, times[name], list(by.values()))) for name in names]
    return found


def _f1(name: str, times: float, by: Sequence[Mapping[str, Counts]]) -> List[Cell]:
    figures = [100 * of[name].f1 if name in of else 0.0 for of in by]
    best = max(figures) if len(set(figures)) > 1 else None
    return [Cell(f"{times:g}"), *(Cell(f"{value:.1f}", value == best) for value in figures)]


def _matrices(
    scores: Mapping[str, Scores], runs: Mapping[str, float]
) -> List[Tuple[str, str, Matrix]]:
    """What is confused, the pipeline it is of, and the matrix."""
    found: List[Tuple[str, str, Matrix]] = []
    for name, of in scores.items():
        confused: List[Tuple[str, Any, Mapping[str, Counts]]] = [
            ("Intents", of.confusions, of.intents),
            ("Types of entities at the right place", of.type_confusions, of.types),
        ]
        for title, confusions, counts in confused:
            if confusions:
                found.append((title, name, matrix(confusions, counts, runs[name])))
    return found
