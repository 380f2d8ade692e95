"""What a comparison found, as a table and as JSON."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Dict, List, Sequence

from tabulate import tabulate

from rasa_joint_nlu.tools.compare.statistics import ACCURACIES, Row, Summary, summarise

COLUMNS = {
    "intent_acc": "intent %",
    "entity_f1": "entity F1 %",
    "frame_acc": "frame %",
    "p": "p (intent / F1 / frame)",
    "train_s": "training s",
    "train_mb": "training MB",
    "parameters": "parameters",
    "model_mb": "model MB",
    "load_s": "load s",
    "serve_mb": "serving MB",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
}
NONE = "–"


@dataclass(frozen=True)
class Report:
    """The runs of a comparison, their summaries, and by pipeline what failed."""

    title: str
    rows: Sequence[Row]
    failures: Dict[str, str]

    @property
    def summaries(self) -> List[Summary]:
        """A summary for each pipeline and share of the training data."""
        return summarise(self.rows)

    @property
    def baseline(self) -> str:
        """The pipeline that the others are held against."""
        return str(self.rows[0]["pipeline"])


def cells(summary: Summary) -> Dict[str, str]:
    """The figures of a summary as people read them, by the names in `COLUMNS`."""
    found = {name: _number(summary.mean[name]) for name in COLUMNS if name in summary.mean}
    for name in ACCURACIES:
        found[name] = f"{summary.mean[name]:.1f}"
        if name in summary.deviation:
            found[name] += f" ± {summary.deviation[name]:.1f}"
    if not summary.mean.get("parameters"):
        found["parameters"] = NONE
    found["p"] = " / ".join(_p(summary.p[name]) for name in ACCURACIES) if summary.p else NONE
    return found


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def lines(summaries: Sequence[Summary]) -> List[List[str]]:
    """The table's head, and a line for each summary."""
    names = [name for name in COLUMNS if any(name in cells(summary) for summary in summaries)]
    head = ["pipeline", "training messages", "runs", *(COLUMNS[name] for name in names)]
    return [head] + [
        [
            summary.pipeline,
            f"{summary.train_size:,}",
            str(summary.runs),
            *(cells(summary).get(name, NONE) for name in names),
        ]
        for summary in summaries
    ]


def table(report: Report) -> str:
    """The table and the lines that explain it, as Markdown."""
    text: List[str] = []
    if report.rows:
        head, *body = lines(report.summaries)
        text.append(tabulate(body, head, "github", disable_numparse=True))
        text.append(notes(report))
    text.extend(f"{name} failed: {error}" for name, error in report.failures.items())
    return "\n\n".join(text)


def notes(report: Report) -> str:
    """What the table's figures mean, in a few sentences."""
    test_sizes = {row["fold"]: row["test_size"] for row in report.rows}
    return (
        f"Mean ± standard deviation over the runs; {sum(test_sizes.values()):,} test messages. "
        f"p: how likely chance alone makes as large a difference from {report.baseline} "
        f"(paired bootstrap over the test messages)."
    )


def as_markdown(report: Report) -> str:
    """The report as a Markdown page."""
    return f"# {report.title}\n\n{table(report)}\n"


def as_json(report: Report) -> str:
    """The report as JSON: `summaries`, `failures`, and every run in `runs`."""
    content = {
        "title": report.title,
        "summaries": [dataclasses.asdict(summary) for summary in report.summaries],
        "failures": report.failures,
        "runs": list(report.rows),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
