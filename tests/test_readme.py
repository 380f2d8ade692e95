"""Each README says what is so: options, links, commands and code."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest
import rasa.shared.utils.io
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa_helpers import graph_of

from rasa_joint_nlu.component import JointNLUClassifier
from rasa_joint_nlu.core import JointConfig, segment
from rasa_joint_nlu.tokenizer import UnicodeTokenizer

ROOT = Path(__file__).parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
PAGES = [*READMES, ROOT / "CHANGELOG.md", *sorted(ROOT.glob("example_bot/**/*.md"))]


@pytest.fixture(params=READMES, ids=["en", "zh"])
def readme(request: pytest.FixtureRequest) -> str:
    return request.param.read_text(encoding="utf-8")


def blocks(readme: str, language: str) -> List[str]:
    """The code blocks in a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert found
    return list(found)


def test_the_table_of_options_has_each_option_in_order_with_its_default(readme: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(.+?)` \| (.+) \|$", readme, re.MULTILINE)
    expected = [
        (name, default if isinstance(default, str) else json.dumps(default))
        for name, default in JointConfig().to_dict().items()
    ]
    assert [(name, default) for name, default, _ in rows] == expected
    assert [name for name, _, _ in rows] == [f.name for f in dataclasses.fields(JointConfig)]
    assert all(meaning.strip() for _, _, meaning in rows)


def test_every_relative_link_leads_to_a_file() -> None:
    links = [
        page.parent / target
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not re.match(r"\w+:", target)
    ]
    assert ROOT / "LICENSE" in links
    assert [link for link in links if not link.exists()] == []


def test_every_command_of_make_exists(readme: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+):(?!=)", makefile, re.MULTILINE))
    mentioned = set(re.findall(r"(?:`|^)make ([\w-]+)", readme, re.MULTILINE))
    assert {"demo", "test", "shell"} <= mentioned
    assert mentioned <= targets


def test_the_pipelines_are_ones_that_rasa_accepts(readme: str) -> None:
    tokenizers = set()
    for text in blocks(readme, "yaml"):
        pipeline = rasa.shared.utils.io.read_yaml(text)["pipeline"]
        classes = [node.uses for node in graph_of(pipeline).predict_schema.nodes.values()]
        assert JointNLUClassifier in classes
        tokenizers |= {name for name in classes if issubclass(name, Tokenizer)}
    assert {UnicodeTokenizer} <= tokenizers <= {WhitespaceTokenizer, UnicodeTokenizer}


def test_the_tokens_it_shows_are_the_ones_that_come_out(readme: str) -> None:
    shown = re.findall(r"`([^`]+)` → ((?:`[^`]+` ?)+)", readme)
    assert len(shown) >= 4
    for text, tokens in shown:
        assert [token.text for token in segment(text)] == re.findall("`([^`]+)`", tokens)


def test_the_options_of_the_tokenizer_are_explained(readme: str) -> None:
    (section,) = re.findall(r"^## (?:Which tokenizer|用哪个分词器)\n(.*?)^## ", readme, re.M | re.S)
    assert all(f"`{name}`" in section for name in UnicodeTokenizer.get_default_config())


def test_the_python_code_runs_without_rasa_and_prints_a_prediction(
    readme: str, tmp_path: Path
) -> None:
    (code,) = blocks(readme, "python")
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


def test_the_install_commands_have_the_versions_of_the_package(readme: str) -> None:
    setup = (ROOT / "setup.py").read_text(encoding="utf-8")
    commands = "\n".join(blocks(readme, "bash"))
    (wanted,) = re.findall(r'"(rasa[>=<].*?)"', commands)
    assert f'"{wanted}"' in setup


def test_the_limit_of_torch_is_the_one_of_the_package(readme: str) -> None:
    setup = (ROOT / "setup.py").read_text(encoding="utf-8")
    (limit,) = re.findall(r'"torch>=.*?<(.*?)"', setup)
    assert re.search(rf"from {re.escape(limit)} on|从 {re.escape(limit)} 起", readme)
