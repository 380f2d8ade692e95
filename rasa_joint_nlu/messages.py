"""Rasa's messages ↔ the core's examples and predictions; the only file that knows message keys.

Messages of training data are never changed: Rasa hands the same objects to every component, and
computes cache keys from them.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Sequence

from rasa.nlu.constants import (
    ENTITY_ATTRIBUTE_CONFIDENCE_GROUP,
    ENTITY_ATTRIBUTE_CONFIDENCE_ROLE,
    ENTITY_ATTRIBUTE_CONFIDENCE_TYPE,
    TOKENS_NAMES,
)
from rasa.nlu.utils.pattern_utils import read_lookup_table_file
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_GROUP,
    ENTITY_ATTRIBUTE_ROLE,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    EXTRACTOR,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from rasa_joint_nlu.core.arrays import FeatureMatrix
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Entity, Example, PredictedEntity, Prediction
from rasa_joint_nlu.core.text.segment import Token


def training_examples(
    training_data: TrainingData, featurizers: Optional[Sequence[str]], extractor: str
) -> List[Example]:
    """The examples of the NLU data, with their intents and the entities meant for us.

    An entity annotated for another extractor is not ours to learn, nor is one without a place
    in the text.
    """
    return [
        Example(
            text=message.get(TEXT),
            tokens=_tokens(message),
            intent=message.get(INTENT) or None,
            entities=tuple(
                Entity(
                    entity[ENTITY_ATTRIBUTE_START],
                    entity[ENTITY_ATTRIBUTE_END],
                    entity[ENTITY_ATTRIBUTE_TYPE],
                    entity.get(ENTITY_ATTRIBUTE_ROLE) or None,
                    entity.get(ENTITY_ATTRIBUTE_GROUP) or None,
                )
                for entity in message.get(ENTITIES, [])
                if ENTITY_ATTRIBUTE_START in entity
                and ENTITY_ATTRIBUTE_END in entity
                and entity.get(EXTRACTOR) in (None, extractor)
            ),
            features=_features(message, featurizers),
        )
        for message in training_data.nlu_examples
        if message.get(TEXT)
    ]


def lookup_words(training_data: TrainingData) -> List[str]:
    """The words of all lookup tables, those that are files included."""
    words: List[str] = []
    for table in training_data.lookup_tables:
        elements = table["elements"]
        words.extend(read_lookup_table_file(elements) if isinstance(elements, str) else elements)
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
    intents = prediction.intents
    if config.ranking_length > 0:
        intents = intents[: config.ranking_length]
    total = sum(intent.confidence for intent in intents) if config.renormalize_confidences else 1.0
    ranking = [
        {INTENT_NAME_KEY: intent.name, PREDICTED_CONFIDENCE_KEY: intent.confidence / total}
        for intent in intents
    ]
    nothing = {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
    message.set(INTENT, dict(ranking[0]) if ranking else nothing, add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def write_entities(message: Message, prediction: Prediction, extractor: str) -> None:
    """Append the entities to those that earlier components found."""
    found = [_entity(entity, message.get(TEXT), extractor) for entity in prediction.entities]
    message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)


def _entity(entity: PredictedEntity, text: str, extractor: str) -> Dict[str, Any]:
    """An entity as Rasa writes it; a role or group, and its confidence, only if there is one."""
    result: Dict[str, Any] = {
        ENTITY_ATTRIBUTE_TYPE: entity.type,
        ENTITY_ATTRIBUTE_START: entity.start,
        ENTITY_ATTRIBUTE_END: entity.end,
        ENTITY_ATTRIBUTE_VALUE: text[entity.start : entity.end],
        ENTITY_ATTRIBUTE_CONFIDENCE_TYPE: entity.confidence,
        EXTRACTOR: extractor,
    }
    if entity.role is not None:
        result[ENTITY_ATTRIBUTE_ROLE] = entity.role
        result[ENTITY_ATTRIBUTE_CONFIDENCE_ROLE] = entity.role_confidence
    if entity.group is not None:
        result[ENTITY_ATTRIBUTE_GROUP] = entity.group
        result[ENTITY_ATTRIBUTE_CONFIDENCE_GROUP] = entity.group_confidence
    return result


def unknown_featurizers(
    training_data: TrainingData, featurizers: Optional[Sequence[str]]
) -> List[str]:
    """Those of the named featurizers that gave no feature to any message."""
    origins = {feature.origin for m in training_data.nlu_examples for feature in m.features}
    names = featurizers or ()
    return [name for name in names if not any(_is_from(origin, name) for origin in origins)]


def _is_from(origin: str, featurizer: str) -> bool:
    """Whether a feature's origin is the featurizer of this alias or name.

    >>> _is_from("regex", "regex"), _is_from("run_RegexFeaturizer1", "RegexFeaturizer")
    (True, True)
    """
    unnamed = rf"run_{re.escape(featurizer)}\d+"
    return origin == featurizer or re.fullmatch(unnamed, origin) is not None


def _tokens(message: Message) -> Sequence[Token]:
    return tuple(
        Token(token.text, token.start, token.end)
        for token in message.get(TOKENS_NAMES[TEXT], [])
        if _is_visible(token)
    )


def _is_visible(token: Any) -> bool:
    return bool(token.end > token.start and token.text.strip())


def _features(message: Message, featurizers: Optional[Sequence[str]]) -> Dict[str, FeatureMatrix]:
    # Read directly: the message's own getters copy every matrix.
    features = {
        f"{feature.origin}/{feature.type}": feature.features
        for feature in message.features
        if feature.attribute == TEXT
        and (not featurizers or any(_is_from(feature.origin, name) for name in featurizers))
    }
    if not features:
        return features
    tokens = message.get(TOKENS_NAMES[TEXT], [])
    visible = [index for index, token in enumerate(tokens) if _is_visible(token)]
    if len(visible) < len(tokens):
        for name, matrix in features.items():
            if name.endswith("/sequence") and matrix.shape[0] == len(tokens):
                rows = matrix.tocsr() if sparse.issparse(matrix) else matrix
                features[name] = rows[visible]
    return features
