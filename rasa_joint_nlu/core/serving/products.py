"""Products of matrices in pieces so small that BLAS computes them in the caller's thread.

For larger ones, BLAS starts as many threads as there are cores, which for a message costs more
than it gains; and a server has one set of them for each of its workers. How many there may be
can be said for a whole process only, which is not ours: others in it may want them. Where it has
one thread anyway, as on one core, nothing is cut.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any, Callable, Optional, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array, FeatureMatrix, is_sparse

_WEIGHTS = 8192
"""The most numbers of a piece. OpenBLAS starts threads from 9,216 on where it multiplies a matrix
with a vector (`interface/gemv.c`).
"""
_MULTIPLICATIONS = 262_144
"""The most that two matrices may take at once before OpenBLAS starts threads
(`interface/gemm.c`).
"""
_COLUMNS = 16
"""Pieces have a multiple of so many columns, if they can: BLAS is faster with these."""
_INPUTS = 2048
"""A piece has two columns at least: with one, many rows would be a matrix times a vector."""
FEW = 12
"""Up to so many rows are multiplied one by one: to multiply two matrices, BLAS first copies the
second into an order of its own, which takes longer than a few rows do.
"""


@lru_cache(maxsize=None)
def has_one_thread() -> bool:
    """Whether BLAS has one thread; as far as is known, where threadpoolctl is not there.

    What is found is kept until the cache is cleared: to look takes milliseconds.
    """
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return False
    threads = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    return max(threads, default=2) == 1


def _most() -> Tuple[int, int]:
    """How many weights of a piece, and how many multiplications of two matrices, BLAS gets."""
    if has_one_thread():
        return sys.maxsize, sys.maxsize
    return _WEIGHTS, _MULTIPLICATIONS


class Blocks:
    """A matrix of weights `(…, D, N)`, of which D is 2,048 at most, in pieces of columns.

    pieces: `(…, P, D, W)`, where `P W` is at least N; further columns are zeros.
    width: `P W`, the size of a product.
    """

    def __init__(self, weights: Array) -> None:
        """Cut a matrix."""
        *stack, inputs, outputs = weights.shape
        weights_at_once, multiplications = _most()
        most = weights_at_once // max(1, inputs)
        if most > _COLUMNS:
            most -= most % _COLUMNS
        count = max(1, -(-outputs // most))
        width = max(2, -(-outputs // count))
        if count > 1:
            width = min(most, -(-width // _COLUMNS) * _COLUMNS)
        self._outputs, self._rows = outputs, multiplications // (max(1, inputs) * width)
        padded = np.zeros((*stack, inputs, count * width), weights.dtype)
        padded[..., :outputs] = weights
        by_piece = padded.reshape(*stack, inputs, count, width).swapaxes(-3, -2)
        self.pieces = np.ascontiguousarray(by_piece)
        self.width = count * width
        self._whole: Optional[Array] = None
        if count == 1 and width == outputs:
            self._whole = self.pieces[..., 0, :, :]

    def into(self, products: Array) -> Callable[[Array], Any]:
        """A function that takes values `(…, R, D)` and writes their products into an array.

        Args:
            products: `(…, R, P W)`, in one block of memory.
        """
        count, _, width = self.pieces.shape[-3:]
        rows = products.shape[-2]
        if rows == 1 and self._whole is not None:
            whole = self._whole
            return lambda values: np.matmul(values, whole, products)
        by_piece = products.reshape(*products.shape[:-1], count, width)
        if rows <= FEW:
            pieces, out = self.pieces[..., None, :, :, :], by_piece[..., None, :]
            return lambda values: np.matmul(values[..., None, None, :], pieces, out)
        parts = [slice(start, start + self._rows) for start in range(0, rows, self._rows)]
        outs = [by_piece[..., part, :, :].swapaxes(-3, -2) for part in parts]

        def multiply(values: Array) -> None:
            for part, out in zip(parts, outs):
                np.matmul(values[..., None, part, :], self.pieces, out=out)

        return multiply

    def write(self, values: Array, products: Array) -> None:
        """Write the products of values `(…, R, D)` into an array `(…, R, N)`."""
        if self._whole is not None and values.shape[-2] <= self._rows:
            np.matmul(values, self._whole, products)
            return
        whole = np.empty((*products.shape[:-1], self.width), products.dtype)
        self.into(whole)(values)
        products[...] = whole[..., : self._outputs]

    def times(self, values: Array) -> Array:
        """`(R, N)` the products of values `(R, D)`, for a matrix that is not one of a stack."""
        if len(values) <= FEW:
            if self._whole is not None:
                alone: Array = np.matmul(values[:, None], self._whole)[:, 0]
                return alone
            whole = np.matmul(values[:, None, None], self.pieces).reshape(len(values), self.width)
        else:
            whole = np.empty((len(values), self.width), values.dtype)
            self.into(whole)(values)
        products: Array = whole[:, : self._outputs]
        return products


class Linear:
    """A matrix of weights `(D, N)` of any size, to multiply rows of any number with.

    inputs: `D`.
    """

    def __init__(self, weights: Array) -> None:
        """Cut a matrix."""
        self.inputs, self._outputs = weights.shape
        self._first = Blocks(weights[:_INPUTS])
        self._more = [
            (slice(start, start + _INPUTS), Blocks(weights[start : start + _INPUTS]))
            for start in range(_INPUTS, self.inputs, _INPUTS)
        ]

    def __call__(self, values: Array) -> Array:
        """`(…, N)` the product of values `(…, D)`, of the weights' type, with the weights."""
        flat = values.reshape(-1, values.shape[-1])
        product = self._first.times(flat[:, :_INPUTS])
        for part, blocks in self._more:
            product += blocks.times(flat[:, part])
        return product.reshape(*values.shape[:-1], self._outputs)


def weighted_sums(weights: Array, values: Array) -> Array:
    """`(B, S)` the sums of values `(B, T, S)` by weights `(B, T)`."""
    _, steps, size = values.shape
    sums: Array
    if steps * size <= _WEIGHTS:
        sums = np.matmul(weights[:, None], values)[:, 0]
    else:
        sums = np.einsum("bt,bts->bs", weights, values)
    return sums


def product_with(weights: Array, is_sparse_one: bool) -> Callable[[FeatureMatrix], Array]:
    """What multiplies a feature with its weights; the sparse matrices of SciPy need no BLAS.

    Instead of a sparse matrix, an array may come: a small one, from who has no SciPy.
    """
    if not is_sparse_one:
        return Linear(weights)
    # Made when the first array comes: who has SciPy never needs it.
    of_arrays = lru_cache(maxsize=None)(lambda: Linear(weights))
    return lambda feature: feature @ weights if is_sparse(feature) else of_arrays()(feature)
