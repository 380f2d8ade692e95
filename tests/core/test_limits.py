"""No message and no example can block a process: time, memory and caches are bounded."""

from __future__ import annotations

import gc
import logging
import time
import tracemalloc
from pathlib import Path
from typing import Any, Callable, Dict, List

import numpy as np
import pytest
from helpers import flat, quick_model, small_model, toy_examples, with_features

from rasa_joint_nlu.core import ConfigError, DataError, Example, JointConfig, JointModel, Token
from rasa_joint_nlu.core.serving import predictor
from rasa_joint_nlu.core.text.ngrams import forms
from rasa_joint_nlu.core.text.segment import normalize, segment
from rasa_joint_nlu.core.training import loop
from rasa_joint_nlu.core.training.loop import bounded

ODD = {
    "flags": "🇩🇪",
    "half a flag": "🇩",
    "marks that change places": "\u0316\u0301",
    "marks": "a\u0301",
    "joined emojis": "👩\u200d",
    "selectors": "\ufe0f",
    "Hangul": "\u1100",
    "stacked": "က္",
    "prepended": "\u0600",
    "keycaps": "1\ufe0f\u20e3",
    "letters": "a",
    "characters": "汉",
}


def seconds(work: Callable[[], Any]) -> float:
    """The least of a few runs, of this thread's own time, without the garbage collector."""
    times = []
    gc.disable()
    try:
        for _ in range(4):
            start = time.thread_time()
            work()
            times.append(time.thread_time() - start)
    finally:
        gc.enable()
    return min(times)


@pytest.mark.parametrize("name", ODD)
def test_cutting_and_normalizing_take_time_in_proportion_to_the_length(name: str) -> None:
    def work(length: int) -> Callable[[], Any]:
        text = (ODD[name] * length)[:length]
        return lambda: [*forms(segment(text)), normalize(text)]

    at_4k, at_16k = seconds(work(4_000)), seconds(work(16_000))
    # The square would take 16 times as long.
    assert at_16k < 8 * at_4k + 0.01


def test_the_beginning_of_a_very_long_word_stands_for_it() -> None:
    assert normalize("É" * 300) == normalize("É" * 256) == "é" * 256
    assert normalize("É" * 64) == "é" * 64 and normalize("É" * 65) == "é" * 65


def test_the_caches_keep_no_long_words(toy_model: JointModel) -> None:
    def ask(first: int) -> None:
        for number in range(first, first + 40):
            toy_model.predict([Example.from_text(f"{chr(97 + number % 26) * 20_000}{number}")])

    ask(0)
    tracemalloc.start()
    try:
        ask(100)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 200_000  # 40 words of 20,000 characters are 800,000 bytes


def test_of_a_long_message_the_beginning_counts(
    toy_model: JointModel, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    predictor._tell_of_long_messages.cache_clear()
    toy_model.save(tmp_path)
    model = JointModel.load(tmp_path, max_tokens=4)
    text = "a ticket to Rome"
    long = Example.from_text(f"{text} from Oslo to Paris")
    with caplog.at_level(logging.WARNING):
        (short_one,) = model.predict([Example.from_text(text)])
        assert not caplog.records
        both = model.predict([long, long])
    for prediction in both:
        np.testing.assert_allclose(flat(prediction), flat(short_one), rtol=1e-6)
        assert [long.text[e.start : e.end] for e in prediction.entities] == ["Rome"]
    (record,) = caplog.records
    assert "more than 4 tokens" in record.message and "max_tokens" in record.message
    explained = model.explain(long).prediction
    np.testing.assert_allclose(flat(explained), flat(short_one), rtol=1e-6)


def test_a_long_message_may_have_features(tmp_path: Path) -> None:
    model = quick_model()
    model.fit(with_features(toy_examples()))
    model.save(tmp_path)
    limited = JointModel.load(tmp_path, max_tokens=2)
    (long,) = with_features([Example.from_text("a ticket to Rome and more of it")])
    assert limited.predict([long])[0].intents


def test_the_memory_of_a_message_is_bounded(toy_model: JointModel) -> None:
    def peak(tokens: int) -> int:
        example = Example("to " * tokens, [Token("to", 3 * n, 3 * n + 2) for n in range(tokens)])
        tracemalloc.start()
        try:
            toy_model.predict([example])
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)
    at_10k, at_40k = peak(10_000), peak(40_000)
    assert at_40k < 1.3 * at_10k


@pytest.mark.parametrize(
    ("setting", "allowed"),
    [
        ({"token_size": 1_000_000}, "from 1 to 1024"),
        ({"encoder_size": 2000}, "from 1 to 1024"),
        ({"batch_size": 10**9}, "from 1 to 4096"),
        ({"batch_size": [[1, 2], 3]}, "from 1 to 4096"),
        ({"max_tokens": 0}, "from 1 to 1000000"),
    ],
)
def test_sizes_have_bounds(setting: Dict[str, Any], allowed: str) -> None:
    with pytest.raises(ConfigError, match=allowed):
        JointConfig(**setting)


# Training.


def test_batches_of_ordinary_messages_are_left_whole_and_long_ones_are_alone() -> None:
    lengths = np.array([5, 9, 300, 7, 5000, 6, 9000])
    every = np.arange(len(lengths))
    assert [piece.tolist() for piece in bounded(every[:4], lengths)] == [[0, 1, 2, 3]]
    assert [piece.tolist() for piece in bounded(every, lengths)] == [[0, 1, 2, 3], [4], [5], [6]]


def test_a_long_example_makes_the_batches_of_others_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shapes: List[Any] = []
    step = loop.Trainer._step

    def spying(trainer: Any, corpus: Any, messages: Any, *others: Any) -> float:
        shapes.append(corpus.batch(messages).token_ids.shape)
        return step(trainer, corpus, messages, *others)

    monkeypatch.setattr(loop.Trainer, "_step", spying)
    monkeypatch.setattr(loop, "_TOKENS", 320)
    long = Example.from_text("please " * 200, "greet")
    small_model(epochs=2).fit([*toy_examples(), long])
    assert (1, 200) in shapes
    assert all(rows * tokens <= 320 for rows, tokens in shapes)
    assert sum(rows for rows, _ in shapes) == 2 * (len(toy_examples()) + 1)


# Errors that say what and where.


def test_a_dictionary_that_is_not_there_is_told_of_whatever_the_script() -> None:
    with pytest.raises(DataError, match=r"'dictionary: absent\.txt' cannot be read"):
        quick_model(dictionary="absent.txt").fit(toy_examples())


@pytest.mark.parametrize("dimensions", [1, 3])
def test_features_that_are_no_matrix(dimensions: int) -> None:
    model = quick_model()
    model.fit(with_features(toy_examples()))
    (odd,) = with_features(toy_examples()[:1])
    features = {**odd.features, "d/sequence": np.ones((2,) * dimensions)}
    odd = Example(odd.text, odd.tokens, odd.intent, odd.entities, features)
    assert model.predict([odd])[0].intents
    with pytest.raises(DataError, match=f"'d/sequence' is an array of {dimensions} dimensions"):
        quick_model().fit([odd, *with_features(toy_examples()[1:])])
