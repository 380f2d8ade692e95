"""Every setting of the model: its default, its meaning and its check, in one table."""

from __future__ import annotations

import dataclasses
import difflib
import re
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Union

from rasa_joint_nlu.core.errors import ConfigError

EXPAND, DROP, ERROR = POLICIES = ("expand", "drop", "error")
"""What to do with entities that do not fit the tokens, see `align_entities`."""
SPLIT_BY_COMMA = "split_entities_by_comma"

NETWORK_SETTINGS = (
    "intent_classification",
    "entity_recognition",
    "BILOU_flag",
    "token_size",
    "encoder_size",
)
"""The settings that decide what the network is; a trained model keeps its own."""


def _setting(default: Any, meaning: str, allowed: str, check: Callable[[Any], bool]) -> Any:
    """A field, its meaning for docs/options.md (`make pages`) and its check."""
    metadata = {"meaning": meaning, "allowed": allowed, "check": check}
    if isinstance(default, list):
        return field(default_factory=lambda: list(default), metadata=metadata)
    return field(default=default, metadata=metadata)


def _is_int(value: Any, low: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= low


def _is_count_or_minus_one(value: Any) -> bool:
    return _is_int(value, -1) and value != 0


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def _flag(default: bool, meaning: str) -> Any:
    return _setting(default, meaning, "true or false", lambda v: isinstance(v, bool))


def _rate(default: float, meaning: str) -> Any:
    return _setting(default, meaning, "a number from 0 to 0.99", lambda v: _is_number(v, 0, 0.99))


def _adapting(meaning: str, allowed: str, low: float, high: float) -> Any:
    return _setting(
        -1.0,
        meaning,
        f"-1 (adapts to the data) or a number {allowed}",
        lambda v: _is_number(v, low, high) or _is_number(v, -1, -1),
    )


_LARGEST_SIZE = 1024
"""Larger networks learn no more from examples of a bot, and take minutes or all of the memory."""
_LARGEST_BATCH = 4096


def _size(default: int, meaning: str) -> Any:
    allowed = f"a whole number from 1 to {_LARGEST_SIZE}; larger ones only take longer"
    return _setting(default, meaning, allowed, lambda v: _is_int(v, 1) and bool(v <= _LARGEST_SIZE))


def _weight(default: float, meaning: str) -> Any:
    return _setting(default, meaning, "a number from 0 to 1000", lambda v: _is_number(v, 0, 1000))


def _at_least(low: int) -> Callable[[Any], bool]:
    return lambda value: _is_int(value, low)


def _optional_text(meaning: str, allowed: str) -> Any:
    return _setting(None, meaning, f"{allowed}, or null", lambda v: v is None or isinstance(v, str))


def _is_list_of_text(value: Any) -> bool:
    return value is None or (
        isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value)
    )


def is_paths(value: Any) -> bool:
    """Whether this is a path or several."""
    paths = value if isinstance(value, (list, tuple)) else [value]
    return all(isinstance(path, str) and path != "" for path in paths)


def _is_one_batch_size(value: Any) -> bool:
    return _is_int(value, 1) and bool(value <= _LARGEST_BATCH)


def _is_batch_size(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return len(value) == 2 and all(map(_is_one_batch_size, value))
    return _is_one_batch_size(value)


def _is_split(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(k, str) and isinstance(v, bool) for k, v in value.items())
    return value is None or isinstance(value, bool)


@dataclass(frozen=True)
class JointConfig:
    """The settings of a `JointModel`. Names that DIETClassifier has mean the same here.

    Each field's metadata says what it means; `docs/options.md` is made from it.

    Raises:
        ConfigError: naming setting, value and what is allowed.
    """

    # Tasks
    intent_classification: bool = _flag(True, "Learn and predict intents.")
    entity_recognition: bool = _flag(True, "Learn and predict entities, roles and groups.")
    BILOU_flag: bool = _flag(
        True, "Tag entities as begin, inside, last and unit. `false`: as begin and inside."
    )
    # Network
    token_size: int = _size(128, "Size of a token's representation.")
    encoder_size: int = _size(
        96, "Size of the BiLSTM's state in each direction, for each of its two parts."
    )
    # Input
    featurizers: Optional[List[str]] = _setting(
        [],
        "Names or aliases of the featurizers to use. `[]`: all before this component.",
        "a list of featurizer names",
        _is_list_of_text,
    )
    pretrained_embeddings: Optional[str] = _optional_text(
        "Vectors of words: a folder of Model2Vec or of `rasa-joint-nlu vectors`, or a file in the "
        "formats of word2vec, fastText or GloVe.",
        "the path of a folder or a file",
    )
    pretrained_embeddings_limit: int = _setting(
        20_000,
        "How many words and pieces of words to keep of them that do not occur in the examples.",
        "a whole number of at least 0",
        _at_least(0),
    )
    freeze_pretrained_embeddings: bool = _flag(
        True, "Leave those vectors as they are. `false`: train them further."
    )
    unlabelled_texts: Optional[Union[str, List[str]]] = _setting(
        None,
        "Messages without labels, such as those of a bot's logs, to learn from as well: text files "
        "with a message in each line, or NLU files, of which only the texts count.",
        "the path of a file, a list of such paths, or null",
        lambda v: v is None or is_paths(v),
    )
    dictionary: Optional[str] = _setting(
        "jieba",
        "Words of scripts without spaces. `jieba`: the dictionary of the package jieba, "
        "if it is installed. `null`: none.",
        "jieba, the path of a file with a word in each line, or null",
        lambda v: v is None or (isinstance(v, str) and v != ""),
    )
    misaligned_entities: str = _setting(
        EXPAND,
        "What to learn from an annotated entity that does not begin and end with a token. "
        "`expand`: the whole tokens that it touches. `drop`: nothing. `error`: stop the training.",
        ", ".join(POLICIES),
        lambda v: v in POLICIES,
    )
    # Training
    epochs: int = _setting(
        -1,
        "The most epochs to train. `-1`: as many as suit the amount of data, and more where "
        "intents and entity types are many.",
        "-1 (adapts to the data) or a whole number of at least 1",
        _is_count_or_minus_one,
    )
    batch_size: Union[int, List[int]] = _setting(
        24,
        "Messages in a batch.",
        f"a whole number from 1 to {_LARGEST_BATCH}, or a list of two: at first and at last",
        _is_batch_size,
    )
    learning_rate: float = _adapting(
        "The highest learning rate of the schedule. `-1`: 0.0095 for up to 5,000 examples, "
        "half of it for 10,000, and less for more.",
        "above 0 and up to 1",
        1e-9,
        1,
    )
    drop_rate: float = _adapting(
        "Dropout of token representations (each token) and of encoder states (each message). "
        "`-1`: from 0.5 for up to 500 examples down to 0.25 for 8,000, but 0.45 where a quarter "
        "of the entity values occurs only once.",
        "from 0 to 0.99",
        0,
        0.99,
    )
    word_drop_rate: float = _rate(
        0.5,
        "How often a word that occurs once is left without its own vector, so that its n-grams "
        "must do. For one that occurs `n` times, the odds are `n` times smaller.",
    )
    ngram_drop_rate: float = _adapting(
        "Share of a token's n-grams left out. `-1`: from none for up to 500 examples to 0.3 "
        "for 4,000.",
        "from 0 to 0.99",
        0,
        0.99,
    )
    value_swap_rate: float = _rate(
        0.5, "In half of the messages, the share of entities swapped for others of their type."
    )
    label_smoothing: float = _rate(
        0.1, "How far from certain the BiLSTM is taught to be of an intent."
    )
    intent_loss_weight: float = _weight(0.5, "Factor of the intents' loss in the sum.")
    entity_loss_weight: float = _weight(1.0, "Factor of the entities' loss in the sum.")
    random_seed: Optional[int] = _setting(
        42,
        "The same seed gives the same model on the same machine. `null`: a different one each "
        "time.",
        "a whole number of at least 0, or null",
        lambda v: v is None or _is_int(v, 0),
    )
    device: str = _setting(
        "auto",
        "Where to train. `auto`: on CUDA if there is a GPU, else on the CPU.",
        "auto, cpu, cuda, cuda:N or mps",
        lambda v: isinstance(v, str) and bool(re.fullmatch(r"auto|cpu|cuda(:\d+)?|mps", v)),
    )
    # Watching the training
    evaluate_every_number_of_epochs: int = _setting(
        5,
        "How often to evaluate on held-out examples.",
        "-1 (only at the end) or a whole number of at least 1",
        _is_count_or_minus_one,
    )
    evaluate_on_number_of_examples: int = _setting(
        0,
        "Examples to hold out. Training then stops early and keeps the best weights.",
        "a whole number (0 or -1 = train on every example)",
        _at_least(-1),
    )
    checkpoint_model: bool = _flag(
        False,
        "Accepted for DIETClassifier's sake. With held-out examples the best weights are always "
        "kept.",
    )
    tensorboard_log_directory: Optional[str] = _optional_text(
        "Where to write scalars for TensorBoard.", "the path of a folder"
    )
    tensorboard_log_level: str = _setting(
        "epoch",
        "Write them every epoch or every batch.",
        "epoch or batch",
        lambda v: v in ("epoch", "batch"),
    )
    # Output
    max_tokens: int = _setting(
        10_000,
        "Of a longer message, the intent comes from its first so many tokens, and what is beyond "
        "gets no entities: time and memory grow with the length.",
        "a whole number from 1 to 1000000",
        lambda v: _is_int(v, 1) and bool(v <= 1_000_000),
    )
    ranking_length: int = _setting(
        10, "How many intents to report.", "a whole number (0 or -1 = all)", _at_least(-1)
    )
    renormalize_confidences: bool = _flag(False, "Make the reported confidences sum to 1.")
    split_entities_by_comma: Union[bool, Dict[str, bool], None] = _setting(
        None,
        "End an entity at a comma, unless it is between digits. `null`: if no annotated entity of "
        "its type has a comma inside, or hardly one.",
        "null, true, false, or a dictionary from entity types to true or false",
        _is_split,
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

    def splits_by_comma(self, entity_type: str, as_annotated: bool) -> bool:
        """Whether an entity of this type ends at a comma.

        In a dictionary the key `split_entities_by_comma` is the default of the types it lacks.

        Args:
            as_annotated: what the annotations say, where the settings say nothing.
        """
        choice = self.split_entities_by_comma
        if isinstance(choice, dict):
            choice = choice.get(entity_type, choice.get(SPLIT_BY_COMMA))
        return as_annotated if choice is None else choice

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
