"""Checks of texts: what contradicts, repeats or gives away the test."""

from __future__ import annotations

import zlib
from collections import Counter
from typing import Callable, Dict, FrozenSet, Iterable, Iterator, List, Optional, Sequence, Tuple

import regex
from datasketch import MinHash, MinHashLSH

from rasa_joint_nlu.tools.check.corpus import Corpus, Sentence, intent_of, label
from rasa_joint_nlu.tools.check.findings import Finding, found
from rasa_joint_nlu.tools.nlu_files import Place
from rasa_joint_nlu.tools.wording import cited, counted

NEAR = 0.8
"""How alike texts are called near: the Jaccard index of their runs of three characters."""
BANDS, HASHES = 10, 40
"""Of a MinHash. Texts are compared if all four hashes of a band are equal: of texts that are just
near, one in 200 is missed.
"""
SHORTEST = 12
"""Characters below which texts are not compared: a single letter is much of them."""

ALIKE = 2
"""Texts of an intent that it takes to have a shape: one may be a slip."""

TEMPLATED_FROM = 50
"""Examples with entities that it takes to speak of patterns at all."""
OFTEN, MOST = 5, 0.5
"""Data is templated if patterns with at least so many examples have so many of all."""

_MARKUP = regex.compile(
    r"""\[[^\]]*\]\s*[({]           # [Rome] (city), [Rome](city
      | \]\s*\([^)]*\)?$            # Rome](city)
      | \{\s*"entity"\s*:           # the attributes of one
      | \([\p{L}_]+\)\[[^\]]+\]     # (city)[Rome]
    """,
    regex.VERBOSE,
)
_GARBLED = regex.compile(
    "\ufffd|[\x00-\x08\x0b-\x1f\x7f]"
    # UTF-8 that was read as Latin-1 or Windows-1252.
    "|Ã[\x80-\xbf¤¶¼Ÿ©¨ª«§±³]|â€[\x80-\xbf™œ]"
)
_MIXED = regex.compile(
    r"\p{L}*(?:\p{sc=Latin}[\p{sc=Cyrillic}\p{sc=Greek}]|[\p{sc=Cyrillic}\p{sc=Greek}]\p{sc=Latin})"
    r"\p{L}*"
)


def empty_texts(corpus: Corpus) -> Iterator[Finding]:
    """Texts without a token."""
    for sentence in corpus.sentences:
        if not sentence.tokens:
            message = sentence.message
            shown = f"{cited(message.text)} of" if message.text else "an empty example of"
            yield found("text-empty", message.place, f"{shown} intent '{message.intent}'")


def odd_texts(corpus: Corpus) -> Iterator[Finding]:
    """Texts with rests of annotations, of another encoding, or with look-alike letters."""
    for message in (sentence.message for sentence in corpus.sentences):
        for code, pattern in (
            ("text-with-markup", _MARKUP),
            ("text-garbled", _GARBLED),
            ("text-of-mixed-scripts", _MIXED),
        ):
            match = pattern.search(message.text)
            if match:
                text = f"{cited(match.group())} in {cited(message.text)}"
                yield found(code, message.place, text)


def equal_texts(corpus: Corpus) -> Iterator[Finding]:
    """Texts that are equal but for case and blanks."""
    for group in _grouped(corpus.sentences, lambda sentence: sentence.words):
        first, *others = group
        text, intent = cited(first.message.text), intent_of(first.message)
        # Of a retrieval intent, the whole name: a response is chosen by what follows the "/".
        by_intent = _first_of_each(group, lambda s: intent_of(s.message))
        if len(by_intent) > 1:
            yield _contradiction("text-in-two-intents", by_intent, first.message.text)
            continue
        annotations = _first_of_each(group, _annotations)
        if len(annotations) > 1:
            shown = " / ".join(_shown_annotations(sentence) for sentence in annotations)
            yield found(
                "annotated-differently",
                annotations[1].message.place,
                f"{text}: {shown}",
                [annotations[0].message.place, *_places(annotations[2:])],
            )
        else:
            yield found(
                "text-repeated",
                others[0].message.place,
                f"{text} stands {counted(len(group), 'time')} in intent '{intent}'",
                [first.message.place, *_places(others[1:])],
            )


def equal_words(corpus: Corpus) -> Iterator[Finding]:
    """Texts of different intents with the same words, apart from their order and punctuation."""
    for group in _grouped(corpus.sentences, lambda sentence: sentence.plain_words):
        by_intent = _first_of_each(group, lambda s: s.message.intent)
        if len(by_intent) > 1 and len({sentence.words for sentence in by_intent}) > 1:
            texts = " / ".join(cited(sentence.message.text) for sentence in by_intent[:3])
            yield _contradiction("words-in-two-intents", by_intent, texts, is_cited=True)


def equal_patterns(corpus: Corpus) -> Iterator[Finding]:
    """Texts of different intents that differ in the values of entities alone."""
    with_entities = [sentence for sentence in corpus.sentences if sentence.message.entities]
    for group in _grouped(with_entities, lambda sentence: sentence.pattern):
        by_intent = _first_of_each(group, lambda s: s.message.intent)
        if len(by_intent) > 1 and len({sentence.words for sentence in by_intent}) > 1:
            pattern = " ".join(group[0].pattern)
            yield _contradiction("pattern-in-two-intents", by_intent, pattern)


def equal_shapes(corpus: Corpus) -> Iterator[Finding]:
    """Texts of different intents that differ in their digits or e-mail addresses alone."""
    for group in _grouped(corpus.sentences, lambda sentence: sentence.shape):
        distinct = _first_of_each(group, lambda s: (s.message.intent, s.words))
        times = Counter(sentence.message.intent for sentence in distinct)
        by_intent = _first_of_each(
            (s for s in distinct if times[s.message.intent] >= ALIKE), lambda s: s.message.intent
        )
        # Of equal patterns, another check speaks.
        if len(by_intent) > 1 and not _has_one_pattern(by_intent):
            texts = " / ".join(cited(sentence.message.text) for sentence in by_intent[:3])
            yield _contradiction("shape-in-two-intents", by_intent, texts, is_cited=True)


def _has_one_pattern(sentences: Sequence[Sentence]) -> bool:
    patterns = {sentence.pattern for sentence in sentences}
    return len(patterns) == 1 and any(sentence.message.entities for sentence in sentences)


def near_texts(corpus: Corpus) -> Iterator[Finding]:
    """Texts of different intents that are nearly the same."""
    index = _Near()
    known = _patterns_of_intents(corpus)
    for intent, sentences in corpus.by_intent.items():
        distinct = list({sentence.words: sentence for sentence in sentences}.values())
        for sentence, hashed in index.hashed(distinct):
            other = index.nearest(sentence, hashed)
            # What is said more sharply elsewhere is not said again.
            if (
                other
                and known[sentence.pattern] == known[other.pattern] == 1
                and sentence.plain_words != other.plain_words
            ):
                yield found(
                    "near-duplicate-in-two-intents",
                    sentence.message.place,
                    f"{cited(sentence.message.text)} ({intent}) is near to "
                    f"{cited(other.message.text)} ({other.message.intent})",
                    [other.message.place],
                )
        index.add_all(distinct)


def leaked_texts(corpus: Corpus) -> Iterator[Finding]:
    """Texts of the test data that are, or nearly are, in the training data."""
    if not corpus.test_sentences:
        return
    trained = {sentence.words: sentence for sentence in corpus.sentences}
    tested = {sentence.words: sentence for sentence in corpus.test_sentences}
    index = _Near()
    index.add_all(list(trained.values()))
    near: List[Tuple[Sentence, Sentence]] = []
    for words, sentence in tested.items():
        if words in trained:
            yield found(
                "test-text-in-training",
                sentence.message.place,
                cited(sentence.message.text),
                [trained[words].message.place],
            )
    fresh = [sentence for words, sentence in tested.items() if words not in trained]
    for sentence, hashed in index.hashed(fresh):
        other = index.nearest(sentence, hashed)
        if other:
            near.append((sentence, other))
    if near:
        sentence, other = near[0]
        yield found(
            "near-duplicate-in-test",
            sentence.message.place,
            f"{counted(len(near), 'text')} of {len(tested)}, such as "
            f"{cited(sentence.message.text)}, which is near to {cited(other.message.text)}",
            _places(sentence for sentence, _ in near[1:]),
        )


def templates(corpus: Corpus) -> Iterator[Finding]:
    """Whether most examples with entities follow few patterns."""
    by_pattern = Counter(s.pattern for s in corpus.sentences if s.message.entities)
    total = sum(by_pattern.values())
    often = {pattern: times for pattern, times in by_pattern.items() if times >= OFTEN}
    if total >= TEMPLATED_FROM and sum(often.values()) >= MOST * total:
        pattern, times = by_pattern.most_common(1)[0]
        first = next(s for s in corpus.sentences if s.message.entities and s.pattern == pattern)
        yield found(
            "templated",
            first.message.place,
            f"{sum(often.values()) / total:.0%} of the {total} examples with entities follow "
            f"{counted(len(often), 'pattern')}; most often, {times} times: "
            f"{cited(' '.join(pattern))}",
        )


class _Near:
    """Finds texts that are near to others: MinHash and locality-sensitive hashing.

    Broder, On the resemblance and containment of documents, 1997.
    """

    def __init__(self) -> None:
        self._index = MinHashLSH(num_perm=HASHES, params=(BANDS, HASHES // BANDS))
        self._sentences: Dict[int, Sentence] = {}
        self._hashes: Dict[Tuple[str, ...], MinHash] = {}

    def hashed(self, sentences: Sequence[Sentence]) -> Iterator[Tuple[Sentence, MinHash]]:
        """Those that are long enough, with their hashes."""
        long_enough = [s for s in sentences if sum(map(len, s.words)) >= SHORTEST]
        missing = [s for s in long_enough if s.words not in self._hashes]
        shingles = ([part.encode("utf-8", "surrogatepass") for part in _parts(s)] for s in missing)
        # Not safe from an enemy, which it need not be, and four times as fast as the default.
        bulk = MinHash.bulk(shingles, num_perm=HASHES, hashfunc=zlib.crc32)
        for sentence, hashed in zip(missing, bulk):
            self._hashes[sentence.words] = hashed
        for sentence in long_enough:
            yield sentence, self._hashes[sentence.words]

    def add_all(self, sentences: Sequence[Sentence]) -> None:
        """Add what later ones may be near to."""
        for sentence, hashed in self.hashed(sentences):
            key = len(self._sentences)
            self._sentences[key] = sentence
            self._index.insert(key, hashed, check_duplication=False)

    def nearest(self, sentence: Sentence, hashed: MinHash) -> Optional[Sentence]:
        """The nearest of those that are near, if any."""
        best, nearest = NEAR, None
        parts = _parts(sentence)
        for key in sorted(self._index.query(hashed))[:100]:
            other = _parts(self._sentences[key])
            likeness = len(parts & other) / max(1, len(parts | other))
            if likeness >= best:
                best, nearest = likeness, self._sentences[key]
        return nearest


def _parts(sentence: Sentence) -> FrozenSet[str]:
    text = f" {' '.join(sentence.words)} "
    return frozenset(map("".join, zip(text, text[1:], text[2:])))


def _patterns_of_intents(corpus: Corpus) -> Counter[Tuple[str, ...]]:
    """In how many intents each pattern is."""
    pairs = {(s.pattern, s.message.intent) for s in corpus.sentences}
    return Counter(pattern for pattern, _ in pairs)


def _grouped(
    sentences: Iterable[Sentence], key: Callable[[Sentence], Tuple[str, ...]]
) -> List[List[Sentence]]:
    """Groups of two and more with the same key, which is not empty."""
    groups: Dict[Tuple[str, ...], List[Sentence]] = {}
    for sentence in sentences:
        groups.setdefault(key(sentence), []).append(sentence)
    return [group for words, group in groups.items() if words and len(group) > 1]


def _first_of_each(group: Iterable[Sentence], key: Callable[[Sentence], object]) -> List[Sentence]:
    firsts: Dict[object, Sentence] = {}
    for sentence in group:
        firsts.setdefault(key(sentence), sentence)
    return list(firsts.values())


def _contradiction(
    code: str, sentences: Sequence[Sentence], text: str, is_cited: bool = False
) -> Finding:
    first, *others = sentences
    intents = " and ".join(f"'{intent_of(sentence.message)}'" for sentence in sentences)
    return found(
        code,
        first.message.place,
        f"{text if is_cited else cited(text)} is in {intents}",
        _places(others),
    )


def _places(sentences: Iterable[Sentence]) -> List[Place]:
    return [sentence.message.place for sentence in sentences]


def _annotations(sentence: Sentence) -> Tuple[object, ...]:
    return tuple(
        (mention.first, mention.last, label(mention.entity)) for mention in sentence.mentions
    )


def _shown_annotations(sentence: Sentence) -> str:
    shown = [f"{cited(mention.text)} is {label(mention.entity)}" for mention in sentence.mentions]
    return "; ".join(shown) or "no entity"
