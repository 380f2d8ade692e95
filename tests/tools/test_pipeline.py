"""What stands around our model does what it does in Rasa, or is refused."""

from __future__ import annotations

import dataclasses
import warnings
from types import SimpleNamespace
from typing import Any, Dict, List, Optional

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.pipeline import Pipeline, learn_synonyms, pipeline_of

UNICODE = "rasa_joint_nlu.UnicodeTokenizer"
OURS = "rasa_joint_nlu.JointNLUClassifier"


def around(*after: Any, ours: Optional[Dict[str, Any]] = None, before: Any = ()) -> Pipeline:
    """A pipeline of WhitespaceTokenizer, ours, and what is given."""
    return pipeline_of(["WhitespaceTokenizer", *before, {"name": OURS, **(ours or {})}, *after])


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], "The pipeline has no JointNLUClassifier"),
        (["WhitespaceTokenizer"], "The pipeline has no JointNLUClassifier"),
        ([OURS], "Before JointNLUClassifier there must be a tokenizer"),
        (["WhitespaceTokenizer", "UnicodeTokenizer", OURS], "must be a tokenizer"),
        (["WhitespaceTokenizer", OURS, "RegexFeaturizer"], "here are RegexFeaturizer"),
        (["WhitespaceTokenizer", OURS, OURS], "here are JointNLUClassifier"),
        (["WhitespaceTokenizer", OURS, *["FallbackClassifier"] * 2], "one FallbackClassifier"),
        (["JiebaTokenizer", OURS], "The pipeline has 'JiebaTokenizer'. Without Rasa these"),
        (["mine.WhitespaceTokenizer", OURS], "The pipeline has 'mine.WhitespaceTokenizer'"),
        (["rasa.x.UnicodeTokenizer", OURS], "The pipeline has 'rasa.x.UnicodeTokenizer'"),
        (["WhitespaceTokenizer", {"epochs": 1}], "entry 2 needs a 'name'"),
        ([{"name": "WhitespaceTokenizer", "token_pattern": "("}, OURS], "is no regular expression"),
        ([{"name": "WhitespaceTokenizer", "token_pattern": "(a)(b)"}, OURS], "more than one group"),
        (
            [{"name": UNICODE, "token_patern": "a"}, OURS],
            "UnicodeTokenizer: 'token_patern' is not an option. Did you mean 'token_pattern'?",
        ),
        (
            [
                "WhitespaceTokenizer",
                {"name": "RegexFeaturizer", "alias": "regex"},
                {"name": OURS, "featurizers": ["regx"]},
            ],
            "'featurizers' names 'regx', but no featurizer of that name or alias is there. "
            "Did you mean 'regex'?",
        ),
        (
            ["WhitespaceTokenizer", {"name": OURS, "epoch": 1}],
            "JointNLUClassifier: 'epoch' is not a setting. Did you mean 'epochs'?",
        ),
        (
            ["WhitespaceTokenizer", OURS, {"name": "FallbackClassifier", "threshold": "a"}],
            "'threshold: a' of FallbackClassifier must be a number",
        ),
    ],
)
def test_what_cannot_be_run_is_refused(entries: List[Any], expected: str) -> None:
    with pytest.raises(InputError) as refused:
        pipeline_of(entries)
    assert expected in str(refused.value)


def test_names_may_be_those_of_classes_with_their_modules() -> None:
    pipeline = pipeline_of(
        ["rasa.nlu.tokenizers.whitespace_tokenizer.WhitespaceTokenizer", "JointNLUClassifier"]
    )
    assert pipeline.tokenizer.kind == "WhitespaceTokenizer" and pipeline.notes == ()


def test_options_without_effect_are_named() -> None:
    pipeline = pipeline_of(
        [
            {"name": "WhitespaceTokenizer", "case_sensitive": True},
            {"name": OURS, "number_of_transformer_layers": 2},
        ]
    )
    assert pipeline.notes == (
        "WhitespaceTokenizer has no option 'case_sensitive'; it is ignored.",
        "JointNLUClassifier ignores 'number_of_transformer_layers'.",
    )


def test_a_text_is_cut_by_its_tokenizer_and_pattern() -> None:
    tokenizer = {"name": "WhitespaceTokenizer", "token_pattern": r"\d+|\D+"}
    tokens = pipeline_of([tokenizer, OURS]).example("at 10pm!").tokens
    assert [token.text for token in tokens] == ["at", "10", "pm"]
    tokens = pipeline_of(["rasa_joint_nlu.UnicodeTokenizer", OURS]).example("at 10pm!").tokens
    assert [token.text for token in tokens] == ["at", "10", "pm", "!"]


# What our model says → an answer ---------------------------------------------------------------

INTENTS = (IntentScore("a", 0.5), IntentScore("b", 0.3), IntentScore("c", 0.2))


def answer(pipeline: Pipeline, text: str, prediction: Prediction) -> Dict[str, Any]:
    return pipeline.answer(pipeline.example(text), prediction)


def test_an_answer_has_what_rasa_prints() -> None:
    entity = PredictedEntity(3, 7, "city", "to", "1", 0.9, 0.8, 0.7)
    pipeline = around(ours={"ranking_length": 2, "renormalize_confidences": True})
    assert answer(pipeline, "to Rome", Prediction(INTENTS, (entity,))) == {
        "text": "to Rome",
        "intent": {"name": "a", "confidence": 0.625},
        "intent_ranking": [
            {"name": "a", "confidence": 0.625},
            {"name": "b", "confidence": 0.37499999999999994},
        ],
        "entities": [
            {
                "entity": "city",
                "start": 3,
                "end": 7,
                "value": "Rome",
                "confidence_entity": 0.9,
                "extractor": "JointNLUClassifier",
                "role": "to",
                "confidence_role": 0.8,
                "group": "1",
                "confidence_group": 0.7,
            }
        ],
        "text_tokens": [[0, 2], [3, 7]],
    }


def test_a_blank_text_has_one_empty_token_and_no_intent() -> None:
    found = answer(around(), "", Prediction())
    assert (found["text_tokens"], found["intent"]) == ([[0, 0]], {"name": None, "confidence": 0.0})


@pytest.mark.parametrize(
    ("threshold", "ambiguity", "falls_back"),
    [
        (0.4, 0.1, False),
        (0.51, 0.0, True),
        (0.5, 0.1, False),
        (0.1, 0.21, True),
        (0.1, 0.19, False),
    ],
)
def test_it_falls_back_where_it_is_not_sure(
    threshold: float, ambiguity: float, falls_back: bool
) -> None:
    options = {"threshold": threshold, "ambiguity_threshold": ambiguity}
    found = answer(around({"name": "FallbackClassifier", **options}), "x", Prediction(INTENTS, ()))
    fallback = {"name": "nlu_fallback", "confidence": threshold}
    assert (found["intent"] == fallback) is falls_back
    assert (found["intent_ranking"][0] == fallback) is falls_back
    assert [intent["name"] for intent in found["intent_ranking"]][falls_back:] == ["a", "b", "c"]


def test_one_intent_alone_is_not_ambiguous() -> None:
    found = answer(around("FallbackClassifier"), "x", Prediction(INTENTS[:1]))
    assert found["intent"]["name"] == "a"


# As Rasa ---------------------------------------------------------------------------------------

NAMES = st.sampled_from(["Rome", "rome", "ROMA", "x", "X", "5", "", "ß", "İ"])


@given(st.dictionaries(NAMES, NAMES), st.lists(st.tuples(NAMES.filter(len), NAMES), max_size=5))
@settings(deadline=None)
def test_synonyms_are_learnt_as_by_rasa(synonyms: Dict[str, str], annotated: List[Any]) -> None:
    module = pytest.importorskip("rasa.nlu.extractors.entity_synonyms")
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    messages = [
        Message.build(text, "a", [{"start": 0, "end": len(text), "entity": "e", "value": value}])
        for text, value in annotated
    ]
    mapper = module.EntitySynonymMapper({}, None, None)
    mapper._persist = lambda: None
    # It warns of synonyms that differ only in case.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mapper.train(TrainingData(messages, synonyms))
    # Rasa takes messages that are alike once.
    assert learn_synonyms(synonyms, list(dict.fromkeys(annotated))) == mapper.synonyms


PATTERNS = st.sampled_from([r"\d+", "a", r"\bto\b", "x*", "(?=a)", "[A-Z]+", "中", r"o\s+R"])
TEXTS = st.text("aoRt to12 中X!", max_size=16)


@given(TEXTS, st.lists(PATTERNS, max_size=4), st.booleans(), st.booleans())
@settings(deadline=None)
def test_regex_features_are_those_of_rasa(
    text: str, patterns: List[str], is_sensitive: bool, has_words: bool
) -> None:
    module = pytest.importorskip("rasa.nlu.featurizers.sparse_featurizer.regex_featurizer")
    tokenizer = pytest.importorskip("rasa.nlu.tokenizers.whitespace_tokenizer")
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    options = {"case_sensitive": is_sensitive, "use_word_boundaries": has_words}
    tables = [("city", ["Rome", "a.b", "to R"])]
    pipeline = around(before=[{"name": "RegexFeaturizer", **options}])
    (ours,) = (f.learnt(patterns, [t for _, t in tables]) for f in pipeline.featurizers)

    config = {**module.RegexFeaturizer.get_default_config(), **options}
    node = SimpleNamespace(node_name="run_RegexFeaturizer1", is_finetuning=False)
    theirs = module.RegexFeaturizer(config, None, None, node)
    theirs._persist = lambda: None
    regexes = [{"name": f"{n}", "pattern": pattern} for n, pattern in enumerate(patterns)]
    lookups = [{"name": name, "elements": elements} for name, elements in tables]
    theirs.train(TrainingData([Message({"text": "a"})], {}, regexes, lookups))
    assert [pattern["pattern"] for pattern in theirs.known_patterns] == list(ours.patterns)

    example = pipeline.example(text)
    if not example.tokens:
        return
    message = Message({"text": text})
    cutter = tokenizer.WhitespaceTokenizer
    (message,) = theirs.process(cutter(cutter.get_default_config()).process([message]))
    expected = {f"{f.origin}/{f.type}": f.features for f in message.features}
    found = ours.features(text, example.tokens)
    assert found.keys() == expected.keys()
    for name, matrix in found.items():
        np.testing.assert_array_equal(matrix, expected[name].toarray())


def test_a_lookup_table_or_regexes_can_be_left_out() -> None:
    for option, kept in (("use_regexes", (r"(\bb\b)",)), ("use_lookup_tables", ("a",))):
        pipeline = around(before=[{"name": "RegexFeaturizer", option: False}])
        assert pipeline.featurizers[0].learnt(["a"], [["b"]]).patterns == kept


@pytest.mark.parametrize("regex", ["(", "a{99999999999}", "(" * 3000])
def test_a_regex_that_is_none_is_named(regex: str) -> None:
    (featurizer,) = around(before=["RegexFeaturizer"]).featurizers
    with pytest.raises(InputError, match=r"^The regex '.*' is no regular expression for Python 3"):
        featurizer.learnt([regex], [])


def test_featurizers_are_chosen_by_alias_or_class() -> None:
    entries = [{"name": "RegexFeaturizer", "alias": "one"}, {"name": "RegexFeaturizer"}]
    for chosen, expected in (([], 4), (["one"], 2), (["RegexFeaturizer"], 2)):
        pipeline = around(before=entries, ours={"featurizers": chosen})
        learnt = tuple(f.learnt(["a"], []) for f in pipeline.featurizers)
        pipeline = Pipeline(pipeline.tokenizer, learnt, pipeline.settings)
        assert len(pipeline.example("a").features) == expected


@pytest.mark.parametrize("tokenizer", ["WhitespaceTokenizer", "rasa_joint_nlu.UnicodeTokenizer"])
def test_tokens_and_features_are_of_what_can_be_seen(tokenizer: str) -> None:
    pipeline = pipeline_of([tokenizer, "RegexFeaturizer", OURS])
    (featurizer,) = pipeline.featurizers
    featurizers = (featurizer.learnt(["one"], []),)
    pipeline = dataclasses.replace(pipeline, featurizers=featurizers)
    example = pipeline.example("\u200b \u200eone\u200f two\u00ad")
    assert [token.text for token in example.tokens] == ["one", "two"]
    (name,) = [name for name in example.features if name.endswith("/sequence")]
    assert example.features[name].tolist() == [[1], [0]]
