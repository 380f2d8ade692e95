"""One training: what is held out, and what is warm."""

from __future__ import annotations

import dataclasses
import itertools
from typing import List, Optional

import numpy as np
import pytest
import torch
from helpers import annotated, encoder_of, quick_model, random_network, toy_examples, weights_of
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import DataError, JointConfig
from rasa_joint_nlu.core.learnt import Learnt
from rasa_joint_nlu.core.precision import restored, stored
from rasa_joint_nlu.core.serving.scope import Parts
from rasa_joint_nlu.core.text.dictionary import NO_WORDS
from rasa_joint_nlu.core.text.segment import normalize
from rasa_joint_nlu.core.training import session
from rasa_joint_nlu.core.training.loop import Trainer
from rasa_joint_nlu.core.training.session import (
    _split,
    _warm_start,
    train,
)
from rasa_joint_nlu.core.training.votes import Votes


@settings(max_examples=50, deadline=None)
@given(
    intents=st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=12),
    held_out=st.integers(0, 12),
    seed=st.integers(0, 100),
)
def test_a_split_holds_out_as_many_as_asked_and_keeps_every_intent(
    intents: List[Optional[str]], held_out: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    most = len(intents) - len(set(intents))
    if held_out > most:
        with pytest.raises(DataError, match=f"at most {most} can be held out"):
            _split(intents, held_out, rng)
        return
    held = _split(intents, held_out, rng)
    assert len(held) == len(intents) and held.sum() == held_out
    assert set(itertools.compress(intents, ~held)) == set(intents)


@pytest.mark.parametrize("none", [0, -1])
def test_none_are_held_out_unless_asked_for(none: int) -> None:
    assert not _split(["a"] * 5, none, np.random.default_rng(0)).any()


def test_a_split_is_drawn() -> None:
    splits = {tuple(_split(["a"] * 20, 5, np.random.default_rng(seed))) for seed in range(5)}
    assert len(splits) > 1


def test_some_of_very_many_messages_tell_what_is_in_scope_and_all_what_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "_ASKED_OF_SCOPE", 12)
    model = quick_model(epochs=2)
    examples = toy_examples()
    model.fit(examples)
    scope, vocabulary = model.learnt.scope, model.learnt.encoder.vocabulary
    assert scope and len(vocabulary.words) == len(encoder_of(examples).vocabulary.words)
    for example in examples:
        parts = Parts.of(example, NO_WORDS)
        assert scope.known.issuperset([*parts.words, *parts.pairs])


def test_votes_do_not_depend_on_words_that_no_message_has() -> None:
    encoder, examples = encoder_of(toy_examples()), toy_examples()[::3]
    words = {normalize(token.text) for example in examples for token in example.tokens}
    assert not words.issuperset(encoder.vocabulary.words)
    fewer = dataclasses.replace(encoder, vocabulary=encoder.vocabulary.only(words))
    logits = []
    for each in (encoder, fewer):
        votes = Votes(each.encode(examples), each, {})
        votes.fit()
        logits.append(votes.logits(np.arange(len(examples))))
    assert np.array_equal(*logits)


def test_a_warm_start_copies_what_is_known_and_leaves_what_is_new() -> None:
    old_examples = toy_examples()
    new_examples = [*old_examples, annotated("utterly different words", "greet")]
    old = random_network(encoder_of(old_examples), JointConfig(token_size=4, encoder_size=3), 1)
    new = random_network(encoder_of(new_examples), JointConfig(token_size=4, encoder_size=3), 2)
    drawn, known = weights_of(new), weights_of(old)
    _warm_start(new, known)
    for name, weight in new.state_dict().items():
        rows = len(known[name])
        np.testing.assert_array_equal(weight[:rows], known[name])
        np.testing.assert_array_equal(weight[rows:], drawn[name][rows:])
    assert len(drawn["word_embedding"]) == len(known["word_embedding"]) + 3


def test_held_out_words_are_unknown() -> None:
    examples = [annotated(f"hello {n}", "greet" if n % 2 else "book") for n in range(20)]
    model = quick_model(evaluate_on_number_of_examples=8)
    model.fit(examples)
    assert len(model.learnt.encoder.vocabulary.words) == 1 + 12


@pytest.mark.parametrize("wanted", [-1, 1])
def test_the_weights_of_the_best_evaluation_are_kept(
    monkeypatch: pytest.MonkeyPatch, wanted: int
) -> None:
    """Evaluations are replaced by ones that are best at the second, or ever better."""
    from rasa_joint_nlu.core.training import session

    seen: List[np.ndarray] = []
    scores = iter([1.0, 3.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0] if wanted < 0 else np.arange(9.0))
    predictor = session.Predictor

    def remember(learnt: Learnt) -> object:
        seen.append(restored(stored(learnt.weights))["word_embedding"])
        return predictor(learnt)

    monkeypatch.setattr(session, "Predictor", remember)
    monkeypatch.setattr(session, "evaluate", lambda *_: {"figure": float(next(scores))})
    config = JointConfig(
        token_size=4,
        encoder_size=4,
        epochs=8,
        evaluate_on_number_of_examples=3,
        evaluate_every_number_of_epochs=1,
    )
    learnt, report = train(toy_examples(), config)
    best = 1 if wanted < 0 else 7
    # The last one is of what is kept, for the report.
    assert report.epochs == len(seen) - 1 == (7 if wanted < 0 else 8)
    np.testing.assert_array_equal(learnt.weights["word_embedding"], seen[best])


def test_progress_is_shown_only_if_asked_for(capsys: pytest.CaptureFixture) -> None:
    config = JointConfig(token_size=4, encoder_size=4, epochs=2)
    train(toy_examples(), config)
    assert capsys.readouterr().err == ""
    train(toy_examples(), config, show_progress=True)
    shown = capsys.readouterr().err
    assert "Epochs" in shown and "2/2" in shown and "loss" in shown


def test_training_takes_one_thread_and_gives_the_others_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, during = torch.get_num_threads(), []
    torch.set_num_threads(3)
    run = Trainer.train
    monkeypatch.setattr(
        Trainer, "train", lambda *args: (during.append(torch.get_num_threads()), run(*args))[1]
    )
    try:
        quick_model().fit(toy_examples())
        assert (during, torch.get_num_threads()) == ([1], 3)
    finally:
        torch.set_num_threads(before)
