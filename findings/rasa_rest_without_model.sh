#!/usr/bin/env bash
# One would guess: a Rasa server without a model refuses a message to its REST channel, as it refuses
# /model/parse with 409 and "No agent loaded".
# What happens: it answers 200 and [], as it does where a bot has nothing to say, and drops the
# message; only its log tells. Whoever proxies the channel has to ask /status, which only
# --enable-api brings, to tell a silent bot from none.
# Version: rasa 3.6.21 (rasa/core/agent.py, handle_message: "Ignoring message as there is no agent to
# handle it."; rasa/core/channels/rest.py), on Python 3.8 to 3.10.
# Exits non-zero if the channel says so by now, or /status does not.
set -euo pipefail
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.10}" -m venv venv
venv/bin/pip install --quiet rasa==3.6.21

export RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3
port=$(venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("localhost", 0)); print(s.getsockname()[1])')
echo "rest:" > credentials.yml
touch endpoints.yml
venv/bin/python -W ignore -m rasa run --enable-api --port "$port" --credentials credentials.yml > server.log 2>&1 &
server=$!
cat > ask.py <<'PY'
import json
import sys
import time
import urllib.error
import urllib.request

base = f"http://localhost:{sys.argv[1]}"


def ask(path, content=None):
    data = None if content is None else json.dumps(content).encode()
    try:
        with urllib.request.urlopen(base + path, data, timeout=30) as answer:
            return answer.status, answer.read().decode()[:60]
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["message"][:60]


for _ in range(120):
    try:
        ask("/")
        break
    except OSError:
        time.sleep(1)
said = {"sender": "me", "message": "hello"}
print("/status", *ask("/status"))
print("/model/parse", *ask("/model/parse", {"text": "hello"}))
print("/webhooks/rest/webhook", *ask("/webhooks/rest/webhook", said))
PY
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^rasa '
venv/bin/python ask.py "$port" | tee answers.log
grep -q "^/status 409" answers.log
grep -q "^/model/parse 409" answers.log
grep -qF "/webhooks/rest/webhook 200 []" answers.log
echo "As found: without a model, the REST channel drops messages and answers 200."
