"""Puts defects into one layer of ../graphs/dynamo.onnx, an ALBERT of 3 layers by PyTorch's exporter, and of the same
with dynamically quantised products: python make_layers.py (needs onnx and onnxruntime).

int8-layers.onnx is the quantised graph with nothing wrong.
"""

import os
import sys

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Interop/make"))
import layer_defects  # noqa: E402

GOOD = "../graphs/dynamo.onnx"
HEADS = 2
LAYER = 1


def spoilt(name):
    graph = layer_defects.LayerGraph(GOOD, HEADS)
    layer_defects.DEFECTS[name][0](graph, LAYER)
    return graph.model


def quantize(model, path):
    onnx.save(model, "float.onnx")
    quantize_dynamic("float.onnx", path, weight_type=QuantType.QInt8)
    os.remove("float.onnx")


quantize(onnx.load(GOOD), "int8-layers.onnx")
for defect in ["large epsilon", "residual dropped"]:
    quantize(spoilt(defect), "int8-layer-%s.onnx" % defect.replace(" ", "-"))
for defect in ["mask not added", "mask too weak", "large epsilon", "one epsilon", "matrix transposed",
               "residual weakened"]:
    onnx.save(spoilt(defect), "layer-%s.onnx" % defect.replace(" ", "-"))
