"""The file in which node tests are kept: one after another, each with its model and its values.

A case is a line `name rtol atol bytes-of-the-model bytes-of-the-values sets` and then these bytes.
The values are an ONNX model too, whose initialisers `S/input/N` and `S/output/N` are the inputs and
outputs of data set S in the order of the graph's: one reader reads all.
"""

from onnx import TensorProto, helper, numpy_helper


def tensor(value, name):
    """`value` as a tensor of that name; None where it is none (a sequence, an optional)."""
    if isinstance(value, TensorProto):
        copy = TensorProto()
        copy.CopyFrom(value)
        copy.name = name
        return copy
    if hasattr(value, "dtype"):
        return numpy_helper.from_array(value, name)
    return None


def values(sets):
    """The model that holds the inputs and outputs of all data sets."""
    tensors = []
    for number, (inputs, outputs) in enumerate(sets):
        for kind, listed in (("input", inputs), ("output", outputs)):
            for place, value in enumerate(listed):
                found = tensor(value, f"{number}/{kind}/{place}")
                if found is not None:
                    tensors.append(found)
    graph = helper.make_graph([], "values", [], [], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])


def pack(name, model, sets, rtol, atol):
    """The bytes of one case."""
    model = model.SerializeToString(deterministic=True)
    data = values(sets).SerializeToString(deterministic=True)
    head = f"{name} {rtol:g} {atol:g} {len(model)} {len(data)} {len(sets)}\n"
    return head.encode() + model + data
