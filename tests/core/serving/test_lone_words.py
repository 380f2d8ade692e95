"""What the answer to a lone unknown word is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers import annotated, quick_model, toy_examples, with_features
from scipy import sparse

from rasa_joint_nlu.core import Example, JointModel
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import NetworkOutput
from rasa_joint_nlu.core.precision import LONE_WORDS
from rasa_joint_nlu.core.serving.case import Cases
from rasa_joint_nlu.core.serving.explain import explain
from rasa_joint_nlu.core.serving.lone import EVIDENCE, MOSTLY, UNSEEN, LoneWords
from rasa_joint_nlu.core.serving.predictor import Predictor

NAMES = ("Anna", "Boris", "Hanna", "Morris", "Joanna")
TABLE = "table/sequence"


def trained(**settings: Any) -> JointModel:
    model = quick_model(**settings)
    names = [annotated(f"[{name}](name)", "tell") for name in NAMES]
    model.fit([*toy_examples(), *names, annotated("thanks", "thank"), annotated("hi", "greet")])
    return model


@pytest.fixture(scope="module")
def model() -> JointModel:
    return trained()


def lone_words_of(model: JointModel) -> LoneWords:
    found = LoneWords.of(model.learnt, Cases.of(model.learnt))
    assert found is not None
    return found


def without(model: JointModel) -> Predictor:
    """The same model, as if nothing had been counted."""
    others = {name: weight for name, weight in model.learnt.weights.items() if name != LONE_WORDS}
    return Predictor(replace(model.learnt, weights=others))


@pytest.mark.parametrize(
    "text",
    ["Susannah", "MORRISON", "susanna!", "… Borisova …", "Susannah Doriana", "Susannah, Eve"],
)
def test_unknown_words_alone_are_lone_ones(model: JointModel, text: str) -> None:
    assert lone_words_of(model).places(Example.from_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "Anna",
        "train",
        "Annna",
        "thnks",
        "thansk",
        "thaaanks",
        "HIIIII",
        "Susannah Doris Morrison",
        "Susannah thnks",
        "to Susannah",
        "Susannah 12",
        "12",
        "R2",
        "!",
        "好",
        "ζζζζ",
        "",
    ],
)
def test_what_is_known_or_misspelt_or_more_or_no_word_is_none(model: JointModel, text: str) -> None:
    assert lone_words_of(model).places(Example.from_text(text)) == ()


def test_what_the_network_says_counts_less_and_what_was_counted_is_added(
    model: JointModel,
) -> None:
    example, learnt = Example.from_text("susannah"), model.learnt
    intents, types = learnt.encoder.labels.intents, learnt.encoder.labels.types
    counts: Array = learnt.weights[LONE_WORDS]
    assert counts[intents.index("tell"), 1 + types.index("name")] == len(NAMES)
    # Beside the names "thanks", and a message of two words.
    assert counts.sum() == len(NAMES) + 2 and counts[intents.index("thank"), 0] == 1
    smoothed = counts.astype(np.float64) + UNSEEN / counts.shape[1]
    batch = learnt.encoder.batch([example])
    before, after = (
        without(model).output([example], batch),
        Predictor(learnt).output([example], batch),
    )
    assert before.intent_logits is not None and before.emissions is not None
    logits = EVIDENCE * before.intent_logits + np.log(smoothed.sum(1) / smoothed.sum())
    np.testing.assert_allclose(after.intent_logits, logits, rtol=1e-4, atol=1e-5)
    of_types = np.log(smoothed / smoothed.sum(1, keepdims=True))[logits[0].argmax()]
    assert after.emissions is not None
    for tag in range(before.emissions.shape[2]):
        label = 0 if tag == 0 else 1 + (tag - 1) // len(learnt.encoder.scheme.positions)
        expected = EVIDENCE * before.emissions[0, 0, tag] + of_types[label]
        assert after.emissions[0, 0, tag] == pytest.approx(expected, rel=1e-4, abs=1e-5)
    assert after.votes == before.votes


@pytest.mark.parametrize(
    ("entities", "others", "trust"), [(3, 1, 1.0), (2, 2, 1.0), (1, 3, 0.5), (1, 9, 0.2), (0, 5, 0)]
)
def test_the_less_such_messages_are_entities_the_less_is_changed(
    model: JointModel, entities: int, others: int, trust: float
) -> None:
    counts = np.zeros_like(model.learnt.weights[LONE_WORDS])
    counts[0, 1], counts[1, 0] = entities, others
    weights = {**model.learnt.weights, LONE_WORDS: counts}
    found = LoneWords.of(replace(model.learnt, weights=weights), None)
    assert (found is None) == (trust == 0)
    if found:
        assert found.evidence == pytest.approx(1 - (1 - EVIDENCE) * trust)
        odds = (entities + UNSEEN) / (others + UNSEEN)
        assert found.intents[0] - found.intents[1] == pytest.approx(trust * np.log(odds), rel=1e-4)


@pytest.mark.parametrize("margin", [0.001, 0.1, 1.0, 10.0])
@pytest.mark.parametrize("favoured", ["tell", "thank"])
def test_the_word_is_what_such_words_of_the_intent_are_that_is_answered(
    model: JointModel, favoured: str, margin: float
) -> None:
    found, intents = lone_words_of(model), model.learnt.encoder.labels.intents
    tell, other = intents.index("tell"), intents.index("thank")
    logits = np.full((1, len(intents)), -50, np.float32)
    logits[0, [tell, other]] = -found.intents[[tell, other]] / found.evidence
    logits[0, intents.index(favoured)] += margin
    example = Example.from_text("susannah")
    emissions = np.zeros((1, 1, found.tags.shape[1]), np.float32)
    output = NetworkOutput(logits, None, emissions, None, None)
    weighed = found.weighed([example], output).emissions
    assert weighed is not None
    assert (weighed[0, 0].argmax() > 0) == (favoured == "tell")


@pytest.mark.parametrize(("entities", "others"), [(3, 1), (2, 2), (1, 3), (1, 9), (0, 5)])
def test_where_unknown_words_are_awaited_one_is_no_sign_of_being_out_of_scope(
    model: JointModel, entities: int, others: int
) -> None:
    counts = np.zeros_like(model.learnt.weights[LONE_WORDS])
    counts[0, 1], counts[1, 0] = entities, others
    scope = replace(model.learnt.scope, weights=(2.0, 0.0, -4.0, 0.0, 0.0))
    weights = {**model.learnt.weights, LONE_WORDS: counts}
    predictor = Predictor(replace(model.learnt, weights=weights, scope=scope))
    trust = min(1, entities / (entities + others) / MOSTLY)
    texts = ["Susannah", "Susannah!", "to Susannah", "thnks"]
    awaited, signed, longer, misspelt = (
        predictor.predict([Example.from_text(text)])[0].out_of_scope for text in texts
    )
    expected = 1 / (1 + np.exp(2 - 4 * np.log1p(1 - trust)))
    assert awaited == pytest.approx(expected, rel=1e-5)
    # A sign is unknown, too, if no example has one.
    assert signed is not None and awaited is not None and signed >= awaited
    assert longer == pytest.approx(1 / (1 + np.exp(2 - 4 * np.log1p(1))), rel=1e-5)
    assert misspelt == pytest.approx(longer, rel=1e-5)


def test_messages_beside_one_stay_as_they_are(model: JointModel) -> None:
    others = [Example.from_text(text) for text in ("a ticket to Rome", "hi", "to Susannah", "")]
    alone, before = Example.from_text("Susannah"), without(model)
    found = model.predict([*others[:2], alone, *others[2:]])
    assert [*found[:2], *found[3:]] == before.predict([*others[:2], alone, *others[2:]])[:2] + (
        before.predict([*others[:2], alone, *others[2:]])[3:]
    )
    assert found[2] != before.predict([alone])[0]
    assert found[2].intent == "tell"


def test_signs_beside_the_word_keep_their_tags(model: JointModel) -> None:
    example = Example.from_text("Susannah !")
    batch = model.learnt.encoder.batch([example])
    after, before = (
        Predictor(model.learnt).output([example], batch),
        without(model).output([example], batch),
    )
    assert after.emissions is not None and before.emissions is not None
    np.testing.assert_array_equal(after.emissions[0, 1], before.emissions[0, 1])
    assert not np.allclose(after.emissions[0, 0], before.emissions[0, 0])


def test_of_two_words_each_is_what_such_words_are(model: JointModel) -> None:
    after, before = Predictor(model.learnt), without(model)
    examples = [Example.from_text("susannah doriana")]
    batch = model.learnt.encoder.batch(examples[:1])
    found, network = after.output(examples, batch), before.output(examples, batch)
    assert found.emissions is not None and network.emissions is not None
    assert found.intent_logits is not None and found.awaited is not None
    expected = lone_words_of(model).tags[found.intent_logits[0].argmax()]
    for place in (0, 1):
        np.testing.assert_allclose(
            found.emissions[0, place], EVIDENCE * network.emissions[0, place] + expected, rtol=1e-4
        )
    assert found.awaited[0] == 2
    (prediction,) = after.predict(examples)
    assert prediction.intent == "tell" and {e.type for e in prediction.entities} == {"name"}


def test_a_word_that_a_pattern_knows_is_left_to_the_network() -> None:
    model = quick_model()
    examples = [*toy_examples(), *(annotated(f"[{name}](name)", "tell") for name in NAMES)]

    def matched(example: Example, first: float) -> Example:
        rows = np.zeros((len(example.tokens), 1))
        rows[0] = first
        return replace(example, features={TABLE: sparse.csr_matrix(rows)})

    model.fit([matched(example, float(number == 0)) for number, example in enumerate(examples)])
    lone, example = lone_words_of(model), Example.from_text("Susannah")
    assert lone.places(matched(example, 0.0)) == (0,)
    assert lone.places(matched(example, 1.0)) == ()


CODES = ("QRF", "TXB", "ZKW", "PLD", "HGV", "MNC", "BWS", "JFT")
PEOPLE = ("Anna", "Boris", "Hanna", "Morris", "Joanna", "Pavel", "Selma", "Tonio")


@pytest.fixture(scope="module")
def of_codes() -> JointModel:
    """Codes answer one question, names another."""
    model = quick_model()
    codes = [annotated(f"[{code}](code)", "tell_code") for code in CODES]
    names = [annotated(f"[{name}](name)", "tell_name") for name in PEOPLE]
    model.fit([*toy_examples(), *codes, *names])
    return model


@pytest.mark.parametrize(
    ("text", "intent", "entity"),
    [
        *((code, "tell_code", "code") for code in ("WVX", "GQK", "KZQH", "RDV", "QX", "VVJWX")),
        *((f"{code}!", "tell_code", "code") for code in ("WVX", "GQK")),
        *((name, "tell_name", "name") for name in ("Susannah", "Marissa", "Dorian", "Verena")),
    ],
)
def test_capitals_tell_which_question_is_answered(
    of_codes: JointModel, text: str, intent: str, entity: str
) -> None:
    (found,) = of_codes.predict([text])
    assert found.intent == intent
    assert [each.type for each in found.entities] == [entity]


@pytest.mark.parametrize("text", ["wvx", "Wvx", "vxvx", "Vxvx"])
def test_what_is_typed_at_random_is_told_by_capitals_alone(
    of_codes: JointModel, model: JointModel, text: str
) -> None:
    lone, upper = lone_words_of(of_codes), Example.from_text(text.upper())
    assert lone.places(upper) == (0,)
    assert lone.places(Example.from_text(text)) == ()
    # Where no type is written in capitals, they tell nothing.
    assert lone_words_of(model).places(upper) == ()


def test_small_letters_tell_nothing_of_the_intent(of_codes: JointModel) -> None:
    lone = lone_words_of(of_codes)
    assert lone.cases is not None
    of_small, of_capitals = (
        lone._of_case(lone.cases, Example.from_text(text), (0,))
        for text in ("morrison", "MORRISON")
    )
    assert of_small == pytest.approx(0, abs=1e-5)
    code, name = map(of_codes.learnt.encoder.labels.intents.index, ("tell_code", "tell_name"))
    assert of_capitals[code] > of_capitals[name] + 1


def test_where_vectors_know_each_word_nothing_is_counted_on() -> None:
    model = quick_model()
    model.fit(with_features([*toy_examples(), annotated("[Anna](name)", "tell")]))
    assert LoneWords.of(model.learnt, Cases.of(model.learnt)) is None


@pytest.mark.parametrize("task", ["intent_classification", "entity_recognition"])
def test_a_model_of_one_task_answers_too(task: str) -> None:
    model = trained(**{task: False})
    (found,) = model.predict(["Susannah"])
    assert (found.intent == "tell") == (task == "entity_recognition")


def test_an_explanation_says_the_same(model: JointModel) -> None:
    example = Example.from_text("Susannah")
    predictor = Predictor(model.learnt)
    explained = explain(predictor, example)
    assert explained.prediction == predictor.predict([example])[0]
    logits = [reasons.logit for reasons in explained.intents]
    assert logits == sorted(logits, reverse=True)
    for reasons in explained.intents:
        assert reasons.base + sum(reasons.tokens) == pytest.approx(reasons.logit, abs=1e-4)
