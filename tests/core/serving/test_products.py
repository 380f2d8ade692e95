"""Products in pieces: right, and so small that BLAS computes them in the caller's thread."""

from __future__ import annotations

import ast
import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, List, Tuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core.serving import products
from rasa_joint_nlu.core.serving.products import Blocks, Linear

SIZES = st.one_of(st.integers(1, 70), st.integers(1, 700))


def numbers(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


class SpyingNumPy:
    """NumPy, which writes down the shapes of the products of matrices it is asked for."""

    def __init__(self) -> None:
        self.shapes: List[Tuple[int, int, int]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def matmul(self, left: Any, right: Any, out: Any = None) -> Any:
        self.shapes.append((*left.shape[-2:], right.shape[-1]))
        return np.matmul(left, right, out=out)


@contextlib.contextmanager
def with_threads(one: bool) -> Iterator[SpyingNumPy]:
    """Products as where BLAS has one thread, or more."""
    spy = SpyingNumPy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "np", spy)
        patch.setattr(products, "has_one_thread", lambda: one)
        yield spy


def is_for_one_thread(rows: int, inner: int, columns: int) -> bool:
    """Whether OpenBLAS computes it in one thread, as its gemv.c and gemm.c decide."""
    if rows == 1 or columns == 1:
        return rows * inner * columns < 2304 * 4
    return rows * inner * columns <= 65536 * 4


@given(st.integers(1, 200), st.one_of(SIZES, st.integers(2000, 9000)), SIZES, st.booleans())
@settings(deadline=None, max_examples=100)
def test_a_product_is_right_and_its_pieces_are_small_if_there_are_threads(
    rows: int, inputs: int, outputs: int, one: bool
) -> None:
    values, weights = numbers(rows, inputs), numbers(inputs, outputs, seed=1)
    with with_threads(one) as spy:
        product = Linear(weights)(values)
    assert spy.shapes and (one or all(is_for_one_thread(*shape) for shape in spy.shapes))
    if one and inputs <= 2000:
        assert len(spy.shapes) == 1
    assert product.dtype == np.float32 and product.shape == (rows, outputs)
    exact = values.astype(np.float64) @ weights.astype(np.float64)
    np.testing.assert_allclose(product, exact, atol=1e-4 * np.sqrt(inputs))


@given(st.integers(1, 140), st.integers(1, 150), st.booleans())
@settings(deadline=None, max_examples=60)
def test_stacked_products_are_right_and_their_pieces_are_small_if_there_are_threads(
    rows: int, size: int, one: bool
) -> None:
    values, weights = numbers(2, rows, size), numbers(3, 2, size, size, seed=1)
    with with_threads(one) as spy:
        blocks = Blocks(weights)
        out = np.empty((3, 2, rows, blocks.width), np.float32)
        blocks.into(out)(values)
        written = np.empty((3, 2, rows, size), np.float32)
        blocks.write(values, written)
    assert one or all(is_for_one_thread(*shape) for shape in spy.shapes)
    for found in (out[..., :size], written):
        np.testing.assert_allclose(found, values @ weights, atol=1e-3)
    assert not out[..., size:].any()


@pytest.fixture
def looks_anew() -> Iterator[None]:
    """What was found of threads is forgotten, before and after."""
    products.has_one_thread.cache_clear()
    yield
    products.has_one_thread.cache_clear()


@pytest.mark.usefixtures("looks_anew")
@pytest.mark.parametrize(
    ("pools", "expected"),
    [
        ([("blas", 1), ("openmp", 8)], True),
        ([("blas", 1), ("blas", 2)], False),
        ([("openmp", 1)], False),
        ([], False),
    ],
)
def test_whether_there_is_one_thread_is_asked_of_all_that_multiply_matrices(
    pools: List[Tuple[str, int]], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [{"user_api": api, "num_threads": threads} for api, threads in pools]
    monkeypatch.setattr("threadpoolctl.threadpool_info", lambda: found)
    assert products.has_one_thread() is expected


@pytest.mark.usefixtures("looks_anew")
def test_without_threadpoolctl_there_may_be_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    assert not products.has_one_thread()


def test_a_matrix_without_columns_gives_none() -> None:
    assert Linear(numbers(5, 0))(numbers(2, 3, 5)).shape == (2, 3, 0)


def test_serving_multiplies_matrices_nowhere_else() -> None:
    folder = Path(products.__file__).parent
    for path in folder.glob("*.py"):
        source = path.read_text("utf-8")
        nodes = list(ast.walk(ast.parse(source)))
        names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        dense = [
            node
            for node in nodes
            if isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.MatMult)
            and "sparse." not in str(ast.get_source_segment(source, node))
        ]
        multiplies = dense or {"matmul", "dot", "tensordot"} & names
        assert bool(multiplies) == (path.name == "products.py"), path


FOUR_THREADS = """
import threading, time
from rasa_joint_nlu.core import Example, JointModel

words = "a b c d e f g h i j k".split()
examples = [Example.from_text(f"{x} {y} unknown{x}", f"intent {x}") for x in words for y in words]
model = JointModel(epochs=1)
model.fit(examples[:50])
questions = [Example.from_text(" ".join(words * (1 + n % 3))) for n in range(25)]
own = []

def ask() -> None:
    model.predict(questions[:2])
    start = time.thread_time()
    for question in questions:
        model.predict([question])
    model.predict(questions * 4)
    own.append(time.thread_time() - start)

model.predict(questions)
time.sleep(0.3)  # what training has left of threads falls asleep
start = time.process_time()
threads = [threading.Thread(target=ask) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(time.process_time() - start, sum(own))
"""


def test_answers_in_four_threads_take_no_other_thread() -> None:
    """Real threads, real BLAS, after a training in the same process."""
    environment = {name: value for name, value in os.environ.items() if "_THREADS" not in name}
    command = [sys.executable, "-c", FOUR_THREADS]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    in_all, in_ours = map(float, done.stdout.split())
    assert in_all < 1.2 * in_ours + 0.1
