"""Fixtures of the tests in Rasa Pro."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pro_helpers import Bot, Project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A bot of the whole pipeline, whose cache is its own."""
    folder = tmp_path_factory.mktemp("project")
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    return Project(folder)


@pytest.fixture(scope="session")
def model(project: Project) -> Path:
    """The bot's trained archive."""
    return project.train()


@pytest.fixture(scope="session")
def bot(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Bot:
    """The bot, loaded."""
    return Bot(model, tmp_path_factory.mktemp("bot") / "storage")
