#!/usr/bin/env bash
# One would guess: strip_accents="unicode" of scikit-learn's vectorizers, "works on any character" by its
# documentation, takes the accents off Latin letters and the like, and leaves words of a script without accents what
# they are.
# What happens: it takes off whatever Unicode counts as a combining sign of a letter. In Japanese that is the mark
# that makes k of g and h of b: a key (カギ) is an oyster (カキ), a bus (バス) a lotus (ハス), and a question (ですか) the "but"
# of ですが. In Thai it is the tone: rice, news and white (ข้าว, ข่าว, ขาว) are one word, in Hindi the dot and the sign
# that joins consonants: a secret (राज़) is a reign (राज). Vowel signs of Hindi stay. The vectors of such words are
# equal, so no classifier tells them apart. Rasa's CountVectorsFeaturizer hands its `strip_accents` on to it.
# Version: scikit-learn 1.9.1 (sklearn/feature_extraction/text.py, strip_accents_unicode), the newest.
# Exits non-zero if two of these words have vectors of their own, or are one without the option.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check scikit-learn==1.9.1
cat > accents.py <<'PY'
from importlib.metadata import version

from sklearn.feature_extraction.text import CountVectorizer

WORDS = (("カギ", "カキ"), ("バス", "ハス"), ("ですが", "ですか"), ("ข้าว", "ข่าว", "ขาว"), ("राज़", "राज"))
print("scikit-learn", version("scikit-learn"))
for words in WORDS:
    for option in ("unicode", None):
        vectors = CountVectorizer(analyzer="char", strip_accents=option).fit_transform(words).toarray()
        print(*words, f"with {option}:", len({tuple(vector) for vector in vectors}), "different")
PY
venv/bin/python accents.py | tee accents.log
test "$(grep -c "with unicode: 1 different$" accents.log)" = 5
test "$(grep -cE "with None: [23] different$" accents.log)" = 5
echo "As found: bus and lotus, rice and news are one word."
