"""Training: how long, in which batches, with which loss, and when to stop."""

from __future__ import annotations

import logging
import math
from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import Spans, Targets
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import EncodedCorpus, Encoder
from rasa_joint_nlu.core.errors import TrainingError
from rasa_joint_nlu.core.text.segment import normalize
from rasa_joint_nlu.core.training.affinity import affinity
from rasa_joint_nlu.core.training.augment import ValueSwap
from rasa_joint_nlu.core.training.language import LANGUAGE_LOSS, LanguageModel
from rasa_joint_nlu.core.training.network import (
    EMBEDDINGS,
    Inputs,
    JointNetwork,
    Output,
    Rows,
)
from rasa_joint_nlu.core.training.optimizer import Optimizer
from rasa_joint_nlu.core.training.scalars import ScalarWriter
from rasa_joint_nlu.core.training.votes import Votes
from rasa_joint_nlu.core.training.weighing import set_aside, weigh

logger = logging.getLogger(__name__)

Weights = Dict[str, Array]
Evaluate = Callable[[Weights], Dict[str, float]]
"""Weights → metrics on held-out examples, each the higher the better."""

PATIENCE = 5
"""Evaluations without improvement before training stops."""


def planned_updates(examples: int, labels: int) -> float:
    """How many updates a full training has, at most.

    Six hundred are enough for little data, unless there are many intents and entity types. More
    of it needs nearly one for each example, up to 1,500, or else about ten passes, which are
    granted up to 6,000 updates; beyond them, the number of updates grows with the 0.4th power of
    the number of examples.
    """
    most = max(6000, 110 * math.pow(examples, 0.4))
    return max(600, 12 * labels, min(examples - 100, max(1500, 0.6 * examples), most))


def planned_epochs(config: JointConfig, examples: int, updates: float) -> int:
    """How many epochs to train, at most, so that there are so many updates."""
    per_epoch = max(1.0, examples / config.batch_size_at(0.5))
    adapted = max(1, math.ceil(updates / per_epoch))
    return adapted if config.epochs == -1 else min(config.epochs, adapted)


def planned_learning_rate(config: JointConfig, updates: float) -> float:
    """The highest learning rate of the schedule of a full training of so many updates.

    Few of them have to take long steps. Beyond 3,000 they need not: all of them together go as far,
    which learns less of rare values by heart.
    """
    if config.learning_rate >= 0:
        return config.learning_rate
    return 0.008 * min(1.0, 3000 / updates)


def planned_drop_rate(config: JointConfig, examples: Sequence[Example]) -> float:
    """How much to drop: half where there is little data, down to a quarter where there is much.

    Much data is little, too, if it has seen few of the values that are to come: the share of the
    annotated values that occur only once estimates how many of those will be new (Good 1953, "The
    Population Frequencies of Species"). From a quarter of them on, 0.45 is dropped at least.
    """
    if config.drop_rate >= 0:
        return config.drop_rate
    values = Counter(
        (entity.type, normalize(example.text[entity.start : entity.end]))
        for example in examples
        for entity in example.entities
    )
    new = sum(count == 1 for count in values.values()) / max(1, sum(values.values()))
    by_size = min(0.5, max(0.25, 0.5 * math.pow(500 / len(examples), 0.25)))
    return max(by_size, 0.45 * min(1.0, 4 * new))


def planned_ngram_drop_rate(config: JointConfig, examples: int) -> float:
    """How many n-grams to leave out: none where there is little data, 0.3 from 4,000 examples on.

    Little data needs every n-gram; much data learns long ones by heart.
    """
    if config.ngram_drop_rate >= 0:
        return config.ngram_drop_rate
    return min(0.3, max(0.0, 0.1 * math.log2(examples / 500)))


def choose_device(name: str) -> torch.device:
    """The device of this name; `auto` is the GPU if CUDA has one, else the CPU.

    Raises:
        TrainingError: if the machine does not have it.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    device = torch.device(name)
    available = {
        "cpu": True,
        "cuda": torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }
    if not available[device.type]:
        raise TrainingError(
            f"'device: {name}' is not available on this machine; use 'device: auto' or 'cpu'."
        )
    return device


@dataclass
class _Meter:
    """Running sums over an epoch."""

    loss: float = 0.0
    batches: int = 0
    intents_right: int = 0
    intents: int = 0
    tags_right: int = 0
    tags_found: int = 0
    tags_gold: int = 0

    def metrics(self) -> Dict[str, float]:
        """loss, and intent_acc (of states alone) and entity_f1 (of tags) where there are any."""
        metrics = {"loss": self.loss / max(1, self.batches)}
        if self.intents:
            metrics["intent_acc"] = self.intents_right / self.intents
        if self.tags_gold:
            metrics["entity_f1"] = 2 * self.tags_right / (self.tags_found + self.tags_gold)
        return metrics


class Trainer:
    """Trains one network on one corpus."""

    def __init__(
        self,
        network: JointNetwork,
        encoder: Encoder,
        corpus: EncodedCorpus,
        config: JointConfig,
        epochs: int,
        rng: np.random.Generator,
        known: Mapping[str, Array] = MappingProxyType({}),
    ) -> None:
        """Prepare a training.

        Args:
            known: the weights of a model to fine-tune, which the network has already. Votes keep
                what they count then, as a network that knows examples already would find its
                states better than they are, and an intent avoids the types that it avoids both in
                these examples and in those before.
        """
        self._device = network.generator.device
        self._network = network.to(self._device)
        self._table = encoder.vocabulary.known.followed_by(corpus.further)
        self._corpus, self._config, self._epochs, self._rng = corpus, config, epochs, rng
        met = self._table.word_ids[corpus.token_ids]
        network.count_words(np.bincount(met, minlength=len(network.word_embedding)))
        assert corpus.intent_ids is not None
        self._aside = np.zeros(len(corpus), bool)
        intents, types = len(encoder.labels.intents), len(encoder.labels.types)
        self._votes: Optional[Votes] = None
        if "intent" in network.heads:
            if not known and epochs > 1:
                self._aside = set_aside(corpus.intent_ids, rng)
            rows = len(network.word_embedding), len(network.ngram_embedding)
            self._votes = Votes(corpus, self._table, *rows, intents, known)
            self._votes.fit(~self._aside)
        if hasattr(network, "affinity"):
            counted = torch.from_numpy(affinity(corpus, intents, types)).to(network.affinity)
            if known:
                counted = torch.maximum(counted, network.affinity)
            network.affinity.copy_(counted)
        self._swap = ValueSwap(corpus, config.value_swap_rate)
        self._language = LanguageModel(network)
        learnt = [*network.named_parameters(), *self._language.named_parameters("language")]
        self._optimizer = Optimizer(dict(learnt), EMBEDDINGS)

    def run(self, evaluate: Optional[Evaluate], show_progress: bool) -> Tuple[Weights, int]:
        """Train, and return the weights to keep and the number of epochs done.

        With `evaluate`, the weights of the best evaluation are kept, and training stops when
        it has not improved five times in a row. What was before all intents are learnt does not
        count.

        Raises:
            TrainingError: if the loss is no longer a finite number.
        """
        best: Tuple[float, Weights] = (-math.inf, {})
        stale, validation = 0, {}
        with ScalarWriter(self._config) as writer, self._progress(show_progress) as bar:
            for epoch in range(1, self._epochs + 1):
                if epoch > self._epochs // 2 and self._aside.any():
                    self._weigh_votes()
                    best, stale = (-math.inf, {}), 0
                metrics = self._run_epoch(epoch, writer)
                if evaluate and self._is_evaluated(epoch):
                    weights = self._weights()
                    validation = {f"val_{k}": v for k, v in evaluate(weights).items()}
                    score = sum(validation.values())
                    stale = 0 if score > best[0] else stale + 1
                    best = (score, weights) if score > best[0] else best
                    writer.add(validation, epoch)
                bar.set_postfix({name: f"{v:.3f}" for name, v in {**metrics, **validation}.items()})
                bar.update()
                if stale >= PATIENCE and not self._aside.any():
                    break
        return best[1] or self._weights(), epoch

    def _is_evaluated(self, epoch: int) -> bool:
        every = self._config.evaluate_every_number_of_epochs
        return epoch == self._epochs or (every > 0 and epoch % every == 0)

    def _progress(self, show: bool) -> tqdm:
        return tqdm(total=self._epochs, desc="Epochs", disable=not show)

    def _run_epoch(self, epoch: int, writer: ScalarWriter) -> Dict[str, float]:
        self._network.train()
        meter = _Meter()
        corpus = self._drawn()
        batches = list(self._batches(corpus, (epoch - 1) / max(1, self._epochs - 1)))
        for number, messages in enumerate(batches):
            progress = (epoch - 1 + number / len(batches)) / self._epochs
            loss = self._step(corpus, messages, progress, meter)
            if not math.isfinite(loss):
                raise TrainingError(
                    f"The loss or its gradient became {loss} in epoch {epoch} of {self._epochs}; "
                    f"nothing was saved. Try a smaller 'learning_rate' than "
                    f"{self._config.learning_rate}, and check dense features and pretrained "
                    f"embeddings for huge values and for what is no number (nan)."
                )
            writer.add_batch({"loss": loss}, self._optimizer.updates)
        metrics = meter.metrics()
        writer.add(metrics, epoch)
        return metrics

    def _drawn(self) -> EncodedCorpus:
        """The corpus of an epoch, without the intents that are set aside."""
        corpus = self._swap.draw(self._rng)
        assert corpus.intent_ids is not None
        return replace(corpus, intent_ids=np.where(self._aside, -1, corpus.intent_ids))

    def _batches(self, corpus: EncodedCorpus, progress: float) -> Iterator[Array]:
        """Random batches of messages of similar length, in random order."""
        size = self._config.batch_size_at(progress)
        order = self._rng.permutation(len(corpus))
        batches: List[Array] = []
        for start in range(0, len(order), 16 * size):
            chunk = order[start : start + 16 * size]
            chunk = chunk[np.argsort(corpus.lengths[chunk], kind="stable")]
            batches.extend(chunk[i : i + size] for i in range(0, len(chunk), size))
        return (batches[i] for i in self._rng.permutation(len(batches)))

    @torch.no_grad()
    def _weigh_votes(self) -> None:
        """Decide what votes count by the intents set aside, which are learnt from now on."""
        assert self._corpus.intent_ids is not None and self._votes is not None
        self._network.eval()
        messages = np.flatnonzero(self._aside)
        of_states = []
        for start in range(0, len(messages), 64):
            batch = self._corpus.batch(messages[start : start + 64])
            inputs = Inputs.of(batch, self._table, self._device)
            of_states.append(self._network(inputs).intent_logits.cpu())
        of_words = torch.from_numpy(self._votes.of(messages)).float()
        answers = torch.from_numpy(self._corpus.intent_ids[messages])
        self._votes.weight = weigh(torch.cat(of_states), of_words, answers)
        self._aside[:] = False
        self._votes.fit(~self._aside)

    def _step(
        self, corpus: EncodedCorpus, messages: Array, progress: float, meter: _Meter
    ) -> float:
        batch = corpus.batch(messages)
        assert batch.targets is not None
        inputs = Inputs.of(batch, self._table, self._device)
        rows = Rows(*self._optimizer.borrow([inputs.word_rows, inputs.ngram_rows]))
        output = self._network(inputs, rows)
        of_tasks = self._loss(output, inputs, batch.targets, meter)
        of_language = self._language.loss(output, inputs)
        loss = of_tasks.item()
        if math.isfinite(loss):
            rate = self._config.learning_rate * _one_cycle(progress)
            norm = self._optimizer.step(of_tasks + LANGUAGE_LOSS * of_language, rate)
            if not math.isfinite(norm):
                return norm
        meter.loss += loss
        meter.batches += 1
        return loss

    def _loss(self, output: Output, inputs: Inputs, targets: Targets, meter: _Meter) -> Tensor:
        """The sum of the tasks' losses: intents per message, tags per token, roles per span."""
        terms = []
        if output.intent_logits is not None:
            gold = targets.intent_ids
            known = int((gold >= 0).sum())
            loss = functional.cross_entropy(
                output.intent_logits,
                torch.from_numpy(gold).to(self._device),
                ignore_index=-1,
                label_smoothing=self._config.label_smoothing,
                reduction="sum",
            )
            terms.append(self._config.intent_loss_weight * loss / max(1, known))
            found = output.intent_logits.detach().argmax(1).cpu().numpy()
            meter.intents_right += int((found == gold).sum())
            meter.intents += known
        if output.emissions is not None:
            gold, lengths = targets.tag_ids, inputs.lengths.numpy()
            likelihood = self._network.crf.negative_log_likelihood
            losses, posterior = likelihood(output.emissions, gold, lengths)
            loss = losses.sum() / int(lengths.sum())
            found = posterior.argmax(2)
            meter.tags_right += int(((found == gold) & (gold > 0)).sum())
            meter.tags_found += int((found > 0).sum())
            meter.tags_gold += int((gold > 0).sum())
            if output.role_logits is not None:
                weights = self._network.type_role
                loss = loss + _span_loss(output.role_logits, weights, targets.spans, "role")
            if output.group_logits is not None:
                weights = self._network.type_group
                loss = loss + _span_loss(output.group_logits, weights, targets.spans, "group")
            terms.append(self._config.entity_loss_weight * loss)
        return torch.stack(terms).sum()

    def _weights(self) -> Weights:
        learnt = self._network.state_dict()
        arrays = {name: weight.cpu().numpy().copy() for name, weight in learnt.items()}
        return {**arrays, **(self._votes.weights() if self._votes else {})}


def _span_loss(logits: Tensor, type_weights: Tensor, spans: Spans, kind: str) -> Tensor:
    if not len(spans.example):
        return logits.new_zeros(())
    example, first, last, entity_type, gold = (
        torch.from_numpy(ids).to(logits.device)
        for ids in (spans.example, spans.first, spans.last, spans.type, getattr(spans, kind))
    )
    scores = logits[example, first] + logits[example, last] + type_weights[entity_type]
    return functional.cross_entropy(scores, gold)


def _one_cycle(progress: float) -> float:
    """The learning rate's share: up in the first tenth, then down to zero along a cosine."""
    if progress < 0.1:
        return 0.1 + 9 * progress
    return 0.5 * (1 + math.cos(math.pi * (progress - 0.1) / 0.9))
