"""Words, n-grams and labels: their tables and what unknown ones become."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import replace
from typing import List, Sequence, Tuple

import numpy as np
import pytest
from helpers import annotated
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core import vocab as vocab_module
from rasa_joint_nlu.core.batch import TokenTable
from rasa_joint_nlu.core.tags import Labels
from rasa_joint_nlu.core.text.ngrams import (
    Form,
    forms,
    ngram_hashes,
    normalize,
    shape_hashes,
    text_hash,
)
from rasa_joint_nlu.core.text.segment import is_character, segment
from rasa_joint_nlu.core.vocab import Vocabulary


def hashes(*grams: str) -> List[int]:
    return sorted(zlib.crc32(gram.encode()) for gram in grams)


def bag(table: TokenTable, row: int) -> List[int]:
    """The n-gram rows of one token of a table."""
    return table.ngrams.ids[table.ngrams.offsets[row] : table.ngrams.offsets[row + 1]].tolist()


def plain(words: Sequence[str]) -> List[Form]:
    return [Form(word) for word in words]


@pytest.mark.parametrize(
    ("word", "normal"),
    [("Rome", "rome"), ("ＲＯＭＥ", "rome"), ("STRASSE", "strasse"), ("Straße", "strasse")],
)
def test_words_are_normalized_by_width_and_case(word: str, normal: str) -> None:
    assert normalize(word) == normal


def test_composed_and_decomposed_letters_are_the_same_word() -> None:
    assert normalize("Zu\u0308rich") == normalize("Z\u00fcrich")


def test_ngrams_are_framed_and_two_to_five_long() -> None:
    assert ngram_hashes("abc") == hashes(
        "<a", "ab", "bc", "c>", "<ab", "abc", "bc>", "<abc", "abc>", "<abc>"
    )


def test_a_repeated_ngram_counts_once() -> None:
    assert ngram_hashes("aa") == hashes("<a", "aa", "a>", "<aa", "aa>", "<aa>")


def test_a_word_with_digits_has_a_shape() -> None:
    assert ngram_hashes("7a") == hashes("<7", "7a", "a>", "<7a", "7a>", "<7a>", "#<0a>")


def test_words_of_the_same_shape_share_it() -> None:
    shape = zlib.crc32(b"#<00:00a>")
    assert shape in ngram_hashes("12:30p") and shape in ngram_hashes("98:76x")


def test_a_word_without_digits_has_no_shape() -> None:
    assert zlib.crc32(b"#<aa>") not in ngram_hashes("ab")


@pytest.mark.parametrize(
    ("word", "shapes"),
    [
        ("7", ["#<0>", "\0=0", "\0~number"]),
        ("1234567", ["#<0000000>", "\0=0", "\0~number"]),
        ("12.50", ["#<00.00>", "\0=0.0", "\0~number"]),
        ("1,250.5", ["#<0,000.0>", "\0=0,0.0", "\0~number"]),
        ("3/12/1999", ["#<0/00/0000>", "\0=0/0/0"]),
        ("$5", ["#<$0>", "\0=$0"]),
        ("ba1234", ["#<aa0000>", "\0=a0", "\0~code"]),
        ("7pm", ["#<0aa>", "\0=0a", "\0~code"]),
        ("\u0663\u0664", ["#<00>", "\0=0", "\0~number"]),  # Arabic-Indic
        ("\u096d.\u096b", ["#<0.0>", "\0=0.0", "\0~number"]),  # Devanagari
        ("\u0e53", ["#<0>", "\0=0", "\0~number"]),  # Thai
        ("\u043a4", ["#<a0>", "\0=a0", "\0~code"]),  # a Cyrillic letter
        (normalize("\uff11\uff12"), ["#<00>", "\0=0", "\0~number"]),  # of full width
        ("rome", []),
        ("", []),
        ("a" * 64 + "1", []),
    ],
)
def test_a_word_with_digits_has_shapes_from_fine_to_coarse(word: str, shapes: List[str]) -> None:
    assert shape_hashes(word) == list(map(text_hash, shapes))


@settings(max_examples=60, deadline=None)
@given(word=st.text("07\u0663a\u043a.,-", max_size=70))
def test_the_finest_shape_alone_is_an_ngram(word: str) -> None:
    finest = shape_hashes(word)[:1]
    assert set(shape_hashes(word)) & set(ngram_hashes(word)) == set(finest)


def with_rows_for(vocabulary: Vocabulary, *shapes: str) -> Vocabulary:
    """The vocabulary with rows for coarse shapes, after those of its n-grams."""
    return replace(vocabulary, ngrams=(*vocabulary.ngrams, *map(text_hash, shapes)))


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("7", "\0=0"),
        ("140", "\0=0"),
        ("1234567", "\0=0"),
        ("\u0663", "\0=0"),
        ("9.75", "\0=0.0"),
        ("120.75", "\0=0.0"),
        ("1.250,00", "\0~number"),
        ("1,250", "\0~number"),
    ],
)
def test_a_number_as_unknown_as_its_shape_has_a_coarser_one(word: str, shape: str) -> None:
    known = Vocabulary().extended(plain(["12", "34", "56", "12.50", "34.10"]))
    vocabulary = with_rows_for(known, "\0=0", "\0=0.0", "\0~number")
    rows = bag(vocabulary.table([Form(word)]), 0)
    assert [vocabulary.ngrams[row] for row in rows] == [text_hash(shape)]
    of_before = known.table([Form(word)])
    assert bag(of_before, 0) == [
        row for row, ngram in enumerate(known.ngrams) if ngram in ngram_hashes(word)
    ]


@pytest.mark.parametrize(
    "word", ["12", "99", "b12", "3/12", "$8", "12-50", "7:30", "rome", "seven"]
)
def test_words_and_shapes_that_are_known_and_codes_among_numbers_keep_their_ngrams(
    word: str,
) -> None:
    known = Vocabulary().extended(plain(["12", "34", "56", "rom", "rome", "seventeen", "sevens"]))
    vocabulary = with_rows_for(known, "\0=0", "\0~number")
    table, of_before = (each.table([Form(word)]) for each in (vocabulary, known))
    assert bag(table, 0) == bag(of_before, 0)


def test_only_the_first_64_characters_count() -> None:
    word = "abcdefgh" * 8
    assert ngram_hashes(word + "xyz") == ngram_hashes(word + "qqqqq") == ngram_hashes(word)
    assert ngram_hashes(word[:-1] + "xyz") != ngram_hashes(word)


@settings(max_examples=60, deadline=None)
@given(word=st.text(st.characters(), max_size=100))
def test_any_text_has_sorted_distinct_32_bit_ngrams(word: str) -> None:
    found = ngram_hashes(normalize(word))
    assert found == sorted(set(found)) and found
    assert all(0 <= ngram < 2**32 for ngram in found)


@settings(max_examples=60, deadline=None)
@given(word=st.text("abé去ß\U0001f44d-", min_size=1, max_size=9))
def test_ngrams_are_those_of_characters_not_of_bytes(word: str) -> None:
    framed = f"<{word}>"
    grams = {framed[i : i + n] for n in (2, 3, 4, 5) for i in range(len(framed) - n + 1)}
    assert ngram_hashes(word) == hashes(*grams)


def test_a_lone_surrogate_has_ngrams() -> None:
    assert len(ngram_hashes("\ud83d")) == 3


def test_words_get_rows_from_one_on_in_order_of_appearance() -> None:
    vocabulary = Vocabulary().extended(plain(["to", "rome", "to", "a"]))
    assert vocabulary.words == ("to", "rome", "a")
    assert [vocabulary.word_row(word) for word in ("to", "rome", "a")] == [1, 2, 3]
    assert vocabulary.word_row("oslo") == 0


@pytest.mark.parametrize(
    ("word", "is_near"),
    [
        ("yesss", True),
        ("yeeesss", True),
        ("hellloooo", True),
        ("heeeeeelo", True),
        ("helloooooooooooooooooooooooooooooooooooooo", True),
        ("yess", True),
        ("hallo", True),
        ("noooo", True),
        ("zzzz", False),
        ("yeahhh", False),
        ("wooow", False),
        ("anna", False),
        ("annna", False),
        ("", False),
    ],
)
def test_a_word_with_a_letter_wrong_or_drawn_out_is_nearly_known(word: str, is_near: bool) -> None:
    assert Vocabulary(("hello", "yes", "no")).has_nearly(word) == is_near


def test_a_table_looks_up_words_and_their_known_ngrams() -> None:
    vocabulary = Vocabulary().extended(plain(["abc", "abd"]))
    table = vocabulary.table(plain(["abd", "abc", "zzz"]))
    assert len(table) == 3
    assert table.word_ids.tolist() == [2, 1, 0]
    for row in (0, 1):
        assert sorted(vocabulary.ngrams[i] for i in bag(table, row)) == hashes("<a", "ab", "<ab")
    assert bag(table, 2) == []


def test_an_unknown_word_keeps_only_ngrams_that_training_saw() -> None:
    vocabulary = Vocabulary().extended(plain(["abc", "abcd"]))
    table = vocabulary.table(plain(["abx"]))
    assert sorted(vocabulary.ngrams[i] for i in bag(table, 0)) == hashes("<a", "ab", "<ab")


def test_an_ngram_of_one_word_alone_gets_a_row_when_a_second_word_has_it() -> None:
    first = Vocabulary().extended(plain(["abc", "abc"]))
    assert first.ngrams == ()
    assert sorted(first.extended(plain(["abx"])).ngrams) == hashes("<a", "ab", "<ab")


def test_row_zero_of_the_table_of_words_has_no_ngrams() -> None:
    known = Vocabulary().extended(plain(["abc", "abcd"])).word_table
    assert known.word_ids.tolist() == [0, 1, 2]
    assert bag(known, 0) == []
    assert len(bag(known, 1)) == len(hashes("<a", "<ab", "<abc", "ab", "abc", "bc"))
    assert known.ngrams.offsets[-1] == len(known.ngrams.ids)


def test_an_empty_vocabulary_knows_only_the_unknown_word() -> None:
    known = Vocabulary().word_table
    assert len(known) == 1 and known.ngrams.offsets.tolist() == [0, 0]


@settings(max_examples=40, deadline=None)
@given(
    first=st.lists(st.text("abc1", min_size=1, max_size=5), max_size=6),
    more=st.lists(st.text("abd2", min_size=1, max_size=5), max_size=6),
)
def test_extending_keeps_every_old_row(first: List[str], more: List[str]) -> None:
    old = Vocabulary().extended(plain(first))
    new = old.extended(plain(more))
    assert new.words[: len(old.words)] == old.words
    assert new.ngrams[: len(old.ngrams)] == old.ngrams
    assert len(set(new.words)) == len(new.words) and len(set(new.ngrams)) == len(new.ngrams)
    assert set(new.words) == {*first, *more}
    counts = Counter(gram for word in {*first, *more} for gram in ngram_hashes(word))
    assert set(new.ngrams) == {gram for gram, count in counts.items() if count > 1}


def test_new_ngrams_of_most_words_come_first_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vocab_module, "NGRAM_LIMIT", 3)
    vocabulary = Vocabulary().extended(plain(["abcd", "abxy", "abzw"]))
    # the three n-grams that all three words share
    assert sorted(vocabulary.ngrams) == hashes("<a", "ab", "<ab")
    assert vocabulary.extended(plain(["qrst"])).ngrams == vocabulary.ngrams


def test_there_are_at_most_fifteen_thousand_ngrams() -> None:
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = ["".join(rng.choice(letters, 9)) for _ in range(2000)]
    words += [word + "s" for word in words]
    assert len({gram for word in words for gram in ngram_hashes(word)}) > 15_000
    assert len(Vocabulary().extended(plain(words)).ngrams) == 15_000


# Characters of scripts without spaces.


def contexts(text: str) -> List[Tuple[str, ...]]:
    return [form.context for form in forms(segment(text))]


@pytest.mark.parametrize(
    ("text", "index", "context"),
    [
        ("我要去东京", 2, ("E要去", "B去东", "E我要去", "M要去东", "B去东京")),
        ("我要去东京", 0, ("E<我", "B我要", "M<我要", "B我要去")),
        ("我", 0, ("E<我", "B我>", "M<我>")),
        ("到Rome去", 2, ("E<去", "B去>", "M<去>")),
        ("去 东", 0, ("E<去", "B去>", "M<去>")),
        ("《去，", 1, ("E《去", "B去>", "E<《去", "M《去>")),
        ("ＡＢＣ去", 0, ()),
        ("to Rome 7", 1, ()),
        ("ไปที่", 1, ("Eไป", "Bปที่", "E<ไป", "Mไปที่", "Bปที่>")),
        ("가나", 0, ("E<가", "B가나", "M<가나", "B가나>")),
    ],
)
def test_a_character_is_known_by_the_ngrams_around_it(
    text: str, index: int, context: Tuple[str, ...]
) -> None:
    assert contexts(text)[index] == context


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.sampled_from("我要去东京Ab1 ,ไป👍é"), max_size=12))
def test_every_token_has_a_form_and_only_characters_have_a_context(text: str) -> None:
    tokens = segment(text)
    found = forms(tokens)
    assert [form.word for form in found] == [normalize(token.text) for token in tokens]
    for token, form in zip(tokens, found):
        assert bool(form.context) == is_character(token.text)
        assert all(form.word in ngram for ngram in form.context)


def test_ngrams_around_characters_get_rows_if_met_twice() -> None:
    vocabulary = Vocabulary().extended([*forms(segment("去东京")), *forms(segment("到东京"))])
    assert vocabulary.words == ("去", "东", "京", "到")
    assert sorted(vocabulary.ngrams) == hashes("B东京", "E东京", "B京>", "B东京>", "M东京>")


LABELLED = [
    annotated("from [Oslo](city/departure)", "book"),
    annotated("to [Rome](city/arrival) on [Monday](day)", "book"),
    annotated("see [Oslo](city)", "ask"),
    annotated("[tea](drink#1) or [cola](drink#2)"),
]


def test_labels_are_sorted() -> None:
    labels = Labels.of(LABELLED)
    assert labels.intents == ("ask", "book")
    assert labels.types == ("city", "day", "drink")
    assert labels.roles == ("arrival", "departure")
    assert labels.groups == ("1", "2")


def test_combinations_list_the_roles_and_groups_seen_with_each_type() -> None:
    labels = Labels.of(LABELLED)
    assert labels.type_roles == ((0, 1, 2), (0,), (0,))
    assert labels.type_groups == ((0,), (0,), (1, 2))


def test_known_labels_keep_their_ids_and_new_ones_follow_sorted() -> None:
    known = Labels.of(LABELLED)
    labels = Labels.of(
        [
            annotated("[a](zoo/by)", "zero"),
            annotated("[b](area/arrival)", "act"),
            annotated("[c](day/by#0)", "book"),
        ],
        known,
    )
    assert labels.intents == ("ask", "book", "act", "zero")
    assert labels.types == ("city", "day", "drink", "area", "zoo")
    assert labels.roles == ("arrival", "departure", "by")
    assert labels.groups == ("1", "2", "0")
    assert labels.type_roles == ((0, 1, 2), (0, 3), (0,), (1,), (3,))
    assert labels.type_groups == ((0,), (0, 3), (1, 2), (0,), (0,))


def test_no_examples_have_no_labels() -> None:
    assert Labels.of([]) == Labels()
    assert Labels.of([Example.from_text("hello")]) == Labels()
