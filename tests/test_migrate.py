"""docs/migrate.md: every configuration on it trains, and those with our component understand."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any, Dict, List

import pytest
from rasa.shared.utils.io import read_yaml
from rasa_helpers import (
    BOT,
    FAQ,
    FAST,
    NAME,
    REST,
    entities_of,
    graph_of,
    intent_of,
    train,
    yaml_of,
)

PAGE = Path(__file__).parent.parent / "docs" / "migrate.md"
BLOCKS = re.findall(r"^( *)```yaml\n(.*?)^\1```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
PIPELINES: List[List[Dict[str, Any]]] = [
    read_yaml(textwrap.dedent(block))["pipeline"] for _, block in BLOCKS
]


def is_ours(pipeline: List[Dict[str, Any]]) -> bool:
    return any(entry["name"] == NAME for entry in pipeline)


def fast(entry: Dict[str, Any]) -> Dict[str, Any]:
    """An entry that takes little time; what it learns does not matter but in ours."""
    if entry["name"] == NAME:
        return {**FAST, **entry}
    return {**entry, "epochs": 1} if "epochs" in entry else entry


def test_the_page_has_configurations_of_before_and_after() -> None:
    assert sorted(map(is_ours, PIPELINES)) == [False] * 2 + [True] * 5


@pytest.mark.parametrize("pipeline", [p for p in PIPELINES if not is_ours(p)])
def test_what_is_replaced_is_a_pipeline_of_rasa(pipeline: List[Dict[str, Any]]) -> None:
    assert graph_of(pipeline).predict_schema.nodes


@pytest.mark.parametrize("pipeline", filter(is_ours, PIPELINES))
def test_what_takes_its_place_trains_and_understands(
    pipeline: List[Dict[str, Any]], tmp_path: Path
) -> None:
    selects = any(entry["name"] == "ResponseSelector" for entry in pipeline)
    nlu = yaml_of({**BOT, **FAQ} if selects else BOT, REST if selects else REST.split("resp")[0])
    model = train(tmp_path, list(map(fast, pipeline)), nlu)
    assert intent_of(model, "we fly from Lima to Oslo") == "fly"
    found = entities_of(model, "fly from Lima to New York")
    assert [e for e in found if e[1]] == [("city", "from", "Lima"), ("city", "to", "NYC")]
