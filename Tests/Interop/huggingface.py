"""Hugging Face folders, safetensors and native files in transformers, 4.41 and 5."""
import interop

import os
import shutil

import torch
import transformers
from safetensors import safe_open

checks = interop.Checks(
    "huggingface: transformers %s, torch %s" % (transformers.__version__, torch.__version__))
load = interop.Loader(checks, output_loading_info=True)


def run(model, golden):
    with torch.no_grad():
        return model(**interop.inputs(golden, torch.from_numpy))


for config in checks.configs():
    golden = checks.golden(config)
    folder = checks.convert(checks.source(config, "hf-safetensors"), config, "--to", "huggingface")
    if folder:
        out = run(load(config, transformers.AlbertForPreTraining, folder), golden)
        checks.close(config + ": prediction_logits", out.prediction_logits, golden["prediction_logits"])
        checks.close(config + ": sop_logits", out.sop_logits, golden["sop_logits"])
    # The native file, under the name that transformers looks for.
    native = checks.convert(checks.source(config, "hf-safetensors"), config + ".albert")
    if native and folder:
        os.mkdir(checks.output(config + "-native"))
        shutil.copy(native, checks.output(config + "-native", "model.safetensors"))
        shutil.copy(os.path.join(folder, "config.json"), checks.output(config + "-native"))
        model = load(config + " native", transformers.AlbertForPreTraining, checks.output(config + "-native"))
        logits = run(model, golden).prediction_logits
        checks.close(config + ": native prediction_logits", logits, golden["prediction_logits"])
    plain = checks.convert(checks.source(config, "hf-safetensors"), config + ".safetensors")
    if plain:
        with safe_open(plain, "pt") as file, safe_open(
            checks.source(config, "hf-safetensors", "model.safetensors"), "pt"
        ) as original:
            same = set(file.keys()) == set(original.keys()) and all(
                torch.equal(file.get_tensor(k), original.get_tensor(k)) for k in original.keys())
        checks.check(config + ": safetensors holds the same tensors", same)
    for word in ["f16", "bf16"]:
        half = checks.convert(
            checks.source(config, "hf-safetensors"), config + "-" + word, "--to", "huggingface",
            "--dtype", word)
        if half:
            load("%s %s" % (config, word), transformers.AlbertForPreTraining, half)

for head, name in interop.HEADS.items():
    folder = checks.convert(checks.source("tiny-a", "head-" + head), head, "--to", "huggingface")
    if not folder:
        continue
    golden = checks.golden("tiny-a", "head-" + head)
    if head == "multichoice":
        golden = {k: v[None] if v.ndim == 2 and k != "logits" else v for k, v in golden.items()}
    out = run(load(head, getattr(transformers, name), folder), golden)
    for stage in ["logits", "start_logits", "end_logits"]:
        if stage in golden:
            checks.close("%s: %s" % (head, stage), getattr(out, stage), golden[stage])

folder = checks.convert(
    checks.source("tiny-a", "hf-safetensors-albertmodel"), "bare", "--to", "huggingface")
if folder:
    golden = checks.golden("tiny-a")
    out = run(load("bare", transformers.AlbertModel, folder), golden)
    checks.close("bare: last_hidden_state", out.last_hidden_state, golden["last_hidden_state"])
    checks.close("bare: pooler_output", out.pooler_output, golden["pooler_output"])

# Google's checkpoint says `gelu` and means the tanh form, which transformers calls `gelu_new`.
folder = checks.convert(checks.source("tiny-b", "tf1"), "google", "--to", "huggingface")
if folder:
    golden = checks.golden("tiny-b", "golden-gelu_new")
    out = run(load("google", transformers.AlbertForPreTraining, folder), golden)
    checks.close("google: prediction_logits", out.prediction_logits, golden["prediction_logits"])

checks.finish()
