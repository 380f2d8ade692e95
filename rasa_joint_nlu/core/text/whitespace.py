"""Text → tokens at white space: the rules of Rasa's WhitespaceTokenizer, without Rasa.

Rules: https://rasa.com/docs/rasa/components#whitespacetokenizer. A model has to be given the tokens
that it was trained with, so what that tokenizer of Rasa 3.6 makes of a text is made of it here.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator, Tuple

import regex

from rasa_joint_nlu.core.text.segment import Token

_SIGN = r"[^\w\#@&]"
"""No part of a word, a tag or an address."""

_INNER_SIGN = r"[^\w\#@&._~:/?\[\]()!$*+,;=-]"
"""Nor of a link or a time."""

_NEIGHBOUR = r"[^0-9\s]"
"""What must stand beside a sign that is dropped: digits keep those between and before them."""

_DROPPED = regex.compile(
    rf"""
      {_SIGN}+ (?= \s | $ )
    | (?: ^ | \s ) {_SIGN}+ (?= {_NEIGHBOUR} )
    | (?<= {_NEIGHBOUR} ) {_INNER_SIGN}+ (?= {_NEIGHBOUR} )
    """,
    regex.VERBOSE,
)

_PICTURE = re.compile("[\u200c\u200d\u24c2-\U0001f251\U0001f300-\U0001f64f\U0001f680-\U0001f6ff]+")
"""Emoji and, in the same range, all that is Chinese, Japanese or Korean: dropped as whole words."""


def whitespace_tokens(text: str) -> Tuple[Token, ...]:
    """Cut a text at white space, and drop signs around words and between most.

    A text of nothing else is one token.

    >>> [token.text for token in whitespace_tokens("Rome, at 3:15! #now 👍")]
    ['Rome', 'at', '3:15', '#now']
    """
    words = [word for word in _DROPPED.sub(" ", text).split() if not _PICTURE.fullmatch(word)]
    return tuple(_located(words or [text], text)) if text.strip() else ()


def split_tokens(tokens: Iterable[Token], pattern: re.Pattern[str]) -> Tuple[Token, ...]:
    r"""Replace each token by what a pattern finds in it: Rasa's option `token_pattern`.

    A token in which it finds nothing stays. Of a pattern with a group, the group counts. What is
    blank is left out.

    >>> [token.text for token in split_tokens(whitespace_tokens("10pm"), re.compile(r"\d+|\w"))]
    ['10', 'p', 'm']
    """
    split = []
    for token in tokens:
        pieces = [piece for piece in pattern.findall(token.text) if piece]
        for piece in _located(pieces, token.text):
            if piece.text.strip():
                split.append(Token(piece.text, token.start + piece.start, token.start + piece.end))
        if not pieces:
            split.append(token)
    return tuple(split)


def _located(words: Iterable[str], text: str) -> Iterator[Token]:
    """Where in a text words stand that follow each other."""
    end = 0
    for word in words:
        start = text.index(word, end)
        end = start + len(word)
        yield Token(word, start, end)
