#!/usr/bin/env bash
# One would guess: `rasa data convert nlu --data a.yml b.yml --out all.json`, whose help has "paths to the files or
# directories", writes the examples of both files, as `rasa train --data a.yml b.yml` trains on both, or refuses the
# second.
# What happens: it converts the first path and forgets the others. Nothing is said, and the command ends well. Where a
# shell makes several paths of `--data nlu/*.yml`, the first in the alphabet is all that is in the output, and whoever
# goes on with it has a bot without the other intents. One folder that has them all is read whole.
# Version: rasa-pro 3.21.0 (rasa/nlu/convert.py, convert_training_data); rasa 3.6.21 has the same lines. The command
# of Rasa Pro needs a licence, so what reads its arguments and what it calls are run here without it.
# Exits non-zero if the second file is in the output, or a folder is not read whole.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_converts_the_first_file.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
mkdir data
for intent in greet order; do
    printf 'version: "3.1"\nnlu:\n- intent: %s\n  examples: |\n    - %s one\n    - %s two\n' $intent $intent $intent > data/$intent.yml
done
cat > convert.py <<'PY'
import argparse
from pathlib import Path

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.cli.arguments.data import set_convert_nlu_arguments
from rasa.nlu.convert import convert_training_data

parser = argparse.ArgumentParser()
set_convert_nlu_arguments(parser, data_type="Rasa NLU")
for paths in (["data/greet.yml", "data/order.yml"], ["data"]):
    arguments = parser.parse_args(["--data", *paths, "--out", "all.yml", "--format", "yaml"])
    convert_training_data(arguments.data, arguments.out, arguments.format, "en")
    written = Path("all.yml").read_text("utf-8")
    print(*paths, "->", *(intent for intent in ("greet", "order") if f"intent: {intent}" in written))
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore convert.py 2> convert.err | tee convert.log
grep -qFx "data/greet.yml data/order.yml -> greet" convert.log
grep -qFx "data -> greet order" convert.log
echo "As found: the second file is not converted."
