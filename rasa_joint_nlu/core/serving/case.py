"""What capitals tell of an unknown word: how words of each type are written in training.

The network does not know capitals, so that "rome" and "ROME" are understood as "Rome" is. What a
word that it does not know is, they may tell. `rasa_joint_nlu.core.training.case` has counted how
words of each type are written, and of none. That is added to what the network says of an unknown
word with a capital; one in small letters may be anything, as people leave capitals out, and so may
one of a message that is all in capitals.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Optional, Sequence

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import EncodedBatch, NetworkOutput
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.learnt import Learnt
from rasa_joint_nlu.core.precision import CASE_COUNTS
from rasa_joint_nlu.core.text.case import CAPITAL, CAPITALS, SMALL, case_of, is_shouted
from rasa_joint_nlu.core.text.segment import normalize
from rasa_joint_nlu.core.vocab import Vocabulary

BEGINNING, ELSEWHERE = 0.3, 0.03
"""How often a small word gets a capital that means nothing, as keyboards give it to first words."""
SHOUTED = 0.03
"""How often a word is written in capitals that mean nothing."""


@dataclass(frozen=True)
class Cases:
    """What the case of an unknown word tells.

    types: `(2, cases, 1 + types)` how likely a word of no type, and of each, is written so, beside
        the others: logarithms, of a first word, and of a later one.
    tags: `(2, cases, tags)` the same of tags, which is added to emissions.
    """

    vocabulary: Vocabulary
    types: Array
    tags: Array

    @classmethod
    def of(cls, learnt: Learnt) -> Optional[Cases]:
        """Take what a model has counted; None if it has not, or has met no capitals."""
        counts, encoder = learnt.weights.get(CASE_COUNTS), learnt.encoder
        if counts is None or not counts[:, :, SMALL + 1 :].any():
            return None
        logs = _log_likelihoods(counts.astype(np.float64)).swapaxes(1, 2)
        logs = logs.astype(np.float32)
        return cls(encoder.vocabulary, logs, encoder.scheme.of_types(logs))

    def weighed(
        self, examples: Sequence[Example], batch: EncodedBatch, output: NetworkOutput
    ) -> NetworkOutput:
        """The output for these messages, with what capitals tell."""
        known = len(self.vocabulary.words) + 1
        rows, places = ((batch.token_ids >= known) & batch.mask).nonzero()
        if output.emissions is None or not len(rows):
            return output
        emissions = output.emissions.copy()
        for row, place in zip(rows.tolist(), places.tolist()):
            tokens = examples[row].tokens
            case, word = case_of(tokens[place].text), normalize(tokens[place].text)
            if case == CAPITALS and is_shouted(token.text for token in tokens):
                continue
            if case != SMALL and not self.vocabulary.has_nearly(word):
                emissions[row, place] += self.tags[min(place, 1), case]
        return dataclasses.replace(output, emissions=emissions)


def _log_likelihoods(counts: Array) -> Array:
    """`(2, 1 + types, cases)` how likely a word of each type is written so, beside the others.

    One word counts for each type that is written as all words are. What is small says nothing.
    """
    every = counts.sum(axis=1, keepdims=True) + 0.25
    every /= every.sum(axis=2, keepdims=True)
    shares = (counts + every) / (counts.sum(axis=2, keepdims=True) + 1)
    given = np.array([BEGINNING, ELSEWHERE])[:, None] * shares[:, :, SMALL]
    shares[:, :, CAPITAL] += given
    shares[:, :, SMALL] -= given
    shares *= 1 - SHOUTED
    shares[:, :, CAPITALS] += SHOUTED
    logs: Array = np.log(shares)
    logs -= logs.mean(axis=1, keepdims=True)
    logs[:, :, SMALL] = 0
    return logs
