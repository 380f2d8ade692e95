"""The report: a table, JSON, and a page that needs nothing else."""

from __future__ import annotations

import json
import re
import xml.dom.minidom
from html.parser import HTMLParser
from typing import Any, Dict, List

import pytest

from rasa_joint_nlu.tools.compare.page import as_html
from rasa_joint_nlu.tools.compare.report import Report, as_json, as_markdown, table
from rasa_joint_nlu.tools.compare.statistics import COSTS

NASTY = '<b>$x^2 & "y"$</b>'


def row(pipeline: str, seed: int, right: int, **more: Any) -> Dict[str, Any]:
    return {
        "pipeline": pipeline,
        "seed": seed,
        "share": 1.0,
        "fold": 0,
        "train_size": 1200,
        "test_size": 10,
        "messages": [[1, 1, 1, 1]] * right + [[0, 0, 1, 1]] * (10 - right),
        "intents": [[NASTY, NASTY, right], [NASTY, "other", 10 - right]],
        "types": {NASTY: [right, 10, 10]},
        "mistaken": [[NASTY, "other", 1]],
        **dict.fromkeys(COSTS, 1.0),
        **more,
    }


def report(**more: Any) -> Report:
    rows = [
        row("joint", 1, 9, train_s=10, parameters=1000, **more),
        row("joint", 2, 7, train_s=20, parameters=3000, **more),
        row(NASTY, 1, 2, parameters=0, **more),
    ]
    return Report(f"Comparison on {NASTY}", rows, {"broken": f"ValueError: {NASTY}"})


def columns(text: str) -> List[Dict[str, str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")]
    head, _, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(head, cells)) for cells in body]


def test_the_table_has_means_deviations_and_what_failed() -> None:
    text = table(report())
    joint, other = columns(text)
    assert joint["pipeline"] == "joint" and joint["runs"] == "2"
    assert joint["training messages"] == "1,200"
    assert joint["intent %"] == "80.0 ± 14.1"
    assert joint["training s"] == "15.00"
    assert joint["parameters"] == "2,000"
    assert joint["p (intent / F1 / frame)"] == "–"
    assert other["intent %"] == "20.0" and other["parameters"] == "–"
    assert re.fullmatch(r"[<.\d]+ / [<.\d]+ / [<.\d]+", other["p (intent / F1 / frame)"])
    assert "10 test messages" in text and "broken failed: ValueError" in text
    assert as_markdown(report()).startswith(f"# Comparison on {NASTY}\n\n| pipeline")


def test_the_test_messages_of_all_folds_count_once() -> None:
    rows = [row("a", seed, 5, fold=fold) for seed in (1, 2) for fold in (1, 2, 3)]
    assert "; 30 test messages." in table(Report("", rows, {}))


def test_json_has_summaries_and_runs() -> None:
    content = json.loads(as_json(report()))
    assert [summary["pipeline"] for summary in content["summaries"]] == ["joint", NASTY]
    assert content["runs"] == list(report().rows)
    assert content["failures"] == report().failures


class Page(HTMLParser):
    """Collects the elements of a page, and notices one that is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: List[Any] = []
        self._open: List[str] = []
        self.words = ""
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def curve() -> Report:
    rows = [
        row(pipeline, seed, 5 + seed, share=share, train_size=int(100 * share))
        for pipeline in ("joint", NASTY)
        for share in (0.5, 1.0)
        for seed in (1, 2)
    ]
    return Report("Curve", rows, {})


@pytest.mark.parametrize("shown", [report(), curve()], ids=["table", "learning curve"])
def test_the_page_is_whole_and_needs_nothing_else(shown: Report) -> None:
    text = as_html(shown)
    page = Page(text)
    tags = {tag for tag, _ in page.seen}
    assert not tags & {"script", "link", "img", "iframe", "image", "b"}
    for _, attributes in page.seen:
        for name, value in attributes.items():
            if name in ("href", "xlink:href", "src"):
                assert value.startswith("#")
    assert not re.search(r"url\((?!#)|@import", text)
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) == (2 if shown.title == "Curve" else 1)
    for picture in pictures:
        xml.dom.minidom.parseString(picture)
    names = [attributes["id"] for _, attributes in page.seen if "id" in attributes]
    used = set(re.findall(r"(?:href=\"|url\()#([\w-]+)", text))
    assert used <= set(names)
    assert all(names.count(name) == 1 for name in used)


def test_texts_are_escaped_and_shown_as_they_are() -> None:
    text = as_html(report())
    assert "<b>" not in text
    words = Page(text).words
    assert words.count(NASTY) > 5
    assert "joint" in words and "Most frequent confusions of joint" in words
    assert f"broken failed: ValueError: {NASTY}" in words


def test_where_nothing_worked_the_page_says_so() -> None:
    nothing = Report("Nothing", [], {"broken": "ValueError: no"})
    assert "broken failed: ValueError: no" in Page(as_html(nothing)).words
    assert table(nothing) == "broken failed: ValueError: no"


def test_a_comparison_without_entities_has_a_page() -> None:
    rows = [row("a", 1, 10, types={}, mistaken=[], intents=[["x", "x", 10]])]
    words = Page(as_html(Report("", rows, {}))).words
    assert words.count("There are none.") == 2
