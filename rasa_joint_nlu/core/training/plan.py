"""How long to train, and at which rates: decided before a training begins, by its data.

One set of defaults serves 50 examples and 15,000. The numbers were chosen on training messages
that few-shot sets leave over, and on validation parts; `docs/modelling.md` has their figures.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Sequence

from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.text.segment import normalize

FEWEST_UPDATES = 300
LABELS_FOR_FREE, UPDATES_OF_A_LABEL = 25, 14
EXAMPLES_FOR_FREE, UPDATES_OF_AN_EXAMPLE = 350, 0.87
"""Beyond so many, each brings so many updates; examples bring up to `MOST_BY_EXAMPLES`."""
MOST_BY_EXAMPLES = 1000
TEN_PASSES = 0.4
"""Updates for each example, in batches of 24."""
MOST_BY_PASSES = 4000
GROWTH, EXPONENT = 73, 0.4
"""Beyond `MOST_BY_PASSES`, so many updates times this power of the number of examples."""

LEARNING_RATE = 0.0095
UPDATES_OF_LONG_STEPS = 2000

MOST_DROPPED, LEAST_DROPPED = 0.5, 0.25
MUCH_TO_DROP_FROM, DROP_EXPONENT = 500, 0.25
"""Of more examples than these, the less is dropped, by this power of their number."""
DROPPED_OF_RARE_VALUES, MANY_RARE_VALUES = 0.45, 0.25

MOST_NGRAMS_DROPPED, NGRAMS_DROPPED_BY_DOUBLING = 0.3, 0.1
ANNOTATED = 0.2
"""So many annotated messages are met for each that is not."""
KEEPS_EVERY_NGRAM = 500
"""So many examples; each doubling of their number drops more."""


@dataclass(frozen=True)
class Plan:
    """What a training does, and the settings it was planned with.

    epochs: at most; learning_rate: the highest of the schedule; drop_rate, ngram_drop_rate: as
    the settings of these names, with what adapts to the data decided; annotated_times: how often an
    epoch meets each message that is annotated.
    """

    config: JointConfig
    epochs: int
    learning_rate: float
    drop_rate: float
    ngram_drop_rate: float
    annotated_times: int = 1

    @classmethod
    def of(
        cls,
        config: JointConfig,
        examples: Sequence[Example],
        labels: int,
        fraction: float = 1.0,
        guessed: int = 0,
    ) -> Plan:
        """Plan a training on these examples.

        Args:
            labels: how many intents and entity types there are.
            fraction: the part of a full training to do.
            guessed: so many of the examples are not annotated, and take no updates of their own.
        """
        annotated = len(examples) - guessed
        updates = planned_updates(annotated, labels)
        times = max(1, round(ANNOTATED * guessed / annotated))
        return cls(
            config,
            planned_epochs(config, times * annotated + guessed, fraction * updates),
            planned_learning_rate(config, updates),
            planned_drop_rate(config, examples),
            planned_ngram_drop_rate(config, len(examples)),
            times,
        )


def planned_updates(examples: int, labels: int) -> float:
    """How many updates a full training has, at most.

    For little data, 300 are enough, unless there are many intents and entity types. More of it
    needs nearly one for each example, up to 1,000, or else about ten passes, which are granted up
    to 4,000 updates; beyond them, the number of updates grows with the 0.4th power of the number of
    examples.
    """
    most = max(MOST_BY_PASSES, GROWTH * math.pow(examples, EXPONENT))
    by_examples = UPDATES_OF_AN_EXAMPLE * (examples - EXAMPLES_FOR_FREE)
    by_size = min(by_examples, max(MOST_BY_EXAMPLES, TEN_PASSES * examples), most)
    by_labels = UPDATES_OF_A_LABEL * (labels - LABELS_FOR_FREE)
    return max(FEWEST_UPDATES, by_labels, by_size)


def planned_epochs(config: JointConfig, examples: int, updates: float) -> int:
    """How many epochs to train, at most, so that there are so many updates."""
    per_epoch = max(1.0, examples / config.batch_size_at(0.5))
    adapted = max(1, math.ceil(updates / per_epoch))
    return adapted if config.epochs == -1 else min(config.epochs, adapted)


def planned_learning_rate(config: JointConfig, updates: float) -> float:
    """The highest learning rate of the schedule of a full training of so many updates.

    Few of them have to take long steps. Beyond 2,000 they need not: all of them together go as far,
    which learns less of rare values by heart.
    """
    if config.learning_rate >= 0:
        return config.learning_rate
    return LEARNING_RATE * min(1.0, UPDATES_OF_LONG_STEPS / updates)


def planned_drop_rate(config: JointConfig, examples: Sequence[Example]) -> float:
    """How much to drop: half where there is little data, down to a quarter where there is much.

    Much data is little, too, if it has seen few of the values that are to come: the share of the
    annotated values that occur only once estimates how many of those will be new (Good 1953, "The
    Population Frequencies of Species"). From a quarter of them on, 0.45 is dropped at least.
    """
    if config.drop_rate >= 0:
        return config.drop_rate
    values = Counter((name, normalize(value)) for name, value in Packed.of(examples).values())
    rare = sum(count == 1 for count in values.values()) / max(1, sum(values.values()))
    power = math.pow(MUCH_TO_DROP_FROM / len(examples), DROP_EXPONENT)
    by_size = min(MOST_DROPPED, max(LEAST_DROPPED, MOST_DROPPED * power))
    return max(by_size, DROPPED_OF_RARE_VALUES * min(1.0, rare / MANY_RARE_VALUES))


def planned_ngram_drop_rate(config: JointConfig, examples: int) -> float:
    """How many n-grams to leave out: none where there is little data, 0.3 from 4,000 examples on.

    Little data needs every n-gram; much data learns long ones by heart.
    """
    if config.ngram_drop_rate >= 0:
        return config.ngram_drop_rate
    doublings = math.log2(examples / KEEPS_EVERY_NGRAM)
    return min(MOST_NGRAMS_DROPPED, max(0.0, NGRAMS_DROPPED_BY_DOUBLING * doublings))
