"""What messages teach without their annotations: which tokens stand beside each other.

A network that learns a few hundred examples by heart has no need of what they have in common. To
guess a token from what comes before it, and from what comes after it, it has (Rei 2017,
"Semi-supervised Multitask Learning for Sequence Labeling").
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from rasa_joint_nlu.core.training.layers import linear
from rasa_joint_nlu.core.training.network import Inputs, JointNetwork, Output

LANGUAGE_LOSS = 0.2
"""What these guesses count in the loss, where the tags of the tokens count 1."""


class LanguageModel(nn.Module):
    """Guesses the neighbours of each token by its states; of use in training alone."""

    def __init__(self, network: JointNetwork) -> None:
        """Guess by the states of a network, among the tokens that it knows."""
        super().__init__()
        chains, _, self._hidden = network.lstm.weight_hh.shape
        sizes = chains // 2 * self._hidden, network.config.token_size
        self.following = linear(*sizes, network.generator)
        self.preceding = linear(*sizes, network.generator)

    def loss(self, output: Output, inputs: Inputs) -> Tensor:
        """How unlikely the neighbours are among the distinct tokens of a batch, in nats."""
        pairs = inputs.mask[:, 1:]
        if not pairs.any():
            return output.states.new_zeros(())
        # shape: (B, T, parts, 2, H), the last but one from the left and from the right
        states = output.states.view(*inputs.index.shape, -1, 2, self._hidden)
        following = self.following(states[:, :-1, :, 0][pairs].flatten(1))
        preceding = self.preceding(states[:, 1:, :, 1][pairs].flatten(1))
        guesses = (following, inputs.index[:, 1:]), (preceding, inputs.index[:, :-1])
        losses = [
            functional.cross_entropy(guess @ output.vectors.T, tokens[pairs])
            for guess, tokens in guesses
        ]
        return torch.stack(losses).sum()
