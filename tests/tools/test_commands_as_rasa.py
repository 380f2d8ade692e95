"""What `train` learns and `parse` answers is what Rasa learns and answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

import numpy as np
import pytest

pytest.importorskip("rasa.model_training", reason="Rasa is not installed")

from rasa.core.agent import Agent
from rasa.shared.nlu.training_data.loading import load_data
from rasa_helpers import BOT, folder_of, lookup, ours, parse, train, write_config, yaml_of

from rasa_joint_nlu import messages
from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.tools.models import load_model
from rasa_joint_nlu.tools.nlu_files import read_nlu
from rasa_joint_nlu.tools.pipeline import pipeline_of
from rasa_joint_nlu.tools.train import to_examples

NLU = yaml_of(
    BOT,
    lookup("city", ["Accra", "New York", "Hanoi"])
    + "- regex: code\n  examples: |\n    - [A-Z]{3}\\d+\n"
    + "- synonym: New York City\n  examples: |\n    - New York\n    - NYC\n",
)
PIPELINES: Dict[str, List[Any]] = {
    "whitespace": ["WhitespaceTokenizer", ours()],
    "unicode": ["rasa_joint_nlu.UnicodeTokenizer", ours(ranking_length=2, features=["low"])],
    "all": [
        {"name": "WhitespaceTokenizer", "token_pattern": r"[A-Za-z]+|\d+|\S"},
        {"name": "RegexFeaturizer", "case_sensitive": False, "alias": "patterns"},
        {"name": "RegexFeaturizer", "use_regexes": False},
        ours(featurizers=["patterns"], renormalize_confidences=True),
        {"name": "FallbackClassifier", "threshold": 0.6, "ambiguity_threshold": 0.2},
        "EntitySynonymMapper",
    ],
}
TEXTS = (
    "fly from new york to Accra",
    "  Fly to NYC, please!  ",
    "a ticket from HANOI to Paris ABC12",
    "bring me a cup of tea",
    "hello 👍 안녕",
    "what on earth is this about",
    "👍",
    "from Lima, Oslo",
    "",
    "5",
)


def about(value: Any) -> Any:
    """The same structure; the last digits depend on how sums of features are ordered."""
    if isinstance(value, float):
        return pytest.approx(value, abs=1e-6)
    if isinstance(value, list):
        return [about(item) for item in value]
    return {k: about(v) for k, v in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("name", PIPELINES)
def test_a_model_learns_and_answers_as_in_rasa(name: str) -> None:
    folder = folder_of(f"commands_{name}")
    archive = train(folder, PIPELINES[name], NLU)
    agent = Agent.load(str(archive))
    expected = [parse(agent, text) for text in TEXTS]
    assert len({answer["intent"]["name"] for answer in expected}) >= 4
    model = load_model(archive)
    assert json.loads(json.dumps(model.parse(TEXTS))) == about(expected)

    config = write_config(folder, PIPELINES[name])
    nlu, out = str(folder / "nlu.yml"), str(folder / "out")
    assert main(["train", "--nlu", nlu, "--config", str(config), "--out", out]) == 0
    ours_alone = load_model(Path(out))
    weights, expected_weights = (m.model.learnt.weights for m in (ours_alone, model))
    assert weights.keys() == expected_weights.keys()
    for key, array in weights.items():
        np.testing.assert_array_equal(array, expected_weights[key])
    assert json.loads(json.dumps(ours_alone.parse(TEXTS))) == about(expected)


EXPORT = {
    "rasa_nlu_data": {
        "common_examples": [
            {
                "text": "to Rome on Monday",
                "intent": "book/now",
                "entities": [
                    {"start": 3, "end": 7, "entity": "city", "role": "O", "group": "", **more}
                    for more in (
                        {},
                        {"value": "Roma"},
                        {"extractor": "DIETClassifier"},
                        {"extractor": "SpacyEntityExtractor", "role": "x"},
                        {"extractor": "ner_crf", "group": "1"},
                        {"extractor": "JointNLUClassifier", "role": "to"},
                        {"extractor": "", "role": "from"},
                        {"entity": "O"},
                        {"start": 11.0, "end": 17.0},
                    )
                ],
            },
            {"text": "", "intent": "book"},
            {"text": "no intent"},
        ]
    }
}


def test_messages_become_the_examples_of_the_component(tmp_path: Path) -> None:
    path = tmp_path / "nlu.json"
    path.write_text(json.dumps(EXPORT), encoding="utf-8")
    data = load_data(str(path))
    theirs = messages.training_examples(data, None, "JointNLUClassifier")
    found = to_examples(
        read_nlu([path]).distinct_messages(),
        pipeline_of(["WhitespaceTokenizer", "rasa_joint_nlu.JointNLUClassifier"]),
    )
    # To Rasa, texts without an intent are data of stories; the core learns entities from them.
    assert [(e.text, e.intent, e.entities) for e in found] == [
        *((e.text, e.intent, e.entities) for e in theirs),
        ("no intent", None, ()),
    ]
    assert len(found[0].entities) == 7
