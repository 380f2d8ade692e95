"""Examples in arrays are the examples, and know what is asked of all of them at once."""

from __future__ import annotations

from typing import List

import numpy as np
import pytest
from helpers import annotated, tags_of, toy_examples, with_features
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.core import Entity, Example
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.tags import TagScheme
from rasa_joint_nlu.core.text.alignment import token_spans
from rasa_joint_nlu.core.text.dictionary import Dictionary
from rasa_joint_nlu.core.text.ngrams import forms

TEXTS = st.lists(st.text("ab 1東京é", max_size=12), max_size=6)


def same(one: Example, other: Example) -> bool:
    return (one.text, tuple(one.tokens), one.intent, tuple(one.entities), one.features) == (
        other.text,
        tuple(other.tokens),
        other.intent,
        tuple(other.entities),
        other.features,
    )


def test_each_example_comes_back() -> None:
    examples = [*toy_examples(), Example("", ()), Example.from_text("去东京", None)]
    packed = Packed.of(iter(examples))
    assert len(packed) == len(examples) and all(map(same, packed, examples))
    assert same(packed[-1], examples[-1]) and len(packed[1:3]) == 2
    with pytest.raises(IndexError):
        packed[len(examples)]
    assert Packed.of(packed) is packed
    assert len(Packed.of([])) == 0 and list(Packed.of([]).values()) == []


def test_features_stay_with_their_examples() -> None:
    examples = with_features([annotated("to [Rome](city)", "go"), annotated("hi", "greet")])
    for packed, example in zip(Packed.of(examples), examples):
        assert packed.features is example.features


@given(TEXTS)
def test_forms_are_those_of_each_token_in_order_of_appearance(texts: List[str]) -> None:
    dictionary = Dictionary({"東京"})
    examples = [Example.from_text(text) for text in texts]
    distinct, ids = Packed.of(examples).forms(dictionary)
    expected = [form for example in examples for form in forms(example.tokens, dictionary)]
    assert [distinct[number] for number in ids.tolist()] == expected
    assert distinct == list(dict.fromkeys(expected))


def test_entities_know_their_tokens() -> None:
    examples = [*toy_examples(), Example.from_text("to Rome", None, [Entity(4, 7, "part")])]
    packed = Packed.of(examples)
    places = [span[:2] for example in examples[:-1] for span in token_spans(example)]
    assert packed.entities[:, 2:4].tolist() == [*map(list, places), [-1, 1]]
    assert packed.owners[-1] == len(examples) - 1
    assert list(packed.values())[-1] == ("part", "ome")


@pytest.mark.parametrize("bilou", [True, False])
def test_the_tags_of_many_spans_are_those_of_each_message(bilou: bool) -> None:
    scheme = TagScheme.named(bilou)
    spans = np.array([(0, 0, 1), (2, 3, 0), (4, 7, 2), (8, 8, 0)])
    tags = np.zeros(10, np.int64)
    scheme.write(tags, *spans.T)
    assert tags.tolist() == tags_of(scheme, [tuple(span) for span in spans.tolist()], 10)
