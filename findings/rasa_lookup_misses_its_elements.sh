#!/usr/bin/env bash
# One would guess: RegexEntityExtractor finds each element of a lookup table in a message that has it, whole, and so
# does RegexFeaturizer. Special characters are escaped, so they may be in it.
# What happens: each element is put between word boundaries. Behind a sign at its end a boundary is only where a
# letter follows, so "Yahoo!", "C++" and "Washington D.C." are never found, with blanks or the end of the message
# behind them. And all are one expression in the order of the table, of which the first that fits is taken: where "New
# York" stands before "New York City", as the alphabet has it, the longer name is never found, only the shorter
# one inside of it. Nothing is said of either in the training.
# Version: rasa-pro 3.21.0 (rasa/nlu/utils/pattern_utils.py); rasa 3.6.21 has the same lines.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_lookup_misses_its_elements.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > lookups.py <<'PY'
import tempfile
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.regex_entity_extractor import RegexEntityExtractor
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


def trained(kind, data):
    storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
    context = ExecutionContext(GraphSchema({}))
    component = kind.create(kind.get_default_config(), storage, Resource("it"), context)
    component.train(data)
    return component


def found(elements, *texts):
    entity = {"start": 0, "end": 4, "value": "Oslo", "entity": "name"}
    example = Message({"text": "Oslo", "intent": "say", "entities": [entity]})
    data = TrainingData([example], lookup_tables=[{"name": "name", "elements": elements}])
    extractor = trained(RegexEntityExtractor, data)
    for message in extractor.process([Message({"text": text}) for text in texts]):
        print(elements, repr(message.get("text")), [e["value"] for e in message.get("entities")])


found(["Oslo"], "to Oslo", "oslo, please")
found(["Yahoo!"], "Yahoo!", "mail of Yahoo! please")
found(["Washington D.C."], "to Washington D.C. please")
found(["New York", "New York City"], "to New York City")
found(["New York City", "New York"], "to New York City")
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore lookups.py 2>/dev/null | tee lookups.log
grep -qF "['Oslo'] 'oslo, please' ['oslo']" lookups.log
grep -qF "['Yahoo!'] 'Yahoo!' []" lookups.log
grep -qF "['Yahoo!'] 'mail of Yahoo! please' []" lookups.log
grep -qF "['Washington D.C.'] 'to Washington D.C. please' []" lookups.log
grep -qF "['New York', 'New York City'] 'to New York City' ['New York']" lookups.log
grep -qF "['New York City', 'New York'] 'to New York City' ['New York City']" lookups.log
echo "As found: a sign at an end, or a shorter element before it, and an element is not found."
