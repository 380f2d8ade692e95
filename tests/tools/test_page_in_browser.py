"""The page in Chromium: what it shows, what becomes of hostile texts, and of servers that end."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any, Iterator

import pytest
from browser import DESKTOP, PHONE, SCHEMES, focused, hard_to_read, opened, too_wide, unnamed
from page_helpers import GOLDEN, FakeBot, PageServer

from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.page.inspection import inspect
from rasa_joint_nlu.tools.page.server import LONGEST
from rasa_joint_nlu.tools.pipeline import FALLBACK, Component

TEXT = "send the box from New York to Accra"
HOSTILE = "<img src=x onerror=alert(1)> <script>alert(2)</script> to <b>Accra</b>"
NLU = f"""
nlu:
- intent: order
  examples: |
    - good morning {HOSTILE}
    - send it to [Rome]{{"entity": "city", "role": "from"}}
    - hello there
- intent: greet
  examples: |
    - hello
"""
SUMMARY = "#summary:not(:empty)"


@pytest.fixture(scope="module")
def nlu(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nlu") / "nlu.yml"
    path.write_text(NLU, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model, with a threshold that little reaches."""
    folder = tmp_path_factory.mktemp("strict") / "model"
    model = load_model(GOLDEN)
    fallback = Component.of(FALLBACK, {"threshold": 0.86, "ambiguity_threshold": 0.1}, FALLBACK)
    pipeline = dataclasses.replace(model.pipeline, fallback=fallback)
    dataclasses.replace(model, pipeline=pipeline).save(folder)
    return folder


@pytest.fixture(scope="module")
def server(nlu: Path) -> Iterator[PageServer]:
    """The page of a model and a file."""
    started = PageServer(GOLDEN, "--nlu", nlu)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def both(nlu: Path, strict: Path) -> Iterator[PageServer]:
    """The page of two models."""
    started = PageServer(GOLDEN, strict, "--nlu", nlu)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def bot() -> Iterator[FakeBot]:
    started = FakeBot()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def chat(bot: FakeBot) -> Iterator[PageServer]:
    """The page of a model and a bot."""
    started = PageServer(GOLDEN, "--bot", bot.url)
    yield started
    started.stop()


def say(page: Any, text: str) -> None:
    """Write a message, and wait until it is shown."""
    page.evaluate("document.getElementById('summary').textContent = ''")
    page.fill("#message", text)
    page.press("#message", "Enter")
    page.wait_for_selector(SUMMARY, state="attached")


def texts(page: Any, what: str) -> Any:
    return page.locator(what).all_inner_texts()


def is_ready(page: Any) -> None:
    page.wait_for_selector("#state.well")


# What it shows ---------------------------------------------------------------------------------


def test_it_shows_what_the_model_understood_and_why(browser: Any, server: PageServer) -> None:
    model = load_model(GOLDEN)
    expected = inspect(model, TEXT)
    with opened(browser, server.url) as page:
        say(page, TEXT)
        assert texts(page, "mark .found") == ["New York", "Accra"]
        assert texts(page, "mark .label") == ["city · from 100\u00a0%", "city · to 100\u00a0%"]
        ranking = expected["answer"]["intent_ranking"]
        rows = [row.split("\t") for row in texts(page, ".ranking tr")]
        assert [row[0] for row in rows] == [intent["name"] for intent in ranking]
        assert rows[0][-1] == f"{100 * ranking[0]['confidence']:.1f}\u00a0%"
        words = expected["reasons"]["intent"]["words"]
        assert texts(page, ".words th")[:-2] == [word["text"] for word in words]
        added = [float(t.replace("−", "-")) for t in texts(page, ".words td:last-child")]
        assert added[:-2] == pytest.approx([word["added"] for word in words], abs=0.006)
        assert texts(page, ".unknown") == ["the", "box"]
        assert "In scope" in page.inner_text(".facts") and " ms" in page.inner_text(".facts")
        assert "Role from: 99.9\u00a0%." in page.locator(".entity").first.inner_text()
        assert page.locator(".entity").count() == 2
        page.click("summary")
        assert json.loads(page.inner_text("pre")) == expected["answer"]
        assert page.inner_text("#summary").startswith("send 100\u00a0%; New York: city, from")
        assert page.inner_text(".user .short") == "send 100\u00a0%"


def test_bars_are_as_long_as_their_numbers_are_large(browser: Any, both: PageServer) -> None:
    with opened(browser, both.url) as page:
        say(page, "small")
        one, other = (page.locator(f"article >> nth={n}") for n in (0, 1))
        track = other.locator(".ranking .track").first.bounding_box()
        bar = other.locator(".ranking .bar").nth(1).bounding_box()
        line = other.locator(".ranking .threshold").first.bounding_box()
        assert bar["width"] / track["width"] == pytest.approx(0.846, abs=0.01)
        assert (line["x"] - track["x"]) / track["width"] == pytest.approx(0.86, abs=0.01)
        assert one.locator(".threshold").count() == 0
        assert "never falls back" in one.inner_text()
        reaches = one.locator(".words .bar").evaluate_all("all => all.map((e) => e.className)")
        added = one.locator(".words tr:not([class]) td:last-child").all_inner_texts()
        assert [text[0] for text in added] == ["−" if "against" in r else "+" for r in reaches]


def test_offsets_count_characters_and_not_their_halves(browser: Any, server: PageServer) -> None:
    with opened(browser, server.url) as page:
        say(page, "🍰🍰 send it to Accra 🎂 zzz")
        assert texts(page, "mark .found") == ["Accra"]
        assert texts(page, ".unknown") == ["zzz"]


def test_what_is_no_word_has_an_answer(browser: Any, server: PageServer) -> None:
    with opened(browser, server.url) as page:
        say(page, "\u200b")
        assert "no words" in page.inner_text("#answers") and "none" in page.inner_text(".facts")
        page.fill("#message", "a" * (LONGEST + 7))
        assert page.get_attribute("#message", "maxlength") == str(LONGEST)


def test_two_models_stand_side_by_side(browser: Any, both: PageServer) -> None:
    with opened(browser, both.url) as page:
        say(page, TEXT)
        assert page.inner_text(".differ") == "A and B understand the same."
        assert [title[:4] for title in texts(page, "article h3")] == ["A · ", "B · "]
        boxes = [page.locator("article").nth(n).bounding_box() for n in (0, 1)]
        assert boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"]
        say(page, "small")
        assert page.inner_text(".differ") == "A and B differ in the intent."
        short = "A order 85\u00a0% · B nlu_fallback 86\u00a0%"
        assert texts(page, ".user .short")[-1] == short


def test_what_is_misunderstood_can_be_clicked_through(browser: Any, both: PageServer) -> None:
    with opened(browser, both.url) as page:
        page.click("text=Misunderstood")
        items = page.locator("#list button")
        assert items.count() == 3 and page.inner_text("#list-of") == "3 of 4 messages"
        items.nth(1).click()
        page.wait_for_selector("mark")
        assert "Rome city · from" in page.inner_text(".expected")
        wrong = texts(page, ".expected .error")
        assert wrong == [
            "Misunderstood by A: the intent and entities.",
            "Misunderstood by B: the intent and entities.",
        ]
        assert items.nth(1).get_attribute("aria-pressed") == "true"
        page.select_option("#whose select", "a")
        assert texts(page, "#list") == ["There are none."]


def test_a_model_that_is_trained_anew_is_shown_by_itself(browser: Any, tmp_path: Path) -> None:
    path = Path(shutil.copy(GOLDEN, tmp_path / "model.tar.gz"))
    server = PageServer(path)
    with opened(browser, server.url) as page:
        say(page, "hello")
        path.unlink()
        page.wait_for_selector("#notice:has-text('There is no')")
        page.wait_for_selector("article .error")
        shutil.copy(GOLDEN, path)
        is_ready(page)
        page.wait_for_selector(".ranking")
        assert not page.is_visible("#notice")
    server.stop()


# Hostile texts ---------------------------------------------------------------------------------


def test_hostile_messages_and_labels_are_shown_as_text(browser: Any, server: PageServer) -> None:
    with opened(browser, server.url) as page:
        say(page, HOSTILE)
        assert page.inner_text(".user button") == HOSTILE
        assert page.inner_text(".sentence").replace("\n", "").startswith("<img src=x onerror=")
        page.click("#tab-list")
        assert page.locator("#list button").first.inner_text().startswith(f"good morning {HOSTILE}")
        page.locator("#list button").first.click()
        page.wait_for_selector(".expected")
        assert page.locator("img, main script, main b:has-text('Accra')").count() == 0
    # `opened` has seen no dialog, no request and no word of the console.


def test_hostile_replies_are_shown_as_text(browser: Any, bot: FakeBot, chat: PageServer) -> None:
    bot.replies = [
        {"text": HOSTILE, "buttons": [{"title": HOSTILE, "payload": "/greet"}]},
        {"image": "javascript:alert(3)", "custom": {"html": HOSTILE}},
    ]
    with opened(browser, chat.url) as page:
        is_ready(page)
        say(page, "hello")
        page.wait_for_selector(".bot >> nth=1")
        assert texts(page, ".bot .said")[0] == HOSTILE and texts(page, ".choices button") == [
            HOSTILE
        ]
        assert "javascript:alert(3)" in texts(page, ".bot .said")[1]
        assert page.locator("img, main script, main a").count() == 0
    bot.replies = [{"text": "Hello!"}]


def test_even_a_script_that_got_in_would_not_run(browser: Any, server: PageServer) -> None:
    with opened(browser, server.url) as page:
        attempt = "document.body.innerHTML = '<img src=x onerror=alert(1)>'"
        outcome = page.evaluate(f"() => {{ try {{ {attempt} }} catch {{ return 'refused' }} }}")
        assert outcome == "refused"
        assert any("TrustedHTML" in text for text in page.said)
        page.said.clear()


# The bot ---------------------------------------------------------------------------------------


def test_what_the_bot_replies_stands_below_and_its_buttons_reply(
    browser: Any, bot: FakeBot, chat: PageServer
) -> None:
    bot.told.clear()
    bot.replies = [{"text": "Which?", "buttons": [{"title": "Tea", "payload": "/order"}]}]
    with opened(browser, chat.url) as page:
        is_ready(page)
        say(page, "hello")
        page.click("text=Tea")
        page.wait_for_selector(".bot >> nth=1")
        assert texts(page, ".said") == ["hello", "Which?", "Tea", "Which?"]
        assert [told["message"] for told in bot.told] == ["hello", "/order"]
        assert len({told["sender"] for told in bot.told}) == 1
        page.reload()
        is_ready(page)
        assert texts(page, ".said") == ["hello", "Which?", "Tea", "Which?"]
        page.click("text=New conversation")
        assert texts(page, ".said") == []
        bot.replies = []
        say(page, "good morning")
        page.wait_for_selector("text=The bot replied nothing.")
        assert len({told["sender"] for told in bot.told}) == 2
    bot.replies = [{"text": "Hello!"}]


def test_a_slow_bot_is_said_to_be_slow(browser: Any, bot: FakeBot, chat: PageServer) -> None:
    bot.delay = 4.5
    with opened(browser, chat.url) as page:
        is_ready(page)
        say(page, "hello")
        page.wait_for_selector("text=still waiting")
        page.wait_for_selector(".bot")
        assert page.locator("text=still waiting").count() == 0
    bot.delay = 0


def test_a_bot_that_is_away_or_without_a_model_is_said_until_it_is_back(
    browser: Any, bot: FakeBot, chat: PageServer
) -> None:
    with opened(browser, chat.url) as page:
        is_ready(page)
        bot.has_model = False
        page.wait_for_selector("#notice:has-text('has no model')")
        say(page, "hello")
        page.wait_for_selector("text=sent as soon as the bot is there")
        bot.has_model = True
        page.wait_for_selector(".bot")
        bot.stop()
        page.wait_for_selector("#notice:has-text('is not there')")
        say(page, TEXT)
        assert texts(page, "mark .found") == ["New York", "Accra"]
        page.wait_for_selector("text=sent as soon as the bot is there")
        bot.start()
        page.wait_for_selector(".bot >> nth=1")
        assert page.locator(".note").count() == 0 and not page.is_visible("#notice")


def test_what_failed_can_be_sent_again(browser: Any, bot: FakeBot, chat: PageServer) -> None:
    bot.told.clear()
    bot.status = 500
    with opened(browser, chat.url) as page:
        is_ready(page)
        say(page, "hello")
        page.wait_for_selector(".note.error:has-text('did not answer')")
        bot.status = 200
        page.click("text=Send again")
        page.wait_for_selector(".bot")
        assert page.locator(".note").count() == 0 and len(bot.told) == 2


def test_the_server_killed_and_back_goes_on_by_itself(browser: Any) -> None:
    server = PageServer(GOLDEN)
    with opened(browser, server.url) as page:
        say(page, "hello")
        server.kill()
        page.wait_for_selector("#notice:has-text('this page goes on by itself')")
        page.fill("#message", TEXT)
        page.press("#message", "Enter")
        page.wait_for_selector("#answers:has-text('as soon as it is back')")
        server.start()
        page.wait_for_selector("mark")
        assert texts(page, "mark .found") == ["New York", "Accra"]
        is_ready(page)
        assert not page.is_visible("#notice")
    server.stop()


# For everybody ---------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_all_of_it_fits_and_can_be_read(
    browser: Any, both: PageServer, scheme: str, viewport: Any
) -> None:
    with opened(browser, both.url, viewport, scheme) as page:
        assert hard_to_read(page) == []
        say(page, TEXT)
        say(page, "a large cocoa and a small green tea " + "x" * 200)
        page.click("summary >> nth=0")
        assert too_wide(page) == [] and hard_to_read(page) == [] and unnamed(page) == []
        page.click("#tab-list")
        page.click("#list button >> nth=1")
        page.wait_for_selector(".expected .error")
        assert too_wide(page) == [] and hard_to_read(page) == [] and unnamed(page) == []
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert back == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}[scheme]


def test_the_keyboard_alone_does_for_all_of_it(browser: Any, both: PageServer) -> None:
    with opened(browser, both.url) as page:
        page.wait_for_selector("#tab-list:visible")
        assert focused(page) == "message"
        page.keyboard.type(TEXT)
        page.keyboard.press("Enter")
        page.wait_for_selector("mark")
        assert focused(page) == "message"
        while focused(page) != "tab-log":
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("ArrowRight")
        assert focused(page) == "tab-list" and page.is_visible("#list")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SELECT"
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "list":
            page.keyboard.press("Tab")
        first = focused(page)
        page.keyboard.press("ArrowDown")
        assert first.startswith("good morning") and focused(page).startswith("send it to Rome")
        page.keyboard.press("Enter")
        page.wait_for_selector(".expected")
        page.keyboard.press("Tab")
        while not page.evaluate("document.activeElement.matches('summary')"):
            assert not focused(page).startswith("!")
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("details[open] pre").count() == 1


def test_the_first_stop_leads_past_the_list(browser: Any, server: PageServer) -> None:
    with opened(browser, server.url) as page:
        page.keyboard.press("Shift+Tab")
        while not focused(page).startswith("Skip to the analysis"):
            assert focused(page) != "body"
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "analysis"
