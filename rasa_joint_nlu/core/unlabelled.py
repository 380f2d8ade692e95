"""Messages of which only the texts are known: read, and cut as the examples are."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Tuple, Union

from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.text.segment import Token, segment
from rasa_joint_nlu.core.text.whitespace import whitespace_tokens

OPTION = "unlabelled_texts"
NLU_SUFFIXES = (".yml", ".yaml", ".json")
"""What files of training data end with; all others are texts, a line each."""
_TOKENIZERS: Tuple[Callable[[str], Sequence[Token]], ...] = (whitespace_tokens, segment)
_ASKED = 200


def paths_of(setting: Optional[Union[str, Sequence[str]]]) -> List[Path]:
    """The paths that the option names."""
    named = [setting] if isinstance(setting, str) else setting or ()
    return [Path(path) for path in named]


def texts_of(
    paths: Iterable[Path], nlu_texts: Optional[Callable[[Path], Iterable[str]]] = None
) -> List[str]:
    """The texts of files, each once.

    Args:
        nlu_texts: reads the texts of a file, or a folder, of training data.

    Raises:
        DataError: if one cannot be read, or is training data and nobody is given who reads it.
    """
    texts: Dict[str, None] = {}
    for path in paths:
        if path.suffix.lower() in NLU_SUFFIXES or path.is_dir():
            if nlu_texts is None:
                raise DataError(
                    f"'{OPTION}: {path}' is training data; without Rasa and its commands, give "
                    f"a file with a text in each line, or texts to 'fit'."
                )
            found = list(nlu_texts(path))
        else:
            found = _lines(path)
        texts.update(dict.fromkeys(text.strip() for text in found if text.strip()))
    return list(texts)


def _lines(path: Path) -> List[str]:
    try:
        # A file may begin with a byte order mark.
        return path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise DataError(f"'{OPTION}: {path}' cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"'{OPTION}: {path}' is no text in UTF-8: {error}.") from error


def as_examples(texts: Iterable[str], examples: Sequence[Example]) -> List[Example]:
    """The texts that no example has, cut into tokens as the examples are, without labels.

    Raises:
        DataError: if neither tokenizer of ours cuts texts as the examples are cut, or the examples
            have features, which texts alone lack.
    """
    featured = sorted({name for example in examples for name in example.features})
    if featured:
        raise DataError(
            f"'{OPTION}' cannot be used beside the features of other components, which the texts "
            f"would lack: {', '.join(featured)}. Leave out the featurizers, or the option."
        )
    known = {example.text for example in examples}
    cut = _tokenizer(examples)
    found = (Example(text, cut(text)) for text in texts if text not in known)
    return [example for example in found if example.tokens]


def _tokenizer(examples: Sequence[Example]) -> Callable[[str], Sequence[Token]]:
    """What cuts the examples as they are cut."""
    asked = examples[:: max(1, len(examples) // _ASKED)]

    def misses(cut: Callable[[str], Sequence[Token]]) -> int:
        return sum(tuple(cut(each.text)) != tuple(each.tokens) for each in asked)

    best = min(_TOKENIZERS, key=misses)
    if 2 * misses(best) > len(asked):
        raise DataError(
            f"'{OPTION}' needs the tokens of WhitespaceTokenizer or of UnicodeTokenizer, and "
            f"this pipeline has others. Use one of these, or leave the option out."
        )
    return best
