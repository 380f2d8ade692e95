#!/usr/bin/env bash
# One would guess: `rasa test nlu` of Rasa Pro tests any pipeline that Rasa Pro trains and runs. TensorFlow comes with
# an extra only, which Python 3.14 cannot have at all, and a pipeline without DIETClassifier, of RegexEntityExtractor or
# of a component of one's own, needs none.
# What happens: intents are tested, and then, as soon as an entity is annotated in the test data and one is found, the
# test ends in "No module named 'tensorflow'". To know whether entities may overlap it asks whether an extractor is
# called DIETClassifier or CRFEntityExtractor, and imports both classes to ask for their names. The report of the
# intents is written by then, that of the entities never. Two modules with an empty class of that name are enough for
# all reports.
# Version: rasa-pro 3.21.0 (rasa/nlu/test.py, do_any_extractors_not_support_overlap). The command needs a licence, so
# what it calls is called here.
# Exits non-zero if the entities are tested without TensorFlow, or not with the empty classes.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_pro_test_needs_tensorflow.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True RASA_TELEMETRY_ENABLED=false
cat > nlu.yml <<'YAML'
version: "3.1"
nlu:
- intent: fly
  examples: |
    - fly to [Oslo](city)
    - fly to [Rome](city)
- intent: greet
  examples: |
    - hello
    - good morning
- lookup: city
  examples: |
    - Oslo
    - Rome
YAML
cat > config.yml <<'YAML'
recipe: default.v1
assistant_id: it
language: en
pipeline:
- name: WhitespaceTokenizer
- name: KeywordIntentClassifier
- name: RegexEntityExtractor
YAML
cat > test.py <<'PY'
import asyncio
import sys
from types import ModuleType

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.model_training import train_nlu
from rasa.nlu.test import run_evaluation

NAMES = {"classifiers.diet_classifier": "DIETClassifier", "extractors.crf_entity_extractor": "CRFEntityExtractor"}


async def test(processor):
    try:
        result = await run_evaluation("nlu.yml", processor, disable_plotting=True, report_as_dict=True)
    except ModuleNotFoundError as error:
        return str(error)
    report = result["entity_evaluation"]["RegexEntityExtractor"]["report"]
    return f"{report['city']['support']:.0f} tokens are cities, F1 {report['city']['f1-score']}"


async def main():
    processor = Agent.load(await train_nlu("config.yml", "nlu.yml", "models")).processor
    understood = await processor.parse_message(UserMessage("fly to Rome"))
    print("found:", *(entity["value"] for entity in understood["entities"]))
    print("tested:", await test(processor))
    for where, name in NAMES.items():
        module = sys.modules[f"rasa.nlu.{where}"] = ModuleType(where)
        setattr(module, name, type(name, (), {}))
    print("tested with empty classes:", await test(processor))


asyncio.run(main())
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore test.py 2> test.err | grep -E "^(found|tested)" | tee test.log
grep -qFx "found: Rome" test.log
grep -qFx "tested: No module named 'tensorflow'" test.log
grep -qFx "tested with empty classes: 2 tokens are cities, F1 1.0" test.log
echo "As found: testing entities needs TensorFlow, whatever finds them."
