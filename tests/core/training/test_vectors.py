"""Reading word vector files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rasa_joint_nlu.core import DataError
from rasa_joint_nlu.core.training.vectors import read_vectors


def write(folder: Path, content: str) -> Path:
    path = folder / "vectors.vec"
    path.write_text(content, encoding="utf-8")
    return path


def test_words_and_their_numbers_are_read(tmp_path: Path) -> None:
    vectors = read_vectors(write(tmp_path, "rome 1 -2.5\noslo 3e-1 4 \n"), [], 10)
    assert list(vectors) == ["rome", "oslo"]
    assert vectors["rome"].dtype == np.float32
    np.testing.assert_allclose(vectors["rome"], [1, -2.5])
    np.testing.assert_allclose(vectors["oslo"], [0.3, 4])


@pytest.mark.parametrize("end", ["\n", "\r\n", " \n"])
def test_a_header_is_skipped_whatever_ends_the_lines(tmp_path: Path, end: str) -> None:
    vectors = read_vectors(write(tmp_path, end.join(["2 2", "a 1 2", "b 3 4", ""])), [], 10)
    assert list(vectors) == ["a", "b"]


def test_a_number_can_be_a_word(tmp_path: Path) -> None:
    vectors = read_vectors(write(tmp_path, "1 2\n7 0.5 0.5\n"), [], 10)
    assert list(vectors) == ["7"]


def test_all_wanted_words_and_the_first_others_up_to_the_limit(tmp_path: Path) -> None:
    path = write(tmp_path, "a 1\nb 2\nwanted 3\nc 4\nalso 5\nd 6\n")
    assert list(read_vectors(path, ["wanted", "also", "absent"], 2)) == ["a", "b", "wanted", "also"]
    assert list(read_vectors(path, ["also"], 0)) == ["also"]
    assert list(read_vectors(path, ["a", "b"], 2)) == ["a", "b", "wanted", "c"]


def test_words_are_normalized_and_the_first_of_the_same_counts(tmp_path: Path) -> None:
    vectors = read_vectors(write(tmp_path, "Rome 1\nrome 2\nＲＯＭＥ 3\n"), ["rome"], 0)
    assert {word: vector.tolist() for word, vector in vectors.items()} == {"rome": [1.0]}


def test_a_repeated_other_word_counts_once_towards_the_limit(tmp_path: Path) -> None:
    assert list(read_vectors(write(tmp_path, "a 1\nA 2\nb 3\nc 4\n"), [], 2)) == ["a", "b"]


def test_empty_lines_are_skipped(tmp_path: Path) -> None:
    assert list(read_vectors(write(tmp_path, "\na 1\n\nb 2\n"), [], 10)) == ["a", "b"]


def test_a_word_may_hold_a_line_separator_that_is_not_a_newline(tmp_path: Path) -> None:
    vectors = read_vectors(write(tmp_path, "a\u2028b 1\nc\x85d 2\n"), [], 10)
    assert [vector.tolist() for vector in vectors.values()] == [[1.0], [2.0]]


def test_bytes_that_are_not_utf_8_do_not_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "vectors.vec"
    path.write_bytes(b"caf\xe9 1 2\nrome 3 4\n")
    assert read_vectors(path, ["rome"], 10)["rome"].tolist() == [3, 4]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("b 1", "found 1"),
        ("b 1 2 3", "found 3"),
        ("b", "found 0"),
        ("b 1 nan", "finite numbers"),
        ("b inf 1", "finite numbers"),
        ("b 1 two", "could not convert"),
        ("b and c 1 2", "could not convert"),
    ],
)
def test_a_line_that_does_not_fit_is_named(tmp_path: Path, line: str, found: str) -> None:
    path = write(tmp_path, f"a 1 2\n{line}\n")
    with pytest.raises(DataError, match=found) as caught:
        read_vectors(path, [], 10)
    assert f"'{path}', line 2" in str(caught.value)


def test_a_word_without_numbers_is_refused_on_the_first_line_too(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected a word and some finite numbers"):
        read_vectors(write(tmp_path, "a\nb 1\n"), [], 10)


@pytest.mark.parametrize("content", ["", "3 2\n", "\n\n"])
def test_a_file_without_vectors_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(DataError, match="has no word vectors"):
        read_vectors(write(tmp_path, content), ["a"], 10)


def test_a_missing_file_is_named_with_its_option(tmp_path: Path) -> None:
    path = tmp_path / "absent.vec"
    with pytest.raises(DataError, match="cannot be read: No such file") as caught:
        read_vectors(path, [], 10)
    assert f"'pretrained_embeddings: {path}'" in str(caught.value)


def test_a_folder_cannot_be_read_as_vectors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_vectors(tmp_path, [], 10)
