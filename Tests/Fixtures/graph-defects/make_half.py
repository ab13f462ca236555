"""Turns ../graphs/dynamo.onnx into half precision as it is, and with another epsilon or GELU in one layer:
python make_half.py (needs onnx and onnxconverter-common).
"""

import os
import sys

import onnx
from onnxconverter_common import float16

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Interop/make"))
import layer_defects  # noqa: E402

for name, defect in [
        ("half", None), ("half-layer-large-epsilon", "large epsilon"),
        ("half-layer-other-gelu", "other GELU")]:
    graph = layer_defects.LayerGraph("../graphs/dynamo.onnx", 2)
    if defect:
        layer_defects.DEFECTS[defect][0](graph, 1)
    onnx.save(float16.convert_float_to_float16(graph.model), name + ".onnx")
