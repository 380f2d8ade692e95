"""How tools cite what users wrote."""

from __future__ import annotations

LONGEST = 100
"""Characters of a text that are cited."""


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
