"""What Rasa decides by lists of its own classes: evaluation, and warnings of the validator."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any, List, Sequence

import pytest
import rasa.nlu.test
from rasa.graph_components.validators import default_recipe_validator
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
        validator.validate(importer)
    return [str(w.message) for w in caught if w.category is UserWarning]


def test_confidences_of_our_entities_are_read_by_the_evaluation() -> None:
    assert "JointNLUClassifier" in rasa.nlu.test.EXTRACTORS_WITH_CONFIDENCES


def test_the_lists_of_rasa_keep_their_own_classes_and_no_other() -> None:
    # Rasa's own tests take them for the whole of what there is.
    extractors = {"MitieEntityExtractor", "CRFEntityExtractor", "DIETClassifier"}
    assert {c.__name__ for c in default_recipe_validator.TRAINABLE_EXTRACTORS} == extractors
    assert "DIETClassifier" in rasa.nlu.test.EXTRACTORS_WITH_CONFIDENCES


def test_no_filter_of_warnings_is_set_by_importing_us() -> None:
    code = (
        "import warnings, rasa.graph_components.validators.default_recipe_validator\n"
        "before = list(warnings.filters)\n"
        "import rasa_joint_nlu.component\n"
        "assert warnings.filters == before, warnings.filters"
    )
    subprocess.run([sys.executable, "-W", "default", "-c", code], check=True, timeout=120)


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


@pytest.mark.parametrize("kind", ["role", "group"])
def test_roles_and_groups_need_no_other_extractor(kind: str, tmp_path: Path) -> None:
    nlu = yaml_of({name: [t.replace("role", kind) for t in texts] for name, texts in ROLES.items()})
    assert warnings_of(tmp_path, [WHITESPACE, OURS], nlu) == []


def test_announcing_twice_warns_of_nothing_more_and_nothing_less(tmp_path: Path) -> None:
    compat.announce(JointNLUClassifier)
    test_entities_with_roles_and_lookup_tables_need_no_other_extractor(tmp_path)
    test_two_extractors_of_the_same_entities_are_warned_about(tmp_path)


@pytest.mark.parametrize("other", [[], [{"name": "LogisticRegressionClassifier"}]])
def test_a_config_without_us_keeps_every_true_warning(other: List[Any], tmp_path: Path) -> None:
    nlu = yaml_of(ROLES, lookup("place", ["here", "there", "nowhere"]))
    found = warnings_of(tmp_path, [WHITESPACE, "CountVectorsFeaturizer", *other], nlu)
    reasons = ["entity extractor", "roles/groups", "using the lookup table", "features created"]
    assert len(found) == len(reasons)
    assert all(reason in text for reason, text in zip(reasons, found))
    assert not any("JointNLUClassifier" in text for text in found)


def test_ours_without_entities_counts_as_no_extractor(tmp_path: Path) -> None:
    intents_only = {**OURS, "entity_recognition": False}
    nlu = yaml_of(ROLES)
    assert len(warnings_of(tmp_path, [WHITESPACE, intents_only], nlu)) == 2
    assert warnings_of(tmp_path, [WHITESPACE, intents_only, "CRFEntityExtractor"], nlu) == []


def test_one_of_two_of_ours_that_extracts_is_enough(tmp_path: Path) -> None:
    pipeline = [WHITESPACE, {**OURS, "entity_recognition": False}, OURS]
    assert warnings_of(tmp_path, pipeline, yaml_of(ROLES)) == []


def test_a_crf_without_patterns_beside_us_is_still_warned_about(tmp_path: Path) -> None:
    pipeline = [WHITESPACE, "RegexFeaturizer", "CRFEntityExtractor", OURS]
    nlu = yaml_of(ROLES, lookup("place", ["here", "there", "nowhere"]))
    found = warnings_of(tmp_path, pipeline, nlu)
    assert any("do the same job" in text for text in found)
    assert any("'pattern' feature" in text for text in found)


def test_a_regex_entity_extractor_of_the_same_entities_is_warned_about(tmp_path: Path) -> None:
    regex = "- regex: place\n  examples: |\n    - here|there\n"
    pipeline = [WHITESPACE, {"name": "RegexEntityExtractor"}, OURS]
    (found,) = warnings_of(tmp_path, pipeline, yaml_of(ROLES, regex))
    assert "overlap" in found and "JointNLUClassifier" in found
