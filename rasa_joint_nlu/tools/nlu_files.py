"""The one reader of NLU data: Rasa's files (YAML, JSON, folders of them), without Rasa.

What Rasa 3.6 reads is read as Rasa reads it, what it refuses is refused, and what it would leave
out is left out with a note that names it. Format: https://rasa.com/docs/rasa/training-data-format.

>>> from pathlib import Path
>>> data = read_nlu([Path("example_bot/data")])
>>> len(data.notes), data.messages[0].text, data.messages[0].intent
(0, 'hi', 'greet')
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import (
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    Union,
)

from rasa_joint_nlu.core.data import Entity
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.yaml_files import Text, parse_yaml, read_text

Value = Union[str, int, float]
"""What an entity or a synonym stands for; nearly always a text."""

FORMAT_VERSION = (3, 1)
"""The newest format of training data that Rasa 3.6 reads."""

SUFFIXES = (".yml", ".yaml", ".json")
_STRIPPED = "\n\r "
_KEYS_OF_DOMAINS = (
    "intents entities slots forms actions e2e_actions responses session_config config"
)
_KEYS_OF_BOTS = "stories rules flows e2e_tests recipe language pipeline policies importers"
_OTHER_KEYS = frozenset(f"version assistant_id {_KEYS_OF_DOMAINS} {_KEYS_OF_BOTS}".split())
"""Keys of Rasa's files that are not about NLU: leaving them out takes no note."""

_ANNOTATION = re.compile(
    r"""
    \[ (?P<text> [^\]]+ ) \]
    (?: \( (?P<type> [^:)]+ ) (?: : (?P<value> [^)]+ ) )? \)
      | \{ (?P<attributes> [^}]+ ) \}
      | \[ (?P<several> [^\]\n]* ) \]
    )
    """,
    re.VERBOSE,
)
"""`[text](type)`, `[text](type:value)`, `[text]{"entity": …}`, `[text][{…}, {…}]`."""

_ATTRIBUTES = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True)
class Place:
    """Where something stands: a file, and a line (from 1) where the format tells."""

    file: str
    line: Optional[int] = None

    def __str__(self) -> str:
        return f"'{self.file}'" if self.line is None else f"'{self.file}', line {self.line}"


@dataclass(frozen=True)
class Note:
    """Something that was left out, and why."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True)
class AnnotatedEntity(Entity):
    """An entity of a training message.

    `value` is what it stands for, None where JSON gives none; `extractor` the component it is
    meant for, None for any.
    """

    value: Optional[Value] = None
    extractor: Optional[str] = None


@dataclass(frozen=True)
class Message:
    """A training message. `intent` is None where there is none.

    `response_key` is the whole name of a retrieval intent such as `faq/hours`, whose `intent` is
    `faq`. `metadata` has what stands under `metadata` of the `intent` and of the `example`.
    """

    text: str
    intent: Optional[str]
    entities: Tuple[AnnotatedEntity, ...]
    place: Place
    response_key: Optional[str] = None
    metadata: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Synonym:
    """A text that stands for a value."""

    text: str
    value: Value
    place: Place


@dataclass(frozen=True)
class Regex:
    """A named pattern; several may have one name."""

    name: str
    pattern: str
    place: Place


@dataclass(frozen=True)
class LookupTable:
    """A named list of texts. `file` is the one they were read from, if it was another."""

    name: str
    elements: Tuple[str, ...]
    place: Place
    file: Optional[str] = None


@dataclass(frozen=True)
class NluData:
    """All that was read, in the order of the files; `notes` say what was not."""

    messages: Tuple[Message, ...] = ()
    synonyms: Tuple[Synonym, ...] = ()
    regexes: Tuple[Regex, ...] = ()
    lookup_tables: Tuple[LookupTable, ...] = ()
    notes: Tuple[Note, ...] = ()

    def distinct_messages(self) -> List[Message]:
        """The messages that Rasa trains on: the first of those that are alike in everything."""
        distinct: Dict[Tuple[Any, ...], Message] = {}
        for message in self.messages:
            distinct.setdefault(_identity(message), message)
        return list(distinct.values())

    def values_of_synonyms(self) -> Dict[str, Value]:
        """What each synonym stands for; where two differ, the later counts."""
        return {synonym.text: synonym.value for synonym in self.synonyms}


def _identity(message: Message) -> Tuple[Any, ...]:
    entities = [
        (e.start, e.end, e.type, e.role, e.group, str(e.value), e.extractor)
        for e in message.entities
    ]
    metadata = json.dumps(_with_texts_for_keys(message.metadata), sort_keys=True, default=str)
    return message.text, message.intent, message.response_key, tuple(entities), metadata


def _with_texts_for_keys(value: Any) -> Any:
    """Metadata whose keys can be sorted: in YAML, one mapping may have texts, numbers and dates."""
    if isinstance(value, Mapping):
        return {str(key): _with_texts_for_keys(inner) for key, inner in value.items()}
    return list(map(_with_texts_for_keys, value)) if isinstance(value, list) else value


def read_nlu(paths: Sequence[Path]) -> NluData:
    """Read files, and the NLU files among those of folders and their folders.

    Raises:
        InputError: if there are none, or one cannot be read; with file and line.
    """
    collected = _Collected()
    found = False
    for path, is_named in _candidates(paths):
        found |= _read_file(path, is_named, collected)
    if not found:
        if collected.notes:
            raise InputError(f"There are no NLU files that are read: {collected.notes[0]}")
        names = ", ".join(f"'{path}'" for path in paths)
        raise InputError(
            f"There are no NLU files in {names}; one is a .yml or .yaml file with the key 'nlu' at "
            f"the begin of a line, or Rasa NLU JSON."
        )
    return collected.data()


def _candidates(paths: Sequence[Path]) -> List[Tuple[Path, bool]]:
    """Files that may have NLU data, each once, as Rasa sorts them; and whether they were named."""
    files: Dict[str, Tuple[Path, bool]] = {}
    for path in paths:
        if path.is_dir():
            for file in _files_of(path):
                files.setdefault(os.path.abspath(file), (file, False))
        elif not path.exists():
            raise InputError(f"There is no '{path}'; name NLU files or folders with such.")
        elif path.suffix not in SUFFIXES:
            raise InputError(f"'{path}' is no NLU file by its name; it must end in .yml or .json.")
        else:
            files[os.path.abspath(path)] = (path, True)
    return [files[name] for name in sorted(files)]


def _files_of(folder: Path) -> Iterator[Path]:
    visited = set()
    for name, folders, files in os.walk(folder, followlinks=True):
        visited.add(os.path.realpath(name))
        # A link to a folder above would lead round for ever.
        folders[:] = [f for f in folders if os.path.realpath(os.path.join(name, f)) not in visited]
        for file in files:
            path = Path(name, file)
            if path.suffix in SUFFIXES and path.is_file():
                yield path


def _read_file(path: Path, is_named: bool, into: _Collected) -> bool:
    """Read a file if it has NLU data, and return whether it has.

    Raises:
        InputError: if it is wrong, or has none although it was named.
    """
    content = read_text(path)
    place = Place(str(path))
    parsed = _parsed_json(content)
    if parsed is not None:
        problem = of_another_tool(parsed, path)
        if problem is None and "rasa_nlu_data" in parsed:
            _JsonReader(place, into).read(parsed)
            return True
        if problem:
            if is_named:
                raise InputError(f"{place}: {problem}")
            into.note(place, problem)
            return False
    elif path.suffix != ".json" and _has_key(content.lstrip("\ufeff"), "nlu", "responses"):
        if not _has_key(content, "nlu", "responses"):
            into.note(place, "a byte order mark comes before its first key; Rasa takes no file so.")
        _YamlReader(place, into).read(parse_yaml(content, path))
        return True
    if is_named:
        raise InputError(
            f"{place} has no NLU data: no line of it begins with 'nlu:'; name a file of Rasa NLU "
            f"data, or a folder with such."
        )
    return False


def _parsed_json(content: str) -> Optional[Dict[str, Any]]:
    if content.lstrip()[:1] != "{":
        return None
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def of_another_tool(js: Mapping[str, Any], path: Path) -> Optional[str]:
    """What is said of a JSON file that another tool has written; None of any other."""
    tool = _foreign_format(js, path)
    if tool is None:
        return None
    problem = (
        f"this is in the format of {tool}, which is not read; convert it with 'rasa data convert "
        f"nlu --format yaml'."
    )
    # Rasa 3.6.21 and Pro 3.21.0 lose them without a word (nlu/training_data/formats/luis.py).
    lists = js.get("closedLists") if tool == "LUIS" else None
    lists = lists if isinstance(lists, list) else []
    names = [str(each.get("name")) for each in lists if isinstance(each, dict)]
    if names:
        problem += (
            f" That leaves out its lists ({', '.join(names)}): copy them as lookup tables and "
            f"synonyms."
        )
    return problem


def _foreign_format(js: Mapping[str, Any], path: Path) -> Optional[str]:
    """The other tool that a JSON file is of, in the order in which Rasa guesses."""
    if "luis_schema_version" in js:
        return "LUIS"
    if "utterances" in js:
        return "wit.ai"
    if "rasa_nlu_data" in js:
        return None
    is_dialogflow = (
        any(key in js for key in ("supportedLanguages", "responses", "isEnum"))
        or list(js) == ["version"]
        or any(part in str(path) for part in ("_usersays_", "_entries_"))
    )
    return "Dialogflow" if is_dialogflow else None


def _has_key(content: str, *keys: str) -> bool:
    starts = tuple(f"{key}:" for key in keys)
    return any(line.lstrip().startswith(starts) for line in content.split("\n"))


class _Collected:
    """What was read so far."""

    def __init__(self) -> None:
        self.messages: List[Message] = []
        self.synonyms: List[Synonym] = []
        self.regexes: List[Regex] = []
        self.lookup_tables: List[LookupTable] = []
        self.notes: List[Note] = []
        self._values: Dict[str, Value] = {}

    def note(self, place: Place, text: str) -> None:
        """Say what was left out."""
        self.notes.append(Note(place, text))

    def add_synonym(self, text: str, value: Value, place: Place) -> None:
        """Add a synonym, and note if it takes the place of another."""
        before = self._values.setdefault(text, value)
        if before != value:
            self.note(
                place,
                f"'{text}' stands for '{value}' here and for '{before}' before; the last counts.",
            )
        self._values[text] = value
        self.synonyms.append(Synonym(text, value, place))

    def data(self) -> NluData:
        """All of it; regexes by name and pattern, the order in which Rasa learns them."""
        return NluData(
            tuple(self.messages),
            tuple(self.synonyms),
            tuple(sorted(self.regexes, key=lambda regex: f"{regex.name}+{regex.pattern}")),
            tuple(self.lookup_tables),
            tuple(self.notes),
        )


def _names_of(intent: str, place: Place) -> Tuple[Optional[str], Optional[str]]:
    """An intent's name and, of a retrieval intent, the whole name."""
    name, *keys = intent.split("/")
    if len(keys) > 1:
        raise InputError(f"{place}: the intent '{intent}' has more than one '/'; leave one.")
    return name.strip() or None, intent if keys and keys[0] else None


class _Attributes(NamedTuple):
    """What an annotation says of its text."""

    type: str
    value: Value
    role: Optional[str] = None
    group: Optional[str] = None


class _YamlReader:
    """Reads one YAML file."""

    def __init__(self, place: Place, into: _Collected) -> None:
        self._file, self._into = place.file, into
        self._tables: Dict[str, Tuple[List[str], Place]] = {}

    def read(self, content: Any) -> None:
        """Read all of the file's data."""
        if not isinstance(content, dict):
            raise self._wrong(None, "the file must be a mapping with the key 'nlu'")
        key = next((key for key in content if key == "version"), None)
        if key is not None and not self._is_readable_version(key, content[key]):
            return
        for key in content:
            if key != "nlu" and key not in _OTHER_KEYS and not str(key).startswith("regex;"):
                self._note(key, f"the key '{key}' is none of Rasa's and is left out.")
        items = content.get("nlu")
        if items is not None and not isinstance(items, list):
            raise self._wrong(items, "under 'nlu' there must be a list")
        for item in items or ():
            self._read_item(item)
        for name, (elements, place) in self._tables.items():
            self._into.lookup_tables.append(LookupTable(name, tuple(elements), place))

    def _is_readable_version(self, key: Text, version: Any) -> bool:
        if version is None:
            return True
        if not isinstance(version, Text):
            raise self._wrong(key, f"'version: {version}' must be a text: put it in quotes")
        numbers = re.match(r"[\"']*v?(\d+)(?:\.(\d+))?", version.strip())
        if numbers and (int(numbers[1]), int(numbers[2] or 0)) > FORMAT_VERSION:
            self._note(version, f"the file is left out: its format {version} is above 3.1.")
            return False
        return True

    def _read_item(self, item: Any) -> None:
        readers: Dict[str, Callable[[Text, Dict[Any, Any]], None]] = {
            "intent": self._read_intent,
            "synonym": self._read_synonyms,
            "regex": self._read_regexes,
            "lookup": self._read_lookup_table,
        }
        if not isinstance(item, dict):
            raise self._wrong(item, f"'{item}' must have an intent, synonym, regex or lookup")
        kinds = [key for key in item if key in readers]
        kind = kinds[0] if kinds else "intent"
        allowed = {kind, "examples"} | ({"metadata"} if kind == "intent" else set())
        for key in item:
            if key not in allowed:
                raise self._wrong(
                    key, f"'{key}' cannot stand beside '{kind}'; allowed are {sorted(allowed)}"
                )
        if not kinds:
            self._note(next(iter(item), None), "an item without an intent is left out.")
            return
        name = item[kind]
        if name is not None and not isinstance(name, Text):
            raise self._wrong(name, f"'{kind}: {name}' must be a text: put it in quotes", item)
        if not name:
            self._note(next(iter(item)), f"this '{kind}' has no name and is left out.")
            return
        readers[kind](name, item)

    def _read_intent(self, intent: Text, item: Dict[Any, Any]) -> None:
        examples = item.get("examples", "")
        found = (
            self._listed(examples, intent)
            if isinstance(examples, list)
            else [(line, number, None) for line, number in self._lines(examples, intent)]
        )
        if not found:
            self._note(intent, f"the intent '{intent}' has no examples.")
        for text, number, metadata in found:
            place = self._at(number)
            plain, entities = self._annotated(text, place)
            for entity in entities:
                surface = plain[entity.start : entity.end]
                assert entity.value is not None
                if surface != entity.value:
                    self._into.add_synonym(surface, entity.value, place)
            name, response_key = _names_of(intent, place)
            both = {"intent": item.get("metadata"), "example": metadata}
            kept = {key: value for key, value in both.items() if value is not None}
            self._into.messages.append(
                Message(plain, name, tuple(entities), place, response_key, kept)
            )

    def _listed(self, examples: List[Any], intent: Text) -> List[Tuple[str, int, Any]]:
        """`(text, line, metadata)` of examples that are a list of mappings."""
        found = []
        line = intent.first_line
        for example in examples:
            if not isinstance(example, dict):
                raise self._wrong(
                    example,
                    f"the example '{example}' of a list must be 'text: {example}'",
                    intent,
                )
            text = example.get("text", "")
            for key in example:
                line = key.first_line if isinstance(key, Text) else line
                if key not in ("text", "metadata"):
                    raise self._wrong(key, f"an example has text and metadata, and no '{key}'")
            if text != "" and not isinstance(text, Text):
                raise self._wrong(
                    next(iter(example)), f"'text: {text}' must be a text: put it in quotes"
                )
            if example:
                line = text.first_line if isinstance(text, Text) else line
                found.append((str(text).strip(_STRIPPED), line, example.get("metadata")))
        return found

    def _read_synonyms(self, value: Text, item: Dict[Any, Any]) -> None:
        for text, line in self._needed_lines("synonym", value, item):
            self._into.add_synonym(text, str(value), self._at(line))

    def _read_regexes(self, name: Text, item: Dict[Any, Any]) -> None:
        for pattern, line in self._needed_lines("regex", name, item):
            self._into.regexes.append(Regex(str(name), pattern, self._at(line)))

    def _read_lookup_table(self, name: Text, item: Dict[Any, Any]) -> None:
        for element, line in self._needed_lines("lookup", name, item):
            self._tables.setdefault(name, ([], self._at(line)))[0].append(element)

    def _needed_lines(self, kind: str, name: Text, item: Dict[Any, Any]) -> List[Tuple[str, int]]:
        lines = self._lines(item.get("examples") or "", name)
        if not lines:
            self._note(name, f"the {kind} '{name}' has no examples.")
        return lines

    def _lines(self, examples: Any, name: Text) -> List[Tuple[str, int]]:
        """`(text, line)` of the examples of a block whose lines begin with a dash."""
        if examples is None or examples == "":
            return []
        if not isinstance(examples, Text):
            raise self._wrong(
                examples,
                f"the examples of '{name}' must be a block after '|' whose lines begin with '-'",
                name,
            )
        found = []
        for number, line in examples.numbered_lines():
            if line.startswith("-"):
                found.append((line[1:].strip(_STRIPPED), number))
            elif line.strip():
                self._into.note(
                    self._at(number),
                    f"'{line.strip()}' does not begin with '-' where the others of '{name}' do, "
                    f"and is left out.",
                )
        return found

    def _annotated(self, text: str, place: Place) -> Tuple[str, List[AnnotatedEntity]]:
        """An example without its annotations, and what they say."""
        if "[" not in text:
            return text, []
        plain: List[str] = []
        entities: List[AnnotatedEntity] = []
        length = done = 0
        for match in _ANNOTATION.finditer(text):
            before, surface = text[done : match.start()], match["text"]
            plain += before, surface
            start = length + len(before)
            length, done = start + len(surface), match.end()
            if match["type"]:
                value: Value = match["value"] or surface
                found = [_Attributes(match["type"], value)]
            else:
                given = (
                    [match["attributes"]]
                    if match["attributes"]
                    else _ATTRIBUTES.findall(match["several"])
                )
                found = [self._attributes(attributes, surface, place) for attributes in given]
            entities += [
                AnnotatedEntity(start, length, of.type, of.role or None, of.group or None, of.value)
                for of in found
            ]
        plain.append(text[done:])
        return "".join(plain), entities

    def _attributes(self, attributes: str, surface: str, place: Place) -> _Attributes:
        """What an annotation says in braces."""
        shown = f"[{surface}]{{{attributes}}}"
        try:
            given = json.loads(f"{{{attributes}}}")
        except ValueError as error:
            raise InputError(
                f"{place}: '{shown}' is no JSON in its braces ({error}); write it like "
                f'[Rome]{{"entity": "city", "role": "from"}}.'
            ) from error
        _check_entity(given, f"{place}: '{shown}'")
        unknown = sorted(given.keys() - {"entity", "role", "group", "value"})
        if unknown:
            self._into.note(place, f"{unknown} of '{shown}' are left out.")
        value = given.get("value", surface)
        return _Attributes(given["entity"], value, given.get("role"), given.get("group"))

    def _at(self, line: Optional[int]) -> Place:
        return Place(self._file, line)

    def _note(self, near: Any, text: str) -> None:
        self._into.note(self._at(_line_of(near)), text)

    def _wrong(self, near: Any, problem: str, otherwise: Any = None) -> InputError:
        line = _line_of(near)
        place = self._at(_line_of(otherwise) if line is None else line)
        return InputError(f"{place}: {problem}. Rasa refuses this, too.")


def _line_of(value: Any) -> Optional[int]:
    """The line of the first text in a value of a YAML file."""
    if isinstance(value, Text):
        return value.first_line
    if isinstance(value, (dict, list)):
        return next((line for line in map(_line_of, value) if line is not None), None)
    return None


def _check_entity(entity: Mapping[str, Any], where: str) -> None:
    """Raise an error unless an entity's attributes have the types that Rasa asks for."""
    if not isinstance(entity.get("entity"), str):
        raise InputError(f"{where} needs an 'entity': the type, as a text.")
    for key in ("role", "group"):
        if key in entity and not isinstance(entity[key], str):
            raise InputError(f"{where}: the {key} must be a text: put it in quotes.")
    value = entity.get("value", "")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise InputError(f"{where}: the value must be a text or a number.")


class _JsonReader:
    """Reads one file in Rasa's JSON format."""

    _KEYS = ("common_examples", "entity_synonyms", "regex_features", "lookup_tables")
    _OF_MESSAGES = ("text", "intent", "entities", "metadata")
    _OF_ENTITIES = ("entity", "start", "end", "value", "role", "group", "extractor", "processors")

    def __init__(self, place: Place, into: _Collected) -> None:
        self._place, self._into = place, into

    def read(self, content: Dict[str, Any]) -> None:
        """Read all of the file's data."""
        if len(content) > 1:
            raise self._wrong("beside 'rasa_nlu_data' there must be nothing")
        data = content["rasa_nlu_data"]
        if not isinstance(data, dict):
            raise self._wrong("'rasa_nlu_data' must be an object")
        for key in data:
            if key not in self._KEYS:
                self._into.note(self._place, f"'{key}' of 'rasa_nlu_data' is left out.")
        for read, key in zip(
            (self._read_message, self._read_synonym, self._read_regex, self._read_lookup_table),
            self._KEYS,
        ):
            items = data.get(key, [])
            if not isinstance(items, list):
                raise self._wrong(f"'{key}' must be a list")
            for number, item in enumerate(items):
                where = f"{key}[{number}]"
                if not isinstance(item, dict):
                    raise self._wrong(f"{where} must be an object")
                read(item, where)

    def _read_message(self, item: Dict[str, Any], where: str) -> None:
        text, intent, entities = item.get("text", ""), item.get("intent", ""), item.get("entities")
        if not isinstance(text, str) or not isinstance(intent, str):
            raise self._wrong(f"text and intent of {where} must be texts")
        if not isinstance(entities or [], list):
            raise self._wrong(f"the entities of {where} must be a list")
        self._name_unknown(item, self._OF_MESSAGES, where)
        name, response_key = _names_of(intent, self._place) if intent else (None, None)
        metadata = item.get("metadata")
        self._into.messages.append(
            Message(
                text,
                name,
                tuple(self._entity(entity, where) for entity in entities or []),
                self._place,
                response_key,
                metadata if isinstance(metadata, dict) else {},
            )
        )

    def _entity(self, entity: Any, where: str) -> AnnotatedEntity:
        where = f"an entity of {where}"
        if not isinstance(entity, dict):
            raise self._wrong(f"{where} must be an object")
        _check_entity(entity, f"{self._place}: {where}")
        if not all(
            isinstance(entity.get(key), (int, float)) and int(entity[key]) == entity[key]
            for key in ("start", "end")
        ):
            raise self._wrong(f"{where} needs 'start' and 'end': whole numbers")
        shown = [key for key in entity if not key.startswith("confidence")]
        self._name_unknown(shown, self._OF_ENTITIES, where)
        return AnnotatedEntity(
            int(entity["start"]),
            int(entity["end"]),
            entity["entity"],
            entity.get("role") or None,
            entity.get("group") or None,
            entity.get("value"),
            entity.get("extractor"),
        )

    def _read_synonym(self, item: Dict[str, Any], where: str) -> None:
        value, texts = item.get("value"), item.get("synonyms")
        if value is None or not isinstance(texts, list):
            raise self._wrong(f"{where} needs a 'value' and a list of 'synonyms'")
        self._name_unknown(item, ("value", "synonyms"), where)
        for text in texts:
            self._into.add_synonym(str(text), value, self._place)

    def _read_regex(self, item: Dict[str, Any], where: str) -> None:
        name, pattern = item.get("name"), item.get("pattern")
        if not isinstance(name, str) or not isinstance(pattern, str):
            raise self._wrong(f"{where} needs a 'name' and a 'pattern', as texts")
        self._name_unknown(item, ("name", "pattern"), where)
        self._into.regexes.append(Regex(name, pattern, self._place))

    def _read_lookup_table(self, item: Dict[str, Any], where: str) -> None:
        name, elements = item.get("name"), item.get("elements")
        self._name_unknown(item, ("name", "elements"), where)
        file = None
        if isinstance(elements, str):
            file = elements
            elements = [line.strip() for line in self._lookup_file(elements).split("\n")]
            elements = [element for element in elements if element]
        if not isinstance(name, str) or not isinstance(elements, list):
            raise self._wrong(f"{where} needs a 'name', and 'elements': a list or a file's name")
        if not all(isinstance(element, str) for element in elements):
            raise self._wrong(f"the elements of {where} must be texts")
        self._into.lookup_tables.append(LookupTable(name, tuple(elements), self._place, file))

    def _lookup_file(self, name: str) -> str:
        try:
            return read_text(Path(name))
        except InputError as error:
            raise self._wrong(
                f"the lookup table '{name}' cannot be read ({error}); its name counts from the "
                f"folder in which the command runs"
            ) from error

    def _name_unknown(self, keys: Any, known: Sequence[str], where: str) -> None:
        unknown = [key for key in keys if key not in known]
        if unknown:
            self._into.note(self._place, f"{unknown} of {where} are left out.")

    def _wrong(self, problem: str) -> InputError:
        return InputError(f"{self._place}: {problem}.")
