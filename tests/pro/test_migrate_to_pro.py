"""docs/migrate.md and docs/rasa-pro.md: what they say of Rasa Pro is so."""

from __future__ import annotations

import importlib.metadata
import json
import re
import textwrap
from pathlib import Path

import pytest

try:
    importlib.metadata.version("rasa-pro")
except importlib.metadata.PackageNotFoundError:
    pytest.skip("needs Rasa Pro: make test-pro", allow_module_level=True)

from pro_helpers import OURS, Bot, Project

ROOT = Path(__file__).parent.parent.parent
TEXT = "hello 👍 i travel to Lima"


def test_the_pipeline_of_the_page_trains_and_understands(tmp_path: Path) -> None:
    from rasa.shared.utils.yaml import read_yaml

    page = (ROOT / "docs" / "migrate.md").read_text("utf-8")
    (block,) = re.findall(r"^    ```yaml\n(.*?)^    ```", page, re.MULTILINE | re.DOTALL)
    pipeline = json.loads(json.dumps(read_yaml(textwrap.dedent(block))["pipeline"]))
    pipeline = [{**OURS, **entry} if entry["name"] == OURS["name"] else entry for entry in pipeline]
    bot = Bot(Project(tmp_path, pipeline).train(), tmp_path / "bot")
    answer = bot.parse(TEXT)
    (city,) = answer["entities"]
    assert (city["role"], city["value"]) == ("to", "Lima")
    assert TEXT[city["start"] : city["end"]] == "Lima"


def test_a_whitespace_tokenizer_counts_wrong_behind_an_emoji() -> None:
    import rasa.engine.recipes.default_recipe  # noqa: F401
    from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
    from rasa.shared.nlu.training_data.message import Message

    tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
    tokens = tokenizer.tokenize(Message({"text": TEXT}), "text")
    # When this fails, take the warning out of both pages.
    assert [TEXT[token.start : token.end] for token in tokens][:2] == ["hello", "👍"]


def test_a_model_of_rasa_3_6_is_refused(tmp_path: Path) -> None:
    from rasa.exceptions import UnsupportedModelVersionError

    with pytest.raises(UnsupportedModelVersionError):
        Bot(ROOT / "tests" / "golden" / "model.tar.gz", tmp_path / "bot")
