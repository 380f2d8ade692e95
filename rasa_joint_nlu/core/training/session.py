"""One training from examples to weights: tables, network, hold-out, and warm start."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from pathlib import Path
from typing import (
    AbstractSet,
    Dict,
    Iterable,
    List,
    Mapping,
    Optional,
    Sequence,
    Set,
    Tuple,
)

import numpy as np
import torch

from rasa_joint_nlu.core.about import About, counted, versions
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import EncodedCorpus, Encoder, FeatureSpec, feature_specs
from rasa_joint_nlu.core.errors import DataError, NothingToLearnError
from rasa_joint_nlu.core.learnt import Learnt, TrainingReport
from rasa_joint_nlu.core.metrics import evaluate
from rasa_joint_nlu.core.precision import (
    CASE_COUNTS,
    LONE_WORDS,
    MEAN_VOTES,
    PRETRAINED,
    VECTOR_VOTES,
    ByteTable,
    restored,
    stored,
)
from rasa_joint_nlu.core.serving.predictor import Predictor
from rasa_joint_nlu.core.serving.scope import Scope
from rasa_joint_nlu.core.tags import Labels, TagScheme
from rasa_joint_nlu.core.text.alignment import DROP, Misaligned, align
from rasa_joint_nlu.core.text.dictionary import NO_WORDS, Dictionary, collected, dictionary_path
from rasa_joint_nlu.core.text.segment import is_character
from rasa_joint_nlu.core.training.case import count_cases
from rasa_joint_nlu.core.training.guesses import (
    FIRST_PASS,
    NO_GUESSES,
    SECOND_PASS,
    Guesses,
    drawn,
    guessed,
)
from rasa_joint_nlu.core.training.lone import count_lone_words
from rasa_joint_nlu.core.training.loop import Trainer, Weights, choose_device
from rasa_joint_nlu.core.training.network import EMBEDDINGS, JointNetwork
from rasa_joint_nlu.core.training.plan import Plan
from rasa_joint_nlu.core.training.scope import learn_scope
from rasa_joint_nlu.core.training.shapes import with_shapes
from rasa_joint_nlu.core.training.threads import one_thread
from rasa_joint_nlu.core.training.votes import VOTES
from rasa_joint_nlu.core.unlabelled import as_examples
from rasa_joint_nlu.core.vectors import extended, read_vectors
from rasa_joint_nlu.core.vocab import Vocabulary


def train(
    examples: Sequence[Example],
    config: JointConfig,
    words: Iterable[str] = (),
    show_progress: bool = False,
    unlabelled: Sequence[str] = (),
) -> Tuple[Learnt, TrainingReport]:
    """Train from scratch; with messages without labels twice, the second time on guesses, too.

    Args:
        words: of scripts without spaces, for the dictionary, beside those that the config names.
        unlabelled: texts, each once.
    """
    # Of millions, most are never cut.
    messages = as_examples(drawn(unlabelled, examples, config), examples) if unlabelled else ()
    if not messages:
        return _Session(config, None, show_progress).train(examples, words)
    start = time.perf_counter()
    first, _ = _Session(config, None, show_progress, FIRST_PASS).train(examples, words)
    guesses = guessed(first, examples, messages)
    session = _Session(config, None, show_progress, SECOND_PASS, start)
    return session.train(examples, words, guesses)


def finetune(
    examples: Sequence[Example],
    previous: Learnt,
    fraction: float = 1.0,
    show_progress: bool = False,
) -> Tuple[Learnt, TrainingReport]:
    """Go on training a model; its labels and words keep their places.

    Args:
        fraction: the part of a full training to do.
    """
    return _Session(previous.config, previous, show_progress, fraction).train(examples)


class _Session:
    """One training, from examples to what is learnt."""

    def __init__(
        self,
        config: JointConfig,
        previous: Optional[Learnt],
        show_progress: bool,
        fraction: float = 1.0,
        start: Optional[float] = None,
    ) -> None:
        self._config, self._previous, self._fraction = config, previous, fraction
        self._start = time.perf_counter() if start is None else start
        self._previous_weights: Mapping[str, Array] = previous.weights if previous else {}
        self._show_progress = show_progress
        self._word_counts: Mapping[str, int] = {}
        # Drawn without touching anybody else's random state; a seed of null differs each time.
        self._rng = np.random.default_rng(config.random_seed)
        self._generator = torch.Generator(choose_device(config.device))
        self._generator.manual_seed(int(self._rng.integers(2**62)))

    def train(
        self,
        examples: Sequence[Example],
        words: Iterable[str] = (),
        guesses: Guesses = NO_GUESSES,
    ) -> Tuple[Learnt, TrainingReport]:
        """Split, align, make tables, plan, train the network, and learn the scope."""
        config = self._config
        usable = [example for example in examples if example.tokens]
        if not usable:
            raise NothingToLearnError("There is no example with tokens to learn from.")
        training, held_out = _split(usable, config.evaluate_on_number_of_examples, self._rng)
        # Held-out examples are scored as annotated; their labels are those that fit the tokens.
        policy = config.misaligned_entities if config.entity_recognition else DROP
        aligned, misaligned = align([*training, *held_out], policy)
        training = aligned[: len(training)]
        every = [*training, *guesses.examples]
        encoder, pretrained = self._tables(every, aligned, words)
        labels = len(encoder.labels.intents) + len(encoder.labels.types)
        plan = Plan.of(config, every, labels, self._fraction, len(guesses.examples))
        network = self._network(encoder, plan, pretrained)
        corpus = guesses.after(training, encoder)
        trainer, weights, epochs = self._fitted(network, corpus, held_out, pretrained)
        scope = self._scope(training, trainer, encoder) if trainer.votes else None
        if scope:
            counts = count_lone_words(training, encoder.labels, scope.vouching)
            weights[LONE_WORDS] = self._at_least_before(LONE_WORDS, counts)
        if "slot" in network.heads:
            counts = count_cases(training, encoder.labels)
            weights[CASE_COUNTS] = self._at_least_before(CASE_COUNTS, counts)
        learnt = self._learnt(encoder, weights, pretrained)
        # As they will be read from a file: a model answers the same before and after.
        kept = restored(stored(learnt.weights))
        learnt = dataclasses.replace(learnt, weights=kept, scope=scope)
        if not config.entity_recognition:
            misaligned = []
        scores = evaluate(held_out, Predictor(learnt).predict(held_out)) if held_out else {}
        about = About(
            versions=versions(),
            seconds=round(time.perf_counter() - self._start, 2),
            epochs=epochs,
            examples=len(usable),
            held_out=len(held_out),
            scores=scores,
            **counted(usable, [found.entity for found in misaligned]),
        )
        report = _report(learnt, about, misaligned)
        report = dataclasses.replace(report, dictionary=self._word_counts)
        return dataclasses.replace(learnt, about=about), report

    def _tables(
        self, training: Sequence[Example], labelled: Sequence[Example], words: Iterable[str]
    ) -> Tuple[Encoder, Optional[ByteTable]]:
        """Vocabulary and labels, those of the previous model first, and vectors of words."""
        config, previous = self._config, self._previous.encoder if self._previous else None
        texts = {token.text for example in training for token in example.tokens}
        if previous:
            vocabulary = previous.vocabulary
        else:
            dictionary, self._word_counts = _dictionary(config, texts, words)
            vocabulary = Vocabulary(dictionary=dictionary)
        forms = (form for example in training for form in vocabulary.forms(example.tokens))
        vocabulary = vocabulary.extended(forms)
        vocabulary, pretrained = self._with_vectors(vocabulary)
        labels = Labels.of(labelled, previous.labels if previous else None)
        features = feature_specs(labelled)
        if previous:
            _check_labels(labels, previous.labels)
            _check_features(features, previous.features)
            features = tuple(
                dataclasses.replace(new, votes=old.votes)
                for new, old in zip(features, previous.features)
            )
        scheme = TagScheme.named(config.BILOU_flag)
        return Encoder(vocabulary, labels, scheme, features), pretrained

    def _with_vectors(self, vocabulary: Vocabulary) -> Tuple[Vocabulary, Optional[ByteTable]]:
        """A vocabulary with the vectors of the config; those of the previous model come first."""
        config, before = self._config, self._previous.pretrained if self._previous else None
        if not config.pretrained_embeddings:
            return vocabulary, before
        path, limit = Path(config.pretrained_embeddings), config.pretrained_embeddings_limit
        rows, table = extended(
            vocabulary.vectors, before, read_vectors(path, vocabulary.words, limit)
        )
        return dataclasses.replace(vocabulary, vectors=rows), table

    def _network(
        self, encoder: Encoder, plan: Plan, pretrained: Optional[ByteTable]
    ) -> JointNetwork:
        """The network, with the weights of the previous model where there is one."""
        previous = self._previous_weights
        matrix = pretrained.whole() if pretrained else None
        network = JointNetwork(encoder, plan, self._generator, matrix)
        if not network.heads:
            raise NothingToLearnError(
                "There is nothing to learn: the examples have neither two different intents nor "
                "an entity that fits the tokens, for the tasks that are switched on."
            )
        if previous:
            _warm_start(network, previous)
        return network

    def _fitted(
        self,
        network: JointNetwork,
        corpus: EncodedCorpus,
        held_out: Sequence[Example],
        pretrained: Optional[ByteTable],
    ) -> Tuple[Trainer, Weights, int]:
        """The weights that were learnt, by whom, and in how many epochs."""

        def evaluated(weights: Weights) -> Dict[str, float]:
            predictor = Predictor(self._learnt(network.encoder, weights, pretrained))
            return evaluate(held_out, predictor.predict(held_out))

        with one_thread.held():
            trainer = Trainer(network, corpus, network.plan, self._rng, self._previous_weights)
            weights, epochs = trainer.train(evaluated if held_out else None, self._show_progress)
        return trainer, weights, epochs

    def _learnt(
        self, encoder: Encoder, weights: Weights, pretrained: Optional[ByteTable]
    ) -> Learnt:
        """What these weights are, with the vectors that were trained further, if any were."""
        trained = weights.pop(PRETRAINED, None)
        if trained is not None:
            pretrained = ByteTable.of(trained)
        encoder, weights = with_shapes(encoder, weights)
        return Learnt(self._config, encoder, weights, pretrained=pretrained)

    def _scope(self, training: Sequence[Example], trainer: Trainer, encoder: Encoder) -> Scope:
        """What the annotated messages are about."""
        corpus, votes = trainer.corpus, trainer.votes
        assert votes
        with one_thread.held():
            if corpus.trust:
                corpus = encoder.encode(training, targets=True)
                votes = votes.of(corpus, encoder)
            scope = learn_scope(training, corpus, votes, encoder.vocabulary.dictionary, self._rng)
        previous = self._previous.scope if self._previous else None
        return scope.after(previous) if previous else scope

    def _at_least_before(self, name: str, counts: Array) -> Array:
        """What was counted in these examples, or in the ones before where they had more."""
        return np.maximum(counts, self._previous_weights.get(name, 0))


def _report(learnt: Learnt, about: About, misaligned: Sequence[Misaligned]) -> TrainingReport:
    return TrainingReport(
        examples=about.examples,
        intents=len(learnt.encoder.labels.intents),
        entity_types=len(learnt.encoder.labels.types),
        parameters=sum(weight.size for weight in learnt.weights.values()),
        epochs=about.epochs,
        seconds=about.seconds,
        misaligned=misaligned,
        about=about,
    )


def _dictionary(
    config: JointConfig, texts: AbstractSet[str], words: Iterable[str]
) -> Tuple[Dictionary, Counter[str]]:
    """Words of scripts without spaces, as `collected`; none if no token is written in one."""
    if not any(map(is_character, texts)):
        path = dictionary_path(config.dictionary)
        if path and not path.is_file():
            collected(config.dictionary, words)  # which says what is wrong with it
        return NO_WORDS, Counter()
    return collected(config.dictionary, words)


def _check_labels(labels: Labels, previous: Labels) -> None:
    for kind in ("intents", "types", "roles", "groups"):
        new = getattr(labels, kind)[len(getattr(previous, kind)) :]
        if new:
            raise DataError(
                f"Fine-tuning cannot add new labels, and these {kind} are new: {', '.join(new)}. "
                f"Train the model from scratch."
            )


def _check_features(features: Tuple[FeatureSpec, ...], previous: Tuple[FeatureSpec, ...]) -> None:
    same = len(features) == len(previous) and all(
        (new.name, new.level, new.sparse) == (old.name, old.level, old.sparse)
        and new.size >= old.size
        for new, old in zip(features, previous)
    )
    if not same:
        raise DataError(
            f"The features do not fit the model to fine-tune: it has {_names(previous)}, the data "
            f"has {_names(features)}. Train the model from scratch."
        )


def _names(features: Tuple[FeatureSpec, ...]) -> str:
    return ", ".join(f"{spec.name} ({spec.size})" for spec in features) or "none"


_VECTORS = {PRETRAINED, "pretrained_projection"}
"""What a network may have that the one before had not, or does not tell: vectors are its own."""


@torch.no_grad()
def _warm_start(network: JointNetwork, previous: Mapping[str, Array]) -> None:
    """Copy the previous weights; tables that have grown keep their new rows as drawn."""
    state = network.state_dict()
    learnt_alone = {*VOTES, MEAN_VOTES, VECTOR_VOTES, LONE_WORDS, CASE_COUNTS}
    previous = {name: weight for name, weight in previous.items() if name not in learnt_alone}

    def fits(name: str) -> bool:
        kept = slice(1 if name in EMBEDDINGS or name.startswith("features.") else 0, None)
        return tuple(state[name].shape[kept]) == previous[name].shape[kept]

    if state.keys() - _VECTORS != previous.keys() - _VECTORS or not all(map(fits, previous)):
        raise DataError(
            "The network to fine-tune was built with other settings of tasks, tagging or sizes. "
            "Train the model from scratch."
        )
    for name, weight in previous.items():
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
