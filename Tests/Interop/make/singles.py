"""Records what onnxruntime computes in Float32, to the last bit.

usage: singles.py OUT

The file is of the node tests' form (Tests/Conformance/cases.py). The order of sums is that of x86 with
AVX2; of longer rows a softmax adds up in another one where there is AVX-512.
"""

import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper

import contrib
from contrib import MICROSOFT, nbits, normal, random, record, record_graph

CASES = {}


def case(name):
    def register(make):
        CASES[name] = (make, 0, 0)
        return make

    return register


@case("matmul-stored")
def _(name):
    g = random(name)
    return record(name, "MatMul", [normal(g, 3, 600), normal(g, 600, 5)], domain="", constants=[1])


@case("matmul-computed")
def _(name):
    g = random(name)
    return record(name, "MatMul", [normal(g, 2, 5, 300), normal(g, 2, 300, 6)], domain="")


@case("matmul-wide")
def _(name):
    g = random(name)
    return record(name, "MatMul", [normal(g, 5, 200), normal(g, 200, 40)], domain="")


@case("gemm-bias")
def _(name):
    g = random(name)
    return record(
        name, "Gemm", [normal(g, 3, 64), normal(g, 20, 64), normal(g, 20)], domain="",
        constants=[1, 2], transB=1)


@case("dequantize-bias")
def _(name):
    # A bias of 32 bits has more digits than Float32.
    steps = random(name).integers(-(2**31), 2**31, 40).astype(np.int32)
    return record(
        name, "DequantizeLinear", [steps, np.float32(3e-10), np.int32(0)], domain="",
        constants=[0, 1, 2])


@case("softmax")
def _(name):
    return record(name, "Softmax", [3 * normal(random(name), 6, 12)], domain="", axis=-1)


@case("softmax-hidden")
def _(name):
    x = 3 * normal(random(name), 6, 12)
    x[:, 9:] = -10000
    return record(name, "Softmax", [x], domain="", axis=-1)


@case("layer-normalization")
def _(name):
    g = random(name)
    return record(
        name, "LayerNormalization", [normal(g, 6, 48), normal(g, 48), normal(g, 48)], domain="",
        constants=[1, 2], epsilon=1e-12)


@case("reduce-mean")
def _(name):
    return record(name, "ReduceMean", [normal(random(name), 6, 48)], domain="", axes=[-1])


@case("reduce-sum")
def _(name):
    g = random(name)
    return record(
        name, "ReduceSum", [normal(g, 6, 48), np.array([-1])], domain="", constants=[1])


@case("tanh")
def _(name):
    return record(name, "Tanh", [4 * normal(random(name), 6, 48)], domain="")


@case("erf")
def _(name):
    return record(name, "Erf", [2 * normal(random(name), 6, 48)], domain="")


@case("gelu-exact")
def _(name):
    return record(name, "Gelu", [2 * normal(random(name), 6, 48)], domain="", version=20)


@case("exp")
def _(name):
    return record(name, "Exp", [20 * normal(random(name), 6, 48)], domain="")


@case("cube")
def _(name):
    x = 3 * normal(random(name), 6, 48)
    return record(name, "Pow", [x, np.array(3, np.float32)], domain="", constants=[1])


@case("gelu-fused")
def _(name):
    return record(name, "Gelu", [2 * normal(random(name), 6, 48)])


@case("bias-gelu")
def _(name):
    g = random(name)
    return record(name, "BiasGelu", [2 * normal(g, 6, 48), normal(g, 48)], constants=[1])


@case("embed-layer-normalization")
def _(name):
    g = random(name)
    ids, types = g.integers(0, 30, (2, 8)), g.integers(0, 2, (2, 8))
    tables = [normal(g, rows, 24) for rows in (30, 8, 2)]
    x = [ids.astype(np.int32), types.astype(np.int32), *tables, normal(g, 24), normal(g, 24)]
    return record(
        name, "EmbedLayerNormalization", x, [True, False], constants=range(2, 7), epsilon=1e-12)


for _bits in (4, 8):

    @case("packed-weights-%d" % _bits)
    def _(name, bits=_bits):
        return nbits(name, bits=bits)


# Of float16: a graph between casts from and to Float32, by which what is not rounded shows.


def cast(value, to, result):
    return helper.make_node("Cast", [value], [result], to=to)


def half(name, op, others=(), domain="", version=21, rows=6, **attributes):
    """One operator between a node and a cast, neither of which has a kernel for float16."""
    names = [f"c{place}" for place in range(len(others))]
    fixed = [numpy_helper.from_array(v, n) for n, v in zip(names, others)]
    nodes = [
        cast("x", TensorProto.FLOAT16, "a"), helper.make_node("Neg", ["a"], ["b"]),
        helper.make_node(op, ["b", *names], ["c"], domain=domain, **attributes),
        helper.make_node("Neg", ["c"], ["d"]), cast("d", TensorProto.FLOAT, "y"),
    ]
    return record_graph(name, nodes, {"x": 2 * normal(random(name), rows, 48)}, ["y"], fixed, version)


def halves(name, *shape):
    return normal(random(name + "-stored"), *shape).astype(np.float16)


for _name, _op, _settings in (
    ("softmax", "Softmax", {"axis": -1}),
    ("softmax-old", "Softmax", {"axis": -1, "version": 12}), ("tanh", "Tanh", {}),
    ("gelu", "Gelu", {}), ("gelu-tanh", "Gelu", {"approximate": "tanh"}),
    ("gelu-fused", "Gelu", {"domain": MICROSOFT}), ("gelu-fast", "FastGelu", {"domain": MICROSOFT}),
    ("identity", "Identity", {}),
):

    @case("half-" + _name)
    def _(name, op=_op, settings=_settings):
        return half(name, op, **settings)


@case("half-bias-gelu")
def _(name):
    return half(name, "BiasGelu", [halves(name, 48)], MICROSOFT)


@case("half-matmul")
def _(name):
    return half(name, "MatMul", [halves(name, 48, 20)])


@case("half-layer-normalization")
def _(name):
    return half(
        name, "LayerNormalization", [halves(name, 48), halves(name, 48)], epsilon=1e-12)


@case("half-packed-weights")
def _(name):
    packed = random(name + "-stored").integers(0, 256, (20, 3, 8)).astype(np.uint8)
    scales = np.abs(halves(name, 20 * 3))
    return half(
        name, "MatMulNBits", [packed, scales], MICROSOFT, K=48, N=20, bits=4, block_size=16)


# Which casts a runtime leaves out: by the types from the first on, "neg" a node that is computed in Float32
# and "move" one with a kernel for float16.

TYPES = {
    "f16": TensorProto.FLOAT16, "f32": TensorProto.FLOAT, "f64": TensorProto.DOUBLE,
    "i64": TensorProto.INT64,
}
NODES = {"neg": "Neg", "move": "Identity"}

for _steps in (
    "f32 f16 f32", "f32 f16 neg f32", "f32 f16 neg neg f32", "f32 f16 neg f32 neg", "f32 f16 f32 neg",
    "f32 neg f16 f32 neg", "f32 f16 neg f16 neg f32", "f32 f16 move f32",
    "f32 f16 neg move move neg f32", "f32 f16 neg move neg f32", "f32 f16 neg f64", "f32 f16 f64",
    "f32 f16 neg i64", "i64 f16 neg f32", "i64 f16 f32", "f64 f16 neg f32", "f32 f16 neg f64 neg",
):
    for _branch in ("", "neg", "move"):

        @case("-".join(["casts", *_steps.split(), *(["beside", _branch] if _branch else [])]))
        def _(name, steps=_steps, branch=_branch):
            """`branch` is a node that takes the first value of float16 that a node gives, or else a cast."""
            first, *rest = steps.split()
            x = 4097.3 + 100 * normal(random(name), 8)
            kind = helper.tensor_dtype_to_np_dtype(TYPES[first])
            nodes, value, beside = [], "x", None
            for place, step in enumerate(rest):
                result = f"v{place}"
                nodes.append(
                    cast(value, TYPES[step], result) if step in TYPES
                    else helper.make_node(NODES[step], [value], [result]))
                if step == "f16" and beside is None or step == "neg" and beside in (None, "v0"):
                    beside = result
                value = result
            results = [value]
            if branch:
                nodes.append(helper.make_node(NODES[branch], [beside], ["z"]))
                nodes.append(cast("z", TensorProto.FLOAT, "zz"))
                results.append("zz")
            return record_graph(name, nodes, {"x": x.astype(kind)}, results)


def added(name, first, second, kind):
    """A sum whose scales are small multiples of each other, so that many results lie on a half."""
    g = random(name)
    bounds = np.iinfo(kind)

    def some(shape):
        return g.integers(bounds.min, bounds.max + 1, shape).astype(kind)

    step = np.float32(0.0173)
    scales = [np.float32(g.integers(1, 64) * step / 64) for _ in range(2)]
    return record(
        name, "QLinearAdd",
        [some(first), scales[0], some(()), some(second), scales[1], some(()), step, some(())],
        constants=[1, 2, 4, 5, 6, 7])


for _name, _first, _second in (
    ("plain", (40, 33), (40, 33)), ("bias", (40, 33), (33,)), ("first-rows", (40, 1), (40, 33)),
    ("second-rows", (40, 33), (40, 1)), ("first-number", (1,), (40, 33)),
    ("second-number", (40, 33), (1,)),
):
    for _kind in (np.uint8, np.int8):

        @case("qlinear-add-%s-%s" % (_name, np.dtype(_kind).name))
        def _(name, first=_first, second=_second, kind=_kind):
            return added(name, first, second, kind)


if __name__ == "__main__":
    contrib.CASES.clear()
    contrib.CASES.update(CASES)
    contrib.main()
