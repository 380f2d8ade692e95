"""The server under load, for a moment; its clients, and the eye that they are looked at with."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, Dict, List

import pytest
from aiohttp import web
from rasa_helpers import bot

from benchmarks import clients, http_load, load

TEXTS = ["hello", "fly to Rome", "a cup of tea"]


def asked_of(handler: Any, seconds: float) -> Dict[str, Any]:
    """What two clients get from a server of one function."""

    async def run() -> Dict[str, Any]:
        app = web.Application()
        app.router.add_post("/", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        try:
            return await clients.ask(f"http://{host}:{port}/", TEXTS, 2, seconds)
        finally:
            await runner.cleanup()

    return asyncio.run(run())


def test_clients_ask_each_text_once() -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.json_response(json.loads(await request.text()))

    found = asked_of(echo, 0)
    assert [[json.loads(answer)["text"] for answer in of_one] for of_one in found["answers"]] == [
        [text] for text in TEXTS
    ]
    assert len(found["milliseconds"]) == 3 and found["errors"] == {}
    assert min(found["milliseconds"]) > 0 and found["seconds"] > 0


def test_clients_go_on_until_the_time_is_up_and_keep_what_differs() -> None:
    numbers = iter(range(10**6))

    async def count(request: web.Request) -> web.Response:
        return web.Response(text=str(min(next(numbers), 7)))

    found = asked_of(count, 0.3)
    assert found["seconds"] >= 0.3 and len(found["milliseconds"]) > 8
    assert sorted(answer for of_one in found["answers"] for answer in set(of_one) - {"7"}) == list(
        "0123456"
    )


def test_clients_count_errors_by_kind() -> None:
    async def refuse(request: web.Request) -> web.Response:
        if json.loads(await request.text())["text"] == "hello":
            return web.Response(status=500, text="no")
        assert request.transport
        request.transport.close()
        return web.Response()

    found = asked_of(refuse, 0)
    assert found["errors"] == {"500: no": 1, "ServerDisconnectedError": 2}
    assert found["answers"] == [[], [], []]


def test_rounds_are_summed_up() -> None:
    first = http_load.Asked([1.0, 2.0], 1.0, {"500": 1}, [["a"], ["b"]])
    second = http_load.Asked([3.0], 2.0, {"500": 2, "404": 1}, [["a"], ["c"]])
    both = load._together([first, second])
    assert both == ([1.0, 2.0, 3.0], 3.0, {"500": 3, "404": 1}, [["a"], ["b", "c"]])
    assert both.rate == 1.0 and both.percentiles(50) == [2.0]


def answer(**changed: Any) -> str:
    city = {"entity": "city", "start": 3, "end": 7, "value": "Rome", "confidence_entity": 0.9}
    ranking = [{"name": "fly", "confidence": 0.8}, {"name": "greet", "confidence": 0.2}]
    whole = {"text": "to Rome", "intent": ranking[0], "intent_ranking": ranking}
    return json.dumps({**whole, "entities": [city], **changed})


def test_a_wrong_answer_over_http_would_be_noticed() -> None:
    assert load.wrong_answer(" to Rome ", answer()) == []
    assert load.wrong_answer("to Oslo", answer()) == ["text", "values"]
    assert load.wrong_answer("to Rome", answer(intent={"name": "greet"})) == ["intent"]
    ranking = [{"name": "fly", "confidence": 1.8}]
    changed = answer(intent=ranking[0], intent_ranking=ranking)
    assert load.wrong_answer("to Rome", changed) == ["ranking", "numbers"]


@pytest.fixture(scope="module")
def trained() -> load.Trained:
    """One archive for all of them."""
    return load.Trained(bot(), bot(), bot(), TEXTS)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read as Linux has it")
@pytest.mark.parametrize("part", ["exchange", "fuzz"])
def test_a_server_answers_while_models_are_exchanged_and_whatever_is_asked(
    part: str, trained: load.Trained
) -> None:
    found = load.PARTS[part](trained, 0.01)
    assert found["wrong"] == 0
    assert found.get("exchanges", 2) >= 2 and found.get("messages", 20) == 20


def test_two_servers_are_measured_in_turn(
    trained: load.Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without servers, which take long to start: the clients' reports are made up."""
    calls: List[int] = []

    def made_up(server: http_load.Server, texts: Any, number: int, seconds: float) -> Any:
        calls.append(server.process)
        ours = server.process == 0
        milliseconds = [1.0, 2.0, 3.0] if ours else [9.0]
        return http_load.Asked(milliseconds, 1.0, {}, [[str(server.process)]] * len(texts))

    class Fake(http_load.Server):
        megabytes = 500.0  # type: ignore[assignment]

    class Started:
        def __init__(self, archive: Path) -> None:
            self.server = Fake(0, int(archive.name))

        def __enter__(self) -> http_load.Server:
            return self.server

        def __exit__(self, *_: Any) -> None: ...

    monkeypatch.setattr(load, "ask", made_up)
    monkeypatch.setattr(load, "running_server", Started)
    found = load.beside(load.Trained(Path("0"), Path("1"), Path("2"), TEXTS), 1)
    assert calls == [0, 1] * (1 + load.ROUNDS)
    assert found["requests/s, of separate's"] == 3.0 and found["p99, of separate's"] == 0.33
    assert found["wrong"] == 0
