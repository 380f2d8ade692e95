#!/usr/bin/env bash
# One would guess: vectors of names that gensim's KeyedVectors writes in the format of word2vec are read back as they
# were, or writing refuses a name that the format has no place for.
# What happens: a blank ends a name in that format, and "new york" is written with it. Of a text file the reader says
# that it cannot make a number of "york". In the binary one the letters of "york" are the first number: the file loads
# with a word "new" that has a number of 27 digits first, and so a similarity of 1 to whatever has something there.
# Where another name follows, it begins with the bytes that are left, and is not found either; with other numbers in
# the vectors all ends in a UnicodeDecodeError. Names of cities have blanks. save() keeps them; in the format of word2vec an
# underscore stands for one.
# Version: gensim 4.4.0 (gensim/models/keyedvectors.py, save_word2vec_format and load_word2vec_format), the newest.
# Exits non-zero if the name is read back, or refused in writing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check gensim==4.4.0
cat > names.py <<'PY'
from importlib.metadata import version

import numpy as np
from gensim.models import KeyedVectors

print("gensim", version("gensim"))
vectors = KeyedVectors(4)
vectors.add_vectors(["oslo", "new york", "rome"], np.eye(4, dtype=np.float32)[:3])
vectors.save("cities.kv")
print("save:", KeyedVectors.load("cities.kv").index_to_key)
for binary in (False, True):
    vectors.save_word2vec_format("cities.w2v", binary=binary)
    try:
        read = KeyedVectors.load_word2vec_format("cities.w2v", binary=binary)
        print(f"binary {binary}:", read.index_to_key, f"{read['new'][0]:.1e}", end=" ")
        print("similarity to oslo:", read.similarity("new", "oslo"), "before:", vectors.similarity("new york", "oslo"))
    except ValueError as error:
        print(f"binary {binary}:", error)
PY
venv/bin/python names.py | tee names.log
grep -qFx "save: ['oslo', 'new york', 'rome']" names.log
grep -qFx "binary False: could not convert string to float: 'york'" names.log
grep -q "^binary True: \['oslo', 'new', '.*rome'\] 2.9e+26 similarity to oslo: 1.0 before: 0.0$" names.log
test "$(grep -c "'new', 'rome'" names.log)" = 0
echo "As found: New York is new, and near to Oslo."
