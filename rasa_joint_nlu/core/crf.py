"""The layout of the CRF, the same for training and for serving: places, scores and factors.

A linear-chain CRF over the tags of a scheme (Lafferty et al. 2001). A transition inside an entity
(B→I, I→L, …) has a weight for each type; every other one (an end, or `O`, to a begin, or `O`)
depends on the two labels alone. So a step costs `labels²` and not `tags²`, and forbidden
transitions do not exist.

A state of the chain is a place in an entity and a label, `(4, K)` for `K` labels: 0 = `O`, `1 + i`
= type `i`. The places are begin, inside, last and unit, whatever the tag scheme: in one without
last and unit, these have the tags and weights of inside and begin. `O` is an entity of one token:
so one recurrence serves them all, without a case of its own for `O`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.tags import TagScheme

BEGIN, INSIDE, LAST, UNIT = range(4)
# Places as slices: where an entity is open, where it goes on, where it has just begun, and ends.
OPEN, GOES_ON, BEGUN, ENDS = slice(0, 2), slice(1, 3), slice(0, 4, 3), slice(2, 4)
REVERSED = [LAST, INSIDE, BEGIN, UNIT]
"""The places as they follow each other from the right."""


class Factors(NamedTuple):
    """What a step multiplies the weight of a path with; first from the left, then from the right.

    edges: `(2, K)`, of the label where a direction begins.
    cross: `(2, K, K)`, from a label that ends to one that begins.
    stay: `(2, 2, 2, K)`, from an open place to one where the entity goes on; 0 for `O`.
    """

    edges: Array
    cross: Array
    stay: Array


class Scores(NamedTuple):
    """A CRF's weights, in log space.

    crossing: `(K, K)`, `[from, to]`; start, stop: `(K,)`.
    inner: `(2, 2, K)`, from an open place to one where the entity goes on; meaningless for `O`.
    """

    crossing: Array
    start: Array
    stop: Array
    inner: Array

    @classmethod
    def of(
        cls, scheme: TagScheme, transitions: Array, start: Array, stop: Array, inner: Array
    ) -> Scores:
        """Take a network's parameters; its inner are `(types, P, P)` for the scheme's positions."""
        places = scheme.places
        by_place = np.zeros((2, 2, len(start)), inner.dtype)
        by_place[:, :, 1:] = inner[:, places[OPEN, None], places[GOES_ON]].transpose(1, 2, 0)
        return cls(transitions, start, stop, by_place)

    def factors(self, power: float = 1) -> Factors:
        """The exponentials of the scores, times a power."""
        # What an entity opens with from the left, it ends with from the right.
        from_right = self.inner[::-1, ::-1].swapaxes(0, 1)
        stay = np.exp(power * np.stack([self.inner, from_right]))
        stay[..., 0] = 0
        return Factors(
            np.exp(power * np.stack([self.start, self.stop])),
            np.exp(power * np.stack([self.crossing, self.crossing.T])),
            stay,
        )
