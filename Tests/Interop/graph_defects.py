"""Defects in graphs of several exporters, each of which must end at its node and with its code."""
import interop

import json
import os
import re
import sys

import onnx

here = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(here, "make"))
import defects  # noqa: E402

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
        code, document = verified(broken, good)
        first = (document.get("graph") or {}).get("first_divergence") or {}
        codes = [d["code"] for d in document.get("diagnosis", [])]
        right = (
            code == 1 and re.search(words, first.get("expected") or "")
            and (expected is None or expected in codes))
        checks.check(
            "%s: %s" % (file, name), bool(right),
            "" if right else "exit %d, node %s where %s should come, codes %s" % (
                code, first.get("node"), first.get("expected"), codes))

checks.finish()
