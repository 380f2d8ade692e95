#!/usr/bin/env bash
# One would guess: Microsoft's recognizer of yes and no, whose pattern for no has "not ok" in it, takes no "not sure"
# or "I don't agree" for a yes, and says where in the message its word stands.
# What happens: "not ok" is all that it knows of negation. "not sure", "I don't agree" and "are you sure?" are yes, with
# the same score as "yes": it is 0.0 always. The place is the first at which the letters stand: of "I know, no
# thanks" it is the "no" in "know". And as pip installs it, it does not even start: it takes the newest emoji, and
# wants a name of it that is gone since 2.0.
# Versions: recognizers-text-choice 1.0.2a2, the newest (resources/english_choice.py, choice/extractors.py);
# emoji 2.16.0 and 1.7.0.
# Exits non-zero if "not sure" is no yes, or the place is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check recognizers-text-choice==1.0.2a2 emoji==2.16.0
cat > answers.py <<'PY'
from importlib.metadata import version

from recognizers_choice import recognize_boolean

print("recognizers-text-choice", version("recognizers-text-choice"))
for text in ("yes please", "not ok", "not sure", "I don't agree", "are you sure?", "I know, no thanks"):
    for found in recognize_boolean(text, "en-us"):
        yes, score = found.resolution["value"], found.resolution["score"]
        print(f"{text}: {yes}, score {score}, {found.text!r} at {found.start} to {found.end}")
PY
(venv/bin/python answers.py || true) 2>&1 | grep -F "cannot import name 'UNICODE_EMOJI'"
venv/bin/pip install --quiet --disable-pip-version-check emoji==1.7.0
venv/bin/python answers.py | tee answers.log
grep -qFx "yes please: True, score 0.0, 'yes' at 0 to 2" answers.log
grep -qFx "not ok: False, score 0.0, 'not ok' at 0 to 5" answers.log
grep -qFx "not sure: True, score 0.0, 'sure' at 4 to 7" answers.log
grep -qFx "I don't agree: True, score 0.0, 'agree' at 8 to 12" answers.log
grep -qFx "are you sure?: True, score 0.0, 'sure' at 8 to 11" answers.log
grep -qFx "I know, no thanks: False, score 0.0, 'no' at 3 to 4" answers.log
echo "As found: not sure is yes."
