"""Messages that are left out are seen by what the others know."""

from __future__ import annotations

import dataclasses
from typing import List, Sequence

import numpy as np
import pytest
from helpers import annotated, encoder_of
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.encoding import EncodedCorpus
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.serving.scope import Parts
from rasa_joint_nlu.core.text.dictionary import NO_WORDS, Dictionary
from rasa_joint_nlu.core.training import left_out as module
from rasa_joint_nlu.core.training.left_out import Hashes, LeftOut, Message, folds, known_hashes
from rasa_joint_nlu.core.training.votes import Votes


def left_out_of(examples: Sequence[Example], corpus: EncodedCorpus, votes: Votes) -> LeftOut:
    """All are asked that are left out, and none is yet."""
    asked = {n: Message.of(example, NO_WORDS, ()) for n, example in enumerate(examples)}
    hashes = Hashes.of(Packed.of(examples), NO_WORDS)
    return LeftOut(asked, hashes, corpus, votes, np.random.default_rng(0))


@pytest.mark.parametrize("intents", [2, 3, 7])
def test_each_message_and_intent_is_left_out_once_and_templates_as_a_whole(intents: int) -> None:
    rng = np.random.default_rng(0)
    groups, intent_ids = rng.integers(20, size=100), np.arange(100) % intents
    messages, of_intents = map(np.array, zip(*folds(groups, intent_ids, rng)))
    assert (messages.sum(0) == 1).all() and messages.sum(1).min() > 15
    for group in range(20):
        assert len(messages[:, groups == group].any(1).nonzero()[0]) == 1
    # Of two intents, neither can be missed.
    assert (of_intents.sum(0) == (intents > 2)).all()


def test_messages_without_an_intent_say_nothing_of_how_sure_votes_are() -> None:
    examples = [annotated(f"word{number}", f"intent{number % 3}") for number in range(200)]
    # The last intent must not be taken for theirs: "-1" is no place in a list.
    unlabelled = [dataclasses.replace(example, intent=None) for example in examples]
    corpus = encoder_of(examples).encode([*examples, *unlabelled])
    votes = Votes(corpus, encoder_of(examples), {})
    votes.fit()
    left_out = left_out_of([*examples, *unlabelled], corpus, votes)
    left_out.look(np.arange(400) % 4 == 0, np.zeros(3, bool))
    assert len(left_out.inside) == 50


def test_what_vectors_of_texts_say_of_messages_left_out_is_heard() -> None:
    examples = [
        dataclasses.replace(
            Example.from_text(f"word{number} more{number}", f"intent{number % 3}"),
            features={"encoder/sentence": np.eye(1, 4, number % 3)},
        )
        for number in range(60)
    ]
    encoder = encoder_of(examples)
    deaf = dataclasses.replace(encoder, features=())
    corpus = encoder.encode(examples)
    highest = {}
    for name, heard in (("words", deaf), ("texts", encoder)):
        votes = Votes(corpus, heard, {})
        votes.fit()
        left_out = left_out_of(examples, corpus, votes)
        # A quarter of the messages, and one intent as a whole.
        left_out.look(np.arange(60) % 4 == 0, np.array([False, False, True]))
        kinds = (left_out.inside, left_out.reworded, left_out.outside, left_out.exchanged)
        highest[name] = [np.mean([row[1] for row in rows]) for rows in kinds]
    more = np.array(highest["texts"]) - np.array(highest["words"])
    inside, reworded, outside, exchanged = more
    # Words are all new: it is the text that says whether a message is of a known intent.
    assert inside > outside + 1 and reworded > exchanged + 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("aB 東京都", min_size=1, max_size=8).filter(str.strip), min_size=1))
def test_what_is_known_is_what_any_message_has(texts: List[str]) -> None:
    examples = [example for example in map(Example.from_text, texts) if example.tokens]
    dictionary = Dictionary({"東京"})
    parts = [Parts.of(example, dictionary) for example in examples]
    expected = {found for words, _, pairs in parts for found in (*words, *pairs)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PAIRS_AT_ONCE", 3)
        assert known_hashes(Packed.of(examples), dictionary) == expected
