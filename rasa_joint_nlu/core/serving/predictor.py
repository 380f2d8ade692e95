"""NetworkOutput → Predictions: sorted intents, spans, roles and what each is sure of."""

from __future__ import annotations

import dataclasses
import logging
from functools import lru_cache
from typing import Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import EncodedBatch, NetworkOutput
from rasa_joint_nlu.core.data import Example, IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.core.learnt import Learnt
from rasa_joint_nlu.core.serving.case import Cases
from rasa_joint_nlu.core.serving.crf import CRFDecoder
from rasa_joint_nlu.core.serving.lone import LoneWords
from rasa_joint_nlu.core.serving.products import has_one_thread
from rasa_joint_nlu.core.serving.runtime import Runtime, softmax
from rasa_joint_nlu.core.tags import Span
from rasa_joint_nlu.core.text.commas import COMMAS, items

logger = logging.getLogger(__name__)

_MESSAGES, _TOKENS = 128, 2048


class Predictor:
    """Answers with a trained model.

    It is never changed after it is built, so any number of threads can share it.
    """

    def __init__(self, learnt: Learnt) -> None:
        self.learnt = learnt
        # There may be more or fewer than when the last model was made.
        has_one_thread.cache_clear()
        self.runtime = Runtime(learnt.weights, learnt.encoder, learnt.pretrained)
        self._cases = Cases.of(learnt)
        self._lone_words = LoneWords.of(learnt, self._cases)
        self.crf: Optional[CRFDecoder] = None
        if "emission.weight" in learnt.weights:
            self.crf = CRFDecoder(learnt.weights, learnt.encoder.scheme)
        labels, splits = learnt.encoder.labels, learnt.config.splits_by_comma
        self._split = frozenset(
            index
            for index, name in enumerate(labels.types)
            if splits(name, as_annotated=name not in labels.comma_types)
        )

    def predict(self, examples: Sequence[Example]) -> List[Prediction]:
        """Predictions in the order of the examples, computed in batches of similar length.

        A message without tokens gets an empty one; of a long one, the first `max_tokens` count.
        """
        examples = [self.shortened(example) for example in examples]
        predictions = [Prediction()] * len(examples)
        for chosen in _batches([len(example.tokens) for example in examples]):
            chunk = [examples[i] for i in chosen]
            batch = self.learnt.encoder.batch(chunk)
            for i, prediction in zip(chosen, self.decode(chunk, self.output(chunk, batch))):
                predictions[i] = prediction
        return predictions

    def shortened(self, example: Example) -> Example:
        """A message with as many tokens as count; that one has more is told of once."""
        most = self.learnt.config.max_tokens
        if len(example.tokens) <= most:
            return example
        _tell_of_long_messages(most)
        return dataclasses.replace(example, tokens=example.tokens[:most])

    def output(
        self, examples: Sequence[Example], batch: EncodedBatch, with_slots: bool = True
    ) -> NetworkOutput:
        """What the network says of the examples in a batch, as far as it is to be believed."""
        output = self.runtime.forward(batch, with_slots)
        if self._lone_words:
            output = self._lone_words.weighed(examples, output)
        if self._cases:
            return self._cases.weighed(examples, batch, output, self.runtime.forward)
        return output

    def decode(self, examples: Sequence[Example], output: NetworkOutput) -> List[Prediction]:
        """The predictions of the examples of one batch."""
        lengths = np.array([len(example.tokens) for example in examples])
        logits = output.intent_logits
        probabilities = None if logits is None else softmax(logits)
        entities = self._entities_of_batch(examples, lengths, output, probabilities)
        in_scope = self._in_scope(examples, output)
        intents = self._intents(output, probabilities, in_scope)
        attention = [()] * len(examples) if output.attention is None else output.attention.tolist()
        return [
            Prediction(
                intents[row] if intents else (),
                entities.get(row, ()),
                tuple(attention[row][:length]),
                1 - in_scope[row] if in_scope else None,
            )
            for row, length in enumerate(lengths.tolist())
        ]

    def _intents(
        self, output: NetworkOutput, probabilities: Optional[Array], in_scope: Sequence[float]
    ) -> List[Tuple[IntentScore, ...]]:
        """How sure to be of each intent, as far as the messages are in scope; the likeliest first.

        Args:
            probabilities: `(B, I)`, whose order they keep.
        """
        if probabilities is None:
            return []
        names, scope = self.learnt.encoder.labels.intents, self.learnt.scope
        order = (-probabilities).argsort(axis=1, kind="stable").tolist()
        if scope:
            assert output.intent_logits is not None
            if scope.sharpness != 1:
                probabilities = softmax(output.intent_logits * scope.sharpness)
            probabilities = scope.confidences(probabilities, in_scope)
        return [
            tuple(map(IntentScore, map(names.__getitem__, ids), map(shares.__getitem__, ids)))
            for shares, ids in zip(probabilities.tolist(), order)
        ]

    def _in_scope(self, examples: Sequence[Example], output: NetworkOutput) -> List[float]:
        """How likely it is of each message that it is in scope; empty if that is not known."""
        scope, dictionary = self.learnt.scope, self.learnt.encoder.vocabulary.dictionary
        if scope is None or output.votes is None:
            return []
        awaited = np.zeros(len(examples)) if output.awaited is None else output.awaited
        return [
            scope.probability(example, dictionary, *numbers)
            for example, *numbers in zip(examples, output.votes.tolist(), awaited.tolist())
        ]

    def _entities_of_batch(
        self,
        examples: Sequence[Example],
        lengths: Array,
        output: NetworkOutput,
        intents: Optional[Array],
    ) -> Dict[int, Tuple[PredictedEntity, ...]]:
        """The entities of the messages that have any, by their row in the batch."""
        if self.crf is None or output.emissions is None:
            return {}
        spans, posterior = self.crf.spans(output.emissions, lengths, intents)
        return {
            row: self._entities(
                examples[row],
                [(span, posterior.probability(row, span)) for span in of_message],
                _row(output.role_logits, row),
                _row(output.group_logits, row),
            )
            for row, of_message in enumerate(spans)
            if of_message
        }

    def _entities(
        self,
        example: Example,
        spans: Iterable[Tuple[Span, float]],
        role_logits: Optional[Array],
        group_logits: Optional[Array],
    ) -> Tuple[PredictedEntity, ...]:
        labels, weights = self.learnt.encoder.labels, self.learnt.weights
        entities = []
        for span, confidence in spans:
            first, last, entity_type = span
            name = labels.types[entity_type]
            role, role_confidence = _choose(
                role_logits, weights.get("type_role"), span, labels.roles, labels.type_roles
            )
            group, group_confidence = _choose(
                group_logits, weights.get("type_group"), span, labels.groups, labels.type_groups
            )
            for start, end in self._parts(example, first, last, entity_type):
                entities.append(
                    PredictedEntity(
                        start,
                        end,
                        name,
                        role,
                        group,
                        confidence,
                        role_confidence,
                        group_confidence,
                    )
                )
        return tuple(entities)

    def _parts(
        self, example: Example, first: int, last: int, entity_type: int
    ) -> List[Tuple[int, int]]:
        """Character spans of an entity: one, or the pieces between its commas."""
        start, end = example.tokens[first].start, example.tokens[last].end
        if entity_type in self._split and any(map(example.text[start:end].__contains__, COMMAS)):
            return items(example.text, example.tokens[first : last + 1])
        return [(start, end)]


@lru_cache(maxsize=None)
def _tell_of_long_messages(most: int) -> None:
    logger.warning(
        f"A message has more than {most:,} tokens. Its intent comes from the first {most:,}, and "
        f"there are no entities beyond them; 'max_tokens' decides how many count. This is not said "
        f"again."
    )


def _batches(lengths: Sequence[int]) -> Iterator[List[int]]:
    """Which messages to compute together: all that have tokens, the shortest first.

    So many that there is work enough for a product of matrices, and so few that what is
    computed of them stays in the processor's cache.
    """
    batch: List[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == _MESSAGES or (len(batch) + 1) * lengths[i] > _TOKENS):
            yield batch
            batch = []
        if lengths[i]:
            batch.append(i)
    if batch:
        yield batch


def _row(logits: Optional[Array], row: int) -> Optional[Array]:
    return None if logits is None else logits[row]


def _choose(
    logits: Optional[Array],
    type_weights: Optional[Array],
    span: Span,
    names: Sequence[str],
    allowed: Sequence[Sequence[int]],
) -> Tuple[Optional[str], Optional[float]]:
    """The likeliest role (or group) of a span among those its type is known with."""
    first, last, entity_type = span
    if logits is None or type_weights is None or allowed[entity_type] == (0,):
        return None, None
    ids = list(allowed[entity_type])
    scores = softmax((logits[first] + logits[last] + type_weights[entity_type])[ids])
    best = int(scores.argmax())
    return (names[ids[best] - 1], float(scores[best])) if ids[best] else (None, None)
