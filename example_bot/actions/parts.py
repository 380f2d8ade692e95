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
    """What stands beside an order to go through with an offer, that is blank.

    A yes starts a message, "yes, and is there Wi-Fi?"; what says to book stands anywhere. None
    where there is no order, or one that is taken back, or hangs on something.
    """
    cuts, words = _joints(text, language), language.bookings
    spans = [(start, end) for start in cuts for end in cuts if start < end]
    for start, end in sorted(spans, key=lambda span: (span[0] > 0, span[0] - span[1])):
        part = text[start:end]
        if _is_yes(part, language) and (not start or words.buying.search(part)):
            hangs = words.depending.search(text[:start]) or words.hedging.search(text[end:])
            if not hangs:
                return text[:start] + " " * len(part) + text[end:]
    return None


def later_in(text: str, language: Language, place: str = "") -> Tuple[str, str]:
    """What of a message is about the journey on offer, and about the next one; the rest is blank.

    That one is the way back, or leads to a `place`.
    """
    words, now, after, later = language.bookings, "", "", False
    cuts = _joints(text, language)
    for start, end in zip(cuts, cuts[1:]):
        part, blank = text[start:end], " " * (end - start)
        if words.returning.search(part) or words.onwards.search(part) or (place and place in part):
            later = True
        elif words.outward.search(part):
            later = False
        now += blank if later else part
        after += part if later else blank
    return now, after


def _joints(text: str, language: Language) -> List[int]:
    """Where the parts of a message start, finer than clauses, and where it ends."""
    cuts = {start for start, _ in clauses_in(text, language)}
    cuts |= {found.start() for found in language.talk.joints.finditer(text)}
    return sorted({*cuts, len(text)})


def _is_yes(part: str, language: Language) -> bool:
    """Whether a part of a message agrees, and does more than to say that it was heard."""
    words = language.bookings
    return bool(words.agreeing.fullmatch(part) and not words.heard.fullmatch(part))
