"""What a comparison found, as one HTML page that needs nothing else."""

from __future__ import annotations

import html
import io
from typing import Callable, Dict, Sequence, Tuple

import matplotlib
from matplotlib.figure import Figure

from rasa_joint_nlu.tools.compare.report import COLUMNS, NONE, Report, lines, notes
from rasa_joint_nlu.tools.compare.statistics import ACCURACIES, Summary

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 72rem; margin: 2rem auto;
  padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid #ddd; text-align: right;
  white-space: nowrap; }
th:first-child, td:first-child, .text td { text-align: left; }
svg { max-width: 100%; height: auto; }
.failed { color: #a00; }
"""
Labels = Callable[[Summary], Dict[str, Tuple[float, float]]]


def as_html(report: Report) -> str:
    """The report as a page: table, charts, F1 of every label, and what is confused."""
    body = [f"<h1>{html.escape(report.title)}</h1>"]
    if report.rows:
        summaries = report.summaries
        # Details are of the largest share of the training data.
        largest = max(summary.share for summary in summaries)
        whole = [summary for summary in summaries if summary.share == largest]
        head, *rows = lines(summaries)
        body += [_table(head, rows), f"<p>{html.escape(notes(report))}</p>"]
        body += ["<h2>Accuracies</h2>", bar_chart(whole)]
        if len(summaries) > len(whole):
            body += ["<h2>Learning curve</h2>", learning_curve(summaries)]
        body += ["<h2>Intents, F1 %</h2>", _labels(whole, lambda summary: summary.intents)]
        body += ["<h2>Entity types, F1 %</h2>", _labels(whole, lambda summary: summary.types)]
        body += [_confusions(summary) for summary in whole]
    for name, error in report.failures.items():
        body.append(f'<p class="failed">{html.escape(f"{name} failed: {error}")}</p>')
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(report.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        inside = "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)
        return f"<tr>{inside}</tr>"

    body = "\n".join(line(cells, "td") for cells in rows)
    return (
        f'<div class="wide"><table class="{kind}">\n<thead>{line(head, "th")}</thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _labels(summaries: Sequence[Summary], labels: Labels) -> str:
    """A line for each label: how often it is in the truth, and its F1 by pipeline."""
    found = [labels(summary) for summary in summaries]
    counts = {label: count for figures in found for label, (_, count) in figures.items()}
    if not counts:
        return "<p>There are none.</p>"
    rows = [
        [label, f"{counts[label]:g}"]
        + [f"{figures[label][0]:.1f}" if label in figures else NONE for figures in found]
        for label in sorted(counts, key=lambda label: (-counts[label], label))
    ]
    return _table(["", "in the truth", *(summary.pipeline for summary in summaries)], rows)


def _confusions(summary: Summary) -> str:
    rows = [
        [what, truth, found, f"{count:.1f}"]
        for what, pairs in (
            ("intent", summary.confused_intents),
            ("entity type", summary.confused_types),
        )
        for truth, found, count in pairs
    ]
    head = f"<h2>Most frequent confusions of {html.escape(summary.pipeline)}</h2>"
    if not rows:
        return f"{head}<p>There are none.</p>"
    return head + _table(["", "true", "found", "times in a run"], rows, "text")


def bar_chart(summaries: Sequence[Summary]) -> str:
    """The three accuracies of each pipeline as bars, with standard deviations, as SVG."""
    figure = Figure(figsize=(9, 4))
    axes = figure.subplots()
    width = 0.8 / len(summaries)
    for number, summary in enumerate(summaries):
        places = [place + (number + 0.5) * width - 0.4 for place in range(len(ACCURACIES))]
        axes.bar(
            places,
            [summary.mean[name] for name in ACCURACIES],
            width,
            yerr=[summary.deviation.get(name, 0) for name in ACCURACIES],
            label=_plain(summary.pipeline),
            capsize=3,
        )
    axes.set_xticks(range(len(ACCURACIES)))
    axes.set_xticklabels([COLUMNS[name] for name in ACCURACIES])
    axes.set_ylim(0, 105)
    figure.legend(*axes.get_legend_handles_labels(), loc="lower center", ncol=4)
    figure.subplots_adjust(left=0.06, right=0.99, top=0.97, bottom=0.2)
    return _svg(figure, "bars")


def learning_curve(summaries: Sequence[Summary]) -> str:
    """The three accuracies of each pipeline by the number of training messages, as SVG."""
    figure = Figure(figsize=(11, 3.5))
    panels = figure.subplots(1, len(ACCURACIES))
    pipelines = list(dict.fromkeys(summary.pipeline for summary in summaries))
    for axes, name in zip(panels, ACCURACIES):
        for pipeline in pipelines:
            points = sorted(
                (summary.train_size, summary.mean[name], summary.deviation.get(name, 0))
                for summary in summaries
                if summary.pipeline == pipeline
            )
            sizes, means, deviations = zip(*points)
            axes.errorbar(sizes, means, deviations, marker="o", capsize=3, label=_plain(pipeline))
        axes.set_title(COLUMNS[name])
        axes.set_xlabel("training messages")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="lower center", ncol=4)
    figure.subplots_adjust(left=0.05, right=0.99, bottom=0.28)
    return _svg(figure, "curve")


def _plain(text: str) -> str:
    """A label that matplotlib neither reads as mathematics nor hides."""
    return " " * text.startswith("_") + text.replace("$", r"\$")


def _svg(figure: Figure, salt: str) -> str:
    """A figure as an element for a page: no head of its own, no data about its making."""
    buffer = io.StringIO()
    # The salt keeps the names inside apart from those of the page's other figures.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(buffer, format="svg", metadata=nothing)
    text = buffer.getvalue()
    return text[text.index("<svg") :]
