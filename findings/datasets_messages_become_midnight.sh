#!/usr/bin/env bash
# One would guess: load_dataset("json") gives back a text of a JSON file as it is there, a message or a value of a slot
# such as "2026-10-05": it is in quotes, and a file has one type of column in whatever order it is read with others.
# What happens: pyarrow, which reads it, makes timestamps of a column where all texts look like ISO dates. In a file
# with other messages they stay texts. Of two files with the dates second the types of the first win, and the date
# comes back as a text that nobody typed, "2026-10-05 00:00:00", and "2026-10-05T10:30+02:00" as half past eight. With
# the dates first, loading ends in an error about "hello". So a split by intents, or shards of a log, reads otherwise
# than the whole. The documentation of pyarrow names the types. Numbers in quotes stay texts. features=Features({"text":
# Value("string")}) is of no use: the midnight stays.
# Versions: datasets 5.2.0 (packaged_modules/json/json.py) with pyarrow 26.0.1 (pyarrow.json), the newest of both.
# Exits non-zero if one of these is read otherwise.
# Needs Python 3.11 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check datasets==5.2.0 pyarrow==26.0.1
cat > dates.py <<'PY'
import json
from importlib.metadata import version
from pathlib import Path

import datasets
from datasets import Features, Value, load_dataset
from datasets.exceptions import DatasetGenerationError

datasets.disable_progress_bars()
print(*(f"{name} {version(name)}" for name in ("datasets", "pyarrow")))


def written(name, *texts):
    Path(name).write_text("\n".join(json.dumps({"text": text}) for text in texts))
    return name


def loaded(*files, **options):
    data = load_dataset("json", data_files=list(files), split="train", cache_dir="cache", **options)
    return [str(text) if not isinstance(text, str) else repr(text) for text in data["text"][:]]


dates, hello = written("dates.jsonl", "2026-10-05", "2026-10-05T10:30+02:00"), written("hello.jsonl", "hello")
print("one file:", *loaded(written("all.jsonl", "hello", "2026-10-05", "2026-10-05T10:30+02:00")))
print("dates:", *loaded(dates))
print("hello, dates:", *loaded(hello, dates))
try:
    print("dates, hello:", *loaded(dates, hello))
except DatasetGenerationError as error:
    print("dates, hello:", error.__cause__)
print("dates as strings:", *loaded(dates, features=Features({"text": Value("string")})))
print("numbers:", *loaded(written("numbers.jsonl", "007", "2026")))
PY
HF_HUB_OFFLINE=1 venv/bin/python dates.py | tee dates.log
grep -qFx "one file: 'hello' '2026-10-05' '2026-10-05T10:30+02:00'" dates.log
grep -qFx "dates: 2026-10-05 00:00:00 2026-10-05 08:30:00" dates.log
grep -qFx "hello, dates: 'hello' '2026-10-05 00:00:00' '2026-10-05 08:30:00'" dates.log
grep -qF "dates, hello: Failed to parse string: 'hello'" dates.log
grep -qFx "dates as strings: '2026-10-05 00:00:00' '2026-10-05 08:30:00'" dates.log
grep -qFx "numbers: '007' '2026'" dates.log
echo "As found: of a date in quotes comes midnight."
