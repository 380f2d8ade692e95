"""How good predictions are, in all and for each intent and entity type."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Dict, List, Sequence, Set, Tuple

from rasa_joint_nlu.core.data import Entity, Example, Prediction


@dataclass(frozen=True)
class Counts:
    """How often a label was right, how often it was predicted, and how often it is in the truth."""

    right: int
    predicted: int
    true: int

    @property
    def precision(self) -> float:
        """The share of the predicted ones that are right; 0 if there are none."""
        return self.right / max(1, self.predicted)

    @property
    def recall(self) -> float:
        """The share of the true ones that were found; 0 if there are none."""
        return self.right / max(1, self.true)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / max(1, self.predicted + self.true)


@dataclass(frozen=True)
class Scores:
    """The figures of a test; accuracies from 0 to 1.

    intent_accuracy: messages with the right intent, of those whose intent is known.
    entities: of all types; one is right only if span, type, role and group all are.
    frame_accuracy: messages with the right intent and exactly the right entities.
    intents, types: for each label, by name.
    confusions: how often an intent was taken for another: `(true, predicted, times)`, most first.
    """

    messages: int
    intent_accuracy: float
    entities: Counts
    frame_accuracy: float
    intents: Dict[str, Counts]
    types: Dict[str, Counts]
    confusions: Tuple[Tuple[str, str, int], ...]

    def to_dict(self) -> Dict[str, Any]:
        """All figures, ready for JSON."""
        return {
            "messages": self.messages,
            "intent_accuracy": self.intent_accuracy,
            "frame_accuracy": self.frame_accuracy,
            "entities": _to_dict(self.entities),
            "intents": {name: _to_dict(counts) for name, counts in self.intents.items()},
            "types": {name: _to_dict(counts) for name, counts in self.types.items()},
            "confusions": [list(confusion) for confusion in self.confusions],
        }


def _to_dict(counts: Counts) -> Dict[str, float]:
    return {
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "support": counts.true,
        "predicted": counts.predicted,
    }


def score(examples: Sequence[Example], predictions: Sequence[Prediction]) -> Scores:
    """Compare predictions with the truth; a message without an intent counts for entities only."""
    intents: List[Tuple[str, str]] = []
    frames = 0
    right: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for example, prediction in zip(examples, predictions):
        truth, guess = _keys(example.entities), _keys(prediction.entities)
        right.update(kind for _, _, kind, _, _ in truth & guess)
        predicted.update(kind for _, _, kind, _, _ in guess)
        true.update(kind for _, _, kind, _, _ in truth)
        if example.intent is not None:
            intents.append((example.intent, prediction.intent or ""))
            frames += example.intent == prediction.intent and truth == guess
    confusions = Counter(pair for pair in intents if pair[0] != pair[1])
    return Scores(
        len(examples),
        (len(intents) - sum(confusions.values())) / max(1, len(intents)),
        Counts(sum(right.values()), sum(predicted.values()), sum(true.values())),
        frames / max(1, len(intents)),
        _by_label(
            Counter(name for name, guess in intents if name == guess),
            Counter(guess for _, guess in intents if guess),
            Counter(name for name, _ in intents),
        ),
        _by_label(right, predicted, true),
        tuple((*pair, times) for pair, times in confusions.most_common()),
    )


def _by_label(
    right: Counter[str], predicted: Counter[str], true: Counter[str]
) -> Dict[str, Counts]:
    return {
        name: Counts(right[name], predicted[name], true[name])
        for name in sorted({*predicted, *true})
    }


def _keys(entities: Sequence[Entity]) -> Set[Tuple[int, int, str, object, object]]:
    return {(e.start, e.end, e.type, e.role, e.group) for e in entities}
