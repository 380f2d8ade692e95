"""The component's options: what `config.yml` says → `JointConfig`, errors as Rasa's."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Tuple

from rasa.shared.exceptions import InvalidConfigException

from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.errors import ConfigError, JointNLUError, NothingToLearnError
from rasa_joint_nlu.core.ignored import IGNORED

logger = logging.getLogger(__name__)

FINETUNING_EPOCH_FRACTION = "finetuning_epoch_fraction"
"""Rasa adds this option when it fine-tunes, and multiplies `epochs` with it."""


def defaults() -> Dict[str, Any]:
    """Every option and its default."""
    return JointConfig().to_dict()


def read(options: Dict[str, Any]) -> Tuple[JointConfig, float]:
    """Check options, and return the config and the share of a training that they ask for.

    The share is below 1 only where Rasa fine-tunes with `--epoch-fraction`. Rasa has multiplied
    `epochs` with it, whose meaning is lost where it was -1.

    Raises:
        InvalidConfigException: naming option, value, what is allowed and the nearest option.
    """
    settings = {key: value for key, value in options.items() if key not in IGNORED}
    fraction = settings.pop(FINETUNING_EPOCH_FRACTION, None)
    epochs = settings.get("epochs")
    if fraction is not None and isinstance(epochs, int) and epochs <= 0:
        settings["epochs"] = -1
    try:
        return JointConfig.from_dict(settings), 1.0 if fraction is None else float(fraction)
    except ConfigError as error:
        raise InvalidConfigException(f"JointNLUClassifier: {error}") from error


def warn(options: Dict[str, Any], config: JointConfig) -> None:
    """Say once which options are ignored, and which one can do nothing as the others are."""
    ignored = sorted(IGNORED.intersection(options))
    if ignored:
        logger.warning(
            f"JointNLUClassifier ignores these options, which only have a meaning for components "
            f"that it replaces: {', '.join(ignored)}. You can remove them."
        )
    if config.checkpoint_model and config.evaluate_on_number_of_examples <= 0:
        logger.warning(
            "JointNLUClassifier keeps the last weights in spite of 'checkpoint_model: true': "
            "without held-out examples there is nothing to choose the best ones by. Set "
            "'evaluate_on_number_of_examples', or remove 'checkpoint_model'."
        )


@contextmanager
def errors_for_rasa(component: type) -> Iterator[None]:
    """Turn the core's errors into Rasa's, with the name of the component before them.

    That there is nothing to learn stays as it is: whoever trains decides what that means.
    """
    try:
        yield
    except NothingToLearnError:
        raise
    except JointNLUError as error:
        raise InvalidConfigException(f"{component.__name__}: {error}") from error
