"""Layers that draw their first weights from a generator of ours, never from torch's global one."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import nn

Layer = TypeVar("Layer", bound=nn.Module)


class _Linear(nn.Linear):
    def reset_parameters(self) -> None:
        """Nothing: `initialized` does it."""


def linear(size: int, out: int, generator: torch.Generator, bias: bool = True) -> nn.Linear:
    """A linear layer on the generator's device."""
    return initialized(_Linear(size, out, bias, device=generator.device), size, generator)


def initialized(layer: Layer, size: int, generator: torch.Generator) -> Layer:
    """Draw a layer's weights as torch itself does, for so many inputs."""
    for weight in layer.parameters():
        nn.init.uniform_(weight, -(size**-0.5), size**-0.5, generator=generator)
    return layer
