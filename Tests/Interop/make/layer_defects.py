"""Defects in one layer of a graph whose other layers are right, in graphs of PyTorch's exporters.

Each function changes a graph in place at one layer; they go before any optimiser or quantiser.
"""

import numpy as np
from onnx import helper

import defects


class LayerGraph(defects.Graph):
    """A graph of plain operators, one layer of which is about to be spoilt."""

    def products_of(self, layer):
        """The products with matrices of a layer: query, key, value, output, and the feed-forward's two."""
        return self.products()[1 + 6 * layer:7 + 6 * layer]

    def dense(self, layer, number):
        """The value that a linear layer of a layer gives, with its bias."""
        return self.bias(self.products_of(layer)[number])[0].output[0]

    def take(self, product, weight):
        product.input[1] = self.store("own_weight", weight)


def set_attribute(node, name, value):
    for attribute in [a for a in node.attribute if a.name == name]:
        node.attribute.remove(attribute)
    node.attribute.append(helper.make_attribute(name, value))


def mask_not_added(graph, layer):
    softmax = graph.nodes("Softmax")[layer]
    add = graph.producer(softmax.input[0])
    for value in add.input:
        source = graph.producer(value)
        if defects.scaled_scores(graph, value) or source is not None and source.op_type == "MatMul":
            softmax.input[0] = value
            return


def mask_too_weak(graph, layer):
    """A mask that adds no less than -3."""
    add = graph.producer(graph.nodes("Softmax")[layer].input[0])
    for place, value in enumerate(add.input):
        source = graph.producer(value)
        if not defects.scaled_scores(graph, value) and (
                source is None or source.op_type != "MatMul"):
            least = graph.store("least", np.array(-3, np.float32))
            add.input[place] = graph.insert(
                add, "Max", [value, least], ["weak_mask"], name="weaken_mask")
            return


def softmax_over_queries(graph, layer):
    set_attribute(graph.nodes("Softmax")[layer], "axis", 2)


def large_epsilon(graph, layer):
    norms = graph.nodes("LayerNormalization") or graph.nodes("Sqrt")
    for norm in norms[1 + 2 * layer:3 + 2 * layer]:
        set_epsilon(graph, norm, 1e-3)


def set_epsilon(graph, norm, epsilon):
    if norm.op_type == "LayerNormalization":
        return set_attribute(norm, "epsilon", epsilon)
    add = graph.producer(norm.input[0])
    place = next(i for i, v in enumerate(add.input) if graph.constant(v) is not None)
    add.input[place] = graph.store("epsilon_" + norm.name, np.array(epsilon, np.float32))


def one_epsilon(graph, layer):
    """The epsilon of the attention's LayerNorm alone."""
    norm = (graph.nodes("LayerNormalization") or graph.nodes("Sqrt"))[1 + 2 * layer]
    set_epsilon(graph, norm, 1e-3)


def matrix_transposed(graph, layer):
    product = graph.products_of(layer)[0]
    graph.take(product, graph.constant(product.input[1]).T)


def heads_permuted(graph, layer):
    product = graph.products_of(layer)[0]
    weight = graph.constant(product.input[1])
    order = np.roll(np.arange(weight.shape[1]).reshape(graph.heads, -1), 1, axis=0).ravel()
    add, place = graph.bias(product)
    add.input[place] = graph.store("own_bias", graph.constant(add.input[place])[order])
    graph.take(product, weight[:, order])


def other_gelu(graph, layer):
    tanhs = [
        n for n in graph.nodes("Tanh")
        if (s := graph.producer(n.input[0])) is not None and s.op_type == "Mul"]
    tanh = tanhs[layer]
    scale = graph.producer(tanh.input[0])
    total = next(n for v in scale.input if (n := graph.producer(v)) and n.op_type == "Add")
    x = next(v for v in total.input if graph.producer(v).op_type != "Mul")
    root = graph.store("root", np.array(np.sqrt(0.5), np.float32))
    tanh.input[0] = graph.insert(tanh, "Mul", [x, root], ["scaled"], name="scale_for_erf")
    tanh.op_type = "Erf"


def residual_dropped(graph, layer, number=3):
    result = graph.dense(layer, number)
    (total,) = [n for n in graph.users(result) if n.op_type == "Add"]
    for user in graph.users(total.output[0]):
        for place, value in enumerate(user.input):
            if value == total.output[0]:
                user.input[place] = result


def second_residual_dropped(graph, layer):
    residual_dropped(graph, layer, 5)


def residual_weakened(graph, layer):
    result = graph.dense(layer, 3)
    (total,) = [n for n in graph.users(result) if n.op_type == "Add"]
    place = next(i for i, v in enumerate(total.input) if v != result)
    share = graph.store("share", np.array(0.95, np.float32))
    total.input[place] = graph.insert(
        total, "Mul", [total.input[place], share], ["weakened"], name="weaken_residual")


def scale_missing(graph, layer):
    add = graph.producer(graph.nodes("Softmax")[layer].input[0])
    for place, value in enumerate(add.input):
        if scale := defects.scaled_scores(graph, value):
            add.input[place] = next(v for v in scale.input if graph.constant(v) is None)


def stale_copy(graph, layer):
    product = graph.products_of(layer)[4]
    weight = graph.constant(product.input[1])
    noise = np.random.default_rng(1).standard_normal(weight.shape)
    graph.take(product, (weight + 0.3 * weight.std() * noise).astype(weight.dtype))


# Each with the code of the catalogue, where there is one, and words of what should have come.
DEFECTS = {
    "mask not added": (mask_not_added, "mask-ignored", "probabilities|scores"),
    "mask too weak": (mask_too_weak, "mask-misapplied", "probabilities|scores"),
    "one epsilon": (one_epsilon, "layer-norm-epsilon", "attention's LayerNorm"),
    "softmax over queries": (softmax_over_queries, None, "probabilities"),
    "large epsilon": (large_epsilon, "layer-norm-epsilon", "LayerNorm"),
    "matrix transposed": (matrix_transposed, "transposed", "query|scores"),
    "heads permuted": (heads_permuted, "permuted-heads", "query|scores"),
    "other GELU": (other_gelu, "activation", "activation|feed-forward"),
    "residual dropped": (residual_dropped, None, "LayerNorm|sum behind the attention"),
    "second residual dropped": (second_residual_dropped, None, "output of|sum behind the feed"),
    "residual weakened": (residual_weakened, None, "LayerNorm|sum behind the attention"),
    "scale missing": (scale_missing, "scaled", "probabilities|scores"),
    "stale copy": (stale_copy, None, "feed-forward"),
}
