"""What an answer costs, in counts, which are the same on every machine, not in seconds."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
import weakref
from pathlib import Path
from typing import Any, Dict, Iterator, List

import numpy as np
import pytest
from helpers import encoder_of, predictor_of, quick_model, random_network, toy_examples, weights_of
from hypothesis import given
from hypothesis import strategies as st

from rasa_joint_nlu.core import Example, JointConfig
from rasa_joint_nlu.core.packed import Packed
from rasa_joint_nlu.core.serving import crf, predictor, products, runtime
from rasa_joint_nlu.core.serving.runtime import Runtime
from rasa_joint_nlu.core.training import session


class CountingNumPy:
    """NumPy, or one of its functions, that counts the calls by name."""

    def __init__(self, target: Any, calls: List[str], name: str = "") -> None:
        self.target, self.calls, self.name = target, calls, name

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.target, name)
        if isinstance(value, type) or not callable(value):
            return value
        return CountingNumPy(value, self.calls, f"{self.name}.{name}")

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.calls.append(self.name)
        return self.target(*arguments, **named)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> List[str]:
    """The NumPy functions that serving calls from now on."""
    made: List[str] = []
    for module in (runtime, crf, predictor, products):
        monkeypatch.setattr(module, "np", CountingNumPy(np, made))
    return made


def calls_for(length: int, calls: List[str], sharpness: float = 1.0) -> int:
    """How many calls one message of so many words takes, with an entity in it.

    Args:
        sharpness: what emissions are multiplied by.
    """
    config = JointConfig(token_size=6, encoder_size=6)
    encoder = encoder_of(toy_examples())
    weights: Dict[str, Any] = weights_of(random_network(encoder, config))
    weights["emission.bias"][0] -= 5
    weights["emission.weight"] *= sharpness
    ready = predictor_of(weights, encoder, config)
    calls.clear()
    example = Example.from_text(" ".join(["ticket to Rome"] * length)[: -1 or None])
    example = Example(example.text, example.tokens[:length])
    (prediction,) = ready.predict([example])
    assert prediction.intents and prediction.entities
    return len(calls)


@pytest.mark.parametrize(
    ("sharpness", "most", "most_of_a_token"),
    # 11 for a token in the LSTM, and 5 in forward-backward; where little is sure, 5 more, or
    # those of Viterbi
    [(10.0, 52, 17), (1.0, 67, 22)],
)
def test_the_calls_of_numpy_for_a_message_are_few(
    calls: List[str], sharpness: float, most: int, most_of_a_token: int
) -> None:
    one, eleven = (calls_for(length, calls, sharpness) for length in (1, 11))
    assert (eleven - one) / 10 <= most_of_a_token
    assert one <= most


def test_the_calls_grow_with_the_length_and_no_faster(calls: List[str]) -> None:
    at_10, at_50, at_90 = (calls_for(length, calls) for length in (10, 50, 90))
    assert at_90 - at_50 <= 1.1 * (at_50 - at_10)


def test_messages_that_are_computed_together_share_their_calls(calls: List[str]) -> None:
    config = JointConfig(token_size=6, encoder_size=6)
    encoder = encoder_of(toy_examples())
    weights: Dict[str, Any] = weights_of(random_network(encoder, config))
    # Without entities, each of which has its own choice of a role and a group.
    weights["emission.bias"][0] += 100
    ready = predictor_of(weights, encoder, config)
    example = Example.from_text("a ticket to Rome please")
    counts = []
    for copies in (1, 100):
        calls.clear()
        ready.predict([example] * copies)
        counts.append(len(calls))
    # of the products, each step's come in two pieces, and those of all tokens in eight
    assert counts[1] - counts[0] <= 25


LOADED = """
import sys
before = {name.partition(".")[0] for name in sys.modules}
from rasa_joint_nlu.core import Example, JointModel
JointModel.load(sys.argv[1]).predict([Example.from_text("a ticket to Rome")])
new = {name.partition(".")[0] for name in sys.modules} - before
files = {name: getattr(sys.modules.get(name), "__file__", None) or "" for name in new}
packages = {file.partition("site-packages/")[2].partition("/")[0] for file in files.values()}
print(*sorted(name.replace(".py", "") for name in packages if name))
"""


def test_a_model_that_answers_has_imported_four_small_packages(tmp_path: Path) -> None:
    model = quick_model()
    model.fit(toy_examples())
    model.save(tmp_path)
    command = [sys.executable, "-c", LOADED, str(tmp_path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.split() == ["numpy", "regex", "safetensors", "threadpoolctl"]


def test_the_rows_of_known_words_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    config = JointConfig(token_size=6, encoder_size=6)
    encoder = encoder_of(toy_examples())
    weights = weights_of(random_network(encoder, config))
    whole = Runtime(weights, encoder)
    width = (
        len(encoder.labels.intents)
        + 4 * 3 * 6
        + 3 * sum(len(weights[f"{head}.weight"]) for head in ("emission", "role", "group"))
    )
    assert whole._rows.nbytes == 4 * width * (len(encoder.vocabulary.words) + 1)
    monkeypatch.setattr(runtime, "_TABLE_BYTES", 4 * width * 5 + 3)
    assert len(Runtime(weights, encoder)._rows) == 5


class TrainingBegunError(Exception):
    """Raised where the updates would begin."""


def test_a_training_holds_no_more_than_eight_numbers_for_each_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def begin(*_: Any, **__: Any) -> None:
        raise TrainingBegunError

    def peak(copies: int) -> int:
        several = examples * copies
        tracemalloc.start()
        try:
            with pytest.raises(TrainingBegunError):
                session.train(several, JointConfig(dictionary=None))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    monkeypatch.setattr(session, "Trainer", begin)
    examples = [Example.from_text("我 please " * 10, f"intent{number}") for number in range(5)]
    peak(1)
    tokens = 400 * sum(len(example.tokens) for example in examples)
    # Of few, the steps in which tables grow count more than what is in them.
    assert (peak(800) - peak(400)) / tokens < 64  # bytes, eight numbers


@given(st.lists(st.integers(0, 5000), max_size=300))
def test_batches_are_bounded_and_have_each_message_with_tokens_once(lengths: List[int]) -> None:
    batches = list(predictor._batches(lengths))
    assert sorted(i for batch in batches for i in batch) == [i for i, n in enumerate(lengths) if n]
    for batch in batches:
        assert len(batch) <= predictor._MESSAGES
        tokens = len(batch) * max(lengths[i] for i in batch)
        assert tokens <= predictor._TOKENS or len(batch) == 1


TRAINED = """
import sys
from rasa_joint_nlu.core import Example, JointModel
texts = ["hello you", "hello there", "bye now", "bye bye"]
JointModel(epochs=1).fit([Example.from_text(text, text[:3]) for text in texts])
print(*sorted({"torch", "torch._dynamo", "sympy"} & set(sys.modules)))
"""


def test_a_training_imports_no_compiler() -> None:
    """Torch's own optimizers bring one along, which takes longer than many a training."""
    command = [sys.executable, "-c", TRAINED]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.split() == ["torch"]


def test_examples_that_are_packed_take_few_bytes_for_each_token() -> None:
    """A token of a tuple takes some 140 bytes, without the text of a message."""
    examples = toy_examples()

    def stream(times: int) -> Iterator[Example]:
        return (Example(e.text, e.tokens, e.intent, e.entities) for e in examples * times)

    def held(times: int) -> int:
        tracemalloc.start()
        try:
            packed = Packed.of(stream(times))
            assert len(packed) == times * len(examples)
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()

    tokens = 400 * sum(len(example.tokens) for example in examples)
    assert (held(200) - held(100)) / tokens < 40


def test_what_makes_examples_anew_is_learnt_from_without_a_list() -> None:
    class Anew:
        most = read = 0

        def __iter__(self) -> Iterator[Example]:
            self.read += 1
            seen: "weakref.WeakSet[Any]" = weakref.WeakSet()
            for example in toy_examples() * 5:
                made = WeakExample(example.text, example.tokens, example.intent, example.entities)
                seen.add(made)
                self.most = max(self.most, len(seen))
                yield made

    class WeakExample(Example):
        __hash__ = object.__hash__

    examples = Anew()
    report = quick_model().fit(examples)
    assert report.examples == 5 * len(toy_examples())
    assert examples.read == 2 and examples.most <= 3
