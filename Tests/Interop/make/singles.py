"""Records what onnxruntime computes in Float32, to the last bit.

usage: singles.py OUT

The file is of the node tests' form (Tests/Conformance/cases.py). The order of sums is that of x86 with
AVX2; of longer rows a softmax adds up in another one where there is AVX-512.
"""

import sys

import numpy as np

import contrib
from contrib import normal, random, record

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
