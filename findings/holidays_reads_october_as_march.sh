#!/usr/bin/env bash
# One would guess: the calendar of a country in the package holidays takes a date as text in the way in which that
# country writes it, or at least always in one way.
# What happens: dateutil reads the text, whatever the country: the first number is the month, and where it cannot be
# one, the day. "03.10.2026", as Germans write the day of unity, is the 10th of March and no holiday, and
# "08/05/2026", as the French write the end of the war, the 5th of August. "25.12.2026" and "14/07/2026" are right, so
# a try with Christmas or the 14th of July passes. The documentation names dateutil, and not the order. And
# `get_named` of a new calendar finds no holiday at all: years are filled by asking for one of their dates. Make a date
# of a user's text by the order of the language before.
# Version: holidays 0.109 (holidays/holiday_base.py, __keytransform__ and get_named), the newest.
# Exits non-zero if the third of October is a holiday in this spelling, or a new calendar has its names.
# Needs Python 3.11 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check holidays==0.109
cat > days.py <<'PY'
from importlib.metadata import version

import holidays

print("holidays", version("holidays"))
for country, days in (
    ("DE", ("2026-10-03", "03.10.2026", "25.12.2026")),
    ("FR", ("2026-05-08", "08/05/2026", "14/07/2026")),
):
    calendar = holidays.country_holidays(country)
    for day in days:
        print(country, day, "->", calendar.get(day))
new = holidays.country_holidays("DE")
print("named, in a new calendar:", new.get_named("Christmas"))
print("asked for a date:", "2026-12-25" in new)
print("named, after it:", *new.get_named("Christmas Day"))
PY
venv/bin/python days.py | tee days.log
grep -qFx "DE 2026-10-03 -> German Unity Day" days.log
grep -qFx "DE 03.10.2026 -> None" days.log
grep -qFx "DE 25.12.2026 -> Christmas Day" days.log
grep -qFx "FR 2026-05-08 -> Victory Day" days.log
grep -qFx "FR 08/05/2026 -> None" days.log
grep -qFx "FR 14/07/2026 -> National Day" days.log
grep -qFx "named, in a new calendar: []" days.log
grep -qFx "named, after it: 2026-12-25" days.log
echo "As found: the third of October is the tenth of March, and Christmas is Christmas."
