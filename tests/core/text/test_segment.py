"""Cutting a text into tokens, in every script."""

from __future__ import annotations

import time
from typing import Dict, List, Set, Tuple

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import Entity, Example, Prediction, Token, segment
from rasa_joint_nlu.core.data import IntentScore
from rasa_joint_nlu.core.text import segment as segmenting
from rasa_joint_nlu.core.text.segment import normalize

# Tokens with a space between them, where the text has white space or nothing.
PLAIN: Dict[str, str] = {
    "To Rome, please!": "To Rome , please !",
    "3pm": "3 pm",
    "at 3pm.": "at 3 pm .",
    "20:30": "20 : 30",
    "don't": "don ' t",
    "don’t": "don ’ t",
    "e-mail": "e - mail",
    "$5.50": "$ 5 . 50",
    "1,000.00 €": "1 , 000 . 00 €",
    "50%": "50 %",
    "g. m. t.": "g . m . t .",
    "...": ". . .",
    "user_name": "user _ name",
    "me@mail.org": "me @ mail . org",
    "https://a.io/x?y=1#z": "https : / / a . io / x ? y = 1 # z",
    "C++ #1 @you R&B": "C + + # 1 @ you R & B",
    "<b>hi</b>": "< b > hi < / b >",
    "LH454": "LH 454",
    "iPhone15Pro": "iPhone 15 Pro",
    "10km/h": "10 km / h",
    "1½ m² H₂O": "1 ½ m ² H ₂ O",
    "№ 5 ™ Ⅷ": "№ 5 ™ Ⅷ",
    # Latin
    "Zürich": "Zürich",
    "Fußballweltmeisterschaft 2030": "Fußballweltmeisterschaft 2030",
    "U-Bahn-Fahrkarte": "U - Bahn - Fahrkarte",
    "l’été à Orléans": "l ’ été à Orléans",
    "¿Dónde está?": "¿ Dónde está ?",
    "İstanbul'a ıslak": "İstanbul ' a ıslak",
    "ﬁnd oﬃce ĳs": "ﬁnd oﬃce ĳs",
    "Hawaiʻi": "Hawaiʻi",
    "Tiếng Việt": "Tiếng Việt",
    "ＡＢＣ１２３": "ＡＢＣ １２３",
    "ｒｏｍｅ，３ｐｍ": "ｒｏｍｅ ， ３ ｐｍ",
    # Greek, Cyrillic, Georgian, Armenian, Ethiopic
    "Αθήνα; 5η": "Αθήνα ; 5 η",
    "Москва-2": "Москва - 2",
    "თბილისი, Երևան, አዲስ አበባ።": "თბილისი , Երևան , አዲስ አበባ ።",
    # right to left
    "مرحبا، كيف حالك؟": "مرحبا ، كيف حالك ؟",
    "مُحَمَّدٌ ٢٠٢٤": "مُحَمَّدٌ ٢٠٢٤",
    "كــتاب": "كــتاب",
    "שָׁלוֹם": "שָׁלוֹם",
    'צה"ל תל־אביב': 'צה " ל תל ־ אביב',
    # Indic
    "नमस्ते, दिल्ली १२": "नमस्ते , दिल्ली १२",
    "क्षत्रिय।": "क्षत्रिय ।",
    "வணக்கம் কলকাতা മലയാളം": "வணக்கம் কলকাতা മലയാളം",
    "བཀྲ་ཤིས": "བཀྲ ་ ཤིས",
    # Chinese
    "我想去北京": "我 想 去 北 京",
    "去東京，谢谢。": "去 東 京 ， 谢 谢 。",
    "下载google app吧": "下 载 google app 吧",
    "播放T恤2首歌": "播 放 T 恤 2 首 歌",
    "二〇二四年3月": "二 〇 二 四 年 3 月",
    "《青花瓷》": "《 青 花 瓷 》",
    "人々OK": "人 々 OK",
    "𠮷野家": "𠮷 野 家",
    "ㄅㄆ": "ㄅ ㄆ",
    # Japanese
    "東京へ行きたい": "東 京 へ 行 き た い",
    "コーヒー・ラテ": "コ ー ヒ ー ・ ラ テ",
    "ｶﾞｷﾞｱ": "ｶﾞ ｷﾞ ｱ",
    "Ｗｉｆｉを": "Ｗｉｆｉ を",
    "㈱と㋿": "㈱ と ㋿",
    # Korean
    "서울에서 3시": "서 울 에 서 3 시",
    "ㅋㅋ ok": "ㅋ ㅋ ok",
    # South East Asia
    "สวัสดีน้ำ": "ส วั ส ดี น้ำ",
    "เชียงใหม่ ๑๒": "เ ชี ย ง ใ ห ม่ ๑๒",
    "ສະບາຍດີ": "ສ ະ ບ າ ຍ ດີ",
    "សួស្តី": "សួ ស្តី",
    "မြန်မာ": "မြ န် မာ",
    "မန္တလေး": "မ န္တ လေး",
    # emoji
    "ok👍🏽👍": "ok 👍🏽 👍",
    "🇩🇪🇫🇷": "🇩🇪 🇫🇷",
    "🙂🙂 :)": "🙂 🙂 : )",
    "ℹ️info ㊗️": "ℹ️ info ㊗️",
}

ESCAPED: List[Tuple[str, List[str]]] = [
    ("", []),
    (" \t\n\u3000\u00a0\u2028\x1c\x85", []),
    ("a\u00a0b\u3000c", ["a", "b", "c"]),
    ("e\u0301te\u0301", ["e\u0301te\u0301"]),
    ("Vie\u0323\u0302t", ["Vie\u0323\u0302t"]),
    ("i\u0307stanbul", ["i\u0307stanbul"]),
    ("\u304b\u3099", ["\u304b\u3099"]),
    ("\u1112\u1161\u11ab\u1100\u1173\u11af", ["\u1112\u1161\u11ab", "\u1100\u1173\u11af"]),
    ("\u06dd\u0661\u0662", ["\u06dd", "\u0661\u0662"]),  # an enclosing mark for two digits
    ("\u0600 \u0301", ["\u0600", "\u0301"]),
    (" \u0301a", ["\u0301", "a"]),
    ("Zug\u00adfahrt", ["Zug\u00adfahrt"]),
    ("Zug\u00ad fahrt\u00ad", ["Zug", "fahrt"]),
    ("\u200eabc\u200f", ["abc"]),
    ("abc\u200edef", ["abc\u200edef"]),
    ("\u0e01\u200b\u0e02", ["\u0e01", "\u0e02"]),
    ("foo\u200bbar\u200b", ["foo", "bar"]),
    ("\ufeffhi", ["hi"]),
    ("hi\u2060there", ["hi\u2060there"]),
    ("a\x00b\x07", ["a", "b"]),
    ("\x01\x02\x7f", []),
    ("call \u202a+49 176\u200e12\u202c now", ["call", "+", "49", "176\u200e12", "now"]),
    ("\u2066\u0661\u0662\u2069", ["\u0661\u0662"]),
    ("Rome\u200d, Oslo\u200c", ["Rome", ",", "Oslo"]),
    ("Rome\ufe0f", ["Rome\ufe0f"]),
    ("\u200d \u200c\u034f \ufe0f", []),
    ("\u200d\u0301", ["\u0301"]),
    ("\u6771\u200d\u4eac", ["\u6771", "\u4eac"]),
    ("\u3164a\u115f \uffa0", ["a"]),
    ("\ufff9\u6771\ufffa\u3068\ufffb", ["\u6771", "\u3068"]),
    ("\U0001f469\u200d ok", ["\U0001f469", "ok"]),
    ("1\u00ad2\ufe0f\u20e3", ["1", "2\ufe0f\u20e3"]),
    ("a\ud83d b\udc4d", ["a", "\ud83d", "b", "\udc4d"]),
    ("a\u0378\ue000", ["a", "\u0378", "\ue000"]),  # unassigned, private use
    ("\u4e00\ufe00\u4e01", ["\u4e00\ufe00", "\u4e01"]),
    ("1\ufe0f\u20e312\ufe0f\u20e3#\u20e3", ["1\ufe0f\u20e3", "1", "2\ufe0f\u20e3", "#\u20e3"]),
    (
        "\U0001f468\u200d\U0001f469\u200d\U0001f467!",
        ["\U0001f468\u200d\U0001f469\u200d\U0001f467", "!"],
    ),
    ("\U0001f1e9\U0001f1ea\U0001f1eb", ["\U0001f1e9\U0001f1ea", "\U0001f1eb"]),
    # A sign that links letters, after none: releases of regex differ about it.
    ("+\u094d\u0915\u093e", ["+\u094d", "\u0915\u093e"]),
    ("1\u17d2\u1780", ["1\u17d2", "\u1780"]),
    ("\u0e01\u094d\u1780", ["\u0e01\u094d", "\u1780"]),
]

WHOLE = [
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, ZWNJ inside of a word
    "\u0915\u094d\u200d\u0937",  # Devanagari, ZWJ
    "\u2764\ufe0f\u200d\U0001f525",  # a heart on fire
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # England
]


def texts_of(text: str) -> List[str]:
    return [token.text for token in segment(text)]


@pytest.mark.parametrize("text", PLAIN)
def test_letters_digits_characters_and_marks_are_tokens(text: str) -> None:
    assert " ".join(texts_of(text)) == PLAIN[text]
    assert "".join(texts_of(text)) == "".join(text.split())


@pytest.mark.parametrize(("text", "tokens"), ESCAPED, ids=lambda value: ascii(value)[:40])
def test_what_cannot_be_seen_has_its_place(text: str, tokens: List[str]) -> None:
    assert texts_of(text) == tokens


@pytest.mark.parametrize("text", WHOLE, ids=ascii)
def test_what_is_joined_is_one_token(text: str) -> None:
    assert texts_of(text) == [text]


# For any text ---------------------------------------------------------------------------------

SPECIAL = (
    "aZéßｚ漢々〇かゔカーｶﾞ한ㅎ\u1112\u1161\u11abกำัເລໍမာြះ្ខकि्षאָبّ12１٣½²Ⅷ.,'_-$€@#*"
    " \t\r\n\u00a0\u3000\x1c\x1f\x85\u200b\u200c\u200d\u200e\u00ad\ufeff\x00\ufe0f\u20e3\u0301"
    "\u0600\u06dd\u0d4e\u0903\u302a\uff9e\U0001f44d\U0001f3fd\U0001f468\U0001f1e9\U0001f1ea"
    "\U0001f3f4\U000e0067\U000e007f\u2764\u2139\ud800\udfff\u0378\ue000"
)
TEXTS = st.one_of(
    st.text(st.characters(), max_size=30),
    st.text(st.sampled_from(SPECIAL), max_size=15),
)


SHOWS_NOTHING = regex.compile(r"[\p{DI}\p{Cc}\uFFF9-\uFFFB]", regex.V1)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_tokens_are_ordered_pieces_of_the_text_that_miss_only_what_cannot_be_seen(
    text: str,
) -> None:
    tokens = segment(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    ends = [0, *(token.end for token in tokens)]
    starts = [*(token.start for token in tokens), len(text)]
    assert all(end <= start for end, start in zip(ends, starts))
    assert all(token.start < token.end for token in tokens)
    for end, start in zip(ends, starts):
        assert all(c.isspace() or SHOWS_NOTHING.match(c) for c in text[end:start])


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_no_token_begins_or_ends_with_what_shows_nothing(text: str) -> None:
    for token in segment(text):
        assert not SHOWS_NOTHING.match(token.text)
        assert not SHOWS_NOTHING.match(token.text[-1]) or regex.match(
            r"[\p{gcb=Extend}--[\u034F\u200C\u200D]]", token.text[-1], regex.V1
        )


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, ignorable=st.sampled_from("\u00ad\u200b\u200d\u200e\ufeff\ufe0f\U000e0067"))
def test_a_word_is_looked_up_without_what_is_ignorable(text: str, ignorable: str) -> None:
    assert normalize(ignorable.join(["", *text, ""])) == normalize(text)
    assert not regex.search(r"\p{DI}", normalize(text))


def clusters(text: str) -> Set[int]:
    """Where the extended grapheme clusters of a text begin, in the newest regex as in older ones.

    The newest joins a letter to a sign before it that links, whatever the sign stands behind.
    """
    linked = r"(?<=[\p{gcb=Extend}\p{gcb=ZWJ}])[\p{L}--[\p{gcb=Extend}\p{gcb=SpacingMark}]]"
    return {
        match.start()
        for pattern in (r"\X", linked)
        for match in regex.finditer(pattern, text, regex.V1)
    }


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_tokens_begin_where_characters_do_or_after_white_space_or_a_prefix(text: str) -> None:
    begins = clusters(text)
    for token in segment(text):
        before = text[: token.start]
        assert (
            token.start in begins
            or before[-1].isspace()
            or SHOWS_NOTHING.match(before[-1])
            or regex.search(r"\p{gcb=Prepend}[\p{gcb=Extend}\p{gcb=ZWJ}\p{M}]*$", before)
        )


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_has_the_same_tokens_by_its_own_quick_pattern(text: str) -> None:
    wanted = [(match.group(), *match.span()) for match in segmenting._TOKEN.finditer(text)]
    assert list(segment(text)) == wanted


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(TEXTS, max_size=4))
def test_white_space_separates_so_that_parts_have_the_tokens_of_the_whole(
    texts: List[str],
) -> None:
    assert texts_of("\n".join(texts)) == [token for text in texts for token in texts_of(text)]


def test_every_character_of_unicode_alone_is_a_token_unless_it_shows_nothing() -> None:
    # The planes with more in them than Han and private use.
    numbers = [*range(0x20000), *range(0xE0000, 0xE0200)]
    characters = [chr(number) for number in numbers]
    expected = [c for c in characters if not (c.isspace() or SHOWS_NOTHING.match(c))]
    assert texts_of("\n".join(characters)) == expected


LOOKED_UP = {
    "Rome": [
        "Rome\u200d",
        "\u200eRome",
        "Ro\u00adme",
        "Rome\ufe0f",
        "R\u200bome",
        "\ufeffＲＯＭＥ",
    ],
    "می\u200cخواهم": ["میخواهم", "می\u200cخواهم\u200c"],
    "क्\u200dष": ["क्ष"],
    "葛\U000e0100": ["葛", "葛\ufe00"],
    "❤️": ["❤", "❤\ufe0e"],
    "한국": ["한\u2060국"],
}


@pytest.mark.parametrize("word", LOOKED_UP, ids=ascii)
def test_words_that_look_the_same_are_looked_up_as_the_same(word: str) -> None:
    assert {normalize(other) for other in LOOKED_UP[word]} == {normalize(word)}


@pytest.mark.parametrize("piece", ["\u00ad\u200d", "\u00ad", "\u200d", "\x00", "1\u00ad", "\u200b"])
def test_cutting_takes_time_in_proportion_to_what_cannot_be_seen(piece: str) -> None:
    def seconds(times: int) -> float:
        text, start = "a" + piece * times, time.perf_counter()
        segment(text)
        return time.perf_counter() - start

    ratios = [seconds(40_000) / seconds(10_000) for _ in range(5)]
    assert min(ratios) < 10


# Where it is used -----------------------------------------------------------------------------


def test_an_example_of_a_text_has_its_tokens() -> None:
    example = Example.from_text("to Rome", "book", [Entity(3, 7, "city")])
    assert example.tokens == (Token("to", 0, 2), Token("Rome", 3, 7))
    assert example.intent == "book" and example.entities == (Entity(3, 7, "city"),)


def test_the_intent_of_a_prediction_is_its_first_or_none() -> None:
    assert Prediction((IntentScore("a", 0.7), IntentScore("b", 0.3))).intent == "a"
    assert Prediction().intent is None
