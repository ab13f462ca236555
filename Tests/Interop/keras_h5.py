"""Loads what `albert convert --to keras-h5` writes with transformers' TensorFlow classes.

    python3 keras_h5.py ALBERT MODELS [VENV]

ALBERT is the tool; MODELS is a folder of models, each a folder with a Hugging Face model (`hf` or
`hf-safetensors`) and recorded outputs (`golden.npz`, there or in `golden`); VENV is a virtual environment
with TensorFlow and transformers 4. Every check prints a line; the exit code is 1 where one fails.
"""

import os
import subprocess
import sys
import tempfile

if len(sys.argv) not in (3, 4):
    sys.exit(__doc__)
if len(sys.argv) == 4 and os.path.realpath(sys.prefix) != os.path.realpath(sys.argv[3]):
    python = os.path.join(sys.argv[3], "bin", "python")
    os.execv(python, [python] + sys.argv)

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import h5py
import keras
import numpy as np
import tensorflow as tf
import transformers

transformers.logging.set_verbosity_error()

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
    return np.load(path) if path else None


def load(what, name, folder):
    """The model, where nothing of it was missing, left over or of another shape."""
    model, info = getattr(transformers, name).from_pretrained(folder, output_loading_info=True)
    left = {key: value for key, value in info.items() if value}
    # Layers of dropout have names with a number of the program's, and no weights.
    if "missing_keys" in left:
        missing = [key for key in left.pop("missing_keys") if not key.startswith("dropout")]
        left.update({"missing_keys": missing} if missing else {})
    report(f"{what}, {name}", not left, left or "every weight is loaded, and no other is there")
    return model


def outputs(model, expected):
    inputs = {
        key: tf.constant(expected[key])
        for key in ("input_ids", "attention_mask", "token_type_ids")
    }
    if isinstance(model, transformers.TFAlbertForMultipleChoice):
        # Two axes are one question and its choices.
        inputs = {key: value[None] for key, value in inputs.items()}
    result = model(inputs, output_hidden_states=True, training=False)
    values = {key: value for key, value in result.items() if key != "hidden_states"}
    for index, value in enumerate(result.get("hidden_states") or ()):
        values[f"hidden_states.{index}"] = value
    # A class with one head calls its result `logits`.
    if isinstance(model, transformers.TFAlbertForMaskedLM) and "logits" not in expected:
        values["prediction_logits"] = values.pop("logits")
    return {key: np.asarray(value, np.float64) for key, value in values.items()}


def compare(what, model, expected, needed):
    found = outputs(model, expected)
    errors = {
        key: float(np.abs(found[key] - expected[key]).max()) for key in found if key in expected
    }
    lacking = [key for key in needed if key not in errors]
    worst = max(errors.values(), default=float("inf"))
    report(
        what,
        worst < TOLERANCE and not lacking,
        f"max abs error {worst:.1e} in {len(errors)} outputs" + (f", without {lacking}" if lacking else ""),
    )


def check_pretraining(title, source, model, folder):
    expected = golden(model, "golden.npz")
    what = f"{title} keras-h5"
    output = os.path.join(folder, "pretraining")
    if not exported(what, source, output, "--to", "keras-h5"):
        return
    name = "TFAlbertForPreTraining"
    loaded = load(what, name, output)
    compare(f"{what}, {name}", loaded, expected, ["prediction_logits", "sop_logits"])

    # Keras' own loader goes by the order of the weights, not by their names.
    again = transformers.TFAlbertForPreTraining(
        transformers.AlbertConfig.from_pretrained(output)
    )
    again(again.dummy_inputs)
    again.load_weights(os.path.join(output, "tf_model.h5"))
    compare(f"{what}, Keras' load_weights", again, expected, ["prediction_logits", "sop_logits"])

    backbone = transformers.TFAlbertModel.from_pretrained(output)
    compare(f"{what}, TFAlbertModel", backbone, expected, ["last_hidden_state", "pooler_output"])


def check_structure(title, source, folder):
    """The layout that the classes write themselves, with what is shared stored once."""
    what = f"{title} layout"
    ours = os.path.join(folder, "pretraining", "tf_model.h5")
    loaded = transformers.TFAlbertForPreTraining.from_pretrained(os.path.join(folder, "pretraining"))
    theirs = os.path.join(folder, "theirs.h5")
    loaded.save_weights(theirs)

    def listed(path):
        with h5py.File(path) as file:
            text = [name if isinstance(name, str) else name.decode() for name in file.attrs["layer_names"]]
            names = {}
            for layer in text:
                names[layer] = [
                    (name if isinstance(name, str) else name.decode()).split("/", 1)[1]
                    for name in file[layer].attrs["weight_names"]
                ]
            return names

    report(what, listed(ours) == listed(theirs), "layers and weights as TensorFlow saves them")
    sizes = os.path.getsize(ours), os.path.getsize(theirs)
    report(f"{title} size", sizes[0] < sizes[1], f"{sizes[0]} bytes, TensorFlow writes {sizes[1]}")


def check_types(title, source, model, folder):
    expected = golden(model, "golden-f16.npz")
    output = os.path.join(folder, "half")
    what = f"{title} keras-h5 f16"
    if expected is not None and exported(what, source, output, "--to", "keras-h5", "--dtype", "f16"):
        loaded = load(what, "TFAlbertForPreTraining", output)
        inputs = golden(model, "golden.npz")
        keys = ("input_ids", "attention_mask", "token_type_ids")
        compare(what, loaded, {**{key: inputs[key] for key in keys}, **expected}, ["prediction_logits"])
    run = convert(source, os.path.join(folder, "brain"), "--to", "keras-h5", "--dtype", "bf16")
    last = (run.stderr.strip().splitlines() or [""])[-1]
    report(f"{title} keras-h5 bf16", run.returncode == 2 and "bfloat16" in last, "refused by name")


def check_sources(title, source, model, folder):
    """The same model out of every container gives the same file."""
    reference = os.path.join(folder, "reference.h5")
    if not exported(f"{title} file", source, reference):
        return
    native = os.path.join(folder, "native.albert")
    exported(f"{title} native", source, native)
    others = ["hf-torch", "hf-flax", "hf-h5", "hf-tf-ckpt", "hf-safetensors-sharded", "tf1"]
    for other in [native] + [os.path.join(model, name) for name in others]:
        if not os.path.exists(other):
            continue
        output = os.path.join(folder, "other.h5")
        what = f"{title} from {os.path.basename(other)}"
        if exported(what, other, output, "--force"):
            same = open(output, "rb").read() == open(reference, "rb").read()
            report(what, same, "the same bytes")


HEADS = {
    "maskedlm": "TFAlbertForMaskedLM",
    "seqcls": "TFAlbertForSequenceClassification",
    "tokencls": "TFAlbertForTokenClassification",
    "qa": "TFAlbertForQuestionAnswering",
    "multichoice": "TFAlbertForMultipleChoice",
}


def check_heads(title, model, folder):
    for head, name in HEADS.items():
        source, expected = os.path.join(model, f"head-{head}"), golden(model, f"head-{head}.npz")
        if not os.path.exists(source) or expected is None:
            continue
        what = f"{title} {head}"
        output = os.path.join(folder, head)
        if exported(what, source, output, "--to", "keras-h5"):
            compare(what, load(what, name, output), expected, [])
    source = os.path.join(model, "hf-safetensors-albertmodel")
    if os.path.exists(source):
        what = f"{title} backbone"
        output = os.path.join(folder, "backbone")
        if exported(what, source, output, "--to", "keras-h5"):
            loaded = load(what, "TFAlbertModel", output)
            compare(what, loaded, golden(model, "golden.npz"), ["last_hidden_state", "pooler_output"])


def main():
    print(
        f"transformers {transformers.__version__}, TensorFlow {tf.__version__}, "
        f"Keras {keras.__version__}, h5py {h5py.__version__}"
    )
    found = 0
    for title in sorted(os.listdir(MODELS)):
        model = os.path.join(MODELS, title)
        source = first(os.path.join(model, "hf-safetensors"), os.path.join(model, "hf"))
        if source is None or golden(model, "golden.npz") is None:
            continue
        found += 1
        with tempfile.TemporaryDirectory() as folder:
            check_pretraining(title, source, model, folder)
            check_structure(title, source, folder)
            check_types(title, source, model, folder)
            check_sources(title, source, model, folder)
            check_heads(title, model, folder)
    report("models", found > 0, f"{found} in {MODELS}")
    sys.exit(1 if failures else 0)


main()
