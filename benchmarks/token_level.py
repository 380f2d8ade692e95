"""Score joint and pair models on the tokens of SNIPS and ATIS, as the literature does.

    python -m benchmarks.token_level --data DATA [--tasks atis snips] [--pipelines joint pair]
                                     [--seeds 1 2 3] [--part test|valid] [--out RESULTS.jsonl]
                                     [--robustness]

`DATA` has the folders `snips` and `atis` with `original/train`, `valid` and `test`, each with
`seq.in`, `seq.out` and `label`. Nothing of Rasa takes part: the core learns from the tokens as
they are, every message as often as it occurs. Entities are counted as conlleval counts spans; an
ATIS label such as `flight#airfare` is one intent, and one that training never saw an error. With
`--robustness`, see `benchmarks/robustness.py` instead.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from benchmarks import robustness
from benchmarks.robustness import IDENTITY
from rasa_joint_nlu.core import Entity, Example, JointModel
from rasa_joint_nlu.core.data import Prediction
from rasa_joint_nlu.core.text.segment import Token
from rasa_joint_nlu.source import source_hash
from rasa_joint_nlu.tools.compare.command import tell
from rasa_joint_nlu.tools.compare.data import short_hash
from rasa_joint_nlu.tools.compare.report import Report, table
from rasa_joint_nlu.tools.compare.runs import Results
from rasa_joint_nlu.tools.compare.statistics import Row, score
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.tagged import TaggedMessage, read_tagged, spans

PIPELINES: Dict[str, List[Dict[str, Any]]] = {
    "joint": [{}],
    "pair": [{"entity_recognition": False}, {"intent_classification": False}],
}
"""The settings of each network; the first one's intents count, and the last one's entities."""


def to_example(message: TaggedMessage) -> Example:
    """A message for the core, with the tokens as they are in the file."""
    offsets = message.offsets()
    return Example(
        message.text,
        [Token(text, *place) for text, place in zip(message.tokens, offsets)],
        message.intent,
        [
            Entity(offsets[first][0], offsets[last][1], kind)
            for first, last, kind in spans(message.tags)
        ],
    )


def judge(
    examples: Sequence[Example], intents: Sequence[Prediction], entities: Sequence[Prediction]
) -> List[List[int]]:
    """For each message: is the intent right, and how many spans are right, found and true."""
    messages = []
    for example, intent, found in zip(examples, intents, entities):
        gold = {(entity.start, entity.end, entity.type) for entity in example.entities}
        guess = {(entity.start, entity.end, entity.type) for entity in found.entities}
        is_right = int(intent.intent == example.intent)
        messages.append([is_right, len(gold & guess), len(guess), len(gold)])
    return messages


def measure(
    pipeline: str, seed: int, train: Sequence[Example], test: Sequence[Example]
) -> Dict[str, Any]:
    """Train a pipeline's networks and score them together."""
    start = time.perf_counter()
    models = [JointModel(**settings, random_seed=seed) for settings in PIPELINES[pipeline]]
    reports = [model.fit(train) for model in models]
    seconds = time.perf_counter() - start
    predictions = [model.predict(test) for model in models]
    return {
        "messages": judge(test, predictions[0], predictions[-1]),
        "train_s": seconds,
        "parameters": sum(report.parameters for report in reports),
    }


def runs(task: str, options: argparse.Namespace, results: Results) -> List[Row]:
    """A row for each pipeline and seed; what is found in the results is not repeated.

    Raises:
        InputError: if the data cannot be read.
    """
    folder = options.data / task / "original"
    train, test = read_tagged(folder / "train"), read_tagged(folder / options.part)
    code = short_hash(source_hash(), Path(__file__).read_text(encoding="utf-8"))
    data = short_hash(repr(train), repr(test))
    rows = []
    for pipeline in options.pipelines:
        for seed in options.seeds:
            identity = dict(zip(IDENTITY, (code, task, pipeline, options.part, data, seed)))
            row = results.find(identity)
            if row is None:
                examples = [to_example(message) for message in train]
                tests = [to_example(message) for message in test]
                sizes = {"share": 1.0, "fold": 0, "train_size": len(train), "test_size": len(test)}
                row = {**identity, **sizes, **measure(pipeline, seed, examples, tests)}
                results.add(row)
            rows.append(row)
            figures = " / ".join(f"{value:.2f}" for value in score(row["messages"]).values())
            tell(f"{task}, {pipeline}, seed {seed}: intent / entity / frame {figures} %")
    return rows


def parse(arguments: Optional[List[str]]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--tasks", nargs="+", choices=["atis", "snips"], default=["atis", "snips"])
    parser.add_argument("--pipelines", nargs="+", choices=PIPELINES, default=list(PIPELINES))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--part", choices=["test", "valid"], default="test")
    parser.add_argument("--out", type=Path, help="keep runs here, and do not repeat those in it")
    parser.add_argument(
        "--robustness", action="store_true", help="instead: what changes in the messages cost"
    )
    return parser.parse_args(arguments)


def main(arguments: Optional[List[str]] = None) -> int:
    """Run what the command line asks for, and return the exit code: 0, or 2 for wrong input."""
    options = parse(arguments)
    import torch

    torch.set_num_threads(1)
    try:
        if options.robustness:
            print(robustness.run(options.data, options.part, options.seeds, options.out))
            return 0
        results = Results(options.out, IDENTITY)
        for task in options.tasks:
            report = Report(
                f"{task}, {options.part}, by token", runs(task, options, results), failures={}
            )
            print(f"## {report.title}\n\n{table(report)}\n", flush=True)
    except InputError as error:
        tell(f"error: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
