#!/usr/bin/env bash
# One would guess: the tokens of SpacyTokenizer lie in the message where they say, `text[start:end]`, since spaCy's own
# tokens always do, and Rasa cuts entities out with them.
# What happens: SpacyNLP reads the message in lower case unless `case_sensitive` is set, and the tokens have the places
# in that text. In Python the Turkish "İ" in lower case is two characters, an "i" and a dot above. Each "İ" moves
# all that comes behind it by one: of "İstanbul'dan İzmir'e iki bilet" the word "iki" (two) is "i b", and an entity
# that is annotated there fits no token. Two of the three largest cities begin so. Words before are right, and so
# are all without the letter, so a test in English or with "Ankara" shows nothing. `case_sensitive: true` mends it.
# Versions: rasa-pro 3.21.0 (rasa/nlu/utils/spacy_utils.py, _preprocess_text), spaCy 3.8.18; rasa 3.6.21 has the same
# lines.
# Exits non-zero if the tokens behind the letter are in their places, or not with the option.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_spacy_moves_after_a_turkish_i.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0 spacy==3.8.18
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > places.py <<'PY'
import tempfile
from importlib.metadata import version
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
import spacy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer
from rasa.nlu.utils.spacy_utils import SpacyNLP
from rasa.shared.nlu.training_data.message import Message

print(*(f"{name} {version(name)}" for name in ("rasa-pro", "spacy")))
folder = Path(tempfile.mkdtemp())
spacy.blank("tr").to_disk(folder / "tr")


def component(kind, **options):
    storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
    context = ExecutionContext(GraphSchema({}), node_name="it")
    return kind.create({**kind.get_default_config(), **options}, storage, Resource("it"), context)


tokenizer = component(SpacyTokenizer)
for case_sensitive in (False, True):
    nlp = component(SpacyNLP, model=str(folder / "tr"), case_sensitive=case_sensitive)
    model = nlp.provide()
    for text in ("Ankara'ya iki bilet", "İstanbul'dan İzmir'e iki bilet"):
        (message,) = tokenizer.process(nlp.process([Message({"text": text})], model))
        print(case_sensitive, [text[token.start : token.end] for token in message.get("text_tokens")])
PY
venv/bin/python -W ignore places.py 2>/dev/null | tee places.log
grep -qFx "False [\"Ankara'ya\", 'iki', 'bilet']" places.log
grep -qFx "False [\"İstanbul'dan \", \"zmir'e i\", 'i b', 'let']" places.log
grep -qFx "True [\"İstanbul'dan\", \"İzmir'e\", 'iki', 'bilet']" places.log
echo "As found: behind two capitals two tickets are at i b."
