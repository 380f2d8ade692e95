"""A server of Rasa, and what clients measure of it."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Sequence, Tuple

import numpy as np
from rasa.core.lock_store import InMemoryLockStore

CLIENTS = 4
REQUESTS = 500
"""Of each client, after fewer that are not counted."""
WARM_UP = 50
START_SECONDS = 180
ENDPOINTS = "lock_store:\n  type: benchmarks.http_load.OwnLocks\n"


class OwnLocks(InMemoryLockStore):
    """Locks of each worker for itself, which is enough where messages are only parsed.

    With Rasa's default there is one worker, whatever SANIC_WORKERS says.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        """Take no notice of the endpoint."""
        super().__init__()


class Server(NamedTuple):
    """A server on this machine."""

    port: int
    process: int

    @property
    def megabytes(self) -> float:
        """What its process holds in memory; of Linux."""
        pages = int(Path(f"/proc/{self.process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def request(self, method: str, path: str, content: Any) -> Tuple[int, str]:
        """Ask over a connection of its own: the status, and what the server says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        with contextlib.closing(connection):
            connection.request(method, path, json.dumps(content))
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8")


class Asked(NamedTuple):
    """What clients got: of each request milliseconds, of all together seconds.

    errors: each kind of them, and how often; answers: to each text, all that are not the same.
    """

    milliseconds: Sequence[float]
    seconds: float
    errors: Dict[str, int]
    answers: Sequence[Sequence[str]]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.milliseconds) / self.seconds

    def percentiles(self, *which: float) -> List[float]:
        """Milliseconds of a request."""
        percentiles: List[float] = np.percentile(self.milliseconds, which).tolist()
        return percentiles


def percentiles_of_server(
    archive: Path, texts: Sequence[str], workers: int
) -> Tuple[float, float, float, float]:
    """p50, p95 and p99 of a request, in milliseconds, and requests a second of all clients."""
    with running_server(archive, workers) as server:
        again = itertools.cycle(texts)
        for requests in (WARM_UP, REQUESTS):
            asked = ask(server, list(itertools.islice(again, CLIENTS * requests)), CLIENTS, 0)
    if asked.errors:
        raise RuntimeError(f"The server answered {asked.errors}.")
    p50, p95, p99 = asked.percentiles(50, 95, 99)
    return p50, p95, p99, asked.rate


@contextlib.contextmanager
def running_server(archive: Path, workers: int = 1) -> Iterator[Server]:
    """A server that understands with a model."""
    with tempfile.TemporaryDirectory() as folder:
        endpoints = Path(folder, "endpoints.yml")
        endpoints.write_text(ENDPOINTS, encoding="utf-8")
        port = _free_port()
        command = ["-W", "ignore", "-m", "rasa", "run", "--enable-api", "--model", str(archive)]
        command += ["--port", str(port), "--endpoints", str(endpoints), "-i", "127.0.0.1"]
        process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, "SANIC_WORKERS": str(workers)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            server = Server(port, process.pid)
            _wait_for(server, process)
            yield server
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def ask(server: Server, texts: Sequence[str], clients: int, seconds: float) -> Asked:
    """Have clients, in a process of their own, ask for so many seconds; with 0, each text once."""
    url = f"http://127.0.0.1:{server.port}/model/parse"
    command = [sys.executable, "-m", "benchmarks.clients", url, str(clients), str(seconds)]
    done = subprocess.run(command, input=json.dumps(texts), stdout=subprocess.PIPE, text=True)
    done.check_returncode()
    return Asked(**json.loads(done.stdout))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Server, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server understands; each worker loads the model for itself."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            answers = [server.request("POST", "/model/parse", {"text": "hello"}) for _ in range(20)]
            if all(status == 200 and "intent" in answer for status, answer in answers):
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(1)
    raise RuntimeError(f"The server did not answer within {START_SECONDS} s.")
