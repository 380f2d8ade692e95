#!/usr/bin/env bash
# One would guess: Label Studio's export of named entities as CoNLL 2003 has the entities that were annotated, in
# whatever language, or says that it cannot.
# What happens: it cuts the text with a tokenizer for English (NLTK's Treebank), which knows blanks and signs only.
# A sentence of Chinese, Japanese or Thai is one token, with the first of its entities as its tag: of
# "明天从北京到上海的火车" with a date and two cities all eleven characters are a date. In English "cannot" and "gonna"
# are two tokens, and a full stop inside of a text stays at its word. The export as JSON has the offsets: take
# that one, and a tokenizer of the language.
# Version: label-studio-sdk 2.1.2 (label_studio_sdk/converter/utils.py, create_tokens_and_tags).
# Exits non-zero if the Chinese sentence is more than one token, or the English one is not cut at blanks.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check label-studio-sdk==2.1.2
cat > export.py <<'PY'
import json
from importlib.metadata import version
from pathlib import Path

from label_studio_sdk.converter import Converter

CONFIG = """<View>
  <Labels name="label" toName="text"><Label value="city"/><Label value="date"/></Labels>
  <Text name="text" value="$text"/>
</View>"""


def task(text, entities):
    regions = [
        {
            "id": words,
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {"start": text.index(words), "end": text.index(words) + len(words), "labels": [kind]},
        }
        for words, kind in entities.items()
    ]
    return {"data": {"text": text}, "annotations": [{"completed_by": 1, "result": regions}]}


print("label-studio-sdk", version("label-studio-sdk"))
tasks = [
    task("trains from Oslo to Rome tomorrow", {"Oslo": "city", "Rome": "city", "tomorrow": "date"}),
    task("明天从北京到上海的火车", {"明天": "date", "北京": "city", "上海": "city"}),
    task("I cannot go to Oslo. Rome then", {"Oslo": "city", "Rome": "city"}),
]
Path("tasks.json").write_text(json.dumps([{"id": i, **task} for i, task in enumerate(tasks)]))
Converter(CONFIG, None).convert("tasks.json", "export", "CONLL2003", is_dir=False)
for sentence in Path("export/result.conll").read_text().split("\n\n"):
    rows = [line.split() for line in sentence.splitlines() if not line.startswith("-DOCSTART-")]
    print(*(f"{row[0]}/{row[-1]}" for row in rows))
PY
venv/bin/python export.py | tee export.log
grep -qFx "trains/O from/O Oslo/B-city to/O Rome/B-city tomorrow/B-date" export.log
grep -qFx "明天从北京到上海的火车/B-date" export.log
grep -qFx "I/O can/O not/O go/O to/O Oslo./B-city Rome/B-city then/O" export.log
echo "As found: a Chinese sentence is one token, and one entity."
