"""One training from examples to weights: tables, network, hold-out, and warm start."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections import Counter
from pathlib import Path
from typing import (
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

import numpy as np
import torch

from rasa_joint_nlu.core.about import About, counted, versions
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.config import DROP, JointConfig
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import EncodedCorpus, Encoder, FeatureSpec, feature_specs
from rasa_joint_nlu.core.errors import DataError, NothingToLearnError
from rasa_joint_nlu.core.learnt import Learnt, TrainingReport
from rasa_joint_nlu.core.metrics import evaluate
from rasa_joint_nlu.core.packed import Packed
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
from rasa_joint_nlu.core.text.alignment import Misaligned, align
from rasa_joint_nlu.core.text.dictionary import NO_WORDS, Dictionary, collected, dictionary_path
from rasa_joint_nlu.core.text.segment import is_character, normalize
from rasa_joint_nlu.core.training.case import count_cases
from rasa_joint_nlu.core.training.guesses import (
    FIRST_PASS,
    NO_GUESSES,
    SECOND_PASS,
    Guesses,
    drawn,
    guessed,
)
from rasa_joint_nlu.core.training.left_out import known_hashes
from rasa_joint_nlu.core.training.lone import count_lone_words
from rasa_joint_nlu.core.training.loop import Trainer, Weights, choose_device
from rasa_joint_nlu.core.training.network import EMBEDDINGS, JointNetwork
from rasa_joint_nlu.core.training.plan import Plan
from rasa_joint_nlu.core.training.scope import learn_scope
from rasa_joint_nlu.core.training.shapes import with_shapes
from rasa_joint_nlu.core.training.threads import one_thread
from rasa_joint_nlu.core.training.votes import VOTES, Votes
from rasa_joint_nlu.core.unlabelled import as_examples
from rasa_joint_nlu.core.vectors import extended, read_vectors
from rasa_joint_nlu.core.vocab import Vocabulary


def train(
    examples: Iterable[Example],
    config: JointConfig,
    words: Iterable[str] = (),
    show_progress: bool = False,
    unlabelled: Sequence[str] = (),
) -> Tuple[Learnt, TrainingReport]:
    """Train from scratch; with messages without labels twice, the second time on guesses, too.

    Args:
        examples: are gone through more than once.
        words: of scripts without spaces, for the dictionary, beside those that the config names.
        unlabelled: texts, each once.
    """
    if not unlabelled:
        return _Session(config, None, show_progress).train(examples, words)
    examples = list(examples)
    # Of millions, most are never cut.
    messages = as_examples(drawn(unlabelled, examples, config), examples)
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
        examples: Iterable[Example],
        words: Iterable[str] = (),
        guesses: Guesses = NO_GUESSES,
    ) -> Tuple[Learnt, TrainingReport]:
        """Split, align, make tables, plan, train the network, and learn the scope."""
        config = self._config
        policy = config.misaligned_entities if config.entity_recognition else DROP
        labelled, misaligned = align(_usable(examples), policy)
        if not len(labelled):
            raise NothingToLearnError("There is no example with tokens to learn from.")
        training, held_out = self._held_out(labelled, examples)
        every = training
        if guesses.examples:
            every = Packed.of(itertools.chain(training, guesses.examples))
        encoder, pretrained = self._tables(every, labelled, words)
        labels = len(encoder.labels.intents) + len(encoder.labels.types)
        plan = Plan.of(config, every, labels, self._fraction, len(guesses.examples))
        network = self._network(encoder, plan, pretrained)
        corpus = guesses.at_end_of(every, encoder)
        votes, weights, epochs = self._fitted(network, corpus, held_out, pretrained)
        heads = network.heads
        # What only learns takes most of the memory.
        del network
        asked = self._asked_of_scope(training, corpus, votes, encoder) if votes else None
        del corpus, votes
        scope = self._scope(training, asked, encoder) if asked else None
        weights.update(self._counts(training, encoder.labels, scope, "slot" in heads))
        count = len(labelled)
        del asked, every, labelled, training
        learnt = self._learnt(encoder, weights, pretrained)
        # As they will be read from a file: a model answers the same before and after.
        weights = restored(stored(learnt.weights))
        learnt = dataclasses.replace(learnt, weights=weights, scope=scope)
        if not config.entity_recognition:
            misaligned = []
        scores = evaluate(held_out, Predictor(learnt).predict(held_out)) if held_out else {}
        about = About(
            versions=versions(),
            seconds=round(time.perf_counter() - self._start, 2),
            epochs=epochs,
            examples=count,
            held_out=len(held_out),
            scores=scores,
            **counted(_usable(examples), [found.entity for found in misaligned]),
        )
        report = _report(learnt, about, misaligned)
        report = dataclasses.replace(report, dictionary=self._word_counts)
        return dataclasses.replace(learnt, about=about), report

    def _held_out(
        self, labelled: Packed, examples: Iterable[Example]
    ) -> Tuple[Packed, List[Example]]:
        """The examples to learn from, and those held out, which are scored as annotated."""
        chosen = _split(labelled.intents, self._config.evaluate_on_number_of_examples, self._rng)
        if not chosen.any():
            return labelled, []
        held_out = list(itertools.compress(_usable(examples), chosen))
        return Packed.of(itertools.compress(labelled, ~chosen)), held_out

    def _tables(
        self, training: Packed, labelled: Packed, words: Iterable[str]
    ) -> Tuple[Encoder, Optional[ByteTable]]:
        """Vocabulary and labels, those of the previous model first, and vectors of words."""
        config, previous = self._config, self._previous.encoder if self._previous else None
        if previous:
            vocabulary = previous.vocabulary
        else:
            dictionary, self._word_counts = _dictionary(config, training.pieces, words)
            vocabulary = Vocabulary(dictionary=dictionary)
        forms, of_tokens = training.forms(vocabulary.dictionary)
        vocabulary = vocabulary.extended(forms, np.bincount(of_tokens).tolist())
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
    ) -> Tuple[Optional[Votes], Weights, int]:
        """The votes and the weights that were learnt, and in how many epochs."""

        def evaluated(weights: Weights) -> Dict[str, float]:
            predictor = Predictor(self._learnt(network.encoder, weights, pretrained))
            return evaluate(held_out, predictor.predict(held_out))

        with one_thread.held():
            trainer = Trainer(network, corpus, network.plan, self._rng, self._previous_weights)
            weights, epochs = trainer.train(evaluated if held_out else None, self._show_progress)
        return trainer.votes, weights, epochs

    def _learnt(
        self, encoder: Encoder, weights: Weights, pretrained: Optional[ByteTable]
    ) -> Learnt:
        """What these weights are, with the vectors that were trained further, if any were."""
        if PRETRAINED in weights:
            pretrained = ByteTable.of(weights[PRETRAINED])
            weights = {name: each for name, each in weights.items() if name != PRETRAINED}
        encoder, weights = with_shapes(encoder, weights)
        return Learnt(self._config, encoder, weights, pretrained=pretrained)

    def _asked_of_scope(
        self, training: Packed, corpus: EncodedCorpus, votes: Votes, encoder: Encoder
    ) -> Tuple[Packed, EncodedCorpus, Votes]:
        """The annotated messages and their votes; some tell for all where there are very many."""
        asked = training
        if len(training) > _ASKED_OF_SCOPE:
            numbers = np.sort(self._rng.permutation(len(training))[:_ASKED_OF_SCOPE]).tolist()
            asked = Packed.of(map(training.__getitem__, numbers))
            vocabulary = encoder.vocabulary.only(set(map(normalize, asked.pieces)))
            encoder = dataclasses.replace(encoder, vocabulary=vocabulary)
        if corpus.trust or asked is not training:
            corpus = encoder.encode(asked)
            with one_thread.held():
                votes = votes.of(corpus, encoder)
        return asked, corpus, votes

    def _scope(
        self, training: Packed, asked: Tuple[Packed, EncodedCorpus, Votes], encoder: Encoder
    ) -> Scope:
        """What the annotated messages are about.

        Args:
            asked: those that tell of all others, and their votes.
        """
        dictionary = encoder.vocabulary.dictionary
        with one_thread.held():
            scope = learn_scope(*asked, dictionary, self._rng)
        if asked[0] is not training:
            scope = dataclasses.replace(scope, known=known_hashes(training, dictionary))
        previous = self._previous.scope if self._previous else None
        return scope.after(previous) if previous else scope

    def _counts(
        self, training: Packed, labels: Labels, scope: Optional[Scope], has_slots: bool
    ) -> Dict[str, Array]:
        """What is counted, not learnt, by name."""
        counts: Dict[str, Array] = {}
        if scope:
            counts[LONE_WORDS] = count_lone_words(training, labels, scope.vouching)
        if has_slots:
            counts[CASE_COUNTS] = count_cases(training, labels)
        # In these examples, or in the ones before where they had more.
        before = self._previous_weights
        return {name: np.maximum(found, before.get(name, 0)) for name, found in counts.items()}


def _report(learnt: Learnt, about: About, misaligned: Sequence[Misaligned]) -> TrainingReport:
    config, labels = learnt.config, learnt.encoder.labels
    return TrainingReport(
        examples=about.examples,
        intents=len(labels.intents) if config.intent_classification else 0,
        entity_types=len(labels.types) if config.entity_recognition else 0,
        parameters=sum(weight.size for weight in learnt.weights.values()),
        epochs=about.epochs,
        seconds=about.seconds,
        misaligned=misaligned,
        about=about,
    )


def _dictionary(
    config: JointConfig, texts: Sequence[str], words: Iterable[str]
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


_ASKED_OF_SCOPE = 50_000
"""Of more messages than this, so many tell how new others may be."""
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


def _usable(examples: Iterable[Example]) -> Iterator[Example]:
    """Those with tokens."""
    return (example for example in examples if example.tokens)


def _split(intents: Sequence[Optional[str]], held_out: int, rng: np.random.Generator) -> Array:
    """`(M,)` True = an example that is held out; every intent keeps at least one to learn from.

    Args:
        intents: of each example.

    Raises:
        DataError: if so many cannot be held out.
    """
    left = Counter(intents)
    chosen = np.zeros(len(intents), bool)
    count = 0
    for index in rng.permutation(len(intents)):
        if count >= held_out:
            break
        if left[intents[index]] > 1:
            left[intents[index]] -= 1
            chosen[index] = True
            count += 1
    if count < held_out:
        raise DataError(
            f"'evaluate_on_number_of_examples: {held_out}' is too many: of {len(intents)} "
            f"examples at most {len(intents) - len(left)} can be held out, so that every intent "
            f"keeps one to learn from."
        )
    return chosen
