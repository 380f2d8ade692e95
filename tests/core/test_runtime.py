"""The network in NumPy against the network in torch, and decoding against brute force."""

from __future__ import annotations

import itertools
from typing import Dict, Iterator, List, Sequence, Tuple

import numpy as np
import pytest
import torch
from helpers import encoder_of, random_network, toy_examples, weights_of, with_features
from hypothesis import given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core import Example, JointConfig
from rasa_joint_nlu.core.batch import EncodedBatch, NetworkOutput, TokenTable
from rasa_joint_nlu.core.data import Array
from rasa_joint_nlu.core.encoding import Encoder
from rasa_joint_nlu.core.runtime import CRFWeights, Runtime, softmax
from rasa_joint_nlu.core.tags import TagScheme
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


def joined(known: TokenTable, unknown: TokenTable) -> TokenTable:
    """One table of known and unknown tokens, for torch, which trains on known ones only."""
    return TokenTable(
        np.concatenate([known.word_ids, unknown.word_ids]),
        np.concatenate([known.ngram_ids, unknown.ngram_ids]),
        np.concatenate([known.ngram_offsets, known.ngram_offsets[-1] + unknown.ngram_offsets[1:]]),
    )


def torch_output(network: JointNetwork, encoder: Encoder, batch: EncodedBatch) -> NetworkOutput:
    """What the torch network says of a batch, its attention included."""
    table = joined(encoder.vocabulary.known, batch.unknown)
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
    intent_logits, emissions, role_logits, group_logits = heads
    return NetworkOutput(intent_logits, attention, emissions, role_logits, group_logits)


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
        size = len(encoder.vocabulary.words) + 1, 4
        matrix = np.random.default_rng(seed).normal(size=size).astype(np.float32)
    return encoder, random_network(encoder, config, seed, matrix), examples


@pytest.mark.parametrize("case", CASES)
def test_it_says_the_same_as_the_torch_network(case: str) -> None:
    encoder, network, examples = built(case)
    runtime = Runtime(weights_of(network), encoder)
    rng = np.random.default_rng(1)
    for _ in range(5):
        chosen = rng.integers(len(examples), size=rng.integers(1, 9))
        batch = encoder.encode([examples[i] for i in chosen]).batch(np.arange(len(chosen)))
        expected = torch_output(network, encoder, batch)
        assert_close(runtime.run(batch), expected, batch.mask, atol=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_it_has_the_heads_of_its_tasks(case: str) -> None:
    encoder, network, examples = built(case)
    output = Runtime(weights_of(network), encoder).run(
        encoder.encode(examples[:2]).batch(np.r_[0, 1])
    )
    has_intents = CASES[case].get("intent_classification", True)
    has_entities = CASES[case].get("entity_recognition", True)
    found = [getattr(output, name) is not None for name in HEADS]
    assert found == [has_intents] * 2 + [has_entities] * 3


@pytest.mark.parametrize("case", ["plain", "features and vectors", "bio"])
def test_a_batch_says_of_each_message_what_it_says_alone(case: str) -> None:
    encoder, network, examples = built(case)
    runtime = Runtime(weights_of(network), encoder)
    batch = encoder.encode(examples).batch(np.arange(len(examples)))
    together = runtime.run(batch)
    for row, example in enumerate(examples):
        alone = encoder.encode([example]).batch(np.array([0]))
        length = len(example.tokens)
        of_row = NetworkOutput(
            *(
                head[row : row + 1] if name == "intent_logits" else head[row : row + 1, :length]
                for name in HEADS
                for head in [getattr(together, name)]
            )
        )
        assert_close(runtime.run(alone), of_row, alone.mask, atol=1e-5)


def test_attention_is_a_distribution_over_the_tokens() -> None:
    encoder, network, examples = built("plain")
    batch = encoder.encode(examples).batch(np.arange(len(examples)))
    attention = Runtime(weights_of(network), encoder).run(batch).attention
    assert attention is not None
    np.testing.assert_allclose(attention.sum(1), 1, rtol=1e-5)
    assert not attention[~batch.mask].any()


def test_an_unseen_word_is_the_unknown_word_and_the_mean_of_its_known_ngrams() -> None:
    encoder, network, _ = built("plain")
    weights = weights_of(network)
    table = encoder.vocabulary.table(["romeo"])
    assert len(table.ngram_ids)
    mean = weights["ngram_embedding"][table.ngram_ids].mean(0)
    batch = encoder.encode([Example.from_text("Romeo")]).batch(np.array([0]))
    found = Runtime(weights, encoder)._embed(batch)[0, 0]
    np.testing.assert_allclose(found, weights["word_embedding"][0] + mean, rtol=1e-5)


def test_a_word_without_any_known_ngram_is_the_unknown_word() -> None:
    encoder, network, _ = built("plain")
    weights = weights_of(network)
    batch = encoder.encode([Example.from_text("ЖЖЖ")]).batch(np.array([0]))
    np.testing.assert_allclose(
        Runtime(weights, encoder)._embed(batch)[0, 0], weights["word_embedding"][0], rtol=1e-6
    )


def test_running_does_not_change_the_weights() -> None:
    encoder, network, examples = built("features and vectors")
    weights = weights_of(network)
    before = {name: weight.copy() for name, weight in weights.items()}
    runtime = Runtime(weights, encoder)
    runtime.run(encoder.encode(examples).batch(np.arange(len(examples))))
    for name, weight in before.items():
        np.testing.assert_array_equal(weights[name], weight)


# Decoding.


def random_crf(seed: int, bilou: bool, num_types: int, spread: float = 1.0) -> CRFWeights:
    rng = np.random.default_rng(seed)
    scheme = TagScheme.named(bilou)
    size = len(scheme.positions)
    inner = spread * rng.normal(size=(num_types, size, size))
    return CRFWeights(
        spread * rng.normal(size=(num_types + 1, num_types + 1)),
        spread * rng.normal(size=num_types + 1),
        spread * rng.normal(size=num_types + 1),
        np.where(scheme.continues, inner, -np.inf),
        scheme.begins,
        scheme.ends,
    )


def legal_paths(scheme: TagScheme, num_types: int, length: int) -> Iterator[Tuple[int, ...]]:
    """Every legal tag sequence; one that is legal between two O."""
    allowed = scheme.allowed(num_types)
    for path in itertools.product(range(scheme.num_tags(num_types)), repeat=length):
        if all(allowed[a, b] for a, b in zip((0, *path), (*path, 0))):
            yield path


def path_score(crf: CRFWeights, scheme: TagScheme, emissions: Array, path: Sequence[int]) -> float:
    """The score of a path, from its spans: labels cross, and places go on inside."""
    size = len(scheme.positions)
    labels = [0 if tag == 0 else 1 + (tag - 1) // size for tag in path]
    places = [(tag - 1) % size for tag in path]
    score = crf.start[labels[0]] + crf.stop[labels[-1]]
    score += sum(float(emissions[step, tag]) for step, tag in enumerate(path))
    for step in range(1, len(path)):
        if labels[step] and not scheme.begins[places[step]]:
            score += crf.inner[labels[step] - 1, places[step - 1], places[step]]
        else:
            score += crf.transitions[labels[step - 1], labels[step]]
    return float(score)


def case(
    seed: int, bilou: bool, num_types: int, length: int, spread: float = 1.0
) -> Tuple[CRFWeights, TagScheme, Array, Dict[Tuple[int, ...], float]]:
    """A random CRF, one message's emissions, and the score of each legal path."""
    crf, scheme = random_crf(seed, bilou, num_types, spread), TagScheme.named(bilou)
    rng = np.random.default_rng(seed + 1)
    emissions = spread * rng.normal(size=(length, scheme.num_tags(num_types)))
    scores = {
        path: path_score(crf, scheme, emissions, path)
        for path in legal_paths(scheme, num_types, length)
    }
    return crf, scheme, emissions.astype(np.float32), scores


SIZES = st.sampled_from([(True, 1, 1), (True, 1, 4), (True, 2, 3), (False, 1, 5), (False, 2, 4)])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), size=SIZES, spread=st.sampled_from([0.3, 1.0, 10.0]))
def test_viterbi_equals_enumeration(seed: int, size: Tuple[bool, int, int], spread: float) -> None:
    crf, _, emissions, scores = case(seed, *size, spread)
    path = crf.viterbi(emissions[None], np.array([len(emissions)]))[0]
    assert scores[tuple(path.tolist())] == pytest.approx(max(scores.values()), abs=1e-4)


@pytest.mark.parametrize("bilou", [True, False])
def test_viterbi_of_a_batch_equals_one_by_one(bilou: bool) -> None:
    crf = random_crf(3, bilou, 3)
    lengths = np.array([6, 1, 4, 6, 2])
    rng = np.random.default_rng(4)
    num_tags = TagScheme.named(bilou).num_tags(3)
    emissions = rng.normal(size=(5, 6, num_tags)).astype(np.float32)
    emissions[1, 1:] = emissions[2, 4:] = 1e3  # padding says nothing
    together = crf.viterbi(emissions, lengths)
    for row, length in enumerate(lengths):
        alone = crf.viterbi(emissions[row : row + 1, :length], lengths[row : row + 1])
        assert together[row].tolist() == [*alone[0].tolist(), *[0] * (6 - length)]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), size=SIZES, spread=st.sampled_from([0.3, 1.0, 5.0]))
def test_the_posterior_of_each_span_equals_enumeration(
    seed: int, size: Tuple[bool, int, int], spread: float
) -> None:
    crf, scheme, emissions, scores = case(seed, *size, spread)
    length = len(emissions)
    paths = {path: scheme.decode(path) for path in scores}
    shares = dict(zip(scores, softmax(np.array(list(scores.values())))))
    padded = np.concatenate([emissions, np.full((2, emissions.shape[1]), 50.0)])
    posterior = crf.posterior(padded, length)
    for entity_type in range(size[1]):
        for first, last in itertools.combinations_with_replacement(range(length), 2):
            span = first, last, entity_type
            tags = np.array(scheme.encode([span], length))[first : last + 1]
            expected = sum(shares[path] for path, spans in paths.items() if span in spans)
            assert posterior.of(first, tags, entity_type) == pytest.approx(expected, abs=1e-5)


def test_a_span_is_never_more_than_certain() -> None:
    crf, scheme = random_crf(0, True, 2), TagScheme.named(True)
    tags = np.array(scheme.encode([(0, 2, 1)], 4))
    emissions = np.zeros((4, 9), np.float32)
    emissions[np.arange(4), tags] = 60
    assert crf.posterior(emissions, 4).of(0, tags[:3], 1) == pytest.approx(1.0)
    assert crf.posterior(emissions, 4).of(0, tags[:3], 1) <= 1.0


def test_strong_emissions_of_a_long_message_have_a_finite_posterior() -> None:
    crf, scheme = random_crf(5, True, 2, 3.0), TagScheme.named(True)
    emissions = 30 * np.random.default_rng(5).normal(size=(200, 9)).astype(np.float32)
    tags = crf.viterbi(emissions[None], np.array([200]))[0]
    posterior = crf.posterior(emissions, 200)
    spans = scheme.decode(tags.tolist())
    assert spans
    shares = [posterior.of(a, tags[a : b + 1], entity_type) for a, b, entity_type in spans]
    assert all(0 <= share <= 1 for share in shares) and max(shares) > 0.9


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


def test_a_runtime_without_entities_has_no_crf_and_no_type_weights() -> None:
    encoder, network, _ = built("intents only")
    runtime = Runtime(weights_of(network), encoder)
    assert runtime.crf is None
    assert runtime.type_weights == (None, None)
