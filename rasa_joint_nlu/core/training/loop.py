"""The training loop: in which batches, with which loss, and when to stop."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Callable, Dict, Iterator, List, Mapping, Optional, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import Targets
from rasa_joint_nlu.core.encoding import EncodedCorpus, row_length
from rasa_joint_nlu.core.errors import TrainingError
from rasa_joint_nlu.core.precision import PRETRAINED
from rasa_joint_nlu.core.training.affinity import adjoining, affinity
from rasa_joint_nlu.core.training.augment import ValueHiding, ValueSwap
from rasa_joint_nlu.core.training.language import LANGUAGE_LOSS, LanguageModel
from rasa_joint_nlu.core.training.network import (
    EMBEDDINGS,
    Inputs,
    JointNetwork,
    Output,
    Rows,
)
from rasa_joint_nlu.core.training.optimizer import Optimizer
from rasa_joint_nlu.core.training.plan import Plan
from rasa_joint_nlu.core.training.scalars import ScalarWriter
from rasa_joint_nlu.core.training.votes import Votes

logger = logging.getLogger(__name__)

Weights = Dict[str, Array]
Evaluate = Callable[[Weights], Dict[str, float]]
"""Weights → metrics on held-out examples, each the higher the better."""

_TOKENS = 8192
"""Of a batch, so that one long message does not make as long ones of those beside it."""
PATIENCE = 5
"""Evaluations without improvement before training stops."""
APART = 6.0
"""By how much less two entities of a type follow each other with nothing between, in log space, if
no example has that: of two unknown words, each would be a value of its own."""


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
    """Trains one network on one corpus.

    corpus: what it learns from.
    votes: what words say of intents; None where no intents are learnt.
    """

    def __init__(
        self,
        network: JointNetwork,
        corpus: EncodedCorpus,
        plan: Plan,
        rng: np.random.Generator,
        previous: Mapping[str, Array] = MappingProxyType({}),
    ) -> None:
        """Prepare a training; nothing is learnt before `train`.

        Args:
            previous: the weights of a model to fine-tune, which the network has already.
        """
        self._device = network.generator.device
        self._network = network.to(self._device)
        self.corpus, self._plan, self._rng, self._previous = corpus, plan, rng, previous
        self._config = plan.config
        self._messages = np.arange(len(corpus))
        if corpus.trust:
            annotated = np.flatnonzero(corpus.trust.intents == 1)
            more = np.tile(annotated, plan.annotated_times - 1)
            self._messages = np.append(self._messages, more)
        self._hiding = ValueHiding(corpus, rng)
        self._table = self._hiding.table
        words = self._table.word_ids[corpus.token_ids]
        network.count_words(np.bincount(words, minlength=len(network.word_embedding)))
        self.votes: Optional[Votes] = None
        if "intent" in network.heads:
            vectors = getattr(network, PRETRAINED, None)
            table = None if vectors is None else vectors.detach().cpu().numpy()
            self.votes = Votes(corpus, network.encoder, previous, table)
        self._take_units()
        self._swap = ValueSwap(corpus, self._config.value_swap_rate)
        self._language = LanguageModel(network)
        learnt = [*network.named_parameters(), *self._language.named_parameters("language")]
        self._optimizer = Optimizer(dict(learnt), EMBEDDINGS)

    @torch.no_grad()
    def _take_units(self) -> None:
        """Let vectors of tokens come to the network with a length of 1, whatever it is."""
        network = self._network
        for spec, weight in zip(network.encoder.features, network.features):
            if spec.level == "sequence" and not spec.sparse:
                unit = row_length(self.corpus.sequence_features[spec.name])
                network.units[spec.name] = unit
                if self._previous:
                    weight *= unit

    def train(self, evaluate: Optional[Evaluate], show_progress: bool) -> Tuple[Weights, int]:
        """Train, and return the weights to keep and the number of epochs done.

        With `evaluate`, the weights of the best evaluation are kept, and training stops when
        it has not improved five times in a row. What was before all intents are learnt does not
        count.

        Raises:
            TrainingError: if the loss is no longer a finite number.
        """
        self._count_affinity()
        self._fit_votes()
        best: Tuple[float, Weights] = (-math.inf, {})
        stale, validation = 0, {}
        with ScalarWriter(self._config) as writer, self._progress(show_progress) as bar:
            for epoch in range(1, self._plan.epochs + 1):
                if epoch > self._plan.epochs // 2 and self._is_waiting_for_weight:
                    self._weigh_votes()
                    best, stale = (-math.inf, {}), 0
                metrics = self._run_epoch(epoch, writer)
                if evaluate and self._is_evaluated(epoch):
                    weights = self._weights()
                    validation = {f"val_{k}": v for k, v in evaluate(weights).items()}
                    total = sum(validation.values())
                    stale += 1
                    if total > best[0]:
                        kept = {name: weight.copy() for name, weight in weights.items()}
                        best, stale = (total, kept), 0
                    writer.add(validation, epoch)
                bar.set_postfix({name: f"{v:.3f}" for name, v in {**metrics, **validation}.items()})
                bar.update()
                if stale >= PATIENCE and not self._is_waiting_for_weight:
                    break
        return best[1] or self._weights(), epoch

    def _count_affinity(self) -> None:
        """Count which types an intent avoids: in these examples, and in those before."""
        network, labels = self._network, self._network.encoder.labels
        if hasattr(network, "affinity"):
            counts = affinity(self.corpus, len(labels.intents), len(labels.types))
            counted = torch.from_numpy(counts).to(network.affinity)
            if self._previous:
                counted = torch.maximum(counted, network.affinity)
            network.affinity.copy_(counted)

    def _fit_votes(self) -> None:
        """Fit the votes, with examples set aside to weigh them, where that can be.

        Those of a model that is fine-tuned keep what they count, as its network knows examples
        already and would find its states better than they are.
        """
        if self.votes:
            if not self._previous and self._plan.epochs > 1:
                self.votes.set_aside(self._rng)
            self.votes.fit()

    @property
    def _is_waiting_for_weight(self) -> bool:
        """Whether it is not known yet what the votes count."""
        return self.votes is not None and bool(self.votes.aside.any())

    @torch.no_grad()
    def _weigh_votes(self) -> None:
        """Decide what votes count by the intents set aside, which are learnt from now on."""
        assert self.votes is not None
        self._network.eval()
        messages = np.flatnonzero(self.votes.aside)
        of_states = []
        for start in range(0, len(messages), 64):
            for piece in bounded(messages[start : start + 64], self.corpus.lengths):
                inputs = Inputs.of(self.corpus.batch(piece), self._table, self._device)
                of_states.append(self._network(inputs).intent_logits.cpu())
        self.votes.weigh(torch.cat(of_states))

    def _is_evaluated(self, epoch: int) -> bool:
        every = self._config.evaluate_every_number_of_epochs
        return epoch == self._plan.epochs or (every > 0 and epoch % every == 0)

    def _progress(self, show: bool) -> tqdm:
        return tqdm(total=self._plan.epochs, desc="Epochs", disable=not show)

    def _run_epoch(self, epoch: int, writer: ScalarWriter) -> Dict[str, float]:
        self._network.train()
        meter = _Meter()
        corpus = self._drawn()
        batches = list(self._batches(corpus, (epoch - 1) / max(1, self._plan.epochs - 1)))
        for number, messages in enumerate(batches):
            progress = (epoch - 1 + number / len(batches)) / self._plan.epochs
            loss = self._step(corpus, messages, progress, meter)
            if not math.isfinite(loss):
                raise TrainingError(
                    f"The loss or its gradient became {loss} in epoch {epoch} of "
                    f"{self._plan.epochs}; nothing was saved. Try a smaller 'learning_rate' than "
                    f"{self._plan.learning_rate}, and check features and pretrained "
                    f"embeddings for huge values and for what is no number (nan)."
                )
            writer.add_batch({"loss": loss}, self._optimizer.updates)
        metrics = meter.metrics()
        writer.add(metrics, epoch)
        return metrics

    def _drawn(self) -> EncodedCorpus:
        """The corpus of an epoch, without the intents that are set aside."""
        corpus = self._swap.draw(self._rng)
        if not self.votes:
            return corpus
        return replace(corpus, intent_ids=np.where(self.votes.aside, -1, corpus.intent_ids))

    def _batches(self, corpus: EncodedCorpus, progress: float) -> Iterator[Array]:
        """Random batches of messages of similar length, in random order, bounded in tokens."""
        size = self._config.batch_size_at(progress)
        order, lengths = self._rng.permutation(self._messages), corpus.lengths
        batches: List[Array] = []
        for start in range(0, len(order), 16 * size):
            chunk = order[start : start + 16 * size]
            chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
            for i in range(0, len(chunk), size):
                batches.extend(bounded(chunk[i : i + size], lengths))
        return (batches[i] for i in self._rng.permutation(len(batches)))

    def _step(
        self, corpus: EncodedCorpus, messages: Array, progress: float, meter: _Meter
    ) -> float:
        batch = self._hiding.draw(corpus.batch(messages), messages, self._rng)
        assert batch.targets is not None
        inputs = Inputs.of(batch, self._table, self._device)
        rows = Rows(*self._optimizer.borrow([inputs.word_rows, inputs.ngram_rows]))
        output = self._network(inputs, rows)
        of_tasks = self._loss(output, inputs, batch.targets, meter)
        of_language = self._language.loss(output, inputs)
        loss = of_tasks.item()
        if math.isfinite(loss):
            rate = self._plan.learning_rate * _one_cycle(progress)
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
            labelled = int((gold >= 0).sum())
            losses = functional.cross_entropy(
                output.intent_logits,
                torch.from_numpy(gold).to(self._device),
                ignore_index=-1,
                label_smoothing=self._config.label_smoothing,
                reduction="sum" if targets.trust is None else "none",
            )
            loss, weight = losses, float(labelled)
            if targets.trust:
                trust = targets.trust.intents * (gold >= 0)
                loss, weight = losses @ self._tensor(trust), float(trust.sum())
            terms.append(self._config.intent_loss_weight * loss / max(1.0, weight))
            found = output.intent_logits.detach().argmax(1).cpu().numpy()
            meter.intents_right += int((found == gold).sum())
            meter.intents += labelled
        if output.emissions is not None:
            gold, lengths = targets.tag_ids, inputs.lengths.numpy()
            likelihood = self._network.crf.negative_log_likelihood
            losses, posterior = likelihood(output.emissions, gold, lengths)
            if targets.trust is None:
                loss = losses.sum() / int(lengths.sum())
            else:
                trust = targets.trust.entities
                loss = losses @ self._tensor(trust) / max(1.0, float(trust @ lengths))
            found = posterior.argmax(2)
            meter.tags_right += int(((found == gold) & (gold > 0)).sum())
            meter.tags_found += int((found > 0).sum())
            meter.tags_gold += int((gold > 0).sum())
            if output.role_logits is not None:
                weights = self._network.type_role
                loss = loss + _span_loss(output.role_logits, weights, targets, "role")
            if output.group_logits is not None:
                weights = self._network.type_group
                loss = loss + _span_loss(output.group_logits, weights, targets, "group")
            terms.append(self._config.entity_loss_weight * loss)
        return torch.stack(terms).sum()

    def _tensor(self, array: Array) -> Tensor:
        return torch.from_numpy(array).float().to(self._device)

    def _weights(self) -> Weights:
        """What is learnt until now; on a CPU, further updates change it."""
        learnt = self._network.state_dict()
        arrays = {name: weight.cpu().numpy() for name, weight in learnt.items()}
        for index, unit in enumerate(self._network.units.values()):
            arrays[f"features.{index}"] = arrays[f"features.{index}"] / np.float32(unit)
        if "slot" in self._network.heads and not self._previous:
            # A model that is fine-tuned has learnt it, and goes on from there.
            types = len(self._network.encoder.labels.types)
            arrays["crf.transitions"] = arrays["crf.transitions"].copy()
            of_types = arrays["crf.transitions"][1:, 1:]
            of_types[np.diag(~adjoining(self.corpus, types))] -= APART
        return {**arrays, **(self.votes.weights() if self.votes else {})}


def bounded(messages: Array, lengths: Array) -> Iterator[Array]:
    """Messages in pieces that have so many tokens at most, with padding, or are one message.

    Args:
        messages: `(M,)` their numbers; lengths: of all messages.
    """
    start = longest = 0
    for end, length in enumerate(lengths[messages].tolist()):
        longest = max(longest, length)
        if end > start and (end + 1 - start) * longest > _TOKENS:
            yield messages[start:end]
            start, longest = end, length
    yield messages[start:]


def _span_loss(logits: Tensor, type_weights: Tensor, targets: Targets, kind: str) -> Tensor:
    spans, trust = targets.spans, targets.trust
    if not len(spans.example):
        return logits.new_zeros(())
    example, first, last, entity_type, gold = (
        torch.from_numpy(ids).to(logits.device)
        for ids in (spans.example, spans.first, spans.last, spans.type, getattr(spans, kind))
    )
    scores = logits[example, first] + logits[example, last] + type_weights[entity_type]
    if trust is None:
        return functional.cross_entropy(scores, gold)
    weights = torch.from_numpy(trust.entities[spans.example]).to(scores)
    losses = functional.cross_entropy(scores, gold, reduction="none")
    return losses @ weights / weights.sum()


def _one_cycle(progress: float) -> float:
    """The part of the learning rate: up in the first tenth, then down to zero along a cosine."""
    if progress < 0.1:
        return 0.1 + 9 * progress
    return 0.5 * (1 + math.cos(math.pi * (progress - 0.1) / 0.9))
