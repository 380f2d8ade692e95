#!/usr/bin/env bash
# One would guess: a token's offsets are those of the message, `text[start:end] == token.text`, as in
# Rasa 3.6 and as entities need them.
# What happens: Rasa Pro's WhitespaceTokenizer takes emoji out of the text first, and counts in what is
# left. Behind an emoji every token is too far left: in "hello 👍 Rome" the token "Rome" is 6 to 10, which is
# "👍 Ro" there. An entity found in such a message has that value; an annotated one fits no token.
# Version: rasa-pro 3.21.0 (rasa/nlu/tokenizers/whitespace_tokenizer.py, tokenize), Python 3.11 and 3.13.
# Exits non-zero if the offsets are right.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_pro_offsets_after_emoji.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > offsets.py <<'PY'
import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message

tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
for text in ("hello Rome", "hello 👍 Rome"):
    tokens = tokenizer.tokenize(Message({"text": text}), "text")
    print(f"{text}:", *(f"{t.text}={text[t.start:t.end]!r}" for t in tokens))
PY
venv/bin/pip freeze | grep -E "^(rasa-pro|demoji)=="
venv/bin/python -W ignore offsets.py 2>/dev/null | tee offsets.log
grep -qF "hello Rome: hello='hello' Rome='Rome'" offsets.log
grep -qF "hello 👍 Rome: hello='hello' Rome='👍 Ro'" offsets.log
echo "As found: behind an emoji the offsets are those of another text."
