"""Loads what `albert convert --to keras3-h5` writes with KerasHub's classes.

    python3 keras3_h5.py ALBERT MODELS [VENV]

ALBERT is the tool; MODELS is a folder of models, each a folder with a Hugging Face model (`hf` or
`hf-safetensors`) and recorded outputs (`golden.npz`, there or in `golden`); VENV is a virtual environment
with KerasHub and PyTorch. Every check prints a line; the exit code is 1 where one fails.

KerasHub always computes GELU's tanh form, and its masked-LM head with an epsilon of 1e-5: the recorded
outputs are those of `golden-gelu_new.npz` where a model has another activation, and the logits those of
`golden-mlm_eps1e-5.npz`.
"""

import json
import os
import subprocess
import sys
import tempfile
import warnings

if len(sys.argv) not in (3, 4):
    sys.exit(__doc__)
if len(sys.argv) == 4 and os.path.realpath(sys.prefix) != os.path.realpath(sys.argv[3]):
    python = os.path.join(sys.argv[3], "bin", "python")
    os.execv(python, [python] + sys.argv)

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import h5py
import keras
import keras_hub
import numpy as np

ALBERT, MODELS = sys.argv[1:3]
TOLERANCE = 3e-5
failures = 0


def report(what, passed, detail):
    global failures
    failures += not passed
    print(f"{'ok  ' if passed else 'FAIL'}  {what}: {detail}", flush=True)


def convert(source, output, *options):
    return subprocess.run(
        [ALBERT, "convert", source, output, *options], capture_output=True, text=True
    )


def exported(what, source, output, *options):
    run = convert(source, output, *options)
    if run.returncode != 0:
        report(what, False, run.stderr.strip().splitlines()[-1:] or run.returncode)
    return run.returncode == 0


def first(*paths):
    return next((path for path in paths if os.path.exists(path)), None)


def golden(model, name):
    path = first(os.path.join(model, "golden", name), os.path.join(model, name))
    return dict(np.load(path)) if path else None


def expectation(model):
    """What KerasHub computes of a model: another activation and epsilon than the model's own, perhaps."""
    expected = golden(model, "golden.npz")
    if expected is None:
        return None
    expected.update(golden(model, "golden-gelu_new.npz") or {})
    logits = golden(model, "golden-mlm_eps1e-5.npz")
    expected.pop("prediction_logits", None)
    expected.update({"prediction_logits": logits["prediction_logits"]} if logits else {})
    return expected


def inputs(expected):
    return {
        "token_ids": expected["input_ids"].astype("int32"),
        "segment_ids": expected["token_type_ids"].astype("int32"),
        "padding_mask": expected["attention_mask"].astype("int32"),
    }


def numbers(value):
    return np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(value, "float32")), np.float64)


def compare(what, found, expected, tolerance=TOLERANCE):
    errors = {key: float(np.abs(found[key] - expected[key]).max()) for key in found}
    worst = max(errors.values())
    report(what, worst < tolerance, f"max abs error {worst:.1e} in {', '.join(errors)}")


def compare_backbone(what, backbone, expected):
    outputs = backbone(inputs(expected), training=False)
    found = {
        "last_hidden_state": numbers(outputs["sequence_output"]),
        "pooler_output": numbers(outputs["pooled_output"]),
    }
    compare(what, found, expected)


def compare_masked_lm(what, task, expected):
    compare_backbone(f"{what}, its backbone", task.backbone, expected)
    if "prediction_logits" not in expected:
        return
    length = expected["input_ids"].shape[1]
    positions = np.tile(np.arange(length, dtype="int32"), (len(expected["input_ids"]), 1))
    logits = task({**inputs(expected), "mask_positions": positions}, training=False)
    compare(what, {"prediction_logits": numbers(logits)}, expected)


def silently(what, load):
    """What `load` makes, where Keras had nothing to complain of."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        result = load()
    heard = [str(each.message) for each in heard if issubclass(each.category, UserWarning)]
    report(f"{what} loads", not heard, heard or "without a warning")
    return result


def fresh(preset):
    """A new backbone of a preset's config, with random numbers."""
    with open(os.path.join(preset, "config.json"), encoding="utf-8") as file:
        config = json.load(file)["config"]
    config["dtype"] = "float32"
    return keras_hub.models.AlbertBackbone(**config)


def check_task(title, source, model, folder):
    expected = expectation(model)
    preset = os.path.join(folder, "preset")
    what = f"{title} preset"
    if not exported(what, source, preset, "--to", "keras3-h5", "--allow-inexact"):
        return
    classes = keras_hub.models
    task = silently(f"{what}, AlbertMaskedLM", lambda: classes.AlbertMaskedLM.from_preset(preset))
    compare_masked_lm(f"{what}, AlbertMaskedLM", task, expected)
    task = silently(f"{what}, MaskedLM", lambda: classes.MaskedLM.from_preset(preset))
    report(f"{what}, MaskedLM", isinstance(task, classes.AlbertMaskedLM), type(task).__name__)
    backbone = silently(
        f"{what}, AlbertBackbone", lambda: classes.AlbertBackbone.from_preset(preset)
    )
    compare_backbone(f"{what}, AlbertBackbone", backbone, expected)

    what = f"{title} .weights.h5"
    weights = os.path.join(folder, "task.weights.h5")
    if exported(what, source, weights, "--allow-inexact"):
        task = classes.AlbertMaskedLM(backbone=fresh(preset), name="albert_masked_lm")
        silently(what, lambda: task.load_weights(weights))
        compare_masked_lm(f"{what}, AlbertMaskedLM", task, expected)
        saved = os.path.join(folder, "saved.weights.h5")
        task.save_weights(saved)
        compare_files(f"{title} layout", weights, saved)


def compare_files(what, ours, theirs):
    """The datasets that KerasHub writes itself, and no name that says otherwise."""

    def contents(path):
        datasets, names = {}, {}

        def visit(name, item):
            if name.startswith("optimizer/vars/"):
                # Backends count steps in integers of different size.
                datasets[name] = float(item[()])
            elif isinstance(item, h5py.Dataset):
                datasets[name] = (item.shape, item.dtype.str, item[()].tobytes())
            elif "name" in item.attrs and name != "optimizer/vars":
                # Optimizers are numbered over the whole program.
                names[name] = item.attrs["name"]

        with h5py.File(path) as file:
            file.visititems(visit)
        return datasets, names

    (ours, own), (theirs, their) = contents(ours), contents(theirs)
    same = ours == theirs and own.items() <= their.items()
    report(what, same, f"{len(ours)} datasets and {len(own)} names as KerasHub saves them")


def check_backbone(title, model, folder):
    source = os.path.join(model, "hf-safetensors-albertmodel")
    if not os.path.exists(source):
        return
    expected = expectation(model)
    preset = os.path.join(folder, "backbone")
    what = f"{title} backbone preset"
    classes = keras_hub.models
    if exported(what, source, preset, "--to", "keras3-h5", "--allow-inexact"):
        backbone = silently(what, lambda: classes.AlbertBackbone.from_preset(preset))
        compare_backbone(what, backbone, expected)
    what = f"{title} backbone .weights.h5"
    weights = os.path.join(folder, "backbone.weights.h5")
    if exported(what, source, weights, "--allow-inexact"):
        backbone = fresh(preset)
        silently(what, lambda: backbone.load_weights(weights))
        compare_backbone(what, backbone, expected)
        saved = os.path.join(folder, "saved-backbone.weights.h5")
        backbone.save_weights(saved)
        compare_files(f"{title} backbone layout", weights, saved)


def check_classifier(title, model, folder):
    source = os.path.join(model, "head-seqcls")
    expected = golden(model, "head-seqcls.npz")
    if not os.path.exists(source) or expected is None:
        return
    preset = os.path.join(folder, "classifier")
    what = f"{title} classifier preset"
    classes = keras_hub.models
    if exported(what, source, preset, "--to", "keras3-h5"):
        load = lambda: classes.AlbertTextClassifier.from_preset(preset)
        task = silently(f"{what}, AlbertTextClassifier", load)
        compare(what, {"logits": numbers(task(inputs(expected), training=False))}, expected)
    what = f"{title} classifier .weights.h5"
    weights = os.path.join(folder, "classifier.weights.h5")
    if exported(what, source, weights):
        task = classes.AlbertTextClassifier(
            backbone=fresh(preset), num_classes=expected["logits"].shape[1]
        )
        silently(what, lambda: task.load_weights(weights))
        compare(what, {"logits": numbers(task(inputs(expected), training=False))}, expected)


def check_types(title, source, model, folder):
    for word, type in [("f16", "float16"), ("bf16", "bfloat16")]:
        expected = golden(model, f"golden-{word}.npz")
        # Recorded with the model's own activation, which must be KerasHub's.
        if expected is None or golden(model, "golden-gelu_new.npz") is not None:
            continue
        preset = os.path.join(folder, word)
        what = f"{title} preset {word}"
        options = ["--to", "keras3-h5", "--allow-inexact", "--dtype", word]
        if not exported(what, source, preset, *options):
            continue
        backbone = silently(
            what, lambda: keras_hub.models.AlbertBackbone.from_preset(preset, dtype="float32")
        )
        expected.update({key: value for key, value in golden(model, "golden.npz").items() if key not in expected})
        compare_backbone(what, backbone, expected)
        with open(os.path.join(preset, "config.json"), encoding="utf-8") as file:
            policy = json.load(file)["config"]["dtype"]["config"]["name"]
        backbone = keras_hub.models.AlbertBackbone.from_preset(preset, dtype=type)
        saved = os.path.join(folder, f"{word}.weights.h5")
        backbone.save_weights(saved)
        compare_files(what, os.path.join(preset, "model.weights.h5"), saved)
        report(what, policy == type, f"its config says {policy}")


def check_tokenizer(title, model, folder):
    source = os.path.join(model, "keras3-preset-full")
    if not os.path.exists(source):
        return
    what = f"{title} tokenizer"
    preset = os.path.join(folder, "tokenizer")
    if not exported(what, source, preset, "--to", "keras3-h5"):
        return
    classes = keras_hub.models
    text = ["the quick brown fox", "a second one"]
    theirs = classes.AlbertTokenizer.from_preset(source)
    ours = classes.AlbertTokenizer.from_preset(preset)
    same = [list(map(int, ours(line))) == list(map(int, theirs(line))) for line in text]
    report(what, all(same), "the same ids")
    task = silently(f"{what}, AlbertMaskedLM", lambda: classes.AlbertMaskedLM.from_preset(preset))
    features = task.preprocessor(text)[0]
    report(what, features["token_ids"].shape[0] == 2, f"{type(task.preprocessor).__name__} makes features")
    # Its usual length is more than the positions of a small model.
    preprocessor = classes.AlbertTextClassifierPreprocessor.from_preset(preset, sequence_length=16)
    task = classes.AlbertTextClassifier.from_preset(
        preset, num_classes=2, preprocessor=preprocessor
    )
    report(what, task.predict(text, verbose=0).shape == (2, 2), "a new classifier reads text")


def check_refusals(title, source, folder):
    run = convert(source, os.path.join(folder, "refused"), "--to", "keras3-h5")
    said = "epsilon" in run.stderr and "sentence-order" in run.stderr
    report(f"{title} refused", run.returncode == 2 and said, "what KerasHub cannot say, by name")


def main():
    print(
        f"KerasHub {keras_hub.__version__}, Keras {keras.__version__} on {keras.backend.backend()}, "
        f"h5py {h5py.__version__}"
    )
    found = 0
    for title in sorted(os.listdir(MODELS)):
        model = os.path.join(MODELS, title)
        source = first(os.path.join(model, "hf-safetensors"), os.path.join(model, "hf"))
        if source is None or expectation(model) is None:
            continue
        found += 1
        with tempfile.TemporaryDirectory() as folder:
            check_task(title, source, model, folder)
            check_backbone(title, model, folder)
            check_classifier(title, model, folder)
            check_types(title, source, model, folder)
            check_tokenizer(title, model, folder)
            check_refusals(title, source, folder)
    report("models", found > 0, f"{found} in {MODELS}")
    sys.exit(1 if failures else 0)


main()
