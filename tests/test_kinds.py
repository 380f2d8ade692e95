"""Kinds of messages that small bots meet: numbers of any length, lookup tables; exact answers."""

from __future__ import annotations

import re
from typing import List, Tuple

import pytest
from rasa.core.agent import Agent
from rasa_helpers import NAME, WHITESPACE, folder_of, parse, train

from benchmarks import kinds
from rasa_joint_nlu.core import Entity, Example, JointModel
from rasa_joint_nlu.core.text.whitespace import whitespace_tokens

_VALUE = re.compile(r"\[([^\]]+)\]\((\w+)\)")
Found = List[Tuple[str, str]]
"""Values with their types."""


def example(marked: str, intent: str) -> Example:
    """An example whose tokens are those of Rasa's WhitespaceTokenizer."""
    text, entities, done = "", [], 0
    for match in _VALUE.finditer(marked):
        text += marked[done : match.start()]
        entities.append(Entity(len(text), len(text) + len(match[1]), match[2]))
        text, done = text + match[1], match.end()
    text += marked[done:]
    return Example(text, whitespace_tokens(text), intent, tuple(entities))


def learnt(bot: kinds.Bot) -> JointModel:
    """A model of a bot's examples, smaller than the default one."""
    model = JointModel(token_size=48, encoder_size=48, random_seed=1)
    model.fit([example(text, intent) for intent, texts in bot.examples.items() for text in texts])
    return model


def answer(model: JointModel, text: str) -> Tuple[str, Found]:
    """The intent of a text, and the values found in it."""
    (prediction,) = model.predict([example(text, "")])
    return prediction.intent, [(text[e.start : e.end], e.type) for e in prediction.entities]


# Numbers ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def amounts() -> JointModel:
    return learnt(kinds.amounts())


@pytest.mark.parametrize("frame", ["{}", "we are {}", "{} of us"])
@pytest.mark.parametrize("number", ["3", "8", "140", "555", "2026", "8800", "31337", "1234567"])
def test_a_number_of_any_length_is_of_the_type_of_the_numbers(
    amounts: JointModel, frame: str, number: str
) -> None:
    assert answer(amounts, frame.format(number)) == ("book", [(number, "guests")])


@pytest.fixture(scope="module")
def shapes() -> JointModel:
    return learnt(kinds.shapes())


@pytest.mark.parametrize("frame", ["it is {}", "i have got {} here"])
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("5", "age"),
        ("61", "age"),
        ("104", "age"),
        ("8.25", "price"),
        ("310.99", "price"),
        ("2500.00", "price"),
        ("QX77", "code"),
        ("B905", "code"),
        ("TRE4410", "code"),
        ("K12", "code"),
        ("11/11/2031", "date"),
        ("3/12/1999", "date"),
        ("٤٨", "age"),
        ("४८", "age"),
    ],
)
def test_what_has_digits_is_of_the_type_that_its_shape_says(
    shapes: JointModel, frame: str, value: str, kind: str
) -> None:
    assert answer(shapes, frame.format(value)) == ("tell", [(value, kind)])


@pytest.fixture(scope="module")
def capitals() -> JointModel:
    return learnt(kinds.capitals())


@pytest.mark.parametrize("frame", ["i like {}", "tell me about {}", "have you heard of {}"])
def test_capitals_tell_types_that_stand_in_the_same_places(
    capitals: JointModel, frame: str
) -> None:
    companies = ["BP", "TUI", "LG", "UBS", "DHL", "NEC", "RWE", "AXA", "EDF", "ZTE"]
    right = [answer(capitals, frame.format(of)) == ("talk", [(of, "company")]) for of in companies]
    assert sum(right) >= 9


# Tables -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def harbours() -> Agent:
    bot = kinds.harbours()
    pipeline = [WHITESPACE, {"name": "RegexFeaturizer", "case_sensitive": False}, {"name": NAME}]
    nlu = kinds.yaml_of(bot.examples, bot.tables)
    return Agent.load(str(train(folder_of("harbours"), pipeline, nlu)))


def towns(agent: Agent, text: str) -> List[str]:
    """What is found in a text; all of it are towns, and the intent is to inform."""
    found = parse(agent, text)
    assert found["intent"]["name"] == "inform"
    assert {entity["entity"] for entity in found["entities"]} <= {"town"}
    return [entity["value"] for entity in found["entities"]]


@pytest.mark.parametrize("town", ["Calais", "Rostock", "Haifa", "Gdynia", "Izmir", "Patras"])
@pytest.mark.parametrize("frame", ["i leave from {}", "how far is it to {}"])
def test_what_a_lookup_table_does_not_hold_is_found_by_what_is_around_it(
    harbours: Agent, frame: str, town: str
) -> None:
    assert towns(harbours, frame.format(town)) == [town]


@pytest.mark.parametrize("town", ["Ancona", "Kiel", "Durres", "Naples", "Hull", "Sete"])
@pytest.mark.parametrize("frame", ["book a ferry to {}", "is there a hotel in {}"])
def test_what_only_a_lookup_table_holds_is_found(harbours: Agent, frame: str, town: str) -> None:
    assert towns(harbours, frame.format(town)) == [town]


# Neighbours -------------------------------------------------------------------------------------

_GOODS = (
    "rice, sugar, flour, butter, eggs, bananas, coffee, honey, garlic, onions, cheese, yoghurt, "
    "lentils, spinach, carrots, apples, pepper, salt"
)
_ORDERS = "add X to my list, i need X, put X on the list, X, we are out of X, buy X please"
_LISTS = (
    "add [milk](item) [bread](item) to my list, [jam](item) [plums](item), "
    "buy [beer](item) [wine](item) please, i need [corn](item) [peas](item)"
)


def shopping(*further: str) -> JointModel:
    """A model of a bot that knows goods of one word, and further examples."""
    goods = kinds.filled(kinds.listed(_ORDERS), kinds.listed(_GOODS), "item")
    return learnt(kinds.Bot({"buy": [*goods, *further], **kinds.SMALL_TALK}, {}))


@pytest.fixture(scope="module")
def single_goods() -> JointModel:
    return shopping()


@pytest.fixture(scope="module")
def listed_goods() -> JointModel:
    return shopping(*kinds.listed(_LISTS))


@pytest.mark.parametrize(
    "goods",
    kinds.listed(
        "olive oil, oat milk, sour cream, brown bread, green beans, peanut butter, soy sauce, "
        "maple syrup, goat cheese, ice cream, coconut water, black tea"
    ),
)
@pytest.mark.parametrize("frame", ["add {} to my list", "we are out of {}"])
def test_unknown_words_are_not_two_values_where_no_example_has_two_side_by_side(
    single_goods: JointModel, frame: str, goods: str
) -> None:
    _, found = answer(single_goods, frame.format(goods))
    assert len(found) <= 1


@pytest.mark.parametrize(
    "goods",
    kinds.listed(
        "rice eggs, sugar apples, milk coffee, cheese bread, wine flour, butter beer, salt pepper, "
        "honey lentils, plums jam, peas garlic"
    ),
)
def test_values_that_examples_have_side_by_side_come_apart(
    listed_goods: JointModel, goods: str
) -> None:
    expected = [(word, "item") for word in goods.split()]
    assert answer(listed_goods, f"add {goods} to my list") == ("buy", expected)


# Answers of a word or two -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def names() -> JointModel:
    return learnt(kinds.first_names())


@pytest.mark.parametrize(
    "name",
    kinds.listed(
        "Boris, Lena, Mohamed, ingrid, Aisha, PEDRO, Hassan, margot, Freya, Ruth, Adele, Philip, "
        "Tariq, celine, Gloria, Jürgen, Dirk!, Julia Berger, lena kowalska, Greta Lindqvist"
    ),
)
def test_unknown_words_are_what_such_messages_mostly_are(names: JointModel, name: str) -> None:
    assert answer(names, name) == ("inform", [(name.strip("!"), "name")])
    (prediction,) = names.predict([example(name, "")])
    assert prediction.intents[0].confidence >= 0.3


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hello", "greet"),
        ("thanks", "thank"),
        ("yes", "affirm"),
        ("no", "deny"),
        ("helo", "greet"),
        ("heyy", "greet"),
        ("hellow", "greet"),
        ("thnks", "thank"),
        ("thansk", "thank"),
        ("yess", "affirm"),
        ("suree", "affirm"),
        ("neverr", "deny"),
        ("stopp", "stop"),
        ("cancell", "stop"),
    ],
)
def test_small_talk_of_one_word_stays_small_talk_if_it_is_misspelt(
    names: JointModel, text: str, intent: str
) -> None:
    assert answer(names, text) == (intent, [])
