"""Where the tokens of a padded batch are, and where they go when it is read backwards."""

from __future__ import annotations

import numpy as np

from rasa_joint_nlu.core.batch import inside_and_reversal


def test_tokens_change_places_and_padding_does_not() -> None:
    inside, reversal = inside_and_reversal(np.array([3, 1, 4]), 4)
    assert inside.sum(1).tolist() == [3, 1, 4]
    assert reversal.tolist() == [[2, 1, 0, 3], [0, 1, 2, 3], [3, 2, 1, 0]]
    again = np.take_along_axis(reversal, reversal, 1)
    assert (again == np.arange(4)).all()
