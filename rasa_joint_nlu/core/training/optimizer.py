"""AdamW at a cost that does not grow with the tables of words and n-grams.

Loshchilov & Hutter 2019, "Decoupled Weight Decay Regularization". A batch meets few rows of a
table, and only those are read and written. Their momentum is left out: all it does for a row that
is met now and then is to spread an update over later ones.
"""

from __future__ import annotations

import math
from typing import Dict, List, Mapping, Sequence

import torch
from torch import Tensor, nn

MOMENTUM, MEMORY = 0.9, 0.98
EPSILON = 1e-8
WEIGHT_DECAY = 0.01
GRADIENT_NORM = 5.0


class Optimizer:
    """Updates the weights of networks; all but the tables become views of its own memory.

    updates: how many there have been.
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
        self.updates = 0

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
        self.updates += 1
        # One pass over the memory. `torch.optim`, which would call it, takes 0.7 s to be made.
        torch._fused_adamw_(
            [self._values],
            [dense],
            [self._means],
            [self._squares],
            [],
            [self._values.new_tensor(self.updates)],
            lr=learning_rate,
            beta1=MOMENTUM,
            beta2=MEMORY,
            weight_decay=WEIGHT_DECAY,
            eps=EPSILON,
            amsgrad=False,
            maximize=False,
        )
        for table, gradient in zip(self._tables.values(), of_rows):
            table.update(gradient, learning_rate, self.updates)
        return norm

    def _by_name(self, flat: Tensor) -> Dict[str, Tensor]:
        """The parts of a flat tensor that belong to the parameters."""
        parts = torch.split(flat, [weight.numel() for weight in self._dense.values()])
        return {
            name: part.view_as(weight) for (name, weight), part in zip(self._dense.items(), parts)
        }


class _Table:
    """Rows with value and mean square of the gradient, each as of its last update."""

    def __init__(self, weight: nn.Parameter) -> None:
        # shape: (rows, D) each
        self._values = weight.detach()
        self._squares = torch.zeros_like(self._values)
        self._updates = torch.zeros(len(weight), device=weight.device)

    def borrow(self, rows: Tensor) -> Tensor:
        self._rows, self.borrowed = rows, self._values.index_select(0, rows).requires_grad_()
        return self.borrowed

    def update(self, gradient: Tensor, learning_rate: float, updates: int) -> None:
        values, squares = self.borrowed.detach(), self._squares.index_select(0, self._rows)
        squares.mul_((MEMORY ** (updates - self._updates[self._rows]))[:, None])
        squares.addcmul_(gradient, gradient, value=1 - MEMORY)
        correction = math.sqrt(1 - MEMORY**updates)
        values.mul_(1 - learning_rate * WEIGHT_DECAY)
        values.addcdiv_(gradient, squares.sqrt().add_(EPSILON), value=-learning_rate * correction)
        self._values.index_copy_(0, self._rows, values)
        self._squares.index_copy_(0, self._rows, squares)
        self._updates[self._rows] = updates
