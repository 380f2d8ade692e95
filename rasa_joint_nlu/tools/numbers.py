"""Numbers of a command line, within bounds: what `argparse` takes as the `type` of an argument."""

from __future__ import annotations

import argparse
import math
from typing import Callable


def whole(low: int, high: float = math.inf) -> Callable[[str], int]:
    """Reads a whole number from one bound to the other, or refuses it and names them."""
    return lambda text: int(_within(text, int, low, high, "a whole number"))


def number(low: float, high: float) -> Callable[[str], float]:
    """Reads a number from one bound to the other, or refuses it and names them."""
    return lambda text: _within(text, float, low, high, "a number")


def _within(text: str, kind: Callable[[str], float], low: float, high: float, what: str) -> float:
    try:
        value = kind(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        bounds = f"of at least {low}" if high == math.inf else f"from {low} to {high}"
        raise argparse.ArgumentTypeError(f"'{text}' is not allowed; it must be {what} {bounds}")
    return value
