"""What a message is that is one unknown word: most likely what training messages of that kind are.

A name or a city may be the whole answer to a form. Of such a word some n-grams are known at most,
which say little; the network believes them, as of each word of the training it knew all of them. So
what it says counts less here, and what `rasa_joint_nlu.core.training.lone` has counted is added:
which intents messages of one word have that are new, and which types are such words of the intent
that is the answer.
That holds as far as such messages are entities: small talk has few words, and most are known. A
known word that is misspelt, or that a pattern or a vector knows, is no unknown one. Where they are
entities, an unknown word is what is asked for, and no sign that the message is out of scope.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import NetworkOutput
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.learnt import Learnt
from rasa_joint_nlu.core.precision import LONE_WORDS
from rasa_joint_nlu.core.serving.scope import vouched_tokens
from rasa_joint_nlu.core.text.lone import lone_word
from rasa_joint_nlu.core.text.ngrams import Form
from rasa_joint_nlu.core.text.segment import normalize

EVIDENCE = 0.3
"""What counts of what the network says of a lone unknown word, where others are entities."""
UNSEEN = 0.5
"""So many messages of one new word count for each intent beside those that were met."""
MOSTLY = 0.5
"""If so many of these are entities, or more, all of this holds; if half of that are, half of it."""


@dataclass(frozen=True)
class LoneWords:
    """What messages of one unknown word are.

    trust: how far what was counted holds.
    intents: `(I,)` log probabilities, as far as they count.
    tags: `(I, tags)` the same of the word's tag, of each intent.
    """

    encoder: Encoder
    vouching: Tuple[str, ...]
    trust: float
    intents: Array
    tags: Array

    @classmethod
    def of(cls, learnt: Learnt) -> Optional[LoneWords]:
        """Take what a model has counted; None if it has not, or knows each word by its vectors.

        Nor does it count where no message of one new word is an entity.
        """
        counts, encoder = learnt.weights.get(LONE_WORDS), learnt.encoder
        if counts is None or learnt.scope is None or not counts[:, 1:].any():
            return None
        if not all(spec.sparse for spec in encoder.features):
            return None
        counts = counts.astype(np.float64)
        trust = min(1.0, counts[:, 1:].sum().item() / counts.sum().item() / MOSTLY)
        counts += UNSEEN / counts.shape[1]
        of_intents = counts.sum(axis=1, keepdims=True)
        of_types = trust * np.log(counts / of_intents).astype(np.float32)
        size = len(encoder.scheme.positions)
        return cls(
            encoder,
            learnt.scope.vouching,
            trust,
            trust * np.log(of_intents[:, 0] / of_intents.sum()).astype(np.float32),
            np.concatenate([of_types[:, :1], of_types[:, 1:].repeat(size, axis=1)], axis=1),
        )

    @property
    def evidence(self) -> float:
        """What counts of what the network says."""
        return 1 - self.trust * (1 - EVIDENCE)

    def place(self, example: Example) -> Optional[int]:
        """Where in a message its only word is, if that is an unknown one."""
        place = lone_word(example.tokens)
        if place is None:
            return None
        vocabulary, word = self.encoder.vocabulary, normalize(example.tokens[place].text)
        if vocabulary.word_row(word) or vocabulary.vectors.of_word(word):
            return None
        # Of what is typed at random, or in a script that training never had, nothing is known.
        if not len(vocabulary.table([Form(word)]).ngrams.ids):
            return None
        if self.vouching and vouched_tokens(example, self.vouching)[place]:
            return None
        return None if vocabulary.has_nearly(word) else place

    def weighed(self, examples: Sequence[Example], output: NetworkOutput) -> NetworkOutput:
        """The output for these messages, that of a lone unknown word beside what was counted."""
        # Nearly no message is one, so the loop is to be quick.
        found = [
            (row, place) for row, place in enumerate(map(self.place, examples)) if place is not None
        ]
        if not found or output.intent_logits is None:
            return output
        rows, places = map(list, zip(*found))
        logits = output.intent_logits.copy()
        logits[rows] = self.evidence * logits[rows] + self.intents
        awaited = np.zeros(len(logits))
        awaited[rows] = self.trust
        emissions = output.emissions
        if emissions is not None:
            emissions = emissions.copy()
            # Not those of all intents, as far as they are likely: the answer is one of them.
            expected = self.tags[logits[rows].argmax(axis=1)]
            emissions[rows, places] = self.evidence * emissions[rows, places] + expected
        return dataclasses.replace(
            output, intent_logits=logits, emissions=emissions, awaited=awaited
        )
