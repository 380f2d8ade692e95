"""The network in ONNX Runtime beside NumPy's, for one message at a time.

ONNX Runtime is no dependency: it has an environment of its own, with `onnx`, `onnxruntime` and
`numpy<2`. First write what both need, and time NumPy, then time ONNX Runtime on the same messages:

    python -m benchmarks.onnx_comparison numpy MODEL.tar.gz NLU.yml FOLDER
    OTHER/bin/python benchmarks/onnx_comparison.py onnx FOLDER

Only words that the model knows are looked at, the others count as unknown without n-grams, and
the CRF, which stays in NumPy in any case, is left out.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence

import numpy as np

REPEATS = 15


def quantiles(step: Callable[[Any], Any], items: Sequence[Any]) -> str:
    """p50 and p95, over the items, of the least time of the repetitions."""
    least = np.full(len(items), np.inf)
    for _ in range(REPEATS):
        for index, item in enumerate(items):
            start = time.perf_counter()
            step(item)
            least[index] = min(least[index], (time.perf_counter() - start) * 1e6)
    return "p50 %.0f µs, p95 %.0f µs" % tuple(np.percentile(least, [50, 95]))


def with_numpy(archive: str, nlu: str, folder: str) -> None:
    """Time the runtime, and write its weights, its messages and what it said."""
    from rasa.shared.nlu.training_data.loading import load_data

    from benchmarks.speed import extract
    from rasa_joint_nlu.core import Example, JointModel
    from rasa_joint_nlu.core.batch import EncodedBatch

    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    model = JointModel.load(extract(Path(archive), out))
    assert model._predictor
    runtime = model._predictor.runtime
    assert runtime
    size = model.learnt.weights["lstm.weight_ih"].shape[2]
    batches: List[EncodedBatch] = []
    for message in load_data(nlu).nlu_examples:
        batch = model.learnt.encoder.batch([Example.from_text(message.get("text"))])
        ids = np.where(batch.token_ids < len(runtime._rows), batch.token_ids, 0)
        batches.append(EncodedBatch(ids, batch.lengths, {}))
    print("NumPy", quantiles(runtime.forward, batches))
    arrays: Dict[str, Any] = {f"w/{name}": weight for name, weight in model.learnt.weights.items()}
    known = runtime.vectors(model.learnt.encoder.vocabulary.word_table)
    arrays["w/table"], arrays["w/votes"] = known[:, :size], known[:, size:]
    arrays["w/intent_b"] = model.learnt.weights["intent.bias"]
    for number, batch in enumerate(batches):
        output = runtime.forward(batch)
        arrays[f"ids/{number}"] = batch.token_ids[0]
        arrays[f"intent/{number}"], arrays[f"emission/{number}"] = (
            output.intent_logits,
            output.emissions,
        )
    np.savez(out / "network.npz", **arrays)


def graph(weights: Dict[str, Any]) -> bytes:
    """The ONNX graph: numbers of words → intent logits and emissions."""
    from onnx import TensorProto, helper, numpy_helper

    def gates(name: str) -> Any:
        # here they are in the order o, i, g and in ONNX in the order i, o, f, g; the forget gate is
        # 1 - sigmoid(x) of the input gate's sigmoid(x), which is sigmoid(-x)
        o, i, g = np.split(weights[f"lstm.{name}"], 3, axis=1)
        return np.concatenate([i, o, -i, g], axis=1)

    inputs, recurrent, bias = gates("weight_ih"), gates("weight_hh"), gates("bias")
    size, hidden, parts = weights["table"].shape[1], recurrent.shape[-1], len(recurrent) // 2
    constants = {
        "table": weights["table"],
        "attention_w": weights["attention.weight"].T,
        "intent_w": weights["intent.weight"].T,
        "intent_b": weights["intent_b"],
        "votes": weights["votes"],
        "emission_w": weights["emission.weight"].T,
        "emission_b": weights["emission.bias"],
        "nothing": np.zeros((1, size), np.float32),
        "zero": np.array([0]),
        "one": np.array([1]),
        "but_last": np.array([-1]),
        "end": np.array([2**31]),
        "states_shape": np.array([-1, 2 * hidden]),
    }
    node = helper.make_node
    both = {"direction": "bidirectional", "hidden_size": hidden}
    lstms = []
    for part in range(parts):
        chains = slice(2 * part, 2 * part + 2)
        constants[f"w{part}"], constants[f"r{part}"] = inputs[chains], recurrent[chains]
        constants[f"b{part}"] = np.pad(bias[chains], ((0, 0), (0, 4 * hidden)))
        names = ["batch", *(f"{letter}{part}" for letter in "wrb")]
        lstms.append(node("LSTM", names, [f"y{part}"], **both))
        lstms.append(node("Reshape", [f"y{part}", "states_shape"], [f"states{part}"]))
    all_states = [f"states{part}" for part in range(parts)]
    nodes = [
        node("Gather", ["table", "ids"], ["x"], axis=0),
        node("Unsqueeze", ["x", "one"], ["batch"]),
        *lstms,
        node("MatMul", ["states0", "attention_w"], ["scores"]),
        node("Softmax", ["scores"], ["shares"], axis=0),
        node("Mul", ["shares", "states0"], ["weighted"]),
        node("ReduceSum", ["weighted", "zero"], ["attended"], keepdims=1),
        node("ReduceMax", ["states0"], ["highest_state"], axes=[0], keepdims=1),
        node("Concat", ["attended", "highest_state"], ["pooled"], axis=1),
        node("MatMul", ["pooled", "intent_w"], ["intent_product"]),
        node("Add", ["intent_product", "intent_b"], ["of_states"]),
        node("Gather", ["votes", "ids"], ["cast"], axis=0),
        node("ReduceSum", ["cast", "zero"], ["of_words"], keepdims=1),
        node("Add", ["of_states", "of_words"], ["intent"]),
        node("Slice", ["x", "zero", "but_last", "zero"], ["before"]),
        node("Concat", ["nothing", "before"], ["left"], axis=0),
        node("Slice", ["x", "one", "end", "zero"], ["after"]),
        node("Concat", ["after", "nothing"], ["right"], axis=0),
        node("Concat", [*all_states, "x", "left", "right"], ["slots"], axis=1),
        node("MatMul", ["slots", "emission_w"], ["emission_product"]),
        node("Add", ["emission_product", "emission_b"], ["emission"]),
    ]
    value = helper.make_tensor_value_info
    outputs = [value(name, TensorProto.FLOAT, [None, None]) for name in ("intent", "emission")]
    initializers = [
        numpy_helper.from_array(np.ascontiguousarray(array), name)
        for name, array in constants.items()
    ]
    ids = [value("ids", TensorProto.INT64, ["tokens"])]
    made = helper.make_graph(nodes, "joint", ids, outputs, initializers)
    opset = [helper.make_opsetid("", 13)]
    content: bytes = helper.make_model(made, opset_imports=opset, ir_version=8).SerializeToString()
    return content


def with_onnx(folder: str) -> None:
    """Time ONNX Runtime with one thread, and hold its answers against NumPy's."""
    saved = np.load(Path(folder) / "network.npz")
    content = graph({name[2:]: saved[name] for name in saved.files if name.startswith("w/")})
    before, start = _resident_mb(), time.perf_counter()
    import onnxruntime

    imported, start = time.perf_counter() - start, time.perf_counter()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    built = time.perf_counter() - start
    count = sum(name.startswith("ids/") for name in saved.files)
    messages = [{"ids": saved[f"ids/{number}"]} for number in range(count)]
    print(f"ONNX Runtime {onnxruntime.__version__}", end=" ")
    print(quantiles(lambda message: session.run(None, message), messages))
    print(f"import {imported * 1e3:.0f} ms, build {built * 1e3:.0f} ms", end=", ")
    print(f"memory {_resident_mb() - before:.0f} MB")
    off = 0.0
    for number, message in enumerate(messages):
        intent, emission = session.run(None, message)
        off = max(off, float(np.abs(intent - saved[f"intent/{number}"]).max()))
        off = max(off, float(np.abs(emission - saved[f"emission/{number}"][0]).max()))
    print(f"largest difference {off:.1e}")


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    sides: Dict[str, Callable[..., None]] = {"numpy": with_numpy, "onnx": with_onnx}
    sides[sys.argv[1]](*sys.argv[2:])
