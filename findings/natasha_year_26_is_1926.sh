#!/usr/bin/env bash
# One would guess: natasha, which finds dates in Russian texts, takes the year of "05.10.26" for one of this century,
# or leaves it out, finds the usual ways to say a day, and finds no day that is none.
# What happens: 1900 is added to every year of two digits: 26 is 1926, and 30 is 1930. Of "from the 5th to the 7th of
# May" it has the 7th alone, and the fifth of May as ordinal ("5-го мая", "пятого мая"), as people say and write it, is no
# date at all. "31.02.2026" is one. So an appointment lies a hundred years back, and a stay is a day; nothing says so.
# Versions: natasha 1.6.0 (natasha/grammars/date.py, YEAR_SHORT and DAY), the newest, with yargy 0.16.0 and its
# dictionaries.
# Exits non-zero if one of these is read otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check natasha==1.6.0 yargy==0.16.0 "setuptools<81"
cat > dates.py <<'PY'
from importlib.metadata import version

from natasha import DatesExtractor, MorphVocab

print("natasha", version("natasha"), "yargy", version("yargy"))
extractor = DatesExtractor(MorphVocab())
for text in (
    "05.10.2026",
    "05.10.26",
    "01.12.30",
    "5 мая",
    "5-го мая",
    "пятого мая",
    "с 5 по 7 мая",
    "31.02.2026",
):
    print(text, "->", *((match.fact.year, match.fact.month, match.fact.day) for match in extractor(text)))
PY
venv/bin/python -W ignore dates.py | tee dates.log
grep -qFx "05.10.2026 -> (2026, 10, 5)" dates.log
grep -qFx "05.10.26 -> (1926, 10, 5)" dates.log
grep -qFx "01.12.30 -> (1930, 12, 1)" dates.log
grep -qFx "5 мая -> (None, 5, 5)" dates.log
grep -qFx "5-го мая ->" dates.log
grep -qFx "пятого мая ->" dates.log
grep -qFx "с 5 по 7 мая -> (None, 5, 7)" dates.log
grep -qFx "31.02.2026 -> (2026, 2, 31)" dates.log
echo "As found: next year's appointment was a hundred years ago."
