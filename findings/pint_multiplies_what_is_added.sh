#!/usr/bin/env bash
# One would guess: Pint makes 90 minutes of "1 hour 30 minutes", as people say a duration, or refuses it, as it
# refuses "1 hour and 30 minutes". What it returns for an entity that was found is then a slot's value.
# What happens: what stands side by side is multiplied: it is 30 hour-minutes, 6,480,000 s², "5 ft 7 in" an area of 35
# foot-inches, and "2 kg 300 g" 600 kilogram-grams. "5 pm" is 5 picometres and "10 am" 10 attometres. A comma is
# dropped: "1,5 kg", as half of Europe writes it, is 15 kg, with the right unit. A number with a wrong unit shows by
# its dimension (`check("[time]")`); the comma does not. Take compound amounts apart before, and add.
# Version: Pint 0.25.3, the newest.
# Exits non-zero if one of these is read otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Pint==0.25.3
cat > amounts.py <<'PY'
from importlib.metadata import version

import pint

print("Pint", version("Pint"))
units = pint.UnitRegistry()
for text in ("1 hour 30 minutes", "5 ft 7 in", "2 kg 300 g", "5 pm", "10 am", "1,5 kg", "1 hour and 30 minutes"):
    try:
        amount = units.Quantity(text)
    except pint.UndefinedUnitError as error:
        print(f"{text}: {error}")
        continue
    print(f"{text}: {amount}, a time: {amount.check('[time]')}")
PY
venv/bin/python amounts.py | tee amounts.log
grep -qFx "1 hour 30 minutes: 30 hour * minute, a time: False" amounts.log
grep -qFx "5 ft 7 in: 35 foot * inch, a time: False" amounts.log
grep -qFx "2 kg 300 g: 600 gram * kilogram, a time: False" amounts.log ||
    grep -qFx "2 kg 300 g: 600 kilogram * gram, a time: False" amounts.log
grep -qFx "5 pm: 5 picometer, a time: False" amounts.log
grep -qFx "10 am: 10 attometer, a time: False" amounts.log
grep -qFx "1,5 kg: 15 kilogram, a time: False" amounts.log
grep -qE "^1 hour and 30 minutes: 'and' is not defined" amounts.log
echo "As found: an hour and thirty minutes are multiplied, and a comma is dropped."
