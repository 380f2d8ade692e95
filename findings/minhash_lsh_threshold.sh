#!/usr/bin/env bash
# One would guess: MinHashLSH(threshold=0.8) of datasketch finds nearly all pairs of sets whose
# Jaccard index is above 0.8; its documentation asks for "the Jaccard similarity threshold".
# What happens: it looks for the bands that make false positives and false negatives equally rare,
# and with 64 hashes it takes 5 bands of 11. Of pairs of 0.82 it then finds less than half, of pairs
# of 0.90 about six in seven. Bands have to be asked for: params=(16, 4) finds all of both, and the
# exact index sorts out what is too far.
# Versions: datasketch 2.0.0 and 1.6.5.
# Exits non-zero if the threshold alone finds more than two thirds of the former.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
cat > near.py <<'PY'
from importlib.metadata import version

from datasketch import MinHash, MinHashLSH

HASHES, PAIRS, SIZE = 64, 300, 100


def hashed(words):
    found = MinHash(num_perm=HASHES)
    found.update_batch([word.encode() for word in words])
    return found


def found(common, **options):
    times = 0
    for pair in range(PAIRS):
        words = [f"{pair} {word}" for word in range(2 * SIZE - common)]
        index = MinHashLSH(num_perm=HASHES, **options)
        index.insert("first", hashed(words[:SIZE]))
        times += "first" in index.query(hashed(words[SIZE - common :]))
    return times


print("datasketch", version("datasketch"))
for common in (90, 95):
    by_threshold, by_bands = found(common, threshold=0.8), found(common, params=(16, 4))
    print(
        f"Jaccard {common / (2 * SIZE - common):.2f}: threshold=0.8 finds {by_threshold} of {PAIRS}, "
        f"params=(16, 4) finds {by_bands}"
    )
    if common == 90:
        assert by_threshold < PAIRS * 2 / 3 and by_bands > PAIRS * 0.99
PY
for version in 1.6.5 2.0.0; do
    venv/bin/pip install --quiet "datasketch==$version"
    venv/bin/python near.py
done
echo "As found: the threshold alone misses most pairs that are just above it."
