"""Exports the model of ../graph-defects/heads.onnx with fixed shapes and without token_type_ids: python make.py (needs
torch, transformers, onnx, onnxscript and onnxruntime).

no-segments.onnx is what PyTorch's exporter writes, looked-up.onnx what onnxruntime saves of it with basic optimisations:
both have the only segment looked up, for each token of both sequences. gathered.onnx is of a model with so many
positions that the exporter leaves that to the graph.
"""

import os
import sys

import onnx
import onnxruntime as ort
import torch

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../graph-defects"))
import make_heads  # noqa: E402

for name, positions in [("no-segments.onnx", 20), ("gathered.onnx", 64)]:
    model, ids = make_heads.exported(positions)
    torch.onnx.export(
        model, (ids, torch.ones_like(ids)), name, input_names=make_heads.INPUTS[:2],
        output_names=["logits"], dynamo=True, external_data=False)
    make_heads.save(onnx.load(name), name)
options = ort.SessionOptions()
options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
options.optimized_model_filepath = "looked-up.onnx"
ort.InferenceSession("no-segments.onnx", options, providers=["CPUExecutionProvider"])
