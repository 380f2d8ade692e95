#!/usr/bin/env bash
# One would guess: pycountry's search_fuzzy, which finds countries by what a user calls them, forgives a letter, as
# fuzzy searches do, and has the country first that is called so: by its documentation countries come before
# subdivisions.
# What happens: it looks for the letters as they are, anywhere, in the names of countries and of their subdivisions:
# "Germny" is an error, and so are "Turkey", "Ivory Coast", "Burma" and "Munich". What fits is added up for a country.
# Nigeria has a state called Niger and the letters in its own name, so "Niger" is Nigeria first, and the country of that
# name second. "Korea" is North Korea, the first of two by its code. "Rome" is Czechia, for a town called Kroměříž, then
# France, for the Drôme, and Italy is not there. So the first of a list that has several is a guess: take
# countries.lookup, with a list of usual names of one's own.
# Version: pycountry 26.2.16 (pycountry/__init__.py, search_fuzzy), the newest.
# Exits non-zero if one of these is found otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pycountry==26.2.16
cat > countries.py <<'PY'
from importlib.metadata import version

import pycountry

print("pycountry", version("pycountry"))
for name in ("Germany", "Germny", "Turkey", "Ivory Coast", "Burma", "Munich", "Niger", "Korea", "Rome", "Roma"):
    try:
        print(name, "->", *(country.alpha_2 for country in pycountry.countries.search_fuzzy(name)))
    except LookupError:
        print(name, "-> LookupError")
print("lookup: Niger ->", pycountry.countries.lookup("Niger").alpha_2)
for code in ("CZ", "FR"):
    names = [subdivision.name for subdivision in pycountry.subdivisions.get(country_code=code)]
    print(code, *(name for name in names if "rome" in pycountry.remove_accents(name.lower())))
PY
venv/bin/python countries.py | tee countries.log
grep -qFx "Germany -> DE" countries.log
for name in Germny Turkey "Ivory Coast" Burma Munich; do
    grep -qFx "$name -> LookupError" countries.log
done
grep -qFx "Niger -> NG NE" countries.log
grep -qFx "Korea -> KP KR" countries.log
grep -qFx "Rome -> CZ FR" countries.log
grep -q "^Roma -> IT " countries.log
grep -qFx "lookup: Niger -> NE" countries.log
grep -qFx "CZ Kroměříž" countries.log
grep -qFx "FR Drôme" countries.log
echo "As found: Niger is Nigeria, and Rome in Czechia."
