#!/usr/bin/env bash
# One would guess: a CRF of CRFsuite learns from numbers, such as the elements of a word vector, whatever their
# sign. The binding documents numbers as weights of features, and with feature.minfreq at its default, 0,
# every feature that occurs is kept.
# What happens: the frequency of a feature with a label is the sum of its numbers there, and what has less than
# feature.minfreq is dropped without a word. By default that is whatever is negative in sum. Tokens with -1 in
# a city and -3 outside are not told apart; with 3 and 1 they are. Of the elements of vectors around 0 about half
# are gone for each label. An element as two features, max(x, 0) and max(-x, 0), is kept. And a minimal
# frequency of 2 drops what occurs 20 times with 0.05. Rasa's CRFEntityExtractor hands `text_dense_features` on as
# such numbers.
# Version: python-crfsuite 0.9.12 with its CRFsuite (crfsuite/lib/crf/src/crf1d_feature.c).
# Exits non-zero if negative numbers are learnt, or positive ones are not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-crfsuite==0.9.12
cat > train.py <<'PY'
import random
from importlib.metadata import version

import pycrfsuite


def trained(tokens, **options):
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=options, verbose=False)
    for label, features in tokens:
        trainer.append([{**features, "bias": 1.0}], [label])
    trainer.train("model")
    tagger = pycrfsuite.Tagger()
    tagger.open("model")
    return tagger


def report(name, features, **options):
    tokens = [("city", features(-1.0)), ("O", features(-3.0))] * 20
    tagger = trained(tokens, **options)
    right = sum(tagger.tag([{**features, "bias": 1.0}]) == [label] for label, features in tokens)
    print(f"{name}: {right} of {len(tokens)} right")


print("python-crfsuite", version("python-crfsuite"))
report("-1 and -3", lambda x: {"x": x})
report("-1 and -3, all pairs asked for", lambda x: {"x": x}, **{"feature.possible_states": True})
report("3 and 1", lambda x: {"x": x + 4})
report("two features", lambda x: {"x+": max(x, 0.0), "x-": max(-x, 0.0)})
report("20 times 0.05, at least 2", lambda x: {f"x={x}": 0.05}, **{"feature.minfreq": 2})
numbers = random.Random(0)
vectors = [(f"label {i % 5}", {f"{j}": numbers.gauss(0, 1) for j in range(50)}) for i in range(200)]
kept = sum(name != "bias" for name, _ in trained(vectors).info().state_features)
print(f"vectors around 0: {kept} of {50 * 5} pairs of element and label kept")
assert 100 < kept < 150
PY
venv/bin/python train.py | tee train.log
grep -qFx -- "-1 and -3: 20 of 40 right" train.log
grep -qFx -- "-1 and -3, all pairs asked for: 20 of 40 right" train.log
grep -qFx "3 and 1: 40 of 40 right" train.log
grep -qFx "two features: 40 of 40 right" train.log
grep -qFx "20 times 0.05, at least 2: 20 of 40 right" train.log
echo "As found: what is negative in sum is never learnt."
