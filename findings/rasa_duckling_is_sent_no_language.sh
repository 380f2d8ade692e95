#!/usr/bin/env bash
# One would guess: DucklingEntityExtractor of a bot whose config.yml says `language: de` asks Duckling in German. A
# comment at its option `locale` says that the language of the model is used if none is set.
# What happens: no language is sent at all, and Duckling, told none, takes English. So it looks for English words in
# "morgen um halb sieben", and a pipeline in English that is copied for a bot in another language loses its dates
# without a word. With `locale: de_DE` it is sent.
# Version: rasa-pro 3.21.0 (rasa/nlu/extractors/duckling_entity_extractor.py, _payload); rasa 3.6.21 has the same
# lines. A server that notes what it is sent stands for Duckling.
# Exits non-zero if a language is sent without `locale`, or none with it.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_duckling_is_sent_no_language.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True RASA_TELEMETRY_ENABLED=false
printf 'version: "3.1"\nnlu:\n- intent: ask\n  examples: |\n    - eins\n    - zwei\n' > nlu.yml
cat > duckling.py <<'PY'
import asyncio
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.model_training import train_nlu

CONFIG = """
recipe: default.v1
assistant_id: it
language: de
pipeline:
- name: WhitespaceTokenizer
- name: KeywordIntentClassifier
- name: DucklingEntityExtractor
  url: http://127.0.0.1:{port}
"""
asked = []


class Duckling(BaseHTTPRequestHandler):
    def do_POST(self):
        asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *_):
        pass


async def main():
    server = HTTPServer(("127.0.0.1", 0), Duckling)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, option in (("language: de", ""), ("and locale: de_DE", "  locale: de_DE\n")):
        Path("config.yml").write_text(CONFIG.format(port=server.server_port) + option)
        processor = Agent.load(await train_nlu("config.yml", "nlu.yml", "models")).processor
        await processor.parse_message(UserMessage("morgen um halb sieben"))
        sent = asked.pop()
        print(f"{name}: sent {' '.join(sorted(sent))}, locale {sent.get('locale')}")


asyncio.run(main())
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore duckling.py 2> duckling.err | grep -E "^(language|and locale)" | tee duckling.log
grep -qFx "language: de: sent dims reftime text, locale None" duckling.log
grep -qFx "and locale: de_DE: sent dims locale reftime text, locale ['de_DE']" duckling.log
echo "As found: the language of the model is not sent to Duckling."
