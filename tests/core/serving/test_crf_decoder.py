"""Viterbi and forward-backward against the enumeration of every legal tag sequence."""

from __future__ import annotations

import itertools
from typing import Dict, Iterator, List, Sequence, Tuple

import numpy as np
import pytest
from helpers import allowed_tags, tags_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rasa_joint_nlu.core.arrays import Array
from rasa_joint_nlu.core.serving import crf as decoding
from rasa_joint_nlu.core.serving.crf import CRFDecoder
from rasa_joint_nlu.core.serving.runtime import softmax
from rasa_joint_nlu.core.tags import TagScheme

Weights = Dict[str, Array]


def random_weights(seed: int, bilou: bool, num_types: int, spread: float = 1.0) -> Weights:
    """The CRF's part of a network's weights, under its names."""
    rng = np.random.default_rng(seed)
    size = len(TagScheme.named(bilou).positions)
    return {
        "crf.transitions": spread * rng.normal(size=(num_types + 1, num_types + 1)),
        "crf.start": spread * rng.normal(size=num_types + 1),
        "crf.stop": spread * rng.normal(size=num_types + 1),
        "crf.inner": spread * rng.normal(size=(num_types, size, size)),
    }


def random_crf(seed: int, bilou: bool, num_types: int, spread: float = 1.0) -> CRFDecoder:
    return CRFDecoder(random_weights(seed, bilou, num_types, spread), TagScheme.named(bilou))


def legal_paths(scheme: TagScheme, num_types: int, length: int) -> Iterator[Tuple[int, ...]]:
    """Every legal tag sequence; one that is legal between two O."""
    allowed = allowed_tags(scheme, num_types)
    for path in itertools.product(range(scheme.num_tags(num_types)), repeat=length):
        if all(allowed[a, b] for a, b in zip((0, *path), (*path, 0))):
            yield path


def path_score(weights: Weights, scheme: TagScheme, emissions: Array, path: Sequence[int]) -> float:
    """The score of a path, from its spans: labels cross, and places go on inside."""
    size = len(scheme.positions)
    labels = [0 if tag == 0 else 1 + (tag - 1) // size for tag in path]
    places = [(tag - 1) % size for tag in path]
    score = weights["crf.start"][labels[0]] + weights["crf.stop"][labels[-1]]
    score += sum(float(emissions[step, tag]) for step, tag in enumerate(path))
    for step in range(1, len(path)):
        if labels[step] and not scheme.begins[places[step]]:
            score += weights["crf.inner"][labels[step] - 1, places[step - 1], places[step]]
        else:
            score += weights["crf.transitions"][labels[step - 1], labels[step]]
    return float(score)


def case(
    seed: int, bilou: bool, num_types: int, length: int, spread: float = 1.0
) -> Tuple[CRFDecoder, TagScheme, Array, Dict[Tuple[int, ...], float]]:
    """A random CRF, one message's emissions, and the score of each legal path."""
    weights, scheme = random_weights(seed, bilou, num_types, spread), TagScheme.named(bilou)
    rng = np.random.default_rng(seed + 1)
    emissions = spread * rng.normal(size=(length, scheme.num_tags(num_types)))
    scores = {
        path: path_score(weights, scheme, emissions, path)
        for path in legal_paths(scheme, num_types, length)
    }
    return CRFDecoder(weights, scheme), scheme, emissions.astype(np.float32), scores


SIZES = st.sampled_from([(True, 1, 1), (True, 1, 4), (True, 2, 3), (False, 1, 5), (False, 2, 4)])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), size=SIZES, spread=st.sampled_from([0.3, 1.0, 10.0]))
def test_viterbi_equals_enumeration(seed: int, size: Tuple[bool, int, int], spread: float) -> None:
    crf, _, emissions, scores = case(seed, *size, spread)
    (path,) = crf.viterbi(emissions[None], np.array([len(emissions)]))
    assert scores[tuple(path)] == pytest.approx(max(scores.values()), abs=1e-4)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**6), size=SIZES, spread=st.sampled_from([0.0, 0.3, 1.0, 3.0, 10.0]))
def test_the_spans_are_those_of_the_best_path(
    seed: int, size: Tuple[bool, int, int], spread: float
) -> None:
    crf, scheme, emissions, scores = case(seed, *size, spread)
    lengths = np.array([len(emissions)])
    (found,), posterior = crf.spans(emissions[None], lengths)
    path = tags_of(scheme, found, len(emissions))
    assert scores[tuple(path)] == pytest.approx(max(scores.values()), abs=1e-4)
    sharp = [crf._posterior(emissions[None], lengths, crf._sharp)] if crf._sharp else []
    (searched,) = crf.viterbi(emissions[None], lengths)
    for each in [posterior, *sharp]:
        (sure,) = each.dominant()
        if sure is not None:
            assert tags_of(scheme, sure, len(emissions)) == searched
            powered = np.array(list(scores.values())) * each.recurrence.power
            assert softmax(powered).max() > 0.5
    (sure,) = posterior.dominant()
    if softmax(np.array(list(scores.values()))).max() > 0.51:
        assert sure == found


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), size=SIZES)
def test_what_goes_with_no_likely_intent_is_less_likely_by_so_much(
    seed: int, size: Tuple[bool, int, int]
) -> None:
    bilou, num_types, length = size
    _, scheme, emissions, scores = case(seed, *size)
    rng = np.random.default_rng(seed + 2)
    affinity = rng.uniform(0.02, 1, (3, num_types))
    weights = {**random_weights(seed, bilou, num_types), "affinity": affinity}
    crf = CRFDecoder(weights, scheme)
    intents = softmax(2 * rng.normal(size=(2, 3)))
    together = np.stack([emissions, emissions]), np.array([length, max(1, length - 1)])
    (found, other), posterior = crf.spans(*together, intents)
    alone = crf.spans(together[0][1:, : together[1][1]], together[1][1:], intents[1:])
    assert alone[0] == [other]
    lower = intents[0] @ np.log(affinity)

    def lowered(path: Tuple[int, ...]) -> float:
        types = [entity_type for _, _, entity_type in scheme.spans_of(list(path))]
        return scores[path] + float(lower[types].sum())

    by_path = {path: lowered(path) for path in scores}
    best = max(by_path.values())
    assert by_path[tuple(tags_of(scheme, found, length))] == pytest.approx(best, abs=1e-4)
    total = np.log(np.exp(np.array(list(by_path.values())) - best).sum()) + best
    for span in found:
        shares = [
            np.exp(score - total)
            for path, score in by_path.items()
            if span in scheme.spans_of(path)
        ]
        assert posterior.probability(0, span) == pytest.approx(sum(shares), abs=1e-4)
    (plain,), _ = crf.spans(emissions[None], np.array([length]))
    assert scores[tuple(tags_of(scheme, plain, length))] == pytest.approx(max(scores.values()))


@pytest.mark.parametrize("distance", [10.0, 24.0, 26.0, 60.0, 200.0])
def test_the_best_path_is_found_however_far_its_tags_are_below_the_highest(distance: float) -> None:
    weights, scheme = random_weights(1, True, 2), TagScheme.named(True)
    crf, rng = CRFDecoder(weights, scheme), np.random.default_rng(2)
    inside = tags_of(scheme, [(0, 2, 0)], 3)[1]
    emissions = rng.normal(size=(3, scheme.num_tags(2))) - distance
    emissions[:, inside] = 0  # which no path of three tokens can have everywhere
    emissions[1, inside] = -2 * distance
    emissions[1, inside + 4] = 0
    scores = {
        path: path_score(weights, scheme, emissions, path) for path in legal_paths(scheme, 2, 3)
    }
    (found,), _ = crf.spans(emissions[None], np.array([3]))
    assert scores[tuple(tags_of(scheme, found, 3))] == pytest.approx(max(scores.values()), abs=1e-4)


def test_only_mild_weights_are_sharpened() -> None:
    assert random_crf(0, True, 2, 1.0)._sharp is not None
    assert random_crf(0, True, 2, 30.0)._sharp is None


def test_most_best_paths_of_a_sure_model_need_no_search() -> None:
    unsure, searched = 0, 0
    for seed in range(100):
        crf, _, emissions, _ = case(seed, True, 2, 3, 1.0)
        message = emissions[None], np.array([3])
        unsure += crf.posterior(*message).dominant() == [None]
        searched += crf._dominant_if_sharp(*message) == [None]
    assert 0 < searched < 10 < unsure < 90


def test_spans_of_a_batch_are_those_of_one_by_one() -> None:
    crf = random_crf(3, True, 3)
    lengths = np.array([6, 1, 4, 6, 2, 6])
    emissions = 2 * np.random.default_rng(4).normal(size=(6, 6, 13)).astype(np.float32)
    emissions[3] = 0  # nothing is clear here
    together, posterior = crf.spans(emissions, lengths)
    assert {found is None for found in posterior.dominant()} == {True, False}
    for row, length in enumerate(lengths.tolist()):
        alone, _ = crf.spans(emissions[row : row + 1, :length], lengths[row : row + 1])
        assert together[row] == alone[0]


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
        assert together[row] == alone[0]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), size=SIZES, spread=st.sampled_from([0.3, 1.0, 5.0]))
@example(seed=8337, size=(True, 2, 3), spread=5.0)
@example(seed=89704, size=(False, 1, 5), spread=5.0)
def test_the_posterior_of_each_span_equals_enumeration(
    seed: int, size: Tuple[bool, int, int], spread: float
) -> None:
    crf, scheme, emissions, scores = case(seed, *size, spread)
    length = len(emissions)
    paths = {path: scheme.spans_of(path) for path in scores}
    shares = dict(zip(scores, softmax(np.array(list(scores.values())))))
    padded = np.concatenate([emissions, np.full((2, emissions.shape[1]), 50.0)])
    posterior = crf.posterior(padded[None], np.array([length]))
    for entity_type in range(size[1]):
        for first, last in itertools.combinations_with_replacement(range(length), 2):
            span = first, last, entity_type
            expected = sum(shares[path] for path, spans in paths.items() if span in spans)
            assert posterior.probability(0, span) == pytest.approx(expected, abs=1e-5)


def test_a_span_is_never_more_than_certain() -> None:
    crf, scheme = random_crf(0, True, 2), TagScheme.named(True)
    tags = tags_of(scheme, [(0, 2, 1)], 4)
    emissions = np.zeros((4, 9), np.float32)
    emissions[np.arange(4), tags] = 60
    share = crf.posterior(emissions[None], np.array([4])).probability(0, (0, 2, 1))
    assert share == pytest.approx(1.0)
    assert share <= 1.0


def test_strong_emissions_of_a_long_message_have_a_finite_posterior() -> None:
    crf, scheme = random_crf(5, True, 2, 3.0), TagScheme.named(True)
    emissions = 30 * np.random.default_rng(5).normal(size=(200, 9)).astype(np.float32)
    tags = crf.viterbi(emissions[None], np.array([200]))[0]
    posterior = crf.posterior(emissions[None], np.array([200]))
    spans = scheme.spans_of(tags)
    assert spans
    shares = [posterior.probability(0, span) for span in spans]
    assert all(0 <= share <= 1 for share in shares) and max(shares) > 0.9


@pytest.mark.parametrize("bilou", [True, False])
def test_the_posterior_of_a_batch_equals_one_by_one(bilou: bool) -> None:
    crf, scheme = random_crf(3, bilou, 3), TagScheme.named(bilou)
    lengths = np.array([6, 1, 4, 6, 2])
    emissions = np.random.default_rng(4).normal(size=(5, 6, scheme.num_tags(3)))
    together = crf.posterior(emissions, lengths)
    for row, length in enumerate(lengths.tolist()):
        alone = crf.posterior(emissions[row : row + 1, :length], lengths[row : row + 1])
        for first, last in itertools.combinations_with_replacement(range(length), 2):
            expected = pytest.approx(alone.probability(0, (first, last, 2)), abs=1e-12)
            assert together.probability(row, (first, last, 2)) == expected


@pytest.mark.parametrize("strength", [1.0, 4.0, 30.0])
def test_rescaling_now_and_then_is_as_exact_as_at_every_step(
    strength: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    crf, scheme = random_crf(7, True, 3, 2.0), TagScheme.named(True)
    lengths = np.array([43, 9, 44, 4])
    rng = np.random.default_rng(8)
    emissions = strength * rng.normal(size=(4, 44, scheme.num_tags(3)))
    spans = [
        (row, span)
        for row, tags in enumerate(crf.viterbi(emissions, lengths))
        for span in scheme.spans_of(tags)
    ]
    ways = []

    def shares(rescaled_every: int) -> List[float]:
        run = decoding._Recurrence._run

        def watched(
            self: decoding._Recurrence, scores: Array, lengths: Array, every: int
        ) -> object:
            ways.append(every)
            return run(self, scores, lengths, every)

        with monkeypatch.context() as patch:
            patch.setattr(decoding._Recurrence, "_run", watched)
            patch.setattr(crf._plain, "_rescaled_every", rescaled_every)
            posterior = crf.posterior(emissions, lengths)
        return [posterior.probability(row, span) for row, span in spans]

    now_and_then = shares(decoding._RESCALED_EVERY)
    assert ways == ([16, 2] if strength == 30 else [16])
    assert shares(1) == pytest.approx(now_and_then, abs=1e-12)
    assert len(set(now_and_then)) > 5


def test_weights_that_could_overflow_are_scaled_more_often() -> None:
    assert random_crf(0, True, 2, 1.0)._plain._rescaled_every == decoding._RESCALED_EVERY
    assert random_crf(0, True, 2, 30.0)._plain._rescaled_every < decoding._RESCALED_EVERY


def test_huge_emissions_give_no_nan() -> None:
    # `I` everywhere, where no legal path can have it.
    crf, scheme = random_crf(0, True, 1), TagScheme.named(True)
    emissions = np.zeros((1, 9, scheme.num_tags(1)))
    emissions[:, :, 2] = 800
    tags = crf.viterbi(emissions, np.array([9]))[0]
    posterior = crf.posterior(emissions, np.array([9]))
    shares = [posterior.probability(0, span) for span in scheme.spans_of(tags)]
    assert shares and all(0 <= share <= 1 for share in shares)
