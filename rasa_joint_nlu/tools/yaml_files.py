r"""YAML files as Rasa 3.6 reads them, with the place of every text.

YAML 1.2 (`yes` and `on` are texts), no duplicate keys, only plain data. Two habits of Rasa's are
kept, as files rely on them: `${NAME}` in a text without quotes stands for an environment variable,
and in a file of ASCII characters alone a `\u00e9` is an é wherever it stands, even where YAML
knows no escapes.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Iterator, Tuple

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError

from rasa_joint_nlu.tools.errors import InputError

_VARIABLE = re.compile(r".*\$\{.*\}")


class Text(str):
    """A text of a YAML file that is neither a number nor the like, and knows where it began."""

    first_line: int
    """Of the file, from 1, in which its content begins."""
    keeps_lines: bool
    """Whether each of its lines is one of the file (a block after `|`)."""

    def numbered_lines(self) -> Iterator[Tuple[int, str]]:
        """Its lines, each with its number in the file (for some styles, with the first)."""
        for number, line in enumerate(self.split("\n")):
            place = self.first_line + number * self.keeps_lines
            # What else ends a line in Python does not in a file.
            for part in line.splitlines():
                yield place, part


class _Constructor(SafeConstructor):
    """Builds plain data; its own class, as constructors are registered by class."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """Refuse what an anchor puts into itself, which nobody could go through to its end."""
        if node in self.recursive_objects:
            raise ConstructorError(None, None, "this is inside of itself", node.start_mark)
        return super().construct_object(node, deep)


def _text(loader: Any, node: ScalarNode) -> str:
    value: str = loader.construct_scalar(node)
    if not node.style and _VARIABLE.match(value):
        return _expanded(value, node)
    text = Text(value)
    text.keeps_lines = node.style == "|"
    text.first_line = node.start_mark.line + 1 + (node.style in ("|", ">"))
    return text


def _expanded(value: str, node: ScalarNode) -> str:
    expanded = os.path.expandvars(value)
    missing = [word for word in expanded.split() if word.startswith("$") and word in value]
    if missing:
        raise _UnsetError(
            f"line {node.start_mark.line + 1}: the environment variable {missing[0]} is not set; "
            f"set it, or put the text in quotes if it is none."
        )
    return expanded


def _mapping(loader: Any, node: Any) -> Any:
    return loader.construct_mapping(node, deep=True)


def _list(loader: Any, node: Any) -> Any:
    return loader.construct_sequence(node, deep=True)


class _UnsetError(Exception):
    """An environment variable that a file names is not set."""


_Constructor.add_constructor("tag:yaml.org,2002:str", _text)
# Made in one step: only so it shows that something is inside of itself.
_Constructor.add_constructor("tag:yaml.org,2002:map", _mapping)
_Constructor.add_constructor("tag:yaml.org,2002:seq", _list)
# The tag that Rasa's own resolver gives such texts, where it is loaded in the same process.
_Constructor.add_constructor("!env_var", _text)


def read_text(path: Path) -> str:
    """The content of a file.

    Raises:
        InputError: if it cannot be read as UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"There is no '{path}'.") from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"'{path}' is no UTF-8 text (byte {error.start}: {error.reason}); save it as UTF-8."
        ) from error
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}.") from error


def read_yaml(path: Path) -> Any:
    """The data of a YAML file: texts are `Text`; an empty file is an empty dictionary.

    Raises:
        InputError: if it cannot be read, naming the line and what is wrong with it.
    """
    return parse_yaml(read_text(path), path)


def parse_yaml(content: str, path: Path) -> Any:
    """The data of a YAML text that a file holds.

    Raises:
        InputError: as `read_yaml`.
    """
    try:
        if content.isascii():
            # Pairs of surrogates become one character.
            unescaped = content.encode("ascii").decode("raw_unicode_escape")
            content = unescaped.encode("utf-16", "surrogatepass").decode("utf-16")
        reader: Any = YAML(typ="safe", pure=True)
        reader.version = (1, 2)
        reader.Constructor = _Constructor
        return reader.load(content) or {}
    except UnicodeDecodeError as error:
        raise InputError(
            f"'{path}' has an incomplete escape like \\u00e9 ({error.reason}); Rasa takes \\u for "
            f"the begin of one in a file of ASCII characters. Write the character itself."
        ) from error
    except _UnsetError as error:
        raise InputError(f"'{path}', {error}") from error
    except RecursionError as error:
        raise InputError(f"'{path}' is nested too deeply to be read.") from error
    except (YAMLError, DuplicateKeyError) as error:  # in older releases the second is no first
        raise InputError(f"'{path}', {_reason(error, content)}") from error
    except (ValueError, TypeError, OverflowError) as error:
        # Such as of a date that is none.
        raise InputError(f"'{path}' has a value that cannot be read ({error}).") from error


def _reason(error: Exception, content: str) -> str:
    if isinstance(error, ReaderError):
        line = content.count("\n", 0, error.position) + 1
        character = error.character
        code = ord(character) if isinstance(character, str) else character
        return f"line {line}: the character U+{code:04X} is not allowed in YAML; remove it."
    line, problem = 1, str(error)
    if isinstance(error, (MarkedYAMLError, DuplicateKeyError)):
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = error.problem or error.context or problem
    return f"line {line}: this is no valid YAML: {' '.join(problem.split())}."
