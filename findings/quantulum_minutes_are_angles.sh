#!/usr/bin/env bash
# One would guess: a parser of quantities in English makes a time of "set a timer for five minutes", above all with
# the extra that tells units of the same name apart.
# What happens: minutes and seconds are parts of an angle. As installed, of units with one name that one is taken
# whose shipped texts share more with the sentence, which is the minute of arc in all of these; only "5 min" is a
# time. With the extra `classifier` the same sentences end in a ModuleNotFoundError: its classifier was pickled by
# scikit-learn 1.8.0, and the extra takes the newest. A newest scikit-learn that is there for something else does
# the same. With 1.8.0 "wait a minute" is a time, and the timer is still an angle.
# Versions: quantulum3 0.10.0 (no_classifier.py, classifier.py, _lang/en_US/clf.joblib); scikit-learn 1.9.1, 1.8.0.
# Exits non-zero if one of these is as one would guess.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > units.py <<'PY'
from importlib.metadata import version

from quantulum3 import parser

print("quantulum3", version("quantulum3"))
for text in ("set a timer for five minutes", "in 30 seconds", "wait a minute", "in 5 min", "in 2 hours"):
    try:
        print(f"{text}:", *(found.unit.name for found in parser.parse(text)))
    except ModuleNotFoundError as error:
        print(f"{text}:", error)
PY
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check quantulum3==0.10.0
venv/bin/python -W ignore units.py | tee alone.log
grep -qFx "set a timer for five minutes: minute of arc" alone.log
grep -qFx "in 30 seconds: second of arc" alone.log
grep -qFx "wait a minute: minute of arc" alone.log
grep -qFx "in 5 min: minute" alone.log
grep -qFx "in 2 hours: hour" alone.log
for version in 1.9.1 1.8.0; do
    venv/bin/pip install --quiet --disable-pip-version-check "quantulum3[classifier]==0.10.0" "scikit-learn==$version"
    echo "scikit-learn $version"
    venv/bin/python -W ignore units.py | tee "$version.log"
done
grep -qFx "set a timer for five minutes: No module named '_loss'" 1.9.1.log
grep -qFx "in 2 hours: hour" 1.9.1.log
grep -qFx "set a timer for five minutes: minute of arc" 1.8.0.log
grep -qFx "wait a minute: minute" 1.8.0.log
echo "As found: a timer is set for five minutes of arc."
