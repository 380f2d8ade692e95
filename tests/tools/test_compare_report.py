"""The report: a table, JSON, and a page that needs nothing else."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import xml.dom.minidom
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Dict, List

import pytest

from rasa_joint_nlu.core.data import Entity, Example
from rasa_joint_nlu.tools.compare.details import matrix, sentences
from rasa_joint_nlu.tools.compare.page import as_html
from rasa_joint_nlu.tools.compare.report import Report, as_json, as_markdown, table
from rasa_joint_nlu.tools.compare.statistics import COSTS
from rasa_joint_nlu.tools.scores import Counts

NASTY = '<b>$x^2 & "y"$</b>'
FALLBACK = "nlu_fallback"


def examples_tested() -> Dict[int, List[Example]]:
    """Messages of one entity each."""
    return {
        0: [Example(f"{NASTY} {n}", (), NASTY, (Entity(0, 3, NASTY, "to"),)) for n in range(10)]
    }


def row(pipeline: str, seed: int, right: int, **more: Any) -> Dict[str, Any]:
    entity = [0, 3, NASTY, "to", None]
    understood = [NASTY, 0.9, [[*entity, 0.8]]]
    return {
        "pipeline": pipeline,
        "seed": seed,
        "share": 1.0,
        "fold": 0,
        "train_size": 1200,
        "test_size": 10,
        "messages": [[1, 1, 1, 1]] * right + [[0, 0, 1, 1]] * (10 - right),
        "predictions": [understood] * right
        + [["other", 0.4, [[0, 3, "x", None, None, None]]]] * (10 - right),
        **dict.fromkeys(COSTS, 1.0),
        **more,
    }


def report(**more: Any) -> Report:
    rows = [
        row("joint", 1, 9, train_s=10, parameters=1000, **more),
        row("joint", 2, 7, train_s=20, parameters=3000, **more),
        row(NASTY, 1, 2, parameters=0, **more),
    ]
    return Report(
        f"Comparison on {NASTY}",
        rows,
        {"broken": f"ValueError: {NASTY}"},
        examples_tested(),
        {"joint": f"pipeline: {NASTY}"},
        {"date": "2026-11-28", "seeds": "1 2"},
    )


def columns(text: str) -> List[List[Dict[str, str]]]:
    """The tables of a text, each as its lines by column."""
    tables = []
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        if lines:
            head, _, *body = [[cell.strip() for cell in of.strip("|").split("|")] for of in lines]
            tables.append([dict(zip(head, cells)) for cells in body])
    return tables


def test_the_tables_have_means_deviations_differences_and_what_failed() -> None:
    text = table(report())
    (joint, other), (difference,), (joint_costs, _) = columns(text)
    assert joint["pipeline"] == "joint" and joint["runs"] == "2"
    assert joint["messages"] == "1,200"
    assert joint["intent %"] == "80.0 ± 14.1"
    assert other["intent %"] == "20.0"
    assert difference["pipeline"] == "<b>$x…</b>"
    assert re.fullmatch(r"-60\.0 \(-\d+\.0 to -\d+\.0\)", difference["intent %"])
    assert joint_costs["train s"] == "15.00"
    assert "10 test messages" in text and "broken failed: ValueError" in text
    assert "frame: messages with the right intent" in text
    assert as_markdown(report()).startswith(f"# Comparison on {NASTY}\n\n| pipeline")


@pytest.mark.parametrize("name", ["a", "experiments/of/a/long/path/" * 3 + "config.yml"])
def test_every_table_fits_a_terminal(name: str) -> None:
    costs = dict.fromkeys(COSTS, 123456.7)
    rows = [
        row(pipeline, seed, 5, share=share, train_size=int(12345 * share), **costs)
        for pipeline in ("first", name)
        for share in (0.5, 1)
        for seed in (1, 2)
    ]
    rows[0]["predictions"] = [[FALLBACK, 0.3, []]] * 10
    lines = table(Report("", rows, {})).splitlines()
    assert max(len(line) for line in lines if line.startswith("|")) <= 100
    assert any(line.startswith(f"| {name[:3]}") for line in lines)


def test_data_without_entities_have_a_dash_in_their_place() -> None:
    bare = {"messages": [[1, 0, 0, 0]] * 10, "predictions": [["x", 1.0, []]] * 10}
    rows = [row("a", 1, 9, **bare), row("b", 1, 9, **bare)]
    (first, second), (difference,), _ = columns(table(Report("", rows, {})))
    assert first["entity F1 %"] == second["entity F1 %"] == difference["entity F1 %"] == "–"
    assert first["intent %"] == "100.0"


def test_what_fell_back_has_a_column_where_something_did() -> None:
    fallen = [[FALLBACK, 0.3, []]] * 4 + [[NASTY, 0.9, []]] * 6
    (first, second), *_ = columns(
        table(Report("", [row("a", 1, 9, predictions=fallen), row("b", 1, 9)], {}))
    )
    assert first["fallback %"] == "40.0" and second["fallback %"] == "0.0"
    assert "fallback %" not in table(report())


def test_the_test_messages_of_all_folds_count_once() -> None:
    rows = [row("a", seed, 5, fold=fold) for seed in (1, 2) for fold in (1, 2, 3)]
    assert "30 test messages;" in table(Report("", rows, {}))


def test_json_has_summaries_scores_sentences_and_runs() -> None:
    content = json.loads(as_json(report()))
    assert [summary["pipeline"] for summary in content["summaries"]] == ["joint", NASTY]
    assert content["summaries"][1]["differences"]["intent_acc"]["seen"] == -60
    assert content["scores"]["joint"]["roles"][f"{NASTY}/to"]["support"] == 20
    assert content["sentences"][0]["by"]["joint"] == {
        "reading": {"intent": NASTY, "entities": [[f"{NASTY}/to", "<b>"]]},
        "right": 2,
        "runs": 2,
    }
    assert content["runs"] == list(report().rows)
    assert content["failures"] == report().failures
    assert content["about"]["seeds"] == "1 2"


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
    return Report("Curve", rows, {}, examples_tested())


@pytest.mark.parametrize("shown", [report(), curve()], ids=["table", "learning curve"])
def test_the_page_is_whole_and_needs_nothing_else(shown: Report) -> None:
    text = as_html(shown)
    page = Page(text)
    tags = {tag for tag, _ in page.seen}
    assert not tags & {"script", "link", "img", "iframe", "image"}
    assert not any({"href", "src"} & set(attributes) for _, attributes in page.seen)
    assert not re.search(r"url\(|@import", text)
    assert "'sans-serif'" not in text and '"sans-serif"' not in text
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    # Calibration of each pipeline, and a curve of each accuracy.
    assert len(pictures) == (2 + 3 if shown.title == "Curve" else 2)
    for picture in pictures:
        xml.dom.minidom.parseString(picture)


def test_the_page_has_all_that_was_found() -> None:
    words = " ".join(Page(as_html(report())).words.split())
    for part in (
        "date2026-11-28",
        "Difference from joint",
        "Only joint gets these right: 5",
        "Understood by none: 3",
        "right in 1 of 2 runs",
        "joint right in 2 of 2 runs",
        f"other x: <b> without {NASTY}/to: <b>",
        "Intents, F1 %",
        "Entity types, F1 %",
        "Roles, F1 %",
        f"Intents: {NASTY}",
        "Types of entities at the right place: joint",
        "What confidence is worth",
        f"joint pipeline: {NASTY}",
    ):
        assert part in words, part


def test_the_best_of_each_column_is_marked() -> None:
    text = as_html(report())
    best = re.findall(r'<td class="best"><strong>(.*?)</strong>', text)
    assert best[:3] == ["80.0 ± 14.1"] * 3
    assert "20.0" not in best and "1.00" in best


def test_texts_are_escaped_and_shown_as_they_are() -> None:
    text = as_html(report())
    assert "<b>$" not in text and 'style="<' not in text
    words = Page(text).words
    assert words.count(NASTY) > 5
    assert f"broken failed: ValueError: {NASTY}" in words


def test_where_nothing_worked_the_page_says_so() -> None:
    nothing = Report("Nothing", [], {"broken": "ValueError: no"}, examples_tested())
    assert "broken failed: ValueError: no" in Page(as_html(nothing)).words
    assert table(nothing) == "broken failed: ValueError: no"
    assert json.loads(as_json(nothing))["summaries"] == []


def test_a_comparison_without_entities_has_a_page() -> None:
    bare = {"messages": [[1, 0, 0, 0]] * 10, "predictions": [["x", 1.0, []]] * 10}
    examples = {0: [Example("hi", (), "x")] * 10}
    words = Page(as_html(Report("", [row("a", 1, 10, **bare)], {}, examples))).words
    assert "Entity types" not in words and "Sentences" not in words and "100.0" in words


CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_a_phone_and_a_desk(width: int, tmp_path: Path) -> None:
    rows = [row(f"a-pipeline-of-a-long-name-{name}", 1, 5) for name in "abcd"]
    shown = as_html(Report("Wide", rows, {}, examples_tested(), {"a": "pipeline: " + "x " * 300}))
    # A headless window has a least width, a frame has none.
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<iframe style="width: {width}px" srcdoc="{html.escape(shown)}"></iframe><script>'
        "onload = () => { const root = frames[0].document.documentElement;"
        "document.title = [root.scrollWidth, root.clientWidth,"
        "frames[0].document.querySelector('tbody tr').offsetHeight, frames[0].getComputedStyle("
        "frames[0].document.body).fontFamily] }</script>",
        encoding="utf-8",
    )
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'c'}"]
    done = subprocess.run(
        [str(CHROMIUM), *options, "--window-size=1400,900", "--dump-dom", frame.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (title,) = re.findall("<title>(.*?)</title>", done.stdout)
    needed, there, height, font = title.split(",", 3)
    assert needed == there and 0 < int(there) <= width
    # Names are not broken into letters.
    assert int(height) < 160
    assert font == "system-ui, sans-serif"


# Details --------------------------------------------------------------------------------------


def test_those_that_one_alone_understands_come_first() -> None:
    examples = {0: [Example(text, (), "i") for text in ("none", "two", "b", "a", "all")]}

    def runs(*right: int) -> List[Dict[str, Any]]:
        return [{"fold": 0, "predictions": [["i" if r else "j", 0.5, []] for r in right]}]

    found = sentences(
        {"a": runs(0, 1, 0, 1, 1), "b": runs(0, 1, 1, 0, 1), "c": runs(0, 0, 0, 0, 1)}, examples
    )
    assert [sentence.text for sentence in found] == ["a", "b", "two", "none"]
    assert found[0].right == ("a",) and found[2].right == ("a", "b")


def test_what_most_runs_understand_is_understood_and_else_the_most_frequent_mistake_is_shown() -> (
    None
):
    examples = {0: [Example("x", (), "i")]}
    answers = ["i", "j", "k", "k"]
    runs = [{"fold": 0, "predictions": [[intent, 0.5, []]]} for intent in answers]
    (found,) = sentences({"a": runs}, examples)
    assert (found.by["a"].right, found.by["a"].runs) == (1, 4)
    assert found.by["a"].reading.intent == "k" and not found.by["a"].is_right
    assert sentences({"a": [runs[0], runs[0], runs[1]]}, examples) == []


def test_a_fold_that_a_pipeline_lacks_is_left_out() -> None:
    examples = {n: [Example("x", (), "i")] for n in (1, 2)}
    wrong = [["j", 0.5, []]]
    both = [{"fold": n, "predictions": wrong} for n in (1, 2)]
    assert len(sentences({"a": both, "b": both[:1]}, examples)) == 1


def test_a_matrix_holds_the_labels_that_are_confused_most() -> None:
    names = [f"n{number:02}" for number in range(40)]
    confusions = [(name, "n00", 2 * (40 - number)) for number, name in enumerate(names) if number]
    confusions.append(("n01", "", 2))
    counts = {name: Counts(10, 10, 10) for name in names}
    found = matrix(confusions, counts, 2)
    assert found.rows == names[:15] and found.columns == [*names[:15], ""]
    assert found.cells[1][:2] == [39, 5] and found.cells[1][-1] == 1
    assert found.cells[0][0] == 5
