"""Kinds of messages that small bots meet: answers to forms, and lookup tables; exact answers."""

from __future__ import annotations

import re
from typing import List, Tuple

import pytest
from rasa.core.agent import Agent
from rasa_helpers import NAME, WHITESPACE, folder_of, parse, train

from benchmarks import kinds
from rasa_joint_nlu.core import Entity, Example, JointModel
from rasa_joint_nlu.core.text.whitespace import whitespace_tokens

_VALUE = re.compile(r"\[([^\]]+)\]\((\w+)\)")
Found = List[Tuple[str, str]]
"""Values with their types."""


def example(marked: str, intent: str) -> Example:
    """An example whose tokens are those of Rasa's WhitespaceTokenizer."""
    text, entities, done = "", [], 0
    for match in _VALUE.finditer(marked):
        text += marked[done : match.start()]
        entities.append(Entity(len(text), len(text) + len(match[1]), match[2]))
        text, done = text + match[1], match.end()
    text += marked[done:]
    return Example(text, whitespace_tokens(text), intent, tuple(entities))


def learnt(bot: kinds.Bot) -> JointModel:
    """A model of a bot's examples, smaller than the default one."""
    model = JointModel(token_size=48, encoder_size=48, random_seed=1)
    model.fit([example(text, intent) for intent, texts in bot.examples.items() for text in texts])
    return model


def answer(model: JointModel, text: str) -> Tuple[str, Found]:
    """The intent of a text, and the values found in it."""
    (prediction,) = model.predict([example(text, "")])
    return prediction.intent, [(text[e.start : e.end], e.type) for e in prediction.entities]


# Answers ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def first_names() -> JointModel:
    return learnt(kinds.first_names())


@pytest.mark.parametrize(
    "name",
    ["Lena", "Ingrid", "Aisha", "Pedro", "Katya", "Duncan", "Kenji", "Marek", "Olga", "Gloria"],
)
def test_an_unseen_word_as_a_whole_message_is_the_answer_it_may_be(
    first_names: JointModel, name: str
) -> None:
    assert answer(first_names, name) == ("inform", [(name, "name")])


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hello", "greet"),
        ("good morning", "greet"),
        ("thanks", "thank"),
        ("yes", "affirm"),
        ("no", "deny"),
        ("stop", "stop"),
        ("cancel", "stop"),
        ("yess", "affirm"),
        ("stopp", "stop"),
    ],
)
def test_small_talk_stays_what_it_is(first_names: JointModel, text: str, intent: str) -> None:
    assert answer(first_names, text) == (intent, [])


# Tables -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def harbours() -> Agent:
    bot = kinds.harbours()
    pipeline = [WHITESPACE, {"name": "RegexFeaturizer", "case_sensitive": False}, {"name": NAME}]
    nlu = kinds.yaml_of(bot.examples, bot.tables)
    return Agent.load(str(train(folder_of("harbours"), pipeline, nlu)))


def towns(agent: Agent, text: str) -> List[str]:
    """What is found in a text; all of it are towns, and the intent is to inform."""
    found = parse(agent, text)
    assert found["intent"]["name"] == "inform"
    assert {entity["entity"] for entity in found["entities"]} <= {"town"}
    return [entity["value"] for entity in found["entities"]]


@pytest.mark.parametrize("town", ["Calais", "Rostock", "Haifa", "Gdynia", "Izmir", "Patras"])
@pytest.mark.parametrize("frame", ["i leave from {}", "how far is it to {}"])
def test_what_a_lookup_table_does_not_hold_is_found_by_what_is_around_it(
    harbours: Agent, frame: str, town: str
) -> None:
    assert towns(harbours, frame.format(town)) == [town]


@pytest.mark.parametrize("town", ["Ancona", "Kiel", "Durres", "Naples", "Hull", "Sete"])
@pytest.mark.parametrize("frame", ["book a ferry to {}", "is there a hotel in {}"])
def test_what_only_a_lookup_table_holds_is_found(harbours: Agent, frame: str, town: str) -> None:
    assert towns(harbours, frame.format(town)) == [town]
