"""What a check can find: each kind with its level, what it does to a model, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Sequence, Tuple

from rasa_joint_nlu.tools.nlu_files import Place

ERROR, WARNING, HINT = LEVELS = ("error", "warning", "hint")
"""Worst first: wrong in any case, most likely wrong, and worth a look."""


@dataclass(frozen=True)
class Kind:
    """A kind of finding. `title` is what was found, `effect` what it does to the model."""

    level: str
    title: str
    effect: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """One thing that was found. `also` are the other places that take part in it."""

    level: str
    code: str
    place: Place
    message: str
    effect: str
    remedy: str
    also: Tuple[Place, ...] = ()


def found(code: str, place: Place, message: str, also: Sequence[Place] = ()) -> Finding:
    """A finding of a kind."""
    kind = KINDS[code]
    return Finding(kind.level, code, place, message, kind.effect, kind.remedy, tuple(also))


_NEVER_LEARNT = "It is not learnt: the model never finds what only it would have taught."

KINDS: Dict[str, Kind] = {
    # Errors
    "text-in-two-intents": Kind(
        ERROR,
        "the same text in two intents",
        "No model can be right about both; the confidence of each falls to a half or less.",
        "Keep the text in one of the intents, or make one intent of the two.",
    ),
    "annotation-outside": Kind(
        ERROR,
        "an annotation that is empty or not inside of its text",
        _NEVER_LEARNT,
        "Correct `start` and `end`: they count characters from 0, and `end` is one past the last.",
    ),
    "annotation-overlap": Kind(
        ERROR,
        "annotations that overlap",
        "A token has one label: of two annotations, one is cut or not learnt.",
        "Keep the one that the bot needs.",
    ),
    "regex-invalid": Kind(
        ERROR,
        "a regex that is none",
        "Rasa stops with an error when it meets it.",
        "Correct the pattern; it is one of Python's `re`.",
    ),
    "label-of-test-unknown": Kind(
        ERROR,
        "a label in the test data that training lacks",
        "Every test of it fails, whatever the model has learnt.",
        "Add examples to the training data, or correct the label.",
    ),
    # Warnings
    "left-out": Kind(
        WARNING,
        "something in the files that is left out or replaced",
        "The model does not learn from it.",
        "Do as the message says.",
    ),
    "text-empty": Kind(
        WARNING,
        "an example without a token",
        "It is left out of the training.",
        "Remove it, or write the text that is missing.",
    ),
    "text-with-markup": Kind(
        WARNING,
        "a text with the rest of an annotation in it",
        "Brackets and label are learnt as words, and the entity is not learnt.",
        'Write `[text](type)` or `[text]{"entity": "type"}`: no blank between, all closed.',
    ),
    "text-garbled": Kind(
        WARNING,
        "a text with characters that a wrong encoding left",
        "The words are learnt as they stand, and users never write them so.",
        "Write the text again, and save the file as UTF-8.",
    ),
    "text-of-mixed-scripts": Kind(
        WARNING,
        "a word with letters of two scripts that look alike",
        "It is another word than the one that it looks like, so that one is not learnt.",
        "Type the word again in one script.",
    ),
    "words-in-two-intents": Kind(
        WARNING,
        "the same words in two intents, with other punctuation, or in another order",
        "Little tells the two apart: the confidence of both falls.",
        "Keep the text in one of the intents, or word the other differently.",
    ),
    "pattern-in-two-intents": Kind(
        WARNING,
        "texts of two intents that differ in the values of their entities alone",
        "The model learns the intent from the values, and guesses for others.",
        "Keep such texts in one of the intents.",
    ),
    "shape-in-two-intents": Kind(
        WARNING,
        "texts of two intents that differ in their digits or e-mail addresses alone",
        "Nothing tells the two apart: the model guesses, and may be sure of it.",
        "Make one intent of the two; a form knows which question it has asked.",
    ),
    "annotated-differently": Kind(
        WARNING,
        "the same text twice, with different annotations",
        "The model learns neither for sure.",
        "Make the annotations equal.",
    ),
    "annotation-with-blanks": Kind(
        WARNING,
        "an annotation that begins or ends with a blank",
        "It does not fit the tokens: what is learnt is other than what is annotated.",
        "Leave the blank outside of the brackets.",
    ),
    "annotation-with-punctuation": Kind(
        WARNING,
        "an annotation that begins or ends with punctuation",
        "The mark is learnt as part of the value, or the annotation does not fit the tokens.",
        "Leave the mark outside of the brackets.",
    ),
    "annotation-misaligned": Kind(
        WARNING,
        "an annotation that does not begin and end with a token",
        "Whole tokens are learnt instead, or nothing with `misaligned_entities: drop`.",
        "Annotate whole words, or use a tokenizer that cuts there (`UnicodeTokenizer`).",
    ),
    "annotation-doubled": Kind(
        WARNING,
        "the same stretch of text annotated twice",
        "A token has one label: only one of them is learnt.",
        "Keep one.",
    ),
    "value-missing": Kind(
        WARNING,
        "an entity in JSON without a value",
        "EntitySynonymMapper learns that its words stand for the text 'None', and says so from "
        "then on.",
        "Give it a `value`: the words themselves, if they stand for nothing else.",
    ),
    "value-bare": Kind(
        WARNING,
        "a value that is annotated in some texts, and bare in others with the same neighbours",
        "The model learns both, and finds the value only now and then.",
        "Annotate it everywhere, or nowhere.",
    ),
    "value-of-two-types": Kind(
        WARNING,
        "a value that has one type here and another there, between the same neighbours",
        "The model guesses which of the types is meant.",
        "Annotate it with one type, or write texts that tell the two apart.",
    ),
    "pattern-of-two-roles": Kind(
        WARNING,
        "texts that are equal but for the values, whose entities have different roles or groups",
        "The model learns the role from the values, and guesses for others.",
        "Annotate them alike, or write texts that tell the roles apart.",
    ),
    "type-of-foreign-name": Kind(
        WARNING,
        "a type whose name is a tag of another format, such as `B-city` or `O`",
        "Each tag is learnt as a type of its own: `B-city` and `I-city` are two.",
        "Export again, or join the tags of an entity to one annotation of the type `city`.",
    ),
    "role-of-foreign-name": Kind(
        WARNING,
        "a role or group that is `O`, or called as its type",
        "It is learnt as a label of its own, and says nothing.",
        "Remove it.",
    ),
    "intent-of-few": Kind(
        WARNING,
        "an intent of fewer than 5 examples",
        "The model knows too few of its wordings, and can be tested on none.",
        "Write more examples, or join the intent to another.",
    ),
    "intent-of-most": Kind(
        WARNING,
        "an intent that has most of the examples",
        "In doubt, the model answers with it.",
        "Write more examples of the others, or split it.",
    ),
    "role-of-one-value": Kind(
        WARNING,
        "a role or group that goes with one value only",
        "The model learns the value in place of what stands around it.",
        "Write examples with other values.",
    ),
    "regex-without-match": Kind(
        WARNING,
        "a regex that matches in no example",
        "Nothing is learnt from it, so a match has no effect.",
        "Correct the pattern, add examples that it matches, or remove it.",
    ),
    "regex-matches-all": Kind(
        WARNING,
        "a regex that matches in nearly all examples, or matches nothing at all everywhere",
        "It tells nothing from nothing.",
        "Make it narrower: `\\b` and `+` in place of `*` often do.",
    ),
    "lookup-without-match": Kind(
        WARNING,
        "a lookup table of which nothing is in any example",
        "The model does not learn what a match means.",
        "Use some of its elements in examples, or remove it.",
    ),
    "lookup-element-not-found": Kind(
        WARNING,
        "an element of a lookup table that Rasa's pattern never finds, or never whole",
        "RegexFeaturizer and RegexEntityExtractor take the first element that fits, and want a "
        "letter or digit at both ends.",
        "Leave the sign at the end out, and put longer elements before shorter ones.",
    ),
    "patterns-not-used": Kind(
        WARNING,
        "regexes or lookup tables without a component that uses them",
        "They have no effect.",
        "Put `RegexFeaturizer` before the component, or remove them.",
    ),
    "synonym-of-a-synonym": Kind(
        WARNING,
        "a synonym whose value is itself a synonym of something else",
        "Rasa looks values up once: who says the first gets the second, not the last.",
        "Let all of them stand for the last value.",
    ),
    "test-text-in-training": Kind(
        WARNING,
        "a text of the test data that is in the training data",
        "The test measures memory, and its figures are too good.",
        "Remove it from one of the two.",
    ),
    "tokenizer-does-not-fit": Kind(
        WARNING,
        "a tokenizer for words between blanks, and texts without such blanks",
        "Whole sentences become one token or none: little can be learnt.",
        "Use `rasa_joint_nlu.UnicodeTokenizer`.",
    ),
    "not-in-domain": Kind(
        WARNING,
        "a label that the domain lacks",
        "Rasa does not let the bot use it, and warns.",
        "Add it to the domain, or correct its name.",
    ),
    "in-domain-only": Kind(
        WARNING,
        "a label of the domain without examples",
        "The model never finds it.",
        "Write examples, or remove it from the domain.",
    ),
    "label-doubted": Kind(
        WARNING,
        "an intent that models find less likely than another (`--folds`, `--model`)",
        "If it is wrong, texts like it are taken for the wrong intent.",
        "Read it: correct the intent, or leave it if it is right.",
    ),
    "annotation-doubted": Kind(
        WARNING,
        "entities that models are sure of and that are annotated otherwise (`--folds`, `--model`)",
        "If they are wrong, the model misses or invents such values.",
        "Read it: correct the annotation, or leave it if it is right.",
    ),
    # Hints
    "near-duplicate-in-two-intents": Kind(
        HINT,
        "texts of two intents that are nearly the same",
        "Few characters tell the two apart: the confidence of both may fall.",
        "Right if the difference is what counts; else keep them in one intent.",
    ),
    "near-duplicate-in-test": Kind(
        HINT,
        "texts of the test data that are nearly in the training data",
        "The test's figures are better than users will find the bot.",
        "Write tests as users do, not from the training data.",
    ),
    "text-repeated": Kind(
        HINT,
        "the same text more than once in an intent",
        "Rasa drops those that are equal in everything, and the others count twice.",
        "Keep one.",
    ),
    "value-of-a-rare-type": Kind(
        HINT,
        "a value that nearly always has one type, and seldom another",
        "If the rare one is a slip, the model learns it all the same.",
        "Correct it, or leave it if the value has two meanings.",
    ),
    "type-of-one-value": Kind(
        HINT,
        "a type with a single value",
        "The model learns the value in place of what stands around it.",
        "Write examples with other values; if there are none, an intent may do.",
    ),
    "synonym-without-match": Kind(
        HINT,
        "synonyms that no example has as an entity",
        "They have an effect only where the model finds them all the same.",
        "Annotate some of them in examples.",
    ),
    "no-out-of-scope": Kind(
        HINT,
        "no intent for what is out of scope",
        "What the bot is not for is told by low confidence alone.",
        "Add an intent `out_of_scope` with texts that users send and the bot cannot answer.",
    ),
    "templated": Kind(
        HINT,
        "most examples with entities follow few patterns",
        "The model is very sure of such sentences and hardly knows others: confidences of real "
        "messages are lower, and a test on such data says little.",
        "Add what users really write.",
    ),
    "language-does-not-fit": Kind(
        HINT,
        "texts in another script than that of the configured language",
        "Components that depend on the language do not fit the texts.",
        "Correct `language` in the config.",
    ),
    "labels-confused": Kind(
        HINT,
        "two intents or types that models confuse often (`--folds`, `--model`)",
        "Messages of one are taken for the other.",
        "Say what tells the two apart, and move examples accordingly; or join them.",
    ),
}
"""By code, in the order in which a report lists them."""
