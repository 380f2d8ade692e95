"""Start the bot's ticket office, action server and Rasa, and stop both servers as one.

python serve.py shell|run [FOLDER OF THE BOT] [options of `rasa shell` or `rasa run`]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import List

if __package__:
    from .actions.journey import database
    from .seed import seed
else:
    from actions.journey import database
    from seed import seed

HERE = Path(__file__).resolve().parent
ACTIONS = "http://localhost:5055/health"
PATIENCE = 60.0
"""Seconds that the action server has to start."""


def is_up(url: str) -> bool:
    """Whether a server answers."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def serve(command: str, folder: Path, options: List[str]) -> int:
    """Run Rasa until it ends, with an action server beside it."""
    if is_up(ACTIONS):
        sys.exit("There is an action server on port 5055 already: stop it first.")
    seed(database())
    actions = subprocess.Popen(
        [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--quiet"], cwd=HERE
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not is_up(ACTIONS):
            if actions.poll() is not None or time.monotonic() > deadline:
                sys.exit("The action server did not start.")
            time.sleep(0.2)
        rasa = [sys.executable, "-m", "rasa", command, "--endpoints", "endpoints.yml", *options]
        # For the channel, which both bots have.
        paths = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
        return subprocess.call(rasa, cwd=folder, env={**os.environ, "PYTHONPATH": paths})
    except KeyboardInterrupt:
        return 0
    finally:
        actions.terminate()
        actions.wait()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    # Ended from outside, it stops the servers as Ctrl+C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    arguments = sys.argv[2:]
    there = bool(arguments) and not arguments[0].startswith("-")
    bot = Path(arguments.pop(0)).resolve() if there else HERE
    sys.exit(serve(sys.argv[1], bot, arguments))
