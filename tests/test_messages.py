"""Rasa's messages to examples, and predictions to Rasa's messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
import pytest
import scipy.sparse
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token as RasaToken
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa_helpers import graph_of, ours, tokenized, tokenized_data

from rasa_joint_nlu import messages
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Entity, Example, IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.core.errors import DataError

OURS = "JointNLUClassifier"
SCORES = tuple(IntentScore(name, p) for name, p in [("a", 0.5), ("b", 0.3), ("c", 0.15)])


def city(**more: Any) -> Dict[str, Any]:
    return {"entity": "city", "start": 3, "end": 7, "value": "Rome", **more}


def entities_learnt(*entities: Dict[str, Any], others: Sequence[str] = ()) -> List[Entity]:
    data = TrainingData([Message({"text": "to Rome", "intent": "go", "entities": [*entities]})])
    (example,) = messages.training_examples(tokenized_data(data), [], OURS, others)
    return list(example.entities)


def with_intents(
    scores: Tuple[IntentScore, ...] = SCORES, **settings: Any
) -> Tuple[Dict[str, Any], List[Dict[str, Any]]]:
    message = Message({"text": "hi"})
    messages.write_intent(message, Prediction(scores), JointConfig(**settings))
    return message.get("intent"), message.get("intent_ranking")


def with_entities(
    *entities: PredictedEntity, before: Optional[List[Dict[str, Any]]] = None
) -> List[Dict[str, Any]]:
    message = Message({"text": "to Rome", **({} if before is None else {"entities": before})})
    messages.write_entities(message, Prediction(entities=entities), OURS)
    return message.get("entities")


# Messages to examples -------------------------------------------------------------------------


def test_an_example_has_text_tokens_intent_and_entities_of_its_message() -> None:
    data = TrainingData([Message({"text": "to Rome", "intent": "go", "entities": [city()]})])
    (example,) = messages.training_examples(tokenized_data(data), [], OURS)
    assert (example.text, example.intent) == ("to Rome", "go")
    assert [(t.text, t.start, t.end) for t in example.tokens] == [("to", 0, 2), ("Rome", 3, 7)]
    assert list(example.entities) == [Entity(3, 7, "city")]


def test_roles_and_groups_are_learnt() -> None:
    assert entities_learnt(city(role="from", group="1")) == [Entity(3, 7, "city", "from", "1")]


@pytest.mark.parametrize("extractor", [None, OURS])
def test_an_entity_for_us_or_for_nobody_in_particular_is_learnt(extractor: Optional[str]) -> None:
    assert entities_learnt(city(extractor=extractor)) == [Entity(3, 7, "city")]


@pytest.mark.parametrize(
    ("extractor", "others", "learnt"),
    [
        (None, [], True),
        ("", ["DIETClassifier"], True),
        (OURS, ["CRFEntityExtractor"], True),
        ("DIETClassifier", [], True),
        ("DIETClassifier", ["CRFEntityExtractor"], True),
        ("DIETClassifier", ["DIETClassifier"], False),
        ("CRFEntityExtractor", [], True),
        ("CRFEntityExtractor", ["CRFEntityExtractor"], False),
        ("MitieEntityExtractor", ["CRFEntityExtractor"], True),
        ("ner_crf", [], True),
        ("SpacyEntityExtractor", [], False),
        ("DucklingEntityExtractor", [], False),
        ("RegexEntityExtractor", [], False),
        ("MyOwnExtractor", [], False),
    ],
)
def test_an_entity_for_another_extractor_is_learnt_where_that_one_would_have_but_is_not_there(
    extractor: Optional[str], others: List[str], learnt: bool
) -> None:
    found = entities_learnt(city(extractor=extractor), others=others)
    assert found == ([Entity(3, 7, "city")] if learnt else [])


@pytest.mark.parametrize(
    ("nodes", "found"),
    [
        ([], []),
        (["train_CRFEntityExtractor3"], ["CRFEntityExtractor"]),
        (
            ["train_rasa.nlu.extractors.crf_entity_extractor.CRFEntityExtractor12"],
            ["CRFEntityExtractor"],
        ),
        (["run_CRFEntityExtractor3", "train_MyCRFEntityExtractor3"], []),
        (
            ["train_DIETClassifier1", "train_MitieEntityExtractor0"],
            ["DIETClassifier", "MitieEntityExtractor"],
        ),
    ],
)
def test_the_extractors_of_a_graph_are_known_by_their_nodes(
    nodes: List[str], found: List[str]
) -> None:
    node = SchemaNode({}, object, "load", "run", {})
    assert messages.extractors_that_learn(GraphSchema(dict.fromkeys(nodes, node))) == found


def test_the_extractors_of_a_graph_of_its_own_names_are_known_by_their_classes() -> None:
    class CRFEntityExtractor:
        pass

    schema = GraphSchema({"mine": SchemaNode({}, CRFEntityExtractor, "load", "train", {})})
    assert messages.extractors_that_learn(schema) == ["CRFEntityExtractor"]


def test_entities_are_counted_by_the_extractor_that_they_name() -> None:
    entities = [city(), city(extractor=None), city(extractor="A"), city(extractor="B")]
    data = TrainingData(
        [Message({"text": text, "intent": "go", "entities": entities}) for text in ("a", "b")]
    )
    assert messages.annotated_extractors(data) == {"A": 2, "B": 2}


@pytest.mark.parametrize(
    ("given", "learnt"),
    [
        ({"role": "O"}, Entity(3, 7, "city")),
        ({"group": "O"}, Entity(3, 7, "city")),
        ({"role": "O", "group": "O"}, Entity(3, 7, "city")),
        ({"role": "O", "group": "1"}, Entity(3, 7, "city", None, "1")),
        ({"role": "from", "group": "O"}, Entity(3, 7, "city", "from")),
        ({"role": "o"}, Entity(3, 7, "city", "o")),
        ({"role": "Ohio"}, Entity(3, 7, "city", "Ohio")),
        ({"role": "", "group": None}, Entity(3, 7, "city")),
        ({"entity": "O"}, None),
        ({"entity": "O", "role": "from"}, None),
        ({"entity": None}, None),
        ({"entity": ""}, None),
    ],
)
def test_what_rasa_calls_o_is_nothing_to_learn(
    given: Dict[str, Any], learnt: Optional[Entity]
) -> None:
    assert entities_learnt(city(**given)) == ([learnt] if learnt else [])


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [
        (3, 7, (3, 7)),
        (3.0, 7.0, (3, 7)),
        (3, 7.0, (3, 7)),
        (-0.0, 2, (0, 2)),
        (np.int64(3), 7, (3, 7)),
    ],
)
def test_a_place_may_be_written_with_a_decimal_point(
    start: float, end: float, place: Tuple[int, int]
) -> None:
    (entity,) = entities_learnt(city(start=start, end=end))
    assert (entity.start, entity.end) == place
    assert type(entity.start) is int and type(entity.end) is int


@pytest.mark.parametrize("wrong", [3.5, "3", [3], float("nan"), float("inf"), {}])
def test_a_place_that_is_no_whole_number_is_named_with_its_example(wrong: Any) -> None:
    with pytest.raises(DataError, match=r"'start: .*' of an entity 'city' .*'to Rome'"):
        entities_learnt(city(start=wrong))


@pytest.mark.parametrize("place", ["start", "end"])
def test_a_place_of_null_is_none(place: str) -> None:
    assert entities_learnt(city(**{place: None})) == []


@pytest.mark.parametrize("missing", [("start",), ("end",), ("start", "end")])
def test_an_entity_without_a_place_in_the_text_is_not_learnt(missing: Tuple[str, ...]) -> None:
    homeless = {key: value for key, value in city().items() if key not in missing}
    assert entities_learnt(homeless, city()) == [Entity(3, 7, "city")]


def test_story_and_domain_messages_are_no_examples() -> None:
    data = TrainingData(
        [
            Message({"text": "to Rome", "intent": "go"}),
            Message({"text": "only a story says this"}),
            Message({"intent": "go"}),
            Message({"action_name": "utter_hello"}),
            Message({"action_text": "Hello!"}),
        ]
    )
    examples = messages.training_examples(tokenized_data(data), [], OURS)
    assert [example.text for example in examples] == ["to Rome"]


def test_texts_without_an_intent_are_counted() -> None:
    data = TrainingData(
        [
            Message({"text": "to Rome", "intent": "go"}),
            Message({"text": "only a story says this"}),
            Message({"intent": "go"}),
            Message({"action_text": "Hello!"}),
            Message({}),
        ]
    )
    assert messages.texts_without_intent(data) == 1


def test_a_retrieval_intent_is_the_part_before_the_slash() -> None:
    data = TrainingData([Message.build("what is it", "faq/what"), Message.build("why", "faq/why")])
    examples = messages.training_examples(tokenized_data(data), [], OURS)
    assert [example.intent for example in examples] == ["faq", "faq"]


def test_training_messages_are_not_changed() -> None:
    data = TrainingData([Message({"text": "to Rome", "intent": "go", "entities": [city()]})])
    data = tokenized_data(data)
    before = data.fingerprint()
    messages.training_examples(data, [], OURS)
    assert data.fingerprint() == before


@pytest.mark.parametrize(
    "message",
    [
        Message({}),
        Message({"intent": "go"}),
        Message({"text": "no tokenizer was here"}),
        Message({"text": None}),
        tokenized(""),
        tokenized("   "),
    ],
    ids=["empty", "no text", "no tokens", "null", "empty text", "blanks"],
)
def test_a_message_without_words_gives_an_example_without_tokens(message: Message) -> None:
    assert messages.to_example(message, []) == Example(message.get("text") or "", ())


def test_zero_width_and_blank_tokens_are_dropped() -> None:
    message = Message({"text": "a \u3000 b"})
    tokens = [RasaToken("a", 0), RasaToken("", 1), RasaToken("\u3000", 2), RasaToken("b", 4)]
    message.set(TOKENS_NAMES["text"], tokens)
    assert [token.text for token in messages.to_example(message, []).tokens] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "pieces", "seen"),
    [
        ("a \u200b b", ["a", "\u200b", "b"], [(0, "a"), (2, "b")]),
        ("\u200eab \ufe0f", ["\u200eab", "\ufe0f"], [(0, "ab")]),
        ("\x00 a\u200d", ["\x00", "a\u200d"], [(1, "a")]),
        ("\u2068a\u00adb\u2069", ["\u2068a\u00adb\u2069"], [(0, "a\u00adb")]),
        ("\u200b", ["\u200b"], []),
        ("a he\u00adll\u2060o", ["a", "he", "ll", "o"], [(0, "a"), (1, "he\u00adll\u2060o")]),
        ("1\u200e2", ["1", "2"], [(0, "1\u200e2")]),
        ("a\u00ad1", ["a", "1"], [(0, "a"), (1, "1")]),
        ("东\u200d京", ["东", "京"], [(0, "东"), (1, "京")]),
        ("a\u200bb", ["a", "b"], [(0, "a"), (1, "b")]),
    ],
)
def test_of_any_tokenizers_tokens_only_what_can_be_seen_counts(
    text: str, pieces: List[str], seen: List[Tuple[int, str]]
) -> None:
    message = Message({"text": text})
    message.set(TOKENS_NAMES["text"], [RasaToken(piece, text.index(piece)) for piece in pieces])
    rows = np.arange(2 * len(pieces)).reshape(-1, 2)
    message.add_features(Features(rows, "sequence", "text", "dense"))
    example = messages.to_example(message, [])
    assert [token.text for token in example.tokens] == [piece for _, piece in seen]
    assert all(text[token.start : token.end] == token.text for token in example.tokens)
    assert example.features["dense/sequence"].tolist() == [rows[row].tolist() for row, _ in seen]


@pytest.mark.parametrize(
    ("text", "tokens", "starts"),
    [
        ("hi 👍 Rome", [("hi", 0), ("Rome", 4)], [0, 5]),
        ("👍👍 a a a", [("a", 1), ("a", 3), ("a", 5)], [3, 5, 7]),
        # Places that are right stay, whatever the tokenizer has made of the words.
        ("Über Rom über", [("über", 0), ("rom", 5), ("über", 9)], [0, 5, 9]),
        ("Züge fahren, Zug", [("Zug", 0), ("fahren", 5), ("Zug", 13)], [0, 5, 13]),
        ("hel👍lo Rome", [("hello", 0), ("Rome", 6)], [0, 6]),
    ],
)
def test_tokens_behind_an_emoji_get_their_place_in_the_text(
    text: str, tokens: List[Tuple[str, int]], starts: List[int]
) -> None:
    message = Message({"text": text})
    message.set(TOKENS_NAMES["text"], [RasaToken(*token) for token in tokens])
    example = messages.to_example(message, [])
    assert [token.start for token in example.tokens] == starts
    assert [token.text for token in example.tokens] == [token for token, _ in tokens]


def featurized() -> Message:
    message = tokenized("to Rome")
    sparse = scipy.sparse.csr_matrix(np.eye(2))
    for kind, attribute, origin in [
        ("sequence", "text", "first"),
        ("sentence", "text", "first"),
        ("sequence", "text", "second"),
        ("sequence", "response", "first"),
    ]:
        message.add_features(Features(sparse, kind, attribute, origin))
    return message


def test_features_are_named_by_origin_and_type_and_only_those_of_the_text_count() -> None:
    features = messages.to_example(featurized(), []).features
    assert set(features) == {"first/sequence", "first/sentence", "second/sequence"}


@pytest.mark.parametrize(
    ("featurizers", "names"),
    [
        (["second"], {"second/sequence"}),
        (["third"], set()),
        (["second", "third"], {"second/sequence"}),
    ],
)
def test_only_features_of_the_chosen_featurizers_are_used(
    featurizers: List[str], names: set
) -> None:
    assert set(messages.to_example(featurized(), featurizers).features) == names


# Predictions to messages ----------------------------------------------------------------------


def test_the_intent_is_the_first_of_the_ranking() -> None:
    intent, ranking = with_intents()
    assert intent == {"name": "a", "confidence": 0.5}
    assert ranking == [{"name": s.name, "confidence": s.confidence} for s in SCORES]


def test_intent_and_ranking_are_objects_of_their_own() -> None:
    intent, ranking = with_intents()
    assert intent is not ranking[0]


def test_intent_and_ranking_are_in_the_output_of_rasa() -> None:
    message = Message({"text": "hi"})
    messages.write_intent(message, Prediction(SCORES), JointConfig())
    messages.write_entities(message, Prediction(), OURS)
    output = message.as_dict(only_output_properties=True)
    assert {"intent", "intent_ranking", "entities"} <= set(output)


@pytest.mark.parametrize(
    ("length", "names"), [(1, "a"), (2, "ab"), (3, "abc"), (9, "abc"), (0, "abc")]
)
def test_the_ranking_has_as_many_intents_as_asked_for_and_0_means_all(
    length: int, names: str
) -> None:
    _, ranking = with_intents(ranking_length=length)
    assert "".join(item["name"] for item in ranking) == names


def test_confidences_are_kept_when_the_ranking_is_cut() -> None:
    intent, ranking = with_intents(ranking_length=2)
    assert intent["confidence"] == 0.5
    assert [item["confidence"] for item in ranking] == [0.5, 0.3]


def test_renormalized_confidences_of_a_cut_ranking_sum_up_to_1() -> None:
    intent, ranking = with_intents(ranking_length=2, renormalize_confidences=True)
    assert intent["confidence"] == pytest.approx(0.625)
    assert sum(item["confidence"] for item in ranking) == pytest.approx(1)


@pytest.mark.parametrize("renormalize", [False, True])
def test_no_intent_is_none_with_confidence_0_and_an_empty_ranking(renormalize: bool) -> None:
    intent, ranking = with_intents((), renormalize_confidences=renormalize)
    assert intent == {"name": None, "confidence": 0.0}
    assert ranking == []


def test_a_prediction_written_to_two_messages_shares_nothing() -> None:
    first, second = Message({"text": "to Rome"}), Message({"text": "to Rome"})
    prediction = Prediction(SCORES, (PredictedEntity(3, 7, "city", confidence=0.9),))
    for message in (first, second):
        messages.write_intent(message, prediction, JointConfig())
        messages.write_entities(message, prediction, OURS)
    first.get("intent")["name"] = "changed"
    first.get("intent_ranking").insert(0, {"name": "nlu_fallback", "confidence": 0.7})
    first.get("intent_ranking")[1]["name"] = "changed"
    first.get("entities")[0]["value"] = "changed"
    first.get("entities").clear()
    assert second.get("intent") == {"name": "a", "confidence": 0.5}
    assert [item["name"] for item in second.get("intent_ranking")] == ["a", "b", "c"]
    assert [entity["value"] for entity in second.get("entities")] == ["Rome"]


def test_an_entity_has_all_that_rasa_wants_and_no_more() -> None:
    assert with_entities(PredictedEntity(3, 7, "city", confidence=0.9)) == [
        {
            "entity": "city",
            "start": 3,
            "end": 7,
            "value": "Rome",
            "confidence_entity": 0.9,
            "extractor": OURS,
        }
    ]


def test_role_and_group_come_with_their_confidences() -> None:
    (entity,) = with_entities(PredictedEntity(3, 7, "city", "from", "1", 0.9, 0.8, 0.7))
    assert (entity["role"], entity["confidence_role"]) == ("from", 0.8)
    assert (entity["group"], entity["confidence_group"]) == ("1", 0.7)


def test_a_role_without_a_group_has_no_key_for_the_group() -> None:
    (entity,) = with_entities(PredictedEntity(3, 7, "city", "from", None, 0.9, 0.8, None))
    assert entity["role"] == "from"
    assert not {"group", "confidence_group"} & set(entity)


def test_entities_of_earlier_extractors_stay_and_come_first() -> None:
    before = [{"entity": "word", "start": 0, "end": 2, "value": "to", "extractor": "Regex"}]
    found = with_entities(PredictedEntity(3, 7, "city", confidence=0.9), before=before)
    assert [entity["entity"] for entity in found] == ["word", "city"]
    assert found[0] == before[0]
    assert len(before) == 1


def test_no_entities_are_an_empty_list() -> None:
    assert with_entities() == []


def test_what_is_written_can_be_json() -> None:
    message = Message({"text": "to Rome"})
    prediction = Prediction(SCORES, (PredictedEntity(3, 7, "city", "from", "1", 0.9, 0.8, 0.7),))
    messages.write_intent(message, prediction, JointConfig(renormalize_confidences=True))
    messages.write_entities(message, prediction, OURS)
    output = message.as_dict(only_output_properties=True)
    assert json.loads(json.dumps(output)) == output


def test_features_of_blank_tokens_are_left_out_with_them() -> None:
    # Some tokenizers make tokens of white space.
    message = Message({"text": "a  b"})
    message.set(TOKENS_NAMES["text"], [RasaToken("a", 0), RasaToken(" ", 1), RasaToken("b", 3)])
    rows = np.arange(6.0).reshape(3, 2)
    for name, matrix in (("dense", rows), ("sparse", scipy.sparse.coo_matrix(rows))):
        message.add_features(Features(matrix, "sequence", "text", name))
    example = messages.to_example(message, [])
    assert [token.text for token in example.tokens] == ["a", "b"]
    assert example.features["dense/sequence"].tolist() == rows[[0, 2]].tolist()
    assert example.features["sparse/sequence"].toarray().tolist() == rows[[0, 2]].tolist()


def test_featurizers_are_chosen_by_alias_or_name() -> None:
    message = Message({"text": "a"})
    message.set(TOKENS_NAMES["text"], [RasaToken("a", 0)])
    for origin in ("run_RegexFeaturizer1", "words", "run_LexicalSyntacticFeaturizer2"):
        message.add_features(Features(np.ones((1, 2)), "sequence", "text", origin))
    chosen = ["RegexFeaturizer", "words", "absent"]
    assert set(messages.to_example(message, chosen).features) == {
        "run_RegexFeaturizer1/sequence",
        "words/sequence",
    }
    message.set("intent", "greet")
    assert messages.featurizers_of(TrainingData([message]), GraphSchema({})) == [
        "run_LexicalSyntacticFeaturizer2",
        "run_RegexFeaturizer1",
        "words",
    ]


def test_featurizers_of_the_graph_count_even_if_they_found_nothing() -> None:
    schema = graph_of(
        [
            "WhitespaceTokenizer",
            "RegexFeaturizer",
            {"name": "CountVectorsFeaturizer", "alias": "words"},
            ours(),
        ]
    ).train_schema
    assert messages.featurizers_of(TrainingData([]), schema) == ["run_RegexFeaturizer1", "words"]


LOOKUP_TABLES: List[Tuple[Any, List[str]]] = [
    (["北京"], ["北京"]),
    (["北京", "东京 "], ["北京", "东京 "]),
    ("words.txt", ["东京", "京都"]),
    (["words.txt"], ["东京", "京都"]),
    (["北京", "words.txt"], ["北京", "东京", "京都"]),
    ("windows.csv", ["东京", "京都"]),
    ("东京\n京都", ["东京", "京都"]),
    ("东京\r\n\r\n  京都  \n", ["东京", "京都"]),
    ("\ufeff东京\n京都\n", ["东京", "京都"]),
    ("东京\n", ["东京"]),
    ("东京", ["东京"]),
    ("", []),
    (["node.js", "3.5", "Mr. T", "a/b"], ["node.js", "3.5", "Mr. T", "a/b"]),
    ([1, 2.5], ["1", "2.5"]),
    ([], []),
]


@pytest.mark.parametrize(("elements", "words"), LOOKUP_TABLES, ids=ascii)
def test_a_lookup_table_is_a_list_or_a_file_or_the_text_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elements: Any, words: List[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("words.txt").write_text("东京\n京都\n", encoding="utf-8")
    Path("windows.csv").write_bytes("\ufeff东京\r\n\r\n京都\r\n".encode())
    tables = [{"name": "a", "elements": elements}]
    assert messages.lookup_words(TrainingData(lookup_tables=tables)) == words


def test_without_lookup_tables_there_are_no_words() -> None:
    assert messages.lookup_words(TrainingData()) == []


@pytest.mark.parametrize(
    ("elements", "reason"),
    [
        ("none.txt", "No such file"),
        (["none.txt"], "No such file"),
        (["lk/none.csv"], "No such file"),
        ("folder.lst", "Is a directory"),
        ("latin.txt", "not UTF-8"),
    ],
)
def test_a_lookup_file_that_cannot_be_read_is_named_and_adds_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    elements: Any,
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.lst").mkdir()
    Path("latin.txt").write_bytes("Zürich\n".encode("latin-1"))
    tables = [{"name": "drug", "elements": elements}, {"name": "city", "elements": ["东京"]}]
    assert messages.lookup_words(TrainingData(lookup_tables=tables)) == ["东京"]
    (warning,) = caplog.messages
    path = elements if isinstance(elements, str) else elements[0]
    assert "'drug'" in warning and f"'{path}'" in warning and reason in warning


@pytest.mark.parametrize(
    ("types", "found"),
    [
        (["city"], []),
        (["B-city"], ["B-city"]),
        (["I-city", "B-city", "B-city", "time"], ["B-city", "I-city"]),
        (["b-city", "Bcity", "B-", "B", "U-Bahn", "S-Bahn", "E-Mail", "i-phone"], []),
    ],
)
def test_types_that_are_tags_of_words_are_found(types: List[str], found: List[str]) -> None:
    entities = [Entity(0, 1, name) for name in types]
    assert messages.types_like_tags([Example("a", (), entities=entities)]) == found


@pytest.mark.parametrize("tokens", [None, []])
def test_tokens_and_entities_may_be_nothing(tokens: Any) -> None:
    message = Message({"text": "hello", TOKENS_NAMES["text"]: tokens, "entities": None})
    assert messages.to_example(message, None).tokens == ()
    messages.write_entities(message, Prediction(), "us")
    assert message.get("entities") == []
