#!/usr/bin/env bash
# One would guess that a module of a library can be imported by itself, as a plugin's test does that looks
# at the validator of Rasa's default recipe. In Rasa Pro 3.21.0 that ends in an ImportError: the modules of
# flows and commands import each other in a circle, which is whole only for whoever imports
# rasa.engine.recipes.default_recipe first. In Rasa 3.6 either order works.
# Seen with rasa-pro 3.21.0, Python 3.11 (rasa/core/policies/flows/flow_executor.py).
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_pro_import_order.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
"$folder/venv/bin/pip" freeze | grep "^rasa-pro=="
imports() { "$folder/venv/bin/python" -W ignore -c "$1" 2>&1 | tail -n 1 || true; }
alone=$(imports "import rasa.graph_components.validators.default_recipe_validator; print('imported')")
after=$(imports "import rasa.engine.recipes.default_recipe
import rasa.graph_components.validators.default_recipe_validator; print('imported')")
echo "by itself: ${alone%%(*}"
echo "after the recipe: $after"
[[ "$alone" == ImportError*"partially initialized module"* ]] && [ "$after" = imported ]
