"""Guessing the neighbours of tokens: what it costs, what it teaches, and that it is not kept."""

from __future__ import annotations

from typing import List, Tuple

import pytest
import torch
from helpers import encoder_of, quick_model, random_network, toy_examples

from rasa_joint_nlu.core import Example, JointConfig
from rasa_joint_nlu.core.precision import CASE_COUNTS, LONE_WORDS
from rasa_joint_nlu.core.training import language as module
from rasa_joint_nlu.core.training import loop
from rasa_joint_nlu.core.training.language import LANGUAGE_LOSS, LanguageModel
from rasa_joint_nlu.core.training.network import Inputs, JointNetwork
from rasa_joint_nlu.core.training.votes import VOTES


def prepared(
    examples: List[Example], **settings: bool
) -> Tuple[JointNetwork, LanguageModel, Inputs]:
    encoder = encoder_of([*toy_examples(), *examples])
    config = JointConfig(token_size=6, encoder_size=5, **settings)
    network = random_network(encoder, config)
    batch = encoder.batch(examples)
    inputs = Inputs.of(batch, encoder.vocabulary.word_table, torch.device("cpu"))
    return network, LanguageModel(network), inputs


@pytest.mark.parametrize("has_slots", [True, False])
def test_each_token_is_guessed_from_either_side(has_slots: bool) -> None:
    examples = [*toy_examples()[2:7], Example.from_text("hello")]
    network, language, inputs = prepared(examples, entity_recognition=has_slots)
    output = network(inputs)
    chains = output.states.split(5, dim=2)
    losses: List[List[torch.Tensor]] = [[], []]
    for row, length in enumerate(inputs.lengths.tolist()):
        for step in range(length - 1):
            ids = inputs.index[row, step : step + 2]
            left = torch.cat([chain[row, step] for chain in chains[0::2]])
            right = torch.cat([chain[row, step + 1] for chain in chains[1::2]])
            for side, (guess, truth) in enumerate(
                [(language.following(left), ids[1]), (language.preceding(right), ids[0])]
            ):
                losses[side].append(-(output.vectors @ guess).log_softmax(0)[truth])
    expected = sum(torch.stack(side).mean() for side in losses)
    torch.testing.assert_close(language.loss(output, inputs), expected)


def test_there_is_nothing_to_guess_about_a_single_token() -> None:
    network, language, inputs = prepared([Example.from_text("hello"), Example.from_text("hi")])
    assert language.loss(network(inputs), inputs).item() == 0


def test_it_teaches_the_encoder_and_what_tokens_are() -> None:
    network, language, inputs = prepared(toy_examples())
    language.loss(network(inputs), inputs).backward()
    for weight in (network.word_embedding, network.ngram_embedding, network.lstm.weight_hh):
        assert weight.grad is not None and weight.grad.any()
    assert network.lstm.weight_hh.grad.flatten(1).any(1).all()
    assert network.intent.weight.grad is None and network.emission.weight.grad is None


def test_a_trained_model_does_not_hold_it() -> None:
    model = quick_model()
    model.fit(toy_examples())
    network, _, _ = prepared(toy_examples())
    assert set(model.learnt.weights) == {*network.state_dict(), *VOTES, LONE_WORDS, CASE_COUNTS}


def test_a_training_heeds_the_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = []
    for share in (LANGUAGE_LOSS, LANGUAGE_LOSS, 0.0):
        monkeypatch.setattr(loop, "LANGUAGE_LOSS", share)
        model = quick_model(random_seed=3)
        model.fit(toy_examples())
        weights.append(model.learnt.weights["lstm.weight_hh"])
    assert (weights[0] == weights[1]).all() and not (weights[0] == weights[2]).any(2).all()


def test_of_many_tokens_some_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    examples = [Example.from_text("hello my friend"), Example.from_text("hi you")]
    network, language, inputs = prepared(examples)
    output = network(inputs)
    everything = language.loss(output, inputs)
    monkeypatch.setattr(module, "_MOST", 3)
    assert torch.equal(language.loss(output, inputs), everything)
    monkeypatch.setattr(module, "_MOST", 2)
    # Of the three pairs, the first and the last: the mask without the second one.
    left = Inputs(**{**vars(inputs), "mask": inputs.mask.clone()})
    left.mask[0, 2] = False
    torch.testing.assert_close(language.loss(output, inputs), language.loss(output, left))
