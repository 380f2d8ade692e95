"""One training from examples to weights: tables, network, hold-out, and warm start."""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import (
    AbstractSet,
    Dict,
    FrozenSet,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Set,
    Tuple,
)

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import Encoder, FeatureSpec, feature_specs
from rasa_joint_nlu.core.errors import DataError, NothingToLearnError
from rasa_joint_nlu.core.metrics import score
from rasa_joint_nlu.core.serving.predictor import predict
from rasa_joint_nlu.core.serving.runtime import Runtime
from rasa_joint_nlu.core.serving.scope import Scope
from rasa_joint_nlu.core.tags import Labels, TagScheme
from rasa_joint_nlu.core.text.alignment import DROP, Misaligned, align
from rasa_joint_nlu.core.text.dictionary import normalized, read_dictionary
from rasa_joint_nlu.core.text.segment import is_character, normalize
from rasa_joint_nlu.core.training.loop import (
    Trainer,
    Weights,
    choose_device,
    planned_drop_rate,
    planned_epochs,
    planned_learning_rate,
    planned_ngram_drop_rate,
    planned_updates,
)
from rasa_joint_nlu.core.training.network import EMBEDDINGS, JointNetwork
from rasa_joint_nlu.core.training.scope import learn_scope
from rasa_joint_nlu.core.training.vectors import read_vectors
from rasa_joint_nlu.core.training.votes import VOTES
from rasa_joint_nlu.core.vocab import Vocabulary


@dataclass(frozen=True)
class Trained:
    """The result of a training."""

    encoder: Encoder
    weights: Weights
    scope: Optional[Scope]
    epochs: int
    misaligned: Sequence[Misaligned]


def train(
    config: JointConfig,
    examples: Sequence[Example],
    known: Optional[Encoder],
    known_weights: Mapping[str, Array],
    known_scope: Optional[Scope],
    share: float,
    show_progress: bool,
    words: Iterable[str] = (),
) -> Trained:
    """Train a network, from scratch or from a known encoder, its weights and its scope.

    Args:
        words: for the dictionary, beside those that the config names.
    """
    # Drawn without touching anybody else's random state; a seed of null differs each time.
    rng = np.random.default_rng(config.random_seed)
    generator = torch.Generator(choose_device(config.device))
    generator.manual_seed(int(rng.integers(2**62)))
    training, held_out = _split(examples, config.evaluate_on_number_of_examples, rng)
    # Held-out examples are scored as annotated; their labels are those that fit the tokens.
    policy = config.misaligned_entities if config.entity_recognition else DROP
    aligned, misaligned = align([*training, *held_out], policy)
    training = aligned[: len(training)]
    texts = {token.text for example in training for token in example.tokens}
    met_words = frozenset(map(normalize, texts))
    if known:
        vocabulary = known.vocabulary
    else:
        vocabulary = Vocabulary(dictionary=_dictionary(config, texts, words))
    vectors = _read_vectors(config, met_words)
    met = (form for example in training for form in vocabulary.forms(example.tokens))
    encoder = _encoder(config, aligned, vocabulary.extended(met, others=vectors), known)
    labels = encoder.labels
    updates = planned_updates(len(training), len(labels.intents) + len(labels.types))
    config = dataclasses.replace(
        config,
        learning_rate=planned_learning_rate(config, updates),
        drop_rate=planned_drop_rate(config, training),
        ngram_drop_rate=planned_ngram_drop_rate(config, len(training)),
    )
    matrix = _vector_matrix(vectors, encoder.vocabulary, known_weights.get("pretrained"))
    network = JointNetwork(encoder, config, generator, matrix)
    if not network.heads:
        raise NothingToLearnError(
            "There is nothing to learn: the examples have neither two different intents nor an "
            "entity that fits the tokens, for the tasks that are switched on."
        )
    if known:
        _warm_start(network, known_weights)
    epochs = planned_epochs(config, len(training), share * updates)
    corpus = encoder.encode(training, targets=True)

    def evaluate(weights: Weights) -> Dict[str, float]:
        return score(held_out, predict(held_out, Runtime(weights, encoder), encoder, config))

    with _one_thread():
        trainer = Trainer(network, encoder, corpus, config, epochs, rng, known_weights)
        weights, done = trainer.run(evaluate if held_out else None, show_progress)
    _forget_unmet(weights["word_embedding"], encoder.vocabulary, met_words, known_weights)
    scope = None
    if "intent" in network.heads:
        scope = learn_scope(training, encoder.vocabulary.dictionary, known_scope, rng)
    return Trained(encoder, weights, scope, done, misaligned if config.entity_recognition else ())


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch and BLAS use one: more gain a tenth at best, and lose a lot on a busy machine.

    The batches are small; threads spend their time waiting for each other. Measured on two cores
    with another process on one of them, two threads were three times slower than one.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1, "blas"):
            yield
    finally:
        torch.set_num_threads(threads)


def _dictionary(
    config: JointConfig, texts: AbstractSet[str], words: Iterable[str]
) -> FrozenSet[str]:
    """Words of scripts without spaces; none if no token is written in one."""
    if not any(map(is_character, texts)):
        return frozenset()
    found = read_dictionary(config.dictionary) | normalized(words)
    return frozenset(word for word in found if is_character(word[0]))


def _read_vectors(config: JointConfig, words: AbstractSet[str]) -> Dict[str, Array]:
    if not config.pretrained_embeddings:
        return {}
    path = Path(config.pretrained_embeddings)
    return read_vectors(path, words, config.pretrained_embeddings_limit)


def _encoder(
    config: JointConfig,
    examples: Sequence[Example],
    vocabulary: Vocabulary,
    known: Optional[Encoder],
) -> Encoder:
    labels = Labels.of(examples, known.labels if known else None)
    features = feature_specs(examples)
    if known:
        _check_labels(labels, known.labels)
        _check_features(features, known.features)
    return Encoder(vocabulary, labels, TagScheme.named(config.BILOU_flag), features)


def _check_labels(labels: Labels, known: Labels) -> None:
    for kind in ("intents", "types", "roles", "groups"):
        new = getattr(labels, kind)[len(getattr(known, kind)) :]
        if new:
            raise DataError(
                f"Fine-tuning cannot add new labels, and these {kind} are new: {', '.join(new)}. "
                f"Train the model from scratch."
            )


def _check_features(features: Tuple[FeatureSpec, ...], known: Tuple[FeatureSpec, ...]) -> None:
    same = len(features) == len(known) and all(
        (new.name, new.level, new.sparse) == (old.name, old.level, old.sparse)
        and new.size >= old.size
        for new, old in zip(features, known)
    )
    if not same:
        raise DataError(
            f"The features do not fit the model to fine-tune: it has {_names(known)}, the data "
            f"has {_names(features)}. Train the model from scratch."
        )


def _names(features: Tuple[FeatureSpec, ...]) -> str:
    return ", ".join(f"{spec.name} ({spec.size})" for spec in features) or "none"


def _vector_matrix(
    vectors: Mapping[str, Array], vocabulary: Vocabulary, known: Optional[Array]
) -> Optional[Array]:
    """`(words + 1, size)`, zeros where a word has no vector; None without pretrained vectors."""
    size = len(next(iter(vectors.values()))) if vectors else 0
    if known is not None:
        if size not in (0, known.shape[1]):
            raise DataError(
                f"'pretrained_embeddings' has vectors of {size} numbers, the model to fine-tune "
                f"has {known.shape[1]}. Use the same file as before."
            )
        size = known.shape[1]
    if not size:
        return None
    matrix = np.zeros((len(vocabulary.words) + 1, size), np.float32)
    for word, vector in vectors.items():
        matrix[vocabulary.word_row(word)] = vector
    return matrix


_GROWING = (*EMBEDDINGS, "pretrained")
_VECTORS = {"pretrained", "pretrained_projection"}
"""What a network may have that the one before had not."""


@torch.no_grad()
def _warm_start(network: JointNetwork, known: Mapping[str, Array]) -> None:
    """Copy known weights; tables that have grown keep their new rows as they were drawn."""
    state = network.state_dict()
    known = {name: weight for name, weight in known.items() if name not in VOTES}

    def fits(name: str) -> bool:
        kept = slice(1 if name in _GROWING or name.startswith("features.") else 0, None)
        return tuple(state[name].shape[kept]) == known[name].shape[kept]

    if state.keys() - _VECTORS != known.keys() - _VECTORS or not all(map(fits, known)):
        raise DataError(
            "The network to fine-tune was built with other settings of tasks, tagging or sizes. "
            "Train the model from scratch."
        )
    for name, weight in known.items():
        state[name][: len(weight)] = torch.from_numpy(weight)


def _split(
    examples: Sequence[Example], held_out: int, rng: np.random.Generator
) -> Tuple[List[Example], List[Example]]:
    """Training and held-out examples; every intent keeps at least one example to learn from.

    Raises:
        DataError: if so many cannot be held out.
    """
    left = Counter(example.intent for example in examples)
    chosen: Set[int] = set()
    for index in rng.permutation(len(examples)).tolist():
        if len(chosen) >= held_out:
            break
        if left[examples[index].intent] > 1:
            left[examples[index].intent] -= 1
            chosen.add(index)
    if len(chosen) < held_out:
        raise DataError(
            f"'evaluate_on_number_of_examples: {held_out}' is too many: of {len(examples)} "
            f"examples at most {len(examples) - len(left)} can be held out, so that every intent "
            f"keeps one to learn from."
        )
    return (
        [example for index, example in enumerate(examples) if index not in chosen],
        [example for index, example in enumerate(examples) if index in chosen],
    )


def _forget_unmet(
    embedding: Array, vocabulary: Vocabulary, met: AbstractSet[str], known: Mapping[str, Array]
) -> None:
    """Words met only in the vector file have no embedding of their own: that of unknown words."""
    unmet = np.array([word not in met for word in vocabulary.words], bool)
    if known:
        before = known["word_embedding"]
        unmet[: len(before) - 1] &= (before[1:] == before[0]).all(1)
    embedding[1:][unmet] = embedding[0]
