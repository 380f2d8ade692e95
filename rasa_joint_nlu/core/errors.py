"""The errors the core raises: one base class and a child for each thing a caller can mend."""

from __future__ import annotations


class JointNLUError(Exception):
    """Base class of every error that `rasa_joint_nlu.core` raises on purpose."""


class ConfigError(JointNLUError):
    """A setting is unknown, of the wrong type or out of range."""


class DataError(JointNLUError):
    """Training data, features or embeddings cannot be used as they are."""


class NothingToLearnError(DataError):
    """The examples hold nothing that any of the tasks could learn."""


class TrainingError(JointNLUError):
    """Training cannot start or cannot go on."""


class ModelFileError(JointNLUError):
    """A saved model is incomplete, damaged or of a format this version cannot read."""
