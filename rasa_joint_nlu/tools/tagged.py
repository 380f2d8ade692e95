"""The public format of SNIPS and ATIS: a folder with `seq.in`, `seq.out` and `label`.

Each has one message a line: its tokens, their BIO tags, its intent. A label such as
`flight#airfare` is one intent like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import List, Sequence, Tuple

from rasa_joint_nlu.tools.errors import InputError

FILES = ("seq.in", "seq.out", "label")
Span = Tuple[int, int, str]
"""`(first token, last token, type)`."""


@dataclass(frozen=True)
class TaggedMessage:
    """A message as the files have it: a tag for each token."""

    tokens: Sequence[str]
    tags: Sequence[str]
    intent: str

    @property
    def text(self) -> str:
        """The tokens, joined with single spaces."""
        return " ".join(self.tokens)

    def offsets(self) -> List[Tuple[int, int]]:
        """Where in the text each token starts and ends."""
        found, start = [], 0
        for token in self.tokens:
            found.append((start, start + len(token)))
            start += len(token) + 1
        return found


def is_tagged(folder: Path) -> bool:
    """Whether a folder has any of the files of this format."""
    return any((folder / name).is_file() for name in FILES)


def read_tagged(folder: Path) -> List[TaggedMessage]:
    """Read the three files of a folder.

    Raises:
        InputError: if a file is missing or cannot be read, or the files do not fit each other.
    """
    tokens, tags, labels = (_lines(folder / name) for name in FILES)
    if not len(tokens) == len(tags) == len(labels):
        raise InputError(
            f"'{folder}': seq.in has {len(tokens)} lines, seq.out {len(tags)} and label "
            f"{len(labels)}; each needs one line for every message."
        )
    messages = [
        TaggedMessage(words.split(), marks.split(), label.strip())
        for words, marks, label in zip(tokens, tags, labels)
    ]
    for number, message in enumerate(messages, start=1):
        _check(message, f"'{folder}', line {number}")
    return messages


def spans(tags: Sequence[str]) -> List[Span]:
    """The entities in BIO tags, as conlleval finds them.

    An `I-` that continues nothing opens a span, and so does one of another type.

    >>> spans(["B-city", "I-city", "O", "I-day", "I-city"])
    [(0, 1, 'city'), (3, 3, 'day'), (4, 4, 'city')]
    """
    found: List[Span] = []
    for place, tag in enumerate(tags):
        prefix, _, kind = tag.partition("-")
        if prefix == "O":
            continue
        if prefix == "I" and found and found[-1][1:] == (place - 1, kind):
            found[-1] = (found[-1][0], place, kind)
        else:
            found.append((place, place, kind))
    return found


def _lines(path: Path) -> List[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"There is no '{path}'; the format takes {', '.join(FILES)}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"'{path}' cannot be read as UTF-8 text: {error}.") from error
    # Not `splitlines`: messages may have other line separators of Unicode in them.
    return text.rstrip("\r\n").split("\n") if text.strip() else []


def _check(message: TaggedMessage, where: str) -> None:
    if not message.tokens or not message.intent:
        raise InputError(f"{where}: the message or its label is empty; remove or complete it.")
    if len(message.tokens) != len(message.tags):
        raise InputError(
            f"{where}: seq.in has {len(message.tokens)} tokens and seq.out "
            f"{len(message.tags)} tags; each token needs one tag."
        )
    wrong = [tag for tag in message.tags if not re.fullmatch(r"O|[BI]-.+", tag)]
    if wrong:
        raise InputError(f"{where}: '{wrong[0]}' is no tag; it must be O, B-type or I-type.")
