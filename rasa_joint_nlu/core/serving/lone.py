"""What a message of one or two unknown words is: most likely what such training messages are.

A name or a city may be the whole answer to a form. Of such a word some n-grams are known at most,
which say little; the network believes them, as of each word of the training it knew all of them. So
what it says counts less here, and what `rasa_joint_nlu.core.training.lone` has counted is added:
which intents messages of a word or two have that are new, and which types are such words of the
intent that is the answer. Capitals tell of the intent, too, as far as they tell of its types: a
code may be an answer to another question than a name.
That holds as far as such messages are entities: small talk has few words, and most are known. A
known word that is misspelt, or that a pattern or a vector knows, is no unknown one. Where they are
entities, unknown words are what is asked for, and no sign that the message is out of scope.
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
from rasa_joint_nlu.core.serving.case import Cases
from rasa_joint_nlu.core.serving.scope import vouched_tokens
from rasa_joint_nlu.core.text.case import case_of
from rasa_joint_nlu.core.text.lone import lone_words
from rasa_joint_nlu.core.text.ngrams import Form
from rasa_joint_nlu.core.text.segment import normalize

EVIDENCE = 0.3
"""What counts of what the network says of lone unknown words, where others are entities."""
UNSEEN = 0.5
"""So many messages of new words count for each intent beside those that were met."""
MOSTLY = 0.5
"""If so many of these are entities, or more, all of this holds; if half of that are, half of it."""


@dataclass(frozen=True)
class LoneWords:
    """What messages of one or two unknown words are.

    trust: how far what was counted holds.
    intents: `(I,)` log probabilities, as far as they count.
    types: `(I, 1 + types)` log probabilities that the word is of no type, or of each.
    tags: `(I, tags)` the same of each word's tag, as far as they count.
    """

    encoder: Encoder
    vouching: Tuple[str, ...]
    trust: float
    intents: Array
    types: Array
    tags: Array
    cases: Optional[Cases]

    @classmethod
    def of(cls, learnt: Learnt, cases: Optional[Cases]) -> Optional[LoneWords]:
        """Take what a model has counted; None if it has not, or knows each word by its vectors.

        Nor does it count where no message of new words is an entity.

        Args:
            cases: what capitals tell of the model's words.
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
        of_types = np.log(counts / of_intents).astype(np.float32)
        return cls(
            encoder,
            learnt.scope.vouching,
            trust,
            trust * np.log(of_intents[:, 0] / of_intents.sum()).astype(np.float32),
            of_types,
            encoder.scheme.of_types(trust * of_types),
            cases,
        )

    @property
    def evidence(self) -> float:
        """What counts of what the network says."""
        return 1 - self.trust * (1 - EVIDENCE)

    def places(self, example: Example) -> Tuple[int, ...]:
        """Where in a message its only words are, if they are unknown ones."""
        places, vocabulary = lone_words(example.tokens), self.encoder.vocabulary
        words = [normalize(example.tokens[place].text) for place in places]
        if any(vocabulary.word_row(word) or vocabulary.vectors.of_word(word) for word in words):
            return ()
        # Of what is typed at random, or in a script that training never had, nothing is known.
        has_ngrams = len(vocabulary.table(map(Form, words)).ngrams.ids)
        written = (case_of(example.tokens[place].text) for place in places)
        if not has_ngrams and not (self.cases and any(map(self.cases.tell, written))):
            return ()
        if self.vouching and np.array(vouched_tokens(example, self.vouching))[list(places)].any():
            return ()
        return () if any(map(vocabulary.has_nearly, words)) else places

    def weighed(self, examples: Sequence[Example], output: NetworkOutput) -> NetworkOutput:
        """The output for these messages, that of lone unknown words beside what was counted."""
        # Nearly no message is one, so the loop is to be quick.
        found = [(row, places) for row, places in enumerate(map(self.places, examples)) if places]
        if not found or output.intent_logits is None:
            return output
        rows = [row for row, _ in found]
        logits = output.intent_logits.copy()
        logits[rows] = self.evidence * logits[rows] + self.intents
        if self.cases:
            logits[rows] += [self._of_case(self.cases, examples[row], at) for row, at in found]
        awaited = np.zeros(len(logits))
        awaited[rows] = [self.trust * len(places) for _, places in found]
        emissions = output.emissions
        if emissions is not None:
            emissions = emissions.copy()
            # Not those of all intents, as far as they are likely: the answer is one of them.
            answers = logits[rows].argmax(axis=1).tolist()
            for (row, places), intent in zip(found, answers):
                at = list(places)
                emissions[row, at] = self.evidence * emissions[row, at] + self.tags[intent]
        return dataclasses.replace(
            output, intent_logits=logits, emissions=emissions, awaited=awaited
        )

    def _of_case(self, cases: Cases, example: Example, places: Sequence[int]) -> Array:
        """`(I,)` what the case of its lone words tells of each intent."""
        words = [example.tokens[place].text for place in places]
        of_types = sum(cases.types[min(n, 1), case_of(word)] for n, word in enumerate(words))
        told: Array = self.trust * np.logaddexp.reduce(self.types + of_types, axis=1)
        return told
