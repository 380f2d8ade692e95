"""Which version of this package's code is at work."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

_NOT_OF_A_MODEL = {"__main__.py", "compare"}


@functools.lru_cache(maxsize=None)
def source_hash() -> str:
    """SHA-256 of every module of the package that has a part in a model."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        if _NOT_OF_A_MODEL.isdisjoint(path.relative_to(package).parts):
            digest.update(path.read_bytes())
    return digest.hexdigest()
