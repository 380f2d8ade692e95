"""Coarse shapes of words with digits: what the words that have them mean, on average."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers import encoder_of, quick_model, random_network, weights_of, words

from rasa_joint_nlu.core import Example, JointConfig, JointModel
from rasa_joint_nlu.core.text.ngrams import Form, shape_hashes
from rasa_joint_nlu.core.training.shapes import with_shapes


def said(text: str, intent: str) -> Example:
    """An example whose tokens are what is between white space."""
    return dataclasses.replace(words(text), intent=intent)


EXAMPLES = [
    said("we are 12", "book"),
    said("34 of us", "book"),
    said("it costs 3.50", "pay"),
    said("i pay 4.50", "pay"),
    said("room b12", "room"),
    said("is b34 free", "room"),
]


def test_a_coarse_shape_is_the_mean_of_the_words_that_have_it() -> None:
    encoder = encoder_of(EXAMPLES)
    vocabulary = encoder.vocabulary
    rng = np.random.default_rng(0)
    weights = {
        name: rng.normal(size=(len(vocabulary.ngrams), size)).astype(np.float32)
        for name, size in (("ngram_embedding", 5), ("ngram_votes", 3))
    }
    extended, changed = with_shapes(encoder, weights)
    shapes = extended.vocabulary.ngrams[len(vocabulary.ngrams) :]
    assert len(set(shapes)) == len(shapes) == 5  # 0, 0.0 and numbers; a0 and codes
    for shape in shapes:
        bags = [
            vocabulary.table([Form(word)]).ngrams.ids
            for word in vocabulary.words
            if shape in shape_hashes(word)[1:]
        ]
        row = extended.vocabulary.ngrams.index(shape)
        mean = np.mean([weights["ngram_embedding"][bag].mean(0) for bag in bags], axis=0)
        votes = np.mean([weights["ngram_votes"][bag].sum(0) for bag in bags], axis=0)
        np.testing.assert_allclose(changed["ngram_embedding"][row], mean, rtol=1e-5)
        np.testing.assert_allclose(changed["ngram_votes"][row], votes, rtol=1e-5)
    for name, before in weights.items():
        np.testing.assert_array_equal(changed[name][: len(before)], before)


def test_where_no_word_has_digits_nothing_is_added() -> None:
    examples = [said("go to Rome", "go"), said("hello", "greet")]
    encoder = encoder_of(examples)
    weights = weights_of(random_network(encoder, JointConfig()))
    extended, changed = with_shapes(encoder, weights)
    assert extended == encoder
    for name, weight in weights.items():
        np.testing.assert_array_equal(changed[name], weight)


def test_rows_of_shapes_are_counted_anew() -> None:
    encoder = encoder_of(EXAMPLES)
    table = np.ones((len(encoder.vocabulary.ngrams), 2), np.float32)
    extended, changed = with_shapes(encoder, {"ngram_embedding": table})
    twice = {"ngram_embedding": 2 * changed["ngram_embedding"]}
    again, doubled = with_shapes(extended, twice)
    assert again.vocabulary.ngrams == extended.vocabulary.ngrams
    np.testing.assert_allclose(doubled["ngram_embedding"], twice["ngram_embedding"])


@pytest.fixture(scope="module")
def model() -> JointModel:
    model = quick_model()
    model.fit(EXAMPLES)
    return model


def test_models_keep_shapes_when_they_are_saved_and_when_they_are_trained_further(
    model: JointModel, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("shapes")
    model.save(folder)
    read = JointModel.load(folder)
    asked = [said(text, "") for text in ("we are 7", "it costs 120.75", "room xy9")]
    assert read.predict(asked) == model.predict(asked)
    ngrams = read.learnt.encoder.vocabulary.ngrams
    report = read.finetune([*EXAMPLES, said("we are 2026", "book")])
    assert report.examples == len(EXAMPLES) + 1
    assert set(ngrams) <= set(read.learnt.encoder.vocabulary.ngrams)
    assert shape_hashes("7")[1] in ngrams
