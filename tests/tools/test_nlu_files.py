"""What the reader says of files, with no Rasa installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict, List, Tuple

import pytest
from odd_files import ODD, ODD_JSON, examples, under

from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.nlu_files import AnnotatedEntity, NluData, read_nlu

BOT = Path(__file__).resolve().parents[2] / "example_bot"


def read(folder: Path, content: str, name: str = "nlu.yml") -> NluData:
    path = folder / name
    path.write_bytes(content.encode("utf-8"))
    return read_nlu([path])


def notes(data: NluData) -> List[Tuple[object, str]]:
    return [(note.place.line, note.text) for note in data.notes]


def test_every_kind_of_data_is_read(tmp_path: Path) -> None:
    data = read(
        tmp_path,
        examples("- to [Rom](city:Rome) by [two](count)", '- [x]{"entity": "e", "role": "r"}')
        + under("synonym", "New York", "- NYC")[5:]
        + under("regex", "code", "- [A-Z]{3}")[5:]
        + under("lookup", "city", "- Oslo", "- New York")[5:],
    )
    first, second = data.messages
    assert (first.text, first.intent) == ("to Rom by two", "a")
    assert first.entities == (
        AnnotatedEntity(3, 6, "city", value="Rome"),
        AnnotatedEntity(10, 13, "count", value="two"),
    )
    assert second.entities == (AnnotatedEntity(0, 1, "e", "r", value="x"),)
    assert data.values_of_synonyms() == {"Rom": "Rome", "NYC": "New York"}
    assert [(regex.name, regex.pattern) for regex in data.regexes] == [("code", "[A-Z]{3}")]
    assert [(t.name, t.elements) for t in data.lookup_tables] == [("city", ("Oslo", "New York"))]
    assert data.notes == ()


def test_everything_knows_its_file_and_line(tmp_path: Path) -> None:
    data = read(
        tmp_path,
        "# One\n"
        + examples("- x", "", "- [y](e:v)")
        + under("synonym", "s", "- q")[5:]
        + "- intent: b\n  examples:\n  - text: z\n  - text: |\n\n      w\n"
        + '- intent: c\n  examples: "- m\\n- n"\n',
    )
    assert [(m.text, m.place.line) for m in data.messages] == [
        ("x", 5),
        ("y", 7),
        ("z", 13),
        ("w", 15),
        ("m", 18),
        ("n", 18),
    ]
    assert [(s.text, s.place.line) for s in data.synonyms] == [("y", 7), ("q", 10)]
    assert str(data.messages[0].place) == f"'{tmp_path / 'nlu.yml'}', line 5"


NOTES: Dict[str, List[Tuple[object, str]]] = {
    "line_without_dash": [(5, "'y' does not"), (6, "'* z' does not"), (7, "'+ z' does not")],
    "blank_lines": [],
    "comment_in_the_block": [(5, "'# d' does not begin with '-'")],
    "deeper_line": [(5, "'- y' does not begin with '-'")],
    "unknown_key": [(1, "the key 'foo' is none of Rasa's")],
    "regex_key": [],
    "responses": [],
    "version_4": [(1, "the file is left out: its format 4.0 is above 3.1")],
    "item_is_empty": [(None, "an item without an intent is left out")],
    "intent_is_empty": [(2, "this 'intent' has no name")],
    "no_examples": [(2, "the intent 'a' has no examples")],
    "other_attribute": [(4, '[\'foo\'] of \'[x]{"entity": "e", "foo": 5}\' are left out')],
    "synonym_of_two": [(7, "'x' stands for 'b' here and for 'a' before; the last counts")],
    "lookup_is_a_path": [(3, "'data/x.txt' does not"), (2, "the lookup 'z' has no examples")],
    "regex_without_examples": [(2, "the regex 'a' has no examples")],
}


@pytest.mark.parametrize("name", NOTES)
def test_what_is_left_out_is_named(name: str, tmp_path: Path) -> None:
    found = notes(read(tmp_path, ODD[name]))
    assert [line for line, _ in found] == [line for line, _ in NOTES[name]]
    assert all(text.startswith(start) for (_, text), (_, start) in zip(found, NOTES[name]))


ERRORS = {
    "nlu_is_a_mapping": ", line 2: under 'nlu' there must be a list",
    "version_as_number": ", line 1: 'version: 3.1' must be a text: put it in quotes",
    "examples_without_a_bar": ", line 3: this is no valid YAML: ",
    "tab": ", line 4: this is no valid YAML: ",
    "nlu_twice": ', line 2: this is no valid YAML: found duplicate key "nlu"',
    "two_documents": ", line 5: this is no valid YAML: ",
    "unknown_tag": ", line 2: this is no valid YAML: could not determine a constructor",
    "control_character": ", line 4: the character U+000B is not allowed in YAML",
    "item_is_a_text": ", line 2: 'abc' must have an intent",
    "item_with_another_key": ", line 3: 'foo' cannot stand beside 'intent'",
    "item_of_two_kinds": ", line 3: 'synonym' cannot stand beside 'intent'",
    "intent_is_a_number": ", line 2: 'intent: 5' must be a text: put it in quotes",
    "retrieval_intent_of_three": ", line 4: the intent 'a/b/c' has more than one '/'",
    "examples_are_a_mapping": ", line 4: the examples of 'a' must be a block after '|'",
    "list_of_texts": ", line 4: the example 'x' of a list must be 'text: x'",
    "list_with_another_key": ", line 5: an example has text and metadata, and no 'foo'",
    "list_with_a_number": ", line 4: 'text: 5' must be a text: put it in quotes",
    "json_that_is_none": ", line 4: '[x]{\"entity\": }' is no JSON in its braces",
    "no_type": ", line 4: '[x]{\"role\": \"a\"}' needs an 'entity'",
    "group_is_a_number": ": the group must be a text: put it in quotes",
    "value_is_true": ": the value must be a text or a number",
    "incomplete_escape": " has an incomplete escape like \\u00e9",
    "variable": ", line 2: 'intent: odd' must be a text: put it in quotes",
    "variable_that_is_not_set": ", line 2: the environment variable ${NOT_SET} is not set",
    "no_nlu": " has no NLU data: no line of it begins with 'nlu:'",
    "empty": " has no NLU data",
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_says_where_and_what_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ODD", "odd")
    with pytest.raises(InputError) as refused:
        read(tmp_path, ODD[name])
    assert str(refused.value).startswith(f"'{tmp_path / 'nlu.yml'}'")
    assert ERRORS[name] in str(refused.value)
    assert "\n" not in str(refused.value)


JSON_ERRORS = {
    "another_key": "beside 'rasa_nlu_data' there must be nothing",
    "example_is_a_text": "common_examples[0] must be an object",
    "entity_without_end": "an entity of common_examples[0] needs 'start' and 'end'",
    "entity_without_type": "an entity of common_examples[0] needs an 'entity'",
    "regex_without_pattern": "regex_features[0] needs a 'name' and a 'pattern'",
    "lookup_of_numbers": "the elements of lookup_tables[0] must be texts",
}


@pytest.mark.parametrize("name", JSON_ERRORS)
def test_an_error_in_json_says_which_item(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path, ODD_JSON[name], "nlu.json")
    assert str(tmp_path / "nlu.json") in str(refused.value)
    assert JSON_ERRORS[name] in str(refused.value)


def test_what_is_left_out_of_json_is_named(tmp_path: Path) -> None:
    example = {"text": "a", "mood": 1, "entities": [{"start": 0, "end": 1, "entity": "e", "x": 1}]}
    data = {"common_examples": [example], "intent_examples": []}
    found = notes(read(tmp_path, json.dumps({"rasa_nlu_data": data}), "nlu.json"))
    assert [text for _, text in found] == [
        "'intent_examples' of 'rasa_nlu_data' is left out.",
        "['mood'] of common_examples[0] are left out.",
        "['x'] of an entity of common_examples[0] are left out.",
    ]


def test_a_lookup_table_of_json_may_be_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tables = [{"name": "city", "elements": "cities.txt"}]
    content = json.dumps({"rasa_nlu_data": {"lookup_tables": tables}})
    with pytest.raises(InputError, match=r"lookup table 'cities.txt' cannot be read"):
        read(tmp_path, content, "nlu.json")
    (tmp_path / "cities.txt").write_text("Rome\n\n  New York \n", encoding="utf-8")
    (table,) = read(tmp_path, content, "nlu.json").lookup_tables
    assert (table.elements, table.file) == (("Rome", "New York"), "cities.txt")


@pytest.mark.parametrize(
    ("content", "tool"),
    [
        ('{"luis_schema_version": "5"}', "LUIS"),
        ('{"utterances": []}', "wit.ai"),
        ('{"supportedLanguages": []}', "Dialogflow"),
    ],
)
def test_formats_of_other_tools_are_named(content: str, tool: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"in the format of {tool}, which is not read"):
        read(tmp_path, content, "nlu.json")
    with pytest.raises(
        InputError, match=rf"There are no .*nlu\.json': this is .* {tool}, .* convert"
    ):
        read_nlu([tmp_path])
    (tmp_path / "nlu.yml").write_text(examples("- x"), encoding="utf-8")
    (note,) = read_nlu([tmp_path]).notes
    assert str(note).startswith(f"'{tmp_path / 'nlu.json'}': this is in the format of {tool}")


@pytest.mark.parametrize("lists", ['[{"name": "airline"}, {"name": "city"}]', "[]", "5", "[1]"])
def test_lists_of_luis_are_named_as_rasa_does_not_convert_them(lists: str, tmp_path: Path) -> None:
    content = f'{{"luis_schema_version": "7.0.0", "closedLists": {lists}}}'
    with pytest.raises(InputError, match="in the format of LUIS") as raised:
        read(tmp_path, content, "nlu.json")
    names = "leaves out its lists (airline, city): copy them as lookup tables and synonyms."
    assert (names in str(raised.value)) == ("airline" in lists)


def test_a_file_with_a_byte_order_mark_is_read_and_named(tmp_path: Path) -> None:
    data = read(tmp_path, "\ufeff" + examples("- x"))
    assert len(data.messages) == 1
    assert notes(data)[0][1].startswith("a byte order mark comes before its first key")


def test_a_path_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no '.*nothing\.yml'"):
        read_nlu([tmp_path / "nothing.yml"])
    with pytest.raises(InputError, match="There are no NLU files in "):
        read_nlu([tmp_path])
    (tmp_path / "nlu.md").write_text("## intent:a", encoding="utf-8")
    with pytest.raises(InputError, match=r"must end in \.yml or \.json"):
        read_nlu([tmp_path / "nlu.md"])
    (tmp_path / "nlu.yml").write_bytes(b"nlu: caf\xe9")
    with pytest.raises(InputError, match=r"nlu.yml' is no UTF-8 text \(byte 8"):
        read_nlu([tmp_path])


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nested too deeply"):
        read(tmp_path, "nlu: " + "[" * 500 + "]" * 500)


@pytest.mark.parametrize("content", ["nlu: &a\n- *a\n", "nlu: &a {x: *a}\n"])
def test_what_is_inside_of_itself_is_refused(content: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1: this is no valid YAML: this is inside of itself"):
        read(tmp_path, content)


def test_a_link_back_to_a_folder_above_is_not_followed_for_ever(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(examples("- x"), encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(read_nlu([tmp_path]).messages) == 1


def test_metadata_may_have_keys_of_any_kind(tmp_path: Path) -> None:
    item = "- intent: a\n  metadata: {1: [{2020-01-01: x}], b: y}\n  examples: |\n    - hi\n"
    data = read(tmp_path, "nlu:\n" + item + item.replace("y", "z"))
    assert len(data.distinct_messages()) == 2


def test_messages_that_are_alike_in_everything_count_once(tmp_path: Path) -> None:
    data = read(tmp_path, ODD["the_same_again"])
    assert len(data.messages) == 5
    assert [m.place.line for m in data.distinct_messages()] == [4, 6]


@pytest.mark.parametrize("folder", [BOT / "data", BOT / "zh" / "data"], ids=["en", "zh"])
def test_all_of_a_bot_is_read(folder: Path) -> None:
    data = read_nlu([folder])
    assert data.notes == () and data.synonyms and data.regexes and data.lookup_tables
    assert len({message.intent for message in data.messages}) >= 10
    assert all(message.place.line for message in data.messages)
