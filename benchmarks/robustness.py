"""What typing errors, capitals and punctuation cost a joint model on SNIPS.

The model is the core's, without a Rasa pipeline around it, but all its tokens, those of training
and those of changed messages, come from Rasa's own WhitespaceTokenizer. That one drops punctuation
at the end of a word, so that the true entities of `to rome.` end before the full stop.
"""

from __future__ import annotations

import random
import string
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence

from tabulate import tabulate

from rasa_joint_nlu.core import Entity, Example, JointModel
from rasa_joint_nlu.core.metrics import evaluate
from rasa_joint_nlu.core.text.segment import Token
from rasa_joint_nlu.source import source_hash
from rasa_joint_nlu.tools.compare.command import tell
from rasa_joint_nlu.tools.compare.data import short_hash
from rasa_joint_nlu.tools.compare.runs import Results
from rasa_joint_nlu.tools.tagged import TaggedMessage, read_tagged, spans

Words = List[str]
IDENTITY = ("code", "task", "pipeline", "part", "data", "seed")
"""What tells apart the runs by token, of which these are some."""
UNCHANGED = "unchanged"


def with_typing_error(words: Sequence[str], generator: random.Random) -> Words:
    """One character of one word inserted, deleted, substituted or exchanged with the next."""
    place = generator.randrange(len(words))
    word = changed = words[place]
    while changed in (word, ""):
        at = generator.randrange(len(word))
        letter = generator.choice(string.ascii_lowercase)
        changed = generator.choice(
            [
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
            ]
        )
    return [*words[:place], changed, *words[place + 1 :]]


def as_sentence(words: Sequence[str], mark: str) -> Words:
    """A capital at the beginning and a mark at the end."""
    first, *rest = words
    changed = [first[:1].upper() + first[1:], *rest]
    return [*changed[:-1], changed[-1] + mark]


CHANGES: Dict[str, Callable[[Sequence[str], random.Random], Words]] = {
    UNCHANGED: lambda words, _: list(words),
    "one typing error": with_typing_error,
    "UPPER CASE": lambda words, _: [word.upper() for word in words],
    "Title Case": lambda words, _: [word.title() for word in words],
    "Capital, full stop.": lambda words, _: as_sentence(words, "."),
    "Capital, question mark?": lambda words, _: as_sentence(words, "?"),
}


class Tokenizer:
    """Rasa's WhitespaceTokenizer, for the core."""

    def __init__(self) -> None:
        from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer

        self._tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())

    def example(self, message: TaggedMessage, words: Sequence[str]) -> Example:
        """An example of a message's changed words, one for each of its tokens.

        Its entities begin and end with the tokens inside of them: without punctuation.
        """
        from rasa.shared.nlu.training_data.message import Message

        changed = TaggedMessage(words, message.tags, message.intent)
        offsets = changed.offsets()
        found = self._tokenizer.tokenize(Message.build(changed.text), "text")
        tokens = [Token(token.text, token.start, token.end) for token in found]
        entities = []
        for first, last, kind in spans(message.tags):
            start, end = offsets[first][0], offsets[last][1]
            inside = [token for token in tokens if start <= token.start and token.end <= end]
            if inside:
                entities.append(Entity(inside[0].start, inside[-1].end, kind))
        return Example(changed.text, tokens, message.intent, entities)


def measure(
    train: Sequence[TaggedMessage], test: Sequence[TaggedMessage], seed: int
) -> Dict[str, Dict[str, float]]:
    """Intent accuracy and entity F1, from 0 to 1, of one model under every change."""
    tokenizer = Tokenizer()
    model = JointModel(random_seed=seed)
    model.fit([tokenizer.example(message, message.tokens) for message in train])
    figures = {}
    for name, change in CHANGES.items():
        generator = random.Random(seed)
        examples = [tokenizer.example(m, change(m.tokens, generator)) for m in test]
        figures[name] = evaluate(examples, model.predict(examples))
    return figures


def run(data: Path, part: str, seeds: Sequence[int], out: Optional[Path]) -> str:
    """Train a model for each seed, and return the table of what the changes cost.

    Raises:
        InputError: if the data cannot be read, or the results cannot be kept.
    """
    folder = data / "snips" / "original"
    train, test = read_tagged(folder / "train"), read_tagged(folder / part)
    code = short_hash(source_hash(), Path(__file__).read_text(encoding="utf-8"))
    results = Results(out, IDENTITY)
    found: List[Dict[str, Dict[str, float]]] = []
    for seed in seeds:
        hashes = short_hash(repr(train), repr(test))
        values = (code, "robustness", "joint", part, hashes, seed)
        identity = dict(zip(IDENTITY, values))
        row = results.find(identity)
        if row is None:
            row = {**identity, "figures": measure(train, test, seed)}
            results.add(row)
        found.append(row["figures"])
        tell(f"robustness, seed {seed}: measured")
    return table(found)


def table(found: Sequence[Dict[str, Dict[str, float]]]) -> str:
    """The figures under every change in %, and what it costs in points, means over the seeds."""

    def mean(name: str, figure: str) -> float:
        return 100 * sum(figures[name][figure] for figures in found) / len(found)

    lines = []
    for name in CHANGES:
        line = [name]
        for figure in ("intent_acc", "entity_f1"):
            value = mean(name, figure)
            cost = mean(UNCHANGED, figure) - value
            line += [f"{value:.1f}", f"{cost:+.1f}" if name != UNCHANGED else "–"]
        lines.append(line)
    head = ["messages", "intent %", "costs, points", "entity F1 %", "costs, points"]
    return str(tabulate(lines, head, "github", disable_numparse=True))
