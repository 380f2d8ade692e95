#!/usr/bin/env bash
# One would guess: cn2an.transform, which makes digits of the Chinese numbers in a sentence, leaves a time of
# day a time of day: 3:05, or as it was.
# What happens: 点 is the decimal point as well as "o'clock", and wherever a number below ten follows it is
# taken for the point. "三点零五分" (five past three) becomes "3.05分", "下午三点五分" (the same, in the afternoon)
# "下午3.5分", and "六点一刻" (a quarter past six) "6.1刻". "八点十分" (ten past eight) stays as it is, with a
# warning: so of the times of a day some are digits, wrong ones, and some are not. Whoever makes
# training data or messages of digits this way cuts the times out first.
# Version: cn2an 0.5.24 (transform.py).
# Exits non-zero if one of these is made of other digits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cn2an==0.5.24
cat > times.py <<'PY'
from importlib.metadata import version

import cn2an

print("cn2an", version("cn2an"))
for text in ("三点五元", "三点零五分", "下午三点五分", "六点一刻", "八点十分"):
    print(text, cn2an.transform(text, "cn2an"))
PY
venv/bin/python -W ignore times.py | tee times.log
grep -qFx "三点五元 3.5元" times.log
grep -qFx "三点零五分 3.05分" times.log
grep -qFx "下午三点五分 下午3.5分" times.log
grep -qFx "六点一刻 6.1刻" times.log
grep -qFx "八点十分 八点十分" times.log
echo "As found: five past three is 3.05 minutes."
