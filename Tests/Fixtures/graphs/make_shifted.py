"""Shifts the embedding tables of dynamo.onnx far from zero, so that LayerNorm cancels most of what it takes:
python make_shifted.py (needs onnx).
"""

import numpy
import onnx

model = onnx.load("dynamo.onnx")
for tensor in model.graph.initializer:
    if tensor.name.endswith("embeddings.weight"):
        values = onnx.numpy_helper.to_array(tensor) / 16 + numpy.float32(16)
        tensor.CopyFrom(onnx.numpy_helper.from_array(values.astype(numpy.float32), tensor.name))
onnx.save(model, "shifted.onnx")
