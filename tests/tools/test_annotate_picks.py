"""Messages as NLU YAML."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import List, Tuple

import pytest
import rasa.shared.nlu.training_data.loading
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core.data import IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.tools.annotate.picks import (
    Pick,
    annotated,
    certainty,
    most_uncertain,
    pick,
    write_sure,
    write_uncertain,
)
from rasa_joint_nlu.tools.nlu_files import read_nlu

NAMES = st.text(min_size=1, max_size=8).filter(lambda name: name.strip("\n\r ") == name)


@st.composite
def predicted(draw: st.DrawFn) -> Tuple[str, List[PredictedEntity]]:
    text = draw(
        st.text(st.characters(codec="utf-8") | st.sampled_from("[](){}:\\u$-#"), min_size=1)
    )
    ends = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    entities = [
        PredictedEntity(start, end, draw(NAMES), draw(st.none() | NAMES), draw(st.none() | NAMES))
        for start, end in zip(ends[::2], ends[1::2])
    ]
    return text, entities


@settings(max_examples=300, deadline=None)
@given(predicted())
def test_what_is_written_is_what_is_read(message: Tuple[str, List[PredictedEntity]]) -> None:
    text, entities = message
    line = annotated(text, entities)
    if line is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "nlu.yml")
        write_uncertain([Pick(0.5, "an intent: odd", line, "remark\n- intent: x")], path)
        (read,) = read_nlu([path]).messages
    assert (read.text, read.intent) == (text, "an intent: odd")
    found = [(e.start, e.end, e.type, e.role, e.group) for e in read.entities]
    assert found == [(e.start, e.end, e.type, e.role, e.group) for e in entities]


@pytest.mark.parametrize("intent", ["null", "True", "~", "1.5", "no", "faq", "2024-01-01", "#a"])
def test_an_intent_is_written_as_the_text_that_it_is(intent: str, tmp_path: Path) -> None:
    path = tmp_path / "nlu.yml"
    write_uncertain([Pick(0.5, intent, "hi", "")], path)
    (read,) = read_nlu([path]).messages
    assert read.intent == intent


@pytest.mark.parametrize("text", ["a [b](c)", "a\nb", "a\x07", "a\u2028b", " a", "a\ud800"])
def test_what_the_format_cannot_hold_is_left_out(text: str) -> None:
    assert annotated(text, []) is None
    assert pick(text, Prediction((IntentScore("a", 1.0),))) is None


def test_a_message_is_as_sure_as_the_least_sure_part_of_it() -> None:
    intents = (IntentScore("book", 0.8), IntentScore("greet", 0.2))
    city = PredictedEntity(3, 7, "city", "to", confidence=0.9, role_confidence=0.7)
    assert certainty(Prediction(intents)) == 0.8
    assert certainty(Prediction(intents, (city,))) == 0.7
    assert certainty(Prediction()) == 0.0
    found = pick("to Rome", Prediction(intents, (city,), (), 0.25))
    assert found == Pick(
        0.7,
        "book",
        'to [Rome]{"entity": "city", "role": "to"}',
        "book 0.80, greet 0.20; city 0.90; out of scope 0.25",
    )


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abcdef"))), st.integers(1, 4))
def test_the_most_uncertain_are_the_first_of_all_and_distinct(
    rows: List[Tuple[int, str]], number: int
) -> None:
    surest = {text: sure for sure, text in reversed(rows)}
    picks = [Pick(surest[text] / 10, "x", text, "") for _, text in rows]
    found = most_uncertain(picks, number)
    expected = sorted(surest.values())[:number]
    assert [round(each.certainty * 10) for each in found] == expected
    assert len({each.line for each in found}) == len(found)


def test_sure_messages_are_by_intent_and_there_once_and_rasa_reads_them(tmp_path: Path) -> None:
    rows = [("bye", "see you"), ("greet", "hi"), ("bye", "bye"), ("greet", "hi"), ("bye", "C:\\u")]
    path = tmp_path / "sure.yml"
    assert write_sure((Pick(1, intent, line, "") for intent, line in rows), path, tmp_path) == 4
    assert path.read_text(encoding="utf-8").count("intent:") == 2
    data = rasa.shared.nlu.training_data.loading.load_data(str(path))
    read = [(m.get("intent"), m.get("text")) for m in data.intent_examples]
    assert read == [("bye", "see you"), ("bye", "bye"), ("bye", "C:\\u"), ("greet", "hi")]


def test_files_without_messages_are_nlu_data_without_any(tmp_path: Path) -> None:
    write_uncertain([], tmp_path / "a.yml")
    write_sure([], tmp_path / "b.yml", tmp_path)
    for name in ("a.yml", "b.yml"):
        assert read_nlu([tmp_path / name]).messages == ()
