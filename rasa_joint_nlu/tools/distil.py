"""The command `distil`: a sentence transformer and texts → a smaller encoder."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Iterator, List, Sequence

from rasa_joint_nlu.core.unlabelled import NLU_SUFFIXES
from rasa_joint_nlu.tools.cards import licence_of
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.nlu_files import read_nlu
from rasa_joint_nlu.tools.numbers import whole
from rasa_joint_nlu.tools.outputs import check_folder
from rasa_joint_nlu.tools.yaml_files import read_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Teach the first layers of a sentence transformer to say what all of them say, for the "
        "option 'model' of SentenceEncoderFeaturizer. It takes "
        "pip install 'rasa-joint-nlu[encoder]'."
    )
    add = parser.add_argument
    add("source", type=Path, metavar="SOURCE", help="a folder of a sentence transformer")
    add(
        "--texts",
        type=Path,
        nargs="+",
        required=True,
        metavar="PATH",
        help="what to learn from, 10,000 texts or more: files with a text in each line, or NLU "
        "files, of which only the texts count",
    )
    add("--out", type=Path, required=True, metavar="FOLDER", help="where to write the encoder")
    add("--layers", type=whole(1), default=2, help="layers to take (default: 2)")


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    check_folder(options.out)
    if options.out.exists() and options.out.resolve() == options.source.resolve():
        raise InputError(f"'{options.out}' is the transformer itself; name another folder.")
    texts = list(dict.fromkeys(_texts(options.texts)))
    from rasa_joint_nlu.core.training.student import distil_student

    before = time.process_time()
    try:
        likeness = distil_student(
            options.source, options.out, texts, options.layers, show_progress=sys.stderr.isatty()
        )
    except OSError as error:
        raise InputError(f"'{options.out}' cannot be written: {error.strerror}.") from error
    size = sum(path.stat().st_size for path in options.out.iterdir()) / 1e6
    print(
        f"{likeness.texts:,} texts taught it, in {time.process_time() - before:.0f} seconds of a "
        f"processor.\n"
        f"Of texts that it did not learn from, the cosine of its vectors and the transformer's is "
        f"{likeness.of_pieces:.2f} for pieces of words and {likeness.of_texts:.2f} for texts.\n"
        f"It has {size:.1f} MB: '{options.out}'."
    )
    licence = licence_of(options.source)
    if licence:
        print(f"It is under the licence of what it is made of: {licence}.")
    print(f"Use it with SentenceEncoderFeaturizer, as 'model: {options.out}'.")
    return 0


def _texts(paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        if path.suffix.lower() in NLU_SUFFIXES or path.is_dir():
            found: List[str] = [message.text for message in read_nlu([path]).messages]
        else:
            found = read_text(path).lstrip("\ufeff").splitlines()
        yield from (text.strip() for text in found if text.strip())
