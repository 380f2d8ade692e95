"""Training data that comes from elsewhere: other platforms, files, and exports of other bots."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
import rasa.model_training
import rasa.shared.nlu.training_data.loading as loading
from rasa.core.agent import Agent
from rasa_helpers import WHITESPACE, classifier_in, ours, parse, write_config

OURS = "JointNLUClassifier"
CRF = {"name": "CRFEntityExtractor", "max_iterations": 50}
LUIS = {
    "luis_schema_version": "5.0",
    "intents": [{"name": "book"}, {"name": "greet"}],
    "entities": [{"name": "city", "roles": []}],
    "utterances": [
        *(
            {
                "text": f"{start} {city}",
                "intent": "book",
                "entities": [
                    {
                        "entity": "city",
                        "startPos": len(start) + 1,
                        "endPos": len(start) + len(city),
                    }
                ],
            }
            for start in ("take me to", "a ticket to", "we travel to")
            for city in ("Rome", "Oslo", "Lima", "Bonn")
        ),
        *({"text": text, "intent": "greet", "entities": []} for text in ("hello", "hi", "hey")),
    ],
}


def trained(folder: Path, nlu: str, pipeline: List[Any]) -> Agent:
    config = write_config(folder, pipeline)
    return Agent.load(str(rasa.model_training.train_nlu(str(config), nlu, str(folder / "models"))))


def test_luis_has_no_role_where_rasas_reader_writes_o(tmp_path: Path) -> None:
    nlu = tmp_path / "luis.json"
    nlu.write_text(json.dumps(LUIS), encoding="utf-8")
    (entity, *_) = loading.load_data(str(nlu)).entity_examples[0].get("entities")
    assert entity["role"] == "O"
    agent = trained(tmp_path, str(nlu), [WHITESPACE, ours()])
    (found,) = parse(agent, "a ticket to Lima")["entities"]
    assert found["value"] == "Lima"
    assert "role" not in found and "group" not in found and "confidence_role" not in found


def examples_for(extractor: str) -> Dict[str, Any]:
    common = [
        {
            "text": f"{start} {city} now",
            "intent": intent,
            "entities": [
                {
                    "entity": "city",
                    "value": city,
                    "start": float(len(start) + 1),
                    "end": len(start) + 1 + len(city),
                    "extractor": extractor,
                }
            ],
        }
        for intent, start in (("go", "take me to"), ("stay", "we remain in"))
        for city in ("Rome", "Oslo", "Lima", "Bonn")
    ]
    return {"rasa_nlu_data": {"common_examples": common}}


EXPORTS: List[Tuple[str, List[Any], List[str], str]] = [
    ("DIETClassifier", [], ["Oslo"], "learns 8 entities"),
    ("CRFEntityExtractor", [], ["Oslo"], "learns 8 entities"),
    ("CRFEntityExtractor", [CRF], [], "8 entities annotated for CRF"),
    ("DucklingEntityExtractor", [], [], "8 entities annotated for Duckling"),
]


@pytest.mark.parametrize(("extractor", "more", "found", "told"), EXPORTS)
def test_entities_of_an_export_are_learnt_by_one_or_counted(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    extractor: str,
    more: List[Any],
    found: List[str],
    told: str,
) -> None:
    nlu = tmp_path / "nlu.json"
    nlu.write_text(json.dumps(examples_for(extractor)), encoding="utf-8")
    with caplog.at_level(logging.INFO, "rasa_joint_nlu"):
        agent = trained(tmp_path, str(nlu), [WHITESPACE, *more, ours()])
    entities = parse(agent, "take me to Oslo now")["entities"]
    assert [e["value"] for e in entities if e["extractor"] == OURS] == found
    assert sum(told in text for text in caplog.messages) == 1


@pytest.mark.parametrize("elements", ["lk/drugs.txt", ["lk/drugs.txt"], ["aspirin"]])
def test_a_lookup_table_that_names_a_file_trains(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    elements: Any,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lk").mkdir()
    Path("lk", "drugs.txt").write_text("aspirin\nibuprofen\n", encoding="utf-8")
    data = examples_for("")
    data["rasa_nlu_data"]["lookup_tables"] = [{"name": "drug", "elements": elements}]
    Path("nlu.json").write_text(json.dumps(data), encoding="utf-8")
    agent = trained(tmp_path, "nlu.json", [WHITESPACE, ours()])
    assert parse(agent, "take me to Oslo now")["intent"]["name"] == "go"
    assert not [text for text in caplog.messages if "lookup" in text]


def test_a_lookup_table_in_yaml_whose_file_is_missing_trains_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("nlu.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: a\n  examples: |\n    - one\n    - uno\n'
        "- intent: b\n  examples: |\n    - two\n    - dos\n"
        "- lookup: drug\n  examples: |\n    - lk/drugs.txt\n",
        encoding="utf-8",
    )
    agent = trained(tmp_path, "nlu.yml", [WHITESPACE, ours()])
    assert parse(agent, "two")["intent"]["name"] == "b"
    assert sum("'lk/drugs.txt'" in text for text in caplog.messages) == 1


def test_long_names_of_a_lookup_table_are_looked_for_and_the_others_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nlu = tmp_path / "nlu.yml"
    nlu.write_text(
        'version: "3.1"\nnlu:\n- intent: go\n  examples: |\n    - 去[呼和浩特市](city)\n'
        "    - 我想去[乌鲁木齐市](city)\n- intent: greet\n  examples: |\n    - 你好\n    - 您好\n"
        "- lookup: city\n  examples: |\n    - 呼和浩特市\n    - 齐齐哈尔市\n    - 京\n    - Oslo\n",
        encoding="utf-8",
    )
    pipeline = ["rasa_joint_nlu.UnicodeTokenizer", ours(dictionary=None)]
    with caplog.at_level(logging.INFO, "rasa_joint_nlu"):
        agent = trained(tmp_path, str(nlu), pipeline)
    (told,) = [text for text in caplog.messages if "without spaces" in text]
    assert "looks for 2 words" in told
    assert "1 of a single character" in told and "1 not, or not only," in told
    words = classifier_in(agent)._model.learnt.encoder.vocabulary.dictionary
    assert words == {"呼和浩特市", "齐齐哈尔市"}
