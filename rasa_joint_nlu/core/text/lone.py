"""Messages of one word, such as an answer to a form, and known words that are misspelt."""

from __future__ import annotations

from typing import AbstractSet, Optional, Sequence

from rasa_joint_nlu.core.text.segment import Token, is_character

_MOST_TOKENS = 6
"""Of a message of one word and signs; most others need no look at their tokens, then."""
_LONGEST = 32
"""A word that is longer is no known one."""


def lone_word(tokens: Sequence[Token]) -> Optional[int]:
    """The place of the only word of a message, if there are but signs beside it.

    A word has letters and no digits, as what has digits is known by its shape; a character of a
    script without spaces is none.

    >>> lone_word([Token("Oslo", 0, 4), Token("!", 4, 5)])
    0
    >>> lone_word([Token("to", 0, 2), Token("Oslo", 3, 7)])
    """
    if len(tokens) > _MOST_TOKENS:
        return None
    places = [place for place, token in enumerate(tokens) if any(map(str.isalnum, token.text))]
    if len(places) != 1:
        return None
    word = tokens[places[0]].text
    is_word = any(map(str.isalpha, word)) and not any(map(str.isdigit, word))
    return places[0] if is_word and not is_character(word) else None


def is_misspelt(word: str, known: AbstractSet[str], letters: Sequence[str]) -> bool:
    """Whether a known word is one letter more, one less, one other, or two in another order.

    Args:
        letters: that known words are written with.

    >>> [is_misspelt(word, frozenset({"thanks"}), "ahknst") for word in ("thnks", "anna")]
    [True, False]
    """
    if len(word) > _LONGEST:
        return False
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    near = {before + after[1:] for before, after in cuts}
    near.update(before + after[1:2] + after[:1] + after[2:] for before, after in cuts)
    if not known.isdisjoint(near):
        return True
    others = cuts + [(before, after[1:]) for before, after in cuts if after]
    return any(
        not known.isdisjoint([before + letter + after for letter in letters])
        for before, after in others
    )
