"""What types of entities keep away from, counted in the annotations: intents, and their like."""

from __future__ import annotations

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.encoding import EncodedCorpus


def affinity(corpus: EncodedCorpus, intents: int, types: int) -> Array:
    """`(intents, types)` above 0 and up to 1: near 0 where an intent avoids a type of entities.

    The number of entities of the type that the intent has, over the number that it would have if
    types did not depend on intents: at most 1, as a network knows from the words what goes well
    together. Both have one added, so that it is near 1 where too few were expected to tell.
    """
    intent_ids = corpus.intent_ids[corpus.spans.example]
    labelled = intent_ids >= 0
    seen = np.zeros((intents, types))
    np.add.at(seen, (intent_ids[labelled], corpus.spans.type[labelled]), 1)
    expected = np.outer(seen.sum(1), seen.sum(0)) / max(1, seen.sum())
    affinities: Array = np.minimum((seen + 1) / (expected + 1), 1)
    return affinities


def adjoining(corpus: EncodedCorpus, types: int) -> Array:
    """`(types,)` True = somewhere an entity of the type follows another one with nothing between.

    Whatever role and group either has; what is guessed does not count.
    """
    spans, messages = corpus.spans, corpus.spans.example
    begins = (corpus.offsets[messages] + spans.first) * types + spans.type
    follows = (corpus.offsets[messages] + spans.last + 1) * types + spans.type
    is_followed = np.isin(follows, begins) & (spans.last + 1 < corpus.lengths[messages])
    if corpus.trust:
        is_followed &= corpus.trust.entities[messages] == 1
    found = np.zeros(types, bool)
    found[spans.type[is_followed]] = True
    return found
