#!/usr/bin/env bash
# One would guess: a lookup table whose words are spread over two files is one table, as it is when both
# parts are in one file; `rasa train` uses the words of both.
# What happens: `rasa train` does, but what Rasa writes as YAML has one of the two parts only, and nothing
# says so: `rasa data convert nlu`, `rasa data split nlu` and `rasa test nlu` with several configs lose the
# rest. Reading merges files into a list with two tables of that name, and the writer sorts them by name
# into a dictionary. Regexes and synonyms in two files are kept.
# Version: rasa 3.6.21 (rasa/shared/nlu/training_data/formats/rasa_yaml.py, process_lookup_tables), on
# Python 3.8 to 3.10.
# Exits non-zero if all words of the table are written.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.10}" -m venv venv
# Reading and writing training data need few of Rasa's dependencies.
venv/bin/pip install --quiet ruamel.yaml==0.17.21 pykwalify==1.8.0 jsonschema==4.17.3 \
    "packaging==20.9" portalocker==2.10.1 structlog==23.3.0 structlog-sentry==2.0.3 pluggy==1.5.0 \
    numpy==1.23.5 scipy==1.10.1 "setuptools<70" jsonpickle==3.0.4 rich==13.9.4 typing-extensions
venv/bin/pip install --quiet --no-deps rasa==3.6.21

mkdir data
for word in oslo rome; do
    printf 'version: "3.1"\nnlu:\n- lookup: city\n  examples: |\n    - %s\n- regex: zip\n  examples: |\n    - %s\n' \
        "$word" "$word [0-9]+" > "data/$word.yml"
done
cat > convert.py <<'PY'
import pathlib

from rasa.shared.nlu.training_data.loading import load_data

pathlib.Path("written.yml").write_text(load_data("data").nlu_as_yaml())
for name in ("data", "written.yml"):
    data = load_data(name)
    words = sorted(word for table in data.lookup_tables for word in table["elements"])
    print(f"{name}: {len(words)} words, {len(data.regex_features)} regexes")
PY
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^rasa '
venv/bin/python -W ignore convert.py | tee convert.log
grep -qFx "data: 2 words, 2 regexes" convert.log
grep -qFx "written.yml: 1 words, 2 regexes" convert.log
echo "As found: of a lookup table in two files, one half is written."
