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
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.training.votes import USUAL_WEIGHT, VOTES, Votes, _spread


def votes_of(
    examples: List[Example],
    known: Optional[Mapping[str, Array]] = None,
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
        len(encoder.labels.intents),
        known or {},
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
    met = counts.T @ np.eye(3)[answers]
    spread = np.zeros(counts.shape[1])
    spread[1:] = np.sqrt(3) * _spread(met[1:], np.full(3, 3))
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
    learnt = votes.weights()
    told = {0: {encoder.vocabulary.word_row("hello"), encoder.vocabulary.word_row("mister")}}
    table = encoder.vocabulary.table(encoder.vocabulary.forms(examples[-1].tokens))
    told[1] = set(table.ngram_ids.tolist())
    for met, name in zip(told.values(), VOTES):
        before = np.zeros_like(learnt[name])
        before[: len(known[name])] = known[name]
        moved = np.abs(learnt[name] - before).max(1) > 1e-6
        assert set(np.flatnonzero(moved)) == met and len(met) >= 2
    pay = encoder.labels.intents.index("pay")
    assert learnt["word_votes"][len(known["word_votes"]) :].argmax(1).tolist() == [pay]
    unmoved = votes_of(examples[-1:], known=known, encoder=encoder)
    said, said_before = votes.of(np.array([0])), unmoved.of(np.array([0]))
    assert (said - said_before).argmax() == pay


def test_learning_the_same_again_hardly_makes_votes_surer() -> None:
    once = fitted(balanced())
    again = fitted(balanced(), known=once.weights())
    every = np.arange(len(balanced()))
    growth = np.abs(again.of(every)).mean() / np.abs(once.of(every)).mean()
    assert 1 < growth < 1.15


def test_without_an_intent_there_is_nothing_to_learn() -> None:
    known = fitted(balanced()).weights()
    asked = [annotated("hello my card")]
    votes = fitted(asked, known=known, encoder=encoder_of(balanced()))
    for name, learnt in votes.weights().items():
        np.testing.assert_array_equal(learnt, known[name])


def test_examples_of_one_intent_alone_can_be_learnt_from() -> None:
    known, encoder, greetings = fitted(balanced()).weights(), encoder_of(balanced()), balanced()[:3]
    before = votes_of(greetings, known=known, encoder=encoder).of(np.arange(3))
    found = fitted(greetings, known=known, encoder=encoder).of(np.arange(3))
    greet = encoder.labels.intents.index("greet")
    assert (found[:, greet] > before[:, greet]).all()


@given(arrays(np.float64, (3,), elements=st.integers(0, 9)), st.integers(1, 3))
def test_the_more_often_a_word_is_met_with_all_intents_alike_the_less_far_it_may_go(
    met: Array, more: int
) -> None:
    examples = np.array([50, 50, 50])
    rarer, frequent, telling = _spread(
        np.stack([met + 1, (more + 1) * (met + 1), [9e9, 0, 0]]), examples
    )
    assert telling > rarer > frequent > 0


def test_how_far_words_may_go_by_hand() -> None:
    met = np.array([[3.0, 3.0, 0.0], [0.0, 0.0, 7.0]])
    found = _spread(met, np.array([9, 9, 9]))
    far = np.log1p(27 / (1 + 6 * np.log(2) / np.log(3))), np.log1p(27)
    np.testing.assert_allclose(found, np.array(far) / np.mean(far))
    # however seldom the other intents are, a word is met no more often than it is
    skewed = _spread(np.array([[1.0, 1.0], [2.0, 0.0]]), np.array([1000, 1]))
    np.testing.assert_allclose(skewed[1] / skewed[0], np.log1p(1001) / np.log1p(1001 / 3))


def test_where_there_would_be_too_many_what_is_met_least_often_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rasa_joint_nlu.core.training.votes._MOST", 20)
    examples = toy_examples()
    learnt = fitted(examples).weights()
    voting = np.concatenate([learnt["word_votes"], learnt["ngram_votes"]]).any(1)
    times = counted(examples).sum(0)
    assert voting.sum() == 20 // 4
    assert times[voting].min() >= times[~voting].max()


def test_some_of_very_many_messages_do(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = fitted(balanced()), balanced() * 40
    monkeypatch.setattr("rasa_joint_nlu.core.training.votes._MOST_LOGITS", 3 * 90)
    some = fitted(many, encoder=encoder_of(balanced())).of(np.arange(9))
    monkeypatch.undo()
    everything = fitted(many, encoder=encoder_of(balanced())).of(np.arange(9))
    sure, surer, surest = (
        np.abs(votes).mean() for votes in (few.of(np.arange(9)), some, everything)
    )
    assert sure < surer < surest
    assert (some.argmax(1) == everything.argmax(1)).all()
