"""What has to hold for hours, tried for minutes: `python -m benchmarks.soak [PARTS] [--share N]`.

Each part prints what it tried, how often, and what failed; any failure ends the command with an
error. `--share 0.1` does a tenth of everything. Measurements of memory are of Linux.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import random
import sys
import tempfile
import threading
import time
import unicodedata
from importlib.metadata import version
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core import Entity, Example, JointModel, ModelFileError, Prediction
from rasa_joint_nlu.core.description import MODEL_FILE, WEIGHTS_FILE
from rasa_joint_nlu.tools.nlu_files import read_nlu

NLU = Path(__file__).parent.parent / "example_bot" / "data" / "nlu.yml"
SCRIPTS = (0x20, 0x370, 0x400, 0x5D0, 0x620, 0x900, 0xE01, 0x1000, 0x1780, 0x3040, 0x4E00, 0xAC00)
"""Where blocks of letters begin; each is drawn from with the characters after it."""
ODD = (
    "\u0301\u0316\u200b\u200d\u202e\ufe0f\u20e3\ufdfa\ufeff\x00\x1f\t\n ,.?!'\"{}[]()<>/\\"
    "😀👩🇩🏽\ud83d"
)


def odd_text(rng: random.Random, words: Sequence[str], pieces: int = 12) -> str:
    """A text of known words, letters of all scripts, marks, symbols and control characters."""
    parts = []
    for _ in range(rng.randrange(pieces)):
        kind = rng.random()
        if kind < 0.4:
            parts.append(rng.choice(words) + " ")
        elif kind < 0.7:
            start = rng.choice(SCRIPTS)
            parts.extend(chr(start + rng.randrange(80)) for _ in range(rng.randrange(1, 9)))
        elif kind < 0.95:
            parts.append(rng.choice(ODD) * rng.choice((1, 1, 1, 2, 30)))
        else:
            parts.append(chr(rng.randrange(0x110000)))
    return "".join(parts)


def wrong_with(text: str, prediction: Prediction) -> List[str]:
    """What of an answer is not as it must be, whatever the text."""
    shares = [score.confidence for score in prediction.intents]
    places = [(entity.start, entity.end) for entity in prediction.entities]
    numbers = [*shares, *(entity.confidence for entity in prediction.entities)]
    checks = {
        "ranking": shares == sorted(shares, reverse=True) and sum(shares) <= 1 + 1e-6,
        "numbers": all(math.isfinite(number) and 0 <= number <= 1 for number in numbers),
        "places": all(0 <= start < end <= len(text) for start, end in places),
        "order": all(left[1] <= right[0] for left, right in zip(places, places[1:])),
        "json": bool(json.dumps([prediction.intents, [vars(e) for e in prediction.entities]])),
    }
    return [name for name, holds in checks.items() if not holds]


def bot_model(**settings: Any) -> Tuple[JointModel, List[Example]]:
    """A model of the example bot's data, and its examples."""
    examples = [
        Example.from_text(
            message.text,
            message.intent,
            [Entity(e.start, e.end, e.type, e.role, e.group) for e in message.entities],
        )
        for message in read_nlu([NLU]).messages
        if message.text
    ]
    model = JointModel(**settings)
    model.fit(examples)
    return model, examples


def words_of(examples: Sequence[Example]) -> List[str]:
    """The distinct tokens of examples."""
    return sorted({token.text for example in examples for token in example.tokens})


def fuzz(model: JointModel, words: Sequence[str], messages: int, giants: int) -> Dict[str, int]:
    """Odd messages: the answers are as they must be, and the same alone as in a batch."""
    rng, wrong, giant_wrong = random.Random(0), 0, 0
    for start in range(0, messages, 100):
        texts = [odd_text(rng, words) for _ in range(min(100, messages - start))]
        for text, prediction in zip(texts, model.predict(texts)):
            wrong += bool(wrong_with(text, prediction))
        (alone,), (beside,) = model.predict(texts[:1]), model.predict(texts)[:1]
        near = zip(alone.intents, sorted(beside.intents, key=lambda score: score.name))
        known = {score.name: score.confidence for score in beside.intents}
        wrong += any(abs(score.confidence - known[score.name]) > 1e-5 for score, _ in near)
    for _ in range(giants):
        text = odd_text(rng, words, 4000)
        giant_wrong += bool(wrong_with(text, model.predict([text])[0]))
    return {"messages": messages, "wrong": wrong, "giants": giants, "giants wrong": giant_wrong}


def damage(model: JointModel, tries: int) -> Dict[str, int]:
    """Damaged files: each is an error that names the folder, runs nothing, and takes a moment."""
    forbidden: List[str] = []

    def watch(event: str, arguments: Any) -> None:
        if event in ("pickle.find_class", "os.system", "subprocess.Popen", "exec"):
            forbidden.append(event)

    rng, silent, slow, unclear = random.Random(0), 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model.save(folder)
        whole = {file: (folder / file).read_bytes() for file in (MODEL_FILE, WEIGHTS_FILE)}
        sys.addaudithook(watch)
        for number in range(tries):
            file = rng.choice((MODEL_FILE, WEIGHTS_FILE))
            content = bytearray(whole[file])
            if number % 3 == 0:
                del content[rng.randrange(len(content)) :]
            elif number % 3 == 1:
                content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
            else:
                content[:2] = b"\x80\x04" + b"cos\nsystem\n(S'true'\ntR."
            (folder / file).write_bytes(content)
            start = time.process_time()
            try:
                JointModel.load(folder)
                silent += 1
            except ModelFileError as error:
                unclear += str(folder) not in str(error) or len(str(error)) > 600
            slow += time.process_time() - start > 2
            (folder / file).write_bytes(whole[file])
        JointModel.load(folder)
    counts = {"files": tries, "silent": silent, "unclear": unclear, "slow": slow}
    return {**counts, "wrong": silent + unclear + slow, "ran wrong": len(forbidden)}


def in_threads(model: JointModel, words: Sequence[str], threads: int) -> Dict[str, int]:
    """Answers in many threads at once are those in one, while another thread trains."""
    rng = random.Random(1)
    texts = [odd_text(rng, words) for _ in range(100)]
    expected = [model.predict([text])[0] for text in texts]
    wrong: List[int] = []

    def ask() -> None:
        answers = [model.predict([text])[0] for text in texts]
        wrong.append(sum(a != b for a, b in zip(answers, expected)))

    trainer = threading.Thread(target=bot_model, kwargs={"epochs": 1, "token_size": 16})
    asking = [threading.Thread(target=ask) for _ in range(threads)]
    for thread in (trainer, *asking):
        thread.start()
    for thread in (trainer, *asking):
        thread.join()
    return {"answers": threads * len(texts), "wrong": sum(wrong) + threads - len(wrong)}


def processor(model: JointModel, words: Sequence[str], answers: int) -> Dict[str, Any]:
    """Answers in four threads take as much of the processor as in one: BLAS starts none."""
    rng = random.Random(4)
    texts = [odd_text(rng, words) for _ in range(answers)]

    def seconds(threads: int) -> float:
        def ask(start: int) -> None:
            for text in texts[start::threads]:
                model.predict([text])

        asking = [threading.Thread(target=ask, args=(start,)) for start in range(threads)]
        began = time.process_time()
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        return time.process_time() - began

    seconds(1)
    ratio = min(seconds(4) for _ in range(3)) / min(seconds(1) for _ in range(3))
    found = {"answers": answers, "threadpoolctl": version("threadpoolctl")}
    return {**found, "CPU in 4 threads, by 1": round(ratio, 2), "wrong": int(ratio > 1.2)}


def resources() -> Tuple[float, int, int]:
    """Memory in MB, threads and open files of this process."""
    gc.collect()
    files, tasks = os.listdir("/proc/self/fd"), os.listdir("/proc/self/task")
    return _memory(os.getpid()), len(tasks), len(files)


def cycles(times: int, once: Callable[[], Any], allowed_mb: float) -> Dict[str, Any]:
    """Do something again and again: memory, threads and files stay as they were."""
    warm = max(3, times // 5)
    for _ in range(warm):
        once()
    before = resources()
    for _ in range(times - warm):
        once()
    after = resources()
    grown = [round(b - a, 1) for a, b in zip(before, after)]
    wrong = int(grown[0] > allowed_mb) + int(grown[1] > 0) + int(grown[2] > 0)
    return {"cycles": times, "grown MB, threads, files": grown, "wrong": wrong}


def load_and_parse(model: JointModel, times: int) -> Dict[str, Any]:
    """Load a model and ask it."""
    with tempfile.TemporaryDirectory() as folder:
        model.save(folder)
        return cycles(times, lambda: JointModel.load(folder).predict(["a ticket to Rome"] * 20), 20)


def train_and_load(times: int) -> Dict[str, Any]:
    """Train a small model, save it, load it."""

    def once() -> None:
        with tempfile.TemporaryDirectory() as folder:
            model, _ = bot_model(epochs=1, token_size=16, encoder_size=16)
            model.save(folder)
            JointModel.load(folder)

    return cycles(times, once, 60)


def _memory(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def runs(share: float) -> Iterator[Tuple[str, Callable[[JointModel, List[str]], Dict[str, Any]]]]:
    """The parts by name, each with its own share of what is done in full."""

    def count(full: int) -> int:
        return max(1, math.ceil(full * share))

    yield "fuzz", lambda model, words: fuzz(model, words, count(100_000), count(50))
    yield "damage", lambda model, words: damage(model, count(850))
    yield "threads", lambda model, words: in_threads(model, words, count(64))
    yield "processor", lambda model, words: processor(model, words, count(800))
    yield "load", lambda model, words: load_and_parse(model, count(200))
    yield "train", lambda model, words: train_and_load(count(30))


def main() -> None:
    """Run the parts, print what they found, and fail if anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--share", type=float, default=1.0)
    arguments = parser.parse_args()
    model, examples = bot_model(epochs=10)
    words, failed = words_of(examples), False
    print(f"Unicode {unicodedata.unidata_version}, NumPy {np.__version__}", flush=True)
    for name, run in runs(arguments.share):
        if not arguments.parts or name in arguments.parts:
            start = time.perf_counter()
            found = run(model, words)
            seconds = round(time.perf_counter() - start)
            print(f"{name}: {found} in {seconds} s", flush=True)
            failed = failed or any(n for key, n in found.items() if key.endswith("wrong"))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
