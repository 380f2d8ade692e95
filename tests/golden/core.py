"""Golden models of the core, one of each world: `python -m tests.golden.core numpy1` makes one.

`numpy1` is trained with Python 3.10, NumPy 1 and torch 2.12 (Rasa 3.6), `numpy2` with Python 3.13,
NumPy 2 and a newer torch. Each is to answer alike in both. Only for a new format version:
until then, a model trained before must go on answering as it did. `vectors7` was made in the world
`numpy1` when the format was 7, with random vectors for words that are met and for others.
"""

from __future__ import annotations

import dataclasses
import json
import platform
import sys
from pathlib import Path
from typing import Any, Dict, List

import numpy as np

from rasa_joint_nlu.core import Entity, Example, JointModel
from rasa_joint_nlu.core.serving.runtime import Runtime

FOLDER = Path(__file__).parent / "core"
WORLDS = (
    "numpy1",
    "numpy2",
)
ANSWERS = "answers.json"
PREDICTED = ("intents", "entities", "attention")
LOGITS = ("intent_logits", "attention", "emissions", "role_logits", "group_logits")

QUESTIONS = (
    "send the box from New York to Lima",
    "a large cocoa and a small green tea",
    "hello and good morning",
    "我要去北京",
    "ein großes Stück Kuchen 🍰",
    "",
)


def examples() -> List[Example]:
    """Two scripts, roles, groups, words met once, and an intent without entities."""
    texts = {
        "order": [
            "a <small:size//1> <coffee:drink//1> please",
            "one <large:size//1> <green tea:drink//1>",
            "a <large:size//1> <tea:drink//1> and a <small:size//2> <cocoa:drink//2>",
            "could i have a <cocoa:drink//1>",
        ],
        "send": [
            "send it from <Oslo:city/from/> to <Rome:city/to/>",
            "please send that to <New York:city/to/>",
            "it comes from <Rome:city/from/>",
            "to <Lima:city/to/> please",
        ],
        "greet": ["good morning", "hello there", "hey"],
        "travel": ["我要去<上海:city/to/>", "从<北京:city/from/>出发", "去<广州:city/to/>的票"],
    }
    return [_example(text, intent) for intent, of_intent in texts.items() for text in of_intent]


def _example(marked: str, intent: str) -> Example:
    text, entities = "", []
    for piece in marked.replace(">", "<").split("<"):
        value, _, label = piece.partition(":")
        if label:
            kind, role, group = label.split("/")
            end = len(text) + len(value)
            entities.append(Entity(len(text), end, kind, role or None, group or None))
        text += value
    return Example.from_text(text, intent, entities)


def answers(folder: Path) -> List[Dict[str, Any]]:
    """What the model of a folder says to the questions, and the logits before it decodes them."""
    model = JointModel.load(folder)
    learnt = model.learnt
    runtime = Runtime(learnt.weights, learnt.encoder, learnt.pretrained)
    result = []
    for question in QUESTIONS:
        example = Example.from_text(question)
        answer: Dict[str, Any] = {"text": question}
        (prediction,) = model.predict([example])
        predicted = dataclasses.asdict(prediction)
        answer["prediction"] = {name: predicted[name] for name in PREDICTED}
        if example.tokens:
            batch = model.learnt.encoder.batch([example])
            logits = dataclasses.asdict(runtime.forward(batch))
            answer["logits"] = {name: logits[name].tolist() for name in LOGITS}
        result.append(answer)
    # As JSON has it: lists, no tuples.
    return list(json.loads(json.dumps(result)))


def main(world: str) -> None:
    """Train the model of a world with what is installed, and keep its answers."""
    import torch

    folder = FOLDER / world
    model = JointModel(token_size=16, encoder_size=16, random_seed=1, dictionary=None)
    model.fit(examples(), words=["北京", "上海", "广州", "出发"])
    model.save(folder)
    made = {"python": platform.python_version(), "numpy": np.__version__}
    content = {**made, "torch": torch.__version__, "answers": answers(folder)}
    text = json.dumps(content, ensure_ascii=False) + "\n"
    (folder / ANSWERS).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
