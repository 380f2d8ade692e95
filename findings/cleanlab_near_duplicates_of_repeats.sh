#!/usr/bin/env bash
# One would guess: Datalab of cleanlab finds messages that are nearly the same in a log of chats as it does in a data
# set, however many messages are there word for word again: those it finds, too, and they can only help.
# What happens: near is what is closer than 0.13 of the median of all distances to the nearest neighbour. In a log
# most messages are repeats, "yes" and "thanks", whose nearest neighbour is at 0, so as soon as they and the nearly
# equal ones are half, the median is next to 0, and nothing is near but what is equal. Of 20 planted pairs none is
# found, and all of them as soon as each message is kept once. The documentation has the median; no warning says that
# nothing is searched for. Drop repeats first, or compare with a threshold of one's own.
# Version: cleanlab 2.9.0 (cleanlab/datalab/internal/issue_manager/duplicate.py), the newest, with datasets 5.2.0.
# Exits non-zero if the pairs are found among repeats, or not all without.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cleanlab==2.9.0 datasets==5.2.0
export HF_HOME="$folder/hf"
cat > pairs.py <<'PY'
from importlib.metadata import version

import numpy as np
from cleanlab import Datalab

print(*(f"{name} {version(name)}" for name in ("cleanlab", "datasets")))
rng = np.random.default_rng(0)
greetings = rng.normal(size=(5, 16))
messages = rng.normal(size=(400, 16))
near = messages[:20] + 0.001 * rng.normal(size=(20, 16))


def pairs(vectors):
    lab = Datalab({"intent": list(rng.integers(0, 2, len(vectors)))}, label_name="intent", verbosity=0)
    lab.find_issues(features=vectors, issue_types={"near_duplicate": {}})
    found = lab.get_issues("near_duplicate")["is_near_duplicate_issue"].to_numpy()
    return (found[:20] & found[-20:]).sum()


for repeats in (1, 40, 80, 160):
    log = np.concatenate([messages, np.repeat(greetings, repeats, axis=0), near])
    print(f"{5 * repeats} of {len(log)} messages are greetings: {pairs(log)} of 20 pairs found")
PY
venv/bin/python -W ignore pairs.py 2> pairs.err | tee pairs.log
grep -qFx "5 of 425 messages are greetings: 20 of 20 pairs found" pairs.log
grep -qFx "200 of 620 messages are greetings: 20 of 20 pairs found" pairs.log
grep -qFx "400 of 820 messages are greetings: 0 of 20 pairs found" pairs.log
grep -qFx "800 of 1220 messages are greetings: 0 of 20 pairs found" pairs.log
echo "As found: among many repeats nothing is nearly the same."
