"""What is stored of weights: little, near to them, and no less when it is stored again."""

from __future__ import annotations

from typing import List

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.precision import TABLES, restored, stored

finite = st.floats(-1e6, 1e6, width=32)
tables = arrays(np.float32, st.tuples(st.integers(0, 4), st.integers(0, 5)), elements=finite)


@given(st.lists(tables, min_size=len(TABLES), max_size=len(TABLES)))
def test_a_table_is_stored_in_bytes_near_to_its_values(drawn: List[Array]) -> None:
    weights = dict(zip(TABLES, drawn))
    kept = stored(weights)
    for name, found in restored(kept).items():
        weight = weights[name]
        assert kept[name].dtype == np.int8
        assert found.dtype == np.float32 and found.shape == weight.shape
        # half a unit of the row, and what half precision leaves of the unit
        most = np.abs(weight).max(axis=1, initial=0, keepdims=True)
        assert (np.abs(weight - found) <= most * (0.5 / 127 + 2**-10) + 1e-5).all()


@given(tables, arrays(np.float32, array_shapes(min_dims=1, max_dims=2), elements=finite))
def test_what_was_restored_is_stored_without_loss(table: Array, other: Array) -> None:
    once = restored(stored({**dict.fromkeys(TABLES, table), "other": other}))
    again = restored(stored(once))
    assert again.keys() == once.keys()
    for name, weight in once.items():
        assert again[name].tobytes() == weight.tobytes()


def test_each_row_has_a_unit_of_its_own() -> None:
    table = np.array([[0.1, -0.2, 0.3], [50.0, 1.0, -20.0]], np.float32)
    (found,) = restored(stored({TABLES[0]: table})).values()
    np.testing.assert_allclose(found[0], table[0], atol=0.3 / 127)


def test_other_weights_have_half_precision_unless_they_are_too_large_for_it() -> None:
    weights = {"huge": np.array([1.0, -1e5], np.float32), "usual": np.array([0.1], np.float32)}
    assert stored(weights)["usual"].dtype == np.float16
    found = restored(stored(weights))
    assert found["huge"].tolist() == [1.0, -1e5]
    assert found["usual"].tolist() == [float(np.float16(0.1))]
