"""`JointModel`: the one door to the core."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Union

from rasa_joint_nlu.core import persistence
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.config import NETWORK_SETTINGS, JointConfig
from rasa_joint_nlu.core.data import Example, Prediction
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.errors import NothingToLearnError, TrainingError
from rasa_joint_nlu.core.precision import restored, stored
from rasa_joint_nlu.core.serving.predictor import predict
from rasa_joint_nlu.core.serving.runtime import Runtime
from rasa_joint_nlu.core.serving.scope import Scope
from rasa_joint_nlu.core.text.alignment import Misaligned


@dataclass(frozen=True)
class TrainingReport:
    """What a training did.

    `misaligned` are the annotated entities that do not begin and end with a token, or overlap
    another, each with what was learnt instead; none of them if no entities are learnt at all.
    """

    examples: int
    intents: int
    entity_types: int
    parameters: int
    epochs: int
    seconds: float
    misaligned: Sequence[Misaligned]


class JointModel:
    """Learns intents and entities jointly, and predicts them.

    >>> model = JointModel(epochs=100)
    >>> report = model.fit([Example.from_text("hello", "greet"), ...])  # doctest: +SKIP
    >>> model.predict([Example.from_text("hello there")])[0].intent  # doctest: +SKIP
    'greet'
    """

    def __init__(self, config: Optional[JointConfig] = None, **settings: Any) -> None:
        """Make an untrained model from a config and settings of `JointConfig` by name.

        Raises:
            ConfigError: if a setting is not right.
        """
        self.config = JointConfig.from_dict({**(config.to_dict() if config else {}), **settings})
        self._encoder: Optional[Encoder] = None
        self._weights: Dict[str, Array] = {}
        self._runtime: Optional[Runtime] = None
        self._scope: Optional[Scope] = None

    @property
    def encoder(self) -> Encoder:
        """Vocabulary, labels and features of the trained model.

        Raises:
            TrainingError: if it is not trained.
        """
        if self._encoder is None:
            raise TrainingError("The model is not trained; call 'fit' or 'load' first.")
        return self._encoder

    @property
    def weights(self) -> Mapping[str, Array]:
        """The trained network's weights, under their names in torch, and the votes of words."""
        return self._weights

    def fit(
        self,
        examples: Sequence[Example],
        show_progress: bool = False,
        words: Iterable[str] = (),
    ) -> TrainingReport:
        """Train from scratch.

        Args:
            words: of scripts without spaces, beside those of the setting `dictionary`.

        Raises:
            NothingToLearnError: if there is nothing to learn.
            DataError: if features do not fit the tokens, or entities do not and the setting
                `misaligned_entities` is `error`.
            TrainingError: if the device is not there, or the loss stops being a finite number.
        """
        return self._train(examples, show_progress, None, 1.0, words)

    def finetune(
        self, examples: Sequence[Example], show_progress: bool = False, share: float = 1.0
    ) -> TrainingReport:
        """Go on training from the present weights; known labels and words keep their places.

        Args:
            share: the part of a full training to do.

        Raises:
            DataError, TrainingError: as `fit`, and if labels are new or features have changed.
        """
        return self._train(examples, show_progress, self.encoder, share)

    def predict(self, examples: Sequence[Example]) -> List[Prediction]:
        """Predict intents and entities, in the order of the examples. Safe to call in threads.

        A message without tokens gets an empty prediction.

        Raises:
            TrainingError: if the model is not trained.
        """
        encoder, runtime = self.encoder, self._runtime
        assert runtime is not None
        return predict(examples, runtime, encoder, self.config, self._scope)

    def save(self, folder: Union[str, Path]) -> None:
        """Write the trained model into a folder.

        Raises:
            TrainingError: if the model is not trained.
        """
        persistence.save(Path(folder), self.config, self.encoder, self._weights, self._scope)

    @classmethod
    def load(cls, folder: Union[str, Path], **settings: Any) -> JointModel:
        """Read a model that `save` wrote.

        Args:
            settings: settings to use instead of the stored ones; those that decide what the
                network is (`NETWORK_SETTINGS`) stay as it was trained.

        Raises:
            ModelFileError: if the folder does not hold a whole model of this format.
        """
        config, encoder, weights, scope = persistence.load_model(Path(folder))
        given = {name: value for name, value in settings.items() if name not in NETWORK_SETTINGS}
        model = cls(JointConfig.from_dict({**config.to_dict(), **given}))
        model._use(encoder, weights, scope)
        return model

    def _use(self, encoder: Encoder, weights: Dict[str, Array], scope: Optional[Scope]) -> None:
        self._encoder, self._weights, self._scope = encoder, weights, scope
        self._runtime = Runtime(weights, encoder)

    def _train(
        self,
        examples: Sequence[Example],
        show_progress: bool,
        known: Optional[Encoder],
        share: float,
        words: Iterable[str] = (),
    ) -> TrainingReport:
        from rasa_joint_nlu.core.training.session import train

        start = time.perf_counter()
        usable = [example for example in examples if example.tokens]
        if not usable:
            raise NothingToLearnError("There is no example with tokens to learn from.")
        weights, scope = (self._weights, self._scope) if known else ({}, None)
        trained = train(self.config, usable, known, weights, scope, share, show_progress, words)
        self._use(trained.encoder, restored(stored(trained.weights)), trained.scope)
        return TrainingReport(
            examples=len(usable),
            intents=len(trained.encoder.labels.intents),
            entity_types=len(trained.encoder.labels.types),
            parameters=sum(weight.size for weight in self._weights.values()),
            epochs=trained.epochs,
            seconds=time.perf_counter() - start,
            misaligned=trained.misaligned,
        )
