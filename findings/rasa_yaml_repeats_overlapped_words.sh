#!/usr/bin/env bash
# One would guess: training data with entities inside of entities, as exports of LUIS and Rasa's JSON may have
# them, end in an error when Rasa writes them as YAML, or lose the inner ones. Rasa reads them without a
# word, and its writer refuses two entities that begin together and end apart.
# What happens: those that begin apart are written one behind the other, each with its words. Of "order two
# large pizzas now" with "two large pizzas" and "large" annotated, `rasa data convert nlu` makes the sentence
# "order two large pizzaslarge pizzas now", and the model learns that. So do `rasa data split nlu` and
# `rasa test nlu` with several configs, which write what they train on as YAML.
# Version: rasa 3.6.21 (rasa/shared/nlu/training_data/formats/readerwriter.py, generate_message), Python 3.8 to 3.10.
# Exits non-zero if the words are as they were.
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

cat > app.json <<'JSON'
{"luis_schema_version": "3.2.0", "utterances": [
  {"text": "order two large pizzas now", "intent": "order", "entities": [
    {"entity": "item", "startPos": 6, "endPos": 21},
    {"entity": "size", "startPos": 10, "endPos": 14}]}]}
JSON
cat > convert.py <<'PY'
import pathlib

from rasa.shared.nlu.training_data.loading import load_data

pathlib.Path("app.yml").write_text(load_data("app.json").nlu_as_yaml())
for name in ("app.json", "app.yml"):
    (message,) = load_data(name).training_examples
    print(f"{name}: {message.get('text')}", [entity["value"] for entity in message.get("entities")])
PY
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^rasa '
venv/bin/python -W ignore convert.py | tee convert.log
grep -qF "app.json: order two large pizzas now ['two large pizzas', 'large']" convert.log
grep -qF "app.yml: order two large pizzaslarge pizzas now" convert.log
echo "As found: the YAML has words of the overlapped entity twice."
