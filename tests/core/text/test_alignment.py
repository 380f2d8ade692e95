"""Entities that fall inside of tokens: what is learnt instead, and that nothing is lost unseen."""

from __future__ import annotations

import dataclasses
from typing import List, Optional, Sequence, Tuple

import pytest
from helpers import annotated, encoder_of, words
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.core import DataError, Entity, Example, Token
from rasa_joint_nlu.core.config import DROP, ERROR, EXPAND
from rasa_joint_nlu.core.text.alignment import (
    SHOWN,
    Misaligned,
    align,
    align_entities,
    count_by_type,
    token_spans,
)


def learnt(example: Example, expand: bool = True) -> List[Tuple[str, str]]:
    aligned, _ = align_entities(example, expand)
    return [(example.text[e.start : e.end], e.type) for e in aligned.entities]


def test_entities_that_fit_are_kept_as_they_are() -> None:
    example = annotated("from [New York](city/departure) to [Rome](city#1)", "book")
    for expand in (True, False):
        assert align_entities(example, expand) == (example, [])
    assert token_spans(example) == [(1, 2, example.entities[0]), (4, 4, example.entities[1])]


def test_examples_that_fit_stay_as_they_are() -> None:
    examples = [annotated("to [New York](city) by [train](means)"), Example.from_text("hello")]
    aligned, _ = align(examples, EXPAND)
    assert list(aligned) == [dataclasses.replace(e, tokens=tuple(e.tokens)) for e in examples]


def test_an_example_without_entities_stays_itself() -> None:
    example = Example.from_text("hello", "greet")
    assert align_entities(example, True) == (example, [])


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("wake me at 3pm", (11, 12), "3pm"),  # at the start of a token
        ("wake me at 3pm", (12, 14), "3pm"),  # at its end
        ("wake me at 3pm", (12, 13), "3pm"),  # within it
        ("ein Bahnticket bitte", (4, 8), "Bahnticket"),
        ("to New York now", (4, 8), "New York"),  # two tokens, each cut
        ("to New York now", (3, 8), "New York"),  # only the second is cut
        ("to New York now", (2, 12), "New York"),  # white space around
        ("to New  York now", (3, 7), "New"),
        ("to Rome", (3, 99), "Rome"),  # beyond the text
        ("to Rome", (-4, 1), "to"),
        ("我想去北京 now", (3, 5), "我想去北京"),
    ],
)
def test_an_entity_becomes_the_tokens_it_touches(
    text: str, span: Tuple[int, int], expected: str
) -> None:
    entity = Entity(*span, "x", "role", "group")
    example = words(text, entity)
    aligned, misaligned = align_entities(example, expand=True)
    (found,) = aligned.entities
    assert text[found.start : found.end] == expected
    assert (found.type, found.role, found.group) == ("x", "role", "group")
    assert misaligned == [Misaligned(example, entity, found)]
    assert align_entities(example, expand=False) == (
        words(text),
        [Misaligned(example, entity, None)],
    )


def test_punctuation_outside_of_tokens_is_left_out() -> None:
    example = Example("to Rome.", [Token("to", 0, 2), Token("Rome", 3, 7)], None, [])
    entity = Entity(3, 8, "city")
    assert learnt(Example(example.text, example.tokens, None, [entity])) == [("Rome", "city")]


@pytest.mark.parametrize("span", [(2, 3), (3, 3), (5, 5), (6, 4), (7, 9), (0, 0), (-3, 0)])
def test_an_entity_that_touches_no_token_is_left_out_and_counted(span: Tuple[int, int]) -> None:
    example = words("to Rome", Entity(*span, "city"))
    aligned, misaligned = align_entities(example, expand=True)
    assert aligned == words("to Rome")
    assert misaligned == [Misaligned(example, example.entities[0], None)]


def test_of_overlapping_entities_that_fit_the_first_and_longest_counts() -> None:
    long, short, later, apart = (
        Entity(0, 8, "a"),
        Entity(0, 3, "b"),
        Entity(4, 13, "c"),
        Entity(9, 13, "d"),
    )
    example = words("New York City", short, later, apart, long)
    for expand in (True, False):
        aligned, misaligned = align_entities(example, expand)
        assert aligned.entities == (long, apart)
        assert misaligned == [Misaligned(example, short, None), Misaligned(example, later, None)]


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        # one that fits keeps its tokens, whatever comes before or is longer
        ([Entity(0, 5, "cut"), Entity(4, 8, "fits")], [("New", "cut"), ("York", "fits")]),
        ([Entity(4, 8, "fits"), Entity(5, 13, "cut")], [("York", "fits"), ("City", "cut")]),
        ([Entity(1, 13, "cut"), Entity(4, 8, "fits")], [("New", "cut"), ("York", "fits")]),
        ([Entity(5, 7, "cut"), Entity(4, 8, "fits")], [("York", "fits")]),
        ([Entity(1, 7, "cut"), Entity(0, 8, "fits")], [("New York", "fits")]),
        # of those that do not, the first takes its tokens first
        ([Entity(6, 8, "later"), Entity(4, 6, "first")], [("York", "first")]),
        ([Entity(4, 5, "short"), Entity(4, 7, "long")], [("York", "long")]),
        (
            [Entity(1, 6, "first"), Entity(6, 11, "later")],
            [("New York", "first"), ("City", "later")],
        ),
    ],
)
def test_where_entities_want_the_same_token_one_gets_it(
    entities: Sequence[Entity], expected: List[Tuple[str, str]]
) -> None:
    for order in (entities, entities[::-1]):
        assert learnt(words("New York City", *order)) == expected


def test_an_entity_left_out_leaves_its_tokens_to_others() -> None:
    example = words("New York", Entity(0, 2, "cut"), Entity(0, 3, "fits"))
    assert learnt(example, expand=False) == [("New", "fits")]


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """Any text with any ordered, disjoint tokens and any entities, many of them misaligned."""
    length = draw(st.integers(0, 12))
    cuts = st.lists(st.integers(0, length), max_size=8, unique=True).map(sorted)
    bounds = draw(cuts)
    spans = [span for span in zip(bounds, bounds[1:]) if draw(st.sampled_from([True, True, False]))]
    places = st.integers(-1, length + 2)
    entities = draw(st.lists(st.builds(Entity, places, places, st.sampled_from("xy")), max_size=5))
    if spans:
        whole = st.sampled_from(spans)
        ends = draw(st.lists(st.tuples(whole, whole), max_size=3))
        entities += [Entity(min(a, b)[0], max(a, b)[1], "z") for a, b in ends]
    text = "".join(draw(st.lists(st.sampled_from("ab "), min_size=length, max_size=length)))
    return Example(text, [Token(text[a:b], a, b) for a, b in spans], None, tuple(entities))


def overlap(one: Entity, other: Entity) -> bool:
    return max(one.start, other.start) < min(one.end, other.end)


def fits(example: Example, entity: Entity) -> bool:
    return (
        entity.start < entity.end
        and entity.start in [token.start for token in example.tokens]
        and entity.end in [token.end for token in example.tokens]
    )


@given(examples(), st.booleans())
def test_what_is_learnt_is_ordered_disjoint_and_made_of_tokens(
    example: Example, expand: bool
) -> None:
    aligned, _ = align_entities(example, expand)
    ends = [0, *(entity.end for entity in aligned.entities)]
    assert all(entity.start >= end for entity, end in zip(aligned.entities, ends))
    spans = token_spans(aligned)
    assert all(0 <= first <= last < len(example.tokens) for first, last, _ in spans)
    assert [entity for _, _, entity in spans] == list(aligned.entities)
    assert align_entities(aligned, expand) == (aligned, [])


@given(examples(), st.booleans())
def test_every_annotation_is_learnt_as_it_is_or_reported(example: Example, expand: bool) -> None:
    aligned, misaligned = align_entities(example, expand)
    instead = [found.learnt for found in misaligned if found.learnt]
    unchanged = list(aligned.entities)
    for entity in instead:
        unchanged.remove(entity)
    reported = [found.entity for found in misaligned]
    assert sorted(map(repr, [*unchanged, *reported])) == sorted(map(repr, set(example.entities)))
    assert expand or not instead


@given(examples())
def test_an_annotation_that_touches_a_token_is_learnt_or_overlaps_one_that_is(
    example: Example,
) -> None:
    aligned, misaligned = align_entities(example, expand=True)
    for found in misaligned:
        touches = any(overlap(found.entity, Entity(t.start, t.end, "")) for t in example.tokens)
        if found.learnt:
            assert overlap(found.entity, found.learnt)
        elif touches:
            assert any(overlap(found.entity, entity) for entity in aligned.entities)


@given(examples(), st.booleans())
def test_an_annotation_that_fits_is_kept_unless_it_overlaps_another_that_fits(
    example: Example, expand: bool
) -> None:
    aligned, _ = align_entities(example, expand)
    exact = [entity for entity in example.entities if fits(example, entity)]
    for number, entity in enumerate(exact):
        others = exact[:number] + exact[number + 1 :]
        if not any(overlap(entity, other) for other in others):
            assert entity in aligned.entities
    for found in exact:
        assert any(overlap(found, entity) for entity in aligned.entities if entity in exact)


# Many examples, and what is said of them.

CUT = [
    words("to Rome", Entity(3, 5, "city")),
    words("at 3pm", Entity(3, 4, "time")),
    words("to Oslo", Entity(3, 7, "city")),
    words("to Lima", Entity(4, 7, "city")),
]


def test_all_examples_stay_in_order_with_what_did_not_fit() -> None:
    for policy, entities in ((EXPAND, [1, 1, 1, 1]), (DROP, [0, 0, 1, 0])):
        aligned, misaligned = align(CUT, policy)
        assert [example.text for example in aligned] == [example.text for example in CUT]
        assert [len(example.entities) for example in aligned] == entities
        assert [found.example for found in misaligned] == [CUT[0], CUT[1], CUT[3]]
        assert count_by_type(misaligned) == "3 (city: 2, time: 1)"


def test_a_misaligned_entity_says_where_it_is_and_what_happened() -> None:
    _, (first, *_) = align(CUT, EXPAND)
    assert str(first) == "'Ro' (city) in 'to Rome': learnt as 'Rome'"
    _, (first, *_) = align(CUT, DROP)
    assert str(first) == "'Ro' (city) in 'to Rome': not learnt, the tokens are ['to', 'Rome']"


def test_the_policy_error_refuses_with_counts_sentences_and_advice() -> None:
    with pytest.raises(DataError) as refused:
        align(CUT, ERROR)
    message = str(refused.value)
    assert "3 (city: 2, time: 1)" in message
    assert "'misaligned_entities' to 'drop'" in message
    assert "or to 'expand', which gives:\n- 'Ro' (city) in 'to Rome': learnt as 'Rome'" in message
    assert message.endswith("\n- 'ima' (city) in 'to Lima': learnt as 'Lima'")


def test_the_policy_error_names_only_the_first_of_many() -> None:
    with pytest.raises(DataError, match=r"\n- and 2 more$") as refused:
        align(CUT[:1] * (SHOWN + 2), ERROR)
    assert str(refused.value).count("'to Rome'") == SHOWN


def test_the_policy_error_lets_entities_pass_that_fit() -> None:
    (aligned,), misaligned = align([CUT[2]], ERROR)
    assert aligned.entities == CUT[2].entities and misaligned == []


def test_an_expanded_entity_is_a_target() -> None:
    aligned, _ = align(CUT[:1], EXPAND)
    targets = encoder_of(aligned).encode(aligned)
    assert targets.tag_ids is not None and targets.tag_ids.tolist() == [0, 4]


ROME, ROM, TWICE = Entity(3, 7, "city"), Entity(3, 6, "city"), Entity(3, 7, "city", "to")


@pytest.mark.parametrize(
    ("annotated_as", "learnt", "told"),
    [
        ([ROME, ROME], [ROME], []),
        ([ROME, ROME, ROME], [ROME], []),
        ([ROM, ROM], [ROME], [(ROM, ROME)]),
        ([ROM, ROME], [ROME], [(ROM, None)]),
        ([ROME, TWICE], [ROME], [(TWICE, None)]),
        ([TWICE, ROME, TWICE], [TWICE], [(ROME, None)]),
    ],
)
def test_an_entity_annotated_twice_counts_once(
    annotated_as: List[Entity], learnt: List[Entity], told: List[Tuple[Entity, Optional[Entity]]]
) -> None:
    example, misaligned = align_entities(words("to Rome", *annotated_as), expand=True)
    assert list(example.entities) == learnt
    assert [(found.entity, found.learnt) for found in misaligned] == told


@pytest.mark.parametrize(
    ("start", "end", "misaligned"), [(4, 8, 0), (3, 8, 0), (4, 9, 0), (3, 9, 0), (4, 7, 1)]
)
def test_what_shows_nothing_at_the_ends_of_an_annotation_does_not_count(
    start: int, end: int, misaligned: int
) -> None:
    example = Example.from_text("to \u200eRome\u200f", "go", [Entity(start, end, "city")])
    aligned, found = align_entities(example, expand=True)
    assert list(aligned.entities) == [Entity(4, 8, "city")]
    assert len(found) == misaligned
