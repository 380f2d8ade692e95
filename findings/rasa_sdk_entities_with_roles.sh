#!/usr/bin/env bash
# One would guess: `tracker.get_latest_entity_values("city")` in an action gives the cities of the last
# message, all of them; its documentation calls role and group optional, to ask for some of them only.
# What happens: leaving them out asks for cities without a role and without a group. As soon as an entity has
# been given roles ("from Oslo to Rome"), an action that was right before gets none, and no error: the
# documented `next(..., None)` is None. Nor does `role` alone find a city with a role and a group.
# Versions: rasa-sdk 3.21.1 and 3.6.2 (rasa_sdk/interfaces.py, get_latest_entity_values).
# Exits non-zero if leaving the role out finds the cities that have one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > ask.py <<'PY'
from importlib.metadata import version

from rasa_sdk import Tracker


def found(entities, **asked):
    said = {"entities": [{"entity": "city", **entity} for entity in entities]}
    tracker = Tracker("me", {}, said, [], False, None, {}, None)
    return list(tracker.get_latest_entity_values("city", **asked))


FROM, TO = {"value": "Oslo", "role": "from"}, {"value": "Rome", "role": "to"}
print("rasa-sdk", version("rasa-sdk"))
print("cities:", found([{"value": "Oslo"}, {"value": "Rome"}]))
print("cities with roles:", found([FROM, TO]))
print("asked for one role:", found([FROM, TO], entity_role="to"))
print("with a group, too:", found([FROM, {**TO, "group": "1"}], entity_role="to"))
PY
for version in 3.6.2 3.21.1; do
    "${PYTHON:-python3.10}" -m venv "$version"
    "$version/bin/pip" install --quiet --disable-pip-version-check "rasa-sdk==$version"
    "$version/bin/python" -W ignore ask.py | tee "$version.log"
    grep -qFx "cities: ['Oslo', 'Rome']" "$version.log"
    grep -qFx "cities with roles: []" "$version.log"
    grep -qFx "asked for one role: ['Rome']" "$version.log"
    grep -qFx "with a group, too: []" "$version.log"
done
echo "As found: whoever names no role gets only entities without one."
