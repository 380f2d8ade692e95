#!/usr/bin/env bash
# One would guess: the words that nagisa cuts a Japanese sentence into, one behind the other, are the sentence, as
# those of Janome and SudachiPy are, so that each is found again in it, for the offsets of entities.
# What happens: the sentence is normalized before (NFKC), and each blank becomes the Japanese one. So "ﾊﾟﾝ" has three
# letters and its word two, "①番" begins with "1", and "㌔" becomes two letters. A blank is a character like another to
# the model, so "new york に行く" begins with one word, "new", a Japanese blank and "york", which no list of names has;
# and of 10:30 each digit is a word. str.find says -1 for such words, or the place of another one. Normalize the
# message itself before, and blanks with it.
# Versions: nagisa 0.3.0 (nagisa/tagger.py, prepro.py and utils), the newest; Janome 0.5.1, SudachiPy 0.7.0.
# Exits non-zero if nagisa's words are in the text, or those of the others are not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check nagisa==0.3.0 Janome==0.5.1 SudachiPy==0.7.0 \
    SudachiDict-small==20261015
cat > words.py <<'PY'
from importlib.metadata import version

import nagisa
import sudachipy
from janome.tokenizer import Tokenizer

print(*(f"{name} {version(name)}" for name in ("nagisa", "Janome", "SudachiPy")))
janome, sudachi = Tokenizer(), sudachipy.Dictionary(dict="small").tokenizer()
for text in ("ﾊﾟﾝを2個", "①番", "5㌔", "new york に行く"):
    words = nagisa.tagging(text).words
    print(f"{text}: nagisa {words}, not in the text:", *(repr(word) for word in words if word not in text))
    others = [word.surface for word in janome.tokenize(text)], [word.surface() for word in sudachi.tokenize(text)]
    print(f"{text}: the others are the text:", all("".join(words) == text for words in others))
print("10:30:", *nagisa.tagging("10:30").words)
PY
venv/bin/python words.py | tee words.log
test "$(grep -cE "^ﾊﾟﾝを2個: .* in the text: 'パン'$" words.log)" = 1
test "$(grep -cE "^①番: .* in the text: '1'$" words.log)" = 1
test "$(grep -cE "^5㌔: .* in the text: '?(.*)キロ'$" words.log)" = 1
grep -qF "in the text: 'new\\u3000york' '\\u3000'" words.log
test "$(grep -c "the others are the text: True$" words.log)" = 4
grep -qFx "10:30: 1 0 : 3 0" words.log
echo "As found: nagisa's words are those of another text."
