"""Defects in graphs of 8-bit products, most of them smaller than what the quantisation costs.

Each function changes a graph in place and says whether it found a place for its defect: plain operators
between QuantizeLinear and DequantizeLinear, and products of DynamicQuantizeLinear and MatMulInteger.
"""

import numpy as np
from onnx import helper

import defects

PAIR = ("QuantizeLinear", "DequantizeLinear")


class QuantizedGraph(defects.Graph):
    """A quantised graph that is about to be spoilt."""

    def constant(self, value):
        """The stored numbers that a value is, turned back where they are integers."""
        node = self.producer(value)
        if node is None or node.op_type != "DequantizeLinear":
            return super().constant(value)
        integers, scale = self.constant(node.input[0]), self.constant(node.input[1])
        if integers is None:
            return None
        zero = self.constant(node.input[2]) if len(node.input) > 2 else 0
        return (integers.astype(np.float64) - zero) * scale

    def source(self, value):
        """The node that gives a number, behind its quantisation."""
        node = self.producer(value)
        while node is not None and node.op_type in PAIR:
            node = self.producer(node.input[0])
        return node

    def redirect(self, old, new):
        """Lets what takes one value take another; gives how many nodes do."""
        users = self.users(old)
        for user in users:
            for place, value in enumerate(user.input):
                if value == old:
                    user.input[place] = new
        return len(users)

    def scale_of(self, value):
        """The product or quotient by one number that gives `value` of two computed matrices' product."""
        node = self.source(value)
        if node is None or node.op_type not in ("Mul", "Div"):
            return None
        stored = [self.constant(v) for v in node.input]
        if sum(s is not None and s.size == 1 for s in stored) != 1:
            return None
        computed = next(v for v, s in zip(node.input, stored) if s is None)
        product = self.source(computed)
        return (node, computed) if product is not None and "MatMul" in product.op_type else None


def mask_not_added(graph):
    places = 0
    for softmax in graph.nodes("Softmax"):
        add = graph.source(softmax.input[0])
        for value in add.input if add.op_type == "Add" else []:
            if graph.scale_of(value):
                softmax.input[0] = value
                places += 1
    return places > 0


def softmax_over_queries(graph):
    softmax = graph.nodes("Softmax", "QLinearSoftmax")[0]
    for attribute in [a for a in softmax.attribute if a.name == "axis"]:
        softmax.attribute.remove(attribute)
    softmax.attribute.append(helper.make_attribute("axis", 2))
    return True


def large_epsilon(graph):
    places = 0
    for root in graph.nodes("Sqrt"):
        add = graph.source(root.input[0])
        for place, value in enumerate(add.input if add.op_type == "Add" else []):
            stored = graph.constant(value)
            if stored is not None and stored.size == 1:
                epsilon = np.full(stored.shape, 1e-4, np.float32)
                add.input[place] = graph.store("epsilon_%d" % places, epsilon)
                places += 1
    return places > 0


def positions_shifted(graph):
    inputs = {value.name for value in graph.graph.input}
    for gather in graph.nodes("Gather"):
        table = graph.constant(gather.input[0])
        if table is not None and table.ndim == 2 and gather.input[1] not in inputs:
            one = graph.store("one", np.array(1, np.int64))
            gather.input[1] = graph.insert(
                gather, "Add", [gather.input[1], one], ["shifted"], name="shift_positions")
            return True
    return False


def scale_missing(graph):
    places = 0
    for node in graph.nodes("Mul", "Div"):
        if found := graph.scale_of(node.output[0]):
            places += graph.redirect(node.output[0], found[1])
    return places > 0


def measured(graph, node):
    """The input of a node that is a scale measured in each run."""
    for place, value in enumerate(node.input):
        source = graph.producer(value)
        if source is not None and source.op_type == "DynamicQuantizeLinear":
            return place
    return None


def scale_of_another_product(graph):
    products = [n for n in graph.nodes("Mul") if measured(graph, n) is not None]
    if len(products) < 4:
        return False
    first, last = products[2], products[-1]
    last.input[measured(graph, last)] = first.input[measured(graph, first)]
    return True


def zero_point_missing(graph):
    for product in graph.nodes("MatMulInteger"):
        product.input[2] = ""
        return True
    return False


def bias_dropped(graph):
    """The bias of the feed-forward's first product."""
    for add in graph.nodes("Add"):
        stored = [graph.constant(value) for value in add.input]
        vectors = [p for p, s in enumerate(stored) if s is not None and s.ndim == 1]
        if len(vectors) == 1 and add.name.endswith("/ffn/Add"):
            return graph.redirect(add.output[0], add.input[1 - vectors[0]]) > 0
    return False


def heads_exchanged(graph):
    moves = [
        n for n in graph.nodes("Transpose")
        if any(list(a.ints) == [0, 2, 1, 3] for a in n.attribute)]
    if not moves:
        return False
    last = moves[-1]
    order = graph.store("order", np.array([1, 0], np.int64))
    last.input[0] = graph.insert(
        last, "Gather", [last.input[0], order], ["exchanged"], axis=1, name="exchange_heads")
    return True


def residual_weakened(graph):
    """What a residual adds in the last layer counts a hundredth less."""
    for softmax in reversed(graph.nodes("Softmax")):
        index = list(graph.graph.node).index(softmax)
        for add in list(graph.graph.node)[index:]:
            sides = [graph.constant(value) is None for value in add.input]
            if add.op_type != "Add" or not all(sides):
                continue
            share = graph.store("share", np.array(0.99, np.float32))
            add.input[0] = graph.insert(
                add, "Mul", [add.input[0], share], ["weakened"], name="weaken_residual")
            return True
    return False


# Each with the code of the catalogue, where there is one, and words of what should have come; None where a
# parameter is named, and no node.
def pooler_weakened(graph):
    """Lets nine tenths of the pooler's output go on; what takes that is then no head that is known."""
    tanh = next(n for n in graph.nodes("Tanh") if "pooler" in n.name)
    users = graph.users(tanh.output[0])
    factor = graph.store("nine_tenths", np.array(0.9, np.float32))
    value = graph.insert(users[0], "Mul", [tanh.output[0], factor], ["pooler_weakened"])
    for user in users:
        user.input[list(user.input).index(tanh.output[0])] = value
    return True


DEFECTS = {
    "mask not added": (mask_not_added, "mask-ignored", "probabilities"),
    "softmax over queries": (softmax_over_queries, None, "probabilities"),
    "large epsilon": (large_epsilon, "layer-norm-epsilon", "LayerNorm|embeddings"),
    "positions shifted": (positions_shifted, "position-offset", "embeddings"),
    "scale missing": (scale_missing, "scaled", "probabilities|scores"),
    "scale of another product": (scale_of_another_product, None, ""),
    "zero point missing": (zero_point_missing, None, "projection"),
    "bias dropped": (bias_dropped, "zeroed", None),
    "heads exchanged": (heads_exchanged, None, "layer"),
    "residual weakened": (residual_weakened, None, "layer"),
}
