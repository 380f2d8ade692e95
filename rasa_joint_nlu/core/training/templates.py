"""Messages made of one template, such as "how do i get a _", with a topic in the gap each time.

Left out one by one, they look like nothing new: others have the same words. Asked for in other
words, they do not. So they have to be left out together.
"""

from __future__ import annotations

from collections import defaultdict
from typing import DefaultDict, Iterator, List, Sequence, Set, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array

_GAPS = (1, 2, 3)
"""How many tokens a gap has."""
_FEWEST = 3
"""Messages of fewer intents are no template, nor are those of which most share an intent."""

_Template = Tuple[Tuple[str, ...], Tuple[str, ...]]


def templates(messages: Sequence[Sequence[str]], intent_ids: Array) -> Array:
    """`(messages,)` the number of each message's template; of its own where it has none.

    Args:
        messages: normalized tokens of each.
        intent_ids: `(messages,)`; what fills the gap of a template tells the intent.
    """
    uses: DefaultDict[_Template, int] = defaultdict(int)
    intents: DefaultDict[_Template, Set[int]] = defaultdict(set)
    for tokens, intent in zip(messages, intent_ids.tolist()):
        for template in set(_around_gaps(tokens)):
            uses[template] += 1
            intents[template].add(intent)
    sizes = {
        template: len(found)
        for template, found in intents.items()
        if len(found) >= _FEWEST and 2 * len(found) >= uses[template]
    }
    numbers: DefaultDict[object, int] = defaultdict(lambda: len(numbers))
    result: List[int] = []
    for message, tokens in enumerate(messages):
        fitting = [template for template in _around_gaps(tokens) if template in sizes]
        best = max(fitting, key=lambda t: (sizes[t], len(t[0]) + len(t[1])), default=None)
        result.append(numbers[message if best is None else best])
    return np.array(result, np.int64)


def _around_gaps(tokens: Sequence[str]) -> Iterator[_Template]:
    for gap in _GAPS:
        if gap < len(tokens):
            for start in range(len(tokens) - gap + 1):
                yield tuple(tokens[:start]), tuple(tokens[start + gap :])
