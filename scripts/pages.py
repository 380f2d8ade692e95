"""Write what the code says into the pages of docs/: `python -m scripts.pages` (`make pages`)."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, Dict, List

from rasa_joint_nlu.core import JointConfig
from rasa_joint_nlu.tools.check.findings import KINDS
from scripts.modules import derive, drawing

DOCS = Path(__file__).parent.parent / "docs"

SECTIONS = {
    "intent_classification": "Tasks",
    "token_size": "Network",
    "featurizers": "Input",
    "epochs": "Training",
    "evaluate_every_number_of_epochs": "Watching the training",
    "max_tokens": "Output",
}
"""The first option of each section of docs/options.md, and the section's title."""

OPTIONS_HEAD = """\
<!-- Made from JointConfig by `make pages`: change rasa_joint_nlu/core/config.py instead. -->

# Options

Options of `rasa_joint_nlu.JointNLUClassifier` in `config.yml`, and of `JointModel` without Rasa.
All have a default that suits 50 examples and 15,000 alike, so write down only what you change:

```yaml
pipeline:
- name: rasa_joint_nlu.UnicodeTokenizer
- name: rasa_joint_nlu.JointNLUClassifier
  random_seed: 1
```

An option that does not exist, or a value that is not allowed, stops `rasa train` with a message
that says what is wrong and what would be right. Options that only the replaced components have are
ignored, and a warning lists them. The options of the tokenizer are
[on its page](tokenizer.md#options).
"""

MODULES_BEGIN = "<!-- Made from the imports by `make pages`. -->\n\n```text\n"
MODULES_END = "\n```\n\n<!-- To here. -->\n"
"""What stands around the drawing of the modules in docs/architecture.md."""

KINDS_BEGIN = "<!-- Made from the catalogue by `make pages`. -->\n"
KINDS_END = "<!-- To here. -->\n"
"""What stands around the table of findings in docs/check.md."""

TABLE_HEAD = ["| option | default | meaning | values |", "|---|---|---|---|"]


def options_page() -> str:
    """The text of docs/options.md."""
    lines: List[str] = []
    for setting, default in zip(dataclasses.fields(JointConfig), JointConfig().to_dict().values()):
        if setting.name in SECTIONS:
            lines += ["", f"## {SECTIONS[setting.name]}", "", *TABLE_HEAD]
        cells = (
            f"`{setting.name}`",
            f"`{as_yaml(default)}`",
            setting.metadata["meaning"],
            setting.metadata["allowed"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return OPTIONS_HEAD + "\n".join(lines) + "\n"


def architecture_page() -> str:
    """The text of docs/architecture.md, with the modules of today in its drawing."""
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    before, _, rest = page.partition(MODULES_BEGIN)
    _, _, after = rest.partition(MODULES_END)
    return before + MODULES_BEGIN + drawing(derive()) + MODULES_END + after


def check_page() -> str:
    """The text of docs/check.md, with what is found in its table."""
    page = (DOCS / "check.md").read_text(encoding="utf-8")
    before, _, rest = page.partition(KINDS_BEGIN)
    _, _, after = rest.partition(KINDS_END)
    rows = [f"| `{code}` | {kind.level} | {kind.title} |" for code, kind in KINDS.items()]
    table = "\n".join(["| code | level | what it is |", "|---|---|---|", *rows])
    return f"{before}{KINDS_BEGIN}\n{table}\n\n{KINDS_END}{after}"


def as_yaml(value: Any) -> str:
    """A default as one would write it into `config.yml`."""
    return value if isinstance(value, str) else json.dumps(value)


def pages() -> Dict[Path, str]:
    """Each page that is made from the code, and its text."""
    return {
        DOCS / "options.md": options_page(),
        DOCS / "architecture.md": architecture_page(),
        DOCS / "check.md": check_page(),
    }


def main() -> None:
    """Write every page."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
