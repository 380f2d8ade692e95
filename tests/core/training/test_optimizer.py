"""The optimizer against torch's own, and its tables against plain arithmetic."""

from __future__ import annotations

import math
from typing import List

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from rasa_joint_nlu.core.training.optimizer import (
    GRADIENT_NORM,
    MEMORY,
    MOMENTUM,
    WEIGHT_DECAY,
    Optimizer,
)


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.table = nn.Parameter(torch.randn(5, 2, generator=generator))
        self.weight = nn.Parameter(torch.randn(2, 3, generator=generator))
        self.bias = nn.Parameter(torch.randn(3, generator=generator))
        self.frozen = nn.Parameter(torch.ones(2), requires_grad=False)
        self.idle = nn.Parameter(torch.ones(1))

    def loss(self, rows: Tensor) -> Tensor:
        return (rows @ self.weight + self.bias).tanh().square().sum()


def run(batches: List[List[int]], rate: float = 0.01) -> tuple:
    network = Network()
    optimizer = Optimizer(dict(network.named_parameters()), ["table"])
    for batch in batches:
        (rows,) = optimizer.borrow([torch.tensor(batch)])
        optimizer.step(network.loss(rows), rate)
    return network, optimizer


def test_weights_go_where_adamw_takes_them() -> None:
    network, optimizer = run([[0, 1, 2, 3, 4]] * 20)
    theirs = Network()
    settings = {"lr": 0.01, "weight_decay": WEIGHT_DECAY}
    weights = [theirs.weight, theirs.bias, theirs.idle]
    dense = torch.optim.AdamW(weights, betas=(MOMENTUM, MEMORY), **settings)
    table = torch.optim.AdamW([theirs.table], betas=(0.0, MEMORY), **settings)
    for _ in range(20):
        for one in (dense, table):
            one.zero_grad()
        theirs.loss(theirs.table).backward()
        theirs.idle.grad = torch.zeros(1)
        for one in (dense, table):
            one.step()
    for name, weight in theirs.state_dict().items():
        torch.testing.assert_close(network.state_dict()[name], weight, rtol=1e-4, atol=1e-5)
    assert optimizer.updates == 20


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sets(st.integers(0, 4), min_size=1).map(sorted), min_size=1, max_size=12))
def test_a_table_is_read_and_written_where_it_is_met(batches: List[List[int]]) -> None:
    network = Network()
    optimizer = Optimizer(dict(network.named_parameters()), ["table"])
    for batch in batches:
        before = network.table.detach().clone()
        (rows,) = optimizer.borrow([torch.tensor(batch)])
        assert torch.equal(rows, before[batch])
        optimizer.step(network.loss(rows), 0.01)
        others = [row for row in range(5) if row not in batch]
        assert torch.equal(network.table[others], before[others])
        assert not (network.table[batch] == before[batch]).all(1).any()


def test_rows_met_now_and_then_remember_as_adamw_does() -> None:
    """A gradient of zero changes nothing but what is remembered, as in AdamW without momentum."""
    network, _ = run([[1], [0], [0], [1]], rate=0.01)
    theirs = Network()
    table = torch.optim.AdamW([theirs.table], lr=0.01, betas=(0.0, MEMORY), weight_decay=0)
    dense = torch.optim.AdamW([theirs.weight, theirs.bias], lr=0.01, betas=(MOMENTUM, MEMORY))
    for row in (1, 0, 0, 1):
        for one in (dense, table):
            one.zero_grad()
        theirs.loss(theirs.table[[row]]).backward()
        for one in (dense, table):
            one.step()
    torch.testing.assert_close(network.table, theirs.table, rtol=0, atol=1e-3)


def test_it_returns_the_norm_of_the_gradient_and_clips_it() -> None:
    network = Network()
    optimizer = Optimizer(dict(network.named_parameters()), ["table"])
    (rows,) = optimizer.borrow([torch.tensor([0, 3])])
    norm = optimizer.step(1e4 * network.loss(rows), 0.01)
    exact = Network()
    (1e4 * exact.loss(exact.table[[0, 3]])).backward()
    gradients = [w.grad for w in exact.parameters() if w.grad is not None]
    assert norm == pytest.approx(torch.stack([g.norm() for g in gradients]).norm().item(), rel=1e-4)
    assert norm > GRADIENT_NORM
    kept = math.sqrt(float(optimizer._squares.sum() / (1 - MEMORY)) + of_table(optimizer))
    assert kept == pytest.approx(GRADIENT_NORM, rel=1e-3)


def of_table(optimizer: Optimizer) -> float:
    return float(optimizer._tables["table"]._squares.sum() / (1 - MEMORY))


def test_a_gradient_that_is_no_number_changes_nothing() -> None:
    network = Network()
    optimizer = Optimizer(dict(network.named_parameters()), ["table"])
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    (rows,) = optimizer.borrow([torch.tensor([1])])
    norm = optimizer.step(network.loss(rows) * math.nan, 0.01)
    assert math.isnan(norm) and optimizer.updates == 0
    assert all(torch.equal(weight, before[n]) for n, weight in network.state_dict().items())


def test_what_is_frozen_stays_and_what_the_loss_does_not_use_only_decays() -> None:
    network, _ = run([[0]])
    assert torch.equal(network.frozen, torch.ones(2))
    assert network.idle.item() == pytest.approx(1 - 0.01 * WEIGHT_DECAY, rel=1e-6)
