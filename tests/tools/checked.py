"""A good and a bad example for each kind of finding, and a bot with faults in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Dict, List, Tuple

ENGLISH = "language: en\npipeline:\n- name: WhitespaceTokenizer\n- name: RegexFeaturizer\n"
TRAINED = ("a: one two three\nb: four five six\n",)


def nlu(*lines: str) -> str:
    """NLU YAML of lines such as `greet: hello there`; a key with a blank is not an intent's.

    >>> print(nlu("greet: hi", "synonym x: y"), end="")
    nlu:
    - intent: greet
      examples: |
        - hi
    - synonym: x
      examples: |
        - y
    """
    items: Dict[str, List[str]] = {}
    for line in lines:
        key, _, text = line.partition(": ")
        items.setdefault(key if " " in key else f"intent {key}", []).append(text)
    return "nlu:\n" + "".join(
        f"- {key.replace(' ', ': ', 1)}\n  examples: |\n"
        + "".join(f"    - {text}\n" for text in texts)
        for key, texts in items.items()
    )


def nlu_json(text: str, *entities: Tuple[int, int, str]) -> str:
    """Rasa NLU JSON of one message."""
    found = [{"start": start, "end": end, "entity": kind} for start, end, kind in entities]
    message = {"text": text, "intent": "a", "entities": found}
    return json.dumps({"rasa_nlu_data": {"common_examples": [message]}})


@dataclass(frozen=True)
class Case:
    """What is found in `bad` and not in `good`; both with the same files beside them."""

    bad: str
    good: str
    config: str = ""
    domain: str = ""
    test: Tuple[str, str] = ("", "")
    """Of the bad one and the good one."""


def _many(intent: str, number: int, text: str = "text of number {}") -> List[str]:
    return [f"{intent}: {text.format('x' * (n + 1))}" for n in range(number)]


CITIES = [f"a: to [{city}](city)" for city in ("Rome", "Oslo", "Lima")]
DOMAIN = "intents:\n- a\n- use_me: {use_entities: true}\nentities:\n- city:\n    roles: [from]\n"

CASES: Dict[str, Case] = {
    "text-in-two-intents": Case(nlu("a: See  you", "b: see you"), nlu("a: see you", "b: see me")),
    "annotation-outside": Case(
        nlu_json("to Rome", (3, 8, "city")), nlu_json("to Rome", (3, 7, "city"))
    ),
    "annotation-overlap": Case(
        nlu_json("to New York", (3, 11, "city"), (7, 11, "state")),
        nlu_json("to New York", (3, 6, "city"), (7, 11, "state")),
    ),
    "regex-invalid": Case(nlu("a: x", "regex r: ([a-z]"), nlu("a: x", "regex r: ([a-z])")),
    "label-of-test-unknown": Case(
        nlu("a: x", "b: y"), nlu("a: x", "b: y"), test=(nlu("c: z"), nlu("b: z"))
    ),
    "left-out": Case(nlu("a: x") + "    y\n", nlu("a: x")),
    "text-empty": Case(nlu("a: x", "a: "), nlu("a: x")),
    "text-with-markup": Case(nlu("a: to [Rome] (city)"), nlu("a: to [Rome](city) (by train)")),
    "text-garbled": Case(nlu("a: a cafÃ© there"), nlu("a: a café à Paris, São Tomé, Ã")),
    "text-of-mixed-scripts": Case(nlu("a: a trаin to Rome"), nlu("a: a train to Москва, 5 µm")),
    "words-in-two-intents": Case(
        nlu("a: well, hello you", "b: hello you, well!"), nlu("a: hello you", "b: hello, him")
    ),
    "pattern-in-two-intents": Case(
        nlu("a: to [Rome](city)", "b: to [Oslo](city)"),
        nlu("a: to [Rome](city)", "b: from [Oslo](city)"),
    ),
    "shape-in-two-intents": Case(
        nlu(
            *("a: i am 26", "a: i am 31", "b: I am 45", "b: i am [17](age)"),
            *("c: to ann@b.org", "c: to cid@d.com", "d: to eve@f.net", "d: to gus@h.de"),
        ),
        nlu("a: i am 26", "a: i am 31", "b: i am 45", "b: i am 170", "b: i am 1.70"),
    ),
    "annotated-differently": Case(
        nlu("a: to [Rome](city)", "a: To Rome"), nlu("a: to [Rome](city)", "a: To [Rome](city)")
    ),
    "annotation-with-blanks": Case(nlu("a: to[ Rome](city)"), nlu("a: to [New York](city)")),
    "annotation-with-punctuation": Case(
        nlu("a: to [Rome,](city) please"), nlu("a: to [St. Louis](city), [!](mark), [a.m.](time)")
    ),
    "annotation-misaligned": Case(nlu("a: to [Rom](city)e"), nlu("a: to [Rome](city)'s")),
    "annotation-doubled": Case(
        nlu('a: to [Rome][{"entity": "city"}, {"entity": "place"}]'), nlu("a: to [Rome](city)")
    ),
    "value-missing": Case(nlu_json("to Rome", (3, 7, "city")), nlu("a: to [Rome](city)")),
    "value-bare": Case(
        nlu(*CITIES, "a: to Rome"), nlu(*CITIES, "a: Rome is to like", "b: to Rome")
    ),
    "value-of-two-types": Case(
        nlu("a: go to [Rome](city) now", "a: go to [Rome](place) now"),
        nlu("a: go to [Rome](city) now", "a: we saw [Rome](film) now"),
    ),
    "pattern-of-two-roles": Case(
        nlu('a: to [Rome]{"entity": "city", "role": "to"}', "a: to [Oslo](city)"),
        nlu('a: to [Rome]{"entity": "city", "role": "to"}', "a: or [Oslo](city)"),
    ),
    "type-of-foreign-name": Case(
        nlu("a: to [New](B-city) [York](I-city)"), nlu("a: to [New York](B2B-city)")
    ),
    "role-of-foreign-name": Case(
        nlu('a: to [Rome]{"entity": "city", "role": "city"}'),
        nlu('a: to [Rome]{"entity": "city", "role": "to"}'),
    ),
    "intent-of-few": Case(nlu(*_many("a", 4)), nlu(*_many("a", 5))),
    "intent-of-most": Case(
        nlu(*_many("a", 20), *_many("b", 9, "b {}"), *_many("c", 9, "c {}")),
        nlu(*_many("a", 18), *_many("b", 9, "b {}"), *_many("c", 9, "c {}")),
    ),
    "role-of-one-value": Case(
        nlu(
            *CITIES,
            *["a: " + "so " * n + '[Rome]{"entity": "city", "role": "to"}' for n in range(3)],
        ),
        nlu(
            *CITIES,
            *[
                "a: " + "so " * n + f'[{city}]{{"entity": "city", "role": "to"}}'
                for n, city in enumerate(("Rome", "Oslo", "Rome"))
            ],
        ),
    ),
    "regex-without-match": Case(
        nlu("a: number 12", "regex r: [0-9]{3}"), nlu("a: number 123", "regex r: [0-9]{3}")
    ),
    "regex-matches-all": Case(
        nlu("a: number 12", "a: no", "regex r: [0-9]*"),
        nlu("a: number 12", "a: no", "regex r: [0-9]+"),
    ),
    "lookup-without-match": Case(
        nlu("a: to Rome", "lookup city: Oslo", "lookup city: New York"),
        nlu("a: to new york", "lookup city: Oslo", "lookup city: New York"),
    ),
    "lookup-element-not-found": Case(
        nlu("a: to york", "lookup city: York", "lookup city: York Mills"),
        nlu("a: to york", "lookup city: York Mills", "lookup city: York"),
    ),
    "patterns-not-used": Case(
        nlu("a: x y", "regex r: x"), nlu("a: x y"), config="pipeline:\n- name: UnicodeTokenizer\n"
    ),
    "synonym-of-a-synonym": Case(
        nlu("a: x", "synonym New York: NYC", "synonym NYC: Big Apple"),
        nlu("a: x", "synonym New York: NYC", "synonym New York: Big Apple"),
    ),
    "test-text-in-training": Case(
        nlu("a: one two"), nlu("a: one two"), test=(nlu("a: One two"), nlu("a: one three"))
    ),
    "tokenizer-does-not-fit": Case(
        nlu("a: 我想去罗马", "a: 你好"), nlu("a: to Rome", "a: 로마에 가고 싶어"), config=ENGLISH
    ),
    "not-in-domain": Case(
        nlu("a: x", "b: to [Rome](city)"),
        nlu("a: x", 'a: to [Rome]{"entity": "city", "role": "from"}'),
        domain=DOMAIN,
    ),
    "in-domain-only": Case(
        nlu("a: x", "a: to [Rome](city)"), nlu("a: x [Rome](city)", "use_me: y"), domain=DOMAIN
    ),
    "near-duplicate-in-two-intents": Case(
        nlu("a: is the train to Rome late today", "b: is the trains to Rome late today"),
        nlu("a: is the train to Rome late today", "b: cancel the train to Rome"),
    ),
    "near-duplicate-in-test": Case(
        nlu("a: is the train to Rome late today"),
        nlu("a: is the train to Rome late today"),
        test=(nlu("a: is the trains to Rome late today"), nlu("a: is there any delay")),
    ),
    "text-repeated": Case(nlu("a: hello", "a: Hello"), nlu("a: hello", "a: hello!")),
    "value-of-a-rare-type": Case(
        nlu(*[f"a: {'x ' * n}[may](month)" for n in range(10)], "a: [may](verb) I"),
        nlu(*[f"a: {'x ' * n}[may](month)" for n in range(10)], "a: [might](verb) I"),
    ),
    "type-of-one-value": Case(
        nlu("a: to [Rome](city)", "a: or [Rome](city)", "a: in [Rome](city)"), nlu(*CITIES)
    ),
    "synonym-without-match": Case(
        nlu("a: to [NYC](city)", "synonym New York: Big Apple"),
        nlu("a: to [NYC](city)", "synonym New York: NYC"),
    ),
    "no-out-of-scope": Case(nlu("a: x", "b: y"), nlu("a: x", "b: y", "chat/Out_of_scope: z")),
    "templated": Case(
        nlu(*[f"a: to [{'x' * n}](city)" for n in range(1, 61)]),
        nlu(*[f"a: {'y' * n} [{'x' * n}](city)" for n in range(1, 61)]),
    ),
    "language-does-not-fit": Case(
        nlu("a: " + "поезд " * 20), nlu("a: " + "train " * 20), config=ENGLISH
    ),
}
"""By code. Those of models are not among them."""


@dataclass
class Plant:
    """Files with faults, and where each must be found."""

    files: Dict[str, str] = field(default_factory=dict)
    expected: List[Tuple[str, str, int]] = field(default_factory=list)
    """`(code, file, line)`."""


def plant() -> Plant:
    """Faults for the English example bot: NLU files to put beside its own, and a test file."""
    planted = Plant()
    for name, faults in (("faults.yml", FAULTS), ("test.yml", FAULTS_OF_TEST)):
        lines = ["nlu:"]
        for code, item, text in faults:
            lines += [f"- {item}", "  examples: |", f"    {text}"]
            if code:
                planted.expected.append((code, name, len(lines)))
        planted.files[name] = "\n".join(lines) + "\n"
    return planted


FROM_TO = (
    '- from [{}]{{"entity": "city", "role": "{}"}} to [{}]{{"entity": "city", "role": "{}"}} '
    "by the night train then"
)
FAULTS: List[Tuple[str, str, str]] = [
    ("text-in-two-intents", "intent: greet", "- goodbye"),
    ("text-in-two-intents", "intent: thank", "- Thanks and Goodbye"),
    ("words-in-two-intents", "intent: greet", "- then ok, bye!"),
    ("pattern-in-two-intents", "intent: book_ticket", "- I need a hotel in [Oslo](city)"),
    ("near-duplicate-in-two-intents", "intent: greet", "- talk to you another times"),
    (
        "annotated-differently",
        "intent: out_of_scope",
        "- what's the weather in [Paris](city) tomorrow",
    ),
    ("text-repeated", "intent: goodbye", "- Have a nice day"),
    ("annotation-with-blanks", "intent: inform", "- I said that it is[ Bergen](city) of course"),
    ("annotation-with-punctuation", "intent: inform", "- oh well, [Bergen,](city) as I said"),
    ("annotation-misaligned", "intent: inform", "- it was not [Bergen](city)ish at all"),
    (
        "annotation-doubled",
        "intent: inform",
        '- why, [Bergen][{"entity": "city"}, {"entity": "date"}] obviously',
    ),
    ("text-with-markup", "intent: inform", "- make that a [Bergen] (city) again"),
    ("text-with-markup", "intent: inform", '- or else Bergen]{"entity": "city"} once more'),
    ("text-garbled", "intent: ask_luggage", "- where is the cafÃ© car of the thing"),
    ("text-of-mixed-scripts", "intent: ask_help", "- how does this trаin bot work anyhow"),
    ("type-of-foreign-name", "intent: inform", "- we meant [Bergen](B-city) in any case"),
    (
        "role-of-foreign-name",
        "intent: inform",
        '- only [Bergen]{"entity": "city", "role": "O"} would do for us',
    ),
    (
        "value-bare",
        "intent: ask_timetable",
        "- i see what goes to Ghent in the [evening](time)",
    ),
    (
        "value-of-two-types",
        "intent: ask_timetable",
        '- can i see what goes to [Bruges]{"entity": "city", "role": "destination"} in the '
        "[evening](date)",
    ),
    ("", "intent: inform", FROM_TO.format("Bergen", "departure", "Oslo", "destination")),
    (
        "pattern-of-two-roles",
        "intent: inform",
        FROM_TO.format("Moss", "destination", "Voss", "departure"),
    ),
    ("intent-of-few", "intent: ask_dining", "- is there a dining car with warm meals"),
    ("not-in-domain", "intent: ask_dining", "- may we eat on board"),
    ("regex-invalid", "regex: seat", "- seat ([0-9]"),
    ("regex-without-match", "regex: seat", "- \\bseat [0-9]{2}[a-f]\\b"),
    ("regex-matches-all", "regex: word", "- \\w*"),
    ("lookup-without-match", "lookup: snack", "- pretzel"),
    ("synonym-of-a-synonym", "synonym: grown-up", "- granny"),
    ("left-out", "intent: ask_help", "that is no example"),
]
"""Code, item and example. Rome and the like are in the bot's data already."""

FAULTS_OF_TEST: List[Tuple[str, str, str]] = [
    ("test-text-in-training", "intent: goodbye", "- ok bye then"),
    ("label-of-test-unknown", "intent: ask_weather", "- will there be snow up there"),
    ("label-of-test-unknown", "intent: inform", "- [Bergen](town) was what i said"),
]
