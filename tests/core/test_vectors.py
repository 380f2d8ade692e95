"""Vectors as others store them: each kind is read, and what is none is refused with its place."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Dict, Iterable, List, Optional

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.vectors import (
    WordVectors,
    read_folder,
    read_vectors,
    write_folder,
)


def write(folder: Path, content: str) -> Path:
    path = folder / "vectors.vec"
    path.write_bytes(content.encode())
    return path


def read(path: Path, wanted: Iterable[str] = (), limit: int = 10) -> Dict[str, Array]:
    words, table, _ = read_vectors(path, wanted, limit)
    return dict(zip(words, table))


def direction(vector: Array) -> List[float]:
    rounded: List[float] = (vector.astype(float) / np.abs(vector).max()).round(3).tolist()
    return rounded


def test_a_text_file_is_words_and_numbers(tmp_path: Path) -> None:
    vectors = read(write(tmp_path, "\t\n\nrome 1 -2.5\noslo 3e-1 4 \n"))
    assert list(vectors) == ["rome", "oslo"]
    assert vectors["rome"].dtype == np.float32
    assert direction(vectors["rome"]) == [0.4, -1]
    assert direction(vectors["oslo"]) == [0.075, 1]


def test_vectors_have_a_length_of_one_on_average(tmp_path: Path) -> None:
    vectors = read(write(tmp_path, "rome 30 40\noslo 0 100\nlima 0 0\n"), [], 2)
    norms = [np.linalg.norm(vectors[word]) for word in ("rome", "oslo")]
    # The unit is that of the file, whatever is kept of it.
    np.testing.assert_allclose(norms, np.array([50, 100]) / np.sqrt((2500 + 10000) / 3), rtol=1e-5)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_header_of_fasttext_is_no_word(tmp_path: Path, end: str) -> None:
    assert list(read(write(tmp_path, end.join(["2 2", "a 1 2", "b 3 4", ""])))) == ["a", "b"]


def test_a_number_may_be_a_word(tmp_path: Path) -> None:
    assert list(read(write(tmp_path, "1 2\n7 0.5 0.5\n"))) == ["7"]


def test_wanted_words_are_read_wherever_they_are(tmp_path: Path) -> None:
    path = write(tmp_path, "a 1\nb 2\nwanted 3\nc 4\nalso 5\n")
    assert list(read(path, ["wanted", "also", "absent"], 2)) == ["a", "b", "wanted", "also"]
    assert list(read(path, ["also"], 0)) == ["also"]
    assert list(read(path, ["a", "b"], 2)) == ["a", "b", "wanted", "c"]


def test_words_are_compared_normalized_and_the_first_one_counts(tmp_path: Path) -> None:
    vectors = read(write(tmp_path, "Rome 1 0\nrome 0 1\nＲＯＭＥ 1 1\n"), ["rome"], 0)
    assert list(vectors) == ["rome"] and direction(vectors["rome"]) == [1, 0]


def test_words_that_are_alike_count_once(tmp_path: Path) -> None:
    assert list(read(write(tmp_path, "a 1\nA 2\nb 3\nc 4\n"), [], 2)) == ["a", "b"]


def test_empty_lines_are_left_out(tmp_path: Path) -> None:
    assert list(read(write(tmp_path, "\na 1\n\nb 2\n"))) == ["a", "b"]


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    vectors = read(write(tmp_path, "a\u2028b 1\nc\x85d 2\n"))
    assert len(vectors) == 2


def test_bytes_that_are_not_utf_8_do_not_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "vectors.vec"
    path.write_bytes(b"caf\xe9 1 2\nrome 3 4\n")
    assert direction(read(path, ["rome"])["rome"]) == [0.75, 1]


def test_a_word_of_glove_may_have_spaces(tmp_path: Path) -> None:
    vectors = read(write(tmp_path, "a 1 2\n. . . 3 4\nat name@domain.com 5 6\n"))
    assert list(vectors) == ["a", ". . .", "at name@domain.com"]
    assert direction(vectors[". . ."]) == [0.75, 1]


def binary(words: Dict[str, List[float]], feed: bytes = b"") -> bytes:
    size = len(next(iter(words.values())))
    rows = (w.encode() + b" " + np.array(v, "<f4").tobytes() + feed for w, v in words.items())
    return f"{len(words)} {size}\n".encode() + b"".join(rows)


@pytest.mark.parametrize("feed", [b"", b"\n"])
def test_the_binary_format_of_word2vec_is_read(tmp_path: Path, feed: bytes) -> None:
    path = tmp_path / "vectors.bin"
    path.write_bytes(binary({"rome": [1, -2.5], "oslo": [0, 4]}, feed))
    vectors = read(path)
    assert list(vectors) == ["rome", "oslo"]
    assert direction(vectors["rome"]) == [0.4, -1] and direction(vectors["oslo"]) == [0, 1]


def test_a_binary_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vectors.bin"
    path.write_bytes(binary({"rome": [1, -2.5], "oslo": [0, 4]})[:-3])
    with pytest.raises(DataError, match="word 2 of 2"):
        read(path)


@pytest.mark.parametrize("content", [b"a 1 2\nb 3 4\n", binary({"a": [1, 2], "b": [3, 4]})])
def test_a_compressed_file_is_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors.gz"
    path.write_bytes(gzip.compress(content))
    assert list(read(path)) == ["a", "b"]


def test_a_compressed_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vectors.gz"
    path.write_bytes(gzip.compress(b"a 1 2\n" * 1000)[:-20])
    with pytest.raises(DataError, match="cannot be read: Compressed file ended"):
        read(path)


WORDPIECES = {"[PAD]": 0, "[CLS]": 1, "play": 2, "##list": 3, "##s": 4, "Rome": 5, "rome": 6}


def model2vec(folder: Path, model: Optional[Dict[str, object]] = None, **tensors: Array) -> Path:
    """A folder of Model2Vec with as many vectors as tokens: row i is (1, i, 0)."""
    model = model or {"type": "WordPiece", "vocab": WORDPIECES}
    vocab = model["vocab"]
    assert isinstance(vocab, (dict, list))
    rows = [[1, i, 0] for i in range(len(vocab))]
    tensors = {"embeddings": np.array(rows, np.float16), **tensors}
    special = [
        {"content": f"[{name}]", "id": i, "special": True} for i, name in enumerate(("PAD", "CLS"))
    ]
    (folder / "tokenizer.json").write_text(json.dumps({"model": model, "added_tokens": special}))
    (folder / "config.json").write_text('{"model_type": "model2vec"}')
    save_file(tensors, str(folder / "model.safetensors"))
    return folder


def test_a_model2vec_folder_has_words_and_pieces(tmp_path: Path) -> None:
    vectors = read_vectors(model2vec(tmp_path), [], 40)
    assert vectors.has_pieces and set(vectors.words) == {"play", "##list", "##s", "rome"}
    found = dict(zip(vectors.words, vectors.table))
    assert direction(found["rome"]) == [0.2, 1, 0]  # that of the first one


def test_a_wanted_word_gets_the_mean_of_its_pieces(tmp_path: Path) -> None:
    vectors = read(model2vec(tmp_path), ["playlists", "xyz", "play"], 0)
    assert set(vectors) == {"play", "playlists"}
    assert direction(vectors["playlists"]) == [0.333, 1, 0]


def test_tokens_of_model2vec_may_share_vectors_and_have_weights(tmp_path: Path) -> None:
    rows = np.array([[1, 0], [0, 1]], np.float32)
    mapping = np.array([0, 0, 0, 1, 1, 1, 1])
    weights = np.array([1, 1, 1, 1, 1, 3, 1], np.float32)
    folder = model2vec(tmp_path, embeddings=rows, mapping=mapping, weights=weights)
    vectors = read(folder, [], 40)
    assert direction(vectors["play"]) == [1, 0] and direction(vectors["##s"]) == [0, 1]
    np.testing.assert_allclose(vectors["rome"], 3 * vectors["##s"], rtol=1e-6)


@pytest.mark.parametrize(
    "model",
    [
        {"type": "Unigram", "vocab": [["[PAD]", 0], ["[CLS]", 0], ["▁play", -1], ["list", -2]]},
        {"type": "BPE", "vocab": {"[PAD]": 0, "[CLS]": 1, "Ġplay": 2, "list": 3}},
    ],
)
def test_pieces_of_other_tokenizers_are_words_where_a_space_is_marked(
    tmp_path: Path, model: Dict[str, object]
) -> None:
    assert set(read(model2vec(tmp_path, model), [], 40)) == {"play", "##list"}


def test_byte_level_pieces_are_read_as_text(tmp_path: Path) -> None:
    model = {"type": "BPE", "vocab": {"[PAD]": 0, "[CLS]": 1, "ĠcafÃ©": 2}}
    assert list(read(model2vec(tmp_path, model), [], 40)) == ["café"]


def test_what_a_folder_of_ours_has_is_read_again(tmp_path: Path) -> None:
    table = np.array([[3, 4], [0, 5], [-5, 0]], np.float32)
    write_folder(tmp_path / "made", WordVectors(["rome", "##s", "oslo"], table, True))
    words, found, has_pieces = read_vectors(tmp_path / "made", ["oslo"], 40)
    assert set(words) == {"rome", "##s", "oslo"} and has_pieces
    expected = dict(zip(["rome", "##s", "oslo"], table / 5))
    for word, vector in zip(words, found):
        np.testing.assert_allclose(vector, expected[word], atol=0.01)


def test_pieces_take_a_quarter_of_the_room_at_most(tmp_path: Path) -> None:
    names = [f"w{i}" for i in range(20)] + [f"##p{i}" for i in range(20)]
    write_folder(tmp_path, WordVectors(names, np.ones((40, 2), np.float32), True))
    words = read_vectors(tmp_path, [], 12).words
    assert len(words) == 12 and [w for w in words if w.startswith("##")] == ["##p0", "##p1", "##p2"]


DAMAGES = {
    "tokenizer.json": (b"{}", "is no tokenizer"),
    "model.safetensors": (b"12345678", "is damaged"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_folder_of_model2vec_is_refused(tmp_path: Path, name: str) -> None:
    content, message = DAMAGES[name]
    (model2vec(tmp_path) / name).write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read(tmp_path)
    assert name in str(caught.value)


def test_a_sentence_transformer_is_no_table_of_vectors(tmp_path: Path) -> None:
    model2vec(tmp_path)
    save_file({"encoder.weight": np.ones((2, 2), np.float32)}, str(tmp_path / "model.safetensors"))
    with pytest.raises(DataError, match=r"'rasa-joint-nlu vectors .* --out FOLDER' makes vectors"):
        read(tmp_path)


@pytest.mark.parametrize("content", [b"{}", b'{"words": ["a"], "has_pieces": false}', b"[", None])
def test_a_damaged_folder_of_ours_is_refused(tmp_path: Path, content: Optional[bytes]) -> None:
    write_folder(tmp_path, WordVectors(["a", "b"], np.ones((2, 2), np.float32)))
    tensors = load_file(str(tmp_path / "vectors.safetensors"))
    del tensors["words"]
    if content:
        tensors["words"] = np.frombuffer(content, np.uint8)
    save_file(tensors, str(tmp_path / "vectors.safetensors"))
    with pytest.raises(DataError, match="is damaged"):
        read(tmp_path)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_who_dies_while_writing_vectors_leaves_those_of_before(tmp_path: Path, step: str) -> None:
    old = WordVectors(["rome", "oslo"], np.ones((2, 2), np.float32))
    new = WordVectors(["lima", "bern", "riga"], np.ones((3, 2), np.float32))
    write_folder(tmp_path, old)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"rasa_joint_nlu.core.files.os.{step}", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_folder(tmp_path, new)
    assert read_folder(tmp_path).words == old.words
    # What was left lying about hinders nobody.
    write_folder(tmp_path, new)
    assert read_folder(tmp_path).words == new.words
    assert [path.name for path in tmp_path.iterdir()] == ["vectors.safetensors"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("b 1", "found 1"),
        ("b 1 2 3", "found 3"),
        ("b", "found 0"),
        ("b 1 nan", "finite numbers"),
        ("b inf 1", "finite numbers"),
        ("b 1 two", "could not convert"),
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


def test_a_folder_without_vectors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no vectors\. It may be a folder of Model2Vec"):
        read_vectors(tmp_path, [], 10)
