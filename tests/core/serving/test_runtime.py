"""The network in NumPy against the network in torch."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Optional, Tuple

import numpy as np
import pytest
import torch
from helpers import dense, encoder_of, random_network, toy_examples, weights_of, with_features

from rasa_joint_nlu.core import Example, JointConfig
from rasa_joint_nlu.core.arrays import Array, is_sparse
from rasa_joint_nlu.core.batch import EncodedBatch, NetworkOutput
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.precision import ByteTable
from rasa_joint_nlu.core.serving.runtime import Runtime, softmax
from rasa_joint_nlu.core.text.ngrams import Form
from rasa_joint_nlu.core.text.pieces import VectorRows, word_key
from rasa_joint_nlu.core.training.network import Inputs, JointNetwork

HEADS = ("intent_logits", "attention", "emissions", "role_logits", "group_logits")

NEW_TEXTS = [
    "hello Zürich 2023",
    "a tickets from Romeo to Oslo , please",
    "zzz",
    "qqq www from New York",
    "I",
    "first a small cola and then a large tea and then a large orange juice please",
]


def messages(features: bool) -> List[Example]:
    """Messages with known, similar and wholly unknown words, of many lengths."""
    examples = [*toy_examples(), *map(Example.from_text, NEW_TEXTS)]
    return with_features(examples, seed=7) if features else examples


def torch_output(network: JointNetwork, encoder: Encoder, batch: EncodedBatch) -> NetworkOutput:
    """What the torch network says of a batch, its attention included."""
    vocabulary = encoder.vocabulary
    table = vocabulary.word_table.followed_by(vocabulary.table(batch.further))
    inputs = Inputs.of(batch, table, torch.device("cpu"))
    scores: List[torch.Tensor] = []
    hook = None
    if hasattr(network, "attention"):
        hook = network.attention.register_forward_hook(lambda *args: scores.append(args[2]))
    with torch.no_grad():
        output = network(inputs)
    attention = None
    if hook:
        hook.remove()
        masked = scores[0][:, :, 0].masked_fill(~inputs.mask, -torch.inf)
        attention = masked.softmax(1).numpy()
    heads = (None if head is None else head.numpy() for head in output)
    intent_logits, emissions, role_logits, group_logits, *_ = heads
    return NetworkOutput(intent_logits, attention, emissions, role_logits, group_logits)


def votes_in(
    weights: Dict[str, Array],
    encoder: Encoder,
    example: Example,
    pretrained: Optional[ByteTable] = None,
) -> Array:
    """What each word, n-gram and vector votes for, and the vectors of a message as a whole."""
    total = np.zeros(len(encoder.labels.intents))
    vectors = []
    for form in encoder.vocabulary.forms(example.tokens):
        table = encoder.vocabulary.table([form])
        total += weights["word_votes"][table.word_ids[0]]
        total += weights["ngram_votes"][table.ngrams.ids].sum(0)
        if pretrained and len(table.vectors.ids):
            vectors.append(pretrained.rows(table.vectors.ids).mean(0))
    total *= weights["words_weight"]
    if vectors:
        roots = [float(np.linalg.norm(vector)) ** 0.5 for vector in vectors]
        added = [vector / root for vector, root in zip(vectors, roots)]
        total += np.sum(added, axis=0) / sum(roots) @ weights["mean_votes"]
    for index, spec in enumerate(encoder.features):
        if spec.votes and spec.name in example.features:
            total += (dense(example.features[spec.name]) @ weights[f"features.{index}"])[0]
    return total


def assert_close(one: NetworkOutput, other: NetworkOutput, mask: Array, atol: float) -> None:
    for name in HEADS:
        a, b = getattr(one, name), getattr(other, name)
        assert (a is None) == (b is None), name
        if a is not None:
            assert a.shape == b.shape
            a, b = (a[mask], b[mask]) if name != "intent_logits" else (a, b)
            np.testing.assert_allclose(a, b, atol=atol, err_msg=name)


CASES: Dict[str, Dict[str, bool]] = {
    "plain": {},
    "features": {"features": True},
    "vectors": {"vectors": True},
    "features and vectors": {"features": True, "vectors": True},
    "bio": {"BILOU_flag": False},
    "intents only": {"entity_recognition": False, "features": True},
    "entities only": {"intent_classification": False, "features": True},
}


def built(case: str, seed: int = 0) -> Tuple[Encoder, JointNetwork, List[Example]]:
    chosen = dict(CASES[case])
    features, vectors = chosen.pop("features", False), chosen.pop("vectors", False)
    config = JointConfig(token_size=6, encoder_size=5, **chosen)
    examples = messages(features)
    encoder = encoder_of(examples[: len(toy_examples())], config.BILOU_flag)
    matrix = None
    if vectors:
        # Some words have a vector of their own, others are made of pieces, and a few have none.
        words = [*encoder.vocabulary.words[::2], "a", "##n", "##e", "t", "##t", "unmet"]
        rows = VectorRows(tuple(map(word_key, dict.fromkeys(words))), has_pieces=True)
        encoder = replace(encoder, vocabulary=replace(encoder.vocabulary, vectors=rows))
        size = len(rows), 4
        matrix = np.random.default_rng(seed).normal(size=size).astype(np.float32)
    return encoder, random_network(encoder, config, seed, matrix), examples


def table_of(network: JointNetwork) -> Optional[ByteTable]:
    """The pretrained vectors of a network, as they are."""
    if not hasattr(network, "pretrained"):
        return None
    vectors = network.pretrained.detach().numpy()
    return ByteTable(vectors, np.ones((len(vectors), 1), np.float32))


def test_arrays_may_stand_for_sparse_features() -> None:
    encoder, network, examples = built("features")
    runtime = Runtime(weights_of(network), encoder)
    as_arrays = [
        replace(example, features={name: dense(each) for name, each in example.features.items()})
        for example in examples
    ]
    batches = [encoder.batch(each) for each in (examples, as_arrays)]
    assert not any(map(is_sparse, batches[1].features.values()))
    outputs = map(runtime.forward, batches)
    assert_close(*outputs, mask=batches[0].mask, atol=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_it_says_the_same_as_the_torch_network_and_the_votes(case: str) -> None:
    encoder, network, examples = built(case)
    weights, pretrained = weights_of(network), table_of(network)
    runtime = Runtime(weights, encoder, pretrained)
    rng = np.random.default_rng(1)
    for _ in range(5):
        chosen = rng.integers(len(examples), size=rng.integers(1, 9))
        batch = encoder.batch([examples[i] for i in chosen])
        expected = torch_output(network, encoder, batch)
        if expected.intent_logits is not None:
            votes = [votes_in(weights, encoder, examples[i], pretrained) for i in chosen]
            expected = replace(expected, intent_logits=expected.intent_logits + votes)
        assert_close(runtime.forward(batch), expected, batch.mask, atol=1e-4)


@pytest.mark.parametrize("case", ["plain", "features and vectors"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("runtime._TABLE_BYTES", 1000),
        ("runtime._TABLE_BYTES", 9000),
        ("products.FEW", 0),
        ("products._WEIGHTS", 60),
        ("products.has_one_thread", lambda: True),
    ],
)
def test_what_is_worked_out_beforehand_and_how_changes_nothing(
    name: str, value: int, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, network, examples = built(case)
    batch = encoder.batch(examples)
    before = Runtime(weights_of(network), encoder)
    usual = before.forward(batch)
    monkeypatch.setattr(f"rasa_joint_nlu.core.serving.{name}", value)
    changed = Runtime(weights_of(network), encoder)
    assert "TABLE" not in name or len(changed._rows) < len(before._rows)
    assert_close(changed.forward(batch), usual, batch.mask, atol=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_it_has_the_heads_of_its_tasks(case: str) -> None:
    encoder, network, examples = built(case)
    output = Runtime(weights_of(network), encoder).forward(encoder.batch(examples[:2]))
    has_intents = CASES[case].get("intent_classification", True)
    has_entities = CASES[case].get("entity_recognition", True)
    found = [getattr(output, name) is not None for name in HEADS]
    assert found == [has_intents] * 2 + [has_entities] * 3


@pytest.mark.parametrize("case", ["plain", "features and vectors", "bio"])
def test_a_batch_says_of_each_message_what_it_says_alone(case: str) -> None:
    encoder, network, examples = built(case)
    runtime = Runtime(weights_of(network), encoder)
    batch = encoder.batch(examples)
    together = runtime.forward(batch)
    for row, example in enumerate(examples):
        alone = encoder.batch([example])
        length = len(example.tokens)
        of_row = NetworkOutput(
            *(
                head[row : row + 1] if name == "intent_logits" else head[row : row + 1, :length]
                for name in HEADS
                for head in [getattr(together, name)]
            )
        )
        assert_close(runtime.forward(alone), of_row, alone.mask, atol=1e-5)


def test_the_votes_of_a_message_are_those_for_the_intent_that_its_words_favour() -> None:
    encoder, network, examples = built("plain")
    weights = weights_of(network)
    batch = encoder.batch(examples)
    votes = Runtime(weights, encoder).forward(batch).votes
    expected = [votes_in(weights, encoder, example).max() for example in examples]
    np.testing.assert_allclose(votes, expected, rtol=1e-4)


def test_attention_is_a_distribution_over_the_tokens() -> None:
    encoder, network, examples = built("plain")
    batch = encoder.batch(examples)
    attention = Runtime(weights_of(network), encoder).forward(batch).attention
    assert attention is not None
    np.testing.assert_allclose(attention.sum(1), 1, rtol=1e-5)
    assert not attention[~batch.mask].any()


def assert_is_embedded_as(vector: Array, text: str, runtime: Runtime, encoder: Encoder) -> None:
    batch = encoder.batch([Example.from_text(text)])
    size = runtime._size
    said = runtime._linear(vector[:size]) + runtime._bias
    row = runtime._embed(batch)[0, 0]
    np.testing.assert_allclose(row, np.append(vector[size:], said), rtol=1e-4, atol=1e-5)


def test_an_unseen_word_is_the_unknown_word_and_its_known_ngrams() -> None:
    encoder, network, _ = built("plain")
    weights = weights_of(network)
    table = encoder.vocabulary.table([Form("romeo")])
    assert len(table.ngrams.ids)
    vector = weights["word_embedding"][0] + weights["ngram_embedding"][table.ngrams.ids].mean(0)
    votes = votes_in(weights, encoder, Example.from_text("romeo"))
    runtime = Runtime(weights, encoder)
    (found,) = runtime.vectors(table)
    np.testing.assert_allclose(found, np.append(vector, votes), rtol=1e-5)
    assert_is_embedded_as(found, "Romeo", runtime, encoder)


def test_a_word_without_any_known_ngram_is_the_unknown_word() -> None:
    encoder, network, _ = built("plain")
    weights = weights_of(network)
    runtime = Runtime(weights, encoder)
    (found,) = runtime.vectors(encoder.vocabulary.table([Form("жжж")]))
    votes = weights["words_weight"] * weights["word_votes"][0]
    np.testing.assert_array_equal(found, np.append(weights["word_embedding"][0], votes))
    assert_is_embedded_as(found, "ЖЖЖ", runtime, encoder)


def test_no_more_of_the_vectors_is_kept_than_the_later_words() -> None:
    encoder, network, _ = built("plain")
    assert Runtime(weights_of(network), encoder)._later_words.base is None


def test_running_does_not_change_the_weights() -> None:
    encoder, network, examples = built("features and vectors")
    weights = weights_of(network)
    before = {name: weight.copy() for name, weight in weights.items()}
    runtime = Runtime(weights, encoder)
    runtime.forward(encoder.batch(examples))
    for name, weight in before.items():
        np.testing.assert_array_equal(weights[name], weight)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_sums_to_one_along_its_axis(axis: int) -> None:
    logits = np.random.default_rng(0).normal(size=(3, 4))
    shares = softmax(logits, axis)
    np.testing.assert_allclose(shares.sum(axis), 1)
    np.testing.assert_allclose(np.diff(np.log(shares), axis=axis), np.diff(logits, axis=axis))


@pytest.mark.parametrize(
    ("logits", "shares"),
    [([0.0, np.log(3)], [0.25, 0.75]), ([1e4, 1e4], [0.5, 0.5]), ([0.0, -np.inf], [1.0, 0.0])],
)
def test_softmax_by_hand(logits: List[float], shares: List[float]) -> None:
    np.testing.assert_allclose(softmax(np.array(logits)), shares)


def test_a_word_has_the_same_row_alone_again_and_with_many_others() -> None:
    encoder, network, _ = built("plain")
    texts = ["qwertz", " ".join(f"tok{'abcdefghij'[n % 10] * (1 + n)}en" for n in range(40))]
    texts.append(f"{texts[1]} {texts[0]}")
    rows = []
    for order in (texts, texts[::-1]):
        runtime = Runtime(weights_of(network), encoder)
        of_texts = {}
        for text in [*order, *order]:
            batch = encoder.batch([Example.from_text(text)])
            of_texts.setdefault(text, []).append(runtime._embed(batch)[0])
        for first, again in of_texts.values():
            assert np.array_equal(first, again)
        assert np.array_equal(of_texts[texts[2]][0][-1:], of_texts[texts[0]][0])
        rows.append(of_texts)
    assert all(np.array_equal(rows[0][text][0], rows[1][text][0]) for text in texts)


def test_gates_of_any_size_give_numbers_and_no_warning() -> None:
    encoder, network, examples = built("plain")
    weights = dict(weights_of(network))
    weights["lstm.weight_ih"] = 1e4 * weights["lstm.weight_ih"]
    runtime = Runtime(weights, encoder)
    for example in examples:
        output = runtime.forward(encoder.batch([example]))
        assert output.emissions is not None and np.isfinite(output.emissions).all()
