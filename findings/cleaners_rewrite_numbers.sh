#!/usr/bin/env bash
# One would guess: correcting the spelling of a message before it is understood, or writing its contractions out,
# changes words that are misspelt or contracted, and at least leaves numbers and correct words alone.
# What happens: SymSpell's lookup_compound, which is for whole sentences, takes every number for a word: "9 am" is
# "a am", "10:30" is "of of", and a flight "BA2490" is "back of". Its option ignore_non_words keeps them, but is off
# by default, and parts 10:30 all the same. contractions writes "the shell" as "the she will" and "he lets me" as "he let
# us me", since both are contractions without their apostrophe. So values for slots are lost before an
# NLU sees them: better to leave messages as they are, and let the model see misspelt examples.
# Versions: symspellpy 6.10.1, contractions 0.1.73: the newest of each.
# Exits non-zero if one of these is rewritten otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check symspellpy==6.10.1 contractions==0.1.73
cat > clean.py <<'PY'
from importlib.metadata import version
from pathlib import Path

import contractions
import symspellpy

print("symspellpy", version("symspellpy"), "contractions", version("contractions"))
words = Path(symspellpy.__file__).with_name("frequency_dictionary_en_82_765.txt")
spelling = symspellpy.SymSpell()
spelling.load_dictionary(words, term_index=0, count_index=1)
for text in ("two tickets for 9 am", "the train at 10:30", "from BA2490"):
    for keep in (False, True):
        (found, *_) = spelling.lookup_compound(text, 2, ignore_non_words=keep)
        print(f"ignore_non_words={keep}: {text} -> {found.term}")
for text in ("she'll wait", "the shell", "he lets me"):
    print(f"contractions: {text} -> {contractions.fix(text)}")
PY
venv/bin/python -W ignore clean.py | tee clean.log
grep -qFx "ignore_non_words=False: two tickets for 9 am -> two tickets for a am" clean.log
grep -qFx "ignore_non_words=False: the train at 10:30 -> the train at of of" clean.log
grep -qFx "ignore_non_words=False: from BA2490 -> from back of" clean.log
grep -qFx "ignore_non_words=True: the train at 10:30 -> the train at 10 30" clean.log
grep -qFx "contractions: the shell -> the she will" clean.log
grep -qFx "contractions: he lets me -> he let us me" clean.log
echo "As found: nine o'clock is gone, and the shell is a woman."
