"""Messages made of one template, such as "how do i get a _", with a topic in the gap each time.

Left out one by one, they look like nothing new: others have the same words. Asked for in other
words, they do not. So they have to be left out together.
"""

from __future__ import annotations

from typing import Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array

_GAPS = (1, 2, 3)
"""How many tokens a gap has."""
_FEWEST = 3
"""Messages of fewer intents are no template, nor are those of which most share an intent."""
_BASE = np.uint64(0x9E3779B97F4A7C15)
"""Of hashes, as polynomials of what each token is drawn; odd, so that no power of it is 0."""


def templates(words: Array, offsets: Array, intent_ids: Array) -> Array:
    """`(messages,)` the number of each message's template; of its own where it has none.

    Args:
        words: `(N,)` the number of each token's normalized word, from 0 in order of appearance.
        offsets: `(messages + 1,)` where the tokens of each message begin.
        intent_ids: `(messages,)`; what fills the gap of a template tells the intent.
    """
    owners, hashes = _around_gaps(words, offsets)
    _, found, uses = np.unique(hashes, return_inverse=True, return_counts=True)
    width = int(intent_ids.max(initial=-1)) + 2
    of_intents = np.unique(found * width + intent_ids[owners] + 1)
    sizes = np.bincount(of_intents // width, minlength=len(uses))
    is_template = (sizes >= _FEWEST) & (2 * sizes >= uses)
    (fitting,) = is_template[found].nonzero()
    # Of each message the one of most intents, and of these the first.
    order = fitting[np.lexsort((fitting, -sizes[found[fitting]], owners[fitting]))]
    with_any, best = np.unique(owners[order], return_index=True)
    names = np.arange(len(intent_ids))
    names[with_any] = len(intent_ids) + found[order[best]]
    _, first, numbers = np.unique(names, return_index=True, return_inverse=True)
    numbered: Array = np.argsort(np.argsort(first))[numbers]
    return numbered


def _around_gaps(words: Array, offsets: Array) -> Tuple[Array, Array]:
    """`(G,)` which message has each gap, the narrow ones first, and `(G,)` a hash of the rest."""
    starts, ends, lengths = offsets[:-1], offsets[1:], np.diff(offsets)
    owners = np.repeat(np.arange(len(lengths)), lengths)
    places = np.arange(len(words)) - starts[owners]
    powers = np.cumprod(np.full(int(lengths.max(initial=0)) + 1, _BASE))
    shape = int(words.max(initial=-1)) + 1, 2
    drawn = np.random.default_rng(0).integers(2**64, size=shape, dtype=np.uint64)
    left, right = drawn[words].T
    # What is before a token, counted from the message's begin, and what follows, from its end.
    before = _sums(left * powers[places])
    after = _sums(right * powers[lengths[owners] - places])
    gaps = []
    for width in _GAPS:
        (first,) = ((places + width <= lengths[owners]) & (width < lengths[owners])).nonzero()
        of = owners[first]
        hashes = before[first] - before[starts[of]] + after[ends[of]] - after[first + width]
        gaps.append((of, hashes))
    return tuple(map(np.concatenate, zip(*gaps)))  # type: ignore[return-value]


def _sums(values: Array) -> Array:
    """`(N + 1,)` the sum of all values before each place, modulo a power of 2."""
    sums: Array = np.concatenate([np.zeros(1, np.uint64), np.cumsum(values, dtype=np.uint64)])
    return sums
