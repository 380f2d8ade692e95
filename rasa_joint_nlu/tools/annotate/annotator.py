"""What a worker does: pieces of inputs → a part of the output, with a model that it reads once."""

from __future__ import annotations

import contextlib
import gc
import gzip
import hashlib
import io
import json
import tarfile
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from rasa_joint_nlu.core.data import Prediction
from rasa_joint_nlu.tools.annotate.inputs import parquet
from rasa_joint_nlu.tools.annotate.picks import Pick, most_uncertain, pick
from rasa_joint_nlu.tools.annotate.records import Found, Piece, Rejected
from rasa_joint_nlu.tools.models import NLUModel, load_model

JSON_LINES, PACKED, PARQUET = ".jsonl", ".jsonl.gz", ".parquet"
_DIGITS = 6
"""Of a confidence, after the point."""
_CONFIDENCES = ("confidence", "confidence_entity", "confidence_role", "confidence_group")
_THE_SAME = ("extractor", "processors")
_encoded = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class Recipe:
    """What is the same for all parts.

    name: of the model; model: a Rasa archive, or a folder of ours in an archive.
    form: of the output, as its name ends.
    top: intents that are named. uncertain: messages of a part that are picked.
    sure: the certainty from which on messages are picked, too.
    """

    name: str
    model: bytes = field(repr=False)
    form: str = JSON_LINES
    top: int = 3
    uncertain: int = 0
    sure: Optional[float] = None

    @property
    def digest(self) -> str:
        """What tells models apart."""
        return hashlib.sha256(self.model).hexdigest()


class Task(NamedTuple):
    """A part to be made of pieces. `position` is how much was read up to its end."""

    number: int
    pieces: Tuple[Piece, ...]
    position: int = 0


class Part(NamedTuple):
    """A part that was made: contents of files."""

    number: int
    messages: int
    content: bytes
    rejected: bytes
    picks: bytes
    position: int = 0


def packed(path: Path) -> bytes:
    """A model as one archive: a folder of ours is packed, always in the same way."""
    if path.is_file():
        return path.read_bytes()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for file in sorted(each for each in path.iterdir() if each.is_file()):
            entry = tarfile.TarInfo(file.name)
            entry.size = file.stat().st_size
            with file.open("rb") as content:
                archive.addfile(entry, content)
    return buffer.getvalue()


def annotate(recipe: Recipe, task: Task) -> Part:
    """Make a part."""
    model = _model_of(recipe)
    with _without_search_for_cycles():
        return _annotated(recipe, model, task)


@contextlib.contextmanager
def _without_search_for_cycles() -> Iterator[None]:
    """Answers have no cycles, but so many objects that Python would look for some again and again.

    Nothing is said where it was off before, as for another thread that is in here.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _annotated(recipe: Recipe, model: NLUModel, task: Task) -> Part:
    places: List[Tuple[str, int]] = []
    texts: List[str] = []
    rejected: List[Tuple[str, Rejected]] = []
    for piece in task.pieces:
        for record in piece.records():
            if isinstance(record, Found):
                places.append((piece.file, record.line))
                texts.append(record.text.strip())
            else:
                rejected.append((piece.file, record))
    # Users say much the same: what is understood of a text is worked out once.
    distinct = list(dict.fromkeys(texts))
    examples = [model.pipeline.example(text) for text in distinct]
    predictions = model.model.predict(examples)
    answers = {
        text: _answer(model.pipeline.answer(example, prediction), prediction, recipe.top)
        for text, example, prediction in zip(distinct, examples, predictions)
    }
    rows = [
        {"file": file, "line": line, **answers[text]} for (file, line), text in zip(places, texts)
    ]
    return Part(
        task.number,
        len(texts),
        _content(rows, recipe.form),
        _lines([{"file": file, **record._asdict()} for file, record in rejected]),
        _lines([list(each) for each in _picked(distinct, predictions, recipe)]),
        task.position,
    )


_MODELS: Dict[str, NLUModel] = {}
_READING = threading.Lock()


def _model_of(recipe: Recipe) -> NLUModel:
    """The model, which this process reads once."""
    with _READING:
        if recipe.digest not in _MODELS:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "model.tar.gz")
                if recipe.model[:2] == b"\x1f\x8b":
                    path.write_bytes(recipe.model)
                else:
                    path = Path(folder)
                    _unpack(recipe.model, path)
                _MODELS.clear()
                _MODELS[recipe.digest] = load_model(path)
        return _MODELS[recipe.digest]


def _unpack(model: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(model)) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            if content is not None:
                (folder / Path(entry.name).name).write_bytes(content.read())


def _answer(answer: Dict[str, Any], prediction: Prediction, top: int) -> Dict[str, Any]:
    """An answer as Rasa gives it, without what is the same everywhere."""
    out_of_scope = prediction.out_of_scope
    return {
        "text": answer["text"],
        "intent": _rounded(answer["intent"]),
        "intent_ranking": [_rounded(each) for each in answer.get("intent_ranking", [])[:top]],
        "entities": [_rounded(each) for each in answer["entities"]],
        "out_of_scope": None if out_of_scope is None else round(out_of_scope, _DIGITS),
    }


def _rounded(values: Dict[str, Any]) -> Dict[str, Any]:
    for name in _THE_SAME:
        values.pop(name, None)
    for name in _CONFIDENCES:
        if name in values:
            values[name] = round(values[name], _DIGITS)
    return values


def _picked(texts: List[str], predictions: List[Prediction], recipe: Recipe) -> List[Pick]:
    if not recipe.uncertain and recipe.sure is None:
        return []
    picks = [each for each in map(pick, texts, predictions) if each]
    least = most_uncertain(picks, recipe.uncertain) if recipe.uncertain else []
    bound = recipe.sure
    sure = [] if bound is None else [each for each in picks if each.certainty >= bound]
    return list(dict.fromkeys([*least, *sure]))


# Files ----------------------------------------------------------------------------------------


def _lines(values: List[Any]) -> bytes:
    lines = [_encoded(value) + "\n" for value in values]
    # Half a pair of surrogates becomes an escape, as JSON has it.
    return "".join(lines).encode("utf-8", "backslashreplace")


def _content(answers: List[Dict[str, Any]], form: str) -> bytes:
    if form == PARQUET:
        return _as_parquet(answers)
    content = _lines(answers)
    return gzip.compress(content, 6) if form == PACKED else content


def schema() -> Any:
    """The columns of a Parquet file."""
    import pyarrow as pa

    score = [("name", pa.string()), ("confidence", pa.float64())]
    names = ("entity", "value", "role", "group")
    confidences = ("confidence_entity", "confidence_role", "confidence_group")
    entity = [
        ("start", pa.int64()),
        ("end", pa.int64()),
        *((name, pa.string()) for name in names),
        *((name, pa.float64()) for name in confidences),
    ]
    return pa.schema(
        [
            ("file", pa.string()),
            ("line", pa.int64()),
            ("text", pa.string()),
            ("intent", pa.struct(score)),
            ("intent_ranking", pa.list_(pa.struct(score))),
            ("entities", pa.list_(pa.struct(entity))),
            ("out_of_scope", pa.float64()),
        ]
    )


def _as_parquet(answers: List[Dict[str, Any]]) -> bytes:
    module = parquet()
    import pyarrow as pa

    for answer in answers:
        if not (answer["text"].isascii() and answer["file"].isascii()):
            _replace_surrogates(answer)
    buffer = io.BytesIO()
    module.write_table(pa.Table.from_pylist(answers, schema()), buffer)
    return buffer.getvalue()


def _replace_surrogates(answer: Dict[str, Any]) -> None:
    """Put a sign in the place of each half of a pair of surrogates, which Parquet cannot hold."""
    answer["file"], answer["text"] = _whole(answer["file"]), _whole(answer["text"])
    for entity in answer["entities"]:
        entity["value"] = _whole(entity["value"])


def _whole(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
