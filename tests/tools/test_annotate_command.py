"""The command as a user runs it, and as it is killed."""

from __future__ import annotations

import gc
import gzip
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable, Dict, List

import pytest
from dask_cluster import dask_cluster

from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.tools.annotate import annotator, command
from rasa_joint_nlu.tools.annotate.annotator import Recipe, Task, annotate, packed
from rasa_joint_nlu.tools.annotate.parts import Parts
from rasa_joint_nlu.tools.annotate.records import Found, Rows
from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.nlu_files import read_nlu

GOLDEN = Path(__file__).parent.parent / "golden" / "model.tar.gz"
FOLDER = GOLDEN.parent / "core" / "numpy1"


def answers(path: Path) -> List[Dict[str, Any]]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return [json.loads(line) for line in content.decode("utf-8").splitlines()]


def arguments(*given: object) -> List[str]:
    return ["annotate", *map(str, given), "--jobs", "1"]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.txt"
    path.write_text("send it to Lima\n\nhello 你好\n\n", encoding="utf-8")
    return path


def test_answers_are_those_of_parse_in_the_order_of_the_messages(
    texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "more.csv"
    table.write_text("text,id\na large green tea,7\n\ud83d,1\n", "utf-8", "surrogatepass")
    out = tmp_path / "out.jsonl"
    assert main(arguments(GOLDEN, texts, table, "--out", out, "--top", 2)) == 1
    found = answers(out)
    assert [(Path(each["file"]).name, each["line"]) for each in found] == [
        ("texts.txt", 1),
        ("texts.txt", 3),
        ("more.csv", 2),
    ]
    for each, answer in zip(found, load_model(GOLDEN).parse([each["text"] for each in found])):
        assert each["intent"]["name"] == answer["intent"]["name"]
        assert each["intent"]["confidence"] == pytest.approx(
            answer["intent"]["confidence"], abs=1e-5
        )
        assert len(each["intent_ranking"]) == 2 and 0 <= each["out_of_scope"] <= 1
        for entity, expected in zip(each["entities"], answer["entities"]):
            assert set(expected) - set(entity) <= {"extractor", "processors"}
            assert all(entity[key] == expected[key] for key in ("start", "end", "entity", "value"))
    (rejected,) = answers(tmp_path / "out.rejected.jsonl")
    assert (rejected["line"], rejected["reason"]) == (3, "no UTF-8")
    said = capsys.readouterr().err
    assert "3 messages in" in said and "out.rejected.jsonl" in said
    assert not list(tmp_path.glob("*.parts"))


def test_a_folder_of_a_model_and_packed_output_do_as_well(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl.gz"
    assert main(arguments(FOLDER, texts, "--out", out)) == 0
    assert [each["text"] for each in answers(out)] == ["send it to Lima", "hello 你好"]
    assert not (tmp_path / "out.rejected.jsonl").exists()


def test_parquet_has_the_same_answers(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(command, "RECORDS", 1)
    texts.with_suffix(".jsonl").write_text('"to \\ud83d Lima"\n"a"\n', encoding="utf-8")
    inputs = [texts, texts.with_suffix(".jsonl")]
    main(arguments(GOLDEN, *inputs, "--out", tmp_path / "a.jsonl"))
    main(arguments(GOLDEN, *inputs, "--out", tmp_path / "a.parquet"))
    expected = answers(tmp_path / "a.jsonl")
    for row, answer in zip(parquet.read_table(tmp_path / "a.parquet").to_pylist(), expected):
        for entity in row["entities"]:
            for key in [key for key, value in entity.items() if value is None]:
                del entity[key]
        answer["text"] = answer["text"].replace("\ud83d", "\ufffd")
        assert row == answer
    odd_name = Rows("caf\udce9.txt", (Found(1, "a"),))
    part = annotate(Recipe("", packed(GOLDEN), ".parquet"), Task(0, (odd_name,)))
    (tmp_path / "c.parquet").write_bytes(part.content)
    assert parquet.read_table(tmp_path / "c.parquet")["file"].to_pylist() == ["caf\ufffd.txt"]
    nothing = tmp_path / "nothing.txt"
    nothing.touch()
    assert main(arguments(GOLDEN, nothing, "--out", tmp_path / "b.parquet")) == 0
    assert len(parquet.read_table(tmp_path / "b.parquet")) == 0


def test_uncertain_and_sure_messages_are_nlu_data(texts: Path, tmp_path: Path) -> None:
    with texts.open("a", encoding="utf-8") as file:
        file.write("hello 你好\nsend the box from Oslo to Lima\n[a](b)\nxyz\n")
    options = ["--uncertain", 1, "--as-nlu", 0.6, "--out", tmp_path / "out.jsonl"]
    assert main(arguments(GOLDEN, texts, *options)) == 0
    uncertain = read_nlu([tmp_path / "out.uncertain.yml"])
    sure = read_nlu([tmp_path / "out.sure.yml"])
    assert uncertain.notes == sure.notes == ()
    of = {each["text"]: each["intent"] for each in answers(tmp_path / "out.jsonl")}
    assert len(of) == 5 and len(uncertain.messages) == 1
    assert {m.text for m in uncertain.messages} <= of.keys() - {m.text for m in sure.messages}
    assert all(of[m.text]["confidence"] >= 0.6 for m in sure.messages)
    assert {m.text for m in sure.messages} > {"send it to Lima"}
    assert len({m.text for m in sure.messages}) == len(sure.messages)


def test_the_model_is_read_once_by_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: List[Path] = []

    def load(path: Path) -> Any:
        loads.append(path)
        return load_model(path)

    monkeypatch.setattr(annotator, "load_model", load)
    monkeypatch.setattr(annotator, "_MODELS", {})
    for model, times in ((GOLDEN, 1), (FOLDER, 2)):
        recipe = Recipe(str(model), packed(model))
        for number in range(3):
            part = annotate(recipe, Task(number, (Rows("a", (Found(1, "hello"),)),)))
            assert (part.number, part.messages) == (number, 1)
        assert len(loads) == times


def asking(monkeypatch: pytest.MonkeyPatch, look: Callable[[Any], None]) -> Recipe:
    """A recipe whose model lets somebody look at what it is asked."""
    model, recipe = load_model(GOLDEN), Recipe("", b"")
    predict = model.model.predict

    def watched(examples: Any) -> Any:
        look(examples)
        return predict(examples)

    monkeypatch.setattr(model.model, "predict", watched)
    monkeypatch.setattr(annotator, "_MODELS", {recipe.digest: model})
    return recipe


@pytest.mark.parametrize("was_enabled", [True, False])
def test_python_looks_for_no_cycles_among_answers_and_does_afterwards_if_it_did(
    was_enabled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    enabled: List[bool] = []
    recipe = asking(monkeypatch, lambda _: enabled.append(gc.isenabled()))
    if not was_enabled:
        gc.disable()
    try:
        annotate(recipe, Task(0, (Rows("a", (Found(1, "hello"),)),)))
        assert enabled == [False] and gc.isenabled() == was_enabled
    finally:
        gc.enable()


def test_what_is_said_again_and_again_is_understood_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: List[int] = []
    recipe = asking(monkeypatch, lambda examples: asked.append(len(examples)))
    said = ["hello", "send it to Lima", "hello", " hello "]
    rows = tuple(Found(line, text) for line, text in enumerate(said, 1))
    part = annotate(recipe, Task(0, (Rows("a", rows),)))
    found = [json.loads(line) for line in part.content.splitlines()]
    assert asked == [2] and part.messages == 4
    assert [(each["line"], each["text"]) for each in found] == [
        (line, text.strip()) for line, text in enumerate(said, 1)
    ]
    assert {**found[0], "line": 4} == found[3]


# Wrong input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["no", "TEXTS", "--out", "OUT.jsonl"], "There is no 'no'"),
        (["MODEL", "no.txt", "--out", "OUT.jsonl"], "There is no 'no.txt'"),
        (["MODEL", "TEXTS", "--out", "OUT.txt"], "must end in .jsonl, .jsonl.gz or .parquet"),
        (["MODEL", "TEXTS", "--out", "no/where.jsonl"], "there is no such folder"),
        (["MODEL", "TABLE", "--out", "OUT.jsonl"], "has no column 'text'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_leaves_nothing(
    given: List[str],
    expected: str,
    texts: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("id,said\n1,hi\n", encoding="utf-8")
    out = str(tmp_path / "out")
    names = {"MODEL": str(GOLDEN), "TEXTS": str(texts), "TABLE": str(table)}
    words = [names.get(word, word.replace("OUT", out)) for word in given]
    assert main(arguments(*words)) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and expected in said and said.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"table.csv", "texts.txt"}


@pytest.mark.parametrize(
    "option", [["--jobs", "0"], ["--top", "x"], ["--uncertain", "-1"], ["--as-nlu", "2"]]
)
def test_options_have_bounds(option: List[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["annotate", str(GOLDEN), "x", "--out", "y.jsonl", *option])
    assert "must be" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_does_not_stop_the_others(texts: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("[", encoding="utf-8")
    assert main(arguments(GOLDEN, texts, bad, texts, "--out", tmp_path / "out.jsonl")) == 1
    assert len(answers(tmp_path / "out.jsonl")) == 2
    (rejected,) = answers(tmp_path / "out.rejected.jsonl")
    assert rejected["line"] == 0 and "is no JSON" in rejected["reason"]


def test_nothing_that_is_there_is_written_over(
    texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("precious", encoding="utf-8")
    assert main(arguments(GOLDEN, texts, "--out", out)) == 2
    assert "is there already" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(("kind", "option"), [("uncertain", "--uncertain"), ("sure", "--as-nlu")])
def test_what_may_have_been_corrected_by_hand_is_not_written_over(
    kind: str, option: str, texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, labels = tmp_path / "out.jsonl", tmp_path / f"out.{kind}.yml"
    labels.write_text("precious", encoding="utf-8")
    assert main(arguments(GOLDEN, texts, "--out", out, option, "1")) == 2
    assert f"'{labels}' is there already" in capsys.readouterr().err
    assert labels.read_text(encoding="utf-8") == "precious" and not out.exists()
    assert main(arguments(GOLDEN, texts, "--out", out)) == 0


# Stopped runs ---------------------------------------------------------------------------------

MESSAGES, PART = 3000, 50
CODE = f"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.tools.annotate import command, inputs
if __name__ == "__main__":
    inputs.RECORDS = command.RECORDS = {PART}
    sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "many.txt"
    lines = [f"send {number} to Lima" if number % 7 else "" for number in range(MESSAGES)]
    path.write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "run.py").write_text(CODE, encoding="utf-8")
    return path


def start(many: Path, *more: object) -> "subprocess.Popen[str]":
    words = ["annotate", GOLDEN, many, "--out", many.with_name("out.jsonl"), *more]
    words += [] if "--scheduler" in more else ["--jobs", 2]
    run = [sys.executable, "-W", "ignore", str(many.with_name("run.py")), *map(str, words)]
    return subprocess.Popen(run, stderr=subprocess.PIPE, text=True)


def wait_for_parts(many: Path, number: int) -> None:
    folder = many.with_name("out.jsonl.parts")
    deadline = time.monotonic() + 60
    while len(list(folder.glob("0*[0-9].jsonl"))) < number:
        assert time.monotonic() < deadline, "no parts are made"
        time.sleep(0.005)


def check_all(many: Path) -> None:
    found = [each["text"] for each in answers(many.with_name("out.jsonl"))]
    assert found == [f"send {number} to Lima" for number in range(MESSAGES) if number % 7]
    assert not many.with_name("out.jsonl.parts").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_run_goes_on_with_no_message_twice_or_missing(
    many: Path, number: signal.Signals
) -> None:
    for parts in (2, 12):
        process = start(many)
        wait_for_parts(many, parts)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        assert process.returncode == (130 if number == signal.SIGINT else -number)
        assert "Traceback" not in said
        assert ("Stopped. The same command goes on." in said) == (number == signal.SIGINT)
        assert not many.with_name("out.jsonl").exists()
    process = start(many)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0 and "Going on: " in said
    check_all(many)


def test_what_is_left_of_an_ended_run_is_no_part_of_the_next_one(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    given = arguments(GOLDEN, texts, "--out", out)
    with monkeypatch.context() as killed:
        with_nothing = SimpleNamespace(copyfileobj=shutil.copyfileobj, rmtree=lambda _: None)
        killed.setattr("rasa_joint_nlu.tools.annotate.parts.shutil", with_nothing)
        assert main(given) == 0
    (left,) = (tmp_path / "out.jsonl.parts").glob("0*.jsonl")
    left.write_text("of another run", encoding="utf-8")
    assert main(given) == 2
    expected = out.read_text(encoding="utf-8")
    out.unlink()
    assert main(given) == 0
    assert out.read_text(encoding="utf-8") == expected
    assert not (tmp_path / "out.jsonl.parts").exists()


def test_what_a_run_writes_into_a_folder_that_it_reads_is_none_of_its_inputs(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "RECORDS", 1)
    texts.with_suffix(".log").write_bytes(b"hi\n\xff\n")
    given = arguments(GOLDEN, tmp_path, "--out", tmp_path / "out.jsonl", "--uncertain", 1)
    with monkeypatch.context() as stopped:
        stopped.setattr(Parts, "finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert main(given) == 130
    assert (tmp_path / "out.jsonl.parts").is_dir()
    assert main(given) == 1
    expected = {each["text"] for each in answers(tmp_path / "out.jsonl")}
    (tmp_path / "out.jsonl").unlink()
    (tmp_path / "out.uncertain.yml").unlink()
    assert main(given) == 1
    assert {each["text"] for each in answers(tmp_path / "out.jsonl")} == expected


def test_another_model_or_other_options_do_not_go_on_with_it(many: Path) -> None:
    process = start(many)
    wait_for_parts(many, 2)
    process.kill()
    process.communicate()
    _, said = start(many, "--top", "1").communicate(timeout=60)
    assert "is of a run with another options; finish that one" in said
    with many.open("a", encoding="utf-8") as file:
        file.write("\nhello\n")
    _, said = start(many).communicate(timeout=60)
    assert "is of a run with another inputs;" in said


def test_one_output_is_made_by_one_process_at_a_time(
    texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    other = Parts(out, Recipe("", b""))
    other.begin({})
    assert main(arguments(GOLDEN, texts, "--out", out)) == 2
    assert "is being written by another process" in capsys.readouterr().err
    other.leave()
    assert main(arguments(GOLDEN, texts, "--out", out)) == 0


# On a cluster ---------------------------------------------------------------------------------


def test_a_killed_worker_of_a_cluster_loses_nothing_and_doubles_nothing(
    many: Path, tmp_path: Path
) -> None:
    with dask_cluster(tmp_path, 2) as cluster:
        process = start(many, "--scheduler", cluster.address)
        wait_for_parts(many, 5)
        cluster.workers[0].kill()
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
        assert "Traceback" not in said
        check_all(many)

        many.with_name("out.jsonl").unlink()
        process = start(many, "--scheduler", cluster.address)
        wait_for_parts(many, 5)
        cluster.scheduler.kill()
        _, said = process.communicate(timeout=120)
        assert process.returncode == 2 and said.startswith("error: The scheduler at")
        assert said.count("\n") == 1
    _, said = start(many).communicate(timeout=60)
    assert "Going on: " in said
    check_all(many)
