#!/usr/bin/env bash
# One would guess: an NLU file that Windows saved as "UTF-8 with BOM" is read like any other, or ends
# in an error. YAML allows the mark, and the YAML library that Rasa uses reads it.
# What happens: Rasa looks for a line that begins with `nlu:` before it reads a file as YAML. Where
# `nlu:` is the first line, the mark stands before it, so in a folder the file counts as none of NLU
# data: `rasa train` goes on without its examples, and says nothing. With `version:` as the first
# line, the same mark does no harm.
# Version: rasa 3.6.21 (rasa/shared/utils/io.py, is_key_in_yaml), on Python 3.8 to 3.10.
# Exits non-zero if the file is found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.10}" -m venv venv
# What finds training data needs few of Rasa's dependencies.
venv/bin/pip install --quiet ruamel.yaml==0.17.21 pykwalify==1.8.0 jsonschema==4.17.3 \
    "packaging==20.9" portalocker==2.10.1 structlog==23.3.0 structlog-sentry==2.0.3 pluggy==1.5.0 \
    numpy==1.23.5 scipy==1.10.1 "setuptools<70" jsonpickle==3.0.4 rich==13.9.4 typing-extensions
venv/bin/pip install --quiet --no-deps rasa==3.6.21

mkdir data
body='nlu:\n- intent: greet\n  examples: |\n    - hello\n'
printf "$body" > data/plain.yml
printf "\xef\xbb\xbf$body" > data/marked.yml
printf "\xef\xbb\xbfversion: '3.1'\n$body" > data/version_first.yml
cat > find.py <<'PY'
import os
from rasa.shared.data import get_data_files, is_nlu_file
from rasa.shared.utils.io import read_yaml_file

print("as YAML:", read_yaml_file("data/marked.yml") == read_yaml_file("data/plain.yml"))
print("found:", [os.path.basename(name) for name in get_data_files("data", is_nlu_file)])
PY
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^(rasa|ruamel.yaml) '
venv/bin/python -W ignore find.py | tee find.log
grep -qF "as YAML: True" find.log
grep -qF "found: ['plain.yml', 'version_first.yml']" find.log
echo "As found: the file with the mark before 'nlu:' is left out without a word."
