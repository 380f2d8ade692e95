#!/usr/bin/env bash
# One would guess: a reader of JSON lines, or of a list of dictionaries, that decides on its columns by the first rows
# ends in an error where a later row has a key more, as it does where one has a value of another type.
# What happens: what it does not know, it drops. Polars looks at 100 rows: where the first entity with a role is in row
# 101, read_ndjson has no roles at all, and no column "lang" that only later rows have, and DataFrame and from_dicts
# do the same. read_json, for the same rows as one list, ends in an error that names the key, so whoever knows that
# expects no loss. datasets looks at one row: Dataset.from_list drops each key that the first one has not. An NLU data set
# that is written intent by intent is such a file. infer_schema_length=None reads all, and for from_list the first row
# needs all keys.
# Versions: polars 2.1.0 (read_ndjson, from_dicts, read_json), datasets 5.2.0 (datasets/arrow_dataset.py, from_list):
# the newest of both.
# Exits non-zero if a role or a column is kept, or lost with infer_schema_length=None.
# Needs Python 3.11 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check polars==2.1.0 datasets==5.2.0
cat > roles.py <<'PY'
import json
from importlib.metadata import version
from pathlib import Path

import polars
from datasets import Dataset

print(*(f"{name} {version(name)}" for name in ("polars", "datasets")))
city = {"start": 3, "end": 7, "entity": "city"}
plain = {"text": "to Oslo", "entities": [city]}
late = {"text": "to Rome", "entities": [{**city, "role": "to"}], "lang": "en"}
for before in (99, 100):
    rows = [plain] * before + [late]
    Path("rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    print(f"read_ndjson, {before} rows before:", polars.read_ndjson("rows.jsonl")[-1].to_dicts())
print("from_dicts:", polars.from_dicts(rows)[-1].to_dicts())
print("with None:", polars.read_ndjson("rows.jsonl", infer_schema_length=None)[-1].to_dicts())
Path("rows.json").write_text(json.dumps(rows))
try:
    print("read_json:", polars.read_json("rows.json")[-1].to_dicts())
except polars.exceptions.ComputeError as error:
    print("read_json:", error)
print("from_list:", Dataset.from_list([plain, late]).column_names)
print("from_list, the other way round:", Dataset.from_list([late, plain]).column_names)
PY
venv/bin/python roles.py | tee roles.log
whole="[{'text': 'to Rome', 'entities': [{'start': 3, 'end': 7, 'entity': 'city', 'role': 'to'}], 'lang': 'en'}]"
less="[{'text': 'to Rome', 'entities': [{'start': 3, 'end': 7, 'entity': 'city'}]}]"
grep -qFx "read_ndjson, 99 rows before: $whole" roles.log
grep -qFx "read_ndjson, 100 rows before: $less" roles.log
grep -qFx "from_dicts: $less" roles.log
grep -qFx "with None: $whole" roles.log
grep -qE "^read_json: extra field in struct data: (role|lang)," roles.log
grep -qFx "from_list: ['text', 'entities']" roles.log
grep -qFx "from_list, the other way round: ['text', 'entities', 'lang']" roles.log
echo "As found: a role in row 101 is none."
