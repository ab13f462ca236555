"""Records what onnxruntime computes of whole graphs, its optimisations off.

usage: graphs.py FOLDER OUT

For each `.onnx` of FOLDER a case of the node tests' form (Tests/Conformance/cases.py), whose model is
left empty: it is the file of the case's name.
"""

import glob
import os
import sys

import numpy as np
import onnx
import onnxruntime as ort

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Conformance"))
from cases import values  # noqa: E402

# Extents that a graph leaves open.
EXTENTS = {0: 2, 1: 8, 2: 8}


def fed(graph):
    """Inputs that every small model takes: ids from its vocabulary, a mask that hides the last two."""
    stored = {tensor.name for tensor in graph.initializer}
    generator = np.random.default_rng(7)
    result = {}
    for value in graph.input:
        if value.name in stored:
            continue
        kind = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
        axes = value.type.tensor_type.shape.dim
        shape = [axis.dim_value or EXTENTS[place] for place, axis in enumerate(axes)]
        if "mask" in value.name:
            array = np.ones(shape, kind)
            array[..., -2:] = 0
        elif "type" in value.name or "segment" in value.name:
            array = generator.integers(0, 2, shape).astype(kind)
        else:
            array = generator.integers(2, 20, shape).astype(kind)
        result[value.name] = array
    return result


def main():
    folder, out = sys.argv[1:]
    count = 0
    with open(out, "wb") as file:
        for path in sorted(glob.glob(os.path.join(folder, "*.onnx"))):
            options = ort.SessionOptions()
            options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
            options.intra_op_num_threads = 1
            options.log_severity_level = 4
            inputs = fed(onnx.load(path).graph)
            try:
                session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
                outputs = session.run(None, inputs)
            except Exception as error:  # noqa: BLE001
                print(f"{path}: {str(error)[:200]}")
                continue
            data = values([(list(inputs.values()), outputs)]).SerializeToString(deterministic=True)
            name = os.path.basename(path)
            file.write(f"{name} 1e-5 1e-4 0 {len(data)} 1\n".encode() + data)
            count += 1
    print(f"{out}: {count} graphs by onnxruntime {ort.__version__}")


if __name__ == "__main__":
    main()
