"""The server of the page: its files, what models say of messages, and the way to the bot."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, List, Optional, Sequence

import aiohttp
from aiohttp import web

from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.nlu_files import Message
from rasa_joint_nlu.tools.page.inspection import inspect, misunderstood
from rasa_joint_nlu.tools.page.watched import WatchedModel

HOST = "127.0.0.1"
NAMES = ("localhost", HOST)
"""What browsers may call this machine. Any other name is a stranger's, which leads here."""
LONGEST = 2000
"""Characters of a message."""
PATIENCE = 60.0
"""Seconds that a bot has to answer."""
GLANCE = 2.0
"""Seconds that it has to say whether it is there."""

STATIC = Path(__file__).parent / "static"
FILES = [*sorted(STATIC.iterdir()), STATIC.parents[1] / "templates" / "base.css"]
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Sent with all: only our own files run, and no text can become HTML."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(
    models: Sequence[WatchedModel], messages: Sequence[Message] = (), bot: Optional[str] = None
) -> web.Application:
    """The page of one model or two, of labelled messages and of the bot at an address."""
    page = _Page(models, messages, bot)
    app = web.Application(middlewares=[_guarded])
    app.cleanup_ctx.append(page.connected)
    for file in FILES:
        app.router.add_get("/" if file.suffix == ".html" else f"/{file.name}", _file(file))
    app.router.add_get("/api/status", page.status)
    app.router.add_get("/api/misunderstood", page.misunderstood)
    app.router.add_post("/api/inspect", page.inspect)
    app.router.add_post("/api/chat", page.chat)
    return app


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer this machine's browser only, and nothing of another site in it."""
    name = request.headers.get("Host", "").rpartition(":")[0] or request.headers.get("Host", "")
    try:
        if name not in NAMES:
            raise web.HTTPForbidden(text=f"This page is served to {NAMES[0]} only.")
        # Another site may send plain forms without being asked, but no JSON.
        if request.method == "POST" and request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="Send JSON.")
        response = await handler(request)
    except InputError as error:
        response = _problem(str(error), 400)
    except web.HTTPException as error:
        response = _problem(error.text or error.reason, error.status)
    response.headers.update(SECURITY)
    return response


def _problem(text: str, status: int) -> web.Response:
    return web.json_response({"problem": text}, status=status)


def _file(file: Path) -> Handler:
    content = file.read_bytes()

    async def send(_: web.Request) -> web.Response:
        return web.Response(body=content, content_type=TYPES[file.suffix], charset="utf-8")

    return send


class _Page:
    """What is asked of the page's server."""

    def __init__(
        self, models: Sequence[WatchedModel], messages: Sequence[Message], bot: Optional[str]
    ) -> None:
        self._models, self._messages, self._bot = models, messages, bot
        self._session: Optional[aiohttp.ClientSession] = None

    async def connected(self, _: web.Application) -> AsyncIterator[None]:
        """Hold a session with the bot as long as the server runs."""
        async with aiohttp.ClientSession() as self._session:
            yield

    async def status(self, _: web.Request) -> web.Response:
        """Which models there are, whether they can be used, and whether the bot is there."""
        models = await _in_thread(lambda: [_state(model) for model in self._models])
        bot = {"url": self._bot, "state": await self._state_of_bot()} if self._bot else None
        return web.json_response({"models": models, "bot": bot, "longest": LONGEST})

    async def inspect(self, request: web.Request) -> web.Response:
        """What each model understands of a text."""
        text = _text((await _content(request)).get("text"))
        return web.json_response(
            {"models": await _in_thread(lambda: [_inspected(m, text) for m in self._models])}
        )

    async def misunderstood(self, _: web.Request) -> web.Response:
        """What the models misunderstand of the labelled messages."""

        def find() -> List[Dict[str, Any]]:
            return misunderstood([model.current() for model in self._models], self._messages)

        found = await _in_thread(find) if self._messages else []
        return web.json_response({"messages": len(self._messages), "misunderstood": found})

    async def chat(self, request: web.Request) -> web.Response:
        """Tell the bot a message, and return what it replies."""
        content = await _content(request)
        said = {"sender": str(content.get("sender")), "message": _text(content.get("text"))}
        if self._bot is None:
            return _problem("There is no bot to talk to: name one with --bot.", 404)
        assert self._session is not None
        try:
            timeout = aiohttp.ClientTimeout(total=PATIENCE)
            url = f"{self._bot}/webhooks/rest/webhook"
            async with self._session.post(url, json=said, timeout=timeout) as answer:
                if answer.status == 404:
                    return _problem("The bot has no REST channel: name it in credentials.yml.", 502)
                answer.raise_for_status()
                replies = await answer.json()
        except aiohttp.ClientConnectorError:
            return _problem(f"The bot at {self._bot} is not there.", 503)
        except asyncio.TimeoutError:
            return _problem(f"The bot did not answer within {PATIENCE:.0f} seconds.", 504)
        except (aiohttp.ClientError, ValueError) as error:
            return _problem(f"The bot at {self._bot} did not answer: {error}.", 502)
        if not isinstance(replies, list):
            return _problem("What the bot replied is not as Rasa's REST channel has it.", 502)
        # Without a model, Rasa 3.6 drops what it is told without a word.
        if not replies and await self._state_of_bot() == "no model":
            return _problem("The bot has no model.", 503)
        return web.json_response({"replies": replies})

    async def _state_of_bot(self) -> str:
        """`ready`, `no model`, or `down`."""
        assert self._session is not None
        try:
            # Rasa answers here with its HTTP API only; without, nobody says whether it has a model.
            timeout = aiohttp.ClientTimeout(total=GLANCE)
            async with self._session.get(f"{self._bot}/status", timeout=timeout) as answer:
                return "no model" if answer.status == 409 else "ready"
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return "down"


async def _in_thread(work: Callable[[], Any]) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, work)


async def _content(request: web.Request) -> Dict[str, Any]:
    try:
        content = await request.json()
    except (ValueError, RecursionError, LookupError) as error:
        # LookupError: of an encoding that nobody knows.
        raise InputError(f"That is no JSON: {error}.") from error
    if not isinstance(content, dict):
        raise InputError("That is no JSON object.")
    return content


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InputError("'text' must be a text.")
    if len(value) > LONGEST:
        raise InputError(f"A message can have {LONGEST:,} characters at most.")
    return value


def _state(model: WatchedModel) -> Dict[str, Any]:
    state: Dict[str, Any] = {"path": str(model.path), "problem": None, "stamp": None, "types": []}
    try:
        current = model.current()
    except InputError as error:
        state["problem"] = str(error)
    else:
        state["stamp"] = model.stamp
        state["types"] = list(current.model.learnt.encoder.labels.types)
    return state


def _inspected(model: WatchedModel, text: str) -> Dict[str, Any]:
    try:
        return inspect(model.current(), text)
    except InputError as error:
        return {"problem": str(error)}
