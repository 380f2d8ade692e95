"""From the network's output to predictions: intents, spans, parts, roles and groups."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import pytest
from helpers import (
    annotated,
    encoder_of,
    plain,
    predictor_of,
    random_network,
    tags_of,
    toy_examples,
    weights_of,
)

from rasa_joint_nlu.core import Example, JointConfig, Prediction, Token
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import NetworkOutput
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.serving.predictor import Predictor
from rasa_joint_nlu.core.serving.runtime import Runtime
from rasa_joint_nlu.core.serving.scope import Parts, Scope

LABELLED = [
    annotated("from [Oslo](city/departure) to [Rome](city/arrival)", "book"),
    annotated("in [Rome](city)", "ask"),
    annotated("[tea](drink#1) and [cola](drink#2)", "order"),
    annotated("[large](size/extra#2)", "order"),
]
SURE = 40.0


def silent_predictor(**settings: Any) -> Tuple[Predictor, Encoder]:
    """A predictor whose CRF and type weights say nothing: emissions and logits decide alone."""
    config = JointConfig(token_size=4, encoder_size=4, **settings)
    encoder = encoder_of(LABELLED, config.BILOU_flag)
    weights = weights_of(random_network(encoder, config))
    for name in weights:
        if name.startswith(("crf.", "type_")):
            weights[name] = np.zeros_like(weights[name])
    return predictor_of(weights, encoder, config), encoder


def output_for(encoder: Encoder, example: Example, spans: Sequence[Tuple[int, int, int]]) -> Any:
    """Arrays of an output that is sure of these spans, and of nothing else."""
    length, labels = len(example.tokens), encoder.labels
    tags = tags_of(encoder.scheme, spans, length)
    emissions = np.zeros((1, length, encoder.scheme.num_tags(len(labels.types))), np.float32)
    emissions[0, np.arange(length), tags] = SURE
    return {
        "intent_logits": np.zeros((1, len(labels.intents)), np.float32),
        "attention": np.full((1, length), 1 / length, np.float32),
        "emissions": emissions,
        "role_logits": np.zeros((1, length, len(labels.roles) + 1), np.float32),
        "group_logits": np.zeros((1, length, len(labels.groups) + 1), np.float32),
    }


def decoded(
    example: Example,
    spans: Sequence[Tuple[int, int, int]],
    roles: Optional[Dict[int, Dict[str, float]]] = None,
    groups: Optional[Dict[int, Dict[str, float]]] = None,
    **settings: Any,
) -> Prediction:
    """The prediction for one message with these spans and these logits of its tokens."""
    predictor, encoder = silent_predictor(**settings)
    arrays = output_for(encoder, example, spans)
    for kind, names, given in (
        ("role_logits", encoder.labels.roles, roles),
        ("group_logits", encoder.labels.groups, groups),
    ):
        for token, logits in (given or {}).items():
            for name, logit in logits.items():
                arrays[kind][0, token, names.index(name) + 1 if name else 0] = logit
    return predictor.decode([example], NetworkOutput(**arrays))[0]


def texts(example: Example, prediction: Prediction) -> List[str]:
    return [example.text[entity.start : entity.end] for entity in prediction.entities]


CITY, DRINK, SIZE = 0, 1, 2


def test_spans_become_entities_with_their_type_and_characters() -> None:
    example = Example.from_text("  go to New York for tea")
    prediction = decoded(example, [(2, 3, CITY), (5, 5, DRINK)])
    assert [(e.start, e.end, e.type) for e in prediction.entities] == [
        (8, 16, "city"),
        (21, 24, "drink"),
    ]
    assert [entity.confidence for entity in prediction.entities] == pytest.approx([1, 1])


def test_intents_are_sorted_and_sum_to_one() -> None:
    predictor, encoder = silent_predictor()
    example = Example.from_text("hello")
    arrays = output_for(encoder, example, [])
    arrays["intent_logits"] = np.log(np.array([[0.2, 0.5, 0.3]], np.float32))
    prediction = predictor.decode([example], NetworkOutput(**arrays))[0]
    assert [score.name for score in prediction.intents] == ["book", "order", "ask"]
    shares = [score.confidence for score in prediction.intents]
    assert shares == pytest.approx([0.5, 0.3, 0.2])
    assert prediction.intent == "book"


def test_intents_of_equal_probability_stay_in_order() -> None:
    prediction = decoded(Example.from_text("hello"), [])
    assert [score.name for score in prediction.intents] == ["ask", "book", "order"]


def test_many_intents_of_equal_probability_stay_in_order() -> None:
    examples = [Example.from_text("a", f"intent {number:02}") for number in range(50)]
    config = JointConfig(token_size=4, encoder_size=4)
    encoder = encoder_of(examples)
    predictor = predictor_of(weights_of(random_network(encoder, config)), encoder, config)
    logits = np.tile(np.array([0.0, 1.0], np.float32), 25)[None]
    output = NetworkOutput(logits, None, None, None, None)
    names = [score.name for score in predictor.decode(examples[:1], output)[0].intents]
    ordered = [*range(1, 50, 2), *range(0, 50, 2)]
    assert names == [f"intent {number:02}" for number in ordered]


def test_attention_is_given_for_each_token_of_the_message_only() -> None:
    predictor, encoder = silent_predictor()
    examples = [Example.from_text("a b"), Example.from_text("a b c")]
    arrays = output_for(encoder, examples[1], [])
    pair = {name: np.concatenate([array, array]) for name, array in arrays.items()}
    pair["attention"] = np.array([[0.25, 0.75, 0.0], [0.5, 0.25, 0.25]], np.float32)
    predictions = predictor.decode(examples, NetworkOutput(**pair))
    assert [p.attention for p in predictions] == [(0.25, 0.75), (0.5, 0.25, 0.25)]


def test_without_a_head_there_is_nothing_of_it() -> None:
    predictor, encoder = silent_predictor()
    example = Example.from_text("Rome")
    arrays = output_for(encoder, example, [(0, 0, CITY)])
    without = dict.fromkeys(arrays)
    assert predictor.decode([example], NetworkOutput(**without)) == [Prediction()]
    only_entities = {**arrays, "intent_logits": None, "attention": None}
    prediction = predictor.decode([example], NetworkOutput(**only_entities))[0]
    assert prediction.intents == () and prediction.attention == ()
    assert texts(example, prediction) == ["Rome"]


def test_intents_differ_less_out_of_scope_but_keep_their_order_and_their_sum() -> None:
    _, encoder = silent_predictor()
    config = JointConfig(token_size=4, encoder_size=4)
    weights = weights_of(random_network(encoder, config))
    examples = [Example.from_text("Rome"), Example.from_text("nothing of it is known")]
    known = frozenset(Parts.of(examples[0], frozenset()).words)
    scope = Scope(known, (), (1.0, 0.0, -9.0, 0.0, 0.0))
    for unscaled, scaled, example in zip(
        predictor_of(weights, encoder, config).predict(examples),
        predictor_of(weights, encoder, config, scope).predict(examples),
        examples,
    ):
        in_scope = scope.probability(example, frozenset(), 0.0)
        rest = (1 - in_scope) / len(scaled.intents)
        assert sum(i.confidence for i in scaled.intents) == pytest.approx(1)
        assert [i.name for i in scaled.intents] == [i.name for i in unscaled.intents]
        assert [i.confidence for i in scaled.intents] == pytest.approx(
            [in_scope * i.confidence + rest for i in unscaled.intents]
        )
        assert scaled.entities == unscaled.entities


def test_intents_are_as_sharp_as_the_scope_says() -> None:
    _, encoder = silent_predictor()
    config = JointConfig(token_size=4, encoder_size=4)
    weights = weights_of(random_network(encoder, config))
    example = Example.from_text("a ticket to Rome")
    sure, less = (
        predictor_of(
            weights, encoder, config, Scope(frozenset(), (), (30.0, 0, 0, 0, 0), sharpness)
        ).predict([example])[0]
        for sharpness in (1.0, 0.5)
    )
    assert [i.name for i in sure.intents] == [i.name for i in less.intents]
    halved = np.array([i.confidence for i in sure.intents]) ** 0.5
    assert [i.confidence for i in less.intents] == pytest.approx(list(halved / halved.sum()), 1e-4)
    assert sure.entities == less.entities


# Commas.


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Rome, Oslo", ["Rome", "Oslo"]),
        ("Rome, New York,", ["Rome", "New York"]),
        (", Rome,, Oslo", ["Rome", "Oslo"]),
        ("Rome，Oslo、Bergen", ["Rome", "Oslo", "Bergen"]),
        ("New York", ["New York"]),
        (",", []),
    ],
)
def test_an_entity_ends_at_a_comma(text: str, parts: List[str]) -> None:
    example = Example.from_text(text)
    prediction = decoded(example, [(0, len(example.tokens) - 1, CITY)])
    assert texts(example, prediction) == parts


def test_the_parts_of_an_entity_share_what_is_said_of_it() -> None:
    example = Example.from_text("Rome, Oslo")
    prediction = decoded(example, [(0, 2, CITY)], roles={0: {"arrival": 9}})
    first, second = prediction.entities
    assert first.role == second.role == "arrival"
    assert first.confidence == second.confidence
    assert first.role_confidence == second.role_confidence


def test_a_comma_between_tokens_ends_an_entity_too() -> None:
    # Rasa's tokenizers drop commas.
    example = Example(
        "Rome, Oslo x", (Token("Rome", 0, 4), Token("Oslo", 6, 10), Token("x", 11, 12))
    )
    prediction = decoded(example, [(0, 2, CITY)])
    assert texts(example, prediction) == ["Rome", "Oslo x"]


def test_a_comma_inside_a_token_does_not_end_an_entity() -> None:
    example = Example("1,5 l", (Token("1,5", 0, 3), Token("l", 4, 5)))
    assert texts(example, decoded(example, [(0, 1, SIZE)])) == ["1,5 l"]


def test_an_entity_keeps_its_commas_if_told_to() -> None:
    example = Example.from_text("Rome, Oslo")
    prediction = decoded(example, [(0, 2, CITY)], split_entities_by_comma=False)
    assert texts(example, prediction) == ["Rome, Oslo"]


def test_each_type_can_decide_about_its_commas() -> None:
    example = Example.from_text("Rome, Oslo tea, cola")
    prediction = decoded(
        example, [(0, 2, CITY), (3, 5, DRINK)], split_entities_by_comma={"city": False}
    )
    assert texts(example, prediction) == ["Rome, Oslo", "tea", "cola"]


# Roles and groups.


def test_a_role_is_one_that_is_known_with_the_type() -> None:
    example = Example.from_text("to Rome")
    logits = {1: {"extra": 9.0, "departure": 2.0, "arrival": 1.0}}
    (entity,) = decoded(example, [(1, 1, CITY)], roles=logits).entities
    assert entity.role == "departure"
    # a span of one token counts it twice, as its first and as its last
    expected = np.exp(4) / (np.exp(4) + np.exp(2) + np.exp(0))
    assert entity.role_confidence == pytest.approx(expected, rel=1e-5)


def test_a_group_is_one_that_is_known_with_the_type() -> None:
    example = Example.from_text("a large tea")
    logits = {token: {"1": 9.0, "2": 1.0} for token in (1, 2)}
    size, drink = decoded(example, [(1, 1, SIZE), (2, 2, DRINK)], groups=logits).entities
    assert (size.group, drink.group) == ("2", "1")
    assert size.group_confidence == pytest.approx(1.0)


def test_no_role_is_said_where_none_is_likeliest() -> None:
    example = Example.from_text("in Rome")
    (entity,) = decoded(example, [(1, 1, CITY)], roles={1: {"": 3.0}}).entities
    assert entity.role is None and entity.role_confidence is None


def test_a_type_without_roles_gets_none() -> None:
    example = Example.from_text("a tea")
    logits = {1: {"arrival": 9.0, "extra": 9.0}}
    (entity,) = decoded(example, [(1, 1, DRINK)], roles=logits).entities
    assert entity.role is None and entity.role_confidence is None


def test_a_type_that_always_had_a_role_gets_it() -> None:
    example = Example.from_text("a large tea")
    (entity,) = decoded(example, [(1, 1, SIZE)], roles={1: {"": 30.0}}).entities
    assert entity.role == "extra" and entity.role_confidence == pytest.approx(1.0)


def test_the_first_and_the_last_token_decide_the_role() -> None:
    example = Example.from_text("New old York")
    span = [(0, 2, CITY)]
    logits = {0: {"departure": 1.0}, 1: {"arrival": 50.0}, 2: {"departure": 1.0, "arrival": 1.5}}
    (entity,) = decoded(example, span, roles=logits).entities
    assert entity.role == "departure"


def test_the_type_has_a_say_in_the_role() -> None:
    config = JointConfig(token_size=4, encoder_size=4)
    encoder = encoder_of(LABELLED)
    weights = {
        name: np.zeros_like(weight) if name.startswith(("crf.", "type_")) else weight
        for name, weight in weights_of(random_network(encoder, config)).items()
    }
    weights["type_role"][CITY, encoder.labels.roles.index("arrival") + 1] = 5
    example = Example.from_text("to Rome")
    output = NetworkOutput(**output_for(encoder, example, [(1, 1, CITY)]))
    prediction = predictor_of(weights, encoder, config).decode([example], output)[0]
    assert prediction.entities[0].role == "arrival"


def test_entities_that_the_intent_avoids_are_less_likely() -> None:
    config = JointConfig(token_size=4, encoder_size=4)
    encoder = encoder_of(LABELLED)
    weights = {
        name: np.zeros_like(weight) if name.startswith("crf.") else weight
        for name, weight in weights_of(random_network(encoder, config)).items()
    }
    weights["affinity"][1, CITY] = 0.01
    example = Example.from_text("to Rome")
    arrays = {
        name: np.repeat(array, 2, axis=0)
        for name, array in output_for(encoder, example, [(1, 1, CITY)]).items()
    }
    arrays["intent_logits"][[0, 1], [0, 1]] = SURE
    arrays["emissions"][:, 1] *= 10 / SURE
    arrays["emissions"][:, 1, 0] = 6  # 10 - 6 is less than the logarithm of 100
    predictor = predictor_of(weights, encoder, config)
    one, other = predictor.decode([example] * 2, NetworkOutput(**arrays))
    assert [one.intent, other.intent] == list(encoder.labels.intents[:2])
    assert texts(example, one) == ["Rome"] and texts(example, other) == []


def test_a_model_of_intents_alone_finds_no_entities() -> None:
    config = JointConfig(token_size=4, encoder_size=4, entity_recognition=False)
    encoder = encoder_of(LABELLED)
    predictor = predictor_of(weights_of(random_network(encoder, config)), encoder, config)
    prediction = predictor.predict([Example.from_text("to Rome")])[0]
    assert prediction.intents and prediction.entities == ()


# All numbers, of random networks.


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("bilou", [True, False])
def test_confidences_are_python_floats_from_zero_to_one(seed: int, bilou: bool) -> None:
    config = JointConfig(token_size=6, encoder_size=6, BILOU_flag=bilou)
    examples = toy_examples()
    encoder = encoder_of(examples, bilou)
    weights: Dict[str, Array] = weights_of(random_network(encoder, config, seed))
    weights["emission.bias"][0] -= 5  # so that there are entities
    runtime = Runtime(weights, encoder)
    output = runtime.forward(encoder.batch(examples))
    predictions = predictor_of(weights, encoder, config).decode(examples, output)
    entities = [entity for prediction in predictions for entity in prediction.entities]
    assert len(entities) > 10
    numbers: List[Any] = [entity.confidence for entity in entities]
    for entity in entities:
        assert (entity.role is None) == (entity.role_confidence is None)
        assert (entity.group is None) == (entity.group_confidence is None)
        sure = (entity.role_confidence, entity.group_confidence)
        numbers.extend(number for number in sure if number is not None)
    for prediction in predictions:
        numbers.extend(score.confidence for score in prediction.intents)
        numbers.extend(prediction.attention)
        shares = [score.confidence for score in prediction.intents]
        assert shares == sorted(shares, reverse=True) and sum(shares) == pytest.approx(1)
        assert sum(prediction.attention) == pytest.approx(1)
    assert all(type(number) is float and 0 <= number <= 1 for number in numbers)
    for example, prediction in zip(examples, predictions):
        assert plain(prediction.entities) == sorted(plain(prediction.entities))
        assert all(0 <= e.start < e.end <= len(example.text) for e in prediction.entities)
