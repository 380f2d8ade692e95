"""The pages that commands write, in Chromium: light and dark, on a phone, by keyboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

import pytest
from browser import DESKTOP, PHONE, SCHEMES, focused, hard_to_read, opened, too_wide, unnamed
from page_helpers import GOLDEN

from rasa_joint_nlu.__main__ import main

HOSTILE = "send it to <script>alert(1)</script> <img src=x onerror=alert(2)>"
NLU = f"""
nlu:
- intent: send
  examples: |
    - {HOSTILE} [Rome](city)
    - send it from [Oslo]{{"entity": "city", "role": "to"}} to [{"Llanfairpwllgwyngyll" * 5}](city)
    - hello
- intent: {"a_very_long_name_of_an_intent_" * 4}
  examples: |
    - good morning
    - good morning
    - hello
- intent: greet
  examples: |
    - hey
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Dict[str, str]:
    """The address of a page of each command, with all parts that it can have."""
    folder = tmp_path_factory.mktemp("pages")
    nlu = folder / "nlu.yml"
    nlu.write_text(NLU, encoding="utf-8")
    text = f"{HOSTILE} from New York to Accra"
    commands = {
        "check": ["check", "--nlu", str(nlu), "--model", str(GOLDEN)],
        "explain": ["explain", str(GOLDEN), text, "--nlu", str(nlu)],
        "test": ["test", str(GOLDEN), str(nlu)],
    }
    for name, arguments in commands.items():
        assert main([*arguments, "--html", str(folder / f"{name}.html")]) in (0, 1)
    return {name: (folder / f"{name}.html").as_uri() for name in commands}


COMMANDS = pytest.mark.parametrize("command", ["check", "explain", "test"])


@COMMANDS
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_page_fits_and_can_be_read(
    browser: Any, pages: Dict[str, str], command: str, scheme: str, viewport: Any
) -> None:
    with opened(browser, pages[command], viewport, scheme) as page:
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert too_wide(page) == [] and hard_to_read(page) == [] and unnamed(page) == []
        red, *_ = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)")
        assert int(red) > 200 if scheme == "light" else int(red) < 50
        assert page.locator("img, script").count() == 0


@COMMANDS
def test_the_keyboard_reaches_all_that_can_be_used(
    browser: Any, pages: Dict[str, str], command: str
) -> None:
    with opened(browser, pages[command], PHONE) as page:
        boxes = page.locator(".wide").evaluate_all(
            "all => all.map((e) => [e.scrollWidth, e.clientWidth])"
        )
        wide = sum(inside > outside for inside, outside in boxes)
        folds = page.locator("summary").count()
        stops = []
        for _ in range(wide + folds):
            page.keyboard.press("Tab")
            assert not focused(page).startswith("!")
            stops.append(page.evaluate("document.activeElement.tagName"))
        assert stops.count("SUMMARY") == folds and len(stops) == wide + folds
        if folds:
            first = page.locator("details").first
            was_open = first.get_attribute("open")
            page.locator("summary").first.focus()
            page.keyboard.press("Enter")
            assert first.get_attribute("open") != was_open


def test_what_is_wrong_with_a_page_would_be_found(browser: Any, tmp_path: Path) -> None:
    page_file = tmp_path / "bad.html"
    page_file.write_text(
        "<body style='background: #fff'><p style='color: #bbb'>pale</p>"
        "<div style='width: 3000px'>wide</div><button></button>",
        encoding="utf-8",
    )
    with opened(browser, page_file.as_uri()) as page:
        assert hard_to_read(page) == ["pale: 1.92"]
        assert any("wide" in found for found in too_wide(page))
        lacking = json.dumps(unnamed(page))
        assert all(name in lacking for name in ("language", "title", "0 h1", "0 main", "<button>"))
