"""The part of Rasa's pipelines that runs without Rasa: a tokenizer, ours, and what is simple.

What stands around our component in a `config.yml` decides what tokens and features it gets and
what becomes of its answers. The components below do as Rasa 3.6's own do.
"""

from __future__ import annotations

import dataclasses
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core import answers
from rasa_joint_nlu.core.arrays import FeatureMatrix
from rasa_joint_nlu.core.config import JointConfig, suggestion
from rasa_joint_nlu.core.data import Entity, Example, PredictedEntity, Prediction
from rasa_joint_nlu.core.errors import ConfigError
from rasa_joint_nlu.core.ignored import IGNORED
from rasa_joint_nlu.core.text.segment import Token, seen_of, segment
from rasa_joint_nlu.core.text.tokenizer_options import (
    TOKENIZER_OPTIONS,
    check_tokenizer_options,
    token_pattern,
)
from rasa_joint_nlu.core.text.whitespace import split_tokens, whitespace_tokens
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.wording import cited

OURS = "JointNLUClassifier"
SYNONYMS = "EntitySynonymMapper"
FALLBACK = "FallbackClassifier"
FALLBACK_INTENT = "nlu_fallback"
REGEXES = "RegexFeaturizer"

TOKENIZERS: Dict[str, Callable[[str], Tuple[Token, ...]]] = {
    "UnicodeTokenizer": segment,
    "WhitespaceTokenizer": whitespace_tokens,
}

_OPTIONS: Dict[str, Mapping[str, Any]] = {
    **dict.fromkeys(TOKENIZERS, TOKENIZER_OPTIONS),
    REGEXES: {
        "alias": None,
        "case_sensitive": True,
        "use_lookup_tables": True,
        "use_regexes": True,
        "use_word_boundaries": True,
    },
    SYNONYMS: {},
    FALLBACK: {"threshold": 0.3, "ambiguity_threshold": 0.1},
}
"""The options of what may stand around ours, and their defaults."""

_OF_US = ("JointNLUClassifier", "UnicodeTokenizer")


@dataclass(frozen=True)
class Component:
    """An entry of a pipeline.

    `kind` is the name of its class; `node` its name in Rasa's graph; `resource` the name of the
    folder in which Rasa stored it, if it did.
    """

    kind: str
    options: Mapping[str, Any]
    node: str
    resource: Optional[str] = None

    @classmethod
    def of(
        cls,
        name: str,
        options: Mapping[str, Any],
        node: str,
        resource: Optional[str] = None,
    ) -> Component:
        """Make one of the name that a config or a model gives it.

        Raises:
            InputError: if it is none that runs without Rasa.
        """
        package, _, kind = name.rpartition(".")
        owner = "rasa_joint_nlu" if kind in _OF_US else "rasa"
        if kind not in (OURS, *_OPTIONS) or package.partition(".")[0] not in ("", owner):
            raise InputError(
                f"The pipeline has '{name}'. Without Rasa these can be run: "
                f"{', '.join((*_OPTIONS, OURS))}; with any other, use Rasa's own commands."
            )
        return cls(kind, dict(options), node, resource)

    def option(self, name: str) -> Any:
        """An option's value, or its default."""
        return self.options.get(name, _OPTIONS[self.kind][name])

    def unknown_options(self) -> List[str]:
        """Options that it does not have."""
        return [name for name in self.options if name not in _OPTIONS[self.kind]]


@dataclass(frozen=True)
class RegexFeaturizer:
    """Features that say which patterns match at a token, and anywhere in a text.

    `patterns` are known after a training.
    """

    component: Component
    patterns: Tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What its features are called after."""
        return str(self.component.option("alias") or self.component.node)

    def learnt(
        self, regexes: Sequence[str], lookup_tables: Sequence[Sequence[str]]
    ) -> RegexFeaturizer:
        """The same with the patterns of regexes and of lookup tables, in this order.

        Raises:
            InputError: if one is no regular expression.
        """
        patterns = list(regexes) if self.component.option("use_regexes") else []
        edge = r"\b" if self.component.option("use_word_boundaries") else ""
        if self.component.option("use_lookup_tables"):
            for elements in lookup_tables:
                choices = "|".join(f"{edge}{re.escape(element)}{edge}" for element in elements)
                patterns.append(f"({choices})")
        return self.with_patterns(patterns)

    def with_patterns(self, patterns: Sequence[str]) -> RegexFeaturizer:
        """The same with patterns that were learnt, maybe by another Python.

        Raises:
            InputError: if one is no regular expression.
        """
        for pattern in patterns:
            try:
                re.compile(pattern)
            except (re.error, OverflowError, RecursionError) as error:
                raise InputError(
                    f"The regex {cited(pattern)} is no regular expression for Python "
                    f"{platform.python_version()} ({error}); correct it and train."
                ) from error
        return dataclasses.replace(self, patterns=tuple(patterns))

    def features(self, text: str, tokens: Sequence[Token]) -> Dict[str, FeatureMatrix]:
        """`(tokens, patterns)` and `(1, patterns)`: 1 where a pattern matches.

        Arrays, where Rasa has sparse matrices: for one message, SciPy is not worth its import.
        """
        if not self.patterns:
            return {}
        matched = np.zeros((len(tokens), len(self.patterns)))
        flags = 0 if self.component.option("case_sensitive") else re.IGNORECASE
        starts = np.array([token.start for token in tokens])
        ends = np.array([token.end for token in tokens])
        for number, pattern in enumerate(self.patterns):
            for match in re.finditer(pattern, text, flags):
                matched[(starts < match.end()) & (ends > match.start()), number] = 1
        return {
            f"{self.name}/sequence": matched,
            f"{self.name}/sentence": matched.max(axis=0, keepdims=True),
        }


@dataclass(frozen=True)
class Pipeline:
    """What happens to a text before our model, and to its prediction after.

    `synonyms` go from a text in lower case to what it stands for; None: they are not looked up.
    `notes` are about options that have no effect here.
    """

    tokenizer: Component
    featurizers: Tuple[RegexFeaturizer, ...]
    settings: JointConfig
    synonyms: Optional[Mapping[str, str]] = None
    fallback: Optional[Component] = None
    notes: Tuple[str, ...] = ()

    @classmethod
    def of(cls, components: Sequence[Component]) -> Pipeline:
        """Make one of components in the order in which Rasa runs them.

        Raises:
            InputError: if it lacks ours or a tokenizer, has one twice, or an option is wrong.
        """
        kinds = [component.kind for component in components]
        _check_order(kinds)
        by_kind = {component.kind: component for component in components}
        tokenizer, ours = components[0], by_kind[OURS]
        _check_tokenizer(tokenizer)
        if FALLBACK in by_kind:
            _check_thresholds(by_kind[FALLBACK])
        settings = {name: value for name, value in ours.options.items() if name not in IGNORED}
        try:
            config = JointConfig.from_dict(settings)
        except ConfigError as error:
            raise InputError(f"{OURS}: {error}") from error
        featurizers = tuple(RegexFeaturizer(c) for c in components if c.kind == REGEXES)
        ignored = [
            f"{component.kind} has no option '{name}'; it is ignored."
            for component in components
            if component is not ours
            for name in component.unknown_options()
        ] + [f"{OURS} ignores '{name}'." for name in ours.options if name in IGNORED]
        for name in config.featurizers or ():
            if not any(_is_named(featurizer, name) for featurizer in featurizers):
                hint = suggestion(name, [featurizer.name for featurizer in featurizers])
                raise InputError(
                    f"'featurizers' names '{name}', but no featurizer of that name or alias is "
                    f"there.{hint}"
                )
        return cls(
            tokenizer,
            featurizers,
            config,
            {} if SYNONYMS in by_kind else None,
            by_kind.get(FALLBACK),
            tuple(ignored),
        )

    def example(
        self, text: str, intent: Optional[str] = None, entities: Sequence[Entity] = ()
    ) -> Example:
        """A text as our model wants it: with tokens, and features if there are featurizers."""
        tokens = TOKENIZERS[self.tokenizer.kind](text)
        pattern = self.tokenizer.option("token_pattern")
        if pattern:
            tokens = split_tokens(tokens, token_pattern(pattern))
        features: Dict[str, FeatureMatrix] = {}
        if tokens:
            names = self.settings.featurizers or ()
            for featurizer in self.featurizers:
                if not names or any(_is_named(featurizer, name) for name in names):
                    features.update(featurizer.features(text, tokens))
        seen = seen_of(text, tokens)
        rows = [row for row, token in enumerate(seen) if token.text]
        if len(rows) < len(tokens):
            for name, matrix in features.items():
                if name.endswith("/sequence"):
                    features[name] = matrix[rows]
        return Example(text, tuple(seen[row] for row in rows), intent, tuple(entities), features)

    def answer(self, example: Example, prediction: Prediction) -> Dict[str, Any]:
        """A prediction as `rasa shell nlu` prints it."""
        tokens = [[token.start, token.end] for token in example.tokens] or [[0, 0]]
        answer: Dict[str, Any] = {
            "text": example.text,
            "intent": {"name": None, "confidence": 0.0},
            "entities": [self._entity(example.text, entity) for entity in prediction.entities],
            "text_tokens": tokens,
        }
        if self.settings.intent_classification:
            ranking = answers.ranking(prediction, self.settings)
            answer["intent"] = dict(ranking[0]) if ranking else answer["intent"]
            answer["intent_ranking"] = ranking
            if self.fallback and self._falls_back(ranking):
                fallback = {
                    "name": FALLBACK_INTENT,
                    "confidence": self.fallback.option("threshold"),
                }
                answer["intent"] = fallback
                ranking.insert(0, dict(fallback))
        return answer

    def _falls_back(self, ranking: Sequence[Mapping[str, Any]]) -> bool:
        assert self.fallback is not None
        first, second = (
            ranking[place]["confidence"] if place < len(ranking) else 0.0 for place in (0, 1)
        )
        if first < self.fallback.option("threshold"):
            return True
        is_close = first - second < self.fallback.option("ambiguity_threshold")
        return len(ranking) > 1 and bool(is_close)

    def _entity(self, text: str, entity: PredictedEntity) -> Dict[str, Any]:
        found = answers.entity(entity, text, OURS)
        value = found["value"]
        if self.synonyms and value.lower() in self.synonyms:
            found.update(value=self.synonyms[value.lower()], processors=[SYNONYMS])
        return found


DEFAULT = ("UnicodeTokenizer", {"name": REGEXES, "case_sensitive": False}, OURS, SYNONYMS)
"""The pipeline of a training without a config."""


def entries_of(config: Any, path: Path) -> List[Dict[str, Any]]:
    """The entries of a config's pipeline, each with its `name`.

    Raises:
        InputError: if there are none, or the recipe is not that of such a pipeline.
    """
    pipeline = config.get("pipeline") if isinstance(config, dict) else None
    listed = pipeline if isinstance(pipeline, list) else []
    entries = [{"name": entry} if isinstance(entry, str) else entry for entry in listed]
    if not entries or not all(
        isinstance(entry, dict) and isinstance(entry.get("name"), str) for entry in entries
    ):
        raise InputError(f"'{path}' needs a 'pipeline': a list of components, each with a name.")
    recipe = config.get("recipe", "default.v1")
    if recipe != "default.v1":
        raise InputError(f"'{path}' has the recipe '{recipe}'; only default.v1 can be read.")
    return entries


def pipeline_of(entries: Sequence[Any]) -> Pipeline:
    """Make a pipeline of the entries of a config: names, or names with options.

    Raises:
        InputError: if it cannot be run without Rasa.
    """
    components = []
    for number, entry in enumerate(entries):
        options = {"name": entry} if isinstance(entry, str) else entry
        if not isinstance(options, dict) or not isinstance(options.get("name"), str):
            raise InputError(f"The pipeline's entry {number + 1} needs a 'name'.")
        options = dict(options)
        name = str(options.pop("name"))
        # As Rasa's recipe names the nodes of its graph.
        components.append(Component.of(name, options, f"run_{name}{number}"))
    return Pipeline.of(components)


def learn_synonyms(
    synonyms: Mapping[str, Any], annotated: Sequence[Tuple[str, Any]]
) -> Dict[str, str]:
    """What texts stand for, by the text in lower case, as EntitySynonymMapper learns it.

    Args:
        synonyms: by text, as they are in the data.
        annotated: `(text, value)` of each annotated entity.
    """
    values: Dict[str, str] = {}
    for text, value in (*synonyms.items(), *annotated):
        value = str(value)
        if text != value:
            values[text.lower()] = value
        # So that another case of the value becomes the value, too.
        values.setdefault(value.lower(), value)
    return values


def _check_order(kinds: Sequence[str]) -> None:
    if OURS not in kinds:
        raise InputError(f"The pipeline has no {OURS}; only such are understood without Rasa.")
    place = kinds.index(OURS)
    before, after = kinds[:place], kinds[place + 1 :]
    if not before or before[0] not in TOKENIZERS or set(before[1:]) - {REGEXES}:
        raise InputError(
            f"Before {OURS} there must be a tokenizer ({' or '.join(TOKENIZERS)}), then nothing or "
            f"a {REGEXES}; here are {', '.join(before) or 'none'}."
        )
    if len(set(after)) < len(after) or set(after) - {SYNONYMS, FALLBACK}:
        raise InputError(
            f"After {OURS} there can be one {SYNONYMS} and one {FALLBACK}; here are "
            f"{', '.join(after)}."
        )


def _check_tokenizer(tokenizer: Component) -> None:
    """Refuse what the tokenizer refuses in Rasa; Rasa's own takes options that it does not have."""
    try:
        if tokenizer.kind in _OF_US:
            check_tokenizer_options(tokenizer.options)
        elif tokenizer.option("token_pattern"):
            token_pattern(tokenizer.option("token_pattern"))
    except ConfigError as error:
        raise InputError(f"{tokenizer.kind}: {error}") from error


def _check_thresholds(fallback: Component) -> None:
    for name in _OPTIONS[FALLBACK]:
        value = fallback.option(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise InputError(f"'{name}: {value}' of {FALLBACK} must be a number.")


def _is_named(featurizer: RegexFeaturizer, name: str) -> bool:
    """Whether an option means this featurizer: by its alias, or by its class."""
    return name in (featurizer.name, featurizer.component.kind) and (
        name == featurizer.name or not featurizer.component.option("alias")
    )
