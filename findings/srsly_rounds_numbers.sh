#!/usr/bin/env bash
# One would guess: srsly, which spaCy and Prodigy read and write JSON with, keeps a number as Python's own json
# does: what is written and read again is the same.
# What happens: it writes ten digits behind the point, so 1/3 is another number, and a probability below 5e-11 is 0.0,
# whose logarithm is none. With sort_keys=True it hands on to Python's json, and the same number is whole. And
# it reads otherwise than Python: of numbers between 0 and 1 that json wrote in full nine in ten come out as another
# one close by, so a confidence that was equal to its threshold is not any more. Its MessagePack keeps all.
# Version: srsly 2.5.6 (srsly/_json_api.py, srsly/ujson).
# Exits non-zero if 1/3 is kept, 3e-11 is not 0, or most numbers are read as json wrote them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check srsly==2.5.6
cat > numbers_kept.py <<'PY'
import json
import random
from importlib.metadata import version

import srsly

print("srsly", version("srsly"))
for number in (0.1, 1 / 3, 3e-11):
    for options in ({}, {"sort_keys": True}):
        print(f"{number!r} written with {options}: {srsly.json_dumps({'p': number}, **options)}")
numbers = random.Random(0)
chances = [numbers.random() for _ in range(1000)]
written = json.dumps(chances)
for name, read in (("json", json.loads), ("srsly", srsly.json_loads)):
    same = sum(a == b for a, b in zip(read(written), chances, strict=True))
    print(f"of {len(chances)} written by json, {name} reads {same} as they were")
assert same < 200
assert srsly.msgpack_loads(srsly.msgpack_dumps(chances)) == chances
PY
venv/bin/python numbers_kept.py | tee numbers.log
grep -qFx '0.1 written with {}: {"p":0.1}' numbers.log
grep -qFx '0.3333333333333333 written with {}: {"p":0.3333333333}' numbers.log
grep -qFx "0.3333333333333333 written with {'sort_keys': True}: {\"p\":0.3333333333333333}" numbers.log
grep -qFx '3e-11 written with {}: {"p":0.0}' numbers.log
grep -qFx "of 1000 written by json, json reads 1000 as they were" numbers.log
echo "As found: srsly writes ten digits, and reads its own way."
