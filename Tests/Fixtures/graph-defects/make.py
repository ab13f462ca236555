"""Puts defects into ../graphs/dynamo.onnx, an ALBERT of 3 layers by PyTorch's exporter: python make.py (needs onnx).

Each file differs from ../graphs/dynamo.onnx in one thing that exporters and people have got wrong.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper

HEADS = 2


class Model:
    def __init__(self):
        self.model = onnx.load("../graphs/dynamo.onnx")
        self.graph = self.model.graph

    def nodes(self, operator):
        return [node for node in self.graph.node if node.op_type == operator]

    def producer(self, value):
        return next((node for node in self.graph.node if value in node.output), None)

    def users(self, value):
        return [node for node in self.graph.node if value in node.input]

    def constant(self, value):
        tensors = [tensor for tensor in self.graph.initializer if tensor.name == value]
        return numpy_helper.to_array(tensors[0]) if tensors else None

    def store(self, name, array):
        array = np.ascontiguousarray(array)
        self.graph.initializer.append(numpy_helper.from_array(array, name))
        return name

    def products(self):
        """The products with weights, in order: the projection, then per layer query, key, value, output,
        and the two of the feed-forward."""
        return [
            node
            for node in self.nodes("MatMul")
            if (weight := self.constant(node.input[1])) is not None and weight.ndim == 2
        ]

    def save(self, name):
        onnx.checker.check_model(self.model)
        onnx.save(self.model, f"{name}.onnx")


def mask_not_added():
    model = Model()
    for softmax in model.nodes("Softmax"):
        softmax.input[0] = model.producer(softmax.input[0]).input[0]
    return model


def dropout_left_on():
    """As PyTorch exports a model that is in training."""
    model = Model()
    ratio, trains = model.store("ratio", np.array(0.1, np.float32)), model.store("trains", np.array(True))
    softmax = model.nodes("Softmax")[0]
    users = model.users(softmax.output[0])
    for user in users:
        for place, name in enumerate(user.input):
            if name == softmax.output[0]:
                user.input[place] = "dropped"
    node = helper.make_node("Dropout", [softmax.output[0], ratio, trains], ["dropped"], name="dropout", seed=1)
    model.graph.node.insert(list(model.graph.node).index(softmax) + 1, node)
    return model


def softmax_over_queries():
    model = Model()
    for attribute in model.nodes("Softmax")[1].attribute:
        if attribute.name == "axis":
            attribute.i = -2
    return model


def softmax_steps_over_queries():
    """The same of a softmax that is written out, as a converter does it that has no such operator."""
    model = Model()
    softmax = model.nodes("Softmax")[1]
    scores, probabilities = softmax.input[0], softmax.output[0]
    axes = model.store("softmax_axes", np.array([-2], np.int64))
    steps = [
        helper.make_node("ReduceMax", [scores, axes], ["softmax_most"], keepdims=1),
        helper.make_node("Sub", [scores, "softmax_most"], ["softmax_below"]),
        helper.make_node("Exp", ["softmax_below"], ["softmax_powers"]),
        helper.make_node("ReduceSum", ["softmax_powers", axes], ["softmax_sum"], keepdims=1),
        helper.make_node("Div", ["softmax_powers", "softmax_sum"], [probabilities]),
    ]
    place = list(model.graph.node).index(softmax)
    model.graph.node.remove(softmax)
    for offset, step in enumerate(steps):
        model.graph.node.insert(place + offset, step)
    return model


def large_epsilon():
    model = Model()
    for norm in model.nodes("LayerNormalization"):
        for attribute in norm.attribute:
            if attribute.name == "epsilon":
                attribute.f = 1e-3
    return model


def key_transposed():
    model = Model()
    products = model.products()
    name = model.store("key_transposed", model.constant(products[2].input[1]).T)
    for layer in range(3):
        products[2 + 6 * layer].input[1] = name
    return model


def heads_permuted():
    model = Model()
    products = model.products()
    weight = model.constant(products[1].input[1])
    width = weight.shape[1]
    order = np.roll(np.arange(width).reshape(HEADS, -1), 1, axis=0).ravel()
    weights = model.store("query_permuted", weight[:, order])
    biases = None
    for layer in range(3):
        product = products[1 + 6 * layer]
        product.input[1] = weights
        (add,) = model.users(product.output[0])
        place = next(i for i, name in enumerate(add.input) if name != product.output[0])
        biases = biases or model.store(
            "query_bias_permuted", model.constant(add.input[place])[order]
        )
        add.input[place] = biases
    return model


def positions_from_2():
    model = Model()
    table = next(t for t in model.graph.initializer if "position_embeddings" in t.name)
    gather = next(node for node in model.nodes("Gather") if node.input[0] == table.name)
    two = model.store("two", np.array(2, np.int64))
    add = helper.make_node("Add", [gather.input[1], two], ["positions"], name="shift_positions")
    model.graph.node.insert(list(model.graph.node).index(gather), add)
    gather.input[1] = "positions"
    return model


def exact_gelu():
    model = Model()
    for tanh in model.nodes("Tanh"):
        scaled = model.producer(tanh.input[0])
        if scaled.op_type != "Mul":
            continue
        x = model.producer(scaled.input[0]).input[0]
        (plus,) = model.users(tanh.output[0])
        (product,) = model.users(plus.output[0])
        product.op_type = "Gelu"
        del product.input[:]
        product.input.append(x)
    return model


def residual_dropped():
    model = Model()
    dense = model.products()[10]
    (bias,) = model.users(dense.output[0])
    (total,) = model.users(bias.output[0])
    for user in model.users(total.output[0]):
        for place, name in enumerate(user.input):
            if name == total.output[0]:
                user.input[place] = bias.output[0]
    return model


def scale_missing():
    model = Model()
    for softmax in model.nodes("Softmax"):
        add = model.producer(softmax.input[0])
        add.input[0] = model.producer(add.input[0]).input[0]
    return model


def stale_copy():
    model = Model()
    product = model.products()[13]
    weight = model.constant(product.input[1])
    noise = np.random.default_rng(0).normal(0, 0.05, weight.shape)
    product.input[1] = model.store("query_stale", (weight + noise).astype(np.float32))
    return model


def norm_left_out():
    model = Model()
    norm = model.nodes("LayerNormalization")[3]
    for user in model.users(norm.output[0]):
        for place, name in enumerate(user.input):
            if name == norm.output[0]:
                user.input[place] = norm.input[0]
    model.graph.node.remove(norm)
    return model


if __name__ == "__main__":
    for make in [
        mask_not_added, dropout_left_on, softmax_over_queries,
        softmax_steps_over_queries, large_epsilon, key_transposed, heads_permuted,
        positions_from_2, exact_gelu, residual_dropped, scale_missing, stale_copy, norm_left_out,
    ]:
        make().save(make.__name__.replace("_", "-"))
