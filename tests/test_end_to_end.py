"""What users do with Rasa: train, train again, fine-tune, test, serve, interrupt."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any, Dict, List

import pytest
import rasa
import rasa.model_testing
import rasa.model_training
import rasa.server
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.loading import load_data
from rasa.utils.endpoints import EndpointConfig
from rasa_helpers import (
    BOT,
    WHITESPACE,
    bot,
    classifier_in,
    config_of,
    entities_of,
    intent_of,
    ours,
    parse,
    train,
    write_config,
    yaml_of,
)
from sanic import Sanic

from rasa_joint_nlu import component as component_module
from rasa_joint_nlu.core.model import JointModel

OURS = "JointNLUClassifier"
FLIGHT = "fly from Oslo to New York"
PLAIN = [WHITESPACE, ours()]


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> List[JointModel]:
    """The models that are trained from scratch."""
    models: List[JointModel] = []
    fit = JointModel.fit

    def spy(self: JointModel, *args: Any, **kwargs: Any) -> Any:
        models.append(self)
        return fit(self, *args, **kwargs)

    monkeypatch.setattr(JointModel, "fit", spy)
    return models


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa's training cache, which these tests do without otherwise."""
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    monkeypatch.setenv("RASA_MAX_CACHE_SIZE", "1000")


@pytest.fixture
def nlu_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with the examples of `BOT`, in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "nlu.yml"
    path.write_text(yaml_of(BOT), encoding="utf-8")
    return path


# Training again -------------------------------------------------------------------------------


@pytest.mark.usefixtures("cache")
def test_a_second_training_takes_us_from_the_cache(tmp_path: Path, fits: List[Any]) -> None:
    first = train(tmp_path, PLAIN, yaml_of(BOT), name="first")
    second = train(tmp_path, PLAIN, yaml_of(BOT), name="second")
    assert len(fits) == 1
    assert second != first
    assert parse(second, FLIGHT) == parse(first, FLIGHT)


@pytest.mark.usefixtures("cache")
def test_other_code_examples_or_options_are_trained_again(
    tmp_path: Path, fits: List[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline, nlu = [WHITESPACE, ours(epochs=1)], yaml_of(BOT)
    train(tmp_path, pipeline, nlu)
    monkeypatch.setattr(component_module, "source_hash", lambda: "edited")
    train(tmp_path, pipeline, nlu)
    assert len(fits) == 2
    train(tmp_path, pipeline, yaml_of({**BOT, "goodbye": [*BOT["goodbye"], "ciao"]}))
    assert len(fits) == 3
    train(tmp_path, [WHITESPACE, ours(epochs=2)], nlu)
    assert len(fits) == 4
    train(tmp_path, pipeline, nlu)
    assert len(fits) == 4


@pytest.mark.usefixtures("cache")
def test_other_content_of_the_vector_file_is_trained_again(tmp_path: Path, fits: List[Any]) -> None:
    vectors = tmp_path / "vectors.txt"
    pipeline = [WHITESPACE, ours(epochs=1, pretrained_embeddings=str(vectors))]
    for content, trainings in (("tea 1 2\n", 1), ("tea 1 2\n", 1), ("tea 1 3\n", 2)):
        vectors.write_text(content, encoding="utf-8")
        train(tmp_path, pipeline, yaml_of(BOT))
        assert len(fits) == trainings


@pytest.mark.parametrize("fraction", [1.0, 0.5])
def test_fine_tuning_twice_learns_new_examples_and_words_and_keeps_the_old(
    fraction: float, tmp_path: Path, fits: List[Any]
) -> None:
    once = {**BOT, "goodbye": [*BOT["goodbye"], "hasta la vista", "ciao bella"]}
    twice = {**once, "order": [*once["order"], "fetch me a [lemonade](drink)"]}
    base = bot()
    fits.clear()
    first = train(tmp_path, PLAIN, yaml_of(once), base, fraction, "first")
    assert intent_of(first, "ciao bella") == "goodbye"
    agent = Agent.load(str(train(tmp_path, PLAIN, yaml_of(twice), first, fraction, "second")))
    assert fits == []
    words = classifier_in(agent)._model.learnt.encoder.vocabulary.words  # type: ignore[union-attr]
    assert {"vista", "ciao", "lemonade", "oslo"} <= set(words)
    assert len(words) == len(set(words))
    assert intent_of(agent, "hasta la vista") == "goodbye"
    assert entities_of(agent, "fetch me a lemonade") == [("drink", None, "lemonade")]
    assert entities_of(agent, FLIGHT) == [("city", "from", "Oslo"), ("city", "to", "New York")]


# Annotations inside of tokens ------------------------------------------------------------------

CUT = {
    "alarm": ["wake me at [3](hour)pm", "call me at [7](hour)am", "be here at [11](hour)pm"],
    "ticket": ["ich brauche ein [Bahn](mode)ticket", "eine [Bus](mode)karte bitte"],
    "greet": ["hello", "hi there"],
}
"""WhitespaceTokenizer leaves "3pm" and "Bahnticket" whole."""
CUT_COUNTS = "5 (hour: 3, mode: 2)."
ASKED = ("wake me at 7am", "ich brauche ein Bahnticket")


def warning_of(caught: List[warnings.WarningMessage]) -> str:
    """The one warning of misaligned annotations."""
    (text,) = [str(w.message) for w in caught if "Misaligned" in str(w.message)]
    return text


def test_annotations_inside_of_tokens_are_learnt_as_whole_tokens(tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = train(tmp_path, PLAIN, yaml_of(CUT))
    text = warning_of(caught)
    assert f"Misaligned entity annotations: {CUT_COUNTS} They do not begin and end with a" in text
    assert f"expand': Learnt as the whole tokens that they touch: {CUT_COUNTS}" in text
    assert "Not learnt" not in text
    assert "\n- '3' (hour) in 'wake me at 3pm': learnt as '3pm'\n" in text
    assert "\n- 'Bahn' (mode) in 'ich brauche ein Bahnticket': learnt as 'Bahnticket'\n" in text
    agent = Agent.load(str(model))
    assert [entities_of(agent, question) for question in ASKED] == [
        [("hour", None, "7am")],
        [("mode", None, "Bahnticket")],
    ]


def test_annotations_inside_of_tokens_can_be_dropped(tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pipeline = [WHITESPACE, ours(misaligned_entities="drop")]
        model = train(tmp_path, pipeline, yaml_of(CUT))
    text = warning_of(caught)
    assert f"'misaligned_entities: drop': Not learnt: {CUT_COUNTS}" in text
    assert "Learnt as" not in text
    assert "\n- '3' (hour) in 'wake me at 3pm': not learnt, the tokens are ['wake', 'me'," in text
    assert "\n- 'Bahn' (mode) in 'ich brauche ein Bahnticket': not learnt, " in text
    agent = Agent.load(str(model))
    assert [entities_of(agent, question) for question in ASKED] == [[], []]


def test_annotations_inside_of_tokens_can_stop_the_training(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfigException) as refused:
        train(tmp_path, [WHITESPACE, ours(misaligned_entities="error")], yaml_of(CUT))
    text = str(refused.value)
    assert text.startswith(f"JointNLUClassifier: Misaligned entity annotations: {CUT_COUNTS} ")
    assert "\n- '3' (hour) in 'wake me at 3pm': learnt as '3pm'\n" in text
    assert "\n- 'Bahn' (mode) in 'ich brauche ein Bahnticket': learnt as 'Bahnticket'\n" in text


def test_fine_tuning_learns_whole_tokens_too(tmp_path: Path) -> None:
    more = {**BOT, "order": [*BOT["order"], "serve two [lemon](drink)ades"]}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = train(tmp_path, PLAIN, yaml_of(more), bot(), name="tuned")
    assert "- 'lemon' (drink) in 'serve two lemonades': learnt as 'lemonades'" in warning_of(caught)
    assert entities_of(model, "serve two lemonades") == [("drink", None, "lemonades")]


# Stories --------------------------------------------------------------------------------------

DOMAIN = """version: "3.1"
intents: [greet, goodbye, fly, order]
entities:
- drink
- city:
    roles: [from, to]
responses:
  utter_hello:
  - text: Hello!
"""
STORIES = """version: "3.1"
stories:
- story: with intents
  steps:
  - intent: greet
  - action: utter_hello
- story: with texts
  steps:
  - user: is anybody there
  - bot: Yes, I am here.
  - user: what a nice day
  - bot: Indeed.
"""


def test_end_to_end_stories_are_no_nlu_examples(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_config(tmp_path, PLAIN)
    for name, text in (("domain", DOMAIN), ("stories", STORIES), ("nlu", yaml_of(BOT))):
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    files = [str(tmp_path / f"{name}.yml") for name in ("nlu", "stories")]
    with caplog.at_level(logging.INFO, "rasa_joint_nlu"):
        result = rasa.train(
            str(tmp_path / "domain.yml"),
            str(tmp_path / "config.yml"),
            files,
            str(tmp_path / "models"),
        )
    assert result.code == 0
    lines = [r.getMessage() for r in caplog.records if r.name.startswith("rasa_joint_nlu")]
    assert len([line for line in lines if line.startswith("2 texts without an intent")]) == 1
    assert len([line for line in lines if "learnt 4 intents" in line]) == 1
    agent = Agent.load(result.model)
    words = classifier_in(agent)._model.learnt.encoder.vocabulary.words  # type: ignore[union-attr]
    assert "anybody" not in words and "hello" in words
    answers = asyncio.run(agent.handle_text("hello my friend"))
    assert [answer["text"] for answer in answers] == ["Hello!"]


# `rasa test nlu` ------------------------------------------------------------------------------


def names_in(folder: Path) -> List[str]:
    return [path.name for path in folder.iterdir()]


def test_rasa_test_writes_every_report_about_us(nlu_file: Path, tmp_path: Path) -> None:
    wrong = 'fly to [tea](drink) from [Lima]{"entity": "city", "role": "to"}'
    nlu_file.write_text(yaml_of({**BOT, "greet": [*BOT["greet"], wrong]}), encoding="utf-8")
    asyncio.run(
        rasa.model_testing.test_nlu(
            str(bot()), str(nlu_file), str(tmp_path / "out"), {"errors": True, "successes": True}
        )
    )
    assert {
        "intent_report.json",
        "intent_errors.json",
        "intent_successes.json",
        "intent_histogram.png",
        "intent_confusion_matrix.png",
        f"{OURS}_report.json",
        f"{OURS}_errors.json",
        f"{OURS}_successes.json",
        f"{OURS}_histogram.png",
        f"{OURS}_confusion_matrix.png",
    } <= set(names_in(tmp_path / "out"))
    report = json.loads((tmp_path / "out" / f"{OURS}_report.json").read_text())
    assert {"city", "drink", "city.from", "city.to"} & set(report)
    assert report["micro avg"]["f1-score"] > 0.8
    errors = json.loads((tmp_path / "out" / f"{OURS}_errors.json").read_text())
    assert [error["text"] for error in errors] == ["fly to tea from Lima"]


def test_cross_validation_trains_every_fold(
    nlu_file: Path, tmp_path: Path, fits: List[Any]
) -> None:
    asyncio.run(
        rasa.model_testing.perform_nlu_cross_validation(
            config_of(PLAIN),
            load_data(str(nlu_file)),
            str(tmp_path / "out"),
            {"folds": 2, "disable_plotting": True},
        )
    )
    assert len(fits) == 2
    report = json.loads((tmp_path / "out" / "intent_report.json").read_text())
    assert report["macro avg"]["support"] == 26
    assert f"{OURS}_report.json" in names_in(tmp_path / "out")


def test_configs_can_be_compared(nlu_file: Path, tmp_path: Path, fits: List[Any]) -> None:
    for name, pipeline in (("one", PLAIN), ("two", [WHITESPACE, ours(epochs=2)])):
        (tmp_path / name).mkdir()
        write_config(tmp_path / name, pipeline).rename(tmp_path / f"{name}.yml")
    asyncio.run(
        rasa.model_testing.compare_nlu_models(
            [str(tmp_path / "one.yml"), str(tmp_path / "two.yml")],
            load_data(str(nlu_file)),
            str(tmp_path / "out"),
            runs=1,
            exclusion_percentages=[0],
        )
    )
    assert len(fits) == 2
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["one"][0][0] > 0  # a training that fails counts as 0
    reports = tmp_path / "out" / "run_1" / "0%_exclusion"
    for name in ("one", "two"):
        assert "intent_report.json" in names_in(reports / f"{name}_report")


# The server -----------------------------------------------------------------------------------


async def post(agent: Agent, path: str, content: Dict[str, Any]) -> Any:
    """What Rasa's server answers, on a free port of this machine."""
    Sanic.test_mode = True
    app = rasa.server.create_app(agent)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        assert server
        await server.startup()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            return await EndpointConfig(url).request("post", path, json=content)
        finally:
            await server.close()


def test_the_server_answers_with_intent_ranking_and_entities() -> None:
    agent = Agent.load(str(bot()))
    found = asyncio.run(post(agent, "model/parse", {"text": FLIGHT}))
    assert found == parse(agent, FLIGHT)
    assert found["intent"]["name"] == "fly"
    assert {item["name"] for item in found["intent_ranking"]} == set(BOT)
    assert [(e["value"], e["role"]) for e in found["entities"]] == [
        ("Oslo", "from"),
        ("New York", "to"),
    ]
    for entity in found["entities"]:
        assert 0.5 < entity["confidence_entity"] <= 1
        assert 0.5 < entity["confidence_role"] <= 1
        assert entity["extractor"] == OURS


def test_groups_come_with_their_confidences(tmp_path: Path) -> None:
    def pair(first: str, second: str) -> str:
        return " and ".join(
            f'[{size}]{{"entity": "size", "group": "{n}"}} [{food}]{{"entity": "food", '
            f'"group": "{n}"}}'
            for n, (size, food) in enumerate((first.split(), second.split()), start=1)
        )

    nlu = yaml_of(
        {
            "eat": [
                pair("large pizza", "small salad"),
                pair("small pizza", "large salad"),
                pair("small soup", "small pizza"),
                pair("large salad", "large soup"),
            ],
            "greet": BOT["greet"],
        }
    )
    found = parse(train(tmp_path, PLAIN, nlu), "small pizza and large soup")["entities"]
    assert [(e["value"], e["entity"], e["group"]) for e in found] == [
        ("small", "size", "1"),
        ("pizza", "food", "1"),
        ("large", "size", "2"),
        ("soup", "food", "2"),
    ]
    assert all(0.5 < e["confidence_group"] <= 1 for e in found)
    assert not any("role" in e for e in found)


# Processes of their own -----------------------------------------------------------------------

WITHOUT_TORCH = """
import asyncio, json, sys

class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ImportError("torch is not installed here")

sys.meta_path.insert(0, NoTorch())
from rasa.core.agent import Agent

agent = Agent.load(sys.argv[1])
found = asyncio.run(agent.parse_message(sys.argv[2]))
assert "torch" not in sys.modules
print(json.dumps(found))
"""


def run_python(*args: str, **options: Any) -> str:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", *args],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        **options,
    )
    return run.stdout


def test_a_model_answers_where_torch_is_not_installed() -> None:
    output = run_python("-c", WITHOUT_TORCH, str(bot()), FLIGHT)
    assert json.loads(output.splitlines()[-1]) == parse(bot(), FLIGHT)


def test_a_model_answers_without_importing_an_installed_torch() -> None:
    code = WITHOUT_TORCH.replace("sys.meta_path.insert(0, NoTorch())", "")
    output = run_python("-c", code, str(bot()), FLIGHT)
    assert json.loads(output.splitlines()[-1])["intent"]["name"] == "fly"


def test_an_interrupted_training_fails_and_leaves_no_model(nlu_file: Path, tmp_path: Path) -> None:
    write_config(tmp_path, [WHITESPACE, ours(epochs=10**7)])
    command = [sys.executable, "-W", "ignore", "-m", "rasa", "train", "nlu"]
    command += ["--nlu", str(nlu_file), "--config", "config.yml", "--out", "models"]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "LOG_LEVEL": "INFO"},
    )
    assert process.stderr
    try:
        read = b""
        while b"Epochs" not in read and process.poll() is None:
            read += os.read(process.stderr.fileno(), 4096)
        process.send_signal(signal.SIGINT)
        process.stderr.close()
        assert process.wait(60) != 0
    finally:
        process.kill()
    assert b"Epochs" in read
    assert list(tmp_path.rglob("*.tar.gz")) == []
