"""The command as a user runs it, mostly with the trainings themselves left out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List

import pytest
from dask_cluster import dask_cluster
from rasa.core.agent import Agent
from rasa_helpers import BOT, FAST, NAME, bot, classifier_in, yaml_of

from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.tools.cluster import Cluster
from rasa_joint_nlu.tools.compare import measure, runs
from rasa_joint_nlu.tools.compare.data import Split
from rasa_joint_nlu.tools.compare.runs import (
    Clock,
    Job,
    OnCluster,
    OnThisMachine,
    Pipeline,
    RunFailedError,
    duration,
)
from rasa_joint_nlu.tools.compare.statistics import score

OURS = {"name": NAME, **FAST, "epochs": 2}
KEYWORDS = {"name": "KeywordIntentClassifier"}


def config(path: Path, *components: Dict[str, Any]) -> Path:
    content = {"pipeline": [{"name": "WhitespaceTokenizer"}, *components]}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> Dict[str, str]:
    """Data, and configs of which the last one cannot be trained."""
    nlu = tmp_path / "nlu.yml"
    nlu.write_text(yaml_of(BOT), encoding="utf-8")
    return {
        "nlu": str(nlu),
        "ours": str(config(tmp_path / "ours.yml", OURS)),
        "words": str(config(tmp_path / "words.yml", KEYWORDS)),
        "broken": str(config(tmp_path / "broken.yml", {"name": NAME, "epoch": 1})),
        "out": str(tmp_path / "out.jsonl"),
    }


def made_up(job: Job) -> Dict[str, Any]:
    """What a training and scoring would return."""
    figures = dict.fromkeys(("train_s", "train_mb", "load_s", "serve_mb", "p50_ms", "p95_ms"), 1.0)
    size = job.split.test_size
    answers = {"messages": [[1, 0, 0, 0]] * size, "predictions": [["greet", 0.9, []]] * size}
    return {**figures, "model_mb": 1.0, "parameters": 0, **answers}


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> List[Any]:
    """The jobs that are really done, with nothing trained."""
    jobs: List[Any] = []

    def measured(job: Job, _: Any) -> Dict[str, Any]:
        jobs.append((job.pipeline.name, job.seed, job.split.share, job.split.fold))
        return made_up(job)

    monkeypatch.setattr(runs, "_measure", measured)
    return jobs


def test_the_whole_command(files: Dict[str, str], tmp_path: Path, done: List[Any]) -> None:
    page, result = tmp_path / "page.html", tmp_path / "result.json"
    arguments = ["compare", "--nlu", files["nlu"], "--test", files["nlu"], "--seeds", "1"]
    arguments += ["--out", files["out"], "--html", str(page), "--json", str(result)]
    arguments += ["--jobs", "1"]
    configs = ["--config", files["words"], files["ours"]]
    command = [sys.executable, "-W", "ignore", "-m", "rasa_joint_nlu", *arguments, *configs]
    ended = subprocess.run([*command, files["broken"]], capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    progress = ended.stderr.strip().splitlines()
    assert [line.split(",")[0] for line in progress] == [
        name for name in ("[1/3] words", "[2/3] ours", "[3/3] broken") for _ in range(2)
    ]
    assert progress[0].endswith("26 messages … the time left is known after the first run")
    assert " left" in progress[2] and "about" in progress[2]
    assert "'epoch' is not a setting. Did you mean 'epochs'?" in progress[-1]
    assert "broken failed: InvalidConfigException: JointNLU" in ended.stdout
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

    content = json.loads(result.read_text(encoding="utf-8"))
    assert content["about"]["seeds"] == "1" and "Rasa 3.6" in content["about"]["versions"]
    assert content["configs"]["ours"] == Path(files["ours"]).read_text(encoding="utf-8")
    assert content["scores"]["words"]["intents"]["greet"]["f1"] > 0.8
    words, ours = content["runs"]
    assert score(words["messages"])["intent_acc"] > 80 and words["parameters"] == 0
    assert words["train_size"] == words["test_size"] == len(words["messages"]) == 26
    assert ours["parameters"] > 1000
    assert 0 < ours["p50_ms"] <= ours["p95_ms"]
    assert all(ours[name] > 0 for name in ("train_s", "train_mb", "model_mb", "load_s", "serve_mb"))

    before = Path(files["out"]).read_text(encoding="utf-8")
    assert main([*arguments, *configs]) == 0
    assert done == [] and Path(files["out"]).read_text(encoding="utf-8") == before


def test_training_and_scoring_leave_figures_or_an_error(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "nlu.yml").write_text(yaml_of(BOT), encoding="utf-8")
    content = {"recipe": "default.v1", "language": "en"}
    pipeline = [{"name": "WhitespaceTokenizer"}, OURS, {**KEYWORDS, "case_sensitive": False}]
    (tmp_path / "config.yml").write_text(json.dumps({**content, "pipeline": pipeline}))
    test = [{"text": "hello", "intent": "greet", "entities": []}]
    (tmp_path / "test.json").write_text(json.dumps(test), encoding="utf-8")
    measure.main("train", tmp_path, 7)
    trained = json.loads((tmp_path / "train-result.json").read_text())
    assert trained["parameters"] > 0 and trained["train_s"] > 0
    used = json.loads((tmp_path / "config.yml").read_text())["pipeline"]
    assert [entry.get("random_seed") for entry in used] == [None, 7, None]
    assert used[2] == pipeline[2]
    (tmp_path / "model.tar.gz").unlink()
    measure.main("score", tmp_path, 7)
    assert "model" in json.loads((tmp_path / "score-result.json").read_text())["error"]


def test_a_model_that_learnt_its_test_by_heart_is_right(tmp_path: Path) -> None:
    (tmp_path / "model.tar.gz").write_bytes(bot().read_bytes())
    truth = [
        {"text": "hello", "intent": "greet", "entities": []},
        {
            "text": "bring me a tea",
            "intent": "order",
            "entities": [{"start": 11, "end": 14, "entity": "drink"}],
        },
        {"text": "bye bye", "intent": "greet", "entities": []},
    ]
    (tmp_path / "test.json").write_text(json.dumps(truth), encoding="utf-8")
    found = measure.score(tmp_path)
    assert found["messages"] == [[1, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]]
    assert found["load_s"] > 0 and found["p50_ms"] <= found["p95_ms"]


def test_parameters_are_those_of_the_networks_in_the_archive() -> None:
    model = classifier_in(Agent.load(str(bot())))._model
    assert model
    assert measure.parameters(bot()) == sum(w.size for w in model.learnt.weights.values())


def test_only_the_options_that_a_component_has_get_the_seed() -> None:
    names = ["WhitespaceTokenizer", "CountVectorsFeaturizer", "LogisticRegressionClassifier", NAME]
    config = {"recipe": "default.v1", "language": "en", "pipeline": [{"name": n} for n in names]}
    seeds = [
        {name: value for name, value in component.items() if name != "name"}
        for component in measure.with_seed(config, 5)["pipeline"]
    ]
    assert seeds == [{}, {}, {"random_state": 5}, {"random_seed": 5}]


# What is run, and what is not -----------------------------------------------------------------


def run(files: Dict[str, str], *arguments: str) -> int:
    return main(["compare", "--nlu", files["nlu"], "--config", files["ours"], *arguments])


def test_every_seed_share_and_fold_is_run_once(files: Dict[str, str], done: List[Any]) -> None:
    options = ["--seeds", "3", "4", "3", "--learning-curve", "1", "0.5", "--folds", "2"]
    assert run(files, *options, "--jobs", "1") == 0
    expected = [(f, share, seed) for seed in (3, 4) for f in (1, 2) for share in (0.5, 1.0)]
    assert done == [("ours", seed, share, f) for f, share, seed in expected]


def test_only_what_is_new_is_run(
    files: Dict[str, str], done: List[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", files["out"]]
    assert run(files, *out, "--seeds", "1") == 0
    assert run(files, *out, "--seeds", "1", "2") == 0
    assert [seed for _, seed, *_ in done] == [1, 2]
    assert "(kept from before)" in capsys.readouterr().err
    config(Path(files["ours"]), {**OURS, "epochs": 3})
    assert run(files, *out, "--seeds", "1") == 0
    Path(files["nlu"]).write_text(yaml_of({**BOT, "new": ["x", "y", "z"]}), encoding="utf-8")
    assert run(files, *out, "--seeds", "1") == 0
    assert [seed for _, seed, *_ in done] == [1, 2, 1, 1]


def test_a_row_that_a_killed_process_left_unfinished_is_made_again(
    files: Dict[str, str], done: List[Any]
) -> None:
    out = Path(files["out"])
    assert run(files, "--out", files["out"], "--seeds", "1", "2") == 0
    whole = out.read_text(encoding="utf-8")
    for size in (10, len(whole) // 2, len(whole) - 10, len(whole) - 1):
        out.write_text(whole[:size], encoding="utf-8")
        assert run(files, "--out", files["out"], "--seeds", "1", "2") == 0
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert sorted(row["seed"] for row in rows) == [1, 2]
    assert len(done) == 2 + 2 + 1 + 1


def test_another_version_of_the_code_is_run_again(
    files: Dict[str, str], done: List[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["--out", files["out"], "--seeds", "1"]
    run(files, *arguments)
    monkeypatch.setattr(runs, "source_hash", lambda: "edited")
    run(files, *arguments)
    assert len(done) == 2


def test_a_pipeline_that_fails_is_not_tried_again_and_the_others_go_on(
    files: Dict[str, str],
    done: List[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    finish = runs._measure

    def failing(job: Job, processes: Any) -> Dict[str, Any]:
        if job.pipeline.name == "broken":
            raise RunFailedError("ValueError: no")
        return finish(job, processes)

    monkeypatch.setattr(runs, "_measure", failing)
    command = ["compare", "--nlu", files["nlu"], "--out", files["out"], "--jobs", "1"]
    assert main([*command, "--config", files["broken"], files["words"]]) == 1
    assert [name for name, *_ in done] == ["words"] * 3
    printed = capsys.readouterr()
    assert printed.err.count("broken, seed 1, 21 messages: failed") == 1
    assert "broken, seed 2" not in printed.err
    assert "broken failed: ValueError: no" in printed.out
    assert len(Path(files["out"]).read_text(encoding="utf-8").splitlines()) == 3


def test_finished_runs_are_kept_when_the_user_stops(
    files: Dict[str, str],
    done: List[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    finish = runs._measure

    def stopped(job: Job, processes: Any) -> Dict[str, Any]:
        if job.seed == 2:
            raise KeyboardInterrupt
        return finish(job, processes)

    monkeypatch.setattr(runs, "_measure", stopped)
    assert run(files, "--out", files["out"], "--jobs", "1") == 130
    assert "the same command goes on" in capsys.readouterr().err
    assert len(Path(files["out"]).read_text(encoding="utf-8").splitlines()) == 1
    assert run(files) == 130
    assert "are lost" in capsys.readouterr().err


def test_a_process_that_dies_is_reported_with_what_it_said_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(Pipeline("any", {"pipeline": []}), 1, Split("{}", "responses: {}", "[]", 0, 0))
    monkeypatch.setattr(runs, "MEASURE", "no_such_module_of_this_name")
    with pytest.raises(RunFailedError, match=r"exit code 1: .*No module named no_such_module"):
        runs._measure(job, OnThisMachine())


# Several at a time ----------------------------------------------------------------------------

FAKE = """
import json, os, pathlib, signal, sys, time
step, folder, seed = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
notes = pathlib.Path(__file__).parent
name = f"{json.loads((folder / 'config.yml').read_text())['language']}-{seed}-{step}"
with (notes / name).open("a") as file:
    file.write(f"{os.getpid()} {sorted(os.sched_getaffinity(0))}\\n")
times = len((notes / name).read_text().splitlines())
if seed == 666 and times < int(os.environ["KILLS"]) + 1:
    os.kill(os.getpid(), signal.SIGKILL)
if seed == 777:
    os.read(0, 1)
    sys.exit(1)
size = len(json.loads((folder / "test.json").read_text()))
costs = dict.fromkeys(("train_s", "train_mb", "load_s", "serve_mb", "p50_ms", "p95_ms"), 1.0)
answers = {"messages": [[seed % 2, 0, 0, 0]] * size, "predictions": [["greet", 0.9, []]] * size}
result = {**costs, "model_mb": 1.0, "parameters": 0, **answers}
(folder / f"{step}-result.json").write_text(json.dumps(result))
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where processes that only seem to train leave a note of each step."""
    folder = tmp_path / "fake"
    folder.mkdir()
    (folder / "fake_measure.py").write_text(FAKE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
    monkeypatch.setattr(runs, "MEASURE", "fake_measure")
    return folder


def jobs_of(*seeds: int) -> List[Job]:
    split = Split("{}", "", '[{"text": "a"}]', 100, 1)
    return [
        Job(Pipeline(name, {"language": name}), seed, split)
        for seed in seeds
        for name in ("a", "b")
    ]


def without_times(rows: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "run_s"} for row in rows]


def test_runs_at_a_time_give_what_runs_one_after_the_other_give(
    fake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs, found = jobs_of(1, 2, 3), []
    for workers in (1, 3):
        out = tmp_path / f"{workers}.jsonl"
        rows, failures = runs.execute(
            jobs, runs.Results(out, runs.RUN_IDENTITY), print, OnThisMachine(workers)
        )
        kept = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        key = lambda row: (row["seed"], row["pipeline"])  # noqa: E731
        assert sorted(kept, key=key) == rows and failures == {}
        found.append(without_times(rows))
    assert found[0] == found[1]
    assert [(row["pipeline"], row["seed"]) for row in found[1]] == [
        (job.pipeline.name, job.seed) for job in jobs
    ]
    assert "[6/6] b, seed 3, 100 messages: intent" in capsys.readouterr().out


@pytest.mark.skipif(len(runs.cores()) < 2, reason="there is one core only")
def test_each_of_the_runs_at_a_time_has_its_share_of_the_cores(fake: Path) -> None:
    mine = runs.cores()
    for workers in (1, 2):
        runs.execute(
            jobs_of(workers), runs.Results(None, runs.RUN_IDENTITY), print, OnThisMachine(workers)
        )
        shares = {
            path.read_text(encoding="utf-8").split(maxsplit=1)[1].strip()
            for path in fake.glob(f"?-{workers}-*")
        }
        assert shares == {str(mine[number::workers]) for number in range(workers)}
    assert runs.cores() == mine


@pytest.mark.parametrize("kills", [1, 3])
def test_a_run_whose_process_is_killed_is_done_again_but_not_for_ever(
    fake: Path, kills: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KILLS", str(kills))
    said: List[str] = []
    nothing = runs.Results(None, runs.RUN_IDENTITY)
    rows, failures = runs.execute(jobs_of(666, 1), nothing, said.append, OnThisMachine(2))
    again = [line for line in said if "its process was killed (signal 9); it is done again" in line]
    if kills == 1:
        assert len(rows) == 4 and failures == {} and len(again) == 4
    else:
        assert rows == [] or {row["seed"] for row in rows} == {1}
        assert failures == dict.fromkeys("ab", "its process was killed (signal 9)")


def started(folder: Path, name: str, times: int = 1) -> int:
    """The process that left a note, once so many have."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        path = folder / name
        notes = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        if len(notes) >= times and notes[times - 1].strip():
            return int(notes[times - 1].split()[0])
        time.sleep(0.05)
    raise AssertionError(f"{name} has not started")


def is_gone(process: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


INTERRUPTIBLE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from rasa_joint_nlu.tools.compare import runs
from rasa_joint_nlu.__main__ import main
runs.MEASURE = "fake_measure"
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_the_command_ends_all_that_it_started(
    fake: Path, files: Dict[str, str], number: signal.Signals
) -> None:
    for name in ("ours", "words"):
        path = Path(files[name])
        text = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**text, "language": name}), encoding="utf-8")
    command = ["compare", "--nlu", files["nlu"], "--config", files["ours"], files["words"]]
    command += ["--seeds", "777", "1", "--jobs", "2"]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", INTERRUPTIBLE, *command],
        stderr=subprocess.PIPE,
        text=True,
    )
    children = [started(fake, f"{name}-777-train") for name in ("ours", "words")]
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert ("Stopped. Finished runs are lost." in said) == (number == signal.SIGINT)
    assert "Traceback" not in said
    if number == signal.SIGINT:
        assert all(map(is_gone, children))
    assert {path.name for path in fake.glob("*-train")} == {"ours-777-train", "words-777-train"}


def test_a_cluster_gives_the_same_and_a_killed_worker_is_replaced(
    fake: Path, files: Dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    preload = tmp_path / "preload.py"
    preload.write_text(
        "from rasa_joint_nlu.tools.compare import runs\nruns.MEASURE = 'fake_measure'\n"
    )
    jobs = jobs_of(1, 2, 3)
    expected, _ = runs.execute(
        jobs, runs.Results(None, runs.RUN_IDENTITY), lambda _: None, OnThisMachine(2)
    )
    with dask_cluster(tmp_path, 2, preload) as dask:
        with Cluster(dask.address) as cluster:
            out = runs.Results(tmp_path / "out.jsonl", runs.RUN_IDENTITY)
            rows, failures = runs.execute(jobs, out, print, OnCluster(cluster))
        assert without_times(rows) == without_times(expected) and failures == {}
        assert all(len((fake / f"a-{seed}-train").read_text().splitlines()) == 2 for seed in (1, 2))

        arguments = ["compare", "--nlu", files["nlu"], "--config", files["ours"], "--seeds", "777"]
        path = Path(files["ours"])
        text = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**text, "language": "c"}), encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTIBLE, *arguments, "--scheduler", dask.address],
            stderr=subprocess.PIPE,
            text=True,
        )
        first = started(fake, "c-777-train")
        worker = next(each for each in dask.workers if each.pid == parent_of(first))
        worker.kill()
        assert is_gone(first)
        again = started(fake, "c-777-train", times=2)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130 and "Stopped. Finished runs are lost." in said
        assert "Traceback" not in said
        assert is_gone(again)


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def test_the_time_left_is_guessed_from_the_runs_most_like_it() -> None:
    first, second = jobs_of(1)
    larger = Job(second.pipeline, 2, Split("{}", "", "[]", 1000, 1))
    clock = Clock([first, second, larger])
    assert clock.left() == "the time left is known after the first run"
    clock.finished(first, 60)
    # As nothing is known of the second pipeline: 60 s and 600 s.
    assert clock.left() == "about 11 min left"
    clock.finished(second, 6)
    assert clock.left() == "about 60 s left"
    clock.given_up("b")
    assert clock.left() == "about 10 s left"
    assert duration(5400) == "1 h 30 min"


# Wrong input ----------------------------------------------------------------------------------


def wrong(arguments: List[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that refuses arguments."""
    try:
        code: Any = main(arguments)
    except SystemExit as ended:  # argparse's way
        code = ended.code
    assert code == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert "Traceback" not in " ".join(said)
    return said[-1]


def test_wrong_input_is_refused_in_one_line(
    files: Dict[str, str], tmp_path: Path, done: List[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["compare", "--nlu", files["nlu"], "--config", files["ours"]]
    binary, damaged = tmp_path / "binary.jsonl", tmp_path / "damaged.jsonl"
    binary.write_bytes(b"\xff")
    damaged.write_text('{"code": "a", "config": "b", "data": "c", "seed": 1}\n{"co\n')
    other = tmp_path / "other.yml"
    other.write_text("nlu: []")
    for arguments, expected in (
        (["compare", "--nlu", "no.yml", "--config", files["ours"]], "no 'no.yml'"),
        (["compare", "--nlu", files["nlu"], "--config", "no.yml"], "no 'no.yml'"),
        (["compare", "--nlu", files["nlu"]], "--config"),
        ([*command, files["ours"]], "twice"),
        ([*command, "--test", "no.yml"], "no 'no.yml'"),
        ([*command, "--test", files["nlu"], "--folds", "3"], "not allowed with"),
        ([*command, "--jobs", "0"], "'0' is not allowed; it must be a whole number of at least 1"),
        (
            [*command, "--folds", "1"],
            "'1' is not allowed; it must be a whole number from 2 to 1000",
        ),
        ([*command, "--test-share", "x"], "'x' is not allowed"),
        ([*command, "--learning-curve", "0"], "'0' is not allowed"),
        ([*command, "--seeds", "-1"], "-1"),
        ([*command, "--html", str(tmp_path / "no" / "page.html")], "cannot be written"),
        ([*command, "--out", str(tmp_path)], "cannot be written"),
        ([*command, "--out", str(binary)], "is no UTF-8 text"),
        ([*command, "--out", str(damaged)], "line 2: this is no result of an earlier run"),
        ([*command, "--out", str(other)], "line 1: this is no result of an earlier run"),
        (["compair"], "invalid choice: 'compair'"),
        ([], "required"),
    ):
        assert expected in wrong(arguments, capsys), arguments
    assert done == [] and other.read_text() == "nlu: []"


def test_configs_of_one_name_are_told_apart_by_their_paths(
    files: Dict[str, str], tmp_path: Path, done: List[Any]
) -> None:
    (tmp_path / "other").mkdir()
    other = str(config(tmp_path / "other" / "ours.yml", KEYWORDS))
    run(files, other, "--seeds", "1", "--jobs", "1")
    assert [name for name, *_ in done] == [files["ours"], other]


def test_help_is_quick() -> None:
    check = (
        "import sys\nfrom rasa_joint_nlu.__main__ import main\n"
        "try:\n    main(['compare', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'rasa', 'torch', 'tensorflow', 'pandas'} & set(sys.modules)))"
    )
    start = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip().endswith("[]") and "random_state" in ended.stdout
    assert time.perf_counter() - start < 5
