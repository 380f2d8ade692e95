"""The command `page` as a user runs it."""

from __future__ import annotations

import json
import socket
import urllib.request
from pathlib import Path

import pytest
from page_helpers import GOLDEN, PageServer

from rasa_joint_nlu.__main__ import main


def test_it_says_where_the_page_is_and_ends_when_asked_to() -> None:
    server = PageServer(GOLDEN)
    with urllib.request.urlopen(f"{server.url}/api/status", timeout=10) as answer:
        (model,) = json.load(answer)["models"]
    assert model["path"] == str(GOLDEN) and model["problem"] is None
    assert server.stop() == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nothing"], "There is no 'nothing'"),
        ([str(GOLDEN), "nothing"], "There is no 'nothing'"),
        ([str(GOLDEN), "--nlu", "nothing"], "There is no 'nothing'"),
        *(
            ([str(GOLDEN), "--bot", url], "no address of a server such as http://")
            for url in ("localhost:5005", "http://localhost:port", "http://x:99999", "http://[x")
        ),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_served(
    arguments: list,
    problem: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["page", *arguments]) == 2
    assert problem in capsys.readouterr().err


def test_a_port_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["page", str(GOLDEN), "--port", "70000"])
    assert "'70000' is not allowed; it must be a whole number" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["page", str(GOLDEN), "--port", str(taken.getsockname()[1])]) == 2
    assert "name another with --port" in capsys.readouterr().err
