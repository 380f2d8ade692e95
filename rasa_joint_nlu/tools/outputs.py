"""Files, folders and notes that commands write for the user."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Optional

from rasa_joint_nlu.tools.errors import InputError


def tell_notes(*notes: object) -> None:
    """Say on a line each what is worth to know beside the result."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def check_writable(*paths: Optional[Path]) -> None:
    """Say so before the work is done, not after; of those that were named.

    Raises:
        InputError: if a file cannot be written there.
    """
    for path in filter(None, paths):
        if path.is_dir():
            raise InputError(f"'{path}' cannot be written: it is a folder; name a file.")
        if not path.resolve().parent.is_dir():
            raise InputError(f"'{path}' cannot be written: there is no such folder.")
        if not os.access(path if path.exists() else path.resolve().parent, os.W_OK):
            raise InputError(f"'{path}' cannot be written: it is not allowed; name another file.")


def check_folder(path: Path) -> None:
    """Say so, too, where a folder is to be written.

    Raises:
        InputError: if something else has its name, or it cannot be made.
    """
    found = next(each for each in (path, *path.resolve().parents) if each.exists())
    if not found.is_dir():
        raise InputError(f"'{found}' is no folder; name one with --out.")
    if not os.access(found, os.W_OK):
        raise InputError(f"'{path}' cannot be written: it is not allowed; name another folder.")


def write(path: Path, text: str) -> None:
    """Write a text as UTF-8; half a pair of surrogates as an escape.

    Raises:
        InputError: if the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise InputError(f"'{path}' cannot be written: {error.strerror}.") from error
