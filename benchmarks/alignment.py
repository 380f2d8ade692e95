"""How many annotated entities do not begin and end with a token, for each tokenizer.

    python -m benchmarks.alignment --data DATA

`DATA` has the folders `snips`, `atis` and `cais` with Rasa NLU files; the bots of this repository
are counted beside them. JiebaTokenizer is counted if the package jieba is installed.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

from tabulate import tabulate

from rasa_joint_nlu.tools.compare.command import tell
from rasa_joint_nlu.tools.compare.data import read_messages
from rasa_joint_nlu.tools.errors import InputError

BOTS = Path(__file__).parent.parent / "example_bot"
SETS = ("atis", "snips", "cais")
TOKENIZERS = {
    "UnicodeTokenizer": "rasa_joint_nlu.tokenizer",
    "WhitespaceTokenizer": "rasa.nlu.tokenizers.whitespace_tokenizer",
    "JiebaTokenizer": "rasa.nlu.tokenizers.jieba_tokenizer",
}


def make_tokenizer(name: str) -> Optional[Any]:
    """A Rasa tokenizer with its defaults, or None if a package that it needs is not installed."""
    kind = getattr(importlib.import_module(TOKENIZERS[name]), name)
    if not all(importlib.util.find_spec(package) for package in kind.required_packages()):
        return None
    return kind.create(kind.get_default_config(), None, None, None)


def misaligned(tokenizer: Any, messages: Any) -> List[str]:
    """The texts of entities that do not begin and end with a token, as `[entity] in: message`."""
    found = []
    for message in messages.nlu_examples:
        text, tokens = message.get("text"), tokenizer.tokenize(message, "text")
        starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
        found += [
            f"[{text[entity['start'] : entity['end']]}] in: {text}"
            for entity in message.get("entities", [])
            if entity["start"] not in starts or entity["end"] not in ends
        ]
    return found


def count_entities(messages: Any) -> int:
    """How many entities are annotated."""
    return sum(len(message.get("entities", [])) for message in messages.nlu_examples)


def main(arguments: Optional[List[str]] = None) -> int:
    """Print the table, and return the exit code: 2 if there are no such data."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    options = parser.parse_args(arguments)
    folders: Dict[str, Path] = {
        f"{name}, train": options.data / name / "train.yml" for name in SETS
    }
    folders["the bots"] = BOTS
    tokenizers = {name: make_tokenizer(name) for name in TOKENIZERS}
    rows = []
    try:
        for name, path in folders.items():
            messages = read_messages(path)
            counts = [
                f"{len(misaligned(tokenizer, messages)):,}" if tokenizer else "–"
                for tokenizer in tokenizers.values()
            ]
            rows.append([name, f"{count_entities(messages):,}", *counts])
    except InputError as error:
        tell(f"error: {error}")
        return 2
    print(tabulate(rows, ["data", "entities", *TOKENIZERS], "github", disable_numparse=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
