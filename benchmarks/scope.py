"""What confidences are worth: fallbacks of the example bots, and calibration on SNIPS and ATIS.

    python -m benchmarks.scope [--bots FOLDER ...] [--part held-out|development]
                               [--data DATA [--tasks snips-100 atis]] [--seed 42]

Each bot is trained as it is and without its intent `out_of_scope`; messages that have nothing to
do with it, in the text files of its tests, should fall back, those of `test_nlu.yml` should not.
`DATA` is a folder of data sets as for `benchmarks.measure`; their validation parts are used.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence

from tabulate import tabulate

from benchmarks.measure import CONFIGS, TASKS
from rasa_joint_nlu.tools.scores import calibration

ROOT = Path(__file__).resolve().parent.parent
BOTS = (ROOT / "example_bot", ROOT / "example_bot" / "zh")
PARTS = {"held-out": "tests", "development": "tests/development"}
KINDS = ("out_of_scope", "gibberish")
OUT_OF_SCOPE, FALLBACK = "out_of_scope", "nlu_fallback"


class Rates(NamedTuple):
    """Shares of messages, from 0 to 1."""

    fallback: float
    """That FallbackClassifier gave its intent."""
    out_of_scope: float
    """That were understood as `out_of_scope`."""

    @classmethod
    def of(cls, intents: Sequence[str]) -> Rates:
        """Count what the messages were understood as."""
        count = len(intents)
        return cls(intents.count(FALLBACK) / count, intents.count(OUT_OF_SCOPE) / count)


def off_topic(bot: Path, part: str = "held-out") -> Dict[str, List[str]]:
    """By kind, the messages that have nothing to do with a bot."""
    return {
        kind: (bot / PARTS[part] / f"{kind}.txt").read_text(encoding="utf-8").splitlines()
        for kind in KINDS
    }


def on_topic(bot: Path) -> List[str]:
    """The held-out messages of a bot's own intents."""
    from rasa.shared.nlu.training_data.loading import load_data

    held_out = load_data(str(bot / "tests" / "test_nlu.yml")).intent_examples
    return [m.get("text") for m in held_out if m.get("intent") != OUT_OF_SCOPE]


def parse(agent: Any, texts: Iterable[str]) -> List[Dict[str, Any]]:
    """What a Rasa agent understands of messages."""

    async def parsed() -> List[Dict[str, Any]]:
        return [await agent.parse_message(text) for text in texts]

    return asyncio.run(parsed())


def rates(agent: Any, texts: Iterable[str]) -> Rates:
    """How an agent takes messages."""
    return Rates.of([result["intent"]["name"] for result in parse(agent, texts)])


def train(config: Dict[str, Any], data: Path, seed: int, without: Optional[str] = None) -> Any:
    """A Rasa agent that has learnt NLU data, but for an intent."""
    import rasa.model_training
    from rasa.core.agent import Agent
    from rasa.shared.nlu.training_data.loading import load_data

    training_data = load_data(str(data)).filter_training_examples(
        lambda message: message.get("intent") != without
    )
    for component in config["pipeline"]:
        if component["name"].endswith("JointNLUClassifier"):
            component["random_seed"] = seed
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RASA_CACHE_DIRECTORY"] = str(Path(folder) / "cache")
        # Rasa reads YAML, which JSON is a part of.
        (Path(folder) / "config.yml").write_text(json.dumps(config), encoding="utf-8")
        (Path(folder) / "nlu.yml").write_text(training_data.nlu_as_yaml(), encoding="utf-8")
        model = rasa.model_training.train_nlu(
            f"{folder}/config.yml", f"{folder}/nlu.yml", folder, fixed_model_name="model"
        )
        assert model is not None, "Rasa trained no model."
        return Agent.load(model)


def bot_table(bots: Sequence[Path], part: str, seed: int) -> str:
    """The rates of bots, with and without their intent `out_of_scope`, in %."""
    from rasa.shared.utils.io import read_config_file

    lines = []
    for bot in bots:
        for without in (None, OUT_OF_SCOPE):
            config = read_config_file(bot / "config.yml")
            agent = train(config, bot / "data" / "nlu.yml", seed, without)
            inside = rates(agent, on_topic(bot))
            messages = off_topic(bot, part)
            by_kind = [rates(agent, messages[kind]) for kind in KINDS]
            together = rates(agent, [text for kind in KINDS for text in messages[kind]])
            lines.append(
                [
                    f"{bot.name}, without {without}" if without else bot.name,
                    f"{100 * inside.fallback:.1f}",
                    *(
                        f"{100 * (rate.fallback + rate.out_of_scope):.0f} "
                        f"({100 * rate.fallback:.0f} + {100 * rate.out_of_scope:.0f})"
                        for rate in (*by_kind, together)
                    ),
                ]
            )
    head = ["bot", "in scope: fall back", *KINDS, "both: not taken for an intent of the bot's"]
    return str(tabulate(lines, head, "github", disable_numparse=True))


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """The expected calibration error (Guo et al. 2017), with ten bins of equal width."""
    return calibration(list(zip(confidences, right))).error


def calibration_table(data: Path, tasks: Sequence[str], seed: int) -> str:
    """The calibration errors of intents and of entities on validation data."""
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.utils.io import read_config_file

    lines = []
    for task in tasks:
        path = data / TASKS[task]
        agent = train(read_config_file(CONFIGS / "joint.yml"), path, seed)
        truths = load_data(str(path.with_name("valid.yml"))).intent_examples
        results = parse(agent, [truth.get("text") for truth in truths])
        intents = [result["intent"]["confidence"] for result in results]
        right = [r["intent"]["name"] == t.get("intent") for r, t in zip(results, truths)]
        spans, spans_right = [], []
        for result, truth in zip(results, truths):
            gold = {(e["start"], e["end"], e["entity"]) for e in truth.get("entities", [])}
            for found in result["entities"]:
                spans.append(found["confidence_entity"])
                spans_right.append((found["start"], found["end"], found["entity"]) in gold)
        errors = calibration_error(intents, right), calibration_error(spans, spans_right)
        lines.append([task, *(f"{error:.3f}" for error in errors)])
    head = ["data", "intents", "entities"]
    return str(tabulate(lines, head, "github", disable_numparse=True))


def main(arguments: Optional[List[str]] = None) -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--bots", nargs="*", type=Path, default=list(BOTS))
    parser.add_argument("--part", choices=PARTS, default="held-out")
    parser.add_argument("--data", type=Path, help="folder of the data sets")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=["snips-100", "atis"])
    parser.add_argument("--seed", type=int, default=42)
    options = parser.parse_args(arguments)
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    if options.bots:
        print(f"{bot_table(options.bots, options.part, options.seed)}\n", flush=True)
    if options.data:
        print(calibration_table(options.data, options.tasks, options.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
