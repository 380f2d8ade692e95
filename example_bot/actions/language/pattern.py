"""How patterns are made."""

from __future__ import annotations

import re
from typing import Pattern


def pattern(text: str) -> Pattern[str]:
    """A pattern for which the case of letters does not count."""
    return re.compile(text, re.IGNORECASE)


OPENING = (
    r"^\W*((and|but|so|ok|okay|well|then|hm+|oh|also|wait|sorry|hey|hi|um+|btw|by the way)\b\W*)*"
)
"""Words that a message in English starts with, before it says or asks anything."""
