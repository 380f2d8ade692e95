"""A linear-chain CRF over the tags of a scheme (Lafferty et al. 2001), cheap for many types.

A transition inside an entity (B→I, I→L, …) has a weight per type; every other one (an end, or
`O`, to a begin, or `O`) depends on the two labels alone. So a step costs `labels²` and not
`tags²`, a matrix product in scaled probability space, and forbidden transitions do not exist.
Layout: `transitions[from, to]` over labels (0 = `O`, `1 + i` = type `i`). A state of the chain is
a place of the scheme and a label, `(P, K)`; label 0 has the one place of an entity of one token.
"""

from __future__ import annotations

from typing import Any, Tuple

import torch
from torch import Tensor, nn

from rasa_joint_nlu.core.tags import TagScheme
from rasa_joint_nlu.core.training.padding import inside_and_reversal

_LEAST_SCORE = -60.0
"""No emission counts as further below the highest of its token, lest its exponential vanish."""


class CRF(nn.Module):
    """Scores of tag sequences over `num_types` entity types.

    Parameters: transitions `(labels, labels)`; start, stop `(labels,)`;
    inner `(types, P, P)`, used only where the scheme lets an entity go on.
    """

    begins: Tensor
    ends: Tensor
    continues: Tensor

    def __init__(self, num_types: int, scheme: TagScheme) -> None:
        super().__init__()
        positions = len(scheme.positions)
        self.transitions = nn.Parameter(torch.zeros(num_types + 1, num_types + 1))
        self.start = nn.Parameter(torch.zeros(num_types + 1))
        self.stop = nn.Parameter(torch.zeros(num_types + 1))
        self.inner = nn.Parameter(torch.zeros(num_types, positions, positions))
        for name in ("begins", "ends", "continues"):
            flags = torch.from_numpy(getattr(scheme, name))
            self.register_buffer(name, flags, persistent=False)

    def negative_log_likelihood(
        self, emissions: Tensor, tags: Tensor, lengths: Tensor
    ) -> Tuple[Tensor, Tensor]:
        """`-log P(tags | emissions)` of each message, and the posterior of every tag.

        Args:
            emissions: `(B, T, tags)`.
            tags: `(B, T)`, a legal sequence in the first `lengths` positions.
            lengths: `(B,)`, at least 1 each.

        Returns:
            `(B,)` in nats, differentiable, and `(B, T, tags)` probabilities, which are not.
        """
        log_partition, posterior = _LogPartition.apply(  # type: ignore[no-untyped-call]
            emissions,
            lengths,
            self.transitions,
            self.start,
            self.stop,
            self.inner,
            self.begins,
            self.ends,
            self.continues,
        )
        return log_partition - self._score(emissions, tags, lengths), posterior

    def _score(self, emissions: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
        mask = torch.arange(tags.shape[1], device=tags.device) < lengths[:, None]
        positions = len(self.begins)
        # shape: (B, T); a position is meaningless where the tag is O
        labels = torch.div(tags - 1, positions, rounding_mode="floor") + 1
        places = (tags - 1) % positions
        emitted = (emissions.gather(2, tags[:, :, None])[:, :, 0] * mask).sum(1)
        inside = (labels > 0) & ~self.begins[places]
        # shape: (B, T - 1)
        source, target = labels[:, :-1], labels[:, 1:]
        passed = torch.where(
            inside[:, 1:],
            self.inner[(target - 1).clamp(min=0), places[:, :-1], places[:, 1:]],
            self.transitions[source, target],
        )
        last = labels.gather(1, lengths[:, None] - 1)[:, 0]
        edges = self.start[labels[:, 0]] + self.stop[last]
        return emitted + (passed * mask[:, 1:]).sum(1) + edges


class _LogPartition(torch.autograd.Function):
    """`log Σ exp(score)` over all legal tag sequences, by the forward–backward algorithm.

    Both recursions are one, run over the messages and over their reversals, rescaled each step.
    The gradient is known in closed form (the posterior expectations), so autograd records none.
    """

    @staticmethod
    def forward(
        ctx: Any,
        emissions: Tensor,
        lengths: Tensor,
        transitions: Tensor,
        start: Tensor,
        stop: Tensor,
        inner: Tensor,
        begins: Tensor,
        ends: Tensor,
        continues: Tensor,
    ) -> Tuple[Tensor, Tensor]:
        batch, steps, _ = emissions.shape
        types, places = inner.shape[:2]
        single = int((begins & ends).int().argmax())
        # shape: (2, P, K), 1 where a label may begin, and where it may end
        edges = emissions.new_zeros(2, places, types + 1)
        edges[:, :, 1:] = torch.stack([begins, ends])[:, :, None]
        edges[:, single, 0] = 1
        outer, first, last = transitions.exp(), start.exp(), stop.exp()
        # shape: (P, P, K)
        inside = emissions.new_zeros(places, places, types + 1)
        inside[:, :, 1:] = (inner.exp() * continues).permute(1, 2, 0)

        # shape: (P, K), the tag of each state
        tags = torch.zeros(places, types + 1, dtype=torch.long, device=emissions.device)
        tags[:, 1:] = 1 + torch.arange(types * places, device=tags.device).view(types, places).T
        running, back = inside_and_reversal(lengths, steps)
        rows = torch.arange(batch, device=tags.device)
        peak = emissions.amax(2, keepdim=True)
        scaled = (emissions - peak).clamp(min=_LEAST_SCORE).exp()[:, :, tags]
        # shape: (T, 2, B, P, K), forward and backward
        potentials = torch.stack([scaled, scaled[rows[:, None], back]]).permute(2, 0, 1, 3, 4)
        arrived, states, leaving, scale = _recur(
            potentials.contiguous(),
            torch.stack([first, last]),
            edges,
            torch.stack([outer, outer.T]),
            torch.stack([inside, inside.transpose(0, 1)]),
        )
        # shapes: (T, B, P, K), (T, B, P, K), (T, B)
        alpha, beta, gained = states[:, 0], arrived[back.T, 1, rows], scale[:, 0, :, 0, 0]
        stopping = leaving[lengths - 1, 0, rows] * last
        ended = stopping.sum(1, keepdim=True)
        log_partition = ((gained.T.log() + peak[:, :, 0]) * running).sum(1) + ended[:, 0].log()

        joint = alpha * beta
        mass = joint.sum((2, 3), keepdim=True).clamp(min=torch.finfo(joint.dtype).tiny)
        joint *= running.T[:, :, None, None] / mass
        posterior = torch.empty_like(emissions)
        posterior[:, :, 0] = joint[:, :, single, 0].T
        posterior[:, :, 1:] = joint[..., 1:].permute(1, 0, 3, 2).flatten(2)
        # What is to come from a state on, so that its product with what arrives is a probability.
        share = running.T[:, :, None, None] / (gained[:, :, None, None] * mass)
        coming = beta * potentials[:, 0] * share
        ctx.mark_non_differentiable(posterior)
        ctx.save_for_backward(
            posterior,
            leaving[:, 0],
            (coming * edges[0]).sum(2),
            alpha[..., 1:],
            coming[..., 1:],
            joint[0].sum(1),
            stopping / ended,
            outer,
            inside[..., 1:],
        )
        return log_partition, posterior

    @staticmethod
    def backward(ctx: Any, grad: Tensor, _: Tensor) -> Tuple[Any, ...]:
        posterior, leaving, beginning, alpha, coming, starting, stopping, outer, inside = (
            ctx.saved_tensors
        )
        weight = grad[:, None]
        crossing = leaving[:-1].flatten(0, 1).T @ (beginning[1:] * weight).flatten(0, 1)
        going_on = torch.einsum("tbpk,tbqk->kpq", alpha[:-1], coming[1:] * weight[:, :, None])
        return (
            posterior * weight[:, :, None],
            None,
            outer * crossing,
            (starting * weight).sum(0),
            (stopping * weight).sum(0),
            inside.permute(2, 0, 1) * going_on,
            None,
            None,
            None,
        )


def _recur(
    potentials: Tensor, outset: Tensor, edges: Tensor, cross: Tensor, stay: Tensor
) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    """The recursion of forward–backward in two directions at once, in probability space.

    Args:
        potentials: `(T, 2, B, P, K)`.
        outset: `(2, K)`, the weight of a label at the beginning of a direction.
        edges: `(2, P, K)`, where a label may be entered, forward and backward.
        cross: `(2, K, K)`, weights from label to label.
        stay: `(2, P, P, K)`, weights from place to place inside a label.

    Returns:
        What arrives at each state before its potential counts; the states, which sum to 1;
        `(T, 2, B, K)`, what leaves each label; `(T, 2, B, 1, 1)`, the sum before the scaling.
    """
    steps, _, batch, _, _ = potentials.shape
    enter, leave, stay = edges[:, None], edges.flip(0)[:, None], stay[:, None]
    arrived, states = torch.empty_like(potentials), torch.empty_like(potentials)
    leaving = potentials.new_empty(steps, 2, batch, cross.shape[1])
    scale = potentials.new_empty(steps, 2, batch, 1, 1)
    flow = outset[:, None].expand(-1, batch, -1)
    for step in range(steps):
        torch.mul(flow[:, :, None], enter, out=arrived[step])
        if step:
            arrived[step] += (states[step - 1].unsqueeze(3) * stay).sum(2)
        torch.mul(arrived[step], potentials[step], out=states[step])
        torch.sum(states[step], (2, 3), keepdim=True, out=scale[step])
        states[step] /= scale[step]
        torch.sum(states[step] * leave, 2, out=leaving[step])
        flow = leaving[step] @ cross
    return arrived, states, leaving, scale
