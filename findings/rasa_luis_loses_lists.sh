#!/usr/bin/env bash
# One would guess: `rasa data convert nlu` of an export of LUIS, which Rasa reads for migration, makes lookup tables
# and synonyms of LUIS's list entities, as it makes them of Dialogflow's, and regexes of its regexes; or says what it
# leaves out.
# What happens: list entities (closedLists) are not read, nor phrase lists and patterns, and nothing is said of it.
# LUIS does not mark list entities in its utterances, so of an airline of which the export has all names and synonyms
# nothing is in the YAML, and the bot never finds one. Regexes come over. And each entity without a role gets the role
# "O", which the YAML then has. Copy lists by hand: each canonicalForm with its list is a lookup table and a synonym.
# Version: rasa-pro 3.21.0 (rasa/shared/nlu/training_data/formats/luis.py); rasa 3.6.21 has the same lines.
# Exits non-zero if a name of the list is in the YAML, the regex is not, or no role is "O".
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_luis_loses_lists.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > luis.json <<'JSON'
{"luis_schema_version": "7.0.0", "versionId": "0.1", "name": "travel", "desc": "", "culture": "en-us",
 "intents": [{"name": "book"}],
 "entities": [{"name": "city", "children": [], "roles": ["from", "to"]}],
 "closedLists": [{"name": "airline", "roles": [], "subLists": [
   {"canonicalForm": "Lufthansa", "list": ["LH", "lufthansa airlines"]}]}],
 "regex_entities": [{"name": "flight", "regexPattern": "[A-Z]{2}[0-9]{3}", "roles": []}],
 "composites": [], "regex_features": [], "patternAnyEntities": [], "prebuiltEntities": [],
 "patterns": [{"pattern": "get me to {city:to}", "intent": "book"}],
 "phraselists": [{"name": "months", "mode": true, "words": "may,june", "activated": true}],
 "utterances": [{"text": "fly to rome with lufthansa airlines", "intent": "book", "entities": [
   {"entity": "city", "startPos": 7, "endPos": 10}]}]}
JSON
cat > convert.py <<'PY'
import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.shared.nlu.training_data.loading import load_data

data = load_data("luis.json")
print(data.nlu_as_yaml())
print("lookup tables:", len(data.lookup_tables), "synonyms:", len(data.entity_synonyms))
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore convert.py 2> convert.err | tee convert.log
grep -qF 'fly to [rome]{"entity": "city", "role": "O"} with lufthansa airlines' convert.log
grep -qF "[A-Z]{2}[0-9]{3}" convert.log
grep -qFx "lookup tables: 0 synonyms: 0" convert.log
test "$(grep -cE "airline:|LH|get me to|june" convert.log)" = 0
test ! -s <(grep -i "closedlist\|phraselist" convert.err)
echo "As found: the lists of LUIS are gone."
