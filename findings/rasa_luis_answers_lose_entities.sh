#!/usr/bin/env bash
# One would guess: a client of LUIS that asks Rasa instead (/model/parse?emulation_mode=LUIS) gets all entities of a
# message, as a list for each type, as LUIS gives them, and as Rasa's modes for Wit.ai and Dialogflow do.
# What happens: the list of a type has the last entity only, each takes the place of the one before: of "hotels in
# oslo and nyc" one city is left. A role stands in place of its type, so a city and a date with the role "to" are one,
# too. What is called the text of an entity is its value, after synonyms ("New York" for "nyc", of length 3), and the
# score is null for every extractor: it is looked for by a name that none uses for entities. Read Rasa's own answer.
# Version: rasa-pro 3.21.0 (rasa/nlu/emulators/luis.py, _entities); rasa 3.6.21 has the same lines.
# Exits non-zero if both cities are in the answer, or not in those of the others.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_luis_answers_lose_entities.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
# What writes answers for other clients needs none of Rasa's dependencies.
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rasa-pro==3.21.0
cat > answer.py <<'PY'
from importlib.metadata import version

from rasa.nlu.emulators.dialogflow import DialogflowEmulator
from rasa.nlu.emulators.luis import LUISEmulator
from rasa.nlu.emulators.wit import WitEmulator

TEXT = "hotels in oslo and nyc"


def entity(word, value):
    start = TEXT.index(word)
    found = {"entity": "city", "value": value, "start": start, "end": start + len(word)}
    return {**found, "confidence_entity": 0.9, "extractor": "CRFEntityExtractor"}


intent = {"name": "search", "confidence": 0.9}
parsed = {"text": TEXT, "intent": intent, "entities": [entity("oslo", "oslo"), entity("nyc", "New York")]}
print("rasa-pro", version("rasa-pro"))
luis = LUISEmulator().normalise_response_json(parsed)["prediction"]["entities"]
print("LUIS:", luis["city"])
print("LUIS:", *(luis["$instance"]["city"][0][name] for name in ("text", "startIndex", "length", "score")))
print("Dialogflow:", DialogflowEmulator().normalise_response_json(parsed)["queryResult"]["parameters"]["city"])
wit = WitEmulator().normalise_response_json(parsed)["entities"]["city:city"]
print("Wit.ai:", [found["value"] for found in wit], [found["body"] for found in wit])
PY
venv/bin/python -W ignore answer.py | tee answer.log
grep -qFx "LUIS: ['New York']" answer.log
grep -qFx "LUIS: New York 19 3 None" answer.log
grep -qFx "Dialogflow: ['oslo', 'New York']" answer.log
grep -qFx "Wit.ai: ['oslo', 'New York'] ['oslo', 'nyc']" answer.log
echo "As found: the second city takes the place of the first."
