"""`.weights.h5` and presets in KerasHub's classes, which write the same datasets themselves.

KerasHub always computes GELU's tanh form, and its masked-LM head with an epsilon of 1e-5: what it must
give is `golden-gelu_new` where a model has another activation, and `golden-mlm_eps1e-5` for logits.
"""
import interop

import json
import os
import shutil
import warnings

import h5py
import keras
import keras_hub
import numpy as np

models = keras_hub.models
checks = interop.Checks(
    "keras3-h5: KerasHub %s, Keras %s, h5py %s"
    % (keras_hub.__version__, keras.__version__, h5py.__version__))


def recorded(config, name):
    """A golden file; empty where there is none."""
    exists = os.path.exists(checks.source(config, "golden", name + ".npz"))
    return checks.golden(config, name) if exists else {}


def load(label, body):
    """What `body` makes, where Keras had nothing to complain of."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        result = body()
    words = [str(w.message) for w in heard if issubclass(w.category, UserWarning)]
    checks.check(label + " loads without a warning", not words, "; ".join(words))
    return result


def feed(golden):
    return {
        "token_ids": golden["input_ids"].astype("int32"),
        "segment_ids": golden["token_type_ids"].astype("int32"),
        "padding_mask": golden["attention_mask"].astype("int32"),
    }


def close(label, stages, golden):
    for stage, value in stages.items():
        if stage in golden:
            value = keras.ops.convert_to_numpy(keras.ops.cast(value, "float32"))
            checks.close("%s: %s" % (label, stage), value, golden[stage])


def check_backbone(label, backbone, golden):
    out = backbone(feed(golden), training=False)
    stages = {"last_hidden_state": out["sequence_output"], "pooler_output": out["pooled_output"]}
    close(label, stages, golden)


def check_masked_lm(label, task, golden):
    check_backbone(label, task.backbone, golden)
    rows, length = golden["input_ids"].shape
    positions = np.tile(np.arange(length, dtype="int32"), (rows, 1))
    logits = task({**feed(golden), "mask_positions": positions}, training=False)
    close(label, {"prediction_logits": logits}, golden)


def fresh(preset):
    """A new backbone of a preset's config, with random numbers."""
    with open(os.path.join(preset, "config.json"), encoding="utf-8") as file:
        config = json.load(file)["config"]
    return models.AlbertBackbone(**dict(config, dtype="float32"))


def contents(path):
    """The datasets of a file, and the layers' own names."""
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

    with h5py.File(path, "r") as file:
        file.visititems(visit)
    return datasets, names


def check_layout(label, ours, model):
    """A file against the one that KerasHub writes of the model that was loaded from it."""
    theirs = checks.output("theirs.weights.h5")
    model.save_weights(theirs)
    (ours, own), (theirs, their) = contents(ours), contents(theirs)
    # Layers without variables have names too, which nobody looks for.
    same = ours == theirs and own.items() <= their.items()
    checks.check(label + ": laid out and named as KerasHub does", same, "%d datasets" % len(ours))


INEXACT = ["--to", "keras3-h5", "--allow-inexact"]

for config in checks.configs():
    source = checks.source(config, "hf-safetensors")
    golden = {**checks.golden(config), **recorded(config, "golden-gelu_new")}
    logits = recorded(config, "golden-mlm_eps1e-5")
    golden.update(prediction_logits=logits["prediction_logits"])
    preset = checks.convert(source, config, *INEXACT)
    if not preset:
        continue
    task = load(config, lambda: models.AlbertMaskedLM.from_preset(preset))
    check_masked_lm(config, task, golden)
    task = load(config + " MaskedLM", lambda: models.MaskedLM.from_preset(preset))
    checks.check(config + ": MaskedLM finds its class", isinstance(task, models.AlbertMaskedLM))
    backbone = load(config + " backbone", lambda: models.AlbertBackbone.from_preset(preset))
    check_backbone(config + " backbone", backbone, golden)
    check_layout(config + " backbone", os.path.join(preset, "model.weights.h5"), backbone)

    file = checks.convert(source, config + ".weights.h5", *INEXACT)
    task = models.AlbertMaskedLM(backbone=fresh(preset), name="albert_masked_lm")
    load(config + " .weights.h5", lambda: task.load_weights(file))
    check_masked_lm(config + " .weights.h5", task, golden)
    check_layout(config + " .weights.h5", file, task)

    for word, name in [("f16", "float16"), ("bf16", "bfloat16")]:
        half = checks.convert(source, config + "-" + word, *INEXACT, "--dtype", word)
        if not half:
            continue
        label = config + " " + word
        backbone = load(label, lambda: models.AlbertBackbone.from_preset(half, dtype=name))
        check_layout(label, os.path.join(half, "model.weights.h5"), backbone)
        with open(os.path.join(half, "config.json"), encoding="utf-8") as text:
            policy = json.load(text)["config"]["dtype"]["config"]["name"]
        checks.check(label + ": the config says so", policy == name, policy)
    checks.refused(
        config + ": what KerasHub cannot say is refused", source, config + "-exact", "--to",
        "keras3-h5", words=["sentence-order", "1e-05"])

source = checks.source("tiny-a", "hf-safetensors-albertmodel")
golden = checks.golden("tiny-a")
preset = checks.convert(source, "bare", "--to", "keras3-h5")
file = checks.convert(source, "bare.weights.h5")
if preset and file:
    backbone = load("bare", lambda: models.AlbertBackbone.from_preset(preset))
    check_backbone("bare", backbone, golden)
    backbone = fresh(preset)
    load("bare .weights.h5", lambda: backbone.load_weights(file))
    check_backbone("bare .weights.h5", backbone, golden)
    check_layout("bare .weights.h5", file, backbone)

source = checks.source("tiny-a", "head-seqcls")
golden = checks.golden("tiny-a", "head-seqcls")
preset = checks.convert(source, "seqcls", "--to", "keras3-h5")
file = checks.convert(source, "seqcls.weights.h5")
if preset and file:
    task = load("seqcls", lambda: models.AlbertTextClassifier.from_preset(preset))
    close("seqcls", {"logits": task(feed(golden), training=False)}, golden)
    task = models.AlbertTextClassifier(
        backbone=fresh(preset), num_classes=golden["logits"].shape[1], name="albert_text_classifier")
    load("seqcls .weights.h5", lambda: task.load_weights(file))
    close("seqcls .weights.h5", {"logits": task(feed(golden), training=False)}, golden)
    check_layout("seqcls .weights.h5", file, task)


def vocabulary(path):
    """A small SentencePiece model with the pieces that ALBERT's tokenizer needs."""
    import sentencepiece

    lines = ["the quick brown fox jumped over the lazy dog", "a second line has other words"]
    with open(path, "wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines * 20), model_writer=file, vocab_size=60,
            hard_vocab_limit=False, pad_id=0, unk_id=1, bos_id=2, eos_id=3, pad_piece="<pad>",
            unk_piece="<unk>", bos_piece="[CLS]", eos_piece="[SEP]", user_defined_symbols="[MASK]",
            minloglevel=2)


source = checks.output("with-tokenizer")
shutil.copytree(checks.source("tiny-a", "hf-safetensors"), source)
vocabulary(os.path.join(source, "spiece.model"))
preset = checks.convert(source, "tokenizer", *INEXACT)
if preset:
    text = ["the quick brown fox", "a second line"]
    tokenizer = models.AlbertTokenizer.from_preset(preset)
    with open(os.path.join(source, "spiece.model"), "rb") as file:
        original = models.AlbertTokenizer(proto=file.read())
    same = [list(map(int, tokenizer(t))) == list(map(int, original(t))) for t in text]
    checks.check("tokenizer: the ids of the source's vocabulary", all(same))
    task = load("tokenizer", lambda: models.AlbertMaskedLM.from_preset(preset))
    features = task.preprocessor(text)[0]
    checks.check(
        "tokenizer: the task makes its features of text",
        features["token_ids"].shape == (2, 64), type(task.preprocessor).__name__)

checks.finish()
