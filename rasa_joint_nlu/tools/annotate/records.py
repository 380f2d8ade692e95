"""Pieces of inputs, as they travel to who annotates them, and the messages in them.

A piece holds what was read, mostly as it lies in the file: taking it apart is work for many.
"""

from __future__ import annotations

import codecs
import json
from typing import Any, Iterable, Iterator, List, NamedTuple, Optional, Tuple, Union

from rasa_joint_nlu.tools.tracker_store import text_of_event

LONGEST_LINE = 1 << 20
"""A line of so many bytes is not read, and a field of a table of so many characters: 1 MiB."""


class Rejected(NamedTuple):
    """Something that is no message: where it stands, why it is none, and what it looks like."""

    line: int
    reason: str
    content: str = ""


class Found(NamedTuple):
    """A text, and the line, row or number in which it stands, from 1."""

    line: int
    text: str


class Lines(NamedTuple):
    """Lines of a file, from one on: texts, or JSON if `column` says where a text stands in it.

    `position` is how many bytes of the file were read up to their end.
    """

    file: str
    first: int
    content: bytes
    column: Optional[str] = None
    position: int = 0

    @property
    def size(self) -> int:
        """How many lines there are, at least."""
        return self.content.count(b"\n")

    def records(self) -> Iterator[Union[Found, Rejected]]:
        """What is in them, blank lines left out."""
        # Nothing but this ends a line: messages may have other line separators of Unicode in them.
        for number, line in enumerate(self.content.split(b"\n"), self.first):
            if number == 1 and line.startswith(codecs.BOM_UTF8):
                line = line[len(codecs.BOM_UTF8) :]
            if len(line) >= LONGEST_LINE:
                reason = f"the line has more than {LONGEST_LINE:,} bytes"
                yield Rejected(number, reason, _shown(line))
                continue
            try:
                text = line.decode("utf-8").strip()
            except UnicodeDecodeError as error:
                yield Rejected(number, f"no UTF-8 at byte {error.start + 1}", _shown(line))
                continue
            if not text:
                continue
            if self.column is None:
                yield Found(number, text)
            else:
                yield from _of_json(number, text, self.column)


class Rows(NamedTuple):
    """What was found in a table, a database or training data."""

    file: str
    rows: Tuple[Union[Found, Rejected], ...]
    position: int = 0

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def records(self) -> Iterable[Union[Found, Rejected]]:
        """What is in them; a row without a text is none."""
        for row in self.rows:
            if isinstance(row, Found) and not row.text.strip():
                yield Rejected(row.line, "the text is empty")
            else:
                yield row


Piece = Union[Lines, Rows]


def _of_json(line: int, text: str, column: str) -> Iterator[Union[Found, Rejected]]:
    """The message of a line of JSON, if it has one: an event of a bot has none, a tracker many."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield Rejected(line, f"no JSON ({error})", text[:200])
        return
    events = _events_of(value)
    if events is not None:
        yield from (Found(line, said) for said in map(text_of_event, events) if said is not None)
        return
    found = message_of(value, column)
    if found is None:
        yield Rejected(line, f"no text '{column}'", text[:200])
    elif not isinstance(found, str):
        return
    elif found.strip():
        yield Found(line, found)
    else:
        yield Rejected(line, "the text is empty", text[:200])


def message_of(value: Any, column: str) -> Union[str, bool, None]:
    """The text of a value of JSON; False for an event that is no message; None: it is neither.

    >>> message_of({"text": "hi"}, "text"), message_of("hi", "text"), message_of({}, "text")
    ('hi', 'hi', None)
    >>> message_of({"event": "bot", "timestamp": 1.0, "text": "Hello!"}, "text")
    False
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("event"), str) and "timestamp" in value:
        return text_of_event(value) or False
    text = value.get(column)
    return text if isinstance(text, str) else None


def _events_of(value: Any) -> Optional[List[Any]]:
    """The events of a tracker; None if it is none."""
    events = value.get("events") if isinstance(value, dict) else None
    return events if isinstance(events, list) else None


def _shown(line: bytes) -> str:
    return line[:200].decode("utf-8", "backslashreplace")


def texts_of_json(content: Any, column: str) -> List[Union[Found, Rejected]]:
    """The messages of a JSON file: of a tracker or a list of them, or a list of messages."""
    values = content if isinstance(content, list) else [content]
    if isinstance(content, dict) and "events" not in content and column not in content:
        # Trackers by conversation, or messages by a key of their own.
        values = list(content.values())
    found: List[Union[Found, Rejected]] = []
    number = 0
    for value in values:
        events = _events_of(value)
        for item in [value] if events is None else events:
            number += 1
            text = message_of(item, column) if events is None else text_of_event(item) or False
            if isinstance(text, str):
                found.append(Found(number, text))
            elif text is None:
                shown = json.dumps(item, ensure_ascii=False)[:200]
                found.append(Rejected(number, f"no text '{column}'", shown))
    return found
