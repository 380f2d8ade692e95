"""The output while it is made: parts that appear whole, and one file of them in the end.

Beside OUT lies the folder `OUT.parts` until all is done. A part's own file appears last of its
files, so that it is done if this is there. Whoever goes on makes those that are missing.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Set

from rasa_joint_nlu.tools.annotate.annotator import PARQUET, Part, Recipe, schema
from rasa_joint_nlu.tools.annotate.inputs import parquet
from rasa_joint_nlu.tools.annotate.picks import (
    Pick,
    most_uncertain,
    write_sure,
    write_uncertain,
)
from rasa_joint_nlu.tools.errors import InputError

try:
    import fcntl
except ModuleNotFoundError:
    # Windows: nobody sees to it that one output is made once at a time.
    fcntl = None  # type: ignore[assignment]

_ABOUT, _LOCK = "run.json", "lock"
_REJECTED, _PICKS = ".rejected.jsonl", ".picks.jsonl"


class Parts:
    """The parts of one output."""

    def __init__(self, out: Path, recipe: Recipe) -> None:
        """Say where they are; `begin` makes them."""
        self.out, self._recipe = out, recipe
        self._folder = out.with_name(out.name + ".parts")
        self._lock: Any = None
        stem = out.name[: -len(recipe.form)]
        self.rejected = out.with_name(f"{stem}{_REJECTED}")
        self.uncertain = out.with_name(f"{stem}.uncertain.yml")
        self.sure = out.with_name(f"{stem}.sure.yml")

    def has(self, path: Path) -> bool:
        """Whether a file is one of those that are written."""
        written = (self.out, self.rejected, self.uncertain, self.sure, self._folder)
        resolved = path.resolve()
        return any(of.resolve() in (resolved, resolved.parent) for of in written)

    def before(self) -> Optional[Dict[str, Any]]:
        """What an earlier run was about that has not ended, if there is one."""
        try:
            about: Dict[str, Any] = json.loads((self._folder / _ABOUT).read_text("utf-8"))
            return about
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise InputError(f"'{self._folder}' is damaged ({error}); remove it.") from error

    def begin(self, about: Mapping[str, Any]) -> Set[int]:
        """Begin, or go on with, a run, and return the numbers of the parts that are done.

        Raises:
            InputError: if an output is there, or its parts are of another run.
        """
        if self.before() is None:
            self._check_free()
        try:
            self._folder.mkdir(exist_ok=True)
            self._hold()
            self._check(about)
            self._write(_ABOUT, json.dumps(about, indent=1).encode())
        except OSError as error:
            raise InputError(f"'{self._folder}' cannot be written: {error.strerror}.") from error
        return set(self._done())

    def _check_free(self) -> None:
        """Refuse to write over what is there: labels may have been corrected by hand."""
        recipe = self._recipe
        written = [self.out]
        written += [self.uncertain] if recipe.uncertain else []
        written += [self.sure] if recipe.sure is not None else []
        for path in written:
            if path.exists():
                raise InputError(f"'{path}' is there already; remove it, or name another file.")

    def _check(self, about: Mapping[str, Any]) -> None:
        before = self.before()
        if before is None:
            # What is left of a run that was killed when it removed its parts: nobody knows whose.
            for path in self._folder.iterdir():
                if path.name != _LOCK:
                    path.unlink()
            return
        differing = sorted(key for key in about if before.get(key) != about[key])
        if differing:
            raise InputError(
                f"'{self._folder}' is of a run with another {' and '.join(differing)}; finish "
                f"that one, remove the folder, or name another file."
            )

    def _hold(self) -> None:
        lock = (self._folder / _LOCK).open("w")
        try:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._lock = lock
        except BlockingIOError as error:
            lock.close()
            raise InputError(f"'{self.out}' is being written by another process.") from error

    def _done(self) -> Iterator[int]:
        for path in self._folder.iterdir():
            number, _, form = path.name.partition(".")
            if number.isdigit() and f".{form}" == self._recipe.form:
                yield int(number)

    def keep(self, part: Part) -> None:
        """Write a part, which appears whole."""
        try:
            for suffix, content in ((_REJECTED, part.rejected), (_PICKS, part.picks)):
                if content:
                    self._write(f"{part.number:08d}{suffix}", content)
            self._write(f"{part.number:08d}{self._recipe.form}", part.content)
        except OSError as error:
            raise InputError(f"'{self._folder}' cannot be written: {error.strerror}.") from error

    def _write(self, name: str, content: bytes) -> None:
        new = self._folder / f"{name}.new"
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self._folder / name)

    # The end ----------------------------------------------------------------------------------

    def finish(self, count: int) -> None:
        """Make the files that the user asked for of so many parts, and remove these."""
        form = self._recipe.form
        paths = [self._folder / f"{number:08d}{form}" for number in range(count)]
        try:
            self._join(self._those(_REJECTED), self.rejected)
            if self._recipe.uncertain:
                picks = most_uncertain(self._picks(), self._recipe.uncertain)
                write_uncertain(picks, self.uncertain)
            if self._recipe.sure is not None:
                write_sure(self._picks(self._recipe.sure), self.sure, self._folder)
            new = self._folder / f"all{form}.new"
            if form == PARQUET:
                _join_tables(paths, new)
            else:
                _join_files(paths, new)
            os.replace(new, self.out)
        except OSError as error:
            raise InputError(f"'{self.out}' cannot be written: {error.strerror}.") from error
        # First, so that nobody goes on with what is left of the others.
        (self._folder / _ABOUT).unlink()
        shutil.rmtree(self._folder)
        self.leave()

    def leave(self) -> None:
        """Let another process write; if nothing was made, as if there had been no run."""
        if self._lock is None:
            return
        if self._folder.exists() and not set(self._done()):
            shutil.rmtree(self._folder)
        self._lock.close()
        self._lock = None

    def _those(self, suffix: str) -> List[Path]:
        return sorted(self._folder.glob(f"*{suffix}"))

    def _join(self, paths: List[Path], out: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            out.unlink()
        if paths:
            new = self._folder / "side.new"
            _join_files(paths, new)
            os.replace(new, out)

    def _picks(self, bound: float = 0.0) -> Iterator[Pick]:
        for path in self._those(_PICKS):
            with path.open(encoding="utf-8") as file:
                for line in file:
                    pick = Pick(*json.loads(line))
                    if pick.certainty >= bound:
                        yield pick


def _join_files(paths: Iterable[Path], out: Path) -> None:
    with out.open("wb") as file:
        for path in paths:
            with path.open("rb") as part:
                shutil.copyfileobj(part, file, 1 << 20)


def _join_tables(paths: Iterable[Path], out: Path) -> None:
    module = parquet()
    with module.ParquetWriter(out, schema()) as writer:
        for path in paths:
            table = module.read_table(path)
            if len(table):
                writer.write_table(table)
