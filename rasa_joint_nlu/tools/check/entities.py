"""Checks of annotations: where they stand, what they are called, and whether they agree."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Dict, Iterator, List, Optional, Set, Tuple

import regex

from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.text.alignment import align_entities
from rasa_joint_nlu.core.text.segment import segment
from rasa_joint_nlu.tools.check.corpus import Corpus, Mention, Sentence, Stretch, Words, label
from rasa_joint_nlu.tools.check.findings import Finding, found
from rasa_joint_nlu.tools.nlu_files import AnnotatedEntity, Message, Place
from rasa_joint_nlu.tools.wording import cited, counted

RARE, OFTEN = 0.1, 10
"""A type of a value is rare if it has at most so much of the value's mentions, of so many."""
SELDOM = 0.2
"""A value that is annotated less often is taken for a word that may also be a value."""
FEW_LABELLED = 3
"""Mentions that it takes to say that there is only one value."""

_MARKS = ',;:!?、。，；：！？"“”„«»‹›'
_EDGE_MARKS = regex.compile(rf"^\s*[.¡¿{_MARKS}]|[{_MARKS}]\s*$")
_TAG = re.compile(r"[BILUSE]-.+|O|[BI]")


def misplaced(corpus: Corpus) -> Iterator[Finding]:
    """Annotations outside of their texts, with blanks or marks, or that do not fit the tokens."""
    for sentence in corpus.sentences:
        for entity in sentence.message.entities:
            code = _misplacement(entity, sentence.message.text)
            if code:
                yield _of_entity(code, sentence.message, entity)
        yield from _misaligned(sentence, corpus)


def without_value(corpus: Corpus) -> Iterator[Finding]:
    """Annotations in JSON that leave out what the words stand for."""
    for sentence in corpus.sentences:
        for entity in sentence.message.entities:
            if entity.value is None:
                yield _of_entity("value-missing", sentence.message, entity)


def _misplacement(entity: AnnotatedEntity, text: str) -> str:
    surface = text[max(0, entity.start) : entity.end]
    if not (0 <= entity.start < entity.end <= len(text)) or not surface.strip():
        return "annotation-outside"
    if surface != surface.strip():
        return "annotation-with-blanks"
    # A value that is nothing but marks is meant.
    if _EDGE_MARKS.search(surface) and any(map(str.isalnum, surface)):
        return "annotation-with-punctuation"
    return ""


def _misaligned(sentence: Sentence, corpus: Corpus) -> Iterator[Finding]:
    message, tokenizer = sentence.message, corpus.setup.tokenizer
    if tokenizer is None or not message.entities:
        return
    said = [entity for entity in message.entities if _misplacement(entity, message.text)]
    clashing = {id(entity) for pair in _clashes(message) for entity in pair}
    tokens = sentence.tokens if tokenizer is segment else tokenizer(message.text)
    example = Example(message.text, tokens, None, message.entities)
    for misaligned in align_entities(example, True)[1]:
        entity = misaligned.entity
        if entity in said or id(entity) in clashing:
            continue
        touched = [t.text for t in tokens if t.start < entity.end and entity.start < t.end]
        surface = message.text[entity.start : entity.end]
        yield found(
            "annotation-misaligned",
            message.place,
            f"{cited(surface)} ({label(entity)}) in {cited(message.text)}; the tokens there are "
            f"{', '.join(map(cited, touched)) or 'none'}",
        )


def clashing(corpus: Corpus) -> Iterator[Finding]:
    """Annotations that overlap, or are there twice."""
    for message in (sentence.message for sentence in corpus.sentences):
        for first, second in _clashes(message):
            equal = (first.start, first.end) == (second.start, second.end)
            surfaces = [cited(message.text[e.start : e.end]) for e in (first, second)]
            yield found(
                "annotation-doubled" if equal else "annotation-overlap",
                message.place,
                f"{surfaces[0]} ({label(first)}) and {surfaces[1]} ({label(second)}) in "
                f"{cited(message.text)}",
            )


def _clashes(message: Message) -> List[Tuple[AnnotatedEntity, AnnotatedEntity]]:
    entities = sorted(message.entities, key=lambda entity: (entity.start, entity.end))
    return [
        (first, second)
        for first, second in zip(entities, entities[1:])
        if second.start < first.end and first.extractor == second.extractor
    ]


def foreign_names(corpus: Corpus) -> Iterator[Finding]:
    """Types, roles and groups that an export of another tool has left."""
    seen: Dict[Tuple[str, str], List[Mention]] = defaultdict(list)
    for mention in corpus.mentions:
        entity = mention.entity
        if _TAG.fullmatch(entity.type):
            seen["type-of-foreign-name", f"the type '{entity.type}'"].append(mention)
        for part, name in (("role", entity.role), ("group", entity.group)):
            if name and (name == "O" or name == entity.type):
                text = f"the {part} '{name}' of the type '{entity.type}'"
                seen["role-of-foreign-name", text].append(mention)
    for (code, text), mentions in seen.items():
        yield found(
            code,
            _place(mentions[0]),
            f"{text}, {counted(len(mentions), 'time')}, such as {cited(mentions[0].text)}",
            [_place(mention) for mention in mentions[1:]],
        )


def bare_values(corpus: Corpus) -> Iterator[Finding]:
    """Values that are annotated here and bare there, in contexts that are alike.

    Alike are those of the neighbours of some value of the type, in an intent that has the type.
    """
    contexts: Dict[str, Set[Tuple[str, str]]] = defaultdict(set)
    intents: Dict[str, Set[Optional[str]]] = defaultdict(set)
    annotated: Dict[Words, Dict[str, List[Mention]]] = defaultdict(lambda: defaultdict(list))
    for mention in corpus.mentions:
        contexts[mention.entity.type].add(mention.neighbours)
        intents[mention.entity.type].add(mention.sentence.message.intent)
        annotated[mention.value][mention.entity.type].append(mention)
    bare: Dict[Tuple[Words, str], List[Stretch]] = defaultdict(list)
    for stretch in _bare_stretches(corpus, set(annotated)):
        for kind in annotated[stretch.value]:
            intent = stretch.sentence.message.intent
            if stretch.neighbours in contexts[kind] and intent in intents[kind]:
                bare[stretch.value, kind].append(stretch)
    for (value, kind), stretches in sorted(bare.items(), key=lambda item: -len(item[1])):
        there = annotated[value][kind]
        if len(there) < SELDOM * (len(there) + len(stretches)):
            continue
        first = stretches[0]
        yield found(
            "value-bare",
            _place(first),
            f"{cited(first.text)} is annotated as '{kind}' {counted(len(there), 'time')} and bare "
            f"{counted(len(stretches), 'time')}, such as in {cited(first.sentence.message.text)}",
            [*map(_place, stretches[1:]), _place(there[0])],
        )


def _bare_stretches(corpus: Corpus, values: Set[Words]) -> Iterator[Stretch]:
    """Where values stand without an annotation; of those that begin at a word, the longest."""
    lengths: Dict[str, List[int]] = defaultdict(list)
    for value in sorted(values, key=len, reverse=True):
        if len(value) not in lengths[value[0]]:
            lengths[value[0]].append(len(value))
    for sentence in corpus.sentences:
        words, first = sentence.words, 0
        while first < len(words):
            last = first + 1
            for length in lengths.get(words[first], ()):
                end = first + length
                if end > len(words):
                    continue
                if words[first:end] in values and not any(sentence.entity_of[first:end]):
                    yield Stretch(sentence, first, end)
                    last = end
                    break
            first = last


def values_of_two_types(corpus: Corpus) -> Iterator[Finding]:
    """Values that have two types between the same neighbours: two words before, one after."""
    groups: Dict[Tuple[Words, Words], Dict[str, List[Mention]]] = {}
    for mention in corpus.mentions:
        around = (mention.second_before, *mention.neighbours)
        group = groups.setdefault((mention.value, around), {})
        group.setdefault(mention.entity.type, []).append(mention)
    told: Set[Tuple[object, ...]] = set()
    for (value, _), kinds in groups.items():
        key = (value, *sorted(kinds))
        if len(kinds) > 1 and key not in told:
            told.add(key)
            by_times = sorted(kinds.items(), key=lambda item: len(item[1]))
            rarest = by_times[0][1][0]
            shown = [f"'{kind}' {counted(len(there), 'time')}" for kind, there in by_times]
            yield found(
                "value-of-two-types",
                _place(rarest),
                f"{cited(rarest.text)} is {' and '.join(shown)}, in texts such as "
                f"{cited(rarest.sentence.message.text)}",
                [_place(there[0]) for _, there in by_times[1:]],
            )


def patterns_of_two_roles(corpus: Corpus) -> Iterator[Finding]:
    """Texts that are equal but for the values, and whose entities have different roles."""
    groups: Dict[Words, Dict[Tuple[str, ...], List[Sentence]]] = {}
    for sentence in corpus.sentences:
        if sentence.mentions:
            roles = tuple(label(mention.entity) for mention in sentence.mentions)
            groups.setdefault(sentence.pattern, {}).setdefault(roles, []).append(sentence)
    for pattern, by_roles in groups.items():
        firsts = [sentences[0] for sentences in by_roles.values()]
        if len({sentence.words for sentence in firsts}) > 1:
            shown = [
                f"'{'; '.join(roles)}' {counted(len(sentences), 'time')}"
                for roles, sentences in by_roles.items()
            ]
            yield found(
                "pattern-of-two-roles",
                firsts[-1].message.place,
                f"{cited(' '.join(pattern))} is annotated as {' and '.join(shown)}",
                [sentence.message.place for sentence in firsts[:-1]],
            )


def values_of_a_rare_type(corpus: Corpus) -> Iterator[Finding]:
    """Values that nearly always have one type, and seldom another."""
    by_value: Dict[Words, Dict[str, List[Mention]]] = defaultdict(lambda: defaultdict(list))
    for mention in corpus.mentions:
        by_value[mention.value][mention.entity.type].append(mention)
    for kinds in by_value.values():
        total = sum(map(len, kinds.values()))
        usual = max(kinds, key=lambda kind: len(kinds[kind]))
        for kind, mentions in kinds.items():
            if kind != usual and total >= OFTEN and len(mentions) <= RARE * total:
                first = mentions[0]
                yield found(
                    "value-of-a-rare-type",
                    _place(first),
                    f"{cited(first.text)} is '{kind}' {counted(len(mentions), 'time')} and "
                    f"'{usual}' {counted(len(kinds[usual]), 'time')}; here in "
                    f"{cited(first.sentence.message.text)}",
                    [_place(mention) for mention in mentions[1:]],
                )


def labels_of_one_value(corpus: Corpus) -> Iterator[Finding]:
    """Types, and roles and groups of types with several values, that go with one value only."""
    values: Dict[Tuple[str, str], Counter[Words]] = defaultdict(Counter)
    firsts: Dict[Tuple[str, str], Mention] = {}
    for mention in corpus.mentions:
        entity = mention.entity
        parts = ("", f"role '{entity.role}'" * bool(entity.role))
        for part in {*parts, f"group '{entity.group}'" * bool(entity.group)}:
            values[entity.type, part][mention.value] += 1
            firsts.setdefault((entity.type, part), mention)
    for (kind, part), counts in values.items():
        if len(counts) > 1 or sum(counts.values()) < FEW_LABELLED:
            continue
        if part and len(values[kind, ""]) == 1:
            continue
        first = firsts[kind, part]
        name = f"the {part} of '{kind}'" if part else f"the type '{kind}'"
        yield found(
            "role-of-one-value" if part else "type-of-one-value",
            _place(first),
            f"{name} is {cited(first.text)} each of {sum(counts.values())} times",
        )


def _of_entity(code: str, message: Message, entity: AnnotatedEntity) -> Finding:
    surface = message.text[max(0, entity.start) : max(0, entity.end)]
    return found(
        code,
        message.place,
        f"{cited(surface)} ({label(entity)}, {entity.start} to {entity.end}) in "
        f"{cited(message.text)}",
    )


def _place(stretch: Stretch) -> Place:
    return stretch.sentence.message.place
