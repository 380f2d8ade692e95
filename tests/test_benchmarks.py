"""The benchmarks, on a few sentences in place of the real data."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_helpers import BOT, bot, yaml_of

from benchmarks import (
    against,
    imbalance,
    kinds,
    measure,
    robustness,
    scale,
    scope,
    speed,
    token_level,
)
from rasa_joint_nlu.core import JointModel
from rasa_joint_nlu.core.data import IntentScore, PredictedEntity, Prediction
from rasa_joint_nlu.tools.compare import runs
from rasa_joint_nlu.tools.compare.command import read_pipelines
from rasa_joint_nlu.tools.compare.runs import Job
from rasa_joint_nlu.tools.compare.statistics import COSTS
from rasa_joint_nlu.tools.tagged import TaggedMessage, spans

TOWNS = ["rome", "oslo", "new york", "lima", "paris", "bern"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of the real data sets."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "snips").mkdir()
    for name in ("train", "train-20-per-intent", "test", "valid"):
        (folder / "snips" / f"{name}.yml").write_text(yaml_of(BOT), encoding="utf-8")
    for part in ("train", "test"):
        original = folder / "snips" / "original" / part
        original.mkdir(parents=True)
        words = [f"fly to {town}" for town in TOWNS] + ["good day"] * 6
        tags = ["O O B-city" + " I-city" * town.count(" ") for town in TOWNS] + ["O O"] * 6
        for name, lines in (
            ("seq.in", words),
            ("seq.out", tags),
            ("label", ["fly"] * 6 + ["greet"] * 6),
        ):
            (original / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models that learn a few sentences in no time."""

    def fast(**settings: Any) -> JointModel:
        fixed = {"token_size": 16, "encoder_size": 16, "epochs": 40, "learning_rate": 0.02}
        return JointModel(**fixed, **settings)

    monkeypatch.setattr(token_level, "JointModel", fast)
    monkeypatch.setattr(robustness, "JointModel", fast)


def test_the_results_in_the_repository_can_be_gone_on_with() -> None:
    folder = Path(measure.__file__).parent
    for name, identity in (
        ("results.jsonl", runs.RUN_IDENTITY),
        ("results_by_token.jsonl", robustness.IDENTITY),
    ):
        assert (folder / name).is_file()
        runs.Results(folder / name, identity)


# End to end -----------------------------------------------------------------------------------


def test_the_configs_are_the_pipelines_that_can_be_named() -> None:
    paths = [measure.CONFIGS / f"{name}.yml" for name in measure.PIPELINES]
    assert sorted(paths) == sorted(measure.CONFIGS.iterdir())
    for pipeline in read_pipelines(paths):
        ours = pipeline.name == "unicode"
        tokenizer = "rasa_joint_nlu.UnicodeTokenizer" if ours else "WhitespaceTokenizer"
        assert pipeline.config["pipeline"][0] == {"name": tokenizer}


def test_tasks_are_measured_and_what_is_done_is_kept(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    jobs: List[Any] = []

    def measured(job: Job, _: Any) -> Dict[str, Any]:
        jobs.append((job.pipeline.name, job.seed))
        return {**dict.fromkeys(COSTS, 1.0), "messages": [[1, 0, 0, 0]]}

    monkeypatch.setattr(runs, "_measure", measured)
    command = ["--data", str(data), "--tasks", "snips-20", "--out", str(tmp_path / "out.jsonl")]
    assert measure.main([*command, "--seeds", "4", "5"]) == 0
    assert jobs == [("joint", 4), ("joint", 5), ("pair", 4), ("pair", 5), ("separate", 4)]
    assert "## snips-20, test\n\n| pipeline" in capsys.readouterr().out
    assert measure.main([*command, "--seeds", "4", "--part", "valid"]) == 0
    assert len(jobs) == 5
    assert "## snips-20, valid" in capsys.readouterr().out


def test_recall_is_measured_where_two_intents_are_rare(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trained: List[Any] = []

    def measured(job: Job, _: Any) -> Dict[str, Any]:
        examples = json.loads(job.split.train)["rasa_nlu_data"]["common_examples"]
        counts = Counter(example["intent"] for example in examples)
        trained.append((job.pipeline.name, job.seed, sorted(counts.values())))
        intents = [[name, found, 3] for name in BOT for found in (name, "greet")]
        return {**dict.fromkeys(COSTS, 1.0), "messages": [[1, 0, 0, 0]], "intents": intents}

    monkeypatch.setattr(runs, "_measure", measured)
    monkeypatch.setattr(imbalance, "FEW", 1)
    monkeypatch.setattr(imbalance, "MANY", 5)
    assert imbalance.main(["--data", str(data), "--seeds", "4", "--part", "valid"]) == 0
    assert trained == [("joint", 4, [1, 1, 5, 5]), ("separate", 4, [1, 1, 5, 5])]
    # Half of three intents, and all of the fourth
    assert capsys.readouterr().out.count("| 62.5 ") == 2


def test_kinds_are_measured_set_by_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def half_right(job: Job, _: Any) -> Dict[str, Any]:
        names = [entry["name"] for entry in job.pipeline.config["pipeline"]]
        assert names[1] == "RegexFeaturizer" and names.count("RegexFeaturizer") == 1
        assert "lookup_tables" in job.split.train
        count = job.split.test_size // 2
        return {"train_s": 0.1, "messages": [[1, 1, 1, 1]] * count + [[0, 1, 2, 1]] * count}

    monkeypatch.setattr(runs, "_measure", half_right)
    assert kinds.main(["--kinds", "tables", "--seeds", "1", "2"]) == 0
    printed = capsys.readouterr().out
    assert [printed.count(f"| {name} ") for name in ("joint", "separate")] == [3, 3]
    assert printed.count("| 50.0 ") == 12


@pytest.mark.parametrize("make", [make for group in kinds.KINDS.values() for make in group])
def test_no_question_of_a_kind_is_an_example(make: Any) -> None:
    bot = make()
    learnt = {text for texts in bot.examples.values() for text in texts}
    asked = [text for texts in bot.questions.values() for text in texts]
    assert len(asked) >= 15 and not learnt & set(asked)
    assert bot == make()


def test_missing_data_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert measure.main(["--data", str(tmp_path)]) == 2
    assert imbalance.main(["--data", str(tmp_path)]) == 2
    assert token_level.main(["--data", str(tmp_path)]) == 2
    assert token_level.main(["--data", str(tmp_path), "--robustness"]) == 2
    assert capsys.readouterr().err.count("There is no '") == 4


# By token -------------------------------------------------------------------------------------


def test_joint_and_pair_are_scored_by_token(
    data: Path, tmp_path: Path, small: None, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    command = ["--data", str(data), "--tasks", "snips", "--seeds", "1", "--out", str(out)]
    assert token_level.main(command) == 0
    printed = capsys.readouterr().out
    joint, pair = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert joint["messages"] == [[1, 1, 1, 1]] * 6 + [[1, 0, 0, 0]] * 6
    assert 1 < pair["parameters"] / joint["parameters"] < 2
    assert printed.startswith("## snips, test, by token\n\n| pipeline")
    before = out.read_text(encoding="utf-8")
    assert token_level.main(command) == 0
    assert out.read_text(encoding="utf-8") == before
    assert capsys.readouterr().out == printed


def test_an_unseen_label_is_an_error_and_spans_count_as_wholes() -> None:
    message = TaggedMessage(["to", "new", "york"], ["O", "I-city", "I-city"], "fly#pay")
    example = token_level.to_example(message)
    assert [(e.start, e.end) for e in example.entities] == [(3, 11)]
    intents = Prediction([IntentScore("fly", 1.0)])
    entities = Prediction(entities=[PredictedEntity(7, 11, "city")])
    assert token_level.judge([example], [intents], [entities]) == [[0, 0, 1, 1]]


# Changed messages -----------------------------------------------------------------------------


def test_what_changes_cost_is_measured(
    data: Path, tmp_path: Path, small: None, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out.jsonl")
    command = ["--data", str(data), "--seeds", "1", "2", "--out", out, "--robustness"]
    assert token_level.main(command) == 0
    printed = capsys.readouterr().out
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed.splitlines()]
    found = {line[0]: line[1:] for line in lines if len(line) == 5}
    assert set(robustness.CHANGES) <= set(found)
    assert found["unchanged"] == ["100.0", "–", "100.0", "–"]
    assert found["Capital, full stop."][2] == "100.0"
    assert token_level.main(command) == 0
    assert capsys.readouterr().out == printed


WORDS = st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=5)


@given(WORDS, st.integers(0, 1000))
def test_a_typing_error_is_in_one_word_and_leaves_it_a_word(words: List[str], seed: int) -> None:
    changed = robustness.with_typing_error(words, random.Random(seed))
    differ = [(a, b) for a, b in zip(words, changed) if a != b]
    assert len(changed) == len(words) and len(differ) == 1
    ((before, after),) = differ
    assert after and abs(len(after) - len(before)) <= 1
    assert robustness.with_typing_error(words, random.Random(seed)) == changed


def test_entities_of_changed_messages_end_before_punctuation() -> None:
    message = TaggedMessage(["fly", "to", "new", "york"], ["O", "O", "B-x", "I-x"], "fly")
    assert spans(message.tags) == [(2, 3, "x")]
    words = robustness.as_sentence(message.tokens, "?")
    example = robustness.Tokenizer().example(message, words)
    assert example.text == "Fly to new york?"
    assert [token.text for token in example.tokens] == ["Fly", "to", "new", "york"]
    assert [(e.start, e.end) for e in example.entities] == [(7, 15)]


# Speed ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served() -> speed.Served:
    texts = [text for examples in BOT.values() for text in examples]
    return speed.Served(bot(), [text for text in texts if "[" not in text], 1)


@pytest.mark.parametrize("part", ["latency", "loading", "lengths"])
def test_each_part_of_the_speed_benchmark_is_a_table_of_numbers(
    part: str, served: speed.Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "LENGTHS", (5, 50))
    rows = speed.PARTS[part](served).splitlines()[2:]
    assert len(rows) >= 2
    for row in rows:
        numbers = [float(cell) for cell in row.strip("|").split("|")[1:]]
        assert numbers and all(number >= 0 for number in numbers)


def test_bulk_messages_are_all_different() -> None:
    texts = ["a b c d", "e f g h", "i j k l"]
    made = list(speed.distinct(texts, 9))
    assert made[:3] == texts and len(set(made)) == len(made) == 9


def test_the_stopwatch_counts_what_is_spent_outside_of_the_others() -> None:
    class Work:
        def outer(self) -> str:
            time.sleep(0.02)
            return self.inner()

        def inner(self) -> str:
            time.sleep(0.05)
            return "done"

    watch = speed.Stopwatch()
    watch.watch("outer", Work, "outer")
    watch.watch("inner", Work, "inner")
    assert Work().outer() == "done"
    assert 0.02 <= watch.own["outer"] < 0.05 <= watch.own["inner"]


def test_the_cost_of_training_is_measured_for_each_size(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scale, "WHOLE_EPOCH", 50)
    monkeypatch.setattr(scale, "BATCHES", 2)
    figures = [scale.measure(size) for size in (50, 100)]
    assert [row["batches"] for row in figures] == [3, 2]
    assert all(list(row) == list(scale.COLUMNS) and min(row.values()) > 0 for row in figures)
    assert scale.main(["--sizes", "40"]) == 0
    assert "| 40 " in capsys.readouterr().out


def test_made_up_messages_have_entities_that_fit_their_tokens() -> None:
    for example in scale.Examples(200):
        (entity,) = example.entities
        assert [example.text[t.start : t.end] for t in example.tokens] == example.text.split()
        assert entity.start in {t.start for t in example.tokens}
        assert entity.end in {t.end for t in example.tokens}


def test_the_calibration_error_is_the_gap_of_each_bin_by_its_size() -> None:
    assert scope.calibration_error([0.95, 0.95, 0.05, 1.0], [True, True, False, True]) == (
        pytest.approx((3 - 2.9 + 0.05) / 4)
    )
    assert scope.calibration_error([0.85, 0.85], [True, False]) == pytest.approx(0.35)


def test_fallbacks_and_calibration_are_measured(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "bot"
    config = {
        "recipe": "default.v1",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "rasa_joint_nlu.JointNLUClassifier", "epochs": 2},
            {"name": "FallbackClassifier", "threshold": 0.45},
        ],
    }
    for path, content in (
        ("config.yml", json.dumps(config)),
        ("data/nlu.yml", yaml_of(BOT)),
        ("tests/test_nlu.yml", yaml_of(BOT)),
        ("tests/out_of_scope.txt", "what is the time\nsing a song\n"),
        ("tests/gibberish.txt", "qwe rtz\n"),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    arguments = ["--bots", str(folder), "--data", str(data), "--tasks", "snips-20"]
    assert scope.main(arguments) == 0
    printed = capsys.readouterr().out
    assert "| bot, without out_of_scope |" in printed
    assert "| snips-20" in printed


def test_a_side_trains_and_answers_with_the_package_of_its_checkout() -> None:
    greetings = [(text, "greet", []) for text in ("hello", "good day", "hey there")]
    flights = [
        (f"fly to {town}", "fly", [(7, 7 + len(town), "city", None, None)]) for town in TOWNS
    ]
    with against.running(against.ROOT) as side:
        assert side.ask("train", [*greetings, *flights]) > 0
        side.ask("messages", ["hello", "to rome"])
        times = side.ask("predict")
    assert len(times) == 2 and min(times) > 0


def test_another_package_than_that_of_the_checkout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="is not of"), against.running(tmp_path):
        pass


def test_two_sides_are_asked_in_turn_and_compared(data: Path) -> None:
    asked = []

    class Known:
        def __init__(self, name: str, seconds: float) -> None:
            self.name, self.seconds = name, seconds

        def ask(self, question: str, *arguments: Any) -> Any:
            asked.append((self.name, question))
            return [self.seconds] * 3 if question == "predict" else self.seconds

    train = data / "snips" / "train-100-per-intent.yml"
    train.write_text(yaml_of(BOT), encoding="utf-8")
    sides: Any = {"then": Known("then", 0.004), "now": Known("now", 0.003)}
    table = against.compare(sides, train, trainings=2, rounds=3)
    assert [name for name, _ in asked] == ["then", "now"] * 7
    assert table.count("0.750") == 3
