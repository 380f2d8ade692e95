"""What a comparison found, as tables of text and as JSON."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Sequence

from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.tools.compare.details import pooled, sentences
from rasa_joint_nlu.tools.compare.statistics import (
    ACCURACIES,
    COSTS,
    FALLBACK,
    Difference,
    Row,
    Summary,
    summarise,
)
from rasa_joint_nlu.tools.scores import Scores

WIDTH = 100
"""Columns that a table of text has at most."""
HEADS = {
    "intent_acc": "intent %",
    "entity_f1": "entity F1 %",
    "frame_acc": "frame %",
    FALLBACK: "fallback %",
    "train_s": "train s",
    "train_mb": "train MB",
    "model_mb": "model MB",
    "load_s": "load s",
    "serve_mb": "serve MB",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
    "parameters": "parameters",
}
NONE = "–"


@dataclass(frozen=True)
class Report:
    """The runs of a comparison, and by pipeline what failed.

    tests: the messages that were tested on, by fold.
    configs: the text of each pipeline's file.
    about: what else a reader has to know: versions, date, seeds.
    """

    title: str
    rows: Sequence[Row]
    failures: Mapping[str, str]
    tests: Mapping[int, Sequence[Example]] = field(default_factory=dict)
    configs: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def summaries(self) -> List[Summary]:
        """A summary for each pipeline and share of the training data."""
        return summarise(self.rows)

    @property
    def baseline(self) -> str:
        """The pipeline that the others are held against."""
        return str(self.rows[0]["pipeline"])

    @property
    def whole(self) -> Dict[str, List[Row]]:
        """The runs of each pipeline on the largest share of the training data."""
        largest = max((row["share"] for row in self.rows), default=1.0)
        runs: Dict[str, List[Row]] = {}
        for row in self.rows:
            if row["share"] == largest:
                runs.setdefault(row["pipeline"], []).append(row)
        return runs

    @property
    def scores(self) -> Dict[str, Scores]:
        """The figures of each pipeline by label, all its runs together, if tests are there."""
        return {name: pooled(rows, self.tests) for name, rows in self.whole.items() if self.tests}


def shown(name: str, summary: Summary) -> str:
    """A figure of a summary as people read it, or a dash."""
    if name not in summary.mean:
        return NONE
    value = summary.mean[name]
    if name not in (*ACCURACIES, FALLBACK):
        return NONE if not value else f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
    deviation = f" ± {summary.deviation[name]:.1f}" if name in summary.deviation else ""
    return f"{value:.1f}{deviation}"


def shown_difference(difference: Optional[Difference]) -> str:
    """A difference and its interval, or a dash.

    >>> shown_difference(Difference(1.26, -0.3, 2.8, 0.1))
    '+1.3 (-0.3 to +2.8)'
    """
    if difference is None:
        return NONE
    return f"{difference.seen:+.1f} ({difference.low:+.1f} to {difference.high:+.1f})"


def accuracy_columns(summaries: Sequence[Summary]) -> List[str]:
    """The accuracies, and what fell back where something did."""
    fallen = any(summary.mean.get(FALLBACK) for summary in summaries)
    return [*ACCURACIES, *([FALLBACK] if fallen else [])]


def table(report: Report) -> str:
    """The tables and the lines that explain them, as Markdown."""
    text: List[str] = []
    if report.rows:
        summaries = report.summaries
        costs = [name for name in COSTS if name in summaries[0].mean and name != "parameters"]
        text.append(_table(summaries, ["runs", *accuracy_columns(summaries)]))
        if any(summary.differences for summary in summaries):
            text.append(f"Difference from {report.baseline}, with its 95 % interval:")
            text.append(_differences(summaries))
        text.append(_table(summaries, costs))
        text.append("  \n".join(notes(report)))
    text.extend(f"{name} failed: {error}" for name, error in report.failures.items())
    return "\n\n".join(text)


def _table(summaries: Sequence[Summary], names: Sequence[str]) -> str:
    """A line for each summary: its pipeline, how much it was trained on, and figures."""
    body = [
        [str(summary.runs) if name == "runs" else shown(name, summary) for name in names]
        for summary in summaries
    ]
    return _fitting(summaries, [HEADS.get(name, name) for name in names], body)


def _differences(summaries: Sequence[Summary]) -> str:
    others = [summary for summary in summaries if summary.differences]
    body = [
        [shown_difference(summary.differences.get(name)) for name in ACCURACIES]
        for summary in others
    ]
    return _fitting(others, [HEADS[name] for name in ACCURACIES], body)


def _fitting(
    summaries: Sequence[Summary], head: Sequence[str], body: Sequence[Sequence[str]]
) -> str:
    """A table whose first column, the pipelines' names, is cut until all of it fits."""
    figures = [["messages", *head]]
    figures += [[f"{summary.train_size:,}", *cells] for summary, cells in zip(summaries, body)]
    widths = [max(map(len, column)) for column in zip(*figures)]
    names = ["pipeline", *(summary.pipeline for summary in summaries)]
    left = WIDTH - sum(width + 3 for width in widths) - len("|  |")
    width = max(len("pipeline"), min(left, max(map(len, names))))
    lines = [
        f"| {_cut(name, width):{width}} | "
        + " | ".join(cell.rjust(size) for cell, size in zip(cells, widths))
        + " |"
        for name, cells in zip(names, figures)
    ]
    rule = "|".join(["", "-" * (width + 2), *("-" * (size + 1) + ":" for size in widths), ""])
    return "\n".join([lines[0], rule, *lines[1:]])


def _cut(name: str, width: int) -> str:
    """A name with its middle left out if it is too long.

    >>> _cut("experiments/first.yml", 11)
    'exper…t.yml'
    """
    if len(name) <= width:
        return name
    half = (width - 1) // 2
    return f"{name[: width - 1 - half]}…{name[-half:]}"


def notes(report: Report) -> List[str]:
    """What the tables' figures mean, a sentence each."""
    test_sizes = {row["fold"]: row["test_size"] for row in report.rows}
    lines = [
        f"{sum(test_sizes.values()):,} test messages; mean ± standard deviation over the runs.",
        "entity F1: an entity is right if start, end, type, role and group are.",
        "frame: messages with the right intent and exactly the right entities.",
    ]
    if FALLBACK in accuracy_columns(report.summaries):
        lines.append("fallback: messages that fell back; they count as not understood.")
    if any(summary.differences for summary in report.summaries):
        lines.append(
            "The interval is of a paired bootstrap over the test messages; where it holds 0, "
            "the difference may be chance."
        )
    if "runs at a time" in report.about:
        lines.append(f"Times are with as many runs at a time as: {report.about['runs at a time']}.")
    return lines


def as_markdown(report: Report) -> str:
    """The report as a Markdown page."""
    about = "\n".join(f"- {name}: {value}" for name, value in report.about.items())
    return f"# {report.title}\n\n{table(report)}\n" + (f"\n{about}\n" if about else "")


def as_json(report: Report) -> str:
    """The report as JSON: `summaries`, `scores`, `sentences`, and every run in `runs`."""
    content = {
        "title": report.title,
        "about": dict(report.about),
        "summaries": [dataclasses.asdict(summary) for summary in report.summaries],
        "failures": dict(report.failures),
        "scores": {name: scores.to_dict() for name, scores in report.scores.items()},
        "sentences": [
            dataclasses.asdict(sentence) for sentence in sentences(report.whole, report.tests)
        ],
        "configs": dict(report.configs),
        "runs": list(report.rows),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
