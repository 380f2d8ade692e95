"""The command `explain` as a user runs it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.core import Example
from rasa_joint_nlu.tools.nearest import nearest
from rasa_joint_nlu.tools.nlu_files import read_nlu

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = str(ROOT / "tests" / "golden" / "model.tar.gz")

NLU = """
nlu:
- intent: send
  examples: |
    - send the crate from [Oslo](city) to [Rome](city)
    - send it to [Lima](city)
- intent: greet
  examples: |
    - good morning
"""


@pytest.fixture
def nlu(tmp_path: Path) -> Path:
    path = tmp_path / "nlu.yml"
    path.write_text(NLU, encoding="utf-8")
    return path


def test_it_says_what_speaks_for_the_intent_and_decides_the_entities(
    capsys: pytest.CaptureFixture, nlu: Path
) -> None:
    text = "send the box from New York to Accra"
    with nlu.open("a", encoding="utf-8") as file:
        file.write("    no example\n")
    assert main(["explain", GOLDEN, text, "--nlu", str(nlu)]) == 0
    shown, said = capsys.readouterr()
    assert said.count("\n") == 1 and said.startswith(f"note: '{nlu}', line 10: 'no example'")
    assert re.search(r"^intent send \(\d+%\)$", shown, re.M)
    added = [float(n) for n in re.findall(r"^  \S.*? ([+-]\d+\.\d\d)(?= |$)", shown, re.M)]
    assert sum(added[:-1]) == pytest.approx(added[-1], abs=0.1)  # rounded to two decimals
    entities = re.findall(r"^'(.+)' is (\w+) \((\d+)%\)\n  decided by  (.+)$", shown, re.M)
    assert [entity[:2] for entity in entities] == [("New York", "city"), ("Accra", "city")]
    for _, _, sure, reasons in entities:
        assert all(int(less) < int(sure) for less in re.findall(r"without it (\d+)%", reasons))
    assert re.search(r"^in scope \d+%  unknown words: the, box;", shown, re.M)
    near = [line for line in shown.splitlines() if "% like" in line]
    assert "send the crate from Oslo to Rome" in near[0] and f"'{nlu}', line 5" in near[0]


def test_what_decides_an_entity_is_named_with_how_sure_it_is_without(
    capsys: pytest.CaptureFixture,
) -> None:
    # Nothing around it is known, so all hangs by one word.
    assert main(["explain", GOLDEN, "zzz to Accra"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^'Accra' is city .*\n  decided by  (to|Accra) \(without it", shown, re.M)


def test_the_json_has_all_of_it(tmp_path: Path, nlu: Path) -> None:
    path = tmp_path / "why.json"
    command = ["explain", GOLDEN, "send it to Accra", "--nlu", str(nlu), "--json", str(path)]
    assert main(command) == 0
    content = json.loads(path.read_text(encoding="utf-8"))
    assert [token["text"] for token in content["tokens"]] == ["send", "it", "to", "Accra"]
    for intent in content["intents"]:
        assert intent["base"] + sum(intent["tokens"]) == pytest.approx(intent["logit"], abs=1e-3)
    assert content["entities"][0]["readings"][0]["type"] == "city"
    assert content["nearest"][0]["line"] == 6


def test_the_page_shows_what_users_wrote_as_text(tmp_path: Path) -> None:
    path = tmp_path / "why.html"
    text = "send it to <script>alert(1)</script> & Rome"
    assert main(["explain", GOLDEN, text, "--html", str(path)]) == 0
    page = path.read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page and "&amp; Rome" in page
    assert "Intent: send" in page


@pytest.mark.parametrize("text", ["", "   ", "hello", "🍰" * 30])
def test_any_text_can_be_explained(
    capsys: pytest.CaptureFixture, tmp_path: Path, text: str
) -> None:
    assert main(["explain", GOLDEN, text, "--html", str(tmp_path / "page.html")]) == 0
    assert capsys.readouterr().out


def test_a_folder_that_is_not_there_is_named_before_any_work(
    capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    assert main(["explain", GOLDEN, "hi", "--html", str(tmp_path / "no" / "page.html")]) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_the_nearest_is_the_message_itself_and_what_shares_nothing_is_none(nlu: Path) -> None:
    messages = read_nlu([nlu]).messages
    examples = [Example.from_text(message.text) for message in messages]
    for example, message in zip(examples, messages):
        first = nearest(example, examples, messages)[0]
        assert first.message == message and first.likeness == pytest.approx(1)
    assert nearest(Example.from_text("zzzz"), examples, messages) == []
