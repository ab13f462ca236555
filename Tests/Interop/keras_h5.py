"""`tf_model.h5` in transformers' TensorFlow classes, which write the same file themselves."""
import interop

import os

import h5py
import numpy as np
import tensorflow as tf
import transformers

checks = interop.Checks(
    "keras-h5: transformers %s, TensorFlow %s, h5py %s"
    % (transformers.__version__, tf.__version__, h5py.__version__))
transformers.logging.set_verbosity_error()


def load(label, cls, folder):
    """A model of a class, where nothing of it was missing, left over or of another shape."""
    model, info = cls.from_pretrained(folder, output_loading_info=True)
    # Layers of dropout have no weights, and names with a number of the program's own.
    bad = {k: [n for n in v if not str(n).startswith("dropout")] for k, v in info.items()}
    bad = {k: v for k, v in bad.items() if v}
    checks.check("%s: %s loads every weight, and no other" % (label, cls.__name__), not bad, str(bad or ""))
    return model


def run(model, golden, axes=2):
    names = ["input_ids", "attention_mask", "token_type_ids"]
    feed = {k: golden[k] if golden[k].ndim == axes else golden[k][None] for k in names}
    return model({k: tf.constant(v) for k, v in feed.items()}, training=False)


def close(label, out, golden, stages):
    for stage in stages:
        checks.close("%s: %s" % (label, stage), out[stage], golden[stage])


def listed(path):
    """The layers of a file and their weights, in order, without the model's own name."""
    def texts(values):
        return [v if isinstance(v, str) else v.decode() for v in values]

    with h5py.File(path, "r") as file:
        return [
            (layer, [w.split("/", 1)[1] for w in texts(file[layer].attrs["weight_names"])])
            for layer in texts(file.attrs["layer_names"])]


PRETRAINING = ["prediction_logits", "sop_logits"]

for config in checks.configs():
    golden = checks.golden(config)
    folder = checks.convert(checks.source(config, "hf-safetensors"), config, "--to", "keras-h5")
    if not folder:
        continue
    model = load(config, transformers.TFAlbertForPreTraining, folder)
    close(config, run(model, golden), golden, PRETRAINING)
    # Keras' own loader goes by the order of the weights, not by their names.
    again = transformers.TFAlbertForPreTraining(transformers.AlbertConfig.from_pretrained(folder))
    again(again.dummy_inputs)
    again.load_weights(os.path.join(folder, "tf_model.h5"))
    close(config + " by Keras' load_weights", run(again, golden), golden, PRETRAINING)

    theirs = checks.output(config + "-theirs.h5")
    model.save_weights(theirs)
    ours = os.path.join(folder, "tf_model.h5")
    checks.check(config + ": layers and weights as TensorFlow lists them", listed(ours) == listed(theirs))
    sizes = os.path.getsize(ours), os.path.getsize(theirs)
    checks.check(
        config + ": what layers share is stored once", sizes[0] < sizes[1],
        "%d bytes, not %d" % sizes)

    single = checks.convert(checks.source(config, "hf-safetensors"), config + ".h5")
    native = checks.convert(checks.source(config, "hf-safetensors"), config + ".albert")
    others = {other: checks.source(config, other) for other in ["hf-torch", "hf-flax", "npz", "tf1"]}
    for name, source in dict(others, native=native).items():
        if not single or not source or not os.path.exists(source):
            continue
        options = ["--config", os.path.join(folder, "config.json")] if name == "npz" else []
        path = checks.convert(source, "%s-%s.h5" % (config, name), *options)
        if path:
            same = open(path, "rb").read() == open(single, "rb").read()
            checks.check("%s: the same bytes from %s" % (config, name), same)

    half = checks.convert(
        checks.source(config, "hf-safetensors"), config + "-f16", "--to", "keras-h5", "--dtype", "f16")
    if half:
        load(config + " f16", transformers.TFAlbertForPreTraining, half)
        with h5py.File(os.path.join(half, "tf_model.h5"), "r") as file:
            types = set()
            file.visititems(lambda _, item: types.add(getattr(item, "dtype", None)))
        checks.check(config + " f16: stored as halves", types - {None} == {np.dtype("float16")})
    checks.refused(
        config + ": bfloat16 is refused", checks.source(config, "hf-safetensors"), config + "-bf16",
        "--to", "keras-h5", "--dtype", "bf16", words=["bfloat16"])

for head, name in interop.HEADS.items():
    folder = checks.convert(checks.source("tiny-a", "head-" + head), head, "--to", "keras-h5")
    if not folder:
        continue
    golden = checks.golden("tiny-a", "head-" + head)
    out = run(
        load(head, getattr(transformers, "TF" + name), folder), golden,
        axes=3 if head == "multichoice" else 2)
    stages = [stage for stage in ["logits", "start_logits", "end_logits"] if stage in golden]
    close(head, out, golden, stages)

folder = checks.convert(
    checks.source("tiny-a", "hf-safetensors-albertmodel"), "bare", "--to", "keras-h5")
if folder:
    golden = checks.golden("tiny-a")
    out = run(load("bare", transformers.TFAlbertModel, folder), golden)
    close("bare", out, golden, ["last_hidden_state", "pooler_output"])

checks.finish()
