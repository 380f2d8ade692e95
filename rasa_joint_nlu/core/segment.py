"""Text → tokens, for using the core without Rasa (in Rasa, the pipeline's tokenizer decides)."""

from __future__ import annotations

import re
from typing import Tuple

from rasa_joint_nlu.core.data import Token

_WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")


def segment(text: str) -> Tuple[Token, ...]:
    """Cut a text into runs of word characters and single punctuation marks.

    >>> [token.text for token in segment("To Rome, please!")]
    ['To', 'Rome', ',', 'please', '!']
    """
    return tuple(
        Token(match.group(), match.start(), match.end()) for match in _WORD_OR_MARK.finditer(text)
    )
