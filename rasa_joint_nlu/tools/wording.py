"""How tools cite what users wrote."""

from __future__ import annotations

import re

LONGEST = 100
"""Characters of a text that are cited."""
_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, ends of lines, and what turns the direction of all that follows."""


def printable(text: str) -> str:
    r"""A text whose control characters cannot steer a terminal or break a line.

    >>> printable("a\x1b[31mb\n")
    'a\\x1b[31mb\\n'
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


def harmless(text: str) -> str:
    r"""A text of which no more is escaped than what steers a terminal, for who reads all of it.

    >>> harmless("a\x1b[31m\u200db\n")
    'a\\x1b[31m\u200db\\n'
    """
    return _STEERS.sub(lambda found: printable(found.group()), text)


def cited(text: str) -> str:
    """A text in quotes, cut if it is long.

    >>> cited("to Rome")
    "'to Rome'"
    """
    text = printable(text)
    return f"'{text}'" if len(text) <= LONGEST else f"'{text[: LONGEST - 1]}…'"


def counted(number: int, noun: str) -> str:
    """A number and a noun.

    >>> counted(1, "text"), counted(1200, "text")
    ('1 text', '1,200 texts')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
