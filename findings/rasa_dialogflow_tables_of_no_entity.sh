#!/usr/bin/env bash
# One would guess: an agent of Dialogflow that Rasa reads for migration keeps its entities: where two parameters of an
# intent, `from` and `to`, are of the entity @city, Rasa has cities with these roles, and the list of cities is theirs.
# What happens: each parameter becomes a type of entity, and what it is of is dropped. The list becomes a lookup table
# with the name of the entity, `city`, which no example has. RegexEntityExtractor takes only tables of annotated types,
# so it never finds a city, and warns only where no other table is left; the patterns of an entity with `isRegexp` go
# the same way. A parameter that has the name of its entity keeps its table, so the first intent that one tries may be
# right. Rename the types in the YAML to `city`, with the old name as a role.
# Version: rasa-pro 3.21.0 (rasa/shared/nlu/training_data/formats/dialogflow.py, _extract_entity and
# _extract_lookup_tables); rasa 3.6.21 has the same lines.
# Exits non-zero if the entities are cities, or a city is found by the table.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_dialogflow_tables_of_no_entity.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > agent.py <<'PY'
import json
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.regex_entity_extractor import RegexEntityExtractor
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

print("rasa-pro", version("rasa-pro"))


def agent(first, second):
    """An export with an intent of two parameters of the entity @city, under these names."""
    folder = Path(tempfile.mkdtemp())
    for part in ("intents", "entities"):
        (folder / part).mkdir()
    (folder / "package.json").write_text(json.dumps({"version": "1.0.0"}))
    (folder / "agent.json").write_text(json.dumps({"language": "en", "supportedLanguages": []}))
    says = [
        {"text": "from "},
        {"text": "Oslo", "alias": first, "meta": "@city", "userDefined": True},
        {"text": " to "},
        {"text": "Rome", "alias": second, "meta": "@city", "userDefined": True},
    ]
    intent = {"id": "1", "name": "book", "responses": [], "userSays": []}
    (folder / "intents" / "book.json").write_text(json.dumps(intent))
    (folder / "intents" / "book_usersays_en.json").write_text(json.dumps([{"id": "2", "data": says}]))
    entity = {"id": "3", "name": "city", "isRegexp": False, "isEnum": False}
    (folder / "entities" / "city.json").write_text(json.dumps(entity))
    entries = [{"value": city, "synonyms": [city]} for city in ("Oslo", "Rome", "Lima")]
    (folder / "entities" / "city_entries_en.json").write_text(json.dumps(entries))
    return folder


for names in (("from", "to"), ("city", "city")):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        data = load_data(str(agent(*names)), language="en")
        storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
        context = ExecutionContext(GraphSchema({}), node_name="it")
        config = RegexEntityExtractor.get_default_config()
        extractor = RegexEntityExtractor.create(config, storage, Resource("it"), context)
        extractor.train(data)
    (message,) = extractor.process([Message({"text": "a hotel in Lima"})])
    print(names, "types:", sorted(data.entities), "roles:", sorted(data.entity_roles), end=" ")
    print("tables:", [table["name"] for table in data.lookup_tables], end=" ")
    print("found:", [(entity["entity"], entity["value"]) for entity in message.get("entities", [])])
    print("warned:", *(str(warning.message)[:50] for warning in said if warning.category is UserWarning))
PY
venv/bin/python agent.py 2>/dev/null | tee agent.log
grep -qFx "('from', 'to') types: ['from', 'to'] roles: [] tables: ['city'] found: []" agent.log
grep -qFx "('city', 'city') types: ['city'] roles: [] tables: ['city'] found: [('city', 'Lima')]" agent.log
echo "As found: a list of cities, and no city."
