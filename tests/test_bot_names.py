"""Names of people: nothing else is read into them."""

from __future__ import annotations

from typing import FrozenSet, List, Tuple

import pytest

from example_bot.actions.language import LANGUAGES
from example_bot.actions.names import names_in, parts_of, without_names

CITIES = {"paris", "rome", "milan", "sofia", "florence", "frankfurt"}


def read(
    code: str, text: str, known: FrozenSet[str] = frozenset(), answers: bool = False
) -> Tuple[str, List[Tuple[str, str]]]:
    """A message without its names, and the passengers whom they tell of."""
    words = LANGUAGES[code].names
    named = names_in(text, known, answers, lambda word: word.strip(",").lower() in CITIES, words)
    masked, found = without_names(text, [], named, words)
    return masked, [(one["value"], text[one["start"] : one["end"]]) for one in found]


@pytest.mark.parametrize(
    ("code", "text", "masked"),
    [
        (
            "en",
            "My name is Ann Lee and the kids are Tim and Zoe",
            "My name is {7} and the kids are {11}",
        ),
        ("en", "second. name's ann lee, student", "second. name's {7}, student"),
        ("en", "their names are Tim, Zoe and Max", "their names are {16}"),
        ("en", "I'm Florence Miller and I'd like to go", "I'm {15} and I'd like to go"),
        ("en", "two of us, my wife Ursula (50) and I", "two of us, my wife {6} (50) and I"),
        ("en", "it's for me and my son Tom, 12", "it's for me and my son {3}, 12"),
        ("en", "Poppy's 4 and Alfie is 9, is that less?", "{5}'s 4 and {5} is 9, is that less?"),
        ("en", "in the name of Tim Lee, please", "in the name of {7}, please"),
        ("en", "Names are Tim Lee and kids Max and Zoe", "Names are {28}"),
        ("en", "book it, im Tim Lee n hes Max Cole", "book it, im {7} n hes {8}"),
        ("en", "Anna and Tim Lee", "{16}"),
        ("en", "it's me Gary, Dave and Liam", "it's me {19}"),
        ("zh", "我同事刘洋也要一张", "我同事{2}也要一张"),
        ("en", "Mrs. Smith and Dr. Jones", "Mrs. {5} and Dr. {5}"),
        ("zh", "我叫王丽，孩子叫陈小宝和陈小雨", "我叫{2}，孩子叫{7}"),
        ("zh", "我妈妈也想去，63岁，叫李秀英，能加上吗", "我妈妈也想去，63岁，叫{3}，能加上吗"),
        ("zh", "二等座。名字是赵宇航", "二等座。名字是{3}"),
    ],
)
def test_names_that_are_told_to_be_some(code: str, text: str, masked: str) -> None:
    """Another name of as many letters stands in their place, so that grammar stays."""
    first, more = LANGUAGES[code].names.mask
    fillers = [first + more * (count - 1) for count in range(30)]
    assert read(code, text) == (masked.format(*fillers), [])


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "What's the name of the station?"),
        ("en", "from Paris to Rome with a Swiss BahnCard 50"),
        ("en", "Paris Rome 20, two adults"),
        ("en", "Take Eurostar 27 on Friday December 18"),
        ("en", "Milan Central to Rome"),
        ("en", "We're both retired, 71 and 74."),
        ("en", "a return the same evening, not before 6."),
        ("en", "I am Swiss and I am 47"),
        ("en", "my daughter is 12"),
        ("en", "Dear Sir or Madam"),
        ("zh", "叫个真人来"),
        ("zh", "我和朋友周五，两个人"),
        ("zh", "你叫什么名字"),
        ("zh", "我是学生，周五从法兰克福出发"),
        ("zh", "张先生45岁"),
    ],
)
def test_what_is_no_name(code: str, text: str) -> None:
    """Cities, trains, days and cards may have capitals and numbers, too."""
    assert read(code, text, answers=True) == (text, [])


@pytest.mark.parametrize(
    ("code", "text", "passengers"),
    [
        (
            "en",
            "Marco Rossi, 34, and Anna Rossi (8)",
            [("adult", "Marco Rossi, 34"), ("child", "Anna Rossi (8)")],
        ),
        (
            "en",
            "marco rossi 34 anna rossi 31",
            [("adult", "marco rossi 34"), ("adult", "anna rossi 31")],
        ),
        ("en", "I'm Hilde Brunner, 74", [("senior", "Hilde Brunner, 74")]),
        ("en", "I'm Hans Brunner, 47", []),
        (
            "en",
            "It is Dr. Ann van der Meulen, aged 52.",
            [("adult", "Ann van der Meulen, aged 52")],
        ),
        ("zh", "乘客张伟，45岁", [("adult", "张伟，45岁")]),
        ("zh", "我叫王丽，36岁", []),
    ],
)
def test_who_is_told_of_by_name_and_age(
    code: str, text: str, passengers: List[Tuple[str, str]]
) -> None:
    """They are passengers, but for a grown-up who speaks."""
    masked, found = read(code, text, answers=True)
    assert found == passengers
    assert not any(letter.isdigit() for letter in masked)


def test_who_is_one_of_a_number() -> None:
    """A number of people counts them already."""
    words, text = LANGUAGES["en"].names, "One passenger: Martin Okonkwo, 47"
    named = names_in(text, frozenset(), True, lambda word: False, words)
    one = {"entity": "count", "value": "One", "start": 0, "end": 3}
    assert without_names(text, [one], named, words) == ("One passenger: Nnnnnnnnnnnnnn    ", [one])


@pytest.mark.parametrize(
    ("code", "before", "text", "masked"),
    [
        (
            "en",
            "My name is Sofia Lindqvist",
            "back the same day for Sofia",
            "back the same day for Nnnnn",
        ),
        ("en", "My name is Sofia Lindqvist", "to Sofia", "to Sofia"),
        (
            "en",
            "The kids are Poppy and Alfie",
            "poppy's 9, and an adult",
            "Nnnnn's 9, and an adult",
        ),
        ("zh", "孩子叫陈小宝", "小宝5岁，要票吗", "小某5岁，要票吗"),
    ],
)
def test_names_are_known_later(code: str, before: str, text: str, masked: str) -> None:
    """A part of them is enough, unless a city is meant."""
    words = LANGUAGES[code].names
    named = names_in(before, frozenset(), False, lambda word: False, words)
    assert read(code, text, parts_of(before, named, words))[0] == masked
