"""The page's server over HTTP: what it answers, whom, and what it says of a bot."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any, Awaitable, Callable, Iterator, Optional, Sequence

import pytest
from aiohttp.test_utils import TestClient, TestServer
from page_helpers import GOLDEN, FakeBot

from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.nlu_files import read_nlu
from rasa_joint_nlu.tools.page import server
from rasa_joint_nlu.tools.page.server import LONGEST, application
from rasa_joint_nlu.tools.page.watched import WatchedModel

Visit = Callable[[Any], Awaitable[Any]]


def visit(
    work: Visit,
    models: Sequence[Path] = (GOLDEN,),
    messages: Sequence[Any] = (),
    bot: Optional[str] = None,
) -> Any:
    """What a client that does some work with the server returns."""

    async def run() -> Any:
        app = application([WatchedModel(path) for path in models], messages, bot)
        async with TestClient(TestServer(app)) as client:
            return await work(client)

    return asyncio.run(run())


def ask(method: str, path: str, content: Any = None, **more: Any) -> Any:
    """The status of an answer and what it holds."""
    own = {name: more.pop(name) for name in ("headers", "data") if name in more}

    async def work(client: Any) -> Any:
        sent = {"json": content} if content is not None else {}
        async with client.request(method, path, **sent, **own) as answer:
            return answer.status, await answer.json(content_type=None)

    return visit(work, **more)


@pytest.fixture
def bot() -> Iterator[FakeBot]:
    started = FakeBot()
    yield started
    with contextlib.suppress(OSError):
        started.stop()


def test_every_file_that_the_page_names_is_there_and_nothing_runs_but_they() -> None:
    async def work(client: Any) -> None:
        async with client.get("/") as answer:
            page = await answer.text()
        names = ["page.js", "page.css", "base.css", "icon.svg", "inspector.js", "dom.js"]
        for name in names:
            async with client.get(f"/{name}") as answer:
                assert answer.status == 200
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy and "unsafe" not in policy
        assert [name for name in names[:4] if f'"{name}"' not in page] == []
        assert "<script>" not in page and "style=" not in page and "://" not in page
        async with client.get("/../server.py") as answer:
            assert answer.status == 404

    visit(work)


def test_each_model_says_what_it_understands() -> None:
    text = "send it to Accra 🍰 \ud83c"
    status, found = ask("POST", "/api/inspect", {"text": text}, models=[GOLDEN, GOLDEN])
    assert status == 200
    assert [one["answer"] for one in found["models"]] == load_model(GOLDEN).parse([text]) * 2


@pytest.mark.parametrize(
    ("request_", "status", "problem"),
    [
        ({"content": {"text": 7}}, 400, "must be a text"),
        ({"content": {}}, 400, "must be a text"),
        ({"content": [1]}, 400, "no JSON object"),
        ({"content": {"text": "a" * (LONGEST + 1)}}, 400, "2,000 characters at most"),
        ({"data": "{", "headers": {"Content-Type": "application/json"}}, 400, "no JSON"),
        ({"data": b"\xff", "headers": {"Content-Type": "application/json"}}, 400, "no JSON"),
        ({"data": "[" * 10**5, "headers": {"Content-Type": "application/json"}}, 400, "no JSON"),
        (
            {"data": "{}", "headers": {"Content-Type": "application/json; charset=x"}},
            400,
            "no JSON",
        ),
        ({"data": '{"text": "hi"}'}, 415, "Send JSON"),
        ({"content": {"text": "hi"}, "headers": {"Host": "example.com"}}, 403, "localhost only"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(request_: Any, status: int, problem: str) -> None:
    answered, found = ask("POST", "/api/inspect", **request_)
    assert answered == status and problem in found["problem"]


def test_the_misunderstood_messages_are_those_of_the_file(tmp_path: Path) -> None:
    nlu = tmp_path / "nlu.yml"
    nlu.write_text("nlu:\n- intent: order\n  examples: |\n    - hello\n    - a tea please\n")
    messages = read_nlu([nlu]).distinct_messages()
    _, found = ask("GET", "/api/misunderstood", messages=messages)
    assert found["messages"] == 2 and "hello" in [one["text"] for one in found["misunderstood"]]
    _, found = ask("GET", "/api/misunderstood")
    assert found == {"messages": 0, "misunderstood": []}


def test_a_model_that_is_not_there_is_said_and_others_answer(tmp_path: Path) -> None:
    models = [GOLDEN, tmp_path / "none.tar.gz"]
    _, found = ask("GET", "/api/status", models=models)
    first, second = found["models"]
    assert first["problem"] is None and first["types"] == ["city", "drink", "size"]
    assert "There is no" in second["problem"] and second["stamp"] is None
    _, found = ask("POST", "/api/inspect", {"text": "hello"}, models=models)
    assert found["models"][0]["answer"]["intent"]["name"] == "greet"
    assert "There is no" in found["models"][1]["problem"]


# The bot ---------------------------------------------------------------------------------------

SAID = {"sender": "me", "text": "hello"}


def test_the_bot_is_told_what_was_said_and_its_replies_come_back(bot: FakeBot) -> None:
    assert ask("POST", "/api/chat", SAID, bot=bot.url) == (200, {"replies": [{"text": "Hello!"}]})
    assert bot.told == [{"sender": "me", "message": "hello"}]


@pytest.mark.parametrize(
    ("change", "status", "problem"),
    [
        ({"status": 404}, 502, "no REST channel"),
        ({"status": 500}, 502, "did not answer"),
        ({"replies": {"not": "a list"}}, 502, "not as Rasa's REST channel"),
        ({"delay": 0.5}, 504, "within 0 seconds"),
    ],
)
def test_what_is_wrong_with_the_bot_is_said(
    bot: FakeBot, monkeypatch: pytest.MonkeyPatch, change: Any, status: int, problem: str
) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.2)
    for name, value in change.items():
        setattr(bot, name, value)
    answered, found = ask("POST", "/api/chat", SAID, bot=bot.url)
    assert answered == status and problem in found["problem"]


def test_a_bot_is_ready_or_without_a_model_or_away(bot: FakeBot) -> None:
    def state() -> Any:
        return ask("GET", "/api/status", bot=bot.url)[1]["bot"]

    assert state() == {"url": bot.url, "state": "ready"}
    bot.has_model = False
    assert state()["state"] == "no model"
    status, found = ask("POST", "/api/chat", SAID, bot=bot.url)
    assert status == 503 and found["problem"] == "The bot has no model."
    bot.stop()
    assert state()["state"] == "down"
    status, found = ask("POST", "/api/chat", SAID, bot=bot.url)
    assert status == 503 and "is not there" in found["problem"]


def test_without_a_bot_nobody_is_told_anything() -> None:
    status, found = ask("POST", "/api/chat", SAID)
    assert status == 404 and "--bot" in found["problem"]
