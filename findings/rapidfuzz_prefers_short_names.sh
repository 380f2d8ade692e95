#!/usr/bin/env bash
# One would guess: process.extractOne of RapidFuzz, or of TheFuzz, whose place it took, gives the name of a list that
# is nearest to a misspelt one, so that a slot gets a name that is known.
# What happens: the default score (WRatio) looks for the shorter text inside of the longer one where that has half as
# many letters more, and gives 90 to any name that is in the message, whatever else is in it. So with two mistakes the
# right name loses: "coka cola zro" is Cola, "frankfurt on the main" the river, "new york sitty" York. The more short
# names a list has, the more they attract, and a usual threshold of 80 or 90 lets them pass. With scorer=fuzz.ratio
# all three are right; that one in turn is no use to find a name in a sentence.
# Versions: RapidFuzz 3.14.6 and TheFuzz 0.22.1, the newest of both.
# Exits non-zero if one of them finds the longer name by default, or fuzz.ratio does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check RapidFuzz==3.14.6 thefuzz==0.22.1
cat > names.py <<'PY'
from importlib.metadata import version

import thefuzz.process
from rapidfuzz import fuzz, process, utils

print("RapidFuzz", version("RapidFuzz"), "TheFuzz", version("thefuzz"))
for message, names in {
    "coka cola zro": ["Cola", "Fanta", "Coca Cola Zero"],
    "frankfurt on the main": ["Main", "Mainz", "Frankfurt am Main"],
    "new york sitty": ["York", "Yorkshire", "New York City"],
}.items():
    cleaned = {"processor": utils.default_process}
    found, score, _ = process.extractOne(message, names, **cleaned)
    print(f"RapidFuzz, {message}: {found}, {score:.0f}")
    found, score = thefuzz.process.extractOne(message, names)
    print(f"TheFuzz, {message}: {found}, {score}")
    found, score, _ = process.extractOne(message, names, scorer=fuzz.ratio, **cleaned)
    print(f"fuzz.ratio, {message}: {found}, {score:.0f}")
PY
venv/bin/python names.py | tee names.log
for name in RapidFuzz TheFuzz; do
    grep -qFx "$name, coka cola zro: Cola, 90" names.log
    grep -qFx "$name, frankfurt on the main: Main, 90" names.log
    grep -qFx "$name, new york sitty: York, 90" names.log
done
grep -qE "^fuzz.ratio, coka cola zro: Coca Cola Zero, " names.log
grep -qE "^fuzz.ratio, frankfurt on the main: Frankfurt am Main, " names.log
grep -qE "^fuzz.ratio, new york sitty: New York City, " names.log
echo "As found: a short name inside of a message wins over the right one."
