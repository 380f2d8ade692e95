#!/usr/bin/env bash
# One would guess: a vector that is replaced in gensim's KeyedVectors (`vectors["rome"] = ...`, "old vector is replaced
# with the new one") is searched for as it is now; a cosine similarity is 1 at most.
# What happens: lengths of vectors are kept from the first search on, and replacing does not renew them. With a vector
# seven times as long, "rome" has a similarity of 4.2 to "oslo" and is first of all, while `similarity` says 0.6, as
# before. A shorter one is last, for all searches to come. The old lengths are saved with the model, so it is wrong
# after loading, too. A word that is added after a search ends the next search in an error about shapes. Before
# the first search, all is right, which is what tests of replacing do. fill_norms(force=True) after each change mends it.
# Version: gensim 4.4.0 (gensim/models/keyedvectors.py, add_vectors and fill_norms), the newest.
# Exits non-zero if the search is right after replacing, or not after fill_norms(force=True).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check gensim==4.4.0
cat > search.py <<'PY'
from importlib.metadata import version

import numpy as np
from gensim.models import KeyedVectors

print("gensim", version("gensim"))


def shown(vectors):
    return [(name, round(float(value), 2)) for name, value in vectors.most_similar("oslo")]


def cities():
    vectors = KeyedVectors(2)
    vectors.add_vectors(["rome", "oslo", "lima"], np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32))
    return vectors


vectors = cities()
vectors["rome"] = np.array([7, 0], dtype=np.float32)
print("replaced before a search:", shown(vectors))
vectors = cities()
print("before:", shown(vectors))
vectors["rome"] = np.array([7, 0], dtype=np.float32)
print("replaced:", shown(vectors), "similarity:", round(float(vectors.similarity("oslo", "rome")), 2))
vectors.save("cities.kv")
print("saved and loaded:", shown(KeyedVectors.load("cities.kv")))
vectors["bern"] = np.array([0.8, 0.6], dtype=np.float32)
try:
    print("added:", shown(vectors))
except ValueError as error:
    print("added:", error)
vectors.fill_norms(force=True)
print("after fill_norms:", shown(vectors))
PY
venv/bin/python search.py | tee search.log
grep -qFx "replaced before a search: [('lima', 0.8), ('rome', 0.6)]" search.log
grep -qFx "before: [('lima', 0.8), ('rome', 0.6)]" search.log
grep -qFx "replaced: [('rome', 4.2), ('lima', 0.8)] similarity: 0.6" search.log
grep -qFx "saved and loaded: [('rome', 4.2), ('lima', 0.8)]" search.log
grep -q "^added: operands could not be broadcast" search.log
grep -qFx "after fill_norms: [('bern', 0.96), ('lima', 0.8), ('rome', 0.6)]" search.log
echo "As found: a similarity of 4.2."
