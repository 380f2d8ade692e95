#!/usr/bin/env bash
# One would guess: CountVectorsFeaturizer makes one feature of all numbers, as Rasa's documentation says, so that "5" in
# a message tells that there is a number, and nothing else.
# What happens: digits are replaced by the word __NUMBER__ before the text is cut into n-grams. With
# `analyzer: char_wb`, which most pipelines have as their second featurizer, "7" is spelt: of its 37 features 18 have an
# underscore, and the other 19 are those of "number" in "what is my number". It shares "mber" with "december", too. So a
# bare "7" looks like a question for a number, and not like "seven", in a bot of any language with words such as these.
# With the analyzer "word" there is one feature of its own. A RegexFeaturizer with a pattern for digits gives the
# classifier something else to tell them by.
# Version: rasa-pro 3.21.0 (rasa/nlu/featurizers/sparse_featurizer/count_vectors_featurizer.py, _process_tokens); rasa
# 3.6.21 has the same lines.
# Exits non-zero if the n-grams of "7" are not those of "number".
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_digits_are_spelt_number.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > digits.py <<'PY'
import tempfile
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


def component(kind, **options):
    storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
    context = ExecutionContext(GraphSchema({}), node_name="it")
    return kind.create({**kind.get_default_config(), **options}, storage, Resource("it"), context)


def pieces(text, **options):
    """The names of the features of a sentence, after a training with four sentences."""
    tokenizer, counts = component(WhitespaceTokenizer), component(CountVectorsFeaturizer, **options)
    texts = ("what is my number", "remember december", "seven of 9", "six please")
    data = TrainingData([Message({"text": example, "intent": "say"}) for example in texts])
    tokenizer.process_training_data(data)
    counts.train(data)
    message = Message({"text": text})
    counts.process(tokenizer.process([message]))
    names = {column: piece for piece, column in counts.vectorizers["text"].vocabulary_.items()}
    return {names[column] for column in message.get_sparse_features("text")[1].features.tocsr().indices}


characters = {"analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}
seven, number = pieces("7", **characters), pieces("what is my number", **characters)
print("7 in characters:", len(seven), sorted(seven))
print("without underscores, not in the question:", sorted(p for p in seven - number if "_" not in p))
for word in ("number please", "december", "seven"):
    print(f"shared with {word!r}, longer than 2:", sorted(p for p in seven & pieces(word, **characters) if len(p) > 2))
print("7 in words:", sorted(pieces("7")))
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore digits.py 2>/dev/null | tee digits.log
grep -q "^7 in characters: 37 " digits.log
grep -qFx "without underscores, not in the question: []" digits.log
grep -qFx "shared with 'number please', longer than 2: ['ber', 'mbe', 'mber', 'num', 'numb', 'umb', 'umbe']" digits.log
grep -qFx "shared with 'december', longer than 2: ['ber', 'mbe', 'mber']" digits.log
grep -qFx "shared with 'seven', longer than 2: []" digits.log
grep -qFx "7 in words: ['__number__']" digits.log
echo "As found: 7 is spelt n, u, m, b, e, r."
