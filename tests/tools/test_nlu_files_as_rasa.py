"""The reader reads what Rasa reads, and refuses what Rasa refuses."""

from __future__ import annotations

import json
import os
import random
import warnings
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from odd_files import ODD, ODD_JSON, examples

pytest.importorskip("rasa.shared.nlu.training_data.loading", reason="Rasa is not installed")

from rasa.shared.data import get_data_files, is_nlu_file
from rasa.shared.nlu.training_data.entities_parser import (
    find_entities_in_training_example,
    replace_entities,
)
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.nlu_files import NluData, read_nlu

ROOT = Path(__file__).resolve().parents[2]
BOT_FILES = [
    path
    for bot in (ROOT / "example_bot", ROOT / "example_bot" / "zh")
    for path in (bot / "data" / "nlu.yml", bot / "tests" / "test_nlu.yml")
]
DATA_FILES = [
    f"{name}/{part}.yml" for name in ("snips", "atis", "cais") for part in ("train", "valid")
]


SYNONYM = "- synonym: s\n  examples: |\n    - x\n"
OTHERS = ("role", "group", "value", "extractor")


def as_plain(data: NluData) -> Dict[str, Any]:
    """What was read, in plain values."""
    return {
        "messages": [
            {
                "text": m.text,
                "intent": m.intent,
                "response_key": m.response_key,
                "metadata": dict(m.metadata),
                "entities": [
                    (e.start, e.end, e.type, e.role, e.group, e.value, e.extractor)
                    for e in m.entities
                ],
            }
            for m in data.distinct_messages()
        ],
        "synonyms": list(data.values_of_synonyms().items()),
        "regexes": [(regex.name, regex.pattern) for regex in data.regexes],
        "lookup_tables": [(t.name, t.file or list(t.elements)) for t in data.lookup_tables],
    }


def of_rasa(data: TrainingData) -> Dict[str, Any]:
    """What Rasa read, in plain values."""
    return {
        "messages": [
            {
                "text": m.get("text"),
                "intent": m.get("intent") or None,
                "response_key": m.get("intent_response_key"),
                "metadata": m.get("metadata") or {},
                "entities": [
                    (e["start"], e["end"], e["entity"], *map(e.get, OTHERS))
                    for e in m.get("entities") or []
                ],
            }
            for m in data.training_examples
        ],
        "synonyms": list(data.entity_synonyms.items()),
        "regexes": [(regex["name"], regex["pattern"]) for regex in data.regex_features],
        "lookup_tables": [(t["name"], t["elements"]) for t in data.lookup_tables],
    }


def read_by_rasa(path: Path) -> Optional[Dict[str, Any]]:
    """What Rasa reads of a file; None if it refuses it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return of_rasa(load_data(str(path)))
        except Exception:
            return None


def read_by_us(path: Path) -> Optional[Dict[str, Any]]:
    """What the reader reads of a file; None if it refuses it."""
    try:
        return as_plain(read_nlu([path]))
    except InputError as error:
        # What is raised names the file.
        return None if str(path) in str(error) else {"error": str(error)}


def write(path: Path, content: str) -> Path:
    path.write_bytes(content.encode("utf-8"))
    return path


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_read_or_refused_as_by_rasa(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODD", "odd one")
    path = write(tmp_path / "nlu.yml", ODD[name])
    assert read_by_us(path) == read_by_rasa(path)


@pytest.mark.parametrize("name", ODD_JSON)
def test_an_odd_json_file_is_read_or_refused_as_by_rasa(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "nlu.json", ODD_JSON[name])
    assert read_by_us(path) == read_by_rasa(path)


def test_not_all_odd_files_are_refused(tmp_path: Path) -> None:
    read = [read_by_us(write(tmp_path / "nlu.yml", content)) for content in ODD.values()]
    assert 60 < sum(found is not None for found in read) < len(ODD) - 30


@pytest.mark.parametrize("path", BOT_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_bots_are_read_as_by_rasa(path: Path) -> None:
    data = read_nlu([path])
    assert data.notes == () and len(data.messages) > 80
    assert as_plain(data) == read_by_rasa(path)


@pytest.mark.parametrize("name", DATA_FILES)
def test_the_benchmarks_are_read_as_by_rasa(name: str) -> None:
    if "BENCHMARK_DATA" not in os.environ:
        pytest.skip("BENCHMARK_DATA names no folder with the benchmarks' data")
    path = Path(os.environ["BENCHMARK_DATA"], name)
    data = read_nlu([path])
    assert data.notes == () and len(data.messages) >= 500
    assert as_plain(data) == read_by_rasa(path)


def test_a_folder_gives_the_files_that_rasa_finds_in_its_order(tmp_path: Path) -> None:
    for name in ("b/two.yml", "b/one.yaml", "a.yml", "c/d/e.yml", ".hidden/h.yml", "x.yml.bak"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write(
            tmp_path / name, examples(f"- from {name}") + "- synonym: s\n  examples: |\n    - x\n"
        )
    write(tmp_path / "old.json", ODD_JSON["whole"])
    write(tmp_path / "domain.yml", "intents:\n- a\nresponses:\n  utter_a:\n  - text: hello\n")
    write(tmp_path / "stories.yml", "stories:\n- story: a\n")
    write(tmp_path / "config.yml", "pipeline: []\n")
    write(tmp_path / "notes.txt", "nlu:")
    write(tmp_path / "other.json", '{"a": 1}')
    write(tmp_path / "list.json", "[1]")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        files = sorted(get_data_files(str(tmp_path), is_nlu_file))
        theirs = of_rasa(TrainingData().merge(*(load_data(name) for name in files)))
    assert as_plain(read_nlu([tmp_path])) == theirs
    assert as_plain(read_nlu([tmp_path / "c", tmp_path, tmp_path / "a.yml"])) == theirs


ODD_PIECES = ["[a](b)", '{"entity":"e"}', '{"entity":"e","role":"r"}', "[x][", "][", "](", "]{"]
PIECES = st.sampled_from(
    [
        *'[](){}:", aé5\
',
        *ODD_PIECES,
        "value",
    ]
)


@given(st.lists(PIECES, max_size=24).map("".join))
@example("[a](b:c)(d)")
@example("[" * 50 + "]" * 50)
@settings(max_examples=500, deadline=None)
def test_any_annotation_is_understood_as_by_rasa(text: str) -> None:
    """Through the same parts of Rasa that its reader uses, as a whole file takes it long."""
    from rasa_joint_nlu.tools.nlu_files import Place, _Collected, _YamlReader

    try:
        found = find_entities_in_training_example(text)
        expected: Any = (
            replace_entities(text),
            [
                (e["start"], e["end"], e["value"], e["entity"], e.get("role"), e.get("group"))
                for e in found
            ],
        )
    except Exception:
        expected = None
    try:
        plain, entities = _YamlReader(Place("f"), _Collected())._annotated(text, Place("f"))
        ours: Any = (
            plain,
            [(e.start, e.end, e.value, e.type, e.role, e.group) for e in entities],
        )
    except InputError:
        ours = None
    assert ours == expected


LINES = st.text("-[](){}:\"'#\\u0e9aé \t*&!|>%@`,.?~🙂", max_size=20)
STYLES = st.sampled_from(["|", ">", "|-", "|+", ">-", '"', "'", "plain", "list"])


def written(lines: List[str], style: str) -> str:
    """An intent in some style of YAML, right or wrong."""
    head = "nlu:\n- intent: a\n  examples:"
    if style == "list":
        return head + "\n" + "".join(f"  - text: {line}\n" for line in lines)
    if style[0] in "|>":
        return f"{head} {style}\n" + "".join(f"    - {line}\n" for line in lines)
    joined = "\n".join(f"- {line}" for line in lines)
    if style == '"':
        return f"{head} {json.dumps(joined, ensure_ascii=random.Random(joined).random() < 0.5)}\n"
    quoted = joined.replace("'", "''").replace("\n", "\n\n    ")
    return f"{head} '{quoted}'\n" if style == "'" else f"{head} {joined}\n"


@given(st.lists(LINES, max_size=4), STYLES)
@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_file_is_read_or_refused_as_by_rasa(
    tmp_path: Path, lines: List[str], style: str
) -> None:
    path = write(tmp_path / "nlu.yml", written(lines, style))
    assert read_by_us(path) == read_by_rasa(path)
