#!/usr/bin/env bash
# One would guess: a KeywordIntentClassifier behind another classifier has the last word: what it finds, "stop" in any
# sentence, is found with the confidence 1.0, and FallbackClassifier leaves an intent alone that is so sure.
# What happens: it sets the intent, and leaves the ranking of the classifier before as it was. FallbackClassifier looks
# at the confidence of the intent, and then at the first two of the ranking, which are not about it: where the other
# classifier was in doubt, "stop two seats please", the sure "stop" becomes nlu_fallback. Those are the messages that a
# keyword is for. And whoever shows or logs the ranking has another intent first than the one that was taken.
# `ambiguity_threshold: 0` switches the second test off; in the other order, keywords first, the classifier behind
# overwrites what they found.
# Version: rasa-pro 3.21.0 (rasa/nlu/classifiers/keyword_intent_classifier.py, process; fallback_classifier.py,
# _nlu_prediction_ambiguous); rasa 3.6.21 has the same lines.
# Exits non-zero if the keyword is kept, or is not with an ambiguity_threshold of 0.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_fallback_for_a_sure_keyword.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0 skops==0.14.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > keywords.py <<'PY'
import tempfile
from importlib.metadata import version
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.classifiers.keyword_intent_classifier import KeywordIntentClassifier
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

EXAMPLES = {
    "stop": ("stop it", "please stop", "stop"),
    "cancel": ("cancel it", "please cancel", "quit"),
    "book": ("a table please", "two seats"),
}


def component(kind, **options):
    storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
    context = ExecutionContext(GraphSchema({}), node_name="it")
    return kind.create({**kind.get_default_config(), **options}, storage, Resource("it"), context)


print("rasa-pro", version("rasa-pro"))
data = TrainingData([Message({"text": text, "intent": name}) for name, texts in EXAMPLES.items() for text in texts])
tokenizer, counts = component(WhitespaceTokenizer), component(CountVectorsFeaturizer)
tokenizer.process_training_data(data)
counts.train(data)
counts.process_training_data(data)
classifiers = component(LogisticRegressionClassifier), component(KeywordIntentClassifier)
for classifier in classifiers:
    classifier.train(data)
for options in ({}, {"ambiguity_threshold": 0}):
    fallback = component(FallbackClassifier, **options)
    for text in ("stop", "stop two seats please"):
        messages = [Message({"text": text})]
        for each in (tokenizer, counts, *classifiers):
            messages = each.process(messages)
        intent, ranking = messages[0].get("intent"), messages[0].get("intent_ranking")
        print(options, repr(text), intent["name"], intent["confidence"], end=" ")
        print("ranking:", *(f"{rank['name']} {rank['confidence']:.2f}" for rank in ranking[:2]), end=" ")
        print("->", fallback.process(messages)[0].get("intent")["name"])
PY
venv/bin/python -W ignore keywords.py 2>/dev/null | tee keywords.log
grep -qFx "{} 'stop' stop 1.0 ranking: stop 0.64 cancel 0.20 -> stop" keywords.log
grep -qFx "{} 'stop two seats please' stop 1.0 ranking: book 0.48 stop 0.41 -> nlu_fallback" keywords.log
grep -qFx "{'ambiguity_threshold': 0} 'stop two seats please' stop 1.0 ranking: book 0.48 stop 0.41 -> stop" keywords.log
echo "As found: who is sure of a stop falls back."
