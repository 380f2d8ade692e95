"""Commas: between the items of a list, or part of an amount, an address or a title.

What is tagged as one entity may be a list, "bread, milk". Whether the entities of a type are lists
is for its annotations to say; a comma between digits separates nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import Dict, List, Sequence, Tuple

from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.text.segment import Token

COMMAS = ",，、"
_LISTS_FOR_A_COMMA = 10
"""So many lists of separate values outweigh one value that was annotated with its comma."""


def separates(text: str, place: int) -> bool:
    """Whether a comma is at this place, and not between digits.

    >>> separates("bread, milk", 5), separates("150,000", 3)
    (True, False)
    """
    return text[place] in COMMAS and not (
        text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()
    )


def keeping_commas(examples: Sequence[Example]) -> Dict[str, bool]:
    """Whether a comma belongs to the entities of a type, of the types whose annotations say so.

    It does if entities are annotated with commas inside; it does not if they are annotated one
    after the other with nothing but a comma between them, and hardly ever with one inside.
    """
    inside: Counter[str] = Counter()
    between: Counter[str] = Counter()
    for example in examples:
        text = example.text
        if not any(comma in text for comma in COMMAS):
            continue
        entities = sorted(example.entities, key=lambda entity: entity.start)
        for entity in entities:
            value = text[entity.start : entity.end].strip(COMMAS + " ")
            inside[entity.type] += any(separates(value, place) for place in range(len(value)))
        for entity, following in zip(entities, entities[1:]):
            gap = text[entity.end : following.start].strip()
            between[entity.type] += gap in COMMAS and gap != "" and entity.type == following.type
    return {
        entity_type: inside[entity_type] * _LISTS_FOR_A_COMMA > between[entity_type]
        for entity_type in {*inside, *between}
        if inside[entity_type] or between[entity_type]
    }


def items(text: str, tokens: Sequence[Token]) -> List[Tuple[int, int]]:
    """`(start, end)` of the pieces between the commas of an entity's tokens.

    A comma inside a token ends none; one between two tokens, as of a tokenizer that drops it, does.
    """
    pieces: List[Tuple[int, int]] = []
    separated = True
    for token in tokens:
        if token.text in COMMAS and separates(text, token.start):
            separated = True
            continue
        gap = range(pieces[-1][1], token.start) if pieces else ()
        if separated or any(separates(text, place) for place in gap):
            pieces.append((token.start, token.end))
        else:
            pieces[-1] = (pieces[-1][0], token.end)
        separated = False
    return pieces
