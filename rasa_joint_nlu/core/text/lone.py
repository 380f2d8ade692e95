"""Messages of a word or two, such as an answer to a form, and known words that are misspelt."""

from __future__ import annotations

import re
from itertools import groupby
from typing import AbstractSet, Sequence, Tuple

from rasa_joint_nlu.core.text.segment import Token, is_character

_MOST_WORDS, MOST_TOKENS = 2, 7
"""Of such a message, and with signs; most others need no look at their tokens, then."""
_LONGEST = 32
"""A word that is longer is no known one."""
_DRAWN_OUT = re.compile(r"(.)\1\1", re.DOTALL)


def lone_words(tokens: Sequence[Token]) -> Tuple[int, ...]:
    """The places of the words of a message, if they are one or two, with but signs beside them.

    A word has letters and no digits, as what has digits is known by its shape; a character of a
    script without spaces is none.

    >>> lone_words([Token("Oslo", 0, 4), Token("!", 4, 5)])
    (0,)
    >>> lone_words([Token("go", 0, 2), Token("to", 3, 5), Token("Oslo", 6, 10)])
    ()
    """
    if len(tokens) > MOST_TOKENS:
        return ()
    places = [place for place, token in enumerate(tokens) if any(map(str.isalnum, token.text))]
    if len(places) > _MOST_WORDS or not all(_is_word(tokens[place].text) for place in places):
        return ()
    return tuple(places)


def _is_word(text: str) -> bool:
    has_letters, has_digits = any(map(str.isalpha, text)), any(map(str.isdigit, text))
    return has_letters and not has_digits and not is_character(text)


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


def is_drawn_out(word: str) -> bool:
    """Whether a word has three times the same letter in a row, or more.

    >>> [is_drawn_out(word) for word in ("yesss", "yess")]
    [True, False]
    """
    return _DRAWN_OUT.search(word) is not None


def squeezed(word: str) -> str:
    """A word with each letter once, where it is several times in a row.

    >>> squeezed("hellooo")
    'helo'
    """
    return "".join(letter for letter, _ in groupby(word))
