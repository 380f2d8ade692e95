"""The example bot: its data, what it understands and the conversations it holds."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Set, Tuple

import pytest
from rasa.core.agent import Agent
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

BOT = Path(__file__).resolve().parent.parent / "example_bot"
ENTITY_KEYS = ("start", "end", "entity", "role", "group")


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.lower()).split())


def entities_of(found: List[Dict[str, Any]]) -> Set[Tuple[Any, ...]]:
    return {tuple(entity.get(key) for key in ENTITY_KEYS) for entity in found}


def demo_sentences() -> Tuple[str, ...]:
    spec = importlib.util.spec_from_file_location("example_bot_demo", BOT / "demo.py")
    assert spec is not None and spec.loader is not None
    demo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(demo)
    return demo.SENTENCES


@pytest.fixture(scope="module")
def training_data() -> TrainingData:
    return load_data(str(BOT / "data" / "nlu.yml"))


@pytest.fixture(scope="module")
def held_out() -> TrainingData:
    return load_data(str(BOT / "tests" / "test_nlu.yml"))


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(BOT / "domain.yml"))


# The data --------------------------------------------------------------------------------------


def test_there_are_enough_examples_intents_and_entities(training_data: TrainingData) -> None:
    assert len(training_data.intent_examples) >= 250
    assert len(training_data.intents) >= 10
    assert len(training_data.entities) >= 6
    assert min(training_data.number_of_examples_per_intent.values()) >= 10
    assert training_data.entity_roles == {"departure", "destination", "via"}
    assert training_data.entity_groups == {"1", "2", "3"}


def test_there_are_synonyms_a_lookup_table_and_regexes(training_data: TrainingData) -> None:
    assert training_data.entity_synonyms["kids"] == "child"
    assert training_data.entity_synonyms["second class"] == "second"
    (lookup,) = training_data.lookup_tables
    assert lookup["name"] == "city" and len(lookup["elements"]) >= 80
    names = {regex["name"] for regex in training_data.regex_features}
    assert names == {"booking_code", "train_number", "time"}


def test_no_example_occurs_twice(training_data: TrainingData) -> None:
    texts = Counter(plain(m.get("text")) for m in training_data.intent_examples)
    assert [text for text, count in texts.items() if count > 1] == []


def test_held_out_sentences_cover_every_intent_and_none_is_an_example(
    training_data: TrainingData, held_out: TrainingData
) -> None:
    examples = {plain(message.get("text")) for message in training_data.intent_examples}
    sentences = [plain(message.get("text")) for message in held_out.intent_examples]
    assert len(sentences) == len(set(sentences)) >= 80
    assert examples.isdisjoint(sentences)
    assert held_out.intents == training_data.intents
    assert held_out.entities == training_data.entities


def test_no_sentence_of_the_demo_is_an_example(training_data: TrainingData) -> None:
    examples = {plain(message.get("text")) for message in training_data.intent_examples}
    assert examples.isdisjoint(map(plain, demo_sentences()))


def test_entities_begin_and_end_where_tokens_do(
    training_data: TrainingData, held_out: TrainingData
) -> None:
    tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
    wrong = []
    for message in [*training_data.intent_examples, *held_out.intent_examples]:
        tokens = tokenizer.tokenize(Message({"text": message.get("text")}), "text")
        starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
        wrong += [
            (message.get("text"), entity)
            for entity in message.get("entities", [])
            if entity["start"] not in starts or entity["end"] not in ends
        ]
    assert wrong == []


def test_domain_and_examples_agree(training_data: TrainingData, domain: Domain) -> None:
    assert training_data.intents == set(domain.intents) - (set(DEFAULT_INTENTS) - {"out_of_scope"})
    assert training_data.entities == set(domain.entities)


def test_stories_and_rules_name_only_what_the_domain_has(domain: Domain) -> None:
    stories = read_yaml_file(BOT / "data" / "stories.yml")["stories"]
    rules = read_yaml_file(BOT / "data" / "rules.yml")["rules"]
    steps = [step for flow in [*stories, *rules] for step in flow["steps"]]
    assert {step["intent"] for step in steps if "intent" in step} <= {
        *domain.intents,
        *DEFAULT_INTENTS,
    }
    actions = {step["action"] for step in steps if "action" in step}
    assert actions <= set(domain.action_names_or_texts)


# The trained bot -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the bot, with a model trained in it."""
    folder = tmp_path_factory.mktemp("bot") / "example_bot"
    shutil.copytree(BOT, folder, ignore=shutil.ignore_patterns("models", "results", ".rasa"))
    rasa(folder, "train", "--quiet", "--fixed-model-name", "bot")
    return folder


@pytest.fixture(scope="module")
def agent(bot: Path) -> Agent:
    return Agent.load(str(bot / "models" / "bot.tar.gz"))


def rasa(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    # Threads that wait for each other are slow where other programs are at work, too.
    environment.setdefault("OMP_NUM_THREADS", "1")
    done = subprocess.run(
        [sys.executable, "-m", "rasa", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def parse(agent: Agent, text: str) -> Dict[str, Any]:
    return asyncio.run(agent.parse_message(text))


def test_it_understands_sentences_it_has_not_seen(agent: Agent, held_out: TrainingData) -> None:
    intents_right = hits = expected = found = 0
    for message in held_out.intent_examples:
        result = parse(agent, message.get("text"))
        intents_right += result["intent"]["name"] == message.get("intent")
        gold, predicted = (
            entities_of(message.get("entities", [])),
            entities_of(result["entities"]),
        )
        hits += len(gold & predicted)
        expected += len(gold)
        found += len(predicted)
    assert intents_right / len(held_out.intent_examples) >= 0.90
    assert 2 * hits / (expected + found) >= 0.88


def test_it_recognises_a_city_that_only_the_lookup_table_has(
    agent: Agent, training_data: TrainingData
) -> None:
    (lookup,) = training_data.lookup_tables
    assert {"Tarragona", "Timisoara"} <= set(lookup["elements"])
    texts = " ".join(message.get("text") for message in training_data.intent_examples)
    assert "Tarragona" not in texts and "Timisoara" not in texts
    sentence = "a ticket from Timisoara to Tarragona"
    cities = [
        (sentence[entity["start"] : entity["end"]], entity["entity"], entity.get("role"))
        for entity in parse(agent, sentence)["entities"]
    ]
    assert cities == [("Timisoara", "city", "departure"), ("Tarragona", "city", "destination")]


async def talk(agent: Agent, sender: str, *texts: str) -> Tuple[str, Dict[str, Any]]:
    """Say `texts` and return the last answer, and the slots."""
    answers: List[Dict[str, Any]] = []
    for text in texts:
        answers = await agent.handle_text(text, sender_id=sender) or []
    assert agent.tracker_store is not None
    tracker = await agent.tracker_store.get_or_create_tracker(sender)
    return answers[-1]["text"], tracker.current_slot_values()


def test_a_booking_fills_the_slots(agent: Agent) -> None:
    answer, slots = asyncio.run(
        talk(
            agent,
            "one",
            "book a train from Lyon to Geneva on Friday",
            "second class please",
            "two adults and three kids",
        )
    )
    journey = {key: slots[key] for key in ("departure", "destination", "date", "travel_class")}
    assert journey == {
        "departure": "Lyon",
        "destination": "Geneva",
        "date": "Friday",
        "travel_class": "second",
    }
    travellers = [slots[key] for key in ("count", "passenger_type", "count_2", "passenger_type_2")]
    assert travellers == ["2", "adult", "3", "child"]
    assert "Lyon → Geneva, Friday" in answer and "2 adult 3 child" in answer


def test_bare_cities_answer_what_the_form_asks(agent: Agent) -> None:
    _, slots = asyncio.run(talk(agent, "two", "I need a train ticket", "Berlin"))
    assert (slots["departure"], slots["destination"]) == ("Berlin", None)
    _, slots = asyncio.run(talk(agent, "two", "Vienna"))
    assert (slots["departure"], slots["destination"]) == ("Berlin", "Vienna")


def test_its_conversations_go_as_they_should(bot: Path) -> None:
    rasa(
        bot,
        "test",
        "core",
        "--stories",
        "tests/test_stories.yml",
        "--model",
        "models/bot.tar.gz",
        "--fail-on-prediction-errors",
        "--e2e",
    )
