"""What `check` reads beside NLU files: a config and a domain."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence, Set, Tuple

from rasa_joint_nlu.core.errors import ConfigError
from rasa_joint_nlu.core.text.segment import Token
from rasa_joint_nlu.core.text.tokenizer_options import token_pattern
from rasa_joint_nlu.core.text.whitespace import split_tokens
from rasa_joint_nlu.tools.check.corpus import REGEX_EXTRACTOR, Domain, Setup, Tokenizer
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.nlu_files import SUFFIXES, Place
from rasa_joint_nlu.tools.pipeline import TOKENIZERS, entries_of
from rasa_joint_nlu.tools.train import LEARN_ANNOTATIONS
from rasa_joint_nlu.tools.yaml_files import Text, read_yaml


def read_setup(config: Optional[Path]) -> Setup:
    """What a config says of tokenizer, language and components.

    Raises:
        InputError: if it cannot be read.
    """
    if config is None:
        return Setup()
    content = read_yaml(config)
    entries = entries_of(content, config)
    kinds = [entry["name"].rpartition(".")[2] for entry in entries]
    names = [kind for kind in kinds if kind.endswith("Tokenizer")]
    # One of a bot's own may have any name.
    name, tokenizer = "Another tokenizer", None
    if names:
        name, tokenizer = names[0], _tokenizer(names[0], entries[kinds.index(names[0])], config)
    language = content.get("language")
    return Setup(
        name,
        tokenizer,
        language if isinstance(language, str) else None,
        tuple(kinds),
        all(entry.get("use_word_boundaries", True) for entry in entries),
        _found_without_examples(entries),
        Place(str(config)),
    )


def _found_without_examples(entries: Sequence[Mapping[str, Any]]) -> Optional[FrozenSet[str]]:
    """The types that extractors find which learn from no example; None: some do not say which."""
    found: Set[str] = set()
    for entry in entries:
        kind = entry["name"].rpartition(".")[2]
        if kind.endswith("Extractor") and kind not in (*LEARN_ANNOTATIONS, REGEX_EXTRACTOR):
            types = entry.get("dimensions")
            if not isinstance(types, list):
                return None
            found.update(map(str, types))
    return frozenset(found)


def _tokenizer(kind: str, entry: Mapping[str, Any], config: Path) -> Optional[Tokenizer]:
    cut, pattern = TOKENIZERS.get(kind), entry.get("token_pattern")
    if cut is None or not pattern:
        return cut
    try:
        compiled = token_pattern(pattern)
    except ConfigError as error:
        raise InputError(f"'{config}': {error}") from error

    def cut_and_split(text: str) -> Tuple[Token, ...]:
        return split_tokens(TOKENIZERS[kind](text), compiled)

    return cut_and_split


def read_domain(path: Path) -> Domain:
    """The labels of a domain: a file, or the files of a folder together.

    Raises:
        InputError: if it cannot be read, or lists labels in a way that Rasa does not take.
    """
    domain = Domain({}, {}, {"role": {}, "group": {}}, Place(str(path)))
    for file in _files(path):
        content = read_yaml(file)
        if not isinstance(content, dict):
            raise InputError(f"'{file}' is no domain: it must be a mapping with 'intents'.")
        for name, (place, _) in _listed(content.get("intents"), file).items():
            domain.intents[name] = place
        for name, (place, details) in _listed(content.get("entities"), file).items():
            domain.types[name] = place
            for part, by_type in domain.parts.items():
                by_type[name] = tuple(map(str, _list(details.get(f"{part}s"), file)))
    if not domain.intents and not domain.types:
        raise InputError(f"'{path}' is no domain: it has neither 'intents' nor 'entities'.")
    return domain


def _files(path: Path) -> List[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES[:2])


def _listed(items: Any, file: Path) -> Dict[str, Tuple[Place, Mapping[str, Any]]]:
    """Names, each plain or the one key of a mapping of its details."""
    listed: Dict[str, Tuple[Place, Mapping[str, Any]]] = {}
    for item in _list(items, file):
        for name in [item] if isinstance(item, str) else item if isinstance(item, dict) else ():
            details = item[name] if isinstance(item, dict) else None
            line = name.first_line if isinstance(name, Text) else None
            place = Place(str(file), line)
            listed[str(name)] = place, details if isinstance(details, dict) else {}
    return listed


def _list(items: Any, file: Path) -> List[Any]:
    if items is not None and not isinstance(items, list):
        raise InputError(f"'{file}': intents, entities, roles and groups must be lists.")
    return items or []
