"""What models say of labels: trained on parts of the data, they judge the rest of it.

Confident learning: Northcutt, Jiang and Chuang, Confident Learning: Estimating Uncertainty in
Dataset Labels, 2021, https://arxiv.org/abs/1911.00068.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from typing import Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.data import Entity, Example, Prediction
from rasa_joint_nlu.core.metrics import key_of, keys_of
from rasa_joint_nlu.core.text.alignment import align_entities
from rasa_joint_nlu.tools.check.corpus import Corpus, Sentence, label
from rasa_joint_nlu.tools.check.findings import Finding, found
from rasa_joint_nlu.tools.models import NLUModel
from rasa_joint_nlu.tools.nlu_files import Message
from rasa_joint_nlu.tools.pipeline import Pipeline
from rasa_joint_nlu.tools.train import to_examples, train
from rasa_joint_nlu.tools.wording import cited, counted

CONFUSED, CONFUSED_SHARE = 5, 0.1
"""Labels are confused often if so many examples are, and so much of the rarer label."""
LIKELY = 0.5
"""How sure one model must be that is asked for: means of what it was trained on are near to 1."""
SEED = 1


class Judged(NamedTuple):
    """A message, as annotated, and what models that were not trained on it say of it."""

    message: Message
    example: Example
    prediction: Prediction


def of_model(corpus: Corpus, model: NLUModel) -> List[Judged]:
    """What a trained model says of the data."""
    messages = [sentence.message for sentence in corpus.sentences if sentence.message.text]
    return _judged(messages, model)


def of_folds(
    corpus: Corpus, pipeline: Pipeline, folds: int, tell: Callable[[str], None]
) -> List[Judged]:
    """What each of some models says of the part of the data that it was not trained on.

    Raises:
        InputError, JointNLUError: if a model cannot be trained on the rest.
    """
    parts = split(corpus.sentences, folds)
    judged: List[Judged] = []
    for number in range(folds):
        tell(f"Training on the other {folds - 1} of {folds} parts, {number + 1} of {folds}")
        rest = [s.message for s, part in zip(corpus.sentences, parts) if part != number]
        held_out = [s.message for s, part in zip(corpus.sentences, parts) if part == number]
        data = dataclasses.replace(corpus.nlu, messages=tuple(rest))
        model, _ = train(pipeline, data)
        judged += _judged([message for message in held_out if message.text], model)
    return judged


def split(sentences: Sequence[Sentence], folds: int) -> List[int]:
    """The part of each sentence; each intent in equal parts, and equal texts in the same one.

    Else the same text with another label would vouch for its own.
    """
    groups: Dict[Tuple[str, ...], List[int]] = defaultdict(list)
    for number, sentence in enumerate(sentences):
        groups[sentence.plain_words or sentence.words].append(number)
    order = np.random.default_rng(SEED).permutation(len(groups))
    members = list(groups.values())
    parts = [0] * len(sentences)
    placed: Counter[object] = Counter()
    for group in (members[index] for index in order):
        intent = sentences[group[0]].message.intent
        for number in group:
            parts[number] = placed[intent] % folds
        placed[intent] += 1
    return parts


def _judged(messages: Sequence[Message], model: NLUModel) -> List[Judged]:
    examples = to_examples(list(messages), model.pipeline)
    aligned = [align_entities(example, False)[0] for example in examples]
    return list(map(Judged, messages, aligned, model.model.predict(examples)))


def doubts(judged: Sequence[Judged], threshold: Optional[float] = None) -> Iterator[Finding]:
    """Labels that the models doubt, those first that they doubt most.

    Args:
        threshold: how sure they must be of another label; None: as sure as they are, in the mean,
            of examples that have the label.
    """
    yield from _doubted_intents(judged, threshold)
    yield from _doubted_entities(judged, threshold)


def confidently_other(
    probabilities: Array, given: Array, threshold: Optional[float] = None
) -> Array:
    """For each example the label that is confidently another than the given one, or -1.

    A label is confident for an example if its probability is at least the mean of those that
    examples of the label give it; of several, the most probable counts.

    Args:
        probabilities: `(examples, labels)`, of models that were not trained on the example.
        given: `(examples,)`, the index of the given label.
        threshold: in place of the mean.
    """
    count = probabilities.shape[1]
    sizes = np.bincount(given, minlength=count)
    totals = np.bincount(given, probabilities[np.arange(len(given)), given], count)
    # A label that no example has is never confident.
    means = np.where(sizes > 0, totals / np.maximum(1, sizes), np.inf)
    thresholds = means if threshold is None else np.full(count, threshold)
    confident = np.where(probabilities >= thresholds, probabilities, -1.0)
    best = confident.argmax(axis=1)
    # Of a label with hardly any examples the mean is low: it must be more likely, too.
    is_other = confident.max(axis=1) > probabilities[np.arange(len(given)), given]
    other: Array = np.where(is_other, best, -1)
    return other


def _doubted_intents(judged: Sequence[Judged], threshold: Optional[float]) -> Iterator[Finding]:
    usable = []
    for each in judged:
        known = {name for name, _ in each.prediction.intents}
        # Nothing can be said of an intent that the other parts do not have.
        if each.message.intent in known:
            usable.append(each)
    names = sorted({name for each in usable for name, _ in each.prediction.intents})
    index = {name: number for number, name in enumerate(names)}
    if len(names) < 2:
        return
    probabilities = np.zeros((len(usable), len(names)))
    for row, each in enumerate(usable):
        for name, probability in each.prediction.intents:
            probabilities[row, index[name]] = probability
    given = np.array([index[str(each.message.intent)] for each in usable])
    other = confidently_other(probabilities, given, threshold)
    rows = np.flatnonzero(other >= 0)
    own = probabilities[rows, given[rows]]
    margins = own - probabilities[rows, other[rows]]
    for row in rows[np.argsort(margins, kind="stable")]:
        message = usable[row].message
        yield found(
            "label-doubted",
            message.place,
            f"{cited(message.text)} is in '{message.intent}' "
            f"({probabilities[row, given[row]]:.0%}); the models say '{names[other[row]]}' "
            f"({probabilities[row, other[row]]:.0%})",
        )
    pairs = [(names[given[row]], names[other[row]]) for row in rows]
    yield from _confused("intent", pairs, [names[number] for number in given], usable)


def _confused(
    kind: str,
    pairs: Sequence[Tuple[str, str]],
    given: Sequence[str],
    judged: Sequence[Judged],
) -> Iterator[Finding]:
    sizes = Counter(given)
    together = Counter(tuple(sorted(pair)) for pair in pairs)
    for (first, second), times in together.most_common():
        smaller = min(sizes[first], sizes[second])
        if times >= CONFUSED and times >= CONFUSED_SHARE * smaller:
            place = next(
                each.message.place
                for each in judged
                if each.message.intent in (first, second)
                or {entity.type for entity in each.message.entities} & {first, second}
            )
            yield found(
                "labels-confused",
                place,
                f"the {kind}s '{first}' ({sizes[first]:,}) and '{second}' ({sizes[second]:,}), "
                f"{counted(times, 'time')}",
            )


def _doubted_entities(judged: Sequence[Judged], threshold: Optional[float]) -> Iterator[Finding]:
    thresholds = _thresholds(judged)
    doubted: List[Tuple[float, Finding]] = []
    pairs: List[Tuple[str, str]] = []
    for message, example, prediction in judged:
        given = keys_of(example.entities)
        # Of an annotation that fits no tokens the models cannot be right.
        lost = [e for e in message.entities if key_of(e) not in given]
        text = message.text
        for entity in prediction.entities:
            if key_of(entity) in given or any(_overlap(entity, other) for other in lost):
                continue
            least = thresholds.get(entity.type, 1.0) if threshold is None else threshold
            if entity.confidence < least:
                continue
            there = [other for other in example.entities if _overlap(entity, other)]
            pairs += [(o.type, entity.type) for o in there if o.type != entity.type]
            shown = ", ".join(f"{cited(text[o.start : o.end])} ({label(o)})" for o in there)
            surface = cited(text[entity.start : entity.end])
            doubted.append(
                (
                    -entity.confidence,
                    found(
                        "annotation-doubted",
                        message.place,
                        f"{surface} is {label(entity)} to the models ({entity.confidence:.0%}); "
                        f"annotated is {shown or 'nothing'}, in {cited(text)}",
                    ),
                )
            )
    for _, finding in sorted(doubted, key=lambda pair: pair[0]):
        yield finding
    types = [entity.type for each in judged for entity in each.example.entities]
    yield from _confused("type", pairs, types, judged)


def _thresholds(judged: Sequence[Judged]) -> Dict[str, float]:
    """How sure the models are, in the mean, of the entities of each type that they get right."""
    sure: Dict[str, List[float]] = defaultdict(list)
    for _, example, prediction in judged:
        given = keys_of(example.entities)
        for entity in prediction.entities:
            if key_of(entity) in given:
                sure[entity.type].append(entity.confidence)
    return {kind: float(np.mean(values)) for kind, values in sure.items()}


def _overlap(first: Entity, second: Entity) -> bool:
    return first.start < second.end and second.start < first.end
