#!/usr/bin/env bash
# One would guess: what Rasa writes as YAML, it reads back: `rasa data convert nlu` keeps the messages of a
# JSON file, whatever characters they have.
# What happens: in YAML `[text](type)` is an annotation, and the writer escapes nothing. A link of Markdown in
# a message becomes an entity: "see [the menu](https://example.org)" is read back as "see the menu", with an
# entity of the type `https` and the value "//example.org". An entity with a bracket in it
# ("[live]" in "play track [live] now") is no entity afterwards, and the message has the markup in it. The
# format has no escape, so only JSON can say such messages.
# Version: rasa 3.6.21 (rasa/shared/nlu/training_data/formats/readerwriter.py and entities_parser.py,
# ENTITY_REGEX), on Python 3.8 to 3.10.
# Exits non-zero if one of them is read back as it was.
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

cat > nlu.json <<'JSON'
{"rasa_nlu_data": {"common_examples": [
  {"text": "see [the menu](https://example.org)", "intent": "ask", "entities": []},
  {"text": "play track [live] now", "intent": "play", "entities": [
    {"entity": "track", "start": 11, "end": 17, "value": "[live]"}]}]}}
JSON
cat > convert.py <<'PY'
import pathlib

from rasa.shared.nlu.training_data.loading import load_data

pathlib.Path("nlu.yml").write_text(load_data("nlu.json").nlu_as_yaml())
for name in ("nlu.json", "nlu.yml"):
    for message in load_data(name).training_examples:
        entities = {entity["entity"]: entity["value"] for entity in message.get("entities", [])}
        print(f"{name}: {message.get('text')} {entities}")
PY
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^rasa '
venv/bin/python -W ignore convert.py | tee convert.log
grep -qF "nlu.json: see [the menu](https://example.org) {}" convert.log
grep -qF "nlu.yml: see the menu {'https': '//example.org'}" convert.log
grep -qF "nlu.yml: play track [[live]](track) now {}" convert.log
echo "As found: a link becomes an entity, and an entity with brackets becomes text."
