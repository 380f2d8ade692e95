"""What is read of which file, and what is said of what cannot be."""

from __future__ import annotations

import asyncio
import gzip
import json
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, List, Tuple, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.tools import tracker_store
from rasa_joint_nlu.tools.annotate import inputs
from rasa_joint_nlu.tools.annotate.inputs import sources_of
from rasa_joint_nlu.tools.annotate.records import LONGEST_LINE, Found, Lines, Rejected
from rasa_joint_nlu.tools.errors import InputError


def records(*names: Union[Path, str], column: str = "text") -> List[Any]:
    sources = sources_of([str(name) for name in names], column)
    return [r for source in sources for piece in source.pieces() for r in piece.records()]


def found(*names: Union[Path, str], column: str = "text") -> List[Tuple[int, str]]:
    read = records(*names, column=column)
    assert all(isinstance(record, Found) for record in read), read
    return [tuple(record) for record in read]


def reasons(*names: Union[Path, str], column: str = "text") -> List[Tuple[int, str]]:
    read = records(*names, column=column)
    return [(r.line, r.reason) for r in read if isinstance(r, Rejected)]


def test_lines_of_text_keep_their_numbers_and_blank_ones_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffhi\r\n\r\n  there \u2028 you \n\n你好".encode())
    assert found(path) == [(1, "hi"), (3, "there \u2028 you"), (5, "你好")]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", "hi"), ("a.csv", '"text"\nhi'), ("a.jsonl", '"hi"'), ("a.json", '["hi"]')],
)
def test_a_byte_order_mark_is_no_part_of_a_message(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(f"\ufeff{content}", encoding="utf-8")
    ((_, text),) = found(tmp_path / name)
    assert text == "hi"


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.csv", "a.jsonl", "a.json"])
def test_an_empty_file_has_no_messages(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"[]" if name == "a.json" else b"")
    assert records(tmp_path / name) == []


def test_a_line_that_is_no_text_is_rejected_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"one\n\xff\xfe\ntwo\n" + b"x" * (3 * LONGEST_LINE) + b"\nthree\n")
    read = records(path)
    assert [record.line for record in read] == [1, 2, 3, 4, 5]
    assert read[1] == Rejected(2, "no UTF-8 at byte 1", "\\xff\\xfe")
    assert read[3].reason == "the line has more than 1,048,576 bytes"
    assert read[4] == Found(5, "three")


def test_lines_of_json_are_texts_objects_or_events_of_rasa(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    event = {"sender_id": "x", "timestamp": 1.0}
    lines = [
        "hi",
        {"text": "there", "id": 7},
        {**event, "event": "user", "text": "to Rome"},
        {**event, "event": "bot", "text": "Where from?"},
        {**event, "event": "user", "text": "/restart"},
        {**event, "event": "action", "name": "action_listen"},
        {"utterance": "x"},
        {"text": None},
        {"text": " "},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + "{\n", encoding="utf-8")
    read = records(path)
    assert read[:3] == [Found(1, "hi"), Found(2, "there"), Found(3, "to Rome")]
    assert [(r.line, r.reason) for r in read[3:6]] == [
        (7, "no text 'text'"),
        (8, "no text 'text'"),
        (9, "the text is empty"),
    ]
    assert read[6].line == 10 and read[6].reason.startswith("no JSON (Expecting")


def test_lines_of_json_are_trackers_as_databases_export_them(tmp_path: Path) -> None:
    path = tmp_path / "conversations.jsonl"
    said = [{"event": "user", "text": text} for text in ("hi", "/back", None, "to Rome")]
    trackers = [{"sender_id": "x", "events": said}, {"events": []}, {"events": said[3:]}]
    path.write_text("".join(json.dumps(of) + "\n" for of in trackers), encoding="utf-8")
    assert found(path) == [(1, "hi"), (1, "to Rome"), (3, "to Rome")]


def test_a_log_is_of_json_if_it_begins_so(tmp_path: Path) -> None:
    path = tmp_path / "rasa_event.log"
    path.write_text('{"event": "user", "timestamp": 1, "text": "hi"}\n', encoding="utf-8")
    assert found(path) == [(1, "hi")]
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert found(path) == [(1, "hi")]
    path.write_text("hi {there}\n", encoding="utf-8")
    assert found(path) == [(1, "hi {there}")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_has_its_texts_in_a_column(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    rows = ["id,said,by", '1,"hi, ""you""",a', '2,"two\nlines",b', "", "3", "4,,c", "5,bye,d"]
    table = "\n".join(rows).replace(",", delimiter).replace(f"hi{delimiter}", "hi,")
    path.write_text("\ufeff" + table, encoding="utf-8")
    read = records(path, column="said")
    assert [tuple(r) for r in read if isinstance(r, Found)] == [
        (2, 'hi, "you"'),
        (3, "two\nlines"),
        (8, "bye"),
    ]
    assert reasons(path, column="said") == [
        (6, "the row has 1 of 3 columns"),
        (7, "the text is empty"),
    ]


def test_a_table_without_the_column_says_which_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,said\n1,hi\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"has no column 'text'.*--column, of: id, said"):
        records(path)


def test_rows_of_a_table_that_cannot_be_read_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"text\n\xe9t\xe9\nok\n" + b'"' + b"x" * (2 * LONGEST_LINE) + b"\n\nlast\n")
    read = records(path)
    assert read[:2] == [Rejected(2, "no UTF-8", "\\udce9t\\udce9"), Found(3, "ok")]
    assert "field larger than field limit" in read[2].reason


def test_a_text_with_a_delimiter_and_without_quotes_is_rejected_and_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text\nhi, you\n"hi, you"\nhi,, ,\n', encoding="utf-8")
    cut, whole, with_nothing = records(path)
    assert "has 2 fields for 1 columns" in cut.reason and cut.content == "hi, you"
    assert (whole, with_nothing) == (Found(3, "hi, you"), Found(4, "hi"))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="takes Linux")
@pytest.mark.parametrize("name", ["a.txt", "a.log", "a.csv", "a.jsonl", "a.json", "a.yml"])
@pytest.mark.parametrize("is_in_folder", [True, False])
def test_a_file_that_fails_when_it_is_read_is_told_of(
    name: str, is_in_folder: bool, tmp_path: Path
) -> None:
    (tmp_path / name).symlink_to("/proc/self/mem")
    try:
        told = reasons(tmp_path if is_in_folder else tmp_path / name)[0][1]
    except InputError as error:
        told = str(error)
    assert "Input/output error" in told


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_quote_that_is_never_closed_takes_no_other_row_with_it(tmp_path: Path, name: str) -> None:
    delimiter = "\t" if name == "a.tsv" else ","
    rows = [f"{number},to gate {number}" for number in range(2, 40_000)]
    rows[0], rows[7], rows[-1] = '2,"to gate 2', '9,"two\nlines" or more', '39999,"end'
    (tmp_path / name).write_text("\n".join(["id,text", *rows]).replace(",", delimiter), "utf-8")
    read = records(tmp_path / name)
    # Row 9 has two lines, the second of which is no row.
    assert [r.line for r in read if isinstance(r, Rejected)] == [2, 9, 10, 40_000]
    assert [r.line for r in read] == list(range(2, 40_001))
    assert read[0].content == f'2{delimiter}"to gate 2\n'
    assert read[3] == Found(5, "to gate 5") and read[-2] == Found(39_999, "to gate 39998")


def test_the_head_of_a_table_may_be_late_and_have_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\ufeff\n\ntext;"said\nat"\nhi;1\n\nthere;2\n', encoding="utf-8")
    assert found(path) == [(5, "hi"), (7, "there")]
    with pytest.raises(InputError, match=r"of: text, said\\nat\.$"):
        records(path, column="x")


@pytest.mark.parametrize("name", ["a.txt.gz", "a.csv.gz"])
def test_a_damaged_archive_is_read_up_to_the_damage(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    lines = "".join(f"message {number * number}\n" for number in range(20_000))
    path.write_bytes(gzip.compress(f"text\n{lines}".encode())[:20_000])
    read = records(path)
    assert len(read) > 1000 and all(isinstance(record, Found) for record in read[:-1])
    assert read[-1].reason.startswith("the file is damaged (Compressed file ended")
    path.write_bytes(b"this is no archive")
    assert reasons(path)[0][1].startswith("the file is damaged (Not a gzipped file")


def test_utf_16_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hi", encoding="utf-16")
    with pytest.raises(InputError, match="is UTF-16; save it as UTF-8"):
        records(tmp_path / "a.txt")


@pytest.mark.parametrize("name", ["nlu.yml", "nlu.yml.gz"])
def test_training_data_are_messages_with_their_lines(tmp_path: Path, name: str) -> None:
    text = "nlu:\n- intent: a\n  examples: |\n    - to [Rome](city)\n    - hi\n    odd\n"
    data = text.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    read = records(tmp_path / name)
    assert read[:2] == [Found(4, "to Rome"), Found(5, "hi")]
    assert read[2].line == 6 and "does not begin with '-'" in read[2].reason


def test_training_data_of_another_tool_are_named_and_no_message(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    content = {"luis_schema_version": "5.0", "utterances": [{"text": "hi"}]}
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match=r"/a\.json': this is in the format of LUIS, which is not"):
        records(path)
    path.write_text('{"text": "hi", "responses": ["ho"]}', encoding="utf-8")
    assert found(path) == [(1, "hi")]


def test_what_is_wrong_in_an_archive_is_said_of_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "nlu.yml.gz"
    path.write_bytes(gzip.compress(b"nlu:\n- intent: a\n examples: x\n"))
    with pytest.raises(InputError) as raised:
        records(path)
    assert str(raised.value).startswith(f"'{path}', line 3: this is no valid YAML")


def test_json_is_of_trackers_or_messages_or_training_data(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    user = {"event": "user", "text": "hi", "timestamp": 1.0}
    tracker = {"sender_id": "x", "events": [{"event": "action"}, user, {**user, "text": "/x"}]}
    for content, expected in (
        (tracker, [(2, "hi")]),
        ([tracker, tracker], [(2, "hi"), (5, "hi")]),
        ({"x": tracker, "y": tracker}, [(2, "hi"), (5, "hi")]),
        (["a", {"text": "b"}], [(1, "a"), (2, "b")]),
        ([user, {**user, "event": "bot"}], [(1, "hi")]),
        ({"rasa_nlu_data": {"common_examples": [{"text": "c", "intent": "d"}]}}, [(1, "c")]),
    ):
        path.write_text(json.dumps(content), encoding="utf-8")
        assert found(path) == expected
    path.write_text('{"text": "a"}\n{"text": "b"}\n', encoding="utf-8")
    assert found(path) == [(1, "a"), (2, "b")]
    path.write_text('[{"a": 1}]', encoding="utf-8")
    assert reasons(path) == [(1, "no text 'text'")]
    path.write_text("[", encoding="utf-8")
    with pytest.raises(InputError, match="is no JSON"):
        records(path)


def test_a_tracker_store_of_rasa_is_read_in_the_order_of_its_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rasa.core.tracker_store", reason="Rasa is not installed")
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    path = tmp_path / "rasa.db"
    store = SQLTrackerStore(Domain.empty(), db=str(path))
    for sender in ("x", "y"):
        events = [UserUttered("/session_start"), UserUttered(f"hi {sender}"), BotUttered("Hello")]
        more = [ActionExecuted("action_listen"), UserUttered("bye")]
        tracker = DialogueStateTracker.from_events(sender, [*events, *more])
        asyncio.run(store.save(tracker))
    monkeypatch.setattr(inputs, "RECORDS", 2)
    monkeypatch.setattr(tracker_store, "AT_ONCE", 2)
    expected = [(2, "hi x"), (5, "bye"), (7, "hi y"), (10, "bye")]
    assert found(path) == expected
    (source,) = sources_of([f"sqlite:///{path}"], "text")
    assert source.last == 10
    with sqlite3.connect(path) as connection:
        event = json.dumps({"event": "user", "text": "later"})
        connection.execute(
            "INSERT INTO events (id, sender_id, type_name, data) VALUES (11, 'x', 'user', ?)",
            [event],
        )
    assert [r.line for piece in source.pieces() for r in piece.records()] == [2, 5, 7, 10]
    assert found(path) == [*expected, (11, "later")]
    # The same file, read as any other database is.
    other = inputs.Source("b", f"sqlite:///{path}", "database", "text")
    assert [r.line for piece in other.pieces() for r in piece.records()] == [2, 5, 7, 10, 11]


def test_a_database_of_sqlite_has_any_name_in_a_url(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "store") as connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, data TEXT)")
        event = json.dumps({"event": "user", "text": "hi"})
        connection.execute("INSERT INTO events VALUES (1, ?)", [event])
    url = f"sqlite:///{tmp_path}"
    assert found(f"{url}/store", f"{url}/../{tmp_path.name}/store") == [(1, "hi")]
    with pytest.raises(InputError, match=r"There is no 'sqlite:///.*/none\.db'"):
        records(f"{url}/none.db")


def test_a_database_without_events_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_text("this is no database, however long it is" * 100, encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot be read.*table 'events'"):
        sources_of([str(path)], "text")
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (id)")
    with pytest.raises(InputError, match="no such table: events"):
        sources_of([str(path)], "text")


@pytest.mark.parametrize("scheme", ["odd", "od-d", "sqlite"])
@pytest.mark.parametrize("password", ["secret", "se:secret", "1/secret", "secret/1"])
def test_a_url_that_is_of_no_database_is_refused_without_its_password(
    scheme: str, password: str
) -> None:
    with pytest.raises(InputError, match=f"'{scheme}://host/db' cannot be read") as raised:
        sources_of([f"{scheme}://me:{password}@host/db"], "text")
    assert "secret" not in str(raised.value)


def test_parquet_has_its_texts_in_a_column(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    said = pa.array(["hi", None, " ", "bye"])
    parquet.write_table(pa.table({"n": [1, 2, 3, 4], "said": said}), path)
    read = records(path, column="said")
    assert read == [
        Found(1, "hi"),
        Rejected(2, "there is no text"),
        Rejected(3, "the text is empty"),
        Found(4, "bye"),
    ]
    parquet.write_table(pa.table({"said": said.dictionary_encode()}), path)
    assert len(records(path, column="said")) == 4
    parquet.write_table(pa.table({"said": said, "n": [1, 2, 3, 4]}), path)
    with pytest.raises(InputError, match="is int64, no text"):
        records(path, column="n")
    with pytest.raises(InputError, match="no column 'text'"):
        records(path)
    twice = tmp_path / "twice.parquet"
    parquet.write_table(pa.Table.from_arrays([said, said], ["text", "text"]), twice)
    with pytest.raises(InputError, match="has the column 'text' more than once"):
        records(twice)
    whole = path.read_bytes()
    footer = int.from_bytes(whole[-8:-4], "little")
    path.write_bytes(whole[: -8 - footer] + b"\xff" * footer + whole[-8:])
    with pytest.raises(InputError, match=r"^.* is no Parquet file \(.*\)\.$"):
        records(path, column="said")


def test_without_pyarrow_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    (tmp_path / "a.parquet").write_bytes(b"")
    with pytest.raises(InputError, match=r"pip install 'rasa-joint-nlu\[scale\]'"):
        records(tmp_path / "a.parquet")


def test_a_folder_gives_all_files_that_may_have_messages_once(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name, text in (
        ("b/a.txt", "one"),
        ("c.jsonl", '"two"'),
        ("domain.yml", "intents: [a]\n"),
        ("nlu.yml", "nlu:\n- intent: a\n  examples: |\n    - three\n"),
        ("README.md", "nothing"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [text for _, text in found(tmp_path, tmp_path / "c.jsonl")] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("no.txt", "There is no"), ("a.md", "is of no kind"), ("empty", "There is nothing to read")],
)
def test_what_is_not_there_or_of_no_known_kind_is_an_error(
    tmp_path: Path, name: str, expected: str
) -> None:
    (tmp_path / "a.md").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=expected):
        sources_of([str(tmp_path / name)], "text")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=6)))
def test_lines_are_cut_into_pieces_without_losing_any(lines: List[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "RECORDS", 3)
        path = Path(folder, "a.txt")
        path.write_bytes("\n".join(lines).encode())
        (source,) = sources_of([str(path)], "text")
        pieces = list(source.pieces())
        assert all(isinstance(p, Lines) and p.content.count(b"\n") <= 3 for p in pieces)
        read = [tuple(record) for piece in pieces for record in piece.records()]
    first = [line.lstrip("\ufeff") if n == 0 else line for n, line in enumerate(lines)]
    assert read == [(n, line.strip()) for n, line in enumerate(first, 1) if line.strip()]
