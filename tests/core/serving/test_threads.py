"""BLAS has one thread while a model answers, and as many as before afterwards."""

from __future__ import annotations

import threading
from typing import Any, List, Set

import pytest
from helpers import quick_model, toy_examples
from threadpoolctl import threadpool_limits

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.serving import predictor
from rasa_joint_nlu.core.serving.threads import OneBlasThread, one_blas_thread


def counts() -> Set[int]:
    """Threads of the BLAS libraries that were loaded when the model's code was."""
    return {library.get_num_threads() for library in one_blas_thread._libraries}


class FakeLibrary:
    """A BLAS library that counts its threads, and how often it was told to."""

    def __init__(self, threads: int) -> None:
        self.threads = threads

    def get_num_threads(self) -> int:
        return self.threads

    def set_num_threads(self, threads: int) -> None:
        self.threads = threads


def held_libraries(*threads: int) -> Any:
    one_thread = OneBlasThread()
    one_thread._libraries = [FakeLibrary(count) for count in threads]
    return one_thread, one_thread._libraries


def test_it_is_one_inside_and_what_it_was_afterwards() -> None:
    one_thread, libraries = held_libraries(8, 3)
    inside: List[int] = []

    def fail() -> None:
        with one_thread.held():
            inside.extend(library.threads for library in libraries)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert inside == [1, 1]
    assert [library.threads for library in libraries] == [8, 3]


def test_the_last_one_out_gives_the_threads_back() -> None:
    one_thread, (library,) = held_libraries(8)
    first_in, second_in, first_out = (threading.Event() for _ in range(3))
    seen: List[int] = []

    def second() -> None:
        first_in.wait(10)
        with one_thread.held():
            second_in.set()
            first_out.wait(10)
            seen.append(library.threads)

    other = threading.Thread(target=second)
    other.start()
    with one_thread.held():
        first_in.set()
        assert second_in.wait(10)
    first_out.set()
    other.join(10)
    assert seen == [1] and library.threads == 8


def test_a_model_answers_with_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    model = quick_model()
    model.fit(toy_examples())
    inside: List[Set[int]] = []
    run = predictor.Runtime.forward

    def spying(runtime: Any, batch: Any) -> Any:
        inside.append(counts())
        return run(runtime, batch)

    monkeypatch.setattr(predictor.Runtime, "forward", spying)
    with threadpool_limits(2, "blas"):
        before = counts()
        assert before
        model.predict([Example.from_text("to Rome"), Example.from_text("hello")])
        assert counts() == before
    assert inside == [{1}]
