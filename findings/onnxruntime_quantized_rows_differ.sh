#!/usr/bin/env bash
# One would guess: a model that quantize_dynamic made small answers a message alike, whatever messages
# are in the same batch; as the model did that it was made of, to the last bit.
# What happens: the activations are made bytes with one scale for the whole tensor, which the
# largest number in any row decides. Beside a message with large numbers the others keep few steps: of 500
# messages 10 and more have another best intent together than alone. A test in batches then says something
# else than a server that answers one by one, and answers are no longer repeatable where a server batches.
# Versions: onnxruntime 1.32.0, onnx 1.23.2, numpy 2.4.6 (operator DynamicQuantizeLinear).
# Exits non-zero if they answer alike.
# Needs Python 3.11 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > batch.py <<'PY'
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

MESSAGES, SIZE, INTENTS = 500, 64, 20
random = np.random.default_rng(0)
weights = random.normal(size=(SIZE, INTENTS)).astype(np.float32)
scales = random.uniform(0.2, 5, size=(MESSAGES, 1))
messages = (random.normal(size=(MESSAGES, SIZE)) * scales).astype(np.float32)


def save(path):
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "intents",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, SIZE])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, INTENTS])],
        [numpy_helper.from_array(weights, "w")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def differ(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    alone = np.vstack([session.run(None, {"x": message[None]})[0] for message in messages])
    together = session.run(None, {"x": messages})[0]
    return int((alone.argmax(1) != together.argmax(1)).sum())


save("float.onnx")
quantize_dynamic("float.onnx", "bytes.onnx", weight_type=QuantType.QInt8)
print("onnxruntime", onnxruntime.__version__, "onnx", onnx.__version__)
found = {path: differ(path) for path in ("float.onnx", "bytes.onnx")}
for path, number in found.items():
    print(f"{path}: {number} of {MESSAGES} messages have another best intent in a batch than alone")
sys.exit(found["float.onnx"] != 0 or found["bytes.onnx"] < 10)
PY
venv/bin/python -W ignore batch.py 2>/dev/null
echo "As found: in bytes, the others in the batch decide, too."
