#!/usr/bin/env bash
# One would guess: a ClassLabel of datasets with the names "1" to "5", as for stars of a review or choices of a menu,
# refuses "0", as it refuses "6": neither is a name.
# What happens: a text that is no name and has digits alone is taken for the number of a class. "0" is the first one,
# so no star becomes one star, by str2int, by cast_column and by from_dict with features. A name with blanks or zeros
# around is one, too: "03" is the class number 3, which is "4", and not the name "3". And the same column as whole numbers
# is numbers of classes from the start: 1 is two stars, and 4 the best. Only what is past the last class is refused, so
# data from 0 to 4 and texts from 1 to 5 both pass. Compare with names before casting.
# Version: datasets 5.2.0 (datasets/features/features.py, ClassLabel._strval2int), the newest.
# Exits non-zero if "0" or "03" is refused or read otherwise, or "6" is not refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check datasets==5.2.0
cat > stars.py <<'PY'
from importlib.metadata import version

import datasets
from datasets import ClassLabel, Dataset, Features

datasets.disable_progress_bars()
print("datasets", version("datasets"))
label = ClassLabel(names=["1", "2", "3", "4", "5"])
for text in ("1", "0", "03", "6"):
    try:
        print(repr(text), "is", repr(label.int2str(label.str2int(text))))
    except ValueError as error:
        print(repr(text), "is refused:", error)
for stars in (["0", "1", "5"], [0, 1, 4]):
    cast = Dataset.from_dict({"stars": stars}).cast_column("stars", label)
    read = Dataset.from_dict({"stars": stars}, features=Features({"stars": label}))
    print(stars, "->", label.int2str(cast["stars"][:]), label.int2str(read["stars"][:]))
PY
HF_HUB_OFFLINE=1 venv/bin/python stars.py | tee stars.log
grep -qFx "'1' is '1'" stars.log
grep -qFx "'0' is '1'" stars.log
grep -qFx "'03' is '4'" stars.log
grep -q "^'6' is refused: " stars.log
grep -qFx "['0', '1', '5'] -> ['1', '1', '5'] ['1', '1', '5']" stars.log
grep -qFx "[0, 1, 4] -> ['1', '2', '5'] ['1', '2', '5']" stars.log
echo "As found: no star is one star."
