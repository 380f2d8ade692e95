#!/usr/bin/env bash
# One would guess: `rasa test nlu` tests all intents of the data that it is given, or names those that it cannot test.
# What happens: in three cases it leaves some out, without a word. With --cross-validation an intent with fewer examples
# than folds is neither trained nor tested, and with several --config one with fewer than five: what is hardest to learn
# is not in the scores, and nothing is mistaken for it. And if all messages of a test file have one intent, as a file of
# new examples for it may, no intent is tested: there is no report and no score, although every message was read.
# Messages without an intent, which may have entities, are left out of the former two.
# Version: rasa-pro 3.21.0 (rasa/model_testing.py, perform_nlu_cross_validation and compare_nlu_models;
# rasa/nlu/test.py, drop_intents_below_freq and get_eval_data); rasa 3.6.21 has the same lines. The command of Rasa Pro
# needs a licence, so what it calls is called here.
# Exits non-zero if one of the intents is tested.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_test_leaves_intents_out.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True RASA_TELEMETRY_ENABLED=false
cat > config.yml <<'YAML'
recipe: default.v1
assistant_id: it
language: en
pipeline:
- name: WhitespaceTokenizer
- name: KeywordIntentClassifier
YAML
cat > test.py <<'PY'
import asyncio
from pathlib import Path
from unittest import mock

import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
from rasa.core.agent import Agent
from rasa.model_testing import compare_nlu_models, perform_nlu_cross_validation
from rasa.model_training import train_nlu
from rasa.nlu.test import run_evaluation
from rasa.shared.nlu.training_data.loading import load_data


def written(name, **examples):
    lines = ['version: "3.1"', "nlu:"]
    for intent, number in examples.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {intent} {i}" for i in range(number))]
    Path(name).write_text("\n".join(lines))
    return name


def intents(data):
    return " ".join(sorted(data.intents))


async def main():
    data = load_data(written("nlu.yml", book=9, greet=6, refund=4, complain=2))
    print("in the data:", intents(data))
    # What trains and tests, and is given the data.
    with mock.patch("rasa.nlu.test.cross_validate", autospec=True, return_value=[[], [], []]) as test:
        await perform_nlu_cross_validation({}, data, "out", {"folds": 3})
    print("--cross-validation --folds 3:", intents(test.call_args[0][0]))
    Path("out").mkdir()
    plot = mock.patch("rasa.model_testing.plot_nlu_results")
    with mock.patch("rasa.nlu.test.compare_nlu", autospec=True) as test, plot:
        await compare_nlu_models(["a.yml", "b.yml"], data, "out", 1, [0])
    print("--config a.yml b.yml:", intents(test.call_args[0][1]))

    processor = Agent.load(await train_nlu("config.yml", "nlu.yml", "models")).processor
    for examples in ({"book": 3}, {"book": 3, "greet": 1}):
        name = written("test.yml", **examples)
        result = await run_evaluation(name, processor, disable_plotting=True, report_as_dict=True)
        tested = result["intent_evaluation"]
        print(f"tests of {' and '.join(examples)}: {tested and len(tested['predictions'])}")


asyncio.run(main())
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore test.py 2> test.err | grep -E "^(in the data|--c|tests of)" | tee test.log
grep -qFx "in the data: book complain greet refund" test.log
grep -qFx -e "--cross-validation --folds 3: book greet refund" test.log
grep -qFx -e "--config a.yml b.yml: book greet" test.log
grep -qFx "tests of book: None" test.log
grep -qFx "tests of book and greet: 4" test.log
echo "As found: small intents, and a single one, are not tested."
