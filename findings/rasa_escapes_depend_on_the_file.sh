#!/usr/bin/env bash
# One would guess: in a block scalar of Rasa's NLU YAML (`examples: |`) a backslash is a backslash,
# as YAML has no escapes there; or at least that one example is read alike in every file.
# What happens: in a file of ASCII characters alone, Rasa decodes \u00e9 wherever it stands, block
# scalars included (`rasa.shared.utils.io.read_yaml` sends such a file through Python's
# "raw_unicode_escape"). One character that is not ASCII, anywhere in the file, even in a comment,
# and the same line keeps its six characters. So an example, a regex or a lookup table changes its
# meaning when a sentence with an umlaut is added elsewhere in the file.
# Version: rasa 3.6.21 (rasa/shared/utils/io.py, read_yaml), on Python 3.8 to 3.10.
# Exits non-zero if both files are read alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.10}" -m venv venv
# The reader of training data needs few of Rasa's dependencies.
venv/bin/pip install --quiet ruamel.yaml==0.17.21 pykwalify==1.8.0 jsonschema==4.17.3 \
    "packaging==20.9" portalocker==2.10.1 structlog==23.3.0 structlog-sentry==2.0.3 pluggy==1.5.0 \
    numpy==1.23.5 scipy==1.10.1 "setuptools<70" jsonpickle==3.0.4 rich==13.9.4 typing-extensions
venv/bin/pip install --quiet --no-deps rasa==3.6.21

printf 'version: "3.1"\nnlu:\n- intent: order\n  examples: |\n    - a caf\\u00e9\n' > ascii.yml
{ printf '# für Zürich\n'; cat ascii.yml; } > commented.yml
cat > read.py <<'PY'
import sys
import warnings

warnings.simplefilter("ignore")
from rasa.shared.nlu.training_data.loading import load_data

for name in ("ascii.yml", "commented.yml"):
    print(name, [message.get("text") for message in load_data(name).training_examples])
PY
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^(rasa|ruamel.yaml) '
venv/bin/python -W ignore read.py | tee read.log
grep -qF "ascii.yml ['a café']" read.log
grep -qF "commented.yml ['a caf\\\\u00e9']" read.log
echo "As found: a comment with an umlaut decides what the example says."
