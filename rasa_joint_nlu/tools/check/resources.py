"""Checks of what stands beside the examples: regexes, lookup tables, synonyms, and the config."""

from __future__ import annotations

import re
import warnings
from typing import Iterator, Sequence, Set

import regex as unicode_regex

from rasa_joint_nlu.core.text.segment import normalize, segment
from rasa_joint_nlu.tools.check.corpus import REGEX_EXTRACTOR, Corpus, Words
from rasa_joint_nlu.tools.check.findings import Finding, found
from rasa_joint_nlu.tools.wording import cited, counted

ALL = 0.9
"""A regex that matches in more of the examples tells nothing."""
USING_PATTERNS = ("RegexFeaturizer", REGEX_EXTRACTOR)
OURS = "JointNLUClassifier"
LETTERS_FROM = 50
"""Letters that it takes to speak of their script."""
MISFITS = 0.05
"""Share of texts that the tokenizer does not cut from which on it does not fit."""

_WORD_AT_BOTH_ENDS = re.compile(r"\w(.*\w)?$", re.DOTALL)
_UNSPACED = unicode_regex.compile(
    r"[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]{2,}"
)
SCRIPTS = {
    "Latin": "en de fr es it pt nl sv da nb nn no fi pl cs sk sl hr hu ro tr vi id ms et lv lt ca",
    "Cyrillic": "ru uk bg be mk kk",
    "Greek": "el",
    "Arabic": "ar fa ur",
    "Hebrew": "he",
    "Devanagari": "hi mr ne",
    "Thai": "th",
    "Hangul": "ko",
    "Han": "zh",
    "Han Hira Kana": "ja",
}
"""The languages that are written in each script, or in several together."""


def notes(corpus: Corpus) -> Iterator[Finding]:
    """What the reader left out."""
    for note in (*corpus.nlu.notes, *corpus.test.notes):
        yield found("left-out", note.place, note.text.rstrip("."))


def regexes(corpus: Corpus) -> Iterator[Finding]:
    """Regexes that are none, or that match nothing or everything."""
    texts = [sentence.message.text for sentence in corpus.sentences if sentence.tokens]
    for of in corpus.nlu.regexes:
        shown = f"{cited(of.pattern)} of '{of.name}'"
        try:
            with warnings.catch_warnings():
                # Such as of a set in a set: other packages may warn, Python may not.
                warnings.simplefilter("ignore")
                pattern = re.compile(of.pattern, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            yield found("regex-invalid", of.place, f"{shown}: {error}")
            continue
        matches = [match for match in map(pattern.search, texts) if match]
        if texts and not any(match.group() for match in matches):
            code = "regex-matches-all" if matches else "regex-without-match"
            yield found(code, of.place, shown)
        elif len(matches) > ALL * len(texts):
            text = f"{shown} matches in {len(matches):,} of {len(texts):,} examples"
            yield found("regex-matches-all", of.place, text)


def lookup_tables(corpus: Corpus) -> Iterator[Finding]:
    """Lookup tables of which nothing is in any example."""
    met = _Met(corpus)
    for table in corpus.nlu.lookup_tables:
        if not any(map(met.has, table.elements)):
            text = f"'{table.name}', {counted(len(table.elements), 'element')}"
            yield found("lookup-without-match", table.place, text)


def elements_not_found(corpus: Corpus) -> Iterator[Finding]:
    """Elements of lookup tables that the patterns which Rasa makes of the tables never find.

    Rasa 3.6.21 and Pro 3.21.0 (nlu/utils/pattern_utils.py) put the elements one behind the other,
    as they are listed, each between word boundaries. A sign at an end has none on its other side
    but beside a letter, and of two that begin alike the first is taken.
    """
    components = corpus.setup.components
    if components is not None and not set(components) & set(USING_PATTERNS):
        return
    whole_words = corpus.setup.whole_words
    for table in corpus.nlu.lookup_tables:
        before: Set[str] = set()
        missed = []
        for element in table.elements:
            text = element.lower()
            shorter = (text[:end] for end in _ends(text, whole_words))
            hiding = next((part for part in shorter if part in before), None)
            if whole_words and not _WORD_AT_BOTH_ENDS.match(text):
                missed.append(f"{cited(element)} (a sign at an end)")
            elif hiding:
                missed.append(f"{cited(element)} ({cited(hiding)} is before it)")
            before.add(text)
        if missed:
            text = f"{len(missed):,} of '{table.name}', such as {', '.join(missed[:5])}"
            yield found("lookup-element-not-found", table.place, text)


def _ends(text: str, whole_words: bool) -> Sequence[int]:
    """Where a shorter element may end that this one begins with."""
    if not whole_words:
        return range(1, len(text))
    return [edge.start() for edge in re.finditer(r"\b", text)][1:-1]


def patterns_not_used(corpus: Corpus) -> Iterator[Finding]:
    """Whether the config has a component that regexes and lookup tables are for."""
    components = corpus.setup.components
    data = (*corpus.nlu.regexes, *corpus.nlu.lookup_tables)
    if components is not None and data and not set(components) & set(USING_PATTERNS):
        text = f"{counted(len(data), 'regex or table')}, and no {' or '.join(USING_PATTERNS)}"
        yield found("patterns-not-used", corpus.setup.place, text.replace("tables", "table"))


def synonyms(corpus: Corpus) -> Iterator[Finding]:
    """Synonyms of synonyms, and such as no entity has."""
    by_text = {synonym.text.lower(): synonym for synonym in corpus.nlu.synonyms}
    for text, synonym in by_text.items():
        next_one = by_text.get(str(synonym.value).lower())
        if next_one and str(next_one.value).lower() not in (text, str(synonym.value).lower()):
            yield found(
                "synonym-of-a-synonym",
                synonym.place,
                f"'{synonym.text}' stands for '{synonym.value}', which stands for "
                f"'{next_one.value}'",
                [next_one.place],
            )
    annotated = {mention.text.lower() for mention in corpus.mentions}
    unmet = [synonym for text, synonym in by_text.items() if text not in annotated]
    if unmet:
        shown = ", ".join(f"{cited(synonym.text)} for '{synonym.value}'" for synonym in unmet[:5])
        yield found(
            "synonym-without-match",
            unmet[0].place,
            f"{len(unmet):,} of {counted(len(by_text), 'synonym')}, such as {shown}",
            [synonym.place for synonym in unmet[1:]],
        )


def tokenizer(corpus: Corpus) -> Iterator[Finding]:
    """Whether a tokenizer that cuts at blanks is given texts without any."""
    cut = corpus.setup.tokenizer
    if corpus.setup.tokenizer_name == "UnicodeTokenizer" or cut is None:
        return
    misfits = []
    unspaced = 0
    for message in (sentence.message for sentence in corpus.sentences):
        if _UNSPACED.search(message.text):
            unspaced += 1
            texts = {token.text for token in cut(message.text)}
            kept = "".join(texts)
            runs = _UNSPACED.findall(message.text)
            if any(run in texts or run not in kept for run in runs):
                misfits.append(message)
    if unspaced and len(misfits) > MISFITS * len(corpus.sentences):
        first = misfits[0]
        tokens = [cited(token.text) for token in cut(first.text)]
        yield found(
            "tokenizer-does-not-fit",
            first.place,
            f"{corpus.setup.tokenizer_name}, and {counted(len(misfits), 'text')} without blanks "
            f"between words, such as {cited(first.text)}: {', '.join(tokens[:5])}",
        )


def language(corpus: Corpus) -> Iterator[Finding]:
    """Whether the texts are written in the script of the configured language."""
    named = (corpus.setup.language or "").lower().replace("_", "-").partition("-")[0]
    scripts = next((s for s, names in SCRIPTS.items() if named in names.split()), None)
    if not scripts:
        return
    text = "".join(sentence.message.text for sentence in corpus.sentences)
    letters = unicode_regex.findall(r"\p{L}", text)
    fitting = "".join(rf"\p{{sc={script}}}" for script in scripts.split())
    share = len(unicode_regex.findall(f"[{fitting}]", "".join(letters))) / max(1, len(letters))
    if len(letters) >= LETTERS_FROM and share < 0.5:
        yield found(
            "language-does-not-fit",
            corpus.setup.place,
            f"the language is '{corpus.setup.language}', and {share:.0%} of the letters are of "
            f"its script ({scripts})",
        )


class _Met:
    """Which words follow each other in the examples."""

    def __init__(self, corpus: Corpus) -> None:
        self._texts = "\n".join(f" {' '.join(s.words)} " for s in corpus.sentences)
        self._words: Set[str] = {word for s in corpus.sentences for word in s.words}

    def has(self, text: str) -> bool:
        """Whether an example has these words."""
        words: Words = tuple(normalize(token.text) for token in segment(text))
        if not words or not self._words.issuperset(words):
            return False
        return len(words) == 1 or f" {' '.join(words)} " in self._texts
