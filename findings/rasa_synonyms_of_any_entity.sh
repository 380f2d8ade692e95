#!/usr/bin/env bash
# One would guess: EntitySynonymMapper leaves the values of entities alone where no synonym is written, and a
# value that is written at one entity, [second]{"entity": "rank", "value": "2"}, is that of ranks.
# What happens: it keeps one table for all entities, by the words in lower case. So the "second" that is found
# as a unit of time has the value "2", too, and May, the month, is "maybe" if a [may] is so elsewhere. And all
# words that are annotated go into it, without any synonym: each value gets the spelling that was first in
# the data. Of "US" comes "us", of the code "AB12" another one, "aB12". The order of the files decides, and
# nothing is said of it.
# Version: rasa-pro 3.21.0 (rasa/nlu/extractors/entity_synonyms.py, train and replace_synonyms); rasa 3.6.21 does
# the same.
# Exits non-zero if a value of one entity stays out of another, or spellings stay as they were found.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_synonyms_of_any_entity.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > nlu.yml <<'YAML'
version: "3.1"
nlu:
- intent: inform
  examples: |
    - the [second]{"entity": "rank", "value": "2"} one
    - give me a [second](unit)
    - ship it to the [us](country)
    - we sell it in the [US](country)
    - it says [aB12](code)
    - it says [AB12](code)
YAML
cat > values.py <<'PY'
import tempfile
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.entity_synonyms import EntitySynonymMapper
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
context = ExecutionContext(GraphSchema({}))
mapper = EntitySynonymMapper.create({}, storage, Resource("it"), context)
mapper.train(load_data("nlu.yml"))
for kind, word in (("rank", "second"), ("unit", "second"), ("country", "US"), ("code", "AB12")):
    entity = {"start": 0, "end": len(word), "entity": kind, "value": word}
    message = mapper.process([Message({"text": word, "entities": [entity]})])[0]
    print(f"{kind}: found {word!r}, answered {message.get('entities')[0]['value']!r}")
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore values.py 2>/dev/null | tee values.log
grep -qFx "rank: found 'second', answered '2'" values.log
grep -qFx "unit: found 'second', answered '2'" values.log
grep -qFx "country: found 'US', answered 'us'" values.log
grep -qFx "code: found 'AB12', answered 'aB12'" values.log
echo "As found: a value belongs to words, and to no entity."
