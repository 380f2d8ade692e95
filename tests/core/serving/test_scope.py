"""How likely a message is in scope, from what training has seen of it."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.serving.runtime import softmax
from rasa_joint_nlu.core.serving.scope import (
    ADVISED,
    Parts,
    Scope,
    less_doubtful,
    vouched_tokens,
)
from rasa_joint_nlu.core.text.dictionary import Dictionary

SEEN = Parts.of(Example.from_text("book a train to Rome"), frozenset())
SCOPE = Scope(
    frozenset([*SEEN.words, *SEEN.pairs]), ("table/sequence",), (1.5, 0.5, -3.0, 2.0, 0.5)
)


VOTES = 1.0


def probability(text: str, scope: Scope = SCOPE, **features: Any) -> float:
    example = Example.from_text(text)
    named: Dict[str, Any] = {f"{name}/sequence": matrix for name, matrix in features.items()}
    return scope.probability(dataclasses.replace(example, features=named), frozenset(), VOTES)


def test_a_message_has_words_and_pairs_with_both_ends() -> None:
    assert len(SEEN.words) == 5 and len(SEEN.pairs) == 6 and SEEN.lengths == [1] * 5
    other = Parts.of(Example.from_text("BOOK a train"), frozenset())
    assert other.words == SEEN.words[:3]
    assert other.pairs[:3] == SEEN.pairs[:3] and other.pairs[3] not in SEEN.pairs


def test_a_word_of_the_dictionary_is_one_word_but_its_characters_make_pairs() -> None:
    parts = Parts.of(Example.from_text("去东京塔"), Dictionary({"东京", "东京塔"}))
    assert parts.lengths == [1, 3] and len(parts.pairs) == 5
    assert parts.words[1] == Parts.of(Example.from_text("东京塔"), Dictionary({"东京塔"})).words[0]


def test_unknown_words_and_unknown_pairs_speak_against_a_message() -> None:
    seen = probability("book a train to Rome")
    shuffled = probability("Rome to a train book")
    one_new = probability("book a train to Oslo")
    two_new = probability("book a flight to Oslo")
    nothing = probability("qwe rtz uio")
    assert seen > 0.9 and seen > shuffled and seen > one_new > two_new > nothing


def test_a_feature_can_vouch_for_a_word() -> None:
    table = sparse.csr_matrix(np.eye(5)[:, 4:])
    vouched = probability("book a train to Oslo", table=table)
    assert probability("book a train to Oslo") < vouched < probability("book a train to Rome")
    assert probability("book a train to Oslo", other=table) < vouched


@pytest.mark.parametrize(
    "matrix",
    [
        sparse.csr_matrix((3, 1)),
        np.zeros((5, 1)),
        sparse.coo_matrix((5, 0)),
        *(np.ones(5), np.ones((5, 2, 3)), np.full((5, 1), "a"), np.full((5, 1), None)),
        *(None, "12345", [[1.0]] * 5, 5),
    ],
)
def test_a_feature_that_says_nothing_or_does_not_fit_is_no_voucher(matrix: Any) -> None:
    expected = probability("book a train to Oslo")
    assert probability("book a train to Oslo", table=matrix) == expected


def test_a_feature_of_any_kind_is_read() -> None:
    example = Example.from_text("to Rome")
    for kind in (sparse.csr_matrix, sparse.coo_matrix, sparse.lil_matrix, np.array):
        features = {"table/sequence": kind(np.array([[0.0], [1.0]]))}
        read = vouched_tokens(dataclasses.replace(example, features=features), SCOPE.vouching)
        assert read == [False, True]


@given(st.text(min_size=1), st.floats(-1e6, 1e6))
def test_it_is_a_probability_whatever_comes(text: str, bias: float) -> None:
    example = Example.from_text(text)
    if example.tokens:
        scope = dataclasses.replace(SCOPE, weights=(bias, *SCOPE.weights[1:]))
        assert 0 <= scope.probability(example, frozenset(), bias) <= 1


def test_the_more_the_words_vote_for_an_intent_the_likelier_a_message_is_in_scope() -> None:
    example = Example.from_text("book a flight to Oslo")
    few, many = (SCOPE.probability(example, frozenset(), votes) for votes in (0.0, 5.0))
    assert few < many


@given(
    arrays(np.float32, (3, 4), elements=st.floats(-20, 20, width=32)),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
    st.floats(0.5, 1),
    st.floats(1, 4),
)
def test_confidences_keep_the_order_and_the_sum(
    logits: Array, in_scope: List[float], power: float, doubt: float
) -> None:
    scope = dataclasses.replace(SCOPE, power=power, doubt=doubt)
    before = softmax(logits)
    after = scope.confidences(before, in_scope)
    np.testing.assert_allclose(after.sum(1), 1, rtol=1e-4)
    assert (after >= 0).all()
    for row, other in zip(before, after):
        assert (np.diff(other[np.argsort(row, kind="stable")]) >= -1e-6).all()


def test_a_power_below_one_raises_the_likeliest_intent_alone() -> None:
    before = np.array([[0.2, 0.5, 0.3]], np.float32)
    after = dataclasses.replace(SCOPE, power=0.5).confidences(before, [1.0])
    np.testing.assert_allclose(after[0, 1], 0.5**0.5, rtol=1e-5)
    np.testing.assert_allclose(after[0, 0] / after[0, 2], 0.2 / 0.3, rtol=1e-5)
    assert (SCOPE.confidences(before, [1.0]) == before).all()
    np.testing.assert_allclose(SCOPE.confidences(before, [0.0]), 1 / 3, rtol=1e-6)


@given(st.lists(st.floats(0, 1), min_size=2), st.floats(0, 0.5), st.floats(1, 4))
def test_doubt_is_taken_away_only_where_nothing_falls_back(
    said: List[float], even: float, doubt: float
) -> None:
    confidences = np.array(said)
    surer = np.array([less_doubtful(confidence, even, doubt) for confidence in said])
    assert ((surer >= confidences - 1e-12) & (surer <= 1)).all()
    low = confidences <= max(ADVISED, even)
    assert (surer[low] == confidences[low]).all()
    assert ((surer >= ADVISED) == (confidences >= ADVISED)).all()
    order = np.argsort(confidences)
    assert (np.diff(surer[order]) >= -1e-12).all()


@pytest.mark.parametrize(
    ("confidence", "even", "doubt", "expected"),
    [
        (0.29, 0.05, 2, 0.29),
        (0.3, 0.05, 2, 0.3),
        (0.65, 0.05, 2, 0.825),
        (0.65, 0.05, 1, 0.65),
        (0.65, 0.05, 1.5, 1 - 0.7 * 0.5**1.5),
        (0.93, 0.05, 2, 0.993),
        (1.0, 0.05, 3, 1.0),
        # With two intents, an even half is as unsure as can be.
        (0.5, 0.5, 2, 0.5),
        (0.75, 0.5, 2, 0.875),
        (0.34, 1 / 3, 2, 1 - 2 / 3 * 0.99**2),
    ],
)
def test_what_is_left_of_doubt(
    confidence: float, even: float, doubt: float, expected: float
) -> None:
    assert less_doubtful(confidence, even, doubt) == pytest.approx(expected)


def test_less_doubt_makes_the_likeliest_intent_alone_surer() -> None:
    before = np.array([[0.2, 0.5, 0.2, 0.1]], np.float32)
    after = dataclasses.replace(SCOPE, doubt=2.0).confidences(before, [1.0])
    np.testing.assert_allclose(after[0, 1], 1 - 0.7 * (0.5 / 0.7) ** 2, rtol=1e-5)
    np.testing.assert_allclose(after[0, 0] / after[0, 3], 2, rtol=1e-5)
    unsure = dataclasses.replace(SCOPE, doubt=2.0).confidences(before, [0.0])
    np.testing.assert_allclose(unsure, 0.25, rtol=1e-6)
