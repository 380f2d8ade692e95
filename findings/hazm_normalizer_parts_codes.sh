#!/usr/bin/env bash
# One would guess: hazm's Normalizer, the usual first step with Persian text, mends letters and spaces of Persian
# words, and whatever else is in a message, an order number, an address, a price, can still be read from what it
# returns.
# What happens: beside writing digits as Persian ones, it puts a blank wherever digits touch letters or signs: the
# order "AB12" is "AB ۱۲", two tokens, and so are a flight and an IBAN. A full stop before a letter gets a blank
# behind it, and one between digits becomes a decimal sign with blanks around it: of "test12@example.com" comes "test
# ۱۲ @example. com", of the date 30.10.2026 three numbers, and of 3.5 two. All three options for it are on by default;
# only with correct_spacing, persian_style and persian_numbers off are such words kept, and then the half spaces of
# Persian are not mended either. So cut codes out first.
# Version: hazm 0.10.0 (hazm/normalizer.py), the newest.
# Exits non-zero if one of these is kept by default, or is not without the three options.
# Needs Python 3.8 to 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check hazm==0.10.0
cat > codes.py <<'PY'
from importlib.metadata import version

from hazm import Normalizer

print("hazm", version("hazm"))
mended = Normalizer()
kept = Normalizer(correct_spacing=False, persian_style=False, persian_numbers=False)
for text in ("AB12", "test12@example.com", "30.10.2026", "3.5", "1,500"):
    print(f"{text}: {mended.normalize(text)}, without the options: {kept.normalize(text)}")
PY
venv/bin/python codes.py | tee codes.log
grep -qFx "AB12: AB ۱۲, without the options: AB12" codes.log
grep -qFx "test12@example.com: test ۱۲ @example. com, without the options: test12@example.com" codes.log
grep -qFx "30.10.2026: ۳۰ ٫ ۱۰ ٫ ۲۰۲۶, without the options: 30.10.2026" codes.log
grep -qFx "3.5: ۳ ٫ ۵, without the options: 3.5" codes.log
grep -qFx "1,500: ۱ , ۵۰۰, without the options: 1,500" codes.log
echo "As found: codes, addresses and prices are parted."
