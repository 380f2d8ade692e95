"""Training and scoring one pipeline with Rasa, in a process of its own.

`python -m rasa_joint_nlu.tools.compare.measure train|score FOLDER SEED` works on the files in a
folder and leaves `train-result.json` or `score-result.json` there. What runs here is what users
wait for: `rasa train nlu`, and one message at a time through `Agent.parse_message`. It ends when
the process that started it does, which holds the other end of its standard input.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import statistics
import sys
import tarfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import safetensors.numpy

from rasa_joint_nlu.core.description import WEIGHTS_FILE
from rasa_joint_nlu.core.metrics import Key
from rasa_joint_nlu.core.persistence import HASHES
from rasa_joint_nlu.core.precision import restored

try:
    import resource
except ModuleNotFoundError:
    # Windows, where nobody says how much memory a process had.
    resource = None  # type: ignore[assignment]

MODEL = "model.tar.gz"
WARM_UP = 30
SEEDS = ("random_seed", "random_state")


def train(folder: Path, seed: int) -> Dict[str, Any]:
    """Train a model on `config.yml` and `train/`, without Rasa's cache.

    Returns:
        train_s: seconds; train_mb: peak memory; model_mb; parameters: 0 if not known.
    """
    import rasa.model_training

    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    path = folder / "config.yml"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(with_seed(config, seed)), encoding="utf-8")
    start = time.perf_counter()
    model = rasa.model_training.train_nlu(
        str(path), str(folder / "train"), str(folder), fixed_model_name=MODEL.split(".")[0]
    )
    seconds = time.perf_counter() - start
    if model is None:
        raise RuntimeError("Rasa trained no model.")
    return {
        "train_s": seconds,
        **_peak_mb("train_mb"),
        "model_mb": Path(model).stat().st_size / 1e6,
        "parameters": parameters(Path(model)),
    }


def with_seed(config: Dict[str, Any], seed: int) -> Dict[str, Any]:
    """The config with a seed in every component that has such an option."""
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.shared.data import TrainingType

    recipe = DefaultV1Recipe()
    graph = recipe.graph_config_for_recipe(config, {}, training_type=TrainingType.NLU)
    # Of components that stand in the pipeline, Rasa's own parts of the graph aside.
    defaults = {
        node.uses.__name__: node.uses.get_default_config()
        for node in graph.train_schema.nodes.values()
    }
    pipeline = []
    for component in config["pipeline"]:
        known = defaults.get(component["name"].rpartition(".")[2], {})
        pipeline.append({**component, **{name: seed for name in SEEDS if name in known}})
    return {**config, "pipeline": pipeline}


def parameters(model: Path) -> int:
    """How many numbers the networks of this package in a Rasa model have."""
    total = 0
    with tarfile.open(model) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file and member.name.endswith(WEIGHTS_FILE):
                tensors = safetensors.numpy.load(file.read())
                weights = {name: t for name, t in tensors.items() if name not in HASHES}
                total += sum(weight.size for weight in restored(weights).values())
    return total


def score(folder: Path, seed: int = 0) -> Dict[str, Any]:
    """Load the model and parse the messages of `test.json`, one at a time.

    Returns:
        load_s: seconds to load the model; serve_mb: peak memory of this process;
        p50_ms, p95_ms: latency of a message; and what `judge` returns.
    """
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    logging.disable(logging.WARNING)
    configure_structlog(logging.ERROR)
    truths = json.loads((folder / "test.json").read_text(encoding="utf-8"))
    start = time.perf_counter()
    agent = Agent.load(str(folder / MODEL))
    load_s = time.perf_counter() - start
    results, milliseconds = asyncio.run(_parse(agent, [truth["text"] for truth in truths]))
    milliseconds.sort()
    return {
        "load_s": load_s,
        **_peak_mb("serve_mb"),
        "p50_ms": statistics.median(milliseconds),
        "p95_ms": milliseconds[int(0.95 * len(milliseconds))],
        **judge(truths, results),
    }


async def _parse(agent: Any, texts: Sequence[str]) -> Tuple[List[Dict[str, Any]], List[float]]:
    for text in texts[:WARM_UP]:
        await agent.parse_message(text)
    results, milliseconds = [], []
    for text in texts:
        start = time.perf_counter()
        results.append(await agent.parse_message(text))
        milliseconds.append((time.perf_counter() - start) * 1e3)
    return results, milliseconds


def judge(truths: Sequence[Dict[str, Any]], results: Sequence[Dict[str, Any]]) -> Dict[str, Any]:
    """Hold what was understood against the truth.

    An entity is right only if start, end, type, role and group are.

    Returns:
        messages: for each one, whether the intent is right (0 or 1), and how many entities are
        right, were found, and are in the truth; intents: `[truth, found, count]`; predictions: for
        each message its intent, the confidence, and entities, `[*key, confidence]` each.
    """
    messages: List[List[int]] = []
    intents: Counter[Tuple[str, str]] = Counter()
    predictions: List[List[Any]] = []
    for truth, result in zip(truths, results):
        intent = result.get("intent") or {}
        gold = {entity_key(entity) for entity in truth["entities"]}
        found = {
            entity_key(entity): entity.get("confidence_entity")
            for entity in result.get("entities", [])
        }
        right = gold & found.keys()
        messages.append(
            [int(intent.get("name") == truth["intent"]), len(right), len(found), len(gold)]
        )
        intents[str(truth["intent"]), str(intent.get("name"))] += 1
        entities = [[*key, confidence] for key, confidence in found.items()]
        predictions.append([intent.get("name"), intent.get("confidence"), entities])
    return {
        "messages": messages,
        "intents": [[*pair, count] for pair, count in sorted(intents.items())],
        "predictions": predictions,
    }


def entity_key(entity: Dict[str, Any]) -> Key:
    """What makes entities the same: start, end, type, role and group."""
    role, group = (
        None if entity.get(name) is None else str(entity[name]) for name in ("role", "group")
    )
    return int(entity["start"]), int(entity["end"]), str(entity["entity"]), role, group


def _peak_mb(name: str) -> Dict[str, float]:
    """The peak memory of this process under a name, if it is known."""
    if resource is None:
        return {}
    # Linux counts in KiB, macOS in bytes.
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return {name: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit}


def explain(error: BaseException) -> str:
    """The kind and last line of an error; of one in a component, which component it was, too."""
    from rasa.engine.exceptions import GraphComponentException

    if isinstance(error, GraphComponentException) and error.__cause__:
        return f"{error} {explain(error.__cause__)}"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return ": ".join([type(error).__name__, *lines[-1:]])


def main(step: str, folder: Path, seed: int) -> None:
    """Do a step and write its result, or its error, into the folder."""
    try:
        result = {"train": train, "score": score}[step](folder, seed)
    except Exception as error:
        result = {"error": explain(error)}
    (folder / f"{step}-result.json").write_text(json.dumps(result), encoding="utf-8")


def _end_with_parent() -> None:
    # Not through sys.stdin, whose lock would be held when the interpreter ends.
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
