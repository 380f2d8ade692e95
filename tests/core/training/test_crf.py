"""The CRF against brute-force enumeration of every tag sequence."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from helpers import tags_of

from rasa_joint_nlu.core.tags import TagScheme
from rasa_joint_nlu.core.training.crf import CRF


def random_crf(num_types: int, bilou: bool, spread: float = 1.0) -> CRF:
    crf = CRF(num_types, TagScheme.named(bilou))
    for weight in crf.parameters():
        weight.data = torch.randn(weight.shape) * spread
    return crf


def dense(crf: CRF, scheme: TagScheme) -> tuple:
    """The CRF's weights as plain per-tag arrays: start, stop and a full transition matrix."""
    transitions, inner = crf.transitions.tolist(), crf.inner.tolist()
    num_types, positions = crf.inner.shape[0], len(scheme.positions)
    num_tags = scheme.num_tags(num_types)
    start, stop = np.full(num_tags, -np.inf), np.full(num_tags, -np.inf)
    full = np.full((num_tags, num_tags), -np.inf)

    def parts(tag: int) -> tuple:
        return (0, None) if tag == 0 else (1 + (tag - 1) // positions, (tag - 1) % positions)

    for a in range(num_tags):
        label_a, place_a = parts(a)
        if a == 0 or scheme.begins[place_a]:
            start[a] = crf.start[label_a].item()
        if a == 0 or scheme.ends[place_a]:
            stop[a] = crf.stop[label_a].item()
        for b in range(num_tags):
            label_b, place_b = parts(b)
            if label_a and label_a == label_b and scheme.continues[place_a, place_b]:
                full[a, b] = inner[label_a - 1][place_a][place_b]
            elif (a == 0 or scheme.ends[place_a]) and (b == 0 or scheme.begins[place_b]):
                full[a, b] = transitions[label_a][label_b]
    return start, stop, full


def path_scores(crf: CRF, scheme: TagScheme, emissions: np.ndarray) -> dict:
    """The score of every tag sequence, legal or not (-inf), of one message."""
    start, stop, full = dense(crf, scheme)
    length, num_tags = emissions.shape
    scores = {}
    for path in itertools.product(range(num_tags), repeat=length):
        score = start[path[0]] + stop[path[-1]]
        score += sum(emissions[t, tag] for t, tag in enumerate(path))
        score += sum(full[a, b] for a, b in zip(path, path[1:]))
        scores[path] = score
    return scores


@pytest.mark.parametrize("bilou", [True, False])
@pytest.mark.parametrize("length", [1, 2, 4])
def test_likelihood_equals_enumeration(bilou: bool, length: int) -> None:
    scheme = TagScheme.named(bilou)
    crf = random_crf(2 if bilou else 3, bilou)
    num_tags = scheme.num_tags(crf.inner.shape[0])
    emissions = torch.randn(1, length, num_tags)
    scores = path_scores(crf, scheme, emissions[0].numpy())
    log_z = np.logaddexp.reduce(list(scores.values()))
    legal = [path for path, score in scores.items() if np.isfinite(score)]
    for path in legal[:: max(1, len(legal) // 20)]:
        found = crf.negative_log_likelihood(emissions, np.array([path]), np.array([length]))[0]
        assert found.item() == pytest.approx(log_z - scores[path], abs=1e-4)


@pytest.mark.parametrize("bilou", [True, False])
def test_batched_equals_one_by_one(bilou: bool) -> None:
    crf = random_crf(3, bilou)
    scheme = TagScheme.named(bilou)
    lengths = np.array([5, 1, 3])
    emissions = torch.randn(3, 5, scheme.num_tags(3))
    tags = np.zeros((3, 5), np.int64)
    tags[0] = tags_of(scheme, [(0, 2, 1), (3, 3, 1)], 5)
    together, _ = crf.negative_log_likelihood(emissions, tags, lengths)
    for row, length in enumerate(lengths.tolist()):
        alone, _ = crf.negative_log_likelihood(
            emissions[row : row + 1, :length], tags[row : row + 1, :length], lengths[row : row + 1]
        )
        assert together[row].item() == pytest.approx(alone.item(), abs=1e-5)


@pytest.mark.parametrize("bilou", [True, False])
def test_closed_form_gradient_equals_numerical(bilou: bool) -> None:
    crf = random_crf(2, bilou).double()
    scheme = TagScheme.named(bilou)
    emissions = torch.randn(2, 4, scheme.num_tags(2), dtype=torch.float64, requires_grad=True)
    tags = np.array([tags_of(scheme, [(0, 1, 0), (2, 3, 1)], 4), [0, 0, 0, 0]])
    lengths = np.array([4, 2])
    weights = torch.tensor([1.0, 3.0], dtype=torch.float64)
    loss = crf.negative_log_likelihood(emissions, tags, lengths)[0] @ weights
    gradients = torch.autograd.grad(loss, [emissions, *crf.parameters()])
    with torch.no_grad():
        for tensor, gradient in zip([emissions, *crf.parameters()], gradients):
            for index in np.ndindex(*tensor.shape):
                before = tensor[index].item()
                ends = []
                for step in (1e-5, -1e-5):
                    tensor[index] = before + step
                    nll = crf.negative_log_likelihood(emissions, tags, lengths)[0]
                    ends.append((nll @ weights).item())
                tensor[index] = before
                numerical = (ends[0] - ends[1]) / 2e-5
                assert gradient[index].item() == pytest.approx(numerical, abs=1e-7)


@pytest.mark.parametrize("seed", range(5))
def test_extreme_emissions_stay_finite(seed: int) -> None:
    torch.manual_seed(seed)
    crf = random_crf(2, bilou=True, spread=5.0)
    emissions = 200 * torch.randn(2, 30, 9)
    tags = np.zeros((2, 30), np.int64)
    emissions.requires_grad_()
    loss = crf.negative_log_likelihood(emissions, tags, np.array([30, 17]))[0].sum()
    gradients = torch.autograd.grad(loss, [emissions, *crf.parameters()])
    assert torch.isfinite(loss)
    assert all(torch.isfinite(gradient).all() for gradient in gradients)
