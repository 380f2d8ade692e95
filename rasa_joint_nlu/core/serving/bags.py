"""Sums and means of rows of a table, for each token of a batch."""

from __future__ import annotations

from typing import Callable, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import Bags

_TOKENS_AT_ONCE = 128
_LEAST = 1e-6


def in_message(vectors: Array) -> Tuple[Array, Array]:
    """What vectors `(U, size)` of tokens add to a message's, `(U, size)`, and weigh, `(U, 1)`.

    A message's vector is the mean of its tokens' directions, weighted by the roots of their
    lengths: what is frequent has a short vector, and tells little (Arora et al. 2017, "A Simple but
    Tough-to-Beat Baseline for Sentence Embeddings").
    """
    weights = np.sqrt(np.linalg.norm(vectors, axis=1, keepdims=True))
    return vectors / np.maximum(weights, _LEAST), weights


def weighted_mean(sums: Array, weights: Array) -> Array:
    """`(B, N)` of such sums, or of what is linear in them, by those of the weights, `(B, 1)`."""
    mean: Array = sums / np.maximum(weights, _LEAST)
    return mean


def bag_sums(bags: Bags, rows_of: Callable[[Array], Array], size: int) -> Array:
    """`(U, size)` the sum of each bag.

    Args:
        rows_of: ids `(N,)` → rows `(N, size)`.
    """
    counts = bags.counts
    sums = np.zeros((len(counts), size), np.float32)
    (tokens_with_any,) = counts.nonzero()
    for start in range(0, len(tokens_with_any), _TOKENS_AT_ONCE):
        tokens = tokens_with_any[start : start + _TOKENS_AT_ONCE]
        begins = bags.offsets[tokens]
        rows = rows_of(bags.ids[begins[0] : begins[-1] + counts[tokens[-1]]])
        sums[tokens] = np.add.reduceat(rows, begins - begins[0])
    return sums


def bag_means(bags: Bags, rows_of: Callable[[Array], Array], size: int) -> Array:
    """`(U, size)` the mean of each bag; zeros where it is empty."""
    counts = bags.counts
    if (counts == 1).all():
        # As most words have a row of their own.
        return rows_of(bags.ids)
    sums = bag_sums(bags, rows_of, size)
    sums /= np.maximum(counts, 1)[:, None].astype(np.float32)
    return sums
