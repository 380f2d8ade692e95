"""Which module of the package imports which: the arrows of docs/architecture.md."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Mapping, NamedTuple, Set

PACKAGE = Path(__file__).parent.parent / "rasa_joint_nlu"

Arrows = Mapping[str, Set[str]]
"""Each module, by its path without `.py`, and the modules that it imports."""


class Floor(NamedTuple):
    """One of the floors that modules stand on. Imports stay on their floor or lead down."""

    name: str
    holds: Callable[[str], bool]


FLOORS = [
    Floor(
        "tools: commands beside Rasa",
        lambda m: m.startswith("tools/") or m in ("__main__", "tools"),
    ),
    Floor("boundary: what Rasa sees", lambda m: not m.startswith("core")),
    Floor("core/model: the door to the core", lambda m: m in ("core", "core/model")),
    Floor("core/training: from examples to weights", lambda m: m.startswith("core/training")),
    Floor(
        "core/persistence, core/integrity: what was learnt ↔ files",
        lambda m: m in ("core/persistence", "core/integrity"),
    ),
    Floor(
        "core/serving, core/learnt: what was learnt, and what it answers",
        lambda m: m == "core/learnt" or m.startswith("core/serving"),
    ),
    Floor("core: what all of it stands on", lambda m: m.startswith("core/")),
]
"""From the top down. A module stands on the first floor that holds it."""


def floor_of(module: str) -> int:
    """The number of a module's floor, 0 = top."""
    return next(number for number, floor in enumerate(FLOORS) if floor.holds(module))


def derive(package: Path = PACKAGE) -> Dict[str, Set[str]]:
    """The arrows of a package, imports inside of functions included."""
    files = {_name(path, package): path for path in sorted(package.rglob("*.py"))}
    return {
        module: {
            target
            for name in _imported(ast.parse(path.read_text(encoding="utf-8")), package.name)
            for target in [_module(name, files)]
            if target not in ("", module)
        }
        for module, path in files.items()
    }


def _name(path: Path, package: Path) -> str:
    name = path.relative_to(package).with_suffix("").as_posix()
    return name[: -len("/__init__")] if name.endswith("/__init__") else name


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Names that are imported from a package, as paths: `a.b` of `from package.a import b`."""
    for node in ast.walk(tree):
        names: List[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name.replace(".", "/") for name in names if name.startswith(f"{package}."))


def _module(name: str, modules: Mapping[str, Path]) -> str:
    """The module that an imported name is, or is in; nothing if that is the package itself."""
    parts = name.split("/")[1:]
    while parts and "/".join(parts) not in modules:
        parts.pop()
    return "/".join(parts)


def circles(arrows: Arrows) -> Set[str]:
    """Modules that can be reached from themselves."""
    return {module for module in arrows if module in reached(module, arrows)}


def reached(module: str, arrows: Arrows) -> Set[str]:
    """All modules that one imports, directly or through others."""
    found: Set[str] = set()
    waiting = set(arrows[module])
    while waiting:
        target = waiting.pop()
        found.add(target)
        waiting |= set(arrows[target]) - found
    return found


def upward(arrows: Arrows) -> List[str]:
    """Arrows that lead to a higher floor, each as `from → to`."""
    return [
        f"{module} → {target}"
        for module, targets in arrows.items()
        for target in sorted(targets)
        if floor_of(target) < floor_of(module)
    ]


def drawing(arrows: Arrows) -> str:
    """The floors from the top down, the modules on each, and after `→` what each imports."""
    lines: List[str] = []
    for number, floor in enumerate(FLOORS):
        modules = sorted(module for module in arrows if floor_of(module) == number)
        width = max(map(len, modules), default=0)
        lines += ["", floor.name]
        for module in modules:
            targets = sorted(arrows[module])
            line = f"  {module:<{width}} → {' '.join(targets)}" if targets else f"  {module}"
            indent = " " * (width + 5)
            lines += textwrap.wrap(
                line, 100, drop_whitespace=True, subsequent_indent=indent, break_on_hyphens=False
            )
    return "\n".join(lines[1:])
