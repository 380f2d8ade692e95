#!/usr/bin/env bash
# One would guess: the offsets of a token are all that stands for it in the original text, whatever the normalizer
# made of it. That is what `tokenizers` promises of its offsets, and what entities are cut out with.
# What happens: what a normalizer puts in the place of several characters belongs to one of them. With numbers
# replaced by a word, a usual step before a classifier, the token of 2026 has the offsets of its last digit, so the
# year that is cut out is "6"; of "New York" for "NYC" it is "k". Where NFC, NFKC or StripAccents make one character of
# two, the last of a token is left out: the accent of "café", a letter of a Korean syllable, if they came
# decomposed. Who needs offsets normalizes what is looked up instead, or the text before.
# Version: tokenizers 0.23.3 (tokenizers/src/tokenizer/normalizer.rs).
# Exits non-zero if the offsets have all characters of a token.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tokenizers==0.23.3
cat > offsets.py <<'PY'
import unicodedata
from importlib.metadata import version

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

print("tokenizers", version("tokenizers"))
NUMBERS = normalizers.Replace(Regex("[0-9]+"), "number")
PLACES = normalizers.Replace("New York", "NYC")
for name, normalizer, text in (
    ("lower case", normalizers.Lowercase(), "ROOM 2026"),
    ("replaced numbers", NUMBERS, "room 2026"),
    ("replaced places", PLACES, "to New York"),
    ("NFC", normalizers.NFC(), unicodedata.normalize("NFD", "a café")),
    ("NFC", normalizers.NFC(), unicodedata.normalize("NFD", "한국")),
    ("without accents", normalizers.StripAccents(), unicodedata.normalize("NFD", "a café")),
):
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, pre_tokenizers.WhitespaceSplit()
    start, end = tokenizer.encode(text).offsets[-1]
    word = text.split()[-1]
    print(f"{name}: {word} of {len(word)} characters is {text[start:end]!r}, {end - start} of them")
PY
venv/bin/python offsets.py | tee offsets.log
grep -qFx "lower case: 2026 of 4 characters is '2026', 4 of them" offsets.log
grep -qFx "replaced numbers: 2026 of 4 characters is '6', 1 of them" offsets.log
grep -qFx "replaced places: York of 4 characters is 'k', 1 of them" offsets.log
grep -q "^NFC: .* of 5 characters is 'cafe', 4 of them$" offsets.log
grep -q "^NFC: .* of 6 characters is .*, 4 of them$" offsets.log
grep -q "^without accents: .* of 5 characters is 'cafe', 4 of them$" offsets.log
echo "As found: a number that was replaced is its last digit."
