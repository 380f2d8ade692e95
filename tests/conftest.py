"""For all tests: one thread, as toy networks are slower with more, above all on a busy machine."""

import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest

for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"

# `python -m pytest` does this itself, `pytest` does not.
sys.path.insert(0, str(Path(__file__).parent.parent))


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """What runs as a command of its own disables logging, for tests that come later, too."""
    disabled = logging.root.manager.disable
    yield
    logging.disable(disabled)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, for the tests of one module: none of them can run an event loop."""
    from browser import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def trained() -> Path:
    """The folder of a component trained on `BOT`; tests that change it take `own_copy`."""
    # Here, as the tests of the core do without Rasa.
    from rasa_helpers import BOT, create, data_of, folder_of, yaml_of

    folder = folder_of("component")
    create(folder).train(data_of(yaml_of(BOT)))
    return folder


@pytest.fixture
def own_copy(trained: Path, tmp_path: Path) -> Path:
    """A copy of `trained` to change."""
    return Path(shutil.copytree(trained, tmp_path / "copy"))
