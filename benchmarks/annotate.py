"""How fast `annotate` is: `python -m benchmarks.annotate --data DATA [--messages N]`.

Distinct messages are made of those of SNIPS, with values of the same type exchanged for each
other, and annotated by a model that was trained on 100 examples of each intent: with one process,
with two, and over a Dask scheduler with two workers on this machine, in turn.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Set

from tabulate import tabulate

from rasa_joint_nlu.tools.nlu_files import Message, read_nlu

NLU, TRAINED_ON = "snips/train.yml", "snips/train-100-per-intent.yml"
COMMAND = [sys.executable, "-W", "ignore", "-m", "rasa_joint_nlu"]
WAYS = ("--jobs 1", "--jobs 2", "--scheduler")
ADDRESS = "tcp://127.0.0.1:18786"


def make_texts(messages: Sequence[Message], count: int, seed: int = 0) -> Iterator[str]:
    """So many distinct texts, of messages with values of the same type."""
    values: Dict[str, List[str]] = defaultdict(list)
    for message in messages:
        for entity in message.entities:
            values[entity.type].append(message.text[entity.start : entity.end])
    chance = random.Random(seed)
    seen: Set[int] = set()
    while len(seen) < count:
        message = chance.choice(messages)
        text, end = "", 0
        for entity in sorted(message.entities, key=lambda each: each.start):
            text += message.text[end : entity.start] + chance.choice(values[entity.type])
            end = entity.end
        text += message.text[end:]
        if hash(text) not in seen:
            seen.add(hash(text))
            yield text


@contextlib.contextmanager
def cluster(workers: int) -> Iterator[str]:
    """A scheduler and workers of Dask on this machine; its address."""
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard"]
    quiet: Dict[str, Any] = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    started = [subprocess.Popen([*dask, "--port", ADDRESS.rpartition(":")[2]], **quiet)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", ADDRESS, "--no-dashboard"]
    try:
        for _ in range(workers):
            started.append(subprocess.Popen([*worker, "--nthreads", "1"], **quiet))
        from distributed import Client

        with Client(ADDRESS, timeout=60) as client:
            client.wait_for_workers(workers)
        yield ADDRESS
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


def seconds(model: Path, texts: Path, out: Path, way: Sequence[str]) -> float:
    """How long a whole command takes, its start included."""
    out.unlink(missing_ok=True)
    start = time.perf_counter()
    command = [*COMMAND, "annotate", str(model), str(texts), "--out", str(out), *way]
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def measure(options: argparse.Namespace, folder: Path) -> None:
    """Make a model and messages, and print what each way takes."""
    model = options.model or folder / "model"
    if not options.model:
        train = ["train", "--nlu", str(options.data / TRAINED_ON), "--out", str(model)]
        subprocess.run([*COMMAND, *train], check=True, stdout=subprocess.DEVNULL)
    texts = folder / "texts.txt"
    messages = read_nlu([options.data / NLU]).messages
    with texts.open("w", encoding="utf-8") as file:
        file.writelines(f"{text}\n" for text in make_texts(messages, options.messages))
    took: Dict[str, List[float]] = {way: [] for way in options.ways}
    for _ in range(options.rounds):
        for way in options.ways:
            words = way.split()
            with contextlib.ExitStack() as stack:
                if way == "--scheduler":
                    words.append(stack.enter_context(cluster(2)))
                took[way].append(seconds(model, texts, folder / "out.jsonl", words))
    rows = []
    for way, times in took.items():
        middle = statistics.median(times)
        rows.append([way, f"{middle:.1f}", f"{options.messages / middle:,.0f}"])
    print(tabulate(rows, ["way", "s", "messages a second"], "github", disable_numparse=True))


def main(arguments: Optional[List[str]] = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the data sets")
    parser.add_argument("--model", type=Path, help="a model that is there")
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--ways", nargs="+", default=list(WAYS))
    options = parser.parse_args(arguments)
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        measure(options, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
