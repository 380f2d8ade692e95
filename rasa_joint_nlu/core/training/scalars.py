"""Metrics for TensorBoard, if the user asked for them and has it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Dict

from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.errors import TrainingError

logger = logging.getLogger(__name__)


class ScalarWriter:
    """Writes scalars into `tensorboard_log_directory`; does nothing without one."""

    def __init__(self, config: JointConfig) -> None:
        self._config = config
        self._writer: Any = None

    def __enter__(self) -> ScalarWriter:
        if self._config.tensorboard_log_directory:
            try:
                from torch.utils.tensorboard import SummaryWriter
            except ImportError:
                logger.warning(
                    "'tensorboard_log_directory' is set, but the package 'tensorboard' is not "
                    "installed; no scalars are written. Install it with 'pip install tensorboard'."
                )
            else:
                folder = self._config.tensorboard_log_directory
                try:
                    # TensorFlow, where it is there, says in ways of its own that it cannot.
                    if "://" not in folder:
                        Path(folder).mkdir(parents=True, exist_ok=True)
                    self._writer = SummaryWriter(folder)
                except OSError as error:
                    raise TrainingError(
                        f"'tensorboard_log_directory: {folder}' cannot be written "
                        f"({error.strerror}). Name a folder that can, or set it to null."
                    ) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer:
            self._writer.close()

    def add(self, metrics: Dict[str, float], epoch: int) -> None:
        """Write an epoch's metrics."""
        if self._writer:
            for name, value in metrics.items():
                self._writer.add_scalar(f"epoch/{name}", value, epoch)

    def add_batch(self, metrics: Dict[str, float], update: int) -> None:
        """Write a batch's metrics, where `tensorboard_log_level` is `batch`."""
        if self._writer and self._config.tensorboard_log_level == "batch":
            for name, value in metrics.items():
                self._writer.add_scalar(f"batch/{name}", value, update)
