"""Messages of which only the texts are known: which files are read, and how they are cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, List

import numpy as np
import pytest
from helpers import quick_model, toy_examples, words

from rasa_joint_nlu.core import DataError, Example
from rasa_joint_nlu.core.text.whitespace import whitespace_tokens
from rasa_joint_nlu.core.unlabelled import as_examples, paths_of, texts_of


def test_a_text_file_has_a_message_in_each_line_and_each_counts_once(tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second"
    first.write_bytes("\ufeffhi there\r\n\n  to Zürich \nhi there\n".encode())
    second.write_text("bye\nhi there")
    assert texts_of([first, second]) == ["hi there", "to Zürich", "bye"]
    assert texts_of([]) == []


@pytest.mark.parametrize(
    ("setting", "expected"),
    [(None, []), ("a.txt", ["a.txt"]), (["a.txt", "b.yml"], ["a.txt", "b.yml"])],
)
def test_the_option_names_a_path_or_several(setting: Any, expected: List[str]) -> None:
    assert paths_of(setting) == [Path(path) for path in expected]


def test_training_data_are_read_by_whoever_can(tmp_path: Path) -> None:
    paths = [tmp_path / "nlu.yml", tmp_path / "nlu.JSON", tmp_path]
    assert texts_of(paths, lambda path: [path.name, "hi"]) == [
        "nlu.yml",
        "hi",
        "nlu.JSON",
        tmp_path.name,
    ]
    with pytest.raises(DataError, match=r"unlabelled_texts: .*nlu.yml' is training data"):
        texts_of(paths)


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'unlabelled_texts: .*none.txt' cannot be read: No such"):
        texts_of([tmp_path / "none.txt"])
    (tmp_path / "latin.txt").write_bytes("Zürich".encode("latin-1"))
    with pytest.raises(DataError, match=r"latin.txt' is no text in UTF-8"):
        texts_of([tmp_path / "latin.txt"])


def test_texts_are_cut_as_the_examples_are() -> None:
    text = "it's 3:15, now"
    by_whitespace = [Example(text, whitespace_tokens(text), "time")]
    by_unicode = [Example.from_text(text, "time")]
    assert whitespace_tokens(text) != by_unicode[0].tokens
    for examples in (by_whitespace, by_unicode):
        (found,) = as_examples([text, "it's 3:15, later"], examples)
        assert found.text == "it's 3:15, later" and found.intent is None
        assert found.tokens[:-1] == examples[0].tokens[:-1]


def test_a_text_without_tokens_is_left_out() -> None:
    assert as_examples(["  "], toy_examples()) == []


def test_other_tokenizers_are_refused() -> None:
    examples = [words("to Rome, now"), words("it is: here!")]
    with pytest.raises(DataError, match="needs the tokens of WhitespaceTokenizer or of Unicode"):
        as_examples(["hi"], examples)


def test_features_that_texts_lack_are_refused() -> None:
    examples = [replace(toy_examples()[0], features={"count/sentence": np.ones((1, 2))})]
    with pytest.raises(DataError, match=r"cannot be used beside the features .*count/sentence"):
        as_examples(["hi"], examples)


def test_a_model_reads_the_files_of_its_option(tmp_path: Path) -> None:
    path = tmp_path / "logs.txt"
    path.write_text("".join(f"a parcel to Rome {i}\n" for i in range(8)))
    plain = quick_model()
    plain.fit(toy_examples())
    from_file, from_texts = quick_model(unlabelled_texts=str(path)), quick_model()
    from_file.fit(toy_examples())
    from_texts.fit(toy_examples(), unlabelled=path.read_text().splitlines())
    assert "parcel" in from_file.learnt.encoder.vocabulary.words
    assert "parcel" not in plain.learnt.encoder.vocabulary.words
    assert from_file.predict(["to Oslo"]) == from_texts.predict(["to Oslo"])
    # What is in scope, the annotated messages alone tell.
    plain_scope, scope = plain.learnt.scope, from_file.learnt.scope
    assert plain_scope and scope and scope.known == plain_scope.known


def test_texts_that_are_all_known_change_nothing() -> None:
    examples = toy_examples()
    plain, model = quick_model(), quick_model()
    plain.fit(examples)
    model.fit(examples, unlabelled=[example.text for example in examples])
    assert plain.predict(["to Oslo"]) == model.predict(["to Oslo"])


def test_a_text_alone_is_no_list_of_texts() -> None:
    with pytest.raises(DataError, match="A list of texts is needed, not one alone"):
        quick_model().fit(toy_examples(), unlabelled="hello")
