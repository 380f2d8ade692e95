"""The example bot in both languages: its data, what it understands, how it converses."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Set, Tuple, Type

import pytest
import requests
from bot_servers import Server, free_port
from browser import chromium, opened
from page_helpers import PageServer
from rasa.core.agent import Agent
from rasa.core.channels import CollectingOutputChannel, UserMessage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file, write_yaml
from rasa.utils.endpoints import EndpointConfig

from benchmarks.scope import PARTS, off_topic, on_topic, rates
from example_bot.actions.language import LANGUAGES
from example_bot.actions.replies import ANSWERS
from example_bot.channel import as_one, turns_of
from example_bot.seed import seed, table
from rasa_joint_nlu import UnicodeTokenizer

ROOT = Path(__file__).resolve().parent.parent
ENTITY_KEYS = ("start", "end", "entity", "role", "group")


class Bot(NamedTuple):
    """One language's bot: where it is, and what is to be seen of it."""

    folder: Path
    tokenizer: Type[Tokenizer]
    epochs: Optional[int]
    examples: int
    regexes: Set[str]
    synonyms: Dict[str, str]
    lookup_only: Tuple[str, str, str]
    """A sentence, and its departure and destination, which only the lookup table has."""
    booking: Tuple[str, ...]
    slots: Dict[str, Any]
    yes: str
    wishes: Tuple[str, ...]
    """Requests about the booking of a code."""
    denied: str
    """What is in the reply where the code is somebody else's."""
    gibberish: str
    bare: Tuple[str, str, str]
    """The wish for a ticket, then two cities without a role."""
    floors: Tuple[float, float]
    """Least accuracy of intents, and F1 of entities, on the held-out sentences."""
    fallbacks: float
    """Largest share of held-out in-scope sentences that fall back: more with fewer epochs."""


def coming(weekday: int, next_week: bool = False) -> date:
    """The next day of that name, where Monday is 0; or the one of the next calendar week."""
    today = date.today()
    days = weekday - today.weekday()
    return today + timedelta(days=days + 7 if next_week or days <= 0 else days)


BOTS = {
    "en": Bot(
        folder=ROOT / "example_bot",
        tokenizer=WhitespaceTokenizer,
        epochs=None,
        examples=250,
        regexes={"booking_code", "train_number", "time"},
        synonyms={"kids": "child", "second class": "second"},
        lookup_only=("a ticket from Timisoara to Tarragona", "Timisoara", "Tarragona"),
        booking=(
            "book a train from Lyon to Geneva on Friday",
            "second class please",
            "two adults and three kids",
        ),
        slots={
            "departure": "Lyon",
            "destination": "Geneva",
            "date": coming(4).isoformat(),
            "travel_class": "second",
            "passengers": {"adult": 2, "child": 3},
        },
        yes="yes",
        wishes=("show booking {code}", "change booking {code} to Monday", "cancel booking {code}"),
        denied="You have no booking",
        gibberish="umpf grmbl",
        bare=("I need a train ticket", "Berlin", "Vienna"),
        floors=(0.94, 0.94),
        fallbacks=0.03,
    ),
    "zh": Bot(
        folder=ROOT / "example_bot" / "zh",
        tokenizer=UnicodeTokenizer,
        epochs=20,
        examples=800,
        regexes={"booking_code", "train_number", "time", "date"},
        synonyms={"小孩": "儿童", "二等": "二等座", "Berlin": "柏林"},
        lookup_only=("从蒂米什瓦拉到塔拉戈纳的票", "蒂米什瓦拉", "塔拉戈纳"),
        booking=("我要订下周五从里昂到日内瓦的火车票", "二等座吧", "两个大人三个小孩"),
        slots={
            "departure": "里昂",
            "destination": "日内瓦",
            "date": coming(4, next_week=True).isoformat(),
            "travel_class": "二等座",
            "passengers": {"adult": 2, "child": 3},
        },
        yes="是的",
        wishes=("查看订单{code}", "把订单{code}改到周一", "取消订单{code}"),
        denied="您没有订单",
        gibberish="呱呱呱呱",
        bare=("我要买火车票", "柏林", "维也纳"),
        floors=(0.91, 0.92),
        fallbacks=0.05,
    ),
}


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", unicodedata.normalize("NFKC", text).lower()).split())


def entities_of(found: List[Dict[str, Any]]) -> Set[Tuple[Any, ...]]:
    return {tuple(entity.get(key) for key in ENTITY_KEYS) for entity in found}


@pytest.fixture(scope="module", params=BOTS)
def bot(request: pytest.FixtureRequest) -> Bot:
    return BOTS[request.param]


@pytest.fixture(scope="module")
def training_data(bot: Bot) -> TrainingData:
    return load_data(str(bot.folder / "data" / "nlu.yml"))


@pytest.fixture(scope="module")
def held_out(bot: Bot) -> TrainingData:
    return load_data(str(bot.folder / "tests" / "test_nlu.yml"))


@pytest.fixture(scope="module")
def domain(bot: Bot) -> Domain:
    return Domain.load(str(bot.folder / "domain.yml"))


# The data --------------------------------------------------------------------------------------


def test_there_are_enough_examples_intents_and_entities(
    bot: Bot, training_data: TrainingData
) -> None:
    assert len(training_data.intent_examples) >= bot.examples
    assert len(training_data.intents) >= 10
    assert len(training_data.entities) >= 6
    assert min(training_data.number_of_examples_per_intent.values()) >= 10
    assert training_data.entity_roles == {"departure", "destination", "via"}
    assert training_data.entity_groups == {"1", "2", "3"}


def test_there_are_synonyms_a_lookup_table_and_regexes(
    bot: Bot, training_data: TrainingData
) -> None:
    assert bot.synonyms.items() <= training_data.entity_synonyms.items()
    (lookup,) = training_data.lookup_tables
    assert lookup["name"] == "city" and len(lookup["elements"]) >= 80
    assert {regex["name"] for regex in training_data.regex_features} == bot.regexes


def test_every_city_of_the_lookup_table_has_a_station(training_data: TrainingData) -> None:
    stations = {row[key].casefold() for row in table("cities") for key in ("en", "zh")}
    stations |= {row["alias"].casefold() for row in table("aliases")}
    (lookup,) = training_data.lookup_tables
    assert [name for name in lookup["elements"] if name.casefold() not in stations] == []


def test_no_example_occurs_twice(training_data: TrainingData) -> None:
    texts = Counter(plain(m.get("text")) for m in training_data.intent_examples)
    assert [text for text, count in texts.items() if count > 1] == []


def test_held_out_sentences_cover_every_intent_and_none_is_an_example(
    training_data: TrainingData, held_out: TrainingData
) -> None:
    examples = {plain(message.get("text")) for message in training_data.intent_examples}
    sentences = [plain(message.get("text")) for message in held_out.intent_examples]
    assert len(sentences) == len(set(sentences)) >= 250
    assert examples.isdisjoint(sentences)
    assert held_out.intents == training_data.intents
    assert held_out.entities == training_data.entities


@pytest.mark.parametrize("part", PARTS)
def test_no_off_topic_message_is_an_example_or_occurs_twice(
    bot: Bot, training_data: TrainingData, part: str
) -> None:
    known = [message.get("text").casefold() for message in training_data.intent_examples]
    # A message of signs alone has nothing that `plain` keeps.
    found = off_topic(bot.folder, part)
    messages = [text.casefold() for texts in found.values() for text in texts]
    assert len(found["out_of_scope"]) >= 40 and len(found["gibberish"]) >= 25
    assert len(messages) == len(set(messages)) and set(messages).isdisjoint(known)


def test_no_sentence_of_the_demo_is_an_example(bot: Bot, training_data: TrainingData) -> None:
    examples = {plain(message.get("text")) for message in training_data.intent_examples}
    sentences = (bot.folder / "demo.txt").read_text(encoding="utf-8").splitlines()
    assert len(sentences) == 10
    assert examples.isdisjoint(map(plain, sentences))


def test_entities_begin_and_end_where_tokens_do(
    bot: Bot, training_data: TrainingData, held_out: TrainingData
) -> None:
    tokenizer = bot.tokenizer(bot.tokenizer.get_default_config())
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


def test_stories_and_rules_name_only_what_the_domain_has(bot: Bot, domain: Domain) -> None:
    stories = read_yaml_file(bot.folder / "data" / "stories.yml")["stories"]
    rules = read_yaml_file(bot.folder / "data" / "rules.yml")["rules"]
    steps = [step for flow in [*stories, *rules] for step in flow["steps"]]
    assert {step["intent"] for step in steps if "intent" in step} <= {
        *domain.intents,
        *DEFAULT_INTENTS,
    }
    actions = {step["action"] for step in steps if "action" in step}
    assert actions <= set(domain.action_names_or_texts)


def shape(words: Any) -> Any:
    """The keys of the words, and what is filled into each."""
    if isinstance(words, dict):
        return {key: shape(value) for key, value in words.items() if key != "countries"}
    return set(re.findall(r"{\w*}", words))


def test_the_bots_differ_only_in_their_words() -> None:
    english, chinese = (bot.folder for bot in BOTS.values())
    domains = [read_yaml_file(folder / "domain.yml") for folder in (english, chinese)]
    for domain in domains:
        domain["responses"] = {
            name: [(set(re.findall(r"{\w+}", r["text"])), r.get("condition")) for r in responses]
            for name, responses in domain["responses"].items()
        }
        del domain["slots"]["language"]["initial_value"]
    assert domains[0] == domains[1]
    words = [LANGUAGES[code].words for code in BOTS]
    assert shape(words[0]) == shape(words[1])
    for kind in ("rules", "stories"):
        flows = [
            [(flow.get("condition"), flow["steps"]) for flow in read_yaml_file(path)[kind]]
            for path in (folder / "data" / f"{kind}.yml" for folder in (english, chinese))
        ]
        assert flows[0] == flows[1]


# The trained bot -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained(bot: Bot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the bot's folder, with a model trained in it."""
    folder = tmp_path_factory.mktemp("bot") / "example_bot"
    ignored = shutil.ignore_patterns("models", "results", ".rasa", "zh")
    shutil.copytree(bot.folder, folder, ignore=ignored)
    if bot.epochs:
        config = read_yaml_file(folder / "config.yml")
        config["pipeline"][2]["epochs"] = bot.epochs
        write_yaml(config, folder / "config.yml")
    rasa(folder, "train", "--quiet", "--fixed-model-name", "bot")
    return folder


@pytest.fixture(scope="module")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an action server, as `rasa run actions` starts it."""
    tickets = f"sqlite:///{tmp_path_factory.mktemp('office') / 'tickets.db'}"
    seed(tickets)
    url = f"http://localhost:{free_port()}"
    command = ["rasa_sdk", "--actions", "actions", "--port", url.rpartition(":")[2]]
    server = Server(command, f"{url}/health", {"TICKETS_DB": tickets})
    server.start()
    yield f"{url}/webhook"
    server.kill()


@pytest.fixture(scope="module")
def agent(trained: Path, actions: str) -> Agent:
    endpoint = EndpointConfig(actions)
    return Agent.load(str(trained / "models" / "bot.tar.gz"), action_endpoint=endpoint)


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


def test_it_understands_sentences_it_has_not_seen(
    bot: Bot, agent: Agent, held_out: TrainingData
) -> None:
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
    intents_floor, entities_floor = bot.floors
    assert intents_right / len(held_out.intent_examples) >= intents_floor
    assert 2 * hits / (expected + found) >= entities_floor


def test_it_falls_back_on_what_it_is_not_about_and_on_little_else(bot: Bot, agent: Agent) -> None:
    messages = [text for texts in off_topic(bot.folder).values() for text in texts]
    outside, inside = rates(agent, messages), rates(agent, on_topic(bot.folder))
    assert outside.fallback + outside.out_of_scope >= 0.8
    assert inside.fallback <= bot.fallbacks


def test_it_recognises_a_city_that_only_the_lookup_table_has(
    bot: Bot, agent: Agent, training_data: TrainingData
) -> None:
    sentence, departure, destination = bot.lookup_only
    (lookup,) = training_data.lookup_tables
    assert {departure, destination} <= set(lookup["elements"])
    texts = " ".join(message.get("text") for message in training_data.intent_examples)
    assert departure not in texts and destination not in texts
    cities = [
        (sentence[entity["start"] : entity["end"]], entity["entity"], entity.get("role"))
        for entity in parse(agent, sentence)["entities"]
    ]
    assert cities == [(departure, "city", "departure"), (destination, "city", "destination")]


async def talk(agent: Agent, sender: str, *texts: str) -> Tuple[List[str], Dict[str, Any]]:
    """Say `texts`, as the bot's channel does; the reply to each, and the slots at the end."""
    replies = []
    for text in texts:
        output = CollectingOutputChannel()
        for turn in turns_of(UserMessage(text, output, sender)):
            await agent.handle_message(turn)
        answers = [*as_one(output.messages)]
        # What has buttons stands by itself.
        assert answers and sum("buttons" not in answer for answer in answers) <= 1
        replies.append("\n".join(answer["text"] for answer in answers))
    assert agent.tracker_store is not None
    tracker = await agent.tracker_store.get_or_create_tracker(sender)
    return replies, tracker.current_slot_values()


def test_a_booking_fills_the_slots(bot: Bot, agent: Agent) -> None:
    _, slots = asyncio.run(talk(agent, "one", *bot.booking))
    assert {key: slots[key] for key in bot.slots} == bot.slots


def test_bare_cities_answer_what_the_form_asks(bot: Bot, agent: Agent) -> None:
    wish, first, second = bot.bare
    _, slots = asyncio.run(talk(agent, "two", wish, first))
    assert (slots["departure"], slots["destination"]) == (first, None)
    _, slots = asyncio.run(talk(agent, "two", second))
    assert (slots["departure"], slots["destination"]) == (first, second)


def test_a_booking_is_none_of_the_business_of_somebody_else(bot: Bot, agent: Agent) -> None:
    replies, _ = asyncio.run(talk(agent, "owner", *bot.booking, bot.yes))
    code = next(iter(re.findall(r"[A-Z0-9]{6}", replies[-1])))
    asked = [wish.format(code=code) for wish in bot.wishes]
    for sender, denied in (("stranger", True), ("owner", False)):
        replies, _ = asyncio.run(talk(agent, sender, *asked))
        assert [bot.denied in reply for reply in replies] == [denied] * len(asked)


def test_what_the_fallback_is_not_sure_of_is_offered(bot: Bot, agent: Agent) -> None:
    """With the ranking that the NLU gives, not the one of a payload that names an intent."""

    async def offered() -> List[str]:
        said = UserMessage(bot.gibberish, sender_id="unsure")
        answers = await agent.handle_message(said) or []
        return [button["payload"] for button in answers[0].get("buttons", [])]

    ranking = [one["name"] for one in parse(agent, bot.gibberish)["intent_ranking"]]
    assert parse(agent, bot.gibberish)["intent"]["name"] == "nlu_fallback"
    expected = [f"/{intent}" for intent in ranking if intent in ANSWERS][:3]
    assert asyncio.run(offered()) == expected and expected


def days_of(bot: Bot) -> Dict[str, str]:
    """The days that conversations name, as the bot writes them."""
    write = LANGUAGES["zh" if bot.folder.name == "zh" else "en"].write_date
    days = {"tomorrow": date.today() + timedelta(days=1), "friday": coming(4)}
    days["sunday_after"] = coming(4) + timedelta(days=2)
    return {name: write(day) for name, day in days.items()}


def test_its_replies_have_what_conversations_need(bot: Bot, agent: Agent) -> None:
    conversations = read_yaml_file(bot.folder / "tests" / "conversations.yml")
    wrong = []
    for conversation in conversations:
        title, turns = conversation["conversation"], conversation["turns"]
        replies, _ = asyncio.run(talk(agent, title, *(turn["user"] for turn in turns)))
        for turn, said in zip(turns, replies):
            parts = [part.format(**days_of(bot)) for part in turn["bot"]]
            missing = [part for part in parts if part not in said]
            wrong += [(title, turn["user"], missing, said)] if missing else []
    assert wrong == []


def test_its_conversations_go_as_they_should(trained: Path) -> None:
    rasa(
        trained,
        "test",
        "core",
        "--stories",
        "tests/test_stories.yml",
        "--model",
        "models/bot.tar.gz",
        "--fail-on-prediction-errors",
        "--e2e",
    )


# In a browser ----------------------------------------------------------------------------------

BOOKING = (
    ("I'd like to go from Lyon to Geneva", "On which day?"),
    ("next Friday", "First or second class?"),
    ("no, not to Geneva, to Milan", "Noted: to Milan."),
    ("second class", "How many of you"),
    ("2 adults and a kid", "Shall I book it?"),
    ("actually 3 kids", "2 adults, 3 children"),
    ("yes", "Done!"),
)


@pytest.fixture
def served(trained: Path, actions: str, tmp_path: Path) -> Iterator[str]:
    """The address of a Rasa server with the bot."""
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(f"action_endpoint:\n  url: {actions}\n", encoding="utf-8")
    url = f"http://localhost:{free_port()}"
    options = f"--port {url.rpartition(':')[2]} --endpoints {endpoints} --enable-api"
    command = f"rasa run --model {trained / 'models' / 'bot.tar.gz'} {options}"
    server = Server(command.split(), url, {})
    server.start()
    yield url
    server.kill()


@pytest.mark.parametrize("bot", ["en"], indirect=True)
def test_a_booking_with_two_corrections_by_chat_shows_what_rasa_understands(
    bot: Bot, trained: Path, served: str
) -> None:
    # Without a browser the test is skipped before there is a server to be stopped.
    with chromium() as browser:
        page_server = PageServer(trained / "models" / "bot.tar.gz", "--bot", served)
        with opened(browser, page_server.url) as page:
            page.set_default_timeout(60_000)
            page.wait_for_selector("#state.well")
            for number, (text, part) in enumerate(BOOKING):
                page.fill("#message", text)
                page.press("#message", "Enter")
                page.wait_for_selector(f".bot >> nth={number} >> text={part}")
                # Folded in, but there.
                answered = page.wait_for_selector(
                    f"pre:has-text({json.dumps(text)})", state="attached"
                )
                shown = json.loads(answered.text_content())
                answer = requests.post(f"{served}/model/parse", json={"text": text}, timeout=60)
                assert shown == answer.json()
            booked = page.locator(".bot").last.inner_text()
            assert "Milan" in booked and "2 adults, 3 children" in booked
            assert re.search(r"Booking \w{6}", booked)
        assert page_server.stop() == 0
