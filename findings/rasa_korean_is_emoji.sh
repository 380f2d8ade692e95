#!/usr/bin/env bash
# One would guess: Rasa's WhitespaceTokenizer, which the docs refuse for Chinese, Japanese and Thai
# only, keeps the words of a Korean sentence, which are separated by white space.
# What happens: it drops every word that matches its pattern for emoji, and one range of that pattern
# goes from U+24C2 (a letter in a circle) to U+1F251: all of Hangul, kana and Chinese is inside. Of
# "hello 안녕 bob" two tokens are left. Where every word is Korean, all are dropped, and then the whole
# sentence becomes one single token.
# Version: rasa 3.6.21 (rasa/utils/io.py, get_emoji_regex; used by
# rasa/nlu/tokenizers/whitespace_tokenizer.py, remove_emoji), on Python 3.8 to 3.10.
# Exits non-zero if a Korean word is no emoji any more.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.10}" -m venv venv
# The pattern needs few of Rasa's dependencies; the tokenizer itself would bring TensorFlow.
venv/bin/pip install --quiet ruamel.yaml==0.17.21 pykwalify==1.8.0 jsonschema==4.17.3 \
    "packaging==20.9" portalocker==2.10.1 structlog==23.3.0 structlog-sentry==2.0.3 pluggy==1.5.0 \
    numpy==1.23.5 scipy==1.10.1 "setuptools<70" jsonpickle==3.0.4 rich==13.9.4 typing-extensions
venv/bin/pip install --quiet --no-deps rasa==3.6.21

cat > words.py <<'PY'
from rasa.utils.io import get_emoji_regex

pattern = get_emoji_regex()
for name, word in (("emoji", "👍"), ("Korean", "안녕"), ("kana", "すし"), ("Chinese", "你好"), ("Thai", "สวัสดี")):
    print(name, word, "is dropped" if pattern.fullmatch(word) else "is kept")
PY
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^rasa '
venv/bin/python -W ignore words.py | tee words.log
grep -q "Korean 안녕 is dropped" words.log
grep -q "Thai สวัสดี is kept" words.log
echo "As found: words of Korean count as emoji."
