#!/usr/bin/env bash
# One would guess: an entity of Rasa's NLU JSON that leaves out its value, which the reader takes without a word, has
# the words that it marks as its value, as in YAML.
# What happens: the value stays unset, and EntitySynonymMapper, which every default pipeline has, turns it into text: the words
# become a synonym of "None". From then on each entity with these words, found by whatever extractor, has the
# value "None", in slots and in searches. Nothing is said of it in training.
# Version: rasa-pro 3.21.0 (rasa/nlu/extractors/entity_synonyms.py, train); rasa 3.6.21 has the same lines.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_missing_value_becomes_none.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > nlu.json <<'JSON'
{"rasa_nlu_data": {"common_examples": [
  {"text": "go to rome", "intent": "go", "entities": [{"start": 6, "end": 10, "entity": "city"}]},
  {"text": "go to oslo", "intent": "go", "entities": [{"start": 6, "end": 10, "entity": "city", "value": "oslo"}]}
]}}
JSON
cat > values.py <<'PY'
import tempfile
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.entity_synonyms import EntitySynonymMapper
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message


def trained(kind, data):
    storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
    context = ExecutionContext(GraphSchema({}))
    component = kind.create(kind.get_default_config(), storage, Resource("it"), context)
    component.train(data)
    return component


mapper = trained(EntitySynonymMapper, load_data("nlu.json"))
for word in ("oslo", "rome"):
    entity = {"start": 0, "end": 4, "entity": "city", "value": word}
    message = mapper.process([Message({"text": word, "entities": [entity]})])[0]
    print(f"{word}: found {word!r}, answered {message.get('entities')[0]['value']!r}")
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore values.py 2>/dev/null | tee values.log
grep -qF "oslo: found 'oslo', answered 'oslo'" values.log
grep -qF "rome: found 'rome', answered 'None'" values.log
echo "As found: a value that was left out is the text None."
