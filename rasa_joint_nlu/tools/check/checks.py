"""All checks that need no model."""

from __future__ import annotations

from typing import Callable, Iterator, List, Tuple

from rasa_joint_nlu.tools.check import entities, labels, resources, texts
from rasa_joint_nlu.tools.check.corpus import Corpus
from rasa_joint_nlu.tools.check.findings import KINDS, LEVELS, Finding

Check = Callable[[Corpus], Iterator[Finding]]

CHECKS: Tuple[Check, ...] = (
    resources.notes,
    texts.empty_texts,
    texts.odd_texts,
    texts.equal_texts,
    texts.equal_words,
    texts.equal_patterns,
    texts.equal_shapes,
    texts.near_texts,
    texts.leaked_texts,
    texts.templates,
    entities.misplaced,
    entities.without_value,
    entities.clashing,
    entities.foreign_names,
    entities.bare_values,
    entities.values_of_two_types,
    entities.patterns_of_two_roles,
    entities.values_of_a_rare_type,
    entities.labels_of_one_value,
    labels.sizes_of_intents,
    labels.out_of_scope,
    labels.labels_of_test,
    labels.labels_of_domain,
    resources.regexes,
    resources.lookup_tables,
    resources.elements_not_found,
    resources.patterns_not_used,
    resources.synonyms,
    resources.tokenizer,
    resources.language,
)


def check(corpus: Corpus) -> List[Finding]:
    """Everything that is found, as `in_order` has it."""
    return in_order([finding for of in CHECKS for finding in of(corpus)])


def in_order(findings: List[Finding]) -> List[Finding]:
    """Findings by level and kind; within a kind in the order in which they were found."""
    codes = list(KINDS)
    return sorted(findings, key=lambda f: (LEVELS.index(f.level), codes.index(f.code)))
