"""What a training depends on besides options and data: our code, and the files it reads."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

_NOT_OF_A_MODEL = {"__main__.py", "tools"}


@functools.lru_cache(maxsize=None)
def source_hash() -> str:
    """SHA-256 of every module of the package that has a part in a model."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        if _NOT_OF_A_MODEL.isdisjoint(path.relative_to(package).parts):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of the content of a file, or of a folder's files; of nothing if there is none."""
    digest = hashlib.sha256()
    if path.is_dir():
        for each in sorted(path.iterdir()):
            if each.is_file():
                digest.update(f"{each.name} {file_hash(each)}\n".encode())
    elif path.is_file():
        with path.open("rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
    return digest.hexdigest()
