"""The tool's own graph engine against onnxruntime: its operators one by one, and graphs of exporters.

Both sides compute here and now, so that what the tests have recorded cannot grow old unnoticed.
"""
import interop

import os
import sys

import numpy as np
import onnx
import onnxruntime

here = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(here, "make"))
import contrib  # noqa: E402
import graphs  # noqa: E402
import singles  # noqa: E402

checks = interop.Checks(
    "graph-engine: onnxruntime %s, onnx %s" % (onnxruntime.__version__, onnx.__version__))

# Rounding in onnxruntime's Float32; whole graphs of 8-bit integers have steps of more than that.
GRAPH_TOLERANCE = 1e-4
# ALBERT as a part of something with an LSTM, which the engine has not.
LEFT_OUT = {"larger-model.onnx"}


def ran(label, model, fed, engine):
    """What the tool computes of a model, by output; None where it failed."""
    inputs, outputs = checks.output("inputs.npz"), checks.output("outputs.npz")
    np.savez(inputs, **fed)
    code, said = checks.run(
        "run", model, "--inputs", inputs, "--output", outputs, "--engine", engine, "--force")
    if code:
        checks.check(label, False, (said.strip().splitlines() or [""])[0])
        return None
    with np.load(outputs) as file:
        return dict(file)


for name, (make, rtol, atol) in {**contrib.CASES, **singles.CASES}.items():
    model, [(fed, expected)] = make(name)
    path = checks.output("operator.onnx")
    onnx.save(model, path)
    found = ran(name, path, {v.name: a for v, a in zip(model.graph.input, fed)}, "graph-f32")
    if found is None:
        continue
    wrong = [
        value.name for value, array in zip(model.graph.output, expected)
        if found[value.name].dtype != array.dtype
        or not np.allclose(found[value.name], array, rtol=rtol, atol=atol, equal_nan=True)
    ]
    checks.check(name, not wrong, " ".join(wrong))

folder = os.path.join(here, "../Fixtures/graphs")
for file in sorted(os.listdir(folder)):
    if not file.endswith(".onnx") or file in LEFT_OUT:
        continue
    path = os.path.join(folder, file)
    fed = graphs.fed(onnx.load(path).graph)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    expected = dict(zip(names, session.run(names, fed)))
    found = ran(file, path, fed, "graph-f32")
    for output in names if found else []:
        checks.close(
            "%s: %s" % (file, output), found[output], expected[output], GRAPH_TOLERANCE)

checks.finish()
