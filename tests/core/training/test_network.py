"""The torch network: what it shares, what it ignores, and where gradients go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List

import numpy as np
import pytest
import torch
from helpers import encoder_of, plan_of, random_network, toy_examples, with_features
from scipy import sparse

from rasa_joint_nlu.core import Example, JointConfig
from rasa_joint_nlu.core.batch import EncodedBatch
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.text.ngrams import Form
from rasa_joint_nlu.core.text.pieces import VectorRows, word_key
from rasa_joint_nlu.core.training.lstm import BiLSTM
from rasa_joint_nlu.core.training.network import Inputs, JointNetwork, Output, project

CPU = torch.device("cpu")


def config_of(**settings: Any) -> JointConfig:
    return JointConfig(**{"token_size": 6, "encoder_size": 5, **settings})


def batch_of(encoder: Encoder, examples: List[Example]) -> EncodedBatch:
    return encoder.encode(examples).batch(np.arange(len(examples)))


def inputs_of(encoder: Encoder, examples: List[Example]) -> Inputs:
    return Inputs.of(batch_of(encoder, examples), encoder.vocabulary.word_table, CPU)


def run(network: JointNetwork, inputs: Inputs) -> Output:
    with torch.no_grad():
        output: Output = network(inputs)
    return output


def tokens_of(network: JointNetwork, inputs: Inputs) -> torch.Tensor:
    return network._tokens(inputs, network._distinct(inputs, network.rows(inputs)))


def vectors_for(encoder: Encoder) -> np.ndarray:
    shape = len(encoder.vocabulary.words) + 1, 4
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def with_rows(encoder: Encoder) -> Encoder:
    """An encoder of which each word has a vector, but for the first row, which none has."""
    keys = (0, *map(word_key, encoder.vocabulary.words))
    vocabulary = replace(encoder.vocabulary, vectors=VectorRows(keys))
    return replace(encoder, vocabulary=vocabulary)


def test_each_distinct_token_is_embedded_once() -> None:
    examples = [Example.from_text("to Rome to Rome"), Example.from_text("Rome ROME rome to")]
    encoder = encoder_of([*toy_examples(), *examples])
    inputs = inputs_of(encoder, examples)
    row_of = encoder.vocabulary.word_row
    assert inputs.word_rows.tolist() == sorted([0, row_of("to"), row_of("rome")])
    assert len(inputs.words) == len(inputs.ngram_offsets) == 2
    assert inputs.word_rows[inputs.words][inputs.index].tolist() == [
        [row_of("to"), row_of("rome")] * 2,
        [row_of("rome")] * 3 + [row_of("to")],
    ]


def test_inputs_hold_the_ngrams_of_their_distinct_tokens() -> None:
    examples = toy_examples()
    encoder = encoder_of(examples)
    inputs = inputs_of(encoder, examples[3:6])
    ends = [*inputs.ngram_offsets.tolist()[1:], len(inputs.ngrams)]
    assert len(inputs.words) > 3
    words = inputs.word_rows[inputs.words].tolist()
    for word, start, end in zip(words, inputs.ngram_offsets.tolist(), ends):
        table = encoder.vocabulary.table([Form(encoder.vocabulary.words[word - 1])])
        ngrams = inputs.ngram_rows[inputs.ngrams[start:end]]
        assert ngrams.tolist() == table.ngrams.ids.tolist()


def test_a_dense_and_a_sparse_feature_are_projected_alike() -> None:
    matrix = sparse.random(5, 7, 0.4, "csr", random_state=1, dtype=np.float32)
    weight = torch.randn(7, 3)
    dense = project((torch.from_numpy(matrix.toarray()),), weight)
    parts = (
        torch.from_numpy(matrix.indices.astype(np.int64)),
        torch.from_numpy(matrix.indptr[:-1].astype(np.int64)),
        torch.from_numpy(matrix.data),
    )
    torch.testing.assert_close(project(parts, weight), dense)


@pytest.mark.parametrize("features", [False, True])
def test_what_is_said_of_a_message_does_not_depend_on_padding(features: bool) -> None:
    examples = with_features(toy_examples()) if features else toy_examples()
    encoder = encoder_of(examples)
    network = random_network(encoder, config_of())
    together = run(network, inputs_of(encoder, examples))
    for row, example in enumerate(examples):
        alone = run(network, inputs_of(encoder, [example]))
        for name in Output._fields[:-1]:  # the last are of distinct tokens
            one, other = getattr(together, name), getattr(alone, name)
            of_row = {
                "intent_logits": one[row : row + 1],
            }.get(name, one[row : row + 1, : len(example.tokens)])
            torch.testing.assert_close(of_row, other, atol=1e-5, rtol=1e-4)


def test_intents_learn_from_one_part_of_the_lstm_and_slots_from_both() -> None:
    encoder = encoder_of(toy_examples())
    network = random_network(encoder, config_of())
    output: Output = network(inputs_of(encoder, toy_examples()))
    assert output.intent_logits is not None and output.emissions is not None
    weights = list(network.lstm.parameters())
    for said, parts in ((output.intent_logits, [True, False]), (output.emissions, [True, True])):
        for gradient in torch.autograd.grad(said.square().sum(), weights, retain_graph=True):
            first, second = gradient.chunk(2)
            assert [bool(first.any()), bool(second.any())] == parts


def test_in_evaluation_mode_there_is_no_chance() -> None:
    encoder = encoder_of(toy_examples())
    network = random_network(encoder, config_of())
    inputs = inputs_of(encoder, toy_examples())
    before = network.generator.get_state()
    for one, other in zip(run(network, inputs), run(network, inputs)):
        assert torch.equal(one, other)
    assert torch.equal(network.generator.get_state(), before)


def test_in_training_mode_there_is_chance_from_the_generator_alone() -> None:
    encoder = encoder_of(toy_examples())
    network = random_network(encoder, config_of()).train()
    inputs = inputs_of(encoder, toy_examples())
    state, others = network.generator.get_state(), torch.get_rng_state()
    first, second = run(network, inputs), run(network, inputs)
    network.generator.set_state(state)
    again = run(network, inputs)
    assert not torch.equal(first[0], second[0]) and not torch.equal(first[1], second[1])
    assert torch.equal(first[0], again[0]) and torch.equal(first[1], again[1])
    assert torch.equal(torch.get_rng_state(), others)


@pytest.mark.parametrize("vectors", [False, True])
@pytest.mark.parametrize("bilou", [True, False])
def test_one_backward_pass_reaches_every_weight(vectors: bool, bilou: bool) -> None:
    examples = with_features(toy_examples())
    encoder = with_rows(encoder_of(examples, bilou))
    config = config_of(
        BILOU_flag=bilou,
        freeze_pretrained_embeddings=False,
        drop_rate=0,
        word_drop_rate=0,
        ngram_drop_rate=0,
    )
    network = random_network(encoder, config, 0, vectors_for(encoder) if vectors else None)
    batch = batch_of(encoder, examples)
    inputs = Inputs.of(batch, encoder.vocabulary.word_table, CPU)
    output = network(inputs)
    assert batch.targets is not None
    tags = batch.targets.tag_ids
    loss = network.crf.negative_log_likelihood(output.emissions, tags, batch.lengths)[0].sum()
    weights = torch.arange(4.0)
    loss = loss + (output.intent_logits.softmax(1) @ weights).sum()
    for logits, by_type in (
        (output.role_logits, network.type_role),
        (output.group_logits, network.type_group),
    ):
        per_token = (logits[:, :, None] + by_type).softmax(3)
        loss = loss + (per_token * torch.randn(per_token.shape)).sum()
    loss.backward()
    assert ("pretrained" in dict(network.named_parameters())) == vectors
    voting = {f"features.{i}" for i, spec in enumerate(encoder.features) if spec.votes}
    assert voting == {"features.0"}
    for name, weight in network.named_parameters():
        if name in voting:
            assert weight.grad is None
            continue
        assert weight.grad is not None, name
        assert torch.isfinite(weight.grad).all() and weight.grad.abs().sum() > 0, name


def test_frozen_vectors_get_no_gradient_but_their_projection_does() -> None:
    encoder = with_rows(encoder_of(toy_examples()))
    network = random_network(encoder, config_of(), 0, vectors_for(encoder))
    network(inputs_of(encoder, toy_examples())).emissions.sum().backward()
    assert network.pretrained.grad is None and not network.pretrained.requires_grad
    assert network.pretrained_projection.grad is not None


def shapes(network: JointNetwork, parts: List[str]) -> Dict[str, torch.Size]:
    state = network.state_dict()
    return {k: v.shape for k, v in state.items() if k.partition(".")[0] in parts}


ENCODER = ["word_embedding", "ngram_embedding", "lstm"]
INTENT = ["attention", "intent"]
SLOT = ["emission", "crf", "role", "group", "type_role", "type_group"]


@pytest.mark.parametrize(
    ("settings", "kept", "gone"),
    [
        ({"entity_recognition": False}, INTENT, SLOT),
        ({"intent_classification": False}, SLOT, INTENT),
    ],
)
def test_a_network_of_one_task_has_the_encoder_that_its_head_reads_and_no_other_head(
    settings: Dict[str, bool], kept: List[str], gone: List[str]
) -> None:
    encoder = encoder_of(toy_examples())
    joint = random_network(encoder, config_of())
    single = random_network(encoder, config_of(**settings))
    if "emission" in gone:
        joint.lstm = BiLSTM(6, 5, 1, CPU)
    assert shapes(single, [*ENCODER, *kept]) == shapes(joint, [*ENCODER, *kept])
    assert shapes(single, [*ENCODER, *kept]) == {k: v.shape for k, v in single.state_dict().items()}
    assert shapes(joint, gone)
    output = run(single, inputs_of(encoder, toy_examples()))
    no_intents, no_slots = "intent" in gone, "emission" in gone
    expected = [no_intents, no_slots, no_slots, no_slots, False, False]
    assert [head is None for head in output] == expected


@pytest.mark.parametrize(
    ("examples", "heads"),
    [
        (toy_examples()[:4], []),
        (toy_examples()[3:5], ["intent", "slot"]),
        (toy_examples()[4:6], ["slot"]),
        ([Example.from_text("a", "one"), Example.from_text("b", "two")], ["intent"]),
    ],
)
def test_there_is_a_head_for_what_there_is_to_learn(
    examples: List[Example], heads: List[str]
) -> None:
    assert random_network(encoder_of(examples), config_of()).heads == heads


def test_the_shapes_of_the_outputs() -> None:
    encoder = encoder_of(toy_examples())
    inputs = inputs_of(encoder, toy_examples()[4:7])
    output = run(random_network(encoder, config_of()), inputs)
    shapes_of_heads = [(3, 4), (3, 6, 17), (3, 6, 3), (3, 6, 3)]
    shapes_before = [(3, 6, 20), (len(inputs.words), 6)]
    assert [tuple(part.shape) for part in output] == shapes_of_heads + shapes_before


def test_the_same_generator_state_makes_the_same_network() -> None:
    encoder = encoder_of(toy_examples())
    states = []
    for seed in (3, 3, 4):
        torch.manual_seed(seed * 7 + len(states))
        generator = torch.Generator().manual_seed(seed)
        states.append(JointNetwork(encoder, plan_of(config_of()), generator).state_dict())
    for name, weight in states[0].items():
        assert torch.equal(weight, states[1][name]) and torch.isfinite(weight).all(), name
    assert not torch.equal(states[0]["lstm.weight_ih"], states[2]["lstm.weight_ih"])


def test_a_dropped_word_is_the_unknown_word_and_its_ngrams() -> None:
    encoder = encoder_of(toy_examples())
    network = random_network(encoder, config_of()).train()
    network.plan = replace(network.plan, drop_rate=0, ngram_drop_rate=0)
    network.word_drop_rates = torch.ones(len(network.word_embedding))
    inputs = inputs_of(encoder, toy_examples()[:1])
    with torch.no_grad():
        bags = torch.nn.functional.embedding_bag(
            inputs.ngrams, network.rows(inputs).ngrams, inputs.ngram_offsets, mode="mean"
        )
        expected = (network.word_embedding[0] + bags)[inputs.index]
        torch.testing.assert_close(tokens_of(network, inputs), expected)
        assert not torch.allclose(tokens_of(network.eval(), inputs), expected)


def test_the_ngrams_that_are_left_make_the_mean() -> None:
    encoder = encoder_of(toy_examples())
    network = random_network(encoder, config_of(ngram_drop_rate=0.5)).train()
    inputs = inputs_of(encoder, toy_examples()[:1])
    torch.nn.init.ones_(network.ngram_embedding)
    with torch.no_grad():
        means = network._ngram_means(inputs, network.rows(inputs))[:, 0]
    # A mean of ones is one, whatever is left out; only a word that lost all has none.
    assert set(means.tolist()) <= {0.0, 1.0} and means.max() == 1


def test_all_ngrams_can_be_dropped() -> None:
    encoder = encoder_of(toy_examples())
    network = random_network(encoder, config_of()).train()
    network.plan = replace(network.plan, ngram_drop_rate=1.0)
    inputs = inputs_of(encoder, toy_examples()[:1])
    assert network._ngram_means(inputs, network.rows(inputs)).abs().sum() == 0


def test_words_are_dropped_each_for_itself() -> None:
    encoder = encoder_of(toy_examples())
    inputs = inputs_of(encoder, toy_examples())
    network = random_network(encoder, config_of(drop_rate=0, word_drop_rate=0.5, ngram_drop_rate=0))
    with torch.no_grad():
        whole = tokens_of(network, inputs)[inputs.mask]
        some = tokens_of(network.train(), inputs)[inputs.mask]
    kept = (whole == some).all(1).float().mean().item()
    assert 0.2 < kept < 0.8


def test_the_oftener_a_word_is_met_the_more_rarely_it_is_dropped() -> None:
    encoder = encoder_of(toy_examples())
    network = random_network(encoder, config_of(word_drop_rate=0.5))
    rows = len(network.word_embedding)
    network.count_words(np.arange(rows))
    rates = network.word_drop_rates.tolist()
    assert rates[:4] == pytest.approx([1 / 2, 1 / 2, 1 / 3, 1 / 4])
    network = random_network(encoder, config_of(word_drop_rate=0.2))
    assert network.word_drop_rates.tolist() == pytest.approx([0.2] * rows)
