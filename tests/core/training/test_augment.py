"""Swapping entity values: what moves and what must stay."""

from __future__ import annotations

import dataclasses
from typing import Any, List, Set, Tuple

import numpy as np
import pytest
from helpers import annotated, encoder_of, tags_of, toy_examples, with_features
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.encoding import EncodedCorpus, Encoder
from rasa_joint_nlu.core.training.augment import HIDDEN, ValueHiding, ValueSwap

VALUES = ["Rome", "New York", "a b c", "tea", "orange juice"]


def corpus_of(examples: List[Example], bilou: bool = True) -> Tuple[Encoder, EncodedCorpus]:
    encoder = encoder_of(examples, bilou)
    return encoder, encoder.encode(examples)


def whole(corpus: EncodedCorpus) -> Any:
    """All messages as one batch."""
    return corpus.batch(np.arange(len(corpus)))


def spans_by_message(corpus: EncodedCorpus) -> List[List[Tuple[int, ...]]]:
    """`(first, last, type, role, group)` of each message's spans."""
    spans = whole(corpus).targets.spans
    found: List[List[Tuple[int, ...]]] = [[] for _ in range(len(corpus))]
    for row in zip(spans.example, spans.first, spans.last, spans.type, spans.role, spans.group):
        found[row[0]].append(tuple(int(field) for field in row[1:]))
    return found


def values(corpus: EncodedCorpus) -> List[List[Tuple[int, ...]]]:
    """`(type, words...)` of each message's spans."""
    tokens = whole(corpus).token_ids
    return [
        [(span[2], *tokens[message, span[0] : span[1] + 1].tolist()) for span in spans]
        for message, spans in enumerate(spans_by_message(corpus))
    ]


def outside(corpus: EncodedCorpus) -> List[List[int]]:
    """The words of each message that are in no entity."""
    batch = whole(corpus)
    return [
        tokens[: int(length)][tags[: int(length)] == 0].tolist()
        for tokens, tags, length in zip(batch.token_ids, batch.targets.tag_ids, batch.lengths)
    ]


@st.composite
def corpora(draw: st.DrawFn) -> List[Example]:
    """Messages of words and entities in any order, entities side by side too."""
    piece = st.one_of(
        st.sampled_from(["go", "to", "and"]),
        st.builds(
            "[{}]({}{}{})".format,
            st.sampled_from(VALUES),
            st.sampled_from(["city", "drink"]),
            st.sampled_from(["", "/from", "/to"]),
            st.sampled_from(["", "#1"]),
        ),
    )
    lots = draw(st.lists(st.lists(piece, min_size=1, max_size=5), min_size=1, max_size=6))
    return [annotated(" ".join(pieces), "x") for pieces in lots]


@settings(max_examples=60, deadline=None)
@given(examples=corpora(), seed=st.integers(0, 1000), bilou=st.booleans())
def test_a_swap_keeps_all_but_the_values(examples: List[Example], seed: int, bilou: bool) -> None:
    encoder, corpus = corpus_of(examples, bilou)
    drawn = ValueSwap(corpus, 1.0).draw(np.random.default_rng(seed))
    assert len(drawn) == len(corpus)
    batch, before = whole(drawn), whole(corpus)
    np.testing.assert_array_equal(batch.targets.intent_ids, before.targets.intent_ids)
    kept = [[span[2:] for span in spans] for spans in spans_by_message(corpus)]
    assert [[span[2:] for span in spans] for spans in spans_by_message(drawn)] == kept
    assert outside(drawn) == outside(corpus)
    known: Set[Tuple[int, ...]] = {value for lot in values(corpus) for value in lot}
    assert {value for lot in values(drawn) for value in lot} <= known
    for message, spans in enumerate(spans_by_message(drawn)):
        length = int(batch.lengths[message])
        tags = tags_of(encoder.scheme, [span[:3] for span in spans], length)
        assert batch.targets.tag_ids[message, :length].tolist() == tags


@settings(max_examples=30, deadline=None)
@given(examples=corpora(), seed=st.integers(0, 1000))
def test_without_a_rate_nothing_is_swapped(examples: List[Example], seed: int) -> None:
    _, corpus = corpus_of(examples)
    drawn = ValueSwap(corpus, 0.0).draw(np.random.default_rng(seed))
    np.testing.assert_array_equal(drawn.rows, corpus.rows)
    np.testing.assert_array_equal(drawn.offsets, corpus.offsets)
    assert spans_by_message(drawn) == spans_by_message(corpus)


def changed_share(corpus: EncodedCorpus, rate: float, draws: int = 300) -> Array:
    """`(draws, messages)` whether a message has changed."""
    swap, rng = ValueSwap(corpus, rate), np.random.default_rng(0)
    before = values(corpus)
    return np.array(
        [[a != b for a, b in zip(values(swap.draw(rng)), before)] for _ in range(draws)]
    )


def test_about_half_of_the_messages_are_swapped() -> None:
    examples = [annotated(f"to [{name}](city)") for name in "abcdefghijklmnopqrst"]
    _, corpus = corpus_of(examples)
    assert changed_share(corpus, 1.0).mean() == pytest.approx(0.5 * 19 / 20, abs=0.04)
    assert changed_share(corpus, 0.5).mean() == pytest.approx(0.25 * 19 / 20, abs=0.04)


def test_every_value_of_a_type_can_take_a_place_and_no_other() -> None:
    examples = [annotated(f"[{name}](city)") for name in ("Rome", "Oslo", "New York")]
    examples += [annotated("[tea](drink)"), annotated("[cola](drink)")]
    encoder, corpus = corpus_of(examples)
    swap, rng = ValueSwap(corpus, 1.0), np.random.default_rng(0)
    seen = {values(swap.draw(rng))[0][0] for _ in range(200)}
    row_of = encoder.vocabulary.word_row
    city = encoder.labels.types.index("city")
    expected = [["rome"], ["oslo"], ["new", "york"]]
    assert seen == {(city, *map(row_of, words)) for words in expected}


def test_features_move_with_their_tokens() -> None:
    examples = with_features(toy_examples())
    _, corpus = corpus_of(examples)
    dense = corpus.sequence_features["d/sequence"]
    feature_of = {row.tobytes(): token for row, token in zip(dense, corpus.token_ids)}
    drawn = ValueSwap(corpus, 1.0).draw(np.random.default_rng(3))
    batch = whole(drawn)
    found = batch.features["d/sequence"].reshape(*batch.token_ids.shape, -1)
    assert (drawn.lengths != corpus.lengths).any()
    for position in np.argwhere(batch.mask):
        message, step = position
        assert feature_of[found[message, step].tobytes()] == batch.token_ids[message, step]
    np.testing.assert_array_equal(
        batch.features["d/sentence"], corpus.sentence_features["d/sentence"]
    )


def test_a_corpus_without_entities_stays() -> None:
    _, corpus = corpus_of([annotated("hello there", "greet"), annotated("bye", "leave")])
    drawn = ValueSwap(corpus, 1.0).draw(np.random.default_rng(0))
    np.testing.assert_array_equal(drawn.rows, corpus.rows)
    np.testing.assert_array_equal(drawn.offsets, corpus.offsets)


def test_drawing_leaves_the_corpus_as_it_was() -> None:
    _, corpus = corpus_of(toy_examples())
    before = values(corpus), outside(corpus), corpus.rows.copy()
    swap, rng = ValueSwap(corpus, 1.0), np.random.default_rng(0)
    first = values(swap.draw(rng))
    assert any(values(swap.draw(rng)) != first for _ in range(5))
    assert (values(corpus), outside(corpus)) == before[:2]
    np.testing.assert_array_equal(corpus.rows, before[2])


# Hiding -----------------------------------------------------------------------------------------


def in_table(*texts: str) -> List[Example]:
    """Examples with a pattern that matches each value."""
    examples = []
    for text in texts:
        example = annotated(text, "a")
        matched = np.zeros((len(example.tokens), 1))
        for row, token in enumerate(example.tokens):
            matched[row] = any(e.start <= token.start < e.end for e in example.entities)
        features = {
            "regex/sequence": sparse.csr_matrix(matched),
            "regex/sentence": sparse.csr_matrix(matched.max(0, keepdims=True)),
        }
        examples.append(dataclasses.replace(example, features=features))
    return examples


def hidden_and_bare(texts: List[str], times: int = 300) -> Tuple[Array, Array, EncodedCorpus]:
    """`(times, tokens)` which are hidden, which have no pattern; of many draws of all messages."""
    _, corpus = corpus_of(in_table(*texts))
    rng = np.random.default_rng(0)
    hiding = ValueHiding(corpus, rng)
    every = np.arange(len(corpus))
    batches = [hiding.draw(whole(corpus), every, rng) for _ in range(times)]
    hidden = np.array([batch.token_ids.ravel() >= len(corpus.table) for batch in batches])
    bare = np.array([batch.features["regex/sequence"].toarray()[:, 0] == 0 for batch in batches])
    for batch, is_bare in zip(batches, bare):
        of_messages = batch.features["regex/sentence"].toarray()[:, 0] == 0
        assert of_messages.tolist() == is_bare.reshape(len(corpus), -1).all(1).tolist()
    return hidden, bare, corpus


TOLD = ["go to [Rome](city) now", "fly to [New York](city)", "is it far to [Oslo](city)"]


@pytest.mark.parametrize("features", [{}, {"all/sequence": np.ones((3, 1))}])
def test_where_no_pattern_is_nothing_is_drawn(features: Any) -> None:
    examples = [
        dataclasses.replace(
            annotated(text, "a"),
            features={name: sparse.csr_matrix(matrix) for name, matrix in features.items()},
        )
        for text in ("go to [Rome](city)", "fly to [Oslo](city)")
    ]
    _, corpus = corpus_of(examples)
    rng, batch = np.random.default_rng(0), whole(corpus)
    hiding = ValueHiding(corpus, rng)
    assert hiding.draw(batch, np.arange(2), rng) is batch
    assert rng.random() == np.random.default_rng(0).random()
    assert len(hiding.table) == len(corpus.table)


def test_of_values_that_patterns_match_words_are_hidden_with_their_patterns() -> None:
    hidden, bare, corpus = hidden_and_bare(TOLD)
    steps = corpus.lengths.max()
    rome, new, york, others = 2, steps + 2, steps + 3, [0, 1, 3, steps, steps + 1]
    values = [rome, new, york]
    assert hidden[:, rome].mean() == pytest.approx(HIDDEN, abs=0.1)
    assert bare[:, values].tolist() == hidden[:, values].tolist()
    assert not hidden[:, others].any()
    assert hidden[:, new].tolist() == hidden[:, york].tolist()


@pytest.mark.parametrize(
    "texts",
    [
        ["i saw [Vertigo](film)", "i saw [Heat](film)", "i saw nothing", "i saw it all"],
        ["[Vertigo](film)", "[Heat](film)", "hello"],
        ["[Vertigo](film) please", "hurry please", "[Heat](film) please", "now please"],
        ["去[东京](city)玩", "去[大阪](city)玩"],
        ["i saw [Vertigo](film)", "we met [Bo](name)", "who saw [Bo](name)", "call [Bo](name)"],
    ],
)
def test_where_no_word_beside_it_tells_the_type_a_value_keeps_its_pattern(texts: List[str]) -> None:
    hidden, bare, corpus = hidden_and_bare(texts)
    values = np.flatnonzero(whole(corpus).features["regex/sequence"].toarray()[:, 0])
    assert not bare[:, values[0]].any() and not hidden[:, values[0]].any()


def test_a_hidden_token_is_an_unknown_word_without_vectors() -> None:
    _, corpus = corpus_of(in_table(*TOLD, "to [Romeo](city)"))
    hiding, known = ValueHiding(corpus, np.random.default_rng(0)), len(corpus.table)
    assert len(hiding.table) == 2 * known
    assert not hiding.table.word_ids[known:].any()
    assert not hiding.table.vectors.of_tokens(np.arange(known, 2 * known)).counts.any()
    assert sorted(hiding.table.ngrams.ids) == sorted([*corpus.table.ngrams.ids] * 2)
