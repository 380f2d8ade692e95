#!/usr/bin/env bash
# One would guess: a JiebaTokenizer cuts words by the dictionary that its own configuration names, so that `rasa test
# nlu` with two configs, one with a dictionary and one without, tells what the dictionary is worth.
# What happens: jieba has one dictionary for the process, and `dictionary_path` adds to it, for good. As soon as one
# tokenizer with it was made, all others have its words, those that were made before, too: the config without it, which
# is trained and tested behind it, gets the same tokens and the same scores, and the other order gives other ones. A
# server that has loaded a model with a dictionary keeps its words when it is given a model without. Blanks, besides, are
# tokens: "New York" has three. Run such tests in two processes.
# Versions: rasa-pro 3.21.0 (rasa/nlu/tokenizers/jieba_tokenizer.py, _load_custom_dictionary), jieba 0.42.1; rasa 3.6.21
# has the same lines.
# Exits non-zero if the tokenizer without a dictionary keeps its words, or drops blanks.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_jieba_dictionary_stays.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0 jieba==0.42.1
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > words.py <<'PY'
import tempfile
from importlib.metadata import version
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.jieba_tokenizer import JiebaTokenizer
from rasa.shared.nlu.training_data.message import Message

print(*(f"{name} {version(name)}" for name in ("rasa-pro", "jieba")))


def tokenizer(**options):
    storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
    context = ExecutionContext(GraphSchema({}), node_name="it")
    config = {**JiebaTokenizer.get_default_config(), **options}
    return JiebaTokenizer.create(config, storage, Resource("it"), context)


def words(tokenizer):
    (message,) = tokenizer.process([Message({"text": "办白金卡去 New York"})])
    return [token.text for token in message.get("text_tokens")]


folder = Path(tempfile.mkdtemp())
(folder / "cards.txt").write_text("办白金卡 100000 n\n", encoding="utf-8")
plain = tokenizer()
print("without, before:", words(plain))
print("with:", words(tokenizer(dictionary_path=str(folder))))
print("without, made before:", words(plain))
print("without, made after:", words(tokenizer()))
PY
venv/bin/python -W ignore words.py 2>/dev/null | tee words.log
grep -qFx "without, before: ['办', '白金卡', '去', ' ', 'New', ' ', 'York']" words.log
grep -qFx "with: ['办白金卡', '去', ' ', 'New', ' ', 'York']" words.log
grep -qFx "without, made before: ['办白金卡', '去', ' ', 'New', ' ', 'York']" words.log
grep -qFx "without, made after: ['办白金卡', '去', ' ', 'New', ' ', 'York']" words.log
echo "As found: the dictionary of one tokenizer is that of all."
