#!/usr/bin/env bash
# One would guess: CountVectorsFeaturizer counts the tokens that the tokenizer made. Rasa's WhitespaceTokenizer
# keeps the vowel signs of Hindi in their words; its code says that it uses the package regex for that.
# What happens: the tokens are put together again and cut by scikit-learn with Python's re, to which a vowel
# sign is no part of a word. It is dropped, and cuts. "की", "का", "के" and "कि" are one feature, "क", and so
# is the first half of "क्या"; "मैं" and "में" are two times "म". Tamil, Bengali and Thai go the same way. A
# classifier on these features cannot tell such words apart; with `analyzer: char_wb`, which most have as
# a second one, it can.
# Version: rasa-pro 3.21.0 and the scikit-learn that it asks for (rasa/nlu/featurizers/sparse_featurizer/
# count_vectors_featurizer.py, token_pattern); rasa 3.6.21 has the same pattern.
# Exits non-zero if the vowel signs count.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_counts_consonants_of_hindi.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > words.py <<'PY'
import pathlib

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

TEXTS = ("की का के कि क्या", "मैं में", "to me")
data = TrainingData([Message({"text": text, "intent": "any"}) for text in TEXTS])
WhitespaceTokenizer(WhitespaceTokenizer.get_default_config()).process_training_data(data)
featurizer = CountVectorsFeaturizer.create(
    CountVectorsFeaturizer.get_default_config(),
    LocalModelStorage(pathlib.Path("storage")),
    Resource("words"),
    ExecutionContext(GraphSchema({}), node_name="words"),
)
featurizer.train(data)
tokens = [token for message in data.training_examples for token in message.get("text_tokens")]
print("tokens:", *(token.text for token in tokens))
print("features:", *sorted(featurizer.vectorizers["text"].vocabulary_))
PY
mkdir storage
venv/bin/pip freeze | grep -E "^(rasa-pro|scikit-learn)=="
venv/bin/python -W ignore words.py 2>/dev/null | tee words.log
grep -qFx "tokens: की का के कि क्या मैं में to me" words.log
grep -qFx "features: me to क म य" words.log
echo "As found: seven words of Hindi are three consonants."
