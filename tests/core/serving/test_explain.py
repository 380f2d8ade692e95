"""Reasons add up to what they explain, and say which tokens it was."""

from __future__ import annotations

import dataclasses
import json
from typing import List

import numpy as np
import pytest
from helpers import annotated, encoder_of, predictor_of, random_network, toy_examples, weights_of
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import Example, JointConfig, JointModel
from rasa_joint_nlu.core.serving import explain as explain_module
from rasa_joint_nlu.core.serving.explain import _orders, explain
from rasa_joint_nlu.core.serving.predictor import Predictor
from rasa_joint_nlu.core.serving.runtime import softmax

CONFIG = JointConfig(token_size=6, encoder_size=6)


@pytest.fixture(scope="module")
def random_predictor() -> Predictor:
    encoder = encoder_of(toy_examples())
    weights = weights_of(random_network(encoder, CONFIG))
    weights["emission.bias"][0] -= 5  # so that there are entities
    return predictor_of(weights, encoder, CONFIG)


@settings(max_examples=30, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["a", "ticket", "to", "Rome", "hello", "xyzzy", "12", "?"]), min_size=1
    )
)
def test_what_tokens_add_sums_up_to_the_logits(
    random_predictor: Predictor, words: List[str]
) -> None:
    explanation = explain(random_predictor, Example.from_text(" ".join(words)))
    assert [r.name for r in explanation.intents] == [i.name for i in explanation.prediction.intents]
    for reasons in explanation.intents:
        assert len(reasons.tokens) == len(explanation.example.tokens)
        assert reasons.base + sum(reasons.tokens) == pytest.approx(reasons.logit, abs=1e-4)
    logits = np.array([reasons.logit for reasons in explanation.intents])
    confidences = [reasons.confidence for reasons in explanation.intents]
    assert softmax(logits) == pytest.approx(confidences, abs=1e-4)


def test_the_difference_of_two_intents_is_that_of_their_tokens(random_predictor: Predictor) -> None:
    explanation = explain(random_predictor, Example.from_text("a ticket to Rome"))
    first, second = explanation.intents[:2]
    total = first.base - second.base + sum(explanation.difference(0))
    assert total == pytest.approx(first.logit - second.logit, abs=1e-4)


def test_votes_alone_are_given_to_the_tokens_that_cast_them() -> None:
    encoder = encoder_of(toy_examples())
    weights = weights_of(random_network(encoder, CONFIG))
    for name in ("intent.weight", "attention.weight"):
        weights[name] = np.zeros_like(weights[name])
    weights["ngram_votes"] = np.zeros_like(weights["ngram_votes"])
    weights["word_votes"][0] = 0  # as training leaves the unknown word
    example = Example.from_text("a ticket to Rome")
    explanation = explain(predictor_of(weights, encoder, CONFIG), example)
    rows = [encoder.vocabulary.word_row(token.text.lower()) for token in example.tokens]
    votes = weights["words_weight"] * weights["word_votes"][rows]
    for reasons in explanation.intents:
        intent = encoder.labels.intents.index(reasons.name)
        assert reasons.tokens == pytest.approx(votes[:, intent].tolist(), abs=1e-5)


def test_the_orders_are_those_of_the_text_and_others_each_with_its_reverse() -> None:
    for length in (1, 2, 7, 500):
        orders = _orders(length)
        assert len(orders) >= 2 and len(orders) % 2 == 0
        assert orders[0].tolist() == list(range(length))
        for way, back in zip(orders[::2], orders[1::2]):
            assert sorted(way) == list(range(length)) and way.tolist() == back[::-1].tolist()
        assert len(orders) == 2 or len(orders) * length <= explain_module._VARIANTS


def test_a_message_of_any_length_costs_a_bounded_number_of_others(
    random_predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens: List[int] = []
    forward = type(random_predictor.runtime).forward

    def counting(runtime: object, batch: object, *rest: object) -> object:
        tokens.append(batch.token_ids.size)  # type: ignore[attr-defined]
        return forward(runtime, batch, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(type(random_predictor.runtime), "forward", counting)
    explain(random_predictor, Example.from_text("hello " * 100))
    assert max(tokens) <= explain_module._TOKENS_AT_ONCE


def test_an_entity_has_itself_among_its_readings_and_the_likeliest_first(
    toy_model: JointModel,
) -> None:
    explanation = toy_model.explain(Example.from_text("a ticket to Rome"))
    (found,) = explanation.prediction.entities
    (reasons,) = explanation.entities
    assert (reasons.start, reasons.end, reasons.type) == (found.start, found.end, found.type)
    own = [r for r in reasons.readings if (r.start, r.end) == (found.start, found.end)]
    assert own[0].confidence == pytest.approx(found.confidence, abs=1e-6)
    confidences = [reading.confidence for reading in reasons.readings]
    assert confidences == sorted(confidences, reverse=True) and sum(confidences) <= 1 + 1e-6
    assert len(reasons.tokens) == 4 and max(reasons.tokens) > 0 and reasons.features == {}


def test_an_entity_of_any_length_is_among_its_own_readings() -> None:
    values = [" ".join(f"{w}{n}" for n in range(16)) for w in ("ab", "cd", "ef", "gh")]
    examples = [annotated(f"play [{value}](song) now", "play") for value in values] * 4
    examples += [annotated("hello there", "greet")] * 4
    model = JointModel(token_size=16, encoder_size=16, epochs=40, learning_rate=0.02)
    model.fit(examples)
    explanation = model.explain(f"play {values[0]} now")
    assert explanation.entities
    for reasons in explanation.entities:
        own = (reasons.start, reasons.end, reasons.type)
        assert own in [(r.start, r.end, r.type) for r in reasons.readings]


def test_the_feature_that_decides_an_entity_is_named() -> None:
    def example(text: str, marked: int) -> Example:
        plain = Example.from_text(text)
        column = np.zeros((len(plain.tokens), 1), np.float32)
        column[marked] = 1
        noise = np.ones((len(plain.tokens), 1), np.float32)
        return dataclasses.replace(
            plain, features={"table/sequence": column, "noise/sequence": noise}
        )

    words = ["ab", "cd", "ef", "gh", "ij", "kl", "mn", "op"]
    training = []
    for place in range(3):
        for word in words:
            text = ["xx", "yy", "zz"]
            text[place] = word
            joined = " ".join(text)
            marked = " ".join(f"[{w}](thing)" if i == place else w for i, w in enumerate(text))
            training.append(
                dataclasses.replace(
                    annotated(marked, "say"), features=example(joined, place).features
                )
            )
    model = JointModel(
        token_size=16, encoder_size=8, epochs=60, learning_rate=0.02, word_drop_rate=0.9
    )
    model.fit(training)
    explanation = model.explain(example("qq yy zz", 0))
    (reasons,) = explanation.entities
    assert (reasons.start, reasons.end) == (0, 2)
    assert reasons.features["table/sequence"] > max(0.5, reasons.features["noise/sequence"])


def test_what_is_new_in_a_message_is_named(toy_model: JointModel) -> None:
    scope = toy_model.explain(Example.from_text("a ticket to Xyzzyville")).scope
    assert scope is not None
    assert scope.unknown_words == ((12, 22),)
    assert (scope.unknown_pairs, scope.pairs) == (2, 5) and 0 <= scope.in_scope <= 1


def test_a_message_without_tokens_has_no_reasons(toy_model: JointModel) -> None:
    explanation = toy_model.explain(Example.from_text(" "))
    assert explanation.intents == explanation.entities == () and explanation.scope is None


def test_an_explanation_can_be_written_as_json(toy_model: JointModel) -> None:
    explanation = toy_model.explain(Example.from_text("a ticket to Rome"))
    written = json.loads(json.dumps(explanation.to_dict()))
    assert written == explanation.to_dict()
    assert written["intents"][0]["tokens"] == list(explanation.intents[0].tokens)
    assert [token["text"] for token in written["tokens"]] == ["a", "ticket", "to", "Rome"]
    assert written["scope"]["unknown_words"] == []
