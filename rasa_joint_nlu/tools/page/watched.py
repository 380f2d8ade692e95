"""A model as its file is now: one that was trained anew is loaded anew."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Optional, Tuple

from rasa_joint_nlu.core.description import MODEL_FILE
from rasa_joint_nlu.core.errors import JointNLUError
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.model_files import PIPELINE_FILE
from rasa_joint_nlu.tools.models import NLUModel, load_model

Stamp = Tuple[int, ...]
"""When a file was written, its size, and its number: another one of the same name has others."""


class WatchedModel:
    """The model of a path. Safe to call in threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._stamp: Optional[Stamp] = None
        self._model: Optional[NLUModel] = None
        self._problem = ""

    def current(self) -> NLUModel:
        """The model that is there now.

        Raises:
            InputError: if there is none that can be used; it says why.
        """
        with self._lock:
            stamp = _stamp(self.path)
            if stamp is None or stamp != self._stamp:
                self._load()
                self._stamp = stamp
            if self._model is None:
                raise InputError(self._problem)
            return self._model

    @property
    def stamp(self) -> str:
        """Another one for another model."""
        return "-".join(map(str, self._stamp or ()))

    def _load(self) -> None:
        self._model = None
        try:
            model = load_model(self.path)
            # The first answer takes long: it imports what answers need.
            model.parse(["-"])
            self._model = model
        except (InputError, JointNLUError) as error:
            self._problem = str(error)


def _stamp(path: Path) -> Optional[Stamp]:
    files = [path]
    if path.is_dir():
        # What stands around a model is written after it, and a core's own folder has none of it.
        around = path / PIPELINE_FILE
        files = [path / MODEL_FILE, *([around] if around.exists() else [])]
    try:
        found = [file.stat() for file in files]
    except OSError:
        return None
    return tuple(n for of in found for n in (of.st_mtime_ns, of.st_size, of.st_ino))
