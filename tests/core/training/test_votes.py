"""What words and n-grams say of intents: the one solution, and what a model said before."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import List, Mapping, Optional

import numpy as np
import pytest
import torch
from helpers import annotated, encoder_of, toy_examples
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import Trust
from rasa_joint_nlu.core.encoding import Encoder, feature_specs
from rasa_joint_nlu.core.precision import MEAN_VOTES
from rasa_joint_nlu.core.text.pieces import VectorRows, word_key
from rasa_joint_nlu.core.training.votes import (
    ASIDE,
    MOST_ASIDE,
    USUAL_WEIGHT,
    VOTES,
    Votes,
    log_priors,
    relative_spread,
    set_aside,
    spelt_out,
    weigh,
)


def votes_of(
    examples: List[Example],
    previous: Optional[Mapping[str, Array]] = None,
    encoder: Optional[Encoder] = None,
) -> Votes:
    encoder = encoder or encoder_of(examples)
    return Votes(encoder.encode(examples), encoder, previous or {})


def fitted(examples: List[Example], **others: object) -> Votes:
    votes = votes_of(examples, **others)  # type: ignore[arg-type]
    votes.fit()
    return votes


def counted(examples: List[Example], encoder: Encoder) -> Array:
    """`(messages, words + n-grams)` how often each is met in each, one after the other."""
    vocabulary = encoder.vocabulary
    words = 1 + len(vocabulary.words)
    counts = np.zeros((len(examples), words + len(vocabulary.ngrams)))
    for row, example in zip(counts, examples):
        for form in vocabulary.forms(example.tokens):
            table = vocabulary.table([form])
            row[table.word_ids] += table.word_ids > 0
            np.add.at(row, words + table.ngrams.ids, 1)
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
    encoder = encoder_of(examples)
    counts = counted(examples, encoder)
    answers = [encoder.labels.intents.index(example.intent or "") for example in examples]
    names = counted([Example.from_text(name) for name in encoder.labels.intents], encoder)
    counts, answers = np.vstack([counts, names]), [*answers, 0, 1, 2]
    met = counts.T @ np.eye(3)[answers]
    spread = np.zeros(counts.shape[1])
    spread[1:] = np.sqrt(3) * relative_spread(met[1:], np.full(3, 4))
    spread[1 + len(encoder.vocabulary.words) :] *= 0.3
    known = LogisticRegression(fit_intercept=False, tol=1e-9, max_iter=1000)
    known.fit(counts * spread, answers)
    expected = known.decision_function(counts[: len(examples)] * spread)
    found = fitted(examples).logits(np.arange(len(examples)))
    np.testing.assert_allclose(found, expected - expected.mean(1, keepdims=True), atol=0.01)


def test_a_message_has_the_votes_of_its_words_and_ngrams_each_time_they_are_met() -> None:
    examples = toy_examples()
    votes = fitted(examples)
    learnt = votes.weights()
    each = np.concatenate([learnt["word_votes"], learnt["ngram_votes"]])
    some = np.array([7, 0, 3])
    np.testing.assert_allclose(
        votes.logits(some), counted(examples, encoder_of(examples))[some] @ each, atol=1e-5
    )
    assert (each[0] == 0).all(), "the unknown word has a vote"


def test_only_messages_that_are_not_aside_and_whose_intent_is_known_are_learnt_from() -> None:
    others = [annotated("pay hello", intent) for intent in ("greet", "go", "pay")]
    examples = [*balanced(), annotated("hello to my card"), *others]
    encoder = encoder_of(examples)
    some = votes_of(examples, encoder=encoder)
    some.aside = np.arange(len(examples)) >= len(examples) - len(others)
    some.fit()
    expected = fitted(balanced(), encoder=encoder).weights()
    for name, learnt in some.weights().items():
        np.testing.assert_allclose(learnt, expected[name], atol=1e-3)
    everything = fitted(examples, encoder=encoder).weights()
    assert not np.allclose(everything["word_votes"], expected["word_votes"], atol=1e-2)


def test_votes_learn_of_guesses_as_far_as_these_are_trusted() -> None:
    examples = balanced()
    encoder = encoder_of(examples)
    corpus = encoder.encode([*examples, *examples])
    none, half, same = (np.repeat([1.0, second], len(examples)) for second in (0.0, 0.5, 1.0))

    def learnt(trust: Optional[Array]) -> Votes:
        trusted = None if trust is None else Trust(trust, trust)
        votes = Votes(replace(corpus, trust=trusted), encoder, {})
        votes.fit()
        return votes

    every = np.arange(len(corpus))
    assert (learnt(same).logits(every) == learnt(None).logits(every)).all()
    sums = [abs(learnt(trust).logits(every)).sum() for trust in (none, half, same)]
    assert sums[0] < sums[1] < sums[2]


def test_guesses_are_never_set_aside() -> None:
    examples = [replace(example) for example in toy_examples() for _ in range(4)]
    encoder = encoder_of(examples)
    trust = np.where(np.arange(len(examples)) % 2, 0.9, 1.0)
    corpus = replace(encoder.encode(examples), trust=Trust(trust, trust))
    votes = Votes(corpus, encoder, {})
    votes.set_aside(np.random.default_rng(0))
    assert votes.aside.any() and (trust[votes.aside] == 1).all()


def test_the_name_of_an_intent_is_one_more_message_of_it() -> None:
    texts = {"card_arrival": ["where is it", "it is not here"], "lostCard": ["help me", "oh no"]}
    examples = [annotated(text, intent) for intent, each in texts.items() for text in each]
    examples += [annotated("a card had its arrival", None), annotated("lost", None)]
    arrival, lost = fitted(examples).logits(np.array([4, 5]))
    assert arrival.argmax() == 0 and lost.argmax() == 1
    assert np.ptp(arrival) > 0.1 and np.ptp(lost) > 0.1


def test_a_name_does_not_count_where_its_intent_is_left_out() -> None:
    examples = [annotated("good day", "greet"), annotated("to Rome", "go_by_train")]
    examples += [annotated("my card", "pay"), annotated("train", None)]
    votes = fitted(examples)
    is_left_out = np.array([False, True, False, False])
    said, without = votes.logits(np.array([3])), votes.without(is_left_out).logits(np.array([3]))
    assert said.argmax() == 0 and np.ptp(said) > 0.1
    np.testing.assert_allclose(without, 0, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("card_arrival", "card arrival"),
        ("faq/askOpeningHours", "faq ask opening hours"),
        ("flight+airfare", "flight airfare"),
        ("SMSCode2", "sms code"),
        ("ÉtatCivil", "état civil"),
        ("查天气", "查天气"),
        ("42", ""),
    ],
)
def test_names_are_spelt_out(name: str, words: str) -> None:
    assert spelt_out(name) == words


def test_words_that_say_nothing_do_not_say_how_frequent_an_intent_is() -> None:
    examples = [annotated("well then", intent) for intent in ["often"] * 5 + ["seldom"]]
    assert not fitted(examples).logits(np.arange(6)).round(4).any()


def test_the_first_ones_are_none() -> None:
    votes = votes_of(balanced())
    assert votes.weight == USUAL_WEIGHT and set(votes.weights()) == set(VOTES)
    assert not votes.logits(np.arange(3)).any()


def test_what_was_learnt_before_stays_unless_examples_say_otherwise() -> None:
    before = balanced()
    known = {**fitted(before).weights(), "words_weight": np.array([2.5], np.float32)}
    examples = [*before, annotated("hello mister", "pay")]
    encoder = encoder_of(before)
    longer = encoder.vocabulary.extended(encoder_of(examples).vocabulary.forms(examples[-1].tokens))
    encoder = Encoder(longer, encoder.labels, encoder.scheme)
    votes = fitted(examples[-1:], previous=known, encoder=encoder)
    assert votes.weight == 2.5
    learnt = votes.weights()
    # The name of the intent tells, too.
    met_words = Example.from_text("hello mister pay").tokens
    told = {0: {encoder.vocabulary.word_row(word.text) for word in met_words}}
    table = encoder.vocabulary.table(encoder.vocabulary.forms(met_words))
    told[1] = set(table.ngrams.ids.tolist())
    for met, name in zip(told.values(), VOTES):
        before = np.zeros_like(learnt[name])
        before[: len(known[name])] = known[name]
        moved = np.abs(learnt[name] - before).max(1) > 1e-6
        assert set(np.flatnonzero(moved)) == met and len(met) >= 2
    pay = encoder.labels.intents.index("pay")
    assert learnt["word_votes"][len(known["word_votes"]) :].argmax(1).tolist() == [pay]
    unmoved = votes_of(examples[-1:], previous=known, encoder=encoder)
    said, said_before = votes.logits(np.array([0])), unmoved.logits(np.array([0]))
    assert (said - said_before).argmax() == pay


def test_learning_the_same_again_hardly_makes_votes_surer() -> None:
    once = fitted(balanced())
    again = fitted(balanced(), previous=once.weights())
    every = np.arange(len(balanced()))
    growth = np.abs(again.logits(every)).mean() / np.abs(once.logits(every)).mean()
    assert 1 < growth < 1.15


def test_without_an_intent_there_is_nothing_to_learn() -> None:
    known = fitted(balanced()).weights()
    asked = [annotated("hello my card")]
    votes = fitted(asked, previous=known, encoder=encoder_of(balanced()))
    for name, learnt in votes.weights().items():
        np.testing.assert_array_equal(learnt, known[name])


def test_examples_of_one_intent_alone_can_be_learnt_from() -> None:
    known, encoder, greetings = fitted(balanced()).weights(), encoder_of(balanced()), balanced()[:3]
    before = votes_of(greetings, previous=known, encoder=encoder).logits(np.arange(3))
    found = fitted(greetings, previous=known, encoder=encoder).logits(np.arange(3))
    greet = encoder.labels.intents.index("greet")
    assert (found[:, greet] > before[:, greet]).all()


@given(arrays(np.float64, (3,), elements=st.integers(0, 9)), st.integers(1, 3))
def test_the_more_often_a_word_is_met_with_all_intents_alike_the_less_far_it_may_go(
    met: Array, more: int
) -> None:
    examples = np.array([50, 50, 50])
    rarer, frequent, telling = relative_spread(
        np.stack([met + 1, (more + 1) * (met + 1), [9e9, 0, 0]]), examples
    )
    assert telling > rarer > frequent > 0


def test_how_far_words_may_go_by_hand() -> None:
    met = np.array([[3.0, 3.0, 0.0], [0.0, 0.0, 7.0]])
    found = relative_spread(met, np.array([9, 9, 9]))
    far = np.log1p(27 / (1 + 6 * np.log(2) / np.log(3))), np.log1p(27)
    np.testing.assert_allclose(found, np.array(far) / np.mean(far))
    # however seldom the other intents are, a word is met no more often than it is
    skewed = relative_spread(np.array([[1.0, 1.0], [2.0, 0.0]]), np.array([1000, 1]))
    np.testing.assert_allclose(skewed[1] / skewed[0], np.log1p(1001) / np.log1p(1001 / 3))


def test_where_there_would_be_too_many_what_is_met_least_often_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rasa_joint_nlu.core.training.votes._MOST", 20)
    examples = toy_examples()
    learnt = fitted(examples).weights()
    voting = np.concatenate([learnt["word_votes"], learnt["ngram_votes"]]).any(1)
    times = counted(examples, encoder_of(examples)).sum(0)
    assert voting.sum() == 20 // 4
    assert times[voting].min() >= times[~voting].max()


def test_some_of_very_many_messages_do(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = fitted(balanced()), balanced() * 40
    monkeypatch.setattr("rasa_joint_nlu.core.training.votes._MOST_LOGITS", 3 * 90)
    some = fitted(many, encoder=encoder_of(balanced())).logits(np.arange(9))
    monkeypatch.undo()
    everything = fitted(many, encoder=encoder_of(balanced())).logits(np.arange(9))
    sure, surer, surest = (
        np.abs(votes).mean() for votes in (few.logits(np.arange(9)), some, everything)
    )
    assert sure < surer < surest
    assert (some.argmax(1) == everything.argmax(1)).all()


# What is set aside, and what it weighs.


@given(st.lists(st.integers(-1, 4), min_size=1, max_size=200), st.integers(0, 2**32 - 1))
def test_the_same_share_of_each_intent_is_set_aside(ids: List[int], seed: int) -> None:
    intent_ids = np.array(ids)
    aside = set_aside(intent_ids, np.random.default_rng(seed))
    assert aside.shape == intent_ids.shape and aside.dtype == bool
    for intent in range(5):
        of_intent = intent_ids == intent
        assert aside[of_intent].sum() == math.floor(ASIDE * of_intent.sum())
    assert not aside[intent_ids == -1].any()


def test_no_more_is_set_aside_than_is_needed() -> None:
    aside = set_aside(np.arange(100_000) % 7, np.random.default_rng(0))
    assert MOST_ASIDE - 7 <= aside.sum() <= MOST_ASIDE


def test_chance_chooses_what_is_set_aside() -> None:
    ids = np.zeros(40, int)
    one, same, other = (set_aside(ids, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (one == same).all() and (one != other).any()


def logits(right: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
    """Of 3 intents: for the right one where `right`, else for the next one."""
    said = torch.where(right, answers, (answers + 1) % 3)
    return 4.0 * torch.nn.functional.one_hot(said, 3)


@pytest.mark.parametrize(
    ("states_right", "words_right", "low", "high"),
    [(0.95, 0.7, 0.1, 0.6), (0.7, 0.95, 2.0, 5.0), (0.9, 0.9, 0.6, 1.5)],
)
def test_the_more_often_words_are_right_the_more_they_count(
    states_right: float, words_right: float, low: float, high: float
) -> None:
    generator = torch.Generator().manual_seed(0)
    answers = torch.randint(3, (200,), generator=generator)
    of_states, of_words = (
        logits(torch.rand(200, generator=generator) < right, answers)
        for right in (states_right, words_right)
    )
    assert low <= weigh(of_states, of_words, answers) <= high


def test_without_evidence_words_count_as_they_usually_do() -> None:
    nothing = torch.zeros(5, 3)
    found = weigh(nothing, nothing, torch.zeros(5, dtype=torch.long))
    assert found == pytest.approx(USUAL_WEIGHT, rel=0.1)


def test_one_message_says_little() -> None:
    wrong, right = torch.tensor([[4.0, 0.0]]), torch.tensor([[0.0, 4.0]])
    found = weigh(wrong, right, torch.tensor([1]))
    assert USUAL_WEIGHT < found < 3 * USUAL_WEIGHT


def test_priors_are_of_known_intents_and_one_without_examples_counts_as_one() -> None:
    ids = np.array([-1, 1, 1, 0, -1, 1, 0])
    assert np.exp(log_priors(ids, 3)).tolist() == pytest.approx([2 / 6, 3 / 6, 1 / 6])


def test_words_with_alike_vectors_vote_alike() -> None:
    examples = [Example.from_text(word, word[0]) for word in ("aqz", "axy", "bqz", "bxy")]
    encoder = encoder_of(examples)
    words = encoder.vocabulary.words
    vectors = {"a": [1.0, 0.0], "b": [0.0, 1.0]}
    table = np.array([vectors[word[0]] for word in words], np.float32)
    rows = VectorRows(tuple(map(word_key, words)))
    encoder = replace(encoder, vocabulary=replace(encoder.vocabulary, vectors=rows))
    votes = Votes(encoder.encode(examples), encoder, {}, table)
    votes.fit()
    of_vectors = votes.weights()[MEAN_VOTES]
    assert of_vectors.shape == (2, 2)
    assert (np.diag(of_vectors) > 0.5).all() and (of_vectors.sum(axis=1) < 1e-3).all()
    # At the most probable votes, each is as far from nothing as the examples pull it.
    logits = votes.logits(np.arange(len(examples))) + votes._log_priors
    wrong = np.exp(log_softmax(logits, axis=1)) - np.eye(2)[[0, 0, 1, 1]]
    pull = -np.array([vectors[word[0]] for word in words]).T @ wrong
    np.testing.assert_allclose(of_vectors / votes.weight / (3 * 2.0**2), pull, atol=1e-3)


def spread_of_vectors(rng: np.random.Generator, told_by_vectors: bool) -> float:
    """What is chosen for 20 intents that either vectors or words alone tell apart."""
    letters = "".join(rng.choice(list("bcdfghjklm"), 900))
    examples, vectors = [], {}
    for i in range(150):
        intent, word = i % 20, letters[6 * i :][:6]
        sense = np.eye(20)[intent] if told_by_vectors else rng.normal(size=20)
        vectors[word] = 0.5 * sense + rng.normal(0, 0.1, 20)
        said = "" if told_by_vectors else f" {'abcdefghijklmnopqrst'[intent]}"
        examples.append(Example.from_text(word + said, str(intent)))
    encoder = encoder_of(examples)
    words = encoder.vocabulary.words
    table = np.array([vectors.get(word, np.zeros(20)) for word in words], np.float32)
    rows = VectorRows(tuple(map(word_key, words)))
    encoder = replace(encoder, vocabulary=replace(encoder.vocabulary, vectors=rows))
    votes = Votes(encoder.encode(examples), encoder, {}, table)
    votes.set_aside(rng)
    return votes._spreads[0]


def test_votes_of_vectors_go_farther_where_they_tell_what_words_do_not() -> None:
    assert spread_of_vectors(np.random.default_rng(0), told_by_vectors=True) == 6.0
    assert spread_of_vectors(np.random.default_rng(0), told_by_vectors=False) == 2.0


def test_votes_of_vectors_are_kept_in_fine_tuning() -> None:
    examples = [Example.from_text(word, word[0]) for word in ("aqz", "bqz")]
    encoder = encoder_of(examples)
    table = np.eye(2, dtype=np.float32)
    rows = VectorRows(tuple(map(word_key, encoder.vocabulary.words)))
    encoder = replace(encoder, vocabulary=replace(encoder.vocabulary, vectors=rows))
    corpus = encoder.encode(examples)
    first = Votes(corpus, encoder, {}, table)
    first.fit()
    again = Votes(corpus, encoder, first.weights(), table)
    np.testing.assert_allclose(again.weights()[MEAN_VOTES], first.weights()[MEAN_VOTES])


def with_texts(examples: List[Example], factor: float = 1.0) -> List[Example]:
    """Examples whose vectors of texts say their first letter."""
    vectors = {"a": [[1.0, 0.0, 0.2]], "b": [[0.0, 1.0, 0.2]]}
    return [
        replace(e, features={"encoder/sentence": factor * np.array(vectors[e.text[0]], np.float32)})
        for e in examples
    ]


def with_features(examples: List[Example]) -> Encoder:
    return replace(encoder_of(examples), features=feature_specs(examples))


def test_vectors_of_texts_vote_whatever_their_scale() -> None:
    logits = []
    for factor in (1.0, 1000.0):
        examples = with_texts(
            [Example.from_text(word, word[0]) for word in ("aqz", "axy", "bqz", "bxy")], factor
        )
        encoder = with_features(examples)
        votes = votes_of(examples, encoder=encoder)
        votes.fit()
        weights = votes.weights()
        matrix = np.vstack([example.features["encoder/sentence"] for example in examples])
        # What is exported is for the features as they come, and for what votes count.
        of_texts = matrix @ weights["features.0"] / weights["words_weight"]
        np.testing.assert_allclose(of_texts, votes.of_texts(), rtol=1e-4)
        assert votes.has_texts and (of_texts.argmax(1) == [0, 0, 1, 1]).all()
        logits.append(votes.logits(np.arange(4)))
    np.testing.assert_allclose(*logits, rtol=1e-4)


def test_votes_of_texts_are_kept_in_fine_tuning() -> None:
    examples = with_texts([Example.from_text(word, word[0]) for word in ("aqz", "bqz")], 7.0)
    encoder = with_features(examples)
    first = votes_of(examples, encoder=encoder)
    first.fit()
    again = votes_of(examples, first.weights(), encoder)
    np.testing.assert_allclose(
        again.weights()["features.0"], first.weights()["features.0"], rtol=1e-5
    )
    np.testing.assert_allclose(again.of_texts(), first.of_texts(), rtol=1e-5)
