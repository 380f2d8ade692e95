"""Word vectors in the text format of word2vec and fastText, read line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterable, Iterator, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.text.segment import normalize


def read_vectors(path: Path, wanted: Iterable[str], limit: int) -> Dict[str, Array]:
    """Vectors of the wanted words, and of the first `limit` others (files list frequent first).

    Args:
        wanted: normalized words; the file's words are compared normalized, the first one counts.

    Returns:
        Normalized words and their vectors `(size,)`, float32.

    Raises:
        DataError: if the file cannot be read or a line is not a word and its numbers.
    """
    wanted = set(wanted)
    vectors: Dict[str, Array] = {}
    others = size = 0
    for number, word, numbers in _lines(path):
        word = normalize(word)
        if word in vectors or not (word in wanted or others < limit):
            continue
        try:
            vector = np.array(numbers.split(), dtype=np.float32)
        except ValueError as error:
            raise DataError(
                f"'{path}', line {number}: {error}. After the word there must be numbers only, as "
                f"in the word2vec and fastText text formats."
            ) from error
        size = size or len(vector)
        if len(vector) != size or not size or not np.isfinite(vector).all():
            raise DataError(
                f"'{path}', line {number}: expected a word and {size or 'some'} finite numbers, "
                f"found {len(vector)}. The file must be in word2vec or fastText text format."
            )
        others += word not in wanted
        vectors[word] = vector
    if not vectors:
        raise DataError(f"'{path}' has no word vectors.")
    return vectors


def _lines(path: Path) -> Iterator[Tuple[int, str, str]]:
    try:
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                word, _, numbers = line.strip(" \r\n").partition(" ")
                is_header = number == 1 and word.isdigit() and numbers.strip().isdigit()
                if word and not is_header:
                    yield number, word, numbers
    except OSError as error:
        raise DataError(
            f"'pretrained_embeddings: {path}' cannot be read: {error.strerror}."
        ) from error
