"""The wheel: what is in it, and what it asks for."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import List

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

import rasa_joint_nlu

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The package's wheel, built from a copy so that nothing is left behind."""
    source = tmp_path_factory.mktemp("source")
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for folder in ("rasa_joint_nlu", "tests", "benchmarks", "example_bot"):
        unwanted = shutil.ignore_patterns("__pycache__", "models", ".rasa", "results")
        shutil.copytree(ROOT / folder, source / folder, ignore=unwanted)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(source / "out"), str(source)]
    subprocess.run(command, check=True)
    (path,) = (source / "out").glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    return Parser().parsestr(wheel.read(name).decode("utf-8"))


def requirements(metadata: Message) -> List[Requirement]:
    return [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]


def needed(metadata: Message, name: str) -> SpecifierSet:
    (found,) = [r for r in requirements(metadata) if r.name == name and r.marker is None]
    return found.specifier


def test_the_wheel_has_every_module_of_the_package_and_nothing_else(
    wheel: zipfile.ZipFile,
) -> None:
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    modules = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "rasa_joint_nlu").rglob("*.py")
    }
    assert inside == modules | {"rasa_joint_nlu/py.typed"}


def test_the_wheel_fits_any_platform(wheel: zipfile.ZipFile) -> None:
    assert str(wheel.filename).endswith("-py3-none-any.whl")


def test_the_wheel_has_the_license(wheel: zipfile.ZipFile, metadata: Message) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith("LICENSE")]
    assert b"Apache License" in wheel.read(name)
    assert metadata["License"] == "Apache-2.0"


def test_the_torch_that_breaks_the_setuptools_of_rasa_is_refused(metadata: Message) -> None:
    torch = needed(metadata, "torch")
    assert "2.12.1" in torch and "2.4.1" in torch and "2.3.1" not in torch
    assert "2.13.0" not in torch and "3.0" not in torch


def test_only_rasa_3_6_is_accepted(metadata: Message) -> None:
    rasa = needed(metadata, "rasa")
    assert "3.6.20" in rasa and "3.6.21" in rasa
    assert "3.6.19" not in rasa and "3.7.0" not in rasa


def test_only_pythons_of_rasa_are_accepted(metadata: Message) -> None:
    python = SpecifierSet(metadata["Requires-Python"])
    assert [f"3.{n}" for n in range(6, 13) if f"3.{n}" in python] == ["3.8", "3.9", "3.10"]


def test_tools_of_development_are_not_installed_with_the_package(metadata: Message) -> None:
    always = {r.name for r in requirements(metadata) if r.marker is None}
    assert always == {
        "rasa",
        "torch",
        "matplotlib",
        "numpy",
        "regex",
        "scipy",
        "safetensors",
        "tabulate",
        "threadpoolctl",
        "tqdm",
    }


def test_every_imported_package_is_asked_for(metadata: Message) -> None:
    always = {r.name for r in requirements(metadata) if r.marker is None}
    imported = set()
    for path in (ROOT / "rasa_joint_nlu").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).split(".")[0])
    specs = [importlib.util.find_spec(name) for name in imported - {"rasa_joint_nlu"}]
    installed = {spec.name for spec in specs if spec and "site-packages" in str(spec.origin)}
    assert installed == always


def test_the_version_is_valid_and_the_one_of_the_package(metadata: Message) -> None:
    assert str(Version(metadata["Version"])) == rasa_joint_nlu.__version__


def test_the_changelog_has_the_version_or_is_about_what_is_not_released() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    assert versions and versions[0] in ("Unreleased", rasa_joint_nlu.__version__)
    released = [Version(name) for name in versions if name != "Unreleased"]
    assert released == sorted(released, reverse=True)
