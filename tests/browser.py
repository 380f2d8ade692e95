"""Pages in headless Chromium: how to start it, and what holds for each page."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Any, Iterator, List

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = ({"width": 1280, "height": 800}, {"width": 360, "height": 740})
SCHEMES = ("light", "dark")
CHECKS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """A browser; without one, the test is skipped.

    While it runs, an event loop runs in this thread: nothing else may begin one.
    """
    pytest.importorskip("playwright", reason="needs Playwright: pip install '.[dev]'")
    from playwright.sync_api import sync_playwright

    paths = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    path = next(filter(None, paths), None)
    if path is None:
        pytest.skip("needs Chromium, e.g. Debian's package: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser: Any, url: str, viewport: Any = DESKTOP, scheme: str = "light") -> Iterator[Any]:
    """A page in a profile of its own. What its console says, or asks of others, is an error."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    origin = url if url.startswith("file:") else "/".join(url.split("/")[:3])
    said: List[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
    page.on(
        "request",
        lambda request: None if request.url.startswith(origin) else said.append(request.url),
    )
    page.goto(url)
    page.set_default_timeout(10_000)
    page.said = said
    yield page
    # A server that is not there is told of by the browser itself.
    assert [text for text in said if not text.startswith("Failed to load resource")] == []
    context.close()


def too_wide(page: Any) -> List[str]:
    """What is wider than the window, but for what scrolls by itself."""
    return list(page.evaluate(f"{CHECKS}.tooWide()"))


def hard_to_read(page: Any) -> List[str]:
    """Texts with less contrast than WCAG 2.1 asks for."""
    return list(page.evaluate(f"{CHECKS}.hardToRead()"))


def unnamed(page: Any) -> List[str]:
    """Controls and parts without a name that a screen reader could say."""
    return list(page.evaluate(f"{CHECKS}.unnamed()"))


def focused(page: Any) -> str:
    """What has the focus, by its first words; after `!` where that is not to be seen."""
    return str(page.evaluate(f"{CHECKS}.focused()"))
