"""Show what the trained example bot understands: `python demo.py MODEL.tar.gz`."""

from __future__ import annotations

import asyncio
import logging
import sys

import structlog
from rasa.core.agent import Agent

# None of these is among the training examples; a test asserts it.
SENTENCES = (
    "could you get me on a train from Lyon to Geneva this Saturday",
    "i want to travel to krakow tomorrow, leaving prague around 9 am",
    "we are two adults and three kids",
    "hey, what would a first class ticket to Madrid set me back?",
    "is the TGV 6611 running late again",
    "please drop my reservation QX72LM",
    "which trains get into Vienna before 18:00",
    "do i get a discount with my BahnCard 50",
    "many thanks, you saved my day",
    "what's the capital of Mongolia",
)


async def main(model: str) -> None:
    """Parse every sentence and print intent, confidence and entities."""
    agent = Agent.load(model)
    for sentence in SENTENCES:
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
    asyncio.run(main(sys.argv[1]))
