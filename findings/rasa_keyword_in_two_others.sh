#!/usr/bin/env bash
# One would guess: KeywordIntentClassifier, given a keyword that is also in the keywords of two other intents, warns and
# leaves the keyword out, as its code and its documentation say, and trains.
# What happens: it notes the keyword once for each keyword that it is in, and removes it once for each note. The second
# time it is not there any more, and the training ends in a KeyError that names the word and nothing else. "hi" beside
# "oh hi" and "hi bob" is enough; with one of the two it works.
# Version: rasa-pro 3.21.0 (rasa/nlu/classifiers/keyword_intent_classifier.py, _validate_keyword_map); rasa 3.6.21
# has the same lines.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_keyword_in_two_others.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > keywords.py <<'PY'
import tempfile
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.keyword_intent_classifier import KeywordIntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


def trained(kind, data):
    storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
    context = ExecutionContext(GraphSchema({}))
    component = kind.create(kind.get_default_config(), storage, Resource("it"), context)
    component.train(data)
    return component


for others in (["oh hi"], ["oh hi", "hi bob"]):
    examples = [("hi", "greet"), *((text, f"other {n}") for n, text in enumerate(others))]
    data = TrainingData([Message({"text": text, "intent": intent}) for text, intent in examples])
    try:
        classifier = trained(KeywordIntentClassifier, data)
    except Exception as error:
        print(f"'hi' beside {others}: {error!r}")
    else:
        print(f"'hi' beside {others}: trained, {sorted(classifier.intent_keyword_map)} are left")
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore keywords.py 2>/dev/null | tee keywords.log
grep -qF "'hi' beside ['oh hi']: trained, ['oh hi'] are left" keywords.log
grep -qF "'hi' beside ['oh hi', 'hi bob']: KeyError('hi')" keywords.log
echo "As found: a keyword that is in two others ends the training."
