"""Train pipelines through Rasa and score them end to end.

    python -m benchmarks.measure --data DATA [--tasks snips-20 ...] [--pipelines joint pair ...]
                                 [--seeds 1 2 3] [--out RESULTS.jsonl]

`DATA` has the folders `snips` and `atis` with Rasa NLU files. Every run is a fresh process; with
`--out`, finished runs are appended to a file and, with the same code, not repeated. `snips`, the
whole of it, is measured only if named. An entity counts only if start, end, type, role and group
are all right; a frame is a message with the right intent and exactly the right entities. To
compare times, pin the whole command: `taskset -c 0 python -m …`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List

import safetensors.numpy
from tabulate import tabulate

from rasa_joint_nlu.core.persistence import WEIGHTS_FILE
from rasa_joint_nlu.source import source_hash

OURS = "rasa_joint_nlu.JointNLUClassifier"
FEATURIZERS: List[Dict[str, Any]] = [
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
PIPELINES: Dict[str, List[Dict[str, Any]]] = {
    "joint": [{"name": OURS, "random_seed": None}],
    "pair": [
        {"name": OURS, "entity_recognition": False, "random_seed": None},
        {"name": OURS, "intent_classification": False, "random_seed": None},
    ],
    "separate": [
        *FEATURIZERS,
        {"name": "LogisticRegressionClassifier", "random_state": None},
        {"name": "CRFEntityExtractor", "split_entities_by_comma": False},
    ],
    "diet": [
        *FEATURIZERS,
        {
            "name": "DIETClassifier",
            "epochs": 100,
            "constrain_similarities": True,
            "split_entities_by_comma": False,
            "random_seed": None,
        },
    ],
}
"""After WhitespaceTokenizer; `pair` is ours with a network for each task, the others are Rasa's."""
SEEDS = ("random_seed", "random_state")
TASKS = {
    "snips-20": ("snips/train-20-per-intent.yml", "snips/test.yml"),
    "snips-100": ("snips/train-100-per-intent.yml", "snips/test.yml"),
    "atis-30": ("atis/train-30-per-intent.yml", "atis/test.yml"),
    "atis": ("atis/train.yml", "atis/test.yml"),
    "snips": ("snips/train.yml", "snips/test.yml"),
}
FIGURES = {
    "intent_acc": "intent %",
    "entity_f1": "entity F1 %",
    "frame_acc": "frame %",
    "train_s": "training s",
    "train_mb": "training MB",
    "parameters": "parameters",
    "model_mb": "model MB",
    "load_s": "load s",
    "serve_mb": "serving MB",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
}


def train(data: str, pipeline: str, seed: int, folder: str) -> Dict[str, float]:
    """Train a model into a folder, without Rasa's cache."""
    import rasa.model_training
    from rasa.shared.utils.io import write_yaml

    os.environ["RASA_CACHE_DIRECTORY"] = tempfile.mkdtemp(dir=folder)
    components = [{"name": "WhitespaceTokenizer"}]
    for component in PIPELINES[pipeline]:
        components.append({k: seed if k in SEEDS else v for k, v in component.items()})
    config = Path(folder, "config.yml")
    write_yaml({"recipe": "default.v1", "language": "en", "pipeline": components}, config)
    start = time.perf_counter()
    model = rasa.model_training.train_nlu(str(config), data, folder, fixed_model_name="model")
    return {
        "train_s": time.perf_counter() - start,
        "train_mb": _peak_mb(),
        "model_mb": Path(model).stat().st_size / 1e6,
        "parameters": _parameters(model),
    }


def _parameters(model: str) -> int:
    """How many numbers the networks in a Rasa model have."""
    total = 0
    with tarfile.open(model) as archive:
        for member in archive:
            if member.name.endswith(WEIGHTS_FILE):
                weights = safetensors.numpy.load(archive.extractfile(member).read())
                total += sum(weight.size for name, weight in weights.items() if name != "ngrams")
    return total


def score(data: str, folder: str) -> Dict[str, float]:
    """Load the model and parse the test set, one message at a time."""
    import structlog
    from rasa.core.agent import Agent
    from rasa.shared.nlu.training_data.loading import load_data

    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    start = time.perf_counter()
    agent = Agent.load(str(Path(folder, "model.tar.gz")))
    load_s = time.perf_counter() - start
    examples = load_data(data).nlu_examples
    milliseconds: List[float] = []

    async def parse(text: str) -> Dict[str, Any]:
        begin = time.perf_counter()
        result: Dict[str, Any] = await agent.parse_message(text)
        milliseconds.append((time.perf_counter() - begin) * 1e3)
        return result

    async def parse_all() -> List[Dict[str, Any]]:
        for example in examples[:30]:
            await parse(example.get("text"))
        milliseconds.clear()
        return [await parse(example.get("text")) for example in examples]

    results = asyncio.run(parse_all())
    intents = frames = right = found = gold = 0
    for example, result in zip(examples, results):
        truth, guess = _spans(example.get("entities", [])), _spans(result["entities"])
        is_right = result["intent"]["name"] == example.get("intent")
        intents, frames = intents + is_right, frames + (is_right and truth == guess)
        right, found, gold = right + len(truth & guess), found + len(guess), gold + len(truth)
    return {
        "intent_acc": 100 * intents / len(examples),
        "entity_f1": 200 * right / max(1, found + gold),
        "frame_acc": 100 * frames / len(examples),
        "load_s": load_s,
        "serve_mb": _peak_mb(),
        "p50_ms": statistics.median(milliseconds),
        "p95_ms": statistics.quantiles(milliseconds, n=20)[-1],
    }


def _spans(entities: List[Dict[str, Any]]) -> set:
    return {(e["start"], e["end"], e["entity"], e.get("role"), e.get("group")) for e in entities}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_process(step: str, *args: str) -> Dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.measure", "--step", step, *args]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "ERROR"}
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    figures: Dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return figures


def runs(options: argparse.Namespace) -> Iterator[Dict[str, Any]]:
    """One row for each task, pipeline and seed; those found in the results file first."""
    done: Dict[tuple, Dict[str, Any]] = {}
    code = source_hash()[:12]
    if options.out and options.out.exists():
        rows = [json.loads(line) for line in options.out.read_text().splitlines()]
        done = {
            (row["task"], row["pipeline"], row["seed"]): row for row in rows if row["code"] == code
        }
    for task in options.tasks:
        for pipeline in options.pipelines:
            for seed in options.seeds:
                row = done.get((task, pipeline, seed))
                if row is None:
                    row = {"code": code, "task": task, "pipeline": pipeline, "seed": seed}
                    training, test = (str(Path(options.data, name)) for name in TASKS[task])
                    with tempfile.TemporaryDirectory() as folder:
                        row.update(_in_process("train", training, pipeline, str(seed), folder))
                        row.update(_in_process("score", test, folder))
                    print(json.dumps(row), file=sys.stderr, flush=True)
                    if options.out:
                        with options.out.open("a") as file:
                            file.write(json.dumps(row) + "\n")
                yield row


def table(rows: List[Dict[str, Any]]) -> str:
    """Means over the seeds, as Markdown; ± is the standard deviation of the accuracies."""
    groups: Dict[tuple, List[Dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["task"], row["pipeline"]), []).append(row)

    def cell(group: List[Dict[str, Any]], name: str) -> str:
        values = [row[name] for row in group]
        mean = statistics.mean(values)
        if name == "parameters" and not mean:
            return "–"
        if name in ("intent_acc", "entity_f1", "frame_acc") and len(values) > 1:
            return f"{mean:.1f} ± {statistics.stdev(values):.1f}"
        return f"{mean:,.0f}" if mean >= 100 else f"{mean:.2f}"

    lines = [[*key, *(cell(group, name) for name in FIGURES)] for key, group in groups.items()]
    return tabulate(lines, ["task", "pipeline", *FIGURES.values()], "github", disable_numparse=True)


def main() -> None:
    """Run what the command line asks for."""
    if sys.argv[1:2] == ["--step"]:
        step, *args = sys.argv[2:]
        if step == "train":
            data, pipeline, seed, folder = args
            print("\n" + json.dumps(train(data, pipeline, int(seed), folder)))
        else:
            print("\n" + json.dumps(score(*args)))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with snips and atis")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS)[:4])
    parser.add_argument("--pipelines", nargs="+", choices=PIPELINES, default=["joint", "pair"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--out", type=Path, help="JSON lines, read first and appended to")
    options = parser.parse_args()
    if not options.data.is_dir():
        parser.error(f"--data: there is no folder '{options.data}'")
    print(table(list(runs(options))))


if __name__ == "__main__":
    main()
