"""What `make soak` tries for long, for a moment; nothing needs a network or runs a command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import soak
from rasa_joint_nlu.core import IntentScore, JointModel, PredictedEntity, Prediction


@pytest.fixture(scope="module")
def model() -> JointModel:
    """A small model of the example bot's data."""
    return soak.bot_model(epochs=2, token_size=24, encoder_size=16)[0]


WORDS = ["ticket", "from", "Rome", "hello"]


def test_odd_messages_get_answers_as_they_must_be(model: JointModel) -> None:
    found = soak.fuzz(model, WORDS, messages=300, giants=1)
    assert found == {"messages": 300, "wrong": 0, "giants": 1, "giants wrong": 0}


def test_a_wrong_answer_would_be_noticed() -> None:
    city = PredictedEntity(0, 4, "city", confidence=0.9)
    later = PredictedEntity(3, 9, "city", confidence=float("nan"))
    intents = (IntentScore("a", 0.4), IntentScore("b", 0.7))
    wrong = soak.wrong_with("to Rome", Prediction(intents, (city, later)))
    assert wrong == ["ranking", "numbers", "places", "order"]
    assert soak.wrong_with("to Rome", Prediction(intents[1:], (city,))) == []


def test_damaged_files_are_errors_and_run_nothing(model: JointModel) -> None:
    found = soak.damage(model, 30)
    assert found["wrong"] == 0 and found["ran wrong"] == 0 and found["files"] == 30


def test_answers_in_threads_are_those_of_one_while_another_trains(model: JointModel) -> None:
    assert soak.in_threads(model, WORDS, 4) == {"answers": 400, "wrong": 0}


def test_the_processor_is_measured_in_one_thread_and_in_four(model: JointModel) -> None:
    found = soak.processor(model, WORDS, 40)
    assert found["answers"] == 40 and 0 < found["CPU in 4 threads, by 1"] < 4


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read as Linux has it")
def test_loading_and_asking_again_and_again_leaves_nothing(model: JointModel) -> None:
    assert soak.load_and_parse(model, 12)["wrong"] == 0


WITHOUT_NETWORK = """
import socket, sys

def refuse(*_, **__):
    raise AssertionError("the network was asked for")

socket.socket.connect = socket.socket.connect_ex = refuse
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
from rasa_joint_nlu.core import Example, JointModel
texts = ["hello you", "hello there", "bye now", "bye bye"]
model = JointModel(epochs=2, token_size=8, encoder_size=8)
model.fit([Example.from_text(text, text[:3]) for text in texts])
model.save(sys.argv[1])
print(JointModel.load(sys.argv[1]).predict(["hello"])[0].intent is not None)
"""


def test_nothing_asks_for_a_network(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_NETWORK, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True"]


KILLED = """
import json, signal, sys, time, warnings
warnings.simplefilter("ignore")
# What runs in the background may be told to ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
sys.path[:0] = json.loads(sys.argv[2])
from rasa_helpers import BOT, WHITESPACE, ours, train, yaml_of
from rasa_joint_nlu.core.training.loop import Trainer

def step(*_):
    print("in the midst of it", flush=True)
    time.sleep(600)

Trainer._step = step
train(Path(sys.argv[1]), [WHITESPACE, ours()], yaml_of(BOT), name="new")
"""


@pytest.mark.parametrize("signal_number", [2, 9])
def test_a_training_that_is_stopped_leaves_archives_as_they_were(
    signal_number: int, tmp_path: Path
) -> None:
    """Ctrl-C and SIGKILL, in what `rasa train nlu` does."""
    pytest.importorskip("rasa", reason="needs Rasa 3.6")
    models = tmp_path / "models"
    models.mkdir()
    (models / "earlier.tar.gz").write_bytes(b"as it was")
    paths = json.dumps([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), paths],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
    )
    assert process.stdout and "in the midst of it\n" in process.stdout
    process.send_signal(signal_number)
    assert process.wait(timeout=60) != 0
    assert [path.name for path in models.iterdir()] == ["earlier.tar.gz"]
    assert (models / "earlier.tar.gz").read_bytes() == b"as it was"
