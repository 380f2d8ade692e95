#!/usr/bin/env bash
# One would guess: Polars, asked to read a log of chats of one JSON object in each line, has all fields of each line,
# or fails at a line with a field that it did not expect, as it fails at one with a number that it did not expect.
# What happens: the fields are those of the first 100 lines, at every depth. A role that only later entities have is
# not in the table, nor is the intent of a later message: what is not in the first lines is dropped without a word.
# "Rome" to which one flies is a city like any other then, in counts as in training data that are made of the log. The
# same records in pl.DataFrame lose it, too. DuckDB stops at such a line, and names it. infer_schema_length=None reads
# all first.
# Versions: polars 2.1.0, duckdb 2.0.1, the newest of both.
# Exits non-zero if the role is read by default, or not with the option, or DuckDB reads on.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check polars==2.1.0 duckdb==2.0.1
cat > roles.py <<'PY'
import json
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl

print(*(f"{name} {version(name)}" for name in ("polars", "duckdb")))
early = {"text": "Oslo", "entities": [{"entity": "city", "value": "Oslo"}]}
late = {"text": "to Rome", "entities": [{"entity": "city", "value": "Rome", "role": "to"}], "intent": "book"}
records = [early] * 100 + [late]
Path("log.jsonl").write_text("\n".join(map(json.dumps, records)))
for name, frame in (
    ("read_ndjson", pl.read_ndjson("log.jsonl")),
    ("scan_ndjson", pl.scan_ndjson("log.jsonl").collect()),
    ("DataFrame", pl.DataFrame(records)),
    ("all lines", pl.read_ndjson("log.jsonl", infer_schema_length=None)),
):
    print(f"{name}: {json.dumps(frame[-1].to_dicts()[0])}")
try:
    duckdb.sql("select * from read_json('log.jsonl', sample_size=100)").fetchall()
except duckdb.InvalidInputException as error:
    print("DuckDB:", next(line for line in str(error).splitlines() if "line 101" in line))
PY
venv/bin/python roles.py | tee roles.log
for name in read_ndjson scan_ndjson DataFrame; do
    grep -qFx "$name: {\"text\": \"to Rome\", \"entities\": [{\"entity\": \"city\", \"value\": \"Rome\"}]}" roles.log
done
grep -qE '^all lines: .*"role": "to".*"intent": "book"' roles.log
grep -qE "^DuckDB: .*unknown key" roles.log
echo "As found: what the first hundred lines have not is dropped."
