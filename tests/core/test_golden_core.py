"""A model trained with NumPy 1 answers the same with NumPy 2, and the other way round."""

from __future__ import annotations

import json
from typing import Any, Dict

import pytest

from tests.golden.core import ANSWERS, FOLDER, WORLDS, answers

WORLD = pytest.mark.parametrize("world", WORLDS)


def kept(world: str) -> Dict[str, Any]:
    return dict(json.loads((FOLDER / world / ANSWERS).read_text(encoding="utf-8")))


def near(value: Any) -> Any:
    """The same structure, with numbers that forgive another processor's rounding."""
    if isinstance(value, float):
        return pytest.approx(value, abs=1e-4)
    if isinstance(value, list):
        return [near(item) for item in value]
    if isinstance(value, dict):
        return {key: near(item) for key, item in value.items()}
    return value


@WORLD
def test_a_model_of_each_world_answers_as_where_it_was_trained(world: str) -> None:
    assert answers(FOLDER / world) == near(kept(world)["answers"])


def test_a_model_with_vectors_answers_as_when_each_known_word_had_one() -> None:
    assert answers(FOLDER / "vectors7") == near(kept("vectors7")["answers"])


@WORLD
def test_each_golden_model_is_of_its_world(world: str) -> None:
    made = kept(world)
    assert made["numpy"].startswith(world[len("numpy") :] + ".")


@WORLD
def test_the_golden_answers_cover_what_a_model_can_say(world: str) -> None:
    found = kept(world)["answers"]
    entities = [e for answer in found for e in answer["prediction"]["entities"]]
    assert {"from", "to"} <= {e["role"] for e in entities}
    assert {"1", "2"} <= {e["group"] for e in entities}
    assert {"order", "send", "greet", "travel"} <= {
        a["prediction"]["intents"][0][0] for a in found if a["prediction"]["intents"]
    }
    logits = {name for answer in found for name in answer.get("logits", ())}
    assert {"intent_logits", "emissions", "role_logits", "group_logits"} <= logits
