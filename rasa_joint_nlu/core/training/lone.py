"""What messages of a word or two are whose words no other message has: counted, not learnt."""

from __future__ import annotations

from collections import Counter
from typing import Sequence

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.serving.scope import vouched_tokens
from rasa_joint_nlu.core.tags import Labels
from rasa_joint_nlu.core.text.alignment import token_spans
from rasa_joint_nlu.core.text.lone import lone_words
from rasa_joint_nlu.core.text.segment import normalize


def count_lone_words(examples: Sequence[Example], labels: Labels, vouching: Sequence[str]) -> Array:
    """`(intents, 1 + types)` how many such messages are of an intent, and of no type or one.

    Those count whose words are in no other message: without them, they would be unknown ones. Of
    two words, the first has the type.

    Args:
        examples: with tokens, to which their entities fit.
        vouching: names of the features that make a word known.
    """
    times = Counter(normalize(token.text) for example in examples for token in example.tokens)
    counts = np.zeros((len(labels.intents), 1 + len(labels.types)), np.float32)
    for example in examples:
        places = lone_words(example.tokens)
        if not places or example.intent is None:
            continue
        vouched = vouched_tokens(example, vouching)
        words = [normalize(example.tokens[place].text) for place in places]
        if all(times[word] == 1 for word in words) and not any(vouched[p] for p in places):
            of_types = [
                1 + labels.types.index(entity.type)
                for first, last, entity in token_spans(example)
                if first <= places[0] <= last
            ]
            counts[labels.intents.index(example.intent), of_types or 0] += 1
    return counts
