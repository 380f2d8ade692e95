#!/usr/bin/env bash
# One would guess: a regex with two examples in NLU data (a zip code of five digits, or of two and three) marks
# the tokens that either of them matches, for all who read the marks.
# What happens: RegexFeaturizer goes through the patterns one by one, and begins each by setting the mark
# of that name to false. So CRFEntityExtractor, whose feature `pattern` is that mark, sees the tokens of the last
# pattern only (in the order of the alphabet, lookup tables after regexes; a table with the name of a regex
# hides it whole). The matrix of features, which DIETClassifier reads, has a column for each pattern
# and is right. One regex with "|" in it, or a name for each pattern, helps.
# Version: rasa-pro 3.21.0 (rasa/nlu/featurizers/sparse_featurizer/regex_featurizer.py,
# _features_for_patterns); rasa 3.6.21 has the same lines.
# Exits non-zero if the tokens of the first pattern are marked.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_second_regex_hides_the_first.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > nlu.yml <<'YML'
version: "3.1"
nlu:
- regex: zip
  examples: |
    - \d{2}-\d{3}
    - \d{5}
- intent: send
  examples: |
    - from 12-345 to 67890
YML
cat > marks.py <<'PY'
import pathlib

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.featurizers.sparse_featurizer.regex_featurizer import RegexFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.loading import load_data

data = load_data("nlu.yml")
WhitespaceTokenizer(WhitespaceTokenizer.get_default_config()).process_training_data(data)
featurizer = RegexFeaturizer.create(
    RegexFeaturizer.get_default_config(),
    LocalModelStorage(pathlib.Path("storage")),
    Resource("regexes"),
    ExecutionContext(GraphSchema({}), node_name="regexes"),
)
featurizer.train(data)
featurizer.process_training_data(data)
(message,) = data.training_examples
matrix = message.features[0].features.toarray()
for token, row in zip(message.get("text_tokens"), matrix):
    print(f"{token.text}: features {row.astype(int).tolist()}, mark {token.get('pattern')['zip']}")
PY
mkdir storage
venv/bin/pip freeze | grep "^rasa-pro=="
venv/bin/python -W ignore marks.py 2>/dev/null | tee marks.log
grep -qFx "12-345: features [1, 0], mark False" marks.log
grep -qFx "67890: features [0, 1], mark True" marks.log
echo "As found: the second pattern takes back the marks of the first."
