"""What was found, as text for people, as JSON for machines, and as one page."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Dict, List, Sequence, Tuple

from rich.console import Console
from rich.text import Text

from rasa_joint_nlu.tools.check.findings import KINDS, LEVELS, Finding, Kind
from rasa_joint_nlu.tools.html_files import render
from rasa_joint_nlu.tools.nlu_files import Place
from rasa_joint_nlu.tools.wording import counted

SHOWN = 10
"""How many findings of a kind the text lists."""
SHOWN_PLACES = 3
STYLES = {"error": "bold red", "warning": "bold yellow", "hint": "bold cyan"}


@dataclass(frozen=True)
class Report:
    """Findings in the order in which they are told, and what was checked.

    `remarks` are about the check itself, such as what could not be checked.
    """

    findings: Sequence[Finding]
    messages: int
    intents: int
    types: int
    tokenizer: str
    remarks: Tuple[str, ...] = ()

    @property
    def counts(self) -> Dict[str, int]:
        """How many findings there are of each level."""
        counts = Counter(finding.level for finding in self.findings)
        return {level: counts[level] for level in LEVELS}

    @property
    def summary(self) -> str:
        """What was found, in one line."""
        found = ", ".join(counted(number, level) for level, number in self.counts.items())
        return f"{found} in {counted(self.messages, 'example')}"

    @property
    def scope(self) -> str:
        """What was checked, in one line."""
        return (
            f"{counted(self.messages, 'example')}, {counted(self.intents, 'intent')}, "
            f"{counted(self.types, 'entity type')}; tokens of {self.tokenizer}"
        )

    @property
    def kinds(self) -> List[Tuple[str, Kind, List[Finding]]]:
        """The findings of each kind."""
        by_code = groupby(self.findings, key=lambda finding: finding.code)
        return [(code, KINDS[code], list(group)) for code, group in by_code]


def shown_place(place: Place) -> str:
    """A place as editors and terminals make a link of it.

    >>> shown_place(Place("data/nlu.yml", 7))
    'data/nlu.yml:7'
    """
    return place.file if place.line is None else f"{place.file}:{place.line}"


def print_report(report: Report, console: Console) -> None:
    """Print the findings, ten of each kind at most."""

    def line(*parts: Tuple[str, str]) -> None:
        console.print(Text.assemble(*parts), soft_wrap=True)

    for code, kind, findings in report.kinds:
        number = f" ({len(findings):,})" if len(findings) > 1 else ""
        line(
            (kind.level, STYLES[kind.level]), (f" {code}", "bold"), (f": {kind.title}{number}", "")
        )
        for finding in findings[:SHOWN]:
            line(
                (f"  {shown_place(finding.place)}", "blue"),
                (f"  {finding.message}", ""),
                (_also(finding), "dim"),
            )
        if len(findings) > SHOWN:
            line((f"  and {len(findings) - SHOWN:,} more: --json or --html has all", "dim"))
        line(("  effect: ", "dim"), (kind.effect, ""))
        line(("  remedy: ", "dim"), (kind.remedy, "green"))
        line()
    for remark in report.remarks:
        line(("note: ", "dim"), (remark, ""))
    line((f"{report.summary} ({report.scope.partition(', ')[2]}).", "bold"))


def _also(finding: Finding) -> str:
    if not finding.also:
        return ""
    places = [
        f"line {place.line}"
        if place.file == finding.place.file and place.line is not None
        else shown_place(place)
        for place in finding.also[:SHOWN_PLACES]
    ]
    more = len(finding.also) - len(places)
    return f"  (also {', '.join(places)}{f' and {more:,} more' if more else ''})"


def as_json(report: Report) -> str:
    """All findings, and how many there are of each level."""

    def placed(place: Place) -> Dict[str, Any]:
        return {"file": place.file, "line": place.line}

    content = {
        "counts": report.counts,
        "examples": report.messages,
        "tokenizer": report.tokenizer,
        "remarks": list(report.remarks),
        "findings": [
            {
                "level": finding.level,
                "code": finding.code,
                **placed(finding.place),
                "message": finding.message,
                "effect": finding.effect,
                "remedy": finding.remedy,
                "also": [placed(place) for place in finding.also],
            }
            for finding in report.findings
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_html(report: Report) -> str:
    """All findings on one page that needs nothing else."""
    return render("check.html", report=report, shown_place=shown_place)
