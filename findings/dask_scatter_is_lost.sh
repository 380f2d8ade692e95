#!/usr/bin/env bash
# One would guess: what a client sends to a Dask cluster once with `Client.scatter(data, broadcast=True)`,
# as Dask's own warning about large objects advises, is there as long as the client holds its future. The
# scheduler makes anything else again that was lost with a worker.
# What happens: it lives in the workers' memory only. If those that were there are gone, the future is
# cancelled although the client still has the data, and so is every task that takes it, also on
# workers that come later. The error (`CancelledError`, in 2026.8.0 `FutureCancelledError`)
# names a key and no worker. The result of a task that only returns the same data is made again.
# Version: distributed 2022.10.2, the one that goes with Rasa 3.6's Dask; or $DISTRIBUTED.
# Exits non-zero if scattered data outlive their workers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.10}" -m venv venv
venv/bin/pip install --quiet "distributed==${DISTRIBUTED:-2022.10.2}"
cat > lose.py <<'PY'
import subprocess
import sys
import time

from distributed import Client

COMMAND = [sys.executable, "-m"]
SAID_BY = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def same(data):
    return data


def worker(address):
    options = ["--no-nanny", "--no-dashboard"]
    return subprocess.Popen([*COMMAND, "distributed.cli.dask_worker", address, *options], **SAID_BY)


if __name__ == "__main__":
    address = "tcp://127.0.0.1:18999"
    options = ["--host", "127.0.0.1", "--port", "18999", "--no-dashboard"]
    running = [subprocess.Popen([*COMMAND, "distributed.cli.dask_scheduler", *options], **SAID_BY)]
    try:
        running.append(worker(address))
        with Client(address, timeout=60) as client:
            client.wait_for_workers(1)
            scattered = client.scatter(b"model", broadcast=True)
            returned = client.submit(same, b"model")
            returned.result()
            running[-1].kill()
            running[-1].wait()
            running.append(worker(address))
            time.sleep(5)
            client.wait_for_workers(1)
            for name, future in (("scattered", scattered), ("returned by a task", returned)):
                try:
                    print(f"{name}: {client.submit(len, future).result(timeout=60)} bytes")
                except BaseException as error:
                    print(f"{name}: {type(error).__name__}")
    finally:
        for process in running:
            process.kill()
PY
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^(dask|distributed) '
venv/bin/python -W ignore lose.py 2>/dev/null | tee lose.log
grep -q "^scattered: .*CancelledError" lose.log
grep -qF "returned by a task: 5 bytes" lose.log
echo "As found: what was scattered is lost with the worker, what a task returned is not."
