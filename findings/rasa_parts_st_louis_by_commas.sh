#!/usr/bin/env bash
# One would guess: `split_entities_by_comma` of CRFEntityExtractor and DIETClassifier, true by default, parts "Oslo,
# Rome" into two cities, and leaves an entity without a comma whole.
# What happens: it parts an entity wherever two tokens are more than one character apart, whatever is between them.
# WhitespaceTokenizer keeps no full stop, dash or slash at a blank, so "St. Louis", "Dr. Smith" and "E. Coli" are two
# entities each, even in the sentences that they were annotated in, with the tags of all words right; a text slot gets
# "Louis". So is "New  York" with two blanks. With `false`, which is for addresses, full stops, commas, semicolons and
# blanks join, by a comment; but the check of the characters lets all pass, so "Oslo - Rome" may be one city. Set it
# to false for the types that have such names: {city: false}.
# Version: rasa-pro 3.21.0, sklearn-crfsuite 0.5.0 (rasa/nlu/extractors/extractor.py, _check_is_single_entity); rasa
# 3.6.21 has the same lines.
# Exits non-zero if "St. Louis" is found whole by default, or "Oslo - Oslo" is parted with false.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_parts_st_louis_by_commas.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0 sklearn-crfsuite==0.5.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > find.py <<'PY'
import tempfile
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor
from rasa.nlu.featurizers.sparse_featurizer.regex_featurizer import RegexFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())


def create(component, name, **options):
    context = ExecutionContext(GraphSchema({}), node_name=name)
    return component.create({**component.get_default_config(), **options}, storage, Resource(name), context)


def annotated(place):
    entity = {"entity": "city", "start": 6, "end": 6 + len(place), "value": place}
    return Message({"text": f"go to {place} now", "intent": "go", "entities": [entity]})


for splits in (True, False):
    # CRFEntityExtractor reads no message without a feature. With BILOU tags it would part what the option joins.
    places = ("St. Louis", "E. Coli", "New  York", "Oslo")
    data = TrainingData([annotated(place) for place in places], regex_features=[{"name": "zip", "pattern": "[0-9]{5}"}])
    tokenizer.process_training_data(data)
    featurizer = create(RegexFeaturizer, f"regexes {splits}")
    featurizer.train(data)
    featurizer.process_training_data(data)
    extractor = create(CRFEntityExtractor, f"entities {splits}", split_entities_by_comma=splits, BILOU_flag=splits)
    extractor.train(data)
    for place in (*places, "Oslo, Oslo", "Oslo - Oslo"):
        messages = [Message({"text": f"go to {place} now"})]
        for component in (tokenizer, featurizer, extractor):
            messages = component.process(messages)
        print(f"{splits}, {place!r}:", *(repr(entity["value"]) for entity in messages[0].get("entities")))
PY
venv/bin/pip freeze | grep -E "^(rasa-pro|sklearn-crfsuite)=="
venv/bin/python -W ignore find.py 2>/dev/null | grep -E "^(True|False)" | tee find.log
grep -qFx "True, 'St. Louis': 'St' 'Louis'" find.log
grep -qFx "True, 'E. Coli': 'E' 'Coli'" find.log
grep -qFx "True, 'New  York': 'New' 'York'" find.log
grep -qFx "True, 'Oslo, Oslo': 'Oslo' 'Oslo'" find.log
grep -qFx "False, 'St. Louis': 'St. Louis'" find.log
grep -qFx "False, 'Oslo, Oslo': 'Oslo, Oslo'" find.log
grep -qFx "False, 'Oslo - Oslo': 'Oslo - Oslo'" find.log
echo "As found: an entity ends at any two characters that are no token."
