"""The types of arrays, which every module shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]
else:
    # What NumPy has for type checkers takes time to import.
    Array = Any
FeatureMatrix = Any
"""A NumPy array or a SciPy sparse matrix, which has no type hints."""


def is_sparse(matrix: FeatureMatrix) -> bool:
    """Whether a matrix is one of SciPy; told by looking, as to import SciPy takes time."""
    return hasattr(matrix, "getnnz")
