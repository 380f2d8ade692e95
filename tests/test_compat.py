"""What Rasa decides by lists of its own classes: evaluation, and warnings of the validator."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, List, Sequence

import rasa.nlu.test
from rasa.graph_components.validators import default_recipe_validator
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
from rasa.shared.importers.importer import TrainingDataImporter
from rasa_helpers import NAME, WHITESPACE, graph_of, lookup, write_config, yaml_of

from rasa_joint_nlu import compat
from rasa_joint_nlu.component import JointNLUClassifier

FROM_TO = '[here]{"entity": "place", "role": "from"} to [there]{"entity": "place", "role": "to"}'
ROLES = {
    "go": [f"from {FROM_TO}", f"go from {FROM_TO}"],
    "stay": ["stay [here](place)", "remain [there](place)"],
}
DIET = {"name": "DIETClassifier"}
OURS = {"name": NAME}


def warnings_of(folder: Path, pipeline: Sequence[Any], nlu: str) -> List[str]:
    """What Rasa's validator of config and data warns about."""
    (folder / "nlu.yml").write_text(nlu, encoding="utf-8")
    importer = TrainingDataImporter.load_nlu_importer_from_config(
        str(write_config(folder, pipeline)), None, [str(folder / "nlu.yml")]
    )
    validator = default_recipe_validator.DefaultV1RecipeValidator(graph_of(pipeline).train_schema)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # As on import; pytest has put the filters back since then.
        compat.announce(JointNLUClassifier)
        validator.validate(importer)
    return [str(w.message) for w in caught if w.category is UserWarning]


def test_confidences_of_our_entities_are_read_by_the_evaluation() -> None:
    assert "JointNLUClassifier" in rasa.nlu.test.EXTRACTORS_WITH_CONFIDENCES


def test_announcing_twice_changes_nothing() -> None:
    before = list(default_recipe_validator.TRAINABLE_EXTRACTORS)
    with warnings.catch_warnings():
        compat.announce(JointNLUClassifier)
    assert before == default_recipe_validator.TRAINABLE_EXTRACTORS
    assert before.count(JointNLUClassifier) == 1


def test_entities_with_roles_and_lookup_tables_need_no_other_extractor(tmp_path: Path) -> None:
    nlu = yaml_of(ROLES, lookup("place", ["here", "there", "nowhere"]))
    assert warnings_of(tmp_path, [WHITESPACE, "RegexFeaturizer", OURS], nlu) == []


def test_a_lookup_table_without_a_regex_featurizer_is_still_warned_about(tmp_path: Path) -> None:
    nlu = yaml_of(ROLES, lookup("place", ["here", "there", "nowhere"]))
    found = warnings_of(tmp_path, [WHITESPACE, OURS], nlu)
    assert len(found) == 1
    assert "'RegexFeaturizer'" in found[0]


def test_synonyms_without_a_mapper_are_still_warned_about(tmp_path: Path) -> None:
    nlu = yaml_of(ROLES, "- synonym: here\n  examples: |\n    - hither\n")
    found = warnings_of(tmp_path, [WHITESPACE, OURS], nlu)
    assert len(found) == 1
    assert "EntitySynonymMapper" in found[0]


def test_two_extractors_of_the_same_entities_are_warned_about(tmp_path: Path) -> None:
    pipeline = [WHITESPACE, "CountVectorsFeaturizer", DIET, OURS]
    found = warnings_of(tmp_path, pipeline, yaml_of(ROLES))
    assert len(found) == 1
    assert "do the same job" in found[0] and "JointNLUClassifier" in found[0]


def test_entities_that_nothing_extracts_are_still_warned_about(tmp_path: Path) -> None:
    found = warnings_of(tmp_path, [WHITESPACE, "RegexFeaturizer"], yaml_of(ROLES))
    assert any("does not include an entity extractor" in text for text in found)


def test_warnings_of_other_code_are_not_hidden() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compat.announce(JointNLUClassifier)
        warnings.warn("You have defined training data with a mistake.", stacklevel=1)
    assert len(caught) == 1


def test_the_lists_of_rasa_keep_their_own_classes() -> None:
    assert DIETClassifier in default_recipe_validator.TRAINABLE_EXTRACTORS
    assert "DIETClassifier" in rasa.nlu.test.EXTRACTORS_WITH_CONFIDENCES
