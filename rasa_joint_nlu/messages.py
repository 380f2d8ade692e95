"""Rasa's messages ↔ the core's examples and predictions; the only file that knows message keys.

Messages of training data are never changed: Rasa hands the same objects to every component, and
computes cache keys from them.
"""

from __future__ import annotations

import logging
import operator
import re
from collections import Counter
from pathlib import Path
from typing import Any, Collection, Dict, List, Optional, Sequence

from rasa.engine.graph import GraphSchema
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS, TOKENS_NAMES
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_GROUP,
    ENTITY_ATTRIBUTE_ROLE,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    EXTRACTOR,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    NO_ENTITY_TAG,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
    TRAINABLE_EXTRACTORS,
)
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from rasa_joint_nlu.core import answers
from rasa_joint_nlu.core.arrays import FeatureMatrix
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Entity, Example, Prediction
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.text.dictionary import words_of_table
from rasa_joint_nlu.core.text.segment import Token, seen_of

logger = logging.getLogger(__name__)

_LEARN_ANNOTATIONS = TRAINABLE_EXTRACTORS | {"ner_crf", "ner_mitie"}
"""Extractors that learn what is annotated for them, two of them under the names of Rasa NLU 0."""

_NAMES = (ENTITY_ATTRIBUTE_TYPE, ENTITY_ATTRIBUTE_ROLE, ENTITY_ATTRIBUTE_GROUP, EXTRACTOR)


def training_examples(
    training_data: TrainingData,
    featurizers: Optional[Sequence[str]],
    extractor: str,
    others: Collection[str] = (),
) -> List[Example]:
    """The examples of the NLU data, with their intents and the entities meant for us.

    An entity without a place in the text is not ours to learn, nor is one that `is_for_us` denies,
    nor one whose type is Rasa's sign for no entity.

    Args:
        extractor: our name.
        others: names of other extractors that learn from the same data.

    Raises:
        DataError: if an annotation is none, or an entity's place is no pair of whole numbers.
    """
    return [
        Example(
            text=message.get(TEXT),
            tokens=_tokens(message),
            intent=message.get(INTENT) or None,
            entities=tuple(
                _annotated(entity, message)
                for entity in _annotations(message)
                if entity.get(ENTITY_ATTRIBUTE_START) is not None
                and entity.get(ENTITY_ATTRIBUTE_END) is not None
                and _named(entity, ENTITY_ATTRIBUTE_TYPE)
                and is_for_us(entity.get(EXTRACTOR), extractor, others)
            ),
            features=_features(message, featurizers),
        )
        for message in training_data.nlu_examples
        if message.get(TEXT)
    ]


def is_for_us(annotated_for: Optional[str], extractor: str, others: Collection[str]) -> bool:
    """Whether we learn an entity that is annotated for an extractor, or for none.

    An export names the extractor of the bot that it comes from. If that is one which learns, and
    none of those that learn beside us, we stand in for it.

    >>> is_for_us("DIETClassifier", "JointNLUClassifier", others=["CRFEntityExtractor"])
    True
    >>> is_for_us("DucklingEntityExtractor", "JointNLUClassifier", others=[])
    False
    """
    if not annotated_for or annotated_for == extractor:
        return True
    return annotated_for in _LEARN_ANNOTATIONS and annotated_for not in others


def extractors_that_learn(schema: GraphSchema) -> List[str]:
    """Those extractors in a training's graph that learn what is annotated for them.

    Rasa names a node after its component, as `train_CRFEntityExtractor3`. One whose training is
    in Rasa's cache has nothing but that name left.
    """
    classes = (f"train_{node.uses.__name__}" for node in schema.nodes.values())
    nodes = "\n".join([*schema.nodes, *classes])
    return [
        name
        for name in sorted(_LEARN_ANNOTATIONS)
        if re.search(rf"^train_(?:.*\.)?{name}\d*$", nodes, re.MULTILINE)
    ]


def annotated_extractors(training_data: TrainingData) -> Counter[str]:
    """How many entities are annotated for each extractor, of those that name one."""
    return Counter(
        entity[EXTRACTOR]
        for message in training_data.nlu_examples
        for entity in message.get(ENTITIES) or []
        if entity.get(EXTRACTOR)
    )


def types_like_tags(examples: Sequence[Example]) -> List[str]:
    """The entity types that are tags of the BIO scheme, as exports of tagged words have them.

    >>> types_like_tags([Example("to Rome", (), entities=[Entity(3, 7, "B-city")])])
    ['B-city']
    """
    types = {entity.type for example in examples for entity in example.entities}
    return sorted(name for name in types if re.match("[BI]-.", name))


def _annotations(message: Message) -> List[Dict[str, Any]]:
    """A message's entities as annotated, of which each is a dictionary and has, or has not, names.

    Raises:
        DataError: if one is anything else.
    """
    entities = message.get(ENTITIES) or []
    for entity in entities if isinstance(entities, (list, tuple)) else [entities]:
        if not isinstance(entity, dict):
            raise DataError(
                f"The entity {entity!r} of the example '{message.get(TEXT)}' is not allowed; it "
                f"must be a dictionary with 'start', 'end' and 'entity'."
            )
        for attribute in _NAMES:
            if not isinstance(entity.get(attribute), (str, type(None))):
                raise DataError(
                    f"'{attribute}: {entity[attribute]!r}' of an entity of the example "
                    f"'{message.get(TEXT)}' is not allowed; it must be a text."
                )
    return list(entities)


def _annotated(entity: Dict[str, Any], message: Message) -> Entity:
    return Entity(
        _offset(entity, ENTITY_ATTRIBUTE_START, message),
        _offset(entity, ENTITY_ATTRIBUTE_END, message),
        entity[ENTITY_ATTRIBUTE_TYPE],
        _named(entity, ENTITY_ATTRIBUTE_ROLE),
        _named(entity, ENTITY_ATTRIBUTE_GROUP),
    )


def _named(entity: Dict[str, Any], attribute: str) -> Optional[str]:
    """An entity's type, role or group; None where Rasa's tag for none stands for it."""
    name = entity.get(attribute) or None
    return None if name == NO_ENTITY_TAG else name


def _offset(entity: Dict[str, Any], attribute: str, message: Message) -> int:
    """Where an entity starts or ends; JSON may write the number of characters as `7.0`."""
    offset = entity[attribute]
    if isinstance(offset, float) and offset.is_integer():
        offset = int(offset)
    try:
        return operator.index(offset)
    except TypeError as error:
        raise DataError(
            f"'{attribute}: {offset!r}' of an entity '{entity.get(ENTITY_ATTRIBUTE_TYPE)}' is not "
            f"allowed, in the example '{message.get(TEXT)}'; it must be a whole number of "
            f"characters from the beginning of the text."
        ) from error


def texts_of_nlu(path: Path) -> List[str]:
    """The texts of a file, or a folder, of NLU data.

    Raises:
        DataError: if there is none.
    """
    if not path.exists():
        raise DataError(f"'unlabelled_texts: {path}' cannot be read: there is no such file.")
    return [message.get(TEXT) for message in load_data(str(path)).nlu_examples if message.get(TEXT)]


def lookup_words(training_data: TrainingData) -> List[str]:
    """The words of all lookup tables, those that are files included.

    A file that is not there, or that is not UTF-8, is named in a warning.
    """
    words: List[str] = []
    for table in training_data.lookup_tables:
        found, problems = words_of_table(str(table.get("name")), table["elements"])
        words.extend(found)
        for problem in problems:
            logger.warning(problem)
    return words


def texts_without_intent(training_data: TrainingData) -> int:
    """How many texts have no intent: to Rasa they belong to stories, not to the NLU data."""
    return sum(
        bool(message.get(TEXT)) and not message.get(INTENT)
        for message in training_data.training_examples
    )


def to_example(message: Message, featurizers: Optional[Sequence[str]]) -> Example:
    """A message to understand; one without text or tokens has no tokens."""
    return Example(
        message.get(TEXT) or "", _tokens(message), features=_features(message, featurizers)
    )


def write_intent(message: Message, prediction: Prediction, config: JointConfig) -> None:
    """Set `intent` and `intent_ranking`, as objects of their own: Rasa edits them in place.

    >>> from rasa_joint_nlu.core.data import IntentScore
    >>> message = Message({"text": "hi"})
    >>> write_intent(message, Prediction((IntentScore("greet", 0.9),)), JointConfig())
    >>> message.get("intent"), message.get("intent_ranking")
    ({'name': 'greet', 'confidence': 0.9}, [{'name': 'greet', 'confidence': 0.9}])
    """
    ranking = answers.ranking(prediction, config)
    nothing = {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
    message.set(INTENT, dict(ranking[0]) if ranking else nothing, add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def write_entities(message: Message, prediction: Prediction, extractor: str) -> None:
    """Append the entities to those that earlier components found."""
    text = message.get(TEXT)
    found = [answers.entity(entity, text, extractor) for entity in prediction.entities]
    message.set(ENTITIES, [*(message.get(ENTITIES) or []), *found], add_to_output=True)


def featurizers_of(training_data: TrainingData, schema: GraphSchema) -> List[str]:
    """What features say that they are from, of each featurizer in a training: its alias or node.

    Those of the graph count even if they found nothing: a RegexFeaturizer without patterns, say.
    """
    origins = {feature.origin for m in training_data.nlu_examples for feature in m.features}
    origins.update(
        node.config.get(FEATURIZER_CLASS_ALIAS) or name
        for name, node in schema.nodes.items()
        if name.startswith("run_") and issubclass(node.uses, Featurizer)
    )
    return sorted(origins)


def plain_name(origin: str) -> str:
    """A featurizer as a config calls it.

    >>> plain_name("run_RegexFeaturizer1"), plain_name("regex")
    ('RegexFeaturizer', 'regex')
    """
    unnamed = re.fullmatch(r"run_(.*?)\d+", origin)
    return unnamed.group(1) if unnamed else origin


def is_from(origin: str, featurizer: str) -> bool:
    """Whether a feature's origin is the featurizer of this alias or name.

    >>> is_from("regex", "regex"), is_from("run_RegexFeaturizer1", "RegexFeaturizer")
    (True, True)
    """
    unnamed = rf"run_{re.escape(featurizer)}\d+"
    return origin == featurizer or re.fullmatch(unnamed, origin) is not None


def _tokens(message: Message) -> Sequence[Token]:
    return tuple(token for token in _seen_tokens(message) if token.text)


def _seen_tokens(message: Message) -> Sequence[Token]:
    """What can be seen of each of a message's tokens; empty ones where that is nothing.

    Raises:
        DataError: if they are no tokens of Rasa.
    """
    try:
        tokens = [
            Token(
                token.text if token.end > token.start and token.text.strip() else "",
                token.start,
                token.end,
            )
            for token in message.get(TOKENS_NAMES[TEXT]) or []
        ]
    except AttributeError as error:
        raise DataError(
            f"The tokens of the example '{message.get(TEXT)}' are not those of a tokenizer of "
            f"Rasa: {error}."
        ) from error
    text = message.get(TEXT) or ""
    return seen_of(text, tokens if text.isascii() else _in_place(text, tokens))


def _in_place(text: str, tokens: List[Token]) -> List[Token]:
    """Tokens with their own places in the text, if they have those of another one.

    WhitespaceTokenizer of Rasa Pro takes emoji out of the text before it counts. What else changes
    the words of a text, a lemmatizer for example, has the places right: not all words are found.

    >>> _in_place("hi 👍 Rome", [Token("hi", 0, 2), Token("Rome", 4, 8)])
    [Token(text='hi', start=0, end=2), Token(text='Rome', start=5, end=9)]
    """
    if all(text[start:end].lower() == token.lower() for token, start, end in tokens):
        return tokens
    placed, end = [], 0
    for token in tokens:
        start = text.find(token.text, end)
        if start < 0:
            return tokens
        end = start + len(token.text)
        placed.append(Token(token.text, start, end))
    return placed


def _features(message: Message, featurizers: Optional[Sequence[str]]) -> Dict[str, FeatureMatrix]:
    # Read directly: the message's own getters copy every matrix.
    features = {
        f"{feature.origin}/{feature.type}": feature.features
        for feature in message.features
        if feature.attribute == TEXT
        and (not featurizers or any(is_from(feature.origin, name) for name in featurizers))
    }
    if not features:
        return features
    tokens = _seen_tokens(message)
    seen = [index for index, token in enumerate(tokens) if token.text]
    if len(seen) < len(tokens):
        for name, matrix in features.items():
            if name.endswith("/sequence") and _rows(matrix) == len(tokens):
                rows = matrix.tocsr() if sparse.issparse(matrix) else matrix
                features[name] = rows[seen]
    return features


def _rows(matrix: FeatureMatrix) -> int:
    """How many rows a feature has; none if it is no matrix, of which the core tells."""
    return matrix.shape[0] if getattr(matrix, "ndim", 0) == 2 else 0
