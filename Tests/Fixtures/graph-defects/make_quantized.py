"""Puts defects into ../graphs/int8-dynamic.onnx that are smaller than what its 8-bit products cost:
python make_quantized.py (needs onnx).

Each file differs from ../graphs/int8-dynamic.onnx in one thing.
"""

import os
import sys

import onnx

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Interop/make"))
import quantized_defects  # noqa: E402

for name in ["mask not added", "softmax over queries", "scale missing"]:
    graph = quantized_defects.QuantizedGraph("../graphs/int8-dynamic.onnx")
    assert quantized_defects.DEFECTS[name][0](graph)
    onnx.save(graph.model, "int8-%s.onnx" % name.replace(" ", "-"))

graph = quantized_defects.QuantizedGraph("../graphs/int8-dynamic.onnx")
assert quantized_defects.pooler_weakened(graph)
onnx.save(graph.model, "int8-pooler-weakened.onnx")
