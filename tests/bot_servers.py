"""The bot as it is served: many travellers at once, and servers that are killed.

`make test-servers` runs it with the trained bot; it takes minutes.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import pytest
import requests

from example_bot.actions.store import Store
from example_bot.seed import seed
from example_bot.serve import ACTIONS, PAGE, RASA, is_up

BOT = Path(__file__).resolve().parent.parent / "example_bot"
MODEL = BOT / "models" / "train_tickets.tar.gz"
PATIENCE = 180.0
CLIENTS, BOOKINGS = 20, 200
DEFAULT = "cannot reach my ticket office"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return int(free.getsockname()[1])


class Server:
    """A server that can be killed and started again."""

    def __init__(self, command: List[str], health: str, environment: Dict[str, str]) -> None:
        self._command, self._health, self._environment = command, health, environment
        self._process: Optional[subprocess.Popen[Any]] = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *self._command],
            cwd=BOT,
            env={**os.environ, **self._environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE
        while not is_up(self._health):
            assert self._process.poll() is None and time.monotonic() < deadline
            time.sleep(0.2)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()


class Service:
    """Rasa, its action server, and their databases."""

    def __init__(self, folder: Path) -> None:
        self.tickets = f"sqlite:///{folder / 'tickets.db'}"
        seed(self.tickets)
        self._rasa_port, actions_port = free_port(), free_port()
        endpoints = folder / "endpoints.yml"
        endpoints.write_text(
            f"action_endpoint:\n  url: http://localhost:{actions_port}/webhook\n"
            f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder / 'talks.db'}\n"
        )
        self.actions = Server(
            ["rasa_sdk", "--actions", "actions", "--port", str(actions_port)],
            f"http://localhost:{actions_port}/health",
            {"TICKETS_DB": self.tickets},
        )
        self.rasa = Server(
            f"rasa run --model {MODEL} --port {self._rasa_port} "
            f"--endpoints {endpoints} --credentials {BOT / 'credentials.yml'}".split(),
            f"http://localhost:{self._rasa_port}/",
            {},
        )

    def say(self, sender: str, text: str) -> str:
        url = f"http://localhost:{self._rasa_port}/webhooks/rest/webhook"
        answer = requests.post(url, json={"sender": sender, "message": text}, timeout=PATIENCE)
        answer.raise_for_status()
        return "\n".join(reply["text"] for reply in answer.json())


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    if not MODEL.exists():
        pytest.skip("the bot is not trained: make shell trains it")
    service = Service(tmp_path_factory.mktemp("service"))
    service.actions.start()
    service.rasa.start()
    yield service
    service.rasa.kill()
    service.actions.kill()


def test_a_booking_goes_on_when_servers_are_killed_in_the_middle(service: Service) -> None:
    assert "to Geneva" in service.say("a", "a ticket from Lyon to Geneva on Friday")
    service.actions.kill()
    assert DEFAULT in service.say("a", "via Milan")
    service.actions.start()
    assert "via Milan" in service.say("a", "via Milan")
    service.rasa.kill()
    service.rasa.start()
    assert "second class" in service.say("a", "second class")
    offer = service.say("a", "two adults")
    assert "Milan" in offer and "2 adults" in offer and "Shall I book it?" in offer
    service.actions.kill()
    assert DEFAULT in service.say("a", "yes")
    service.actions.start()
    booked = service.say("a", "yes")
    (code,) = re.findall(r"Booking (\w{6})", booked)
    service.rasa.kill()
    service.actions.kill()
    service.actions.start()
    service.rasa.start()
    assert code in service.say("a", "show my booking")


def test_many_travellers_book_at_once(service: Service) -> None:
    def book(number: int) -> str:
        sender = f"traveller {number}"
        offer = service.say(sender, "a ticket from Paris to Lyon on Friday, second class")
        offer = service.say(sender, "one adult")
        assert "Shall I book it?" in offer
        for _ in range(BOOKINGS):
            reply = service.say(sender, "yes")
            if "Done!" in reply:
                return str(re.findall(r"Booking (\w{6})", reply)[0])
            assert "Shall I book it?" in reply
        raise AssertionError("not booked")

    with ThreadPoolExecutor(CLIENTS) as clients:
        codes = list(clients.map(book, range(BOOKINGS)))
    assert len(set(codes)) == BOOKINGS
    office = Store(service.tickets)
    tickets = [office.ticket(f"traveller {n}", code) for n, code in enumerate(codes)]
    seats = [
        (ride, number)
        for ticket in tickets
        for ride, numbers in zip(ticket.connection.rides, ticket.seats.values())
        for number in numbers
    ]
    assert len(seats) == len(set(seats)) >= BOOKINGS


@pytest.mark.parametrize("ended", ["serve.py", "rasa_sdk", "rasa_joint_nlu"])
def test_page_rasa_and_action_server_start_and_end_as_one(ended: str, tmp_path: Path) -> None:
    command = [sys.executable, "serve.py", "web", "--model", str(MODEL), "--quiet"]
    environment = {**os.environ, "TICKETS_DB": f"sqlite:///{tmp_path / 'tickets.db'}"}
    whole = subprocess.Popen(command, cwd=BOT, env=environment)
    deadline = time.monotonic() + PATIENCE
    while not all(map(is_up, (ACTIONS, RASA, PAGE))):
        assert whole.poll() is None and time.monotonic() < deadline
        time.sleep(0.5)
    assert requests.get(f"{PAGE}/api/status", timeout=30).json()["bot"]["state"] == "ready"
    listed = subprocess.check_output(["ps", "-o", "pid=,ppid=,args="], encoding="utf-8")
    running = [line.split(maxsplit=2) for line in listed.splitlines()]
    ours = {args: int(pid) for pid, parent, args in running if int(parent) == whole.pid}
    assert len(ours) == 3
    victims = [pid for args, pid in ours.items() if f"-m {ended} " in args] or [whole.pid]
    assert (victims == [whole.pid]) == (ended == "serve.py")
    os.kill(victims[0], signal.SIGTERM)
    whole.wait(PATIENCE)
    assert not any(map(is_up, (ACTIONS, RASA, PAGE)))
