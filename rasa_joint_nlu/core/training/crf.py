"""A linear-chain CRF over the tags of a scheme (Lafferty et al. 2001), cheap for many types.

A transition inside an entity (B→I, I→L, …) has a weight per type; every other one (an end, or
`O`, to a begin, or `O`) depends on the two labels alone. So a step costs `labels²` and not
`tags²`, a matrix product in scaled probability space, and forbidden transitions do not exist.
Layout: `transitions[from, to]` over labels (0 = `O`, `1 + i` = type `i`).
"""

from __future__ import annotations

from typing import Any, Tuple

import torch
from torch import Tensor, nn

from rasa_joint_nlu.core.tags import TagScheme


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
        if emissions.device.type == "mps":  # has no float64
            emissions, tags, lengths = emissions.cpu(), tags.cpu(), lengths.cpu()
        weights = [
            weight.to(emissions.device, torch.float64)
            for weight in (self.transitions, self.start, self.stop, self.inner)
        ]
        scheme = [
            flags.to(emissions.device, torch.float64)
            for flags in (self.begins, self.ends, self.continues)
        ]
        emissions = emissions.double()
        log_partition, posterior = _LogPartition.apply(  # type: ignore[no-untyped-call]
            emissions, lengths, *weights, *scheme
        )
        score = self._score(emissions, tags, lengths, *weights)
        return (log_partition - score).float(), posterior

    def _score(
        self,
        emissions: Tensor,
        tags: Tensor,
        lengths: Tensor,
        transitions: Tensor,
        start: Tensor,
        stop: Tensor,
        inner: Tensor,
    ) -> Tensor:
        mask = torch.arange(tags.shape[1], device=tags.device) < lengths[:, None]
        positions = self.begins.shape[0]
        # shape: (B, T); a position is meaningless where the tag is O
        labels = torch.div(tags - 1, positions, rounding_mode="floor") + 1
        places = (tags - 1) % positions
        emitted = (emissions.gather(2, tags[:, :, None])[:, :, 0] * mask).sum(1)
        inside = (labels > 0) & ~self.begins.to(tags.device)[places]
        # shape: (B, T - 1)
        source, target = labels[:, :-1], labels[:, 1:]
        passed = torch.where(
            inside[:, 1:],
            inner[(target - 1).clamp(min=0), places[:, :-1], places[:, 1:]],
            transitions[source, target],
        )
        last = labels.gather(1, lengths[:, None] - 1)[:, 0]
        return emitted + (passed * mask[:, 1:]).sum(1) + start[labels[:, 0]] + stop[last]


class _LogPartition(torch.autograd.Function):
    """`log Σ exp(score)` over all legal tag sequences, by the forward–backward algorithm.

    Its gradient is known in closed form (the posterior expectations), so the two recursions run
    once, without autograd recording every step. Everything is float64 and rescaled each step.
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
        steps, types = emissions.shape[1], inner.shape[0]
        outer, first, last = transitions.exp(), start.exp(), stop.exp()
        inside = inner.exp() * continues
        running = (torch.arange(steps, device=lengths.device)[:, None] < lengths)[:, :, None]
        # shape: (T, B, tags)
        peak = emissions.amax(2, keepdim=True).transpose(0, 1)
        potentials = (emissions.transpose(0, 1) - peak).exp()

        def split(states: Tensor) -> Tuple[Tensor, Tensor]:
            return states[..., :1], states[..., 1:].reshape(*states.shape[:-1], types, -1)

        def by_label(states: Tensor, flags: Tensor) -> Tensor:
            outside, typed = split(states)
            return torch.cat([outside, typed @ flags], -1)

        def by_tag(labels: Tensor, flags: Tensor, typed: Tensor) -> Tensor:
            typed = typed + labels[..., 1:, None] * flags
            return torch.cat([labels[..., :1], typed.flatten(-2)], -1)

        no_entity = emissions.new_zeros(types, len(begins))
        alpha = potentials.new_empty(potentials.shape)
        scale = potentials.new_ones(steps, emissions.shape[0], 1)
        for step in range(steps):
            if step == 0:
                entering = by_tag(first, begins, no_entity)
            else:
                before = alpha[step - 1]
                going_on = (split(before)[1].unsqueeze(-1) * inside).sum(-2)
                entering = by_tag(by_label(before, ends) @ outer, begins, going_on)
            reached = potentials[step] * entering
            total = reached.sum(-1, keepdim=True)
            scale[step] = torch.where(running[step], total, scale[step])
            alpha[step] = torch.where(running[step], reached / total, alpha[step - 1])
        # shape: (B, 1)
        ended = (by_label(alpha[-1], ends) * last).sum(-1, keepdim=True)
        log_partition = ((scale.log() + peak) * running).sum(0) + ended.log()

        beta = torch.empty_like(alpha)
        beta[-1] = by_tag(last, ends, no_entity)
        ahead = torch.zeros_like(alpha)
        for step in range(steps - 2, -1, -1):
            ahead[step + 1] = potentials[step + 1] * beta[step + 1] / scale[step + 1]
            going_on = (inside * split(ahead[step + 1])[1].unsqueeze(-2)).sum(-1)
            onward = by_tag(by_label(ahead[step + 1], begins) @ outer.T, ends, going_on)
            beta[step] = torch.where(running[step + 1], onward, beta[-1])
        ahead[0] = potentials[0] * beta[0] / scale[0]
        ahead *= running / ended

        posterior = (alpha * beta * running / ended).transpose(0, 1)
        ctx.mark_non_differentiable(posterior)
        ctx.save_for_backward(
            posterior,
            by_label(alpha, ends),
            by_label(ahead, begins),
            split(alpha)[1],
            split(ahead)[1],
            by_label(alpha[-1], ends) / ended,
            outer,
            first,
            last,
            inside,
        )
        return log_partition[:, 0], posterior

    @staticmethod
    def backward(ctx: Any, grad: Tensor, _: Tensor) -> Tuple[Any, ...]:
        (posterior, ending, beginning, alpha, ahead, stopping, outer, first, last, inside) = (
            ctx.saved_tensors
        )
        weight = grad[:, None]
        beginning = beginning * weight
        grad_emissions = posterior * weight[:, :, None]
        crossing = ending[:-1].flatten(0, 1).T @ beginning[1:].flatten(0, 1)
        going_on = torch.einsum("sbnp,sbnq->npq", alpha[:-1], ahead[1:] * weight[:, :, None])
        return (
            grad_emissions,
            None,
            outer * crossing,
            first * beginning[0].sum(0),
            last * (stopping * weight).sum(0),
            inside * going_on,
            None,
            None,
            None,
        )
