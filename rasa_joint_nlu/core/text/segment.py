"""Text → tokens, in any script: the rules of `rasa_joint_nlu.UnicodeTokenizer`, without Rasa."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple, Sequence, Tuple

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

_OF_WORD = rf"[{_LETTER}{_EXTENDER}]"
_INVISIBLE = rf"[[\p{{DI}}\p{{Cc}}\uFFF9-\uFFFB]--[{_SPACE}]]"
"""Format and control characters that show nothing, and are no white space.

Most are default-ignorable: joiners, marks of direction, soft hyphens, variation selectors.
"""

_AFTER = r"[\u034F\u200C\u200D]"
"""Joiners do something to a character only if another one follows."""
_WITHIN = r"[\p{DI}--[\p{L}\u200B]]"
"""What may be inside a word or a number without ending it; a zero-width space ends it."""

_BEFORE_STACKED = r"(?<=\p{InSC=Invisible_Stacker})(?=\p{L})"
"""Between a sign that stacks Khmer or Myanmar letters and the letter below."""

_PICTURE = r"\p{Extended_Pictographic}"
_SYLLABLE = r"""
    \p{gcb=L}*+ (?: (?: \p{gcb=V} | \p{gcb=LV} ) \p{gcb=V}* | \p{gcb=LVT} ) \p{gcb=T}*
  | \p{gcb=L}+
  | \p{gcb=T}+
"""
"""Hangul, of parts or whole."""
_CLUSTER = rf"""(?:
    \p{{gcb=Control}}
  | (?: [\p{{gcb=Other}}--{_PICTURE}]
      | {_SYLLABLE}
      | {_PICTURE} (?: \p{{gcb=Extend}}* \p{{gcb=ZWJ}} {_PICTURE} )*
      | .
    ) {_EXTENDER}*
)"""
"""An extended grapheme cluster (UAX #29), but without prefixes, flags and linked consonants.

`\\X` is not the same in every release of the package regex: Unicode 15.1 links a consonant to what
is before it, and regex does so even where that is no letter. A model trained with one release would
get other tokens from another. In words it makes no difference: their letters are one token anyway.
"""

_TOKEN = regex.compile(
    rf"""
      {_LETTER} {_OF_WORD}* (?: {_WITHIN}++ {_OF_WORD}+ )*
      # digits, unless inside of a keycap
    | (?: \p{{Nd}} (?! \uFE0F? \u20E3 ) {_EXTENDER}* (?: {_WITHIN}++ (?= \p{{Nd}} ) )? )+
    | \p{{gcb=Prepend}} {_EXTENDER}*  # as a cluster it would take a space after it, too
    | (?: \p{{RI}}{{1,2}} {_EXTENDER}* | (?! [{_SPACE}] ) {_CLUSTER} )
      (?: (?: (?=\p{{M}}) | {_BEFORE_STACKED} ) {_CLUSTER} )*
    """,
    regex.VERBOSE | regex.VERSION1,
)
"""The last lines: a cluster, or two regional indicators, which are a flag; and what clusters leave
out of Myanmar and Khmer characters.
"""

_PLAIN_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+|[^ ]")
"""The same in printable ASCII, in a third of the time."""

_SHOWS_NOTHING = regex.compile(_INVISIBLE, regex.VERSION1)
_BEFORE_IT_SHOWS = regex.compile(rf"{_INVISIBLE}*+", regex.VERSION1)
_ENDS_NOTHING = regex.compile(rf"[{_INVISIBLE}--\p{{gcb=Extend}}]|{_AFTER}", regex.VERSION1)
_GOES_ON = regex.compile(
    rf"(?<={_LETTER}{_EXTENDER}*){_WITHIN}++(?={_LETTER})|(?<=\p{{Nd}}){_WITHIN}++(?=\p{{Nd}})",
    regex.VERSION1,
)
_IGNORABLE = regex.compile(r"\p{DI}+")

_CHARACTER = regex.compile(
    rf"""
    [{_UNSPACED}] {_EXTENDER}* (?: (?: \p{{M}} | {_BEFORE_STACKED} [{_UNSPACED}] ) {_EXTENDER}* )*
    """,
    regex.VERBOSE | regex.VERSION1,
)
_FIRST_UNSPACED = "\u0e00"
"""Thai: before it come the scripts of spaced words, whose tokens need no closer look."""


LONGEST_CACHED = 64
"""So many characters of a token are cached at most, so that caches are bounded in bytes."""
_LONGEST_WORD = 256
"""So many characters of a word count: to sort combining marks takes the square of their number."""


def normalize(word: str) -> str:
    r"""The form under which a word is looked up: compatibility-composed, case folded.

    What Unicode calls default-ignorable is left out, as in its own NFKC_Casefold. Only the first
    256 characters count.

    Examples:
        >>> normalize("Zug\u00adfahrt"), normalize("ＲＯＭＥ\u200d")
        ('zugfahrt', 'rome')
    """
    return _normalized(word) if len(word) <= LONGEST_CACHED else _folded(word)


@lru_cache(maxsize=20_000)
def _normalized(word: str) -> str:
    return _folded(word)


def _folded(word: str) -> str:
    if not word.isascii():
        word = _IGNORABLE.sub("", word)
    word = word[:_LONGEST_WORD]
    return unicodedata.normalize("NFKC", word).casefold()


def is_character(token: str) -> bool:
    """Whether a token is a single character of a script without spaces between words.

    That includes the punctuation of such a script: what stands beside it often begins or ends.
    """
    return token[:1] >= _FIRST_UNSPACED and _CHARACTER.fullmatch(token) is not None


def is_all_visible(text: str) -> bool:
    """Whether a text has no format or control characters that show nothing."""
    return (text.isascii() and text.isprintable()) or _SHOWS_NOTHING.search(text) is None


def visible(text: str, start: int, end: int) -> Tuple[int, int]:
    r"""`(start, end)` of a piece without what shows nothing at its ends; equal if nothing is left.

    A character keeps what changes how it looks, such as a variation selector after it.

    Examples:
        >>> visible("\u200eRome\u200d", 0, 6), visible("\u200b", 0, 1)
        ((1, 5), (1, 1))
    """
    start = _BEFORE_IT_SHOWS.match(text, start, end).end()
    while end > start and _ENDS_NOTHING.match(text, end - 1):
        end -= 1
    return start, end


def seen_of(text: str, tokens: Sequence[Token]) -> Sequence[Token]:
    r"""What can be seen of each token that a tokenizer made of a text; an empty one if nothing.

    Where it has cut a word or a number at what shows nothing, the first part is the whole of it.

    Examples:
        >>> seen_of("ab\u200e", [Token("ab\u200e", 0, 3)])
        [Token(text='ab', start=0, end=2)]
    """
    if is_all_visible(text):
        return tokens
    seen = list(map(_seen, tokens))
    for place in reversed(range(1, len(seen))):
        (part, start, end), (rest, following, last) = seen[place - 1 : place + 1]
        if part and rest and end < following and _goes_on(text, end, following):
            seen[place - 1] = Token(text[start:last], start, last)
            seen[place] = Token("", following, last)
    return seen


def _seen(token: Token) -> Token:
    start, end = visible(token.text, 0, len(token.text))
    if start == end:
        return Token("", token.start, token.end)
    if len(token.text) != token.end - token.start:
        return token
    return Token(token.text[start:end], token.start + start, token.start + end)


def _goes_on(text: str, end: int, start: int) -> bool:
    """Whether the word or number that ends at `end` goes on at `start`."""
    between = _GOES_ON.match(text, end)
    return between is not None and between.end() == start


def segment(text: str) -> Tuple[Token, ...]:
    """Cut a text into tokens that cover all of it but white space and what shows nothing.

    A token is a run of letters, a run of decimal digits, or a single character: of a script
    without spaces between words, a mark, a symbol or an emoji. A character is what a reader sees
    as one, an extended grapheme cluster: with its accents, modifiers and joined parts.

    Examples:
        >>> [token.text for token in segment("Rome, 3pm! 去東京 👍🏽")]
        ['Rome', ',', '3', 'pm', '!', '去', '東', '京', '👍🏽']
    """
    is_plain = text.isascii() and text.isprintable()
    matches = (_PLAIN_TOKEN if is_plain else _TOKEN).finditer(text)
    tokens = tuple([Token(match.group(), *match.span()) for match in matches])
    if is_plain or is_all_visible(text):
        return tokens
    places = (visible(text, token.start, token.end) for token in tokens)
    return tuple(Token(text[start:end], start, end) for start, end in places if start < end)
