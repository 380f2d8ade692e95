"""The joint model without Rasa: learn from examples, predict, save, load.

Examples:
    >>> from rasa_joint_nlu.core import Example, segment
    >>> Example("To Rome", segment("To Rome")).tokens[1].text
    'Rome'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_MODULES = {
    "JointConfig": "config",
    **dict.fromkeys(("Entity", "Example", "IntentScore", "PredictedEntity", "Prediction"), "data"),
    "Learnt": "learnt",
    "TrainingReport": "learnt",
    "JointModel": "model",
    "Explanation": "serving.explain",
    "Misaligned": "text.alignment",
    "Token": "text.segment",
    "segment": "text.segment",
}
"""Where the names are; those that are not here are errors."""


def __getattr__(name: str) -> Any:
    # Lazily: who wants to know what a model is, or only an error, need not wait for NumPy.
    if name not in __all__:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)
