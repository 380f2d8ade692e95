"""Folders and archives with models: what is read of them, and what is refused."""

from __future__ import annotations

import dataclasses
import errno
import io
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any, Dict, Optional

import pytest

from rasa_joint_nlu.core import Example, JointModel, ModelFileError
from rasa_joint_nlu.core.description import MODEL_FILE
from rasa_joint_nlu.tools import model_files, models
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.model_files import PIPELINE_FILE
from rasa_joint_nlu.tools.models import NLUModel, load_model
from rasa_joint_nlu.tools.pipeline import learn_synonyms, pipeline_of

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
ANSWERS = json.loads((GOLDEN / "answers.json").read_text(encoding="utf-8"))
TEXTS = [answer["text"] for answer in ANSWERS]


def about(value: Any) -> Any:
    """The same structure, with numbers that forgive another processor's rounding."""
    if isinstance(value, float):
        return pytest.approx(value, abs=1e-4)
    if isinstance(value, list):
        return [about(item) for item in value]
    return {k: about(v) for k, v in value.items()} if isinstance(value, dict) else value


@pytest.fixture(scope="module")
def unpacked() -> Dict[str, bytes]:
    """The files of the golden archive, which Rasa has packed."""
    with tarfile.open(GOLDEN / "model.tar.gz") as archive:
        files = {member.name: archive.extractfile(member) for member in archive.getmembers()}
        return {name: file.read() for name, file in files.items() if file}


def pack(path: Path, files: Dict[str, Optional[bytes]], **fields: Any) -> Path:
    """An archive with these files; None leaves one out."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            if content is not None:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                for field, value in fields.items():
                    setattr(info, field, value)
                archive.addfile(info, io.BytesIO(content))
    return path


def changed(files: Dict[str, bytes], change: Any) -> Dict[str, Optional[bytes]]:
    """The files of an archive with its metadata changed."""
    metadata = json.loads(files["metadata.json"])
    change(metadata)
    return {**files, "metadata.json": json.dumps(metadata).encode()}


def test_the_golden_archive_answers_as_in_rasa() -> None:
    answers = load_model(GOLDEN / "model.tar.gz").parse(TEXTS)
    for answer in answers:
        assert answer.pop("text_tokens")
    assert answers == about(ANSWERS)


def test_blanks_around_a_text_do_not_count() -> None:
    model = load_model(GOLDEN / "model.tar.gz")
    assert model.parse([f" \n{text}\t" for text in TEXTS]) == model.parse(TEXTS)


def test_a_folder_holds_all_that_answers_depend_on(tmp_path: Path) -> None:
    archive = load_model(GOLDEN / "model.tar.gz")
    entries = [
        {"name": "WhitespaceTokenizer", "token_pattern": r"\w+|🍰"},
        {"name": "RegexFeaturizer", "alias": "run_RegexFeaturizer1"},
        "JointNLUClassifier",
        "EntitySynonymMapper",
        {"name": "FallbackClassifier", "threshold": 0.5},
    ]
    pipeline = dataclasses.replace(
        pipeline_of(entries),
        featurizers=archive.pipeline.featurizers,
        settings=archive.model.config,
        synonyms=learn_synonyms({"tea": "té", "Accra": "accra \ud83d"}, []),
    )
    model = NLUModel(pipeline, archive.model)
    answers = model.parse(TEXTS)
    assert [answer["intent"]["name"] for answer in answers][-2:] == ["nlu_fallback"] * 2
    assert answers[0]["entities"][1]["value"] == "accra \ud83d"
    model.save(tmp_path / "model")
    again = load_model(tmp_path / "model")
    assert again.parse(TEXTS) == answers
    again.save(tmp_path / "again")
    assert load_model(tmp_path / "again").parse(TEXTS) == answers


def test_what_stands_around_a_model_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_model(GOLDEN / "model.tar.gz")
    model.save(tmp_path)
    before = (tmp_path / PIPELINE_FILE).read_bytes()

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(models, "write_whole", full)
    with pytest.raises(ModelFileError, match=r"pipeline.json' cannot be written \(No space"):
        model.save(tmp_path)
    assert (tmp_path / PIPELINE_FILE).read_bytes() == before


def test_a_folder_that_the_core_wrote_is_read(tmp_path: Path) -> None:
    load_model(GOLDEN / "model.tar.gz").model.save(tmp_path)
    model = load_model(tmp_path)
    prediction = JointModel.load(tmp_path).predict([Example.from_text(TEXTS[0])])[0]
    (answer,) = model.parse(TEXTS[:1])
    assert answer["intent"]["confidence"] == prediction.intents[0].confidence


def test_options_of_the_archive_count_where_they_can(
    unpacked: Dict[str, bytes], tmp_path: Path
) -> None:
    def change(metadata: Any) -> None:
        node = metadata["predict_schema"]["nodes"]["run_rasa_joint_nlu.JointNLUClassifier2"]
        node["config"] = {"ranking_length": 1, "embedding_dimension": 20}

    (answer,) = load_model(pack(tmp_path / "m.tar.gz", changed(unpacked, change))).parse(TEXTS[:1])
    assert len(answer["intent_ranking"]) == 1


@pytest.mark.parametrize(("version", "count"), [("3.0.13", 0), ("3.6.21", 0), ("3.21.0", 1)])
def test_a_model_of_another_rasa_is_noted(
    version: str, count: int, unpacked: Dict[str, bytes], tmp_path: Path
) -> None:
    files = changed(unpacked, lambda metadata: metadata.update(rasa_open_source_version=version))
    notes = load_model(pack(tmp_path / "m.tar.gz", files)).pipeline.notes
    assert len(notes) == count and all(version in note for note in notes)


def uses(metadata: Any, name: str) -> None:
    metadata["predict_schema"]["nodes"]["run_RegexFeaturizer1"]["uses"] = name


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda m: uses(m, "rasa.nlu.featurizers.ConveRTFeaturizer"),
            "The pipeline has 'rasa.nlu.featurizers.ConveRTFeaturizer'. Without Rasa these can",
        ),
        (lambda m: uses(m, "bot.RegexFeaturizer"), "The pipeline has 'bot.RegexFeaturizer'"),
        (lambda m: m.pop("nlu_target"), "metadata.json is not as Rasa 3 writes it"),
        (lambda m: m.update(nlu_target=None), "trained without NLU data"),
        (lambda m: m.update(predict_schema=[]), "metadata.json is not as Rasa 3 writes it"),
        (
            lambda m: m["predict_schema"]["nodes"]["run_RegexFeaturizer1"].update(
                needs={"messages": "run_RegexFeaturizer1"}
            ),
            "must be a tokenizer",
        ),
    ],
)
def test_an_archive_that_needs_rasa_is_refused(
    change: Any, expected: str, unpacked: Dict[str, bytes], tmp_path: Path
) -> None:
    path = pack(tmp_path / "m.tar.gz", changed(unpacked, change))
    with pytest.raises(InputError) as refused:
        load_model(path)
    assert str(refused.value).startswith(f"'{path}': ") and expected in str(refused.value)


def test_an_archive_without_a_file_is_refused(unpacked: Dict[str, bytes], tmp_path: Path) -> None:
    for name, error in (
        ("metadata.json", InputError),
        ("components/train_RegexFeaturizer1/patterns.json", InputError),
        (f"components/train_rasa_joint_nlu.JointNLUClassifier2/{MODEL_FILE}", ModelFileError),
    ):
        path = pack(tmp_path / "m.tar.gz", {**unpacked, name: None})
        with pytest.raises(error, match=name.rpartition("/")[2]):
            load_model(path)


@pytest.mark.parametrize("content", [b"{", b"[1]", b"5", b'[{"name": "a"}]'])
@pytest.mark.parametrize("folder", ["", "components/train_RegexFeaturizer1/"])
def test_a_damaged_file_of_an_archive_is_named(
    folder: str, content: bytes, unpacked: Dict[str, bytes], tmp_path: Path
) -> None:
    name = f"{folder}patterns.json" if folder else "metadata.json"
    path = pack(tmp_path / "m.tar.gz", {**unpacked, name: content})
    with pytest.raises(InputError, match=name):
        load_model(path)


def test_links_and_paths_out_of_an_archive_lead_nowhere(
    unpacked: Dict[str, bytes], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    secret = outside / "metadata.json"
    secret.write_bytes(unpacked["metadata.json"])
    (tmp_path / "inside").mkdir()
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        path = tmp_path / "inside" / "m.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            info = tarfile.TarInfo("metadata.json")
            info.type, info.linkname = kind, str(secret)
            archive.addfile(info)
        with pytest.raises(InputError, match=r"it has no 'metadata.json'"):
            load_model(path)
    climbing = {f"../outside/{name.rpartition('/')[2]}2": b"x" for name in unpacked}
    answers = load_model(pack(path, {**climbing, "/etc/x": b"x", **unpacked})).parse(TEXTS)
    assert answers == load_model(GOLDEN / "model.tar.gz").parse(TEXTS)
    assert [file.name for file in outside.iterdir()] == ["metadata.json"]


def test_an_archive_that_is_too_large_is_refused(
    unpacked: Dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(tmp_path / "m.tar.gz", {"other": bytes(200_000), **unpacked})
    assert load_model(path)
    monkeypatch.setattr(model_files, "LARGEST_FILE", 1000)
    with pytest.raises(InputError, match=r"joint_nlu.json' is too large"):
        load_model(path)
    monkeypatch.setattr(model_files, "LARGEST_ARCHIVE", 100_000)
    with pytest.raises(InputError, match="too large when unpacked"):
        load_model(path)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    whole = (GOLDEN / "model.tar.gz").read_bytes()
    flipped = bytes(byte ^ 255 if 3000 < place < 3100 else byte for place, byte in enumerate(whole))
    for content in (b"", b"text", whole[:2000], whole[:-200], flipped):
        path = tmp_path / "m.tar.gz"
        path.write_bytes(content)
        with pytest.raises((InputError, ModelFileError), match=r"m\.tar\.gz"):
            load_model(path)


def test_a_path_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no '.*nothing'"):
        load_model(tmp_path / "nothing")
    with pytest.raises(InputError, match="no model was saved there"):
        load_model(tmp_path)
    shutil.copy(GOLDEN / "model.tar.gz", tmp_path / "20260101.tar.gz")
    with pytest.raises(InputError, match=r"did you mean '.*20260101\.tar\.gz'"):
        load_model(tmp_path)


def test_a_regex_that_another_python_took_is_named(tmp_path: Path) -> None:
    model = load_model(GOLDEN / "model.tar.gz")
    (featurizer,) = model.pipeline.featurizers
    # As `a(?i)` is none from Python 3.11 on.
    featurizers = (dataclasses.replace(featurizer, patterns=("(",)),)
    pipeline = dataclasses.replace(model.pipeline, featurizers=featurizers)
    NLUModel(pipeline, model.model).save(tmp_path)
    with pytest.raises(InputError, match=r"The regex '\(' is no regular expression for Python"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        *("{", "[]", '{"format_version": 2}', '{"format_version": 1}'),
        '{"format_version": 1, "a": 1}',
        '{"format_version": 1, "nodes": [], "pipeline": [{"name": "RegexFeaturizer"}]}',
        '{"format_version": 1, "nodes": [], "pipeline": [], "synonyms": true}',
    ],
)
def test_a_damaged_pipeline_is_refused(content: str, tmp_path: Path) -> None:
    load_model(GOLDEN / "model.tar.gz").model.save(tmp_path)
    (tmp_path / PIPELINE_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(ModelFileError, match="Train the model again"):
        load_model(tmp_path)
