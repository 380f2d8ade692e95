"""What training costs as data grows: `python -m benchmarks.scale [--sizes 1000 10000 …]`.

Each size is one training of the core in a fresh process, on made-up messages of 3 to 15 words, 30
intents and 20 types of entities, and words as rare as in real text. Up to 100,000 messages, an
epoch is trained; beyond that, its first 500 batches. `before` is all that comes before the first
batch, the votes of words among it, without the making of the messages. They are made anew each time
that they are gone through, so the peak is that of the training alone. Times are of the processor.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from itertools import islice
from typing import Any, Dict, Iterator, List, Optional
from unittest import mock

import numpy as np
from tabulate import tabulate

from rasa_joint_nlu.core import Entity, Example, JointConfig
from rasa_joint_nlu.core.text.segment import Token

SIZES = (1_000, 10_000, 100_000, 1_000_000)
WHOLE_EPOCH, BATCHES = 100_000, 500
INTENTS, TYPES = 30, 20
COLUMNS = {
    "messages": "{:,.0f}",
    "tokens": "{:,.0f}",
    "before, s": "{:.1f}",
    "batches": "{:,.0f}",
    "train, s": "{:.1f}",
    "messages a second": "{:,.0f}",
    "peak MB": "{:,.0f}",
    "of them imports, MB": "{:,.0f}",
}


class Examples:
    """Made-up messages; the words of an intent and of a type of entity are its own.

    making: seconds that it took to make them, each time that they were gone through.
    """

    def __init__(self, count: int) -> None:
        """Make so many, one by one."""
        self._count, self.making = count, 0.0

    def __iter__(self) -> Iterator[Example]:
        generator = np.random.default_rng(self._count)
        for number in range(self._count):
            start = time.process_time()
            example = _make_example(generator, number % INTENTS)
            self.making += time.process_time() - start
            yield example


def _make_example(generator: np.random.Generator, intent: int) -> Example:
    size = int(generator.integers(3, 16))
    ranks = np.minimum(generator.zipf(1.3, size), 50_000)
    words = [f"w{rank}i{intent if rank % 3 else ''}" for rank in ranks]
    first, last = sorted(generator.integers(0, size, 2).tolist())
    last = min(last, first + 2)
    entity_type = int(generator.integers(TYPES))
    words[first : last + 1] = [f"t{entity_type}v{rank}" for rank in ranks[first : last + 1]]
    tokens, start = [], 0
    for word in words:
        tokens.append(Token(word, start, start + len(word)))
        start += len(word) + 1
    entity = Entity(tokens[first].start, tokens[last].end, f"type{entity_type}")
    return Example(" ".join(words), tokens, f"intent{intent}", (entity,))


def measure(size: int) -> Dict[str, float]:
    """The figures of one size, in this process."""
    from rasa_joint_nlu.core.training import session
    from rasa_joint_nlu.core.training.loop import Trainer

    noted: Dict[str, float] = {}

    class Noting(Trainer):
        """A trainer that notes when it begins, on how many batches it trains, and when it ends."""

        def _batches(self, *arguments: Any) -> Iterator[Any]:
            noted["begun"] = time.process_time()
            noted["prepared"] = noted["begun"] - start - examples.making
            limit = BATCHES if size > WHOLE_EPOCH else None
            batches = list(islice(super()._batches(*arguments), limit))
            noted["tokens"] = len(self.corpus.token_ids)
            noted["batches"], noted["messages"] = len(batches), sum(map(len, batches))
            return iter(batches)

        def _weights(self) -> Any:
            noted["trained"] = time.process_time()
            return super()._weights()

    examples, before = Examples(size), _peak_mb()
    start = time.process_time()
    with mock.patch.object(session, "Trainer", Noting):
        session.train(examples, JointConfig(epochs=1))
    trained = noted["trained"] - noted["begun"]
    figures = (
        size,
        noted["tokens"],
        noted["prepared"],
        noted["batches"],
        trained,
        noted["messages"] / trained,
        _peak_mb(),
        before,
    )
    return dict(zip(COLUMNS, figures))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Optional[List[str]] = None) -> int:
    """Print the table of all sizes, each measured in a process of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        import torch

        torch.set_num_threads(1)
        print(json.dumps(measure(options.one)))
        return 0
    rows = []
    for size in options.sizes:
        command = [sys.executable, "-m", "benchmarks.scale", "--one", str(size)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        figures = json.loads(done.stdout.splitlines()[-1])
        rows.append([form.format(figures[name]) for name, form in COLUMNS.items()])
    print(tabulate(rows, list(COLUMNS), "github", disable_numparse=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
