"""Macro recall where two intents are rare: joint beside Rasa's LogisticRegressionClassifier.

    python -m benchmarks.imbalance --data DATA [--seeds 1 2 3] [--part test|valid] [--out FILE]

Of SNIPS, each seed draws two intents of which 6 examples are kept, against 300 of the others: 50:1.
All of the test or validation part is asked. Each run is a pair of fresh processes, through Rasa.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

from tabulate import tabulate

from benchmarks.measure import CONFIGS
from rasa_joint_nlu.tools.compare.command import read_pipelines, tell
from rasa_joint_nlu.tools.compare.data import make_splits, read_messages
from rasa_joint_nlu.tools.compare.runs import RUN_IDENTITY, Job, OnThisMachine, Results, execute
from rasa_joint_nlu.tools.errors import InputError

PIPELINES = ("joint", "separate")
RARE, FEW, MANY = 2, 6, 300


def imbalanced(messages: Any, seed: int) -> Tuple[Any, List[str]]:
    """A part of some `TrainingData` in which two intents are rare, and their names."""
    generator = random.Random(seed)
    by_intent: Dict[str, List[Any]] = {}
    for message in messages.nlu_examples:
        by_intent.setdefault(message.get("intent"), []).append(message)
    rare = sorted(generator.sample(sorted(by_intent), RARE))
    kept = {
        id(message)
        for intent, group in sorted(by_intent.items())
        for message in generator.sample(group, min(len(group), FEW if intent in rare else MANY))
    }
    return messages.filter_training_examples(lambda message: id(message) in kept), rare


def recalls(intents: Iterable[Sequence[Any]]) -> Dict[str, float]:
    """The recall of each intent, in %, from `[truth, found, count]`."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for truth, found, count in intents:
        total[truth] += count
        right[truth] += count * (truth == found)
    return {intent: 100 * right[intent] / total[intent] for intent in total}


def main(arguments: Optional[List[str]] = None) -> int:
    """Print a line for each seed and pipeline, and return the exit code: 2 if data are missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--part", choices=["test", "valid"], default="test")
    parser.add_argument("--out", type=Path, help="keep runs here, and do not repeat those in it")
    options = parser.parse_args(arguments)
    lines: List[List[str]] = []
    failed = False
    try:
        results = Results(options.out, RUN_IDENTITY)
        messages = read_messages(options.data / "snips" / "train.yml")
        asked = read_messages(options.data / "snips" / f"{options.part}.yml")
        pipelines = read_pipelines([CONFIGS / f"{name}.yml" for name in PIPELINES])
        for seed in options.seeds:
            part, rare = imbalanced(messages, seed)
            (split,) = make_splits(part, asked)
            jobs = [Job(pipeline, seed, split) for pipeline in pipelines]
            rows, failures = execute(jobs, results, tell, OnThisMachine())
            failed = failed or bool(failures)
            for row in rows:
                of_intent = recalls(row["intents"])
                mean = statistics.mean(of_intent.values())
                of_rare = statistics.mean(of_intent[name] for name in rare)
                figures = [f"{mean:.1f}", f"{of_rare:.1f}"]
                lines.append([str(seed), row["pipeline"], " ".join(rare), *figures])
    except InputError as error:
        tell(f"error: {error}")
        return 2
    head = ["seed", "pipeline", "rare intents", "macro recall %", "of the rare %"]
    print(tabulate(lines, head, "github", disable_numparse=True))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
