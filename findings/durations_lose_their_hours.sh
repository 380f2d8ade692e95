#!/usr/bin/env bash
# One would guess: what is made to read durations in English, the dehumanize of arrow and timelength, reads the usual
# ones of a timer, or says that it does not: arrow has a ValueError for that, timelength `success`.
# What happens: both look for numbers with a unit right behind them, and leave the rest. To arrow "in 1.5 hours" are
# five hours, "in 10:30 hours" thirty, "in half an hour" is one, and "in 1 hour 30 minutes" is half an hour, since its
# own word for one is "an". "in 1 hour" alone is an error. To timelength "two and a half hours" and "three and a half
# hours" are half an hour, "an hour and a half" is one, and "between 2 and 3 hours" are five. `success` is true; what
# was left is in `invalid`, in part, so look there: it has to be empty. pytimeparse2, which wants all of the text,
# refuses them.
# Versions: arrow 1.4.0, timelength 3.0.4, pytimeparse2 1.7.1: the newest of each.
# Exits non-zero if one of these is read otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check arrow==1.4.0 timelength==3.0.4 pytimeparse2==1.7.1
cat > durations.py <<'PY'
from importlib.metadata import version

import arrow
import pytimeparse2
from timelength import TimeLength

print(*(f"{name} {version(name)}" for name in ("arrow", "timelength", "pytimeparse2")))
noon = arrow.get(2026, 12, 1, 12)
for text in ("1.5 hours", "10:30 hours", "half an hour", "1 hour 30 minutes", "1 hour", "an hour and 30 minutes"):
    try:
        print(f"arrow, in {text}: {noon.dehumanize(f'in {text}') - noon}")
    except ValueError:
        print(f"arrow, in {text}: an error")
for text in (
    "two and a half hours",
    "three and a half hours",
    "an hour and a half",
    "between 2 and 3 hours",
    "2 hours 30 minutes",
):
    read = TimeLength(text).result
    print(f"timelength, {text}: {read.delta}, success {read.success}, invalid {len(read.invalid)}")
    if len(read.invalid):
        print(f"pytimeparse2, {text}: {pytimeparse2.parse(text)}")
PY
venv/bin/python -W ignore durations.py | tee durations.log
grep -qFx "arrow, in 1.5 hours: 5:00:00" durations.log
grep -qFx "arrow, in 10:30 hours: 1 day, 6:00:00" durations.log
grep -qFx "arrow, in half an hour: 1:00:00" durations.log
grep -qFx "arrow, in 1 hour 30 minutes: 0:30:00" durations.log
grep -qFx "arrow, in 1 hour: an error" durations.log
grep -qFx "arrow, in an hour and 30 minutes: 1:30:00" durations.log
grep -qFx "timelength, two and a half hours: 0:30:00, success True, invalid 1" durations.log
grep -qFx "timelength, three and a half hours: 0:30:00, success True, invalid 1" durations.log
grep -qFx "timelength, an hour and a half: 1:00:00, success True, invalid 1" durations.log
grep -qFx "timelength, between 2 and 3 hours: 5:00:00, success True, invalid 1" durations.log
grep -qFx "timelength, 2 hours 30 minutes: 2:30:00, success True, invalid 0" durations.log
if grep "^pytimeparse2, " durations.log | grep -vq ": None$"; then exit 1; fi
echo "As found: of a duration the part that is understood is the answer."
