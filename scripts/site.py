"""A hook of MkDocs: the README and its like, which stand outside of docs/, become pages, too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent

PAGES = {
    "README.md": "index.md",
    "README.zh.md": "zh/index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
"""Files at the root of the repository, and the pages that they become."""

_LINK = re.compile(r"(?<!!)\[([^]]+)\]\(([^)#\s:]+)(#[^)\s]*)?\)")

_PICTURE = re.compile(r"(!\[[^]]*\]\()docs/")

_BROKEN = re.compile(
    r"(?<=[\u2014-\u201d\u3000-\u9fff\uff00-\uffef])\n *(?=[[“\u3000-\u9fff\uff00-\uffef])"
)
"""The end of a line between characters of a script without spaces, where no space is meant."""


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Join lines of Chinese: else browsers put a space between them."""
    return _BROKEN.sub("", markdown)


def on_files(files: Files, config: Any) -> Files:
    """Add the pages."""
    for source, page in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=rewritten(text, page)))
    return files


def rewritten(text: str, page: str) -> str:
    """A text from the root of the repository with links as they are from a page of the site.

    So are its pictures. What links to files that the site does not have becomes plain text.
    """
    up = "../" * page.count("/")

    def link(match: "re.Match[str]") -> str:
        label, target, anchor = match[1], match[2], match[3] or ""
        if target in PAGES:
            return f"[{label}]({up}{PAGES[target]}{anchor})"
        if target.startswith("docs/"):
            return f"[{label}]({up}{target[len('docs/') :]}{anchor})"
        return label

    return _LINK.sub(link, _PICTURE.sub(rf"\g<1>{up}", text))
