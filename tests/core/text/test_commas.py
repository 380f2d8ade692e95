"""Commas: which ones separate, and what the annotations of a type say of its own."""

from __future__ import annotations

import re
from typing import Dict, List, Optional, Tuple

import pytest
from helpers import annotated
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.core import Example, Token, segment
from rasa_joint_nlu.core.text.commas import COMMAS, items, keeping_commas, separates

SEPARATING: List[Tuple[str, List[int]]] = [
    ("bread, milk", [5]),
    ("bread,milk", [5]),
    ("bread , milk", [6]),
    ("去北京，上海、西安", [3, 6]),
    ("150,000", []),
    ("1,234,567.89", []),
    ("3,50", []),
    ("2.310,00", []),
    ("48,85 €", []),
    ("4,800元", []),
    ("１５０，０００", []),
    ("٣,٥", []),
    ("12, 15", [2]),
    ("12 ,15", [3]),
    ("9,Rome", [1]),
    ("room 9, 3,5 m", [6]),
    (",5", [0]),
    ("5,", [1]),
    (",", [0]),
    ("", []),
]
ITEMS: List[Tuple[str, List[str]]] = [
    ("bread, milk", ["bread", "milk"]),
    ("bread, whole milk,", ["bread", "whole milk"]),
    (", bread,, milk", ["bread", "milk"]),
    ("北京，上海、西安", ["北京", "上海", "西安"]),
    ("210,000", ["210,000"]),
    ("210,000, 3,50", ["210,000", "3,50"]),
    ("3,50 and bread, milk", ["3,50 and bread", "milk"]),
    ("Park Road 9, Rome", ["Park Road 9", "Rome"]),
    ("4,800元，2,5元", ["4,800元", "2,5元"]),
    ("New York", ["New York"]),
    (",", []),
]
ANNOTATED: List[Tuple[List[str], Optional[bool]]] = [
    ([], None),
    (["to [Rome](t)"], None),
    (["we pay [150,000](t)", "it was [3,50](t), thanks"], None),
    (["hello, to [Rome](t), please"], None),
    (["at [Park Road 9, Rome](t)"], True),
    (["at [Park Road 9, Rome](t)", "at [Main Street 3](t)"], True),
    (["播放[你好，再见](t)", "播放[东风破](t)"], True),
    (["[bread](t), [milk](t)"], False),
    (["[bread](t),[milk](t) and [tea](t)"], False),
    (["[面包](t)、[牛奶](t)"], False),
    (["[12](t),[15](t)"], False),
    (["[bread](t) and [milk](t)"], None),
    (["[bread](t), [milk](other)"], None),
    (["[bread](t), and [milk](t)"], None),
    (["[bread, milk](t)", *["[bread](t), [milk](t)"] * 9], True),
    (["[bread, milk](t)", *["[bread](t), [milk](t)"] * 10], False),
    (["[Rome,](t) then [ Oslo, ](t)"], None),
    (["[1,5, 2,5](t)"], True),
]


@pytest.mark.parametrize(("text", "places"), SEPARATING)
def test_a_comma_separates_but_not_between_digits(text: str, places: List[int]) -> None:
    assert [place for place in range(len(text)) if separates(text, place)] == places


@pytest.mark.parametrize(("text", "found"), ITEMS)
def test_an_entity_falls_apart_at_its_commas(text: str, found: List[str]) -> None:
    assert [text[start:end] for start, end in items(text, segment(text))] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("bread, milk tea", ["bread", "milk tea"]), ("210,000", ["210,000"]), ("1 , 5", ["1", "5"])],
)
def test_a_comma_that_a_tokenizer_drops_counts_as_well(text: str, found: List[str]) -> None:
    tokens = [Token(m[0], m.start(), m.end()) for m in re.finditer(r"\w+", text)]
    assert [text[start:end] for start, end in items(text, tokens)] == found


def test_a_comma_inside_a_token_separates_nothing() -> None:
    assert items("a,b c", [Token("a,b", 0, 3), Token("c", 4, 5)]) == [(0, 5)]


@pytest.mark.parametrize(("marked", "keeps"), ANNOTATED)
def test_the_annotations_of_a_type_say_whether_commas_belong_to_it(
    marked: List[str], keeps: Optional[bool]
) -> None:
    expected: Dict[str, bool] = {} if keeps is None else {"t": keeps}
    assert keeping_commas([annotated(text) for text in marked]) == expected


def test_each_type_says_it_for_itself() -> None:
    examples = [annotated("[Park Road 9, Rome](address) has [bread](item), [milk](item)")]
    assert keeping_commas(examples) == {"address": True, "item": False}


@given(st.text("a1 ,，、.", max_size=15))
def test_the_items_are_all_there_is_but_commas_and_what_is_between_them(text: str) -> None:
    found = items(text, segment(text))
    ends = [0, *(end for _, end in found)]
    starts = [*(start for start, _ in found), len(text)]
    for end, start in zip(ends, starts):
        assert text[end:start].strip(COMMAS + " ") == ""
    for start, end in found:
        assert not any(separates(text, place) for place in range(start, end))


def test_examples_without_entities_say_nothing() -> None:
    assert keeping_commas([Example.from_text("bread, milk")]) == {}
