"""What words and n-grams say of intents: the one solution, by whom, and what is known before."""

from __future__ import annotations

from typing import List, Mapping, Optional

import numpy as np
import pytest
from helpers import annotated, encoder_of, toy_examples
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.linear_model import LogisticRegression

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.data import Array
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.training.counts import log_shares
from rasa_joint_nlu.core.training.votes import USUAL_WEIGHT, VOTES, Votes, _spread


def votes_of(
    examples: List[Example],
    known: Mapping[str, Array] = {},
    encoder: Optional[Encoder] = None,
) -> Votes:
    encoder = encoder or encoder_of(examples)
    vocabulary, corpus = encoder.vocabulary, encoder.encode(examples, targets=True)
    assert corpus.intent_ids is not None
    return Votes(
        corpus,
        vocabulary.known.followed_by(corpus.further),
        1 + len(vocabulary.words),
        len(vocabulary.ngrams),
        log_shares(corpus.intent_ids, len(encoder.labels.intents)),
        known,
    )


def fitted(examples: List[Example], **others: object) -> Votes:
    votes = votes_of(examples, **others)  # type: ignore[arg-type]
    votes.fit(np.ones(len(examples), bool))
    return votes


def counted(examples: List[Example]) -> Array:
    """`(messages, words + n-grams)` how often each is met in each, one after the other."""
    vocabulary = encoder_of(examples).vocabulary
    words = 1 + len(vocabulary.words)
    counts = np.zeros((len(examples), words + len(vocabulary.ngrams)))
    for row, example in zip(counts, examples):
        for form in vocabulary.forms(example.tokens):
            table = vocabulary.table([form])
            row[table.word_ids] += table.word_ids > 0
            np.add.at(row, words + table.ngram_ids, 1)
    return counts


def balanced() -> List[Example]:
    """Three intents of the same size, with words of all kinds."""
    return [
        *(annotated(text, "greet") for text in ("good morning", "hello hello", "hi my friend")),
        *(annotated(text, "go") for text in ("a ticket to Rome", "to Oslo", "my train to Rome")),
        *(annotated(text, "pay") for text in ("my card", "can I pay", "I pay for a ticket")),
    ]


def test_they_are_what_a_logistic_regression_learns() -> None:
    examples = balanced()
    encoder, counts = encoder_of(examples), counted(examples)
    answers = [encoder.labels.intents.index(example.intent or "") for example in examples]
    spread = _spread(counts.T @ np.eye(3)[answers], np.full(3, 3.0))
    spread[1 + len(encoder.vocabulary.words) :] *= 0.3
    known = LogisticRegression(fit_intercept=False, tol=1e-9, max_iter=1000)
    expected = known.fit(counts * spread, answers).decision_function(counts * spread)
    found = fitted(examples).of(np.arange(len(examples)))
    np.testing.assert_allclose(found, expected - expected.mean(1, keepdims=True), atol=0.01)


def test_a_message_has_the_votes_of_its_words_and_ngrams_each_time_they_are_met() -> None:
    examples = toy_examples()
    votes = fitted(examples)
    learnt = votes.weights()
    each = np.concatenate([learnt["word_votes"], learnt["ngram_votes"]])
    some = np.array([7, 0, 3])
    np.testing.assert_allclose(votes.of(some), counted(examples)[some] @ each, atol=1e-5)
    assert (each[0] == 0).all(), "the unknown word has a vote"


def test_only_chosen_messages_whose_intent_is_known_are_learnt_from() -> None:
    others = [annotated("pay hello", intent) for intent in ("greet", "go", "pay")]
    examples = [*balanced(), annotated("hello to my card"), *others]
    encoder = encoder_of(examples)
    some = votes_of(examples, encoder=encoder)
    some.fit(np.arange(len(examples)) < len(examples) - len(others))
    expected = fitted(balanced(), encoder=encoder).weights()
    for name, learnt in some.weights().items():
        np.testing.assert_allclose(learnt, expected[name], atol=1e-3)
    everything = fitted(examples, encoder=encoder).weights()
    assert not np.allclose(everything["word_votes"], expected["word_votes"], atol=1e-2)


def test_words_that_say_nothing_do_not_say_how_frequent_an_intent_is() -> None:
    examples = [annotated("well then", intent) for intent in ["often"] * 5 + ["seldom"]]
    assert not fitted(examples).of(np.arange(6)).round(4).any()


def test_the_first_ones_are_none() -> None:
    votes = votes_of(balanced())
    assert votes.weight == USUAL_WEIGHT and set(votes.weights()) == set(VOTES)
    assert not votes.of(np.arange(3)).any()


def test_what_is_known_stays_unless_examples_say_otherwise() -> None:
    before = balanced()
    known = {**fitted(before).weights(), "words_weight": np.array([2.5], np.float32)}
    examples = [*before, annotated("hello mister", "pay")]
    encoder = encoder_of(before)
    longer = encoder.vocabulary.extended(encoder_of(examples).vocabulary.forms(examples[-1].tokens))
    encoder = Encoder(longer, encoder.labels, encoder.scheme)
    votes = fitted(examples[-1:], known=known, encoder=encoder)
    assert votes.weight == 2.5
    learnt, rows = votes.weights(), len(known["word_votes"])
    moved = np.abs(learnt["word_votes"][:rows] - known["word_votes"]).max(1) > 1e-6
    assert set(np.flatnonzero(moved)) == {encoder.vocabulary.word_row("hello")}
    pay = encoder.labels.intents.index("pay")
    assert learnt["word_votes"][rows:].argmax(1).tolist() == [pay]
    assert votes.of(np.array([0])).argmax() == pay


def test_without_an_intent_there_is_nothing_to_learn() -> None:
    known = fitted(balanced()).weights()
    asked = [annotated("hello my card")]
    votes = fitted(asked, known=known, encoder=encoder_of(balanced()))
    for name, learnt in votes.weights().items():
        np.testing.assert_array_equal(learnt, known[name])


@pytest.mark.filterwarnings("error")
def test_examples_of_one_intent_alone_can_be_learnt_from() -> None:
    known = fitted(balanced()).weights()
    votes = fitted(balanced()[:3], known=known, encoder=encoder_of(balanced()))
    assert all(np.isfinite(learnt).all() for learnt in votes.weights().values())


@given(arrays(np.float64, (3,), elements=st.integers(0, 9)), st.integers(1, 3))
def test_the_more_often_a_word_is_met_alike_the_less_it_is_given(met: Array, more: int) -> None:
    rarer, frequent, telling = _spread(
        np.stack([met + 1, (more + 1) * (met + 1), [9e9, 0, 0]]), np.array([50, 50, 50])
    )
    assert rarer >= frequent > 0
    assert telling >= rarer, "what is met with one intent alone is told apart from what is frequent"
