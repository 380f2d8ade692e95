"""How good predictions are: intents, entities and whole messages."""

from __future__ import annotations

from typing import Dict, Sequence, Set, Tuple

from rasa_joint_nlu.core.data import Entity, Example, Prediction


def evaluate(examples: Sequence[Example], predictions: Sequence[Prediction]) -> Dict[str, float]:
    """Compare predictions with the truth; each figure from 0 to 1.

    intent_acc: messages with the right intent, of those whose intent is known.
    entity_f1: micro F1; an entity counts only if span, type, role and group are all right.
    frame_acc: messages with the right intent and exactly the right entities.
    """
    labelled = intents = frames = right = found = gold = 0
    for example, prediction in zip(examples, predictions):
        truth, guess = _keys(example.entities), _keys(prediction.entities)
        right, found, gold = right + len(truth & guess), found + len(guess), gold + len(truth)
        if example.intent is not None:
            labelled += 1
            intents += example.intent == prediction.intent
            frames += example.intent == prediction.intent and truth == guess
    return {
        "intent_acc": intents / max(1, labelled),
        "entity_f1": 2 * right / max(1, found + gold),
        "frame_acc": frames / max(1, labelled),
    }


def _keys(entities: Sequence[Entity]) -> Set[Tuple[object, ...]]:
    return {(e.start, e.end, e.type, e.role, e.group) for e in entities}
