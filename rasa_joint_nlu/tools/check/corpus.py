"""The data that is checked, looked at once from each side that several checks need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Callable, Dict, FrozenSet, List, Optional, Sequence, Tuple

from rasa_joint_nlu.core.data import Entity
from rasa_joint_nlu.core.text.segment import Token, normalize, segment
from rasa_joint_nlu.tools.nlu_files import AnnotatedEntity, Message, NluData, Place

Tokenizer = Callable[[str], Sequence[Token]]
Words = Tuple[str, ...]
"""Words as the model looks them up: composed, and in lower case."""

_DIGIT = re.compile(r"\d")

REGEX_EXTRACTOR = "RegexEntityExtractor"

EDGE = ""
"""What stands before the first word of a text and after its last."""


@dataclass(frozen=True)
class Setup:
    """What a config says of the data. `tokenizer` is None where it runs in Rasa only.

    `whole_words` is False where a component looks for lookup tables inside of words, too.
    `found_without_examples` are types of extractors that come trained, such as Duckling's; None if
    there is one that does not say which.
    """

    tokenizer_name: str = "UnicodeTokenizer"
    tokenizer: Optional[Tokenizer] = segment
    language: Optional[str] = None
    components: Optional[Tuple[str, ...]] = None
    whole_words: bool = True
    found_without_examples: Optional[FrozenSet[str]] = frozenset()
    place: Place = Place("config.yml")


@dataclass(frozen=True)
class Domain:
    """The labels of a domain, each with its place; roles and groups by type."""

    intents: Dict[str, Place]
    types: Dict[str, Place]
    parts: Dict[str, Dict[str, Tuple[str, ...]]]
    place: Place


@dataclass(frozen=True)
class Stretch:
    """Words `first` to `last` (exclusive) of a sentence."""

    sentence: Sentence
    first: int
    last: int

    @property
    def value(self) -> Words:
        """Its words."""
        return self.sentence.words[self.first : self.last]

    @property
    def text(self) -> str:
        """As it is written."""
        tokens = self.sentence.tokens
        return self.sentence.message.text[tokens[self.first].start : tokens[self.last - 1].end]

    @property
    def neighbours(self) -> Tuple[str, str]:
        """The word before it and the word after it; of a word in an entity, `<type>`."""
        around = self.sentence.abstract_words
        before = around[self.first - 1] if self.first else EDGE
        return before, around[self.last] if self.last < len(around) else EDGE

    @property
    def second_before(self) -> str:
        """The word before the word before it."""
        return self.sentence.abstract_words[self.first - 2] if self.first > 1 else EDGE


@dataclass(frozen=True)
class Mention(Stretch):
    """An annotated stretch."""

    entity: AnnotatedEntity


class Sentence:
    """A message, cut into words by the rules of `UnicodeTokenizer`."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.tokens = segment(message.text)
        self.words: Words = tuple(normalize(token.text) for token in self.tokens)

    @cached_property
    def plain_words(self) -> Words:
        """Those that have a letter or a digit, in alphabetical order."""
        return tuple(sorted(word for word in self.words if any(map(str.isalnum, word))))

    @cached_property
    def entity_of(self) -> List[Optional[AnnotatedEntity]]:
        """The entity that each word is in, if any."""
        found: List[Optional[AnnotatedEntity]] = [None] * len(self.tokens)
        for entity in self.message.entities:
            for index, token in enumerate(self.tokens):
                if token.start < entity.end and entity.start < token.end:
                    found[index] = entity
        return found

    @cached_property
    def abstract_words(self) -> Words:
        """The words, with `<type>` for each that is in an entity."""
        if not self.message.entities:
            return self.words
        return tuple(
            f"<{entity.type}>" if entity else word
            for word, entity in zip(self.words, self.entity_of)
        )

    @cached_property
    def pattern(self) -> Words:
        """The words, with one `<type>` for each entity."""
        if not self.message.entities:
            return self.words
        found: List[str] = []
        before: Optional[AnnotatedEntity] = None
        for word, entity in zip(self.words, self.entity_of):
            if entity is None:
                found.append(word)
            elif entity is not before:
                found.append(f"<{entity.type}>")
            before = entity
        return tuple(found)

    @cached_property
    def shape(self) -> Words:
        """What stands between blanks, with 0 for each digit, and one sign for any e-mail address.

        Empty where there is neither.
        """
        words = normalize(self.message.text).split()
        shape = tuple("@" if "@" in word else _DIGIT.sub("0", word) for word in words)
        return () if shape == tuple(words) else shape

    @cached_property
    def mentions(self) -> List[Mention]:
        """Its entities that have words."""
        found = []
        for entity in self.message.entities:
            inside = [index for index, of in enumerate(self.entity_of) if of is entity]
            if inside:
                found.append(Mention(self, inside[0], inside[-1] + 1, entity))
        return found


@dataclass(frozen=True)
class Corpus:
    """All that is checked."""

    nlu: NluData
    test: NluData = NluData()
    setup: Setup = Setup()
    domain: Optional[Domain] = None

    @cached_property
    def sentences(self) -> List[Sentence]:
        """The messages that Rasa trains on."""
        return [Sentence(message) for message in self.nlu.distinct_messages()]

    @cached_property
    def test_sentences(self) -> List[Sentence]:
        """The messages of the test data."""
        return [Sentence(message) for message in self.test.distinct_messages()]

    @cached_property
    def mentions(self) -> List[Mention]:
        """All entities of the training data."""
        return [mention for sentence in self.sentences for mention in sentence.mentions]

    @cached_property
    def by_intent(self) -> Dict[str, List[Sentence]]:
        """Sentences by intent, in the order of the files."""
        grouped: Dict[str, List[Sentence]] = {}
        for sentence in self.sentences:
            if sentence.message.intent is not None:
                grouped.setdefault(sentence.message.intent, []).append(sentence)
        return grouped


def intent_of(message: Message) -> str:
    """An intent's whole name, as the file has it.

    Two texts of a retrieval intent may differ in what follows the `/`.
    """
    return message.response_key or message.intent or ""


def label(entity: Entity) -> str:
    """Type, role and group of an entity: `city, role to`."""
    role = f", role {entity.role}" if entity.role else ""
    return entity.type + role + (f", group {entity.group}" if entity.group else "")
