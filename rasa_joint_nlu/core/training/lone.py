"""What messages of a word or two are whose words no other message has: counted, not learnt."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.serving.scope import vouched_tokens
from rasa_joint_nlu.core.tags import Labels
from rasa_joint_nlu.core.text.alignment import token_spans
from rasa_joint_nlu.core.text.lone import MOST_TOKENS, lone_words


def count_lone_words(examples: Packed, labels: Labels, vouching: Sequence[str]) -> Array:
    """`(intents, 1 + types)` how many such messages are of an intent, and of no type or one.

    Those count whose words are in no other message: without them, they would be unknown ones. Of
    two words, the first has the type.

    Args:
        examples: with tokens, to which their entities fit.
        vouching: names of the features that make a word known.
    """
    words = examples.words()
    times = np.bincount(words)
    counts = np.zeros((len(labels.intents), 1 + len(labels.types)), np.float32)
    # Most messages have none of these words, and need no further look.
    with_any = np.add.reduceat(times[words] == 1, examples.offsets[:-1]) > 0
    is_short = np.diff(examples.offsets) <= MOST_TOKENS
    for number in np.flatnonzero(with_any & is_short).tolist():
        example, first_word = examples[number], examples.offsets[number]
        places = lone_words(example.tokens)
        if not places or example.intent is None:
            continue
        vouched = vouched_tokens(example, vouching)
        is_once = all(times[words[first_word + place]] == 1 for place in places)
        if is_once and not any(vouched[place] for place in places):
            of_types = [
                1 + labels.types.index(entity.type)
                for first, last, entity in token_spans(example)
                if first <= places[0] <= last
            ]
            counts[labels.intents.index(example.intent), of_types or 0] += 1
    return counts
