"""The words and character n-grams that a model knows, each with a row in its embeddings.

An n-gram is known by its 32-bit hash: exact in practice (fewer than one collision is expected
among 50,000), compact, and unreadable in the saved model. N-grams that training never saw have
no row at all, so an unseen word is the mean of the parts that do mean something (Bojanowski et
al. 2017, "Enriching Word Vectors with Subword Information", without the random buckets).
"""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import AbstractSet, Callable, Dict, FrozenSet, Iterable, List, Sequence, Tuple

import numpy as np

from rasa_joint_nlu.core.batch import Bags, TokenTable
from rasa_joint_nlu.core.hashes import hashes_of_words, rows_of_hashes
from rasa_joint_nlu.core.text.dictionary import NO_WORDS, Dictionary
from rasa_joint_nlu.core.text.lone import is_drawn_out, is_misspelt, squeezed
from rasa_joint_nlu.core.text.ngrams import Form, forms, shape_hashes
from rasa_joint_nlu.core.text.pieces import NO_VECTORS, VectorRows
from rasa_joint_nlu.core.text.segment import LONGEST_CACHED, Token

NGRAM_LIMIT = 15_000
_CACHED = 4096
"""So many forms are kept with the rows of their n-grams, of which one has some 250 at most."""
_ONCE = itertools.repeat(1)
_NO_TOKENS = TokenTable(np.zeros(0, np.int64), Bags.of([]), Bags.of([]))


@dataclass(frozen=True)
class Vocabulary:
    """Words and n-grams that have a row in the embeddings. Row 0 stands for unknown words.

    words: normalized, row `i + 1` each; ngrams: hashes, row `i` each; dictionary: normalized words
    of scripts without spaces, which have no rows; vectors: which rows of the pretrained vectors
    stand for a word, known or not.
    """

    words: Tuple[str, ...] = ()
    ngrams: Tuple[int, ...] = ()
    dictionary: Dictionary = NO_WORDS
    vectors: VectorRows = NO_VECTORS

    @cached_property
    def _word_rows(self) -> Dict[str, int]:
        return {word: row for row, word in enumerate(self.words, start=1)}

    @cached_property
    def _ngram_rows(self) -> Dict[int, int]:
        return {ngram: row for row, ngram in enumerate(self.ngrams)}

    def word_row(self, word: str) -> int:
        """The row of a normalized word; 0 if it has none."""
        return self._word_rows.get(word, 0)

    @cached_property
    def _letters(self) -> Tuple[str, ...]:
        """What known words of several letters are written with."""
        return tuple(sorted({letter for word in self.words if len(word) > 1 for letter in word}))

    @cached_property
    def _squeezed(self) -> FrozenSet[str]:
        return frozenset(map(squeezed, self.words))

    def has_nearly(self, word: str) -> bool:
        """Whether a normalized word is a known one with a letter wrong, or drawn out ("yesss")."""
        if is_drawn_out(word) and squeezed(word) in self._squeezed:
            return True
        return is_misspelt(word, self._word_rows.keys(), self._letters)

    def forms(self, tokens: Sequence[Token]) -> List[Form]:
        """The form of each token of a message, under this vocabulary's dictionary."""
        return forms(tokens, self.dictionary)

    def row(self, form: Form) -> int:
        """The row of a word in `word_table`; 0 if the form is not in it."""
        return 0 if form.context else self._word_rows.get(form.word, 0)

    def table(self, forms: Iterable[Form]) -> TokenTable:
        """Look up words, their n-grams and what they have of vectors."""
        forms = list(forms)
        if not forms:
            return _NO_TOKENS
        of_words, of_vectors = self._word_rows, self.vectors.of_word
        return TokenTable(
            np.array([of_words.get(form.word, 0) for form in forms], np.int64),
            Bags.of(map(self._ngrams_of, forms)),
            Bags.of(of_vectors(form.word) for form in forms),
        )

    def _ngrams_of(self, form: Form) -> Tuple[int, ...]:
        """The rows of a form's n-grams; those of short forms are kept for a while."""
        is_short = len(form.word) <= LONGEST_CACHED
        return self._recent_ngrams(form) if is_short else self._find_ngrams(form)

    @cached_property
    def _recent_ngrams(self) -> Callable[[Form], Tuple[int, ...]]:
        return lru_cache(maxsize=_CACHED)(self._find_ngrams)

    def _find_ngrams(self, form: Form) -> Tuple[int, ...]:
        """The rows of a form's n-grams.

        A number or a code that is as unknown as its shape has a coarser shape instead, if there is
        a row for one.
        """
        rows = self._ngram_rows
        if not form.context and form.word not in self._word_rows:
            whole, *coarser = shape_hashes(form.word) or [0]
            if whole not in rows:
                for shape in coarser:
                    if shape in rows:
                        return (rows[shape],)
        return tuple(rows[n] for n in form.ngram_hashes() if n in rows)

    @cached_property
    def word_table(self) -> TokenTable:
        """The table of every row of the word embedding; row 0, the unknown word, has no n-grams."""
        ids, offsets = rows_of_hashes(*hashes_of_words(self.words), self.ngrams)
        vectors = Bags(np.zeros(0, np.int64), np.zeros(2 + len(self.words), np.int64))
        if len(self.vectors):
            vectors = Bags.of([(), *map(self.vectors.of_word, self.words)])
        return TokenTable(np.arange(1 + len(self.words)), Bags(ids, np.append(0, offsets)), vectors)

    def only(self, words: AbstractSet[str]) -> Vocabulary:
        """This vocabulary with rows for those of the normalized words alone that it has."""
        return dataclasses.replace(self, words=tuple(filter(words.__contains__, self.words)))

    def extended(self, forms: Iterable[Form], times: Iterable[int] = _ONCE) -> Vocabulary:
        """This vocabulary with rows added, at the end, for new words and n-grams.

        An n-gram of a single word says nothing that the word does not, and one met around a single
        character little, so they get no row. New ones found most often come first, up to a limit
        of 15,000 in all.

        Args:
            forms: in order; times: how often each is met.
        """
        words: Dict[str, None] = {}
        in_context: List[int] = []
        repeats: List[int] = []
        for form, count in zip(forms, times):
            words[form.word] = None
            if form.context:
                found = form.ngram_hashes()
                in_context.extend(found)
                repeats.extend([count] * len(found))
        have_rows = set(self.words)
        new_words = [word for word in words if word not in have_rows]
        of_words, _ = hashes_of_words((*self.words, *new_words))
        of_context = np.repeat(np.array(in_context, np.uint32), repeats)
        ngrams, counts = np.unique(np.concatenate([of_words, of_context]), return_counts=True)
        is_new = (counts > 1) & ~np.isin(ngrams, np.array(self.ngrams, np.uint32))
        new = ngrams[is_new][np.argsort(-counts[is_new], kind="stable")].tolist()
        room = max(0, NGRAM_LIMIT - len(self.ngrams))
        return dataclasses.replace(
            self,
            words=(*self.words, *new_words),
            ngrams=(*self.ngrams, *new[:room]),
        )
