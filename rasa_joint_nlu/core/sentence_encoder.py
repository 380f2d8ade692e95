"""A sentence transformer: texts → a vector of each text, and one of each of its tokens.

Computed by ONNX Runtime, in the caller's thread alone. Texts of as many pieces are computed
together, so there is no padding, and a text's vectors do not depend on those beside it.

Letters: `B` texts of as many pieces, `T` pieces of each, `D` numbers of a vector.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np
from safetensors import SafetensorError  # type: ignore[attr-defined]
from safetensors.numpy import load_file

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.errors import ModelFileError
from rasa_joint_nlu.core.precision import UNITS, ByteTable
from rasa_joint_nlu.core.text.segment import Token

DESCRIPTION_FILE, GRAPH_FILE = "sentence_encoder.json", "sentence_encoder.onnx"
EMBEDDINGS_FILE, TOKENIZER_FILE = "embeddings.safetensors", "tokenizer.json"
PIECES, PLACES = "pieces", "places"
"""The tables of a model whose graph begins after them."""
HIDDEN, OF_LAYERS = "hidden", "of_layers"
"""What the graphs of ours give: the last layer's states, for texts, and those of several layers
together, for tokens: what is in between knows more of words, and the last more of texts."""
POOLINGS = ("cls", "max", "mean", "mean_sqrt_len")
"""What may be made of the hidden states of a text's pieces."""
INSTALL = "pip install 'rasa-joint-nlu[encoder]'"
_PIECES_AT_ONCE = 1024


class TextVectors(NamedTuple):
    """The vectors of a text's tokens, `(tokens, D)`, and of the whole text, `(1, D)`.

    Tokens beyond the longest text that the model takes have zeros.
    """

    tokens: Array
    text: Array


@dataclass(frozen=True)
class _Pieces:
    """A text's pieces: ids `(T,)`, and spans `(T, 2)`: where in the text each is."""

    ids: Array
    spans: Array


class SentenceEncoder:
    """A sentence transformer, ready to answer; any number of threads can share it.

    size: `D`.
    """

    def __init__(self, folder: Path) -> None:
        """Load what `core.training.sentence_transformer.convert` wrote.

        Raises:
            ModelFileError: if a file is missing or damaged, or a package is missing.
        """
        self._described = _description(folder / DESCRIPTION_FILE)
        self._tokenizer = _tokenizer(folder / TOKENIZER_FILE, self._described["max_length"])
        self._session = session_of(folder / GRAPH_FILE)
        self._inputs = [each.name for each in self._session.get_inputs()]
        hidden = _hidden_of(self._session, folder / GRAPH_FILE)
        names = [each.name for each in self._session.get_outputs()]
        self._outputs = [hidden, OF_LAYERS if OF_LAYERS in names else hidden]
        self._table: Optional[ByteTable] = None
        if (folder / EMBEDDINGS_FILE).exists():
            arrays = _tensors(folder / EMBEDDINGS_FILE)
            self._table = ByteTable(arrays[PIECES], arrays[PIECES + UNITS])
            self._places = arrays[PLACES]
        self.size = self.encode(["a"], [[]])[0].text.shape[1]

    def encode(self, texts: Sequence[str], tokens: Sequence[Sequence[Token]]) -> List[TextVectors]:
        """The vectors of texts, and of their tokens, whoever cut them."""
        pieces = [self._pieces(text) for text in texts]
        vectors: Dict[int, TextVectors] = {}
        for numbers in of_same_length([len(each.ids) for each in pieces]):
            answers = self.answers(np.stack([pieces[i].ids for i in numbers]))
            for i, of_pieces, of_text in zip(numbers, *answers):
                of_tokens = _of_tokens(of_pieces, pieces[i].spans, tokens[i])
                vectors[i] = TextVectors(of_tokens, of_text[None])
        return [vectors[i] for i in range(len(texts))]

    def ids(self, text: str) -> Array:
        """`(T,)` the numbers of a text's pieces."""
        return self._pieces(text).ids

    def answers(self, ids: Array) -> Tuple[Array, Array]:
        """The vectors of pieces, `(B, T, D)`, and of texts, `(B, D)`, of ids `(B, T)`."""
        states, of_layers = self._states(ids)
        return of_layers, self._pooled(states)

    def featurized(self, examples: Sequence[Example]) -> List[Example]:
        """The examples with these vectors among their features."""
        vectors = self.encode([e.text for e in examples], [e.tokens for e in examples])
        name = type(self).__name__
        return [
            dataclasses.replace(
                example,
                features={
                    **example.features,
                    f"{name}/sequence": of_example.tokens,
                    f"{name}/sentence": of_example.text,
                },
            )
            for example, of_example in zip(examples, vectors)
        ]

    def _pieces(self, text: str) -> _Pieces:
        prompt = self._described["prompt"]
        if self._described["lowercase"]:
            # Letter by letter, as a text in which one becomes two would shift all places.
            text = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        encoded = self._tokenizer.encode(prompt + text)
        spans = np.array(encoded.offsets, np.int64).reshape(-1, 2) - len(prompt)
        return _Pieces(np.array(encoded.ids, np.int64), spans.clip(min=0))

    def _states(self, ids: Array) -> List[Array]:
        """Hidden states of pieces `(B, T)` for texts and for tokens, each `(B, T, D)`."""
        if self._table:
            embedded = self._table.rows(ids.ravel()).reshape(*ids.shape, -1)
            embedded += self._places[: ids.shape[1]]
            given = {self._inputs[0]: embedded}
        else:
            all_given = {
                "input_ids": ids,
                "attention_mask": np.ones_like(ids),
                "token_type_ids": np.zeros_like(ids),
            }
            given = {name: all_given[name] for name in self._inputs}
        states: List[Array] = self._session.run(self._outputs, given)
        return states

    def _pooled(self, states: Array) -> Array:
        """`(B, D)` vectors of texts."""
        pooled = np.concatenate(
            [_pooled_by(name, states) for name in self._described["pooling"]], axis=1
        )
        if self._described["normalize"]:
            pooled /= np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
        return pooled.astype(np.float32)


def _pooled_by(name: str, states: Array) -> Array:
    """`(B, D)` one of the `POOLINGS` of states `(B, T, D)`."""
    if name == "cls":
        return states[:, 0]
    if name == "max":
        highest: Array = states.max(axis=1)
        return highest
    count = states.shape[1]
    sums: Array = states.sum(axis=1) / (count if name == "mean" else np.sqrt(count))
    return sums


def of_same_length(lengths: Sequence[int]) -> Iterator[List[int]]:
    """The numbers of texts of as many pieces, so many at once as are worth while."""
    by_length: Dict[int, List[int]] = {}
    for number, length in enumerate(lengths):
        by_length.setdefault(length, []).append(number)
    for length, numbers in by_length.items():
        most = max(1, _PIECES_AT_ONCE // max(1, length))
        for start in range(0, len(numbers), most):
            yield numbers[start : start + most]


def _of_tokens(states: Array, spans: Array, tokens: Sequence[Token]) -> Array:
    """`(tokens, D)` the mean of the pieces that a token shares characters with."""
    bounds = np.array([(token.start, token.end) for token in tokens], np.int64).reshape(-1, 2)
    # shape: (tokens, T)
    shares = (spans[:, 0] < bounds[:, 1:]) & (bounds[:, :1] < spans[:, 1])
    shares &= spans[:, 0] < spans[:, 1]
    counts = shares.sum(axis=1, keepdims=True)
    means: Array = (shares / np.maximum(counts, 1)).astype(np.float32) @ states
    return means


def _description(path: Path) -> Dict[str, Any]:
    try:
        described: Dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ModelFileError(f"'{path}' cannot be read ({error}). Train the model again.") from None
    return described


def _tokenizer(path: Path, max_length: int) -> Any:
    try:
        from tokenizers import Tokenizer
    except ModuleNotFoundError as error:
        raise ModelFileError(f"A sentence encoder takes 'tokenizers': {INSTALL}.") from error
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # which is all that the package says
        raise ModelFileError(f"'{path}' is no tokenizer ({error}).") from error
    # A file may ask for 128 pieces of any text.
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    return tokenizer


def session_of(graph: Union[Path, bytes]) -> Any:
    """What computes a graph, in the caller's thread.

    Args:
        graph: a file, or what would be in it.

    Raises:
        ModelFileError: if it is none that ONNX Runtime reads, or the package is missing.
    """
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise ModelFileError(f"A sentence encoder takes 'onnxruntime': {INSTALL}.") from error
    options = onnxruntime.SessionOptions()
    # A thread for each processor costs a message more than it gains, and each worker has its own.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    source = graph if isinstance(graph, bytes) else str(graph)
    try:
        session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's own have no common class
        name = "The graph" if isinstance(graph, bytes) else f"'{graph}'"
        raise ModelFileError(f"{name} is no model that ONNX Runtime reads ({error}).") from error
    _give_back_memory()
    return session


def _give_back_memory() -> None:
    """Let the system have what loading took and no longer needs: 50 MB of a small model.

    glibc keeps it for the process otherwise; other libraries of C have no such function.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _hidden_of(session: Any, path: Path) -> str:
    """The output that has a vector of each piece."""
    known = {"input_ids", "attention_mask", "token_type_ids", "embedded"}
    unknown = {each.name for each in session.get_inputs()} - known
    if unknown:
        raise ModelFileError(f"'{path}' asks for {', '.join(sorted(unknown))}: no sentence model.")
    for output in session.get_outputs():
        if len(output.shape) == 3:
            return str(output.name)
    raise ModelFileError(f"'{path}' gives no vector of each piece: no sentence model.")


def _tensors(path: Path) -> Dict[str, Array]:
    try:
        arrays: Dict[str, Array] = load_file(str(path))
    except (SafetensorError, ValueError, KeyError, TypeError, OSError) as error:
        raise ModelFileError(f"'{path}' is damaged ({error}). Train the model again.") from error
    return arrays
