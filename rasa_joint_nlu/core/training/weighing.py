"""What the votes of a message's words count beside the BiLSTM's states when its intent is chosen.

Which of the two errs less depends on the data, and what training examples say of it is of no use
once their intents are learnt. So some are set aside for the first half of the training.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.training.votes import USUAL_WEIGHT

ASIDE, MOST_ASIDE = 0.15, 300
"""Which share of each intent's examples is set aside, and how many in all."""
_WEIGHTS = np.geomspace(0.1, 5, 25).tolist()
# States and words that are sure of the same things are too sure together. Less sure than they are
# alone, as training makes them, is no reason to sharpen them.
_SHARPNESS = np.geomspace(0.2, 1, 9).tolist()


def set_aside(intent_ids: Array, rng: np.random.Generator) -> Array:
    """`(N,)` True = one of the messages to set aside; none of an intent with few examples."""
    order = rng.permutation(len(intent_ids))
    order = order[np.argsort(intent_ids[order], kind="stable")]
    _, firsts, counts = np.unique(intent_ids[order], return_index=True, return_counts=True)
    ranks = np.arange(len(order)) - np.repeat(firsts, counts)
    share = min(ASIDE, MOST_ASIDE / max(1, len(order)))
    aside = np.zeros(len(order), bool)
    aside[order] = ranks < np.floor(share * np.repeat(counts, counts))
    return aside & (intent_ids >= 0)


def weigh(of_states: Tensor, of_words: Tensor, answers: Tensor) -> float:
    """What words should count, by examples that neither have learnt from.

    The most probable weight, if its logarithm is off the usual one's by 1, give or take.

    Args:
        of_states, of_words: `(N, intents)` logits; answers: `(N,)` the right intents.
    """

    def cost(weight: float) -> float:
        logits = of_states + weight * of_words
        losses = [cross_entropy(s * logits, answers, reduction="sum") for s in _SHARPNESS]
        return float(torch.stack(losses).min()) + math.log(weight / USUAL_WEIGHT) ** 2 / 2

    return float(min(_WEIGHTS, key=cost))
