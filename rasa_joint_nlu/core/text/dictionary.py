"""Words of scripts without spaces: what a dictionary says of each character of a text.

A character's marks say which part it may be of which word (after the soft lexicon of Ma et al.
2020, "Simplify the Usage of Lexicon in Chinese NER"): every word of the dictionary counts that
occurs at its place, so no segmentation has to be trusted. A mark does not name the word: so it
says as much of a word that training never saw.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import (
    Any,
    Dict,
    FrozenSet,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
    Union,
)

import regex

from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.text.segment import is_character, normalize, segment

JIEBA = "jieba"
_LEAST_FREQUENCY = 10
"""Of a word of jieba's own dictionary, two thirds of which are rarer."""
_LONGEST_OF_JIEBA, _LONGEST = 4, 32
"""In characters. The few longer words of jieba cost more than they gave; a user's own count."""
_LONGEST_TOLD = 5
"""A mark says of words of this length, or of more, that they are long."""
_SHORT = 4
"""Words of so many code points may begin anywhere; those of more are known by their first ones."""
TAKEN = "taken"
_RARE = "rare ones of jieba"
_PLAIN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{gcb=LV}\p{gcb=LVT}]+")
"""Words of which each code point is a character, which most are."""
_WORD_LISTS = frozenset({".csv", ".dic", ".list", ".lst", ".tsv", ".txt"})
"""What the name of a file with a lookup table ends in."""
_BYTE_ORDER_MARK = "\ufeff"


class Dictionary(FrozenSet[str]):
    """Normalized words of scripts without spaces, each of two characters or more."""

    @cached_property
    def longest(self) -> Dict[str, int]:
        """How long, in code points, the longest word is that begins so; of long words only."""
        longest: Dict[str, int] = {}
        for word in self:
            if len(word) > _SHORT:
                start = word[:_SHORT]
                longest[start] = max(longest.get(start, 0), len(word))
        return longest

    def lengths(self, tokens: Sequence[str], first: int) -> Iterator[int]:
        """How many tokens the words have that begin with this one, the shortest word first."""
        limit = _SHORT
        if self.longest:
            limit = self.longest.get("".join(tokens[first : first + _SHORT])[:_SHORT], _SHORT)
        piece = tokens[first]
        for length, token in enumerate(tokens[first + 1 :], start=2):
            piece += token
            if len(piece) > limit:
                break
            if piece in self:
                yield length


NO_WORDS = Dictionary()


def marks(characters: Sequence[str], words: Dictionary) -> List[Tuple[str, ...]]:
    """What part of a word each character may be, and how long that word is.

    The parts are the `B`eginning, the `M`iddle and the `E`nd; a word of five characters is as long
    as any longer one.

    >>> marks("去东京塔", Dictionary({"东京", "东京塔"}))
    [(), ('B:2', 'B:3'), ('E:2', 'M:3'), ('E:3',)]
    """
    if not words:
        return [()] * len(characters)
    found: List[List[str]] = [[] for _ in characters]
    for first in range(len(characters)):
        for length in words.lengths(characters, first):
            told = min(length, _LONGEST_TOLD)
            last = first + length - 1
            for place in range(first, last + 1):
                part = "B" if place == first else "E" if place == last else "M"
                found[place].append(f"{part}:{told}")
    return [tuple(sorted(set(of_character))) for of_character in found]


def words_of(tokens: Sequence[str], words: Dictionary) -> List[Sequence[str]]:
    """Normalized tokens, those put together that are a word of the dictionary, the longest first.

    >>> words_of(["去", "东", "京", "塔", "yes"], Dictionary({"东京", "东京塔"}))
    [['去'], ['东', '京', '塔'], ['yes']]
    """
    if not words:
        return [[token] for token in tokens]
    found: List[Sequence[str]] = []
    first = 0
    while first < len(tokens):
        length = max(words.lengths(tokens, first), default=1)
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


def collected(name: Optional[str], words: Iterable[str]) -> Tuple[Dictionary, Counter[str]]:
    """The words that can be found in a text, as they are looked up, and what became of how many.

    A line of a dictionary's file is a word; what follows after a space, such as a frequency, is
    ignored.

    Args:
        name: what the setting `dictionary` says.
        words: others, such as those of lookup tables.

    Raises:
        DataError: if the dictionary's file cannot be read, is not UTF-8 or is empty.
    """
    counts: Counter[str] = Counter()
    of_file = _words_of_file(name, counts)
    limits = (_LONGEST_OF_JIEBA if name == JIEBA else _LONGEST, _LONGEST)
    taken = set()
    for source, limit in zip((of_file, words), limits):
        for word in source:
            normal, reason = _looked_up(word.strip(), limit)
            if reason:
                counts[reason] += 1
            else:
                taken.add(normal)
    counts[TAKEN] = len(taken)
    return Dictionary(taken), counts


def told_of_words(counts: Mapping[str, int]) -> str:
    """What became of words, in a sentence.

    >>> told_of_words({"of a single character": 2, TAKEN: 1200})
    '1,200 words of scripts without spaces in texts; left out: 2 of a single character'
    """
    left_out = [f"{count:,} {why}" for why, count in counts.items() if count and why != TAKEN]
    return (
        f"{counts[TAKEN]:,} words of scripts without spaces in texts; "
        f"left out: {', '.join(left_out) or 'none'}"
    )


def _looked_up(word: str, limit: int) -> Tuple[str, Optional[str]]:
    """A word as it is looked up, and why it is never found in a text, or not looked for."""
    if _PLAIN.fullmatch(word):
        normal, length = normalize(word), len(word)
    else:
        tokens = [token.text for token in segment(word)]
        if " " in word or not all(map(is_character, tokens)):
            return word, "not, or not only, of scripts without spaces"
        normal, length = "".join(map(normalize, tokens)), len(tokens)
    if length < 2:
        return normal, "of a single character"
    return normal, f"of more than {limit} characters" if length > limit else None


def _words_of_file(name: Optional[str], counts: Counter[str]) -> List[str]:
    path = dictionary_path(name)
    if path is None:
        return []
    try:
        content = path.read_bytes()
        lines = [line.split() for line in content.decode("utf-8-sig").splitlines()]
    except OSError as error:
        raise DataError(f"'dictionary: {name}' cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"'dictionary: {name}' cannot be read: line {content[: error.start].count(10) + 1} is "
            f"not UTF-8; save the file as UTF-8."
        ) from error
    lines = [line for line in lines if line]
    if not lines:
        raise DataError(f"'dictionary: {name}' is empty; it needs a word in each line.")
    if name == JIEBA:
        frequent = [line for line in lines if int(line[1]) >= _LEAST_FREQUENCY]
        counts[_RARE] = len(lines) - len(frequent)
        lines = frequent
    return [line[0] for line in lines]


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
