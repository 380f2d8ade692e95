"""The parts of a message: what it tells, what it asks, and a yes that stands beside.

Knows nothing of Rasa.
"""

from __future__ import annotations

from typing import List, Optional, Tuple

from .language import Language


def clauses_in(text: str, language: Language) -> List[Tuple[int, int]]:
    """Where the parts of a message start and end."""
    ends = [found.start() for found in language.talk.clauses.finditer(text)]
    return list(zip([0, *ends], [*ends, len(text)]))


def sides_of(text: str, language: Language) -> Tuple[str, str]:
    """What of a message tells, and what asks; the rest of each is blank.

    What stands behind a question in its sentence is part of it: "is it less for kids, students?"
    """
    talk, told, asked, asks = language.talk, "", "", False
    for start, end in clauses_in(text, language):
        clause, blank = text[start:end], " " * (end - start)
        asks = asks or bool(talk.asking.search(clause.strip()))
        told += blank if asks else clause
        asked += clause if asks else blank
        asks = asks and not talk.stop.search(clause)
    return told, asked


def beside_yes(text: str, language: Language) -> Optional[str]:
    """What stands beside a yes to an offer, that is blank: "yes, and is there Wi-Fi?".

    None where there is no yes, or one that is taken back.
    """
    clauses, words = clauses_in(text, language), language.bookings
    for _, end in reversed(clauses):
        if _is_yes(text[:end], language):
            rest = " " * end + text[end:]
            return None if words.hedging.search(rest) else rest
    for start, _ in clauses[1:]:
        if _is_yes(text[start:], language) and words.buying.search(text[start:]):
            # "You have not booked it. Please book it now".
            return text[:start] if language.talk.stop.search(text[:start]) else None
    return None


def _is_yes(text: str, language: Language) -> bool:
    """Whether a part of a message agrees, and does more than to say that it was heard."""
    words = language.bookings
    return bool(words.agreeing.fullmatch(text) and not words.heard.fullmatch(text))
