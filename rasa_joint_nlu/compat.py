"""What Rasa 3.6 decides by listing its own classes, extended to ours.

Without this, `rasa test nlu` treats our confidences as missing and draws no histogram, and
`rasa train` warns that nothing extracts entities, roles or lookup tables, and says to add
DIETClassifier.
"""

from __future__ import annotations

import warnings
from typing import Any, Type

import rasa.nlu.test
from rasa.graph_components.validators import default_recipe_validator


def announce(extractor: Type[Any]) -> None:
    """Make Rasa's evaluation and validation know an extractor class of ours."""
    rasa.nlu.test.EXTRACTORS_WITH_CONFIDENCES.add(extractor.__name__)
    if extractor not in default_recipe_validator.TRAINABLE_EXTRACTORS:
        default_recipe_validator.TRAINABLE_EXTRACTORS.append(extractor)
    for false_alarm in (
        "You have defined training data with entities that have roles/groups, but your NLU "
        "configuration does not include a 'DIETClassifier'",
        "You have defined training data consisting of lookup tables, but your NLU "
        "configuration does not include any components that uses the features",
    ):
        warnings.filterwarnings("ignore", message=false_alarm)
