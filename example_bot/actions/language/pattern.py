"""How patterns are made."""

from __future__ import annotations

import re
from typing import Pattern


def pattern(text: str) -> Pattern[str]:
    """A pattern for which the case of letters does not count."""
    return re.compile(text, re.IGNORECASE)
