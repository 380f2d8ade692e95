"""Examples → arrays: once for a whole corpus, then any batch of it by indexing."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from typing import Any, Dict, Iterable, Optional, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array, FeatureMatrix, is_sparse
from rasa_joint_nlu.core.batch import (
    EncodedBatch,
    Spans,
    Targets,
    TokenTable,
    Trust,
    inside,
    ranges,
)
from rasa_joint_nlu.core.data import Example
from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.tags import Labels, TagScheme
from rasa_joint_nlu.core.text.ngrams import Form
from rasa_joint_nlu.core.vocab import Vocabulary


@dataclass(frozen=True)
class FeatureSpec:
    """One upstream feature the model was trained with."""

    name: str
    level: str
    """`"sequence"` (a row for each token) or `"sentence"` (one row)."""
    sparse: bool
    size: int
    votes: bool = False
    """Whether its numbers vote for intents, as words do; in models before format 9, none do."""


def row_length(matrix: Array) -> float:
    """The length of rows `(rows, size)` that are not zeros, on average; 1 if all are."""
    squares = (matrix.astype(np.float64) ** 2).sum(axis=1)
    squares = squares[squares > 0]
    return float(np.sqrt(squares.mean())) if len(squares) else 1.0


@dataclass(frozen=True)
class EncodedCorpus:
    """Any number of labelled messages, their tokens one after the other.

    The tokens of message `m` are `rows[offsets[m]:offsets[m + 1]]`: indices into `token_ids`,
    `tag_ids` and the rows of the sequence features. `token_ids` are rows of `table`: of
    `word_table`, the vocabulary's, and then of `further`. `span_offsets` do the same for `spans`,
    whose `first` and `last` are positions in their message and whose `example` is `m`. Of `trust`,
    there are `(messages,)`. What a training's corpus has of a token takes 32 bits at most.
    """

    token_ids: Array
    rows: Array
    offsets: Array
    word_table: TokenTable
    further: TokenTable
    sequence_features: Dict[str, FeatureMatrix]
    sentence_features: Dict[str, FeatureMatrix]
    intent_ids: Array
    tag_ids: Array
    spans: Spans
    span_offsets: Array
    trust: Optional[Trust] = None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Array:
        """`(messages,)` number of tokens of each."""
        lengths: Array = self.offsets[1:] - self.offsets[:-1]
        return lengths

    @property
    def table(self) -> TokenTable:
        """Every distinct token, by its id."""
        return self.word_table.followed_by(self.further)

    def batch(self, messages: Array) -> EncodedBatch:
        """The batch of these messages, in this order; its ids are rows of `table`."""
        starts = self.offsets[messages]
        lengths = self.offsets[messages + 1] - starts
        positions = np.arange(max(lengths.tolist()))
        mask = positions < lengths[:, None]
        # Padding repeats the message's first token; every reader of the batch masks it.
        rows = self.rows[starts[:, None] + positions * mask]
        features: Dict[str, FeatureMatrix] = {}
        for name, matrix in self.sequence_features.items():
            features[name] = matrix[rows.ravel()]
        for name, matrix in self.sentence_features.items():
            features[name] = matrix[messages]
        targets = Targets(
            self.intent_ids[messages],
            np.where(mask, self.tag_ids[rows], 0).astype(np.int64),
            self._spans_of(messages),
            Trust(*(each[messages] for each in self.trust)) if self.trust else None,
        )
        return EncodedBatch(self.token_ids[rows], lengths, features, targets=targets)

    def spans_of(self, messages: Array) -> Array:
        """The numbers of the spans in these messages, in this order."""
        starts = self.span_offsets[messages]
        return ranges(starts, self.span_offsets[messages + 1] - starts)

    def _spans_of(self, messages: Array) -> Spans:
        chosen = self.spans_of(messages)
        fields = {
            field.name: getattr(self.spans, field.name)[chosen].astype(np.int64)
            for field in dataclasses.fields(Spans)
        }
        counts = self.span_offsets[messages + 1] - self.span_offsets[messages]
        fields["example"] = np.repeat(np.arange(len(messages)), counts)
        return Spans(**fields)


@dataclass(frozen=True)
class Encoder:
    """Turns examples into arrays under one model's vocabulary, labels and features."""

    vocabulary: Vocabulary
    labels: Labels
    scheme: TagScheme
    features: Tuple[FeatureSpec, ...] = ()

    def encode(self, examples: Sequence[Example]) -> EncodedCorpus:
        """Encode messages to learn from, each with at least one token, and their labels.

        The entities must fit the tokens, as `align` makes them.

        Raises:
            DataError: if features do not fit the tokens or the model, or are no finite numbers.
        """
        packed = Packed.of(examples)
        distinct, of_tokens = packed.forms(self.vocabulary.dictionary)
        ids, further = self._ids(distinct)
        return EncodedCorpus(
            token_ids=ids.astype(np.int32)[of_tokens],
            rows=np.arange(len(of_tokens), dtype=np.int32),
            offsets=packed.offsets,
            word_table=self.vocabulary.word_table,
            further=self.vocabulary.table(further),
            sequence_features=self._stack(packed, "sequence", strict=True),
            sentence_features=self._stack(packed, "sentence", strict=True),
            **self._targets(packed),
        )

    def batch(self, examples: Sequence[Example]) -> EncodedBatch:
        """Encode messages to understand, each with at least one token.

        This never fails: features are cut or padded with zeros, what is no finite number counts as
        zero, and arrays may stand for sparse matrices.
        """
        # Of a few messages, to go through their tokens is faster than to look for distinct ones.
        forms = [self.vocabulary.forms(example.tokens) for example in examples]
        ids, further = self._ids(itertools.chain.from_iterable(forms))
        lengths = list(map(len, forms))
        features = self._stack(examples, "sequence", strict=False)
        if min(lengths) == max(lengths):
            token_ids = ids.reshape(len(examples), -1)
        else:
            mask = inside(np.array(lengths), max(lengths))
            token_ids = np.zeros(mask.shape, np.int64)
            token_ids[mask] = ids
            places = np.zeros(mask.shape, np.int64)
            places[mask] = np.arange(len(ids))
            features = {name: matrix[places.ravel()] for name, matrix in features.items()}
        features.update(self._stack(examples, "sentence", strict=False))
        return EncodedBatch(token_ids, np.array(lengths), features, tuple(further))

    def _ids(self, forms: Iterable[Form]) -> Tuple[Array, Dict[Form, int]]:
        """The token of each form, and those that are not in the table of words, by their forms."""
        row_of, first_further = self.vocabulary.row, len(self.vocabulary.words) + 1
        further: Dict[Form, int] = {}
        ids = [
            row_of(form) or further.setdefault(form, first_further + len(further)) for form in forms
        ]
        return np.array(ids, np.int64), further

    def _stack(
        self, examples: Sequence[Example], level: str, strict: bool
    ) -> Dict[str, FeatureMatrix]:
        stacked: Dict[str, FeatureMatrix] = {}
        for spec in self.features:
            if spec.level == level:
                if not strict and all(_is_array(e.features.get(spec.name)) for e in examples):
                    spec = dataclasses.replace(spec, sparse=False)
                blocks = [_fitted(example, spec, strict) for example in examples]
                matrix: FeatureMatrix
                matrix = _sparse().vstack(blocks, "csr") if spec.sparse else np.vstack(blocks)
                matrix = _single(matrix)
                values: Array = matrix.data if spec.sparse else matrix
                finite = np.isfinite(values)
                if not finite.all():
                    if strict:
                        raise DataError(_not_finite(examples, blocks, spec))
                    values[~finite] = 0
                stacked[spec.name] = matrix
        return stacked

    def _targets(self, examples: Packed) -> Dict[str, Any]:
        """What a corpus has of the labels of these examples."""
        intents: Dict[Optional[str], int] = dict(zip(self.labels.intents, itertools.count()))
        roles: Dict[Optional[str], int] = dict(zip(self.labels.roles, itertools.count(1)))
        groups: Dict[Optional[str], int] = dict(zip(self.labels.groups, itertools.count(1)))
        _, _, first, last, kinds = examples.entities.T
        assert (first >= 0).all() and (last >= 0).all(), "entities fit tokens once they are aligned"
        # shape: (kinds, 3)
        ids = np.array(
            [
                (self.labels.types.index(name), roles.get(role, 0), groups.get(group, 0))
                for name, role, group in examples.kinds
            ],
            np.int32,
        ).reshape(-1, 3)
        types, role_ids, group_ids = ids[kinds].T
        highest = self.scheme.num_tags(len(self.labels.types))
        tag_ids = np.zeros(examples.offsets[-1], np.min_scalar_type(highest))
        starts = examples.offsets[examples.owners]
        self.scheme.write(tag_ids, starts + first, starts + last, types)
        return {
            "intent_ids": np.array([intents.get(name, -1) for name in examples.intents], np.int64),
            "tag_ids": tag_ids,
            "spans": Spans(examples.owners, first, last, types, role_ids, group_ids),
            "span_offsets": examples.entity_offsets,
        }


def _single(feature: FeatureMatrix) -> FeatureMatrix:
    """A feature in single precision; what is too large for that is infinite, and so refused."""
    # From NumPy 1.24 on this warns.
    with np.errstate(over="ignore"):
        return feature.astype(np.float32)


def _not_finite(
    examples: Sequence[Example], blocks: Sequence[FeatureMatrix], spec: FeatureSpec
) -> str:
    """Which example has a feature that is no finite number, and what to do."""
    arrays = (block.tocsr().data if spec.sparse else block for block in blocks)
    text, value = next(
        (example.text, number)
        for example, array in zip(examples, arrays)
        for number in _single(array).ravel()
        if not np.isfinite(number)
    )
    return (
        f"Feature '{spec.name}' has the value {value} for the text '{text}'; only finite numbers "
        f"can be learnt from. Check the featurizer of that name, or name only the others in the "
        f"option 'featurizers'."
    )


def feature_specs(examples: Sequence[Example]) -> Tuple[FeatureSpec, ...]:
    """What features these examples have, in order of their names; vectors of texts vote.

    Sizes are taken from the examples; `Encoder.encode` checks that all agree.

    Raises:
        DataError: if one is no matrix of numbers.
    """
    specs: Dict[str, FeatureSpec] = {}
    packed = Packed.of(examples)
    for text, features in zip(packed.texts, packed.features):
        for name, matrix in features.items():
            if not is_matrix(matrix):
                raise DataError(
                    f"Feature '{name}' is {_told(matrix)} for the text '{text}'; expected "
                    f"a matrix of numbers, tokens x size. Check the featurizer of that name, or "
                    f"name only the others in the option 'featurizers'."
                )
            if name not in specs:
                level = "sentence" if name.endswith("/sentence") else "sequence"
                kind = (level, is_sparse(matrix))
                votes = kind == ("sentence", False)
                specs[name] = FeatureSpec(name, *kind, matrix.shape[1], votes)
    return tuple(specs[name] for name in sorted(specs))


def _is_array(feature: Any) -> bool:
    return isinstance(feature, np.ndarray)


def is_matrix(feature: Any) -> bool:
    """Whether a feature is a matrix of real numbers, dense or sparse."""
    if not (_is_array(feature) or is_sparse(feature)):
        return False
    return feature.ndim == 2 and feature.dtype.kind in "biuf"


def _told(feature: Any) -> str:
    """What a feature is that is no matrix of numbers."""
    if not (_is_array(feature) or is_sparse(feature)):
        return f"of the type {type(feature).__name__}"
    return f"an array of {feature.ndim} dimensions and the type {feature.dtype}"


def _fitted(example: Example, spec: FeatureSpec, strict: bool) -> FeatureMatrix:
    """An example's feature in the shape the model knows; zeros where a featurizer gave nothing."""
    shape = (len(example.tokens) if spec.level == "sequence" else 1, spec.size)
    matrix = example.features.get(spec.name)
    if matrix is None or not (strict or is_matrix(matrix)):
        return _sparse().csr_matrix(shape) if spec.sparse else np.zeros(shape, np.float32)
    if is_sparse(matrix) != spec.sparse:
        matrix = _sparse().csr_matrix(matrix) if spec.sparse else matrix.toarray()
    if matrix.shape == shape:
        return matrix
    if strict:
        raise DataError(
            f"Feature '{spec.name}' has shape {matrix.shape} for the text '{example.text}'; "
            f"expected {shape}, {spec.level} x size. Check the featurizer of that name, or "
            f"name only the others in the option 'featurizers'."
        )
    height, width = np.minimum(shape, matrix.shape)
    matrix = _sparse().csr_matrix(matrix) if spec.sparse else matrix
    fitted = _sparse().lil_matrix(shape) if spec.sparse else np.zeros(shape, np.float32)
    fitted[:height, :width] = matrix[:height, :width]
    return fitted


def _sparse() -> Any:
    """SciPy's sparse matrices; only models that have such features wait for their import."""
    from scipy import sparse

    return sparse
