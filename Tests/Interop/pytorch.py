"""PyTorch files in PyTorch and transformers; both transformers 4.41 and 5 are meant."""
import interop

import os
import zipfile

os.environ["TQDM_DISABLE"] = "1"

import safetensors.torch
import torch
import transformers


def arrays(state):
    """A state dictionary as arrays; bfloat16 as its bits."""
    return {
        k: (v.view(torch.int16) if v.dtype == torch.bfloat16 else v).numpy()
        for k, v in state.items()
    }


checks = interop.Checks(f"pytorch: transformers {transformers.__version__}, torch {torch.__version__}")
load = interop.Loader(checks, output_loading_info=True)


for config in checks.configs():
    golden = checks.golden(config)
    native = checks.convert(checks.source(config, "hf-safetensors"), f"{config}.albert")
    folder = native and checks.convert(native, f"{config}-pytorch", "--to", "pytorch")
    if not folder:
        continue
    path = f"{folder}/pytorch_model.bin"
    original = dict(safetensors.torch.load_file(checks.source(config, "hf-safetensors", "model.safetensors")))
    original["predictions.decoder.weight"] = original["albert.embeddings.word_embeddings.weight"]
    original["predictions.decoder.bias"] = original["predictions.bias"]
    for mapped in [False, True]:
        state = torch.load(path, weights_only=True, mmap=mapped)
        checks.equal(f"{config}: torch.load(mmap={mapped})", arrays(state), arrays(original))
        tied = [
            ("predictions.decoder.weight", "albert.embeddings.word_embeddings.weight"),
            ("predictions.decoder.bias", "predictions.bias"),
        ]
        shared = all(state[a].data_ptr() == state[b].data_ptr() for a, b in tied)
        checks.check(f"{config}: tied tensors share memory, mmap={mapped}", shared)
        if mapped:
            aligned = all(t.data_ptr() % 64 == 0 for t in state.values())
            checks.check(f"{config}: mapped tensors are aligned to 64 bytes", aligned)
    with zipfile.ZipFile(path) as z:
        checks.check(f"{config}: the zip file is whole", z.testzip() is None)

    model = load(config, transformers.AlbertForPreTraining, folder)
    with torch.no_grad():
        out = model(**interop.inputs(golden, torch.from_numpy))
    checks.close(f"{config}: prediction_logits", out.prediction_logits, golden["prediction_logits"])
    checks.close(f"{config}: sop_logits", out.sop_logits, golden["sop_logits"])

    for word, dtype in [("f16", torch.float16), ("bf16", torch.bfloat16)]:
        folder = checks.convert(native, f"{config}-{word}", "--to", "pytorch", "--dtype", word)
        if not folder:
            continue
        state = torch.load(f"{folder}/pytorch_model.bin", weights_only=True)
        rounded = {k: v.to(dtype) for k, v in original.items()}
        checks.equal(f"{config}: {word}", arrays(state), arrays(rounded))
        checks.check(f"{config}: {word} is the type", {t.dtype for t in state.values()} == {dtype})

# What PyTorch itself wrote.
original = checks.source("tiny-a", "hf-torch", "pytorch_model.bin")
single = checks.convert(original, "single.bin")
if single:
    state, original = [torch.load(p, weights_only=True) for p in [single, original]]
    checks.equal("a single file", arrays(state), arrays(original))

folder = checks.convert(checks.source("tiny-a", "hf-safetensors-albertmodel"), "bare", "--to", "pytorch")
if folder:
    golden = checks.golden("tiny-a")
    model = load("bare", transformers.AlbertModel, folder)
    with torch.no_grad():
        out = model(**interop.inputs(golden, torch.from_numpy))
    checks.close("bare: last_hidden_state", out.last_hidden_state, golden["last_hidden_state"])
    checks.close("bare: pooler_output", out.pooler_output, golden["pooler_output"])

for head, name in interop.HEADS.items():
    folder = checks.convert(checks.source("tiny-a", f"head-{head}"), head, "--to", "pytorch")
    if not folder:
        continue
    golden = checks.golden("tiny-a", f"head-{head}")
    feed = interop.inputs(golden, torch.from_numpy)
    if head == "multichoice":
        feed = {k: v[None] for k, v in feed.items()}
    with torch.no_grad():
        out = load(head, getattr(transformers, name), folder)(**feed)
    for stage in ["logits", "start_logits", "end_logits"]:
        if stage in golden:
            checks.close(f"{head}: {stage}", getattr(out, stage), golden[stage])

checks.finish()
