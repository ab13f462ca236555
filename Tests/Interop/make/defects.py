"""Ten things that exporters and people get wrong, put into graphs of any exporter.

Each function changes a graph in place and says whether it found a place for its defect: plain operators
of PyTorch's exporters and tf2onnx, and what onnxruntime's optimiser makes of them.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper


class Graph:
    """A graph that is about to be spoilt."""

    def __init__(self, path, heads=None):
        self.model = onnx.load(path)
        self.graph = self.model.graph
        self.heads = heads
        self.version = next(o.version for o in self.model.opset_import if not o.domain)

    def nodes(self, *operators):
        return [node for node in self.graph.node if node.op_type in operators]

    def producer(self, value):
        return next((node for node in self.graph.node if value in node.output), None)

    def users(self, value):
        return [node for node in self.graph.node if value in node.input]

    def constant(self, value):
        """The stored numbers that a value is, where it is any."""
        tensor = next((t for t in self.graph.initializer if t.name == value), None)
        if tensor is not None:
            return numpy_helper.to_array(tensor)
        node = self.producer(value)
        if node is None or node.op_type not in ("Constant", "Identity", "Transpose"):
            return None
        if node.op_type == "Constant":
            return numpy_helper.to_array(node.attribute[0].t)
        stored = self.constant(node.input[0])
        turned = node.op_type == "Transpose" and stored is not None
        return stored.transpose(list(node.attribute[0].ints)) if turned else stored

    def store(self, name, array):
        self.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def insert(self, before, *arguments, **settings):
        """A new node in front of another one; gives its value's name."""
        node = helper.make_node(*arguments, **settings)
        self.graph.node.insert(list(self.graph.node).index(before), node)
        return node.output[0]

    def products(self):
        """Products with stored matrices."""
        return [
            node for node in self.nodes("MatMul", "MatMulInteger")
            if (weight := self.constant(node.input[1])) is not None and weight.ndim == 2
        ]

    def alike(self, product):
        """All products with the same numbers, whatever their names: layers share them."""
        weight = self.constant(product.input[1])
        return [n for n in self.products() if np.array_equal(self.constant(n.input[1]), weight)]

    def square(self):
        """The first product of the attention: of the query, key or value."""
        return next(
            n for n in self.products() if len(set(self.constant(n.input[1]).shape)) == 1)

    def replace(self, product, change):
        """Makes other numbers of a matrix everywhere, inside fused attention too."""
        weight = self.constant(product.input[1])
        uses, width = self.alike(product), weight.shape[1]
        name = self.store("spoilt", change(weight))
        for node in uses:
            node.input[1] = name
        for node in self.nodes("Attention"):
            joint = self.constant(node.input[1]).copy()
            for start in range(0, joint.shape[1], width):
                if np.array_equal(joint[:, start:start + width], weight):
                    joint[:, start:start + width] = change(weight)
            node.input[1] = self.store("spoilt_" + node.name, joint)
        return uses

    def bias(self, product):
        """The sum with a stored vector behind a product, and the vector's place in it."""
        value = product.output[0]
        while len(users := self.users(value)) == 1:
            (user,) = users
            for place, name in enumerate(user.input):
                stored = self.constant(name)
                if user.op_type == "Add" and stored is not None and stored.ndim == 1:
                    return user, place
            value = user.output[0]
        return None


def setting(node, name):
    return next((a for a in node.attribute if a.name == name), None)


def scaled_scores(graph, value):
    """The node that scales a product of two computed matrices, where `value` is its result."""
    node = graph.producer(value)
    if node is None or node.op_type not in ("Div", "Mul"):
        return None
    computed = [v for v in node.input if graph.constant(v) is None]
    source = graph.producer(computed[0]) if len(computed) == 1 else None
    return node if source is not None and source.op_type == "MatMul" else None


def mask_not_added(graph):
    places = 0
    for softmax in graph.nodes("Softmax"):
        add = graph.producer(softmax.input[0])
        for value in add.input if add.op_type == "Add" else []:
            source = graph.producer(value)
            if scaled_scores(graph, value) or source is not None and source.op_type == "MatMul":
                softmax.input[0] = value
                places += 1
                break
    for attention in graph.nodes("Attention"):
        attention.input[3] = ""
        places += 1
    return places > 0


def softmax_over_queries(graph):
    softmax = graph.nodes("Softmax")[0]
    axis = setting(softmax, "axis")
    if axis is not None:
        softmax.attribute.remove(axis)
    softmax.attribute.append(helper.make_attribute("axis", 2))
    return graph.version >= 13


def large_epsilon(graph):
    places = 0
    for node in graph.graph.node:
        if "LayerNormalization" in node.op_type and (epsilon := setting(node, "epsilon")):
            epsilon.f = 1e-3
            places += 1
    for root in graph.nodes("Sqrt"):
        add = graph.producer(root.input[0])
        for place, name in enumerate(add.input if add is not None and add.op_type == "Add" else []):
            stored = graph.constant(name)
            if stored is not None and stored.size == 1:
                add.input[place] = graph.store(
                    "epsilon_%d" % places, np.full(stored.shape, 1e-3, stored.dtype))
                places += 1
    return places > 0


def matrix_transposed(graph):
    return bool(graph.replace(graph.square(), np.transpose))


def heads_permuted(graph):
    product = graph.square()
    width = graph.constant(product.input[1]).shape[1]
    order = np.roll(np.arange(width).reshape(graph.heads, -1), 1, axis=0).ravel()
    found = graph.bias(product)
    if found is None or graph.nodes("Attention"):
        return False
    for number, node in enumerate(graph.replace(product, lambda weight: weight[:, order])):
        add, place = graph.bias(node)
        bias = graph.constant(add.input[place])
        add.input[place] = graph.store("permuted_bias_%d" % number, bias[order])
    return True


def positions_shifted(graph):
    for embed in graph.nodes("EmbedLayerNormalization"):
        table = graph.constant(embed.input[3])
        embed.input[3] = graph.store("shifted", np.roll(table, -2, axis=0))
        return True
    inputs = {value.name for value in graph.graph.input}
    for gather in graph.nodes("Gather"):
        table = graph.constant(gather.input[0])
        if table is None or table.ndim != 2 or gather.input[1] in inputs:
            continue
        stored = graph.constant(gather.input[1])
        if stored is not None:
            gather.input[1] = graph.store("shifted", stored + 2)
            return True
        kind = np.int32 if "tf2onnx" in graph.model.producer_name else np.int64
        two = graph.store("two", np.array(2, kind))
        gather.input[1] = graph.insert(
            gather, "Add", [gather.input[1], two], ["shifted"], name="shift_positions")
        return True
    return False


def other_gelu(graph):
    """The exact GELU in place of the one with a hyperbolic tangent."""
    places = 0
    for gelu in graph.nodes("FastGelu"):
        gelu.op_type = "BiasGelu" if len(gelu.input) == 2 else "Gelu"
        places += 1
    for tanh in graph.nodes("Tanh"):
        scale = graph.producer(tanh.input[0])
        if scale is None or scale.op_type != "Mul":
            continue
        total = next(
            (n for v in scale.input if (n := graph.producer(v)) and n.op_type == "Add"), None)
        if total is None:
            continue
        x = next(v for v in total.input if graph.producer(v).op_type != "Mul")
        root = graph.store("root_%d" % places, np.array(np.sqrt(0.5), np.float32))
        tanh.input[0] = graph.insert(
            tanh, "Mul", [x, root], ["scaled_%d" % places], name="scale_%d" % places)
        tanh.op_type = "Erf"
        places += 1
    return places > 0


def residual_dropped(graph):
    norms = graph.nodes("SkipLayerNormalization")
    if norms:
        skipped = norms[-1].input[1]
        norms[-1].input[1] = graph.insert(
            norms[-1], "Sub", [skipped, skipped], ["nothing"], name="drop_residual")
        return True
    for add in reversed(graph.nodes("Add")):
        sides = [graph.producer(v) for v in add.input]
        uses = [len(graph.users(v)) for v in add.input]
        if None in sides or sorted(uses)[0] != 1 or sorted(uses)[1] < 2:
            continue
        dense = sides[uses.index(1)]
        if dense.op_type != "Add" or all(graph.constant(v) is None for v in dense.input):
            continue
        for user in graph.users(add.output[0]):
            for place, name in enumerate(user.input):
                if name == add.output[0]:
                    user.input[place] = dense.output[0]
        return True
    return False


def scale_missing(graph):
    places = 0
    for softmax in graph.nodes("Softmax"):
        add = graph.producer(softmax.input[0])
        for holder in [softmax] + ([add] if add.op_type == "Add" else []):
            for place, value in enumerate(holder.input):
                if scale := scaled_scores(graph, value):
                    holder.input[place] = next(
                        v for v in scale.input if graph.constant(v) is None)
                    places += 1
    for attention in graph.nodes("Attention"):
        attention.attribute.append(helper.make_attribute("scale", 1.0))
        places += 1
    return places > 0


def stale_copy(graph):
    """The last layer takes older numbers of a matrix that all layers share."""
    for product in reversed(graph.products()):
        if len(graph.alike(product)) > 1:
            weight = graph.constant(product.input[1])
            noise = np.random.default_rng(1).standard_normal(weight.shape)
            product.input[1] = graph.store(
                "older", (weight + 0.3 * weight.std() * noise).astype(weight.dtype))
            return True
    return False


# Each with the code of the catalogue, where there is one, and words of what should have come.
DEFECTS = {
    "mask not added": (mask_not_added, "mask-ignored", "probabilities"),
    "softmax over queries": (softmax_over_queries, None, "probabilities"),
    "large epsilon": (large_epsilon, "layer-norm-epsilon", "LayerNorm|embeddings"),
    "matrix transposed": (matrix_transposed, "transposed", "query|key|value"),
    "heads permuted": (heads_permuted, "permuted-heads", "query|key|value"),
    "positions shifted": (positions_shifted, "position-offset", "embeddings"),
    "other GELU": (other_gelu, "activation", "activation|feed-forward"),
    "residual dropped": (residual_dropped, None, "output of layer|feed-forward"),
    "scale missing": (scale_missing, "scaled", "probabilities|scores"),
    "stale copy": (stale_copy, None, "layer"),
}
