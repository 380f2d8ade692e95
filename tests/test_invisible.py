"""What shows nothing in a message, through Rasa: no token, no entity, no unknown word."""

from __future__ import annotations

import functools
from typing import Any, List, Tuple

import pytest
from rasa.core.agent import Agent
from rasa_helpers import WHITESPACE, folder_of, ours, parse, train, yaml_of

UNICODE = "rasa_joint_nlu.UnicodeTokenizer"
EXAMPLES = {
    "fly": [
        *(f"fly to [{city}](city)" for city in ("Rome", "Oslo", "Lima", "Bonn")),
        *(f"a ticket to [{city}](city) please" for city in ("Oslo", "Rome", "Bonn", "Lima")),
    ],
    "call": [
        "call [+49 176 123](phone)",
        "my number is [+44 20 791](phone)",
        "call [+1 555 017](phone) please",
        "my number is [+33 145 678](phone)",
        "call [+39 06 698](phone)",
    ],
    "greet": ["hello", "hi", "good morning", "hello there"],
}
MESSAGES: List[Tuple[str, List[str]]] = [
    ("fly to Rome\u200b", ["Rome"]),
    ("fly to \u200eRome\u200f", ["Rome"]),
    ("fly to Rome\u200d please", ["Rome"]),
    ("\ufefffly to Oslo", ["Oslo"]),
    ("fly to \u2066Lima\u2069", ["Lima"]),
    ("fly\u200b to \u200b Lima", ["Lima"]),
    ("fly to Bonn\x00", ["Bonn"]),
    ("call \u202a+49 176 123\u202c", ["+49 176 123"]),
    ("call \u200e+49 176 123\u200e please", ["+49 176 123"]),
    ("my number is \u2068+44 20 791\u2069", ["+44 20 791"]),
    ("hello \u200d", []),
    ("\u200bhello\u00ad there", []),
    ("\u200b \u200d \ufeff", []),
]


@functools.lru_cache(maxsize=None)
def agent(tokenizer: str) -> Agent:
    folder = folder_of(f"invisible {tokenizer}")
    return Agent.load(str(train(folder, [tokenizer, ours()], yaml_of(EXAMPLES))))


def found(tokenizer: str, text: str) -> List[Any]:
    entities = parse(agent(tokenizer), text)["entities"]
    assert all(e["value"] == text[e["start"] : e["end"]] for e in entities)
    return [e["value"] for e in entities]


@pytest.mark.parametrize("tokenizer", [UNICODE, WHITESPACE])
@pytest.mark.parametrize(("text", "values"), MESSAGES, ids=ascii)
def test_entities_have_nothing_invisible_at_their_ends(
    tokenizer: str, text: str, values: List[str]
) -> None:
    assert found(tokenizer, text) == values


@pytest.mark.parametrize("tokenizer", [UNICODE, WHITESPACE])
@pytest.mark.parametrize("word", ["he\u00adllo", "hello\u200d", "hello\ufe0f", "\u200ehello"])
def test_a_word_is_known_whatever_is_hidden_in_it(tokenizer: str, word: str) -> None:
    plain, hidden = (
        {i["name"]: i["confidence"] for i in parse(agent(tokenizer), text)["intent_ranking"]}
        for text in ("hello", word)
    )
    assert hidden == pytest.approx(plain)
