"""Examples as arrays: whole corpora, batches of them, alignment and upstream features."""

from __future__ import annotations

import dataclasses
from typing import List, Sequence

import numpy as np
import pytest
from helpers import annotated, dense, encoder_of, toy_examples, with_features
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from rasa_joint_nlu.core import DataError, Entity, Example, Token
from rasa_joint_nlu.core.batch import EncodedBatch, Spans, Targets, ranges
from rasa_joint_nlu.core.encoding import (
    Encoder,
    FeatureSpec,
    feature_specs,
)
from rasa_joint_nlu.core.tags import Labels, TagScheme
from rasa_joint_nlu.core.vocab import Vocabulary

EXAMPLES = [
    annotated("from [New York](city/departure) to [Rome](city/arrival)", "book"),
    annotated("hello", "greet"),
    annotated("a [tea](drink#1) and [cola](drink#2) in [Rome](city)"),
    annotated("Hello Rome", "greet"),
]


def test_a_corpus_holds_all_tokens_one_after_the_other() -> None:
    corpus = encoder_of(EXAMPLES).encode(EXAMPLES)
    assert len(corpus) == 4
    assert corpus.lengths.tolist() == [5, 1, 6, 2]
    assert corpus.offsets.tolist() == [0, 5, 6, 12, 14]
    # words are numbered as they appear; "Hello" is "hello"
    assert corpus.token_ids.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 5, 6, 5]
    assert len(corpus.further) == 0


def test_a_batch_is_padded_and_masked() -> None:
    batch = encoder_of(EXAMPLES).encode(EXAMPLES).batch(np.array([3, 1]))
    assert batch.lengths.tolist() == [2, 1]
    assert batch.mask.tolist() == [[True, True], [True, False]]
    assert batch.token_ids[batch.mask].tolist() == [6, 5, 6]
    assert batch.token_ids.shape == (2, 2)


def test_targets_are_ids_tags_and_spans() -> None:
    targets = encoder_of(EXAMPLES).encode(EXAMPLES).batch(np.array([2, 1, 0])).targets
    assert targets is not None
    assert targets.intent_ids.tolist() == [-1, 1, 0]
    # tags of city: 1 to 4 = B I L U, of drink: 5 to 8
    assert targets.tag_ids.tolist() == [[0, 8, 0, 8, 0, 4], [0] * 6, [0, 1, 3, 0, 4, 0]]
    spans = targets.spans
    assert spans.example.tolist() == [0, 0, 0, 2, 2]
    assert spans.first.tolist() == [1, 3, 5, 1, 4]
    assert spans.last.tolist() == [1, 3, 5, 2, 4]
    assert spans.type.tolist() == [1, 1, 0, 0, 0]
    assert spans.role.tolist() == [0, 0, 0, 2, 1]
    assert spans.group.tolist() == [1, 2, 0, 0, 0]


def test_plain_bio_tags() -> None:
    corpus = encoder_of(EXAMPLES, bilou=False).encode(EXAMPLES[:1])
    assert corpus.tag_ids is not None and corpus.tag_ids.tolist() == [0, 1, 2, 0, 1]


def test_a_batch_without_entities_has_no_spans() -> None:
    batch = encoder_of(EXAMPLES).encode(EXAMPLES).batch(np.array([1, 3]))
    assert batch.targets is not None
    for field in dataclasses.fields(Spans):
        assert getattr(batch.targets.spans, field.name).shape == (0,)


def test_unknown_words_get_rows_after_the_known_ones() -> None:
    encoder = encoder_of([*EXAMPLES, Example.from_text("Yorker")])
    known = len(encoder.vocabulary.word_table)
    text = "Oslo to oslo Yorkshire Oslo"
    (ids,) = encoder.batch([Example.from_text(text)]).token_ids
    assert ids.tolist() == [known, 4, known, known + 1, known]
    corpus = encoder.encode([Example.from_text(text)])
    assert corpus.token_ids.tolist() == ids.tolist()
    assert corpus.further.word_ids.tolist() == [0, 0]
    start, end = corpus.further.ngrams.offsets[1:]
    assert end > start  # it shares n-grams that York and Yorker share


def test_a_known_character_gets_a_row_for_each_context() -> None:
    encoder = encoder_of([Example.from_text("去东京"), Example.from_text("到东京")])
    examples = [Example.from_text("去东京"), Example.from_text("东京去东京")]
    corpus, batch = encoder.encode(examples), encoder.batch(examples)
    known = len(encoder.vocabulary.word_table)
    assert (corpus.token_ids >= known).all() and len(corpus.further) == 7
    assert corpus.further.word_ids.tolist() == [1, 2, 3, 2, 3, 1, 2]
    assert corpus.token_ids[2] == corpus.token_ids[7]  # "去东京>" both times
    assert batch.token_ids[batch.mask].tolist() == corpus.token_ids.tolist()
    assert [form.word for form in batch.further] == ["去", "东", "京", "东", "京", "去", "东"]


def test_ranges_are_put_together_without_the_loop() -> None:
    assert ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert ranges(np.array([], int), np.array([], int)).tolist() == []


# Batches against one by one.


def assert_same_messages(batch: EncodedBatch, singles: Sequence[EncodedBatch]) -> None:
    """Row by row, a batch holds what each message holds alone, and what it teaches."""
    assert_same_inputs(batch, singles)
    for row, single in enumerate(singles):
        assert batch.targets is not None and single.targets is not None
        assert_same_targets(batch.targets, row, single.targets, int(single.lengths[0]))


def assert_same_inputs(batch: EncodedBatch, singles: Sequence[EncodedBatch]) -> None:
    assert len(batch.lengths) == len(singles)
    for row, single in enumerate(singles):
        length = int(single.lengths[0])
        assert batch.lengths[row] == length
        np.testing.assert_array_equal(batch.token_ids[row, :length], single.token_ids[0])
        assert set(batch.features) == set(single.features)
        width = batch.token_ids.shape[1]
        for name, matrix in batch.features.items():
            start = row * width if name.endswith("sequence") else row
            stop = start + length if name.endswith("sequence") else row + 1
            np.testing.assert_array_equal(
                dense(matrix)[start:stop], dense(single.features[name])[: stop - start]
            )


def assert_same_targets(targets: Targets, row: int, single: Targets, length: int) -> None:
    assert targets.intent_ids[row] == single.intent_ids[0]
    assert targets.tag_ids[row].tolist()[:length] == single.tag_ids[0].tolist()
    assert not targets.tag_ids[row, length:].any()
    here = targets.spans.example == row
    for name in ("first", "last", "type", "role", "group"):
        np.testing.assert_array_equal(
            getattr(targets.spans, name)[here], getattr(single.spans, name)
        )


@settings(max_examples=30, deadline=None)
@given(order=st.lists(st.integers(0, 4), min_size=1, max_size=6), bilou=st.booleans())
def test_any_batch_equals_its_messages_encoded_one_by_one(order: List[int], bilou: bool) -> None:
    # padding repeats the first token, so one message begins with an entity
    examples = with_features([*EXAMPLES, annotated("[Rome](city) now", "greet")])
    encoder = encoder_of(examples, bilou)
    batch = encoder.encode(examples).batch(np.array(order))
    singles = [encoder.encode([examples[number]]).batch(np.array([0])) for number in order]
    assert_same_messages(batch, singles)
    to_understand = encoder.batch([examples[number] for number in order])
    assert to_understand.targets is None
    assert_same_inputs(to_understand, singles)


# Upstream features.


def test_what_features_there_are_is_read_off_the_examples() -> None:
    assert feature_specs([*EXAMPLES, *with_features(EXAMPLES)]) == (
        FeatureSpec("d/sentence", "sentence", False, 2, votes=True),
        FeatureSpec("d/sequence", "sequence", False, 3),
        FeatureSpec("s/sentence", "sentence", True, 4),
        FeatureSpec("s/sequence", "sequence", True, 5),
    )


def test_features_are_stacked_in_order_as_float32() -> None:
    examples = with_features(EXAMPLES)
    corpus = encoder_of(examples).encode(examples)
    stacked = {**corpus.sequence_features, **corpus.sentence_features}
    assert set(corpus.sequence_features) == {"d/sequence", "s/sequence"}
    for name, matrix in stacked.items():
        assert matrix.dtype == np.float32
        assert sparse.issparse(matrix) == name.startswith("s/")
        expected = np.vstack([dense(example.features[name]) for example in examples])
        np.testing.assert_allclose(dense(matrix), expected, rtol=1e-6)


def test_a_message_without_a_feature_has_zeros() -> None:
    featured = with_features(EXAMPLES)
    mixed = [featured[0], EXAMPLES[3]]
    corpus = encoder_of(featured).encode(mixed)
    for matrix in corpus.sequence_features.values():
        assert dense(matrix)[:5].any() and not dense(matrix)[5:].any()
    for matrix in corpus.sentence_features.values():
        assert not dense(matrix)[1].any()


@pytest.mark.parametrize("name", ["d/sequence", "d/sentence", "s/sequence", "s/sentence"])
@pytest.mark.parametrize(("rows", "columns"), [(1, 0), (-1, 0), (0, 1), (0, -1), (2, 2)])
def test_in_training_a_wrong_shape_is_named(name: str, rows: int, columns: int) -> None:
    examples = with_features(EXAMPLES)
    encoder = encoder_of(examples)
    right = examples[3].features[name].shape
    wrong = max(0, right[0] + rows), right[1] + columns
    matrix = sparse.csr_matrix(wrong) if name.startswith("s") else np.zeros(wrong)
    examples[3] = dataclasses.replace(examples[3], features={**examples[3].features, name: matrix})
    with pytest.raises(DataError, match="Check the featurizer of that name") as caught:
        encoder.encode(examples)
    assert f"Feature '{name}' has shape {wrong} for the text 'Hello Rome'" in str(caught.value)
    assert f"expected {right}" in str(caught.value)


@pytest.mark.parametrize("kind", ["dense", "sparse"])
@pytest.mark.parametrize("shape", [(1, 3), (4, 3), (2, 1), (2, 6), (4, 1), (0, 3)])
def test_to_predict_a_wrong_shape_is_cut_or_padded(kind: str, shape: tuple) -> None:
    full = np.arange(1.0, 7.0).reshape(2, 3)
    encoder = Encoder(
        Vocabulary(),
        Labels(),
        TagScheme.named(True),
        (FeatureSpec("f", "sequence", kind == "sparse", 3),),
    )
    given_matrix = np.pad(full, ((0, 4), (0, 4)))[: shape[0], : shape[1]]
    feature = sparse.csr_matrix(given_matrix) if kind == "sparse" else given_matrix
    example = dataclasses.replace(Example.from_text("hello Rome"), features={"f": feature})
    found = dense(encoder.batch([example]).features["f"])
    expected = np.zeros((2, 3))
    height, width = min(2, shape[0]), min(3, shape[1])
    expected[:height, :width] = full[:height, :width]
    np.testing.assert_array_equal(found, expected)


def test_to_predict_features_the_model_does_not_know_are_ignored() -> None:
    examples = with_features(EXAMPLES)
    assert encoder_of(EXAMPLES).batch(examples).features == {}


def test_the_tokens_decide_not_the_text() -> None:
    example = Example("New York", (Token("New York", 0, 8),), "x", (Entity(0, 8, "city"),))
    corpus = encoder_of([example]).encode([example])
    assert corpus.lengths.tolist() == [1]
    assert corpus.tag_ids is not None and corpus.tag_ids.tolist() == [4]


@pytest.mark.parametrize("columns", [3, 4])
@pytest.mark.parametrize("given", ["sparse", "dense", "both"])
@pytest.mark.parametrize("known_sparse", [True, False])
def test_to_predict_features_may_be_of_the_other_kind(
    columns: int, given: str, known_sparse: bool
) -> None:
    spec = FeatureSpec("f", "sequence", known_sparse, 3)
    encoder = Encoder(Vocabulary(), Labels(), TagScheme.named(True), (spec,))
    matrix = np.ones((2, columns))
    kinds = {"sparse": [sparse.csr_matrix(matrix)], "dense": [matrix]}
    kinds["both"] = [*kinds["sparse"], *kinds["dense"]]
    example = Example.from_text("hello Rome")
    examples = [dataclasses.replace(example, features={"f": each}) for each in kinds[given]]
    found = encoder.batch(examples).features["f"]
    # An array may stand for a sparse matrix, so that its SciPy is not needed.
    assert sparse.issparse(found) == (known_sparse and given != "dense")
    assert dense(found).tolist() == [[1, 1, 1]] * 2 * len(examples)


@pytest.mark.parametrize("as_sparse", [True, False])
def test_to_predict_what_is_no_finite_number_counts_as_zero(as_sparse: bool) -> None:
    spec = FeatureSpec("f", "sequence", as_sparse, 2)
    encoder = Encoder(Vocabulary(), Labels(), TagScheme.named(True), (spec,))
    matrix = np.array([[np.nan, 1.0], [np.inf, 2.0]])
    features = {"f": sparse.csr_matrix(matrix) if as_sparse else matrix}
    example = dataclasses.replace(Example.from_text("hello Rome"), features=features)
    found = encoder.batch([example]).features["f"]
    assert np.asarray(found.todense() if as_sparse else found).tolist() == [[0, 1], [0, 2]]


def test_an_entity_without_a_role_has_none_even_beside_an_empty_one() -> None:
    example = Example.from_text("a b", "x", [Entity(0, 1, "t", role=""), Entity(2, 3, "t")])
    corpus = encoder_of([example]).encode([example])
    assert corpus.spans is not None and corpus.spans.role.tolist() == [1, 0]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e39])
@pytest.mark.parametrize("name", ["d/sequence", "d/sentence", "s/sequence", "s/sentence"])
def test_to_learn_what_is_no_finite_number_is_refused_with_its_example_and_featurizer(
    name: str, value: float
) -> None:
    examples = with_features(toy_examples())
    encoder = encoder_of(examples)
    encoder.encode(examples)
    feature = dense(examples[5].features[name]).astype(np.float64)
    feature[-1, -1] = value
    wrong = sparse.coo_matrix(feature) if name.startswith("s") else feature
    features = {**examples[5].features, name: wrong}
    examples[5] = dataclasses.replace(examples[5], features=features)
    with pytest.raises(DataError) as refused:
        encoder.encode(examples)
    assert f"'{name}'" in str(refused.value) and f"'{examples[5].text}'" in str(refused.value)
