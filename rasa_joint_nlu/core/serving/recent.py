"""Rows of numbers that were made lately, to be found again: bounded in bytes, for any threads."""

from __future__ import annotations

from typing import Dict, Hashable, Optional

from rasa_joint_nlu.core.arrays import Array

_BYTES = 16 * 2**20
_KEY_BYTES = 1024
"""What a key takes beside its row, about."""


class Recent:
    """The last rows that were kept or found, 16 MiB of them at most.

    They are in two halves. When the new one is full it becomes the old one, and what nobody has
    asked for since is gone. Each step of that is one of Python's own, so it needs no lock: threads
    that meet here may forget a row, but never find a wrong one.
    """

    def __init__(self, row_bytes: int) -> None:
        """Have room for rows of so many bytes."""
        self._most = max(1, _BYTES // (2 * (row_bytes + _KEY_BYTES)))
        self._new: Dict[Hashable, Array] = {}
        self._old: Dict[Hashable, Array] = {}

    def get(self, key: Hashable) -> Optional[Array]:
        """The row of a key, if it is still here."""
        row = self._new.get(key)
        if row is None:
            row = self._old.get(key)
            if row is not None:
                self.keep(key, row)
        return row

    def keep(self, key: Hashable, row: Array) -> None:
        """Keep a row, which must never change."""
        if len(self._new) >= self._most:
            self._old, self._new = self._new, {}
        self._new[key] = row
