"""Which places of a padded batch hold a token, and where they go when it is read backwards."""

from __future__ import annotations

from typing import Tuple

import torch
from torch import Tensor


def inside_and_reversal(lengths: Tensor, steps: int) -> Tuple[Tensor, Tensor]:
    """Of messages of `(B,)` lengths, padded to so many steps.

    Returns:
        `(B, T)` True = a token; and `(B, T)` positions from the last token to the first, padding in
        place: the reversal of the reversal is the message again.
    """
    positions = torch.arange(steps, device=lengths.device)
    inside = positions < lengths[:, None]
    return inside, torch.where(inside, lengths[:, None] - 1 - positions, positions)
