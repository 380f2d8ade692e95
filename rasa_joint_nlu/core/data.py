"""What goes into the core and what comes out: plain, immutable records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, NamedTuple, Optional, Sequence, Tuple

from rasa_joint_nlu.core.arrays import FeatureMatrix
from rasa_joint_nlu.core.text.segment import Token, segment


@dataclass(frozen=True)
class Entity:
    """A labelled stretch of a text, `text[start:end]`, offsets in characters."""

    start: int
    end: int
    type: str
    role: Optional[str] = None
    group: Optional[str] = None


@dataclass(frozen=True)
class PredictedEntity(Entity):
    """An entity the model found.

    `confidence` is the posterior probability, under the CRF, that exactly this span is an
    entity of this type. `role_confidence` and `group_confidence` are conditional on it, and
    None where the entity has no role or no group.
    """

    confidence: float = 0.0
    role_confidence: Optional[float] = None
    group_confidence: Optional[float] = None


class IntentScore(NamedTuple):
    """An intent and its probability."""

    name: str
    confidence: float


@dataclass(frozen=True)
class Example:
    """A message: to learn from (with `intent` and `entities`) or to understand (without).

    `intent=None` means not known: such an example teaches entities only.
    `features` holds what upstream featurizers computed, by name: a `(tokens, size)` matrix for
    each sequence feature, a `(1, size)` matrix for each sentence feature; sparse or dense.
    """

    text: str
    tokens: Sequence[Token]
    intent: Optional[str] = None
    entities: Sequence[Entity] = ()
    features: Mapping[str, FeatureMatrix] = field(default_factory=dict)

    @classmethod
    def from_text(
        cls, text: str, intent: Optional[str] = None, entities: Sequence[Entity] = ()
    ) -> Example:
        """Make an example of a text, cut into tokens by `rasa_joint_nlu.core.text.segment`."""
        return cls(text, segment(text), intent, tuple(entities))


@dataclass(frozen=True)
class Prediction:
    """What the model understood of one message.

    `intents` is sorted, most probable first, and empty for a message without tokens.
    `attention` is the weight of each token in the intent head's attention pooling; beside that, the
    tokens vote for intents themselves.
    """

    intents: Sequence[IntentScore] = ()
    entities: Sequence[PredictedEntity] = ()
    attention: Tuple[float, ...] = ()

    @property
    def intent(self) -> Optional[str]:
        """The most probable intent, or None."""
        return self.intents[0].name if self.intents else None
