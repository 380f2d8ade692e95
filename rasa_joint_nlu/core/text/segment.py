"""Text → tokens, in any script: the rules of `rasa_joint_nlu.UnicodeTokenizer`, without Rasa."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple, Tuple

import regex


class Token(NamedTuple):
    """A piece of a text: `text[start:end]`, offsets in characters."""

    text: str
    start: int
    end: int


_SPACE = r"\s\x1c-\x1f"
"""White space as `str.isspace` has it: four control characters more than in Unicode."""

_UNSPACED = r"\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{Bopomofo}\p{Hangul}\p{lb=Complex_Context}"
"""Scripts without white space between words or, as Hangul, with particles stuck to them.

The complex context of Unicode is Thai, Lao, Khmer, Myanmar and other scripts of their region.
"""

_LETTER = rf"[\p{{L}}--[{_UNSPACED}\p{{Extended_Pictographic}}]]"
_EXTENDER = r"[\p{gcb=Extend}\p{gcb=SpacingMark}\p{gcb=ZWJ}]"
"""What belongs to the character before it: accents, vowel signs, joiners, modifiers."""

_BEFORE_STACKED = r"(?<=\p{InSC=Invisible_Stacker})(?=\p{L})"
"""Between a sign that stacks Khmer or Myanmar letters and the letter below."""

_TOKEN = regex.compile(
    rf"""
      {_LETTER} [{_LETTER}{_EXTENDER}]*
    | (?: \p{{Nd}} (?! \uFE0F? \u20E3 ) {_EXTENDER}* )+   # digits, unless inside of a keycap
    | \p{{gcb=Prepend}} {_EXTENDER}*                      # \X would take a space after it, too
    | (?: \p{{RI}}{{1,2}} {_EXTENDER}* | (?! [{_SPACE}] ) \X )
      (?: (?: (?=\p{{M}}) | {_BEFORE_STACKED} ) \X )*
    """,
    regex.VERBOSE | regex.VERSION1,
)
"""The last lines are `\\X`, and what it leaves out of Myanmar and Khmer characters. Flags, two
regional indicators each, are cut without it: to pair them, it counts those before, again for each.
"""


_CHARACTER = regex.compile(rf"[{_UNSPACED}]{_EXTENDER}*", regex.VERSION1)
_FIRST_UNSPACED = "\u0e00"
"""Thai: before it come the scripts of spaced words, whose tokens need no closer look."""


LONGEST_CACHED = 64
"""So many characters of a token are cached at most, so that caches are bounded in bytes."""
_LONGEST_WORD = 256
"""So many characters of a word count: to sort combining marks takes the square of their number."""


def normalize(word: str) -> str:
    """The form under which a word is looked up: compatibility-composed, case folded.

    Only the first 256 characters count.
    """
    if len(word) <= LONGEST_CACHED:
        return _normalized(word)
    return unicodedata.normalize("NFKC", word[:_LONGEST_WORD]).casefold()


@lru_cache(maxsize=20_000)
def _normalized(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def is_character(token: str) -> bool:
    """Whether a token is a single character of a script without spaces between words.

    That includes the punctuation of such a script: what stands beside it often begins or ends.
    """
    return token[:1] >= _FIRST_UNSPACED and _CHARACTER.fullmatch(token) is not None


def segment(text: str) -> Tuple[Token, ...]:
    """Cut a text into tokens that cover all of it but white space.

    A token is a run of letters, a run of decimal digits, or a single character: of a script
    without spaces between words, a mark, a symbol or an emoji. A character is what a reader sees
    as one, an extended grapheme cluster: with its accents, modifiers and joined parts.

    Examples:
        >>> [token.text for token in segment("Rome, 3pm! 去東京 👍🏽")]
        ['Rome', ',', '3', 'pm', '!', '去', '東', '京', '👍🏽']
    """
    return tuple(
        Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)
    )
