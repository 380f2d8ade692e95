"""Cutting at white space, as Rasa's WhitespaceTokenizer does."""

from __future__ import annotations

import re
from typing import Any, List, Optional, Tuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core.text.whitespace import split_tokens, whitespace_tokens

Span = Tuple[str, int, int]


def spans(text: str, pattern: Optional[str] = None) -> List[Span]:
    tokens = whitespace_tokens(text)
    return [tuple(t) for t in (split_tokens(tokens, re.compile(pattern)) if pattern else tokens)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("to Rome", ["to", "Rome"]),
        ("  to\tRome \n", ["to", "Rome"]),
        ("Hi. My name's Ann-Lee!", ["Hi", "My", "name", "s", "Ann-Lee"]),
        ("mail me@here.com #now &so", ["mail", "me@here.com", "#now", "&so"]),
        ("10'000.00 euro", ["10'000.00", "euro"]),
        ("https://a.b/c?d=e", ["https://a.b/c?d=e"]),
        ("20{1 twenty{one", ["20{1", "twenty", "one"]),
        ("-5 degrees :)", ["-5", "degrees"]),
        (":)", [":)"]),
        ("thanks 👍", ["thanks"]),
        ("👍", ["👍"]),
        ("hello 안녕 bob", ["hello", "bob"]),
        ("", []),
        (" \u3000", []),
    ],
)
def test_a_text_is_cut_where_the_rules_say(text: str, words: List[str]) -> None:
    found = spans(text)
    assert [word for word, _, _ in found] == words
    assert all(text[start:end] == word for word, start, end in found)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return pytest.importorskip("rasa.nlu.tokenizers.whitespace_tokenizer").WhitespaceTokenizer


def of_rasa(tokenizer: Any, text: str, pattern: Optional[str] = None) -> List[Span]:
    from rasa.shared.nlu.training_data.message import Message

    config = {**tokenizer.get_default_config(), "token_pattern": pattern}
    tokens = tokenizer(config).tokenize(Message({"text": text}), "text")
    return [(t.text, t.start, t.end) for t in tokens if t.text.strip()]


ODD = st.text("ab1_#@& .,-:;/?!()[]{}'\"~$*+=%^<>|\\\t\n\u00a0é한中👍\u200d\u0301١", max_size=14)


@given(st.one_of(ODD, st.text(max_size=20)))
@example("a - b -5 ٣:4 x!\n")
@example("$\n")
@settings(max_examples=1000, deadline=None)
def test_any_text_is_cut_as_by_rasa(tokenizer: Any, text: str) -> None:
    assert spans(text) == of_rasa(tokenizer, text)


PATTERNS = st.sampled_from([r"\d+", r"[^\W\d]+|\d+", r"(a)b?", r".", r"x*", r"b|ab", "中|."])


@given(ODD, PATTERNS)
@settings(max_examples=300, deadline=None)
def test_a_pattern_splits_tokens_as_in_rasa(tokenizer: Any, text: str, pattern: str) -> None:
    assert spans(text, pattern) == of_rasa(tokenizer, text, pattern)
