"""Which examples have most in common with a message: by words and n-grams, the rare ones first."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Dict, List, Sequence

from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.text.ngrams import forms, text_hash
from rasa_joint_nlu.tools.nlu_files import Message

SHOWN = 3


@dataclass(frozen=True)
class Neighbour:
    """A training message, and how like another it is, from 0 to 1."""

    message: Message
    likeness: float


def nearest(
    example: Example, examples: Sequence[Example], messages: Sequence[Message]
) -> List[Neighbour]:
    """The messages most like an example, by the cosine of their tf-idf vectors.

    Args:
        examples: the messages as examples, in the same order.
    """
    asked = _parts(example)
    parts = [_parts(other) for other in examples]
    met: Counter[int] = Counter()
    for of_message in parts:
        met.update(of_message.keys())
    rarity = {part: math.log((1 + len(parts)) / (1 + met[part])) + 1 for part in {*asked, *met}}
    own = _length(asked, rarity)
    found = []
    for message, of_message in zip(messages, parts):
        shared = asked.keys() & of_message.keys()
        product = sum(asked[part] * of_message[part] * rarity[part] ** 2 for part in shared)
        if product:
            found.append(Neighbour(message, product / (own * _length(of_message, rarity))))
    return sorted(found, key=lambda neighbour: -neighbour.likeness)[:SHOWN]


def _parts(example: Example) -> Counter[int]:
    """How often each word and each n-gram is in a message."""
    counts: Counter[int] = Counter()
    for form in forms(example.tokens):
        counts[text_hash(f" {form.word}")] += 1
        counts.update(form.ngram_hashes())
    return counts


def _length(parts: Counter[int], rarity: Dict[int, float]) -> float:
    return math.sqrt(sum((count * rarity[part]) ** 2 for part, count in parts.items()))
