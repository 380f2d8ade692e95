"""What is said of a place that cannot be written, before the work is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasa_joint_nlu.tools import outputs
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.outputs import check_folder


def test_a_folder_may_be_there_or_be_made_with_those_above_it(tmp_path: Path) -> None:
    check_folder(tmp_path)
    check_folder(tmp_path / "a" / "b" / "c")
    assert not list(tmp_path.iterdir())


def test_what_is_no_folder_is_named_be_it_above_or_below(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "model"):
        with pytest.raises(InputError, match=r"/file' is no folder; name one with --out\.$"):
            check_folder(path)


def test_a_folder_that_may_not_be_made_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Who runs the tests may be allowed everything.
    monkeypatch.setattr(outputs.os, "access", lambda path, _: path != tmp_path)
    with pytest.raises(InputError, match="model' cannot be written: it is not allowed"):
        check_folder(tmp_path / "model")
