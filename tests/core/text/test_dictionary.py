"""Words of scripts without spaces: what is found of them in a text, and where they come from."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import List, Optional, Tuple

import pytest
from helpers import annotated, quick_model
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import DataError, JointModel
from rasa_joint_nlu.core.text.dictionary import (
    JIEBA,
    NO_WORDS,
    TAKEN,
    Dictionary,
    collected,
    dictionary_path,
    marks,
    told_of_words,
    words_of,
)
from rasa_joint_nlu.core.text.ngrams import forms
from rasa_joint_nlu.core.text.segment import normalize, segment

EXAMPLES = [
    annotated("去[东京](city)", "go"),
    annotated("到[京都](city)去", "go"),
    annotated("你好", "greet"),
    annotated("你好吗", "greet"),
]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("东京", {"东京"}, [("B:2",), ("E:2",)]),
        ("东京塔", {"东京", "京塔"}, [("B:2",), ("B:2", "E:2"), ("E:2",)]),
        ("东京塔", {"东京塔"}, [("B:3",), ("M:3",), ("E:3",)]),
        ("去东京", {"去", "北京"}, [(), (), ()]),
        ("一二三四", {"一二三四"}, [("B:4",), ("M:4",), ("M:4",), ("E:4",)]),
        ("一二三四五", {"一二三四五"}, [("B:5",), *[("M:5",)] * 3, ("E:5",)]),
        ("一二三四五六", {"一二三四五六"}, [("B:5",), *[("M:5",)] * 4, ("E:5",)]),
        ("去呼和浩特市吧", {"呼和浩特市"}, [(), ("B:5",), *[("M:5",)] * 3, ("E:5",), ()]),
        ("一二三四五", {"一二三四六", "二三"}, [(), ("B:2",), ("E:2",), (), ()]),
        ("", {"东京"}, []),
    ],
)
def test_every_word_at_a_characters_place_counts(
    text: str, words: set, found: List[Tuple[str, ...]]
) -> None:
    assert marks(text, Dictionary(words)) == found


@settings(max_examples=60, deadline=None)
@given(
    text=st.text("一二三", max_size=9),
    words=st.frozensets(st.text("一二三", min_size=2, max_size=7), max_size=6),
)
def test_a_character_has_marks_exactly_where_a_word_covers_it(text: str, words: frozenset) -> None:
    covered = {
        place
        for word in words
        for first in range(len(text) - len(word) + 1)
        if text[first : first + len(word)] == word
        for place in range(first, first + len(word))
    }
    found = marks(text, Dictionary(words))
    assert {place for place, of_character in enumerate(found) if of_character} == covered


SINGLE, PARTLY = "of a single character", "not, or not only, of scripts without spaces"
WORDS: List[Tuple[str, Optional[str]]] = [
    ("东京", None),
    ("呼和浩特市", None),
    ("ディズニーランド", None),
    ("ｶﾞﾑﾗ", None),
    ("서울특별시", None),
    ("กรุงเทพมหานคร", None),
    ("น้ำแข็ง", None),
    ("ເມືອງ", None),
    ("ភ្នំពេញ", None),
    ("ရန်ကုန်", None),
    ("京", SINGLE),
    ("น้ำ", SINGLE),
    ("葛\U000e0100", SINGLE),
    ("T恤", PARTLY),
    ("卡拉OK", PARTLY),
    ("Oslo", PARTLY),
    ("东京 塔", PARTLY),
    ("3月", PARTLY),
    ("一" * 32, None),
    ("一" * 33, "of more than 32 characters"),
    ("", SINGLE),
]


@pytest.mark.parametrize(("word", "why"), WORDS)
def test_a_word_of_characters_is_taken_whatever_its_length_or_left_out_with_a_reason(
    word: str, why: Optional[str]
) -> None:
    words, counts = collected(None, [word])
    assert +counts == {why or TAKEN: 1}
    assert len(words) == (why is None)


@pytest.mark.parametrize("word", [word for word, why in WORDS if why is None])
def test_a_word_that_is_taken_is_found_in_a_text(word: str) -> None:
    words, _ = collected(None, [word])
    tokens = segment(f"他{word}他")
    found = [form.context for form in forms(tokens, words)]
    length = min(5, len(tokens) - 2)
    assert f"B:{length}" in found[1] and f"E:{length}" in found[-2]
    assert not any(mark.startswith(("B:", "E:", "M:")) for mark in (*found[0], *found[-1]))
    normal = [normalize(token.text) for token in tokens]
    assert words_of(normal, words) == [normal[:1], normal[1:-1], normal[-1:]]


def test_a_file_has_a_word_in_each_line(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\ufeff东京 3 ns\n\n京都\n塔\n东京\n呼和浩特市 1\n", encoding="utf-8")
    words, counts = collected(str(path), ["大阪", "京都", "x"])
    assert words == {"东京", "京都", "呼和浩特市", "大阪"}
    assert counts == {TAKEN: 4, SINGLE: 1, PARTLY: 1}


def test_what_became_of_the_words_is_a_sentence() -> None:
    counts = {SINGLE: 1, PARTLY: 0, TAKEN: 61_234, "rare ones of jieba": 5}
    assert told_of_words(counts) == (
        "61,234 words of scripts without spaces in texts; "
        "left out: 1 of a single character, 5 rare ones of jieba"
    )
    assert told_of_words({TAKEN: 0}).endswith("left out: none")


def test_no_setting_is_no_dictionary() -> None:
    assert collected(None, []) == (NO_WORDS, {TAKEN: 0})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'dictionary: .*none\.txt' cannot be read: No such file"):
        collected(str(tmp_path / "none.txt"), [])


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_that_is_not_utf_8_is_refused_with_the_line(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(b"\n\n" * (encoding != "utf-16") + "东京\n上海\n".encode(encoding))
    line = 1 if encoding == "utf-16" else 3
    with pytest.raises(DataError, match=rf"words\.txt' cannot be read: line {line} is not UTF-8"):
        collected(str(path), [])


@pytest.mark.parametrize("content", ["", "\ufeff", "\n  \n\n"])
def test_a_file_without_words_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"words\.txt' is empty; it needs a word in each line"):
        collected(str(path), [])


@pytest.mark.skipif(not importlib.util.find_spec(JIEBA), reason="jieba is not installed")
def test_jiebas_dictionary_is_read_without_its_rare_words() -> None:
    words, counts = collected(JIEBA, ["呼和浩特市"])
    assert 50_000 < len(words) == counts[TAKEN] < 200_000 < counts["rare ones of jieba"]
    assert {word for word in words if len(word) > 4} == {"呼和浩特市"}
    assert {"今天", "天气", "北京"} <= words


def test_without_jieba_there_is_no_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert dictionary_path(JIEBA) is None
    assert collected(JIEBA, [])[0] == NO_WORDS


def test_a_model_keeps_the_words_it_was_trained_with(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("东京\nParis\n", encoding="utf-8")
    model = quick_model(dictionary=str(path))
    model.fit(EXAMPLES, words=["京都", "Oslo"])
    assert model.learnt.encoder.vocabulary.dictionary == {"东京", "京都"}
    path.unlink()
    model.save(tmp_path / "model")
    loaded = JointModel.load(tmp_path / "model")
    assert loaded.learnt.encoder.vocabulary == model.learnt.encoder.vocabulary
    loaded.finetune(EXAMPLES, fraction=0.2)
    assert loaded.learnt.encoder.vocabulary.dictionary == {"东京", "京都"}


def test_words_change_what_the_network_sees(tmp_path: Path) -> None:
    forms = []
    for words in ([], ["京都"]):
        model = quick_model(dictionary=None)
        model.fit(EXAMPLES, words=words)
        forms.append(model.learnt.encoder.vocabulary.forms(EXAMPLES[1].tokens))
    assert [one == other for one, other in zip(*forms)] == [True, False, False, True]


def test_examples_in_spaced_scripts_need_no_dictionary(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("东京\n", "utf-8")
    model = quick_model(dictionary=str(tmp_path / "words.txt"))
    model.fit([annotated("to [Rome](city)", "go"), annotated("hello", "greet")], words=["京都"])
    assert model.learnt.encoder.vocabulary.dictionary == frozenset()
