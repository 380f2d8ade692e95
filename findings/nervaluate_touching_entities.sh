#!/usr/bin/env bash
# One would guess: entities as dictionaries with `start` and `end`, as annotation tools, spaCy and Rasa write
# them (`text[start:end]`), are compared as such by nervaluate, which counts what is exact, what
# overlaps and what is wrong, and whose code names Prodigy as a source of such spans.
# What happens: it takes `end` for the last position inside. Two entities that touch then overlap, so
# in "去北京上海" a model that finds 上海 where 北京 is annotated is right by its type (F1 of `ent_type` 1.0,
# of `partial` 0.5), and nothing is spurious or missed. In texts with spaces it is never seen, in Chinese,
# Japanese or Thai often. With `end - 1` the numbers are right. `strict` and `exact` call it incorrect,
# instead of spurious and missed; their F1 is the same here, but what was missed is not.
# Version: nervaluate 1.2.1 (strategies.py, _calculate_overlap_percentage).
# Exits non-zero if touching entities no longer overlap.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check nervaluate==1.2.1
cat > touch.py <<'PY'
from importlib.metadata import version

from nervaluate import Evaluator

TEXT = "去北京上海"


def entity(value, less):
    start = TEXT.index(value)
    return {"label": "city", "start": start, "end": start + len(value) - less}


print("nervaluate", version("nervaluate"))
for less in (0, 1):
    true, found = [[entity("北京", less)]], [[entity("上海", less)]]
    counted = Evaluator(true, found, tags=["city"], loader="dict").evaluate()["overall"]
    for name in ("ent_type", "partial", "strict"):
        of = counted[name]
        print(f"end - {less}, {name}: F1 {of.f1:.2f}, missed {of.missed}, spurious {of.spurious}")
PY
venv/bin/python touch.py | tee touch.log
grep -qFx "end - 0, ent_type: F1 1.00, missed 0, spurious 0" touch.log
grep -qFx "end - 0, partial: F1 0.50, missed 0, spurious 0" touch.log
grep -qFx "end - 1, ent_type: F1 0.00, missed 1, spurious 1" touch.log
echo "As found: an entity beside the right one counts as found."
