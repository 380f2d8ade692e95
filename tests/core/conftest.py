"""Fixtures of the tests of the core."""

from __future__ import annotations

from typing import Iterator

import pytest
import torch
from helpers import small_model, toy_examples

from rasa_joint_nlu.core import JointModel


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Small networks train fastest on one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def toy_model() -> JointModel:
    """A model that has learnt the toy examples; tests must not train it further."""
    model = small_model()
    model.fit(toy_examples())
    return model
