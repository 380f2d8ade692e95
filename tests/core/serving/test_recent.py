"""Rows that are kept for a while."""

from __future__ import annotations

import threading
from typing import List

import numpy as np
import pytest

from rasa_joint_nlu.core.serving import recent
from rasa_joint_nlu.core.serving.recent import Recent


def kept(rows: Recent, keys: range) -> List[int]:
    return [key for key in keys if rows.get(key) is not None]


def test_a_row_is_found_again() -> None:
    rows = Recent(4)
    assert rows.get("a") is None
    rows.keep("a", np.array([1.0], np.float32))
    assert rows.get("a") == [1]


def test_rows_are_bounded_in_bytes_and_the_last_ones_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "_BYTES", 20 * (8 + recent._KEY_BYTES))
    rows = Recent(8)
    for key in range(1000):
        rows.keep(key, np.full(2, key, np.float32))
        assert rows.get(0) is not None, "what is asked for again and again stays"
        assert len(rows._new) + len(rows._old) <= 20
    found = kept(rows, range(1000))
    assert len(found) >= 10 and found[-5:] == list(range(995, 1000))


def test_threads_find_the_right_row_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "_BYTES", 16 * (4 + recent._KEY_BYTES))
    rows, wrong = Recent(4), []

    def work(seed: int) -> None:
        for key in np.random.default_rng(seed).integers(40, size=3000).tolist():
            row = rows.get(key)
            if row is None:
                rows.keep(key, np.array([key]))
            elif row.item() != key:
                wrong.append(key)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and len(rows._new) + len(rows._old) <= 16 + 8
