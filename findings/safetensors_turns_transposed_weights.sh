#!/usr/bin/env bash
# One would guess: safetensors.numpy writes an array as NumPy reads it, transposed or not, as its releases before
# 0.8 did, or refuses it, as safetensors.torch does. Its documentation asks for contiguous arrays.
# What happens: since 0.8.0 it takes the memory that begins at the array, in the order in which it lies there. A
# transposed matrix of weights, one in Fortran's order, or every second column of one comes back with its shape and
# with other numbers, of a slice with such as are not in it. Nothing is said, in writing or in reading.
# np.ascontiguousarray before mends it.
# Versions: safetensors 0.8.0 (safetensors/numpy.py, _flatten); 0.7.0 is right; NumPy 2.4.6.
# Exits non-zero if 0.8.0 writes such arrays right, or refuses them, or 0.7.0 does not write them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
cat > weights.py <<'PY'
from importlib.metadata import version

import numpy as np
from safetensors.numpy import load, save

print("safetensors", version("safetensors"))
weights = np.arange(6, dtype=np.float32).reshape(2, 3)
for name, array in {
    "as it is": weights,
    "transposed": weights.T,
    "in Fortran's order": np.asfortranarray(weights),
    "every second column": weights[:, ::2],
    "transposed, made contiguous": np.ascontiguousarray(weights.T),
}.items():
    read = load(save({"weights": array}))["weights"]
    same = np.array_equal(read, array)
    print(f"{name}: {'the same' if same else f'{array.tolist()} became {read.tolist()}'}")
PY
for version in 0.7.0 0.8.0; do
    venv/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6 "safetensors==$version"
    venv/bin/python weights.py | tee "$version.log"
done
test "$(grep -c ": the same$" 0.7.0.log)" = 5
test "$(grep -c ": the same$" 0.8.0.log)" = 2
grep -qFx "transposed: [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] became [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]" 0.8.0.log
grep -qFx "every second column: [[0.0, 2.0], [3.0, 5.0]] became [[0.0, 1.0], [2.0, 3.0]]" 0.8.0.log
echo "As found: transposed weights are saved as others."
