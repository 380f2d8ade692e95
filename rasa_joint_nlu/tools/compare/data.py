"""Reading data and configs, and making training and test sets of them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import warnings
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from rasa_joint_nlu.core.data import Entity, Example
from rasa_joint_nlu.tools.compare.measure import entity_key
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.pipeline import entries_of
from rasa_joint_nlu.tools.tagged import is_tagged, read_tagged, spans
from rasa_joint_nlu.tools.wording import counted

Indices = List[int]


@dataclass(frozen=True)
class Split:
    """A training and a test set, as the texts of files.

    `train` is Rasa's JSON, which keeps every text as it is, as its YAML does not; `responses`
    is the YAML of a ResponseSelector's answers, if there are any; `test` is a JSON list of
    messages with `text`, `intent` and `entities`. `share` is the part of the training data that
    `train` is; `fold` the number of the cross-validation's fold, 0 if there is none.
    """

    train: str
    responses: str
    test: str
    train_size: int
    test_size: int
    share: float = 1.0
    fold: int = 0

    @property
    def hash(self) -> str:
        """SHA-256 of the contents, shortened."""
        return short_hash(self.train, self.responses, self.test)


def short_hash(*texts: str) -> str:
    """The first 12 digits of the SHA-256 of texts."""
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:12]


def read_messages(path: Path) -> Any:
    """Read a file or folder into Rasa's `TrainingData`.

    Raises:
        InputError: if it is not there, cannot be read or has no messages.
    """
    if not path.exists():
        raise InputError(f"There is no '{path}'; name a file or folder with NLU data.")
    data = _of_tagged(path) if path.is_dir() and is_tagged(path) else _of_rasa(path)
    if not data.nlu_examples:
        raise InputError(
            f"'{path}' has no NLU examples; it must be Rasa NLU data, or a folder with "
            f"seq.in, seq.out and label."
        )
    return data


def _of_rasa(path: Path) -> Any:
    from rasa.shared.data import get_data_files, is_nlu_file
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.training_data import TrainingData

    with _one_line_errors(path, "Rasa NLU data, or a folder with seq.in, seq.out and label"):
        # As `rasa train` does, leave files of other kinds in a folder alone.
        files = sorted(get_data_files(str(path), is_nlu_file)) if path.is_dir() else [str(path)]
        return TrainingData().merge(*(load_data(name) for name in files))


def _of_tagged(folder: Path) -> Any:
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    messages = []
    for tagged in read_tagged(folder):
        text, offsets = tagged.text, tagged.offsets()
        entities = []
        for first, last, kind in spans(tagged.tags):
            start, end = offsets[first][0], offsets[last][1]
            entities.append({"start": start, "end": end, "value": text[start:end], "entity": kind})
        messages.append(Message.build(text, tagged.intent, entities))
    return TrainingData(messages)


def to_examples(test: str) -> List[Example]:
    """The messages of a split's `test`, which need no tokens."""
    return [
        Example(
            message["text"],
            (),
            message["intent"],
            tuple(Entity(*entity_key(entity)) for entity in message["entities"]),
        )
        for message in json.loads(test)
    ]


def read_config(path: Path) -> Dict[str, Any]:
    """Read what trains an NLU model from a config file: recipe, language and pipeline.

    Raises:
        InputError: if there is no such file, or no list of components named in it.
    """
    from rasa.shared.utils.io import read_config_file

    if not path.is_file():
        raise InputError(f"There is no '{path}'; name a Rasa config file.")
    with _one_line_errors(path, "a Rasa config file"):
        config = read_config_file(str(path))
    entries = entries_of(config, path)
    language = config.get("language", "en")
    return {"recipe": "default.v1", "language": language, "pipeline": entries}


@contextlib.contextmanager
def _one_line_errors(path: Path, wanted: str) -> Iterator[None]:
    """Rasa's many kinds of errors about a file, as one kind with one line; no warnings."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:
        reason = " ".join(str(error).split())
        raise InputError(f"'{path}' cannot be read: {reason} It must be {wanted}.") from error


def make_splits(
    nlu: Any,
    test: Optional[Any] = None,
    test_share: float = 0.2,
    folds: int = 0,
    shares: Sequence[float] = (1.0,),
) -> List[Split]:
    """Make training and test sets.

    Args:
        nlu: `TrainingData` to train on and, without `test`, to test on.
        test: `TrainingData` to test on; without it a part of `nlu` is held out.
        test_share: how much of `nlu` is held out, from 0 to 1.
        folds: test on each of so many parts of `nlu` instead; 0: do not.
        shares: parts of each training set to train on; smaller ones are inside of larger ones.

    Raises:
        InputError: if there are too few messages to test on.
    """
    examples = nlu.nlu_examples
    intents = [str(example.get_full_intent()) for example in examples]
    if test is not None:
        parts: List[Tuple[Indices, Indices]] = [(list(range(len(examples))), [])]
    elif folds:
        parts = fold(intents, folds)
    else:
        parts = [hold_out(intents, test_share)]
    splits = []
    for number, (train, tested) in enumerate(parts, start=1 if folds else 0):
        held_out = test.nlu_examples if test is not None else [examples[i] for i in tested]
        if not held_out:
            raise InputError(
                f"{counted(len(examples), 'message')} of {counted(len(set(intents)), 'intent')}: "
                f"too few to hold some out; name test data with --test, or a larger --test-share."
            )
        for share in shares:
            kept = take([intents[i] for i in train], share)
            splits.append(_split(nlu, [train[i] for i in kept], held_out, share, number))
    return splits


def stratified_order(intents: Sequence[str]) -> Indices:
    """Shuffle so that every beginning has about the intents' proportions.

    The first example of each intent comes before all others.
    """
    order: List[Tuple[float, int]] = []
    for members in _by_intent(intents):
        for rank, index in enumerate(members):
            order.append(((rank + 0.5) / len(members) if rank else 0.0, index))
    return [index for _, index in sorted(order)]


def take(intents: Sequence[str], share: float) -> Indices:
    """A stratified share (0 to 1) with at least one of each intent; less is inside of more."""
    size = max(len(set(intents)), round(share * len(intents)))
    return sorted(stratified_order(intents)[:size])


def hold_out(intents: Sequence[str], share: float) -> Tuple[Indices, Indices]:
    """Hold out a stratified share; every intent keeps an example in the first, larger part."""
    train = take(intents, 1 - share)
    return train, sorted(set(range(len(intents))).difference(train))


def fold(intents: Sequence[str], folds: int) -> List[Tuple[Indices, Indices]]:
    """Training and test parts of a stratified cross-validation.

    Every example is tested once, but for the only one of an intent, which is always trained on.

    Raises:
        InputError: if there are fewer examples than folds.
    """
    repeated = [index for group in _by_intent(intents) if len(group) > 1 for index in group]
    if len(repeated) < folds:
        raise InputError(f"--folds {folds} takes as many messages with an intent seen twice.")
    tests = [sorted(repeated[number::folds]) for number in range(folds)]
    everything = set(range(len(intents)))
    return [(sorted(everything.difference(test)), test) for test in tests]


def _by_intent(intents: Sequence[str]) -> List[Indices]:
    groups: Dict[str, Indices] = defaultdict(list)
    for index, intent in enumerate(intents):
        groups[intent].append(index)
    generator = random.Random(0)
    for members in groups.values():
        generator.shuffle(members)
    return list(groups.values())


def _split(nlu: Any, train: Indices, test: Sequence[Any], share: float, number: int) -> Split:
    from rasa.shared.nlu.training_data.training_data import TrainingData

    examples = nlu.nlu_examples
    part = TrainingData(
        [examples[i] for i in train],
        nlu.entity_synonyms,
        nlu.regex_features,
        nlu.lookup_tables,
        nlu.responses,
    )
    truth = [
        {
            "text": example.get("text"),
            "intent": example.get("intent"),
            "entities": example.get("entities", []),
        }
        for example in test
    ]
    with warnings.catch_warnings():
        # Rasa would have us use YAML.
        warnings.simplefilter("ignore")
        written = part.nlu_as_json()
    responses = part.nlg_as_yaml() if part.responses else ""
    return Split(written, responses, json.dumps(truth), len(train), len(truth), share, number)
