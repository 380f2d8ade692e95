"""What messages of one word are whose word no other message has: counted, not learnt."""

from __future__ import annotations

from collections import Counter
from typing import Sequence

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.serving.scope import vouched_tokens
from rasa_joint_nlu.core.tags import Labels
from rasa_joint_nlu.core.text.alignment import token_spans
from rasa_joint_nlu.core.text.lone import lone_word
from rasa_joint_nlu.core.text.segment import normalize


def count_lone_words(examples: Sequence[Example], labels: Labels, vouching: Sequence[str]) -> Array:
    """`(intents, 1 + types)` how many messages of one word are of an intent, and of no type or one.

    Those count whose word is in no other message: without them, they would be unknown ones.

    Args:
        examples: with tokens, to which their entities fit.
        vouching: names of the features that make a word known.
    """
    times = Counter(normalize(token.text) for example in examples for token in example.tokens)
    counts = np.zeros((len(labels.intents), 1 + len(labels.types)), np.float32)
    for example in examples:
        place = lone_word(example.tokens)
        if place is None or example.intent is None:
            continue
        is_met_again = times[normalize(example.tokens[place].text)] > 1
        if not is_met_again and not vouched_tokens(example, vouching)[place]:
            of_types = [
                1 + labels.types.index(entity.type)
                for first, last, entity in token_spans(example)
                if first <= place <= last
            ]
            counts[labels.intents.index(example.intent), of_types or 0] += 1
    return counts
