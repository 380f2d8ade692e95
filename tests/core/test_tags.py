"""Spans ↔ tags."""

from __future__ import annotations

from typing import List, Tuple

import numpy as np
import pytest
from helpers import allowed_tags, tags_of
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core.serving.crf import CRFDecoder
from rasa_joint_nlu.core.tags import Span, TagScheme

SCHEMES = pytest.mark.parametrize("bilou", [True, False])


@st.composite
def messages(draw: st.DrawFn) -> Tuple[List[Span], int]:
    """Spans that do not overlap, in order, and the length of their message."""
    spans: List[Span] = []
    position = 0
    for gap, width, entity_type in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4), st.integers(0, 3)), max_size=5)
    ):
        first = position + gap
        position = first + width
        spans.append((first, position - 1, entity_type))
    return spans, position + draw(st.integers(0 if position else 1, 3))


@SCHEMES
@settings(max_examples=80, deadline=None)
@given(message=messages())
def test_decoding_gives_back_the_encoded_spans(
    bilou: bool, message: Tuple[List[Span], int]
) -> None:
    spans, length = message
    scheme = TagScheme.named(bilou)
    tags = tags_of(scheme, spans, length)
    assert len(tags) == length
    assert max(tags) < scheme.num_tags(4)
    assert scheme.spans_of(tags) == spans


@SCHEMES
@settings(max_examples=50, deadline=None)
@given(message=messages())
def test_encoded_tags_are_legal(bilou: bool, message: Tuple[List[Span], int]) -> None:
    scheme = TagScheme.named(bilou)
    tags = tags_of(scheme, *message)
    allowed = allowed_tags(scheme, 4)
    assert all(allowed[a, b] for a, b in zip(tags, tags[1:]))
    assert tags[0] == 0 or scheme.begins[(tags[0] - 1) % len(scheme.positions)]
    assert tags[-1] == 0 or scheme.ends[(tags[-1] - 1) % len(scheme.positions)]


def test_bilou_tags_of_a_message_written_out() -> None:
    # O, then B I L U of type 0 = 1 2 3 4, and of type 1 = 5 6 7 8
    tags = tags_of(TagScheme.named(True), [(1, 3, 0), (4, 4, 1), (6, 7, 1)], 8)
    assert tags == [0, 1, 2, 3, 8, 0, 5, 7]


def test_bio_tags_of_a_message_written_out() -> None:
    tags = tags_of(TagScheme.named(False), [(1, 3, 0), (4, 4, 1), (6, 7, 1)], 8)
    assert tags == [0, 1, 2, 2, 3, 0, 3, 4]


def test_bio_begins_a_new_entity_of_the_same_type_at_each_begin() -> None:
    assert TagScheme.named(False).spans_of([1, 1, 2]) == [(0, 0, 0), (1, 2, 0)]


@SCHEMES
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), spread=st.sampled_from([0.0, 1.0, 30.0]))
def test_every_viterbi_path_is_legal(bilou: bool, seed: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    scheme = TagScheme.named(bilou)
    types, size = 3, len(scheme.positions)
    weights = {
        "crf.transitions": spread * rng.normal(size=(types + 1, types + 1)),
        "crf.start": spread * rng.normal(size=types + 1),
        "crf.stop": spread * rng.normal(size=types + 1),
        "crf.inner": spread * rng.normal(size=(types, size, size)),
    }
    lengths = np.array([7, 1, 4])
    emissions = spread * rng.normal(size=(3, 7, scheme.num_tags(types))).astype(np.float32)
    allowed = allowed_tags(scheme, types)
    paths = CRFDecoder(weights, scheme).viterbi(emissions, lengths)
    for path, length in zip(paths, lengths.tolist()):
        assert len(path) == length
        assert all(allowed[a, b] for a, b in zip([0, *path], [*path, 0]))
        assert tags_of(scheme, scheme.spans_of(path), length) == path
