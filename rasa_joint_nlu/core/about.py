"""What a trained model tells of its training; no answer depends on it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Set, Tuple

from rasa_joint_nlu.core.data import Entity, Example
from rasa_joint_nlu.core.text.segment import normalize

PACKAGES = ("rasa-joint-nlu", "torch", "numpy")
SHOWN = 20
"""Labels of a kind that a summary lists."""

Counts = Mapping[str, int]


@dataclass(frozen=True)
class About:
    """How a model was trained.

    versions: of Python and of packages.
    intents, types: how many examples and entities each has; `roles` and `groups` by `type/name`.
    misaligned: how many entities of each type do not begin and end with a token, or overlap.
    contradictions: how many texts are in two intents.
    scores: of the held-out examples, if there are any, as `core.metrics.evaluate` has them.
    """

    versions: Mapping[str, str]
    seconds: float
    epochs: int
    examples: int
    intents: Counts
    types: Counts
    roles: Counts
    groups: Counts
    misaligned: Counts
    contradictions: int
    held_out: int = 0
    scores: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: Any) -> Optional[About]:
        """What JSON says; None if it says nothing, or says it as another version would."""
        names = [each.name for each in dataclasses.fields(cls)]
        if not isinstance(value, dict) or sorted(value) != sorted(names):
            return None
        kinds: Dict[str, Any] = {"versions": str, "scores": float}
        for name in names:
            if name in ("seconds", "epochs", "examples", "contradictions", "held_out"):
                fits = isinstance(value[name], (int, float))
            else:
                kind = kinds.get(name, int)
                fits = isinstance(value[name], dict) and all(
                    isinstance(item, (kind, int) if kind is float else kind)
                    for item in value[name].values()
                )
            if not fits:
                return None
        return cls(**value)


def counted(examples: Iterable[Example], misaligned: Iterable[Entity]) -> Dict[str, Any]:
    """What `About` says of training data: `intents` to `contradictions`, by name."""
    intents: Counter[Optional[str]] = Counter()
    kinds: Counter[Tuple[str, Optional[str], Optional[str]]] = Counter()
    texts = _Contradictions()
    for example in examples:
        intents[example.intent] += 1
        kinds.update((entity.type, entity.role, entity.group) for entity in example.entities)
        texts.add(example)
    types: Counter[str] = Counter()
    roles: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for (name, role, group), count in kinds.items():
        types[name] += count
        if role:
            roles[f"{name}/{role}"] += count
        if group:
            groups[f"{name}/{group}"] += count
    return {
        "intents": _sorted({name: count for name, count in intents.items() if name is not None}),
        "types": _sorted(types),
        "roles": _sorted(roles),
        "groups": _sorted(groups),
        "misaligned": _sorted(Counter(entity.type for entity in misaligned)),
        "contradictions": len(texts.found),
    }


def _sorted(counts: Mapping[str, int]) -> Dict[str, int]:
    return dict(Counter(counts).most_common())


class _Contradictions:
    """Finds texts that are in two intents or more, with the same words.

    Of each text a number is remembered: among a million, hardly two are the same.

    found: the numbers of such texts.
    """

    def __init__(self) -> None:
        self.found: Set[int] = set()
        self._intents: Dict[int, str] = {}

    def add(self, example: Example) -> None:
        """Look at one more."""
        if example.intent is not None:
            words = hash(tuple([normalize(token.text) for token in example.tokens]))
            if self._intents.setdefault(words, example.intent) != example.intent:
                self.found.add(words)


def versions() -> Dict[str, str]:
    """Of Python and of the packages that are installed."""
    # Only a training asks, and to import these takes time.
    import platform
    from importlib import metadata

    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def hint(about: About) -> str:
    """Where to look if texts contradict each other; nothing if none do."""
    if not about.contradictions:
        return ""
    subject = "1 text is" if about.contradictions == 1 else f"{about.contradictions} texts are"
    return (
        f"{subject} in two intents, so the model cannot be right about both. "
        f"`python -m rasa_joint_nlu check --nlu data` says which, and what else is wrong."
    )


def summary(about: About) -> str:
    """A table of intents and types: how many examples each has, and how many are misaligned.

    >>> nothing = dict.fromkeys(("versions", "roles", "groups"), {})
    >>> of = About(seconds=1, epochs=1, examples=3, intents={"go": 3}, types={"city": 2},
    ...            misaligned={"city": 1}, contradictions=0, **nothing)
    >>> print(summary(of))
    intent  examples
    go             3
    <BLANKLINE>
    entity  annotated  misaligned
    city            2           1
    """
    parts = []
    if about.intents:
        parts.append(_table(("intent", "examples"), [(n, c) for n, c in about.intents.items()]))
    if about.types:
        rows = [(name, count, about.misaligned.get(name, 0)) for name, count in about.types.items()]
        parts.append(_table(("entity", "annotated", "misaligned"), rows))
    return "\n\n".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    shown = [head, *[[str(cell) for cell in row] for row in rows[:SHOWN]]]
    widths = [max(map(len, column)) for column in zip(*shown)]
    lines: List[str] = []
    for first, *others in shown:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:])]
        lines.append("  ".join([first.ljust(widths[0]), *cells]))
    if len(rows) > SHOWN:
        lines.append(f"and {len(rows) - SHOWN} with fewer")
    return "\n".join(lines)
