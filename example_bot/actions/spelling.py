"""Words that are one letter off one that matters: missing, too many, wrong, or two swapped."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

SHORTEST = 5
"""Letters of a word that may be meant by one that is not it."""


def near(word: str, words: Sequence[str]) -> Optional[str]:
    """The one of some words, none of which a word is, that is one letter off it."""
    word = word.lower()
    return None if word in words else next((one for one in words if _is_near(word, one)), None)


def _is_near(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    first = next((at for at, (a, b) in enumerate(zip(short, long)) if a != b), len(short))
    a, b = short[first:], long[first:]
    if len(short) == len(long):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a == b[1:]


def put_right(
    text: str, entities: Sequence[Mapping[str, Any]], words: Sequence[str]
) -> Tuple[str, List[Dict[str, Any]]]:
    """A message, and what was found in it, with some words spelt as they should be."""
    found, words = [dict(entity) for entity in entities], [w for w in words if len(w) >= SHORTEST]
    for one in reversed([*re.finditer(r"[A-Za-z]{4,}", text)]):
        right = near(one.group(), words)
        names = any(e["entity"] == "city" and e["start"] <= one.start() < e["end"] for e in found)
        if right is None or names:
            continue
        more = len(right) - len(one.group())
        text = text[: one.start()] + right + text[one.end() :]
        for entity in found:
            if entity["value"] == one.group():
                entity["value"] = right
            for place in ("start", "end"):
                entity[place] += more if entity[place] >= one.end() else 0
    return text, found
