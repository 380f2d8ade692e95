"""The BiLSTM against torch's own."""

from __future__ import annotations

from typing import Callable, List, Tuple

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from rasa_joint_nlu.core.training.lstm import BiLSTM

SIZE, HIDDEN, PARTS = 3, 4, 2


def random_lstm() -> BiLSTM:
    lstm = BiLSTM(SIZE, HIDDEN, PARTS, torch.device("cpu")).double()
    for weight in lstm.parameters():
        weight.data = 0.5 * torch.randn(weight.shape, dtype=torch.float64)
    return lstm


def states_of_torch(lstm: BiLSTM, tokens: Tensor, lengths: Tensor) -> Tensor:
    """What one `nn.LSTM` for each part makes of the same weights."""
    theirs = nn.LSTM(SIZE, HIDDEN, batch_first=True, bidirectional=True)
    names = [name for name, _ in theirs.named_parameters()]
    packed = pack_padded_sequence(tokens, lengths, batch_first=True, enforce_sorted=False)
    states = []
    for part in range(PARTS):
        weights = dict(zip(names, lstm.as_in_torch(part)))
        found: PackedSequence = functional_call(theirs, weights, (packed,))[0]
        states.append(pad_packed_sequence(found, batch_first=True)[0])
    return torch.cat(states, dim=2)


@pytest.mark.parametrize("encode", [BiLSTM.forward, BiLSTM._encode_by_torch])
@pytest.mark.parametrize("lengths", [[5, 2, 1, 5], [1], [1, 1], [7]])
def test_states_and_gradients_equal_those_of_torch(
    encode: Callable[..., Tensor], lengths: List[int]
) -> None:
    lstm = random_lstm()
    tokens = torch.randn(len(lengths), max(lengths), SIZE, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(len(lengths), max(lengths), 2 * PARTS * HIDDEN, dtype=torch.float64)

    def run(states: Tensor) -> Tuple[Tensor, ...]:
        wanted = [tokens, *lstm.parameters()]
        return (states, *torch.autograd.grad((states * weights).sum(), wanted))

    expected = run(states_of_torch(lstm, tokens, torch.tensor(lengths)))
    found = run(encode(lstm, tokens, torch.tensor(lengths)))
    for ours, theirs in zip(found, expected):
        assert torch.allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_padding_neither_has_a_state_nor_changes_one() -> None:
    lstm = random_lstm()
    tokens = torch.randn(1, 6, SIZE, dtype=torch.float64)
    states = lstm(tokens, torch.tensor([4]))
    assert torch.equal(states[0, 4:], torch.zeros(2, 2 * PARTS * HIDDEN, dtype=torch.float64))
    assert torch.allclose(states[:, :4], lstm(tokens[:, :4], torch.tensor([4])))
