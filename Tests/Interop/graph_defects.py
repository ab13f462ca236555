"""Defects in graphs of several exporters and of a quantiser, each of which must end at its node and with
its code; those in quantised graphs are mostly smaller than what 8 bits cost."""
import interop

import json
import os
import re
import sys

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

here = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(here, "make"))
import defects  # noqa: E402
import layer_defects  # noqa: E402
import quantized_defects  # noqa: E402

checks = interop.Checks("graph-defects: onnx %s" % onnx.__version__)

# The exporter, its graph, and the defects for which it has no place or another word.
GRAPHS = [
    ("dynamo.onnx", {}),
    ("opset11.onnx", {}),
    ("nofold.onnx", {}),
    # Its GELU is the exact one, and it has no masked-LM head.
    ("tensorflow.onnx", {"other GELU": None}),
    # One of its layers is one fused operator, into whose weights no head is permuted here.
    ("ort-fused.onnx", {"heads permuted": None}),
]


def verified(broken, good):
    code, said = checks.run("verify", broken, "--against", good, "--json", "-q")
    try:
        return code, json.loads(said)
    except ValueError:
        return code, {}


# The same, of graphs whose products are of 8 bits.
# Of their only layer nothing is recognised where a residual counts less; then a warning says that
# nothing as small as that was looked for. Heads within one quantised operator's way have no node.
QUANTIZED = [
    ("int8-dynamic.onnx", {"residual weakened"}),
    ("int8-qdq.onnx", {"residual weakened"}),
    ("int8-qoperator.onnx", {"residual weakened", "heads exchanged"}),
]


def hold(file, name, broken, good, expected, words):
    code, document = verified(broken, good)
    first = (document.get("graph") or {}).get("first_divergence") or {}
    codes = [d["code"] for d in document.get("diagnosis", [])]
    right = (
        code == 1 and (expected is None or expected in codes) and (
            words is None or first.get("node") and re.search(words, first.get("expected") or "")))
    checks.check(
        "%s: %s" % (file, name), bool(right),
        "" if right else "exit %d, node %s where %s should come, codes %s" % (
            code, first.get("node"), first.get("expected"), codes))


for file, left_out in GRAPHS:
    good = os.path.join(here, "../Fixtures/graphs", file)
    _, said = checks.run("inspect", good, "--json", "-q")
    heads = json.loads(said)["config"]["num_attention_heads"]
    for name, (spoil, expected, words) in defects.DEFECTS.items():
        graph = defects.Graph(good, heads)
        if name in left_out or not spoil(graph):
            continue
        broken = checks.output("broken.onnx")
        onnx.save(graph.model, broken)
        hold(file, name, broken, good, expected, words)

for file, left_out in QUANTIZED:
    good = os.path.join(here, "../Fixtures/graphs", file)
    code, document = verified(good, good)
    checks.check("%s: as it is" % file, code == 0 and (document["graph"]["unrounded"] is not None))
    for name, (spoil, expected, words) in quantized_defects.DEFECTS.items():
        graph = quantized_defects.QuantizedGraph(good)
        if name in left_out or not spoil(graph):
            continue
        broken = checks.output("broken.onnx")
        onnx.save(graph.model, broken)
        hold(file, name, broken, good, expected, words)

# Defects in one layer alone, each graph as it is and with dynamically quantised products; of two layers
# either may be the right one, so that the first is taken.
for file, heads in [
        ("graphs/dynamo.onnx", 2), ("graphs/opset11.onnx", 2), ("graphs/nofold.onnx", 2),
        ("graph-defects/heads.onnx", 4)]:
    good = os.path.join(here, "../Fixtures", file)
    quantized = checks.output("quantized.onnx")
    quantize_dynamic(good, quantized, weight_type=QuantType.QInt8)
    for name, (spoil, expected, words) in layer_defects.DEFECTS.items():
        graph = layer_defects.LayerGraph(good, heads)
        if name == "softmax over queries" and graph.version < 13:
            continue
        spoil(graph, 1)
        broken = checks.output("broken.onnx")
        onnx.save(graph.model, broken)
        hold(file, name + " in layer 1", broken, good, expected, "(?:%s).*layer 1" % words)
        broken_integers = checks.output("broken-integers.onnx")
        quantize_dynamic(broken, broken_integers, weight_type=QuantType.QInt8)
        hold(
            file + " in 8 bits", name + " in layer 1", broken_integers, quantized, expected,
            "(?:%s).*layer 1" % words)

checks.finish()
