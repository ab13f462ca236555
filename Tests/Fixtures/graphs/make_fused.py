"""Makes int8-fused.onnx of dynamo.onnx: fused by onnxruntime's optimiser of transformers, then quantised statically
with integer operators: python make_fused.py (needs onnx and onnxruntime).
"""

import os

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.transformers.optimizer import optimize_model


class Samples(CalibrationDataReader):
    """A few rows of words, the second of which ends in padding."""

    def __init__(self, words):
        numbers = np.random.default_rng(1)
        self.rows = []
        for _ in range(4):
            ids = numbers.integers(0, words, (2, 6))
            mask = np.ones_like(ids)
            mask[1, 4:] = 0
            self.rows.append({
                "input_ids": ids, "attention_mask": mask,
                "token_type_ids": numbers.integers(0, 2, ids.shape)})

    def get_next(self):
        return self.rows.pop() if self.rows else None


table = next(t for t in onnx.load("dynamo.onnx").graph.initializer if t.name.endswith("decoder.weight"))
onnx.save(onnx.shape_inference.infer_shapes(onnx.load("dynamo.onnx")), "fused.onnx")
fused = optimize_model("fused.onnx", model_type="bert", num_heads=2, hidden_size=16, opt_level=0)
fused.save_model_to_file("fused.onnx")
quantize_static(
    "fused.onnx", "int8-fused.onnx", Samples(table.dims[0]), quant_format=QuantFormat.QOperator,
    activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
os.remove("fused.onnx")
