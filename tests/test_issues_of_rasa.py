"""What fails for users of Rasa in Chinese, in small, with the right result.

The numbers are those of issues of Rasa on GitHub. Every text is answered by models that Rasa
trained with UnicodeTokenizer and the component, without and with featurizers.
"""

from __future__ import annotations

import warnings
from typing import Any, List, Tuple

import pytest
from rasa.core.agent import Agent
from rasa_helpers import folder_of, ours, parse, train, yaml_of

NAME = "rasa_joint_nlu.UnicodeTokenizer"
FEATURIZERS = ["RegexFeaturizer", "LexicalSyntacticFeaturizer", "CountVectorsFeaturizer"]

DELIVERIES = ["顺丰快递", "圆通快递", "中通快递", "邮政快递", "德邦快递", "韵达快递"]
PLACES = ["北京", "上海", "南京", "南京市", "长春", "成都", "西安"]
DAYS = ["今天", "明天", "后天", "下个星期五", "星期一"]
APPS = ["google app", "微信", "QQ音乐", "Chrome浏览器", "WPS", "office 365"]
CHINESE = {
    "choose_delivery": [
        *(f"我想换成[{delivery}](delivery)" for delivery in DELIVERIES),
        *(f"请用[{delivery}](delivery)发货" for delivery in DELIVERIES[:4]),
        "能不能换[顺丰快递](delivery)",
    ],
    "weather": [
        *(f"[{day}](date)[{place}](place)天气怎么样" for day, place in zip(DAYS, PLACES)),
        *(f"[{day}](date)在[{place}](place)会下雨吗" for day, place in zip(DAYS, PLACES[2:])),
        "[今天](date)天气好吗",
        "[长春](place)市长江路冷不冷",
        "[南京市](place)长江大桥那边下雪吗",
    ],
    "install": [
        *(f"如何才能下载和安装[{app}](app)" for app in APPS),
        *(f"怎么安装[{app}](app)" for app in APPS[:4]),
        "帮我下载[google app](app)",
        "[WPS](app)在哪里下载",
    ],
    "greet": ["你好", "早上好", "您好", "hello", "大家好", "hi，你好"],
}


@pytest.fixture(scope="module", params=[[], FEATURIZERS], ids=["tokens", "features"])
def training(request: pytest.FixtureRequest) -> Tuple[Agent, List[str]]:
    """A model, and the warnings of its training."""
    folder = folder_of(f"chinese{len(request.param)}")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = train(folder, [NAME, *request.param, ours(epochs=80)], yaml_of(CHINESE))
    return Agent.load(str(model)), [str(warning.message) for warning in caught]


@pytest.fixture(scope="module")
def agent(training: Tuple[Agent, List[str]]) -> Agent:
    return training[0]


def answer(agent: Agent, text: str) -> Tuple[str, List[Any]]:
    """The intent, and the type and text of each entity."""
    found = parse(agent, text)
    entities = found["entities"]
    assert all(text[e["start"] : e["end"]] == e["value"] for e in entities)
    return found["intent"]["name"], [(e["entity"], e["value"]) for e in entities]


def test_10578_annotations_that_part_what_a_segmenter_joins_are_all_learnt(
    training: Tuple[Agent, List[str]], agent: Agent
) -> None:
    assert not [text for text in training[1] if "isaligned" in text]
    assert answer(agent, "下个星期五南京天气怎么样") == (
        "weather",
        [("date", "下个星期五"), ("place", "南京")],
    )
    # A dictionary has 长春市, 市长 and 南京市长 as words, too.
    assert answer(agent, "长春市长江路冷不冷") == ("weather", [("place", "长春")])
    assert answer(agent, "南京市长江大桥那边下雪吗") == ("weather", [("place", "南京市")])


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_5972_an_entity_at_the_end_of_a_sentence_is_not_the_whole_sentence(
    agent: Agent, delivery: str
) -> None:
    assert answer(agent, f"我想换成{delivery}") == ("choose_delivery", [("delivery", delivery)])


def test_6082_a_sentence_without_a_space_has_its_entities_one_by_one(agent: Agent) -> None:
    assert answer(agent, "明天上海天气怎么样") == ("weather", [("date", "明天"), ("place", "上海")])
    assert answer(agent, "后天在成都会下雨吗") == ("weather", [("date", "后天"), ("place", "成都")])
    assert answer(agent, "你好") == ("greet", [])


@pytest.mark.parametrize(
    ("text", "app"),
    [
        ("如何才能下载和安装google app", "google app"),
        ("帮我下载 google app", "google app"),
        ("怎么安装QQ音乐", "QQ音乐"),
        ("怎么安装 Chrome浏览器", "Chrome浏览器"),
        ("如何才能下载和安装office 365", "office 365"),
        ("WPS在哪里下载", "WPS"),
    ],
)
def test_7910_english_in_chinese_has_its_own_tokens_and_a_row_of_features_for_each(
    agent: Agent, text: str, app: str
) -> None:
    assert answer(agent, text) == ("install", [("app", app)])
