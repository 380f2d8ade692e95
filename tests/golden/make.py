"""Make the golden model anew: `python -m tests.golden.make`.

Only for a new format version: until then, a model trained before must go on answering as it did.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, Dict, List

FOLDER = Path(__file__).parent
MODEL = FOLDER / "model.tar.gz"
ANSWERS = FOLDER / "answers.json"

CONFIG = """
recipe: default.v1
assistant_id: golden
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: rasa_joint_nlu.JointNLUClassifier
  token_size: 16
  encoder_size: 16
"""
NLU = """
version: "3.1"
nlu:
- intent: order
  examples: |
    - a [small]{"entity": "size", "group": "1"} [coffee]{"entity": "drink", "group": "1"} please
    - one [large]{"entity": "size", "group": "1"} [green tea]{"entity": "drink", "group": "1"}
    - a [large]{"entity": "size", "group": "1"} [tea]{"entity": "drink", "group": "1"} and a [small]{"entity": "size", "group": "2"} [cocoa]{"entity": "drink", "group": "2"}
    - could i have a [cocoa]{"entity": "drink", "group": "1"}
- intent: send
  examples: |
    - send it from [Oslo]{"entity": "city", "role": "from"} to [Rome]{"entity": "city", "role": "to"}
    - please send that to [New York]{"entity": "city", "role": "to"}
    - it comes from [Rome]{"entity": "city", "role": "from"}
    - to [Lima]{"entity": "city", "role": "to"} please
- intent: greet
  examples: |
    - good morning
    - hello there
    - hey
- lookup: city
  examples: |
    - Lima
    - Accra
    - Hanoi
"""
QUESTIONS = (
    "send the box from New York to Accra",
    "a large cocoa and a small green tea",
    "hello and good morning",
    "ein großes Stück Kuchen 🍰",
    "",
)


def answers(model: Path) -> List[Dict[str, Any]]:
    """What a model of Rasa says to the questions."""
    from rasa.core.agent import Agent

    async def parse_all() -> List[Dict[str, Any]]:
        agent = Agent.load(str(model))
        return [await agent.parse_message(question) for question in QUESTIONS]

    results = asyncio.run(parse_all())
    kept = ("text", "intent", "intent_ranking", "entities")
    return [{key: result[key] for key in kept} for result in results]


def main() -> None:
    """Train the model and keep its answers."""
    import rasa.model_training

    with tempfile.TemporaryDirectory() as folder:
        config, data = Path(folder, "config.yml"), Path(folder, "nlu.yml")
        config.write_text(CONFIG, encoding="utf-8")
        data.write_text(NLU, encoding="utf-8")
        model = rasa.model_training.train_nlu(str(config), str(data), folder)
        shutil.copy(str(model), MODEL)
    ANSWERS.write_text(json.dumps(answers(MODEL), indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
