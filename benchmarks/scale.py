"""What training costs as data grows: `python -m benchmarks.scale [--sizes 1000 10000 …]`.

Each size is measured in a fresh process, on made-up messages of 3 to 15 words, 30 intents and 20
types of entities, and words as rare as in real text. Up to 100,000 messages, one epoch is trained;
beyond that, all are encoded and 500 batches trained. Pin the command to one core, as `taskset -c 0`
does, to compare times.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Dict, List, Optional

import numpy as np
from tabulate import tabulate

from rasa_joint_nlu.core import Entity, Example, JointConfig
from rasa_joint_nlu.core.data import Token

SIZES = (1_000, 10_000, 100_000, 1_000_000)
WHOLE_EPOCH, BATCHES = 100_000, 500
INTENTS, TYPES = 30, 20
COLUMNS = {
    "messages": "{:,.0f}",
    "tokens": "{:,.0f}",
    "encode, s": "{:.1f}",
    "batches": "{:,.0f}",
    "train, s": "{:.1f}",
    "messages a second": "{:,.0f}",
    "peak MB": "{:,.0f}",
    "of them examples, MB": "{:,.0f}",
}


def make_examples(count: int) -> List[Example]:
    """Made-up messages; the words of an intent and of a type of entity are its own."""
    generator = np.random.default_rng(count)
    return [_make_example(generator, number % INTENTS) for number in range(count)]


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
    import torch

    from rasa_joint_nlu.core.encoding import Encoder
    from rasa_joint_nlu.core.tags import TagScheme
    from rasa_joint_nlu.core.training.loop import Trainer, _Meter, planned_drop_rate
    from rasa_joint_nlu.core.training.network import JointNetwork
    from rasa_joint_nlu.core.vocab import Labels, Vocabulary

    examples = make_examples(size)
    before = _peak_mb()
    config = JointConfig(drop_rate=planned_drop_rate(JointConfig(), examples), ngram_drop_rate=0.3)
    start = time.perf_counter()
    empty = Vocabulary()
    vocabulary = empty.extended(form for e in examples for form in empty.forms(e.tokens))
    encoder = Encoder(vocabulary, Labels.of(examples), TagScheme.named(config.BILOU_flag))
    corpus = encoder.encode(examples, targets=True)
    encoded = time.perf_counter()
    network = JointNetwork(encoder, config, torch.Generator())
    trainer = Trainer(network, encoder, corpus, config, 1, np.random.default_rng(0))
    batches = list(trainer._batches(corpus, progress=0.0))
    if size > WHOLE_EPOCH:
        batches = batches[:BATCHES]
    network.train()
    for messages in batches:
        trainer._step(corpus, messages, 0.5, _Meter())
    trained = time.perf_counter()
    figures = (
        size,
        len(corpus.token_ids),
        encoded - start,
        len(batches),
        trained - encoded,
        sum(map(len, batches)) / (trained - encoded),
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
