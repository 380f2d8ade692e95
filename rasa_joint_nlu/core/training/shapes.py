"""Numbers and codes of a length that no training message has: known by a coarser shape.

Of a word with digits that training never had, the n-grams mean little. What those mean that it had
is known: so each coarse shape gets a row, the mean of all words that have it. Nothing has to be
learnt for that, and only words are looked up there that have no row and no shape of their own.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import Dict, List, Mapping, Tuple

import numpy as np

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.serving.bags import bag_means, bag_sums
from rasa_joint_nlu.core.text.ngrams import shape_hashes
from rasa_joint_nlu.core.vocab import Vocabulary


def with_shapes(encoder: Encoder, weights: Mapping[str, Array]) -> Tuple[Encoder, Dict[str, Array]]:
    """The encoder and the weights with a row among the n-grams for each coarse shape.

    Its vector is the mean of what the words of this shape have of n-grams, and its votes are the
    mean of their sums. Rows of a model that is fine-tuned are counted anew.
    """
    vocabulary = encoder.vocabulary
    words_of = _words_by_shape(vocabulary)
    known = set(vocabulary.ngrams)
    extended = dataclasses.replace(
        vocabulary,
        ngrams=(*vocabulary.ngrams, *(shape for shape in words_of if shape not in known)),
    )
    rows = {ngram: row for row, ngram in enumerate(extended.ngrams)}
    changed = dict(weights)
    for name, of_bags in (("ngram_embedding", bag_means), ("ngram_votes", bag_sums)):
        if name in weights:
            before = weights[name]
            table = np.zeros((len(rows), before.shape[1]), np.float32)
            table[: len(before)] = before
            for shape, words in words_of.items():
                bags = vocabulary.word_table.ngrams.of_tokens(np.array(words))
                table[rows[shape]] = of_bags(bags, before.__getitem__, before.shape[1]).mean(0)
            changed[name] = table
    return dataclasses.replace(encoder, vocabulary=extended), changed


def _words_by_shape(vocabulary: Vocabulary) -> Dict[int, List[int]]:
    """By the hash of a coarse shape, the rows of the words that have it."""
    words_of: Dict[int, List[int]] = defaultdict(list)
    for row, word in enumerate(vocabulary.words, start=1):
        for shape in shape_hashes(word)[1:]:
            words_of[shape].append(row)
    return words_of
