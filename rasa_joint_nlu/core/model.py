"""`JointModel`: the one door to the core."""

from __future__ import annotations

import dataclasses
from collections import abc
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterable, Iterator, List, Optional, Union

from rasa_joint_nlu.core import persistence
from rasa_joint_nlu.core.config import NETWORK_SETTINGS, JointConfig
from rasa_joint_nlu.core.data import Example, Prediction
from rasa_joint_nlu.core.errors import DataError, TrainingError
from rasa_joint_nlu.core.learnt import Learnt, TrainingReport
from rasa_joint_nlu.core.metrics import evaluate
from rasa_joint_nlu.core.serving.predictor import Predictor
from rasa_joint_nlu.core.unlabelled import paths_of, texts_of

if TYPE_CHECKING:
    from rasa_joint_nlu.core.serving.explain import Explanation


class JointModel:
    """Learns intents and entities jointly, and predicts them.

    Examples:
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
        self._predictor: Optional[Predictor] = None

    @property
    def learnt(self) -> Learnt:
        """What the trained model knows.

        Raises:
            TrainingError: if it is not trained.
        """
        return self._trained_predictor().learnt

    def fit(
        self,
        examples: Iterable[Example],
        show_progress: bool = False,
        words: Iterable[str] = (),
        unlabelled: Optional[Iterable[str]] = None,
    ) -> TrainingReport:
        """Train from scratch.

        Args:
            examples: are gone through twice. Those of a list are there already; what makes them
                anew each time, without being a list, needs no memory for all of them.
            words: of scripts without spaces, beside those of the setting `dictionary`.
            unlabelled: texts of messages; None = those of the files that `unlabelled_texts` names.

        Raises:
            NothingToLearnError: if there is nothing to learn.
            DataError: if features do not fit the tokens, or entities do not and the setting
                `misaligned_entities` is `error`.
            TrainingError: if the device is not there, or the loss stops being a finite number.
        """
        from rasa_joint_nlu.core.training.session import train

        examples = _read_twice(examples)
        if unlabelled is None:
            unlabelled = texts_of(paths_of(self.config.unlabelled_texts))
        texts = list(dict.fromkeys(_several(unlabelled, "texts")))
        learnt, report = train(examples, self.config, words, show_progress, texts)
        self._predictor = Predictor(learnt)
        return report

    def finetune(
        self, examples: Iterable[Example], show_progress: bool = False, fraction: float = 1.0
    ) -> TrainingReport:
        """Go on training from the present weights; known labels and words keep their places.

        Args:
            fraction: the part of a full training to do.

        Raises:
            DataError, TrainingError: as `fit`, and if labels are new or features have changed.
        """
        from rasa_joint_nlu.core.training.session import finetune

        previous = dataclasses.replace(self.learnt, config=self.config)
        learnt, report = finetune(_labelled(examples), previous, fraction, show_progress)
        self._predictor = Predictor(learnt)
        return report

    def predict(self, messages: Iterable[Union[str, Example]]) -> List[Prediction]:
        """Predict intents and entities, in the order of the messages. Safe to call in threads.

        A message without tokens gets an empty prediction.

        Args:
            messages: texts, which are cut into tokens as `Example.from_text` does, or examples.

        Raises:
            DataError: if they are anything else.
            TrainingError: if the model is not trained.
        """
        return self._trained_predictor().predict(_examples(messages))

    def evaluate(self, examples: Iterable[Example]) -> Dict[str, float]:
        """How good predictions are on labelled examples; see `core.metrics.evaluate`.

        Raises:
            DataError, TrainingError: as `predict`.
        """
        examples = _labelled(examples)
        return evaluate(examples, self.predict(examples))

    def explain(self, message: Union[str, Example]) -> Explanation:
        """Say why the model understands a message as it does; see `Explanation`.

        Raises:
            DataError, TrainingError: as `predict`.
        """
        from rasa_joint_nlu.core.serving.explain import explain

        (example,) = _examples([message])
        return explain(self._trained_predictor(), example)

    def save(self, folder: Union[str, Path]) -> None:
        """Write the trained model into a folder; it has the old one or this one, whatever happens.

        Raises:
            TrainingError: if the model is not trained.
            ModelFileError: if it cannot be written.
        """
        persistence.save(Path(folder), dataclasses.replace(self.learnt, config=self.config))

    @classmethod
    def load(cls, folder: Union[str, Path], **settings: Any) -> JointModel:
        """Read a model that `save` wrote.

        Args:
            settings: settings to use instead of the stored ones; those that decide what the
                network is (`NETWORK_SETTINGS`) stay as it was trained.

        Raises:
            ModelFileError: if the folder does not hold a whole model of this format.
        """
        learnt = persistence.load(Path(folder))
        given = {name: value for name, value in settings.items() if name not in NETWORK_SETTINGS}
        model = cls(learnt.config, **given)
        model._predictor = Predictor(dataclasses.replace(learnt, config=model.config))
        return model

    def __repr__(self) -> str:
        if self._predictor is None:
            return "JointModel(not trained)"
        labels, weights = self.learnt.encoder.labels, self.learnt.weights
        parameters = sum(weight.size for weight in weights.values())
        return (
            f"JointModel({len(labels.intents)} intents, {len(labels.types)} entity types, "
            f"{parameters:,} parameters)"
        )

    def _trained_predictor(self) -> Predictor:
        if self._predictor is None:
            raise TrainingError("The model is not trained; call 'fit' or 'load' first.")
        return self._predictor


def _examples(messages: Iterable[Union[str, Example]]) -> List[Example]:
    """Messages as examples."""
    examples = []
    for number, message in enumerate(_several(messages, "texts or Examples")):
        if isinstance(message, str):
            message = Example.from_text(message)
        if not isinstance(message, Example):
            raise DataError(f"Item {number} must be a text or an Example, not {message!r}.")
        examples.append(message)
    return examples


def _several(items: Iterable[Any], kind: str) -> List[Any]:
    """Items as a list, as they are gone through more than once."""
    if isinstance(items, (str, Example)):
        raise DataError(f"A list of {kind} is needed, not one alone: {items!r}.")
    if not isinstance(items, abc.Iterable):
        raise DataError(f"A list of {kind} is needed, not {items!r}.")
    return items if isinstance(items, list) else list(items)


class _Checked(abc.Iterable):  # type: ignore[type-arg]
    """Examples that are looked at one by one each time that they are gone through."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._examples = examples

    def __iter__(self) -> Iterator[Example]:
        for number, example in enumerate(self._examples):
            yield _checked(number, example)


def _read_twice(examples: Iterable[Example]) -> Iterable[Example]:
    """The examples of a training, as they are if they can be gone through again."""
    is_stream = isinstance(examples, abc.Iterable) and not isinstance(examples, (abc.Sized, str))
    if is_stream and not isinstance(examples, (abc.Iterator, Example)):
        return _Checked(examples)
    return _labelled(examples)


def _labelled(examples: Iterable[Example]) -> List[Example]:
    """The examples of a training or a test, if they are such."""
    examples = _several(examples, "Examples")
    return [_checked(number, example) for number, example in enumerate(examples)]


def _checked(number: int, example: Example) -> Example:
    if not isinstance(example, Example):
        raise DataError(
            f"Item {number} must be an Example, not {example!r}; make one with "
            f"Example.from_text(text, intent, entities)."
        )
    return example
