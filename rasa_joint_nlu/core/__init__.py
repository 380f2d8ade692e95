"""The joint model without Rasa: learn from examples, predict, save, load.

Examples:
    >>> from rasa_joint_nlu.core import Example, segment
    >>> Example("To Rome", segment("To Rome")).tokens[1].text
    'Rome'
"""

from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Entity, Example, IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.core.errors import (
    ConfigError,
    DataError,
    JointNLUError,
    ModelFileError,
    NothingToLearnError,
    TrainingError,
)
from rasa_joint_nlu.core.learnt import Learnt, TrainingReport
from rasa_joint_nlu.core.model import JointModel
from rasa_joint_nlu.core.serving.explain import Explanation
from rasa_joint_nlu.core.text.alignment import Misaligned
from rasa_joint_nlu.core.text.segment import Token, segment

__all__ = [
    "ConfigError",
    "DataError",
    "Entity",
    "Example",
    "Explanation",
    "IntentScore",
    "JointConfig",
    "JointModel",
    "JointNLUError",
    "Learnt",
    "Misaligned",
    "ModelFileError",
    "NothingToLearnError",
    "PredictedEntity",
    "Prediction",
    "Token",
    "TrainingError",
    "TrainingReport",
    "segment",
]
