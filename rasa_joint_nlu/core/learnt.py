"""What a training has learnt: all that a prediction needs, and all that is saved; and a report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional, Sequence

from rasa_joint_nlu.core.about import About
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.precision import ByteTable
from rasa_joint_nlu.core.serving.scope import Scope
from rasa_joint_nlu.core.text.alignment import Misaligned


@dataclass(frozen=True)
class Learnt:
    """A trained model.

    config: the settings it was trained, or is used, with.
    encoder: its vocabulary, labels and features.
    weights: of the network, under their names in torch, and the votes of words.
    scope: what its messages are about; None for a model that classifies no intents.
    about: how it was trained, if it tells; no answer depends on it.
    pretrained: vectors of words and pieces, under the rows of the encoder's vocabulary; None if it
        was trained without any.
    """

    config: JointConfig
    encoder: Encoder
    weights: Mapping[str, Array]
    scope: Optional[Scope] = None
    about: Optional[About] = None
    pretrained: Optional[ByteTable] = None


@dataclass(frozen=True)
class TrainingReport:
    """What a training did.

    `misaligned` are the annotated entities that do not begin and end with a token, or overlap
    another, each with what was learnt instead; none of them if no entities are learnt at all.
    `about` is what the model keeps of it. `dictionary` counts the words for scripts without spaces:
    those `taken`, and why others are not; empty if no example is in such a script.
    """

    examples: int
    intents: int
    entity_types: int
    parameters: int
    epochs: int
    seconds: float
    misaligned: Sequence[Misaligned]
    about: About
    dictionary: Mapping[str, int] = field(default_factory=dict)
