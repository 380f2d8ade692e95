"""Joint intent classification and entity recognition for Rasa."""

from typing import Any

__version__ = "0.1.0"

__all__ = ["JointNLUClassifier", "SentenceEncoderFeaturizer", "UnicodeTokenizer"]


def __getattr__(name: str) -> Any:
    # Lazily, so that `rasa_joint_nlu.core` can be used without Rasa.
    if name == "JointNLUClassifier":
        from rasa_joint_nlu.component import JointNLUClassifier

        return JointNLUClassifier
    if name == "SentenceEncoderFeaturizer":
        from rasa_joint_nlu.featurizer import SentenceEncoderFeaturizer

        return SentenceEncoderFeaturizer
    if name == "UnicodeTokenizer":
        from rasa_joint_nlu.tokenizer import UnicodeTokenizer

        return UnicodeTokenizer
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
