#!/usr/bin/env bash
# One would guess: KeywordIntentClassifier, which Rasa's documentation has find the examples of an intent as
# keywords in a message, finds at least a message that is one of the examples.
# What happens: an example is put into a regular expression as it is, between two word boundaries. A full stop in it
# stands for any character ("1.5 litres" is in "125 litres"), a bracket ends the training in an error of the
# module re, and an example that ends in a sign needs a letter behind it: of "yes!" neither "yes!" nor "yes" is
# found. Nor is a Chinese word inside of a sentence, where no boundary is. A bot whose examples are sentences
# ("how much is it?") has the last word matched by accident, and the sign never.
# Version: rasa-pro 3.21.0 (rasa/nlu/classifiers/keyword_intent_classifier.py); rasa 3.6.21 has the same lines.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_keywords_are_patterns.sh
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


def intents(example, *texts):
    examples = [(example, "wanted"), ("good night", "other")]
    data = TrainingData([Message({"text": t, "intent": i}) for t, i in examples])
    try:
        classifier = trained(KeywordIntentClassifier, data)
    except Exception as error:
        print(f"{example!r}: training ends in {type(error).__module__}.{type(error).__name__}")
        return
    messages = classifier.process([Message({"text": text}) for text in texts])
    found = [f"{text!r} {m.get('intent')['name']}" for text, m in zip(texts, messages)]
    print(f"{example!r}:", ", ".join(found))


intents("hello", "hello", "well hello there")
intents("yes!", "yes!", "yes", "oh yes! please")
intents("1.5 litres", "1.5 litres", "125 litres")
intents("你好", "你好", "你好吗")
intents("hi :)", "hi :)")
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore keywords.py 2>/dev/null | tee keywords.log
grep -qF "'hello': 'hello' wanted, 'well hello there' wanted" keywords.log
grep -qF "'yes!': 'yes!' None, 'yes' None, 'oh yes! please' None" keywords.log
grep -qF "'1.5 litres': '1.5 litres' wanted, '125 litres' wanted" keywords.log
grep -qF "'你好': '你好' wanted, '你好吗' None" keywords.log
grep -qE "'hi :\)': training ends in re\.(error|PatternError)" keywords.log
echo "As found: keywords are regular expressions."
