"""Fixtures of the tests of the core."""

from __future__ import annotations

import pytest
from helpers import small_model, toy_examples

from rasa_joint_nlu.core import JointModel


@pytest.fixture(scope="session")
def toy_model() -> JointModel:
    """A model that has learnt the toy examples; tests must not train it further."""
    model = small_model()
    model.fit(toy_examples())
    return model
