"""Writes what onnxruntime's tools make of one small ALBERT: python make_runtime.py
(needs torch 2.15, transformers 5.24, onnx 1.23, onnxruntime 1.32, onnxscript 0.7).

Adds each file's config and the digests of the weights that went in to truth.json, and writes those
weights, one parameter after the other in the order of their names, to runtime-source.f32.
"""

import hashlib
import json
import os
import tempfile

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType
from onnxruntime.quantization import quantize_dynamic, quantize_static
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers.float16 import convert_float_to_float16
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from transformers import AlbertConfig, AlbertForPreTraining

CONFIG = dict(
    vocab_size=61, embedding_size=8, hidden_size=16, num_hidden_layers=3, num_hidden_groups=1,
    inner_group_num=1, num_attention_heads=2, intermediate_size=24, hidden_act="relu",
    max_position_embeddings=20, type_vocab_size=2, layer_norm_eps=1e-12, hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0, num_labels=2, attn_implementation="eager",
)
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = ["prediction_logits", "sop_logits"]


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(5)
        self.albert = AlbertForPreTraining(AlbertConfig(**CONFIG)).eval()
        with torch.no_grad():
            for name, value in self.albert.named_parameters():
                is_scale = name.endswith("orm.weight")
                value.copy_(torch.randn(value.shape) * 0.2 + is_scale)

    def forward(self, ids, mask, types):
        return self.albert(
            input_ids=ids, attention_mask=mask, token_type_ids=types, return_dict=False)


def arrays(seed, length=8):
    generator = np.random.default_rng(seed)
    return {
        "input_ids": generator.integers(2, 61, (2, length)),
        "attention_mask": np.ones((2, length), np.int64),
        "token_type_ids": generator.integers(0, 2, (2, length)),
    }


def export(model, path, opset=None):
    """TorchScript's exporter without a set of operators, the newer one with it."""
    given = tuple(torch.from_numpy(value) for value in arrays(0).values())
    axes = {0: "batch", 1: "sequence"}
    if opset is None:
        torch.onnx.export(
            model, given, path, input_names=INPUTS, output_names=OUTPUTS, opset_version=17,
            dynamo=False, dynamic_axes={name: axes for name in INPUTS})
    else:
        free = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
        torch.onnx.export(
            model, given, path, input_names=INPUTS, output_names=OUTPUTS, opset_version=opset,
            dynamo=True, dynamic_shapes=(free, free, free), external_data=False)


def optimised(path, out):
    """What onnxruntime itself saves."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.optimized_model_filepath = out
    ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def fused(path, out, **settings):
    options = FusionOptions("bert")
    for name, value in settings.items():
        setattr(options, name, value)
    optimize_model(
        path, model_type="bert", num_heads=2, hidden_size=16, optimization_options=options,
        opt_level=0).save_model_to_file(out)


class Samples(CalibrationDataReader):
    def __init__(self):
        self.samples = iter([arrays(seed, 16) for seed in range(6)])

    def get_next(self):
        return next(self.samples, None)


def main():
    model = Model()
    scratch = tempfile.mkdtemp()
    script, newer = os.path.join(scratch, "script.onnx"), os.path.join(scratch, "newer.onnx")
    half, whole = os.path.join(scratch, "half.onnx"), os.path.join(scratch, "whole.onnx")
    export(model, script)
    export(model, newer, 23)

    onnx.save(convert_float_to_float16(onnx.load(script), keep_io_types=True), half)
    optimised(half, "float16-optimised.onnx")

    quantizer = MatMulNBitsQuantizer(onnx.load(newer), block_size=16, is_symmetric=False)
    quantizer.process()
    onnx.save(convert_float_to_float16(quantizer.model.model, keep_io_types=True), half)
    optimised(half, "q4-float16-optimised.onnx")

    fused(script, "multi-head-attention.onnx", use_multi_head_attention=True)
    fused(script, whole)
    quantize_dynamic(
        whole, "int8-attention.onnx", weight_type=QuantType.QInt8, per_channel=True,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})

    # Optimum's settings: products of two computed values too.
    quantize_dynamic(
        script, "int8-products.onnx", weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": False})
    plain = onnx.load("int8-products.onnx")
    del plain.graph.value_info[:]
    onnx.save(plain, "int8-products.onnx")

    quant_pre_process(newer, whole, skip_symbolic_shape=True)
    quantize_static(
        whole, "dynamo-int8-qdq.onnx", Samples(), quant_format=QuantFormat.QDQ,
        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
    optimised("dynamo-int8-qdq.onnx", "dynamo-int8-qdq-optimised.onnx")

    weights = {
        name: value.detach().numpy() for name, value in model.albert.named_parameters()
    }
    with open("runtime-source.f32", "wb") as file:
        for name in sorted(weights):
            file.write(weights[name].astype("<f4").tobytes())
    with open("truth.json") as file:
        truth = json.load(file)
    truth["weights"]["runtime"] = {
        name: hashlib.sha256(value.astype("<f4").tobytes()).hexdigest()[:32]
        for name, value in sorted(weights.items())
    }
    keys = next(iter(truth["models"].values()))["config"].keys()
    for name in [
        "float16-optimised", "q4-float16-optimised", "multi-head-attention", "int8-attention",
        "int8-products", "dynamo-int8-qdq", "dynamo-int8-qdq-optimised",
    ]:
        truth["models"][name] = {
            "config": {key: CONFIG[key] for key in keys}, "prefix": "albert.", "weights": "runtime"}
    with open("truth.json", "w") as file:
        json.dump(truth, file, indent=0)


if __name__ == "__main__":
    main()
