"""A sentence transformer → one of fewer layers that says nearly the same of a text: its student.

The student begins as the transformer's first layers (Sun et al. 2019, "Patient Knowledge
Distillation for BERT Model Compression"), and learns from what all of them say of texts (Hinton et
al. 2015, "Distilling the Knowledge in a Neural Network"). The table of pieces stays as it is, so
words that none of the texts has are known as well.

Letters: `B`, `T`, `D` as in `core.sentence_encoder`; `N` and `P` are all texts and all of their
pieces.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import Iterator, NamedTuple, Sequence, Tuple

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.batch import inside, ranges
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.sentence_encoder import SentenceEncoder, of_same_length
from rasa_joint_nlu.core.training.bert import Bert
from rasa_joint_nlu.core.training.optimizer import Optimizer
from rasa_joint_nlu.core.training.sentence_transformer import WEIGHTS_FILE, convert, files_of
from rasa_joint_nlu.core.training.threads import one_thread

UPDATES, AT_ONCE, RATE, WARM_UP = 1_500, 32, 1e-3, 0.1
MOST, LEAST = 48_000, 100
"""So many texts are learnt from at most, each once, and are needed at least."""
CONFIG_FILE = "config.json"
_SEED = 0
_LONGEST = 40
"""So many pieces of a text count."""
_NOISE = 3.0
"""Texts whose numbers of pieces differ by less than that may be in a batch."""
_HELD_OUT, _MOST_HELD_OUT = 0.1, 500
"""This part of the texts, and at most so many, tell how near the student comes."""


class Likeness(NamedTuple):
    """How near a student's vectors come to the transformer's, of texts that it did not learn from.

    texts: from so many it learnt. of_pieces, of_texts: means of the cosines.
    """

    texts: int
    of_pieces: float
    of_texts: float


def distil_student(
    source: Path, target: Path, texts: Sequence[str], layers: int, show_progress: bool = False
) -> Likeness:
    """Teach a student with texts, and write what `SentenceEncoder` reads into a folder.

    The same texts give the same student, on the same machine.

    Args:
        source: the folder of a sentence transformer, with the weights of a BERT.
        texts: of the kind that it is for, each once; of more than `MOST`, so many are drawn.
        layers: of the student.

    Raises:
        DataError: if the source is missing, of another kind or has no more layers, or there are too
            few texts.
        ModelFileError: if a package is missing.
    """
    if len(texts) < LEAST:
        raise DataError(f"{len(texts)} different texts are too few to learn from; take {MOST:,}.")
    rng = np.random.default_rng(_SEED)
    drawn = [texts[i] for i in rng.permutation(len(texts))[:MOST]]
    held_out = min(_MOST_HELD_OUT, int(_HELD_OUT * len(drawn)))
    with tempfile.TemporaryDirectory() as name, one_thread.held():
        convert(source, Path(name))
        teacher, student = SentenceEncoder(Path(name)), Student.of(source, layers)
        if teacher.size != student.size:
            raise DataError(f"'{source}' pools a text in several ways, which no student learns.")
        aside = _Lessons.of(teacher, drawn[:held_out])
        lessons = _Lessons.of(teacher, drawn[held_out:], show_progress)
        _train(student, lessons, rng, show_progress)
        student.write(source, target)
        return Likeness(len(lessons.of_texts), *_likeness(student, aside))


class Student:
    """The first layers of a BERT.

    weights: by name; those that learn need a gradient.
    """

    def __init__(self, bert: Bert) -> None:
        """Begin with the weights of the layers that the BERT's config names."""
        self._config = bert.config
        self.weights = {
            name: nn.Parameter(torch.from_numpy(weight), not _is_table(name))
            for name, weight in bert.weights().items()
        }

    @property
    def size(self) -> int:
        """`D`."""
        return len(self.weights["embeddings.LayerNorm.weight"])

    @classmethod
    def of(cls, source: Path, layers: int) -> Student:
        """Begin as the first layers of a sentence transformer.

        Raises:
            DataError: if it is of another kind, or has no more layers.
        """
        weights, config = source / WEIGHTS_FILE, source / CONFIG_FILE
        described = json.loads(config.read_bytes()) if config.is_file() else {}
        if described.get("model_type") != "bert" or not weights.is_file():
            raise DataError(f"'{source}' has no '{WEIGHTS_FILE}' of a BERT, to take layers of.")
        if layers >= described["num_hidden_layers"]:
            raise DataError(
                f"'{source}' has {described['num_hidden_layers']} layers; {layers} are not fewer."
            )
        return cls(Bert(weights, {**described, "num_hidden_layers": layers}))

    def states(self, ids: Tensor, mask: Tensor) -> Tuple[Tensor, Tensor]:
        """The pieces' vectors, and what the texts' are the means of: `(B, T, D)` each."""
        # shape: (B, T, D)
        embedded = self.weights["embeddings.word_embeddings.weight"][ids]
        embedded = embedded + self.weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        embedded = embedded + self.weights["embeddings.token_type_embeddings.weight"][0]
        states = [self._normalized(embedded, "embeddings.LayerNorm")]
        for number in range(self._config["num_hidden_layers"]):
            states.append(self._layer(states[-1], mask, f"encoder.layer.{number}."))
        # As in the graph of `core.training.bert`.
        middle, last = states[len(states) // 2], states[-1]
        return functional.normalize(middle, dim=2) + functional.normalize(last, dim=2), last

    def _layer(self, states: Tensor, mask: Tensor, layer: str) -> Tensor:
        heads = (*states.shape[:2], self._config["num_attention_heads"], -1)
        # shape: (B, heads, T, D / heads)
        query, key, value = (
            self._linear(states, f"{layer}attention.self.{name}").view(heads).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        attended = functional.scaled_dot_product_attention(
            query, key, value, mask[:, None, None, :]
        )
        mixed = self._linear(attended.transpose(1, 2).flatten(2), f"{layer}attention.output.dense")
        states = self._normalized(mixed + states, f"{layer}attention.output.LayerNorm")
        activated = getattr(functional, self._config.get("hidden_act", "gelu"))
        inner = activated(self._linear(states, f"{layer}intermediate.dense"))
        outer = self._linear(inner, f"{layer}output.dense")
        return self._normalized(outer + states, f"{layer}output.LayerNorm")

    def _linear(self, states: Tensor, name: str) -> Tensor:
        weight, bias = (self.weights[f"{name}.{part}"] for part in ("weight", "bias"))
        return functional.linear(states, weight, bias)

    def _normalized(self, states: Tensor, name: str) -> Tensor:
        weight, bias = (self.weights[f"{name}.{part}"] for part in ("weight", "bias"))
        epsilon = self._config.get("layer_norm_eps", 1e-12)
        return functional.layer_norm(states, weight.shape, weight, bias, epsilon)

    def write(self, source: Path, target: Path) -> None:
        """Write what `SentenceEncoder` reads, with what else the transformer's files say."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for path in files_of(source):
                if path.parent == source and path.suffix == ".json":
                    shutil.copyfile(path, folder / path.name)
            # It learnt a mean, whatever the transformer takes.
            (folder / "modules.json").write_text('[{"type": "Normalize"}]')
            (folder / CONFIG_FILE).write_text(json.dumps(self._config))
            arrays = {name: weight.detach().numpy() for name, weight in self.weights.items()}
            save_file(arrays, str(folder / WEIGHTS_FILE))
            target.mkdir(parents=True, exist_ok=True)
            convert(folder, target)


def _is_table(name: str) -> bool:
    return name.startswith("embeddings.") and "LayerNorm" not in name


@dataclass(frozen=True)
class _Lessons:
    """What the transformer says of texts.

    ids: `(P,)`; starts: `(N + 1,)`, where among them each text begins; of_pieces: `(P, D)` in half
    precision; of_texts: `(N, D)`.
    """

    ids: Array
    starts: Array
    of_pieces: Array
    of_texts: Array

    @classmethod
    def of(
        cls, teacher: SentenceEncoder, texts: Sequence[str], show_progress: bool = False
    ) -> _Lessons:
        """Ask for all texts."""
        asked = (teacher.ids(text)[:_LONGEST] for text in texts)
        ids = [each for each in asked if len(each)]
        lengths = [len(each) for each in ids]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        of_pieces = np.empty((starts[-1], teacher.size), np.float16)
        of_texts = np.empty((len(ids), teacher.size), np.float32)
        batches = list(of_same_length(lengths))
        for numbers in tqdm(batches, "asking", disable=not show_progress):
            pieces, of_texts[numbers] = teacher.answers(np.stack([ids[i] for i in numbers]))
            for i, states in zip(numbers, pieces):
                of_pieces[starts[i] : starts[i + 1]] = states
        return cls(np.concatenate(ids), starts, of_pieces, of_texts)

    def batches(self, order: Array) -> Iterator[_Batch]:
        """All texts in an order, so many at once."""
        for start in range(0, len(order), AT_ONCE):
            chosen = order[start : start + AT_ONCE]
            lengths = self.starts[chosen + 1] - self.starts[chosen]
            mask, rows = inside(lengths, lengths.max()), ranges(self.starts[chosen], lengths)
            ids = np.zeros(mask.shape, np.int64)
            ids[mask] = self.ids[rows]
            arrays = ids, mask, self.of_pieces[rows].astype(np.float32), self.of_texts[chosen]
            yield _Batch(*(torch.from_numpy(array) for array in arrays))

    def order(self, rng: np.random.Generator) -> Array:
        """A random order in which texts of about as many pieces are together."""
        lengths = np.diff(self.starts)
        order = np.argsort(lengths + rng.uniform(0, _NOISE, len(lengths)))
        batches = np.array_split(order, max(1, len(order) // AT_ONCE))
        return np.concatenate([batches[i] for i in rng.permutation(len(batches))])


class _Batch(NamedTuple):
    """ids, mask: `(B, T)`; of_pieces: `(pieces, D)` without padding; of_texts: `(B, D)`."""

    ids: Tensor
    mask: Tensor
    of_pieces: Tensor
    of_texts: Tensor


def _train(
    student: Student, lessons: _Lessons, rng: np.random.Generator, show_progress: bool
) -> None:
    """Learn to say what the transformer says, by the cosine."""
    optimizer = Optimizer(student.weights, [])
    epochs = (lessons.batches(lessons.order(rng)) for _ in count())
    batches = islice(chain.from_iterable(epochs), UPDATES)
    for batch in tqdm(batches, "learning", UPDATES, disable=not show_progress):
        done = (optimizer.updates + 1) / UPDATES
        of_pieces, of_texts = _cosines(student, batch)
        loss = 2 - of_pieces.mean() - of_texts.mean()
        optimizer.step(loss, RATE * min(1, done / WARM_UP) * (1 - done))


def _cosines(student: Student, batch: _Batch) -> Tuple[Tensor, Tensor]:
    """Of the student's vectors and the transformer's, of each piece and of each text."""
    of_pieces, last = student.states(batch.ids, batch.mask)
    sums = (last * batch.mask[:, :, None]).sum(dim=1)
    return (
        functional.cosine_similarity(of_pieces[batch.mask], batch.of_pieces),
        functional.cosine_similarity(sums, batch.of_texts),
    )


def _likeness(student: Student, aside: _Lessons) -> Tuple[float, float]:
    """The means of both cosines."""
    batches = aside.batches(np.arange(len(aside.of_texts)))
    with torch.inference_mode():
        every = [_cosines(student, batch) for batch in batches]
    of_pieces, of_texts = (float(torch.cat(each).mean()) for each in zip(*every))
    return of_pieces, of_texts
