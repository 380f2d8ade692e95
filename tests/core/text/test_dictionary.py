"""Words of scripts without spaces: what is found of them in a text, and where they come from."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import List, Tuple

import pytest
from helpers import annotated, quick_model
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import DataError, JointModel
from rasa_joint_nlu.core.text.dictionary import (
    JIEBA,
    dictionary_path,
    marks,
    normalized,
    read_dictionary,
)

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
        ("", {"东京"}, []),
    ],
)
def test_every_word_at_a_characters_place_counts(
    text: str, words: set, found: List[Tuple[str, ...]]
) -> None:
    assert marks(text, words) == found


@settings(max_examples=60, deadline=None)
@given(
    text=st.text("一二三", max_size=9),
    words=st.frozensets(st.text("一二三", min_size=2, max_size=4), max_size=6),
)
def test_a_character_has_marks_exactly_where_a_word_covers_it(text: str, words: frozenset) -> None:
    covered = {
        place
        for word in words
        for first in range(len(text) - len(word) + 1)
        if text[first : first + len(word)] == word
        for place in range(first, first + len(word))
    }
    found = marks(text, words)
    assert {place for place, of_character in enumerate(found) if of_character} == covered


def test_words_are_normalized_and_of_two_to_four_characters() -> None:
    words = ["东京", "京", "ＡＢ", "一二三四", "一二三四五"]
    assert normalized(words) == {"东京", "ab", "一二三四"}


def test_a_file_has_a_word_in_each_line(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("东京 3 ns\n\n京都\n塔\n", encoding="utf-8")
    assert read_dictionary(str(path)) == {"东京", "京都"}


def test_no_setting_is_no_dictionary() -> None:
    assert read_dictionary(None) == frozenset()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'dictionary: .*none\.txt' cannot be read: No such file"):
        read_dictionary(str(tmp_path / "none.txt"))


@pytest.mark.skipif(not importlib.util.find_spec(JIEBA), reason="jieba is not installed")
def test_jiebas_dictionary_is_read_without_its_rare_words() -> None:
    words = read_dictionary(JIEBA)
    assert 50_000 < len(words) < 200_000
    assert {"今天", "天气", "北京"} <= words


def test_without_jieba_there_is_no_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert dictionary_path(JIEBA) is None
    assert read_dictionary(JIEBA) == frozenset()


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
