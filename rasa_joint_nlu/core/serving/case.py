"""What capitals tell of an unknown word: how words of each type are written in training.

The network does not know capitals, so that "rome" and "ROME" are understood as "Rome" is. What a
word that it does not know is, they may tell. `rasa_joint_nlu.core.training.case` has counted how
words of each type are written, and of none. That is added to what the network says of an unknown
word with a capital. Where words of a type are in capitals, the letters of such a word count less:
the network knew each word of its training, so it believes a few known letters too much. A word in
small letters may be anything, as people leave capitals out, and so may one of a message that is all
in capitals.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Callable, List, NamedTuple, Optional, Sequence

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
TOLD = 1.0
"""Capitals tell a type if it has them so often, in logarithms, beside the others."""
OF_LETTERS = 0.2
"""What counts of what the letters of an unknown word say, where its capitals tell a type."""


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
        self,
        examples: Sequence[Example],
        batch: EncodedBatch,
        output: NetworkOutput,
        forward: Callable[[EncodedBatch], NetworkOutput],
    ) -> NetworkOutput:
        """The output for these messages, with what capitals tell.

        Args:
            forward: what the network says of a batch.
        """
        found = self._found(examples, batch) if output.emissions is not None else []
        if not found:
            return output
        assert output.emissions is not None
        emissions = output.emissions.copy()
        # Of lone words, less was believed before.
        lone = () if output.awaited is None else output.awaited.nonzero()[0].tolist()
        told = [each for each in found if each.row not in lone and each.is_told]
        if told:
            rows, places = np.array([(each.row, each.place) for each in told]).T
            messages, of_rows = np.unique(rows, return_inverse=True)
            without = batch.of_messages(messages)
            # Row 0 is the unknown word, which has no n-grams.
            without.token_ids[of_rows, places] = 0
            hidden = forward(without).emissions
            assert hidden is not None
            unread = hidden[of_rows, places]
            emissions[rows, places] = unread + OF_LETTERS * (emissions[rows, places] - unread)
        for row, place, case, _ in found:
            emissions[row, place] += self.tags[min(place, 1), case]
        return dataclasses.replace(output, emissions=emissions)

    def _found(self, examples: Sequence[Example], batch: EncodedBatch) -> List[_Capitals]:
        """The unknown words with a capital."""
        known = len(self.vocabulary.words) + 1
        found = []
        rows, places = ((batch.token_ids >= known) & batch.mask).nonzero()
        for row, place in zip(rows.tolist(), places.tolist()):
            tokens = examples[row].tokens
            case, word = case_of(tokens[place].text), normalize(tokens[place].text)
            if case == SMALL or (case == CAPITALS and is_shouted(token.text for token in tokens)):
                continue
            if not self.vocabulary.has_nearly(word):
                # Of words with digits, the network knows the shape.
                is_told = self.tell(case) and not any(map(str.isdigit, word))
                found.append(_Capitals(row, place, case, is_told))
        return found

    def tell(self, case: int) -> bool:
        """Whether words of a type are much more often written so than others.

        The first letter alone does not count: keyboards give it a capital, and so do names of
        anything.
        """
        return case not in (SMALL, CAPITAL) and bool(self.types[:, case].max() > TOLD)


class _Capitals(NamedTuple):
    """Where in a batch a word with a capital is, how it is written, and whether that tells much."""

    row: int
    place: int
    case: int
    is_told: bool


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
