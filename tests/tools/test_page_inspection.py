"""What the page's server says of a message and of a test file."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_helpers import GOLDEN

from rasa_joint_nlu.tools.models import NLUModel, load_model
from rasa_joint_nlu.tools.nlu_files import read_nlu
from rasa_joint_nlu.tools.page.inspection import MOST_EXPLAINED, inspect, misunderstood
from rasa_joint_nlu.tools.pipeline import FALLBACK, Component

MODEL = load_model(GOLDEN)
NLU = """
nlu:
- intent: send
  examples: |
    - send it to [Rome]{"entity": "city", "role": "to"}
    - send it to [Lima]{"entity": "city", "role": "from"}
- intent: greet
  examples: |
    - hello there
    - please send that to [New York]{"entity": "city", "role": "to"}
"""


def with_fallback(model: NLUModel, threshold: float) -> NLUModel:
    fallback = Component.of(FALLBACK, {"threshold": threshold}, FALLBACK)
    return dataclasses.replace(
        model, pipeline=dataclasses.replace(model.pipeline, fallback=fallback)
    )


def test_the_answer_is_the_one_that_rasa_gives_and_what_adds_up_is_its_reasons() -> None:
    found = inspect(MODEL, " send the box from New York to Accra ")
    assert [found["answer"]] == MODEL.parse(["send the box from New York to Accra"])
    assert found["milliseconds"] > 0 and found["fallback"] is None
    reasons = found["reasons"]
    added = [word["added"] for word in reasons["intent"]["words"]]
    assert reasons["intent"]["name"] == "send" and len(added) == 8
    assert sum(added) + reasons["intent"]["base"] == pytest.approx(
        reasons["intent"]["together"], abs=1e-4
    )
    assert [entity["text"] for entity in reasons["entities"]] == ["New York", "Accra"]
    for entity in reasons["entities"]:
        assert entity["readings"][0]["confidence"] == entity["confidence"]
    assert reasons["unknown_words"] == [[5, 8], [9, 12]]
    assert 0 < reasons["in_scope"] < 1


def test_thresholds_are_those_of_the_fallback() -> None:
    found = inspect(with_fallback(MODEL, 0.9), "small")
    assert found["fallback"] == {"threshold": 0.9, "ambiguity_threshold": 0.1}
    assert found["answer"]["intent"]["name"] == "nlu_fallback"


@pytest.mark.parametrize("text", ["", "  ", "word " * (MOST_EXPLAINED + 1)])
def test_a_text_without_words_or_with_too_many_has_an_answer_and_no_reasons(text: str) -> None:
    found = inspect(MODEL, text)
    assert found["reasons"] is None and "intent" in found["answer"]


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(), max_size=30))
def test_any_text_can_be_shown(text: str) -> None:
    json.dumps(inspect(MODEL, text), allow_nan=False)


def test_a_model_misunderstands_no_intents_if_it_classifies_none(tmp_path: Path) -> None:
    nlu = tmp_path / "nlu.yml"
    nlu.write_text(NLU.replace("greet", "other"), encoding="utf-8")
    settings_of = dataclasses.replace(MODEL.pipeline.settings, intent_classification=False)
    pipeline = dataclasses.replace(MODEL.pipeline, settings=settings_of)
    of_entities = dataclasses.replace(MODEL, pipeline=pipeline)
    found = misunderstood([MODEL, of_entities], read_nlu([nlu]).distinct_messages())
    (hello,) = [each for each in found if each["text"] == "hello there"]
    assert hello["wrong"] == [True, False] and hello["intent"] == "other"


def test_misunderstood_is_what_any_model_gets_wrong(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(NLU, encoding="utf-8")
    messages = read_nlu([tmp_path / "nlu.yml"]).distinct_messages()
    found = misunderstood([MODEL, with_fallback(MODEL, 0.99)], messages)
    assert [message["text"] for message in found] == [
        "send it to Lima",
        "please send that to New York",
    ]
    # Neither threshold nor synonyms count, as in `test`.
    assert [message["wrong"] for message in found] == [[True, True], [True, True]]
    assert found[0]["intent"] == "send"
    assert found[0]["entities"] == [
        {
            "text": "Lima",
            "start": 11,
            "end": 15,
            "entity": "city",
            "role": "from",
            "group": None,
        }
    ]
