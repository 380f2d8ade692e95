#!/usr/bin/env bash
# One would guess: CRFEntityExtractor finds the same roles after a model was saved and loaded as before.
# What happens: Rasa Pro stores a CRF for types and one for roles in a folder each, and loads them in the order in
# which the folder lists them, which no file system promises. The CRF for roles needs what the one
# for types has said. Where "role" is listed first, it gets nothing, and all roles are gone, without an error: of "rome
# oslo please" both cities are found, and neither is from or to. The same model archive is right on one machine
# and wrong on the next. rasa 3.6.21 keeps the order in a file.
# Here the order is set to both, by sorting what `Path.iterdir` gives.
# Versions: rasa-pro 3.21.0, sklearn-crfsuite 0.5.0 (rasa/nlu/extractors/crf_entity_extractor.py, _load_taggers).
# Exits non-zero if the roles are found in either order.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_pro_roles_lost_by_the_folder.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check rasa-pro==3.21.0 sklearn-crfsuite==0.5.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > roles.py <<'PY'
import pathlib

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor
from rasa.nlu.featurizers.sparse_featurizer.regex_featurizer import RegexFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

CITIES = ("rome", "oslo", "paris", "bonn", "kiev", "lima")
tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())


def example(first, second):
    text = f"{first} {second} please"
    start = {"entity": "city", "role": "from", "start": 0, "end": len(first), "value": first}
    goal = {"entity": "city", "role": "to", "start": len(first) + 1, "end": len(text) - 7, "value": second}
    return Message({"text": text, "intent": "go", "entities": [start, goal]})


def parts(component):
    context = ExecutionContext(GraphSchema({}), node_name=component.__name__)
    storage = LocalModelStorage(pathlib.Path("storage"))
    return component.get_default_config(), storage, Resource(component.__name__), context


def show(name, extractor):
    message = Message({"text": "rome oslo please"})
    tokenizer.process([message])
    featurizer.process([message])
    extractor.process([message])
    print(f"{name}:", *(f"{entity['value']}={entity.get('role')}" for entity in message.get("entities")))


examples = [example(first, second) for first in CITIES for second in CITIES if first != second]
others = [Message({"text": f"{word} please", "intent": "order"}) for word in ("tea", "milk", "cake")]
regexes = [{"name": "zip", "pattern": "[0-9]{5}"}]  # without features, the extractor does not see a message
data = TrainingData([*examples, *others], regex_features=regexes)
tokenizer.process_training_data(data)
featurizer = RegexFeaturizer.create(*parts(RegexFeaturizer))
featurizer.train(data)
featurizer.process_training_data(data)
extractor = CRFEntityExtractor.create(*parts(CRFEntityExtractor))
extractor.train(data)
show("trained", extractor)
listed = pathlib.Path.iterdir
show("loaded, as listed here", CRFEntityExtractor.load(*parts(CRFEntityExtractor)))
for name, backwards in (("entity first", False), ("role first", True)):
    pathlib.Path.iterdir = lambda path: iter(sorted(listed(path), reverse=backwards))
    show(f"loaded, {name}", CRFEntityExtractor.load(*parts(CRFEntityExtractor)))
PY
mkdir storage
venv/bin/pip freeze | grep -E "^(rasa-pro|sklearn-crfsuite)=="
venv/bin/python -W ignore roles.py 2>/dev/null | tee roles.log
grep -qFx "trained: rome=from oslo=to" roles.log
grep -qFx "loaded, entity first: rome=from oslo=to" roles.log
grep -qFx "loaded, role first: rome=None oslo=None" roles.log
echo "As found: where the folder lists the CRF for roles first, all roles are lost."
