"""The command `page`: its options, and the server's begin and end."""

from __future__ import annotations

import argparse
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.nlu_files import read_nlu
from rasa_joint_nlu.tools.numbers import whole
from rasa_joint_nlu.tools.outputs import tell_notes
from rasa_joint_nlu.tools.page.server import HOST, application
from rasa_joint_nlu.tools.page.watched import WatchedModel

PORT = 8080
PATIENCE = 1.0
"""Seconds that what is in work has to end when the server is stopped."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Serve a page, to this machine only, that shows what a model understands of messages and "
        "why. With a second model, both are shown side by side; with a bot, you talk to it. A "
        "model that is trained anew is loaded anew."
    )
    add = parser.add_argument
    add("model", type=Path, metavar="MODEL", help="a folder that 'train' wrote, or Rasa's .tar.gz")
    add("other", type=Path, nargs="?", metavar="MODEL", help="one to show beside it")
    add("--nlu", type=Path, nargs="+", metavar="PATH", help="list what is misunderstood of these")
    add("--bot", metavar="URL", help="a Rasa server with the REST channel, to talk to")
    add(
        "--port", type=whole(0, 65_535), default=PORT, help="0: any free one (default: %(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    paths = [path for path in (options.model, options.other) if path]
    models = [WatchedModel(path) for path in paths]
    for model in models:
        tell_notes(*model.current().pipeline.notes)
    bot = address(options.bot) if options.bot else None
    messages = []
    if options.nlu:
        data = read_nlu(options.nlu)
        tell_notes(*data.notes)
        messages = data.distinct_messages()
    with _listening(options.port) as server:
        print(f"The page is at http://localhost:{server.getsockname()[1]}; Ctrl+C ends it.")
        sys.stdout.flush()
        web.run_app(
            application(models, messages, bot),
            sock=server,
            print=lambda *_: None,
            access_log=None,
            shutdown_timeout=PATIENCE,
        )
    return 0


def address(url: str) -> str:
    """The address of a server, without a slash at its end.

    >>> address("http://localhost:5005/")
    'http://localhost:5005'

    Raises:
        InputError: if it is none.
    """
    try:
        parts = urlsplit(url)
        # A port that is none shows when it is asked for.
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise InputError(f"'{url}' is no address of a server such as http://localhost:5005.")
    return url.rstrip("/")


def _listening(port: int) -> socket.socket:
    server = socket.socket()
    # So that the port of a server that has just ended can be taken at once.
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((HOST, port))
        # From here on, who is told of the page is not refused but waits until it is served.
        server.listen()
    except OSError as error:
        server.close()
        raise InputError(
            f"The page cannot be served at port {port} ({error}); name another with --port."
        ) from error
    return server
