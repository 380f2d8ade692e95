"""`rasa run --enable-api` under load: `python -m benchmarks.load [PARTS] [--share N]`.

beside: 32 clients for five minutes, and as many of Rasa's own `separate` components, in turn.
exchange: the model is exchanged for another, and back, while clients ask.
fuzz: 2,000 odd messages; the answers are as they must be.

`--share 0.1` does a tenth of it. Any failure ends the command with an error. The models are those
of the example bots, or of `--train` and `--messages`. Measurements of memory are of Linux.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Sequence

from benchmarks.http_load import Asked, ask, running_server
from benchmarks.soak import odd_text, wrong_with
from benchmarks.speed import distinct
from rasa_joint_nlu.core import IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.tools.nlu_files import read_nlu

HERE = Path(__file__).parent
BOT, OTHER_BOT = (
    HERE.parent / "example_bot" / folder / "data" / "nlu.yml" for folder in ("", "zh")
)
CLIENTS = 32
ROUNDS = 10
SECONDS, EXCHANGE_SECONDS, ODD_MESSAGES = 300, 120, 2000
WARM_UP = 0.1
"""So much of what is measured is done before, and not counted."""
EXCHANGE_TEXTS = 100
"""So few that both models are asked each of them."""
ALLOWED_MB = 20
"""What a server may grow by while it answers."""


class Trained(NamedTuple):
    """Archives of Rasa, and texts to ask for."""

    joint: Path
    separate: Path
    other: Path
    texts: Sequence[str]


def beside(trained: Trained, share: float) -> Dict[str, Any]:
    """Ours and separate components under the same load, in turn, so that both meet each hour."""
    with contextlib.ExitStack() as stack:
        servers = {
            archive: stack.enter_context(running_server(archive))
            for archive in (trained.joint, trained.separate)
        }
        rounds: Dict[Path, List[Asked]] = {archive: [] for archive in servers}
        for server in servers.values():
            ask(server, trained.texts, CLIENTS, WARM_UP * SECONDS * share)
        before = {archive: server.megabytes for archive, server in servers.items()}
        for _ in range(ROUNDS):
            for archive, server in servers.items():
                asked = ask(server, trained.texts, CLIENTS, SECONDS / ROUNDS * share)
                rounds[archive].append(asked)
        grown = {archive: s.megabytes - before[archive] for archive, s in servers.items()}
    sums = {archive: _together(of_one) for archive, of_one in rounds.items()}
    joint, separate = sums[trained.joint], sums[trained.separate]
    return {
        **{f"{archive.name}": _told(asked, grown[archive]) for archive, asked in sums.items()},
        "requests/s, of separate's": round(joint.rate / separate.rate, 2),
        "p99, of separate's": round(joint.percentiles(99)[0] / separate.percentiles(99)[0], 2),
        "wrong": sum(joint.errors.values())
        + sum(len(answers) > 1 for answers in joint.answers)
        + (grown[trained.joint] > ALLOWED_MB),
    }


def _together(rounds: Sequence[Asked]) -> Asked:
    """All rounds as one."""
    errors: Dict[str, int] = {}
    for asked in rounds:
        for kind, count in asked.errors.items():
            errors[kind] = errors.get(kind, 0) + count
    return Asked(
        [number for asked in rounds for number in asked.milliseconds],
        sum(asked.seconds for asked in rounds),
        errors,
        [sorted(set().union(*answers)) for answers in zip(*(asked.answers for asked in rounds))],
    )


def _told(asked: Asked, grown: float) -> str:
    p50, p99 = asked.percentiles(50, 99)
    return (
        f"{len(asked.milliseconds):,} requests, errors {asked.errors or 0}, {asked.rate:.0f}/s, "
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, {grown:+.0f} MB"
    )


def exchange(trained: Trained, share: float) -> Dict[str, Any]:
    """Put another model in the place of one, and back, again and again, while clients ask."""
    archives, texts = (trained.other, trained.joint), trained.texts[:EXCHANGE_TEXTS]
    statuses: List[int] = []
    done = threading.Event()
    with running_server(trained.joint) as server:

        def put(archive: Path) -> None:
            statuses.append(server.request("PUT", "/model", {"model_file": str(archive)})[0])

        def go_on() -> None:
            while not done.is_set():
                for archive in archives:
                    put(archive)

        alone = []
        for archive in archives:
            put(archive)
            alone.append(ask(server, texts, CLIENTS, 0).answers)
        before = server.megabytes
        thread = threading.Thread(target=go_on)
        thread.start()
        asked = ask(server, texts, CLIENTS, EXCHANGE_SECONDS * share)
        done.set()
        thread.join()
        grown = server.megabytes - before
    known = [set().union(*answers) for answers in zip(*alone)]
    mixed = sum(not set(answers) <= allowed for answers, allowed in zip(asked.answers, known))
    refused = sum(status != 204 for status in statuses)
    return {
        "exchanges": len(statuses),
        "refused": refused,
        "clients": _told(asked, grown),
        "answered by both models": sum(len(answers) == 2 for answers in asked.answers),
        "by a mixture": mixed,
        "wrong": refused + mixed + sum(asked.errors.values()),
    }


def fuzz(trained: Trained, share: float) -> Dict[str, Any]:
    """Odd messages over HTTP."""
    rng = random.Random(3)
    words = sorted({word for text in trained.texts for word in text.split()})
    texts = [odd_text(rng, words) for _ in range(max(1, round(ODD_MESSAGES * share)))]
    with running_server(trained.joint) as server:
        asked = ask(server, texts, CLIENTS, 0)
    wrong = [
        (text, answer)
        for text, answers in zip(texts, asked.answers)
        for answer in answers or ["none"]
        if wrong_answer(text, answer)
    ]
    if wrong:
        print(f"first wrong answer: {wrong[0]!r}")
    return {"messages": len(texts), "errors": asked.errors, "wrong": len(wrong)}


def wrong_answer(text: str, content: str) -> List[str]:
    """What of a server's answer is not as it must be; Rasa takes blanks off a text's ends."""
    answer = json.loads(content)
    seen, ranking, found = text.strip(), answer["intent_ranking"], answer["entities"]
    intents = tuple(IntentScore(intent["name"], intent["confidence"]) for intent in ranking)
    entities = tuple(
        PredictedEntity(e["start"], e["end"], e["entity"], confidence=e["confidence_entity"])
        for e in found
    )
    checks = {
        "text": answer["text"] == seen,
        "intent": not ranking or answer["intent"] == ranking[0],
        "values": all(entity["value"] == seen[entity["start"] : entity["end"]] for entity in found),
    }
    wrong = [name for name, holds in checks.items() if not holds]
    return wrong + wrong_with(seen, Prediction(intents, entities))


PARTS = {"beside": beside, "exchange": exchange, "fuzz": fuzz}


def train(folder: Path, nlu: Path, messages: Path) -> Trained:
    """Train what the parts need."""
    import rasa.model_training

    def archive(config: str, data: Path, name: str) -> Path:
        path = rasa.model_training.train_nlu(
            str(HERE / "configs" / config), str(data), str(folder), fixed_model_name=name
        )
        assert path
        return Path(path)

    texts = list(dict.fromkeys(m.text for m in read_nlu([messages]).messages if m.text))
    if messages == nlu:
        # What a model was trained on is no good example of what it is asked.
        texts = list(distinct(texts, 2 * len(texts)))[len(texts) :]
    return Trained(
        archive("joint.yml", nlu, "joint"),
        archive("separate.yml", nlu, "separate"),
        archive("joint.yml", OTHER_BOT, "other"),
        texts,
    )


def main() -> None:
    """Run the parts, print what they found, and fail if anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PARTS", choices=[[], *PARTS])
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--train", type=Path, default=BOT, help="NLU data to train on")
    parser.add_argument("--messages", type=Path, default=BOT, help="NLU data to ask for")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        trained = train(Path(folder), arguments.train, arguments.messages)
        for name in arguments.parts or PARTS:
            start = time.perf_counter()
            found = PARTS[name](trained, arguments.share)
            print(f"{name}: {found} in {time.perf_counter() - start:.0f} s", flush=True)
            failed = failed or bool(found["wrong"])
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
