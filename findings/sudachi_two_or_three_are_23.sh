#!/usr/bin/env bash
# One would guess: the normalized form of a word that SudachiPy gives, which is there to make one of several spellings
# and is what features and values of slots are made of, makes of Japanese numbers the digits that they mean.
# What happens: numerals that follow each other are read as digits of one number. That is how years are written, but
# in speech two neighbours are "two or three": "二三日" (two or three days) becomes 23 days, "四五人" (four or five people)
# 45 people, and the feast 七五三 is 753. "二、三日", with a comma, stays two numbers, and so does "十二三人" (twelve or
# thirteen), without digits. So a form of a word is compared with the surface before a number is taken from it.
# Version: SudachiPy 0.7.0 with SudachiDict-small 20261015, the newest of both.
# Exits non-zero if one of them is no single number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check SudachiPy==0.7.0 SudachiDict-small==20261015
cat > numbers.py <<'PY'
from importlib.metadata import version

from sudachipy import Dictionary

print(*(f"{name} {version(name)}" for name in ("SudachiPy", "SudachiDict-small")))
tokenizer = Dictionary(dict="small").tokenizer()
for text in ("二三日", "四五人", "七五三", "二、三日", "十二三人", "二千五百円"):
    words = tokenizer.tokenize(text)
    print(f"{text}:", *(word.normalized_form() for word in words))
PY
venv/bin/python numbers.py | tee numbers.log
grep -qF "二三日: 23 日" numbers.log
grep -qF "四五人: 45 人" numbers.log
grep -qF "七五三: 753" numbers.log
grep -qF "二、三日: 2 、 3 日" numbers.log
grep -qF "二千五百円: 2500 円" numbers.log
echo "As found: two or three days are 23 days."
