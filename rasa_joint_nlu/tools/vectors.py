"""The command `vectors`: a sentence transformer, or a file of vectors → a small folder of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Counter as Counts
from typing import Iterator, List, Optional, Sequence

import numpy as np

from rasa_joint_nlu.core.text.pieces import INNER
from rasa_joint_nlu.core.text.segment import normalize, segment
from rasa_joint_nlu.core.vectors import (
    WordVectors,
    chosen,
    read_vectors,
    write_folder,
)
from rasa_joint_nlu.tools.cards import licence_of
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.nlu_files import read_nlu
from rasa_joint_nlu.tools.numbers import whole
from rasa_joint_nlu.tools.outputs import check_folder
from rasa_joint_nlu.tools.yaml_files import read_text

_FREQUENT = 1e-3
"""A word that is this share of a text has a vector of half the length."""
_NAMED = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Make small static vectors of words for the option pretrained_embeddings: from a sentence "
        "transformer, which takes pip install 'rasa-joint-nlu[vectors]', or from a file of vectors."
    )
    add = parser.add_argument
    add(
        "source",
        metavar="SOURCE",
        help="a folder of a sentence transformer, or its name on the Hugging Face hub; a folder of "
        "Model2Vec; a file in the formats of word2vec, fastText or GloVe",
    )
    add("--out", type=Path, required=True, metavar="FOLDER", help="where to write the vectors")
    add(
        "--words",
        type=Path,
        metavar="FILE",
        help="words to have, the frequent ones first: the first word of each line",
    )
    add("--nlu", type=Path, nargs="+", metavar="PATH", help="NLU files whose words matter most")
    add("--size", type=whole(1), default=256, help="numbers of a vector (default: 256)")
    add("--limit", type=whole(0), default=40_000, help="words and pieces to keep (default: 40000)")


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    check_folder(options.out)
    counts = _words_of(options.nlu) if options.nlu else Counter()
    of_data = [word for word, _ in counts.most_common()]
    words = list(dict.fromkeys([*_listed(options.words), *of_data]))
    vectors = _made(options, words, of_data)
    try:
        write_folder(options.out, vectors)
    except OSError as error:
        raise InputError(f"'{options.out}' cannot be written: {error.strerror}.") from error
    print("\n".join(_report(options, vectors, counts)))
    return 0


def _made(options: argparse.Namespace, words: List[str], of_data: Sequence[str]) -> WordVectors:
    path = Path(options.source)
    if _is_transformer(options.source):
        try:
            from rasa_joint_nlu.core.training.distil import distil

            vectors = distil(options.source, words, show_progress=sys.stderr.isatty())
        except ModuleNotFoundError as error:
            if error.name not in ("torch", "transformers"):
                raise
            raise InputError(
                f"'{options.source}' is a transformer, or nothing that is here; to read one takes "
                f"the package '{error.name}': pip install 'rasa-joint-nlu[vectors]'."
            ) from error
        return chosen(weighted(reduced(vectors, options.size)), of_data, options.limit, path)
    vectors = read_vectors(path, words, options.limit)
    if vectors.table.shape[1] > options.size:
        vectors = reduced(vectors, options.size)
    return vectors if path.is_dir() else weighted(vectors)


def _is_transformer(source: str) -> bool:
    """Whether this is a folder of a transformer, or may be the name of one on a hub."""
    folder = Path(source)
    if not folder.exists():
        return True
    config = folder / "config.json"
    try:
        return "hidden_act" in json.loads(config.read_bytes())
    except (OSError, ValueError):
        return False


def reduced(vectors: WordVectors, size: int) -> WordVectors:
    """The same with vectors of so many numbers at most: the principal components."""
    table = vectors.table - vectors.table.mean(axis=0)
    _, directions = np.linalg.eigh((table.T @ table).astype(np.float64))
    return vectors._replace(table=table @ directions[:, ::-1][:, :size].astype(np.float32))


def weighted(vectors: WordVectors) -> WordVectors:
    """The same with shorter vectors of frequent words, which say little.

    Arora et al. 2017, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings"; how frequent a
    word is, its place says (Zipf's law).
    """
    ranks = np.arange(1, len(vectors.words) + 1)
    shares = 1 / (ranks * (1 / ranks).sum())
    weights = (_FREQUENT / (_FREQUENT + shares)).astype(np.float32)
    return vectors._replace(table=vectors.table * weights[:, None])


def _listed(path: Optional[Path]) -> Iterator[str]:
    """The words of a list."""
    if path:
        lines = read_text(path).splitlines()
        yield from (normalize(line.split()[0]) for line in lines if line.strip())


def _words_of(paths: Sequence[Path]) -> Counts[str]:
    """How often each word is in the messages of NLU files."""
    texts = (message.text for message in read_nlu(paths).messages)
    return Counter(normalize(token.text) for text in texts for token in segment(text))


def _report(options: argparse.Namespace, vectors: WordVectors, counts: Counts[str]) -> List[str]:
    inner = sum(word.startswith(INNER) for word in vectors.words)
    size = sum(path.stat().st_size for path in options.out.iterdir()) / 1e6
    lines = [
        f"{len(vectors.words) - inner:,} words and {inner:,} pieces, {vectors.table.shape[1]} "
        f"numbers each, {size:.1f} MB: '{options.out}'."
    ]
    if counts:
        rows = vectors.rows()
        missing = [word for word, _ in counts.most_common() if not rows.of_word(word)]
        known = sum(counts.values()) - sum(counts[word] for word in missing)
        lines.append(
            f"{known / sum(counts.values()):.1%} of the words of the NLU files have a vector"
            + (f"; not {', '.join(missing[:_NAMED])}" if missing else "")
            + ("." if len(missing) <= _NAMED else f" and {len(missing) - _NAMED} others.")
        )
    licence = licence_of(Path(options.source))
    if licence:
        lines.append(f"They are under the licence of what they are made of: {licence}.")
    lines.append(f"Use them with the option 'pretrained_embeddings: {options.out}'.")
    return lines
