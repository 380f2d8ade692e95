#!/usr/bin/env bash
# One would guess: `\X` of the package regex is an extended grapheme cluster of UAX #29. Its rule GB9c, new
# in Unicode 15.1, joins a consonant with the one before it if a sign such as the Devanagari virama links
# them; in "a", virama, "ka" there is no consonant before the sign, so "ka" begins a character of its own.
# What happens: the sign alone joins them. A Latin letter, or a digit, is one character with the consonant
# behind the sign. Older releases, which did not know the rule, cut there.
# Version: regex 2026.11.19 (and 2022.10.31, which cuts), UAX #29 of Unicode 16.0, section 3.1.1.
# Exits non-zero if either release says anything else.
# Needs Python 3.10 or 3.11 for both: PYTHON=python3.11 findings/regex_characters_with_linkers.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > characters.py <<'PY'
import regex

texts = ("\u0915\u094d\u0915", "a\u094d\u0915", "0\u17d2\u1780")
print(*(len(regex.findall(r"\X", text)) for text in texts))
PY
for version in 2022.10.31 2026.11.19; do
    "${PYTHON:-python3}" -m venv "$version"
    "$version/bin/pip" install --quiet --disable-pip-version-check "regex==$version"
    "$version/bin/pip" freeze | grep "^regex=="
    "$version/bin/python" characters.py | tee "$version.log"
done
grep -qx "2 2 2" 2022.10.31.log
grep -qx "1 1 1" 2026.11.19.log
echo "As found: a sign that links joins what is no consonant, too."
