#!/usr/bin/env bash
# One would guess: a column of messages or values of slots is text in DuckDB, at least where a JSON file has it in
# quotes; and if DuckDB takes a text for a date, it is one and the same date in each file.
# What happens: types are guessed from what all texts of a column look like, in JSON too. "10-12-26" alone is the 26th
# of December 2010. With "3-4-26" in the next row it is the 10th of December 2026 in a CSV file, and the other one still
# in JSON. "10/12/2026" is in December, and with "10/25/2026" in October. Of answers to one question no text is left:
# "10:30" is a time in JSON, "yes" and "no" are True and False in CSV. One more row such as "ok", and all are texts, so the
# type of an export changes with its messages. Numbers in quotes stay texts in JSON, which lets one expect the same of
# dates. Ask for text: columns={"text": "VARCHAR"} for JSON, types={"text": "VARCHAR"} for CSV.
# Version: duckdb 2.0.1 (read_json and read_csv with their automatic types), the newest.
# Exits non-zero if one of these is read otherwise.
# Needs Python 3.11 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1
cat > answers.py <<'PY'
import json
from pathlib import Path

import duckdb

print("duckdb", duckdb.__version__)
for texts in (
    ["10-12-26"],
    ["10-12-26", "3-4-26"],
    ["10/12/2026"],
    ["10/12/2026", "10/25/2026"],
    ["10:30"],
    ["yes", "no"],
    ["yes", "no", "ok"],
    ["2026"],
):
    Path("answers.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in texts))
    Path("answers.csv").write_text("\n".join(["text,intent", *(f"{text},inform" for text in texts)]))
    for name in ("answers.csv", "answers.jsonl"):
        rows = duckdb.sql(f"select text, typeof(text) from '{name}'").fetchall()
        print(*texts, f"in {name}:", *(str(row[0]) for row in rows), rows[0][1])
Path("answers.jsonl").write_text(json.dumps({"text": "10-12-26"}))
print("asked for text:", duckdb.read_json("answers.jsonl", columns={"text": "VARCHAR"}).fetchall())
PY
venv/bin/python answers.py | tee answers.log
grep -qFx "10-12-26 in answers.csv: 2010-12-26 DATE" answers.log
grep -qFx "10-12-26 in answers.jsonl: 2010-12-26 DATE" answers.log
grep -qFx "10-12-26 3-4-26 in answers.csv: 2026-12-10 2026-04-03 DATE" answers.log
grep -qFx "10-12-26 3-4-26 in answers.jsonl: 2010-12-26 2003-04-26 DATE" answers.log
grep -qFx "10/12/2026 in answers.csv: 2026-12-10 DATE" answers.log
grep -qFx "10/12/2026 10/25/2026 in answers.csv: 2026-10-12 2026-10-25 DATE" answers.log
grep -qFx "10:30 in answers.jsonl: 10:30:00 TIME" answers.log
grep -qFx "yes no in answers.csv: True False BOOLEAN" answers.log
grep -qFx "yes no ok in answers.csv: yes no ok VARCHAR" answers.log
grep -qFx "2026 in answers.jsonl: 2026 VARCHAR" answers.log
grep -qFx "asked for text: [('10-12-26',)]" answers.log
echo "As found: a date moves by 16 years with the row below."
