"""`check` as it is called: text, JSON, page and exit code."""

from __future__ import annotations

import json
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import List, Optional, Tuple

import pytest
from checked import nlu

from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.tools.wording import cited

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
BAD = nlu("a: see you", "b: See you", "out_of_scope: x")
DOUBTFUL = nlu("a: see you", "out_of_scope: x")
EVIL = "<script>document.title = 'evil'</script><img src=x onerror=\"document.title='evil'\">"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "nlu.yml"
    path.write_text(BAD, encoding="utf-8")
    return path


def test_an_error_is_told_with_place_effect_and_remedy(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--nlu", str(data)]) == 1
    told = capsys.readouterr().out
    assert "error text-in-two-intents" in told
    assert f"{data}:4  'see you' is in 'a' and 'b'  (also line 7)" in told
    assert "effect: No model can be right about both" in told and "remedy: Keep" in told
    assert "1 error, " in told and "tokens of UnicodeTokenizer" in told


@pytest.mark.parametrize(
    ("fail_on", "code"), [(None, 0), ("error", 0), ("warning", 1)], ids=["default", "error", "warn"]
)
def test_the_exit_code_is_that_of_the_level_asked_for(
    data: Path, fail_on: Optional[str], code: int
) -> None:
    data.write_text(DOUBTFUL, encoding="utf-8")
    asked = ["--fail-on", fail_on] if fail_on else []
    assert main(["check", "--nlu", str(data), *asked]) == code


def test_json_has_all_that_a_machine_needs(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "found.json"
    main(["check", "--nlu", str(data), "--json", str(out)])
    content = json.loads(out.read_text(encoding="utf-8"))
    assert content["counts"]["error"] == 1 and content["examples"] == 3
    first = content["findings"][0]
    assert {key: first[key] for key in ("level", "code", "file", "line", "also")} == {
        "level": "error",
        "code": "text-in-two-intents",
        "file": str(data),
        "line": 4,
        "also": [{"file": str(data), "line": 7}],
    }
    assert first["message"] and first["effect"] and first["remedy"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nlu", "nowhere.yml"],
        ["--nlu", "{data}", "--json", "no/such/folder.json"],
        ["--nlu", "{data}", "--html", "."],
        ["--nlu", "{data}", "--config", "{data}"],
        ["--nlu", "{data}", "--domain", "{data}"],
    ],
    ids=["no file", "no folder", "a folder", "no config", "no domain"],
)
def test_what_cannot_be_used_is_named(
    data: Path, arguments: List[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *(part.format(data=data) for part in arguments)]) == 2
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize("roles", ["to", "true", "{to: 1}"])
def test_roles_that_are_no_list_are_refused_as_rasa_refuses_them(
    roles: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    domain = tmp_path / "domain.yml"
    domain.write_text(f"entities:\n- city:\n    roles: {roles}\n", encoding="utf-8")
    assert main(["check", "--nlu", str(data), "--domain", str(domain)]) == 2
    assert "roles and groups must be lists" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("JiebaTokenizer", "JiebaTokenizer runs in Rasa only"),
        ("our.own.ThaiWords", "Another tokenizer runs in Rasa only"),
    ],
)
def test_a_tokenizer_that_runs_in_rasa_only_is_said_not_to_be_checked(
    name: str, said: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yml"
    config.write_text(f"pipeline:\n- name: {name}\n", encoding="utf-8")
    assert main(["check", "--nlu", str(data), "--config", str(config)]) != 2
    assert said in capsys.readouterr().out


def test_a_token_pattern_is_what_annotations_must_fit(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yml"
    data.write_text(nlu("a: at 10[pm](half)"), encoding="utf-8")
    for pattern, fits in (("", False), ("  token_pattern: '\\d+|[a-z]+'\n", True)):
        config.write_text(f"pipeline:\n- name: WhitespaceTokenizer\n{pattern}", encoding="utf-8")
        main(["check", "--nlu", str(data), "--config", str(config)])
        assert ("annotation-misaligned" in capsys.readouterr().out) is not fits


def test_what_users_wrote_does_not_steer_the_terminal() -> None:
    assert cited("\x1b[31mred\x07\n") == "'\\x1b[31mred\\x07\\n'"
    assert len(cited("long " * 100)) < 120


class Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: List[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def page(data: Path, tmp_path: Path) -> Path:
    """The page of data in which every text and label tries to be HTML."""
    lines = [f"a: {EVIL}", f"b<i>: {EVIL}", "out_of_scope: [</style><b>](x<b>)."]
    data.write_text(nlu(*lines), encoding="utf-8")
    out = tmp_path / "found.html"
    assert main(["check", "--nlu", str(data), "--html", str(out)]) == 1
    return out


def test_what_users_wrote_is_text_on_the_page(page: Path) -> None:
    parsed = Tags()
    parsed.feed(page.read_text(encoding="utf-8"))
    assert not {"script", "img", "i"} & set(parsed.tags) and parsed.tags.count("style") == 1
    assert EVIL[:40] in parsed.text and "text-in-two-intents" in parsed.text


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_opens_the_page_and_runs_nothing(page: Path, tmp_path: Path) -> None:
    assert CHROMIUM
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'c'}"]
    done = subprocess.run(
        [CHROMIUM, *options, "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "<title>Check of NLU data</title>" in done.stdout
    assert "&lt;script&gt;" in done.stdout and "<script>" not in done.stdout
