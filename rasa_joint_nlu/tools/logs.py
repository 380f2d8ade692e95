"""The command `logs`: what users wrote to a bot, of Rasa's tracker store → a file of texts."""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path
from typing import AbstractSet, Any, Dict, Iterator, List, Optional, Sequence, Tuple

from rasa_joint_nlu.tools.outputs import check_writable, write
from rasa_joint_nlu.tools.tracker_store import Store, events, last_event, text_of_event

PERSONAL = (
    "account",
    "account_number",
    "address",
    "birthdate",
    "card_number",
    "email",
    "first_name",
    "iban",
    "last_name",
    "name",
    "passport",
    "password",
    "PERSON",
    "phone",
    "phone_number",
    "postcode",
    "ssn",
    "street",
    "surname",
    "username",
)
"""Types of entities that are about a person; those of Duckling and of spaCy are among them."""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(https?://|www\.)\S+", re.IGNORECASE)
_DIGITS = re.compile(r"\d(?:(?:[ .,/\u2010-\u2015-]| ?\(| ?\)[ -]?)?\d){4,}")
"""Five digits or more, with what stands between the groups of a phone or card number."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Read what users wrote out of Rasa's tracker store, a SQL database, and write each "
        "distinct text on a line of its own. What was found to be personal is masked: entities of "
        "some types, e-mail addresses, links, and numbers of five digits or more. What no model "
        "found stays: read the texts before you give them to others."
    )
    add = parser.add_argument
    add(
        "--endpoints",
        type=Path,
        default=Path("endpoints.yml"),
        metavar="FILE",
        help="Rasa's file that names the tracker store (default: endpoints.yml)",
    )
    add("--out", type=Path, required=True, metavar="FILE", help="where to write the texts")
    add(
        "--mask",
        nargs="+",
        default=[],
        metavar="TYPE",
        help=f"further types of entities to mask, beside {', '.join(PERSONAL)}",
    )
    add(
        "--as-they-are",
        action="store_true",
        help="mask nothing: personal data of users will be in the file",
    )


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    check_writable(options.out)
    store = Store.of_endpoints(options.endpoints)
    types = None if options.as_they_are else frozenset(map(str.lower, (*PERSONAL, *options.mask)))
    counts: Counter[str] = Counter()
    masked = unreadable = 0
    with store.connected() as query:
        for event in _user_events(events(query, last_event(query))):
            if event is None:
                unreadable += 1
                continue
            text = str(event["text"]) if types is None else without_personal_data(event, types)
            masked += text != event["text"]
            # A line of the file is a text.
            counts[" ".join(text.split())] += 1
    write(options.out, "".join(f"{text}\n" for text in counts))
    print(
        f"{len(counts):,} distinct texts of {sum(counts.values()):,} that users wrote, "
        f"{masked:,} of them with something masked: '{options.out}'."
    )
    if unreadable:
        print(f"{unreadable:,} events of '{store.name}' are none of Rasa's, and left out.")
    return 0


def _user_events(rows: Iterator[Tuple[int, str]]) -> Iterator[Optional[Dict[str, Any]]]:
    """The events with a text of a user; None for what is no event."""
    for _, data in rows:
        try:
            event = json.loads(data)
        except (ValueError, TypeError, RecursionError):
            yield None
            continue
        if text_of_event(event) is not None:
            yield event


def without_personal_data(event: Dict[str, Any], types: AbstractSet[str]) -> str:
    """The text of a user's event, where what is personal is masked.

    An entity of one of the types, in lower case, becomes its type in brackets; digits become zeros.

    >>> entities = [{"entity": "name", "start": 5, "end": 8, "value": "Ada"}]
    >>> event = {"text": "I am Ada, 030 1234567", "parse_data": {"entities": entities}}
    >>> without_personal_data(event, {"name"})
    'I am <name>, 000 0000000'
    """
    text: str = event["text"]
    pieces: List[str] = []
    end = 0
    for first, last, name in sorted(_places(event, types)):
        if first >= end:
            pieces += [_masked(text[end:first]), f"<{name}>"]
        end = max(end, last)
    return "".join([*pieces, _masked(text[end:])])


def _places(event: Dict[str, Any], types: AbstractSet[str]) -> Iterator[Tuple[int, int, str]]:
    """Where entities of these types, or with such a role, are in the text."""
    parsed = event.get("parse_data")
    found = parsed.get("entities") if isinstance(parsed, dict) else None
    for entity in found if isinstance(found, Sequence) else ():
        if not isinstance(entity, dict):
            continue
        first, last = entity.get("start"), entity.get("end")
        names = {str(entity.get(key)).lower() for key in ("entity", "role")}
        if not (isinstance(first, int) and isinstance(last, int) and names & types):
            continue
        if 0 <= first < last:
            yield first, last, str(entity.get("entity"))


def _masked(text: str) -> str:
    text = _LINK.sub("<link>", _EMAIL.sub("<email>", text))
    return _DIGITS.sub(lambda found: re.sub(r"\d", "0", found.group()), text)
