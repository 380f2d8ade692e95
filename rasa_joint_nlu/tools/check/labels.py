"""Checks of labels: how many examples each has, and whether test data and domain agree."""

from __future__ import annotations

from collections import defaultdict
from typing import Dict, Iterable, Iterator, List

from rasa_joint_nlu.tools.check.corpus import REGEX_EXTRACTOR, Corpus, Sentence, intent_of
from rasa_joint_nlu.tools.check.findings import Finding, found
from rasa_joint_nlu.tools.nlu_files import Place
from rasa_joint_nlu.tools.scores import is_out_of_scope
from rasa_joint_nlu.tools.wording import counted

FEW = 5
MOST, INTENTS_FOR_MOST = 0.5, 3
OF_RASA = ("session_start", "restart", "back", "out_of_scope", "nlu_fallback")
"""Intents that Rasa has by itself."""

Labels = Dict[str, Dict[str, List[Place]]]
"""By kind (`intent`, `type`, `role`, `group`) and name, the places."""


def sizes_of_intents(corpus: Corpus) -> Iterator[Finding]:
    """Intents of few examples, and one of most."""
    total = sum(map(len, corpus.by_intent.values()))
    for intent, sentences in corpus.by_intent.items():
        place = sentences[0].message.place
        if len(sentences) < FEW:
            text = f"'{intent}' has {counted(len(sentences), 'example')}"
            yield found("intent-of-few", place, text)
        if len(corpus.by_intent) >= INTENTS_FOR_MOST and len(sentences) > MOST * total:
            text = f"'{intent}' has {len(sentences):,} of {total:,}, {len(sentences) / total:.0%}"
            yield found("intent-of-most", place, text)


def out_of_scope(corpus: Corpus) -> Iterator[Finding]:
    """Whether there is an intent for what the bot is not for."""
    names = {intent_of(sentence.message) for sentence in corpus.sentences}
    if len(corpus.by_intent) > 1 and not any(map(is_out_of_scope, names)):
        place = corpus.sentences[0].message.place
        text = f"none of the {len(corpus.by_intent)} intents is called 'out_of_scope' or alike"
        yield found("no-out-of-scope", Place(place.file), text)


def labels_of_test(corpus: Corpus) -> Iterator[Finding]:
    """Labels that the test data has and the training data lacks."""
    trained = _labels(corpus.sentences)
    for kind, places in _labels(corpus.test_sentences).items():
        for name, (first, *others) in places.items():
            if name not in trained[kind] and not (kind == "type" and _is_found(name, corpus)):
                text = f"the {kind} '{name}', {counted(len(others) + 1, 'time')}"
                yield found("label-of-test-unknown", first, text, others)


def labels_of_domain(corpus: Corpus) -> Iterator[Finding]:
    """Labels that either the domain or the data lacks."""
    domain = corpus.domain
    if domain is None:
        return
    labels = _labels(corpus.sentences)
    known = {
        "intent": {*domain.intents, *OF_RASA},
        "type": set(domain.types),
        **{
            part: {f"{kind}/{name}" for kind, names in by_type.items() for name in names}
            for part, by_type in domain.parts.items()
        },
    }
    for kind, places in labels.items():
        for name, (first, *others) in places.items():
            if name not in known[kind]:
                yield found("not-in-domain", first, f"the {kind} '{name}'", others)
    for kind, listed in (("intent", domain.intents), ("type", domain.types)):
        for name, place in listed.items():
            is_known = name in labels[kind] or name in OF_RASA
            if not is_known and not (kind == "type" and _is_found(name, corpus)):
                yield found("in-domain-only", place, f"the {kind} '{name}'")


def _is_found(name: str, corpus: Corpus) -> bool:
    """Whether an extractor may find a type that no example has."""
    names = corpus.setup.found_without_examples
    if names is None or name in names:
        return True
    patterns = {of.name for of in corpus.nlu.regexes} | {of.name for of in corpus.nlu.lookup_tables}
    return REGEX_EXTRACTOR in (corpus.setup.components or ()) and name in patterns


def _labels(sentences: Iterable[Sentence]) -> Labels:
    found: Labels = {kind: defaultdict(list) for kind in ("intent", "type", "role", "group")}
    for message in (sentence.message for sentence in sentences):
        if message.intent is not None:
            found["intent"][message.intent].append(message.place)
        for entity in message.entities:
            found["type"][entity.type].append(message.place)
            for part, name in (("role", entity.role), ("group", entity.group)):
                if name:
                    found[part][f"{entity.type}/{name}"].append(message.place)
    return found
