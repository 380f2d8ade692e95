"""Whether explanations name what matters, and what one costs.

    python -m benchmarks.explain --data DATA [--tasks snips-100 atis-30]

Of each validation message of five tokens or more, three are left out: those that the explanation
says speak most for the intent, or three at random (mean of five draws). Printed is by how much the
intent becomes less probable, and the milliseconds of processor time that an explanation takes.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Set

import numpy as np

from benchmarks.measure import TASKS
from rasa_joint_nlu.core import Example, JointModel, segment
from rasa_joint_nlu.tools.nlu_files import read_nlu

LEFT_OUT, LEAST_TOKENS, DRAWS = 3, 5, 5


def examples_of(path: Path) -> List[Example]:
    """The messages of an NLU file, cut into tokens by the core's own rules."""
    return [
        Example(message.text, segment(message.text), message.intent, message.entities)
        for message in read_nlu([path]).distinct_messages()
    ]


def without(example: Example, left_out: Set[int]) -> Example:
    """The message without some of its tokens."""
    kept = [token.text for n, token in enumerate(example.tokens) if n not in left_out]
    return Example.from_text(" ".join(kept))


def measure(model: JointModel, examples: Sequence[Example]) -> Dict[str, float]:
    """How much less probable the top intent becomes, on average, and the milliseconds."""
    rng = np.random.default_rng(0)
    named, drawn, seconds = [], [], []

    def fall(example: Example, intent: str, before: float, left_out: Sequence[int]) -> float:
        (prediction,) = model.predict([without(example, set(left_out))])
        return before - dict(prediction.intents)[intent]

    for example in examples:
        if len(example.tokens) < LEAST_TOKENS:
            continue
        start = time.process_time()
        explanation = model.explain(example)
        seconds.append(time.process_time() - start)
        top = explanation.intents[0]
        best = np.argsort(-np.array(explanation.difference(0)))[:LEFT_OUT].tolist()
        named.append(fall(example, top.name, top.confidence, best))
        for _ in range(DRAWS):
            some = rng.choice(len(example.tokens), LEFT_OUT, replace=False).tolist()
            drawn.append(fall(example, top.name, top.confidence, some))
    return {
        "messages": len(named),
        "named": float(np.mean(named)),
        "at random": float(np.mean(drawn)),
        "ratio": float(np.mean(named) / np.mean(drawn)),
        "ms": 1000 * float(np.median(seconds)),
    }


def main(arguments: Optional[List[str]] = None) -> int:
    """Print a line for each task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=["snips-100", "atis-30"])
    options = parser.parse_args(arguments)
    for task in options.tasks:
        train = options.data / TASKS[task]
        model = JointModel()
        model.fit(examples_of(train))
        figures = measure(model, examples_of(train.with_name("valid.yml")))
        print(task, ", ".join(f"{name} {value:.3g}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
