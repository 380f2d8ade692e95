"""The training loop: how long, in which batches, at which rate, and when it stops."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from typing import Any, Dict, Iterator, List, Optional, Set

import numpy as np
import pytest
import torch
from helpers import annotated, encoder_of, plan_of, random_network, toy_examples
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import Example, JointConfig, TrainingError
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import Spans, Targets, Trust
from rasa_joint_nlu.core.encoding import EncodedCorpus
from rasa_joint_nlu.core.training.loop import (
    PATIENCE,
    Trainer,
    _Meter,
    _one_cycle,
    _span_loss,
    choose_device,
)
from rasa_joint_nlu.core.training.network import Inputs
from rasa_joint_nlu.core.training.votes import VOTES, Votes, set_aside


def trainer_of(examples: List[Example], epochs: int = 3, **settings: Any) -> Trainer:
    small = {"token_size": 6, "encoder_size": 5, "learning_rate": 0.006}
    config = JointConfig(**{**small, **settings})
    encoder = encoder_of(examples, config.BILOU_flag)
    network = random_network(encoder, config)
    corpus = encoder.encode(examples)
    return Trainer(network, corpus, plan_of(config, epochs), np.random.default_rng(0))


def many_examples() -> List[Example]:
    """Enough of some intents for one to be set aside."""
    return [replace(example) for example in toy_examples() for _ in range(4)]


def known_by_epoch(trainer: Trainer, monkeypatch: pytest.MonkeyPatch) -> List[Set[int]]:
    """The messages whose intents each epoch of a training learns."""
    epochs: List[Set[int]] = []
    inner = trainer._batches

    def noted(corpus: EncodedCorpus, progress: float) -> Iterator[Array]:
        batches = list(inner(corpus, progress))
        assert sorted(np.concatenate(batches).tolist()) == list(range(len(corpus)))
        assert corpus.intent_ids is not None
        epochs.append(set(np.flatnonzero(corpus.intent_ids >= 0).tolist()))
        return iter(batches)

    monkeypatch.setattr(trainer, "_batches", noted)
    trainer.train(None, False)
    return epochs


def set_aside_by(trainer: Trainer) -> Array:
    """What a training will set aside: drawn by the first draw of its generator."""
    assert trainer.corpus.intent_ids is not None
    return set_aside(trainer.corpus.intent_ids, copy.deepcopy(trainer._rng))


def fitted_without(votes: Votes, aside: Array) -> Array:
    """What votes say of the messages that they have not learnt from."""
    before, votes.aside = votes.aside, np.isin(np.arange(len(votes.aside)), aside)
    votes.fit()
    votes.aside = before
    return votes.logits(aside)


def test_some_intents_are_learnt_in_the_second_half_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainer = trainer_of(many_examples(), epochs=5)
    aside = set(np.flatnonzero(set_aside_by(trainer)).tolist())
    assert trainer.corpus.intent_ids is not None
    known = set(np.flatnonzero(trainer.corpus.intent_ids >= 0).tolist())
    assert aside and aside < known
    expected = [known - aside] * 2 + [known] * 3
    assert known_by_epoch(trainer, monkeypatch) == expected


def test_votes_are_weighed_by_what_is_set_aside_and_then_learnt_from_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: List[torch.Tensor] = []

    def weighed(of_states: torch.Tensor, *others: torch.Tensor) -> float:
        asked.extend(others)
        return 2.5

    monkeypatch.setattr("rasa_joint_nlu.core.training.votes.weigh", weighed)
    trainer = trainer_of(many_examples(), epochs=4)
    votes, aside = trainer.votes, np.flatnonzero(set_aside_by(trainer))
    assert votes is not None and trainer.corpus.intent_ids is not None
    without = fitted_without(votes, aside)
    weights, _ = trainer.train(None, False)
    of_words, answers = asked
    np.testing.assert_allclose(of_words.numpy(), without, rtol=1e-5)
    assert answers.tolist() == trainer.corpus.intent_ids[aside].tolist()
    assert not np.allclose(votes.logits(aside), without) and not votes.aside.any()
    votes.fit()
    assert weights["words_weight"] == 2.5
    for name, learnt in votes.weights().items():
        np.testing.assert_array_equal(weights[name], learnt)


@pytest.mark.parametrize("settings", [{"epochs": 1}, {"intent_classification": False}])
def test_nothing_is_set_aside_where_nothing_can_be_weighed(
    settings: Dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = trainer_of(many_examples(), **settings)
    assert trainer.corpus.intent_ids is not None
    known = set(np.flatnonzero(trainer.corpus.intent_ids >= 0).tolist())
    assert known_by_epoch(trainer, monkeypatch)[0] == known


def test_a_training_does_not_stop_before_all_intents_are_learnt() -> None:
    trainer = trainer_of(many_examples(), epochs=40, evaluate_every_number_of_epochs=1)
    scores = iter(range(100, 0, -1))
    _, epochs = trainer.train(lambda weights: {"score": next(scores)}, False)
    assert epochs == 20 + 1 + PATIENCE


# In which batches.


@settings(max_examples=30, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 9), min_size=2, max_size=60),
    size=st.integers(1, 5),
    seed=st.integers(0, 100),
)
def test_batches_cover_every_message_once_with_messages_of_similar_length(
    lengths: List[int], size: int, seed: int
) -> None:
    examples = [
        Example.from_text("w " * length, "ab"[number % 2]) for number, length in enumerate(lengths)
    ]
    trainer = trainer_of(examples, batch_size=size)
    trainer._rng = np.random.default_rng(seed)
    batches = list(trainer._batches(trainer.corpus, 0.0))
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(examples)))
    assert all(1 <= len(batch) <= size for batch in batches)
    assert len(batches) == sum(
        math.ceil(min(16 * size, len(lengths) - start) / size)
        for start in range(0, len(lengths), 16 * size)
    )
    for batch in batches:
        within = trainer.corpus.lengths[batch].tolist()
        assert within == sorted(within)
    if len(lengths) <= 16 * size:  # one chunk: batches do not overlap in length
        ends = sorted((min(b), max(b)) for b in (trainer.corpus.lengths[b] for b in batches))
        assert all(before[1] <= after[0] for before, after in zip(ends, ends[1:]))


def test_the_lengths_of_all_messages_are_computed_once_for_all_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainer, computed = trainer_of(toy_examples() * 30, batch_size=4), []
    lengths = trainer.corpus.lengths
    monkeypatch.setattr(
        EncodedCorpus, "lengths", property(lambda corpus: computed.append(1) or lengths)
    )
    assert len(list(trainer._batches(trainer.corpus, 0.0))) > 30
    assert len(computed) == 1


def test_batches_differ_from_epoch_to_epoch() -> None:
    trainer = trainer_of(toy_examples(), batch_size=4)
    lots = [[b.tolist() for b in trainer._batches(trainer.corpus, 0.0)] for _ in range(3)]
    assert lots[0] != lots[1] != lots[2]


def test_the_batch_size_follows_the_progress() -> None:
    trainer = trainer_of(toy_examples(), batch_size=[2, 8])
    sizes = [max(map(len, trainer._batches(trainer.corpus, p))) for p in (0.0, 0.5, 1.0)]
    assert sizes == [2, 5, 8]


# At which rate.


def test_the_learning_rate_rises_for_a_tenth_and_then_falls_to_zero() -> None:
    rates = [_one_cycle(step / 1000) for step in range(1001)]
    assert rates[0] == pytest.approx(0.1) and rates[-1] == pytest.approx(0)
    assert max(rates) == rates[100] == pytest.approx(1)
    assert all(a < b for a, b in zip(rates[:100], rates[1:101]))
    assert all(a > b for a, b in zip(rates[100:], rates[101:]))
    assert rates[550] == pytest.approx(0.5)


def test_the_rate_is_a_share_of_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = trainer_of(toy_examples(), epochs=5, learning_rate=0.01, batch_size=4)
    rates = []
    step = trainer._optimizer.step
    monkeypatch.setattr(
        trainer._optimizer,
        "step",
        lambda loss, rate: rates.append(rate) or step(loss, rate),
    )
    trainer.train(None, False)
    assert len(rates) == 20
    np.testing.assert_allclose(rates, [0.01 * _one_cycle(i / 20) for i in range(20)])


# The loss.


def targets_of(spans: Spans, trust: Optional[Trust] = None) -> Targets:
    return Targets(np.zeros(2, np.int64), np.zeros((2, 3), np.int64), spans, trust)


def test_the_loss_of_roles_is_that_of_the_span_ends_and_the_type() -> None:
    logits = torch.tensor([[[0.0, 1.0], [5.0, 0.0], [0.0, 0.5]]])
    by_type = torch.tensor([[0.0, 0.0], [0.0, 2.0]])
    targets = targets_of(Spans(*(np.array([number]) for number in (0, 0, 2, 1, 1, 0))))
    # scores: none 0 + 0 + 0, the role 1 + 0.5 + 2
    assert _span_loss(logits, by_type, targets, "role").item() == pytest.approx(
        math.log(1 + math.exp(-3.5)), rel=1e-5
    )
    assert _span_loss(logits, by_type, targets, "group").item() == pytest.approx(
        math.log(1 + math.exp(3.5)), rel=1e-5
    )


def test_without_spans_roles_cost_nothing() -> None:
    targets = targets_of(Spans(*(np.zeros(0, np.int64) for _ in range(6))))
    loss = _span_loss(torch.zeros(1, 2, 3), torch.zeros(1, 3), targets, "role")
    assert loss.item() == 0


def test_a_guessed_role_counts_as_much_as_its_message_is_trusted() -> None:
    logits, by_type = torch.randn(2, 3, 2), torch.zeros(2, 2)
    spans = Spans(*(np.array(pair) for pair in ([0, 1], [0, 0], [1, 2], [0, 1], [1, 0], [0, 0])))
    first, second = (
        _span_loss(logits, by_type, targets_of(spans, trust_of(*trust)), "role").item()
        for trust in ((1.0, 0.0), (0.0, 1.0))
    )
    both = _span_loss(logits, by_type, targets_of(spans, trust_of(1.0, 0.25)), "role").item()
    assert both == pytest.approx((first + 0.25 * second) / 1.25, rel=1e-5)


def trust_of(*numbers: float) -> Trust:
    return Trust(np.array(numbers), np.array(numbers))


@pytest.mark.parametrize(
    ("off", "on"),
    [("intent_loss_weight", "entity_loss_weight"), ("entity_loss_weight", "intent_loss_weight")],
)
def test_the_loss_is_the_weighted_sum_of_the_tasks(
    monkeypatch: pytest.MonkeyPatch, off: str, on: str
) -> None:
    def first_loss(**weights: float) -> float:
        trainer = trainer_of(toy_examples(), **weights)
        losses: List[float] = []
        inner = trainer._step
        monkeypatch.setattr(
            trainer, "_step", lambda *args: losses.append(inner(*args)) or losses[-1]
        )
        trainer.train(None, False)
        return losses[0]

    both, alone = first_loss(**{off: 1.0, on: 1.0}), first_loss(**{off: 0.0, on: 1.0})
    other = first_loss(**{off: 1.0, on: 0.0})
    assert both == pytest.approx(alone + other, rel=1e-4)
    assert first_loss(**{off: 0.0, on: 3.0}) == pytest.approx(3 * alone, rel=1e-4)


def test_messages_without_an_intent_do_not_count_for_the_intents() -> None:
    examples = [annotated("to [Rome](city)"), annotated("in [Oslo](city)")]
    labelled = [annotated("a", "one"), annotated("b", "two")]
    trainer = trainer_of([*labelled, *examples], entity_loss_weight=0.0, batch_size=2)
    meter = _Meter()
    loss = trainer._step(trainer.corpus, np.array([2, 3]), 0.5, meter)
    assert loss == 0 and meter.intents == 0
    assert trainer._step(trainer.corpus, np.array([0, 2]), 0.5, meter) > 0
    assert meter.intents == 1


def loss_of(trainer: Trainer, messages: List[int]) -> float:
    """The loss of a batch, without dropout."""
    batch = trainer.corpus.batch(np.array(messages))
    inputs = Inputs.of(batch, trainer._table, torch.device("cpu"))
    assert batch.targets is not None
    with torch.no_grad():
        output = trainer._network.eval()(inputs)
        return trainer._loss(output, inputs, batch.targets, _Meter()).item()


def test_the_intents_loss_is_the_mean_of_the_messages_whose_intent_is_known() -> None:
    examples = [annotated("a", "one"), annotated("b c", "two"), annotated("to [Rome](city)")]
    trainer = trainer_of(examples, entity_loss_weight=0.0)
    alone = [loss_of(trainer, [message]) for message in (0, 1)]
    assert loss_of(trainer, [0, 1, 2, 2, 2]) == pytest.approx(sum(alone) / 2, rel=1e-4)


def test_the_entities_loss_is_the_mean_of_the_tokens() -> None:
    examples = [annotated("a", "one"), annotated("go to [New York](city)", "two")]
    trainer = trainer_of(examples, intent_loss_weight=0.0)
    short, long = loss_of(trainer, [0]), loss_of(trainer, [1])
    assert loss_of(trainer, [0, 1]) == pytest.approx((short + 4 * long) / 5, rel=1e-4)


@pytest.mark.parametrize("off", ["intent_loss_weight", "entity_loss_weight"])
def test_what_is_not_trusted_teaches_nothing_and_what_is_counts_as_before(off: str) -> None:
    trainer = trainer_of(toy_examples()[2:8], **{off: 0.0})
    four, six = loss_of(trainer, [0, 1, 2, 3]), loss_of(trainer, [0, 1, 2, 3, 4, 5])
    for last, expected in ((1.0, six), (0.0, four)):
        trainer.corpus = replace(trainer.corpus, trust=trust_of(1, 1, 1, 1, last, last))
        assert loss_of(trainer, [0, 1, 2, 3, 4, 5]) == pytest.approx(expected, rel=1e-5)


# Running and stopping.


def test_the_kept_weights_are_the_trained_ones() -> None:
    trainer = trainer_of(toy_examples(), epochs=4, learning_rate=0.05)
    start = trainer._network.word_embedding.detach().numpy().copy()
    weights, epochs = trainer.train(None, False)
    assert epochs == 4
    assert set(weights) == {*trainer._network.state_dict(), *VOTES}
    end = trainer._network.word_embedding.detach()
    assert np.array_equal(weights["word_embedding"], end.numpy())
    assert not np.array_equal(weights["word_embedding"], start)


def test_the_weights_of_the_best_evaluation_are_kept_as_they_were() -> None:
    trainer = trainer_of(toy_examples(), epochs=4, evaluate_every_number_of_epochs=1)
    met = []

    def evaluate(weights: Dict[str, Any]) -> Dict[str, float]:
        met.append({name: weight.copy() for name, weight in weights.items()})
        return {"figure": float(len(met) == 2)}

    weights, _ = trainer.train(evaluate, False)
    assert set(weights) == set(met[1])
    for name, weight in weights.items():
        assert np.array_equal(weight, met[1][name])
    assert not np.array_equal(weights["word_embedding"], met[2]["word_embedding"])


def test_it_stops_when_evaluations_have_not_improved_for_long() -> None:
    trainer = trainer_of(toy_examples(), epochs=40, evaluate_every_number_of_epochs=2)
    scores = iter([0.1, 0.5, *[0.4] * 40])
    _, epochs = trainer.train(lambda weights: {"figure": next(scores)}, False)
    assert epochs == 2 * (2 + PATIENCE)


@pytest.mark.parametrize(("every", "evaluated"), [(-1, [7]), (3, [3, 6, 7]), (100, [7])])
def test_it_evaluates_as_often_as_asked_and_at_the_end(every: int, evaluated: List[int]) -> None:
    trainer = trainer_of(toy_examples(), epochs=7, evaluate_every_number_of_epochs=every)
    assert [epoch for epoch in range(1, 8) if trainer._is_evaluated(epoch)] == evaluated


def test_a_loss_that_is_no_number_raises_before_it_touches_the_weights() -> None:
    trainer = trainer_of(toy_examples(), epochs=2)
    with torch.no_grad():
        trainer._network.intent.bias[0] = math.nan
    kept = trainer._network.emission.weight.detach().clone()
    with pytest.raises(TrainingError, match=r"became nan in epoch 1 of 2.*'learning_rate'"):
        trainer.train(None, False)
    assert torch.equal(trainer._network.emission.weight, kept)


# Where.


@pytest.mark.parametrize(("available", "kind"), [(True, "cuda"), (False, "cpu")])
def test_auto_is_the_gpu_if_there_is_one(
    monkeypatch: pytest.MonkeyPatch, available: bool, kind: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: available)
    assert choose_device("auto").type == kind


@pytest.mark.parametrize(
    ("name", "there"),
    [("cpu", True), ("cuda", True), ("cuda:1", True), ("cuda:2", False), ("mps", False)],
)
def test_a_device_must_be_there(monkeypatch: pytest.MonkeyPatch, name: str, there: bool) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    if there:
        assert str(choose_device(name)) == name
    else:
        with pytest.raises(TrainingError, match=f"'device: {name}' is not available"):
            choose_device(name)
