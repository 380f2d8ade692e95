"""Each README and page of docs/ says what is so: options, links, commands and code."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import List, Set

import pytest
import rasa.shared.utils.io
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa_helpers import graph_of

from rasa_joint_nlu import core
from rasa_joint_nlu.component import JointNLUClassifier
from rasa_joint_nlu.core import JointConfig, segment
from rasa_joint_nlu.tokenizer import UnicodeTokenizer
from rasa_joint_nlu.tools import COMMANDS
from scripts.pages import SECTIONS, options_page

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("example_bot/**/*.md")])

PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def in_both_languages(name: str) -> pytest.MarkDecorator:
    """A page of docs/ in English and in Chinese."""
    pages = [DOCS / name, DOCS / "zh" / name]
    return pytest.mark.parametrize("text", map(text_of, pages), ids=["en", "zh"])


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.fixture(params=READMES, ids=["en", "zh"])
def readme(request: pytest.FixtureRequest) -> str:
    return text_of(request.param)


def blocks(text: str, language: str) -> List[str]:
    """The code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def make_targets() -> Set[str]:
    lines = re.findall(r"^([\w -]+):(?!=)", text_of(ROOT / "Makefile"), re.MULTILINE)
    return {target for line in lines for target in line.split()}


def test_the_pages_are_found() -> None:
    assert {"README.md", "options.md", "CHANGELOG.md"} <= {page.name for page in PAGES}
    assert len(PAGES) > 20


def test_a_readme_is_short(readme: str) -> None:
    assert len(readme.splitlines()) <= 150


# Options


@in_both_languages("options.md")
def test_the_tables_of_options_have_each_option_in_order_with_its_default(text: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(.+?)` \| (.+?) \|", text, re.MULTILINE)
    expected = [
        (name, default if isinstance(default, str) else json.dumps(default))
        for name, default in JointConfig().to_dict().items()
    ]
    assert [(name, default) for name, default, _ in rows] == expected
    assert [name for name, _, _ in rows] == [f.name for f in dataclasses.fields(JointConfig)]
    assert all(meaning.strip() for _, _, meaning in rows)


def test_the_page_of_options_is_the_one_that_the_code_makes() -> None:
    assert text_of(DOCS / "options.md") == options_page(), "run `make pages`"


def test_every_section_of_the_options_begins_with_one_that_exists() -> None:
    assert set(SECTIONS) <= set(JointConfig().to_dict())


# Links and commands


@PAGE
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = [
        page.parent / target
        for target in re.findall(r"\]\(([^)#\s]+)", text_of(page))
        if not re.match(r"\w+:", target)
    ]
    assert [link for link in links if not link.exists()] == []
    if DOCS in page.parents:
        # The website holds the pages of docs/ only.
        assert [link for link in links if DOCS not in link.resolve().parents] == []


def test_links_are_found() -> None:
    assert "](docs/options.md)" in text_of(ROOT / "README.md")
    assert "](LICENSE)" in text_of(ROOT / "README.md")


def test_every_page_of_docs_has_its_place_in_the_website() -> None:
    entries = re.findall(r": (\S+\.md)$", text_of(ROOT / "mkdocs.yml"), re.MULTILINE)
    assert len(entries) == len(set(entries))
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert pages - set(entries) == set(), "add it to nav in mkdocs.yml"


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_a_readme_leads_to_every_page_in_its_language(name: str) -> None:
    folder = DOCS / "zh" if ".zh" in name else DOCS
    links = {ROOT / target for target in re.findall(r"\]\(([^)#\s]+)", text_of(ROOT / name))}
    missing = sorted(page.name for page in set(folder.glob("*.md")) - links)
    assert missing == [], "add it to the README's table"


@PAGE
def test_every_command_of_make_exists(page: Path) -> None:
    mentioned = set(re.findall(r"(?:`|^)make ([\w-]+)", text_of(page), re.MULTILINE))
    if page in READMES:
        assert {"demo", "test", "shell"} <= mentioned
    assert mentioned <= make_targets()


@PAGE
def test_every_module_that_is_to_be_run_exists(page: Path) -> None:
    for name in re.findall(
        r"python -m ((?:benchmarks|scripts|rasa_joint_nlu)[\w.]*)", text_of(page)
    ):
        path = ROOT.joinpath(*name.rstrip(".").split("."))
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), name


OUR_COMMAND = re.compile(r"(?:python -m rasa_joint_nlu|rasa-joint-nlu) (\w[^`\n]*)")


@PAGE
def test_every_command_of_ours_has_the_options_that_a_page_gives_it(page: Path) -> None:
    for line in OUR_COMMAND.findall(text_of(page).replace("\\\n", " ")):
        name = line.split()[0]
        parser = argparse.ArgumentParser()
        importlib.import_module(COMMANDS[name][0]).add_arguments(parser)
        given = set(re.findall(r"(?<!\S)--[\w-]+", line))
        assert given <= {"--help", *parser._option_string_actions}, line


def test_commands_of_ours_are_found() -> None:
    names = {line.split()[0] for page in PAGES for line in OUR_COMMAND.findall(text_of(page))}
    assert names == set(COMMANDS), "name each command on a page"


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md", "docs/fallback.md"])
def test_every_file_that_those_who_change_the_code_are_sent_to_exists(name: str) -> None:
    paths = re.findall(r"`([\w/]+(?:/|\.py|\.yml))`", text_of(ROOT / name))
    assert len(paths) >= 2
    places = [ROOT, ROOT / "rasa_joint_nlu", ROOT / "tests", ROOT / "example_bot"]
    assert [path for path in paths if not any((place / path).exists() for place in places)] == []


def test_make_help_prints_the_text_of_each_target() -> None:
    explained = dict(
        re.findall(r"^([\w-]+):.*?  ## (.*)", text_of(ROOT / "Makefile"), re.MULTILINE)
    )
    shown = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    assert dict(line.split(maxsplit=1) for line in shown.stdout.splitlines()) == explained
    assert {"help", "demo", "test", "shell", "pages", "clean"} <= set(explained)


@PAGE
def test_the_install_commands_have_the_versions_of_the_package(page: Path) -> None:
    wanted = re.findall(r'"(rasa[>=<].*?)"', "\n".join(blocks(text_of(page), "bash")))
    assert wanted or page not in READMES
    assert all(f'"{version}; ' in text_of(ROOT / "setup.py") for version in wanted)


def test_the_limit_of_torch_is_the_one_of_the_package(readme: str) -> None:
    (limit,) = re.findall(r'"torch>=.*?<(.*?); {RASA_3_6}"', text_of(ROOT / "setup.py"))
    assert re.search(rf"from {re.escape(limit)} on|从 {re.escape(limit)} 起", readme)


# Pipelines, tokens and code


WITH_PIPELINES = [page for page in PAGES if "pipeline:" in "".join(blocks(text_of(page), "yaml"))]


def test_readmes_and_pages_show_pipelines(readme: str) -> None:
    assert blocks(readme, "yaml")
    assert {*READMES, DOCS / "tokenizer.md", DOCS / "fallback.md"} <= set(WITH_PIPELINES)


@pytest.mark.parametrize("page", WITH_PIPELINES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_pipelines_are_ones_that_rasa_accepts(page: Path) -> None:
    for text in blocks(text_of(page), "yaml"):
        config = rasa.shared.utils.io.read_yaml(text)
        if "pipeline" not in config:
            continue
        nodes = graph_of(config["pipeline"]).predict_schema.nodes.values()
        classes = [node.uses for node in nodes]
        # That page shows what is replaced, too.
        assert JointNLUClassifier in classes or page.name == "migrate.md"
        tokenizers = {name for name in classes if issubclass(name, Tokenizer)}
        assert tokenizers <= {WhitespaceTokenizer, UnicodeTokenizer}


@in_both_languages("tokenizer.md")
def test_the_tokens_it_shows_are_the_ones_that_come_out(text: str) -> None:
    shown = re.findall(r"`([^`]+)` → ((?:`[^`]+` ?)+)", text)
    assert len(shown) >= 4
    for message, tokens in shown:
        assert [token.text for token in segment(message)] == re.findall("`([^`]+)`", tokens)


@in_both_languages("tokenizer.md")
def test_the_options_of_the_tokenizer_are_explained(text: str) -> None:
    assert all(f"`{name}`" in text for name in UnicodeTokenizer.get_default_config())


@in_both_languages("without-rasa.md")
def test_the_python_code_runs_without_rasa_and_prints_a_prediction(
    text: str, tmp_path: Path
) -> None:
    (code,) = blocks(text, "python")
    check = "import sys\nassert 'rasa' not in sys.modules and 'tensorflow' not in sys.modules\n"
    run = subprocess.run(
        [sys.executable, "-c", code + check],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("Prediction(intents=(IntentScore(name='book'")
    assert "type='city'" in run.stdout and "role='destination'" in run.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_all_python_code_is_run() -> None:
    assert {page.name for page in PAGES if blocks(text_of(page), "python")} == {"without-rasa.md"}


def test_the_api_page_has_each_name_that_the_core_offers_once() -> None:
    names = re.findall(r"^::: rasa_joint_nlu\.core\.(\w+)$", text_of(DOCS / "api.md"), re.MULTILINE)
    assert sorted(names) == sorted(core.__all__)
