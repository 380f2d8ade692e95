"""What is in scope is learnt from the training messages alone, each left out once."""

from __future__ import annotations

import dataclasses
import random
from typing import List

import numpy as np
import pytest
from helpers import toy_examples, with_features
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.serving.scope import Parts, Scope
from rasa_joint_nlu.core.text.dictionary import Dictionary
from rasa_joint_nlu.core.training.scope import learn_scope

CITIES = ["rome", "oslo", "paris", "bern", "lima", "cairo", "delhi", "quito", "accra", "minsk"]
BEGINNINGS = ["a ticket to", "i want to go to", "book a train to", "please take me to"]


def travels(seed: int = 0, count: int = 200) -> List[Example]:
    drawn = random.Random(seed)
    days = ["today", "tomorrow", "on monday", "next week", ""]
    return [
        Example.from_text(" ".join(map(drawn.choice, (BEGINNINGS, CITIES, days))))
        for _ in range(count)
    ]


def learnt(examples: List[Example], before: Scope = None) -> Scope:  # type: ignore[assignment]
    return learn_scope(examples, frozenset(), before, np.random.default_rng(0))


def probability(scope: Scope, text: str) -> float:
    return scope.probability(Example.from_text(text), frozenset())


def test_messages_like_those_of_training_are_in_scope_and_others_are_not() -> None:
    scope = learnt(travels())
    assert probability(scope, "please take me to quito next week") > 0.95
    assert probability(scope, "how do bananas grow") < 0.2
    assert probability(scope, "qwertz") < 0.5


def test_where_new_words_are_usual_one_of_them_says_less() -> None:
    narrow = learnt(travels())
    named = [f"a ticket to city{number}" for number in range(200)]
    wide = learnt([Example.from_text(text) for text in named])
    assert probability(wide, "a ticket to kyoto") > probability(narrow, "a ticket to kyoto") + 0.1


def test_it_comes_out_the_same_for_the_same_source_of_chance() -> None:
    assert learnt(travels()) == learnt(travels())


def test_what_was_known_before_stays_known() -> None:
    before = learnt([Example.from_text("good morning"), Example.from_text("hello there")])
    after = learnt(travels(), before)
    assert before.known < after.known
    # The weights are those of the new messages.
    assert after.weights == learnt(travels()).weights


def test_only_features_that_few_tokens_have_vouch_for_words() -> None:
    rare = sparse.csr_matrix(np.array([[0.0], [0.0], [1.0]]))
    usual = sparse.csr_matrix(np.ones((3, 1)))
    examples = [
        dataclasses.replace(
            Example.from_text(text),
            features={
                "rare/sequence": rare,
                "usual/sequence": usual,
                "dense/sequence": np.eye(3),
                "rare/sentence": rare[2:],
            },
        )
        for text in ("go to rome", "go to oslo", "fly to bern")
    ]
    scope = learnt(examples)
    assert scope.vouching == ("rare/sequence",)
    example = dataclasses.replace(examples[0], features={})
    vouched = Example.from_text("go to lima")
    unknown = scope.probability(vouched, frozenset())
    vouched = dataclasses.replace(vouched, features={"rare/sequence": rare})
    assert unknown < scope.probability(vouched, frozenset())
    assert set(Parts.of(example, frozenset()).words) < scope.known


@pytest.mark.parametrize("count", [1, 2, 16])
def test_few_messages_are_enough(count: int) -> None:
    scope = learnt(with_features(toy_examples())[:count])
    assert len(scope.weights) == 4 and np.isfinite(scope.weights).all()


@settings(max_examples=30)
@given(st.lists(st.text("ab 东京é", min_size=1), min_size=1, max_size=8))
def test_weights_are_finite_whatever_the_messages(texts: List[str]) -> None:
    examples = [example for example in map(Example.from_text, texts) if example.tokens]
    if examples:
        dictionary = Dictionary({"东京"})
        scope = learn_scope(examples, dictionary, None, np.random.default_rng(0))
        assert np.isfinite(scope.weights).all()
