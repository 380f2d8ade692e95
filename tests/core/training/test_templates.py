"""Which messages are made of one template."""

from __future__ import annotations

from typing import List

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.core.packed import Numbers
from rasa_joint_nlu.core.training.templates import templates


def groups(texts: List[str], intents: List[int]) -> List[int]:
    numbers, messages = Numbers(), [text.split() for text in texts]
    words = np.array([numbers[word] for words in messages for word in words], np.int32)
    offsets = np.cumsum([0, *map(len, messages)])
    return templates(words, offsets, np.array(intents, np.int64)).tolist()


def test_messages_that_differ_in_a_gap_that_tells_the_intent_are_of_one_template() -> None:
    topics = ["refund", "bus pass", "dog licence", "big red bus"]
    texts = [f"{before}{topic}{after}" for topic in topics for before, after in WORDINGS]
    found = np.array(groups(texts, np.repeat(np.arange(4), 2).tolist())).reshape(4, 2)
    assert (found == found[0]).all() and found[0, 0] != found[0, 1]


WORDINGS = [("how do i get a ", ""), ("question about ", " rules")]


def test_a_gap_that_is_filled_in_one_intent_makes_no_template() -> None:
    assert len(set(groups([f"play {song}" for song in "abcd"], [0, 0, 0, 0]))) == 4
    assert len(set(groups([f"play {song}" for song in "abcdefg"], [0, 0, 0, 0, 0, 1, 2]))) == 7


def test_two_intents_make_no_template_but_three_do() -> None:
    texts = ["good morning", "good evening", "good night"]
    assert len(set(groups(texts, [0, 1, 1]))) == 3
    assert len(set(groups(texts, [0, 1, 2]))) == 1


def test_the_template_of_most_intents_wins() -> None:
    verbs, topics = ["cancel", "order", "find"], list("abcdefgh")
    texts = [f"{verb} my {topic}" for verb in verbs for topic in topics]
    found = np.array(groups(texts, list(range(len(texts))))).reshape(3, 8)
    assert (found == found[:, :1]).all() and len(set(found[:, 0])) == 3


@given(st.lists(st.tuples(st.text("ab ", max_size=7), st.integers(-1, 3)), max_size=12))
def test_every_message_has_one(messages: List[tuple]) -> None:  # type: ignore[type-arg]
    texts, intents = [text for text, _ in messages], [intent for _, intent in messages]
    found = groups(texts, intents)
    assert len(found) == len(messages) and set(found) == set(range(len(set(found))))
