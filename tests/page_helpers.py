"""The page's server in a process of its own, and a bot that does what a test wants."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, List

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden" / "model.tar.gz"


class PageServer:
    """`rasa-joint-nlu page` as a user runs it; it can be killed and started again."""

    def __init__(self, *arguments: Any) -> None:
        self._arguments = [*map(str, arguments)]
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start it, on the port that it had."""
        command = [sys.executable, "-m", "rasa_joint_nlu", "page", *self._arguments]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        match = re.search(r"http://localhost:(\d+)", line)
        assert match, line
        self.port = int(match[1])

    def stop(self) -> int:
        """End it as Ctrl+C would, and return its exit code."""
        self.process.terminate()
        return self._wait()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self._wait()

    def _wait(self) -> int:
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait(30)


class FakeBot:
    """A server with Rasa's REST channel.

    replies: what it answers; delay: seconds before it does; status: of its answers; has_model:
    whether it says that it has one. `told` is what it was told.
    """

    def __init__(self) -> None:
        self.replies: Any = [{"text": "Hello!"}]
        self.delay, self.status, self.has_model = 0.0, 200, True
        self.told: List[Any] = []
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start it, on the port that it had."""
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200 if bot.has_model else 409, {})

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                bot.told.append(json.loads(self.rfile.read(length)))
                time.sleep(bot.delay)
                # As Rasa 3.6 does.
                self._answer(bot.status, bot.replies if bot.has_model else [])

            def _answer(self, status: int, content: Any) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """Say nothing of a client that did not wait."""

        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
