#!/usr/bin/env bash
# One would guess: DucklingEntityExtractor gives an entity a value that tells what was said, so that a slot is filled
# with something else by "three hours" than by "three minutes".
# What happens: of Duckling's answer the number alone is the value: it is 3 for both, and 20 for $20 and for 20 euros.
# The unit, and the seconds that Duckling computed, are in `additional_info` of the entity, which no slot mapping
# reads, nor does get_latest_entity_values of rasa_sdk. So a timer or a price in a slot has lost its unit. Read the
# entity in tracker.latest_message["entities"] in an action, and set the slot there.
# Version: rasa-pro 3.21.0 (rasa/nlu/extractors/duckling_entity_extractor.py, extract_value); rasa 3.6.21 has the same
# lines. A server that answers as Duckling does stands for Duckling.
# Exits non-zero if the values differ.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_duckling_values_without_units.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True RASA_TELEMETRY_ENABLED=false
printf 'version: "3.1"\nnlu:\n- intent: ask\n  examples: |\n    - how long\n    - how much\n' > nlu.yml
cat > duckling.py <<'PY'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.model_training import train_nlu
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def duration(number, unit, seconds):
    normalized = {"value": seconds, "unit": "second"}
    return {"type": "value", "value": number, unit: number, "unit": unit, "normalized": normalized}


ANSWERS = {
    "three hours": ("duration", duration(3, "hour", 10800)),
    "three minutes": ("duration", duration(3, "minute", 180)),
    "$20": ("amount-of-money", {"type": "value", "value": 20, "unit": "$"}),
    "20 euros": ("amount-of-money", {"type": "value", "value": 20, "unit": "EUR"}),
}


class Duckling(BaseHTTPRequestHandler):
    def do_POST(self):
        text = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["text"][0]
        dimension, value = ANSWERS[text]
        found = {"body": text, "start": 0, "end": len(text), "dim": dimension, "latent": False, "value": value}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps([found]).encode())

    def log_message(self, *_):
        pass


async def main():
    server = HTTPServer(("127.0.0.1", 0), Duckling)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Path("config.yml").write_text(f"""
recipe: default.v1
assistant_id: it
language: en
pipeline:
- name: WhitespaceTokenizer
- name: KeywordIntentClassifier
- name: DucklingEntityExtractor
  url: http://127.0.0.1:{server.server_port}
""")
    processor = Agent.load(await train_nlu("config.yml", "nlu.yml", "models")).processor
    for text in ANSWERS:
        understood = await processor.parse_message(UserMessage(text))
        (entity,) = understood["entities"]
        tracker = DialogueStateTracker.from_events("it", [UserUttered(text, entities=understood["entities"])])
        (value,) = tracker.get_latest_entity_values(entity["entity"])
        print(f"{text}: {entity['entity']} {value}, unit elsewhere {entity['additional_info']['unit']}")


asyncio.run(main())
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore duckling.py 2> duckling.err | grep -E '^(three|[$]20|20 euros)' | tee duckling.log
grep -qFx "three hours: duration 3, unit elsewhere hour" duckling.log
grep -qFx "three minutes: duration 3, unit elsewhere minute" duckling.log
grep -qFx "\$20: amount-of-money 20, unit elsewhere \$" duckling.log
grep -qFx "20 euros: amount-of-money 20, unit elsewhere EUR" duckling.log
echo "As found: a value of Duckling has no unit."
