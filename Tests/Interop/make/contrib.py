"""Records what onnxruntime computes for its own operators, one small case each.

usage: contrib.py OUT [NAME…]

The file is of the node tests' form (Tests/Conformance/cases.py). All optimisations are off: what is
recorded is the operator itself.
"""

import os
import sys

import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Conformance"))
from cases import pack  # noqa: E402

MICROSOFT = "com.microsoft"
CASES = {}


def case(name, *, rtol=1e-4, atol=1e-5):
    """Registers a function that returns what `record` takes."""

    def register(make):
        CASES[name] = (make, rtol, atol)
        return make

    return register


def random(name):
    """Numbers that depend on the case alone."""
    return np.random.default_rng(list(name.encode()))


def normal(generator, *shape):
    return generator.standard_normal(shape).astype(np.float32)


def integers(generator, kind, *shape):
    bounds = np.iinfo(kind)
    return generator.integers(bounds.min, bounds.max + 1, shape).astype(kind)


def record(name, op, inputs, outputs=1, domain=MICROSOFT, constants=(), version=17, **attributes):
    """Runs one node; `inputs` are arrays, or None where one is left out."""
    names = ["" if value is None else f"x{place}" for place, value in enumerate(inputs)]
    wanted = outputs if isinstance(outputs, list) else [True] * outputs
    results = [f"y{place}" if there else "" for place, there in enumerate(wanted)]
    node = helper.make_node(op, names, results, domain=domain, **attributes)
    fed = {
        n: v for p, (n, v) in enumerate(zip(names, inputs)) if n and p not in constants
    }
    fixed = [
        numpy_helper.from_array(inputs[place], names[place]) for place in constants
    ]
    return record_graph(name, [node], fed, [n for n in results if n], fixed, version)


def record_graph(name, nodes, fed, results, fixed=(), version=17):
    """Runs some nodes on the arrays `fed`, by name, and records the values `results`."""
    declared = [
        helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
        for n, v in fed.items()
    ]
    open_outputs = [helper.make_empty_tensor_value_info(n) for n in results]
    graph = helper.make_graph(nodes, name, declared, open_outputs, list(fixed))
    imports = [helper.make_opsetid("", version), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(graph, opset_imports=imports, ir_version=8)
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    found = session.run(None, fed)
    del graph.output[:], model.graph.output[:]
    model.graph.output.extend(
        helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
        for n, v in zip(results, found)
    )
    return model, [(list(fed.values()), found)]


# Activations and products.

for _op in ("Gelu", "QuickGelu", "FastGelu"):

    @case(_op.lower())
    def _(name, op=_op):
        return record(name, op, [3 * normal(random(name), 3, 8)])


@case("quickgelu_alpha")
def _(name):
    return record(name, "QuickGelu", [normal(random(name), 3, 8)], alpha=0.7)


@case("fastgelu_bias")
def _(name):
    g = random(name)
    return record(name, "FastGelu", [3 * normal(g, 2, 3, 8), normal(g, 8)])


@case("biasgelu")
def _(name):
    g = random(name)
    return record(name, "BiasGelu", [3 * normal(g, 2, 3, 8), normal(g, 8)])


FUSED = {
    "fusedmatmul": ((2, 3, 4), (2, 4, 5), {}),
    "fusedmatmul_alpha": ((3, 4), (4, 5), {"alpha": 0.125}),
    "fusedmatmul_transa": ((2, 4, 3), (2, 4, 5), {"transA": 1}),
    "fusedmatmul_transb": ((2, 3, 4), (5, 4), {"transB": 1, "alpha": 2.0}),
    "fusedmatmul_batcha": ((3, 2, 4), (2, 4, 5), {"transBatchA": 1}),
    "fusedmatmul_batchb": ((2, 3, 4), (4, 2, 5), {"transBatchB": 1}),
    "fusedmatmul_batch_both": ((4, 2, 3), (5, 2, 4), {"transBatchA": 1, "transA": 1, "transBatchB": 1, "transB": 1}),
}
for _name, (_a, _b, _attributes) in FUSED.items():

    @case(_name)
    def _(name, a=_a, b=_b, attributes=_attributes):
        g = random(name)
        return record(name, "FusedMatMul", [normal(g, *a), normal(g, *b)], **attributes)


@case("transposematmul")
def _(name):
    g = random(name)
    return record(name, "TransposeMatMul", [normal(g, 4, 3), normal(g, 4, 5)], transA=1)


@case("fusedgemm_relu")
def _(name):
    g = random(name)
    return record(
        name, "FusedGemm", [normal(g, 3, 4), normal(g, 5, 4), normal(g, 5)],
        transB=1, alpha=0.5, beta=2.0, activation="Relu",
    )


@case("fusedgemm_leaky")
def _(name):
    g = random(name)
    return record(
        name, "FusedGemm", [normal(g, 3, 4), normal(g, 4, 5)],
        activation="LeakyRelu", activation_alpha=0.2,
    )


# Normalisation.


@case("layernormalization_before_17")
def _(name):
    g = random(name)
    return record(
        name, "LayerNormalization", [normal(g, 2, 3, 8), normal(g, 8), normal(g, 8)], 3,
        domain="", version=13, epsilon=1e-12, axis=-1,
    )


@case("simplifiedlayernormalization")
def _(name):
    g = random(name)
    return record(
        name, "SimplifiedLayerNormalization", [normal(g, 2, 3, 8), normal(g, 8)], 2,
        domain="", epsilon=1e-3, axis=-1,
    )


@case("skiplayernormalization")
def _(name):
    g = random(name)
    x = [normal(g, 2, 3, 8), normal(g, 2, 3, 8), normal(g, 8), normal(g, 8), normal(g, 8)]
    return record(name, "SkipLayerNormalization", x, [True, False, False, True], epsilon=1e-3)


@case("skiplayernormalization_broadcast")
def _(name):
    g = random(name)
    x = [normal(g, 2, 3, 8), normal(g, 3, 8), normal(g, 8)]
    return record(name, "SkipLayerNormalization", x, 1)


@case("skipsimplifiedlayernormalization")
def _(name):
    g = random(name)
    x = [normal(g, 2, 3, 8), normal(g, 2, 3, 8), normal(g, 8), normal(g, 8)]
    return record(
        name, "SkipSimplifiedLayerNormalization", x, [True, False, False, True], epsilon=1e-3
    )


def embedding(name, *, segments=True, mask=None, positions=None, outputs=1, **attributes):
    g = random(name)
    ids = g.integers(0, 11, (2, 4)).astype(np.int32)
    kinds = g.integers(0, 2, (2, 4)).astype(np.int32) if segments else None
    x = [
        ids, kinds, normal(g, 11, 8), normal(g, 6, 8), normal(g, 2, 8) if segments else None,
        normal(g, 8), normal(g, 8), mask, positions,
    ]
    while x[-1] is None:
        x.pop()
    return record(name, "EmbedLayerNormalization", x, outputs, epsilon=1e-5, **attributes)


@case("embedlayernormalization")
def _(name):
    return embedding(name, outputs=3)


@case("embedlayernormalization_mask")
def _(name):
    mask = np.array([[1, 1, 1, 0], [1, 1, 0, 0]], np.int32)
    return embedding(name, mask=mask, outputs=2, segments=False)


@case("embedlayernormalization_positions")
def _(name):
    positions = np.array([[2, 3, 1, 0]], np.int32)
    return embedding(name, positions=positions, outputs=1, mask_index_type=0)


@case("qembedlayernormalization")
def _(name):
    g = random(name)
    scales = [np.float32(s) for s in (0.05, 0.04, 0.03, 0.02, 0.01)]
    points = [np.uint8(p) for p in (120, 130, 128, 100, 140)]
    x = [
        g.integers(0, 11, (2, 4)).astype(np.int32), g.integers(0, 2, (2, 4)).astype(np.int32),
        integers(g, np.uint8, 11, 8), integers(g, np.uint8, 6, 8), integers(g, np.uint8, 2, 8),
        integers(g, np.uint8, 8), integers(g, np.uint8, 8),
        np.array([[1, 1, 1, 0], [1, 1, 1, 1]], np.int32),
        *[np.array(s) for s in scales], *[np.array(p) for p in points],
    ]
    return record(name, "QEmbedLayerNormalization", x, 2, epsilon=1e-5, constants=tuple(range(2, 7)))


# Attention.


def attention(name, mask=None, past=None, bias=None, outputs=1, sizes=None, heads=2, **attributes):
    g = random(name)
    hidden = sum(sizes) if sizes else 24
    x = [normal(g, 2, 4, 6), normal(g, 6, hidden), normal(g, hidden), mask, past, bias]
    while x[-1] is None:
        x.pop()
    if sizes:
        attributes["qkv_hidden_sizes"] = sizes
    return record(name, "Attention", x, outputs, num_heads=heads, **attributes)


@case("attention")
def _(name):
    return attention(name)


@case("attention_raw_mask")
def _(name):
    return attention(name, np.array([[1, 1, 1, 0], [1, 0, 1, 1]], np.int32))


@case("attention_mask_end")
def _(name):
    return attention(name, np.array([3, 2], np.int32))


@case("attention_mask_end_start")
def _(name):
    return attention(name, np.array([4, 3, 1, 2], np.int32))


@case("attention_mask_3d")
def _(name):
    return attention(name, random(name).integers(0, 2, (2, 4, 4)).astype(np.int32))


@case("attention_unidirectional")
def _(name):
    return attention(name, np.array([[1, 1, 1, 0], [1, 1, 1, 1]], np.int32), unidirectional=1)


@case("attention_mask_filter")
def _(name):
    mask = np.array([[1, 1, 1, 0], [1, 0, 1, 1]], np.int32)
    return attention(name, mask, mask_filter_value=-1.5)


@case("attention_scale_and_sizes")
def _(name):
    return attention(name, sizes=[8, 8, 12], scale=0.3)


@case("attention_bias")
def _(name):
    return attention(name, bias=normal(random(name + "b"), 1, 2, 4, 4))


@case("attention_past")
def _(name):
    return attention(name, past=normal(random(name + "p"), 2, 2, 2, 3, 4), outputs=2, unidirectional=1)


def heads(name, *, bias=None, padding=None, extra=None, past=False, outputs=1, kv=4, v=8, **attributes):
    g = random(name)
    x = [
        normal(g, 2, 4, 8), normal(g, 2, kv, 8), normal(g, 2, kv, v), bias, padding, extra,
        normal(g, 2, 2, 3, 4) if past else None, normal(g, 2, 2, 3, v // 2) if past else None,
    ]
    while x[-1] is None:
        x.pop()
    return record(name, "MultiHeadAttention", x, outputs, num_heads=2, **attributes)


@case("multiheadattention")
def _(name):
    return heads(name)


@case("multiheadattention_cross")
def _(name):
    return heads(name, kv=5, v=12, scale=0.4)


@case("multiheadattention_bias_and_padding")
def _(name):
    padding = np.array([[1, 1, 1, 0], [1, 1, 0, 0]], np.int32)
    return heads(name, bias=normal(random(name + "b"), 24), padding=padding)


@case("multiheadattention_lengths")
def _(name):
    return heads(name, padding=np.array([3, 2], np.int32))


@case("multiheadattention_attention_bias")
def _(name):
    return heads(name, extra=normal(random(name + "b"), 1, 1, 4, 4))


@case("multiheadattention_past")
def _(name):
    return heads(name, past=True, outputs=3)


@case("multiheadattention_unidirectional")
def _(name):
    return heads(name, unidirectional=1)


@case("multiheadattention_kv_4d")
def _(name):
    g = random(name)
    x = [normal(g, 2, 4, 8), normal(g, 2, 2, 5, 4), normal(g, 2, 2, 5, 4)]
    return record(name, "MultiHeadAttention", x, num_heads=2)


def quantized_attention(name, kind, *, columns=False, mask=None, past=None, outputs=1, **attributes):
    g = random(name)
    width = 24
    scale = (0.01 + 0.02 * g.random(width)).astype(np.float32) if columns else np.float32(0.02)
    points = integers(g, kind, width) // 8 if columns else np.array(3, kind)
    x = [
        integers(g, np.uint8, 2, 4, 6), integers(g, kind, 6, width), normal(g, width),
        np.array(np.float32(0.03)), np.array(scale), mask, np.array(np.uint8(120)),
        points.astype(kind), past,
    ]
    while x[-1] is None:
        x.pop()
    return record(
        name, "QAttention", x, outputs, num_heads=2, constants=(1, 3, 4, 6, 7), **attributes
    )


@case("qattention")
def _(name):
    return quantized_attention(name, np.int8)


@case("qattention_mask_and_columns")
def _(name):
    return quantized_attention(name, np.int8, columns=True, mask=np.array([3, 2], np.int32))


@case("qattention_unsigned_past")
def _(name):
    past = normal(random(name + "p"), 2, 2, 2, 3, 4)
    return quantized_attention(name, np.uint8, past=past, outputs=2, unidirectional=1)


for _interleaved in (0, 1):

    @case(f"rotaryembedding_{_interleaved}")
    def _(name, interleaved=_interleaved):
        g = random(name)
        angle = normal(g, 10, 4)
        x = [normal(g, 2, 3, 16), g.integers(0, 10, (2, 3)), np.cos(angle), np.sin(angle)]
        return record(name, "RotaryEmbedding", x, interleaved=interleaved)


@case("rotaryembedding_offset_4d")
def _(name):
    g = random(name)
    angle = normal(g, 10, 4)
    x = [normal(g, 2, 2, 3, 8), np.array([4], np.int64), np.cos(angle), np.sin(angle)]
    return record(name, "RotaryEmbedding", x)


# Products of integers and packed weights.


def dynamic(name, kind, *, columns=False, bias=False, point=True):
    g = random(name)
    scale = (0.01 + 0.02 * g.random(5)).astype(np.float32) if columns else np.array(np.float32(0.02))
    points = integers(g, kind, 5) // 4 if columns else np.array(kind(7))
    x = [
        normal(g, 2, 3, 16), integers(g, kind, 16, 5), scale, points.astype(kind) if point else None,
        normal(g, 5) if bias else None,
    ]
    while x[-1] is None:
        x.pop()
    return record(name, "DynamicQuantizeMatMul", x, constants=(1,))


@case("dynamicquantizematmul")
def _(name):
    return dynamic(name, np.int8)


@case("dynamicquantizematmul_columns_and_bias")
def _(name):
    return dynamic(name, np.int8, columns=True, bias=True)


@case("dynamicquantizematmul_unsigned_no_point")
def _(name):
    return dynamic(name, np.uint8, bias=True, point=False)


@case("matmulintegertofloat")
def _(name):
    g = random(name)
    x = [
        integers(g, np.uint8, 2, 3, 16), integers(g, np.int8, 16, 5), np.array(np.float32(0.03)),
        np.array(np.float32(0.02)), np.array(np.uint8(120)), np.array(np.int8(3)), normal(g, 5),
    ]
    return record(name, "MatMulIntegerToFloat", x, constants=(1,))


@case("matmulintegertofloat_columns")
def _(name):
    g = random(name)
    x = [
        integers(g, np.int8, 3, 16), integers(g, np.int8, 16, 5), np.array(np.float32(0.03)),
        (0.01 + 0.02 * g.random(5)).astype(np.float32), None, (integers(g, np.int8, 5) // 4).astype(np.int8),
    ]
    return record(name, "MatMulIntegerToFloat", x, constants=(1,))


def nbits(name, *, bits=4, block=16, k=40, n=5, points=None, bias=False, groups=False, level=None):
    g = random(name)
    blocks = -(-k // block)
    scales = (0.01 + 0.05 * g.random((n, blocks))).astype(np.float32)
    zero = None
    if points == "packed":
        zero = integers(g, np.uint8, n, -(-blocks * bits // 8))
    elif points == "float":
        zero = (7 + 2 * g.random((n, blocks))).astype(np.float32)
    x = [
        normal(g, 3, k), integers(g, np.uint8, n, blocks, block * bits // 8), scales, zero,
        None, normal(g, n) if bias else None,
    ]
    while x[-1] is None:
        x.pop()
    attributes = dict(K=k, N=n, bits=bits, block_size=block)
    if level is not None:
        attributes["accuracy_level"] = level
    constants = tuple(p for p in (1, 2, 3, 5) if p < len(x) and x[p] is not None)
    return record(name, "MatMulNBits", x, constants=constants, **attributes)


@case("matmulnbits")
def _(name):
    return nbits(name)


@case("matmulnbits_points")
def _(name):
    return nbits(name, points="packed")


@case("matmulnbits_float_points")
def _(name):
    return nbits(name, points="float")


@case("matmulnbits_bias")
def _(name):
    return nbits(name, bias=True, k=32)


@case("matmulnbits_8")
def _(name):
    return nbits(name, bits=8, k=32, points="packed")


@case("matmulnbits_2")
def _(name):
    return nbits(name, bits=2, k=64, block=32, points="packed")


for _kind in (0, 1):

    @case(f"matmulbnb4_{_kind}")
    def _(name, kind=_kind):
        g = random(name)
        k, n, block = 32, 5, 16
        x = [
            normal(g, 3, k), integers(g, np.uint8, k * n // 2),
            (0.5 + g.random(k * n // block)).astype(np.float32),
        ]
        return record(
            name, "MatMulBnb4", x, constants=(1, 2), K=k, N=n, block_size=block, quant_type=kind
        )


def gathered(name, data, blocks, points=None, constants=(0, 2), **attributes):
    g = random(name)
    x = [
        data, np.array([[0, 3], [2, 1]], np.int64),
        (0.01 + 0.05 * g.random(blocks)).astype(np.float32), points,
    ]
    while x[-1] is None:
        x.pop()
    return record(
        name, "GatherBlockQuantized", x, constants=tuple(p for p in (0, 2, 3) if p < len(x)),
        block_size=16, **attributes,
    )


@case("gatherblockquantized_bytes")
def _(name):
    g = random(name)
    return gathered(name, integers(g, np.uint8, 5, 16), (5, 2), bits=4, gather_axis=0, quantize_axis=1)


@case("gatherblockquantized_points")
def _(name):
    g = random(name)
    points = integers(g, np.uint8, 5, 1)
    return gathered(name, integers(g, np.uint8, 5, 16), (5, 2), points, bits=4, gather_axis=0, quantize_axis=1)


@case("gatherblockquantized_8")
def _(name):
    g = random(name)
    return gathered(name, integers(g, np.uint8, 5, 32), (5, 2), bits=8, gather_axis=0, quantize_axis=1)


@case("gatherblockquantized_uint4")
def _(name):
    import ml_dtypes

    g = random(name)
    data = g.integers(0, 16, (5, 32)).astype(ml_dtypes.uint4)
    points = g.integers(0, 16, (5, 2)).astype(ml_dtypes.uint4)
    return gathered(name, data, (5, 2), points, gather_axis=0, quantize_axis=1)


@case("gatherblockquantized_int4_axis")
def _(name):
    import ml_dtypes

    g = random(name)
    data = g.integers(-8, 8, (4, 32)).astype(ml_dtypes.int4)
    return gathered(name, data, (1, 32), gather_axis=1, quantize_axis=0)


# Operators on quantised values.

STEP = dict(rtol=0, atol=1e-7)


def scalar(kind, value):
    return np.array(kind(value))


for _op in ("QLinearAdd", "QLinearMul"):
    for _kind in (np.uint8, np.int8):

        @case(f"{_op.lower()}_{_kind.__name__}", **STEP)
        def _(name, op=_op, kind=_kind):
            g = random(name)
            x = [
                integers(g, kind, 2, 3, 8), scalar(np.float32, 0.03), scalar(kind, 12),
                integers(g, kind, 8), scalar(np.float32, 0.02), scalar(kind, 5),
                scalar(np.float32, 0.05 if op == "QLinearAdd" else 0.08), scalar(kind, 20),
            ]
            return record(name, op, x)


for _op, _attributes in (("QLinearSigmoid", {}), ("QLinearLeakyRelu", {"alpha": 0.2})):
    for _kind in (np.uint8, np.int8):

        @case(f"{_op.lower()}_{_kind.__name__}", **STEP)
        def _(name, op=_op, kind=_kind, attributes=_attributes):
            g = random(name)
            x = [
                integers(g, kind, 4, 16), scalar(np.float32, 0.05), scalar(kind, 12),
                scalar(np.float32, 1 / 256 if op == "QLinearSigmoid" else 0.04),
                scalar(kind, 0 if kind == np.uint8 else -128),
            ]
            return record(name, op, x, **attributes)


for _kind in (np.uint8, np.int8):

    @case(f"qlinearsoftmax_{_kind.__name__}", **STEP)
    def _(name, kind=_kind):
        g = random(name)
        x = [
            integers(g, kind, 2, 3, 8), scalar(np.float32, 0.05), scalar(kind, 12),
            scalar(np.float32, 1 / 256), scalar(kind, 0 if kind == np.uint8 else -128),
        ]
        return record(name, "QLinearSoftmax", x, axis=-1, opset=13)


@case("qlinearconcat", **STEP)
def _(name):
    g = random(name)
    x = [
        scalar(np.float32, 0.04), scalar(np.uint8, 100),
        integers(g, np.uint8, 2, 3), scalar(np.float32, 0.03), scalar(np.uint8, 120),
        integers(g, np.uint8, 2, 4), scalar(np.float32, 0.05), scalar(np.uint8, 90),
    ]
    return record(name, "QLinearConcat", x, axis=1)


@case("qlinearwhere", **STEP)
def _(name):
    g = random(name)
    x = [
        g.random((3, 8)) < 0.5, integers(g, np.uint8, 3, 8), scalar(np.float32, 0.03),
        scalar(np.uint8, 120), integers(g, np.uint8, 3, 8), scalar(np.float32, 0.05),
        scalar(np.uint8, 90), scalar(np.float32, 0.04), scalar(np.uint8, 100),
    ]
    return record(name, "QLinearWhere", x, constants=(2, 3, 5, 6, 7, 8))


def quantized_gemm(name, *, output=True, columns=False):
    g = random(name)
    scale = (0.01 + 0.02 * g.random(5)).astype(np.float32) if columns else scalar(np.float32, 0.02)
    point = (integers(g, np.int8, 5) // 8).astype(np.int8) if columns else scalar(np.int8, 2)
    x = [
        integers(g, np.uint8, 3, 16), scalar(np.float32, 0.03), scalar(np.uint8, 120),
        integers(g, np.int8, 5, 16), scale, point,
        g.integers(-900, 900, 5).astype(np.int32),
        scalar(np.float32, 0.4) if output else None, scalar(np.uint8, 110) if output else None,
    ]
    while x[-1] is None:
        x.pop()
    return record(name, "QGemm", x, transB=1, alpha=0.5, constants=tuple(p for p in (3, 4, 5, 6) ))


@case("qgemm", **STEP)
def _(name):
    return quantized_gemm(name)


@case("qgemm_float", rtol=1e-5, atol=1e-5)
def _(name):
    return quantized_gemm(name, output=False, columns=True)


@case("microsoft_quantizelinear_16", **STEP)
def _(name):
    x = [normal(random(name), 3, 8), scalar(np.float32, 0.001), scalar(np.uint16, 32000)]
    return record(name, "QuantizeLinear", x)


@case("microsoft_dequantizelinear_16")
def _(name):
    g = random(name)
    x = [integers(g, np.int16, 3, 8), scalar(np.float32, 0.001), scalar(np.int16, 20)]
    return record(name, "DequantizeLinear", x)


def main():
    out, wanted = sys.argv[1], sys.argv[2:]
    packed = []
    for name, (make, rtol, atol) in CASES.items():
        if wanted and name not in wanted:
            continue
        try:
            model, sets = make(name)
        except Exception as error:  # noqa: BLE001
            sys.exit(f"{name}: {error}")
        packed.append(pack(name, model, sets, rtol, atol))
    with open(out, "wb") as file:
        file.write(b"".join(packed))
    print(f"{out}: {len(packed)} cases of onnxruntime {ort.__version__}")


if __name__ == "__main__":
    main()
