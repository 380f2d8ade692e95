"""The commands as a user runs them."""

from __future__ import annotations

import importlib.metadata
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, List, Set, Tuple

import pytest

import rasa_joint_nlu
from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.core.metrics import evaluate
from rasa_joint_nlu.tools import COMMANDS
from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.nlu_files import read_nlu
from rasa_joint_nlu.tools.train import to_examples

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "model.tar.gz"

NLU = """
version: "3.1"
nlu:
- intent: book
  examples: |
    - a ticket to [Rome]{"entity": "city", "role": "to"}
    - a ticket from [Oslo]{"entity": "city", "role": "from"}
    - a train to [Lima]{"entity": "city", "role": "to"}
    - from [Paris]{"entity": "city", "role": "from"} please
    - a ticket to [Bern]{"entity": "city", "role": "to"}
    - from [Roma](city:Rome)
- intent: greet
  examples: |
    - good morning
    - hello there
    - hello
    - good evening
    # no example
- synonym: Bern
  examples: |
    - Berne
- regex: code
  examples: |
    - [A-Z]{3}\\d
- lookup: city
  examples: |
    - Accra
    - Hanoi
"""
CONFIG = """
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: rasa_joint_nlu.JointNLUClassifier
  token_size: 16
  encoder_size: 16
  learning_rate: 0.02
  epochs: 60
- name: EntitySynonymMapper
- name: FallbackClassifier
  threshold: 0.2
policies: []
"""


def run(*arguments: Any, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run a command in a process of its own."""
    command = [sys.executable, "-m", "rasa_joint_nlu", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, **options
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Tuple[Path, Path, str]:
    """The data, the folder of a model trained on it, and what the command said."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "nlu.yml").write_text(NLU, encoding="utf-8")
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    done = run(
        *("train", "--nlu", folder / "nlu.yml", "--config", folder / "config.yml"),
        *("--out", folder / "model"),
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return folder / "nlu.yml", folder / "model", done.stdout + done.stderr


def test_train_says_what_it_learnt_and_what_it_left_out(trained: Tuple[Path, Path, str]) -> None:
    nlu, model, said = trained
    assert f"note: '{nlu}', line 18: '# no example' does not begin with '-'" in said
    assert "Learnt 2 intents and 1 entity type from 10 examples in " in said
    assert "Epochs" not in said  # where nobody sees it move
    assert f"The model is in '{model}'." in said
    assert sorted(file.suffix for file in model.iterdir()) == [".json", ".json", ".safetensors"]


def test_parse_prints_what_people_read(trained: Tuple[Path, Path, str]) -> None:
    done = run("parse", trained[1], "a ticket to Accra", "a ticket from Berne")
    assert done.returncode == 0 and done.stderr == ""
    lines = [line.rpartition("  (")[0] for line in done.stdout.splitlines()]
    assert "  intent  book" in lines and "  city / to                Accra" in lines
    assert "  city / from              Berne = Bern" in lines


def test_what_users_wrote_cannot_steer_the_terminal(trained: Tuple[Path, Path, str]) -> None:
    text = "hello\x1b]0;\x07\x9b31m\u202e\u200d \N{FAMILY}\N{ZERO WIDTH JOINER}\N{GIRL}"
    shown = text.replace("\x1b", r"\x1b").replace("\x07", r"\x07").replace("\x9b", r"\x9b")
    shown = shown.replace("\u202e", r"\u202e")
    for command in ("parse", "explain"):
        assert run(command, trained[1], text).stdout.splitlines()[0] == shown


def test_parse_says_on_a_terminal_what_it_waits_for(
    trained: Tuple[Path, Path, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stdin, hint in ((Terminal("hello\n"), "Type a message"), (io.StringIO("hello\n"), "")):
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(["parse", str(trained[1])]) == 0
        said = capsys.readouterr()
        assert said.out.startswith("hello\n  intent  greet")
        assert said.err.startswith(hint) and bool(said.err) == bool(hint)


def test_parse_reads_lines_and_prints_json(trained: Tuple[Path, Path, str]) -> None:
    done = run("parse", trained[1], "--json", input="\ufeffhello there\n\nfrom Oslo\r\n")
    answers: List[Any] = []
    rest = done.stdout
    while rest.strip():
        answer, end = json.JSONDecoder().raw_decode(rest.lstrip())
        answers.append(answer)
        rest = rest.lstrip()[end:]
    assert [answer["text"] for answer in answers] == ["hello there", "", "from Oslo"]
    # It answers one at a time; several at once are the same but for rounding.
    model = load_model(trained[1])
    assert answers == [model.parse([text])[0] for text in ("hello there", "", "from Oslo")]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_no_character_is_an_error_whatever_the_encoding(
    trained: Tuple[Path, Path, str], encoding: str
) -> None:
    _, model, _ = trained

    def printed(*arguments: Any, **options: Any) -> str:
        environment = {**os.environ, "PYTHONIOENCODING": f"{encoding}:strict"}
        done = run(*arguments, errors="surrogateescape", env=environment, **options)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    for command in (("inspect", model), ("inspect", model, GOLDEN), ("explain", model, "去 Łódź")):
        assert printed(*command)
    shown = printed("parse", model, "to Łódź")
    assert shown.startswith({"utf-8": "to Łódź\n"}.get(encoding, r"to \u0141"))
    assert json.loads(printed("parse", model, "to Łódź 🚂", "--json"))["text"] == "to Łódź 🚂"
    # A line of another encoding is answered like any other.
    piped = printed("parse", model, input="hello\n\udcff\nhello\n")
    assert piped.count("hello") == 2


def test_parse_answers_each_line_when_it_comes(trained: Tuple[Path, Path, str]) -> None:
    command = [sys.executable, "-m", "rasa_joint_nlu", "parse", str(trained[1])]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        for text in ("hello there", "good morning"):
            process.stdin.write(f"{text}\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"{text}\n"
            assert "greet" in process.stdout.readline()
        process.stdin.close()
        assert process.wait(30) == 0


def test_output_that_nobody_reads_any_more_is_no_error(trained: Tuple[Path, Path, str]) -> None:
    command = f"{sys.executable} -m rasa_joint_nlu parse {trained[1]} | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=ROOT,
        input="hello\n" * 2000,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "hello\n", "")


def test_test_gives_the_figures_of_the_core(
    trained: Tuple[Path, Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nlu = tmp_path / "test.yml"
    nlu.write_text(
        NLU.replace("good evening", "a ticket").replace('"role": "to"}', '"role": "from"}', 1),
        encoding="utf-8",
    )
    result = tmp_path / "result.json"
    page = tmp_path / "result.html"
    wrong = tmp_path / "wrong.json"
    files = ["--json", str(result), "--html", str(page), "--errors", str(wrong)]
    assert main(["test", str(trained[1]), str(nlu), *files]) == 0
    assert "<td>greet</td><td>100.0</td><td>75.0</td>" in page.read_text(encoding="utf-8")
    figures = json.loads(result.read_text(encoding="utf-8"))
    model = load_model(trained[1])
    examples = to_examples(read_nlu([nlu]).distinct_messages(), model.pipeline)
    expected = evaluate(examples, model.model.predict(examples))
    assert figures["intent_accuracy"] == expected["intent_acc"] == 0.9
    assert figures["entities"]["f1"] == expected["entity_f1"]
    assert figures["frame_accuracy"] == expected["frame_acc"] == 0.8
    assert figures["confusions"] == [["greet", "book", 1]]
    of_role, of_intent = json.loads(wrong.read_text(encoding="utf-8"))
    assert (of_intent["text"], of_intent["intent"]) == ("a ticket", "greet")
    assert of_intent["intent_prediction"]["name"] == "book" and of_intent["entities"] == []
    city = {"text": "Rome", "start": 12, "end": 16, "entity": "city", "role": "from", "group": None}
    assert of_role["entities"] == [city] and of_role["intent_prediction"]["name"] == "book"
    (found,) = of_role["predicted_entities"]
    assert 0 < found.pop("confidence_entity") <= 1 and found == {**city, "role": "to"}
    assert figures["intents"]["greet"] == {
        "precision": 1.0,
        "recall": 0.75,
        "f1": pytest.approx(6 / 7),
        "support": 4,
        "predicted": 3,
    }
    assert figures["types"]["city"]["support"] == 6
    said = capsys.readouterr().out
    assert re.search("intent accuracy +90.0%", said)
    assert [line.split() for line in said.splitlines() if line.startswith("greet ")] == [
        ["greet", "100.0%", "75.0%", "85.7%", "4"],
        ["greet", "book", "1"],
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["parse", "nothing", "hello"], "error: There is no 'nothing'"),
        (["parse", "setup.py", "hello"], "error: 'setup.py': it is no archive"),
        (["train", "--nlu", "nothing", "--out", "model"], "error: There is no 'nothing'"),
        (["train", "--nlu", "docs", "--out", "setup.py"], "error: 'setup.py' is no folder"),
        (["train", "--nlu", "docs", "--out", "x"], "error: There are no NLU files in 'docs'"),
        (["test", str(GOLDEN), "docs"], "error: There are no NLU files in 'docs'"),
        (
            ["train", "--nlu", "docs", "--out", "x", "--config", "mkdocs.yml"],
            "error: 'mkdocs.yml'",
        ),
        (
            ["train", "--nlu", "docs", "--out", "x", "--config", "example_bot/domain.yml"],
            "error: 'example_bot/domain.yml' needs a 'pipeline'",
        ),
        (
            ["train", "--nlu", "docs", "--out", "x", "--config", "benchmarks/configs/diet.yml"],
            "error: 'benchmarks/configs/diet.yml': The pipeline has 'LexicalSyntacticFeaturizer'",
        ),
        (["test", str(GOLDEN), "docs", "--json", "no/where"], "error: 'no/where' cannot be"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    arguments: List[str],
    expected: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith(expected)


def test_train_learns_from_texts_without_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts, more, config = tmp_path / "logs.txt", tmp_path / "more.yml", tmp_path / "config.yml"
    texts.write_text("a coach to Turin\n", encoding="utf-8")
    more.write_text("nlu:\n- intent: x\n  examples: |\n    - a [tram](y) to Riga\n", "utf-8")
    settings = f"epochs: 2\n  unlabelled_texts: ['{texts}', '{more}']"
    (tmp_path / "nlu.yml").write_text(NLU, encoding="utf-8")
    command = ["train", "--nlu", str(tmp_path / "nlu.yml"), "--config", str(config)]
    command += ["--out", str(tmp_path / "model")]
    config.write_text(CONFIG.replace("epochs: 60", settings), encoding="utf-8")
    assert main(command) == 2
    assert "cannot be used beside the features of other components" in capsys.readouterr().err
    plain = CONFIG.replace("- name: RegexFeaturizer\n", "")
    config.write_text(plain.replace("epochs: 60", settings), encoding="utf-8")
    assert main(command) == 0
    encoder = load_model(tmp_path / "model").model.learnt.encoder
    assert {"coach", "tram", "riga"} <= set(encoder.vocabulary.words)
    assert encoder.labels.intents == ("book", "greet") and encoder.labels.types == ("city",)


def test_data_that_teach_nothing_are_an_error_of_the_core(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nlu = tmp_path / "nlu.yml"
    nlu.write_text("nlu:\n- intent: a\n", encoding="utf-8")
    assert main(["train", "--nlu", str(nlu), "--out", str(tmp_path / "model")]) == 2
    assert "error: There is no example with tokens to learn from" in capsys.readouterr().err


def test_without_torch_training_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is imported without torch is not what other tests are to meet there.
    monkeypatch.setattr(rasa_joint_nlu.core, "training", None, raising=False)
    for name in [name for name in sys.modules if name.startswith("rasa_joint_nlu.core.training")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    nlu = tmp_path / "nlu.yml"
    nlu.write_text(NLU, encoding="utf-8")
    assert main(["train", "--nlu", str(nlu), "--out", str(tmp_path / "model")]) == 2
    assert "error: This takes the package 'torch', which is not" in capsys.readouterr().err


def test_what_is_not_installed_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "rasa_joint_nlu.tools.nearest", raising=False)
    for name in [name for name in sys.modules if name.startswith("rasa_joint_nlu.tools.check")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "datasketch", None)
    assert main(["check", "--nlu", str(tmp_path)]) == 2
    said = "error: This takes the package 'datasketch', which is not installed; install it with pip"
    assert capsys.readouterr().err.startswith(said)


def test_compare_says_that_it_needs_rasa(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_installed(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("rasa_joint_nlu.tools.compare.command.version", not_installed)
    assert main(["compare", "--nlu", "x.yml", "--config", "y.yml"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: compare trains with Rasa 3.6, which is not installed: on Python")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: rasa-joint-nlu {command} ")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"rasa-joint-nlu {rasa_joint_nlu.__version__}\n"


# Starting --------------------------------------------------------------------------------------

LOADED = """
import sys
from rasa_joint_nlu.__main__ import main
try:
    main(sys.argv[1:])
finally:
    print(*sorted(sys.modules))
"""
HEAVY = {"rasa", "torch", "tensorflow", "sklearn", "pandas", "matplotlib", "tabulate"}
# Not `ruamel`: the environment itself may begin that package.
HEAVY |= {"ruamel.yaml"}


def modules_after(*arguments: str) -> Set[str]:
    """The modules that a command has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_parse_loads_little() -> None:
    modules = modules_after("parse", str(GOLDEN), "hello")
    assert "rasa_joint_nlu.core.serving.runtime" in modules
    # The model has features of a RegexFeaturizer, for which Rasa needs SciPy.
    unneeded = {"scipy", "rich", "jinja2", "importlib.metadata", "numpy.typing", "tqdm"}
    assert not (HEAVY | unneeded) & modules
    assert len(modules) < 330


def test_help_loads_nothing_but_the_command_line() -> None:
    modules = modules_after("--help")
    assert not (HEAVY | {"numpy", "scipy", "regex"}) & modules
    assert len(modules) < 150
