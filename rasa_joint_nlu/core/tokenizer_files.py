"""A `tokenizer.json` of Hugging Face's → the words, and pieces of words, that it knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Optional

from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.text.pieces import INNER
from rasa_joint_nlu.core.text.segment import normalize

_SPACES = {"Unigram": "\u2581", "BPE": "\u0120"}
"""What pieces that begin a word begin with, where it is those that are marked."""


def words_of_tokenizer(path: Path) -> List[Optional[str]]:
    """Of each token, by its number, the normalized word, or `##` and the piece; None for signs.

    Raises:
        DataError: if the file is not as the package `tokenizers` writes it.
    """
    try:
        return words_of_vocabulary(json.loads(path.read_bytes()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"'{path}' is no tokenizer of Hugging Face's ({error}).") from error


def words_of_vocabulary(content: Dict[str, Any]) -> List[Optional[str]]:
    """The same, of what such a file says."""
    model = content["model"]
    vocabulary, kind = _vocabulary(model), model.get("type") or "WordPiece"
    added = {token["content"]: token for token in content.get("added_tokens") or ()}
    ids = {**vocabulary, **{content: token["id"] for content, token in added.items()}}
    words: List[Optional[str]] = [None] * (1 + max(ids.values(), default=-1))
    for token, number in ids.items():
        if token in added:
            words[number] = None if added[token].get("special") else normalize(token)
        else:
            words[number] = _word(token, kind, model) or None
    return words


def _vocabulary(model: Dict[str, Any]) -> Dict[str, int]:
    listed = model["vocab"]
    if isinstance(listed, dict):
        return listed
    return {token: number for number, (token, _) in enumerate(listed)}


def _word(token: str, kind: str, model: Dict[str, Any]) -> str:
    inner = model.get("continuing_subword_prefix") or INNER
    if kind == "WordPiece":
        is_inner = token.startswith(inner)
        word = token[len(inner) :] if is_inner else token
    elif kind in _SPACES:
        is_inner = not token.startswith(_SPACES[kind])
        word = token if is_inner else token[1:]
        word = _from_bytes(word) if kind == "BPE" else word
    else:
        is_inner, word = False, token
    word = normalize(word.strip())
    return INNER + word if is_inner and word else word


def _letters() -> Dict[str, int]:
    """How byte-level BPE writes bytes: what is visible as itself, the others beyond 255."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in visible]
    letters = {chr(byte): byte for byte in visible}
    letters.update({chr(256 + place): byte for place, byte in enumerate(others)})
    return letters


_BYTE_OF = _letters()


def _from_bytes(token: str) -> str:
    if not all(letter in _BYTE_OF for letter in token):
        return token
    return bytes(_BYTE_OF[letter] for letter in token).decode("utf-8", "ignore")
