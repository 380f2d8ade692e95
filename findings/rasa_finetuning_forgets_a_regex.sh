#!/usr/bin/env bash
# One would guess: `rasa train --finetune`, after one more example was added to a regex, knows the old examples
# and the new one. A comment in the code says that new patterns come at the end of those that are known.
# What happens: they are merged by name, and each example of a regex is a pattern of that name. All of them
# are put in the place of the last one in turn, so that one is forgotten, and the newest stands where it was:
# of "[0-9]{4}", "[0-9]{5}" and a new "[0-9]{6}" the one with five digits is gone, and what learnt to trust that
# column gets six digits. A training from scratch has all three.
# Version: rasa-pro 3.21.0 (rasa/nlu/featurizers/sparse_featurizer/regex_featurizer.py,
# _merge_new_patterns); rasa 3.6.21 has the same lines.
# Exits non-zero if all three are known.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_finetuning_forgets_a_regex.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > finetune.py <<'PY'
import pathlib

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.featurizers.sparse_featurizer.regex_featurizer import RegexFeaturizer
from rasa.shared.nlu.training_data.training_data import TrainingData

FEATURIZER = RegexFeaturizer.get_default_config()
STORAGE = LocalModelStorage(pathlib.Path("storage"))


def regexes(*patterns):
    return TrainingData(regex_features=[{"name": "code", "pattern": p} for p in patterns])


def known(make, data, finetuning):
    context = ExecutionContext(GraphSchema({}), is_finetuning=finetuning, node_name="regexes")
    featurizer = make(FEATURIZER, STORAGE, Resource("regexes"), context)
    featurizer.train(data)
    return [pattern["pattern"] for pattern in featurizer.known_patterns]


OLD, NEW = ("[0-9]{4}", "[0-9]{5}"), "[0-9]{6}"
print("trained:", *known(RegexFeaturizer.create, regexes(*OLD), False))
print("finetuned:", *known(RegexFeaturizer.load, regexes(*OLD, NEW), True))
print("from scratch:", *known(RegexFeaturizer.create, regexes(*OLD, NEW), False))
PY
mkdir storage
venv/bin/pip freeze | grep "^rasa-pro=="
venv/bin/python -W ignore finetune.py 2>/dev/null | tee finetune.log
grep -qFx "trained: [0-9]{4} [0-9]{5}" finetune.log
grep -qFx "finetuned: [0-9]{4} [0-9]{6}" finetune.log
grep -qFx "from scratch: [0-9]{4} [0-9]{5} [0-9]{6}" finetune.log
echo "As found: the pattern that was last is forgotten."
