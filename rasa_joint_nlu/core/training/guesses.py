"""What a first pass makes of messages without labels, for a second one to learn from.

Labels that a model gives itself teach it how messages of their kind are worded, as long as each
counts as much as it is likely to be right (Lee 2013, "Pseudo-Label"; Xie et al. 2020,
"Self-training with Noisy Student").
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from typing import List, NamedTuple, Sequence

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import Trust
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Entity, Example
from rasa_joint_nlu.core.encoding import EncodedCorpus, Encoder
from rasa_joint_nlu.core.learnt import Learnt
from rasa_joint_nlu.core.serving.predictor import Predictor
from rasa_joint_nlu.core.training.plan import planned_updates

FIRST_PASS, SECOND_PASS = 0.5, 1.25
"""Which part of a full training each is; both together take less than twice its time."""
_TIMES = 4
"""So often the second pass meets each message, at least."""
_STEPS, _KEPT = 20, 0.1
"""How often the shares of intents are estimated anew, and how far those of the examples count."""
_SUREST = 0.99
"""Nothing that is guessed is as sure as what is annotated."""


class Guesses(NamedTuple):
    """Messages with what is guessed of them, `(messages,)` sure."""

    examples: Sequence[Example]
    trust: Trust

    def at_end_of(self, examples: Sequence[Example], encoder: Encoder) -> EncodedCorpus:
        """A corpus of examples, of which the last are these, if there are any."""
        corpus = encoder.encode(examples)
        if not self.examples:
            return corpus
        sure = np.ones(len(examples) - len(self.examples))
        trust = Trust(*(np.concatenate([sure, each]) for each in self.trust))
        return dataclasses.replace(corpus, trust=trust)


NO_GUESSES = Guesses((), Trust(np.zeros(0), np.zeros(0)))


def drawn(texts: Sequence[str], annotated: Sequence[Example], config: JointConfig) -> List[str]:
    """As many of the texts as a second pass has time for, evenly out of all."""
    intents = {example.intent for example in annotated}
    types = {entity.type for example in annotated for entity in example.entities}
    updates = SECOND_PASS * planned_updates(len(annotated), len(intents) + len(types))
    met = int(updates * config.batch_size_at(0.5) / _TIMES)
    count = min(len(texts), max(met - len(annotated), len(annotated)))
    return [texts[i] for i in np.linspace(0, len(texts) - 1, count).astype(int).tolist()]


def guessed(learnt: Learnt, annotated: Sequence[Example], messages: Sequence[Example]) -> Guesses:
    """What a model says of messages, and how sure it is.

    Args:
        annotated: what it was trained on.
    """
    names = learnt.encoder.labels.intents
    places = {name: place for place, name in enumerate(names)}
    # shape: (messages, intents)
    intents = np.zeros((len(messages), len(names)))
    of_entities = np.zeros(len(messages))
    examples: List[Example] = []
    for row, (message, said) in enumerate(zip(messages, Predictor(learnt).predict(messages))):
        for name, confidence in said.intents:
            intents[row, places[name]] = confidence
        of_entities[row] = math.prod(found.confidence for found in said.entities)
        entities = tuple(
            Entity(found.start, found.end, found.type, found.role, found.group)
            for found in said.entities
        )
        examples.append(dataclasses.replace(message, entities=entities))
    if intents.any():
        counts = Counter(example.intent for example in annotated)
        intents = as_often_as_met(intents, np.array([counts[name] for name in names]))
        best = intents.argmax(axis=1).tolist()
        examples = [dataclasses.replace(e, intent=names[place]) for e, place in zip(examples, best)]
    of_intents = intents.max(axis=1, initial=0)
    trust = Trust(*(np.minimum(each, _SUREST) for each in (of_intents, of_entities)))
    return Guesses(examples, trust)


def as_often_as_met(probabilities: Array, examples: Array) -> Array:
    """`(messages, intents)` how likely intents are, if they are asked for as often as it seems.

    Examples are annotated of each intent alike, and users ask mostly for some (Saerens et al. 2002,
    "Adjusting the Outputs of a Classifier to New a Priori Probabilities").

    Args:
        probabilities: `(messages, intents)` of a model of so many examples, `(intents,)`.
    """
    before: Array = (examples + 1) / (examples + 1).sum()
    shares, adjusted = before, probabilities
    for _ in range(_STEPS):
        adjusted = probabilities * (shares / before)
        adjusted /= adjusted.sum(axis=1, keepdims=True)
        shares = (adjusted.mean(axis=0) + _KEPT * before) / (1 + _KEPT)
    return adjusted
