"""A server of Rasa, and clients that keep their connections open."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, List, Sequence, Tuple

import numpy as np
from rasa.core.lock_store import InMemoryLockStore

CLIENTS = 4
REQUESTS = 500
"""Of each client, of which the first few are not counted."""
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


def percentiles_of_server(
    archive: Path, texts: Sequence[str], workers: int
) -> Tuple[float, float, float, float]:
    """p50, p95 and p99 of a request, in milliseconds, and requests a second of all clients."""
    with tempfile.TemporaryDirectory() as folder:
        endpoints = Path(folder, "endpoints.yml")
        endpoints.write_text(ENDPOINTS, encoding="utf-8")
        port = _free_port()
        command = ["-W", "ignore", "-m", "rasa", "run", "--enable-api", "--model", str(archive)]
        command += ["--port", str(port), "--endpoints", str(endpoints), "-i", "127.0.0.1"]
        server = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, "SANIC_WORKERS": str(workers)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _wait_for(port, server)
            return _measure(port, texts)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _measure(port: int, texts: Sequence[str]) -> Tuple[float, float, float, float]:
    milliseconds: List[float] = []

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        own = []
        for request in range(REQUESTS):
            text = texts[(number * REQUESTS + request) % len(texts)]
            start = time.perf_counter()
            _parse(connection, text)
            own.append((time.perf_counter() - start) * 1e3)
        milliseconds.extend(own[WARM_UP:])

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = CLIENTS * REQUESTS / (time.perf_counter() - start)
    if len(milliseconds) < CLIENTS * (REQUESTS - WARM_UP):
        raise RuntimeError("A client of the server failed.")
    p50, p95, p99 = np.percentile(milliseconds, [50, 95, 99]).tolist()
    return p50, p95, p99, rate


def _parse(connection: http.client.HTTPConnection, text: str) -> None:
    connection.request("POST", "/model/parse", json.dumps({"text": text}))
    response = connection.getresponse()
    content = json.loads(response.read())
    if response.status != 200 or "intent" not in content:
        raise RuntimeError(f"The server answered {response.status}: {content}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the server understands; each worker loads the model for itself."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            for _ in range(20):
                _parse(http.client.HTTPConnection("127.0.0.1", port, timeout=60), "hello")
            return
        except (OSError, RuntimeError, http.client.HTTPException):
            time.sleep(1)
    raise RuntimeError(f"The server did not answer within {START_SECONDS} s.")
