"""Where the tokens of a padded batch are, and where they go when it is read backwards."""

from __future__ import annotations

from typing import List, Optional

import numpy as np
import pytest
from helpers import encoder_of, toy_examples, with_features
from scipy import sparse

from rasa_joint_nlu.core import Example
from rasa_joint_nlu.core.batch import inside_and_reversal


def test_tokens_change_places_and_padding_does_not() -> None:
    inside, reversal = inside_and_reversal(np.array([3, 1, 4]), 4)
    assert inside.sum(1).tolist() == [3, 1, 4]
    assert reversal.tolist() == [[2, 1, 0, 3], [0, 1, 2, 3], [3, 2, 1, 0]]
    again = np.take_along_axis(reversal, reversal, 1)
    assert (again == np.arange(4)).all()


@pytest.mark.parametrize("rows", [[0], [2, 1], [0, 3, 5]])
@pytest.mark.parametrize("texts", [["hello", "hi", "thanks", "bye", "yes", "no"], None])
def test_messages_of_a_batch_are_as_they_are_in_it(
    rows: List[int], texts: Optional[List[str]]
) -> None:
    examples = toy_examples() if texts is None else [Example.from_text(text) for text in texts]
    examples = with_features(examples)
    encoder = encoder_of(examples)
    whole = encoder.batch(examples)
    alone = encoder.batch([examples[row] for row in rows])
    chosen, steps = whole.of_messages(np.array(rows)), alone.mask.shape[1]
    np.testing.assert_array_equal(chosen.lengths, alone.lengths)
    np.testing.assert_array_equal(
        chosen.token_ids[:, :steps][alone.mask], alone.token_ids[alone.mask]
    )
    assert not chosen.mask[:, steps:].any()
    for name, matrix in alone.features.items():
        found, wanted = (
            each.toarray() if sparse.issparse(each) else each
            for each in (chosen.features[name], matrix)
        )
        if name.endswith("/sequence"):
            found = found[chosen.mask.ravel()]
            wanted = wanted[alone.mask.ravel()]
        np.testing.assert_array_equal(found, wanted)
