"""Swapping entity values: what moves and what must stay."""

from __future__ import annotations

import dataclasses
from typing import Any, List, Set, Tuple

import numpy as np
import pytest
from helpers import annotated, encoder_of, toy_examples, with_features
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.encoding import EncodedCorpus, Encoder
from rasa_joint_nlu.core.training.augment import ValueHiding, ValueSwap

VALUES = ["Rome", "New York", "a b c", "tea", "orange juice"]


def corpus_of(examples: List[Example], bilou: bool = True) -> Tuple[Encoder, EncodedCorpus]:
    encoder = encoder_of(examples, bilou)
    return encoder, encoder.encode(examples, targets=True)


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
        tags = encoder.scheme.tags_of([span[:3] for span in spans], length)
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


def drawn(examples: List[Example], times: int = 200) -> Tuple[EncodedCorpus, ValueHiding, Any]:
    """A corpus, what hides its values, and many batches of all of it."""
    _, corpus = corpus_of(examples)
    rng = np.random.default_rng(0)
    hiding = ValueHiding(corpus, rng)
    return corpus, hiding, [hiding.draw(whole(corpus), rng) for _ in range(times)]


def test_where_nothing_can_be_hidden_nothing_is_drawn() -> None:
    corpus, hiding, _ = drawn([annotated("to [Rome](city)", "a"), annotated("hello", "b")])
    rng = np.random.default_rng(0)
    batch = whole(corpus)
    assert hiding.draw(batch, rng) is batch
    assert rng.random() == np.random.default_rng(0).random()
    assert len(hiding.table) == len(corpus.table)


def test_a_value_that_is_the_whole_message_is_hidden_the_rarer_it_is_the_more_often() -> None:
    texts = ["[Rome](city)", "[Oslo](city)", "to [Oslo](city)", "hello"]
    corpus, _, batches = drawn([annotated(text, "a") for text in texts])
    known = len(corpus.table)
    shares = np.mean([batch.token_ids >= known for batch in batches], axis=0)
    assert shares[0, 0] == pytest.approx(0.5, abs=0.1)
    assert shares[1, 0] == pytest.approx(0.25, abs=0.1)
    assert not shares[2:].any() and not shares[:, 1:].any()


def test_a_hidden_token_is_an_unknown_word_without_vectors() -> None:
    examples = [annotated(f"[{value}](city)", "a") for value in ("Rome", "Romeo", "Romance")]
    corpus, hiding, batches = drawn(examples)
    known = len(corpus.table)
    assert not hiding.table.word_ids[known:].any()
    assert max(batch.token_ids.max() for batch in batches) < len(hiding.table) == 3 * known
    assert not hiding.table.vectors.of_tokens(np.arange(known, 3 * known)).counts.any()
    assert sorted(hiding.table.ngrams.ids) == sorted([*corpus.table.ngrams.ids] * 3)


def test_of_values_that_patterns_match_words_are_hidden_with_and_without_these() -> None:
    texts = ["i go to [Rome](city) today", "to [New York](city) please", "is it far to go"]
    corpus, _, batches = drawn(in_table(*texts))
    known, steps = len(corpus.table), corpus.lengths.max()
    place = 3
    hidden = np.array([batch.token_ids[0, place] >= known for batch in batches])
    matched = [batch.features["regex/sequence"].toarray() for batch in batches]
    bare = np.array([rows[place, 0] == 0 for rows in matched])
    of_messages = [batch.features["regex/sentence"].toarray()[0, 0] == 0 for batch in batches]
    assert hidden.mean() == pytest.approx(0.6, abs=0.1)
    assert bare.mean() == pytest.approx(0.3, abs=0.1)
    assert not (bare & ~hidden).any() and bare.tolist() == of_messages
    for batch, rows in zip(batches, matched):
        assert not (batch.token_ids[:, 0] >= known).any()
        first, last = rows[steps + 1, 0], rows[steps + 2, 0]
        assert first == last  # a value of two tokens is hidden as a whole
    assert (whole(corpus).features["regex/sequence"].toarray() == 1).sum() == 3


def test_features_that_most_tokens_have_are_no_patterns() -> None:
    examples = [
        dataclasses.replace(
            annotated(text, "a"), features={"all/sequence": sparse.csr_matrix(np.ones((3, 1)))}
        )
        for text in ("go to [Rome](city)", "fly to [Oslo](city)")
    ]
    corpus, hiding, _ = drawn(examples, 1)
    batch = whole(corpus)
    assert hiding.draw(batch, np.random.default_rng(0)) is batch
