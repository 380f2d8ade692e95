"""The tokenizer for every script, as Rasa makes and uses it."""

from __future__ import annotations

import importlib.util
import os
import time
from pathlib import Path
from typing import Any, Dict, List

import pytest
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.training.fingerprinting import calculate_fingerprint_key
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa_helpers import BOT, data_of, graph_of, ours, parse, train, yaml_of

import rasa_joint_nlu
from benchmarks import alignment
from rasa_joint_nlu.core import segment
from rasa_joint_nlu.source import source_hash
from rasa_joint_nlu.tokenizer import UnicodeTokenizer
from rasa_joint_nlu.tools.compare.data import read_messages

NAME = "rasa_joint_nlu.UnicodeTokenizer"
BOTS = Path(__file__).resolve().parent.parent / "example_bot"


def tokenizer(**options: Any) -> UnicodeTokenizer:
    return UnicodeTokenizer({**UnicodeTokenizer.get_default_config(), **options})


def tokens_of(text: str, **options: Any) -> List[str]:
    message = tokenizer(**options).process([Message({TEXT: text})])[0]
    return [token.text for token in message.get("text_tokens")]


# As a component -------------------------------------------------------------------------------


def test_both_names_are_the_class_whose_path_a_model_stores() -> None:
    for name in (NAME, "rasa_joint_nlu.tokenizer.UnicodeTokenizer"):
        nodes = graph_of([name, ours()]).predict_schema.nodes.values()
        assert any(node.uses is UnicodeTokenizer for node in nodes)
    assert rasa_joint_nlu.UnicodeTokenizer is UnicodeTokenizer
    assert UnicodeTokenizer.__module__ == "rasa_joint_nlu.tokenizer"


def test_its_options_are_those_of_the_whitespace_tokenizer() -> None:
    assert UnicodeTokenizer.get_default_config() == WhitespaceTokenizer.get_default_config()


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("token_patern", "a", "'token_patern' is not an option. Did you mean 'token_pattern'?"),
        ("case_sensitive", True, "'case_sensitive' is not an option. It has these: intent_token"),
        ("token_pattern", "(", "'token_pattern: (' is no regular expression: missing )"),
        ("token_pattern", "(a)(b)", "'token_pattern: (a)(b)' has more than one group"),
        ("token_pattern", 3, "'token_pattern: 3' is no regular expression"),
        (
            "intent_tokenization_flag",
            "yes",
            "'intent_tokenization_flag: yes' must be true or",
        ),
        ("intent_split_symbol", None, "'intent_split_symbol: None' must be a text"),
        ("prefix_separator_symbol", 1, "'prefix_separator_symbol: 1' must be a text"),
    ],
)
def test_wrong_options_are_refused_in_one_line(option: str, value: Any, reason: str) -> None:
    with pytest.raises(InvalidConfigException) as refused:
        tokenizer(**{option: value})
    assert str(refused.value).startswith(f"UnicodeTokenizer: {reason}")
    assert "\n" not in str(refused.value)


def test_right_options_are_taken() -> None:
    tokenizer(token_pattern="", prefix_separator_symbol="-", intent_split_symbol="+")
    assert tokenizer(token_pattern=r"(\d)").token_pattern_regex.groups == 1


def test_it_suits_every_language_and_needs_no_package() -> None:
    assert issubclass(UnicodeTokenizer, Tokenizer)
    assert UnicodeTokenizer.supported_languages() is None
    assert UnicodeTokenizer.not_supported_languages() is None
    assert UnicodeTokenizer.required_packages() == []


def test_the_cache_notices_a_change_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    def key() -> str:
        return calculate_fingerprint_key(UnicodeTokenizer, {}, {})

    before = key()
    assert UnicodeTokenizer.fingerprint_addon({}) == source_hash()
    assert key() == before
    monkeypatch.setattr("rasa_joint_nlu.tokenizer.source_hash", lambda: "other rules")
    assert key() != before


def test_it_is_registered_as_a_tokenizer_that_is_not_trained() -> None:
    component = DefaultV1Recipe._from_registry("UnicodeTokenizer")
    assert component.types == {DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER}
    assert not component.is_trainable


# Tokens ---------------------------------------------------------------------------------------


def test_tokens_are_those_of_the_core_with_their_places() -> None:
    text = "fly  to 東京 at 3pm 👍🏽"
    tokens = tokenizer().tokenize(Message({TEXT: text}), TEXT)
    assert [(t.text, t.start, t.end) for t in tokens] == [
        (t.text, t.start, t.end) for t in segment(text)
    ]
    assert all(token.lemma == token.text for token in tokens)


@pytest.mark.parametrize("text", ["", " ", "\n\u3000"])
def test_a_blank_text_is_what_it_is_to_the_whitespace_tokenizer(text: str) -> None:
    theirs = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
    message = Message({TEXT: text})
    assert tokenizer().tokenize(message, TEXT) == theirs.tokenize(message, TEXT)


def test_a_token_pattern_cuts_further() -> None:
    assert tokens_of("Bahnhof 1234", token_pattern=r"\d\d|\D+") == ["Bahnhof", "12", "34"]


@pytest.mark.parametrize(
    ("options", "tokens"),
    [
        ({}, ["faq_ask+book_now"]),
        ({"intent_tokenization_flag": True}, ["faq", "ask+book", "now"]),
        (
            {"intent_tokenization_flag": True, "intent_split_symbol": "+"},
            ["faq_ask", "book_now"],
        ),
        ({"prefix_separator_symbol": "+"}, ["faq_ask", "book_now"]),
    ],
    ids=["as it is", "flag", "symbol", "prefix"],
)
def test_intents_are_split_as_the_options_say(options: Dict[str, Any], tokens: List[str]) -> None:
    data = data_of(yaml_of({"faq_ask+book_now": ["hello"]}))
    tokenizer(**options).process_training_data(data)
    (example,) = data.nlu_examples
    assert example.get(INTENT) == "faq_ask+book_now"
    assert [token.text for token in example.get("intent_tokens")] == tokens


def test_it_is_fast_enough_for_any_training_data() -> None:
    texts = ["a flight from New York to Oslo at 3pm, please!", "我想去北京，谢谢。"] * 1000
    speeds = []
    # The best of three: others may use the machine, too.
    for _ in range(3):
        messages = [Message({TEXT: text}) for text in texts]
        start = time.process_time()
        tokenizer().process(messages)
        seconds = time.process_time() - start
        speeds.append(sum(len(message.get("text_tokens")) for message in messages) / seconds)
    assert max(speeds) > 30_000


# In a pipeline --------------------------------------------------------------------------------


def test_a_blank_message_is_answered_with_nothing_beside_other_components(tmp_path: Path) -> None:
    pipeline = [NAME, "CountVectorsFeaturizer", "LogisticRegressionClassifier", ours(epochs=5)]
    model = train(tmp_path, pipeline, yaml_of(BOT))
    for text in ("", "  "):
        found = parse(model, text)
        assert found["intent"] == {"name": None, "confidence": 0.0}
        assert found["entities"] == []


# Annotations ----------------------------------------------------------------------------------


def test_the_bots_have_no_misaligned_entity() -> None:
    messages = read_messages(BOTS)
    assert alignment.count_entities(messages) > 1000
    assert alignment.misaligned(tokenizer(), messages) == []


@pytest.mark.parametrize("name", alignment.SETS)
def test_the_public_data_have_no_misaligned_entity(name: str) -> None:
    if "BENCHMARK_DATA" not in os.environ:
        pytest.skip("BENCHMARK_DATA names no folder with the benchmarks' data")
    messages = read_messages(Path(os.environ["BENCHMARK_DATA"], name, "train.yml"))
    assert alignment.count_entities(messages) > 1000
    assert alignment.misaligned(tokenizer(), messages) == []


def test_misaligned_entities_are_found() -> None:
    data = data_of(yaml_of({"go": ["at [3](hour)pm", "at [3pm](time)", "[Ro](x)me"]}))
    assert alignment.misaligned(tokenizer(), data) == ["[Ro] in: Rome"]
    theirs = alignment.make_tokenizer("WhitespaceTokenizer")
    assert alignment.misaligned(theirs, data) == ["[3] in: at 3pm", "[Ro] in: Rome"]


def test_the_table_of_misaligned_entities(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert alignment.main(["--data", str(tmp_path)]) == 2
    assert "There is no '" in capsys.readouterr().err
    for name in alignment.SETS:
        (tmp_path / name).mkdir()
        nlu = yaml_of({"go": ["去[北京](city)", "at [3](hour)pm", "to [Rome](city)"]})
        (tmp_path / name / "train.yml").write_text(nlu, encoding="utf-8")
    assert alignment.main(["--data", str(tmp_path)]) == 0
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines()[2:]]
    cells = [[cell.strip() for cell in row[1:-1]] for row in rows]
    assert [row[:4] for row in cells[:3]] == [
        [f"{n}, train", "3", "0", "2"] for n in alignment.SETS
    ]
    assert cells[3][0] == "the bots" and cells[3][2] == "0"
    if importlib.util.find_spec("jieba") is None:
        assert {row[4] for row in cells} == {"–"}
