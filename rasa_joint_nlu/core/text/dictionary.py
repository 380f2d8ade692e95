"""Words of scripts without spaces: what a dictionary says of each character of a text.

A character's marks say which part it may be of which word (after the soft lexicon of Ma et al.
2020, "Simplify the Usage of Lexicon in Chinese NER"): every word of the dictionary counts that
occurs at its place, so no segmentation has to be trusted. A mark does not name the word: so it
says as much of a word that training never saw.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import AbstractSet, Any, FrozenSet, Iterable, List, Optional, Sequence, Tuple, Union

from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.text.segment import is_character, normalize

JIEBA = "jieba"
_LEAST_FREQUENCY = 10
"""Of a word of jieba's own dictionary, two thirds of which are rarer."""
_LENGTHS = range(2, 5)
_WORD_LISTS = frozenset({".csv", ".dic", ".list", ".lst", ".tsv", ".txt"})
"""What the name of a file with a lookup table ends in."""
_BYTE_ORDER_MARK = "\ufeff"


def marks(characters: Sequence[str], words: AbstractSet[str]) -> List[Tuple[str, ...]]:
    """What part of a word each character may be, and how long that word is.

    The parts are the `B`eginning, the `M`iddle and the `E`nd.

    >>> marks("去东京塔", {"东京", "东京塔"})
    [(), ('B:2', 'B:3'), ('E:2', 'M:3'), ('E:3',)]
    """
    found: List[List[str]] = [[] for _ in characters]
    for first in range(len(characters)):
        for last in range(first + 1, min(len(characters), first + _LENGTHS[-1])):
            if "".join(characters[first : last + 1]) not in words:
                continue
            for place in range(first, last + 1):
                part = "B" if place == first else "E" if place == last else "M"
                found[place].append(f"{part}:{last - first + 1}")
    return [tuple(sorted(set(of_character))) for of_character in found]


def words_of(tokens: Sequence[str], words: AbstractSet[str]) -> List[Sequence[str]]:
    """Normalized tokens, those put together that are a word of the dictionary, the longest first.

    >>> words_of(["去", "东", "京", "塔", "yes"], {"东京", "东京塔"})
    [['去'], ['东', '京', '塔'], ['yes']]
    """
    if not words:
        return [[token] for token in tokens]
    found: List[Sequence[str]] = []
    first = 0
    while first < len(tokens):
        length = 1
        if is_character(tokens[first]):
            length = next(
                (
                    length
                    for length in reversed(_LENGTHS)
                    if "".join(tokens[first : first + length]) in words
                ),
                1,
            )
        found.append(tokens[first : first + length])
        first += length
    return found


def dictionary_path(name: Optional[str]) -> Optional[Path]:
    """The file that the setting `dictionary` means; None without one.

    The name `jieba` stands for the dictionary of that package, if it is installed. The package is
    not imported: that would take longer than to read the file.
    """
    if name != JIEBA:
        return Path(name) if name else None
    package = importlib.util.find_spec(JIEBA)
    return Path(package.origin).with_name("dict.txt") if package and package.origin else None


def read_dictionary(name: Optional[str]) -> FrozenSet[str]:
    """The normalized words of 2 to 4 characters of the dictionary that the setting means.

    A line is a word; what follows after a space, such as a frequency, is ignored.

    Raises:
        DataError: if the file cannot be read.
    """
    path = dictionary_path(name)
    if path is None:
        return frozenset()
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            lines = [line.split() for line in file]
    except OSError as error:
        raise DataError(f"'dictionary: {name}' cannot be read: {error.strerror}.") from error
    if name == JIEBA:
        lines = [line for line in lines if int(line[1]) >= _LEAST_FREQUENCY]
    return normalized(line[0] for line in lines if line)


def normalized(words: Iterable[str]) -> FrozenSet[str]:
    """Those of the words that can be found in a text, as they are looked up."""
    return frozenset(word for word in map(normalize, words) if len(word) in _LENGTHS)


def words_of_table(name: str, elements: Union[str, Sequence[Any]]) -> Tuple[List[str], List[str]]:
    """The words of a lookup table, and what is to be said of its files that cannot be read.

    Args:
        elements: words, and names of files with a word in each line; or one such name, or the text
            of such a file, which Rasa may have put in its place.
    """
    words: List[str] = []
    problems: List[str] = []
    for element in _lines(elements) if isinstance(elements, str) else map(str, elements):
        if Path(element).suffix.lower() not in _WORD_LISTS:
            words.append(element)
            continue
        try:
            words.extend(_lines(Path(element).read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            problems.append(
                f"The lookup table '{name}' names the file '{element}', which cannot be read: "
                f"{reason}. It adds no words."
            )
    return words, problems


def _lines(text: str) -> List[str]:
    lines = (line.strip() for line in text.lstrip(_BYTE_ORDER_MARK).splitlines())
    return [line for line in lines if line]
