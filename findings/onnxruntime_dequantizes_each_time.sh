#!/usr/bin/env bash
# One would guess: weights that a graph of ONNX has as bytes, with DequantizeLinear after them, are made
# numbers once, when ONNX Runtime loads the graph: all of its inputs are constants, and constants are folded.
# What happens: DequantizeLinear is left in the graph, to be fused with what comes after it, and where nothing
# is (a MatMul in single precision), it is done anew for each input: a small BERT took 42 ms for a message
# instead of 6. The same weights by Cast and Mul are folded. So whoever stores weights in bytes to make a
# file small does not use the operator that is made for it.
# Versions: onnxruntime 1.23.2, onnx 1.17.0, numpy 1.26.4.
# Exits non-zero if DequantizeLinear is folded, too, or Cast and Mul no longer are.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet onnxruntime==1.23.2 onnx==1.17.0 numpy==1.26.4
venv/bin/python - <<'PY'
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

WEIGHTS = np.random.default_rng(0).integers(-127, 128, (384, 1536)).astype(np.int8)
UNITS = np.full(1536, 0.01, np.float32)


def session(nodes):
    """What is left of a graph that multiplies x with weights, and the time of one answer."""
    shape = [None, 384]
    graph = helper.make_graph(
        [*nodes, helper.make_node("MatMul", ["x", "whole"], ["y"])],
        "weights",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 1536])],
        [numpy_helper.from_array(WEIGHTS, "w"), numpy_helper.from_array(UNITS, "u")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    options.optimized_model_filepath = "optimized.onnx"
    made = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    x, times = np.ones((12, 384), np.float32), []
    for _ in range(50):
        start = time.perf_counter()
        made.run(None, {"x": x})
        times.append(time.perf_counter() - start)
    left = [node.op_type for node in onnx.load("optimized.onnx").graph.node]
    return left, 1000 * float(np.median(times))


dequantized, slow = session([helper.make_node("DequantizeLinear", ["w", "u"], ["whole"], axis=1)])
multiplied, fast = session(
    [
        helper.make_node("Cast", ["w"], ["cast"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["cast", "u"], ["whole"]),
    ]
)
print("onnxruntime", onnxruntime.__version__, "onnx", onnx.__version__)
print(f"with DequantizeLinear there are left {dequantized}, {slow:.2f} ms for an answer")
print(f"with Cast and Mul there are left {multiplied}, {fast:.2f} ms")
sys.exit("DequantizeLinear" not in dequantized or multiplied != ["MatMul"])
PY
