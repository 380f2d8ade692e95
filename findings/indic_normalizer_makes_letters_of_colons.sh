#!/usr/bin/env bash
# One would guess: the normalizers of the Indic NLP Library, which are run before tokenizers and models of Hindi,
# Bengali, Tamil and their kin, make one of several spellings of a letter, and leave times and punctuation as they
# are.
# What happens: a colon behind any character of the script becomes the letter visarga, for whoever types it so. The
# digits of a script are such characters, so the time "१०:३०" is "१०ः३०" afterwards, in each of nine scripts; "10:30"
# stays. So does no label of a form: "समय:" (time:) is "समयः", another word, and "|" between two answers is the full
# stop of Hindi. The docstring tells of the letter, and not of digits. No parser of times reads the result, and a
# regex or a lookup table with the colon never matches it. Make digits ASCII before.
# Version: indic-nlp-library 0.92 (indicnlp/normalize/indic_normalize.py, normalize of each language), the newest.
# Exits non-zero if one of the times keeps its colon, or 10:30 loses it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check indic-nlp-library==0.92
cat > times.py <<'PY'
import unicodedata
from importlib.metadata import version

from indicnlp.normalize.indic_normalize import IndicNormalizerFactory

ZEROS = dict(hi="०", mr="०", bn="০", pa="੦", gu="૦", or_="୦", ta="௦", te="౦", kn="೦", ml="൦")
print("indic-nlp-library", version("indic-nlp-library"))
factory = IndicNormalizerFactory()
for language, zero in ZEROS.items():
    digits = {ord(str(digit)): chr(ord(zero) + digit) for digit in range(10)}
    language = language.rstrip("_")
    normalize = factory.get_normalizer(language).normalize
    sign = normalize("10:30".translate(digits))[2]
    print(f"{language}: the colon is {unicodedata.name(sign)}, and 10:30 is {normalize('10:30')}")
hindi = factory.get_normalizer("hi").normalize
print("समय: हाँ|नहीं", "is", hindi("समय: हाँ|नहीं"))
PY
venv/bin/python times.py | tee times.log
test "$(grep -cE "^..: the colon is .* VISARGA, and 10:30 is 10:30$" times.log)" = 10
grep -qFx "समय: हाँ|नहीं is समयः हाँ।नहीं" times.log
echo "As found: in a time with the digits of a script the colon is a letter."
