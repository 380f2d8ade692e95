"""What the page shows of a message, and of a test file: plain values, ready for JSON."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Sequence

from rasa_joint_nlu.core.serving.explain import EntityReasons, Explanation
from rasa_joint_nlu.tools.explain import bars, confidence, decisive
from rasa_joint_nlu.tools.models import NLUModel
from rasa_joint_nlu.tools.nlu_files import Message
from rasa_joint_nlu.tools.scores import asked_of, entity_to_dict, is_understood
from rasa_joint_nlu.tools.train import to_examples

MOST_EXPLAINED = 128
"""Tokens of the longest message that is explained: the work grows with their square."""


def inspect(model: NLUModel, text: str) -> Dict[str, Any]:
    """What a model understands of a text, and why.

    answer: as Rasa's `/model/parse` gives it; milliseconds: how long that took.
    fallback: the thresholds below which it falls back; None if it never does.
    reasons: why; None for a text without words or with too many.
    """
    begin = time.perf_counter()
    (answer,) = model.parse([text])
    milliseconds = 1000 * (time.perf_counter() - begin)
    fallback = model.pipeline.fallback
    example = model.pipeline.example(text.strip())
    is_explained = 0 < len(example.tokens) <= MOST_EXPLAINED
    return {
        "answer": answer,
        "milliseconds": milliseconds,
        "fallback": fallback
        and {name: fallback.option(name) for name in ("threshold", "ambiguity_threshold")},
        "reasons": _reasons(model.model.explain(example)) if is_explained else None,
    }


def _reasons(explanation: Explanation) -> Dict[str, Any]:
    scope = explanation.scope
    return {
        "intent": _intent(explanation),
        "entities": [_entity(explanation, entity) for entity in explanation.entities],
        "in_scope": scope.in_scope if scope else None,
        "unknown_words": [list(span) for span in scope.unknown_words] if scope else [],
    }


def _intent(explanation: Explanation) -> Any:
    """What speaks for the top intent against the next one; None if there are not two."""
    if len(explanation.intents) < 2:
        return None
    top, following = explanation.intents[:2]
    return {
        "name": top.name,
        "against": following.name,
        "words": [{"text": text, "added": added} for text, added, _ in bars(explanation)],
        "base": top.base - following.base,
        "together": top.logit - following.logit,
    }


def _entity(explanation: Explanation, entity: EntityReasons) -> Dict[str, Any]:
    text = explanation.example.text
    return {
        "text": text[entity.start : entity.end],
        "start": entity.start,
        "type": entity.type,
        "confidence": confidence(explanation, entity),
        "readings": [
            {
                "text": text[reading.start : reading.end],
                "type": reading.type,
                "confidence": reading.confidence,
            }
            for reading in entity.readings
        ],
        "decided_by": [
            {"name": name, "without": probability}
            for name, probability in decisive(explanation, entity)
        ],
    }


def misunderstood(models: Sequence[NLUModel], messages: Sequence[Message]) -> List[Dict[str, Any]]:
    """The labelled messages that not every model understands.

    intent, entities: as they are annotated; wrong: for each model, whether it is wrong.
    """
    of_models = [to_examples(messages, model.pipeline) for model in models]
    guesses = [model.model.predict(of) for model, of in zip(models, of_models)]
    asked = [asked_of(model.pipeline.settings, of) for model, of in zip(models, of_models)]
    found = []
    for row, example in enumerate(of_models[0]):
        wrong = [not is_understood(of[row], said[row]) for of, said in zip(asked, guesses)]
        if any(wrong):
            entities = [entity_to_dict(example.text, entity) for entity in example.entities]
            found.append(
                {
                    "text": example.text,
                    "intent": example.intent,
                    "entities": entities,
                    "wrong": wrong,
                }
            )
    return found
