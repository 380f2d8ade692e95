#!/usr/bin/env bash
# One would guess: the newest mkdocstrings (1.0.6) renders a page with the newest
# pymdown-extensions that pip brings along, since it asks for ">=6.3" of them, without a limit.
# What happens: from pymdown-extensions 12.2 on, `pymdownx.highlight.Highlight` takes the Markdown
# instance as its first argument. mkdocstrings' Highlighter, a child of it, does not pass it on, so
# every page with a ":::" block ends the build with a TypeError, whatever theme and options are.
# 12.2 looks like a minor release; 12.1 still works.
# Versions: mkdocs 1.6.1, mkdocstrings 1.0.6, mkdocstrings-python 2.0.9, pymdown-extensions 12.1 / 12.2.
# Exits non-zero if 12.1 fails, or 12.2 works.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet mkdocs==1.6.1 mkdocstrings==1.0.6 mkdocstrings-python==2.0.9

mkdir docs
cat > shop.py <<'PY'
"""A shop."""


def sell(what: str) -> int:
    """Sell something, and return its price."""
    return len(what)
PY
printf '# API\n\n::: shop\n' > docs/index.md
printf 'site_name: Shop\nplugins:\n  - mkdocstrings:\n      handlers:\n        python:\n          paths: [.]\n' > mkdocs.yml

build() {
    venv/bin/pip install --quiet "pymdown-extensions==$1"
    echo "pymdown-extensions $1:"
    venv/bin/mkdocs build --quiet > "$1.log" 2>&1 && status=0 || status=$?
    tail -n 1 "$1.log"
    echo "exit code $status"
}

venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -i mkdocs
build 12.1
[ "$status" -eq 0 ]
grep -q "Sell something" site/index.html
build 12.2
[ "$status" -ne 0 ]
grep -q "Highlight.__init__() missing 1 required positional argument: 'md'" 12.2.log
echo "As found: 12.1 builds the page, 12.2 ends with a TypeError."
