"""The wheel: what is in it, and what it asks for."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Dict

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

import rasa_joint_nlu

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's source archive, built from a copy so that nothing is left behind."""
    source = tmp_path_factory.mktemp("source")
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for folder in ("rasa_joint_nlu", "tests", "benchmarks", "example_bot"):
        unwanted = shutil.ignore_patterns("__pycache__", "models", ".rasa", "results")
        shutil.copytree(ROOT / folder, source / folder, ignore=unwanted)
    build = "from setuptools.build_meta import build_sdist; build_sdist('out')"
    subprocess.run([sys.executable, "-c", build], check=True, cwd=source, capture_output=True)
    (path,) = (source / "out").glob("*.tar.gz")
    return path


@pytest.fixture(scope="module")
def wheel(sdist: Path) -> zipfile.ZipFile:
    """The wheel, built from the source archive as a package index's users would."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(sdist.parent), str(sdist)]
    subprocess.run(command, check=True)
    (path,) = sdist.parent.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    return Parser().parsestr(wheel.read(name).decode("utf-8"))


def requirements(metadata: Message, python: str, extra: str = "") -> Dict[str, SpecifierSet]:
    """What is asked for on a version of Python, with an extra or without any."""
    found = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    environment = {"python_version": python, "extra": extra}
    return {r.name: r.specifier for r in found if not r.marker or r.marker.evaluate(environment)}


def test_the_wheel_has_every_module_template_and_file_of_the_page_and_nothing_else(
    wheel: zipfile.ZipFile,
) -> None:
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    modules = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "rasa_joint_nlu").rglob("*.py")
    }
    others = {
        path.relative_to(ROOT).as_posix()
        for kind in ("css", "html", "js", "svg")
        for path in (ROOT / "rasa_joint_nlu").rglob(f"*.{kind}")
    }
    assert len(others) > 8 and inside == modules | others | {"rasa_joint_nlu/py.typed"}


def test_the_wheel_fits_any_platform(wheel: zipfile.ZipFile) -> None:
    assert str(wheel.filename).endswith("-py3-none-any.whl")


def test_the_wheel_has_the_license(wheel: zipfile.ZipFile, metadata: Message) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith("LICENSE")]
    assert b"Apache License" in wheel.read(name)
    assert metadata["License"] == "Apache-2.0"


def test_what_the_wheel_installs_answers_by_itself(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*command, str(target), str(wheel.filename)], check=True)
    model = ROOT / "tests" / "golden" / "model.tar.gz"
    code = "import sys, rasa_joint_nlu.__main__ as m; print(m.__file__); m.main(sys.argv[1:])"
    page = tmp_path / "page.html"
    done = subprocess.run(
        # A template, too, has to be there.
        [sys.executable, "-c", code, "explain", str(model), "hello", "--html", str(page)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.startswith(f"{target / 'rasa_joint_nlu'}")
    assert "<html" in page.read_text("utf-8")


WITH_RASA_3_6 = pytest.mark.parametrize("python", ["3.8", "3.9", "3.10"])
NEWER = pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])


@WITH_RASA_3_6
def test_rasa_3_6_and_what_fits_its_caps_are_asked_for(metadata: Message, python: str) -> None:
    needed = requirements(metadata, python)
    assert "3.6.21" in needed["rasa"]
    assert "3.6.20" not in needed["rasa"] and "3.7.0" not in needed["rasa"]
    # Newer ones break the setuptools of Rasa.
    assert "2.12.1" in needed["torch"] and "2.13.0" not in needed["torch"]
    caps = {"numpy": "2.0", "regex": "2022.11", "safetensors": "0.5.0", "scipy": "1.11.0"}
    for name, refused in caps.items():
        assert refused not in needed[name]


@NEWER
def test_no_rasa_is_asked_for_but_by_the_extra(metadata: Message, python: str) -> None:
    assert "rasa" not in requirements(metadata, python)
    assert "rasa-pro" not in requirements(metadata, python)
    assert "3.21.0" in requirements(metadata, python, "pro")["rasa-pro"]


@NEWER
def test_the_releases_that_rasa_pro_asks_for_are_accepted(metadata: Message, python: str) -> None:
    needed = requirements(metadata, python)
    pins = {
        "aiohttp": "3.14.3",
        "numpy": "2.3.5" if python == "3.14" else "2.1.3",
        "regex": "2026.9.5",
        "ruamel.yaml": "0.19.1",
        "safetensors": "0.8.0",
        "scipy": {"3.11": "1.13.1", "3.14": "1.16.3"}.get(python, "1.14.1"),
        "torch": "2.13.0",
        "tqdm": "4.67.3",
    }
    assert {name for name, version in pins.items() if version not in needed[name]} == set()


def test_no_other_python_is_accepted(metadata: Message) -> None:
    python = SpecifierSet(metadata["Requires-Python"])
    accepted = [n for n in range(6, 18) if f"3.{n}" in python]
    assert accepted == list(range(8, 15))


@pytest.mark.parametrize("python", ["3.8", "3.11"])
def test_the_oldest_releases_that_are_allowed_are_those_that_are_tested(
    metadata: Message, python: str
) -> None:
    lines = (ROOT / "constraints" / "oldest.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    tested = {
        (pin.name, str(pin.specifier).lstrip("="))
        for pin in pins
        if not pin.marker or pin.marker.evaluate({"python_version": python})
    }
    lowest = {
        (name, bound.version)
        for name, allowed in requirements(metadata, python, "scale").items()
        for bound in allowed
        if bound.operator in (">=", "==")
    }
    assert {(name, Version(number)) for name, number in tested if name != "rasa-pro"} == {
        (name, Version(number)) for name, number in lowest
    }


@pytest.mark.parametrize("python", ["3.10", "3.13"])
def test_every_imported_package_is_asked_for_and_no_other(metadata: Message, python: str) -> None:
    imported = set()
    for path in (ROOT / "rasa_joint_nlu").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).split(".")[0])
    found = [importlib.util.find_spec(name) for name in imported - {"rasa_joint_nlu"}]
    specs = [spec for spec in found if spec]
    places = {spec.name: [*(spec.submodule_search_locations or []), spec.origin] for spec in specs}
    installed = {name for name, place in places.items() if "site-packages" in str(place)}
    asked = {name.split(".")[0] for name in requirements(metadata, python)}
    of_encoder, of_scale = {"onnx", "onnxruntime", "tokenizers"}, {"distributed", "pyarrow"}
    assert of_encoder <= requirements(metadata, python, "encoder").keys() - asked
    assert of_scale <= (requirements(metadata, python, "scale").keys() - asked) & imported
    # SQLAlchemy comes with a Rasa, whose tracker stores it reads.
    of_rasa = {"rasa", "sqlalchemy"}
    assert installed - of_rasa - of_encoder - of_scale == asked - of_rasa


@WITH_RASA_3_6
def test_the_sentence_encoder_fits_the_protobuf_of_rasa_3_6(metadata: Message, python: str) -> None:
    # The first that wants a newer protobuf than 4.23.3, which TensorFlow of Rasa 3.6 pins.
    assert "1.18.0" not in requirements(metadata, python, "encoder")["onnx"]
    assert "1.17.0" in requirements(metadata, python, "encoder")["onnx"]
    # Python 3.8 has no wheel of it, and pip would try to build one.
    assert ("0.21.0" in requirements(metadata, python, "encoder")["tokenizers"]) == (
        python != "3.8"
    )


@NEWER
def test_the_sentence_encoder_is_there_for_newer_pythons(metadata: Message, python: str) -> None:
    needed = requirements(metadata, python, "encoder")
    wanted = {"onnx": "1.23.2", "onnxruntime": "1.32.0", "tokenizers": "0.23.3"}
    assert all(version in needed[name] for name, version in wanted.items())


def test_the_installed_wheel_trains_saves_loads_and_answers(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*install, str(tmp_path / "site"), str(wheel.filename)], check=True)
    code = """
import rasa_joint_nlu
from rasa_joint_nlu.core import Example, JointModel
model = JointModel(token_size=16, encoder_size=16, learning_rate=0.02, epochs=40)
model.fit([Example.from_text(text, text[-1]) for text in ("one a", "two a", "one b", "two b")])
model.save("model")
answer = JointModel.load("model").predict([Example.from_text("three a")])[0]
print(rasa_joint_nlu.__file__, answer.intent)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        check=True,
        stdout=subprocess.PIPE,
        universal_newlines=True,
        timeout=120,
    )
    place, intent = done.stdout.split()
    assert Path(place).parent.parent == tmp_path / "site" and intent == "a"


def test_the_version_is_valid_and_the_one_of_the_package(metadata: Message) -> None:
    assert str(Version(metadata["Version"])) == rasa_joint_nlu.__version__


def test_the_changelog_has_the_version_or_is_about_what_is_not_released() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    assert versions and versions[0] in ("Unreleased", rasa_joint_nlu.__version__)
    released = [Version(name) for name in versions if name != "Unreleased"]
    assert released == sorted(released, reverse=True)


def test_the_wheel_installs_the_command(wheel: zipfile.ZipFile) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    scripts = wheel.read(name).decode("utf-8")
    assert "rasa-joint-nlu = rasa_joint_nlu.__main__:main" in scripts.splitlines()
