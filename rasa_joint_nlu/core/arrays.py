"""The types of arrays, which every module shares."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]
FeatureMatrix = Any
"""A NumPy array or a SciPy sparse matrix, which has no type hints."""
