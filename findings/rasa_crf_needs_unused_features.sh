#!/usr/bin/env bash
# One would guess: WhitespaceTokenizer and CRFEntityExtractor are a pipeline that finds entities. The
# extractor makes its features of the words itself, asks for a tokenizer only (required_components), and Rasa's
# documentation calls dense features optional.
# What happens: it leaves out each message for which no component before it made features, in training and in
# answers, whether it would use them or not (features that are sparse it never uses). Without a featurizer all are
# left out: it trains on nothing, no warning is said, and it never finds an entity. With RegexFeaturizer and a
# single regex that has nothing to do with the data, it finds them.
# Versions: rasa-pro 3.21.0, sklearn-crfsuite 0.5.0 (rasa/nlu/extractors/crf_entity_extractor.py, train and
# extract_entities); rasa 3.6.21 does the same.
# Exits non-zero if it finds the entity without a featurizer, or does not find it with one.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_crf_needs_unused_features.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check rasa-pro==3.21.0 sklearn-crfsuite==0.5.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > find.py <<'PY'
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


def example(city):
    entity = {"entity": "city", "start": 6, "end": 6 + len(city), "value": city}
    return Message({"text": f"go to {city} now", "intent": "go", "entities": [entity]})


def create(component, name):
    context = ExecutionContext(GraphSchema({}), node_name=name)
    storage = LocalModelStorage(pathlib.Path("storage"))
    return component.create(component.get_default_config(), storage, Resource(name), context)


for name, regexes in (("without a featurizer", []), ("with one regex", [{"name": "zip", "pattern": "[0-9]{5}"}])):
    cities = [example(city) for city in ("rome", "oslo", "paris")]
    data = TrainingData(cities, regex_features=regexes)
    asked = Message({"text": "go to oslo now"})
    tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
    tokenizer.process_training_data(data)
    tokenizer.process([asked])
    if regexes:
        featurizer = create(RegexFeaturizer, "regexes")
        featurizer.train(data)
        featurizer.process_training_data(data)
        featurizer.process([asked])
    extractor = create(CRFEntityExtractor, name)
    extractor.train(data)
    extractor.process([asked])
    print(f"{name}:", [entity["value"] for entity in asked.get("entities")])
PY
mkdir storage
venv/bin/pip freeze | grep -E "^(rasa-pro|sklearn-crfsuite)=="
venv/bin/python -W ignore find.py 2>/dev/null | tee find.log
grep -qFx "without a featurizer: []" find.log
grep -qFx "with one regex: ['oslo']" find.log
echo "As found: without features that it does not use, it learns nothing."
