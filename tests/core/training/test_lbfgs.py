"""The minimum of a convex cost, found by its gradient."""

from __future__ import annotations

from typing import Tuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.training.lbfgs import minimize


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_the_least_of_a_bowl_is_found_wherever_it_is(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(size, size))
    curve, least = root @ root.T + np.eye(size), rng.normal(size=size) * 5

    def cost(point: Array) -> Tuple[float, Array]:
        slope = curve @ (point - least)
        return float((point - least) @ slope) / 2, slope

    found = minimize(cost, np.zeros(size), 500, 5, tolerance=1e-12)
    np.testing.assert_allclose(found, least, atol=1e-2)


def test_it_finds_what_scipy_finds() -> None:
    from scipy.optimize import minimize as of_scipy

    rng = np.random.default_rng(0)
    rows, signs = rng.normal(size=(60, 7)), rng.choice([-1.0, 1.0], 60)

    def cost(point: Array) -> Tuple[float, Array]:
        margins = signs * (rows @ point)
        slope = -(rows.T * signs) @ (1 / (1 + np.exp(margins))) + point
        return float(np.logaddexp(0, -margins).sum() + point @ point / 2), slope

    expected = of_scipy(cost, np.zeros(7), jac=True, method="L-BFGS-B", tol=1e-12).x
    found = minimize(cost, np.zeros(7), 200, 5, tolerance=1e-12)
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("start", [0.0, 3.0])
def test_no_step_is_taken_from_the_minimum_and_one_step_never_makes_it_worse(start: float) -> None:
    def cost(point: Array) -> Tuple[float, Array]:
        return float(point @ point), 2 * point

    before = np.full(3, start)
    after = minimize(cost, before, 1, 5)
    assert after @ after <= before @ before and (after == 0).all() == (start == 0)
