"""Static vectors of words, as others store them; which kind it is, shows in the files.

A folder is a Model2Vec model (`model.safetensors` and `tokenizer.json`), or one that the command
`vectors` wrote (`vectors.safetensors` alone). A file is in the text format of
word2vec, fastText and GloVe, or in the binary one of word2vec; gzip may have compressed it.
"""

from __future__ import annotations

import gzip
import json
import zlib
from functools import partial
from itertools import islice
from pathlib import Path
from typing import (
    Any,
    BinaryIO,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Tuple,
)

import numpy as np
from safetensors import SafetensorError  # type: ignore[attr-defined]
from safetensors.numpy import load_file
from safetensors.numpy import save as dump_tensors

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.files import write_whole
from rasa_joint_nlu.core.precision import UNITS, ByteTable
from rasa_joint_nlu.core.text.pieces import INNER, VectorRows, word_key
from rasa_joint_nlu.core.text.segment import normalize
from rasa_joint_nlu.core.tokenizer_files import words_of_tokenizer

OPTION = "pretrained_embeddings"
VECTORS_FILE = "vectors.safetensors"
"""What a folder of ours has."""
MODEL_FILE, TOKENIZER_FILE = "model.safetensors", "tokenizer.json"
"""What a folder of Model2Vec has."""
_USUAL = 10_000
"""So many vectors at the beginning of a file have a length of 1, on average, after reading it."""
KINDS = (
    "It may be a folder of Model2Vec, one that 'rasa-joint-nlu vectors' wrote, or a file in the "
    "formats of word2vec, fastText or GloVe."
)
_TABLE, _WORDS = "vectors", "words"
"""The tensors of `VECTORS_FILE`: bytes with their units, and the words, JSON in UTF-8."""
_INNER_PART = 0.25
"""At most this part of the vectors that are kept are of pieces that begin no word."""
_GZIP = b"\x1f\x8b"
_HEAD = 1 << 16

_Entry = Tuple[str, Callable[[], Array]]
"""A word, and what reads its vector `(size,)`: most words of a large file are not wanted."""


class WordVectors(NamedTuple):
    """Vectors `(N, size)` of normalized words and of pieces, see `VectorRows`."""

    words: List[str]
    table: Array
    has_pieces: bool = False

    def rows(self) -> VectorRows:
        """Which of them stand for a word."""
        return VectorRows(tuple(map(word_key, self.words)), self.has_pieces)


def read_vectors(path: Path, wanted: Iterable[str], limit: int) -> WordVectors:
    """Vectors of the wanted words, and of the first `limit` others (files list frequent first).

    A wanted word without a vector gets the mean of those of its pieces, if there are pieces.

    Args:
        wanted: normalized words; the file's words are compared normalized, the first one counts.

    Raises:
        DataError: if it cannot be read, or is of no kind that can be.
    """
    try:
        if not path.is_dir():
            return WordVectors(*_chosen(_entries(path), set(wanted), limit, path))
        whole = _folder(path)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"'{OPTION}: {path}' cannot be read: {reason}.") from error
    return chosen(whole, wanted, limit, path)


def chosen(whole: WordVectors, wanted: Iterable[str], limit: int, path: Path) -> WordVectors:
    """What `read_vectors` says, of vectors from a place of this name."""
    words, table, has_pieces = whole
    wanted = list(dict.fromkeys(wanted))
    entries = [(word, table[row].copy) for row, word in enumerate(words)]
    if has_pieces:
        entries += _made_of_pieces(whole, wanted)
        inner = list(islice((w for w in words if w.startswith(INNER)), int(_INNER_PART * limit)))
        wanted, limit = [*wanted, *inner], limit - len(inner)
    return WordVectors(*_chosen(entries, set(wanted), limit, path), has_pieces)


def _made_of_pieces(whole: WordVectors, wanted: Iterable[str]) -> List[_Entry]:
    """The wanted words that have no vector of their own, as far as they have pieces."""
    known, rows = set(whole.words), whole.rows()
    found = {word: list(rows.of_word(word)) for word in wanted if word not in known}
    return [(word, partial(_mean, whole.table, ids)) for word, ids in found.items() if ids]


def _mean(table: Array, rows: List[int]) -> Array:
    mean: Array = table[rows].mean(axis=0)
    return mean


def _chosen(
    entries: Iterable[_Entry], wanted: Iterable[str], limit: int, path: Path
) -> Tuple[List[str], Array]:
    vectors: Dict[str, Array] = {}
    squares: List[float] = []
    others = 0
    for word, read in entries:
        word = normalize(word)
        is_kept = word not in vectors and (word in wanted or others < limit)
        if not is_kept and len(squares) >= _USUAL:
            continue
        vector = read()
        if len(squares) < _USUAL:
            squares.append(float(vector @ vector))
        if is_kept:
            vectors[word] = vector
            others += word not in wanted
    length = float(np.sqrt(np.mean(squares))) if squares else 0.0
    if not length:
        raise DataError(f"'{path}' has no word vectors.")
    if not vectors:
        return [], np.zeros((0, len(vector)), np.float32)
    return list(vectors), np.stack(list(vectors.values())) / np.float32(length)


def _entries(path: Path) -> Iterator[_Entry]:
    """The words of a file; which kind of file it is, its first bytes say."""
    with path.open("rb") as file:
        is_compressed = file.read(2) == _GZIP
    opened: Any = gzip.open if is_compressed else open
    with opened(path, "rb") as file:
        head = file.read(_HEAD)
    is_binary = _is_binary(head)
    with opened(path, "rb") as file:
        yield from _of_binary(file, path) if is_binary else _of_text(file, path)


def _is_binary(head: bytes) -> bool:
    """Whether this begins a file in word2vec's binary format."""
    header, _, rest = head.partition(b"\n")
    counts = header.split()
    if len(counts) != 2 or not all(count.isdigit() for count in counts):
        return False
    first = rest.partition(b"\n")[0].decode("utf-8", "replace").split()
    return bool(rest) and not all(map(_is_number, first[1:]))


def _of_text(file: BinaryIO, path: Path) -> Iterator[_Entry]:
    size = 0
    for number, line in enumerate(file, start=1):
        text = line.decode("utf-8", errors="replace").strip(" \r\n")
        word, _, numbers = text.partition(" ")
        is_header = number == 1 and word.isdigit() and numbers.strip().isdigit()
        if not text.strip() or is_header:
            continue
        size = size or len(numbers.split())
        if numbers.count(" ") >= size and not _is_number(numbers.partition(" ")[0]):
            # Some words of GloVe have spaces.
            word, *fields = text.rsplit(None, size)
            numbers = " ".join(fields)
        yield word, partial(_numbers, numbers, size, f"'{path}', line {number}")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _numbers(text: str, size: int, where: str) -> Array:
    try:
        vector = np.array(text.split(), dtype=np.float32)
    except ValueError as error:
        raise DataError(
            f"{where}: {error}. After the word there must be numbers only, as in the text formats "
            f"of word2vec, fastText and GloVe."
        ) from error
    return _checked(vector, size, where)


def _of_binary(file: BinaryIO, path: Path) -> Iterator[_Entry]:
    count, size = map(int, file.readline().split())
    for number in range(1, count + 1):
        word = bytearray()
        while True:
            character = file.read(1)
            if character in (b"", b" "):
                break
            word += character
        where = f"'{path}', word {number} of {count}"
        content = file.read(4 * size)
        vector = np.frombuffer(content[: len(content) // 4 * 4], "<f4")
        yield word.decode("utf-8", "replace").strip("\n"), partial(_checked, vector, size, where)


def _checked(vector: Array, size: int, where: str) -> Array:
    if len(vector) != size or not size or not np.isfinite(vector).all():
        raise DataError(
            f"{where}: expected a word and {size or 'some'} finite numbers, found {len(vector)}. "
            f"{KINDS}"
        )
    return vector


def _folder(path: Path) -> WordVectors:
    """All that a folder has."""
    if (path / VECTORS_FILE).exists():
        return read_folder(path)
    if not (path / MODEL_FILE).exists() or not (path / TOKENIZER_FILE).exists():
        raise DataError(f"'{OPTION}: {path}' has no vectors. {KINDS}")
    arrays = _tensors(path / MODEL_FILE)
    if "embeddings" not in arrays:
        raise DataError(
            f"'{path / MODEL_FILE}' has no tensor 'embeddings', so it is no Model2Vec model. Of a "
            f"sentence transformer, 'rasa-joint-nlu vectors {path} --out FOLDER' makes vectors."
        )
    names = words_of_tokenizer(path / TOKENIZER_FILE)
    table = arrays["embeddings"]
    # Tokens may share vectors, and have a weight of their own.
    ids = arrays.get("mapping", np.arange(len(table)))
    weights = arrays.get("weights", np.ones(len(ids)))
    kept = {word: i for i, word in reversed(list(enumerate(names[: len(ids)]))) if word}
    words = sorted(kept, key=kept.__getitem__)
    chosen = np.array([kept[word] for word in words], np.int64)
    vectors = table[ids[chosen]].astype(np.float32) * weights[chosen, None].astype(np.float32)
    return WordVectors(words, _finite(vectors, path / MODEL_FILE), True)


def read_folder(path: Path) -> WordVectors:
    """What `write_folder` wrote."""
    arrays = _tensors(path / VECTORS_FILE)
    try:
        table = ByteTable(arrays[_TABLE], arrays[_TABLE + UNITS])
        described = json.loads(arrays[_WORDS].tobytes())
        words, has_pieces = described["words"], described["has_pieces"]
        if len(words) != len(table):
            raise ValueError(f"{len(words)} words for {len(table)} vectors")
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"'{path / VECTORS_FILE}' is damaged ({error}). Make the folder anew."
        ) from error
    return WordVectors(words, _finite(table.whole(), path), has_pieces)


def write_folder(path: Path, vectors: WordVectors) -> None:
    """Write vectors into a folder, a byte for each number.

    Whatever happens on the way, it has either those of before or these.
    """
    path.mkdir(parents=True, exist_ok=True)
    table = ByteTable.of(vectors.table)
    described = {"has_pieces": vectors.has_pieces, "words": vectors.words}
    words = np.frombuffer(json.dumps(described, ensure_ascii=False).encode(), np.uint8)
    tensors = {_TABLE: table.counts, _TABLE + UNITS: table.units, _WORDS: words}
    write_whole(path / VECTORS_FILE, dump_tensors(tensors))


def _tensors(path: Path) -> Dict[str, Array]:
    try:
        arrays: Dict[str, Array] = load_file(str(path))
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"'{path}' is damaged, or no file of safetensors: {error}.") from error
    return arrays


def _finite(table: Array, path: Path) -> Array:
    if not np.isfinite(table).all():
        raise DataError(f"'{path}' has numbers that are not finite.")
    return table


def extended(
    rows: VectorRows, before: Optional[ByteTable], more: WordVectors
) -> Tuple[VectorRows, ByteTable]:
    """The vectors of a model that is fine-tuned, and after them those of words that it lacks."""
    if before is None:
        return more.rows(), ByteTable.of(more.table)
    if before.size != more.table.shape[1]:
        raise DataError(
            f"'{OPTION}' has vectors of {more.table.shape[1]} numbers, the model to fine-tune has "
            f"{before.size}. Use the same file as before."
        )
    known = {key: row for row, key in enumerate(rows.keys)}
    keys = more.rows().keys
    is_new = np.array([key not in known for key in keys], bool)
    shared = [known[key] for key in keys if key in known]
    lengths = np.linalg.norm(before.rows(np.array(shared, np.int64)), axis=1).sum()
    of_file = np.linalg.norm(more.table[~is_new], axis=1).sum()
    factor = lengths / of_file if lengths and of_file else 1.0
    new = ByteTable.of(more.table[is_new] * np.float32(factor))
    table = before.in_bytes()
    return (
        VectorRows((*rows.keys, *np.array(keys)[is_new].tolist()), rows.has_pieces),
        ByteTable(
            np.concatenate([table.counts, new.counts]), np.concatenate([table.units, new.units])
        ),
    )
