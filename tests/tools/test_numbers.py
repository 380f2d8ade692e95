"""Numbers of a command line."""

from __future__ import annotations

import argparse
from typing import Callable

import pytest

from rasa_joint_nlu.tools.numbers import number, whole


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (whole(1), "1", 1),
        (whole(1), "1000000000", 10**9),
        (whole(0, 65_535), "0", 0),
        (whole(0, 65_535), "65535", 65_535),
        (number(0, 1), "0", 0),
        (number(0, 1), "1", 1),
        (number(0, 1), ".25", 0.25),
    ],
)
def test_numbers_within_the_bounds_are_read(
    read: Callable[[str], float], text: str, value: float
) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (whole(1), "0", "'0' is not allowed; it must be a whole number of at least 1"),
        (whole(1), "-3", "'-3' is not allowed"),
        (whole(1), "2.5", "'2.5' is not allowed"),
        (whole(2, 100), "101", "'101' is not allowed; it must be a whole number from 2 to 100"),
        (number(0, 1), "1.5", "'1.5' is not allowed; it must be a number from 0 to 1"),
        (number(0, 1), "nan", "'nan' is not allowed"),
        (number(0, 1), "half", "'half' is not allowed"),
        (number(0, 1), "", "'' is not allowed"),
    ],
)
def test_what_is_no_such_number_is_refused(
    read: Callable[[str], float], text: str, said: str
) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as raised:
        read(text)
    assert str(raised.value).startswith(said)
