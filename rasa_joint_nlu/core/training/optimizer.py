"""AdamW with averaged weights, at a cost that does not grow with the tables of words and n-grams.

Loshchilov & Hutter 2019, "Decoupled Weight Decay Regularization"; Polyak & Juditsky 1992 for the
average. A batch meets few rows of a table, and only those are read and written. Their momentum is
left out: all it does for a row that is met now and then is to spread an update over later ones.
"""

from __future__ import annotations

import math
from typing import Dict, List, Mapping, NamedTuple, Sequence

import torch
from torch import Tensor, nn

MOMENTUM, MEMORY = 0.9, 0.999
EPSILON = 1e-8
WEIGHT_DECAY = 0.01
AVERAGE_DECAY = 0.99
GRADIENT_NORM = 5.0


class Optimizer:
    """Updates the weights of networks, and keeps their average.

    The parameters become views of the optimizer's own memory.
    """

    def __init__(self, parameters: Mapping[str, nn.Parameter], tables: Sequence[str]) -> None:
        """Begin with the weights that there are; those that need no gradient are left alone.

        Args:
            parameters: by name.
            tables: names of those of which a batch needs some rows only.
        """
        parameters = {name: weight for name, weight in parameters.items() if weight.requires_grad}
        self._tables = {name: _Table(parameters.pop(name)) for name in tables}
        self._dense = parameters
        self._values = torch.cat([weight.detach().flatten() for weight in parameters.values()])
        for name, values in self._by_name(self._values).items():
            parameters[name].data = values
        self._means, self._squares = torch.zeros(2, *self._values.shape).to(self._values)
        self._averages = self._values.clone()
        self._clock = _Clock(0, 0.0, 0.0, 0.0, 0.0)

    @property
    def updates(self) -> int:
        """How many there have been."""
        return self._clock.updates

    def borrow(self, rows: Sequence[Tensor]) -> List[Tensor]:
        """The rows `(R, D)` of these numbers of each table, to compute a loss with."""
        return [table.borrow(numbers) for table, numbers in zip(self._tables.values(), rows)]

    def step(self, loss: Tensor, learning_rate: float) -> float:
        """Go one step down the gradient of a loss of what was borrowed, unless it is not finite.

        Returns:
            The norm of the gradient.
        """
        borrowed = [table.borrowed for table in self._tables.values()]
        leaves = [*self._dense.values(), *borrowed]
        gradients = torch.autograd.grad(loss, leaves, allow_unused=True, materialize_grads=True)
        dense = torch.cat([gradient.flatten() for gradient in gradients[: len(self._dense)]])
        of_rows = gradients[len(self._dense) :]
        norm = math.sqrt(sum(float(g.flatten().dot(g.flatten())) for g in (dense, *of_rows)))
        if not math.isfinite(norm):
            return norm
        if norm > GRADIENT_NORM:
            for gradient in (dense, *of_rows):
                gradient *= GRADIENT_NORM / norm
        self._clock = clock = self._clock.next(learning_rate)
        # One pass over the memory. `torch.optim`, which would call it, takes 0.7 s to be made.
        torch._fused_adamw_(
            [self._values],
            [dense],
            [self._means],
            [self._squares],
            [],
            [self._values.new_tensor(clock.updates)],
            lr=learning_rate,
            beta1=MOMENTUM,
            beta2=MEMORY,
            weight_decay=WEIGHT_DECAY,
            eps=EPSILON,
            amsgrad=False,
            maximize=False,
        )
        self._averages.lerp_(self._values, 1 - clock.average_decay)
        for table, gradient in zip(self._tables.values(), of_rows):
            table.update(gradient, clock)
        return norm

    def averages(self) -> Dict[str, Tensor]:
        """The averaged weights, by name."""
        of_tables = {name: table.averages(self._clock) for name, table in self._tables.items()}
        return {**self._by_name(self._averages), **of_tables}

    def _by_name(self, flat: Tensor) -> Dict[str, Tensor]:
        """The parts of a flat tensor that belong to the parameters."""
        parts = torch.split(flat, [weight.numel() for weight in self._dense.values()])
        return {
            name: part.view_as(weight) for (name, weight), part in zip(self._dense.items(), parts)
        }


class _Clock(NamedTuple):
    """Where the training is: one for all weights.

    faded: the logarithm of what is left, in an average, of the weights at the beginning.
    """

    updates: int
    learning_rate: float
    average_decay: float
    faded: float
    correction: float

    def next(self, learning_rate: float) -> _Clock:
        updates = self.updates + 1
        decay = min(AVERAGE_DECAY, updates / (updates + 10))
        correction = math.sqrt(1 - MEMORY**updates)
        return _Clock(updates, learning_rate, decay, self.faded + math.log(decay), correction)


class _Table:
    """Rows with value, mean square of the gradient and average, each as of its last update."""

    def __init__(self, weight: nn.Parameter) -> None:
        values = weight.detach()
        # shape: (rows, 3, D)
        self._state = torch.stack([values, torch.zeros_like(values), values], 1)
        weight.data = self._state[:, 0]
        self._updates = torch.zeros(len(values), device=values.device)
        self._faded = torch.zeros(len(values), device=values.device)

    def borrow(self, rows: Tensor) -> Tensor:
        self._rows, self._met = rows, self._state.index_select(0, rows)
        self.borrowed = self._met[:, 0].contiguous().requires_grad_()
        return self.borrowed

    def update(self, gradient: Tensor, clock: _Clock) -> None:
        rows = self._rows
        values, squares, averages = self._met.unbind(1)
        missed = clock.updates - self._updates[rows]
        squares.mul_((MEMORY**missed)[:, None])
        squares.addcmul_(gradient, gradient, value=1 - MEMORY)
        before = clock.faded - math.log(clock.average_decay)
        averages.lerp_(values, 1 - (before - self._faded[rows]).exp()[:, None])
        rate = clock.learning_rate
        deviations = squares.sqrt().add_(EPSILON)
        values.mul_(1 - rate * WEIGHT_DECAY)
        values.addcdiv_(gradient, deviations, value=-rate * clock.correction)
        averages.lerp_(values, 1 - clock.average_decay)
        self._state.index_copy_(0, rows, self._met)
        self._updates[rows] = clock.updates
        self._faded[rows] = clock.faded

    def averages(self, clock: _Clock) -> Tensor:
        values, _, averages = self._state.unbind(1)
        return torch.lerp(averages, values, 1 - (clock.faded - self._faded).exp()[:, None])
