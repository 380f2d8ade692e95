"""What may import what, what must never be used, and that everything public is explained."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, Set, Tuple

import pytest

import rasa_joint_nlu
from rasa_joint_nlu.core import Entity, Example, JointModel
from scripts.modules import circles, derive, upward
from scripts.pages import DOCS, architecture_page

PACKAGE = Path(rasa_joint_nlu.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
ABOUT_RASA = {
    "messages.py",
    "component.py",
    "options.py",
    "compat.py",
    "tokenizer.py",
    "featurizer.py",
}
COMPARES_RASA = {"data.py", "measure.py"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}

FILE = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(nodes: Iterator[ast.AST]) -> Set[str]:
    """Full names of all modules that are imported, `from a import b` as `a.b`."""
    names: Set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when a module is imported: not those inside of functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from at_import(child)


def roots(names: Set[str]) -> Set[str]:
    return {name.partition(".")[0] for name in names}


def is_core(path: Path) -> bool:
    return "core" in path.relative_to(PACKAGE).parts


def is_training(path: Path) -> bool:
    return "training" in path.relative_to(PACKAGE).parts


def test_the_files_of_the_package_are_found() -> None:
    assert len(FILES) > 20
    assert {path.name for path in FILES if path.parent == PACKAGE} >= ABOUT_RASA
    assert any(is_training(path) for path in FILES)


@FILE
def test_only_the_files_about_rasa_import_it(path: Path) -> None:
    names = imported(ast.walk(tree_of(path)))
    if path.parent == PACKAGE and path.name in ABOUT_RASA:
        return
    if path.parent == PACKAGE / "tools" / "compare" and path.name in COMPARES_RASA:
        assert "rasa" not in roots(imported(at_import(tree_of(path))))
        return
    assert "rasa" not in roots(names)
    if is_core(path):
        ours = {name for name in names if name.startswith("rasa_joint_nlu")}
        assert all(name.startswith("rasa_joint_nlu.core") for name in ours)


@FILE
def test_torch_is_imported_by_the_training_only(path: Path) -> None:
    if is_training(path):
        return
    assert "torch" not in roots(imported(ast.walk(tree_of(path))))
    at_once = imported(at_import(tree_of(path)))
    assert not {name for name in at_once if name.startswith("rasa_joint_nlu.core.training")}


def test_imports_lead_down_and_in_no_circle() -> None:
    arrows = derive()
    assert len(arrows) == len(FILES)
    assert upward(arrows) == []
    assert circles(arrows) == set()


def test_the_drawing_of_the_modules_is_current() -> None:
    page = DOCS / "architecture.md"
    assert page.read_text(encoding="utf-8") == architecture_page(), "run `make pages`"
    drawn = re.sub(r"\s+", " ", architecture_page())
    assert re.search(r" core/model → [\w/ ]*core/config ", drawn)


def test_an_arrow_up_and_a_circle_would_be_noticed(tmp_path: Path) -> None:
    for name, text in {
        "core/tags.py": "def f():\n    from package.core.training import loop\n",
        "core/training/__init__.py": "",
        "core/training/loop.py": "import package.core.tags\nfrom package import core\n",
        "core/__init__.py": "",
        "component.py": "from package.core.tags import f, g\n",
        "__init__.py": "from package.component import f\nimport os\n",
    }.items():
        (tmp_path / "package" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "package" / name).write_text(text)
    arrows = derive(tmp_path / "package")
    assert arrows["core/tags"] == {"core/training/loop"}
    assert arrows["core/training/loop"] == {"core/tags", "core"}
    assert arrows["component"] == {"core/tags"}
    assert arrows["__init__"] == {"component"}
    assert upward(arrows) == ["core/tags → core/training/loop", "core/training/loop → core"]
    assert circles(arrows) == {"core/tags", "core/training/loop"}


def called(tree: ast.Module) -> Iterator[Tuple[str, str]]:
    """`(owner, name)` of everything that is called; no owner for a plain name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield "", node.func.id
            elif isinstance(node.func, ast.Attribute):
                owner = node.func.value
                yield owner.id if isinstance(owner, ast.Name) else "?", node.func.attr


@FILE
def test_nothing_is_unpickled_or_evaluated(path: Path) -> None:
    tree = tree_of(path)
    assert not roots(imported(ast.walk(tree))) & FORBIDDEN_MODULES
    for owner, name in called(tree):
        assert (owner, name) not in {("torch", "load"), ("torch", "save"), ("np", "load")}
        assert owner or name not in FORBIDDEN_CALLS


def test_the_checks_would_notice(tmp_path: Path) -> None:
    """The searches above find what they look for."""
    tree = ast.parse(
        "import torch.nn\ndef f():\n    from rasa.nlu import x\n    return eval('1')\n"
    )
    assert roots(imported(ast.walk(tree))) == {"torch", "rasa"}
    assert roots(imported(at_import(tree))) == {"torch"}
    assert ("", "eval") in set(called(tree))
    assert missing_docstrings(
        ast.parse("class A:\n    def b(self): ...\n    def _c(self): ..."), "m"
    )


def missing_docstrings(tree: ast.Module, name: str) -> List[str]:
    """Names of public modules, classes and functions without a docstring."""
    missing = [] if ast.get_docstring(tree) else [name]

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            if child.name.startswith("_"):
                continue
            if not ast.get_docstring(child):
                missing.append(f"{prefix}.{child.name}")
            if isinstance(child, ast.ClassDef):
                visit(child, f"{prefix}.{child.name}")

    visit(tree, name)
    return missing


@FILE
def test_everything_public_has_a_docstring(path: Path) -> None:
    assert missing_docstrings(tree_of(path), path.stem) == []


MOST_LINES, MOST_PARAMETERS = 50, 5
DICTATED = {("crf.py", "forward"), ("lstm.py", "forward")}
"""What torch's `autograd.Function` decides: a parameter for every tensor that has a gradient."""


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def parameters(function: ast.FunctionDef) -> List[str]:
    """Names of a function's parameters, without its own object or class."""
    arguments = function.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return [name for name in names if name not in ("self", "cls", "ctx")]


@FILE
def test_no_function_is_too_long_to_be_read_at_once(path: Path) -> None:
    lengths = {f.name: (f.end_lineno or 0) - f.lineno + 1 for f in functions(tree_of(path))}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


@FILE
def test_no_function_of_the_core_has_more_than_five_parameters(path: Path) -> None:
    many = {
        (path.name, function.name)
        for function in functions(tree_of(path))
        if is_core(path) and len(parameters(function)) > MOST_PARAMETERS
    }
    assert many <= DICTATED


# Serving, in processes of their own.

PREDICT = """
import sys
from rasa_joint_nlu.core import Example, JointModel

model = JointModel.load(sys.argv[1])
prediction = model.predict([Example.from_text("a ticket to Rome")])[0]
print(prediction.intent, [(entity.type, entity.role) for entity in prediction.entities])
loaded = {name.partition(".")[0] for name in sys.modules}
print(sorted(loaded & {"torch", "rasa", "tensorflow", "scipy", "sklearn", "pandas"}))
"""

BLOCK = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "rasa"):
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Blocker())
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a saved model that knows an intent and an entity with a role."""
    model = JointModel(token_size=16, encoder_size=16, learning_rate=0.02, epochs=40)
    towns = ["Rome", "Oslo", "Paris", "Lima"]
    model.fit(
        [Example.from_text("good morning", "greet"), Example.from_text("hello there", "greet")]
        + [
            Example.from_text(
                f"a ticket to {town}", "book", [Entity(12, 12 + len(town), "city", "to")]
            )
            for town in towns
        ]
    )
    path = tmp_path_factory.mktemp("served") / "model"
    model.save(path)
    return path


def run(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("before", ["", BLOCK], ids=["installed", "not importable"])
def test_predicting_loads_neither_torch_nor_rasa_nor_scipy(folder: Path, before: str) -> None:
    done = run(before + PREDICT, str(folder))
    assert done.returncode == 0, done.stderr
    answer, loaded = done.stdout.splitlines()
    assert answer == "book [('city', 'to')]"
    assert loaded == "[]"


def test_training_without_torch_says_so() -> None:
    done = run(
        BLOCK
        + "from rasa_joint_nlu.core import Example, JointModel\n"
        + "JointModel().fit([Example.from_text('a', 'b')])\n"
    )
    assert done.returncode != 0 and "torch" in done.stderr and "is blocked" in done.stderr


def test_the_package_itself_imports_without_rasa() -> None:
    done = run(BLOCK + "import rasa_joint_nlu; print(rasa_joint_nlu.__version__)")
    assert done.stdout.strip() == rasa_joint_nlu.__version__
