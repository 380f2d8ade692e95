#!/usr/bin/env bash
# One would guess: a package that makes digits of numbers in words makes two numbers of "between one hundred and two
# hundred dollars", in English, of which "one hundred and five" is part, as in languages without such an "and".
# What happens: only one of five does. text2num and number-parser take "one hundred and two" for the first number, and
# "hundred" for the next: "between 102 100 dollars". ovos-number-parser makes it one, 10200, and 300 of the German
# "hundert und zweihundert". word2number, which documents that it finds the number in a sentence, adds up what stands
# apart: "from two hundred to three hundred" is 303. With "or" and "to" the others are right, as numerizer, which is
# right here, is not with "nineteen ninety nine" (19 90 9). So filters for prices and sizes, which people say so, hold
# numbers that nobody said. Test a converter with two numbers in a sentence.
# Versions: text2num 3.1.0, number-parser 0.3.2, ovos-number-parser 0.19.13, word2number 1.1, numerizer 0.2.4: the
# newest of each.
# Exits non-zero if one of these is read otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check text2num==3.1.0 number-parser==0.3.2 ovos-number-parser==0.19.13 \
    word2number==1.1 numerizer==0.2.4
cat > words.py <<'PY'
from importlib.metadata import version

from number_parser import parse
from numerizer import numerize
from ovos_number_parser import numbers_to_digits
from text_to_num import alpha2digit
from word2number.w2n import word_to_num

RANGE = "between one hundred and two hundred dollars"
NAMES = ("text2num", "number-parser", "ovos-number-parser", "word2number", "numerizer")
print(*(f"{name} {version(name)}" for name in NAMES))
print("text2num:", alpha2digit(RANGE, "en"))
print("number-parser:", parse(RANGE, language="en"))
print("ovos-number-parser:", numbers_to_digits(RANGE, lang="en"))
german = "zwischen hundert und zweihundert Euro"
print("ovos-number-parser, German:", numbers_to_digits(german, lang="de"))
print("word2number:", word_to_num("from two hundred to three hundred"))
print("numerizer:", numerize(RANGE), "in", numerize("nineteen ninety nine"))
PY
venv/bin/python words.py | tee words.log
grep -qFx "text2num: between 102 100 dollars" words.log
grep -qFx "number-parser: between 102 100 dollars" words.log
grep -qFx "ovos-number-parser: between 10200 dollars" words.log
grep -qFx "ovos-number-parser, German: zwischen 300 Euro" words.log
grep -qFx "word2number: 303" words.log
grep -qFx "numerizer: between 100 and 200 dollars in 19 90 9" words.log
echo "As found: of one hundred and two hundred come 102 and 100."
