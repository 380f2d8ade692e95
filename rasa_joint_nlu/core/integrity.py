"""What files say of a model → the model, or what is wrong with it: one that loads, answers."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, List, Mapping, Optional, Tuple

import numpy as np

from rasa_joint_nlu.core.about import About
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.encoding import Encoder, FeatureSpec
from rasa_joint_nlu.core.learnt import Learnt
from rasa_joint_nlu.core.precision import (
    CASE_COUNTS,
    LONE_WORDS,
    MEAN_VOTES,
    PRETRAINED,
    TABLES,
    UNITS,
    VECTOR_VOTES,
    ByteTable,
    restored,
)
from rasa_joint_nlu.core.serving.scope import Scope
from rasa_joint_nlu.core.tags import Labels, TagScheme
from rasa_joint_nlu.core.text.case import CASES
from rasa_joint_nlu.core.text.dictionary import Dictionary
from rasa_joint_nlu.core.text.pieces import NO_VECTORS, VectorRows, word_key
from rasa_joint_nlu.core.vocab import Vocabulary

_MOST = 1e9
_MOST_OF_CRF = 100.0
"""No weight is further from 0, so that no product of them overflows; in a CRF, no exponential."""
_LARGEST_FEATURE = 10_000_000
_FLOATS: List[Any] = [np.float16, np.float32]
_BYTES: List[Any] = [np.int8]
_COUNTS = {LONE_WORDS, CASE_COUNTS}

Shapes = Dict[str, Tuple[int, ...]]


class DamageError(Exception):
    """What is wrong with a stored model: which part of it, never what that says."""


def learnt_of(model: Mapping[str, Any], arrays: Dict[str, Array]) -> Learnt:
    """The model of a description and its arrays, as `persistence.save` makes them.

    Raises:
        DamageError: if either is not what it makes.
        ConfigError: if the settings are not those of this version.
    """
    _require(isinstance(model.get("config"), dict), "config")
    config = JointConfig.from_dict(model["config"])
    words, ngrams = _names(model.get("words"), "words"), _hashes(arrays, "ngrams")
    dictionary = Dictionary(_texts(model.get("dictionary"), "dictionary"))
    is_of_before = PRETRAINED + UNITS not in arrays
    pretrained, vectors = _vectors(model, arrays, words)
    vocabulary = Vocabulary(words, ngrams, dictionary, vectors)
    scheme = TagScheme.named(config.BILOU_flag)
    features = _features(model.get("features"))
    encoder = Encoder(vocabulary, _labels(model.get("labels")), scheme, features)
    scope = _scope(model.get("scope"), arrays)
    shapes = _shapes(encoder, config, pretrained)
    if MEAN_VOTES in shapes and (is_of_before or VECTOR_VOTES in arrays):
        # Before format 11, vectors voted in a sum, and before format 8 not at all.
        shape = shapes[VECTOR_VOTES] = shapes.pop(MEAN_VOTES)
        arrays.setdefault(VECTOR_VOTES, np.zeros(shape, np.float32))
    # Before format 10, no lone words were counted, and before 11 no capitals.
    for name in _COUNTS & shapes.keys():
        arrays.setdefault(name, np.zeros(shapes[name], np.float32))
    _check_weights(arrays, shapes)
    about = About.of_json(model.get("about"))
    return Learnt(config, encoder, restored(arrays), scope, about, pretrained)


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise DamageError(what)


def _texts(value: Any, what: str) -> Tuple[str, ...]:
    _require(isinstance(value, list) and all(isinstance(text, str) for text in value), what)
    return tuple(value)


def _names(value: Any, what: str) -> Tuple[str, ...]:
    names = _texts(value, what)
    _require(len(set(names)) == len(names), what)
    return names


def _is_int(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _hashes(arrays: Dict[str, Array], name: str, dtype: Any = np.uint32) -> Tuple[int, ...]:
    hashes = arrays.pop(name, None)
    if hashes is None or hashes.dtype != dtype or hashes.ndim != 1:
        raise DamageError(name)
    _require(len(np.unique(hashes)) == len(hashes), name)
    return tuple(hashes.tolist())


def _vectors(
    model: Mapping[str, Any], arrays: Dict[str, Array], words: Tuple[str, ...]
) -> Tuple[Optional[ByteTable], VectorRows]:
    """The pretrained vectors, if there are any, and which of them stand for a word."""
    counts, units = arrays.pop(PRETRAINED, None), arrays.pop(PRETRAINED + UNITS, None)
    if counts is None:
        return None, NO_VECTORS
    _require(counts.ndim == 2 and counts.shape[1] > 0, PRETRAINED)
    if units is None:
        # Before format 8, the words that are known had a vector each, in half precision.
        keys, units = tuple(map(word_key, words)), np.ones((len(words), 1), np.float32)
        counts, dtypes = counts[1:], _FLOATS
    else:
        keys, dtypes = _hashes(arrays, "vector_words", np.uint64), _BYTES
    has_pieces = model.get("vector_pieces", False)
    _require(counts.dtype in dtypes and len(counts) == len(keys), PRETRAINED)
    _require(units.dtype in _FLOATS and units.shape == (len(keys), 1), PRETRAINED)
    _require(isinstance(has_pieces, bool), "vector_pieces")
    for array in (counts, units):
        if array.dtype in _FLOATS:
            _require(bool((np.abs(array.astype(np.float32)) <= _MOST).all()), PRETRAINED)
    return ByteTable(counts, units), VectorRows(keys, has_pieces)


def _labels(value: Any) -> Labels:
    _require(isinstance(value, dict), "labels")
    # Models of before do not say it.
    value = {"comma_types": [], **value}
    fields = [field.name for field in dataclasses.fields(Labels)]
    _require(sorted(value) == sorted(fields), "labels")
    intents, types, roles, groups = (
        _names(value[name], name) for name in ("intents", "types", "roles", "groups")
    )
    type_roles = _known_with(value["type_roles"], len(types), len(roles))
    type_groups = _known_with(value["type_groups"], len(types), len(groups))
    comma_types = _names(value["comma_types"], "comma_types")
    return Labels(intents, types, roles, groups, type_roles, type_groups, comma_types)


def _known_with(value: Any, types: int, most: int) -> Tuple[Tuple[int, ...], ...]:
    """For each type, the numbers of the roles (or groups) that are known with it."""
    _require(isinstance(value, list) and len(value) == types, "labels")
    for row in value:
        _require(isinstance(row, list) and bool(row), "labels")
        _require(all(_is_int(number, 0, most) for number in row), "labels")
        _require(row == sorted(set(row)), "labels")
    return tuple(map(tuple, value))


def _features(value: Any) -> Tuple[FeatureSpec, ...]:
    fields = sorted(field.name for field in dataclasses.fields(FeatureSpec))
    _require(isinstance(value, list), "features")
    # Models of before do not say whether any vote: none do.
    value = [{"votes": False, **spec} if isinstance(spec, dict) else spec for spec in value]
    for spec in value:
        _require(isinstance(spec, dict) and sorted(spec) == fields, "features")
        is_vector = spec["level"] == "sentence" and spec["sparse"] is False
        _require(spec["votes"] is False or (spec["votes"] is True and is_vector), "features")
        _require(isinstance(spec["name"], str) and isinstance(spec["sparse"], bool), "features")
        _require(spec["level"] in ("sequence", "sentence"), "features")
        _require(_is_int(spec["size"], 0, _LARGEST_FEATURE), "features")
    _require(len({spec["name"] for spec in value}) == len(value), "features")
    return tuple(FeatureSpec(**spec) for spec in value)


def _scope(value: Any, arrays: Dict[str, Array]) -> Optional[Scope]:
    if value is None:
        return None
    _require(isinstance(value, dict) and isinstance(value.get("weights"), list), "scope")
    if sorted(value) == ["vouching", "weights"]:
        # Models of before knew nothing of votes.
        weights = [*value["weights"][:1], 0.0, *value["weights"][1:]]
        value = {**value, "weights": weights, "sharpness": 1.0, "power": 1.0}
    # Before format 11, no doubt was taken away.
    value = {"doubt": 1.0, **value}
    _require(sorted(value) == ["doubt", "power", "sharpness", "vouching", "weights"], "scope")
    weights, *others = (value[name] for name in ("weights", "sharpness", "power", "doubt"))
    _require(len(weights) == 5, "scope")
    for number in (*weights, *others):
        _require(isinstance(number, (int, float)) and abs(number) <= _MOST, "scope")
    sharpness, power, doubt = map(float, others)
    _require(0 < sharpness <= _MOST and 0 < power <= 1 <= doubt <= _MOST, "scope")
    vouching, known = _texts(value["vouching"], "scope"), frozenset(_hashes(arrays, "in_scope"))
    return Scope(known, vouching, tuple(map(float, weights)), sharpness, power, doubt)


def _shapes(encoder: Encoder, config: JointConfig, pretrained: Optional[ByteTable]) -> Shapes:
    """The shape of each weight of a network for this encoder, and of the votes."""
    vocabulary, labels = encoder.vocabulary, encoder.labels
    words, ngrams = 1 + len(vocabulary.words), len(vocabulary.ngrams)
    size, hidden = config.token_size, config.encoder_size
    intents = len(labels.intents)
    has_intents = config.intent_classification and intents > 1
    has_slots = config.entity_recognition and bool(labels.types)
    chains = 4 if has_slots else 2
    shapes: Shapes = {
        "word_embedding": (words, size),
        "ngram_embedding": (ngrams, size),
        "lstm.weight_ih": (chains, 3 * hidden, size),
        "lstm.weight_hh": (chains, 3 * hidden, hidden),
        "lstm.bias": (chains, 3 * hidden),
    }
    for index, spec in enumerate(encoder.features):
        shapes[f"features.{index}"] = (spec.size, size if spec.level == "sequence" else intents)
    if pretrained:
        shapes["pretrained_projection"] = (pretrained.size, size)
        if has_intents:
            shapes[MEAN_VOTES] = (pretrained.size, intents)
    if has_intents:
        shapes["attention.weight"] = (1, 2 * hidden)
        shapes["intent.weight"], shapes["intent.bias"] = (intents, 4 * hidden), (intents,)
        shapes["word_votes"], shapes["ngram_votes"] = (words, intents), (ngrams, intents)
        shapes["words_weight"] = (1,)
        shapes[LONE_WORDS] = (intents, 1 + len(labels.types))
    if has_slots:
        shapes.update(_slot_shapes(encoder, 4 * hidden + 3 * size))
        shapes[CASE_COUNTS] = (2, 1 + len(labels.types), CASES)
        if has_intents:
            shapes["affinity"] = (intents, len(labels.types))
    return shapes


def _slot_shapes(encoder: Encoder, inputs: int) -> Shapes:
    labels, scheme = encoder.labels, encoder.scheme
    types, places = len(labels.types), len(scheme.positions)
    shapes: Shapes = {
        "crf.transitions": (types + 1, types + 1),
        "crf.start": (types + 1,),
        "crf.stop": (types + 1,),
        "crf.inner": (types, places, places),
    }
    heads = {"emission": scheme.num_tags(types)}
    for name, known in (("role", labels.roles), ("group", labels.groups)):
        if known:
            heads[name] = len(known) + 1
            shapes[f"type_{name}"] = (types, len(known) + 1)
    for name, outputs in heads.items():
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = (outputs, inputs), (outputs,)
    return shapes


def _check_weights(arrays: Mapping[str, Array], shapes: Shapes) -> None:
    wanted: Dict[str, Tuple[Tuple[int, ...], List[Any]]] = {}
    for name, shape in shapes.items():
        wanted[name] = (shape, _FLOATS)
        if name in TABLES:
            wanted[name] = (shape, _BYTES)
            wanted[name + UNITS] = ((shape[0], 1), _FLOATS)
    _require(arrays.keys() == wanted.keys(), "the names of the weights")
    for name, (shape, dtypes) in wanted.items():
        array = arrays[name]
        _require(array.shape == shape and array.dtype in dtypes, name)
        most = _MOST_OF_CRF if name.startswith("crf.") else _MOST
        # What is no number is not at most anything.
        _require(bool((np.abs(array.astype(np.float32)) <= most).all()), name)
    if "affinity" in arrays:
        _require(bool((arrays["affinity"] > 0).all()), "affinity")
    for name in _COUNTS & arrays.keys():
        _require(bool((arrays[name] >= 0).all()), name)
