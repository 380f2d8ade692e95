"""Show what a trained bot understands: `python demo.py MODEL.tar.gz SENTENCES.txt`."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import structlog
from rasa.core.agent import Agent


async def main(model: str, sentences: str) -> None:
    """Parse every line of a file and print intent, confidence and entities."""
    agent = Agent.load(model)
    for sentence in Path(sentences).read_text(encoding="utf-8").splitlines():
        result = await agent.parse_message(sentence)
        intent = result["intent"]
        print(f"\n{sentence}\n  intent  {intent['name']}  ({intent['confidence']:.0%})")
        for entity in result["entities"]:
            labels = [entity["entity"], *(entity.get(key) for key in ("role", "group"))]
            label = " / ".join(filter(None, labels))
            found = sentence[entity["start"] : entity["end"]]
            value = "" if entity["value"] == found else f" = {entity['value']}"
            print(f"  {label:<24} {found}{value}  ({entity['confidence_entity']:.0%})")


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(main(*sys.argv[1:]))
