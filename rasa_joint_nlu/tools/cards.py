"""The card of a model: the `README.md` in its folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Optional

_LICENCE = re.compile(r"^license:\s*(\S+)\s*$", re.MULTILINE)


def licence_of(folder: Path) -> Optional[str]:
    """What the card says of the licence; None if it says nothing, or there is none."""
    card = folder / "README.md"
    found = _LICENCE.search(card.read_text("utf-8", "replace")) if card.is_file() else None
    return found.group(1) if found else None
