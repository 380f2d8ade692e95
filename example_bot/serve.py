"""Start the bot's ticket office, action server and Rasa, and stop all servers as one.

python serve.py shell|run|web [FOLDER OF THE BOT] --model MODEL [options of Rasa's command]

`run` is Rasa's command. `shell` is `run`, and the bot is talked to where it runs. `web` is `run`,
and a page to talk to the bot in a browser.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Dict, Iterator, List

if __package__:
    from .actions.journey import database
    from .seed import seed
else:
    from actions.journey import database
    from seed import seed

HERE = Path(__file__).resolve().parent
ACTIONS, RASA = "http://localhost:5055/health", "http://localhost:5005"
PORT = "8080"
PAGE = f"http://localhost:{PORT}"
PATIENCE = 60.0
"""Seconds that a server has to start, or to end."""


def is_up(url: str) -> bool:
    """Whether a server answers."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def serve(command: str, folder: Path, options: List[str]) -> int:
    """Run Rasa, and what it needs, until one of them ends."""
    for name, url in (("an action server", ACTIONS), ("a Rasa server", RASA)):
        if is_up(url):
            sys.exit(f"There is {name} at {url} already: stop it first.")
    seed(database())
    with contextlib.ExitStack() as servers:
        actions = ["rasa_sdk", "--actions", "actions", "--quiet"]
        started = {"action server": servers.enter_context(running(actions, HERE))}
        wait_for(started["action server"])
        if command == "web":
            page = page_of(folder, options)
            started["page"] = servers.enter_context(running(page, Path.cwd()))
            command, options = "run", ["--enable-api", "--interface", "localhost", *options]
        if command == "shell":
            # `rasa shell` has no channel but its own.
            command, options = "run", ["--connector", "channel.Console", *options]
        rasa = ["rasa", command, "--endpoints", "endpoints.yml", *options]
        started["Rasa"] = servers.enter_context(running(rasa, folder))
        with contextlib.suppress(KeyboardInterrupt):
            return first_to_end(started)
    return 0


def page_of(folder: Path, options: List[str]) -> List[str]:
    """The command that serves the page of a bot's model."""
    if "--model" not in options[:-1]:
        sys.exit("Name the bot's model with --model.")
    model = os.path.relpath(options[options.index("--model") + 1])
    about = ["--bot", RASA, "--nlu", str(folder / "tests" / "test_nlu.yml")]
    return ["rasa_joint_nlu", "page", model, "--port", PORT, *about]


@contextlib.contextmanager
def running(module: List[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs a module, and is ended here if not before."""
    # For the channel, which both bots have.
    paths = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [sys.executable, "-m", *module], cwd=folder, env={**os.environ, "PYTHONPATH": paths}
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(actions: subprocess.Popen[bytes]) -> None:
    """Wait until the action server answers."""
    deadline = time.monotonic() + PATIENCE
    while not is_up(ACTIONS):
        if actions.poll() is not None or time.monotonic() > deadline:
            sys.exit("The action server did not start.")
        time.sleep(0.2)


def first_to_end(processes: Dict[str, subprocess.Popen[bytes]]) -> int:
    """Wait until one of some processes ends; its exit code."""
    is_told = "page" not in processes
    while True:
        if not is_told and is_up(RASA):
            # What Rasa has said meanwhile may be long.
            print(f"The bot is ready: talk to it at {PAGE}; Ctrl+C ends all.", flush=True)
            is_told = True
        for name, process in processes.items():
            if process.poll() is not None:
                if name != "Rasa" or process.returncode:
                    print(f"The {name} has ended, and all ends with it.", file=sys.stderr)
                return process.returncode or 0
        time.sleep(0.2)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    # Ended from outside, it stops the servers as Ctrl+C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    arguments = sys.argv[2:]
    there = bool(arguments) and not arguments[0].startswith("-")
    bot = Path(arguments.pop(0)).resolve() if there else HERE
    sys.exit(serve(sys.argv[1], bot, arguments))
