"""What messages teach without their annotations: which tokens stand beside each other.

A network can learn a few hundred examples by heart without what they have in common. It cannot
guess a token from what comes before it, or from what comes after it, without that (Rei 2017,
"Semi-supervised Multitask Learning for Sequence Labeling").
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from rasa_joint_nlu.core.training.layers import linear
from rasa_joint_nlu.core.training.network import Inputs, JointNetwork, Output

LANGUAGE_LOSS = 0.2
"""What these guesses count in the loss, where the tasks count as their settings say."""
_MOST = 2048
"""So many tokens of a batch guess at most, each among all distinct ones of the batch."""


class LanguageModel(nn.Module):
    """Guesses the neighbours of each token by its states; of use in training alone."""

    def __init__(self, network: JointNetwork) -> None:
        """Guess by the states of a network."""
        super().__init__()
        chains, _, self._hidden = network.lstm.weight_hh.shape
        sizes = chains // 2 * self._hidden, network.plan.config.token_size
        self.following = linear(*sizes, network.generator)
        self.preceding = linear(*sizes, network.generator)

    def loss(self, output: Output, inputs: Inputs) -> Tensor:
        """How unlikely the neighbours are among the distinct tokens of a batch, in nats."""
        # shape: (pairs,), each two tokens beside each other by row and place
        row, first = inputs.mask[:, 1:].nonzero(as_tuple=True)
        if not len(row):
            return output.states.new_zeros(())
        every = math.ceil(len(row) / _MOST)
        row, first = row[::every], first[::every]
        # shape: (B, T, parts, 2, H), the last but one from the left and from the right
        states = output.states.view(*inputs.index.shape, -1, 2, self._hidden)
        following = self.following(states[row, first, :, 0].flatten(1))
        preceding = self.preceding(states[row, first + 1, :, 1].flatten(1))
        guesses = (following, inputs.index[row, first + 1]), (preceding, inputs.index[row, first])
        losses = [
            functional.cross_entropy(guess @ output.vectors.T, tokens) for guess, tokens in guesses
        ]
        return torch.stack(losses).sum()
