#!/usr/bin/env bash
# One would guess: PyArabic's text2number reads the round numbers of prices, a hundred to a thousand, and where a
# sentence has two numbers ("between five and ten"), its extract_number_phrases finds two.
# What happens: a hundred is known in both of its spellings, two hundred in the newer one only (مئتان), which the
# package itself writes. In the other, which is as usual (مائتان), it is not, and what is not known counts nothing: it
# is 0, "a thousand and two hundred" is 1000 and "five thousand and two hundred" 5000. And numbers with "and" between
# them are one phrase and are added up: "between five and ten" is 15, and "between three and five" 8, although 15 is
# said otherwise (خمسة عشر). So a part of a price is lost and a range becomes its sum, without an error. Replace the
# spelling before, and take phrases with two numbers apart.
# Version: PyArabic 0.6.15 (pyarabic/number.py and number_const.py), the newest.
# Exits non-zero if one of these is read otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyArabic==0.6.15
cat > numbers.py <<'PY'
from importlib.metadata import version

from pyarabic.number import extract_number_phrases, text2number

print("PyArabic", version("PyArabic"))
for text in ("مائة", "مئة", "مئتان", "مائتان", "ثلاثمائة", "ألفان", "ألف ومائتان", "خمسة آلاف ومائتان", "خمسة عشر"):
    print(text, "is", text2number(text))
for text in ("بين خمسة وعشرة", "بين ثلاثة وخمسة"):
    phrases = extract_number_phrases(text)
    print(text, "has", *(f"{phrase}: {text2number(phrase)}" for phrase in phrases))
PY
venv/bin/python numbers.py | tee numbers.log
grep -qFx "مائة is 100" numbers.log
grep -qFx "مئة is 100" numbers.log
grep -qFx "مئتان is 200" numbers.log
grep -qFx "مائتان is 0" numbers.log
grep -qFx "ثلاثمائة is 300" numbers.log
grep -qFx "ألفان is 2000" numbers.log
grep -qFx "ألف ومائتان is 1000" numbers.log
grep -qFx "خمسة آلاف ومائتان is 5000" numbers.log
grep -qFx "خمسة عشر is 15" numbers.log
grep -qFx "بين خمسة وعشرة has خمسة وعشرة: 15" numbers.log
grep -qFx "بين ثلاثة وخمسة has ثلاثة وخمسة: 8" numbers.log
echo "As found: two hundred is nothing in one spelling, and five to ten fifteen."
