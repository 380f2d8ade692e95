"""The component beside Rasa's own, in pipelines that Rasa trains and asks."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Dict, List

import pytest
import rasa.model_training
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException
from rasa_helpers import (
    BOT,
    FAQ,
    REST,
    WHITESPACE,
    entities_of,
    folder_of,
    intent_of,
    lookup,
    ours,
    parse,
    train,
    write_config,
    yaml_of,
)

OURS = "JointNLUClassifier"
CRF = {"name": "CRFEntityExtractor"}
DIET_BLOCK = {
    "epochs": 30,
    "constrain_similarities": True,
    "transformer_size": 256,
    "number_of_transformer_layers": 2,
    "model_confidence": "softmax",
    "BILOU_flag": True,
    "learning_rate": 0.01,
    "random_seed": 1,
}


# Regular expressions and lookup tables --------------------------------------------------------

LIKES = {
    "like": [
        *(f"i like [{x}](drink)" for x in ("tea", "coffee", "milk", "water", "juice", "wine")),
        *(f"i like {x}" for x in ("chess", "music", "trees", "snow", "reading", "cats", "stars")),
    ],
    "hate": [
        *(f"i hate [{x}](drink)" for x in ("beer", "cocoa", "cider", "soup", "gin", "rum")),
        *(f"i hate {x}" for x in ("noise", "rain", "spiders", "queues", "mondays", "dogs")),
    ],
}
DRINKS = [
    "tea",
    "coffee",
    "milk",
    "water",
    "juice",
    "wine",
    "beer",
    "cocoa",
    "cider",
    "soup",
    "gin",
    "rum",
]
NEW_DRINKS = ["kvass", "pulque", "mead", "absinthe"]
NEW_THINGS = ["snooker", "golf", "paint", "winter"]


def tagged(pipeline: List[Any]) -> Dict[str, int]:
    """How often a model tags words that are in no example: those of the table, and others."""
    nlu = yaml_of(LIKES, lookup("drink", [*DRINKS, *NEW_DRINKS]))
    agent = Agent.load(str(train(folder_of(f"lookup{len(pipeline)}"), pipeline, nlu)))
    return {
        name: sum(
            ("drink", None, word) in entities_of(agent, f"i {verb} {word}")
            for verb in LIKES
            for word in words
        )
        for name, words in (("listed", NEW_DRINKS), ("unlisted", NEW_THINGS))
    }


def test_values_only_in_a_lookup_table_are_found_with_a_regex_featurizer_before_us() -> None:
    times = tagged([WHITESPACE, "RegexFeaturizer", ours(epochs=150)])
    assert times["listed"] >= 6  # of 8
    assert times["unlisted"] < times["listed"]


def test_values_only_in_a_lookup_table_are_not_found_without_a_regex_featurizer() -> None:
    # The more rare words are dropped in training, the more new ones are guessed, listed or not.
    times = tagged([WHITESPACE, ours(epochs=150, word_drop_rate=0)])
    assert times["listed"] <= 2


# A whole pipeline -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole() -> Agent:
    pipeline = [
        WHITESPACE,
        "RegexFeaturizer",
        "CountVectorsFeaturizer",
        {"name": "RegexEntityExtractor"},
        ours(),
        "EntitySynonymMapper",
        {"name": "ResponseSelector", "epochs": 20, "retrieval_intent": "faq", "random_seed": 1},
        {"name": "FallbackClassifier", "threshold": 0.5, "ambiguity_threshold": 0.01},
    ]
    return Agent.load(str(train(folder_of("whole"), pipeline, yaml_of({**BOT, **FAQ}, REST))))


def test_a_synonym_mapper_after_us_maps_the_values(whole: Agent) -> None:
    assert entities_of(whole, "fly from Oslo to New York") == [
        ("city", None, "Oslo"),
        ("city", "from", "Oslo"),
        ("city", "to", "NYC"),
    ]
    mapped = parse(whole, "fly from Oslo to New York")["entities"][-1]
    assert mapped["processors"] == ["EntitySynonymMapper"]
    assert mapped["extractor"] == OURS


def test_entities_of_a_regex_extractor_come_first_and_then_ours(whole: Agent) -> None:
    found = parse(whole, "fly from Oslo to New York")["entities"]
    assert [(e["extractor"], e["value"], e.get("role")) for e in found] == [
        ("RegexEntityExtractor", "Oslo", None),
        (OURS, "Oslo", "from"),
        (OURS, "NYC", "to"),
    ]


def test_retrieval_intents_are_one_intent_and_the_selector_tells_them_apart(whole: Agent) -> None:
    found = parse(whole, "when are you open")
    names = [item["name"] for item in found["intent_ranking"]]
    assert found["intent"]["name"] == "faq"
    assert not [name for name in names if "/" in name]
    response = found["response_selector"]["faq"]["response"]
    assert response["intent_response_key"] == "faq/hours"


def test_a_fallback_classifier_keeps_a_sure_intent(whole: Agent) -> None:
    found = parse(whole, "hello my friend")
    assert found["intent"]["name"] == "greet"
    assert found["intent_ranking"][0] == found["intent"]


def test_a_fallback_classifier_takes_over_where_there_is_no_intent(whole: Agent) -> None:
    found = parse(whole, "")
    assert found["intent"]["name"] == "nlu_fallback"
    assert found["entities"] == []


def test_a_fallback_classifier_after_an_untrained_component_takes_over(tmp_path: Path) -> None:
    nlu = yaml_of({"greet": ["hello", "hi"]})
    pipeline = [WHITESPACE, ours(epochs=1), {"name": "FallbackClassifier", "threshold": 0.3}]
    assert intent_of(train(tmp_path, pipeline, nlu), "hello") == "nlu_fallback"


# Other classifiers and extractors -------------------------------------------------------------


def test_entities_of_a_crf_extractor_come_first_and_each_has_its_extractor(
    tmp_path: Path,
) -> None:
    model = train(tmp_path, [WHITESPACE, "CountVectorsFeaturizer", CRF, ours()], yaml_of(BOT))
    found = parse(model, "fly from Oslo to New York")["entities"]
    assert [e["extractor"] for e in found] == ["CRFEntityExtractor"] * 2 + [OURS] * 2
    assert [e["value"] for e in found] == ["Oslo", "New York"] * 2


def test_entities_annotated_for_another_extractor_are_not_learnt(tmp_path: Path) -> None:
    def example(verb: str, city: str, drink: str) -> Dict[str, Any]:
        text = f"{verb} {drink} in {city}"
        entities = [
            {"entity": kind, "value": value, "start": start, "end": start + len(value)}
            for kind, value in (("drink", drink), ("city", city))
            for start in [text.index(value)]
        ]
        entities[1]["extractor"] = "SpacyEntityExtractor"
        return {"text": text, "intent": verb, "entities": entities}

    words = [("Rome", "tea"), ("Oslo", "milk"), ("Lima", "wine"), ("Bonn", "rum")]
    examples = [example(verb, *pair) for verb in ("buy", "sell") for pair in words]
    data = {"rasa_nlu_data": {"common_examples": examples}}
    (tmp_path / "nlu.json").write_text(json.dumps(data), encoding="utf-8")
    config = write_config(tmp_path, [WHITESPACE, ours()])
    model = rasa.model_training.train_nlu(
        str(config), str(tmp_path / "nlu.json"), str(tmp_path / "models")
    )
    assert entities_of(model, "buy tea in Oslo") == [("drink", None, "tea")]


def test_with_entities_only_the_intent_of_a_classifier_before_us_is_untouched(
    tmp_path: Path,
) -> None:
    before: List[Any] = [WHITESPACE, "CountVectorsFeaturizer", "LogisticRegressionClassifier"]
    alone = Agent.load(str(train(tmp_path, before, yaml_of(BOT), name="alone")))
    pipeline = [*before, ours(intent_classification=False)]
    together = Agent.load(str(train(tmp_path, pipeline, yaml_of(BOT), name="together")))
    for text in ("hello", "fly from Oslo to New York"):
        theirs, found = parse(alone, text), parse(together, text)
        assert found["intent"] == theirs["intent"]
        assert found["intent_ranking"] == theirs["intent_ranking"]
    assert [e["extractor"] for e in found["entities"]] == [OURS, OURS]


def test_with_intents_only_an_extractor_after_us_does_all_the_entities(tmp_path: Path) -> None:
    model = train(
        tmp_path,
        [WHITESPACE, "CountVectorsFeaturizer", ours(entity_recognition=False), CRF],
        yaml_of(BOT),
    )
    found = parse(model, "fly from Oslo to New York")
    assert found["intent"]["name"] == "fly"
    assert {e["extractor"] for e in found["entities"]} == {"CRFEntityExtractor"}
    assert [e["value"] for e in found["entities"]] == ["Oslo", "New York"]


def test_two_of_us_share_the_work_in_one_pipeline(tmp_path: Path) -> None:
    pipeline = [WHITESPACE, ours(entity_recognition=False), ours(intent_classification=False)]
    agent = Agent.load(str(train(tmp_path, pipeline, yaml_of(BOT))))
    found = parse(agent, "fly from Oslo to New York")
    assert found["intent"]["name"] == "fly"
    assert [(e["value"], e["extractor"]) for e in found["entities"]] == [
        ("Oslo", OURS),
        ("New York", OURS),
    ]


def test_two_of_us_that_both_find_entities_report_under_the_same_name(tmp_path: Path) -> None:
    agent = Agent.load(str(train(tmp_path, [WHITESPACE, ours(), ours()], yaml_of(BOT))))
    found = parse(agent, "pour me some tea")["entities"]
    assert [(e["value"], e["extractor"]) for e in found] == [("tea", OURS)] * 2


# Configs and data -----------------------------------------------------------------------------


def test_a_config_of_diet_with_the_name_changed_trains_with_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    entry = {"name": "rasa_joint_nlu.JointNLUClassifier", **DIET_BLOCK}
    pipeline = [WHITESPACE, "CountVectorsFeaturizer", entry]
    with caplog.at_level(logging.WARNING, "rasa_joint_nlu"):
        model = train(tmp_path, pipeline, yaml_of(BOT))
    (line,) = [r.getMessage() for r in caplog.records if r.name.startswith("rasa_joint_nlu")]
    ignored = "constrain_similarities, model_confidence, number_of_transformer_layers, "
    assert ignored + "transformer_size" in line
    assert intent_of(model, "hello my friend") == "greet"


@pytest.mark.parametrize("options", [{}, {"intent_tokenization_flag": True}], ids=["", "split"])
def test_a_multi_intent_is_one_label_that_comes_back_as_it_is(
    tmp_path: Path, options: Dict[str, Any]
) -> None:
    nlu = yaml_of(
        {
            "greet+order": ["hello a tea please", "hi i want some milk", "hey some water please"],
            "greet": ["hello", "hi", "hey"],
            "order": ["a tea please", "i want some milk", "some water please"],
        }
    )
    model = train(tmp_path, [{"name": WHITESPACE, **options}, ours()], nlu)
    found = parse(model, "hi some milk please")
    assert found["intent"]["name"] == "greet+order"
    assert {item["name"] for item in found["intent_ranking"]} == {"greet+order", "greet", "order"}


def test_data_without_entities_gives_a_model_of_intents(tmp_path: Path) -> None:
    nlu = yaml_of({"greet": BOT["greet"], "goodbye": BOT["goodbye"]})
    found = parse(train(tmp_path, [WHITESPACE, ours()], nlu), "see you later")
    assert found["intent"]["name"] == "goodbye"
    assert found["entities"] == []


def test_data_with_a_single_intent_gives_a_model_of_entities(tmp_path: Path) -> None:
    found = parse(
        train(tmp_path, [WHITESPACE, ours()], yaml_of({"order": BOT["order"]})),
        "please serve some coffee",
    )
    assert found["intent"] == {"name": None, "confidence": 0.0}
    assert [e["value"] for e in found["entities"]] == ["coffee"]


def test_data_with_nothing_to_learn_gives_a_model_that_knows_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "rasa_joint_nlu"):
        model = train(tmp_path, [WHITESPACE, ours()], yaml_of({"greet": BOT["greet"]}))
    (line,) = [r.getMessage() for r in caplog.records if r.name.startswith("rasa_joint_nlu")]
    assert "stays untrained" in line
    found = parse(model, "hello")
    assert found["intent"] == {"name": None, "confidence": 0.0}
    assert found["entities"] == []


def test_chinese_is_learnt_with_jieba(tmp_path: Path) -> None:
    pytest.importorskip("jieba", reason="JiebaTokenizer needs the package jieba")
    nlu = yaml_of(
        {
            "fly": ["我 想 去 [北京](city)", "我 要 飞 到 [上海](city)", "去 [北京](city) 的 机票"],
            "greet": ["你好", "早上 好", "晚上 好"],
        }
    )
    found = parse(train(tmp_path, ["JiebaTokenizer", ours()], nlu), "我 想 去 上海")
    assert found["intent"]["name"] == "fly"
    assert [e["value"] for e in found["entities"]] == ["上海"]


# Names of featurizers -------------------------------------------------------------------------

REGEX = {"name": "RegexFeaturizer", "alias": "regex"}


def test_a_mistyped_featurizer_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    pipeline = ["WhitespaceTokenizer", REGEX, ours(featurizers=["regx"], epochs=1)]
    with pytest.raises(InvalidConfigException) as refused:
        train(tmp_path, pipeline, yaml_of(BOT))
    assert str(refused.value) == (
        "JointNLUClassifier: 'featurizers' names 'regx', but no featurizer of that name or alias "
        "comes before it. Did you mean 'regex'?"
    )


def test_a_featurizer_that_finds_nothing_may_be_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # There are no regexes in the data.
    for name in ("regex", "RegexFeaturizer"):
        before = REGEX if name == "regex" else "RegexFeaturizer"
        train(
            tmp_path,
            ["WhitespaceTokenizer", before, ours(featurizers=[name], epochs=1)],
            yaml_of(BOT),
        )
    assert "featurizers" not in caplog.text
