"""Torch and BLAS have one thread while a model trains, and as many as before afterwards."""

from __future__ import annotations

import os
import subprocess
import sys

OVERLAPPING = """
import sys, threading
import torch
from threadpoolctl import ThreadpoolController
from rasa_joint_nlu.core.training.threads import one_thread

def counts():
    libraries = ThreadpoolController().select(user_api="blas").lib_controllers
    return {library.get_num_threads() for library in libraries} | {torch.get_num_threads()}

before = counts()
entered, left, seen = threading.Event(), threading.Event(), []

def train():
    with one_thread.held():
        entered.set()
        left.wait()
        seen.append(counts())
    seen.append(counts())

other = threading.Thread(target=train)
with one_thread.held():
    other.start()
    entered.wait()
    assert counts() == {1}
left.set()
other.join()
assert seen == [{1}, before], (seen, before)
assert counts() == before
try:
    with one_thread.held():
        raise KeyError
except KeyError:
    pass
assert counts() == before
new = []
thread = threading.Thread(target=lambda: new.append(counts()))
thread.start()
thread.join()
assert new == [before]
assert len(threading.enumerate()) == 1
"""


def test_overlapping_trainings_leave_the_threads_as_they_were() -> None:
    """With real libraries: the first to begin is the first to end."""
    environment = {name: value for name, value in os.environ.items() if "_THREADS" not in name}
    command = [sys.executable, "-c", OVERLAPPING]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
