"""A BiLSTM (Hochreiter & Schmidhuber 1997) that trains fast on short sequences on a CPU.

Torch's own LSTM spends, on a batch of messages, more time on its bookkeeping than on arithmetic.
Here both directions are one recurrence over `(2, T, B, …)`, and its gradient is written out, so
that a step is a few operations and everything that does not depend on the step before is one
matrix product over all of them.
"""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rasa_joint_nlu.core.training.padding import inside_and_reversal


class BiLSTM(nn.LSTM):
    """One bidirectional layer, with the parameters of torch's, for padded batches."""

    def __init__(self, size: int, hidden: int) -> None:
        super().__init__(size, hidden, batch_first=True, bidirectional=True, device="meta")

    def encode(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """`(B, T, 2H)` states, 0 at padding, of `(B, T, D)` tokens; `lengths` on the CPU."""
        if tokens.device.type != "cpu":
            packed = pack_padded_sequence(tokens, lengths, batch_first=True, enforce_sorted=False)
            states: Tensor = pad_packed_sequence(self(packed)[0], batch_first=True)[0]
            return states
        inside, backward = inside_and_reversal(lengths, tokens.shape[1])
        rows = torch.arange(len(tokens))[:, None]
        # shape: (2, T, B, D)
        entering = torch.stack([tokens, tokens[rows, backward]]).transpose(1, 2)
        bias = self._both("bias_ih") + self._both("bias_hh")
        states = _Recurrence.apply(  # type: ignore[no-untyped-call]
            entering, self._both("weight_ih"), self._both("weight_hh"), bias
        )
        ahead, back = states.transpose(1, 2)
        return torch.cat([ahead, back[rows, backward]], 2) * inside[:, :, None]

    def _both(self, name: str) -> Tensor:
        """A parameter of both directions, stacked; the output gate's rows come first."""
        directions = [getattr(self, f"{name}_l0"), getattr(self, f"{name}_l0_reverse")]
        both: Tensor = torch.stack(directions).roll(self.hidden_size, dims=1)
        return both


class _Recurrence(torch.autograd.Function):
    """States `(2, T, B, H)` of inputs `(2, T, B, D)`.

    weight_ih `(2, 4H, D)`, weight_hh `(2, 4H, H)`, bias `(2, 4H)`; the gates are o, i, f, g.
    """

    @staticmethod
    def forward(
        ctx: Any, inputs: Tensor, weight_ih: Tensor, weight_hh: Tensor, bias: Tensor
    ) -> Tensor:
        shape, size = inputs.shape[:3], weight_hh.shape[2]
        recurrent = weight_hh.transpose(1, 2).contiguous()
        gates = torch.baddbmm(bias[:, None], inputs.flatten(1, 2), weight_ih.transpose(1, 2))
        gates = gates.view(*shape, 4 * size)
        opened, fresh = gates[..., : 3 * size], gates[..., 3 * size :]
        states: Tensor
        cells, squashed, states = gates.new_empty(3, *shape, size)
        steps = zip(*_by_step(gates, opened, fresh, *gates.chunk(4, 3), cells, squashed, states))
        state = cell = None
        for gate, open_, new, o, i, f, g, new_cell, new_squashed, new_state in steps:
            if state is not None:
                gate.baddbmm_(state, recurrent)
            open_.sigmoid_()
            new.tanh_()
            torch.mul(i, g, out=new_cell)
            if cell is not None:
                new_cell.addcmul_(f, cell)
            torch.mul(o, torch.tanh(new_cell, out=new_squashed), out=new_state)
            state, cell = new_state, new_cell
        ctx.save_for_backward(inputs, weight_ih, weight_hh, gates, cells, squashed, states)
        return states

    @staticmethod
    def backward(ctx: Any, grad_states: Tensor) -> Tuple[Tensor, ...]:
        inputs, weight_ih, weight_hh, gates, cells, squashed, states = ctx.saved_tensors
        o, i, f, g = gates.chunk(4, 3)
        # How a gate, before its squashing, moves the state (o) or the cell (i, f, g).
        slopes = gates - gates * gates
        on_o, on_i, on_f, on_g = slopes.chunk(4, 3)
        on_o *= squashed
        on_i *= g
        on_f[:, 0] = 0
        on_f[:, 1:] *= cells[:, :-1]
        torch.addcmul(i, i * g, g, value=-1, out=on_g)
        # How the cell moves the state.
        on_state = torch.addcmul(o, o * squashed, squashed, value=-1)
        grad_gates = torch.empty_like(gates)
        grads, factors = (values.unflatten(3, (4, -1)) for values in (grad_gates, slopes))
        steps = list(
            zip(
                *_by_step(grads[..., 0, :], grads[..., 1:, :], factors[..., 0, :]),
                *_by_step(factors[..., 1:, :], on_state, f, grad_gates, grad_states),
            )
        )
        following: Optional[Tensor] = None
        grad_cell = torch.zeros_like(cells[:, 0])
        for grad_o, grad_ifg, factor_o, factor_ifg, factor, kept, grad_gate, grad in steps[::-1]:
            if following is not None:
                grad = torch.baddbmm(grad, following, weight_hh)
            grad_cell.addcmul_(grad, factor)
            torch.mul(grad, factor_o, out=grad_o)
            torch.mul(grad_cell[:, :, None], factor_ifg, out=grad_ifg)
            grad_cell.mul_(kept)
            following = grad_gate
        flat = grad_gates.flatten(1, 2)
        recurrent = grad_gates[:, 1:].flatten(1, 2).transpose(1, 2)
        return (
            (flat @ weight_ih).view_as(inputs),
            flat.transpose(1, 2) @ inputs.flatten(1, 2),
            recurrent @ states[:, :-1].flatten(1, 2),
            flat.sum(1),
        )


def _by_step(*values: Tensor) -> List[Tuple[Tensor, ...]]:
    return [value.unbind(1) for value in values]
