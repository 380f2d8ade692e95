"""What goes into the core and what comes out: plain, immutable records."""

from __future__ import annotations

import operator
from collections import abc
from dataclasses import dataclass, field
from typing import Mapping, NamedTuple, Optional, Sequence, Tuple

from rasa_joint_nlu.core.arrays import FeatureMatrix
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.text.segment import Token, segment


@dataclass(frozen=True)
class Entity:
    """A labelled stretch of a text, `text[start:end]`, offsets in characters."""

    start: int
    end: int
    type: str
    role: Optional[str] = None
    group: Optional[str] = None

    def __post_init__(self) -> None:
        """Refuse what can be no stretch of a text.

        Raises:
            DataError: if the offsets are no whole numbers, or the type is no text.
        """
        for name in ("start", "end"):
            offset = getattr(self, name)
            if type(offset) is not int:
                object.__setattr__(self, name, self._whole(offset))
        for name in ("type", "role", "group"):
            value = getattr(self, name)
            if not (isinstance(value, str) or (value is None and name != "type")):
                raise DataError(f"{self!r}: the {name} must be a text.")

    def _whole(self, offset: object) -> int:
        """An offset as Python's `int`; NumPy has whole numbers of its own."""
        if isinstance(offset, bool) or not hasattr(offset, "__index__"):
            raise DataError(f"{self!r}: start and end must be whole numbers.")
        return operator.index(offset)


@dataclass(frozen=True)
class PredictedEntity(Entity):
    """An entity the model found.

    `confidence` is the posterior probability, under the CRF, that exactly this span is an entity of
    this type; of the whole stretch, where commas cut it into several. `role_confidence` and
    `group_confidence` are conditional on it, and None where the entity has no role or no group.
    """

    confidence: float = 0.0
    role_confidence: Optional[float] = None
    group_confidence: Optional[float] = None

    def __post_init__(self) -> None:
        """Nothing: what a model finds is a stretch of the text."""


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

    def __post_init__(self) -> None:
        """Refuse what is no message.

        Raises:
            DataError: if text or intent is no text, or tokens, entities or features are of other
                classes.
        """
        if not isinstance(self.text, str):
            raise DataError(f"The text of an Example must be a text, not {self.text!r}.")
        if not (self.intent is None or isinstance(self.intent, str)):
            raise DataError(f"'{self.text}': the intent must be a text or None: {self.intent!r}.")
        for name, wanted, classes in (
            # The usual classes first, which are found sooner than abstract ones.
            ("tokens", "list of Tokens", (tuple, list, abc.Sequence)),
            ("entities", "list of Entities", (tuple, list, abc.Sequence)),
            ("features", "mapping of names to matrices", (dict, abc.Mapping)),
        ):
            if not isinstance(getattr(self, name), classes):
                raise DataError(
                    f"'{self.text}': the {name} must be a {wanted}, not {getattr(self, name)!r}."
                )
        # Of the tokens, of which a message may have thousands, the last one stands for all.
        for piece in self.tokens[-1:]:
            if not isinstance(piece, Token):
                raise DataError(f"'{self.text}': {piece!r} is no Token.")
        for entity in self.entities:
            if not isinstance(entity, Entity):
                raise DataError(f"'{self.text}': {entity!r} is no Entity.")

    @classmethod
    def from_text(
        cls, text: str, intent: Optional[str] = None, entities: Sequence[Entity] = ()
    ) -> Example:
        """Make an example of a text, cut into tokens by `rasa_joint_nlu.core.text.segment`.

        Raises:
            DataError: if the text is none, or an entity is outside of it.
        """
        if not isinstance(text, str):
            raise DataError(f"The text of an Example must be a text, not {text!r}.")
        if isinstance(entities, Entity):
            raise DataError(f"'{text}': the entities must be a list of Entities, not {entities!r}.")
        entities = tuple(entities)
        for entity in entities:
            if isinstance(entity, Entity) and not 0 <= entity.start < entity.end <= len(text):
                raise DataError(
                    f"'{text}': {entity!r} is outside of the text; it must hold that "
                    f"0 <= start < end <= {len(text)}."
                )
        return cls(text, segment(text), intent, entities)


@dataclass(frozen=True)
class Prediction:
    """What the model understood of one message.

    `intents` is sorted, most probable first, and empty for a message without tokens.
    `attention` is the weight of each token in the intent head's attention pooling; beside that, the
    tokens vote for intents themselves. `out_of_scope` is how likely it is that the message is about
    nothing that the training data is about, from 0 to 1; None where the model does not know that.
    """

    intents: Sequence[IntentScore] = ()
    entities: Sequence[PredictedEntity] = ()
    attention: Tuple[float, ...] = ()
    out_of_scope: Optional[float] = None

    @property
    def intent(self) -> Optional[str]:
        """The most probable intent, or None."""
        return self.intents[0].name if self.intents else None
