"""Amounts, addresses, titles and lists, learnt and found through Rasa, with their commas."""

from __future__ import annotations

import functools
from typing import Any, Dict, List, Tuple

import pytest
from rasa.core.agent import Agent
from rasa_helpers import NAME, WHITESPACE, folder_of, parse, train, yaml_of

UNICODE = "rasa_joint_nlu.UnicodeTokenizer"
EXAMPLES = {
    "offer": [
        *(
            f"my last offer is [{price}](price)"
            for price in ("150,000", "99,500", "2.310,00", "3,50", "120", "48,90")
        ),
        "i would pay [87,000](price) for it",
        "it costs [12,75](price)",
        "[1,250,000](price) and no more",
        "the price is [310,000](price) today",
    ],
    "move": [
        "i live at [Park Road 9, Rome](address)",
        "we moved to [Main Street 3, Oslo](address)",
        "send it to [Mill Lane 12, Lima](address) please",
        "my home is [Church Street 7, Bonn](address)",
        "i live at [Hill Road 21, Oslo](address)",
        "send it to [Park Lane 5, Rome](address) please",
    ],
    "buy": [
        "we need [bread](item), [milk](item)",
        "buy [milk](item), [tea](item), [rice](item)",
        "please get [tea](item), [bread](item)",
        "we need [rice](item)",
        "buy [butter](item), [bread](item) today",
        "please get [milk](item), [butter](item), [tea](item)",
    ],
    "play": [
        "play [Hello, Goodbye](title)",
        "put on [Yes, Sir](title)",
        "play [Help](title)",
        "i want to hear [Sorry, Not Sorry](title)",
        "播放[你好，再见](title)",
        "put on [Tomorrow](title)",
    ],
}
FOUND: List[Tuple[str, str, List[str]]] = [
    ("my last offer is 210,000.", "price", ["210,000"]),
    ("i would pay 3,50 for it", "price", ["3,50"]),
    ("it costs 2.310,00", "price", ["2.310,00"]),
    ("the price is 48,85 today", "price", ["48,85"]),
    ("my last offer is 1,310,000", "price", ["1,310,000"]),
    ("i live at Park Road 9, Rome", "address", ["Park Road 9, Rome"]),
    ("send it to Mill Lane 12, Oslo please", "address", ["Mill Lane 12, Oslo"]),
    ("we need bread, milk", "item", ["bread", "milk"]),
    ("buy tea, rice, butter", "item", ["tea", "rice", "butter"]),
    ("play Hello, Goodbye", "title", ["Hello, Goodbye"]),
    ("put on Sorry, Not Sorry", "title", ["Sorry, Not Sorry"]),
    ("播放你好，再见", "title", ["你好，再见"]),
]
OF_WHOLE_WORDS = [case for case in FOUND if case[0].isascii()]


@functools.lru_cache(maxsize=None)
def agent(tokenizer: str, split: Any = "as annotated") -> Agent:
    """A bot with the defaults, but for its choice about commas."""
    component: Dict[str, Any] = {"name": NAME}
    if split != "as annotated":
        component["split_entities_by_comma"] = split
    folder = folder_of(f"commas {tokenizer} {split}")
    return Agent.load(str(train(folder, [tokenizer, component], yaml_of(EXAMPLES))))


def values(of: Agent, text: str, entity_type: str) -> List[str]:
    entities = parse(of, text)["entities"]
    assert all(e["value"] == text[e["start"] : e["end"]] for e in entities)
    return [e["value"] for e in entities if e["entity"] == entity_type]


@pytest.mark.parametrize(("text", "entity_type", "found"), FOUND)
def test_entities_keep_or_lose_their_commas_as_annotated(
    text: str, entity_type: str, found: List[str]
) -> None:
    assert values(agent(UNICODE), text, entity_type) == found


@pytest.mark.parametrize(("text", "entity_type", "found"), OF_WHOLE_WORDS)
def test_so_they_do_with_tokens_between_spaces(
    text: str, entity_type: str, found: List[str]
) -> None:
    assert values(agent(WHITESPACE), text, entity_type) == found


def test_the_users_choice_comes_before_what_is_annotated() -> None:
    split = agent(UNICODE, True)
    assert values(split, "i live at Park Road 9, Rome", "address") == ["Park Road 9", "Rome"]
    assert values(split, "play Hello, Goodbye", "title") == ["Hello", "Goodbye"]
    assert values(split, "my last offer is 210,000.", "price") == ["210,000"]
