"""NLU files as they should not be written, and some as they may: for the reader's tests."""

from __future__ import annotations

from typing import Dict


def examples(*lines: str) -> str:
    """An intent `a` with these lines as its block."""
    return "nlu:\n- intent: a\n  examples: |\n" + "".join(f"    {line}\n" for line in lines)


def listed(*items: str) -> str:
    """An intent `a` whose examples are a list of these."""
    return "nlu:\n- intent: a\n  examples:\n" + "".join(f"  - {item}\n" for item in items)


def under(key: str, name: str, *lines: str) -> str:
    """An item of some kind with these lines as its block."""
    return f"nlu:\n- {key}: {name}\n  examples: |\n" + "".join(f"    {line}\n" for line in lines)


ODD: Dict[str, str] = {
    # The file
    "version_4": "version: '4.0'\n" + examples("- x"),
    "version_2": "version: '2.0'\n" + examples("- x"),
    "version_as_number": "version: 3.1\n" + examples("- x"),
    "version_is_no_number": "version: new\n" + examples("- x"),
    "version_without_value": "version:\n" + examples("- x"),
    "quoted_version": "version: '\"3.1\"'\n" + examples("- x"),
    "no_nlu": "stories:\n- story: a\n",
    "nlu_without_value": "nlu:\n",
    "nlu_is_a_mapping": "nlu:\n  intent: a\n",
    "nlu_is_a_text": "nlu: abc\n",
    "nlu_is_empty": "nlu: []\n",
    "nlu_in_quotes": '"nlu":\n- intent: a\n',
    "nlu_before_blanks": "nlu :\n- intent: a\n",
    "nlu_in_braces": "{nlu: [{intent: a, examples: '- x'}]}",
    "nlu_in_json": '{"nlu": [{"intent": "a", "examples": "- x"}]}',
    "list": "- nlu: a\n",
    "nlu_in_a_list": "- x\n- y:\n  nlu:\n",
    "two_documents": examples("- x") + "---\nnlu: []\n",
    "nlu_twice": "nlu: []\nnlu: []\n",
    "empty": "",
    "unknown_key": "foo: 1\n" + examples("- x"),
    "responses": "responses:\n  utter_faq/a:\n  - text: hello\nnlu:\n- intent: faq/a\n"
    "  examples: |\n    - x\n",
    "responses_only": "responses:\n  utter_a:\n  - text: hello\n",
    "regex_key": "regex;a: 1\nnlu: []\n",
    "tab": "nlu:\n- intent: a\n  examples: |\n\t- x\n",
    "windows_lines": examples("- x", "- y").replace("\n", "\r\n"),
    "old_mac_lines": examples("- x", "- y").replace("\n", "\r"),
    "control_character": examples("- x\x0by"),
    "line_separators": examples("- x\u2028y", "- z"),
    "directive": "%YAML 1.1\n---\n" + examples("- x"),
    "anchors": "nlu:\n- intent: a\n  examples: &e |\n    - x\n- intent: b\n  examples: *e\n",
    "merge": "x: &x {intent: a}\nnlu:\n- <<: *x\n  examples: |\n    - x\n",
    "unknown_tag": "nlu:\n- intent: !a b\n  examples: |\n    - x\n",
    "python_tag": "nlu:\n- intent: !!python/name:os.system x\n",
    "text_tag": "nlu:\n- intent: !!str 5\n  examples: |\n    - x\n",
    # Items
    "item_is_a_text": "nlu:\n- abc\n",
    "item_without_value": "nlu:\n-\n- intent: a\n",
    "item_is_empty": "nlu:\n- {}\n",
    "item_without_intent": "nlu:\n- examples: |\n    - x\n",
    "item_of_another_kind": "nlu:\n- foo: a\n  examples: |\n    - x\n",
    "item_of_two_kinds": "nlu:\n- intent: a\n  synonym: b\n  examples: |\n    - x\n",
    "item_with_another_key": "nlu:\n- intent: a\n  foo: 1\n  examples: |\n    - x\n",
    "intent_is_a_number": under("intent", "5", "- x"),
    "intent_is_a_date": under("intent", "2020-01-01", "- x"),
    "intent_is_true": under("intent", "true", "- x"),
    "intent_yes": under("intent", "yes", "- x"),
    "intent_on": under("intent", "on", "- x"),
    "intent_without_value": under("intent", "", "- x"),
    "intent_is_empty": under("intent", "''", "- x"),
    "intent_is_blank": under("intent", "' '", "- x"),
    "intent_with_blanks": under("intent", "' a b '", "- x"),
    "retrieval_intent": under("intent", "faq/a", "- x"),
    "retrieval_intent_with_blanks": under("intent", "a / b", "- x"),
    "retrieval_intent_of_three": under("intent", "a/b/c", "- x"),
    "retrieval_intent_of_three_without_examples": under("intent", "a/b/c"),
    "retrieval_intent_without_key": under("intent", "a/", "- x"),
    "retrieval_intent_without_name": under("intent", "/b", "- x"),
    "two_slashes": under("intent", "a//", "- x"),
    "metadata": "nlu:\n- intent: a\n  metadata:\n    q: [1, 2020-01-01]\n  examples: |\n    - x\n",
    "metadata_of_two_kinds": "nlu:\n- intent: a\n  metadata: {1: q, b: r}\n"
    "  examples: |\n    - x\n    - x\n",
    # Examples in a block
    "no_examples": "nlu:\n- intent: a\n",
    "examples_without_value": "nlu:\n- intent: a\n  examples:\n",
    "examples_are_a_number": "nlu:\n- intent: a\n  examples: 5\n",
    "examples_are_a_mapping": "nlu:\n- intent: a\n  examples:\n    text: y\n",
    "examples_without_a_bar": "nlu:\n- intent: a\n  examples: - x\n",
    "examples_in_quotes": "nlu:\n- intent: a\n  examples: '- it''s'\n",
    "escapes_in_quotes": "nlu:\n- intent: a\n  examples: "
    '"- x\\n- y\\tz\\r\\n- w\\x85q\\u2028r\\x0cs"\n',
    "folded": "nlu:\n- intent: a\n  examples: >\n    - x\n    - y\n\n    - z\n",
    "stripped": "nlu:\n- intent: a\n  examples: |-\n    - x\n    - y\n",
    "kept": "nlu:\n- intent: a\n  examples: |+\n    - x\n\n\n",
    "indentation_given": "nlu:\n- intent: a\n  examples: |2\n    - x\n",
    "blank_lines": examples("- x", "", "- y", "-", "-   "),
    "line_without_dash": examples("- x", "y", "* z", "+ z"),
    "comment_in_the_block": examples("- x # c", "# d", "- y"),
    "comments_outside": "# a\nnlu: # b\n# c\n- intent: a # d\n  # e\n  examples: | # f\n    - x\n",
    "deeper_line": examples("- x", "  - y"),
    "no_break_spaces": examples("- \u00a0x\u00a0", "-\tx\t"),
    "dashes": examples("- - x", "-- y", "–z", "---"),
    "colons_and_hashes": examples("- a: b", "- #x", "- 5", "- yes", "- {a}", "- 'q'", '- "q"'),
    "backslashes": examples("- a\\nb\\tc \\\\ \\d+"),
    "escape_in_ascii": examples("- caf\\u00e9 \\\\u00e9"),
    "escape_beside_another_character": examples("- caf\\u00e9 é"),
    "escaped_pair": examples("- \\ud83d\\ude00"),
    "escaped_half": examples("- \\ud83d"),
    "incomplete_escape": examples("- \\u12"),
    "escaped_line": examples("- a\\u000a    - b"),
    "emoji": examples("- 👍🏽 [👍](e)", "- \U0001f600"),
    "variable_in_the_block": examples("- ${ODD} $ODD"),
    "variable": under("intent", "${ODD}", "- x"),
    "variable_that_is_not_set": under("intent", "${NOT_SET}", "- x"),
    "variable_in_metadata": "nlu:\n- intent: a\n  metadata: ${ODD}\n  examples: |\n    - x\n",
    # Examples as a list
    "list_of_texts": listed("x", "y"),
    "list_of_mappings": listed(
        "text: x", "text: |\n      y z\n    metadata: 5", "text: ' [q](e) '"
    ),
    "list_with_another_key": listed("text: x\n    foo: 3"),
    "list_with_an_intent": listed("text: x\n    intent: b"),
    "list_with_nothing": listed("text: x", ""),
    "list_is_empty": "nlu:\n- intent: a\n  examples: []\n",
    "list_with_an_empty_mapping": listed("text: x", "{}"),
    "list_with_an_empty_text": listed("text: ''", "text: y"),
    "list_without_a_text": listed("metadata: 1", "text: y"),
    "list_with_text_without_value": listed("text:", "text: y"),
    "list_with_a_number": listed("text: 5", "text: y"),
    "list_with_dashes": listed("text: |\n      - x\n      - y"),
    "list_with_a_variable": listed("text: hi ${ODD}"),
    "list_with_metadata": listed("text: x\n    metadata: {a: neutral, b: [1, c]}", "text: x"),
    # Annotations
    "types": examples("- [x](e) [y](e:v) [a b](f g) [c](h:i:j) [ d ](k) [z](  l : m )"),
    "attributes": examples(
        '- [z]{"entity":"e","role":"r","group":"1","value":"q"} [y]{ "entity" : "f" }'
    ),
    "two_entities_in_one_place": examples(
        '- [r][{"entity":"s"},{"entity":"t","role":"u"}] x [q](e)'
    ),
    "brackets_that_say_nothing": examples(
        "- [] [a] (b) [c] (d) [](l) [m]() [x][] [y][abc]", "- [z]{} a]b [c"
    ),
    "brackets_in_brackets": examples("- [[n](o) p](q) [\\[v\\]](w) [[x]](e) [a](b(c)) [d](e)](f)"),
    "annotation_over_types": examples("- [x](e)[y](f)", "-[z](e)", "- ([w](e))"),
    "json_that_is_none": examples('- [x]{"entity": }'),
    "json_in_single_quotes": examples("- [x]{'entity': 'e'}"),
    "no_type": examples('- [x]{"role": "a"}'),
    "empty_type": examples('- [x]{"entity": ""}'),
    "type_is_a_number": examples('- [x]{"entity": 5}'),
    "value_is_a_number": examples(
        '- [x]{"entity": "e", "value": 5} [y]{"entity": "e", "value": 5.5}'
    ),
    "value_is_true": examples('- [x]{"entity": "e", "value": true}'),
    "value_is_null": examples('- [x]{"entity": "e", "value": null}'),
    "group_is_a_number": examples('- [x]{"entity": "e", "group": 5}'),
    "role_is_null": examples('- [x]{"entity": "e", "role": null}'),
    "empty_role_and_value": examples('- [x]{"entity": "e", "role": "", "value": ""}'),
    "other_attribute": examples('- [x]{"entity": "e", "foo": 5}'),
    "attribute_twice": examples('- [x]{"entity": "e", "entity": "f"}'),
    "the_same_again": examples("- x", "- x", "- [x](e)", "- [x](e:x)", "- x"),
    "the_same_elsewhere": examples("- x") + "- intent: b\n  examples: |\n    - x\n",
    # Synonyms, regexes, lookup tables
    "synonym": under("synonym", "a b", "- x", "- y", "- X", "- [x](y)", "-"),
    "synonym_of_two": under("synonym", "a", "- x") + "- synonym: b\n  examples: |\n    - x\n",
    "synonym_after_value": examples("- [x](e:v)") + "- synonym: w\n  examples: |\n    - x\n",
    "synonym_without_examples": "nlu:\n- synonym: a\n",
    "synonym_in_a_list": "nlu:\n- synonym: a\n  examples: [x]\n",
    "synonym_in_mappings": "nlu:\n- synonym: a\n  examples:\n  - text: x\n",
    "synonym_is_a_number": under("synonym", "5", "- x"),
    "synonym_with_metadata": "nlu:\n- synonym: a\n  metadata: 1\n  examples: |\n    - x\n",
    "synonym_without_name": under("synonym", "", "- x"),
    "regexes": under("regex", "z", "- \\d{5}", "- [0-9]+", "- a|b")
    + "- regex: a\n  examples: |\n    - x\n",
    "regex_that_is_none": under("regex", "z", "- ("),
    "regex_without_examples": "nlu:\n- regex: a\n  examples: ''\n",
    "lookup": under("lookup", "z", "- a", "- b c", "- a") + "- lookup: y\n  examples: |\n    - q\n",
    "lookup_in_two_parts": under("lookup", "z", "- a") + under("lookup", "z", "- b")[5:],
    "lookup_is_a_path": "nlu:\n- lookup: z\n  examples: data/x.txt\n",
    "lookup_without_examples": "nlu:\n- lookup: z\n  examples:\n",
}
"""What each is about → the file's content. `ODD` is an environment variable that must be set."""

ODD_JSON: Dict[str, str] = {
    "whole": """{"rasa_nlu_data": {
        "common_examples": [
          {"text": " hi [x](y) ", "intent": "greet", "entities": []},
          {"text": "to Rome", "intent": "faq/go", "entities": [
            {"start": 3, "end": 7, "value": "roma", "entity": "city", "role": "to", "group": "1"},
            {"start": 0.0, "end": 2, "entity": "word", "extractor": "Other"}]},
          {"text": "hi"}, {"intent": "empty"}, {"text": "hi"}, {"text": "a", "intent": " b "}],
        "regex_features": [{"name": "z", "pattern": "b"}, {"name": "a", "pattern": "c"}],
        "lookup_tables": [{"name": "l", "elements": ["a", "b"]}, {"name": "l", "elements": []}],
        "entity_synonyms": [{"value": "chinese", "synonyms": ["Chinese", "Chines"]},
                            {"value": "v", "synonyms": []}]}}""",
    "nothing": '{"rasa_nlu_data": {}}',
    "another_key": '{"rasa_nlu_data": {}, "other": 1}',
    "data_is_a_list": '{"rasa_nlu_data": []}',
    "examples_are_an_object": '{"rasa_nlu_data": {"common_examples": {}}}',
    "example_is_a_text": '{"rasa_nlu_data": {"common_examples": ["a"]}}',
    "intent_is_null": '{"rasa_nlu_data": {"common_examples": [{"text": "a", "intent": null}]}}',
    "entity_without_end": '{"rasa_nlu_data": {"common_examples": [{"text": "a", "entities": '
    '[{"start": 0, "entity": "e"}]}]}}',
    "entity_without_type": '{"rasa_nlu_data": {"common_examples": [{"text": "a", "entities": '
    '[{"start": 0, "end": 1}]}]}}',
    "intent_of_three": '{"rasa_nlu_data": {"common_examples": [{"text": "a", "intent": "a/b/c"}]}}',
    "regex_without_pattern": '{"rasa_nlu_data": {"regex_features": [{"name": "z"}]}}',
    "lookup_of_numbers": '{"rasa_nlu_data": {"lookup_tables": [{"name": "z", "elements": [1]}]}}',
    "lookup_without_name": '{"rasa_nlu_data": {"lookup_tables": ["z"]}}',
    "no_json": '{"rasa_nlu_data": ',
}
