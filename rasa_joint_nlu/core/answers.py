"""Prediction → what Rasa makes of it: plain values under Rasa's names, for JSON and trackers."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import PredictedEntity, Prediction


def ranking(prediction: Prediction, config: JointConfig) -> List[Dict[str, Any]]:
    """The intents that an answer names, most probable first, as objects of their own.

    >>> from rasa_joint_nlu.core.data import IntentScore
    >>> ranking(Prediction((IntentScore("greet", 0.9),)), JointConfig())
    [{'name': 'greet', 'confidence': 0.9}]
    """
    intents = prediction.intents
    if config.ranking_length > 0:
        intents = intents[: config.ranking_length]
    total = sum(intent.confidence for intent in intents) if config.renormalize_confidences else 1.0
    return [{"name": name, "confidence": confidence / total} for name, confidence in intents]


def entity(found: PredictedEntity, text: str, extractor: str) -> Dict[str, Any]:
    """An entity; a role or group, and its confidence, only if there is one.

    >>> entity(PredictedEntity(3, 7, "city", confidence=0.9), "to Rome", "Ours")["value"]
    'Rome'
    """
    answer: Dict[str, Any] = {
        "entity": found.type,
        "start": found.start,
        "end": found.end,
        "value": text[found.start : found.end],
        "confidence_entity": found.confidence,
        "extractor": extractor,
    }
    if found.role is not None:
        answer.update(role=found.role, confidence_role=found.role_confidence)
    if found.group is not None:
        answer.update(group=found.group, confidence_group=found.group_confidence)
    return answer
