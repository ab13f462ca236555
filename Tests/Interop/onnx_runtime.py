"""ONNX models in onnxruntime, and before the checker of the onnx package."""
import interop

import os
import re

import numpy as np
import onnx
import onnxruntime

checks = interop.Checks("onnx: onnxruntime %s, onnx %s" % (onnxruntime.__version__, onnx.__version__))

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
PRE_TRAINING = ["last_hidden_state", "pooler_output", "sop_logits", "prediction_logits"]
# What a file of ALBERT-base may take, by its element type.
LIMITS = {None: 50e6, "i8": 14e6}


def session(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def run(model, feed):
    """Every output of a session, by its name."""
    names = [output.name for output in model.get_outputs()]
    return dict(zip(names, model.run(names, {k: feed[k].astype(np.int64) for k in INPUTS})))


def load(label, path, outputs):
    """A session over a model that the checker accepts; types and shapes are inferred and compared."""
    try:
        onnx.checker.check_model(path, full_check=True)
        checks.check(label + ": passes the checker", True)
    except Exception as error:
        checks.check(label + ": passes the checker", False, str(error).splitlines()[0])
    model = session(path)
    names = [output.name for output in model.get_outputs()]
    checks.check(label + ": gives the stages", names == outputs, " ".join(names))
    return model


def compare(label, model, golden):
    """Every stage that was recorded."""
    for name, value in run(model, golden).items():
        if name in golden:
            checks.close("%s: %s" % (label, name), value, golden[name])


def agrees(label, model, path, feed):
    """All outputs, against what the tool's own Float64 engine computes of the model at `path`."""
    expected = reference(path, feed)
    if expected:
        found = run(model, feed)
        shapes = {k: v.shape for k, v in found.items()}
        if shapes == {k: expected[k].shape for k in found}:
            checks.close(
                label, np.concatenate([v.ravel() for v in found.values()]),
                np.concatenate([expected[k].ravel() for k in found]))
        else:
            checks.check(label, False, str(shapes))


def reference(model, feed):
    """What the tool's own Float64 engine computes of a model, by stage."""
    inputs, outputs = checks.output("inputs.npz"), checks.output("outputs.npz")
    np.savez(inputs, **feed)
    code, said = checks.run(
        "run", model, "--inputs", inputs, "--output", outputs, "--engine", "reference", "--force")
    if code:
        checks.check("the reference runs", False, said.strip().splitlines()[-1])
        return None
    with np.load(outputs) as file:
        return dict(file)


def inputs(rng, shape, words):
    ids = rng.integers(0, words, shape)
    mask = np.ones(shape, np.int64)
    if shape[-1] > 2:
        mask[-1, shape[-1] // 2 :] = 0
    return {
        "input_ids": ids, "attention_mask": mask, "token_type_ids": rng.integers(0, 2, shape)}


def shapes(config, source, model):
    """Batches and lengths that nothing was recorded for, and a row that has nothing but padding."""
    words = model.get_outputs()[-1].shape[-1]
    longest = {"tiny-a": 64, "tiny-b": 80, "base": 512}[config]
    rng = np.random.default_rng(1)
    for shape in [(1, 1), (5, 3), (2 if longest < 512 else 1, longest)]:
        label = "%s: %d sequences of %d" % ((config,) + shape)
        agrees(label, model, source, inputs(rng, shape, words))
    empty = inputs(rng, (2, 7), words)
    empty["attention_mask"][0] = 0
    agrees(config + ": a sequence of padding alone", model, source, empty)


def sized(config, path, word=None):
    """The size of ALBERT-base's file."""
    if config == "base" and word in LIMITS:
        size, limit = os.path.getsize(path), LIMITS[word]
        name = "base%s: is under %d MB" % (" " + word if word else "", limit / 1e6)
        checks.check(name, size < limit, "%.1f MB" % (size / 1e6))


for config in checks.configs():
    source = checks.source(config, "hf-safetensors")
    golden = checks.golden(config)
    path = checks.convert(source, config + ".onnx")
    if not path:
        continue
    model = load(config, path, PRE_TRAINING)
    sized(config, path)
    compare(config, model, golden)
    shapes(config, source, model)

    graph = onnx.load(path)
    with open(path, "rb") as file:
        same = graph.SerializeToString(deterministic=True) == file.read()
    checks.check(config + ": has the bytes that the onnx package gives it", same)
    weights = sum(len(t.raw_data) for t in graph.graph.initializer)
    stored = os.path.getsize(checks.source(config, "hf-safetensors", "model.safetensors"))
    checks.check(
        config + ": holds each weight once", weights < stored, "%d bytes of %d" % (weights, stored))

    apart = checks.convert(source, config + "-apart.onnx", "--external-data")
    if apart:
        compare(config + " apart", load(config + " apart", apart, PRE_TRAINING), golden)
        tensors = onnx.load(apart, load_external_data=False).graph.initializer
        places = [{e.key: e.value for e in t.external_data} for t in tensors if t.external_data]
        good = places and all(
            int(p["offset"]) % (4096 if int(p["length"]) >= 4096 else 64) == 0
            # The name of the data is its digest's, so that it is never read with another graph.
            and re.fullmatch(re.escape(config) + r"-apart\.onnx\.[0-9a-f]+\.data", p["location"])
            and os.path.isfile(os.path.join(os.path.dirname(apart), p["location"]))
            for p in places)
        checks.check(config + " apart: tensors lie on their boundaries", bool(good))

    # A smaller element type computes what its numbers stand for.
    for word in ["f16", "bf16", "i8"]:
        small = checks.convert(source, "%s-%s.onnx" % (config, word), "--dtype", word)
        if small:
            label = "%s %s" % (config, word)
            sized(config, small, word)
            model = load(label, small, PRE_TRAINING)
            agrees(label + ": rounded weights", model, small, {k: golden[k] for k in INPUTS})

TASKS = {
    "seqcls": ["last_hidden_state", "pooler_output", "logits"],
    "multichoice": ["last_hidden_state", "pooler_output", "logits"],
    "tokencls": ["last_hidden_state", "logits"],
    "qa": ["last_hidden_state", "start_logits", "end_logits"],
    "maskedlm": ["last_hidden_state", "prediction_logits"],
}
for head, outputs in TASKS.items():
    path = checks.convert(checks.source("tiny-a", "head-" + head), head + ".onnx")
    if not path:
        continue
    golden = checks.golden("tiny-a", "head-" + head)
    if head == "multichoice":
        # One question, of which every sequence is a choice.
        golden.update({k: golden[k][None] for k in INPUTS})
    if head == "maskedlm":
        golden["prediction_logits"] = golden.pop("logits")
    compare(head, load(head, path, outputs), golden)

path = checks.convert(checks.source("tiny-a", "hf-safetensors-albertmodel"), "bare.onnx")
if path:
    bare = load("bare", path, ["last_hidden_state", "pooler_output"])
    compare("bare", bare, checks.golden("tiny-a"))

checks.finish()
