"""What Rasa Pro's engine does with the component: graph, training, archive, answers, caches."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
import tarfile
import warnings
from pathlib import Path
from typing import Any, Dict, List

import pytest

try:
    importlib.metadata.version("rasa-pro")
except importlib.metadata.PackageNotFoundError:
    pytest.skip("needs Rasa Pro: make test-pro", allow_module_level=True)

from pro_helpers import OURS, PIPELINE, Bot, Project

NAME = OURS["name"]
SENTENCE = "a flight from Lima to Oslo"


def entities_of(answer: Dict[str, Any]) -> List[Any]:
    return [(e["entity"], e.get("role"), e["value"]) for e in answer["entities"]]


def ours_in(project: Project, **parameters: Any) -> Dict[str, Any]:
    nodes = project.graph(**parameters).train_schema.nodes
    return {name: node for name, node in nodes.items() if NAME in name}


# Registration and graph -----------------------------------------------------------------------


def test_the_component_is_registered_once_for_training_and_once_for_answers(
    project: Project,
) -> None:
    from rasa_joint_nlu.component import JointNLUClassifier

    graph = project.graph()
    (trained,) = (n for n in graph.train_schema.nodes.values() if n.uses is JointNLUClassifier)
    (asked,) = (n for n in graph.predict_schema.nodes.values() if n.uses is JointNLUClassifier)
    assert (trained.fn, asked.fn) == ("train", "process")
    assert asked.resource.name == f"train_{NAME}4"


def test_the_graph_is_valid_to_rasa(project: Project) -> None:
    from rasa.engine import validation

    validation.validate(project.graph())


def test_a_pipeline_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    from rasa.engine import validation
    from rasa.engine.exceptions import GraphSchemaValidationException

    with pytest.raises(GraphSchemaValidationException, match="Tokenizer"):
        validation.validate(Project(tmp_path, [OURS]).graph())


def test_a_wrong_option_is_an_error_that_names_it(tmp_path: Path) -> None:
    from rasa.shared.exceptions import InvalidConfigException

    pipeline = [PIPELINE[0], {"name": NAME, "epoch": 3}]
    with pytest.raises(InvalidConfigException, match="Did you mean 'epochs'"):
        Project(tmp_path, pipeline).train()


# Training and answers -------------------------------------------------------------------------


def test_intent_entities_and_roles_are_found_beside_all_featurizers(bot: Bot) -> None:
    answer = bot.parse(SENTENCE)
    assert answer["intent"]["name"] == "fly"
    assert [found[:2] for found in entities_of(answer)] == [("city", "from"), ("city", "to")]
    assert {e["extractor"] for e in answer["entities"]} == {"JointNLUClassifier"}
    assert all(0 < e["confidence_role"] <= 1 for e in answer["entities"])


def test_synonyms_are_mapped_after_us(bot: Bot) -> None:
    (_, arrival) = bot.parse(SENTENCE)["entities"]
    assert arrival["value"] == "OSL" and "EntitySynonymMapper" in arrival["processors"]


def test_entities_without_roles_are_found(bot: Bot) -> None:
    answer = bot.parse("bring me some coffee")
    assert answer["intent"]["name"] == "order"
    assert entities_of(answer) == [("drink", None, "coffee")]


@pytest.mark.parametrize("text", ["the quantum llama sings", ""])
def test_what_is_out_of_scope_falls_back(bot: Bot, text: str) -> None:
    answer = bot.parse(text)
    assert answer["intent"]["name"] == "nlu_fallback"
    assert answer["intent_ranking"][0]["name"] == "nlu_fallback"


def test_the_tokens_are_those_of_our_tokenizer(bot: Bot) -> None:
    assert bot.parse("hello")["text_tokens"] == [[0, 5]]
    assert bot.parse("我要tea")["text_tokens"] == [[0, 1], [1, 2], [2, 5]]


def test_the_archive_holds_our_two_files_and_the_path_of_the_class(model: Path) -> None:
    with tarfile.open(model) as archive:
        names = archive.getnames()
        metadata = json.load(archive.extractfile("metadata.json"))  # type: ignore[arg-type]
    ours = {Path(name).name for name in names if f"train_{NAME}4/" in name}
    assert ours == {"joint_nlu.json", "joint_nlu.safetensors"}
    used = {node["uses"] for node in metadata["predict_schema"]["nodes"].values()}
    assert "rasa_joint_nlu.component.JointNLUClassifier" in used


def run(code: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_the_archive_answers_in_a_new_process_too(model: Path, tmp_path: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from pro_helpers import Bot
print(Bot(Path({str(model)!r}), Path({str(tmp_path / "s")!r})).parse("hello")["intent"]["name"])
"""
    assert run(code) == "greet"


def test_importing_the_component_brings_neither_torch_nor_tensorflow() -> None:
    # LexicalSyntacticFeaturizer does: it imports spaCy, which imports torch if it is there.
    code = """
import sys, rasa_joint_nlu.component
print(sorted({"torch", "tensorflow"} & set(sys.modules)))
"""
    assert run(code) == "[]"


def test_entities_behind_an_emoji_are_whole_with_their_tokenizer(tmp_path: Path) -> None:
    pipeline = [{"name": "WhitespaceTokenizer"}, OURS]
    project = Project(tmp_path, pipeline)
    nlu = tmp_path / "nlu.yml"
    nlu.write_text(
        nlu.read_text(encoding="utf-8").replace("- bring me", "- 👍 👍 bring me"), encoding="utf-8"
    )
    answer = Bot(project.train(), tmp_path / "bot").parse("👍 👍 bring me a coffee")
    assert entities_of(answer) == [("drink", None, "coffee")]


# Caches and fine-tuning -----------------------------------------------------------------------


def test_a_second_training_takes_our_model_from_the_cache(
    project: Project, model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from rasa_joint_nlu.component import JointNLUClassifier

    def fail(self: Any, training_data: Any) -> Any:
        raise AssertionError("trained again")

    monkeypatch.setattr(JointNLUClassifier, "train", fail)
    again = project.train("again.tar.gz")
    assert Bot(again, tmp_path / "bot").parse(SENTENCE)["intent"]["name"] == "fly"


def test_a_change_of_our_code_changes_the_fingerprint(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasa.engine.training import fingerprinting

    from rasa_joint_nlu import component

    def key() -> str:
        cls = component.JointNLUClassifier
        return str(fingerprinting.calculate_fingerprint_key(cls, dict(OURS), {}))

    before = key()
    assert key() == before
    monkeypatch.setattr(component, "source_hash", lambda: "other")
    assert key() != before


def test_fine_tuning_goes_on_from_the_trained_model(
    project: Project, model: Path, tmp_path: Path
) -> None:
    (node,) = ours_in(project, is_finetuning=True, finetuning_epoch_fraction=0.5).values()
    assert node.constructor_name == "load" and node.config["epochs"] == 30
    tuned = project.train("tuned.tar.gz", base=model, finetuning_epoch_fraction=0.5)
    answer = Bot(tuned, tmp_path / "bot").parse(SENTENCE)
    assert answer["intent"]["name"] == "fly"
    assert [found[:2] for found in entities_of(answer)] == [("city", "from"), ("city", "to")]


# What Rasa decides by lists of names ----------------------------------------------------------


def validated(project: Project) -> List[str]:
    from rasa.graph_components.validators.default_recipe_validator import DefaultV1RecipeValidator

    validator = DefaultV1RecipeValidator(project.graph().train_schema)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        validator.validate(project.importer())
    return [str(w.message) for w in caught if w.category is UserWarning]


def test_the_validator_warns_of_nothing_with_us(project: Project) -> None:
    import rasa_joint_nlu.component  # noqa: F401

    assert validated(project) == []


@pytest.mark.parametrize("entities", [None, False])
def test_the_validator_says_what_is_true_without_us_or_our_entities(
    entities: Any, tmp_path: Path
) -> None:
    pipeline = [PIPELINE[0], PIPELINE[2]]
    if entities is False:
        pipeline.append({"name": NAME, "entity_recognition": False})
    found = validated(Project(tmp_path, pipeline))
    for reason in ("an entity extractor", "roles/groups", "regexes", "features created"):
        assert any(reason in text for text in found)
    assert not any("JointNLUClassifier" in text for text in found)


def test_the_evaluation_reads_our_confidences() -> None:
    import rasa.nlu.test

    import rasa_joint_nlu.component  # noqa: F401

    assert "JointNLUClassifier" in rasa.nlu.test.EXTRACTORS_WITH_CONFIDENCES
    assert "DIETClassifier" in rasa.nlu.test.EXTRACTORS_WITH_CONFIDENCES


# A sentence transformer ------------------------------------------------------------------------


def test_a_sentence_encoder_is_trained_with_and_answers_without_its_folder(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    from sentence_models import make_bert

    make_bert(tmp_path / "model")
    pipeline = [
        PIPELINE[0],
        {"name": "rasa_joint_nlu.SentenceEncoderFeaturizer", "model": str(tmp_path / "model")},
        OURS,
    ]
    archive = Project(tmp_path, pipeline).train()
    shutil.rmtree(tmp_path / "model")
    answer = Bot(archive, tmp_path / "bot").parse(SENTENCE)
    assert answer["intent"]["name"] == "fly"
    assert [found[:2] for found in entities_of(answer)] == [("city", "from"), ("city", "to")]
