"""The BiLSTM against torch's own."""

from __future__ import annotations

from typing import List, Tuple

import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rasa_joint_nlu.core.training.lstm import BiLSTM


def random_lstm(size: int, hidden: int) -> BiLSTM:
    lstm = BiLSTM(size, hidden).to_empty(device="cpu").double()
    for weight in lstm.parameters():
        weight.data = 0.5 * torch.randn(weight.shape, dtype=torch.float64)
    return lstm


def torch_states(lstm: BiLSTM, tokens: Tensor, lengths: Tensor) -> Tensor:
    packed = pack_padded_sequence(tokens, lengths, batch_first=True, enforce_sorted=False)
    return pad_packed_sequence(lstm(packed)[0], batch_first=True)[0]


@pytest.mark.parametrize("lengths", [[5, 2, 1, 5], [1], [1, 1], [7]])
def test_states_and_gradients_equal_those_of_torch(lengths: List[int]) -> None:
    lstm = random_lstm(size=3, hidden=4)
    tokens = torch.randn(len(lengths), max(lengths), 3, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(len(lengths), max(lengths), 8, dtype=torch.float64)

    def run(states: Tensor) -> Tuple[Tensor, ...]:
        wanted = [tokens, *lstm.parameters()]
        return (states, *torch.autograd.grad((states * weights).sum(), wanted))

    expected = run(torch_states(lstm, tokens, torch.tensor(lengths)))
    found = run(lstm.encode(tokens, torch.tensor(lengths)))
    for ours, theirs in zip(found, expected):
        assert torch.allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_padding_neither_has_a_state_nor_changes_one() -> None:
    lstm = random_lstm(size=3, hidden=4)
    tokens = torch.randn(1, 6, 3, dtype=torch.float64)
    states = lstm.encode(tokens, torch.tensor([4]))
    assert torch.equal(states[0, 4:], torch.zeros(2, 8, dtype=torch.float64))
    assert torch.allclose(states[:, :4], lstm.encode(tokens[:, :4], torch.tensor([4])))
