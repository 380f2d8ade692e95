"""How good predictions are, in all and for each label, and what their confidence is worth."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence, Set, Tuple

from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.data import Entity, Example, Prediction
from rasa_joint_nlu.core.metrics import Key, key_of, keys_of

BINS = 10
THRESHOLDS = 50
"""Steps from 0 to 1 of the fallback curve."""
MOST_LOST = 0.03
OUT_OF_SCOPE = ("out_of_scope", "outofscope", "out-of-scope", "nlu_fallback")

Confusion = Tuple[str, str, int]


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
class Bin:
    """Predictions of similar confidence: how many, their mean confidence, how many are right."""

    predictions: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """Whether confidences are probabilities.

    error: how far the confidence of a bin is from its share of right predictions, in the mean over
        predictions (expected calibration error, Guo et al. 2017, https://arxiv.org/abs/1706.04599).
    """

    bins: Tuple[Bin, ...]
    error: float


@dataclass(frozen=True)
class Threshold:
    """What falls back below a threshold; each a share of its kind.

    lost: of the messages in scope that are understood right.
    caught: of those that are understood wrong.
    out_of_scope: of the messages out of scope; None if there are none.
    """

    threshold: float
    lost: float
    caught: float
    out_of_scope: Optional[float]


@dataclass(frozen=True)
class Fallback:
    """The fallback curve, and the highest threshold that loses 3 % of what is right at most."""

    curve: Tuple[Threshold, ...]
    advised: float


@dataclass(frozen=True)
class Scores:
    """The figures of a test; accuracies from 0 to 1.

    intent_accuracy: messages with the right intent, of those whose intent is known.
    entities: of all types; one is right only if span, type, role and group all are.
    spans: the same, whatever the label.
    frame_accuracy: messages with the right intent and exactly the right entities.
    intents, types, roles: for each label, by name; roles by `type/role`.
    confusions: how often an intent was taken for another: `(true, predicted, times)`, most first.
    type_confusions: the same of entities whose span is right.
    calibration: of intents and of entities.
    """

    messages: int
    intent_accuracy: float
    entities: Counts
    spans: Counts
    frame_accuracy: float
    intents: Dict[str, Counts]
    types: Dict[str, Counts]
    roles: Dict[str, Counts]
    confusions: Tuple[Confusion, ...]
    type_confusions: Tuple[Confusion, ...]
    calibration: Dict[str, Calibration]
    fallback: Fallback

    def to_dict(self) -> Dict[str, Any]:
        """All figures, ready for JSON."""
        return {
            "messages": self.messages,
            "intent_accuracy": self.intent_accuracy,
            "frame_accuracy": self.frame_accuracy,
            "entities": _to_dict(self.entities),
            "spans": _to_dict(self.spans),
            "intents": {name: _to_dict(counts) for name, counts in self.intents.items()},
            "types": {name: _to_dict(counts) for name, counts in self.types.items()},
            "roles": {name: _to_dict(counts) for name, counts in self.roles.items()},
            "confusions": [list(confusion) for confusion in self.confusions],
            "type_confusions": [list(confusion) for confusion in self.type_confusions],
            "calibration": {
                name: dataclasses.asdict(calibration)
                for name, calibration in self.calibration.items()
            },
            "fallback": dataclasses.asdict(self.fallback),
        }


def _to_dict(counts: Counts) -> Dict[str, float]:
    return {
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "support": counts.true,
        "predicted": counts.predicted,
    }


def asked_of(config: JointConfig, examples: Sequence[Example]) -> List[Example]:
    """The examples with those labels alone that a model with these settings can say."""
    without: Dict[str, Any] = {}
    if not config.intent_classification:
        without["intent"] = None
    if not config.entity_recognition:
        without["entities"] = ()
    return [dataclasses.replace(example, **without) for example in examples]


def score(examples: Sequence[Example], predictions: Sequence[Prediction]) -> Scores:
    """Compare predictions with the truth; a message without an intent counts for entities only."""
    pairs = list(zip(examples, predictions))
    known = [(example, guess) for example, guess in pairs if example.intent is not None]
    intents = [(str(example.intent), guess.intent or "") for example, guess in known]
    frames = sum(is_understood(example, guess) for example, guess in known)
    truths = [keys_of(example.entities) for example, _ in pairs]
    guesses = [keys_of(guess.entities) for _, guess in pairs]
    confusions = Counter(pair for pair in intents if pair[0] != pair[1])
    return Scores(
        messages=len(examples),
        intent_accuracy=(len(intents) - sum(confusions.values())) / max(1, len(intents)),
        entities=_counts(truths, guesses, lambda _: "")[""],
        spans=_counts(_only_spans(truths), _only_spans(guesses), lambda _: "")[""],
        frame_accuracy=frames / max(1, len(intents)),
        intents=_by_label(
            Counter(name for name, guess in intents if name == guess),
            Counter(guess for _, guess in intents if guess),
            Counter(name for name, _ in intents),
        ),
        types=_counts(truths, guesses, lambda key: key[2], empty=False),
        roles=_counts(truths, guesses, _role_of, empty=False),
        confusions=_most_first(confusions),
        type_confusions=_most_first(_confused_types(truths, guesses)),
        calibration=_calibrations(pairs, truths),
        fallback=fallback(known),
    )


def is_understood(example: Example, guess: Prediction) -> bool:
    """Whether the intent, where it is known, and all entities are as they should be."""
    is_right = example.intent in (None, guess.intent)
    return is_right and keys_of(example.entities) == keys_of(guess.entities)


def errors(examples: Sequence[Example], predictions: Sequence[Prediction]) -> List[Dict[str, Any]]:
    """The messages that are not wholly understood, ready for JSON: as annotated, and as understood.

    The names are those of the files of errors that `rasa test` writes.
    """
    return [
        {
            "text": example.text,
            "intent": example.intent,
            "intent_prediction": guess.intents[0]._asdict() if guess.intents else None,
            "entities": [entity_to_dict(example.text, entity) for entity in example.entities],
            "predicted_entities": [
                {**entity_to_dict(example.text, entity), "confidence_entity": entity.confidence}
                for entity in guess.entities
            ],
        }
        for example, guess in zip(examples, predictions)
        if not is_understood(example, guess)
    ]


def entity_to_dict(text: str, entity: Entity) -> Dict[str, Any]:
    """An entity of a text, ready for JSON."""
    return {
        "text": text[entity.start : entity.end],
        "start": entity.start,
        "end": entity.end,
        "entity": entity.type,
        "role": entity.role,
        "group": entity.group,
    }


def _only_spans(keys: Sequence[Set[Key]]) -> List[Set[Key]]:
    return [{(start, end, "", None, None) for start, end, *_ in found} for found in keys]


def _role_of(key: Key) -> Optional[str]:
    return f"{key[2]}/{key[3]}" if key[3] else None


def _counts(
    truths: Sequence[Set[Key]],
    guesses: Sequence[Set[Key]],
    label: Callable[[Key], Optional[str]],
    empty: bool = True,
) -> Dict[str, Counts]:
    """Counts by label; keys without a label do not count."""
    right: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for truth, guess in zip(truths, guesses):
        for counter, keys in ((right, truth & guess), (predicted, guess), (true, truth)):
            counter.update(name for name in map(label, keys) if name is not None)
    found = _by_label(right, predicted, true)
    return found or ({"": Counts(0, 0, 0)} if empty else {})


def _confused_types(
    truths: Sequence[Set[Key]], guesses: Sequence[Set[Key]]
) -> Counter[Tuple[str, str]]:
    found: Counter[Tuple[str, str]] = Counter()
    for truth, guess in zip(truths, guesses):
        types = {key[:2]: key[2] for key in truth}
        found.update(
            (types[key[:2]], key[2])
            for key in guess
            if key[:2] in types and types[key[:2]] != key[2]
        )
    return found


def _most_first(confusions: Counter[Tuple[str, str]]) -> Tuple[Confusion, ...]:
    return tuple((*pair, times) for pair, times in confusions.most_common())


# Confidence ------------------------------------------------------------------------------------


def _calibrations(
    pairs: Sequence[Tuple[Example, Prediction]], truths: Sequence[Set[Key]]
) -> Dict[str, Calibration]:
    intents = [
        (guess.intents[0].confidence, example.intent == guess.intent)
        for example, guess in pairs
        if guess.intents and example.intent is not None
    ]
    entities = [
        (entity.confidence, key_of(entity) in truth)
        for (_, guess), truth in zip(pairs, truths)
        for entity in guess.entities
    ]
    return {"intents": calibration(intents), "entities": calibration(entities)}


def calibration(predictions: Sequence[Tuple[float, bool]]) -> Calibration:
    """Calibration of `(confidence, whether it is right)`, in bins of a tenth.

    >>> calibration([(0.8, True), (0.8, True), (0.8, False), (0.8, True)]).bins
    (Bin(predictions=4, confidence=0.8, right=0.75),)
    """
    groups: Dict[int, List[Tuple[float, bool]]] = {}
    for confidence, right in predictions:
        groups.setdefault(min(BINS - 1, int(confidence * BINS)), []).append((confidence, right))
    bins = tuple(
        Bin(
            len(group),
            sum(confidence for confidence, _ in group) / len(group),
            sum(right for _, right in group) / len(group),
        )
        for _, group in sorted(groups.items())
    )
    off = sum(of.predictions * abs(of.confidence - of.right) for of in bins)
    return Calibration(bins, off / max(1, len(predictions)))


def fallback(known: Sequence[Tuple[Example, Prediction]]) -> Fallback:
    """What falls back at each threshold, of messages whose intent is known.

    Out of scope are those with an intent such as `out_of_scope`; they need no threshold where that
    intent is what the model says.
    """
    right: List[float] = []
    wrong: List[float] = []
    outside: List[float] = []
    for example, guess in known:
        confidence = guess.intents[0].confidence if guess.intents else 0.0
        if is_out_of_scope(str(example.intent)):
            is_caught = guess.intent is not None and is_out_of_scope(guess.intent)
            outside.append(-1.0 if is_caught else confidence)
        else:
            (right if example.intent == guess.intent else wrong).append(confidence)
    curve = []
    for step in range(THRESHOLDS + 1):
        least = step / THRESHOLDS
        lost, caught, out = (_share_below(least, of) for of in (right, wrong, outside))
        curve.append(Threshold(least, lost, caught, out if outside else None))
    advised = max(each.threshold for each in curve if each.lost <= MOST_LOST)
    return Fallback(tuple(curve), advised)


def _share_below(threshold: float, confidences: Sequence[float]) -> float:
    below = sum(confidence < threshold for confidence in confidences)
    return below / max(1, len(confidences))


def is_out_of_scope(intent: str) -> bool:
    """Whether an intent is by its name for what the bot is not for.

    >>> is_out_of_scope("out_of_scope"), is_out_of_scope("greet")
    (True, False)
    """
    return any(name in intent.lower() for name in OUT_OF_SCOPE)


def _by_label(
    right: Counter[str], predicted: Counter[str], true: Counter[str]
) -> Dict[str, Counts]:
    return {
        name: Counts(right[name], predicted[name], true[name])
        for name in sorted({*predicted, *true})
    }
