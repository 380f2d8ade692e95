#!/usr/bin/env bash
# One would guess: hebrew_tokenizer, which gives each token a kind, gives the number of "a table for 2" as 2, also as
# Hebrew writes it: the preposition is one letter, joined to digits by a hyphen ("ל-2").
# What happens: the hyphen is a sign of the number: the token is "-2", of the kind NUMBER. So every number behind a
# preposition is negative: for two, at half past ten ("ב-10:30" is "-10", ":" and "30"), on the 15th, about 300. 10:30
# by itself is one token. With the Hebrew hyphen (maqaf), which keyboards hide, and without any it is right. What is
# of another script is left out without a token: of "中文 עברית" one word is there. Take the sign off where a Hebrew
# letter is before it.
# Version: hebrew_tokenizer 2.3.0 (hebrew_tokenizer/tokenizer.py), the newest.
# Exits non-zero if such a number is positive, or the other script is there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check hebrew_tokenizer==2.3.0
cat > tokens.py <<'PY'
from importlib.metadata import version

from hebrew_tokenizer import tokenize

print("hebrew_tokenizer", version("hebrew_tokenizer"))
for text in ("שולחן ל-2", "ב-10:30", "10:30", "כ-300 שקל", "ל־2", "ל2", "中文 עברית"):
    print(*(f"{kind} {token};" for kind, token, *_ in tokenize(text)))
PY
venv/bin/python -W ignore tokens.py | tee tokens.log
grep -qFx "HEBREW שולחן; HEBREW ל; NUMBER -2;" tokens.log
grep -qFx "HEBREW ב; NUMBER -10; PUNCTUATION :; NUMBER 30;" tokens.log
grep -qE "^[A-Z_0-9]+ 10:30;$" tokens.log
grep -qFx "HEBREW כ; NUMBER -300; HEBREW שקל;" tokens.log
grep -qFx "HEBREW ל; PUNCTUATION ־; NUMBER 2;" tokens.log
grep -qFx "HEBREW ל; NUMBER 2;" tokens.log
grep -qFx "HEBREW עברית;" tokens.log
echo "As found: a table for two is one for minus two."
