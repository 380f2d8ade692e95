"""What training data and messages are like in practice, in small: rare, listed, mistyped, shouted.

Where Rasa has a component for it, that one is trained on the same data and asked the same.
"""

from __future__ import annotations

import random
from typing import Any, Dict, List, Sequence, Tuple

import pytest
from rasa.core.agent import Agent
from rasa_helpers import (
    WHITESPACE,
    entities_of,
    folder_of,
    intent_of,
    lookup,
    ours,
    parse,
    train,
    yaml_of,
)

SEEDS = (1, 2)

LOGISTIC = [WHITESPACE, "CountVectorsFeaturizer", "LogisticRegressionClassifier"]


def made(templates: Sequence[str], count: int, generator: random.Random) -> List[str]:
    """So many different sentences of templates, `{word}` in which is one of `WORDS`."""
    found: Dict[str, None] = {}
    while len(found) < count:
        words = {name: generator.choice(values) for name, values in WORDS.items()}
        found[generator.choice(templates).format(**words)] = None
    return list(found)


# Rare intents ---------------------------------------------------------------------------------

WORDS = {
    "food": ["pizza", "soup", "salad", "pasta", "rice", "curry", "bread", "cake", "fish", "beans"],
    "when": ["today", "tomorrow", "tonight", "at noon", "on monday", "on friday", "at eight"],
    "who": ["me", "us", "my mother", "my boss", "two people", "the whole team"],
    "polite": ["please", "thank you", "if you can", "as soon as possible", "quickly"],
}
COMMON = {
    "order": [
        "bring {who} {food} {when}",
        "i want to order {food} for {who} {polite}",
        "we would like some {food} {when} {polite}",
        "can you send {food} to {who} {when}",
    ],
    "table": [
        "a table for {who} {when}",
        "book a table {when} {polite}",
        "reserve seats for {who} {when} {polite}",
        "is there room for {who} {when}",
    ],
}
RARE = {
    "cancel": ["cancel the {food} for {who}", "please cancel what we ordered {when}"],
    "complain": ["the {food} for {who} was cold", "my {food} {when} was cold and late"],
}
"""Each has 3 examples, one for fifty of the others."""


def macro_recall(agent: Agent, asked: Dict[str, List[str]]) -> float:
    """The mean share of right answers over the intents, in %."""
    shares = [
        sum(intent_of(agent, text) == intent for text in texts) / len(texts)
        for intent, texts in asked.items()
    ]
    return 100 * sum(shares) / len(shares)


@pytest.mark.parametrize("seed", SEEDS)
def test_rare_intents_are_recalled_as_often_as_by_logistic_regression(seed: int) -> None:
    generator = random.Random(seed)
    sentences = {
        **{intent: made(templates, 160, generator) for intent, templates in COMMON.items()},
        **{intent: made(templates, 13, generator) for intent, templates in RARE.items()},
    }
    asked = {intent: texts[-10:] for intent, texts in sentences.items()}
    nlu = yaml_of({intent: texts[:-10] for intent, texts in sentences.items()})
    folder = folder_of(f"rare{seed}")
    pipelines: Dict[str, List[Any]] = {
        "joint": [WHITESPACE, ours(epochs=20, random_seed=seed)],
        "logistic": [*LOGISTIC[:-1], {"name": LOGISTIC[-1], "random_state": seed}],
    }
    recalls = {
        name: macro_recall(Agent.load(str(train(folder, pipeline, nlu, name=name))), asked)
        for name, pipeline in pipelines.items()
    }
    assert recalls["joint"] >= recalls["logistic"], recalls
    assert recalls["joint"] > 80


# Entities seen once ---------------------------------------------------------------------------

TOWNS = ["Rome", "Oslo", "Lima", "Bern", "Quito", "Cairo", "Dakar", "Delhi", "Hanoi", "Tunis"]
NAMES = ["Anna", "Boris", "Chen", "Dora", "Emil", "Fatima", "Goran", "Hilde", "Ivan", "Julia"]
TO_TOWNS = ["book a train to {}", "i travel to {} today", "is {} far away"]
OF_NAMES = ["a seat for {} please", "my name is {}", "please call {} now"]


def said_once(values: Sequence[str], kind: str, templates: Sequence[str]) -> List[str]:
    """Each value in one sentence, the next value in the next one."""
    return [
        templates[number % len(templates)].format(f"[{value}]({kind})")
        for number, value in enumerate(values)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_values_seen_once_are_found_elsewhere_and_unseen_ones_too(seed: int) -> None:
    nlu = yaml_of(
        {
            "travel": said_once(TOWNS, "town", TO_TOWNS),
            "introduce": said_once(NAMES, "name", OF_NAMES),
            "greet": ["hello", "hi there", "good morning", "hey"],
        }
    )
    model = train(folder_of(f"once{seed}"), [WHITESPACE, ours(random_seed=seed)], nlu)
    agent = Agent.load(str(model))
    right = [
        entities_of(agent, template.format(value)) == [(kind, None, value)]
        for kind, templates, values in (
            ("town", TO_TOWNS, [*TOWNS, "Minsk", "Perth"]),
            ("name", OF_NAMES, [*NAMES, "Zora", "Yusuf"]),
        )
        for number, value in enumerate(values)
        for template in [templates[(number + 1) % len(templates)]]
    ]
    assert sum(right) >= 22  # of 24


# Values of several words that are only in lookup tables -----------------------------------------

FILMS = ["the big sleep", "vertigo", "rear window", "the third man", "metropolis", "high noon"]
NEW_FILMS = ["the long goodbye", "north by northwest", "touch of evil", "double indemnity"]
NOT_FILMS = ["the whole house", "all my friends", "nothing much", "my old car"]
SEE = {
    "see": [f"{ask} [{film}](film)" for ask in ("i saw", "show me") for film in FILMS]
    + [f"{ask} {thing}" for ask in ("i saw", "show me") for thing in ("the sea", "my bill", "it")]
    + ["show me the new prices", "i saw your last message", "show me what you have"],
    "greet": ["hello", "hi there", "good morning", "hey"],
}


def found_films(agent: Agent, films: Sequence[str]) -> int:
    """How many of the titles are found, whole and alone."""
    return sum(
        entities_of(agent, f"{ask} {film}") == [("film", None, film)]
        for ask in ("i saw", "show me")
        for film in films
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_titles_that_only_a_lookup_table_has_are_found_whole(seed: int) -> None:
    nlu = yaml_of(SEE, lookup("film", [*FILMS, *NEW_FILMS]))
    folder = folder_of(f"films{seed}")
    with_table, without = (
        Agent.load(str(train(folder, pipeline, nlu, name=name)))
        for name, pipeline in (
            ("with", [WHITESPACE, "RegexFeaturizer", ours(random_seed=seed)]),
            ("without", [WHITESPACE, ours(random_seed=seed)]),
        )
    )
    times = found_films(with_table, NEW_FILMS)
    assert times >= 6  # of 8
    assert times > found_films(without, NEW_FILMS)
    assert found_films(with_table, NOT_FILMS) <= 1


# Case, punctuation, typing errors -------------------------------------------------------------

ORDERS = {
    "order": [
        *(
            f"bring me [{food}](food) and [{drink}](drink)"
            for food in ("pizza", "pasta", "salad", "noodles")
            for drink in ("water", "coffee", "orange juice")
        ),
        *(f"could i have some [{food}](food)" for food in ("pizza", "pasta", "salad", "noodles")),
    ],
    "cancel": [f"cancel my {what}" for what in ("order", "last order", "reservation", "table")],
    "hours": ["when do you open", "when are you closed", "opening hours", "are you open today"],
}
CHANGED: Dict[str, List[Tuple[str, str, List[str]]]] = {
    "case": [
        ("BRING ME PIZZA AND COFFEE", "order", ["PIZZA", "COFFEE"]),
        ("Bring Me Salad And Orange Juice", "order", ["Salad", "Orange Juice"]),
        ("Could I Have Some PASTA", "order", ["PASTA"]),
        ("WHEN DO YOU OPEN", "hours", []),
        ("Cancel My Order", "cancel", []),
    ],
    "punctuation": [
        ("bring me pizza and coffee!", "order", ["pizza", "coffee"]),
        ("bring me salad, and orange juice.", "order", ["salad", "orange juice"]),
        ("could i have some pasta?", "order", ["pasta"]),
        ("when do you open???", "hours", []),
        ("cancel my order...", "cancel", []),
    ],
    "typing errors": [
        ("bring me piza and coffee", "order", ["piza", "coffee"]),
        ("brnig me salad and orange juice", "order", ["salad", "orange juice"]),
        ("could i have some noodels", "order", ["noodels"]),
        ("when do you opne", "hours", []),
        ("cancle my reservaton", "cancel", []),
    ],
}
"""Texts, with their intents and the values in them."""


@pytest.fixture(scope="module", params=SEEDS)
def waiter(request: pytest.FixtureRequest) -> Agent:
    pipeline = [WHITESPACE, ours(random_seed=request.param)]
    return Agent.load(str(train(folder_of(f"orders{request.param}"), pipeline, yaml_of(ORDERS))))


@pytest.mark.parametrize("change", CHANGED)
def test_what_is_written_in_another_way_is_understood(waiter: Agent, change: str) -> None:
    for text, intent, values in CHANGED[change]:
        found = parse(waiter, text)
        assert found["intent"]["name"] == intent, text
        assert [e["value"] for e in found["entities"]] == values, text
