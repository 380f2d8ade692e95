#!/usr/bin/env bash
# One would guess: sequence_accuracy_score of sklearn-crfsuite, "Match is counted only when two sequences are
# equal", is between 0 and 1, and 0 if every message has a wrong tag.
# What happens: it makes NumPy arrays of both lists and counts where they are equal. Lists of different
# lengths become one element each, and all is right. If all messages have the same number of tokens, they
# become a table, and each right tag counts as a message: of two messages with three tokens each and
# one wrong tag in each, 2.0 are right, and a perfect model has an accuracy of 3. So it shows in small or padded
# data only, and the best of several settings may be the one whose fold was even.
# Version: sklearn-crfsuite 0.5.0 (metrics.py); 0.3.6, which compares lists, is right.
# Exits non-zero if the score is right, or that of 0.3.6 wrong.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > score.py <<'PY'
from importlib.metadata import version

from sklearn_crfsuite.metrics import sequence_accuracy_score

WRONG = ["O", "O", "O"]
print("sklearn-crfsuite", version("sklearn-crfsuite"))
for name, longer in (("equal lengths", []), ("another length", [["O"]])):
    true = [["O", "O", "B-city"], ["O", "B-city", "O"], *longer]
    print(f"{name}, all right: {sequence_accuracy_score(true, [list(tags) for tags in true]):.1f}")
    print(f"{name}, two wrong: {sequence_accuracy_score(true, [WRONG, WRONG, *longer]):.1f}")
PY
"${PYTHON:-python3}" -m venv venv
for version in 0.3.6 0.5.0; do
    venv/bin/pip install --quiet --disable-pip-version-check "sklearn-crfsuite==$version"
    venv/bin/python score.py | tee "$version.log"
    grep -qFx "another length, two wrong: 0.3" "$version.log"
done
grep -qFx "equal lengths, all right: 1.0" 0.3.6.log
grep -qFx "equal lengths, two wrong: 0.0" 0.3.6.log
grep -qFx "equal lengths, all right: 3.0" 0.5.0.log
grep -qFx "equal lengths, two wrong: 2.0" 0.5.0.log
echo "As found: where all messages are as long, an accuracy may be 3."
