"""Why a message was understood as it was: what each token, and each feature, added.

An intent's logit is split among the tokens by their Shapley values (Shapley 1953, "A Value for
N-Person Games"): tokens are shown to the network one after the other, those not yet shown being
unknown words without n-grams and features, and each is given what it changes. That depends on the
order, so several orders are averaged, each with its reverse. Whatever the orders, what the tokens
are given and what the message has without any of them (`base`) sum up to the logit. Votes of
words and n-grams are linear: for them any order gives the same.

An entity is split by leaving out: how much less sure it is without one token, or one feature.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array, FeatureMatrix, is_sparse
from rasa_joint_nlu.core.batch import EncodedBatch, NetworkOutput
from rasa_joint_nlu.core.data import Example, Prediction
from rasa_joint_nlu.core.serving.crf import SpanPosterior
from rasa_joint_nlu.core.serving.predictor import Predictor
from rasa_joint_nlu.core.serving.runtime import softmax
from rasa_joint_nlu.core.serving.scope import Parts, Scope, vouched_tokens
from rasa_joint_nlu.core.tags import Span

_ORDERS = 8
_VARIANTS = 96
"""So many messages with hidden tokens are computed at most, but at least for two orders."""
_TOKENS_AT_ONCE = 2048
_LEAST_LIKELY = 0.01
"""Readings of an entity, beside itself, are those at least so likely,"""
_LONGEST = 12
"""and of at most so many tokens."""


@dataclass(frozen=True)
class IntentReasons:
    """Why an intent has its logit: `base + sum(tokens) == logit`.

    base: what it has without any known token; tokens: what each of them adds.
    """

    name: str
    confidence: float
    logit: float
    base: float
    tokens: Tuple[float, ...]


@dataclass(frozen=True)
class Reading:
    """A stretch of the text that may be an entity, and how likely it is one of this type."""

    start: int
    end: int
    type: str
    confidence: float


@dataclass(frozen=True)
class EntityReasons:
    """Why an entity was found.

    readings: the likeliest stretches and types that overlap it, itself among them.
    tokens, features: how much its log probability falls without each token, or each feature of an
    upstream featurizer.
    """

    start: int
    end: int
    type: str
    readings: Tuple[Reading, ...]
    tokens: Tuple[float, ...]
    features: Mapping[str, float]


@dataclass(frozen=True)
class ScopeReasons:
    """What of a message is new to the model.

    in_scope: the probability that the message is like those of the training.
    unknown_words: `(start, end)` of the words that no training message has.
    unknown_pairs: how many of its `pairs` of neighbouring tokens, begin and end included, none has.
    """

    in_scope: float
    unknown_words: Tuple[Tuple[int, int], ...]
    unknown_pairs: int
    pairs: int


@dataclass(frozen=True)
class Explanation:
    """Why a message was understood as it was.

    `intents` are those of the prediction, in its order. `scope` says what of the message is new to
    the model; None where the model has no scope.
    """

    example: Example
    prediction: Prediction
    intents: Tuple[IntentReasons, ...]
    entities: Tuple[EntityReasons, ...]
    scope: Optional[ScopeReasons] = None

    def difference(self, rank: int) -> Tuple[float, ...]:
        """What each token adds to the intent of a rank (from 0) more than to the next one."""
        this, following = self.intents[rank : rank + 2]
        return tuple(a - b for a, b in zip(this.tokens, following.tokens))

    def to_dict(self) -> Dict[str, Any]:
        """The explanation as plain values, ready for JSON."""
        return {
            "text": self.example.text,
            "tokens": [token._asdict() for token in self.example.tokens],
            "intents": [_plain(dataclasses.asdict(intent)) for intent in self.intents],
            "entities": [_plain(dataclasses.asdict(entity)) for entity in self.entities],
            "scope": _plain(dataclasses.asdict(self.scope)) if self.scope else None,
        }


def _plain(value: Any) -> Any:
    """The same value with lists for tuples, as JSON has it."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def explain(predictor: Predictor, example: Example) -> Explanation:
    """Why a model understands an example as it does.

    It costs about as much as understanding some 100 messages of the same length in one batch.
    """
    example = predictor.shortened(example)
    if not example.tokens:
        return Explanation(example, Prediction(), (), ())
    message = _Message(predictor, example)
    (prediction,) = predictor.decode([example], message.output)
    scope = predictor.learnt.scope
    return Explanation(
        example,
        prediction,
        _intent_reasons(message, prediction) if prediction.intents else (),
        _entity_reasons(message) if prediction.entities else (),
        _scope_reasons(scope, message, prediction) if scope else None,
    )


def _scope_reasons(scope: Scope, message: _Message, prediction: Prediction) -> ScopeReasons:
    example, dictionary = message.example, message.predictor.learnt.encoder.vocabulary.dictionary
    assert prediction.out_of_scope is not None
    parts, tokens = Parts.of(example, dictionary), example.tokens
    vouched = vouched_tokens(example, scope.vouching)
    unknown = []
    end = 0
    for word, length in zip(parts.words, parts.lengths):
        start, end = end, end + length
        if word not in scope.known and not all(vouched[start:end]):
            unknown.append((tokens[start].start, tokens[end - 1].end))
    return ScopeReasons(
        1 - prediction.out_of_scope,
        tuple(unknown),
        sum(pair not in scope.known for pair in parts.pairs),
        len(parts.pairs),
    )


class _Message:
    """One message, of which tokens and features can be hidden; output: where nothing is."""

    def __init__(self, predictor: Predictor, example: Example) -> None:
        self.predictor, self.example = predictor, example
        self.batch = predictor.learnt.encoder.batch([example])
        self.output = predictor.output([example], self.batch)
        self.length = len(example.tokens)

    def intent_logits(self, shown: Array) -> Array:
        """`(V, I)` where only these tokens are shown: `(V, T)` bool."""
        distinct, places = np.unique(shown, axis=0, return_inverse=True)
        outputs = self._outputs(distinct, with_slots=False)
        logits: Array = np.concatenate([output.intent_logits for output in outputs])
        return logits.take(places.reshape(-1), axis=0)

    def entities(self) -> Tuple[Sequence[Span], _Entities]:
        """Those that are found, and how likely any is."""
        crf, emissions = self.predictor.crf, self.output.emissions
        assert crf is not None and emissions is not None
        (spans,), posterior = crf.spans(emissions, self.batch.lengths, _intents(self.output))
        return spans, _Entities(posterior, 0)

    def without_each(self) -> Iterator[_Entities]:
        """The entities without a token, for each of them."""
        for output in self._outputs(~np.eye(self.length, dtype=bool), with_slots=True):
            yield from self._entities(output)

    def without(self, feature: str) -> _Entities:
        """The entities where an upstream feature says nothing."""
        features = {**self.batch.features, feature: self.batch.features[feature] * 0}
        batch = dataclasses.replace(self.batch, features=features)
        (entities,) = self._entities(self.predictor.output([self.example], batch))
        return entities

    def _entities(self, output: NetworkOutput) -> List[_Entities]:
        crf, emissions = self.predictor.crf, output.emissions
        assert crf is not None and emissions is not None
        suiting = crf.suiting(_intents(output), emissions)
        posterior = crf.posterior(suiting, np.repeat(self.batch.lengths, len(emissions)))
        return [_Entities(posterior, row) for row in range(len(emissions))]

    def _outputs(self, shown: Array, with_slots: bool) -> Iterator[NetworkOutput]:
        at_once = max(1, _TOKENS_AT_ONCE // self.length)
        for start in range(0, len(shown), at_once):
            batch = self._variants(shown[start : start + at_once])
            yield self.predictor.output([self.example] * len(batch.lengths), batch, with_slots)

    def _variants(self, shown: Array) -> EncodedBatch:
        # Row 0 is the unknown word, which has neither n-grams nor votes.
        ids = np.where(shown, self.batch.token_ids, 0)
        features = {}
        for spec in self.predictor.learnt.encoder.features:
            matrix = self.batch.features[spec.name]
            is_sequence = spec.level == "sequence"
            features[spec.name] = _repeated(matrix, shown if is_sequence else shown[:, :1] | True)
        lengths = np.repeat(self.batch.lengths, len(shown))
        return dataclasses.replace(self.batch, token_ids=ids, lengths=lengths, features=features)


def _intents(output: NetworkOutput) -> Optional[Array]:
    """`(B, I)` the probabilities of intents that go with the entities."""
    return None if output.intent_logits is None else softmax(output.intent_logits)


def _repeated(matrix: FeatureMatrix, shown: Array) -> FeatureMatrix:
    """A message's feature once for each variant; zeros where a token is hidden."""
    factors = shown.ravel().astype(np.float32)
    if is_sparse(matrix):
        from scipy import sparse

        return sparse.diags(factors) @ sparse.vstack([matrix] * len(shown), "csr")
    return np.tile(matrix, (len(shown), 1)) * factors[:, None]


def _orders(length: int) -> List[Array]:
    """Orders of the tokens, each followed by its reverse; the first is that of the text."""
    rng = np.random.default_rng(0)
    pairs = max(1, min(_ORDERS, _VARIANTS // length) // 2)
    orders = [np.arange(length), *(rng.permutation(length) for _ in range(pairs - 1))]
    return [way for order in orders for way in (order, order[::-1])]


def _intent_reasons(message: _Message, prediction: Prediction) -> Tuple[IntentReasons, ...]:
    orders = _orders(message.length)
    # shape: (orders, T + 1, T), the first n tokens of an order
    ranks = np.stack([np.argsort(order) for order in orders])
    shown = ranks[:, None] < np.arange(message.length + 1)[:, None]
    logits = message.intent_logits(shown.reshape(-1, message.length)).astype(np.float64)
    # shape: (orders, T + 1, I), and (orders, T, I) by place in the text
    by_step = logits.reshape(len(orders), message.length + 1, -1)
    added = np.take_along_axis(np.diff(by_step, axis=1), ranks[:, :, None], axis=1).mean(axis=0)
    names = message.predictor.learnt.encoder.labels.intents
    ids = [names.index(intent.name) for intent in prediction.intents]
    return tuple(
        IntentReasons(
            intent.name,
            intent.confidence,
            by_step[0, -1, i].item(),
            by_step[0, 0, i].item(),
            tuple(added[:, i].tolist()),
        )
        for intent, i in zip(prediction.intents, ids)
    )


def _entity_reasons(message: _Message) -> Tuple[EntityReasons, ...]:
    spans, whole = message.entities()
    # At once, as the posteriors of a long message take much memory.
    without_each = [list(map(some.log_probability, spans)) for some in message.without_each()]
    encoder, tokens = message.predictor.learnt.encoder, message.example.tokens
    without = {spec.name: message.without(spec.name) for spec in encoder.features}
    types = encoder.labels.types
    reasons = []
    for place, span in enumerate(spans):
        before = whole.log_probability(span)
        first, last, entity_type = span
        reasons.append(
            EntityReasons(
                tokens[first].start,
                tokens[last].end,
                types[entity_type],
                tuple(
                    Reading(tokens[a].start, tokens[b].end, types[kind], confidence)
                    for (a, b, kind), confidence in whole.readings(span)
                ),
                tuple(before - after[place] for after in without_each),
                {name: before - other.log_probability(span) for name, other in without.items()},
            )
        )
    return tuple(reasons)


class _Entities:
    """How likely any entity is, in one message of a batch."""

    def __init__(self, posterior: SpanPosterior, row: int) -> None:
        self._posterior, self._row = posterior, row

    def log_probability(self, span: Span) -> float:
        """Of a span, at least -30."""
        return math.log(max(self._posterior.probability(self._row, span), math.exp(-30)))

    def readings(self, span: Span) -> List[Tuple[Span, float]]:
        """The likely spans that overlap a span, the likeliest first."""
        probability = functools.partial(self._posterior.probability, self._row)
        begins = self._posterior.begin_probabilities(self._row)
        likely: Dict[Span, float] = {span: probability(span)}
        for first in range(max(0, span[0] - _LONGEST + 1), span[1] + 1):
            for label in np.flatnonzero(begins[first, 1:] >= _LEAST_LIKELY).tolist():
                for last in range(max(first, span[0]), min(len(begins), first + _LONGEST)):
                    if probability((first, last, label)) >= _LEAST_LIKELY:
                        likely[first, last, label] = probability((first, last, label))
        return sorted(likely.items(), key=lambda item: -item[1])
