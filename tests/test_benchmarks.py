"""The benchmark, on a data set of a few sentences in place of the real ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest
from rasa.core.agent import Agent
from rasa_helpers import BOT, bot, classifier_in, yaml_of

from benchmarks import measure
from rasa_joint_nlu.source import source_hash

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "snips").mkdir()
    for name in ("train-20-per-intent", "test"):
        (folder / "snips" / f"{name}.yml").write_text(yaml_of(BOT), encoding="utf-8")
    return folder


def run(data: Path, *args: str) -> str:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.measure", "--data", str(data)]
    finished = subprocess.run(
        [*command, *args], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return finished.stdout


def row(pipeline: str, seed: int, **figures: float) -> Dict[str, Any]:
    """A row of results, with 1 wherever nothing else is given."""
    ones = dict.fromkeys(measure.FIGURES, 1.0)
    return {"task": "snips-20", "pipeline": pipeline, "seed": seed, **ones, **figures}


def cells(table: str) -> List[List[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_a_run_measures_everything_once_and_keeps_it(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.jsonl"
    args = ["--tasks", "snips-20", "--pipelines", "joint", "--seeds", "1", "--out", str(out)]
    printed = run(data, *args)
    (line,) = out.read_text(encoding="utf-8").splitlines()
    found = json.loads(line)
    assert (found["task"], found["pipeline"], found["seed"]) == ("snips-20", "joint", 1)
    assert set(measure.FIGURES) <= set(found)
    assert all(found[name] > 0 for name in measure.FIGURES)
    assert found["intent_acc"] <= 100 and found["p50_ms"] <= found["p95_ms"]
    assert cells(printed)[-1][:2] == ["snips-20", "joint"]

    made_up = json.dumps({**found, "parameters": 123456})
    out.write_text(made_up + "\n", encoding="utf-8")
    assert "123,456" in run(data, *args)
    assert out.read_text(encoding="utf-8") == made_up + "\n"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run(tmp_path / "missing")
    assert failed.value.returncode == 2


def test_only_what_is_not_done_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps: List[Any] = []

    def step(name: str, *args: str) -> Dict[str, float]:
        steps.append((name, *args[:-1]))
        return row("pair", 0) if name == "score" else {"train_s": 7.0}

    monkeypatch.setattr(measure, "_in_process", step)
    out = tmp_path / "results.jsonl"
    done = {**row("joint", 1), "code": source_hash()[:12]}
    stale = {**row("joint", 2), "code": "another"}
    out.write_text(f"{json.dumps(done)}\n{json.dumps(stale)}\n", encoding="utf-8")
    command = ["measure", "--data", str(tmp_path), "--tasks", "snips-20", "--pipelines", "joint"]
    monkeypatch.setattr(sys, "argv", [*command, "--seeds", "1", "2", "--out", str(out)])
    measure.main()
    train, test = (os.path.join(str(tmp_path), name) for name in measure.TASKS["snips-20"])
    assert steps == [("train", train, "joint", "2"), ("score", test)]
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
    assert "snips-20" in capsys.readouterr().out


def test_a_perfect_model_scores_100_and_wrong_truth_is_counted(data: Path, tmp_path: Path) -> None:
    truth = str(data / "snips" / "test.yml")
    figures = measure.score(truth, str(_as_model(tmp_path)))
    assert figures["intent_acc"] == figures["entity_f1"] == figures["frame_acc"] == 100
    other = {
        **BOT,
        # one wrong intent, one wrong role, one missing and one additional entity
        "greet": [*BOT["greet"][1:], "bye bye"],
        "fly": [*BOT["fly"][1:], 'fly to [Rome]{"entity": "city", "role": "from"}'],
        "order": [*BOT["order"][2:], "pour [me](drink) some tea", "bring me a [tea](drink)"],
    }
    path = tmp_path / "other.yml"
    path.write_text(yaml_of(other), encoding="utf-8")
    figures = measure.score(str(path), str(tmp_path))
    assert figures["intent_acc"] == pytest.approx(100 * 25 / 26)
    assert figures["frame_acc"] == pytest.approx(100 * 23 / 26)
    assert 80 < figures["entity_f1"] < 100


def _as_model(folder: Path) -> Path:
    (folder / "model.tar.gz").write_bytes(bot().read_bytes())
    return folder


def test_parameters_are_those_of_the_networks_in_the_archive() -> None:
    model = classifier_in(Agent.load(str(bot())))._model
    assert model
    assert measure._parameters(str(bot())) == sum(w.size for w in model.weights.values())


def test_the_table_has_means_and_deviations_of_accuracies_over_the_seeds() -> None:
    rows = [
        row("joint", 1, intent_acc=90, train_s=10, parameters=1000),
        row("joint", 2, intent_acc=94, train_s=20, parameters=3000),
        row("pair", 1, intent_acc=80),
    ]
    head, _, joint, pair = cells(measure.table(rows))
    assert head == ["task", "pipeline", *measure.FIGURES.values()]
    found = dict(zip(head, joint))
    assert found["intent %"] == "92.0 ± 2.8"
    assert found["training s"] == "15.00"
    assert found["parameters"] == "2,000"
    assert dict(zip(head, pair))["intent %"] == "80.00"
    assert [joint[1], pair[1]] == ["joint", "pair"]


def test_an_entity_is_right_only_with_its_place_type_role_and_group() -> None:
    entity = {"start": 0, "end": 4, "entity": "city", "role": "to", "value": "Rome"}
    (expected,) = measure._spans([entity])
    assert measure._spans([{**entity, "value": "NYC", "extractor": "any"}]) == {expected}
    for key, value in (("start", 1), ("end", 3), ("entity", "x"), ("role", None), ("group", "1")):
        assert measure._spans([{**entity, key: value}]) != {expected}
