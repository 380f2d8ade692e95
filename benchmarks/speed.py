"""What a model costs, in tables: `python -m benchmarks.speed --data DATA [--parts …]`.

The model is trained on SNIPS with 100 examples of each intent, or given with `--model`; the
messages are those of the validation file, all of them different. Where it says so, times are the
least of several repetitions, so that other work on the machine counts as little as can be. Pin the
command to one core: `OMP_NUM_THREADS=1 taskset -c 1 python -m benchmarks.speed …`.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tarfile
import tempfile
import time
import tracemalloc
from collections import defaultdict
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
from tabulate import tabulate

from benchmarks.http_load import percentiles_of_server
from rasa_joint_nlu.core import Example, JointModel
from rasa_joint_nlu.core.arrays import Array

CONFIG = Path(__file__).parent / "configs" / "joint.yml"
TRAIN, MESSAGES = "snips/train-100-per-intent.yml", "snips/valid.yml"
LENGTHS = (100, 1_000, 10_000)
BULK = 5_000


class Served(NamedTuple):
    """A trained model in Rasa's archive, and messages it has not seen."""

    archive: Path
    texts: Sequence[str]
    repeats: int


class Stopwatch:
    """Times functions from the inside: what each spends outside of the others."""

    def __init__(self) -> None:
        self.own: Dict[str, float] = defaultdict(float)
        self._within = [0.0]

    def watch(self, label: str, owner: Any, name: str) -> None:
        """Count the time of a function of a module, a class or an object under a label."""
        function = getattr(owner, name)

        def timed(*arguments: Any, **named: Any) -> Any:
            self._within.append(0.0)
            start = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                spent = time.perf_counter() - start
                self.own[label] += spent - self._within.pop()
                self._within[-1] += spent

        setattr(owner, name, timed)


def load(archive: Path) -> Tuple[Any, Any]:
    """Rasa's agent, and our component in it."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(archive))
    assert agent.processor
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    components = [node._component for node in nodes]
    (ours,) = [c for c in components if type(c).__name__ == "JointNLUClassifier"]
    return agent, ours


def times(step: Callable[[Any], Any], items: Sequence[Any], repeats: int) -> Array:
    """`(repeats, items)` milliseconds of a step with each item."""
    result = np.empty((repeats, len(items)))
    for row in result:
        for index, item in enumerate(items):
            start = time.perf_counter()
            step(item)
            row[index] = (time.perf_counter() - start) * 1e3
    return result


def latency(served: Served) -> str:
    """One message at a time through the whole pipeline."""
    agent, ours = load(served.archive)
    loop = asyncio.new_event_loop()

    def parse(text: str) -> None:
        loop.run_until_complete(agent.parse_message(text))

    # What the loop itself takes for each message is not Rasa's.
    async def nothing() -> None: ...

    idle = float(np.median(times(lambda _: loop.run_until_complete(nothing()), served.texts, 3)))
    times(parse, served.texts, 1)
    whole = times(parse, served.texts, served.repeats) - idle
    single = [Example.from_text(text) for text in served.texts]
    core = times(lambda example: ours._model.predict([example]), single, served.repeats)
    rows = [
        [name, *(np.percentile(part, [50, 95, 99]))]
        for name, part in (
            ("whole pipeline", whole),
            ("whole pipeline, least of repetitions", whole.min(0)),
            ("`JointModel.predict` alone, least of repetitions", core.min(0)),
        )
    ]
    return tabulate(rows, ["ms", "p50", "p95", "p99"], "github", floatfmt=".2f")


def pieces(served: Served) -> str:
    """Where the time of one message goes, while it goes through the whole pipeline."""
    from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer

    from rasa_joint_nlu import component
    from rasa_joint_nlu.core import encoding
    from rasa_joint_nlu.core.serving import crf, predictor, runtime

    agent, ours = load(served.archive)
    watch = Stopwatch()
    for label, owner, name in (
        ("tokenizer", WhitespaceTokenizer, "process"),
        ("messages → examples", component, "to_example"),
        ("predictions → messages", component, "write_intent"),
        ("predictions → messages", component, "write_entities"),
        ("encoding", encoding.Encoder, "encode"),
        ("encoding", encoding.EncodedCorpus, "batch"),
        ("token rows", runtime.Runtime, "_embed"),
        ("LSTM", runtime._StackedLSTM, "forward"),
        ("intent head", runtime._IntentHead, "forward"),
        ("slot heads", runtime._SlotHeads, "forward"),
        ("runtime, the rest", runtime.Runtime, "forward"),
        ("Viterbi, where it is needed", crf.CRFDecoder, "viterbi"),
        ("forward–backward", crf.CRFDecoder, "spans"),
        ("reading predictions", predictor.Predictor, "decode"),
        ("component, the rest", ours, "process"),
    ):
        watch.watch(label, owner, name)
    loop = asyncio.new_event_loop()

    def parse(text: str) -> None:
        loop.run_until_complete(agent.parse_message(text))

    least: Dict[str, Array] = {}
    for _ in range(served.repeats):
        for index, text in enumerate(served.texts):
            watch.own.clear()
            start = time.perf_counter()
            parse(text)
            spent = time.perf_counter() - start
            watch.own["Rasa, the rest"] = spent - sum(watch.own.values())
            for label, seconds in watch.own.items():
                fields = least.setdefault(label, np.full(len(served.texts), np.inf))
                fields[index] = min(fields[index], seconds * 1e6)
    # A message without entities has no time at all in some pieces.
    rows = [
        [label, *np.percentile(np.nan_to_num(own, posinf=0), [50, 95])]
        for label, own in least.items()
    ]
    rows.sort(key=lambda row: -float(row[1]))
    rows.append(["sum", *np.sum([row[1:] for row in rows], axis=0)])
    return tabulate(rows, ["µs", "p50", "p95"], "github", floatfmt=".0f")


def loading(served: Served) -> str:
    """Seconds to load, and what a process grows by that loads the model and answers."""
    with tempfile.TemporaryDirectory() as folder:
        model = extract(served.archive, Path(folder))
        Example.from_text("warm")
        before, seconds = _resident_mb(), []
        for _ in range(max(3, served.repeats)):
            start = time.perf_counter()
            loaded = JointModel.load(model)
            seconds.append(time.perf_counter() - start)
            loaded.predict([Example.from_text("first")])
        for text in served.texts:
            loaded.predict([Example.from_text(text)])
        grown = _resident_mb() - before
        size = sum(path.stat().st_size for path in model.iterdir()) / 1e6
    start = time.perf_counter()
    load(served.archive)
    rows = [
        ["load the component, s (least of repetitions)", min(seconds)],
        ["load Rasa's agent with it, s (once)", time.perf_counter() - start],
        ["the process grows by, MB", grown],
        ["files, MB", size],
    ]
    return tabulate(rows, ["loading", ""], "github", floatfmt=".2f")


def extract(archive: Path, folder: Path) -> Path:
    """Unpack our component's files from Rasa's archive."""
    with tarfile.open(archive) as files:
        for member in files.getmembers():
            if Path(member.name).name.startswith("joint_nlu."):
                source = files.extractfile(member)
                assert source
                (folder / Path(member.name).name).write_bytes(source.read())
    return folder


def _resident_mb() -> float:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * 4096 / 1e6


def bulk(served: Served) -> str:
    """Many messages at once through `process`, their tokens given."""
    from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
    from rasa.shared.nlu.training_data.message import Message

    _, ours = load(served.archive)
    tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
    texts = list(distinct(served.texts, BULK))
    wall, cpu = [], []
    for _ in range(max(3, served.repeats // 3)):
        messages = tokenizer.process([Message({"text": text}) for text in texts])
        start = time.perf_counter(), time.process_time()
        ours.process(messages)
        wall.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    rows = [[len(set(texts)), len(texts) / min(wall), len(texts) / min(cpu)]]
    header = ["distinct messages", "a second", "a second of the processor"]
    return tabulate(rows, header, "github", floatfmt=",.0f")


def distinct(texts: Sequence[str], count: int) -> Iterator[str]:
    """So many different messages: the texts, then two of them mixed, as long as they are."""
    seen = set(texts)
    yield from list(texts)[:count]
    generator, done = np.random.default_rng(0), len(seen)
    while done < count:
        first, second = (texts[i].split() for i in generator.integers(len(texts), size=2))
        mixed = " ".join([*first[: len(first) // 2], *second[len(second) // 2 :]])
        if mixed not in seen:
            seen.add(mixed)
            done += 1
            yield mixed


def lengths(served: Served) -> str:
    """Time and memory of long messages, alone and in a batch of short ones."""
    with tempfile.TemporaryDirectory() as folder:
        model = JointModel.load(extract(served.archive, Path(folder)))
    words = " ".join(served.texts).split()
    short = [Example.from_text(text) for text in served.texts[:100]]
    rows = []
    for length in LENGTHS:
        example = Example.from_text(" ".join((words * (1 + length // len(words)))[:length]))
        once = times(lambda e: model.predict([e]), [example], max(3, served.repeats)).min()
        peaks = []
        for examples in ([example], [*short, example]):
            tracemalloc.start()
            model.predict(examples)
            peaks.append(tracemalloc.get_traced_memory()[1] / 1e6)
            tracemalloc.stop()
        rows.append([length, once, once * 1e3 / length, *peaks])
    header = ["tokens", "ms", "µs a token", "peak MB", "peak MB, with 100 short messages"]
    return tabulate(rows, header, "github", floatfmt=("d", ".1f", ".1f", ".1f", ".1f"))


def http(served: Served) -> str:
    """Latency of `POST /model/parse`, with one and with four workers of the server."""
    rows = [
        [workers, *percentiles_of_server(served.archive, served.texts, workers)]
        for workers in (1, 4)
    ]
    header = ["workers", "p50 ms", "p95 ms", "p99 ms", "messages a second"]
    return tabulate(rows, header, "github", floatfmt=("d", ".1f", ".1f", ".1f", ".0f"))


PARTS: Dict[str, Callable[[Served], str]] = {
    "latency": latency,
    "pieces": pieces,
    "loading": loading,
    "bulk": bulk,
    "lengths": lengths,
    "http": http,
}


def main(arguments: Optional[List[str]] = None) -> int:
    """Print the tables that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--model", type=Path, help="a model of Rasa, in place of a training")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args(arguments)

    import rasa.model_training
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.utils.log_utils import configure_structlog

    # Rasa logs every message, if only to drop it.
    logging.disable(logging.WARNING)
    configure_structlog(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        archive = options.model or rasa.model_training.train_nlu(
            str(CONFIG), str(options.data / TRAIN), folder
        )
        examples = load_data(str(options.data / MESSAGES)).nlu_examples
        texts = list(dict.fromkeys(example.get("text") for example in examples))
        served = Served(Path(archive), texts, options.repeats)
        for name in options.parts:
            print(f"## {name}\n\n{PARTS[name](served)}\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
