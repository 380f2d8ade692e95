"""How good predictions are: intents, entities and whole messages."""

from __future__ import annotations

from typing import Dict, Optional, Sequence, Set, Tuple

from rasa_joint_nlu.core.data import Entity, Example, Prediction

Key = Tuple[int, int, str, Optional[str], Optional[str]]
"""Start, end, type, role and group of an entity: what makes two the same."""


def key_of(entity: Entity) -> Key:
    """What makes an entity the same as another."""
    return entity.start, entity.end, entity.type, entity.role, entity.group


def keys_of(entities: Sequence[Entity]) -> Set[Key]:
    """What makes entities the same as others."""
    return set(map(key_of, entities))


def evaluate(examples: Sequence[Example], predictions: Sequence[Prediction]) -> Dict[str, float]:
    """Compare predictions with the truth; each figure from 0 to 1.

    intent_acc: messages with the right intent, of those whose intent is known.
    entity_f1: micro F1; an entity counts only if span, type, role and group are all right.
    frame_acc: messages with the right intent and exactly the right entities.
    """
    labelled = intents = frames = right = found = gold = 0
    for example, prediction in zip(examples, predictions):
        truth, guess = keys_of(example.entities), keys_of(prediction.entities)
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
