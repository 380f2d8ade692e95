"""The CRF's loss and its gradient; `rasa_joint_nlu.core.crf` has the layout.

For scores `s(y)` of paths, with the right path `y*` and `p(y) = exp(s(y)) / Z`,

    loss = log Z − s(y*)          Z = Σ_y exp(s(y))
    d loss / d w = E_p[count of w on y] − (count of w on y*)

for each weight `w`, be it an emission, a transition or an inner step. Forward–backward gives `Z`
and the expectations: with `α(t, y)` the weight of all that comes before and with state `y` at token
`t`, `β(t, y)` of all that comes after it, and `ψ` an emission's factor,

    P(y at t)           = α(t, y) β(t, y) / Z
    P(y at t, y' at t+1) = α(t, y) factor(y, y') ψ(t+1, y') β(t+1, y') / Z

The arithmetic is NumPy's, whose calls cost a fifth of torch's on arrays as small as these.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Tuple

import numpy as np
import torch
from torch import Tensor, nn

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import inside, inside_and_reversal
from rasa_joint_nlu.core.crf import (
    BEGUN,
    ENDS,
    GOES_ON,
    OPEN,
    REVERSED,
    UNIT,
    Factors,
    Scores,
)
from rasa_joint_nlu.core.tags import TagScheme

_LEAST_SCORE = -60.0
"""No emission counts as further below the highest of its token, lest its exponential vanish."""
_LEAST_MASS = 1e-36
Shape = Tuple[int, ...]


class CRF(nn.Module):
    """Scores of tag sequences over `num_types` entity types.

    Parameters: transitions `(labels, labels)`; start, stop `(labels,)`;
    inner `(types, P, P)`, used only where the scheme lets an entity go on.
    """

    def __init__(self, num_types: int, scheme: TagScheme) -> None:
        super().__init__()
        positions = len(scheme.positions)
        self._scheme = scheme
        self.transitions = nn.Parameter(torch.zeros(num_types + 1, num_types + 1))
        self.start = nn.Parameter(torch.zeros(num_types + 1))
        self.stop = nn.Parameter(torch.zeros(num_types + 1))
        self.inner = nn.Parameter(torch.zeros(num_types, positions, positions))

    def negative_log_likelihood(
        self, emissions: Tensor, tags: Array, lengths: Array
    ) -> Tuple[Tensor, Array]:
        """`-log P(tags | emissions)` of each message, and the posterior of every tag.

        Args:
            emissions: `(B, T, tags)`.
            tags: `(B, T)`, a legal sequence in the first `lengths` positions.
            lengths: `(B,)`, at least 1 each.

        Returns:
            `(B,)` in nats, differentiable, and `(B, T, tags)` probabilities.
        """
        weights = (self.transitions, self.start, self.stop, self.inner)
        loss, posterior = _NegativeLogLikelihood.apply(  # type: ignore[no-untyped-call]
            emissions, *weights, tags, lengths, self._scheme
        )
        return loss, posterior.numpy()


class _NegativeLogLikelihood(torch.autograd.Function):
    """The log of the sum over all legal paths, by forward–backward, without the right path's score.

    Both recursions are one, run over the messages and over their reversals, rescaled each step.
    The gradient is known in closed form: how often a path is expected to take a step, without how
    often the right one does.
    """

    @staticmethod
    def forward(
        ctx: Any,
        emissions: Tensor,
        transitions: Tensor,
        start: Tensor,
        stop: Tensor,
        inner: Tensor,
        tags: Array,
        lengths: Array,
        scheme: TagScheme,
    ) -> Tuple[Tensor, Tensor]:
        values = tuple(value.detach().cpu().numpy() for value in (transitions, start, stop, inner))
        factors = Scores.of(scheme, *values).factors()
        scores: Array = emissions.detach().cpu().numpy()
        # What overflows makes the loss, or its gradient, no number: the training tells of that.
        with np.errstate(over="ignore", invalid="ignore"):
            log_partition, expected = _expectations(scores, lengths, factors, scheme)
        gold = _Gold.of(tags, lengths, scheme)
        losses = log_partition - gold.path_scores(scores, values)
        loss = torch.from_numpy(losses).to(emissions.device)
        posterior = torch.from_numpy(expected.posterior)
        ctx.mark_non_differentiable(posterior)
        ctx.saved = expected, gold, factors, values[3].shape, emissions.device
        return loss, posterior

    @staticmethod
    def backward(ctx: Any, grad: Tensor, _: Tensor) -> Tuple[Any, ...]:
        expected, gold, factors, inner_shape, device = ctx.saved
        # shape: (B,), what each message's loss counts
        of_messages: Array = grad.cpu().numpy()
        gradients = zip(
            expected.counts(of_messages, factors, gold.scheme, inner_shape),
            gold.counts(of_messages, inner_shape),
        )
        differences = (torch.from_numpy(found - true).to(device) for found, true in gradients)
        return (*differences, None, None, None)


class _Expected(NamedTuple):
    """What the paths of a batch are expected to do, each weighted with its probability.

    posterior `(B, T, tags)`: of each tag; leaving `(T, B, K)`: the weight of leaving a label;
    open `(T, B, 2, K)`: of being in an open place; entering `(T, B, K)`, staying
    `(T, B, 2, K)`: what the product with those of the token before has to be multiplied with to
    be the probability of the step; first, last `(B, K)`: of the label of either end.
    """

    posterior: Array
    leaving: Array
    entering: Array
    open: Array
    staying: Array
    first: Array
    last: Array

    def counts(
        self, of_messages: Array, factors: Factors, scheme: TagScheme, inner_shape: Shape
    ) -> Tuple[Array, ...]:
        """Of tags, transitions, starts, stops and inner steps, each message counted as given."""
        labels = self.first.shape[1]
        entering = self.entering[1:] * of_messages[:, None]
        crossing = self.leaving[:-1].reshape(-1, labels).T @ entering.reshape(-1, labels)
        staying = self.staying[1:] * of_messages[:, None, None]
        inner = np.zeros(inner_shape, self.posterior.dtype)
        for a, before in enumerate(scheme.places[OPEN]):
            for b, after in enumerate(scheme.places[GOES_ON]):
                both = (self.open[:-1, :, a] * staying[:, :, b]).sum((0, 1))
                inner[:, before, after] += (both * factors.stay[0, a, b])[1:]
        return (
            self.posterior * of_messages[:, None, None],
            crossing * factors.cross[0],
            of_messages @ self.first,
            of_messages @ self.last,
            inner,
        )


def _expectations(
    scores: Array, lengths: Array, factors: Factors, scheme: TagScheme
) -> Tuple[Array, _Expected]:
    """The log of the sum over all paths `(B,)` of emission scores `(B, T, tags)`, and the rest."""
    (batch, steps, _), labels = scores.shape, factors.edges.shape[1]
    rows = np.arange(batch)
    peak = scores.max(2, keepdims=True)
    scaled = np.exp(np.maximum(scores - peak, _LEAST_SCORE)).swapaxes(0, 1)
    running, back = (positions.T for positions in inside_and_reversal(lengths, steps))
    # shape: (T, 2, B, 4, K), from the left and from the right
    potentials = np.zeros((steps, 2, batch, 4, labels), scores.dtype)
    potentials[:, 0, :, UNIT, 0] = scaled[:, :, 0]
    of_types = scaled[:, :, 1:].reshape(steps, batch, labels - 1, -1)
    for place, position in enumerate(scheme.places):
        potentials[:, 0, :, place, 1:] = of_types[..., position]
    potentials[:, 1] = potentials[back, 0, rows][:, :, REVERSED]
    arrived, states, ended, gained = _recur(potentials, factors)
    # shapes: (T, B, 4, K), (T, B, 4, K)
    alpha, beta = states[:, 0], arrived[back, 1, rows][:, :, REVERSED]
    stopping = ended[lengths - 1, 0, rows] * factors.edges[1]
    total = stopping.sum(1, keepdims=True)
    logs = np.log(gained[:, 0]) + peak[:, :, 0].T
    log_partition = (logs * running).sum(0) + np.log(total[:, 0])

    joint = alpha * beta
    mass = joint.sum((2, 3))
    # Where all that arrives from either side has vanished, nothing is known.
    is_known = running & (mass > _LEAST_MASS)
    inverse = is_known / np.where(is_known, mass, 1)
    joint *= inverse[:, :, None, None]
    posterior = np.zeros_like(scores)
    posterior[:, :, 0] = joint[:, :, UNIT, 0].T
    of_types = posterior[:, :, 1:].reshape(batch, steps, labels - 1, -1)
    for place, position in enumerate(scheme.places):
        of_types[..., position] += joint[:, :, place, 1:].swapaxes(0, 1)
    # What is to come from a state on, so that its product with what arrives is a probability.
    coming = beta * potentials[:, 0]
    coming *= np.minimum(inverse / gained[:, 0], 1 / _LEAST_MASS)[:, :, None, None]
    entering = coming[:, :, BEGUN].sum(2)
    first = joint[0, :, BEGUN].sum(1)
    expected = _Expected(
        posterior,
        ended[:, 0],
        entering,
        alpha[:, :, OPEN],
        coming[:, :, GOES_ON],
        first,
        stopping / total,
    )
    return log_partition, expected


def _recur(potentials: Array, factors: Factors) -> Tuple[Array, Array, Array, Array]:
    """The recursion of forward–backward in two directions at once, in probability space.

    Args:
        potentials: `(T, 2, B, 4, K)`.

    Returns:
        What arrives at each state before its potential counts; the states, which sum to 1;
        `(T, 2, B, K)`, what leaves each label; `(T, 2, B)`, the sum before the scaling.
    """
    steps, _, batch, _, labels = potentials.shape
    arrived, states = np.empty_like(potentials), np.empty_like(potentials)
    ended = np.empty((steps, 2, batch, labels), potentials.dtype)
    gained = np.empty((steps, 2, batch, 1, 1), potentials.dtype)
    going_on, is_open = arrived[:, :, :, GOES_ON], states[:, :, :, OPEN, None]
    begun, ends = arrived[:, :, :, BEGUN], states[:, :, :, ENDS]
    staying = np.empty((2, batch, 2, 2, labels), potentials.dtype)
    going_on[0] = 0
    flow: Array = factors.edges[:, None]
    stay = factors.stay[:, None]
    for step in range(steps):
        if step:
            np.multiply(is_open[step - 1], stay, out=staying)
            np.add(staying[:, :, 0], staying[:, :, 1], out=going_on[step])
            flow = ended[step - 1] @ factors.cross
        begun[step] = flow[:, :, None]
        np.multiply(arrived[step], potentials[step], out=states[step])
        np.add.reduce(states[step], (2, 3), keepdims=True, out=gained[step])
        states[step] /= gained[step]
        np.add(ends[step, :, :, 0], ends[step, :, :, 1], out=ended[step])
    return arrived, states, ended, gained[:, :, :, 0, 0]


class _Gold(NamedTuple):
    """The right paths: tags, labels, positions `(B, T)`; lengths `(B,)`; of a scheme.

    mask, goes_on: `(B, T)`, True for a token, and for one to which an entity goes on.
    """

    tags: Array
    labels: Array
    positions: Array
    lengths: Array
    mask: Array
    goes_on: Array
    scheme: TagScheme

    @classmethod
    def of(cls, tags: Array, lengths: Array, scheme: TagScheme) -> _Gold:
        """Take the tags apart."""
        size = len(scheme.positions)
        # A position is meaningless where the tag is O.
        labels, positions = (tags - 1) // size + 1, (tags - 1) % size
        mask = inside(lengths, tags.shape[1])
        goes_on = (labels > 0) & ~scheme.begins[positions] & mask
        return cls(tags, labels, positions, lengths, mask, goes_on, scheme)

    @property
    def last(self) -> Array:
        """`(B,)` label of the last token."""
        last: Array = self.labels[np.arange(len(self.labels)), self.lengths - 1]
        return last

    def path_scores(self, scores: Array, values: Tuple[Array, ...]) -> Array:
        """`(B,)`, of each path."""
        transitions, start, stop, inner = values
        labels, positions = self.labels, self.positions
        emitted = np.take_along_axis(scores, self.tags[:, :, None], 2)[:, :, 0] * self.mask
        passed = np.where(
            self.goes_on[:, 1:],
            inner[labels[:, 1:] - 1, positions[:, :-1], positions[:, 1:]],
            transitions[labels[:, :-1], labels[:, 1:]],
        )
        passed *= self.mask[:, 1:]
        total: Array = emitted.sum(1) + passed.sum(1) + start[labels[:, 0]] + stop[self.last]
        return total

    def counts(self, of_messages: Array, inner_shape: Shape) -> Tuple[Array, ...]:
        """Of tags, transitions, starts, stops and inner steps, each message counted as given."""
        labels, positions = self.labels, self.positions
        types, size, _ = inner_shape
        num_labels, dtype = types + 1, of_messages.dtype
        of_tokens = of_messages[:, None] * self.mask
        emitted = np.zeros((*self.tags.shape, 1 + types * size), dtype)
        np.put_along_axis(emitted, self.tags[:, :, None], of_tokens[:, :, None], 2)

        def count(weights: Array, shape: Tuple[int, ...], *places: Array) -> Array:
            steps = np.ravel_multi_index(places, shape, mode="clip").ravel()
            counts: Array = np.bincount(steps, weights.ravel(), int(np.prod(shape)))
            return counts.reshape(shape).astype(dtype)

        goes_on, after = self.goes_on[:, 1:], of_tokens[:, 1:]
        before, here = positions[:, :-1], positions[:, 1:]
        return (
            emitted,
            count(after * ~goes_on, (num_labels,) * 2, labels[:, :-1], labels[:, 1:]),
            count(of_messages, (num_labels,), labels[:, 0]),
            count(of_messages, (num_labels,), self.last),
            count(after * goes_on, inner_shape, labels[:, 1:] - 1, before, here),
        )
