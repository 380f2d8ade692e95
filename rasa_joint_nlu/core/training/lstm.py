"""A BiLSTM (Hochreiter & Schmidhuber 1997) that trains fast on short sequences on a CPU.

It forgets as much as it takes in: one gate does both (Greff et al. 2017, "LSTM: A Search Space
Odyssey"), and a cell is a running average.

Torch's own LSTM spends, on a batch of messages, more time on its bookkeeping than on arithmetic.
Here all chains, both directions of each part, are one recurrence over `(C, T, B, …)`, and its
gradient is written out, so that a step is a few operations and everything that does not depend on
the step before is one matrix product over all of them. With `σ` the logistic function:

    o, i = σ(…), σ(…)      new = tanh(…)      … = x W_ih + h' W_hh + b   (h', c': the step before)
    c = (1 - i) c' + i new                    h = o tanh(c)

Backwards, `d` before a name is the loss's gradient by it:

    d c  = d h · o (1 - tanh²(c)) + d c from the step after       d c' = (1 - i) d c
    d(…) = d h · tanh(c) o (1 - o)        of the output gate
           d c · (new - c') i (1 - i)     of the input gate
           d c · i (1 - new²)             of the new
    d h' = d(…) W_hh
"""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rasa_joint_nlu.core.batch import inside_and_reversal


class BiLSTM(nn.Module):
    """One bidirectional layer, of independent parts, for padded batches.

    The chains of a part, forward and backward, follow each other. Parameters, of `C` chains:
    weight_ih `(C, 3H, D)`, weight_hh `(C, 3H, H)`, bias `(C, 3H)`. The gates are output, input,
    new: those with the same squashing beside each other.
    """

    def __init__(self, size: int, hidden: int, parts: int, device: torch.device) -> None:
        super().__init__()
        self.weight_ih = nn.Parameter(torch.empty(2 * parts, 3 * hidden, size, device=device))
        self.weight_hh = nn.Parameter(torch.empty(2 * parts, 3 * hidden, hidden, device=device))
        self.bias = nn.Parameter(torch.empty(2 * parts, 3 * hidden, device=device))

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """`(B, T, C H)` states, 0 at padding, of `(B, T, D)` tokens; `lengths` on the CPU."""
        if tokens.device.type != "cpu":
            return self._encode_by_torch(tokens, lengths)
        inside, backward = inside_and_reversal(lengths.numpy(), tokens.shape[1])
        states: Tensor = _Recurrence.apply(  # type: ignore[no-untyped-call]
            tokens,
            self.weight_ih,
            self.weight_hh,
            self.bias,
            torch.from_numpy(inside)[:, :, None],
            torch.from_numpy(backward),
        )
        return states

    def _encode_by_torch(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """The same by torch's own LSTM, which is the fast one on a GPU."""
        packed = pack_padded_sequence(tokens, lengths, batch_first=True, enforce_sorted=False)
        zeros = tokens.new_zeros(2, len(lengths), self.weight_hh.shape[2])
        states = []
        for part in range(len(self.weight_hh) // 2):
            weights = self.as_in_torch(part)
            data, *_ = torch.lstm(
                packed.data, packed.batch_sizes, (zeros, zeros), weights, True, 1, 0.0, True, True
            )
            states.append(pad_packed_sequence(packed._replace(data=data), batch_first=True)[0])
        return torch.cat(states, dim=2)

    def as_in_torch(self, part: int) -> List[Tensor]:
        """A part's weights in the order, and with the gates in the order, of `nn.LSTM`.

        Its forget gate is 1 - sigmoid(x), where x is what the input gate is given: sigmoid(-x).
        """
        weights: List[Tensor] = []
        for chain in (2 * part, 2 * part + 1):
            gates = [
                weight[chain].chunk(3) for weight in (self.weight_ih, self.weight_hh, self.bias)
            ]
            ih, hh, bias = (torch.cat([i, -i, new, o]) for o, i, new in gates)
            weights += ih, hh, bias, torch.zeros_like(bias)
        return weights


class _Recurrence(torch.autograd.Function):
    """States `(B, T, C H)` of tokens `(B, T, D)`, as `BiLSTM.forward` gives them.

    inside `(B, T, 1)`, True = a token; backward `(B, T)`, positions from the last to the first.
    """

    @staticmethod
    def forward(
        ctx: Any,
        tokens: Tensor,
        weight_ih: Tensor,
        weight_hh: Tensor,
        bias: Tensor,
        inside: Tensor,
        backward: Tensor,
    ) -> Tensor:
        batch, time, size = tokens.shape
        chains, _, hidden = weight_hh.shape
        rows = torch.arange(batch)
        inputs = tokens.new_empty(chains, time, batch, size)
        inputs[0::2], inputs[1::2] = tokens.transpose(0, 1), tokens[rows, backward.T]
        gates = torch.baddbmm(bias[:, None], inputs.flatten(1, 2), weight_ih.transpose(1, 2))
        gates = gates.view(chains, time, batch, 3 * hidden)
        opened = gates[..., : 2 * hidden]
        states: Tensor
        cells, squashed, states = gates.new_empty(3, chains, time, batch, hidden)
        recurrent = weight_hh.transpose(1, 2)
        o, i, fresh = gates.chunk(3, 3)
        steps = zip(*_by_step(gates, opened, fresh, o, i, cells, squashed, states))
        state, cell = None, gates.new_zeros(chains, batch, hidden)
        for gate, open_, new, o, i, new_cell, new_squashed, new_state in steps:
            if state is not None:
                gate.baddbmm_(state, recurrent)
            open_.sigmoid_()
            new.tanh_()
            torch.lerp(cell, new, i, out=new_cell)
            torch.mul(o, torch.tanh(new_cell, out=new_squashed), out=new_state)
            state, cell = new_state, new_cell
        ctx.save_for_backward(
            inputs, weight_ih, weight_hh, gates, cells, squashed, states, inside, backward
        )
        result = states.new_empty(batch, time, chains, hidden)
        result[:, :, 0::2] = states[0::2].permute(2, 1, 0, 3)
        result[:, :, 1::2] = states[1::2, backward, rows[:, None]].permute(1, 2, 0, 3)
        return result.flatten(2).mul_(inside)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tuple[Optional[Tensor], ...]:
        inputs, weight_ih, weight_hh, gates, cells, squashed, states, inside, backward = (
            ctx.saved_tensors
        )
        rows = torch.arange(len(grad))
        grad_states = torch.empty_like(states)
        grad = (grad * inside).unflatten(2, (len(states), -1))
        grad_states[0::2] = grad[:, :, 0::2].permute(2, 1, 0, 3)
        grad_states[1::2] = grad[rows, backward.T, 1::2].permute(2, 0, 1, 3)
        grad_gates = _gradient_of_gates(grad_states, weight_hh, gates, cells, squashed)
        flat = grad_gates.flatten(1, 2)
        recurrent = grad_gates[:, 1:].flatten(1, 2).transpose(1, 2)
        grad_inputs = (flat @ weight_ih).view_as(inputs)
        ahead, back = grad_inputs[0::2].sum(0), grad_inputs[1::2].sum(0)
        return (
            ahead.transpose(0, 1) + back[backward, rows[:, None]],
            flat.transpose(1, 2) @ inputs.flatten(1, 2),
            recurrent @ states[:, :-1].flatten(1, 2),
            flat.sum(1),
            None,
            None,
        )


def _gradient_of_gates(
    grad_states: Tensor, weight_hh: Tensor, gates: Tensor, cells: Tensor, squashed: Tensor
) -> Tensor:
    """`(C, T, B, 3H)`, of the gates before their squashing."""
    o, i, new = gates.chunk(3, 3)
    # Of each gate, what d h (o) or d c (inner: i, new) is multiplied with to be d(…).
    slopes = torch.addcmul(gates, gates, gates, value=-1)
    on_o, on_i, on_new = slopes.chunk(3, 3)
    on_o *= squashed
    on_i[:, 0] *= new[:, 0]
    on_i[:, 1:] *= new[:, 1:] - cells[:, :-1]
    torch.addcmul(i, i * new, new, value=-1, out=on_new)
    # What d h is multiplied with to be a part of d c, and d c to be d c'.
    on_state = torch.addcmul(o, o * squashed, squashed, value=-1)
    on_cell = 1 - i
    grad_gates = torch.empty_like(gates)
    grads, factors = (v.view(*v.shape[:3], 3, -1) for v in (grad_gates, slopes))
    steps = list(
        zip(
            *_by_step(grads[..., 0, :], grads[..., 1:, :], factors[..., 0, :]),
            *_by_step(factors[..., 1:, :], on_state, on_cell, grad_gates, grad_states),
        )
    )
    following: Optional[Tensor] = None
    grad_cell = torch.zeros_like(cells[:, 0])
    for grad_o, grad_inner, factor_o, factor_inner, factor, kept, grad_gate, grad in steps[::-1]:
        if following is not None:
            grad = grad.baddbmm_(following, weight_hh)
        grad_cell.addcmul_(grad, factor)
        torch.mul(grad, factor_o, out=grad_o)
        torch.mul(grad_cell[:, :, None], factor_inner, out=grad_inner)
        grad_cell.mul_(kept)
        following = grad_gate
    return grad_gates


def _by_step(*values: Tensor) -> List[Tuple[Tensor, ...]]:
    return [value.unbind(1) for value in values]
