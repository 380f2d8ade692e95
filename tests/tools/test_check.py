"""What `check` finds, and what it does not."""

from __future__ import annotations

from pathlib import Path
from typing import List, Set

import pytest
from checked import CASES, Case, nlu, plant

from rasa_joint_nlu.tools.check.checks import check
from rasa_joint_nlu.tools.check.corpus import Corpus, Setup
from rasa_joint_nlu.tools.check.findings import KINDS, LEVELS, Finding
from rasa_joint_nlu.tools.check.inputs import read_domain, read_setup
from rasa_joint_nlu.tools.nlu_files import NluData, read_nlu
from scripts.pages import DOCS, check_page

OF_MODELS = {"label-doubted", "annotation-doubted", "labels-confused"}
"""See test_check_doubts.py."""
BOTS = Path(__file__).resolve().parents[2] / "example_bot"


def checked(folder: Path, content: str, case: Case, test: str) -> List[Finding]:
    """The findings of files with these contents."""

    def written(name: str, text: str) -> Path:
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    nlu = written("nlu.json" if content.startswith("{") else "nlu.yml", content)
    setup = read_setup(written("config.yml", case.config)) if case.config else Setup()
    domain = read_domain(written("domain.yml", case.domain)) if case.domain else None
    tested = read_nlu([written("test.yml", test)]) if test else NluData()
    return check(Corpus(read_nlu([nlu]), tested, setup, domain))


@pytest.mark.parametrize("code", CASES)
def test_a_fault_is_found_and_what_is_like_it_is_not(code: str, tmp_path: Path) -> None:
    case = CASES[code]
    bad = [f for f in checked(tmp_path, case.bad, case, case.test[0]) if f.code == code]
    assert bad and all(Path(finding.place.file).exists() for finding in bad)
    good = [f for f in checked(tmp_path, case.good, case, case.test[1]) if f.code == code]
    assert good == []


def test_a_component_of_a_config_may_be_a_plain_name(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("pipeline:\n- WhitespaceTokenizer\n- RegexFeaturizer\n", encoding="utf-8")
    assert read_setup(path).components == ("WhitespaceTokenizer", "RegexFeaturizer")


def test_a_text_of_two_responses_is_in_two_intents(tmp_path: Path) -> None:
    content = nlu("faq/hours: when do you open", "faq/place: when do you open")
    (found,) = [
        each.message
        for each in checked(tmp_path, content, Case("", ""), "")
        if each.code in ("text-in-two-intents", "text-repeated")
    ]
    assert found == "'when do you open' is in 'faq/hours' and 'faq/place'"


@pytest.mark.parametrize(
    ("component", "told"),
    [
        ("CRFEntityExtractor", {"time", "zip", "pizza", "name"}),
        ("RegexEntityExtractor", {"time", "name"}),
        ("DucklingEntityExtractor\n  dimensions: [time]", {"zip", "pizza", "name"}),
        ("SpacyEntityExtractor", set()),
        ("my.own.NameExtractor", set()),
    ],
)
def test_types_that_other_extractors_find_need_no_examples(
    component: str, told: Set[str], tmp_path: Path
) -> None:
    case = Case(
        nlu("a: to [Rome](city)", "regex zip: \\d{5}", "lookup pizza: calzone"),
        "",
        config=f"pipeline:\n- name: WhitespaceTokenizer\n- name: {component}\n",
        domain="intents: [a]\nentities: [city, time, zip, pizza, name]\n",
    )
    test = nlu("a: [now](time) [12345](zip) a [calzone](pizza) for [Ada](name)")
    found = checked(tmp_path, case.bad, case, test)
    for code in ("in-domain-only", "label-of-test-unknown"):
        said = {finding.message.split("'")[1] for finding in found if finding.code == code}
        assert said == told


@pytest.mark.parametrize(
    ("component", "told"),
    [
        ("RegexFeaturizer", ["'yahoo!'", "'York Mills'"]),
        ("RegexEntityExtractor\n  use_word_boundaries: false", ["'York Mills'", "'Yorkshire'"]),
        ("CRFEntityExtractor", []),
    ],
)
def test_elements_not_found_are_those_of_the_pattern_that_the_config_makes(
    component: str, told: List[str], tmp_path: Path
) -> None:
    config = f"pipeline:\n- name: UnicodeTokenizer\n- name: {component}\n"
    elements = ["yahoo!", "York", "York Mills", "Yorkshire", "Mill"]
    case = Case(nlu("a: york", *(f"lookup city: {e}" for e in elements)), "", config=config)
    found = [
        finding.message
        for finding in checked(tmp_path, case.bad, case, "")
        if finding.code == "lookup-element-not-found"
    ]
    shown = [f"'{element}' (" for element in elements if f"'{element}' (" in "".join(found)]
    assert [text[:-2] for text in shown] == told


def test_each_kind_has_an_example_and_says_what_to_do() -> None:
    assert set(CASES) | OF_MODELS == set(KINDS)
    for kind in KINDS.values():
        assert kind.level in LEVELS and kind.title[0].islower()
        assert kind.effect.endswith(".") and kind.remedy.endswith(".")


def test_the_page_lists_every_kind() -> None:
    assert (DOCS / "check.md").read_text(encoding="utf-8") == check_page(), "run `make pages`"


def test_errors_come_first() -> None:
    levels = [LEVELS.index(kind.level) for kind in KINDS.values()]
    assert levels == sorted(levels)


def test_every_planted_fault_is_found_and_no_error_beside(tmp_path: Path) -> None:
    planted = plant()
    for name, content in planted.files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert len(planted.expected) >= 25 and len({code for code, _, _ in planted.expected}) >= 20

    corpus = Corpus(
        read_nlu([BOTS / "data", tmp_path / "faults.yml"]),
        read_nlu([tmp_path / "test.yml"]),
        read_setup(BOTS / "config.yml"),
        read_domain(BOTS / "domain.yml"),
    )
    found = check(corpus)
    places = {
        (finding.code, Path(place.file).name, place.line)
        for finding in found
        for place in (finding.place, *finding.also)
    }
    assert [fault for fault in planted.expected if fault not in places] == []
    errors = {finding.code for finding in found if finding.level == "error"}
    assert errors <= {code for code, _, _ in planted.expected}


@pytest.mark.parametrize("bot", [BOTS, BOTS / "zh"], ids=["en", "zh"])
def test_the_example_bots_have_no_error_and_few_warnings(bot: Path) -> None:
    found = check(
        Corpus(
            read_nlu([bot / "data"]),
            read_nlu([bot / "tests" / "test_nlu.yml"]),
            read_setup(bot / "config.yml"),
            read_domain(bot / "domain.yml"),
        )
    )
    levels = [finding.level for finding in found]
    assert "error" not in levels and levels.count("warning") <= 10
