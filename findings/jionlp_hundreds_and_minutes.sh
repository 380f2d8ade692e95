#!/usr/bin/env bash
# One would guess: JioNLP, whose documentation calls its parser of times the best there is for Chinese, reads
# the times and sums that people say to a booking service: "三百五" (350), "三点十分" (ten past three).
# What happens: a digit behind hundreds, thousands or ten thousands counts ones, not the next lower
# unit, as it does in speech: "三百五" is 305, "一千二" (1,200) is 1002, "两万五" (25,000) is 20005, and is called
# accurate. Minutes are read without 分 only: "三点零五" is 03:05, but "三点零五分" and "三点十分" are errors, and
# that of a sum of money; 差五分三点 (five to three) is 03:00, and 九点前 (before nine) ends at 09:59:59.
# So prices and times of a user are checked by rules of one's own before they are believed.
# Version: jionlp 1.5.31, the newest.
# Exits non-zero if one of these is read otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jionlp==1.5.31
cat > say.py <<'PY'
import time
from importlib.metadata import version

import jionlp

print("jionlp", version("jionlp"))
for text in ("三百五", "一千二", "两万五", "三百五十"):
    found = jionlp.parse_money(text)
    print(text, found["num"], found["definition"])
NOW = time.mktime((2026, 11, 30, 10, 0, 0, 0, 0, 0))
for text in ("三点零五", "三点零五分", "三点十分", "差五分三点", "九点前"):
    try:
        print(text, *(end[-8:] for end in jionlp.parse_time(text, time_base=NOW)["time"]))
    except ValueError as error:
        print(text, "ValueError:", error)
PY
venv/bin/python -W ignore say.py | tee say.log
grep -qFx "三百五 305.00 accurate" say.log
grep -qFx "一千二 1002.00 accurate" say.log
grep -qFx "两万五 20005.00 accurate" say.log
grep -qFx "三百五十 350.00 accurate" say.log
grep -qFx "三点零五 03:05:00 03:05:59" say.log
grep -q "^三点零五分 ValueError: .*money" say.log
grep -q "^三点十分 ValueError: .*money" say.log
grep -qFx "差五分三点 03:00:00 03:59:59" say.log
grep -qFx "九点前 -inf 09:59:59" say.log
echo "As found: three hundred and fifty is 305, and ten past three is an error about money."
