"""The tutorial, step by step: its files are written and its commands run, in a new folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Tuple

import pytest
from rasa.cli.scaffold import create_initial_project

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INIT = "rasa init --no-prompt"


def steps() -> List[Tuple[str, str]]:
    """The page's blocks: their language and text."""
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def run(commands: str, folder: Path) -> str:
    """What commands say; they must succeed."""
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "COLUMNS": "100"}
    paths = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        ["bash", "-e", "-c", commands],
        cwd=folder,
        env={**os.environ, **quiet, **paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def without_figures(line: str) -> str:
    """A line without what is another on another machine, and without its layout."""
    return " ".join(re.sub(r"[\d.,]+", "0", line).split())


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Dict[int, str]:
    """What the commands of each block said, all steps done in their order."""
    folder = tmp_path_factory.mktemp("bot")
    found: Dict[int, str] = {}
    for number, (language, text) in enumerate(steps()):
        if language == "bash" and text.strip() == INIT:
            # As the command does before it trains for minutes.
            create_initial_project(str(folder))
        elif language == "bash":
            found[number] = run(text, folder)
        elif language == "yaml":
            name = re.match(r"# (\S+)\n", text)
            assert name, "say in the first line which file it is"
            path = folder / name.group(1)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return found


def test_the_commands_succeed_and_say_what_the_page_shows(said: Dict[int, str]) -> None:
    before = 0
    shown = 0
    for number, (language, text) in enumerate(steps()):
        before = number if language == "bash" else before
        if language == "text":
            output = without_figures(said[before])
            for line in text.splitlines():
                assert without_figures(line) in output, line
                shown += 1
    assert shown > 5


def test_the_bot_understands_more_in_the_end(said: Dict[int, str]) -> None:
    accuracies = [
        float(figure)
        for text in said.values()
        for figure in re.findall(r"intent accuracy +([\d.]+)%", text)
    ]
    first, better, in_rasa = accuracies
    assert first < better > 80
    assert in_rasa == pytest.approx(better, abs=7)


def test_every_step_is_there() -> None:
    commands = [text.strip() for language, text in steps() if language == "bash"]
    assert commands[0] == INIT and len(commands) >= 6
    assert {language for language, _ in steps()} == {"bash", "text", "yaml"}
