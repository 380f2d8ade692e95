"""Every setting of the model: its default, its meaning and its check, in one table."""

from __future__ import annotations

import dataclasses
import difflib
import re
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Union

from rasa_joint_nlu.core.errors import ConfigError
from rasa_joint_nlu.core.text.alignment import EXPAND, POLICIES

SPLIT_BY_COMMA = "split_entities_by_comma"

NETWORK_SETTINGS = (
    "intent_classification",
    "entity_recognition",
    "BILOU_flag",
    "token_size",
    "encoder_size",
)
"""The settings that decide what the network is; a trained model keeps its own."""


def _setting(default: Any, allowed: str, check: Callable[[Any], bool]) -> Any:
    metadata = {"allowed": allowed, "check": check}
    if isinstance(default, list):
        return field(default_factory=lambda: list(default), metadata=metadata)
    return field(default=default, metadata=metadata)


def _is_int(value: Any, low: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= low


def _is_count_or_minus_one(value: Any) -> bool:
    return _is_int(value, -1) and value != 0


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def _flag(default: bool) -> Any:
    return _setting(default, "true or false", lambda v: isinstance(v, bool))


def _rate(default: float) -> Any:
    return _setting(default, "a number from 0 to 0.99", lambda v: _is_number(v, 0, 0.99))


def _adapting(allowed: str, low: float, high: float) -> Any:
    return _setting(
        -1.0,
        f"-1 (adapts to the data) or a number {allowed}",
        lambda v: _is_number(v, low, high) or _is_number(v, -1, -1),
    )


def _size(default: int) -> Any:
    return _setting(default, "a whole number of at least 1", lambda v: _is_int(v, 1))


def _weight(default: float) -> Any:
    return _setting(default, "a number from 0 to 1000", lambda v: _is_number(v, 0, 1000))


def _at_least(low: int) -> Callable[[Any], bool]:
    return lambda value: _is_int(value, low)


def _optional_text(allowed: str) -> Any:
    return _setting(None, f"{allowed}, or null", lambda v: v is None or isinstance(v, str))


def _is_list_of_text(value: Any) -> bool:
    return value is None or (
        isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value)
    )


def _is_batch_size(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return len(value) == 2 and all(_is_int(size, 1) for size in value)
    return _is_int(value, 1)


def _is_split(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and isinstance(v, bool) for k, v in value.items())
    return isinstance(value, bool)


@dataclass(frozen=True)
class JointConfig:
    """The settings of a `JointModel`. Names that DIETClassifier has mean the same here.

    Raises:
        ConfigError: naming setting, value and what is allowed.
    """

    # Tasks
    intent_classification: bool = _flag(True)
    entity_recognition: bool = _flag(True)
    BILOU_flag: bool = _flag(True)
    # Network
    token_size: int = _size(128)
    encoder_size: int = _size(96)
    # Input
    featurizers: Optional[List[str]] = _setting([], "a list of featurizer names", _is_list_of_text)
    pretrained_embeddings: Optional[str] = _optional_text("the path of a word vector file")
    pretrained_embeddings_limit: int = _setting(
        20_000, "a whole number of at least 0", _at_least(0)
    )
    freeze_pretrained_embeddings: bool = _flag(True)
    dictionary: Optional[str] = _setting(
        "jieba",
        "jieba, the path of a file with a word in each line, or null",
        lambda v: v is None or (isinstance(v, str) and v != ""),
    )
    misaligned_entities: str = _setting(EXPAND, ", ".join(POLICIES), lambda v: v in POLICIES)
    # Training
    epochs: int = _setting(
        -1,
        "-1 (adapts to the data) or a whole number of at least 1",
        _is_count_or_minus_one,
    )
    batch_size: Union[int, List[int]] = _setting(
        16, "a whole number of at least 1, or a list of two: at first and at last", _is_batch_size
    )
    learning_rate: float = _adapting("above 0 and up to 1", 1e-9, 1)
    drop_rate: float = _adapting("from 0 to 0.99", 0, 0.99)
    word_drop_rate: float = _rate(0.5)
    ngram_drop_rate: float = _adapting("from 0 to 0.99", 0, 0.99)
    value_swap_rate: float = _rate(0.5)
    label_smoothing: float = _rate(0.1)
    intent_loss_weight: float = _weight(0.5)
    entity_loss_weight: float = _weight(1.0)
    random_seed: Optional[int] = _setting(
        42, "a whole number of at least 0, or null", lambda v: v is None or _is_int(v, 0)
    )
    device: str = _setting(
        "auto",
        "auto, cpu, cuda, cuda:N or mps",
        lambda v: isinstance(v, str) and bool(re.fullmatch(r"auto|cpu|cuda(:\d+)?|mps", v)),
    )
    # Watching the training
    evaluate_every_number_of_epochs: int = _setting(
        5,
        "-1 (only at the end) or a whole number of at least 1",
        _is_count_or_minus_one,
    )
    evaluate_on_number_of_examples: int = _setting(
        0, "a whole number (0 or -1 = train on every example)", _at_least(-1)
    )
    checkpoint_model: bool = _flag(False)
    tensorboard_log_directory: Optional[str] = _optional_text("the path of a folder")
    tensorboard_log_level: str = _setting(
        "epoch", "epoch or batch", lambda v: v in ("epoch", "batch")
    )
    # Output
    ranking_length: int = _setting(10, "a whole number (0 or -1 = all)", _at_least(-1))
    renormalize_confidences: bool = _flag(False)
    split_entities_by_comma: Union[bool, Dict[str, bool]] = _setting(
        True, "true, false, or a dictionary from entity types to true or false", _is_split
    )

    def __post_init__(self) -> None:
        problems = [
            f"'{setting.name}: {value!r}' is not allowed; it must be {setting.metadata['allowed']}."
            for setting in dataclasses.fields(self)
            for value in [getattr(self, setting.name)]
            if not setting.metadata["check"](value)
        ]
        if not (self.intent_classification or self.entity_recognition):
            problems.append(
                "'intent_classification' and 'entity_recognition' are both false; "
                "set at least one of them to true."
            )
        if problems:
            raise ConfigError(" ".join(problems))

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> JointConfig:
        """Make a config from names and values, refusing names that do not exist."""
        names = [setting.name for setting in dataclasses.fields(cls)]
        unknown = [name for name in settings if name not in names]
        if unknown:
            raise ConfigError(
                " ".join(f"'{name}' is not a setting.{suggestion(name, names)}" for name in unknown)
            )
        return cls(**settings)

    def to_dict(self) -> Dict[str, Any]:
        """The settings as plain values, ready for JSON."""
        return dataclasses.asdict(self)

    def splits_by_comma(self, entity_type: str) -> bool:
        """Whether an entity of this type ends at a comma.

        In a dictionary the key `split_entities_by_comma` is the default of the types it lacks.
        """
        choice = self.split_entities_by_comma
        if isinstance(choice, bool):
            return choice
        return choice.get(entity_type, choice.get(SPLIT_BY_COMMA, True))

    def batch_size_at(self, progress: float) -> int:
        """The batch size when this share (0 to 1) of the training is done."""
        if isinstance(self.batch_size, int):
            return self.batch_size
        first, last = self.batch_size
        return round(first + progress * (last - first))


def suggestion(name: str, names: List[str]) -> str:
    """A sentence with the known name nearest to a mistyped one, or nothing."""
    by_case = {candidate.lower(): candidate for candidate in names}
    nearest = difflib.get_close_matches(name.lower(), by_case, n=1)
    return f" Did you mean '{by_case[nearest[0]]}'?" if nearest else ""
