"""What Rasa decides by listing its own classes, extended to ours.

Without this, `rasa test nlu` treats our confidences as missing and draws no histogram, and
`rasa train` warns that nothing extracts entities, roles or lookup tables, and says to add
DIETClassifier. Rasa's lists themselves stay as they are, and so does every answer about a config
that does not have us. Rasa 3.6 lists classes, Rasa Pro their names: what is there decides.
"""

from __future__ import annotations

import functools
from typing import Any, FrozenSet, Iterable, Set, Type

import rasa.nlu.test
from rasa.graph_components.validators import default_recipe_validator

_LIKE_OURS = "DIETClassifier"
"""Rasa's own extractor that learns entities, roles and groups, as ours does."""


def announce(extractor: Type[Any]) -> None:
    """Make Rasa's evaluation and validation know an extractor class of ours."""
    rasa.nlu.test.EXTRACTORS_WITH_CONFIDENCES.add(extractor.__name__)
    _announce_to_validator(extractor)
    if hasattr(default_recipe_validator, "_types_with_names"):
        _announce_to_search_by_name(extractor)


def _announce_to_validator(extractor: Type[Any]) -> None:
    validator = default_recipe_validator.DefaultV1RecipeValidator
    initialise = validator.__init__

    @functools.wraps(initialise)
    def look(self: Any, graph_schema: Any) -> None:
        initialise(self, graph_schema)
        types: Set[Type[Any]] = getattr(self, "_component_types", set())
        if extractor not in types:
            return
        if any(
            node.uses is extractor and node.config.get("entity_recognition", True)
            for node in graph_schema.nodes.values()
        ):
            self._component_types = _ComponentTypes(types, extractor)
        else:
            self._component_types = types - {extractor}

    validator.__init__ = look


class _ComponentTypes(Set[Type[Any]]):
    """The classes of a config with us; who asks for the one like ours asks for ours, too."""

    def __init__(self, types: Iterable[Type[Any]], extractor: Type[Any]) -> None:
        super().__init__(types)
        self._extractor = extractor

    def isdisjoint(self, others: Iterable[Any]) -> bool:
        return super().isdisjoint(self._meant(others))

    def intersection(self, *others: Iterable[Any]) -> Set[Type[Any]]:
        return super().intersection(*map(self._meant, others))

    def _meant(self, others: Iterable[Any]) -> Set[Any]:
        asked = set(others)
        names = {getattr(each, "__name__", "") for each in asked}
        return asked | {self._extractor} if _LIKE_OURS in names else asked


def _announce_to_search_by_name(extractor: Type[Any]) -> None:
    search = default_recipe_validator._types_with_names

    @functools.wraps(search)
    def search_with_ours(types: Set[Type[Any]], names: FrozenSet[str]) -> Set[Type[Any]]:
        found: Set[Type[Any]] = search(types, names)
        return found | ({extractor} & types) if _LIKE_OURS in names else found

    default_recipe_validator._types_with_names = search_with_ours
