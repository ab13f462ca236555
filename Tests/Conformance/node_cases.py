"""Packs the node tests of the installed onnx package into one file.

usage: node_cases.py OUT [--operators FILE --most N]

With --operators (one `domain:name` a line) a small sample is taken: for each of these operators its
smallest tests, N of them in all, in turn one of each.
"""

import argparse
import os
import warnings

warnings.filterwarnings("ignore")

import onnx  # noqa: E402
from onnx import numpy_helper  # noqa: E402
from onnx.backend.test.loader import load_model_tests  # noqa: E402

from cases import pack  # noqa: E402


# Tests whose expected values a later onnx corrected, for the same model and inputs: 1.16's are those of
# integers that wrapped around where QLinearMatMul saturates.
CORRECTED = {
    "1.16.2": {
        "test_averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True",
        "test_qlinearmatmul_2D_int8_float16",
        "test_qlinearmatmul_2D_int8_float32",
        "test_qlinearmatmul_3D_int8_float16",
        "test_qlinearmatmul_3D_int8_float32",
    }
}


def stored(folder, model):
    """The data sets of a test that is kept as files."""
    sets = []
    while os.path.isdir(place := os.path.join(folder, f"test_data_set_{len(sets)}")):
        def read(kind, listed):
            found = []
            for number, value in enumerate(listed):
                path = os.path.join(place, f"{kind}_{number}.pb")
                if not os.path.exists(path):
                    found.append(None)
                elif value.type.WhichOneof("value") == "tensor_type":
                    with open(path, "rb") as file:
                        found.append(onnx.TensorProto.FromString(file.read()))
                else:
                    found.append(None)
            return found

        sets.append((read("input", model.graph.input), read("output", model.graph.output)))
    return sets


def tests():
    """All node tests: name, model, data sets, tolerances."""
    wrong = CORRECTED.get(onnx.__version__, set())
    for test in load_model_tests(kind="node"):
        if test.name in wrong:
            print(f"left out, since a later onnx corrected what it expects: {test.name}")
            continue
        model, sets = test.model, test.data_sets
        if model is None:
            model = onnx.load(os.path.join(test.model_dir, "model.onnx"))
            sets = stored(test.model_dir, model)
        yield test.name, model, sets, test.rtol, test.atol


def operators(graph):
    """The operators of a graph and the graphs within it."""
    for node in graph.node:
        yield f"{node.domain}:{node.op_type}"
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from operators(attribute.g)


EXOTIC = {onnx.TensorProto.STRING} | {
    number
    for name, number in onnx.TensorProto.DataType.items()
    if name.startswith(("FLOAT8", "FLOAT4", "FLOAT6", "COMPLEX"))
}


def plain(model):
    """Whether all inputs and outputs are tensors of types that are carried out."""
    return all(
        value.type.WhichOneof("value") == "tensor_type"
        and value.type.tensor_type.elem_type not in EXOTIC
        for value in [*model.graph.input, *model.graph.output]
    )


def sample(packed, wanted, most):
    """`most` of the tests: the smallest of each operator, then the next smallest, and so on."""
    queues = {}
    for name, model, content in sorted(packed, key=lambda test: (len(test[2]), test[0])):
        # Training is refused.
        if "_expanded" in name or "train" in name or not plain(model):
            continue
        names = set(operators(model.graph))
        if not names <= wanted:
            continue
        for operator in names:
            queues.setdefault(operator, []).append((name, content))
    chosen = {}
    for turn in range(1000):
        for operator in sorted(queues):
            fresh = [test for test in queues[operator] if test[0] not in chosen]
            # An operator's second test is one of another size, and so of another kind.
            if fresh and len(chosen) < most:
                name, content = fresh[0 if turn == 0 else len(fresh) // 2]
                chosen[name] = content
        if len(chosen) >= most:
            break
    return sorted(chosen.items())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--operators")
    parser.add_argument("--most", type=int, default=150)
    given = parser.parse_args()
    packed = [
        (name, model, pack(name, model, sets, rtol, atol))
        for name, model, sets, rtol, atol in tests()
    ]
    if given.operators:
        with open(given.operators) as file:
            wanted = set(file.read().split())
        content = [test for _, test in sample(packed, wanted, given.most)]
    else:
        content = [test for _, _, test in packed]
    with open(given.out + ".part", "wb") as file:
        file.write(b"".join(content))
    os.replace(given.out + ".part", given.out)
    print(f"{given.out}: {len(content)} tests of onnx {onnx.__version__}")


if __name__ == "__main__":
    main()
