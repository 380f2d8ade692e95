"""The first layers of a sentence transformer, which learn what all of them say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator, List, Tuple

import numpy as np
import pytest
import torch
from sentence_models import LAYERS, PIECES, describe, make_bert, make_onnx

from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.sentence_encoder import HIDDEN, OF_LAYERS, SentenceEncoder, session_of
from rasa_joint_nlu.core.training import student as module
from rasa_joint_nlu.core.training.bert import Bert
from rasa_joint_nlu.core.training.sentence_transformer import convert, files_of
from rasa_joint_nlu.core.training.student import Likeness, Student, distil_student


def texts(count: int) -> List[str]:
    rng = np.random.default_rng(3)
    words = ["hello", "flight", "to", "rome", "oslo", "?", *"abcdefgh"]
    return [" ".join(rng.choice(words, rng.integers(1, 9))) + f" {i:o}" for i in range(count)]


@pytest.fixture(scope="module", autouse=True)
def few_updates() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "UPDATES", 100)
        yield


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Tuple[Path, Likeness]:
    """The folder of a student, beside that of its transformer, and how near it comes."""
    folder = tmp_path_factory.mktemp("student")
    make_bert(folder / "source")
    return folder / "out", distil_student(folder / "source", folder / "out", texts(2000), 1)


def encoder_of(source: Path, folder: Path) -> SentenceEncoder:
    folder.mkdir()
    convert(source, folder)
    return SentenceEncoder(folder)


def cosine(one: Any, other: Any) -> float:
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float(((one * other).sum(axis=1) / lengths).mean())


def test_a_student_comes_near_to_its_transformer(
    taught: Tuple[Path, Likeness], tmp_path: Path
) -> None:
    folder, likeness = taught
    assert likeness.texts == 1800
    student = encoder_of(folder, tmp_path / "student")
    transformer = encoder_of(folder.parent / "source", tmp_path / "transformer")
    asked = [Example.from_text(text) for text in texts(2100)[2000:]]
    arguments = [each.text for each in asked], [each.tokens for each in asked]
    pairs = list(zip(student.encode(*arguments), transformer.encode(*arguments)))
    of_tokens = np.mean([cosine(ours.tokens, theirs.tokens) for ours, theirs in pairs])
    of_texts = np.mean([cosine(ours.text, theirs.text) for ours, theirs in pairs])
    assert of_tokens == pytest.approx(likeness.of_pieces, abs=0.05) and of_tokens > 0.8
    assert of_texts == pytest.approx(likeness.of_texts, abs=0.05) and of_texts > 0.6


def test_it_learns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_bert(tmp_path / "source")
    found = []
    for updates in (0, 100):
        monkeypatch.setattr(module, "UPDATES", updates)
        found.append(distil_student(tmp_path / "source", tmp_path / "out", texts(500), 1))
    before, after = found
    assert after.of_pieces > before.of_pieces + 0.1 and after.of_texts > before.of_texts + 0.1


def test_the_same_texts_give_the_same_student(tmp_path: Path) -> None:
    make_bert(tmp_path / "source")
    state = torch.random.get_rng_state()
    for name in "ab":
        distil_student(tmp_path / "source", tmp_path / name, texts(150), 1)
    one, same = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "ab"
    )
    assert one == same
    assert torch.equal(state, torch.random.get_rng_state())


def test_all_of_its_folder_is_named_for_its_hash(taught: Tuple[Path, Likeness]) -> None:
    assert set(files_of(taught[0])) == set(taught[0].iterdir())


@pytest.mark.parametrize("activation", ["gelu", "relu"])
def test_torch_computes_what_the_graph_does(tmp_path: Path, activation: str) -> None:
    make_bert(tmp_path, hidden_act=activation)
    bert = Bert(tmp_path / "model.safetensors", json.loads((tmp_path / "config.json").read_text()))
    student, ids = Student(bert), torch.tensor([[1, 5, 9, 3], [4, 4, 8, 2]])
    with torch.no_grad():
        of_pieces, last = student.states(ids, torch.ones(ids.shape, dtype=torch.bool))
    weights = {name: weight.detach().numpy() for name, weight in student.weights.items()}
    embedded = weights["embeddings.word_embeddings.weight"][ids.numpy()]
    embedded = embedded + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    embedded = embedded + weights["embeddings.token_type_embeddings.weight"][0]
    found = session_of(bert.graph()).run([OF_LAYERS, HIDDEN], {"embedded": embedded})
    np.testing.assert_allclose(found[0], of_pieces, atol=1e-5)
    np.testing.assert_allclose(found[1], last, atol=1e-5)


def test_padding_changes_nothing(tmp_path: Path) -> None:
    make_bert(tmp_path)
    bert = Bert(tmp_path / "model.safetensors", json.loads((tmp_path / "config.json").read_text()))
    student, ids = Student(bert), torch.tensor([[1, 5, 9, 0, 0], [4, 4, 8, 2, 7]])
    mask = torch.tensor([[True] * 3 + [False] * 2, [True] * 5])
    alone = student.states(ids[:1, :3], mask[:1, :3])
    for padded, wanted in zip(student.states(ids, mask), alone):
        torch.testing.assert_close(padded[:1, :3], wanted)


def test_the_table_of_pieces_stays_as_it_is(taught: Tuple[Path, Likeness], tmp_path: Path) -> None:
    encoder_of(taught[0].parent / "source", tmp_path / "made")
    tables = [folder / "embeddings.safetensors" for folder in (taught[0], tmp_path / "made")]
    assert tables[0].read_bytes() == tables[1].read_bytes()
    assert len(PIECES) == len(SentenceEncoder(taught[0])._table or ())


def test_more_texts_than_pay_are_drawn_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 200)
    make_bert(tmp_path / "source")
    assert distil_student(tmp_path / "source", tmp_path / "out", texts(300), 1).texts == 180


def test_what_cannot_be_taught_says_so(tmp_path: Path) -> None:
    make_bert(tmp_path / "bert")
    make_bert(tmp_path / "both")
    both = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}
    describe(tmp_path / "both", **both)
    make_onnx(tmp_path / "onnx")
    for source, reason in {
        "nothing": "There is no folder '.*nothing'",
        "onnx": "has no 'model.safetensors' of a BERT, to take layers of",
        "both": "pools a text in several ways",
        "bert": f"has {LAYERS} layers; {LAYERS} are not fewer",
    }.items():
        layers = LAYERS if source == "bert" else 1
        with pytest.raises(DataError, match=reason):
            distil_student(tmp_path / source, tmp_path / "out", texts(100), layers)
    with pytest.raises(DataError, match="99 different texts are too few to learn from"):
        distil_student(tmp_path / "bert", tmp_path / "out", texts(99), 1)
    assert not (tmp_path / "out").exists()
