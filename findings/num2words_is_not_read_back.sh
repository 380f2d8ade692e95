#!/usr/bin/env bash
# One would guess: a number that num2words writes, to make examples of an intent in which users say numbers, or to
# have a bot say one, is read as that number by the packages that read numbers in words.
# What happens: in English it sets a comma behind thousands, "one thousand, one hundred", and four of five readers end
# or fail there: of the numbers up to 2,000 they read none from 1,100 on but 2,000. numerizer makes two numbers of it,
# and word2number adds up what is left: 101. ovos-number-parser reads all. In German text2num does not know "eine
# Million", the only way to say it, while it reads two millions. In Italian num2words misspells hundreds with an 18
# behind them, "centodicotto" for "centodiciotto", so no reader could know it. Write numbers, read them back, and drop
# the commas.
# Versions: num2words 0.5.14, text2num 3.1.0, number-parser 0.3.2, word2number 1.1, numerizer 0.2.4,
# ovos-number-parser 0.19.13: the newest of each.
# Exits non-zero if one of these is written or read otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check num2words==0.5.14 text2num==3.1.0 number-parser==0.3.2 \
    word2number==1.1 numerizer==0.2.4 ovos-number-parser==0.19.13
cat > numbers_back.py <<'PY'
from importlib.metadata import version

from num2words import num2words
from number_parser import parse_number
from numerizer import numerize
from ovos_number_parser import extract_number
from text_to_num import text2num
from word2number.w2n import word_to_num

READERS = {
    "text2num": text2num,
    "number-parser": parse_number,
    "word2number": lambda words, language: word_to_num(words),
    "numerizer": lambda words, language: numerize(words),
    "ovos-number-parser": lambda words, language: extract_number(words, lang=language),
}


def read(reader, words, language="en"):
    try:
        return str(reader(words, language))
    except ValueError:
        return "an error"


print(*(f"{name} {version(name)}" for name in ("num2words", *READERS)))
for name, reader in READERS.items():
    lost = [number for number in range(2001) if read(reader, num2words(number)) != str(number)]
    print(f"{name}: {len(lost)} lost, {num2words(1100)!r} is {read(reader, num2words(1100))}")
for number in (1_000_000, 2_000_000):
    words = num2words(number, lang="de")
    print(f"text2num, German: {words!r} is {read(text2num, words, 'de')}")
print("num2words, Italian:", *(num2words(number, lang="it") for number in (18, 118, 218)))
PY
venv/bin/python numbers_back.py | tee back.log
grep -qFx "text2num: 900 lost, 'one thousand, one hundred' is an error" back.log
grep -qFx "number-parser: 900 lost, 'one thousand, one hundred' is None" back.log
grep -qFx "word2number: 900 lost, 'one thousand, one hundred' is 101" back.log
grep -qFx "numerizer: 900 lost, 'one thousand, one hundred' is 1000, 100" back.log
grep -qFx "ovos-number-parser: 0 lost, 'one thousand, one hundred' is 1100" back.log
grep -qFx "text2num, German: 'eine Million' is an error" back.log
grep -qFx "text2num, German: 'zwei Millionen' is 2000000" back.log
grep -qFx "num2words, Italian: diciotto centodicotto duecentodicotto" back.log
echo "As found: what num2words writes is not read back."
