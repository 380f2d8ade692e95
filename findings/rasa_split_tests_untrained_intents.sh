#!/usr/bin/env bash
# One would guess: a split of NLU data into a part to train on and one to test on (`rasa data split nlu`) leaves an
# intent with a single example in the training part, or says that it cannot be split. Its code wants "at least one
# example in test and train".
# What happens: the single example goes to the test part, whatever the fraction for training is, so the model is tested on an
# intent that it has never seen, and loses. With two examples one of them is tested, also at 95 % for
# training. And a sentence that is there twice is there once afterwards, in one of the two parts.
# Version: rasa-pro 3.21.0 (rasa/shared/nlu/training_data/training_data.py, split_nlu_examples); rasa 3.6.21 has the same
# lines.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_split_tests_untrained_intents.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True
cat > split.py <<'PY'
import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

texts = [(f"hello number {n}", "greet") for n in range(40)]
texts += [("can you help me", "help"), ("bye", "bye"), ("see you", "bye"), *3 * [("thanks", "thank")]]
data = TrainingData([Message({"text": text, "intent": intent}) for text, intent in texts])
for fraction in (0.5, 0.8, 0.95):
    parts = data.train_test_split(fraction, random_seed=1)
    for name, part in zip(("train", "test"), parts):
        counts = sorted(part.number_of_examples_per_intent.items())
        print(fraction, name, *(f"{intent}:{count}" for intent, count in counts))
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore split.py 2>/dev/null | tee split.log
for fraction in 0.5 0.8 0.95; do
    grep -qE "^$fraction train bye:1 greet:[0-9]+$" split.log
    grep -qE "^$fraction test bye:1 greet:[0-9]+ help:1 thank:1$" split.log
done
echo "As found: what there is one of is tested, and never trained on."
