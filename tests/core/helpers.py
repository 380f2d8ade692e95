"""Builders the tests of the core share: annotated examples and small, quick models."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import torch
from scipy import sparse

from rasa_joint_nlu.core import Entity, Example, JointConfig, JointModel, Prediction, Token
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.encoding import Encoder, feature_specs
from rasa_joint_nlu.core.learnt import Learnt
from rasa_joint_nlu.core.precision import MEAN_VOTES
from rasa_joint_nlu.core.serving.predictor import Predictor
from rasa_joint_nlu.core.serving.scope import Scope
from rasa_joint_nlu.core.tags import Labels, Span, TagScheme
from rasa_joint_nlu.core.text.ngrams import forms
from rasa_joint_nlu.core.training.network import JointNetwork
from rasa_joint_nlu.core.training.plan import Plan
from rasa_joint_nlu.core.vocab import Vocabulary

_ANNOTATION = re.compile(r"\[([^\]]+)\]\(([^/#)]+)(?:/([^#)]+))?(?:#([^)]+))?\)")


def annotated(marked: str, intent: Optional[str] = None) -> Example:
    """An example from a marked text: `[value](type)`, `[value](type/role#group)`."""
    text, entities, done = "", [], 0
    for match in _ANNOTATION.finditer(marked):
        value, entity_type, role, group = match.groups()
        text += marked[done : match.start()]
        entities.append(Entity(len(text), len(text) + len(value), entity_type, role, group))
        text, done = text + value, match.end()
    return Example.from_text(text + marked[done:], intent, entities)


def words(text: str, *entities: Entity) -> Example:
    """An example with a token for each stretch between spaces, as many tokenizers cut."""
    found = re.finditer(r"\S+", text)
    return Example(text, [Token(m[0], m.start(), m.end()) for m in found], None, entities)


def toy_examples() -> List[Example]:
    """A joint task with roles, groups and entities of several tokens that can be learnt fully."""
    return [
        annotated("good morning", "greet"),
        annotated("hello there", "greet"),
        annotated("hi you", "greet"),
        annotated("hello my friend", "greet"),
        annotated("a ticket to [Rome](city/destination)", "book"),
        annotated("a ticket from [Oslo](city/departure)", "book"),
        annotated("one from [New York](city/departure) to [Paris](city/destination)", "book"),
        annotated("please go from [Rome](city/departure) to [Oslo](city/destination)", "book"),
        annotated("a train to [New York](city/destination) please", "book"),
        annotated("from [Paris](city/departure) by train", "book"),
        annotated(
            "first a [small](size#1) [cola](drink#1) and then a [large](size#2) [tea](drink#2)",
            "order",
        ),
        annotated("first a [large](size#1) [orange juice](drink#1)", "order"),
        annotated("and then a [small](size#2) [tea](drink#2)", "order"),
        annotated("first a [cola](drink#1) and then a [orange juice](drink#2)", "order"),
        annotated("I will pay in [euros](currency)", "pay"),
        annotated("can I pay by card", "pay"),
    ]


def small_model(**settings: Any) -> JointModel:
    """An untrained model of few parameters, which learns fast."""
    small = {"token_size": 24, "encoder_size": 16, "learning_rate": 0.02, "epochs": 120}
    return JointModel(**{**small, **settings})


def quick_model(**settings: Any) -> JointModel:
    """An untrained model that trains for two epochs only: it learns little, but is quick."""
    return small_model(**{"epochs": 2, "token_size": 8, "encoder_size": 8, **settings})


def plain(entities: Any) -> List[Tuple[Any, ...]]:
    """What entities say, without how sure they are."""
    return [(e.start, e.end, e.type, e.role, e.group) for e in entities]


def answer(prediction: Prediction) -> Tuple[Any, ...]:
    """What a prediction says, without how sure it is."""
    return prediction.intent, plain(prediction.entities)


def flat(prediction: Prediction) -> Array:
    """Every number in a prediction, to compare with a tolerance."""
    numbers: List[float] = [*prediction.attention]
    for score in sorted(prediction.intents, key=lambda score: score.name):
        numbers.append(score.confidence)
    for entity in prediction.entities:
        sure = (entity.confidence, entity.role_confidence, entity.group_confidence)
        numbers.extend(-1.0 if number is None else number for number in sure)
    return np.array(numbers)


def with_features(examples: Sequence[Example], seed: int = 0) -> List[Example]:
    """Each example with a feature of every kind: sequence and sentence, sparse and dense."""
    rng = np.random.default_rng(seed)
    return [
        dataclasses.replace(
            example,
            features={
                "d/sequence": rng.normal(size=(len(example.tokens), 3)),
                "d/sentence": rng.normal(size=(1, 2)),
                "s/sequence": sparse.random(
                    len(example.tokens), 5, 0.5, "csr", random_state=seed + number
                ),
                "s/sentence": sparse.random(1, 4, 0.5, "coo", random_state=seed + number),
            },
        )
        for number, example in enumerate(examples)
    ]


def dense(matrix: Any) -> Array:
    """A feature as a plain array."""
    array: Array = matrix.toarray() if sparse.issparse(matrix) else matrix
    return array


def encoder_of(examples: Sequence[Example], bilou: bool = True) -> Encoder:
    """The encoder that training on these examples would make."""
    met = [form for example in examples for form in forms(example.tokens)]
    return Encoder(
        Vocabulary().extended(met),
        Labels.of(examples),
        TagScheme.named(bilou),
        feature_specs(examples),
    )


def plan_of(config: JointConfig, epochs: int = 3) -> Plan:
    """A plan that takes the settings as they are; what would adapt to data does nothing."""
    rates = (config.learning_rate, config.drop_rate, config.ngram_drop_rate)
    return Plan(config, epochs, *(max(0.0, rate) for rate in rates))


def predictor_of(
    weights: Mapping[str, Array],
    encoder: Encoder,
    config: JointConfig,
    scope: Optional[Scope] = None,
) -> Predictor:
    """What predicts with these weights."""
    return Predictor(Learnt(config, encoder, weights, scope))


def random_network(
    encoder: Encoder, config: JointConfig, seed: int = 0, vectors: Optional[Array] = None
) -> JointNetwork:
    """An untrained network, every weight of it drawn at random, those of the CRF too."""
    generator = torch.Generator().manual_seed(seed)
    network = JointNetwork(encoder, plan_of(config), generator, vectors)
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn(weight.shape, generator=generator) * 0.3)
    return network.eval()


def weights_of(network: JointNetwork) -> Dict[str, Array]:
    """A network's weights as a trained model holds them, with votes drawn at random."""
    weights = {name: weight.numpy().copy() for name, weight in network.state_dict().items()}
    if "intent" in network.heads:
        rng = np.random.default_rng(0)
        for name, of_vectors in (
            ("word_votes", "word_embedding"),
            ("ngram_votes", "ngram_embedding"),
            (MEAN_VOTES, "pretrained_projection"),
        ):
            if of_vectors not in weights:
                continue
            rows = len(weights[of_vectors])
            weights[name] = rng.normal(size=(rows, len(network.intent.bias))).astype(np.float32)
        weights["words_weight"] = np.array([0.7], np.float32)
    return weights


def _may_follow(scheme: TagScheme, before: int, after: int) -> bool:
    """Whether a tag may follow another, from the meaning of the letters."""

    def parts(tag: int) -> Tuple[str, Optional[int]]:
        if tag == 0:
            return "O", None
        entity_type, place = divmod(tag - 1, len(scheme.positions))
        return scheme.positions[place], entity_type

    (a, type_a), (b, type_b) = parts(before), parts(after)
    if scheme.positions == "BILU":
        if a in "BI":
            return b in "IL" and type_a == type_b
        return b in "OBU"
    return b in "OB" or (a in "BI" and type_a == type_b)


def allowed_tags(scheme: TagScheme, num_types: int) -> Array:
    """`(tags, tags)` bool, `[from, to]`: which tag may follow which."""
    tags = range(scheme.num_tags(num_types))
    return np.array([[_may_follow(scheme, before, after) for after in tags] for before in tags])


def tags_of(scheme: TagScheme, spans: Iterable[Span], length: int) -> List[int]:
    """Tags of a message of `length` tokens with these (not overlapping) spans, one by one."""
    tags = [0] * length
    begin, inside, last_one, unit = scheme.places.tolist()
    for first, last, entity_type in spans:
        base = 1 + entity_type * len(scheme.positions)
        tags[first : last + 1] = [base + inside] * (1 + last - first)
        tags[first], tags[last] = base + begin, base + last_one
        if first == last:
            tags[first] = base + unit
    return tags
