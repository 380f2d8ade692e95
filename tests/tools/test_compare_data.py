"""Reading what users have, and making training and test sets of it."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.loading import load_data
from rasa_helpers import BOT, lookup, yaml_of

from rasa_joint_nlu.tools.compare.data import (
    fold,
    hold_out,
    make_splits,
    read_config,
    read_messages,
    stratified_order,
    take,
)
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.tagged import read_tagged, spans

INTENTS = st.lists(st.sampled_from("abcde"), min_size=1, max_size=60)
SHARES = st.floats(0.05, 0.95)
TAGS = st.lists(st.sampled_from(["O", "B-x", "I-x", "B-y", "I-y"]), max_size=12)


def write(folder: Path, tokens: str, tags: str, labels: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in (("seq.in", tokens), ("seq.out", tags), ("label", labels)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


# Tags and spans -------------------------------------------------------------------------------


def bio(found: List[Tuple[int, int, str]], size: int) -> List[str]:
    tags = ["O"] * size
    for first, last, kind in found:
        tags[first : last + 1] = [f"B-{kind}"] + [f"I-{kind}"] * (last - first)
    return tags


@given(TAGS)
def test_spans_cover_every_tag_but_o_once_and_survive_a_round_trip(tags: List[str]) -> None:
    found = spans(tags)
    covered = [place for first, last, _ in found for place in range(first, last + 1)]
    assert covered == [place for place, tag in enumerate(tags) if tag != "O"]
    assert all(tags[place][2:] == kind for first, last, kind in found for place in (first, last))
    assert spans(bio(found, len(tags))) == found


@given(TAGS)
def test_a_span_begins_where_conlleval_says(tags: List[str]) -> None:
    def begins(before: str, tag: str) -> bool:
        if tag[0] == "B":
            return True
        return tag[0] == "I" and (before == "O" or before[2:] != tag[2:])

    pairs = zip(["O", *tags], tags)
    expected = [place for place, (before, tag) in enumerate(pairs) if begins(before, tag)]
    assert [first for first, _, _ in spans(tags)] == expected


def test_the_public_format_becomes_messages_with_entities(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "data",
        "fly  to new york \nhow much\n",
        "O O B-to.city I-to.city\nO O\n",
        "flight\nflight#airfare\n",
    )
    first, second = read_messages(folder).nlu_examples
    assert first.get("text") == "fly to new york" and first.get("intent") == "flight"
    assert first.get("entities") == [
        {"start": 7, "end": 15, "value": "new york", "entity": "to.city"}
    ]
    assert second.get("intent") == "flight#airfare"


@pytest.mark.parametrize(
    ("tokens", "tags", "labels", "expected"),
    [
        ("a b\nc", "O O", "x\ny", "seq.in has 2 lines, seq.out 1 and label 2"),
        ("a b\nc d", "O O\nO", "x\ny", "line 2: seq.in has 2 tokens and seq.out 1 tags"),
        ("a b", "O x-B", "x", "line 1: 'x-B' is no tag"),
        ("a b\n\nc", "O O\n\nO", "x\ny\nz", "line 2: the message or its label is empty"),
        ("", "", "", "has no NLU examples"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    tokens: str, tags: str, labels: str, expected: str, tmp_path: Path
) -> None:
    folder = write(tmp_path / "data", tokens, tags, labels)
    with pytest.raises(InputError, match=expected):
        read_messages(folder)


def test_a_missing_or_unreadable_file_of_the_format_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "data", "a", "O", "x")
    (folder / "label").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"label' cannot be read as UTF-8"):
        read_tagged(folder)
    (folder / "label").unlink()
    with pytest.raises(InputError, match=r"There is no '.*label'"):
        read_tagged(folder)


# Rasa's formats -------------------------------------------------------------------------------

FAQ = """- intent: faq/name
  examples: |
    - who are you
    - what is your name
responses:
  utter_faq/name:
  - text: I am a bot
"""
SYNONYM = (
    '- synonym: tea\n  examples: |\n    - cha\n- regex: zip\n  examples: |\n    - "[0-9]{5}"\n'
)


def test_the_training_file_has_all_that_the_original_has(tmp_path: Path) -> None:
    original, copy = tmp_path / "nlu.yml", tmp_path / "copy"
    extra = lookup("city", ["Rome", "Oslo"]) + SYNONYM + FAQ
    original.write_text(yaml_of(BOT, extra), encoding="utf-8")
    (split,) = make_splits(read_messages(original), read_messages(original))
    copy.mkdir()
    (copy / "nlu.json").write_text(split.train, encoding="utf-8")
    (copy / "responses.yml").write_text(split.responses, encoding="utf-8")
    assert load_data(str(copy)).fingerprint() == load_data(str(original)).fingerprint()
    assert split.train_size == split.test_size == len(json.loads(split.test))


@pytest.mark.parametrize("name", ["snips/train-20-per-intent", "atis/train-30-per-intent"])
def test_the_training_file_of_a_benchmark_is_the_original_in_other_words(
    name: str, tmp_path: Path
) -> None:
    if "BENCHMARK_DATA" not in os.environ:
        pytest.skip("BENCHMARK_DATA names no folder with the benchmarks' data")
    original = Path(os.environ["BENCHMARK_DATA"], f"{name}.yml")
    nlu = read_messages(original)
    (split,) = make_splits(nlu, nlu)
    (tmp_path / "nlu.json").write_text(split.train, encoding="utf-8")
    copy = load_data(str(tmp_path / "nlu.json"))
    assert copy.fingerprint() == load_data(str(original)).fingerprint()


def test_other_files_in_a_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(yaml_of({"greet": ["hello"]}), encoding="utf-8")
    (tmp_path / "more.yml").write_text(yaml_of({"bye": ["bye"]}), encoding="utf-8")
    (tmp_path / "rules.yml").write_text('version: "3.1"\nrules: []\n', encoding="utf-8")
    assert {e.get("text") for e in read_messages(tmp_path).nlu_examples} == {"hello", "bye"}


@pytest.mark.parametrize("text", ["nlu: [", "just text", 'version: "3.1"\nnlu: []\n', "", "{}"])
def test_data_that_is_none_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "nlu.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"nlu\.yml") as refused:
        read_messages(path)
    assert "\n" not in str(refused.value)


def test_data_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no"):
        read_messages(tmp_path / "missing.yml")


# Configs --------------------------------------------------------------------------------------


def test_of_a_config_what_trains_nlu_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("language: de\npipeline:\n- A\n- name: B\n  epochs: 1\npolicies: []\n")
    assert read_config(path) == {
        "recipe": "default.v1",
        "language": "de",
        "pipeline": [{"name": "A"}, {"name": "B", "epochs": 1}],
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("language: en\n", "needs a 'pipeline'"),
        ("pipeline:\n", "needs a 'pipeline'"),
        ("pipeline:\n- epochs: 1\n", "needs a 'pipeline'"),
        ("pipeline: text\n", "needs a 'pipeline'"),
        ("pipeline: 3\n", "needs a 'pipeline'"),
        ("pipeline: [", "cannot be read"),
        ("- a\n", "cannot be read"),
        ("recipe: graph.v1\npipeline: [A]\n", "only default.v1"),
    ],
)
def test_a_config_that_is_none_is_refused(text: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=expected):
        read_config(path)
    with pytest.raises(InputError, match="There is no"):
        read_config(tmp_path / "missing.yml")


# Splits ---------------------------------------------------------------------------------------


@given(INTENTS, SHARES)
def test_what_is_held_out_is_apart_and_every_intent_is_trained(
    intents: List[str], share: float
) -> None:
    train, test = hold_out(intents, share)
    assert sorted(train + test) == list(range(len(intents)))
    assert {intents[i] for i in train} == set(intents)
    assert len(train) == max(len(set(intents)), round((1 - share) * len(intents)))


@given(INTENTS, st.integers(2, 6))
def test_folds_test_everything_once_but_for_the_only_one_of_an_intent(
    intents: List[str], folds: int
) -> None:
    repeated = [i for i, intent in enumerate(intents) if intents.count(intent) > 1]
    if len(repeated) < folds:
        with pytest.raises(InputError, match="--folds"):
            fold(intents, folds)
        return
    parts = fold(intents, folds)
    assert sorted(i for _, test in parts for i in test) == repeated
    sizes = [len(test) for _, test in parts]
    assert max(sizes) - min(sizes) <= 1
    for train, test in parts:
        assert sorted(train + test) == list(range(len(intents)))
        assert {intents[i] for i in train} == set(intents)


@given(INTENTS, SHARES, SHARES)
def test_a_smaller_share_is_inside_of_a_larger_one(
    intents: List[str], one: float, other: float
) -> None:
    small, large = (take(intents, share) for share in sorted((one, other)))
    assert set(small) <= set(large)
    assert {intents[i] for i in small} == set(intents)
    assert take(intents, 1) == list(range(len(intents)))


def test_every_beginning_has_about_the_proportions_of_the_intents() -> None:
    intents = ["a"] * 600 + ["b"] * 300 + ["c"] * 100
    random.Random(1).shuffle(intents)
    half = [intents[i] for i in stratified_order(intents)[:500]]
    expected = {"a": 300, "b": 150, "c": 50}
    assert all(abs(half.count(name) - count) <= 1 for name, count in expected.items())


def messages(path: Path, counts: Dict[str, int]) -> Any:
    examples = {name: [f"{name} {i}" for i in range(count)] for name, count in counts.items()}
    path.write_text(yaml_of(examples), encoding="utf-8")
    return read_messages(path)


def test_the_splits_of_a_learning_curve_share_their_test_set(tmp_path: Path) -> None:
    nlu = messages(tmp_path / "nlu.yml", {"a": 40, "b": 20})
    splits = make_splits(nlu, test_share=0.25, shares=[0.2, 1.0])
    assert [(s.share, s.train_size, s.test_size) for s in splits] == [(0.2, 9, 15), (1.0, 45, 15)]
    assert splits[0].test == splits[1].test
    assert splits[0].hash != splits[1].hash
    numbers = [(s.fold, s.test_size) for s in make_splits(nlu, folds=3)]
    assert numbers == [(1, 20), (2, 20), (3, 20)]


def test_too_few_messages_are_not_split(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^2 messages of 2 intents: too few to hold"):
        make_splits(messages(tmp_path / "nlu.yml", {"a": 1, "b": 1}))
