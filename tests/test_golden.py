"""A model trained by an earlier version answers as it did, on any machine."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.golden.make import ANSWERS, MODEL, answers


def rounded(value: Any) -> Any:
    """The same structure, with numbers that forgive another processor's rounding."""
    if isinstance(value, float):
        return pytest.approx(value, abs=1e-4)
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return value


def test_the_golden_model_answers_as_on_its_first_day() -> None:
    pytest.importorskip("rasa", reason="needs Rasa 3.6")
    assert answers(MODEL) == rounded(json.loads(ANSWERS.read_text("utf-8")))


def test_the_golden_answers_cover_what_a_model_can_say() -> None:
    entities = [e for a in json.loads(ANSWERS.read_text("utf-8")) for e in a["entities"]]
    assert any(entity.get("role") == "to" for entity in entities)
    assert any(entity.get("group") == "2" for entity in entities)
    assert any(entity["value"] == "Accra" for entity in entities)  # only in the lookup table
