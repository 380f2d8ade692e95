"""The hashes that say when a training has to be done again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rasa_joint_nlu.source import file_hash


def test_the_hash_of_a_file_is_that_of_its_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a 1\n" * 400_000)  # more than one block
    assert file_hash(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    before = file_hash(path)
    path.write_bytes(b"b 1\n")
    assert file_hash(path) != before


def test_the_hash_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    folder.mkdir()
    hashes = {file_hash(folder)}
    for name, content in (("a", "1"), ("b", "1"), ("a", "2")):
        (folder / name).write_text(content)
        hashes.add(file_hash(folder))
    (folder / "b").rename(folder / "c")
    hashes.add(file_hash(folder))
    assert len(hashes) == 5


def test_the_hash_of_no_file_is_that_of_nothing(tmp_path: Path) -> None:
    assert file_hash(tmp_path / "absent") == hashlib.sha256().hexdigest()
