"""Graphs that are no transformers, each with what onnxruntime computes of it without its optimisations.

PyTorch 2.15 (both exporters), onnx 1.23, scikit-learn 1.9 with skl2onnx 1.20, onnxruntime 1.32:

    python make.py
"""

import warnings

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(0)
random = np.random.default_rng(0)


def export(name, model, inputs, outputs, dynamic=None, dynamo=False, **arrays):
    """Exports a model, and records a run of it on the arrays."""
    torch.onnx.export(
        model.eval(), tuple(torch.tensor(array) for array in arrays.values()), f"{name}.onnx",
        input_names=inputs, output_names=outputs, dynamic_axes=dynamic, dynamo=dynamo,
        opset_version=18 if dynamo else 17, verbose=False, **({"external_data": False} if dynamo else {}))
    if dynamo:
        strip(f"{name}.onnx")
    record(name, **arrays)


def strip(path):
    """Leaves out where in the sources each node comes from."""
    model = onnx.load(path)
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.graph.metadata_props[:]
    del model.metadata_props[:]
    onnx.save(model, path)


def save(name, nodes, inputs, outputs, stored=(), **arrays):
    """Writes a graph of single nodes, and records a run of it on the arrays."""
    graph = helper.make_graph(nodes, name, inputs, outputs, list(stored))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, f"{name}.onnx")
    record(name, **arrays)


def record(name, **arrays):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(f"{name}.onnx", options, providers=["CPUExecutionProvider"])
    outputs = [output.name for output in session.get_outputs()]
    np.savez(f"{name}.npz", **arrays, **dict(zip(outputs, session.run(None, arrays))))


def floats(*shape):
    return random.normal(size=shape).astype(np.float32)


def perceptron(outputs):
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, outputs), nn.Softmax(-1))


rows = {"features": {0: "batch"}}
export("perceptron", perceptron(3), ["features"], ["probabilities"], rows, features=floats(3, 16))
export("perceptron-dynamo", perceptron(3), ["features"], ["answer"], dynamo=True, features=floats(2, 16))


class Many(nn.Module):
    """Outputs of several types."""

    def forward(self, x):
        values, indices = x.topk(3, -1)
        return values, indices, x.argmax(-1), x > 0, x.cumsum(-1)


export("many", Many(), ["x"], ["values", "indices", "best", "positive", "sums"], {"x": {0: "batch"}},
       x=floats(2, 8))


class Table(nn.Module):
    """A table of categories beside numbers."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(20, 4)
        self.linear = nn.Linear(7, 2)

    def forward(self, category, numbers):
        return self.linear(torch.cat([self.table(category), numbers], -1))


export("table", Table(), ["category", "numbers"], ["score"],
       {"category": {0: "n"}, "numbers": {0: "n"}}, category=np.array([19, 3]), numbers=floats(2, 3))


class Neighbours(nn.Module):
    """Convolutions and pools of images."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 3, stride=2, padding=1), nn.BatchNorm2d(4), nn.ReLU6(),
            nn.MaxPool2d(3, 2, padding=1, ceil_mode=True), nn.Conv2d(4, 4, 3, padding=2, dilation=2, groups=4),
            nn.Hardswish(), nn.AvgPool2d(2, padding=1), nn.AdaptiveAvgPool2d(1))
        self.scores = nn.Linear(4, 2)

    def forward(self, image):
        return self.scores(self.features(image).flatten(1))


export("neighbours", Neighbours(), ["image"], ["scores"], {"image": {0: "n", 2: "h", 3: "w"}},
       image=floats(2, 3, 13, 10))


class Signal(nn.Module):
    """Convolutions along one axis and back."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv1d(4, 6, 5, stride=2, padding=2)
        self.up = nn.ConvTranspose1d(6, 4, 4, stride=3, padding=1, output_padding=1, groups=2)

    def forward(self, signal):
        return self.up(torch.relu(self.down(signal)))


export("signal", Signal(), ["signal"], ["up"], {"signal": {0: "n", 2: "t"}}, signal=floats(2, 4, 9))


class Recurrence(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        y, state = self.layer(x)
        return (y, *state) if isinstance(state, tuple) else (y, state)


steps = {"x": {0: "t", 1: "n"}}
export("lstm", Recurrence(nn.LSTM(3, 4, 2, bidirectional=True)), ["x"], ["y", "h", "c"], steps, x=floats(5, 2, 3))
export("gru", Recurrence(nn.GRU(3, 4, batch_first=True)), ["x"], ["y", "h"], {"x": {0: "n", 1: "t"}},
       x=floats(2, 5, 3))
export("rnn", Recurrence(nn.RNN(3, 4, nonlinearity="relu")), ["x"], ["y", "h"], steps, x=floats(5, 2, 3))

value = helper.make_tensor_value_info
body = helper.make_graph(
    [helper.make_node("Identity", ["go"], ["goes"]), helper.make_node("Mul", ["x", "half"], ["y"]),
     helper.make_node("Identity", ["y"], ["row"])], "body",
    [value("turn", TensorProto.INT64, []), value("go", TensorProto.BOOL, []), value("x", TensorProto.FLOAT, ["n"])],
    [value("goes", TensorProto.BOOL, []), value("y", TensorProto.FLOAT, ["n"]), value("row", TensorProto.FLOAT, ["n"])])
save("loop", [helper.make_node("Loop", ["turns", "", "start"], ["last", "all"], body=body)],
     [value("turns", TensorProto.INT64, []), value("start", TensorProto.FLOAT, ["n"])],
     [value("last", TensorProto.FLOAT, ["n"]), value("all", TensorProto.FLOAT, [None, "n"])],
     [helper.make_tensor("half", TensorProto.FLOAT, [], [0.5])], turns=np.array(3), start=floats(2))
branches = [
    helper.make_graph([helper.make_node(operator, ["x"] * count, [name])], name, [],
                      [value(name, TensorProto.DOUBLE, [2, 3])])
    for operator, count, name in [("Add", 2, "double"), ("Neg", 1, "negative")]]
save("condition",
     [helper.make_node("If", ["flag"], ["y"], then_branch=branches[0], else_branch=branches[1])],
     [value("flag", TensorProto.BOOL, []), value("x", TensorProto.DOUBLE, [2, 3])],
     [value("y", TensorProto.DOUBLE, [2, 3])], flag=np.array(False), x=random.normal(size=(2, 3)))


def learned():
    """Models of scikit-learn that ONNX's own operators say, but for the labels of classes."""
    from sklearn.cluster import KMeans
    from sklearn.neural_network import MLPClassifier
    from skl2onnx import to_onnx

    points = floats(60, 5)
    classes = (points[:, 0] > 0) * 3 + (points[:, 1] > 0)
    for name, model in [("clusters", KMeans(3, n_init=2, random_state=0).fit(points)),
                        ("classes", MLPClassifier((4,), random_state=0).fit(points, classes))]:
        options = {"zipmap": False} if name == "classes" else None
        onnx.save(to_onnx(model, points[:1], options=options, target_opset={"": 17, "ai.onnx.ml": 3}), f"{name}.onnx")
        record(name, X=floats(4, 5))


learned()
